/* digest.c: hashes, randomness and their spellings. */

/* The one-shot EVP functions fetch a provider and read openssl.cnf, which is
 * more than half a millisecond in every process. The low-level functions are
 * the same code without that; they are marked as deprecated, not as unsafe. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/digest.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include "base/die.h"

#define SHA256_BLOCK 64
#define SHA1_BLOCK 64

/* Crockford's base 32 in lower case: no i, l, o, u. */
static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";

void digest_sha256(const void *data, size_t n, uint8_t out[SHA256_SIZE])
{
	SHA256_CTX ctx;

	if (!SHA256_Init(&ctx) || !SHA256_Update(&ctx, data, n) || !SHA256_Final(out, &ctx))
		die("SHA-256 failed");
}

/* One half of HMAC: SHA-256 over the padded key and the data. */
static void keyed(const uint8_t block[SHA256_BLOCK], uint8_t pad, const void *data, size_t n,
		  uint8_t out[SHA256_SIZE])
{
	uint8_t padded[SHA256_BLOCK];
	SHA256_CTX ctx;

	for (size_t i = 0; i < SHA256_BLOCK; i++)
		padded[i] = block[i] ^ pad;
	if (!SHA256_Init(&ctx) || !SHA256_Update(&ctx, padded, sizeof(padded)) ||
	    !SHA256_Update(&ctx, data, n) || !SHA256_Final(out, &ctx))
		die("HMAC-SHA-256 failed");
	explicit_bzero(padded, sizeof(padded));
	explicit_bzero(&ctx, sizeof(ctx));
}

void digest_sha1(const void *data, size_t n, uint8_t out[SHA1_SIZE])
{
	SHA_CTX ctx;

	if (!SHA1_Init(&ctx) || !SHA1_Update(&ctx, data, n) || !SHA1_Final(out, &ctx))
		die("SHA-1 failed");
	OPENSSL_cleanse(&ctx, sizeof(ctx));
}

/* RFC 2104. */
void digest_hmac_sha256(const void *key, size_t key_len, const void *data, size_t n,
			uint8_t out[SHA256_SIZE])
{
	uint8_t block[SHA256_BLOCK] = { 0 }, inner[SHA256_SIZE];

	if (key_len > SHA256_BLOCK)
		digest_sha256(key, key_len, block);
	else if (key_len)
		memcpy(block, key, key_len);
	keyed(block, 0x36, data, n, inner);
	keyed(block, 0x5c, inner, sizeof(inner), out);
	explicit_bzero(block, sizeof(block));
	explicit_bzero(inner, sizeof(inner));
}

/* One half of HMAC with SHA-1. */
static void keyed_sha1(const uint8_t block[SHA1_BLOCK], uint8_t pad, const void *data, size_t n,
		       uint8_t out[SHA1_SIZE])
{
	uint8_t padded[SHA1_BLOCK];
	SHA_CTX ctx;

	for (size_t i = 0; i < SHA1_BLOCK; i++)
		padded[i] = block[i] ^ pad;
	if (!SHA1_Init(&ctx) || !SHA1_Update(&ctx, padded, sizeof(padded)) ||
	    !SHA1_Update(&ctx, data, n) || !SHA1_Final(out, &ctx))
		die("HMAC-SHA-1 failed");
	explicit_bzero(padded, sizeof(padded));
	explicit_bzero(&ctx, sizeof(ctx));
}

void digest_hmac_sha1(const void *key, size_t key_len, const void *data, size_t n,
		      uint8_t out[SHA1_SIZE])
{
	uint8_t block[SHA1_BLOCK] = { 0 }, inner[SHA1_SIZE];

	if (key_len > SHA1_BLOCK)
		digest_sha1(key, key_len, block);
	else if (key_len)
		memcpy(block, key, key_len);
	keyed_sha1(block, 0x36, data, n, inner);
	keyed_sha1(block, 0x5c, inner, sizeof(inner), out);
	explicit_bzero(block, sizeof(block));
	explicit_bzero(inner, sizeof(inner));
}

void random_bytes(void *out, size_t n)
{
	uint8_t *at = out;

	while (n) {
		ssize_t got = getrandom(at, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			die("getrandom: %s", strerror(errno));
		at += got;
		n -= (size_t)got;
	}
}

void random_public_id(char out[PUBLIC_ID_SIZE])
{
	uint8_t bytes[16];
	unsigned held = 0, bits = 2; /* two zero bits in front: 130 = 26 * 5 */
	size_t n = 0;

	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		held = held << 8 | bytes[i];
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			out[n++] = crockford[held >> bits & 31];
		}
	}
	out[n] = '\0';
}

bool is_public_id(const char *text)
{
	/* 128 bits in 130: the first character carries three of its five. */
	if (*text < '0' || *text > '7')
		return false;
	return strspn(text, crockford) == PUBLIC_ID_LEN && text[PUBLIC_ID_LEN] == '\0';
}

void hex_encode(const void *data, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_decode(const char *text, void *out, size_t n)
{
	uint8_t *bytes = out;

	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(text[2 * i]);
		int low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);

		if (low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return text[2 * n] == '\0';
}

bool equal_secrets(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}
