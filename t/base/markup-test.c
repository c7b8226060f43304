/* markup-test.c: every text stays text in the markup. */
#include "base/markup.h"

#include <setjmp.h>

#include <cmocka.h>

static void test_escaping(void **state UNUSED)
{
	struct markup *m = markup_new(false);
	size_t len;

	markup_open(m, "p", "title", "\"<&>'", "hidden", NULL, "class", "a", NULL);
	markup_text(m, "<script>alert('&amp;')</script>中文😀");
	markup_close(m, "p");
	markup_void(m, "input", "value", "\"/><b>", NULL);
	markup_element(m, "textarea", "</textarea><b>", NULL);
	markup_element(m, "script", NULL, "src", "/a.js", NULL);
	assert_string_equal(markup_finish(m, &len),
			    "<p title=\"&quot;&lt;&amp;&gt;'\" class=\"a\">"
			    "&lt;script&gt;alert('&amp;amp;')&lt;/script&gt;中文😀</p>"
			    "<input value=\"&quot;/&gt;&lt;b&gt;\"/>"
			    "<textarea>&lt;/textarea&gt;&lt;b&gt;</textarea>"
			    "<script src=\"/a.js\"></script>");
	markup_free(m);
}

static void test_document(void **state UNUSED)
{
	struct markup *m = markup_new(true);
	const char *bytes;
	size_t len;

	markup_open(m, "html", NULL);
	markup_open(m, "body", NULL);
	markup_printf(m, "%d < %s", 1, "<i>");
	bytes = markup_finish(m, &len); /* closes what is open */
	assert_string_equal(bytes, "<!DOCTYPE html>\n<html><body>1 &lt; &lt;i&gt;</body></html>");
	assert_int_equal(len, strlen(bytes));
	markup_free(m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escaping),
		cmocka_unit_test(test_document),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
