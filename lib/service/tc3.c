/* tc3.c: Tencent Cloud's signature version 3. */
#include "service/tc3.h"

#include <ctype.h>
#include <time.h>

#include "base/die.h"

#define ALGORITHM "TC3-HMAC-SHA256"
#define TERMINATOR "tc3_request"
#define DATE_SIZE 11

static void date_of(const struct tc3_request *r, char date[DATE_SIZE])
{
	time_t t = (time_t)r->time;
	struct tm utc;

	if (!gmtime_r(&t, &utc) || !strftime(date, DATE_SIZE, "%Y-%m-%d", &utc))
		die("no date for a signature");
}

static void put_hash(struct buffer *out, const void *data, size_t n)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	digest_sha256(data, n, hash);
	hex_encode(hash, sizeof(hash), hex);
	buffer_puts(out, hex);
}

static const char *signed_headers(const struct tc3_request *r)
{
	return r->action ? "content-type;host;x-tc-action" : "content-type;host";
}

void tc3_canonical(const struct tc3_request *r, struct buffer *out)
{
	buffer_puts(out, "POST\n/\n\n");
	buffer_printf(out, "content-type:%s\nhost:%s\n", r->content_type, r->host);
	if (r->action) {
		buffer_puts(out, "x-tc-action:");
		for (const char *c = r->action; *c; c++)
			buffer_putc(out, (char)tolower((unsigned char)*c));
		buffer_putc(out, '\n');
	}
	buffer_printf(out, "\n%s\n", signed_headers(r));
	put_hash(out, r->body, r->body_len);
}

static void mac(const void *key, size_t key_len, const char *text, uint8_t out[SHA256_SIZE])
{
	digest_hmac_sha256(key, key_len, text, strlen(text), out);
}

void tc3_key(const struct tc3_request *r, const char *secret_key, uint8_t key[SHA256_SIZE])
{
	struct buffer secret = BUFFER_INIT;
	uint8_t day[SHA256_SIZE], service[SHA256_SIZE];
	char date[DATE_SIZE];

	date_of(r, date);
	buffer_printf(&secret, "TC3%s", secret_key);
	mac(secret.data, secret.len, date, day);
	mac(day, sizeof(day), r->service, service);
	mac(service, sizeof(service), TERMINATOR, key);
	buffer_wipe(&secret);
	explicit_bzero(day, sizeof(day));
	explicit_bzero(service, sizeof(service));
}

void tc3_sign(const struct tc3_request *r, const char *secret_key, char out[TC3_SIGNATURE_LEN + 1])
{
	struct buffer canonical = BUFFER_INIT, text = BUFFER_INIT;
	uint8_t key[SHA256_SIZE], signature[SHA256_SIZE];
	char date[DATE_SIZE];

	date_of(r, date);
	tc3_canonical(r, &canonical);
	buffer_printf(&text, ALGORITHM "\n%lld\n%s/%s/" TERMINATOR "\n", (long long)r->time, date,
		      r->service);
	put_hash(&text, canonical.data, canonical.len);
	tc3_key(r, secret_key, key);
	mac(key, sizeof(key), text.data, signature);
	hex_encode(signature, sizeof(signature), out);
	explicit_bzero(key, sizeof(key));
	buffer_release(&canonical);
	buffer_release(&text);
}

void tc3_authorization(const struct tc3_request *r, const char *secret_id, const char *secret_key,
		       struct buffer *out)
{
	char date[DATE_SIZE], signature[TC3_SIGNATURE_LEN + 1];

	date_of(r, date);
	tc3_sign(r, secret_key, signature);
	buffer_printf(out,
		      ALGORITHM " Credential=%s/%s/%s/" TERMINATOR
				", SignedHeaders=%s, Signature=%s",
		      secret_id, date, r->service, signed_headers(r), signature);
}
