/* message.c: the sentences at a field: the error and the next step. */
#include "form/type.h"

#include "base/die.h"

static const char *const messages[FORM_TYPE_COUNT][CHECK_RESULT_COUNT] = {
	[FORM_PERSON] = {
		[CHECK_LENGTH] = "姓名应为 2 到 50 个字，请核对",
		[CHECK_CHARACTER] = "姓名只能有汉字、字母和间隔号“·”，请去掉其他字符",
	},
	[FORM_USCC] = {
		[CHECK_LENGTH] = "统一社会信用代码应为 18 位，请对照营业执照核对位数",
		[CHECK_CHARACTER] =
			"统一社会信用代码只有数字和大写字母，没有 I、O、S、V、Z，"
			"请对照营业执照核对",
		[CHECK_DIGIT] = "统一社会信用代码的校验位不对，请对照营业执照逐位核对",
	},
	[FORM_ID_NUMBER] = {
		[CHECK_LENGTH] = "身份证号码应为 18 位，请核对位数",
		[CHECK_CHARACTER] = "身份证号码只有数字，最后一位可以是 X，请核对",
		[CHECK_DIGIT] = "身份证号码的校验位不对，请对照身份证逐位核对",
		[CHECK_DATE] = "身份证号码中的出生日期不存在，请对照身份证核对第 7 到 14 位",
		[CHECK_AGE] = "身份证号码中的出生日期不足 18 岁或超过 120 岁，"
			      "请核对，或换一位成年人办理",
	},
	[FORM_MOBILE] = {
		[CHECK_LENGTH] = "手机号码应为 11 位，请核对位数",
		[CHECK_CHARACTER] = "请填写中国大陆手机号码，1 开头的 11 位数字",
	},
	[FORM_LANDLINE] = {
		[CHECK_LENGTH] = "固定电话的位数不对，请按“区号-号码”填写，例如 0797-8123456",
		[CHECK_CHARACTER] = "固定电话只有数字和“-”，请按“区号-号码”填写，"
				    "例如 0797-8123456",
	},
	[FORM_EMAIL] = {
		[CHECK_LENGTH] = "邮箱地址太长，请核对",
		[CHECK_CHARACTER] = "邮箱地址的格式不对，请按 name@example.com 的样子填写",
	},
	[FORM_TAX_NUMBER] = {
		[CHECK_LENGTH] = "税号应为 15、17、18 或 20 位，请核对位数",
		[CHECK_CHARACTER] = "税号只有数字和大写字母，请去掉其他字符",
		[CHECK_DIGIT] = "税号的校验位不对，请逐位核对",
	},
};

const char *form_message(enum form_type type, enum check_result result)
{
	const char *message = messages[type][result];

	if (!message)
		die("no message for result %d of field type %s", (int)result,
		    form_types[type].element);
	return message;
}
