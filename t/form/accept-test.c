/* accept-test.c: what each type of field takes, refuses, and says. */
#include "form/type.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"

/* What a form was sent with: name, value pairs ended by NULL. */
static const char *typed(void *context, const char *name)
{
	const char *const *pair = context;

	for (; *pair; pair += 2)
		if (strcmp(*pair, name) == 0)
			return pair[1];
	return NULL;
}

struct tried {
	struct form_field field;
	struct form form;
	struct form_values *values;
	size_t errors;
};

static const struct form_option options[] = {
	{ .value = "face", .label = "人脸识别" },
	{ .value = "manual", .label = "人工视频核验" },
};

static void try_pairs(struct tried *t, enum form_type type, bool required, const char *const *pairs)
{
	struct form_owner owner = { 0 };

	memset(t, 0, sizeof(*t));
	t->field.type = type;
	t->field.name = "it";
	t->field.label = "这一项";
	t->field.required = required;
	t->field.option = options;
	t->field.option_count = ARRAY_SIZE(options);
	t->form.name = "test";
	t->form.table = "test";
	t->form.field = &t->field;
	t->form.field_count = 1;
	t->values = form_values_new(&t->form);
	t->errors = form_read(&owner, t->values, typed, (void *)(uintptr_t)pairs);
}

static void try_one(struct tried *t, enum form_type type, const char *value)
{
	const char *const pairs[] = { "it", value, NULL };

	try_pairs(t, type, true, pairs);
}

static const char *error_of(const struct tried *t)
{
	return t->values->value[0].error ? t->values->value[0].error : "";
}

static const char *text_of(const struct tried *t)
{
	return t->values->value[0].text;
}

static const struct {
	enum form_type type;
	const char *typed, *text;
} taken[] = {
	{ FORM_TEXT, "赣州市住房公积金管理中心", "赣州市住房公积金管理中心" },
	{ FORM_TEXT, "  赣州\u3000\u3000（中心）\u3000", "赣州 （中心）" },
	{ FORM_TEXT, "珠海横琴星辰科技合伙企业（有限合伙）",
	  "珠海横琴星辰科技合伙企业（有限合伙）" },
	{ FORM_TEXT, "赣州\u200b恒信有限公司", "赣州恒信有限公司" },
	{ FORM_TEXT, "赣州恒信\u2f45\u2f65科技有限公司", "赣州恒信\u65b9\u7530科技有限公司" },
	{ FORM_TEXT, "\U00020BB7野家 \U0001F600", "\U00020BB7野家 \U0001F600" },
	{ FORM_TEXT, "<script>alert(1)</script>", "<script>alert(1)</script>" },
	{ FORM_TEXT, "\"'&<b>'; DROP TABLE company; --", "\"'&<b>'; DROP TABLE company; --" },
	{ FORM_TEXT, "%s%n%x ${jndi} \\x00 ../../etc", "%s%n%x ${jndi} \\x00 ../../etc" },
	{ FORM_PERSON, "欧阳小明", "欧阳小明" },
	{ FORM_PERSON, "阿卜杜拉·买买提", "阿卜杜拉·买买提" },
	{ FORM_PERSON, "\U00020BB7明", "\U00020BB7明" },
	{ FORM_USCC, "91350100M000100Y43", "91350100M000100Y43" },
	{ FORM_USCC, "91350100m000100y43", "91350100M000100Y43" },
	{ FORM_USCC, "９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43" },
	{ FORM_ID_NUMBER, "11010519491231002X", "11010519491231002X" },
	{ FORM_ID_NUMBER, "11010519491231002x", "11010519491231002X" },
	{ FORM_ID_NUMBER, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X" },
	{ FORM_MOBILE, "13800138000", "13800138000" },
	{ FORM_MOBILE, "+86 138-0013-8000", "13800138000" },
	{ FORM_MOBILE, "１３８００１３８０００", "13800138000" },
	{ FORM_LANDLINE, "0797-8123456", "0797-8123456" },
	{ FORM_EMAIL, "li.ming@Example.COM", "li.ming@example.com" },
	{ FORM_TAX_NUMBER, "91350100m000100y43", "91350100M000100Y43" },
	{ FORM_TAX_NUMBER, "110105194912310", "110105194912310" },
	{ FORM_TAX_NUMBER, "9135 0100 M000 100Y 43", "91350100M000100Y43" },
	{ FORM_TAX_NUMBER, "91350100\u2013M000100Y43", "91350100M000100Y43" },
	{ FORM_USCC, "91350100\u2005M000100Y43", "91350100M000100Y43" },
	{ FORM_USCC, "91350100\u200bM000\u2014100Y43", "91350100M000100Y43" },
	{ FORM_ID_NUMBER, "110105\u201119491231\u2212002X", "11010519491231002X" },
	{ FORM_MOBILE, "8613800138000", "13800138000" },
	{ FORM_MOBILE, "138\u20110013\u20118000", "13800138000" },
	{ FORM_MOBILE, "138\u00ad0013\u20608000", "13800138000" },
	{ FORM_LANDLINE, "0797\u20148123456", "0797-8123456" },
	{ FORM_PERSON, "阿依古丽\u2022买买提", "阿依古丽·买买提" },
	{ FORM_PERSON, "Sean O\u2019Brien", "Sean O\u2019Brien" },
	{ FORM_PERSON, "张\U0002ebf0", "张\U0002ebf0" },
	{ FORM_EMAIL, "a@b.cn\u200b", "a@b.cn" },
	{ FORM_EMAIL, "name@xn--55qx5d.xn--fiqs8s", "name@xn--55qx5d.xn--fiqs8s" },
	{ FORM_TAX_NUMBER, "1101051949123100200X", "1101051949123100200X" },
	{ FORM_CHOICE, "manual", "manual" },
	{ FORM_CONSENT, "1", "1" },
};

static void test_taken(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		struct tried t;

		try_one(&t, taken[i].type, taken[i].typed);
		assert_string_equal(error_of(&t), "");
		assert_string_equal(text_of(&t), taken[i].text);
		assert_int_equal(t.errors, 0);
		form_values_free(t.values);
	}
}

