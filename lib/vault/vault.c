/* vault.c: sealing of personal data and blind indexes. */

/* EVP brings the tables of all its algorithms into a program: 0.5 MB to be
 * relocated at each start, and 0.8 ms more at first use, which is as long as
 * the rest of a page. So this file uses the low-level functions, which are
 * marked as deprecated, not as unsafe: 6 ms for a megabyte, where EVP takes 2.
 * The tests open with EVP what is sealed here. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/aes.h>
#include <openssl/crypto.h>
#include <openssl/modes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/log.h"

#define KEY_SIZE 32
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define FORM_1 1
#define HEAD_SIZE (1 + 4)
#define KEYS_MAX 64
#define KEYRING_MAX 16384

enum purpose { SEAL, INDEX, FACE, PURPOSE_COUNT };

static const char *const purpose_names[PURPOSE_COUNT] = {
	[SEAL] = "seal",
	[INDEX] = "index",
	[FACE] = "face",
};

struct key {
	uint32_t number;
	enum purpose purpose;
	uint8_t bytes[KEY_SIZE];
};

struct vault {
	struct key key[KEYS_MAX];
	size_t count;
};

/* The log gets the error, never the line, which holds a key. */
static void add_key(struct vault *v, char *line, int n)
{
	const char *number = strsep(&line, " "), *purpose = strsep(&line, " ");
	struct key *key = &v->key[v->count];
	uint8_t raw[KEY_SIZE];
	char label[32], *end;

	if (!purpose || !line)
		die("key ring, line %d: not number, purpose, hex", n);
	unsigned long value = strtoul(number, &end, 10);
	if (*end || !value || value > UINT32_MAX)
		die("key ring, line %d: no number", n);
	for (key->purpose = 0; key->purpose < PURPOSE_COUNT; key->purpose++)
		if (!strcmp(purpose, purpose_names[key->purpose]))
			break;
	if (key->purpose == PURPOSE_COUNT)
		die("key ring, line %d: unknown purpose", n);
	for (size_t i = 0; i < v->count; i++)
		if (v->key[i].number == value && v->key[i].purpose == key->purpose)
			die("key ring, line %d: number given twice", n);
	if (!hex_decode(line, raw, sizeof(raw)))
		die("key ring, line %d: not %d hex digits", n, 2 * KEY_SIZE);
	if (++v->count == KEYS_MAX)
		die("key ring: too many keys");
	key->number = (uint32_t)value;
	/* One step away from the file, so that a key written for two purposes
	 * still is two keys. */
	snprintf(label, sizeof(label), "yuanjian vault %s", purpose);
	digest_hmac_sha256(raw, sizeof(raw), label, strlen(label), key->bytes);
	explicit_bzero(raw, sizeof(raw));
}

static void parse(struct vault *v, char *text)
{
	char *line;

	for (int n = 1; (line = strsep(&text, "\n")); n++)
		if (*line && *line != '#')
			add_key(v, line, n);
}

