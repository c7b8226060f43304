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

struct stored {
	unsigned n, r, p;
	uint8_t salt[SALT_SIZE], hash[HASH_SIZE];
};

static void derive(const char *password, const struct stored *s, uint8_t out[HASH_SIZE])
{
	if (EVP_PBE_scrypt(password, strlen(password), s->salt, SALT_SIZE, s->n, s->r, s->p,
			   MEMORY_MAX, out, HASH_SIZE) != 1)
		die("scrypt failed: %s", ERR_reason_error_string(ERR_get_error()));
}

void password_hash(const char *password, struct buffer *out)
{
	struct stored s = { .n = COST_N, .r = COST_R, .p = COST_P };
	char salt[2 * SALT_SIZE + 1], hash[2 * HASH_SIZE + 1];

	random_bytes(s.salt, SALT_SIZE);
	derive(password, &s, s.hash);
	hex_encode(s.salt, SALT_SIZE, salt);
	hex_encode(s.hash, HASH_SIZE, hash);
	buffer_printf(out, "scrypt$%u$%u$%u$%s$%s", s.n, s.r, s.p, salt, hash);
	explicit_bzero(&s, sizeof(s));
}

static bool parse(const char *text, struct stored *s)
{
	char salt[2 * SALT_SIZE + 1], hash[2 * HASH_SIZE + 1];
	int end = 0;

	return sscanf(text, "scrypt$%9u$%3u$%3u$%32[0-9a-f]$%64[0-9a-f]%n", &s->n, &s->r, &s->p,
		      salt, hash, &end) == 5 &&
	       !text[end] && hex_decode(salt, s->salt, SALT_SIZE) &&
	       hex_decode(hash, s->hash, HASH_SIZE);
}

bool password_matches(const char *password, const char *stored)
{
	struct stored s = { .n = COST_N, .r = COST_R, .p = COST_P };
	uint8_t hash[HASH_SIZE];
	bool same;

	if (stored && !parse(stored, &s))
		die("a stored password is malformed");
	derive(password, &s, hash);
	same = equal_secrets(hash, s.hash, HASH_SIZE) && stored;
	explicit_bzero(hash, sizeof(hash));
	explicit_bzero(&s, sizeof(s));
	return same;
}
