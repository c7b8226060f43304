/* yuanjian-wechat.c: sets up the official account: token, menu, QR codes, templates. */
#include "base/base.h"

#include "base/config.h"
#include "db/db.h"
#include "service/wechat-account.h"
#include "vault/vault.h"

#define MENU_MAX (64 * 1024)

static const char usage[] =
	"usage: yuanjian-wechat COMMAND, with YJ_CONFIG in the environment\n"
	"  token                     fetch the access token, to see whether appid, secret\n"
	"                            and the list of addresses are right; it is not shown\n"
	"  menu                      show the menu in place\n"
	"  menu default              put the house's menu in place\n"
	"  menu -                    put a menu in place, JSON from standard input\n"
	"  qr PROJECT SOURCE         the address of the permanent QR code of a project for\n"
	"                            one place (a-z, 0-9, -); made when there is none\n"
	"  template                  list which template says which notice\n"
	"  template CHANNEL KIND ID [FIELD=VALUE...]\n"
	"                            CHANNEL template, subscription, or lasting for a\n"
	"                            subscription that is accepted for good; thing2=company ...\n";

/* The keys are those that push/wechat answers. */
static const char default_menu[] = "{\"button\":["
				   "{\"type\":\"click\",\"name\":\"我的业务\",\"key\":\"mine\"},"
				   "{\"type\":\"click\",\"name\":\"办理\",\"key\":\"start\"},"
				   "{\"type\":\"click\",\"name\":\"帮助\",\"key\":\"help\"}]}";

static int complain(const char *what)
{
	fprintf(stderr, "yuanjian-wechat: %s\n", what);
	return 1;
}

static int tell(enum service_result result, const struct service_report *report)
{
	if (result == SERVICE_OK)
		return 0;
	fprintf(stderr, "yuanjian-wechat: %s %s\n", service_result_names[result], report->detail);
	return 1;
}

static int do_token(const struct wechat_account *a, int argc UNUSED, char **argv UNUSED)
{
	struct buffer token = BUFFER_INIT;
	struct service_report report;
	int status = tell(wechat_token(a, &token, &report), &report);

	if (!status)
		printf("a token of %zu characters\n", token.len);
	buffer_wipe(&token);
	return status;
}

static int show_menu(const struct wechat_account *a)
{
	struct buffer json = BUFFER_INIT;
	struct service_report report;
	int status = tell(wechat_menu_get(a, &json, &report), &report);

	if (!status)
		puts(buffer_text(&json));
	buffer_release(&json);
	return status;
}

static int do_menu(const struct wechat_account *a, int argc, char **argv)
{
	struct service_report report;
	char given[MENU_MAX + 1];
	size_t n;

	if (argc == 0)
		return show_menu(a);
	if (!strcmp(argv[0], "default"))
		return tell(wechat_menu_put(a, default_menu, &report), &report);
	if (strcmp(argv[0], "-") != 0)
		return complain("menu takes nothing, default or -");
	n = fread(given, 1, sizeof(given), stdin);
	if (n > MENU_MAX)
		return complain("the menu is too long");
	given[n] = '\0';
	return tell(wechat_menu_put(a, given, &report), &report);
}

static int do_qr(const struct wechat_account *a, int argc, char **argv)
{
	struct buffer url = BUFFER_INIT;
	struct service_report report;
	struct db_result *row;
	int64_t project;
	int status;

	if (argc != 2)
		return complain("qr takes a project and a source");
	row = db_select(a->db, "SELECT id FROM project WHERE code = ?", DB_ARGS(db_text(argv[0])));
	project = db_next(row) ? db_int_at(row, 0) : 0;
	db_result_free(row);
	if (!project)
		return complain("there is no such project");
	status = tell(wechat_qrcode(a, project, argv[1], &url, &report), &report);
	if (!status)
		puts(buffer_text(&url));
	buffer_release(&url);
	return status;
}

