/* yuanjian-project.c: makes and changes a project from its XML file. */
#include "base/base.h"

#include "base/alloc.h"
#include "base/config.h"
#include "base/log.h"
#include "project/project.h"

static const char usage[] =
	"usage: yuanjian-project check FILE     is the file in order? needs no database\n"
	"       yuanjian-project apply FILE     make the project, or change it to what the\n"
	"                                       file says; prints each change, old → new\n"
	"       yuanjian-project show CODE      the file of a project, to change and apply\n"
	"       yuanjian-project list\n"
	"       yuanjian-project close CODE     for new applications; those begun go on\n"
	"       yuanjian-project open CODE\n"
	"FILE is XML by the grammar projects/project.rng in the folder of the schema, which\n"
	"YJ_SCHEMA may name; - is standard input. The config is the file named by YJ_CONFIG;\n"
	"its secrets file has db_password_admin.\n";

static int read_file(const char *path, struct project_file *file)
{
	const char *folder = getenv("YJ_SCHEMA");
	char *grammar = xprintf("%s/projects/project.rng",
				folder ? folder : DATADIR "/yuanjian/schema");
	struct buffer why = BUFFER_INIT;
	bool good = project_read(path, grammar, file, &why);

	fputs(buffer_text(&why), stderr);
	buffer_release(&why);
	free(grammar);
	return good ? 0 : 1;
}

static int do_check(struct db *db UNUSED, const char *path)
{
	struct project_file file;
	int status = read_file(path, &file);

	if (!status)
		printf("%s: good\n", path);
	project_file_release(&file);
	return status;
}

/* Changes go to standard output, reasons for a refusal to standard error. */
static int tell(const char *command, const char *code, enum project_outcome outcome,
		struct buffer *said)
{
	fputs(buffer_text(said), outcome == PROJECT_DONE ? stdout : stderr);
	if (outcome == PROJECT_DONE && said->len)
		log_line(LOG_INFO, "project.changed", "command=%s project=%s", command, code);
	buffer_release(said);
	return outcome == PROJECT_DONE ? 0 : 1;
}

static int do_apply(struct db *db, const char *path)
{
	struct buffer said = BUFFER_INIT;
	struct project_file file;
	int status = read_file(path, &file);

	if (!status)
		status = tell("apply", file.code, project_apply(db, &file, &said), &said);
	project_file_release(&file);
	return status;
}

static int do_show(struct db *db, const char *code)
{
	struct project_file file;
	struct buffer xml = BUFFER_INIT;
	bool found = project_load(db, code, &file);

	if (found)
		project_write(&file, &xml);
	else
		fprintf(stderr, "there is no project %s\n", code);
	fputs(buffer_text(&xml), stdout);
	buffer_release(&xml);
	project_file_release(&file);
	return found ? 0 : 1;
}

static int do_list(struct db *db, const char *nothing UNUSED)
{
	struct buffer all = BUFFER_INIT;

	project_list(db, &all);
	fputs(buffer_text(&all), stdout);
	buffer_release(&all);
	return 0;
}

static int do_close(struct db *db, const char *code)
{
	struct buffer said = BUFFER_INIT;

	return tell("close", code, project_set_open(db, code, false, &said), &said);
}

static int do_open(struct db *db, const char *code)
{
	struct buffer said = BUFFER_INIT;

	return tell("open", code, project_set_open(db, code, true, &said), &said);
}

static const struct command {
	const char *name;
	int arguments;
	bool database;
	int (*run)(struct db *, const char *argument);
} commands[] = {
	{ "check", 1, false, do_check }, { "apply", 1, true, do_apply },
	{ "show", 1, true, do_show },    { "list", 0, true, do_list },
	{ "close", 1, true, do_close },  { "open", 1, true, do_open },
};

/* The column is ASCII and refuses to be compared with anything else. */
static bool is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80)
		text++;
	return !*text;
}

static int run(const struct command *command, const char *argument)
{
	struct config *config;
	struct db *db;
	int status;

	if (!command->database)
		return command->run(NULL, argument);
	if (argument && command->run != do_apply && !is_ascii(argument)) {
		fprintf(stderr, "a code has a-z, 0-9 and -\n");
		return 1;
	}
	config = config_open();
	db = db_open(config, DB_ADMIN);
	status = command->run(db, argument);
	db_close(db);
	config_free(config);
	return status;
}

int main(int argc, char **argv)
{
	log_identify("yuanjian-project", "-");
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name) && argc - 2 == commands[i].arguments)
			return run(&commands[i], argv[2]);
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}
