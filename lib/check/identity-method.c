/* identity-method.c: the methods of the identity check, by name. */
#include "check/identity-method.h"

const struct identity_way identity_ways[IDENTITY_METHOD_COUNT] = {
	[IDENTITY_CLOUD] = { "cloud", "cloud", "刷脸核验",
			     "在手机上按提示刷脸，几分钟完成，马上出结果", true },
	[IDENTITY_RECORDED] = { "recorded", "recorded", "录制视频",
				"按提示做几个动作，录一段短视频，由工作人员核对", true },
	[IDENTITY_IN_PERSON] = { "counter", "in-person", "到窗口办理",
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

static bool holds(const char *list, char between, const char *word)
{
	const char ends[] = { between, '\0' };
	size_t n = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, ends)) {
		at += *at == between;
		if (strcspn(at, ends) == n && !strncmp(at, word, n))
			return true;
	}
	return false;
}

bool identity_method_in(const char *set, enum identity_method method)
{
	return holds(set, ',', identity_ways[method].name);
}

bool identity_word_in(const char *words, enum identity_method method)
{
	return holds(words, ' ', identity_ways[method].word);
}