static const struct {
	enum form_type type;
	const char *typed, *error, *text; /* text: what stands in the form again */
} refused[] = {
	/* empty */
	{ FORM_TEXT, "", "请填写这一项", "" },
	{ FORM_TEXT, " \u3000 ", "请填写这一项", "" },
	{ FORM_PERSON, "", "请填写这一项", "" },
	{ FORM_USCC, "", "请填写这一项", "" },
	{ FORM_ID_NUMBER, "", "请填写这一项", "" },
	{ FORM_MOBILE, "", "请填写这一项", "" },
	{ FORM_EMAIL, "", "请填写这一项", "" },
	{ FORM_CHOICE, "", "请选择这一项", "" },
	{ FORM_CONSENT, "", "请阅读并勾选这一项", "" },
	{ FORM_CONSENT, "yes", "请阅读并勾选这一项", "" },
	/* check digits, dates, age */
	{ FORM_USCC, "91350100M000100Y44", "统一社会信用代码的校验位不对，请对照营业执照逐位核对",
	  "91350100M000100Y44" },
	{ FORM_USCC, "91350100M000100Y4", "统一社会信用代码应为 18 位，请对照营业执照核对位数",
	  "91350100M000100Y4" },
	{ FORM_USCC, "91350100M000100Y433", "统一社会信用代码应为 18 位，请对照营业执照核对位数",
	  "91350100M000100Y433" },
	{ FORM_USCC, "91350100I000100Y43",
	  "统一社会信用代码只有数字和大写字母，没有 I、O、S、V、Z，请对照营业执照核对",
	  "91350100I000100Y43" },
	{ FORM_ID_NUMBER, "110105194912310021", "身份证号码的校验位不对，请对照身份证逐位核对",
	  "110105194912310021" },
	{ FORM_ID_NUMBER, "110105194902300020",
	  "身份证号码中的出生日期不存在，请对照身份证核对第 7 到 14 位", "110105194902300020" },
	{ FORM_ID_NUMBER, "1101051949123100", "身份证号码应为 18 位，请核对位数",
	  "1101051949123100" },
	{ FORM_ID_NUMBER, "1101051949I231002X", "身份证号码只有数字，最后一位可以是 X，请核对",
	  "1101051949I231002X" },
	{ FORM_MOBILE, "1380013800", "手机号码应为 11 位，请核对位数", "1380013800" },
	{ FORM_MOBILE, "12800138000", "请填写中国大陆手机号码，1 开头的 11 位数字", "12800138000" },
	{ FORM_MOBILE, "1380013800a", "请填写中国大陆手机号码，1 开头的 11 位数字", "1380013800a" },
	{ FORM_LANDLINE, "phone", "固定电话只有数字和“-”，请按“区号-号码”填写，例如 0797-8123456",
	  "phone" },
	{ FORM_EMAIL, "li.ming", "邮箱地址的格式不对，请按 name@example.com 的样子填写",
	  "li.ming" },
	{ FORM_TAX_NUMBER, "91350100M000100Y44", "税号的校验位不对，请逐位核对",
	  "91350100M000100Y44" },
	{ FORM_TAX_NUMBER, "1234567", "税号应为 15、17、18 或 20 位，请核对位数", "1234567" },
	{ FORM_TAX_NUMBER, "税号", "税号只有数字和大写字母，请去掉其他字符", "税号" },
	{ FORM_PERSON, "<b>李</b>", "姓名只能有汉字、字母和间隔号“·”，请去掉其他字符",
	  "<b>李</b>" },
	{ FORM_PERSON, "李", "姓名应为 2 到 50 个字，请核对", "李" },
	{ FORM_CHOICE, "other", "没有这个选项，请重新选择", "" },
	/* bytes that are not text */
	{ FORM_TEXT, "\xff", "这一项有无法识别的字符，请重新输入", "" },
	{ FORM_TEXT, "公司\xed\xa0\x80", "这一项有无法识别的字符，请重新输入", "" },
	{ FORM_TEXT, "\xc0\xaf", "这一项有无法识别的字符，请重新输入", "" },
	{ FORM_PERSON, "\xe0\x80\xaf", "这一项有无法识别的字符，请重新输入", "" },
	{ FORM_USCC, "\xf4\x90\x80\x80", "这一项有无法识别的字符，请重新输入", "" },
	{ FORM_MOBILE, "138\x80", "这一项有无法识别的字符，请重新输入", "" },
	/* control characters go, the rest stands in the form again */
	{ FORM_TEXT, "公司\x01名", "这一项有看不见的控制字符，已经去掉，请核对后重新提交",
	  "公司名" },
	{ FORM_TEXT, "公司\n名", "这一项有看不见的控制字符，已经去掉，请核对后重新提交", "公司名" },
	{ FORM_TEXT, "\u202E公司", "这一项有看不见的控制字符，已经去掉，请核对后重新提交", "公司" },
	{ FORM_PERSON, "李\x7F明", "这一项有看不见的控制字符，已经去掉，请核对后重新提交", "李明" },
	{ FORM_EMAIL, "a@b.cn\r\nBcc: x@y.cn",
	  "这一项有看不见的控制字符，已经去掉，请核对后重新提交", "a@b.cnBcc: x@y.cn" },
};

