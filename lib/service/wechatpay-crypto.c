/* wechatpay-crypto.c: verifies what WeChat Pay signed and opens what it sealed. */

/* As in vault.c: the first use of EVP costs more than the rest of a push. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "service/wechatpay-crypto.h"

#include <openssl/aes.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/modes.h>

#include "base/base64.h"
#include "base/die.h"
#include "base/digest.h"
#include "service/wechatpay-keys.h"

#define NONCE_SIZE 12
#define ANSWER_NONCE_MAX 128
#define TIME_DIGITS_MAX 12
#define PADDING_MIN 8

const char *const wechatpay_verdict_names[WECHATPAY_VERDICT_COUNT] = {
	[WECHATPAY_VERIFIED] = "verified",
	[WECHATPAY_UNSIGNED] = "unsigned",
	[WECHATPAY_PROBE] = "probe",
	[WECHATPAY_UNKNOWN_SERIAL] = "unknown_serial",
	[WECHATPAY_KEY_EXPIRED] = "key_expired",
	[WECHATPAY_STALE] = "stale",
	[WECHATPAY_FORGED] = "forged",
};

const char *const wechatpay_seal_names[WECHATPAY_SEAL_COUNT] = {
	[WECHATPAY_SEAL_OK] = "ok",
	[WECHATPAY_SEAL_NO_BASE64] = "no_base64",
	[WECHATPAY_SEAL_TOO_SHORT] = "too_short",
	[WECHATPAY_SEAL_BAD_NONCE] = "bad_nonce",
	[WECHATPAY_SEAL_BROKEN] = "broken",
};

void wechatpay_request_text(struct buffer *out, const char *method, const char *path, int64_t time,
			    const char *nonce, const void *body, size_t body_len)
{
	buffer_printf(out, "%s\n%s\n%lld\n%s\n", method, path, (long long)time, nonce);
	buffer_add(out, body, body_len);
	buffer_putc(out, '\n');
}

void wechatpay_page_text(struct buffer *out, const char *appid, int64_t time, const char *nonce,
			 const char *prepay_id)
{
	buffer_printf(out, "%s\n%lld\n%s\nprepay_id=%s\n", appid, (long long)time, nonce,
		      prepay_id);
}

void wechatpay_answer_text(struct buffer *out, const char *time, const char *nonce,
			   const void *body, size_t body_len)
{
	buffer_printf(out, "%s\n%s\n", time, nonce);
	buffer_add(out, body, body_len);
	buffer_putc(out, '\n');
}

/* EMSA-PKCS1-v1_5 (RFC 8017 9.2): 0, 1, ff…, 0, what SHA-256 is, the hash. */
static void encode(const uint8_t hash[SHA256_SIZE], uint8_t *out, size_t n)
{
	static const uint8_t sha256[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
					  0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
					  0x01, 0x05, 0x00, 0x04, 0x20 };
	size_t padding = n - 3 - sizeof(sha256) - SHA256_SIZE;

	memset(out, 0xff, n);
	out[0] = 0;
	out[1] = 1;
	out[2 + padding] = 0;
	memcpy(out + 3 + padding, sha256, sizeof(sha256));
	memcpy(out + n - SHA256_SIZE, hash, SHA256_SIZE);
}

/* signature ^ exponent mod modulus, as bytes; false when it is no such number.
 * All of it is public, so time does not matter. */
static bool raise(const struct wechatpay_key *key, const uint8_t *signature, uint8_t *out)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *s = BN_bin2bn(signature, (int)key->modulus_size, NULL);
	BIGNUM *e = BN_bin2bn(key->exponent, (int)key->exponent_size, NULL);
	BIGNUM *n = BN_bin2bn(key->modulus, (int)key->modulus_size, NULL), *result = BN_new();
	bool good;

	if (!ctx || !s || !e || !n || !result)
		die("out of memory");
	good = BN_cmp(s, n) < 0 && BN_mod_exp(result, s, e, n, ctx) &&
	       BN_bn2binpad(result, out, (int)key->modulus_size) == (int)key->modulus_size;
	BN_free(result);
	BN_free(n);
	BN_free(e);
	BN_free(s);
	BN_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

/* RSASSA-PKCS1-v1_5 (RFC 8017 8.2.2): what was signed is made anew and
 * compared, so that nothing of the sender's encoding is ever parsed. */
static bool signed_with(const struct wechatpay_key *key, const char *base64, const void *text,
			size_t n)
{
	uint8_t hash[SHA256_SIZE], wanted[WECHATPAY_MODULUS_MAX], found[WECHATPAY_MODULUS_MAX];
	struct buffer signature = BUFFER_INIT;
	bool good;

	digest_sha256(text, n, hash);
	encode(hash, wanted, key->modulus_size);
	good = base64_decode(&signature, base64, strlen(base64)) &&
	       signature.len == key->modulus_size &&
	       raise(key, (const uint8_t *)signature.data, found) &&
	       equal_secrets(wanted, found, key->modulus_size);
	buffer_release(&signature);
	return good;
}

static bool has_form(const char *text, size_t max)
{
	size_t n;

	if (!text)
		return false;
	n = strlen(text);
	if (!n || n > max)
		return false;
	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return true;
}

static bool headers_good(const struct wechatpay_signed *s)
{
	return has_form(s->timestamp, TIME_DIGITS_MAX) &&
	       strspn(s->timestamp, "0123456789") == strlen(s->timestamp) &&
	       has_form(s->nonce, ANSWER_NONCE_MAX) &&
	       has_form(s->signature, WECHATPAY_SIGNATURE_MAX) &&
	       has_form(s->serial, WECHATPAY_SERIAL_MAX);
}

