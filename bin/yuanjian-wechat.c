/* yuanjian-wechat.c: sets up the official account: token, menu, QR codes, templates. */
#include "base/base.h"

#include "base/config.h"
#include "db/db.h"
#include "project/list.h"
#include "service/wechat-account.h"
#include "service/wechat-template.h"
#include "vault/vault.h"

#define INPUT_MAX (64 * 1024)

static const char usage[] =
	"usage: yuanjian-wechat COMMAND, with YJ_CONFIG in the environment\n"
	"  token                     fetch the access token, to see whether appid, secret\n"
	"                            and the list of addresses are right; it is not shown\n"
	"  menu                      show the menu in place\n"
	"  menu default              put the house's menu in place\n"
	"  menu -                    put a menu in place, JSON from standard input\n"
	"  qr PROJECT SOURCE         the address of the permanent QR code of a project for\n"
	"                            one place (a-z, 0-9, -); made when there is none\n"
	"  template                  list which template says which message\n"
	"  template -                set those of a list, as it is listed, from standard input\n"
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

/* What an administrator can do about a refusal, by WeChat's errcode. */
static const struct {
	long code;
	const char *words;
} advice[] = {
	{ -1, "WeChat is busy: try again" },
	{ 40001, "wechat_secret is not the AppSecret of wechat_appid" },
	{ 40013, "wechat_appid is no AppID that WeChat knows" },
	{ 40018, "the name of a button is too long" },
	{ 40125, "wechat_secret is not the AppSecret of wechat_appid" },
	{ 40164, "this machine's outgoing address is not on the account's list of addresses: add"
		 " it in the account's settings" },
	{ 40243, "the AppSecret is frozen: release it in the account's settings" },
	{ 45009, "the account's quota of the day is used up" },
	{ 48001, "the account has no right to this interface: it must be a verified service"
		 " account" },
};

/* And about silence, by what service_no_answer() reports. */
static const struct {
	const char *report, *words;
} silences[] = {
	{ "http=refused", "no connection to wechat_api_url: does the firewall let this machine out,"
			  " and does it know the name?" },
	{ "http=untrusted", "the certificate of wechat_api_url is not trusted: are"
			    " ca-certificates installed, or does a proxy stand between?" },
	{ "http=timeout", "no answer from wechat_api_url in time: try again" },
	{ "http=", "wechat_api_url does not answer as WeChat does" },
};

static const char *explain(const struct service_report *report)
{
	for (size_t i = 0; i < ARRAY_SIZE(silences); i++)
		if (!strncmp(report->detail, silences[i].report, strlen(silences[i].report)))
			return silences[i].words;
	for (size_t i = 0; i < ARRAY_SIZE(advice); i++)
		if (report->code == advice[i].code)
			return advice[i].words;
	return "WeChat refuses it";
}

static int tell(enum service_result result, const struct service_report *report)
{
	if (result == SERVICE_OK)
		return 0;
	fprintf(stderr, "yuanjian-wechat: %s (%s %s)\n", explain(report),
		service_result_names[result], report->detail);
	return 1;
}

/* Whether the config has what each question to WeChat needs. */
static bool may_ask(const struct wechat_account *a)
{
	static const char *const keys[] = { "wechat_appid", "wechat_secret" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!*config_text(a->config, keys[i])) {
			fprintf(stderr, "yuanjian-wechat: %s is not given\n", keys[i]);
			return false;
		}
	return true;
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
	char given[INPUT_MAX + 1];
	size_t n;

	if (argc == 0)
		return show_menu(a);
	if (!strcmp(argv[0], "default"))
		return tell(wechat_menu_put(a, default_menu, &report), &report);
	if (strcmp(argv[0], "-") != 0)
		return complain("menu takes nothing, default or -");
	n = fread(given, 1, sizeof(given), stdin);
	if (n > INPUT_MAX)
		return complain("the menu is too long");
	given[n] = '\0';
	return tell(wechat_menu_put(a, given, &report), &report);
}

static int do_qr(const struct wechat_account *a, int argc, char **argv)
{
	struct buffer url = BUFFER_INIT;
	struct service_report report;
	struct project project;
	int status;

	if (argc != 2)
		return complain("qr takes a project and a source");
	if (!project_find(a->db, argv[0], &project))
		return complain("there is no such project");
	status = tell(wechat_qrcode(a, project.id, argv[1], &url, &report), &report);
	if (!status)
		puts(buffer_text(&url));
	buffer_release(&url);
	return status;
}

static int list_templates(const struct wechat_account *a)
{
	struct db_result *r = wechat_templates(a->db);
	struct wechat_template_row t;

	while (wechat_templates_next(r, &t))
		printf("%s %s %s %s\n", t.channel, t.kind, t.template_id, t.fields);
	db_result_free(r);
	return 0;
}