static void test_refused(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct tried t;

		try_one(&t, refused[i].type, refused[i].typed);
		if (refused[i].error)
			assert_string_equal(error_of(&t), refused[i].error);
		else
			assert_string_not_equal(error_of(&t), "");
		if (refused[i].text)
			assert_string_equal(text_of(&t), refused[i].text);
		assert_int_equal(t.errors, 1);
		form_values_free(t.values);
	}
}

/* Under age, however right the number. */
static void test_age(void **state UNUSED)
{
	struct tried t;

	try_one(&t, FORM_ID_NUMBER, "360702202401010014");
	assert_string_equal(error_of(&t), "身份证号码中的出生日期不足 18 岁或超过 120 岁，"
					  "请核对，或换一位成年人办理");
	assert_int_equal(t.errors, 1);
	form_values_free(t.values);
}

/* Length is counted in characters: at the limit, one below, one above. */
static void test_length(void **state UNUSED)
{
	for (size_t n = 99; n <= 101; n++) {
		struct buffer text = BUFFER_INIT;
		struct tried t;

		for (size_t i = 0; i < n; i++)
			buffer_puts(&text, i % 2 ? "赣" : "\U00020BB7");
		try_one(&t, FORM_TEXT, buffer_text(&text));
		assert_int_equal(t.errors, n > 100);
		assert_string_equal(error_of(&t),
				    n > 100 ? "这一项最多 100 个字，现在有 101 个，请缩短" : "");
		assert_string_equal(text_of(&t), buffer_text(&text));
		form_values_free(t.values);
		buffer_release(&text);
	}
}

static void test_not_sent(void **state UNUSED)
{
	static const char *const nothing[] = { NULL };
	struct tried t;

	try_pairs(&t, FORM_TEXT, false, nothing);
	assert_int_equal(t.errors, 0);
	form_values_free(t.values);
	try_pairs(&t, FORM_TEXT, true, nothing);
	assert_string_equal(error_of(&t), "请填写这一项");
	form_values_free(t.values);
	try_pairs(&t, FORM_SCAN, true, nothing);
	assert_string_equal(error_of(&t), "请上传这一项");
	form_values_free(t.values);
}

/* A button that does not hand the form in misses nothing, but refuses still. */
static void test_asked(void **state UNUSED)
{
	static const char *const buttons[] = { "find", "upload", "remove_scan" };

	for (size_t i = 0; i < ARRAY_SIZE(buttons); i++) {
		const char *const empty[] = { "it", "", buttons[i], "x", NULL };
		const char *const wrong[] = { "it", "138", buttons[i], "x", NULL };
		struct tried t;

		try_pairs(&t, FORM_MOBILE, true, empty);
		assert_true(t.values->asked);
		assert_string_equal(error_of(&t), "");
		assert_int_equal(t.errors, 1);
		form_values_free(t.values);
		try_pairs(&t, FORM_MOBILE, true, wrong);
		assert_string_equal(error_of(&t), "手机号码应为 11 位，请核对位数");
		form_values_free(t.values);
	}
}

