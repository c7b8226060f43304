/* wechatpay-keys.c: the public keys that WeChat Pay signs with.
 *
 * Of a certificate only serial number, time and key count: that it is WeChat's
 * is known from the APIv3 key that sealed it on the way here. So a few lines of
 * DER (X.690) do, where the decoders of OpenSSL would fetch their providers at
 * each start of a push program. */
#include "service/wechatpay-keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"

#define LINE_MAX_LEN 80
#define SERIAL_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"

enum {
	DER_INTEGER = 0x02,
	DER_BITS = 0x03,
	DER_UTC_TIME = 0x17,
	DER_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_VERSION = 0xa0,
};

struct wechatpay_keys {
	struct wechatpay_key key[WECHATPAY_KEYS_MAX];
	size_t count;
};

const char *const wechatpay_key_result_names[WECHATPAY_KEY_RESULT_COUNT] = {
	[WECHATPAY_KEY_OK] = "ok",         [WECHATPAY_KEY_NO_PEM] = "no_pem",
	[WECHATPAY_KEY_NO_RSA] = "no_rsa", [WECHATPAY_KEY_BAD_NAME] = "bad_name",
	[WECHATPAY_KEY_TWICE] = "twice",   [WECHATPAY_KEY_TOO_MANY] = "too_many",
};

struct der {
	const uint8_t *at, *end;
};

/* The content of the next value, which must have this tag; *in moves behind it. */
static bool take(struct der *in, int tag, struct der *content)
{
	size_t left = (size_t)(in->end - in->at), length, head = 2;

	if (left < 2 || in->at[0] != tag)
		return false;
	length = in->at[1];
	if (length > 0x80 && length <= 0x83 && left >= head + (length & 3)) {
		size_t bytes = length & 3;

		for (length = 0; head < 2 + bytes; head++)
			length = length << 8 | in->at[head];
	} else if (length >= 0x80) {
		return false;
	}
	if (length > left - head)
		return false;
	*content = (struct der){ in->at + head, in->at + head + length };
	in->at = content->end;
	return true;
}

static bool copy_number(struct der *in, uint8_t *out, size_t max, size_t *size)
{
	struct der number;

	if (!take(in, DER_INTEGER, &number))
		return false;
	while (number.at < number.end && !*number.at)
		number.at++;
	*size = (size_t)(number.end - number.at);
	if (!*size || *size > max)
		return false;
	memcpy(out, number.at, *size);
	return true;
}

/* SubjectPublicKeyInfo (RFC 5280 4.1) with rsaEncryption (RFC 8017 A.1). */
static bool read_public(struct der in, struct wechatpay_key *key)
{
	static const uint8_t rsa[] = { 0x06, 9,    0x2a, 0x86, 0x48, 0x86, 0xf7,
				       0x0d, 0x01, 0x01, 0x01, 0x05, 0 };
	struct der info, algorithm, bits, numbers;

	if (!take(&in, DER_SEQUENCE, &info) || in.at != in.end ||
	    !take(&info, DER_SEQUENCE, &algorithm) || algorithm.end - algorithm.at != sizeof(rsa) ||
	    memcmp(algorithm.at, rsa, sizeof(rsa)) != 0 || !take(&info, DER_BITS, &bits) ||
	    bits.at == bits.end || *bits.at++ || !take(&bits, DER_SEQUENCE, &numbers) ||
	    !copy_number(&numbers, key->modulus, sizeof(key->modulus), &key->modulus_size) ||
	    !copy_number(&numbers, key->exponent, sizeof(key->exponent), &key->exponent_size))
		return false;
	return key->modulus_size >= WECHATPAY_MODULUS_MIN &&
	       (key->modulus[key->modulus_size - 1] & 1) &&
	       (key->exponent[key->exponent_size - 1] & 1);
}

/* YYMMDDhhmmssZ or with the century in front (RFC 5280 4.1.2.5). */
static bool read_time(struct der *in, int64_t *at)
{
	struct der text;
	bool utc = take(in, DER_UTC_TIME, &text);
	char digits[16] = "";
	struct tm tm = { 0 };
	size_t n;

	if (!utc && !take(in, DER_TIME, &text))
		return false;
	n = (size_t)(text.end - text.at);
	if (n != (utc ? 13 : 15))
		return false;
	snprintf(digits, sizeof(digits), "%s%.*s",
		 !utc             ? "" :
		 text.at[0] < '5' ? "20" :
				    "19",
		 (int)(utc ? n : n - 1), (const char *)text.at);
	if (text.end[-1] != 'Z' || strspn(digits, "0123456789") < 14 ||
	    sscanf(digits, "%4d%2d%2d%2d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
		   &tm.tm_min, &tm.tm_sec) != 6) /* NOLINT(cert-err34-c) */
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*at = timegm(&tm);
	return true;
}

