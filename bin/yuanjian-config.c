/* yuanjian-config.c: checks a config file and tells which keys there are. */
#include "base/base.h"

#include "base/config.h"

static const char usage[] = "usage: yuanjian-config --check FILE | --list\n";

static const char *const type_names[CONFIG_TYPE_COUNT] = {
	[CONFIG_TEXT] = "text",   [CONFIG_PATH] = "absolute path",
	[CONFIG_URL] = "address", [CONFIG_ORIGIN] = "address without a path",
	[CONFIG_INT] = "number",  [CONFIG_FLAG] = "yes or no",
};

static int check(const char *path)
{
	struct buffer why = BUFFER_INIT;
	struct config *config = config_load(path, &why);
	bool good = config;

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
