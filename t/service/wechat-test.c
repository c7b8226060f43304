/* wechat-test.c: the authorise URL to the byte, and every answer to a code. */
#include "service/wechat.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/url.h"

static void test_url_encode(void **state)
{
	struct buffer out = BUFFER_INIT;

	(void)state;
	url_encode(&out, "aZ09-._~ /?&=#%+:企");
	assert_string_equal(out.data, "aZ09-._~%20%2F%3F%26%3D%23%25%2B%3A%E4%BC%81");
	buffer_release(&out);
}

static void test_authorize_url(void **state)
{
	struct buffer out = BUFFER_INIT;

	(void)state;
	wechat_authorize_url(&out, "https://open.weixin.qq.com/connect/oauth2/authorize",
			     "wx2c2769f8efd9abc2", "https://ca.example.cn/apply/login",
			     "0123456789abcdef0123456789abcdef");
	assert_string_equal(out.data, "https://open.weixin.qq.com/connect/oauth2/authorize"
				      "?appid=wx2c2769f8efd9abc2"
				      "&redirect_uri=https%3A%2F%2Fca.example.cn%2Fapply%2Flogin"
				      "&response_type=code&scope=snsapi_base"
				      "&state=0123456789abcdef0123456789abcdef#wechat_redirect");
	buffer_release(&out);
}

#define OPENID_64 "abcdefghijklmnopqrstuvwxyz-_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const struct {
	const char *json;
	enum wechat_result result;
	const char *openid;
} answers[] = {
	{ "{\"access_token\":\"t\",\"expires_in\":7200,\"refresh_token\":\"r\","
	  "\"openid\":\"oyORnuP8q7ou2gfYjqLzSIWZf0rs\",\"scope\":\"snsapi_base\"}",
	  WECHAT_OK, "oyORnuP8q7ou2gfYjqLzSIWZf0rs" },
	{ "{\"openid\":\"o-1_2\",\"errcode\":0,\"errmsg\":\"ok\"}", WECHAT_OK, "o-1_2" },
	{ "{\"openid\":\"o1\",\"is_snapshotuser\":0}", WECHAT_OK, "o1" },
	{ "{\"openid\":\"o1\",\"unionid\":\"u\"}", WECHAT_OK, "o1" },
	{ "{\"openid\":\"" OPENID_64 "\"}", WECHAT_OK, OPENID_64 },
	{ "{\"openid\":\"o1\",\"is_snapshotuser\":1}", WECHAT_SNAPSHOT, NULL },
	{ "{\"openid\":\"o1\",\"is_snapshotuser\":\"1\"}", WECHAT_SNAPSHOT, NULL },
	{ "{\"openid\":\"o1\",\"is_snapshotuser\":true}", WECHAT_SNAPSHOT, NULL },
	{ "{\"errcode\":40029,\"errmsg\":\"invalid code, rid: 5f-8e\"}", WECHAT_CODE_INVALID,
	  NULL },
	{ "{\"errcode\":41008,\"errmsg\":\"missing code\"}", WECHAT_CODE_INVALID, NULL },
	{ "{\"errcode\":42003}", WECHAT_CODE_INVALID, NULL },
	{ "{\"errcode\":40163,\"errmsg\":\"code been used\"}", WECHAT_CODE_USED, NULL },
	{ "{\"errcode\":-1,\"errmsg\":\"system error\"}", WECHAT_BUSY, NULL },
	{ "{\"errcode\":45011}", WECHAT_BUSY, NULL },
	{ "{\"errcode\":40013}", WECHAT_REFUSES_US, NULL },
	{ "{\"errcode\":40125}", WECHAT_REFUSES_US, NULL },
	{ "{\"errcode\":40164}", WECHAT_REFUSES_US, NULL },
	/* an error wins over an openid that stands beside it */
	{ "{\"errcode\":40163,\"openid\":\"o1\"}", WECHAT_CODE_USED, NULL },
	{ "{\"errcode\":99999,\"openid\":\"o1\"}", WECHAT_NONSENSE, NULL },
	{ "{\"errcode\":\"40029\"}", WECHAT_NONSENSE, NULL },
	{ "{\"errcode\":\"0\",\"openid\":\"o1\"}", WECHAT_NONSENSE, NULL },
	{ "{\"errcode\":0}", WECHAT_NONSENSE, NULL },
	{ "{\"access_token\":\"t\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":null}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":7}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"o 1\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"o'1\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"o\\u00001\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"\xe4\xbc\x81\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"" OPENID_64 "x\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"o1\",\"openid\":\"o2\"}", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"o1\"", WECHAT_NONSENSE, NULL },
	{ "{\"openid\":\"o1\"} {}", WECHAT_NONSENSE, NULL },
	{ "[\"openid\",\"o1\"]", WECHAT_NONSENSE, NULL },
	{ "\"o1\"", WECHAT_NONSENSE, NULL },
	{ "null", WECHAT_NONSENSE, NULL },
	{ "<html>502 Bad Gateway</html>", WECHAT_NONSENSE, NULL },
	{ "", WECHAT_NONSENSE, NULL },
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct wechat_user user = { "untouched" };
		enum wechat_result result = wechat_read_user(answers[i].json,
							     strlen(answers[i].json), &user);

		if (result != answers[i].result)
			fail_msg("%s: %d, not %d", answers[i].json, result, answers[i].result);
		assert_string_equal(user.openid,
				    answers[i].openid ? answers[i].openid : "untouched");
	}
	assert_int_equal(wechat_read_user(NULL, 0, NULL), WECHAT_NONSENSE);
}

static void test_deep_answer(void **state)
{
	struct buffer deep = BUFFER_INIT;
	struct wechat_user user;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buffer_putc(&deep, '[');
	assert_int_equal(wechat_read_user(deep.data, deep.len, &user), WECHAT_NONSENSE);
	buffer_release(&deep);
}

static void test_code(void **state)
{
	char longest[WECHAT_CODE_MAX + 2];

	(void)state;
	memset(longest, 'c', sizeof(longest) - 1);
	longest[WECHAT_CODE_MAX + 1] = '\0';
	assert_false(wechat_is_code(longest));
	longest[WECHAT_CODE_MAX] = '\0';
	assert_true(wechat_is_code(longest));
	assert_true(wechat_is_code("021a-Z_9"));
	assert_false(wechat_is_code(""));
	assert_false(wechat_is_code("a&secret=b"));
	assert_false(wechat_is_code("a b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_url_encode), cmocka_unit_test(test_authorize_url),
		cmocka_unit_test(test_answers),    cmocka_unit_test(test_deep_answer),
		cmocka_unit_test(test_code),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