/* What may not be changed now stays as it was, whatever is sent. */
static void test_locked(void **state UNUSED)
{
	const char *const pairs[] = { "it", "13900139000", NULL };
	struct form_owner owner = { 0 };
	struct tried t;

	try_one(&t, FORM_MOBILE, "13800138000");
	t.values->value[0].locked = true;
	free(t.values->value[0].stored);
	t.values->value[0].stored = xstrdup("13800138000");
	assert_int_equal(form_read(&owner, t.values, typed, (void *)(uintptr_t)pairs), 0);
	assert_string_equal(form_value_kept(&t.values->value[0]), "13800138000");
	form_values_free(t.values);
}

static void test_version(void **state UNUSED)
{
	static const struct {
		const char *typed;
		int version;
	} cases[] = { { "7", 7 },  { "0", 0 },  { "", 0 },
		      { "-1", 0 }, { "7x", 0 }, { "99999999999999999999", 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *const pairs[] = { "version", cases[i].typed, NULL };
		struct tried t;

		try_pairs(&t, FORM_TEXT, false, pairs);
		assert_int_equal(t.values->version, cases[i].version);
		form_values_free(t.values);
	}
}

static void test_mask(void **state UNUSED)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
		{ "13800138000", "138****8000" },
		{ "11010519491231002X", "110***********002X" },
		{ "0797-8123456", "079*****3456" },
		{ "1234567", "*******" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer out = BUFFER_INIT;

		form_mask(cases[i].text, &out);
		assert_string_equal(buffer_text(&out), cases[i].masked);
		buffer_release(&out);
	}
}

/* Which field and page a file is for. */
static void test_scan_control(void **state UNUSED)
{
	static const struct form_field fields[] = {
		{ .type = FORM_SCAN, .name = "one", .pages = 1 },
		{ .type = FORM_SCAN, .name = "several", .pages = 10 },
		{ .type = FORM_TEXT, .name = "name" },
	};
	static const struct form form = { .field = fields, .field_count = ARRAY_SIZE(fields) };
	static const struct {
		const char *control;
		int field, page; /* field -1: none */
	} cases[] = {
		{ "one", 0, 1 },
		{ "one.1", 0, 1 },
		{ "one.2", -1, 0 },
		{ "several", 1, 0 },
		{ "several.1", 1, 1 },
		{ "several.10", 1, 10 },
		{ "several.11", -1, 0 },
		{ "several.0", -1, 0 },
		{ "several.", -1, 0 },
		{ "several.x", -1, 0 },
		{ "several.-1", -1, 0 },
		{ "several.100", -1, 0 },
		{ "several.999999999999999999999", -1, 0 },
		{ "name", -1, 0 },
		{ "severa", -1, 0 },
		{ "severally", -1, 0 },
		{ "", -1, 0 },
		{ ".", -1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int page = 0;
		const struct form_field *field = form_scan_control(&form, cases[i].control, &page);

		assert_ptr_equal(field, cases[i].field < 0 ? NULL : &fields[cases[i].field]);
		if (field)
			assert_int_equal(page, cases[i].page);
	}
}

/* Every type of the enum has its row, and a row that can be used. */
static void test_types(void **state UNUSED)
{
	for (size_t i = 0; i < FORM_TYPE_COUNT; i++) {
		const struct form_type_row *row = &form_types[i];

		assert_non_null(row->element);
		assert_non_null(row->verb);
		assert_non_null(row->read);
		assert_non_null(row->render);
		assert_non_null(row->text);
		assert_int_equal(row->read == form_read_line, row->check != NULL);
		assert_int_equal(row->column, row->max > 0);
		/* what is kept as typed has an index only for its folded form */
		assert_true(!row->indexed || row->sealed || row->fold);
		assert_true(!row->fold || row->indexed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),    cmocka_unit_test(test_scan_control),
		cmocka_unit_test(test_taken),    cmocka_unit_test(test_refused),
		cmocka_unit_test(test_age),      cmocka_unit_test(test_length),
		cmocka_unit_test(test_not_sent), cmocka_unit_test(test_asked),
		cmocka_unit_test(test_locked),   cmocka_unit_test(test_version),
		cmocka_unit_test(test_mask),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("form/accept", tests, NULL, NULL);
}