enum wechatpay_verdict wechatpay_verify(const struct wechatpay_keys *keys,
					const struct wechatpay_signed *s, int64_t now)
{
	const char *signature = s->signature ? s->signature : "";
	const struct wechatpay_key *key;
	struct buffer text = BUFFER_INIT;
	int64_t age;
	bool good;

	if (!strncmp(signature, WECHATPAY_PROBE_PREFIX, strlen(WECHATPAY_PROBE_PREFIX)))
		return WECHATPAY_PROBE;
	if (!headers_good(s))
		return WECHATPAY_UNSIGNED;
	key = wechatpay_keys_find(keys, s->serial);
	if (!key)
		return WECHATPAY_UNKNOWN_SERIAL;
	if (key->not_after && (now < key->not_before || now > key->not_after))
		return WECHATPAY_KEY_EXPIRED;
	age = now - strtoll(s->timestamp, NULL, 10);
	if (age > WECHATPAY_WINDOW_S || age < -WECHATPAY_WINDOW_S)
		return WECHATPAY_STALE;
	wechatpay_answer_text(&text, s->timestamp, s->nonce, s->body, s->body_len);
	good = signed_with(key, signature, text.data, text.len);
	buffer_wipe(&text);
	return good ? WECHATPAY_VERIFIED : WECHATPAY_FORGED;
}

static GCM128_CONTEXT *begin(const uint8_t *key, const char *nonce, const char *aad, AES_KEY *aes)
{
	GCM128_CONTEXT *gcm;

	if (AES_set_encrypt_key(key, 8 * WECHATPAY_APIV3_KEY_SIZE, aes))
		die("AES key schedule failed");
	gcm = CRYPTO_gcm128_new(aes, (block128_f)AES_encrypt);
	if (!gcm)
		die("out of memory");
	CRYPTO_gcm128_setiv(gcm, (const uint8_t *)nonce, NONCE_SIZE);
	if (CRYPTO_gcm128_aad(gcm, (const uint8_t *)aad, strlen(aad)))
		die("associated data of %zu bytes", strlen(aad));
	return gcm;
}

/* In place; the last bytes of `sealed` are the tag. */
static bool unseal(const uint8_t *key, const char *nonce, const char *aad, struct buffer *sealed)
{
	uint8_t *at = (uint8_t *)sealed->data;
	size_t n = sealed->len - WECHATPAY_TAG_SIZE;
	AES_KEY aes;
	GCM128_CONTEXT *gcm = begin(key, nonce, aad, &aes);
	bool good = !CRYPTO_gcm128_decrypt(gcm, at, at, n) &&
		    !CRYPTO_gcm128_finish(gcm, at + n, WECHATPAY_TAG_SIZE);

	CRYPTO_gcm128_release(gcm);
	explicit_bzero(&aes, sizeof(aes));
	return good;
}

enum wechatpay_seal wechatpay_open_seal(const uint8_t key[WECHATPAY_APIV3_KEY_SIZE],
					const char *nonce, const char *aad, const char *base64,
					size_t n, struct buffer *plain)
{
	struct buffer sealed = BUFFER_INIT;
	enum wechatpay_seal result = WECHATPAY_SEAL_BROKEN;

	if (strlen(nonce) != NONCE_SIZE)
		return WECHATPAY_SEAL_BAD_NONCE;
	if (!base64_decode(&sealed, base64, n))
		return WECHATPAY_SEAL_NO_BASE64;
	if (sealed.len < WECHATPAY_TAG_SIZE) {
		result = WECHATPAY_SEAL_TOO_SHORT;
	} else if (unseal(key, nonce, aad, &sealed)) {
		buffer_add(plain, sealed.data, sealed.len - WECHATPAY_TAG_SIZE);
		result = WECHATPAY_SEAL_OK;
	}
	buffer_wipe(&sealed);
	return result;
}

void wechatpay_make_seal(const uint8_t key[WECHATPAY_APIV3_KEY_SIZE], const char *nonce,
			 const char *aad, const void *plain, size_t n, struct buffer *base64)
{
	struct buffer sealed = BUFFER_INIT;
	uint8_t *at = (uint8_t *)buffer_room(&sealed, n + WECHATPAY_TAG_SIZE);
	AES_KEY aes;
	GCM128_CONTEXT *gcm;

	if (strlen(nonce) != NONCE_SIZE)
		die("a nonce of %zu bytes", strlen(nonce));
	gcm = begin(key, nonce, aad, &aes);
	if (CRYPTO_gcm128_encrypt(gcm, plain, at, n))
		die("%zu bytes to seal", n);
	CRYPTO_gcm128_tag(gcm, at + n, WECHATPAY_TAG_SIZE);
	CRYPTO_gcm128_release(gcm);
	explicit_bzero(&aes, sizeof(aes));
	base64_encode(base64, at, n + WECHATPAY_TAG_SIZE);
	buffer_wipe(&sealed);
}

bool wechatpay_apiv3_key(const struct config *config, uint8_t key[WECHATPAY_APIV3_KEY_SIZE])
{
	const char *text = config_text(config, "wechatpay_apiv3_key");

	if (strlen(text) != WECHATPAY_APIV3_KEY_SIZE || !has_form(text, WECHATPAY_APIV3_KEY_SIZE))
		return false;
	memcpy(key, text, WECHATPAY_APIV3_KEY_SIZE);
	return true;
}
