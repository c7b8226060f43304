/* yuanjian-config.c: checks a config file and its key ring, and tells which keys
 * a config can have. */
#include "base/base.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "vault/vault.h"

#define GROUPS_MAX 64

static const char usage[] = "usage: yuanjian-config --check FILE | --list\n";

static const char *const type_names[CONFIG_TYPE_COUNT] = {
	[CONFIG_TEXT] = "text",   [CONFIG_PATH] = "absolute path",
	[CONFIG_URL] = "address", [CONFIG_ORIGIN] = "address without a path",
	[CONFIG_INT] = "number",  [CONFIG_FLAG] = "yes or no",
};

/* A side is known by the accounts it has passwords of; the administrator's file
 * has the owner's and runs no page. */
static const struct need {
	const char *side; /* the side with this password … */
	const char *when; /* … and is given this … */
	const char *key; /* … needs this */
} needs[] = {
	{ "db_password_apply", "wechat_appid", "wechat_secret" },
	{ "db_password_apply", "wechatpay_mchid", "wechatpay_apiv3_key" },
	{ "db_password_apply", "faceid_secret_id", "faceid_secret_key" },
	{ "db_password_push", "wechatpay_mchid", "wechatpay_apiv3_key" },
	{ "db_password_push", "wechat_token", "wechat_aes_key" },
	{ "db_password_push", "wechat_aes_key", "wechat_token" },
	{ "db_password_cron", "wechat_appid", "wechat_secret" },
	{ "db_password_cron", "wechatpay_mchid", "wechatpay_apiv3_key" },
	{ "db_password_cron", "faceid_secret_id", "faceid_secret_key" },
	{ "db_password_cron", "nuonuo_app_key", "nuonuo_app_secret" },
	{ "db_password_cron", "smtp_user", "smtp_password" },
};

static bool is_given(const struct config *config, const char *key)
{
	return *config_text(config, key);
}

static bool check_needs(const struct config *config)
{
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(needs) && !is_given(config, "db_password_owner"); i++) {
		const struct need *n = &needs[i];

		if (!is_given(config, n->side) || !is_given(config, n->when) ||
		    is_given(config, n->key))
			continue;
		fprintf(stderr, "%s: %s is missing: the programs with %s need it beside %s\n",
			config_text(config, "secrets_file"), n->key, n->side, n->when);
		good = false;
	}
	return good;
}

/* The files that the programs open later. */
static bool check_files(const struct config *config)
{
	static const char *const keys[] = { "keyring_file", "wechatpay_key_file",
					    "wechatpay_public_key_file", "smtp_ca_file" };
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (is_given(config, keys[i]) && access(config_text(config, keys[i]), R_OK)) {
			fprintf(stderr, "%s: %s: cannot open: %s\n", keys[i],
				config_text(config, keys[i]), strerror(errno));
			good = false;
		}
	return good;
}

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

/* The row of /etc/passwd, without what would need a shared library. */
static const struct passwd *account_of(uid_t uid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *row = NULL;

	while (file && (row = fgetpwent(file)) && row->pw_uid != uid)
		;
	if (file)
		fclose(file);
	return row;
}

static size_t groups_of(const char *account, gid_t *groups)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *row;
	size_t count = 0;

	while (file && count < GROUPS_MAX && (row = fgetgrent(file)))
		for (char **member = row->gr_mem; *member; member++)
			if (!strcmp(*member, account) && count < GROUPS_MAX)
				groups[count++] = row->gr_gid;
	if (file)
		fclose(file);
	return count;
}

/* Root reads what the programs' account cannot: from here on as that account,
 * which is the owner of the secrets. False when they are root's and should not be. */
static bool become_reader(const struct config *config, const char **name)
{
	const char *secrets = config_text(config, "secrets_file");
	const struct passwd *row;
	gid_t groups[GROUPS_MAX];
	struct stat st;

	if (stat(secrets, &st) || (!st.st_uid && is_given(config, "db_password_owner")))
		return true;
	row = account_of(st.st_uid);
	if (!st.st_uid)
		fprintf(stderr,
			"%s: belongs to root, and no program runs as root: chown it, and the key"
			" ring, to the account that reads it\n",
			secrets);
	else if (setgroups(row ? groups_of(row->pw_name, groups) : 0, groups) ||
		 setgid(row ? row->pw_gid : st.st_gid) || setuid(st.st_uid))
		fprintf(stderr, "%s: cannot become its owner: %s\n", secrets, strerror(errno));
	else
		*name = row ? row->pw_name : "its owner";
	return *name;
}

static bool check_as(const char *path, struct buffer *why)
{
	struct config *config = config_load(path, why);
	bool good = config && check_needs(config) && check_files(config) && check_ring(config);

	config_free(config);
	return good;
}

static int check(const char *path)
{
	struct buffer why = BUFFER_INIT;
	struct config *config = config_load(path, &why);
	const char *name = NULL;
	bool good = config && (geteuid() || become_reader(config, &name)) && check_as(path, &why);

	if (good)
		printf("%s: good%s%s\n", path, name ? ", read by " : "", name ? name : "");
	else if (name && why.len)
		fprintf(stderr, "for %s: ", name);
	if (!good)
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
