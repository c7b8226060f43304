/* wechatpay-sign.c: the merchant's private key and what it signs. */
#include "service/wechatpay-crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/die.h"
#include "base/log.h"

#define BITS_MIN 2048
#define BITS_MAX 4096

struct wechatpay_signer {
	EVP_PKEY *key;
};

/* What OpenSSL has to say goes to the log; its queue is empty afterwards. */
static void drain(const char *what)
{
	char text[160];
	unsigned long code;

	while ((code = ERR_get_error()) != 0) {
		ERR_error_string_n(code, text, sizeof(text));
		log_line(LOG_FAULT, "wechatpay.crypto", "%s: %s", what, text);
	}
}

static FILE *open_private(const char *path, struct buffer *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	FILE *file = NULL;

	if (fd < 0)
		buffer_printf(why, "%s: cannot open: %s", path, strerror(errno));
	else if (fstat(fd, &st) || !S_ISREG(st.st_mode) || (st.st_mode & 0177))
		buffer_printf(why, "%s: must be a plain file of mode 0600 or stricter", path);
	else if (!(file = fdopen(fd, "r")))
		die("fdopen: %s", strerror(errno));
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* A key under a passphrase is refused: a program cannot type it. */
static int no_passphrase(char *out UNUSED, int size UNUSED, int writing UNUSED, void *data UNUSED)
{
	return -1;
}

struct wechatpay_signer *wechatpay_signer_open(const char *path, struct buffer *why)
{
	FILE *file = open_private(path, why);
	struct wechatpay_signer *signer;
	EVP_PKEY *key;

	if (!file)
		return NULL;
	key = PEM_read_PrivateKey(file, NULL, no_passphrase, NULL);
	fclose(file);
	drain("private key");
	if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
	    EVP_PKEY_get_bits(key) < BITS_MIN || EVP_PKEY_get_bits(key) > BITS_MAX) {
		buffer_printf(why, "%s: no RSA private key of %d to %d bits", path, BITS_MIN,
			      BITS_MAX);
		EVP_PKEY_free(key);
		return NULL;
	}
	signer = xcalloc(1, sizeof(*signer));
	signer->key = key;
	return signer;
}

void wechatpay_signer_free(struct wechatpay_signer *signer)
{
	if (!signer)
		return;
	EVP_PKEY_free(signer->key);
	free(signer);
}

void wechatpay_sign(const struct wechatpay_signer *signer, const void *text, size_t n,
		    struct buffer *out)
{
	uint8_t signature[BITS_MAX / 8];
	size_t size = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (!ctx || EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, signer->key) != 1 ||
	    EVP_DigestSign(ctx, signature, &size, text, n) != 1) {
		drain("signature");
		die("RSA signature failed");
	}
	EVP_MD_CTX_free(ctx);
	base64_encode(out, signature, size);
}

void wechatpay_authorization(const struct wechatpay_signer *signer, const char *mchid,
			     const char *serial, int64_t time, const char *nonce,
			     const char *method, const char *path, const void *body,
			     size_t body_len, struct buffer *out)
{
	struct buffer text = BUFFER_INIT;

	wechatpay_request_text(&text, method, path, time, nonce, body, body_len);
	buffer_printf(out,
		      "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%lld\","
		      "serial_no=\"%s\",signature=\"",
		      mchid, nonce, (long long)time, serial);
	wechatpay_sign(signer, text.data, text.len, out);
	buffer_putc(out, '"');
	buffer_wipe(&text);
}