static int list_templates(const struct wechat_account *a)
{
	struct db_result *row = db_select(
		a->db,
		"SELECT IF(t.lasting, 'lasting', t.channel), t.kind, t.template_id,"
		" GROUP_CONCAT(CONCAT(f.field, '=', f.value) ORDER BY f.field SEPARATOR ' ')"
		" FROM wechat_template t LEFT JOIN wechat_template_field f"
		" ON f.channel = t.channel AND f.kind = t.kind"
		" GROUP BY t.channel, t.kind, t.template_id, t.lasting ORDER BY t.channel, t.kind",
		DB_NO_ARGS);

	while (db_next(row))
		printf("%s %s %s %s\n", db_text_at(row, 0), db_text_at(row, 1), db_text_at(row, 2),
		       db_text_at(row, 3));
	db_result_free(row);
	return 0;
}

struct template
{
	const char *channel, *kind, *id;
	bool lasting;
	char **field;
	int count;
};

/* A template takes the place of the one before, with all its fields. */
static bool replace_template(struct db *db, void *context)
{
	const struct template *t = context;

	db_exec(db, "DELETE FROM wechat_template_field WHERE channel = ? AND kind = ?",
		DB_ARGS(db_text(t->channel), db_text(t->kind)));
	db_exec(db, "DELETE FROM wechat_template WHERE channel = ? AND kind = ?",
		DB_ARGS(db_text(t->channel), db_text(t->kind)));
	db_exec(db,
		"INSERT INTO wechat_template (channel, kind, template_id, lasting)"
		" VALUES (?, ?, ?, ?)",
		DB_ARGS(db_text(t->channel), db_text(t->kind), db_text(t->id), db_int(t->lasting)));
	for (int i = 0; i < t->count; i++) {
		const char *equals = strchr(t->field[i], '=');

		db_exec(db,
			"INSERT INTO wechat_template_field (channel, kind, field, value)"
			" VALUES (?, ?, ?, ?)",
			DB_ARGS(db_text(t->channel), db_text(t->kind),
				db_bytes(t->field[i], (size_t)(equals - t->field[i])),
				db_text(equals + 1)));
	}
	return true;
}

static bool is_word(const char *text, size_t n)
{
	return n > 0 && n <= 32 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") >= n;
}

static bool fields_good(char **field, int count)
{
	for (int i = 0; i < count; i++) {
		size_t n = strcspn(field[i], "=");

		if (!field[i][n] || !is_word(field[i], n) ||
		    !is_word(field[i] + n + 1, strlen(field[i] + n + 1)))
			return false;
		for (int j = 0; j < i; j++)
			if (!strncmp(field[i], field[j], n + 1))
				return false;
	}
	return true;
}

static int do_template(const struct wechat_account *a, int argc, char **argv)
{
	struct template t;
	bool lasting = argc && !strcmp(argv[0], "lasting");

	if (argc == 0)
		return list_templates(a);
	if (argc < 3 ||
	    (!lasting && strcmp(argv[0], "template") && strcmp(argv[0], "subscription")))
		return complain(
			"template takes template, subscription or lasting, a kind and an id");
	t = (struct template){
		.channel = lasting ? "subscription" : argv[0],
		.kind = argv[1],
		.id = argv[2],
		.lasting = lasting,
		.field = argv + 3,
		.count = argc - 3,
	};
	if (!is_word(t.kind, strlen(t.kind)) || strlen(t.id) > 64 || !fields_good(t.field, t.count))
		return complain(
			"kind, FIELD and VALUE are words of a-z, 0-9 and _, each field once");
	return db_transaction(a->db, replace_template, &t) == DB_DONE ? 0 : 1;
}

static const struct {
	const char *name;
	int (*run)(const struct wechat_account *, int argc, char **argv);
} commands[] = {
	{ "token", do_token },
	{ "menu", do_menu },
	{ "qr", do_qr },
	{ "template", do_template },
};

static int run(size_t command, int argc, char **argv)
{
	struct config *config = config_open();
	struct wechat_account account = { config, db_open(config, DB_ADMIN), vault_open(config) };
	int status = commands[command].run(&account, argc, argv);

	vault_close(account.vault);
	db_close(account.db);
	config_free(config);
	return status;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return run(i, argc - 2, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}