#define TEMPLATES_MAX 200
#define TEMPLATE_WORDS_MAX 40

struct template
{
	const char *channel, *kind, *id;
	bool lasting;
	char *field[TEMPLATE_WORDS_MAX];
	int count;
};

struct template_list {
	struct template template[TEMPLATES_MAX];
	size_t count;
};

/* A template takes the place of the one before, with all its fields. */
static void replace_template(struct db *db, const struct template *t)
{
	wechat_template_put(db, t->channel, t->kind, t->id, t->lasting);
	for (int i = 0; i < t->count; i++) {
		const char *equals = strchr(t->field[i], '=');

		wechat_template_field_put(db, t->channel, t->kind, t->field[i],
					  (size_t)(equals - t->field[i]), equals + 1);
	}
}

static bool replace_templates(struct db *db, void *context)
{
	const struct template_list *list = context;

	for (size_t i = 0; i < list->count; i++)
		replace_template(db, &list->template[i]);
	return true;
}

static bool is_word(const char *text, size_t n)
{
	return n > 0 && n <= 32 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") >= n;
}

static bool fields_good(char *const *field, int count)
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

/* CHANNEL KIND ID FIELD=VALUE...; gives what is wrong, or NULL. */
static const char *read_template(const struct wechat_account *a, char *const *word, int count,
				 struct template *t)
{
	bool lasting = count && !strcmp(word[0], "lasting");

	if (count < 3 ||
	    (!lasting && strcmp(word[0], "template") && strcmp(word[0], "subscription")))
		return "template takes template, subscription or lasting, a kind and an id";
	if (count - 3 > TEMPLATE_WORDS_MAX)
		return "too many fields";
	*t = (struct template){
		.channel = lasting ? "subscription" : word[0],
		.kind = word[1],
		.id = word[2],
		.lasting = lasting,
		.count = count - 3,
	};
	memcpy(t->field, word + 3, (size_t)t->count * sizeof(*t->field));
	if (!is_word(t->kind, strlen(t->kind)) || strlen(t->id) > 64 ||
	    !fields_good(t->field, t->count))
		return "kind, FIELD and VALUE are words of a-z, 0-9 and _, each field once";
	if (!wechat_template_usable(a->config, t->id))
		return "an id that begins with " WECHAT_DEMO_TEMPLATE
		       " is the demo's: enter one of the account";
	return NULL;
}

/* The lines that `template` lists, each ended by a NUL within `text`. */
static int read_lines(const struct wechat_account *a, char *text, struct template_list *list)
{
	char *line;

	for (int number = 1; (line = strsep(&text, "\n")); number++) {
		char *word[TEMPLATE_WORDS_MAX + 4], *next;
		const char *wrong = "too many lines";
		int count = 0;

		while (count < TEMPLATE_WORDS_MAX + 4 && (next = strsep(&line, " ")))
			if (*next)
				word[count++] = next;
		if (!count)
			continue;
		if (list->count < TEMPLATES_MAX)
			wrong = read_template(a, word, count, &list->template[list->count++]);
		if (wrong) {
			fprintf(stderr, "yuanjian-wechat: line %d: %s\n", number, wrong);
			return 1;
		}
	}
	return 0;
}

static int do_template(const struct wechat_account *a, int argc, char **argv)
{
	static struct template_list list;
	static char given[INPUT_MAX + 1];
	size_t n;

	if (argc == 0)
		return list_templates(a);
	if (argc == 1 && !strcmp(argv[0], "-")) {
		n = fread(given, 1, sizeof(given), stdin);
		if (n > INPUT_MAX)
			return complain("the list is too long");
		given[n] = '\0';
		if (read_lines(a, given, &list))
			return 1;
	} else {
		const char *wrong = read_template(a, argv, argc, &list.template[list.count++]);

		if (wrong)
			return complain(wrong);
	}
	return db_transaction(a->db, replace_templates, &list) == DB_DONE ? 0 : 1;
}

static const struct {
	const char *name;
	bool asks; /* WeChat */
	int (*run)(const struct wechat_account *, int argc, char **argv);
} commands[] = {
	{ "token", true, do_token },
	{ "menu", true, do_menu },
	{ "qr", true, do_qr },
	{ "template", false, do_template },
};

static int run(size_t command, int argc, char **argv)
{
	struct config *config = config_open();
	struct wechat_account account = { config, db_open(config, DB_ADMIN), vault_open(config) };
	int status = 1;

	if (!commands[command].asks || may_ask(&account))
		status = commands[command].run(&account, argc, argv);

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
