/* identity-method.c: the methods of the identity check, by name. */
#include "check/identity-method.h"

const struct identity_way identity_ways[IDENTITY_METHOD_COUNT] = {
	[IDENTITY_CLOUD] = { "cloud", "刷脸核验", "在手机上按提示刷脸，几分钟完成，马上出结果",
			     true },
	[IDENTITY_RECORDED] = { "recorded", "录制视频",
				"按提示做几个动作，录一段短视频，由工作人员核对", true },
	[IDENTITY_IN_PERSON] = { "counter", "到窗口办理",
				 "不用人脸识别，带身份证原件到服务窗口当面核验", false },
};

enum identity_method identity_method_by_name(const char *name)
{
	enum identity_method method = 0;

	while (method < IDENTITY_METHOD_COUNT &&
	       (!name || strcmp(name, identity_ways[method].name)))
		method++;
	return method;
}

bool identity_method_in(const char *set, enum identity_method method)
{
	const char *name = identity_ways[method].name;
	size_t n = strlen(name);

	for (const char *at = set; *at; at += strcspn(at, ",")) {
		at += *at == ',';
		if (strcspn(at, ",") == n && !strncmp(at, name, n))
			return true;
	}
	return false;
}
