/* wechat-crypto.h: WXBizMsgCrypt, the envelope of the official account's
 * messages in secure mode.
 *
 * Pure functions: time, nonce and random prefix are arguments, so that every
 * published vector is a test. A signature is SHA-1 in lower-case hex over its
 * parts, sorted as bytes and put together: token, timestamp and nonce for
 * `signature`; those and the Base64 text for `msg_signature`, which alone
 * covers the message.
 *
 * Plain text: 16 random bytes · length of the message, 4 bytes big endian ·
 * message · appid, padded by PKCS#7 in blocks of 32 (not 16: a cipher's own
 * padding refuses half of all messages); AES-256-CBC, the IV being the first
 * half of the key. */
#ifndef SERVICE_WECHAT_CRYPTO_H
#define SERVICE_WECHAT_CRYPTO_H

#include "base/buffer.h"

#define WECHAT_KEY_TEXT_LEN 43 /* EncodingAESKey */
#define WECHAT_KEY_SIZE 32
#define WECHAT_PREFIX_SIZE 16
#define WECHAT_SIGNATURE_LEN 40
#define WECHAT_PAD_BLOCK 32
#define WECHAT_SIGNATURE_PARTS_MAX 4

enum wechat_envelope {
	WECHAT_ENVELOPE_OK,
	WECHAT_ENVELOPE_NO_BASE64, /* or no whole number of cipher blocks */
	WECHAT_ENVELOPE_BAD_PADDING, /* altered, or made with another key */
	WECHAT_ENVELOPE_BAD_LENGTH,
	WECHAT_ENVELOPE_OTHER_APPID,
	WECHAT_ENVELOPE_COUNT,
};
extern const char *const wechat_envelope_names[WECHAT_ENVELOPE_COUNT];

/* The key behind an EncodingAESKey; the two bits that its last character has
 * too many may have any value. False when it is none. */
bool wechat_key_read(const char *text, uint8_t key[WECHAT_KEY_SIZE]) MUST_USE;

/* The signature of 1 to 4 parts, none of them NULL. */
void wechat_sign(const char *const *part, size_t count, char out[WECHAT_SIGNATURE_LEN + 1]);
/* Whether `signature` (may be NULL) is that of the parts; in constant time. */
bool wechat_signed_by(const char *signature, const char *const *part, size_t count) MUST_USE;

/* Appends the message within n bytes of Base64; only with OK. */
enum wechat_envelope wechat_decrypt(const uint8_t key[WECHAT_KEY_SIZE], const char *appid,
				    const char *base64, size_t n, struct buffer *message) MUST_USE;
/* Appends the Base64 of n bytes of message. The prefix is random. */
void wechat_encrypt(const uint8_t key[WECHAT_KEY_SIZE], const char *appid,
		    const uint8_t prefix[WECHAT_PREFIX_SIZE], const void *message, size_t n,
		    struct buffer *base64);

#endif
