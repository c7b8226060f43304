/* tc3.h: Tencent Cloud's signature version 3, TC3-HMAC-SHA256.
 *
 * Of a POST of JSON to the root of a host. Pure: the time is an argument, and
 * the date in the signature is that of UTC. What is signed must be what is
 * sent, byte for byte: the body, the Content-Type and the Host header. */
#ifndef SERVICE_TC3_H
#define SERVICE_TC3_H

#include "base/buffer.h"
#include "base/digest.h"

#define TC3_SIGNATURE_LEN 64

struct tc3_request {
	const char *service; /* "faceid" */
	const char *host; /* as in the Host header, with a port that is not the usual one */
	const char *content_type;
	const char *action; /* X-TC-Action, signed in lower case; NULL: not signed */
	const void *body;
	size_t body_len;
	int64_t time; /* X-TC-Timestamp, Unix seconds */
};

/* Appends the canonical request, of which the SHA-256 is signed. */
void tc3_canonical(const struct tc3_request *, struct buffer *out);
/* The key of a day and service; a secret too. */
void tc3_key(const struct tc3_request *, const char *secret_key, uint8_t key[SHA256_SIZE]);
/* The signature in lower-case hex. */
void tc3_sign(const struct tc3_request *, const char *secret_key, char out[TC3_SIGNATURE_LEN + 1]);
/* Appends the value of the Authorization header. */
void tc3_authorization(const struct tc3_request *, const char *secret_id, const char *secret_key,
		       struct buffer *out);

#endif
