/* digest-test.c: hashes against published vectors, ids, hex, Base64, comparison. */
#include "base/digest.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/base64.h"

static void assert_hex(const uint8_t *bytes, size_t n, const char *expected)
{
	char hex[2 * SHA256_SIZE + 1];

	hex_encode(bytes, n, hex);
	assert_string_equal(hex, expected);
}

/* FIPS 180-4 examples. */
static void test_sha(void **state UNUSED)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	uint8_t out[SHA256_SIZE];

	digest_sha256("", 0, out);
	assert_hex(out, SHA256_SIZE,
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_sha256("abc", 3, out);
	assert_hex(out, SHA256_SIZE,
		   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha256(two_blocks, strlen(two_blocks), out);
	assert_hex(out, SHA256_SIZE,
		   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	digest_sha1("abc", 3, out);
	assert_hex(out, SHA1_SIZE, "a9993e364706816aba3e25717850c26c9cd0d89d");
	digest_sha1(two_blocks, strlen(two_blocks), out);
	assert_hex(out, SHA1_SIZE, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

/* RFC 4231, cases 1, 2, 3 and 6 (a key longer than a block). */
static void test_hmac(void **state UNUSED)
{
	uint8_t key[131], data[50], out[SHA256_SIZE];

	memset(key, 0x0b, 20);
	digest_hmac_sha256(key, 20, "Hi There", 8, out);
	assert_hex(out, SHA256_SIZE,
		   "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	digest_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, out);
	assert_hex(out, SHA256_SIZE,
		   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	digest_hmac_sha256(key, 20, data, sizeof(data), out);
	assert_hex(out, SHA256_SIZE,
		   "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	digest_hmac_sha256(key, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
			   out);
	assert_hex(out, SHA256_SIZE,
		   "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 2202, cases 1, 2 and 6. */
static void test_hmac_sha1(void **state UNUSED)
{
	uint8_t key[80], out[SHA1_SIZE];

	memset(key, 0x0b, 20);
	digest_hmac_sha1(key, 20, "Hi There", 8, out);
	assert_hex(out, SHA1_SIZE, "b617318655057264e28bc0b6fb378c8ef146be00");
	digest_hmac_sha1("Jefe", 4, "what do ya want for nothing?", 28, out);
	assert_hex(out, SHA1_SIZE, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	memset(key, 0xaa, sizeof(key));
	digest_hmac_sha1(key, sizeof(key), "Test Using Larger Than Block-Size Key - Hash Key First",
			 54, out);
	assert_hex(out, SHA1_SIZE, "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

/* RFC 4648, section 10, and the bytes that need + and /. */
static void test_base64(void **state UNUSED)
{
	static const char *const pairs[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/" },
	};
	static const char *const bad[] = {
		"Z",    "Zg",    "Zg=",         "Zg==\n", "Zg==Zg==", "Zm9v====",
		"====", "=m9v",  "Z=9v",        "Zm 9",   "Zm-_",     "Zm9vYg==\n\n\n\n",
		"Zg=g", "Zm9v=", "Zm9v\377g==", "Z\n9v",
	};
	struct buffer out = BUFFER_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		buffer_reset(&out);
		base64_encode(&out, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(buffer_text(&out), pairs[i][1]);
		buffer_reset(&out);
		assert_true(base64_decode(&out, pairs[i][1], strlen(pairs[i][1])));
		assert_string_equal(buffer_text(&out), pairs[i][0]);
	}
	buffer_reset(&out);
	buffer_puts(&out, "kept");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (base64_decode(&out, bad[i], strlen(bad[i])))
			fail_msg("let through: %s", bad[i]);
		assert_string_equal(buffer_text(&out), "kept");
	}
	buffer_release(&out);
}

static void test_public_id(void **state UNUSED)
{
	char id[PUBLIC_ID_SIZE], other[PUBLIC_ID_SIZE];
	bool seen[256] = { false };
	int kinds = 0;

	for (int i = 0; i < 1000; i++) {
		random_public_id(id);
		assert_true(is_public_id(id));
		assert_int_equal(strlen(id), PUBLIC_ID_LEN);
		for (const char *c = id; *c; c++)
			seen[(unsigned char)*c] = true;
	}
	for (int i = 0; i < 256; i++)
		kinds += seen[i];
	assert_int_equal(kinds, 32);
	random_public_id(other);
	assert_string_not_equal(id, other);
}

static void test_not_public_id(void **state UNUSED)
{
	static const char *const rows[] = {
		"",
		"0",
		"0123456789abcdefghjkmnpqr",
		"0123456789abcdefghjkmnpqrst",
		"0123456789abcdefghjkmnpqri",
		"0123456789abcdefghjkmnpqrl",
		"0123456789abcdefghjkmnpqro",
		"0123456789abcdefghjkmnpqru",
		"0123456789ABCDEFGHJKMNPQRS",
		"8123456789abcdefghjkmnpqrs",
		"0123456789abcdefghjkmnpqr ",
		"0123456789abcdefghjkmnpqr\n",
		"0123456789abcdefghjkmnp'--",
	};

	assert_true(is_public_id("0123456789abcdefghjkmnpqrs"));
	assert_true(is_public_id("7zzzzzzzzzzzzzzzzzzzzzzzzz"));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (is_public_id(rows[i]))
			fail_msg("\"%s\" is no public id", rows[i]);
}

static void test_hex(void **state UNUSED)
{
	uint8_t out[3];
	char text[7];

	assert_true(hex_decode("00fFa5", out, 3));
	hex_encode(out, 3, text);
	assert_string_equal(text, "00ffa5");
	assert_false(hex_decode("00ffa", out, 3));
	assert_false(hex_decode("00ffa50", out, 3));
	assert_false(hex_decode("00ffag", out, 3));
	assert_false(hex_decode("", out, 3));
	assert_true(hex_decode("", out, 0));
}

static void test_equal(void **state UNUSED)
{
	assert_true(equal_secrets("secret", "secret", 6));
	assert_false(equal_secrets("secret", "secreT", 6));
	assert_false(equal_secrets("Secret", "secret", 6));
	assert_true(equal_secrets("a", "b", 0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha),       cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_public_id), cmocka_unit_test(test_not_public_id),
		cmocka_unit_test(test_hex),       cmocka_unit_test(test_equal),
		cmocka_unit_test(test_hmac_sha1), cmocka_unit_test(test_base64),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
