/* nuonuo-sign.c: checks the signature of a call from the provider's side, apart
 * from the client: from the request's own path and query, with OpenSSL. */
#include "nuonuo.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <time.h>

#include "base/die.h"

#define SKEW_S 300
#define PARTS 3

static const char *query(const struct core *s, const char *name)
{
	const char *value = request_query(s->request, name);

	return value ? value : "";
}

static bool is_digits(const char *text, size_t n)
{
	return strlen(text) == n && strspn(text, "0123456789") == n;
}

/* The three segments of the path that the provider's own address has. */
static void put_segments(const struct core *s, struct buffer *out)
{
	const char *segment[PARTS] = { "", "", "" };
	size_t size[PARTS] = { 0 }, count = 0;

	for (const char *at = s->request->path_info; *at && count < PARTS; at += strcspn(at, "/")) {
		at += *at == '/';
		segment[count] = at;
		size[count++] = strcspn(at, "/");
	}
	buffer_printf(out, "a=%.*s&l=%.*s&p=%.*s", (int)size[2], segment[2], (int)size[1],
		      segment[1], (int)size[0], segment[0]);
}

static bool signature_good(const struct core *s, const char *given)
{
	const char *secret = config_text(s->config, "nuonuo_app_secret");
	unsigned char mac[EVP_MAX_MD_SIZE], wanted[2 * EVP_MAX_MD_SIZE];
	struct buffer text = BUFFER_INIT;
	unsigned n;
	int length;

	put_segments(s, &text);
	buffer_printf(&text, "&k=%s&i=%s&n=%s&t=%s&f=", query(s, "appkey"), query(s, "senid"),
		      query(s, "nonce"), query(s, "timestamp"));
	buffer_add(&text, buffer_text(&s->request->body), s->request->body.len);
	if (!HMAC(EVP_sha1(), secret, (int)strlen(secret), (unsigned char *)text.data, text.len,
		  mac, &n))
		die("no HMAC");
	length = EVP_EncodeBlock(wanted, mac, (int)n);
	buffer_wipe(&text);
	return (int)strlen(given) == length && !CRYPTO_memcmp(given, wanted, (size_t)length);
}

const char *nuonuo_signature_error(const struct core *s)
{
	const char *given = getenv("HTTP_X_NUONUO_SIGN"), *stamp = query(s, "timestamp");

	if (strcmp(query(s, "appkey"), config_text(s->config, "nuonuo_app_key")) != 0)
		return "070304";
	if (strlen(query(s, "senid")) != 32 || !is_digits(query(s, "nonce"), 8) ||
	    !is_digits(stamp, 10))
		return "070101";
	if (labs(strtol(stamp, NULL, 10) - (long)time(NULL)) > SKEW_S)
		return "070101";
	return given && signature_good(s, given) ? NULL : "070101";
}
