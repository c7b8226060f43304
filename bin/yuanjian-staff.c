/* yuanjian-staff.c: the people who work here: add, password, disable, list. */
#include "base/base.h"

#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "base/utf8.h"
#include "db/db.h"
#include "prompt.h"
#include "staff/staff.h"
#include "vault/password.h"

/* What a command works on. */
struct task {
	struct db *db;
	const char *login, *role, *name;
	struct buffer hash;
};

static bool complain(const char *what)
{
	fprintf(stderr, "yuanjian-staff: %s\n", what);
	return false;
}

static bool login_good(const char *login)
{
	size_t n = strlen(login);

	if (n < STAFF_LOGIN_MIN || n > STAFF_LOGIN_MAX || login[0] < 'a' || login[0] > 'z' ||
	    strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") != n)
		return complain("a log-in has 2 to 32 of a-z, 0-9 and ._-, a letter in front");
	return true;
}

static bool role_good(const char *role)
{
	if (staff_role(role) == FLOW_ROLE_COUNT)
		return complain("a role is clerk, producer, admin, auditor or accountant");
	return true;
}

static bool name_good(const char *name)
{
	if (!utf8_valid(name, strlen(name)) || utf8_has_control(name, false) || !*name ||
	    utf8_length(name) > STAFF_NAME_MAX)
		return complain("a name has 1 to 50 characters");
	return true;
}

/* What was given as a password, and how much of it there was. */
struct given {
	char text[PASSWORD_MAX + 2];
	size_t len;
};

static bool password_good(const struct given *g)
{
	if (g->len > PASSWORD_MAX)
		return complain("a password has at most 128 bytes");
	if (!utf8_valid(g->text, g->len) || strlen(g->text) != g->len)
		return complain("a password is UTF-8 text");
	if (utf8_length(g->text) < PASSWORD_MIN)
		return complain("a password has at least 10 characters");
	return true;
}

/* One line from standard input that is no terminal. */
static bool read_password(struct given *g)
{
	g->len = fread(g->text, 1, sizeof(g->text) - 1, stdin);
	if (g->len && g->text[g->len - 1] == '\n')
		g->len--;
	g->text[g->len] = '\0';
	return password_good(g);
}

/* Asks the person at the terminal, twice, since nothing is shown. */
static bool ask_password(struct given *g)
{
	struct given again = { 0 };
	bool good = false;

	if (!prompt_secret("Password: ", g->text, sizeof(g->text)))
		return complain("no password was given");
	g->len = strlen(g->text);
	if (!password_good(g))
		return false;
	if (!prompt_secret("Once more: ", again.text, sizeof(again.text)))
		complain("no password was given");
	else if (strcmp(g->text, again.text) != 0)
		complain("these are two different passwords; nothing was changed");
	else
		good = true;
	explicit_bzero(&again, sizeof(again));
	return good;
}

static bool take_password(struct task *t)
{
	struct given g = { 0 };
	bool good = isatty(STDIN_FILENO) ? ask_password(&g) : read_password(&g);

	if (good)
		password_hash(g.text, &t->hash);
	explicit_bzero(&g, sizeof(g));
	return good;
}

static int64_t add(const struct task *t)
{
	return staff_add(t->db, t->login, t->name, staff_role(t->role), buffer_text(&t->hash));
}

static int64_t set_password(const struct task *t)
{
	return staff_set_password(t->db, t->login, buffer_text(&t->hash));
}

static int64_t disable(const struct task *t)
{
	return staff_set_active(t->db, t->login, false);
}

static int64_t enable(const struct task *t)
{
	return staff_set_active(t->db, t->login, true);
}

static void list(struct db *db)
{
	struct db_result *r = staff_list(db);
	struct staff_row row;

	while (staff_next(r, &row))
		printf("%-20s %-9s %-9s %s\n", row.login, row.role,
		       row.active ? "active" : "disabled", row.name);
	db_result_free(r);
}

static const struct command {
	const char *name;
	int arguments; /* 1: LOGIN; 3: LOGIN ROLE NAME */
	bool password; /* is asked for */
	int64_t (*work)(const struct task *); /* the person's id; 0: not done */
	const char *undone;
} commands[] = {
	{ "add", 3, true, add, "this log-in is taken" },
	{ "password", 1, true, set_password, "no such log-in" },
	{ "disable", 1, false, disable, "no such log-in" },
	{ "enable", 1, false, enable, "no such log-in" },
};

static const char usage[] =
	"usage: yuanjian-staff add LOGIN ROLE NAME   asks for the password\n"
	"       yuanjian-staff password LOGIN        the same; ends all sessions\n"
	"       yuanjian-staff disable LOGIN         ends all sessions\n"
	"       yuanjian-staff enable LOGIN          and forgets failed log-ins\n"
	"       yuanjian-staff list\n"
	"The password is asked for twice on a terminal, else read from standard input.\n"
	"The config is the file named by YJ_CONFIG.\n";

static const struct command *find_command(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0 && argc == 2 + commands[i].arguments)
			return &commands[i];
	return NULL;
}

static bool run(struct task *t, const struct command *c)
{
	if (!login_good(t->login) || (t->role && (!role_good(t->role) || !name_good(t->name))) ||
	    (c->password && !take_password(t)))
		return false;
	int64_t staff = c->work(t);
	if (!staff)
		return complain(c->undone);
	log_line(LOG_INFO, "staff.changed", "command=%s staff=%lld", c->name, (long long)staff);
	return true;
}

int main(int argc, char **argv)
{
	const struct command *c = find_command(argc, argv);
	bool listing = argc == 2 && strcmp(argv[1], "list") == 0, good = true;
	struct task t = { .hash = BUFFER_INIT };
	struct config *config;

	if (!c && !listing) {
		fputs(usage, stderr);
		return 2;
	}
	log_identify("yuanjian-staff", "-");
	config = config_open();
	t.db = db_open(config, DB_ADMIN);
	if (listing) {
		list(t.db);
	} else {
		t.login = argv[2];
		t.role = c->arguments > 1 ? argv[3] : NULL;
		t.name = c->arguments > 1 ? argv[4] : NULL;
		good = run(&t, c);
	}
	db_close(t.db);
	buffer_wipe(&t.hash);
	config_free(config);
	return good ? 0 : 1;
}