static bool read_serial(struct der *in, char *serial)
{
	char hex[2 * WECHATPAY_SERIAL_MAX + 1];
	struct der number;
	size_t n;

	if (!take(in, DER_INTEGER, &number))
		return false;
	if (number.end - number.at > 1 && !*number.at)
		number.at++;
	n = (size_t)(number.end - number.at);
	if (!n || 2 * n > WECHATPAY_SERIAL_MAX)
		return false;
	hex_encode(number.at, n, hex);
	for (char *c = hex; *c; c++)
		*serial++ = (char)(*c >= 'a' ? *c - 'a' + 'A' : *c);
	*serial = '\0';
	return true;
}

/* TBSCertificate: version, serial, algorithm, issuer, validity, subject, key. */
static bool read_certificate(struct der in, struct wechatpay_key *key)
{
	struct der certificate, tbs, skipped, validity, rest;

	if (!take(&in, DER_SEQUENCE, &certificate) || in.at != in.end ||
	    !take(&certificate, DER_SEQUENCE, &tbs))
		return false;
	if (tbs.at < tbs.end && *tbs.at == DER_VERSION && !take(&tbs, DER_VERSION, &skipped))
		return false;
	if (!read_serial(&tbs, key->serial) || !take(&tbs, DER_SEQUENCE, &skipped) ||
	    !take(&tbs, DER_SEQUENCE, &skipped) || !take(&tbs, DER_SEQUENCE, &validity) ||
	    !read_time(&validity, &key->not_before) || !read_time(&validity, &key->not_after) ||
	    !take(&tbs, DER_SEQUENCE, &skipped))
		return false;
	rest = (struct der){ tbs.at, tbs.end };
	if (!take(&tbs, DER_SEQUENCE, &skipped))
		return false;
	rest.end = tbs.at;
	return read_public(rest, key);
}

/* The bytes of the first block with this label (RFC 7468). */
static bool read_pem(const char *pem, const char *label, struct buffer *der)
{
	char begin[LINE_MAX_LEN], end[LINE_MAX_LEN];
	struct buffer base64 = BUFFER_INIT;
	const char *at, *stop;
	bool good;

	snprintf(begin, sizeof(begin), "-----BEGIN %s-----", label);
	snprintf(end, sizeof(end), "-----END %s-----", label);
	at = strstr(pem, begin);
	stop = at ? strstr(at, end) : NULL;
	if (!stop || stop - at > WECHATPAY_PEM_MAX)
		return false;
	for (at += strlen(begin); at < stop; at++)
		if (!strchr(" \t\r\n", *at))
			buffer_putc(&base64, *at);
	good = base64.len && base64_decode(der, base64.data, base64.len);
	buffer_release(&base64);
	return good;
}

static bool same_key(const struct wechatpay_key *a, const struct wechatpay_key *b)
{
	return a->modulus_size == b->modulus_size && a->exponent_size == b->exponent_size &&
	       !memcmp(a->modulus, b->modulus, a->modulus_size) &&
	       !memcmp(a->exponent, b->exponent, a->exponent_size);
}

static enum wechatpay_key_result add(struct wechatpay_keys *keys, const struct wechatpay_key *key)
{
	const struct wechatpay_key *old = wechatpay_keys_find(keys, key->serial);

	if (old)
		return same_key(old, key) ? WECHATPAY_KEY_OK : WECHATPAY_KEY_TWICE;
	if (keys->count == WECHATPAY_KEYS_MAX)
		return WECHATPAY_KEY_TOO_MANY;
	keys->key[keys->count++] = *key;
	return WECHATPAY_KEY_OK;
}

