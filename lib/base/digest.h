/* digest.h: hashes, randomness and their spellings.
 *
 * Kept apart from the vault: nothing here needs a key file. Chosen for a
 * program that starts for each request: no provider is fetched, no
 * configuration is read. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/buffer.h"

#define SHA256_SIZE 32
#define SHA1_SIZE 20 /* of other people's signatures alone */
/* 128 random bits in Crockford base 32 and the NUL: public ids, idempotency keys. */
#define PUBLIC_ID_LEN 26
#define PUBLIC_ID_SIZE (PUBLIC_ID_LEN + 1)

void digest_sha256(const void *data, size_t n, uint8_t out[SHA256_SIZE]);
void digest_sha1(const void *data, size_t n, uint8_t out[SHA1_SIZE]);
void digest_hmac_sha256(const void *key, size_t key_len, const void *data, size_t n,
			uint8_t out[SHA256_SIZE]);
void digest_hmac_sha1(const void *key, size_t key_len, const void *data, size_t n,
		      uint8_t out[SHA1_SIZE]);
/* From the kernel; die()s when it has none to give. */
void random_bytes(void *out, size_t n);
/* A fresh random public id; lower case, NUL-ended. */
void random_public_id(char out[PUBLIC_ID_SIZE]);
/* Whether text is shaped like a public id (and nothing else). */
bool is_public_id(const char *text);
/* Value of a hex digit, -1 for anything else. */
int hex_digit(char c);
/* Lower-case hex of n bytes into out[2 * n + 1]. */
void hex_encode(const void *data, size_t n, char *out);
/* True if text is exactly 2 * n hex digits. */
bool hex_decode(const char *text, void *out, size_t n);
/* Whether two secrets are equal, in time that depends on n alone. */
bool equal_secrets(const void *a, const void *b, size_t n);

#endif
