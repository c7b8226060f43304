/* faceid-sign.c: checks TC3-HMAC-SHA256 from the service's side, written from
 * the document and apart from the client: from the header's own list, with
 * OpenSSL's HMAC, and a date reckoned from the day number. */
#include "faceid.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <time.h>

#include "base/die.h"

#define SKEW_S 300
#define FIELD_MAX 256

/* The parts of the Authorization header. */
struct claim {
	char id[FIELD_MAX], date[FIELD_MAX], service[FIELD_MAX], end[FIELD_MAX];
	char headers[FIELD_MAX], signature[FIELD_MAX];
};

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static bool read_claim(struct claim *c)
{
	int n = 0;

	return sscanf(env("HTTP_AUTHORIZATION"),
		      "TC3-HMAC-SHA256 Credential=%255[^/]/%255[^/]/%255[^/]/%255[^,], "
		      "SignedHeaders=%255[^,], Signature=%255[0-9a-f]%n",
		      c->id, c->date, c->service, c->end, c->headers, c->signature, &n) == 6 &&
	       !env("HTTP_AUTHORIZATION")[n];
}

/* Civil date of a day number, by whole years and months from 1970 on. */
static void date_of(long days, char date[64])
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = 1970, month = 0;

	for (;; year++) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

		if (days >= 365 + leap) {
			days -= 365 + leap;
			continue;
		}
		for (; days >= lengths[month] + (month == 1 && leap); month++)
			days -= lengths[month] + (month == 1 && leap);
		break;
	}
	snprintf(date, 64, "%04d-%02d-%02ld", year, month + 1, days + 1);
}

/* name:value of one signed header; the value trimmed and in lower case. */
static bool put_header(const char *name, struct buffer *out)
{
	char variable[FIELD_MAX + 8] = "HTTP_";
	const char *value;
	size_t n = 5;

	if (!strcmp(name, "content-type"))
		n = 0;
	for (const char *c = name; *c && n < sizeof(variable) - 1; c++)
		variable[n++] = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
	variable[n] = '\0';
	value = env(variable);
	value += strspn(value, " \t");
	n = strlen(value);
	while (n && (value[n - 1] == ' ' || value[n - 1] == '\t'))
		n--;
	buffer_printf(out, "%s:", name);
	for (size_t i = 0; i < n; i++)
		buffer_putc(out, (char)tolower((unsigned char)value[i]));
	buffer_putc(out, '\n');
	return n > 0;
}

/* All signed headers, which must be in order and hold the two that count. */
static bool put_headers(const char *list, struct buffer *out)
{
	char copy[FIELD_MAX], *rest = copy, *name;
	const char *before = "";
	int needed = 0;

	snprintf(copy, sizeof(copy), "%s", list);
	while ((name = strsep(&rest, ";"))) {
		if (strcmp(before, name) >= 0 || !put_header(name, out))
			return false;
		needed += !strcmp(name, "content-type") || !strcmp(name, "host");
		before = name;
	}
	return needed == 2;
}

static void put_sha256(const void *data, size_t n, struct buffer *out)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned size;

	if (!EVP_Digest(data, n, hash, &size, EVP_sha256(), NULL))
		die("no SHA-256");
	for (unsigned i = 0; i < size; i++)
		buffer_printf(out, "%02x", hash[i]);
}

static void next_key(unsigned char key[EVP_MAX_MD_SIZE], unsigned *n, const void *text,
		     size_t text_len)
{
	unsigned char old[EVP_MAX_MD_SIZE];

	memcpy(old, key, *n);
	if (!HMAC(EVP_sha256(), old, (int)*n, text, text_len, key, n))
		die("no HMAC");
}

static void sign(const struct core *s, const struct claim *c, const struct buffer *text,
		 struct buffer *out)
{
	unsigned char key[EVP_MAX_MD_SIZE];
	unsigned n;
	int first = snprintf((char *)key, sizeof(key), "TC3%s",
			     config_text(s->config, "faceid_secret_key"));

	if (first < 0 || first >= (int)sizeof(key))
		die("faceid_secret_key is too long for the sim");
	n = (unsigned)first;
	next_key(key, &n, c->date, strlen(c->date));
	next_key(key, &n, c->service, strlen(c->service));
	next_key(key, &n, c->end, strlen(c->end));
	next_key(key, &n, text->data, text->len);
	for (unsigned i = 0; i < n; i++)
		buffer_printf(out, "%02x", key[i]);
}

static bool signature_good(const struct core *s, const struct claim *c)
{
	const struct buffer *body = &s->request->body;
	struct buffer canonical = BUFFER_INIT, text = BUFFER_INIT, wanted = BUFFER_INIT;
	bool good;

	buffer_puts(&canonical, "POST\n/\n\n");
	good = put_headers(c->headers, &canonical);
	buffer_printf(&canonical, "\n%s\n", c->headers);
	put_sha256(buffer_text(body), body->len, &canonical);
	buffer_printf(&text, "TC3-HMAC-SHA256\n%s\n%s/%s/%s\n", env("HTTP_X_TC_TIMESTAMP"), c->date,
		      c->service, c->end);
	put_sha256(canonical.data, canonical.len, &text);
	sign(s, c, &text, &wanted);
	good = good && strlen(c->signature) == wanted.len &&
	       !CRYPTO_memcmp(c->signature, wanted.data, wanted.len);
	buffer_release(&canonical);
	buffer_release(&text);
	buffer_wipe(&wanted);
	return good;
}

const char *faceid_signature_error(const struct core *s)
{
	struct claim c = { 0 };
	const char *stamp = env("HTTP_X_TC_TIMESTAMP");
	long when = strtol(stamp, NULL, 10);
	char date[64];

	if (!read_claim(&c) || strcmp(c.service, "faceid") != 0 ||
	    strcmp(c.end, "tc3_request") != 0)
		return "AuthFailure.SignatureFailure";
	if (strcmp(c.id, config_text(s->config, "faceid_secret_id")) != 0)
		return "AuthFailure.SecretIdNotFound";
	if (!*stamp || labs(when - (long)time(NULL)) > SKEW_S)
		return "AuthFailure.SignatureExpire";
	date_of(when / 86400, date);
	if (strcmp(date, c.date) != 0 || !signature_good(s, &c))
		return "AuthFailure.SignatureFailure";
	return NULL;
}