enum wechatpay_key_result wechatpay_keys_add_public(struct wechatpay_keys *keys, const char *id,
						    const char *pem)
{
	struct wechatpay_key key = { .not_after = 0 };
	struct buffer der = BUFFER_INIT;
	size_t n = strlen(id);
	enum wechatpay_key_result result = WECHATPAY_KEY_NO_PEM;

	if (!n || n > WECHATPAY_SERIAL_MAX || strspn(id, SERIAL_CHARACTERS) != n)
		return WECHATPAY_KEY_BAD_NAME;
	memcpy(key.serial, id, n);
	if (read_pem(pem, "PUBLIC KEY", &der)) {
		const uint8_t *at = (const uint8_t *)der.data;

		result = read_public((struct der){ at, at + der.len }, &key) ? add(keys, &key) :
									       WECHATPAY_KEY_NO_RSA;
	}
	buffer_release(&der);
	return result;
}

enum wechatpay_key_result wechatpay_keys_add_certificate(struct wechatpay_keys *keys,
							 const char *pem,
							 struct wechatpay_validity *found)
{
	struct wechatpay_key key = { .not_after = 0 };
	struct buffer der = BUFFER_INIT;
	enum wechatpay_key_result result = WECHATPAY_KEY_NO_PEM;

	if (read_pem(pem, "CERTIFICATE", &der)) {
		const uint8_t *at = (const uint8_t *)der.data;

		result = read_certificate((struct der){ at, at + der.len }, &key) ?
				 add(keys, &key) :
				 WECHATPAY_KEY_NO_RSA;
	}
	if (result == WECHATPAY_KEY_OK && found) {
		memcpy(found->serial, key.serial, sizeof(found->serial));
		found->not_before = key.not_before;
		found->not_after = key.not_after;
	}
	buffer_release(&der);
	return result;
}

const struct wechatpay_key *wechatpay_keys_find(const struct wechatpay_keys *keys,
						const char *serial)
{
	for (size_t i = 0; i < keys->count; i++)
		if (!strcmp(keys->key[i].serial, serial))
			return &keys->key[i];
	return NULL;
}

size_t wechatpay_keys_count(const struct wechatpay_keys *keys)
{
	return keys->count;
}

struct wechatpay_keys *wechatpay_keys_new(void)
{
	return xcalloc(1, sizeof(struct wechatpay_keys));
}

void wechatpay_keys_free(struct wechatpay_keys *keys)
{
	free(keys);
}

/* A small text file; false when it is not there, too large or not text. */
static bool slurp(const char *path, char text[WECHATPAY_PEM_MAX + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;
	size_t len = 0;

	if (fd < 0)
		return false;
	while (len < WECHATPAY_PEM_MAX && n) {
		n = read(fd, text + len, WECHATPAY_PEM_MAX - len);
		if (n < 0 && errno != EINTR)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	text[len] = '\0';
	return n >= 0 && len < WECHATPAY_PEM_MAX && strlen(text) == len;
}

static void report(const char *path, enum wechatpay_key_result result)
{
	if (result != WECHATPAY_KEY_OK)
		log_line(LOG_FAULT, "wechatpay.key", "file=%s result=%s", path,
			 wechatpay_key_result_names[result]);
}

static void add_folder(struct wechatpay_keys *keys, const char *folder)
{
	char text[WECHATPAY_PEM_MAX + 1];
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);
		char *path;

		if (n < 5 || strcmp(entry->d_name + n - 4, ".pem") != 0)
			continue;
		path = xprintf("%s/%s", folder, entry->d_name);
		report(path, slurp(path, text) ? wechatpay_keys_add_certificate(keys, text, NULL) :
						 WECHATPAY_KEY_NO_PEM);
		free(path);
	}
	if (!dir)
		log_line(LOG_FAULT, "wechatpay.key", "folder=%s: %s", folder, strerror(errno));
	else
		closedir(dir);
}

struct wechatpay_keys *wechatpay_keys_open(const struct config *config)
{
	struct wechatpay_keys *keys = wechatpay_keys_new();
	const char *file = config_text(config, "wechatpay_public_key_file");
	const char *folder = config_text(config, "wechatpay_certificate_dir");
	char text[WECHATPAY_PEM_MAX + 1];

	if (*file)
		report(file,
		       slurp(file, text) ?
			       wechatpay_keys_add_public(
				       keys, config_text(config, "wechatpay_public_key_id"), text) :
			       WECHATPAY_KEY_NO_PEM);
	if (*folder)
		add_folder(keys, folder);
	return keys;
}
