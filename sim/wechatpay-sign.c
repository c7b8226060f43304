/* wechatpay-sign.c: the sim's side of the signatures. The merchant's
 * signature is verified with OpenSSL's own functions, not with those of the house. */
#include "wechatpay.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/die.h"
#include "base/digest.h"
#include "wechat-code.h"

#define SCHEME "WECHATPAY2-SHA256-RSA2048 "
#define VALUE_MAX 700
#define WINDOW_S 300

/* The five items of the header, in any order, each once. */
enum item { MCHID, NONCE, TIMESTAMP, SERIAL, SIGNATURE, ITEM_COUNT };

static const char *const items[ITEM_COUNT] = {
	[MCHID] = "mchid",      [NONCE] = "nonce_str",     [TIMESTAMP] = "timestamp",
	[SERIAL] = "serial_no", [SIGNATURE] = "signature",
};

static bool read_item(const char **at, char value[ITEM_COUNT][VALUE_MAX + 1])
{
	size_t name = strcspn(*at, "="), n;
	const char *text = *at + name + 2;

	if (strncmp(*at + name, "=\"", 2) != 0)
		return false;
	n = strcspn(text, "\"");
	if (!n || n > VALUE_MAX || text[n] != '"')
		return false;
	for (size_t i = 0; i < ITEM_COUNT; i++)
		if (strlen(items[i]) == name && !strncmp(items[i], *at, name) && !*value[i]) {
			memcpy(value[i], text, n);
			value[i][n] = '\0';
			*at = text + n + 1;
			return true;
		}
	return false;
}

static bool read_header(const char *header, char value[ITEM_COUNT][VALUE_MAX + 1])
{
	memset(value, 0, (size_t)ITEM_COUNT * (VALUE_MAX + 1));
	if (!header || strncmp(header, SCHEME, strlen(SCHEME)) != 0)
		return false;
	header += strlen(SCHEME);
	for (size_t i = 0; i < ITEM_COUNT; i++)
		if ((i && *header++ != ',') || !read_item(&header, value))
			return false;
	return !*header;
}

bool pay_signed_by_merchant(const char *base64, const struct buffer *text)
{
	char *path = sim_path("wechatpay-merchant.pem");
	FILE *file = fopen(path, "re");
	EVP_PKEY *key = file ? PEM_read_PUBKEY(file, NULL, NULL, NULL) : NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct buffer signature = BUFFER_INIT;
	bool good;

	if (!key || !ctx)
		die("no merchant key in %s", path);
	fclose(file);
	good = base64_decode(&signature, base64, strlen(base64)) &&
	       EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, (const uint8_t *)buffer_text(&signature), signature.len,
				(const uint8_t *)text->data, text->len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	buffer_release(&signature);
	free(path);
	return good;
}

const char *pay_check_signature(const struct pay *p)
{
	char value[ITEM_COUNT][VALUE_MAX + 1];
	const char *method = getenv("REQUEST_METHOD"), *uri = getenv("REQUEST_URI");
	struct buffer text = BUFFER_INIT;
	long long age;
	bool good;

	if (!read_header(getenv("HTTP_AUTHORIZATION"), value))
		return "no header";
	if (strcmp(value[MCHID], config_text(p->config, "wechatpay_mchid")) != 0)
		return "another mchid";
	if (strcmp(value[SERIAL], config_text(p->config, "wechatpay_serial")) != 0)
		return "another serial";
	age = (long long)time(NULL) - strtoll(value[TIMESTAMP], NULL, 10);
	if (age > WINDOW_S || age < -WINDOW_S || strlen(value[NONCE]) > 32 || !method || !uri)
		return "time or nonce";
	buffer_printf(&text, "%s\n%s\n%s\n%s\n", method, uri, value[TIMESTAMP], value[NONCE]);
	buffer_add(&text, buffer_text(&p->request->body), p->request->body.len);
	buffer_putc(&text, '\n');
	good = pay_signed_by_merchant(value[SIGNATURE], &text);
	buffer_release(&text);
	return good ? "" : "signature";
}

bool pay_has_certificates(void)
{
	char *path = sim_path("wechatpay-certificates-on");
	bool on = !access(path, F_OK);

	free(path);
	return on;
}

/* The certificate's serial number stands in a file beside it. */
static void read_serial(char serial[WECHATPAY_SERIAL_MAX + 1])
{
	char *path = sim_path("wechatpay-certificate.serial");
	FILE *file = fopen(path, "re");

	if (!file || !fgets(serial, WECHATPAY_SERIAL_MAX + 1, file))
		die("cannot read %s: %m", path);
	serial[strcspn(serial, "\r\n")] = '\0';
	fclose(file);
	free(path);
}

static struct wechatpay_signer *signer_of(const struct pay *p, char *serial)
{
	const char *asked = getenv("HTTP_WECHATPAY_SERIAL");
	const char *id = config_text(p->config, "wechatpay_public_key_id");
	bool by_id = !pay_has_certificates() || (asked && !strcmp(asked, id));
	char *path = sim_path(by_id ? "wechatpay-platform.key" : "wechatpay-certificate.key");
	struct buffer why = BUFFER_INIT;
	struct wechatpay_signer *signer = wechatpay_signer_open(path, &why);

	if (!signer)
		die("%s", why.data);
	if (by_id)
		snprintf(serial, WECHATPAY_SERIAL_MAX + 1, "%s", id);
	else
		read_serial(serial);
	free(path);
	return signer;
}

void pay_sign(const struct pay *p, enum flaw flaw, const void *body, size_t n,
	      struct pay_signature *s)
{
	struct wechatpay_signer *signer = signer_of(p, s->serial);
	struct buffer text = BUFFER_INIT;
	uint8_t random[16];

	random_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), s->nonce);
	snprintf(s->timestamp, sizeof(s->timestamp), "%lld",
		 (long long)time(NULL) - (flaw == FLAW_STALE ? WINDOW_S + 60 : 0));
	if (flaw == FLAW_STRANGER)
		snprintf(s->serial, sizeof(s->serial), "PUB_KEY_ID_9999999999");
	buffer_init(&s->signature);
	if (flaw == FLAW_PROBE)
		buffer_puts(&s->signature, WECHATPAY_PROBE_PREFIX);
	wechatpay_answer_text(&text, s->timestamp, s->nonce, body, n);
	if (flaw == FLAW_FORGED || flaw == FLAW_PROBE)
		buffer_putc(&text, '!');
	wechatpay_sign(signer, text.data, text.len, &s->signature);
	wechatpay_signer_free(signer);
	buffer_release(&text);
}
