/* vault-test.c: sealing, opening, altered values, and the key ring file. */
#include "vault/vault.h"

#include <setjmp.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
#define RING "# a comment\n\n1 seal " KEY_A "\n1 index " KEY_A "\n"

static char folder[] = "/tmp/vault-test-XXXXXX";

static void write_file(const char *name, const char *text, mode_t mode)
{
	char *path = xprintf("%s/%s", folder, name);

	unlink(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	free(path);
}

static struct config *config_for(const char *ring, mode_t mode)
{
	struct buffer why = BUFFER_INIT;
	char *text = xprintf("public_url = http://127.0.0.1:1\nintranet_url = http://127.0.0.1:2\n"
			     "db_socket = /x\nsecrets_file = %s/secrets\nkeyring_file = %s/ring\n"
			     "wechat_appid = wx\nwechat_authorize_url = http://127.0.0.1:3\n"
			     "wechat_api_url = http://127.0.0.1:3\ndemo = yes\n",
			     folder, folder);
	char *path = xprintf("%s/conf", folder);

	if (ring)
		write_file("ring", ring, mode);
	write_file("secrets", "wechat_secret = x\ndb_password_apply = x\ndb_password_clerk = x\n",
		   0600);
	write_file("conf", text, 0600);
	struct config *config = config_load(path, &why);
	if (!config)
		fail_msg("%s", buffer_text(&why));
	free(path);
	free(text);
	return config;
}

static struct vault *open_ring(const char *ring)
{
	struct config *config = config_for(ring, 0600);
	struct vault *v = vault_open(config);

	config_free(config);
	return v;
}

static int set_up(void **state)
{
	*state = open_ring(RING);
	return 0;
}

static int tear_down(void **state)
{
	vault_close(*state);
	return 0;
}

static void test_round_trip(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4095, 4096, 4097, 1 << 20 };
	struct buffer sealed = BUFFER_INIT, plain = BUFFER_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t n = sizes[i];
		uint8_t *data = xmalloc(n);

		random_bytes(data, n);
		buffer_reset(&sealed);
		buffer_reset(&plain);
		buffer_puts(&sealed, "in front");
		buffer_puts(&plain, "before");
		vault_seal(*state, "t.c:1", data, n, &sealed);
		assert_int_equal(sealed.len, 8 + n + VAULT_OVERHEAD);
		assert_true(vault_unseal(*state, "t.c:1", sealed.data + 8, sealed.len - 8, &plain));
		assert_int_equal(plain.len, 6 + n);
		assert_memory_equal(plain.data, "before", 6);
		assert_memory_equal(plain.data + 6, data, n);
		free(data);
	}
	buffer_release(&sealed);
	buffer_release(&plain);
}

/* As long as a small picture. */
static void test_long_altered(void **state)
{
	static uint8_t text[5000];
	struct buffer sealed = BUFFER_INIT, plain = BUFFER_INIT;

	vault_seal(*state, "t.c:1", text, sizeof(text), &sealed);
	for (size_t i = 0; i < sealed.len; i += i < 40 || i > 4990 ? 1 : 97) {
		sealed.data[i] ^= 4;
		assert_false(vault_unseal(*state, "t.c:1", sealed.data, sealed.len, &plain));
		sealed.data[i] ^= 4;
	}
	assert_false(vault_unseal(*state, "t.c:2", sealed.data, sealed.len, &plain));
	assert_int_equal(plain.len, 0);
	assert_true(vault_unseal(*state, "t.c:1", sealed.data, sealed.len, &plain));
	buffer_release(&sealed);
	buffer_release(&plain);
}

static void test_every_byte_counts(void **state)
{
	struct buffer sealed = BUFFER_INIT, plain = BUFFER_INIT;
	static const char text[] = "110101199003070012";

	vault_seal(*state, "t.c:1", text, strlen(text), &sealed);
	for (size_t i = 0; i < sealed.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			sealed.data[i] ^= (char)(1 << bit);
			assert_false(
				vault_unseal(*state, "t.c:1", sealed.data, sealed.len, &plain));
			sealed.data[i] ^= (char)(1 << bit);
		}
	for (size_t n = 0; n < sealed.len; n++)
		assert_false(vault_unseal(*state, "t.c:1", sealed.data, n, &plain));
	assert_int_equal(plain.len, 0);
	assert_false(vault_unseal(*state, "t.c:2", sealed.data, sealed.len, &plain));
	assert_false(vault_unseal(*state, "", sealed.data, sealed.len, &plain));
	assert_true(vault_unseal(*state, "t.c:1", sealed.data, sealed.len, &plain));
	assert_string_equal(plain.data, text);
	buffer_release(&sealed);
	buffer_release(&plain);
}

