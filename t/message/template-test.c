/* template-test.c: every placeholder of every message has something behind it. */
#include "message/message.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/utf8.h"

static void test_placeholders(void **state)
{
	size_t count = 0;

	(void)state;
	for (; message_all[count]; count++) {
		struct buffer name = BUFFER_INIT;

		if (message_unknown_placeholder(message_all[count], &name))
			print_message("%s: {%s}\n", message_all[count]->kind, buffer_text(&name));
		assert_string_equal(buffer_text(&name), "");
	}
	assert_true(count >= 18);
}

/* What the test above would find. */
static void test_unknown_ones(void **state)
{
	const struct message_block words = { MESSAGE_PARAGRAPH, "{company}：{id_number}", NULL };
	const struct message_block where = { MESSAGE_PARAGRAPH, "x", "tracking" };
	static const struct {
		enum message_scope scope;
		const char *subject;
		bool use_words, use_where;
		const char *unknown; /* NULL: none */
	} cases[] = {
		{ MESSAGE_OF_APPLICATION, "{project}", false, false, NULL },
		{ MESSAGE_OF_APPLICATION, "{projec}", false, false, "projec" },
		{ MESSAGE_OF_APPLICATION, "{projects}", false, false, "projects" },
		{ MESSAGE_OF_APPLICATION, "{}", false, false, "" },
		{ MESSAGE_OF_APPLICATION, "x", true, false, "id_number" },
		{ MESSAGE_OF_APPLICATION, "x", false, true, "tracking" },
		{ MESSAGE_OF_SHIPMENT, "{tracking}", false, true, NULL },
		{ MESSAGE_OF_PROJECT, "{project}", false, false, NULL },
		{ MESSAGE_OF_PROJECT, "{company}", false, false, "company" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct message_template t = {
			.kind = "x",
			.scope = cases[i].scope,
			.subject = cases[i].subject,
			.block = cases[i].use_words ? &words : &where,
			.block_count = cases[i].use_words || cases[i].use_where,
		};
		struct buffer name = BUFFER_INIT;

		assert_int_equal(message_unknown_placeholder(&t, &name), cases[i].unknown != NULL);
		if (cases[i].unknown)
			assert_string_equal(buffer_text(&name), cases[i].unknown);
		buffer_release(&name);
	}
}

/* What a WeChat message has room for, and one thing to do in every mail. */
static void test_shape(void **state)
{
	(void)state;
	for (size_t i = 0; message_all[i]; i++) {
		const struct message_template *t = message_all[i];
		size_t actions = 0;

		for (size_t j = 0; j < t->block_count; j++)
			actions += t->block[j].type == MESSAGE_ACTION;
		assert_int_equal(actions, 1);
		assert_in_range(utf8_length(t->status), 2, 5);
		assert_in_range(utf8_length(t->note), 4, 20);
		assert_ptr_equal(message_by_kind(t->kind), t);
		assert_true(message_known(t->kind));
	}
	assert_false(message_known("escalated"));
	assert_false(message_known(""));
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