static void read_ring(struct vault *v, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[KEYRING_MAX + 1];
	size_t len = 0;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		die("key ring: %s", strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_mode & 077)
		die("key ring: must be a plain file of mode 0600");
	while ((n = read(fd, text + len, KEYRING_MAX - len)) != 0) {
		if (n < 0 && errno != EINTR)
			die("key ring: %s", strerror(errno));
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	if (len == KEYRING_MAX)
		die("key ring: too large");
	text[len] = '\0';
	parse(v, text);
	explicit_bzero(text, sizeof(text));
}

/* The key of that number, or the newest for number 0; NULL if there is none. */
static const struct key *find_key(const struct vault *v, enum purpose purpose, uint32_t number)
{
	const struct key *found = NULL;

	for (size_t i = 0; i < v->count; i++) {
		const struct key *key = &v->key[i];

		if (key->purpose != purpose || (number && key->number != number))
			continue;
		if (!found || key->number > found->number)
			found = key;
	}
	return found;
}

static const struct key *newest_key(const struct vault *v, enum purpose purpose)
{
	const struct key *key = find_key(v, purpose, 0);

	if (!key)
		die("key ring: no key to %s", purpose_names[purpose]);
	return key;
}

struct vault *vault_open(const struct config *config)
{
	struct vault *v = xcalloc(1, sizeof(*v));

	read_ring(v, config_text(config, "keyring_file"));
	newest_key(v, SEAL);
	newest_key(v, INDEX);
	return v;
}

void vault_close(struct vault *v)
{
	if (!v)
		return;
	explicit_bzero(v, sizeof(*v));
	free(v);
}

/* One value on its way in or out. */
struct passage {
	const struct key *key;
	const char *context;
	const uint8_t *nonce, *in;
	uint8_t *out;
	size_t n;
};

static GCM128_CONTEXT *begin(const struct passage *p, AES_KEY *aes)
{
	GCM128_CONTEXT *gcm;

	AES_set_encrypt_key(p->key->bytes, 8 * KEY_SIZE, aes);
	gcm = CRYPTO_gcm128_new(aes, (block128_f)AES_encrypt);
	if (!gcm)
		die("out of memory");
	CRYPTO_gcm128_setiv(gcm, p->nonce, NONCE_SIZE);
	if (CRYPTO_gcm128_aad(gcm, (const uint8_t *)p->context, strlen(p->context)))
		die("vault: context of %zu bytes", strlen(p->context));
	return gcm;
}

static void seal(const struct passage *p, uint8_t tag[TAG_SIZE])
{
	AES_KEY aes;
	GCM128_CONTEXT *gcm = begin(p, &aes);

	if (CRYPTO_gcm128_encrypt(gcm, p->in, p->out, p->n))
		die("vault: %zu bytes to seal", p->n);
	CRYPTO_gcm128_tag(gcm, tag, TAG_SIZE);
	CRYPTO_gcm128_release(gcm);
	explicit_bzero(&aes, sizeof(aes));
}

static bool unseal(const struct passage *p, const uint8_t tag[TAG_SIZE])
{
	AES_KEY aes;
	GCM128_CONTEXT *gcm = begin(p, &aes);
	bool ok = !CRYPTO_gcm128_decrypt(gcm, p->in, p->out, p->n) &&
		  !CRYPTO_gcm128_finish(gcm, tag, TAG_SIZE);

	CRYPTO_gcm128_release(gcm);
	explicit_bzero(&aes, sizeof(aes));
	return ok;
}

static void seal_for(struct vault *v, enum purpose purpose, const char *context, const void *data,
		     size_t n, struct buffer *out)
{
	const struct key *key = newest_key(v, purpose);
	uint8_t *at = (uint8_t *)buffer_room(out, n + VAULT_OVERHEAD);
	uint8_t *text = at + HEAD_SIZE + NONCE_SIZE;
	struct passage p = { key, context, at + HEAD_SIZE, data, text, n };

	if (n > INT32_MAX)
		die("vault: %zu bytes to seal", n);
	at[0] = FORM_1;
	at[1] = (uint8_t)(key->number >> 24);
	at[2] = (uint8_t)(key->number >> 16);
	at[3] = (uint8_t)(key->number >> 8);
	at[4] = (uint8_t)key->number;
	random_bytes(at + HEAD_SIZE, NONCE_SIZE);
	seal(&p, text + n);
	out->len += n + VAULT_OVERHEAD;
	out->data[out->len] = '\0';
}

/* Decrypts into out; false when the tag says that something was altered. */
static bool open_sealed(const struct key *key, const char *context, const uint8_t *sealed, size_t n,
			struct buffer *out)
{
	const uint8_t *text = sealed + HEAD_SIZE + NONCE_SIZE;
	size_t plain = n - VAULT_OVERHEAD;
	uint8_t *at = (uint8_t *)buffer_room(out, plain + 1);
	struct passage p = { key, context, sealed + HEAD_SIZE, text, at, plain };

	bool ok = unseal(&p, text + plain);

	if (ok)
		out->len += plain;
	else
		explicit_bzero(at, plain);
	out->data[out->len] = '\0';
	return ok;
}

static bool unseal_for(struct vault *v, enum purpose purpose, const char *context,
		       const void *sealed, size_t n, struct buffer *out)
{
	const uint8_t *at = sealed;

	if (n < VAULT_OVERHEAD || n > INT32_MAX || at[0] != FORM_1) {
		log_line(LOG_FAULT, "vault.form", "context=%s bytes=%zu", context, n);
		return false;
	}
	uint32_t number = (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 |
			  at[4];
	const struct key *key = number ? find_key(v, purpose, number) : NULL;
	if (!key) {
		log_line(LOG_FAULT, "vault.key", "context=%s number=%u", context, number);
		return false;
	}
	if (!open_sealed(key, context, at, n, out)) {
		log_line(LOG_FAULT, "vault.altered", "context=%s", context);
		return false;
	}
	return true;
}

void vault_seal(struct vault *v, const char *context, const void *data, size_t n,
		struct buffer *out)
{
	seal_for(v, SEAL, context, data, n, out);
}

bool vault_unseal(struct vault *v, const char *context, const void *sealed, size_t n,
		  struct buffer *out)
{
	return unseal_for(v, SEAL, context, sealed, n, out);
}

bool vault_has_face_key(const struct vault *v)
{
	return find_key(v, FACE, 0) != NULL;
}

void vault_seal_face(struct vault *v, const char *context, const void *data, size_t n,
		     struct buffer *out)
{
	seal_for(v, FACE, context, data, n, out);
}

bool vault_unseal_face(struct vault *v, const char *context, const void *sealed, size_t n,
		       struct buffer *out)
{
	return unseal_for(v, FACE, context, sealed, n, out);
}

void vault_index(struct vault *v, const char *domain, const char *text, uint8_t out[SHA256_SIZE])
{
	struct buffer both = BUFFER_INIT;
	const struct key *key = newest_key(v, INDEX);

	buffer_add(&both, domain, strlen(domain) + 1); /* the NUL parts them */
	buffer_puts(&both, text);
	digest_hmac_sha256(key->bytes, sizeof(key->bytes), both.data, both.len, out);
	buffer_wipe(&both);
}