static void test_never_the_same_twice(void **state)
{
	struct buffer one = BUFFER_INIT, two = BUFFER_INIT;

	vault_seal(*state, "t.c:1", "x", 1, &one);
	vault_seal(*state, "t.c:1", "x", 1, &two);
	assert_memory_not_equal(one.data, two.data, one.len);
	buffer_release(&one);
	buffer_release(&two);
}

/* The form is as vault.h says, read by OpenSSL and our HMAC alone. */
static void check_form(struct vault *v, size_t size)
{
	static const char context[] = "t.c:1";
	static uint8_t text[5000], plain[5000];
	struct buffer sealed = BUFFER_INIT;
	uint8_t raw[32], key[SHA256_SIZE];
	int n, more;

	random_bytes(text, size);
	vault_seal(v, context, text, size, &sealed);
	uint8_t *at = (uint8_t *)sealed.data;
	assert_memory_equal(at, "\1\0\0\0\1", 5);
	assert_true(hex_decode(KEY_A, raw, sizeof(raw)));
	digest_hmac_sha256(raw, sizeof(raw), "yuanjian vault seal", 19, key);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	assert_true(EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, at + 5));
	assert_true(EVP_DecryptUpdate(c, NULL, &n, (const uint8_t *)context, 5));
	assert_true(EVP_DecryptUpdate(c, plain, &n, at + 17, (int)size));
	assert_true(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, 16, at + 17 + size));
	assert_true(EVP_DecryptFinal_ex(c, plain + n, &more));
	assert_memory_equal(plain, text, size);
	EVP_CIPHER_CTX_free(c);
	buffer_release(&sealed);
}

