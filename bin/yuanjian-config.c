/* yuanjian-config.c: checks a config file and its key ring, and tells which keys
 * a config can have. */
#include "base/base.h"

#include "base/config.h"
#include "vault/vault.h"

static const char usage[] = "usage: yuanjian-config --check FILE | --list\n";

static const char *const type_names[CONFIG_TYPE_COUNT] = {
	[CONFIG_TEXT] = "text",   [CONFIG_PATH] = "absolute path",
	[CONFIG_URL] = "address", [CONFIG_ORIGIN] = "address without a path",
	[CONFIG_INT] = "number",  [CONFIG_FLAG] = "yes or no",
};

/* A ring that is missing or malformed ends the program with its own word. */
static bool check_ring(const struct config *config)
{
	struct vault *vault = vault_open(config);
	bool good = vault_has_face_key(vault);

	if (!good)
		fprintf(stderr, "%s: no key to keep faces with: add a line \"1 face HEX\"\n",
			config_text(config, "keyring_file"));
	vault_close(vault);
	return good;
}

static int check(const char *path)
{
	struct buffer why = BUFFER_INIT;
	struct config *config = config_load(path, &why);
	bool good = config && check_ring(config);

	if (good)
		printf("%s: good\n", path);
	else
		fputs(buffer_text(&why), stderr);
	config_free(config);
	buffer_release(&why);
	return good ? 0 : 1;
}

static void tell(const struct config_key *key)
{
	printf("%s (%s", key->name, type_names[key->type]);
	if (key->type == CONFIG_INT)
		printf(" from %ld to %ld", key->min, key->max);
	if (key->required)
		printf(", required");
	if (key->secret)
		printf(", in the secrets file");
	if (key->fallback)
		printf(", else %s", key->fallback);
	printf(")\n    %s\n", key->help);
}

static int list(void)
{
	for (size_t i = 0; i < config_key_count; i++)
		tell(&config_keys[i]);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--check") == 0)
		return check(argv[2]);
	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}
