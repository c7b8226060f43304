/* wechatpay-crypto.h: signatures and the sealed resource of WeChat Pay, API v3.
 *
 * Pure functions: time and nonce are arguments, so that every vector is a test.
 * Signatures are RSA PKCS#1 v1.5 with SHA-256 (RFC 8017 8.2) in Base64, over
 * lines that each end in a newline:
 *     request          method, path with query as sent, time, nonce, body
 *     page (JSAPI)     appid, time, nonce, "prepay_id=" and the id
 *     answer, notification   time, nonce, body
 * The merchant signs with its private key, which is a file of mode 0600; WeChat
 * signs with a key that the header Wechatpay-Serial names. In public-key mode
 * that name is PUB_KEY_ID_ and digits, in certificate mode the serial number of
 * a platform certificate; during a migration both kinds arrive.
 *
 * A program that only verifies and opens (push) links wechatpay-keys.c and
 * wechatpay-crypto.c: no libcurl, no jansson, and nothing of OpenSSL that
 * fetches a provider. wechatpay-sign.c has the private half. */
#ifndef SERVICE_WECHATPAY_CRYPTO_H
#define SERVICE_WECHATPAY_CRYPTO_H

#include "base/buffer.h"
#include "base/config.h"

#define WECHATPAY_WINDOW_S 300 /* a message may be so much older or newer than now */
#define WECHATPAY_NONCE_MAX 32 /* of what we send */
#define WECHATPAY_SERIAL_MAX 64
#define WECHATPAY_SIGNATURE_MAX 684 /* Base64 of RSA 4096 */
#define WECHATPAY_APIV3_KEY_SIZE 32
#define WECHATPAY_TAG_SIZE 16
#define WECHATPAY_KEYS_MAX 16
#define WECHATPAY_PEM_MAX 16384
#define WECHATPAY_PROBE_PREFIX "WECHATPAY/SIGNTEST/"

/* -- canonical texts; appended -- */

void wechatpay_request_text(struct buffer *, const char *method, const char *path, int64_t time,
			    const char *nonce, const void *body, size_t body_len);
void wechatpay_page_text(struct buffer *, const char *appid, int64_t time, const char *nonce,
			 const char *prepay_id);
void wechatpay_answer_text(struct buffer *, const char *time, const char *nonce, const void *body,
			   size_t body_len);

/* -- the private half: wechatpay-sign.c -- */

struct wechatpay_signer;

/* The private key (PKCS#8 or PKCS#1, RSA of 2048 to 4096 bits) in the PEM file, which must
 * be a plain file of mode 0600 or stricter. NULL: `why` has the reason. */
struct wechatpay_signer *wechatpay_signer_open(const char *path, struct buffer *why) MUST_USE;
void wechatpay_signer_free(struct wechatpay_signer *);
/* Appends the signature of n bytes, Base64 on one line. */
void wechatpay_sign(const struct wechatpay_signer *, const void *text, size_t n, struct buffer *);
/* Appends the value of the header Authorization; `serial` is the merchant
 * certificate's. */
void wechatpay_authorization(const struct wechatpay_signer *, const char *mchid, const char *serial,
			     int64_t time, const char *nonce, const char *method, const char *path,
			     const void *body, size_t body_len, struct buffer *);

/* -- the keys that WeChat signs with: wechatpay-keys.c -- */

struct wechatpay_keys;

enum wechatpay_key_result {
	WECHATPAY_KEY_OK,
	WECHATPAY_KEY_NO_PEM, /* no such block in it, or no Base64 */
	WECHATPAY_KEY_NO_RSA, /* no RSA public key of 2048 to 4096 bits */
	WECHATPAY_KEY_BAD_NAME, /* empty, too long, or characters of no serial */
	WECHATPAY_KEY_TWICE, /* this name is there with another key */
	WECHATPAY_KEY_TOO_MANY,
	WECHATPAY_KEY_RESULT_COUNT,
};
extern const char *const wechatpay_key_result_names[WECHATPAY_KEY_RESULT_COUNT];

