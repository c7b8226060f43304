/* settings.c: the settings of a project, and their columns. */
#include "project/store.h"

#include "base/alloc.h"
#include "check/identity-method.h"
#include "db/row.h"

const struct project_setting_row project_settings[PROJECT_SETTING_COUNT] = {
	[PROJECT_NAME] = { "name", PROJECT_TEXT, NULL },
	[PROJECT_FLOW_VERSION] = { "flow-version", PROJECT_NUMBER, "2" },
	[PROJECT_IDENTITY_CHECK] = { "identity-check", PROJECT_FLAG, NULL },
	[PROJECT_IDENTITY_METHODS] = { "identity-methods", PROJECT_METHODS, "recorded in-person" },
	[PROJECT_IDENTITY_SUBJECT] = { "identity-subject", PROJECT_TEXT, "agent" },
	[PROJECT_IDENTITY_ATTEMPTS_MAX] = { "identity-attempts-max", PROJECT_NUMBER, "3" },
	[PROJECT_FACE_KEEP_DAYS] = { "face-keep-days", PROJECT_NUMBER, "30" },
	[PROJECT_IN_PERSON_PLACE] = { "in-person-place", PROJECT_TEXT, "" },
	[PROJECT_PAYMENT] = { "payment", PROJECT_FLAG, NULL },
	[PROJECT_SECOND_REVIEW] = { "second-review", PROJECT_FLAG, NULL },
	[PROJECT_HELP_PHONE] = { "help-phone", PROJECT_TEXT, NULL },
	[PROJECT_OTHER_CHANNEL] = { "other-channel", PROJECT_TEXT, NULL },
};

static const char *const columns[PROJECT_SETTING_COUNT] = {
	[PROJECT_NAME] = "name",
	[PROJECT_FLOW_VERSION] = "flow_version",
	[PROJECT_IDENTITY_CHECK] = "identity_check",
	[PROJECT_IDENTITY_METHODS] = "identity_methods",
	[PROJECT_IDENTITY_SUBJECT] = "identity_subject",
	[PROJECT_IDENTITY_ATTEMPTS_MAX] = "identity_attempts_max",
	[PROJECT_FACE_KEEP_DAYS] = "face_keep_days",
	[PROJECT_IN_PERSON_PLACE] = "counter_place",
	[PROJECT_PAYMENT] = "payment",
	[PROJECT_SECOND_REVIEW] = "second_review",
	[PROJECT_HELP_PHONE] = "help_phone",
	[PROJECT_OTHER_CHANNEL] = "other_channel",
};

/* In the order of enum project_setting, as are the parameters below. */
#define COLUMNS                                                                          \
	"name, flow_version, identity_check, identity_methods, identity_subject,"        \
	" identity_attempts_max, face_keep_days, counter_place, payment, second_review," \
	" help_phone, other_channel"

/* A setting as the table gives it. */
struct cell {
	int64_t number;
	bool flag;
	const char *text;
};

static struct db_out target(size_t i, struct cell *cell)
{
	switch (project_settings[i].type) {
	case PROJECT_NUMBER:
		return DB_INT(columns[i], &cell->number);
	case PROJECT_FLAG:
		return DB_FLAG(columns[i], &cell->flag);
	default:
		return DB_VIEW(columns[i], &cell->text);
	}
}

/* A set of methods in the words of the file. */
static char *methods_of(const char *set)
{
	struct buffer words = BUFFER_INIT;

	for (size_t i = 0; i < IDENTITY_METHOD_COUNT; i++)
		if (identity_method_in(set, i))
			buffer_printf(&words, "%s%s", words.len ? " " : "", identity_ways[i].word);
	return buffer_detach(&words);
}

/* The setting in the words of the file. */
static char *words_of(enum project_type type, const struct cell *cell)
{
	if (type == PROJECT_NUMBER)
		return xprintf("%lld", (long long)cell->number);
	if (type == PROJECT_FLAG)
		return xstrdup(cell->flag ? "yes" : "no");
	return type == PROJECT_METHODS ? methods_of(cell->text) : xstrdup(cell->text);
}

/* The parameters, and behind them room for one more; `methods` is their set. */
static void to_columns(const struct project_file *f, struct db_arg *arg, struct buffer *methods)
{
	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++) {
		const char *value = f->setting[i];

		switch (project_settings[i].type) {
		case PROJECT_TEXT:
			arg[i] = db_text(value);
			break;
		case PROJECT_NUMBER:
			arg[i] = db_int(strtoll(value, NULL, 10));
			break;
		case PROJECT_FLAG:
			arg[i] = db_int(!strcmp(value, "yes"));
			break;
		case PROJECT_METHODS:
			for (size_t m = 0; m < IDENTITY_METHOD_COUNT; m++)
				if (identity_word_in(value, m))
					buffer_printf(methods, "%s%s", methods->len ? "," : "",
						      identity_ways[m].name);
			arg[i] = db_text(buffer_text(methods));
			break;
		}
	}
}

bool store_find(struct db *db, const char *code, bool lock, int64_t *id, struct project_file *f)
{
	struct db_result *r =
		lock ? db_select(db,
				 "SELECT " COLUMNS ", id FROM project WHERE code = ? FOR UPDATE",
				 DB_ARGS(db_text(code))) :
		       db_select(db, "SELECT " COLUMNS ", id FROM project WHERE code = ?",
				 DB_ARGS(db_text(code)));
	struct cell cell[PROJECT_SETTING_COUNT];
	struct db_out out[PROJECT_SETTING_COUNT + 1];
	bool found;

	*id = 0;
	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++)
		out[i] = target(i, &cell[i]);
	out[PROJECT_SETTING_COUNT] = DB_INT("id", id);
	found = db_next_row(r, (struct db_outs){ out, ARRAY_SIZE(out) });
	for (size_t i = 0; found && f && i < PROJECT_SETTING_COUNT; i++) {
		free(f->setting[i]);
		f->setting[i] = words_of(project_settings[i].type, &cell[i]);
	}
	db_result_free(r);
	return found;
}

bool store_insert(struct db *db, const struct project_file *f, int64_t *id)
{
	struct db_arg arg[PROJECT_SETTING_COUNT + 1];
	struct buffer methods = BUFFER_INIT;
	bool made;

	to_columns(f, arg, &methods);
	arg[PROJECT_SETTING_COUNT] = db_text(f->code);
	made = db_exec(db,
		       "INSERT INTO project (" COLUMNS ", code)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		       (struct db_args){ arg, ARRAY_SIZE(arg) }) != DB_DUPLICATE;
	*id = made ? db_inserted_id(db) : 0;
	buffer_release(&methods);
	return made;
}

void store_update(struct db *db, int64_t id, const struct project_file *f)
{
	struct db_arg arg[PROJECT_SETTING_COUNT + 1];
	struct buffer methods = BUFFER_INIT;

	to_columns(f, arg, &methods);
	arg[PROJECT_SETTING_COUNT] = db_int(id);
	db_exec(db,
		"UPDATE project SET name = ?, flow_version = ?, identity_check = ?,"
		" identity_methods = ?, identity_subject = ?, identity_attempts_max = ?,"
		" face_keep_days = ?, counter_place = ?, payment = ?, second_review = ?,"
		" help_phone = ?, other_channel = ? WHERE id = ?",
		(struct db_args){ arg, ARRAY_SIZE(arg) });
	buffer_release(&methods);
}