static void test_form(void **state)
{
	static const size_t sizes[] = { 1, 5, 18, 64, 1000, 4096, 4097, 5000 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		check_form(*state, sizes[i]);
}

static void test_rotation(void **state)
{
	struct vault *before = *state;
	struct vault *after = open_ring(RING "7 seal " KEY_B "\n");
	struct vault *later = open_ring("7 seal " KEY_B "\n1 index " KEY_A "\n");
	struct buffer old = BUFFER_INIT, fresh = BUFFER_INIT, plain = BUFFER_INIT;

	vault_seal(before, "c", "old", 3, &old);
	vault_seal(after, "c", "new", 3, &fresh);
	assert_memory_equal(fresh.data, "\1\0\0\0\7", 5);
	assert_true(vault_unseal(after, "c", old.data, old.len, &plain));
	assert_true(vault_unseal(after, "c", fresh.data, fresh.len, &plain));
	assert_true(vault_unseal(later, "c", fresh.data, fresh.len, &plain));
	assert_string_equal(plain.data, "oldnewnew");
	assert_false(vault_unseal(later, "c", old.data, old.len, &plain));
	assert_false(vault_unseal(before, "c", fresh.data, fresh.len, &plain));
	vault_close(after);
	vault_close(later);
	buffer_release(&old);
	buffer_release(&fresh);
	buffer_release(&plain);
}

static void test_face(void **state)
{
	struct vault *both = open_ring(RING "1 face " KEY_A "\n");
	struct vault *next = open_ring(RING "1 face " KEY_A "\n2 face " KEY_B "\n");
	struct vault *after = open_ring(RING "2 face " KEY_B "\n");
	struct buffer face = BUFFER_INIT, late = BUFFER_INIT, other = BUFFER_INIT;
	struct buffer plain = BUFFER_INIT;

	assert_false(vault_has_face_key(*state));
	assert_true(vault_has_face_key(both));
	vault_seal_face(both, "c", "face", 4, &face);
	vault_seal(both, "c", "text", 4, &other);
	assert_int_equal(face.len, 4 + VAULT_OVERHEAD);
	assert_true(vault_unseal_face(both, "c", face.data, face.len, &plain));
	assert_string_equal(plain.data, "face");
	assert_false(vault_unseal_face(both, "d", face.data, face.len, &plain));
	/* the same bytes in the ring and the same number: still two keys */
	assert_false(vault_unseal(both, "c", face.data, face.len, &plain));
	assert_false(vault_unseal_face(both, "c", other.data, other.len, &plain));
	/* destroyed with its key; what came later and the rest stay */
	vault_seal_face(next, "c", "late", 4, &late);
	assert_memory_equal(late.data, "\1\0\0\0\2", 5);
	assert_true(vault_unseal_face(next, "c", face.data, face.len, &plain));
	assert_false(vault_unseal_face(after, "c", face.data, face.len, &plain));
	assert_true(vault_unseal_face(after, "c", late.data, late.len, &plain));
	assert_true(vault_unseal(after, "c", other.data, other.len, &plain));
	assert_false(vault_unseal_face(*state, "c", face.data, face.len, &plain));
	assert_string_equal(plain.data, "facefacelatetext");
	vault_close(both);
	vault_close(next);
	vault_close(after);
	buffer_release(&face);
	buffer_release(&late);
	buffer_release(&other);
	buffer_release(&plain);
}

/* No other key takes its place. */
static void test_no_face_key(void **state)
{
	struct buffer out = BUFFER_INIT;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		vault_seal_face(*state, "c", "face", 4, &out);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void test_index(void **state)
{
	uint8_t a[SHA256_SIZE], b[SHA256_SIZE], key[SHA256_SIZE], raw[32];

	vault_index(*state, "id_number", "x", a);
	vault_index(*state, "id_number", "x", b);
	assert_memory_equal(a, b, sizeof(a));
	vault_index(*state, "mobile", "x", b);
	assert_memory_not_equal(a, b, sizeof(a));
	vault_index(*state, "id_numbe", "rx", b);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(hex_decode(KEY_A, raw, sizeof(raw)));
	digest_hmac_sha256(raw, sizeof(raw), "yuanjian vault index", 20, key);
	digest_hmac_sha256(key, sizeof(key), "id_number\0x", 11, b);
	assert_memory_equal(a, b, sizeof(a));
}

static bool ring_dies(const char *ring, mode_t mode)
{
	struct config *config = config_for(ring, mode);
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		vault_open(config);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	config_free(config);
	return status != 0;
}

static void test_bad_rings(void **state)
{
	static const char *const rings[] = {
		"",
		"1 seal " KEY_A "\n",
		"1 index " KEY_A "\n",
		RING "2 seal\n",
		RING "2\n",
		RING "x seal " KEY_B "\n",
		RING "0 seal " KEY_B "\n",
		RING "4294967296 seal " KEY_B "\n",
		RING "2 other " KEY_B "\n",
		RING "1 seal " KEY_B "\n",
		RING "2 seal " KEY_B "00\n",
		RING "2 seal 00\n",
		RING "2 seal " KEY_B " \n",
		RING "2  seal " KEY_B "\n",
	};

	(void)state;
	assert_false(ring_dies(RING, 0600));
	assert_false(ring_dies(RING, 0400));
	assert_true(ring_dies(RING, 0640));
	assert_true(ring_dies(RING, 0604));
	for (size_t i = 0; i < ARRAY_SIZE(rings); i++)
		if (!ring_dies(rings[i], 0600))
			fail_msg("ring %zu was taken", i);
	char *path = xprintf("%s/ring", folder);
	unlink(path);
	assert_true(ring_dies(NULL, 0));
	assert_int_equal(symlink("secrets", path), 0);
	assert_true(ring_dies(NULL, 0));
	free(path);
}

static int begin(void **state UNUSED)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state UNUSED)
{
	static const char *const names[] = { "ring", "secrets", "conf" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = xprintf("%s/%s", folder, names[i]);

		unlink(path);
		free(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_byte_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long_altered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_never_the_same_twice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rotation, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_face, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_face_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_index, set_up, tear_down),
		cmocka_unit_test(test_bad_rings),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
