/* code-test.c: the text in the code of a printed page, written, read and judged. */
#include "base/base.h"

#include "print/code.h"

#include <setjmp.h>
#include <cmocka.h>

#define ID "01jdabcdefghjkmnpqrstvwxyz"

static const struct print_code sample = {
	.project = "gzgjj",
	.version = "2026-1",
	.application = ID,
	.document = PRINT_APPLICATION_FORM,
	.sheet = 1,
	.sheets = 2,
};

static char *written(struct print_code c)
{
	struct buffer out = BUFFER_INIT;

	print_code_write(&c, &out);
	return buffer_detach(&out);
}

static void spelling(void **state UNUSED)
{
	char *text = written(sample);

	/* the sum was computed by another program (Python's binascii.crc_hqx) */
	assert_string_equal(text, "YJ1:GZGJJ:AF:01JDABCDEFGHJKMNPQRSTVWXYZ:2026-1:1/2:03B2");
	assert_true(strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == strlen(text));
	free(text);
}

static void round_trip(void **state UNUSED)
{
	for (int i = 0; i < 4; i++) {
		struct print_code c = sample, back;
		char *text;

		c.document = i & 1 ? PRINT_USER_AGREEMENT : PRINT_APPLICATION_FORM;
		if (i & 2)
			*c.application = '\0';
		c.sheet = 99;
		c.sheets = 99;
		text = written(c);
		assert_true(print_code_read(text, &back));
		assert_string_equal(back.project, "GZGJJ");
		assert_string_equal(back.version, "2026-1");
		assert_string_equal(back.application, c.application);
		assert_int_equal(back.document, c.document);
		assert_int_equal(back.sheet, 99);
		assert_int_equal(back.sheets, 99);
		free(text);
	}
}

/* Each byte of a code changed, left out or doubled, and each cut of it. */
static void slips(void **state UNUSED)
{
	char *text = written(sample);
	size_t n = strlen(text);
	struct print_code c;

	for (size_t i = 0; i < n; i++) {
		char changed[PRINT_CODE_MAX + 2];

		for (int by = 1; by < 128; by++) {
			memcpy(changed, text, n + 1);
			changed[i] = (char)(changed[i] ^ by);
			assert_false(print_code_read(changed, &c));
		}
		memcpy(changed, text, i);
		memcpy(changed + i, text + i + 1, n - i);
		assert_false(print_code_read(changed, &c));
		memcpy(changed, text, i + 1);
		memcpy(changed + i + 1, text + i, n - i + 1);
		assert_false(print_code_read(changed, &c));
		memcpy(changed, text, i);
		changed[i] = '\0';
		assert_false(print_code_read(changed, &c));
	}
	free(text);
}

/* A right sum does not help what is wrong otherwise. */
static void wrong_with_right_sum(void **state UNUSED)
{
	static const struct print_code wrong[] = {
		{ "", "2026-1", ID, PRINT_APPLICATION_FORM, 1, 2 },
		{ "gzgjj", "", ID, PRINT_APPLICATION_FORM, 1, 2 },
		{ "gzgjj", "2026-1", "short", PRINT_APPLICATION_FORM, 1, 2 },
		{ "gzgjj", "2026-1", ID, PRINT_APPLICATION_FORM, 0, 2 },
		{ "gzgjj", "2026-1", ID, PRINT_APPLICATION_FORM, 3, 2 },
		{ "gzgjj", "2026-1", ID, PRINT_APPLICATION_FORM, 1, 100 },
		{ "gzgjj", "2026-1", ID, PRINT_APPLICATION_FORM, -1, 2 },
	};
	struct print_code c;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		char *text = written(wrong[i]);

		assert_false(print_code_read(text, &c));
		free(text);
	}
}

static void verdicts(void **state UNUSED)
{
	static const struct {
		const char *project, *application, *version;
		enum print_document document;
		enum print_verdict verdict;
	} cases[] = {
		{ "gzgjj", ID, "2026-1", PRINT_APPLICATION_FORM, PRINT_FITS },
		{ "gzgjj", "", "2026-1", PRINT_APPLICATION_FORM, PRINT_FITS },
		{ "other", ID, "2026-1", PRINT_APPLICATION_FORM, PRINT_OTHER_PROJECT },
		{ "gzgjjx", ID, "2026-1", PRINT_APPLICATION_FORM, PRINT_OTHER_PROJECT },
		{ "gzgj", ID, "2026-1", PRINT_APPLICATION_FORM, PRINT_OTHER_PROJECT },
		{ "gzgjj", ID, "2026-1", PRINT_USER_AGREEMENT, PRINT_OTHER_DOCUMENT },
		{ "gzgjj", "01jdabcdefghjkmnpqrstvwxy0", "2026-1", PRINT_APPLICATION_FORM,
		  PRINT_OTHER_APPLICATION },
		{ "gzgjj", ID, "2025-2", PRINT_APPLICATION_FORM, PRINT_OTHER_VERSION },
	};
	const struct print_wanted wanted = {
		.document = PRINT_APPLICATION_FORM,
		.project = "gzgjj",
		.application = ID,
		.version = "2026-1",
	};
	struct print_code found;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct print_code c = { .document = cases[i].document, .sheet = 1, .sheets = 1 };
		char *text;

		snprintf(c.project, sizeof(c.project), "%s", cases[i].project);
		snprintf(c.application, sizeof(c.application), "%s", cases[i].application);
		snprintf(c.version, sizeof(c.version), "%s", cases[i].version);
		text = written(c);
		assert_int_equal(print_judge(&wanted, text, &found), cases[i].verdict);
		free(text);
	}
	assert_int_equal(print_judge(&wanted, "", &found), PRINT_UNREADABLE);
	assert_int_equal(print_judge(&wanted, NULL, &found), PRINT_UNREADABLE);
	assert_int_equal(print_judge(&wanted, "https://example.com/", &found), PRINT_UNREADABLE);
	for (enum print_verdict v = 0; v < PRINT_VERDICT_COUNT; v++)
		for (enum print_document d = 0; d < PRINT_DOCUMENT_COUNT; d++)
			assert_true(*print_verdict_text(v, d) != '\0');
}

static void names(void **state UNUSED)
{
	for (enum print_document d = 0; d < PRINT_DOCUMENT_COUNT; d++)
		assert_int_equal(print_by_name(print_name(d)), d);
	assert_int_equal(print_by_name("other"), PRINT_DOCUMENT_COUNT);
	assert_int_equal(print_by_name(NULL), PRINT_DOCUMENT_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelling), cmocka_unit_test(round_trip),
		cmocka_unit_test(slips),    cmocka_unit_test(wrong_with_right_sum),
		cmocka_unit_test(verdicts), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
