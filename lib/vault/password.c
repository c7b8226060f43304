/* password.c: staff passwords, kept as scrypt hashes. */
#include "vault/password.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/die.h"
#include "base/digest.h"

#define COST_N 32768
#define COST_R 8
#define COST_P 1
#define MEMORY_MAX (256 * 1024 * 1024)
#define SALT_SIZE 16
#define HASH_SIZE 32

struct cost {
	unsigned n, r, p;
	uint8_t salt[SALT_SIZE];
};

static void derive(const char *password, const struct cost *s, uint8_t out[HASH_SIZE])
{
	if (EVP_PBE_scrypt(password, strlen(password), s->salt, SALT_SIZE, s->n, s->r, s->p,
			   MEMORY_MAX, out, HASH_SIZE) != 1)
		die("scrypt failed: %s", ERR_reason_error_string(ERR_get_error()));
}

static void put_derived(const char *password, const struct cost *c, struct buffer *out)
{
	char salt[2 * SALT_SIZE + 1], hash[2 * HASH_SIZE + 1];
	uint8_t key[HASH_SIZE];

	derive(password, c, key);
	hex_encode(c->salt, SALT_SIZE, salt);
	hex_encode(key, HASH_SIZE, hash);
	buffer_printf(out, "scrypt$%u$%u$%u$%s$%s", c->n, c->r, c->p, salt, hash);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(hash, sizeof(hash));
}

void password_hash(const char *password, struct buffer *out)
{
	struct cost c = { .n = COST_N, .r = COST_R, .p = COST_P };

	random_bytes(c.salt, SALT_SIZE);
	put_derived(password, &c, out);
}

static bool parse(const char *text, struct cost *c)
{
	char salt[2 * SALT_SIZE + 1];
	int end = 0;

	return sscanf(text, "scrypt$%9u$%3u$%3u$%32[0-9a-f]%n", &c->n, &c->r, &c->p, salt, &end) ==
		       4 &&
	       !text[end] && hex_decode(salt, c->salt, SALT_SIZE);
}

void password_derive(const char *password, const char *salt, struct buffer *out)
{
	struct cost c = { .n = COST_N, .r = COST_R, .p = COST_P };

	if (!*salt)
		random_bytes(c.salt, SALT_SIZE);
	else if (!parse(salt, &c))
		die("a stored password is malformed");
	put_derived(password, &c, out);
}
