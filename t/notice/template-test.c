/* template-test.c: every placeholder of every notice has something behind it. */
#include "notice/notice.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/utf8.h"

static void test_placeholders(void **state)
{
	size_t count = 0;

	(void)state;
	for (; notice_all[count]; count++) {
		struct buffer name = BUFFER_INIT;

		if (notice_unknown_placeholder(notice_all[count], &name))
			print_message("%s: {%s}\n", notice_all[count]->kind, buffer_text(&name));
		assert_string_equal(buffer_text(&name), "");
	}
	assert_true(count >= 18);
}

/* What the test above would find. */
static void test_unknown_ones(void **state)
{
	const struct notice_block words = { NOTICE_PARAGRAPH, "{company}：{id_number}", NULL };
	const struct notice_block where = { NOTICE_PARAGRAPH, "x", "tracking" };
	static const struct {
		enum notice_scope scope;
		const char *subject;
		bool use_words, use_where;
		const char *unknown; /* NULL: none */
	} cases[] = {
		{ NOTICE_OF_APPLICATION, "{project}", false, false, NULL },
		{ NOTICE_OF_APPLICATION, "{projec}", false, false, "projec" },
		{ NOTICE_OF_APPLICATION, "{projects}", false, false, "projects" },
		{ NOTICE_OF_APPLICATION, "{}", false, false, "" },
		{ NOTICE_OF_APPLICATION, "x", true, false, "id_number" },
		{ NOTICE_OF_APPLICATION, "x", false, true, "tracking" },
		{ NOTICE_OF_SHIPMENT, "{tracking}", false, true, NULL },
		{ NOTICE_OF_PROJECT, "{project}", false, false, NULL },
		{ NOTICE_OF_PROJECT, "{company}", false, false, "company" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct notice_template t = {
			.kind = "x",
			.scope = cases[i].scope,
			.subject = cases[i].subject,
			.block = cases[i].use_words ? &words : &where,
			.block_count = cases[i].use_words || cases[i].use_where,
		};
		struct buffer name = BUFFER_INIT;

		assert_int_equal(notice_unknown_placeholder(&t, &name), cases[i].unknown != NULL);
		if (cases[i].unknown)
			assert_string_equal(buffer_text(&name), cases[i].unknown);
		buffer_release(&name);
	}
}

/* What a WeChat message has room for, and one thing to do in every mail. */
static void test_shape(void **state)
{
	(void)state;
	for (size_t i = 0; notice_all[i]; i++) {
		const struct notice_template *t = notice_all[i];
		size_t actions = 0;

		for (size_t j = 0; j < t->block_count; j++)
			actions += t->block[j].type == NOTICE_ACTION;
		assert_int_equal(actions, 1);
		assert_in_range(utf8_length(t->status), 2, 5);
		assert_in_range(utf8_length(t->note), 4, 20);
		assert_ptr_equal(notice_by_kind(t->kind), t);
		assert_true(notice_known(t->kind));
	}
	assert_false(notice_known("escalated"));
	assert_false(notice_known(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_unknown_ones),
		cmocka_unit_test(test_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
