/* wechat-crypto.c: signatures and the AES envelope of the official account. */

/* As in vault.c: the first use of EVP costs more than the rest of a push. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "service/wechat-crypto.h"

#include <openssl/aes.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"

#define LENGTH_SIZE 4
#define HEAD_SIZE (WECHAT_PREFIX_SIZE + LENGTH_SIZE)
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

const char *const wechat_envelope_names[WECHAT_ENVELOPE_COUNT] = {
	[WECHAT_ENVELOPE_OK] = "ok",
	[WECHAT_ENVELOPE_NO_BASE64] = "no_base64",
	[WECHAT_ENVELOPE_BAD_PADDING] = "bad_padding",
	[WECHAT_ENVELOPE_BAD_LENGTH] = "bad_length",
	[WECHAT_ENVELOPE_OTHER_APPID] = "other_appid",
};

bool wechat_key_read(const char *text, uint8_t key[WECHAT_KEY_SIZE])
{
	uint8_t text4[WECHAT_KEY_TEXT_LEN + 1], bytes[WECHAT_KEY_SIZE + 1];
	bool good = strlen(text) == WECHAT_KEY_TEXT_LEN &&
		    strspn(text, BASE64) == WECHAT_KEY_TEXT_LEN;

	if (!good)
		return false;
	memcpy(text4, text, WECHAT_KEY_TEXT_LEN);
	text4[WECHAT_KEY_TEXT_LEN] = '=';
	if (EVP_DecodeBlock(bytes, text4, sizeof(text4)) != sizeof(bytes))
		die("base64 failed");
	memcpy(key, bytes, WECHAT_KEY_SIZE);
	explicit_bzero(text4, sizeof(text4));
	explicit_bzero(bytes, sizeof(bytes));
	return true;
}

void wechat_sign(const char *const *part, size_t count, char out[WECHAT_SIGNATURE_LEN + 1])
{
	const char *sorted[WECHAT_SIGNATURE_PARTS_MAX] = { NULL };
	struct buffer all = BUFFER_INIT;
	uint8_t hash[SHA1_SIZE];

	if (count > WECHAT_SIGNATURE_PARTS_MAX)
		die("a signature of %zu parts", count);
	for (size_t i = 0; i < count; i++) {
		size_t at = i;

		for (; at > 0 && strcmp(sorted[at - 1], part[i]) > 0; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = part[i];
	}
	for (size_t i = 0; i < count; i++)
		buffer_puts(&all, sorted[i]);
	digest_sha1(buffer_text(&all), all.len, hash);
	hex_encode(hash, sizeof(hash), out);
	buffer_wipe(&all);
}

bool wechat_signed_by(const char *signature, const char *const *part, size_t count)
{
	char wanted[WECHAT_SIGNATURE_LEN + 1];

	wechat_sign(part, count, wanted);
	return signature && strlen(signature) == WECHAT_SIGNATURE_LEN &&
	       equal_secrets(signature, wanted, WECHAT_SIGNATURE_LEN);
}

/* How many bytes n characters of Base64 stand for; 0 when they are none. */
static size_t base64_size(const char *text, size_t n)
{
	size_t characters = 0;

	while (characters < n && text[characters] && strchr(BASE64, text[characters]))
		characters++;
	if (!n || n % 4 || n > INT32_MAX || n - characters > 2)
		return 0;
	for (size_t i = characters; i < n; i++)
		if (text[i] != '=')
			return 0;
	return n / 4 * 3 - (n - characters);
}

static void aes_cbc(const uint8_t key[WECHAT_KEY_SIZE], uint8_t *bytes, size_t n, bool encrypt)
{
	uint8_t iv[AES_BLOCK_SIZE];
	AES_KEY schedule;

	memcpy(iv, key, sizeof(iv));
	if (encrypt ? AES_set_encrypt_key(key, 8 * WECHAT_KEY_SIZE, &schedule) :
		      AES_set_decrypt_key(key, 8 * WECHAT_KEY_SIZE, &schedule))
		die("AES key schedule failed");
	AES_cbc_encrypt(bytes, bytes, n, &schedule, iv, encrypt ? AES_ENCRYPT : AES_DECRYPT);
	explicit_bzero(&schedule, sizeof(schedule));
}

/* The length without padding; 0 when the padding is wrong. */
static size_t unpadded(const uint8_t *plain, size_t n)
{
	size_t pad = plain[n - 1];

	if (pad < 1 || pad > WECHAT_PAD_BLOCK || pad > n)
		return 0;
	for (size_t i = n - pad; i < n; i++)
		if (plain[i] != pad)
			return 0;
	return n - pad;
}

static enum wechat_envelope open_plain(const uint8_t *plain, size_t n, const char *appid,
				       struct buffer *message)
{
	size_t length;

	n = unpadded(plain, n);
	if (!n)
		return WECHAT_ENVELOPE_BAD_PADDING;
	if (n < HEAD_SIZE)
		return WECHAT_ENVELOPE_BAD_LENGTH;
	length = (size_t)plain[16] << 24 | (size_t)plain[17] << 16 | (size_t)plain[18] << 8 |
		 plain[19];
	if (length > n - HEAD_SIZE)
		return WECHAT_ENVELOPE_BAD_LENGTH;
	if (n - HEAD_SIZE - length != strlen(appid) ||
	    memcmp(plain + HEAD_SIZE + length, appid, strlen(appid)) != 0)
		return WECHAT_ENVELOPE_OTHER_APPID;
	buffer_add(message, plain + HEAD_SIZE, length);
	return WECHAT_ENVELOPE_OK;
}

enum wechat_envelope wechat_decrypt(const uint8_t key[WECHAT_KEY_SIZE], const char *appid,
				    const char *base64, size_t n, struct buffer *message)
{
	size_t size = base64_size(base64, n);
	enum wechat_envelope result;
	uint8_t *plain;

	if (!size || size % AES_BLOCK_SIZE)
		return WECHAT_ENVELOPE_NO_BASE64;
	plain = xmalloc(n / 4 * 3);
	if (EVP_DecodeBlock(plain, (const uint8_t *)base64, (int)n) < 0)
		die("base64 failed");
	aes_cbc(key, plain, size, false);
	result = open_plain(plain, size, appid, message);
	explicit_bzero(plain, size);
	free(plain);
	return result;
}

void wechat_encrypt(const uint8_t key[WECHAT_KEY_SIZE], const char *appid,
		    const uint8_t prefix[WECHAT_PREFIX_SIZE], const void *message, size_t n,
		    struct buffer *base64)
{
	struct buffer plain = BUFFER_INIT;
	size_t pad;
	char *text;

	buffer_add(&plain, prefix, WECHAT_PREFIX_SIZE);
	for (int shift = 24; shift >= 0; shift -= 8)
		buffer_putc(&plain, (char)(n >> shift & 255));
	buffer_add(&plain, message, n);
	buffer_puts(&plain, appid);
	pad = WECHAT_PAD_BLOCK - plain.len % WECHAT_PAD_BLOCK;
	for (size_t i = 0; i < pad; i++)
		buffer_putc(&plain, (char)pad);
	aes_cbc(key, (uint8_t *)plain.data, plain.len, true);
	text = buffer_room(base64, (plain.len + 2) / 3 * 4 + 1);
	base64->len += (size_t)EVP_EncodeBlock((uint8_t *)text, (uint8_t *)plain.data,
					       (int)plain.len);
	buffer_wipe(&plain);
}