struct wechatpay_keys *wechatpay_keys_new(void) MUST_USE;
/* All that the config names: wechatpay_public_key_file under
 * wechatpay_public_key_id, and each *.pem in wechatpay_certificate_dir. A file
 * that is none is logged and left out; no key at all is a set in which every
 * serial is unknown. */
struct wechatpay_keys *wechatpay_keys_open(const struct config *) MUST_USE;
void wechatpay_keys_free(struct wechatpay_keys *);
size_t wechatpay_keys_count(const struct wechatpay_keys *);
/* "-----BEGIN PUBLIC KEY-----"; does not go out of date. */
enum wechatpay_key_result wechatpay_keys_add_public(struct wechatpay_keys *, const char *id,
						    const char *pem) MUST_USE;

/* "-----BEGIN CERTIFICATE-----": its serial number in upper-case hex and its
 * time (both ends belong to it), which also come back if `found` is not NULL. */
struct wechatpay_validity {
	char serial[WECHATPAY_SERIAL_MAX + 1];
	int64_t not_before, not_after; /* Unix seconds */
};
enum wechatpay_key_result wechatpay_keys_add_certificate(struct wechatpay_keys *, const char *pem,
							 struct wechatpay_validity *found) MUST_USE;

/* -- verification: wechatpay-crypto.c -- */

enum wechatpay_verdict {
	WECHATPAY_VERIFIED,
	WECHATPAY_UNSIGNED, /* a header is missing, empty or malformed */
	WECHATPAY_PROBE, /* WeChat looks whether we check: refuse, and no alarm */
	WECHATPAY_UNKNOWN_SERIAL, /* no key of that name: fetch it, or find the sender */
	WECHATPAY_KEY_EXPIRED, /* outside the time of its certificate */
	WECHATPAY_STALE, /* more than WECHATPAY_WINDOW_S away from now */
	WECHATPAY_FORGED, /* not signed by that key, or altered on the way */
	WECHATPAY_VERDICT_COUNT,
};
/* For logs and answers: "verified", "probe" … */
extern const char *const wechatpay_verdict_names[WECHATPAY_VERDICT_COUNT];

/* The notification as it came; header values may be NULL. */
struct wechatpay_signed {
	const char *timestamp, *nonce, *signature, *serial;
	const void *body;
	size_t body_len;
};

/* A probe is named first, the rest in the order of the enum; body is the raw
 * one, before any parser. */
enum wechatpay_verdict wechatpay_verify(const struct wechatpay_keys *,
					const struct wechatpay_signed *, int64_t now) MUST_USE;

/* -- AEAD_AES_256_GCM (RFC 5116): IV 12 bytes of text, the tag at the end -- */

enum wechatpay_seal {
	WECHATPAY_SEAL_OK,
	WECHATPAY_SEAL_NO_BASE64,
	WECHATPAY_SEAL_TOO_SHORT, /* less than a tag */
	WECHATPAY_SEAL_BAD_NONCE, /* not 12 bytes */
	WECHATPAY_SEAL_BROKEN, /* altered, other data, or another key */
	WECHATPAY_SEAL_COUNT,
};
extern const char *const wechatpay_seal_names[WECHATPAY_SEAL_COUNT];

/* Appends the plain text of n characters of Base64; only with OK. aad: "" if
 * none. */
enum wechatpay_seal wechatpay_open_seal(const uint8_t key[WECHATPAY_APIV3_KEY_SIZE],
					const char *nonce, const char *aad, const char *base64,
					size_t n, struct buffer *plain) MUST_USE;
/* The other way, as WeChat does it; appends Base64. Nonce of 12 bytes. */
void wechatpay_make_seal(const uint8_t key[WECHATPAY_APIV3_KEY_SIZE], const char *nonce,
			 const char *aad, const void *plain, size_t n, struct buffer *base64);
/* The APIv3 key of the config; false when it is not 32 printable ASCII bytes. */
bool wechatpay_apiv3_key(const struct config *, uint8_t key[WECHATPAY_APIV3_KEY_SIZE]) MUST_USE;

#endif
