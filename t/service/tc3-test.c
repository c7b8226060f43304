/* tc3-test.c: the signature against the vendor's vectors and our own. */
#include "service/tc3.h"

#include <setjmp.h>
#include <cmocka.h>

#define LIST                                         \
	"{\"Limit\": 1, \"Filters\": [{\"Values\": " \
	"[\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}"
#define FACE                                                                          \
	"{\"RuleId\":\"0\",\"Name\":\"韦小宝\",\"IdCard\":\"11204416541220243X\"," \
	"\"RedirectUrl\":\"https://ca.example.cn/cgi-bin/face_done\",\"Extra\":\"app-1\"}"
#define UTF8_JSON "application/json; charset=utf-8"
#define CVM_HOST "cvm.tencentcloudapi.com"
#define FACE_HOST "faceid.tencentcloudapi.com"
#define PUBLISHED_KEY "Gu5t9xGARNpq86cd98joQYCN3*******"
#define STARS "********************************"

static const struct {
	const char *service, *host, *type, *action, *body, *key;
	int64_t time;
	const char *body_hash, *canonical_hash, *signature;
} vectors[] = {
	{ "cvm", CVM_HOST, UTF8_JSON, NULL, LIST, PUBLISHED_KEY, 1551113065,
	  "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064",
	  "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031",
	  "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c" },
	{ "cvm", CVM_HOST, UTF8_JSON, "DescribeInstances", LIST, PUBLISHED_KEY, 1551113065,
	  "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064",
	  "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
	  "be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3" },
	{ "cvm", CVM_HOST, UTF8_JSON, "DescribeInstances", LIST, STARS, 1551113065,
	  "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064",
	  "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
	  "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f" },
	{ "faceid", FACE_HOST, UTF8_JSON, "DetectAuth", FACE, "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
	  1767225600, "45346616302a341520b6351cf01e517e5ccb376abfedf13c0d36a247c338e774",
	  "c291ccaab9dfafee15a1edfe3d21c492c70114a58a83429121b479e4b628919a",
	  "df4eea1aff7e7b16fb0e63a19c49d7a10cb9cabeef38874e0d0a7aa0703ad5b7" },
	{ "faceid", FACE_HOST, "application/json", NULL, "{\"RuleId\":\"0\",\"Name\":\"韦小宝\"}",
	  "SECRETEXAMPLE", 1551113065, NULL, NULL,
	  "668c4769aca1df161f518fd2cf621b0d2633132ecd99710b378e707669973f43" },
};

static struct tc3_request request_of(size_t i)
{
	return (struct tc3_request){
		.service = vectors[i].service,
		.host = vectors[i].host,
		.content_type = vectors[i].type,
		.action = vectors[i].action,
		.body = vectors[i].body,
		.body_len = strlen(vectors[i].body),
		.time = vectors[i].time,
	};
}

static void assert_hash(const void *data, size_t n, const char *expected)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	digest_sha256(data, n, hash);
	hex_encode(hash, sizeof(hash), hex);
	if (expected)
		assert_string_equal(hex, expected);
}

static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct tc3_request request = request_of(i);
		struct buffer canonical = BUFFER_INIT;
		char signature[TC3_SIGNATURE_LEN + 1];

		tc3_canonical(&request, &canonical);
		tc3_sign(&request, vectors[i].key, signature);
		assert_hash(vectors[i].body, request.body_len, vectors[i].body_hash);
		assert_hash(canonical.data, canonical.len, vectors[i].canonical_hash);
		assert_string_equal(signature, vectors[i].signature);
		buffer_release(&canonical);
	}
}

/* The chain of the fourth vector, link by link, and its end from our side. */
static void test_key_chain(void **state)
{
	static const char *const links[][2] = {
		{ "2026-01-01",
		  "cddf017e185922e49e91c2293e3cec82220533139e8e0195db2ee0fccb30c7b8" },
		{ "faceid", "716a165a243a2bf33bb6c64f674750cc668e4db4d85c02e8d9f33ed3a34cc760" },
		{ "tc3_request",
		  "aa3f2bd63d0fc2b853056209a866c42fc2e922de436899e873b990d36620b970" },
	};
	struct tc3_request request = request_of(3);
	uint8_t key[SHA256_SIZE], ours[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1], secret[64];

	(void)state;
	snprintf(secret, sizeof(secret), "TC3%s", vectors[3].key);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		digest_hmac_sha256(i ? (void *)key : secret, i ? sizeof(key) : strlen(secret),
				   links[i][0], strlen(links[i][0]), ours);
		memcpy(key, ours, sizeof(key));
		hex_encode(key, sizeof(key), hex);
		assert_string_equal(hex, links[i][1]);
	}
	tc3_key(&request, vectors[3].key, ours);
	assert_memory_equal(ours, key, sizeof(key));
}

static void test_header(void **state)
{
	struct tc3_request request = request_of(1);
	struct buffer header = BUFFER_INIT;

	(void)state;
	tc3_authorization(&request, "AKIDEXAMPLE", vectors[1].key, &header);
	assert_string_equal(
		header.data,
		"TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/cvm/tc3_request, "
		"SignedHeaders=content-type;host;x-tc-action, "
		"Signature=be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3");
	buffer_release(&header);
	request.action = NULL;
	tc3_authorization(&request, "AKIDEXAMPLE", vectors[1].key, &header);
	assert_non_null(strstr(header.data, "SignedHeaders=content-type;host, Signature=2230eefd"));
	buffer_release(&header);
}

/* Between midnight and eight in Beijing it is still yesterday here. */
static void test_date_is_utc(void **state)
{
	struct tc3_request request = request_of(0);
	struct buffer header = BUFFER_INIT;

	(void)state;
	setenv("TZ", "Asia/Shanghai", 1);
	request.time = 1767196800; /* 2026-01-01 00:00 there */
	tc3_authorization(&request, "A", "K", &header);
	assert_non_null(strstr(header.data, "Credential=A/2025-12-31/"));
	buffer_release(&header);
	unsetenv("TZ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_key_chain),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_date_is_utc),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
