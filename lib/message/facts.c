/* facts.c: what a message can say, read from the database. */
#include "message/facts.h"

#include "base/alloc.h"
#include "base/url.h"
#include "db/row.h"
#include "form/form.h"

#define OF(scope) (1u << MESSAGE_OF_##scope)
#define OF_ANY (OF(PROJECT) | OF(APPLICATION) | OF(SHIPMENT))

static const struct {
	const char *name;
	unsigned scopes; /* which messages may use it */
} facts[FACT_COUNT] = {
	[FACT_PROJECT] = { "project", OF_ANY },
	[FACT_HELP_PHONE] = { "help_phone", OF_ANY },
	[FACT_COMPANY] = { "company", OF(APPLICATION) | OF(SHIPMENT) },
	[FACT_TIME] = { "time", OF(APPLICATION) | OF(SHIPMENT) },
	[FACT_DEADLINE] = { "deadline", OF(APPLICATION) | OF(SHIPMENT) },
	[FACT_TRACKING] = { "tracking", OF(SHIPMENT) },
};

enum message_fact message_fact_named(enum message_scope scope, const char *name, size_t n)
{
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (strlen(facts[i].name) == n && !memcmp(facts[i].name, name, n) &&
		    facts[i].scopes & 1u << scope)
			return (enum message_fact)i;
	return FACT_COUNT;
}

static void set(struct message_facts *f, enum message_fact which, const char *text)
{
	free(f->text[which]);
	f->text[which] = xstrdup(text);
}

static bool load_project(struct db *db, const struct config *config, int64_t project,
			 struct message_facts *f)
{
	struct db_result *r = db_select(db,
					"SELECT name, help_phone, code FROM project WHERE id = ?",
					DB_ARGS(db_int(project)));
	const char *name, *help_phone, *code;
	struct buffer link = BUFFER_INIT;
	bool found = db_next_row(r,
				 DB_OUT(DB_VIEW("name", &name), DB_VIEW("help_phone", &help_phone),
					DB_VIEW("code", &code)));

	if (found) {
		set(f, FACT_PROJECT, name);
		set(f, FACT_HELP_PHONE, help_phone);
		buffer_printf(&link, "%s/apply/start?project=", config_text(config, "public_url"));
		url_encode(&link, code);
		f->link = buffer_detach(&link);
	}
	db_result_free(r);
	return found;
}

/* In the order of the forms and fields; what the reviewer typed beside a
 * reason stays on the page, because nobody knows what it names. */
static void load_reasons(struct db *db, const struct message_case *of, struct message_facts *f)
{
	struct db_result *r =
		db_select(db,
			  "SELECT r.form, r.field, t.text FROM reason r"
			  " JOIN reason_text t ON t.code = r.code"
			  " JOIN event e ON e.id = ?"
			  " JOIN application a ON a.id = r.application"
			  " LEFT JOIN flow_form f ON f.flow_version = a.flow_version"
			  "  AND f.form = r.form"
			  " WHERE r.application = ? AND r.created_at <= e.at + INTERVAL 1 SECOND"
			  " AND (r.closed_at IS NULL OR r.closed_at > e.at)"
			  " ORDER BY f.ord, r.id",
			  DB_ARGS(db_int(of->event), db_int(of->application)));
	const char *of_form, *of_field, *text;

	while (db_next_row(r, DB_OUT(DB_VIEW("form", &of_form), DB_VIEW("field", &of_field),
				     DB_VIEW("text", &text)))) {
		const struct form *form = form_by_name(of_form);
		const struct form_field *field = form ? form_field(form, of_field) : NULL;

		buffer_printf(&f->reasons, "%s · %s：%s\n", form ? form->title : "资料",
			      field ? field->label : "其他", text);
	}
	db_result_free(r);
}

/* Of a decision about the whole, whose event holds the code of its reason; a
 * rejection is told by itself when the money goes back first. */
static void load_decision(struct db *db, const struct message_case *of, struct message_facts *f)
{
	char *text;

	if (db_one(db,
		   "SELECT t.text FROM event e JOIN reason_text t"
		   "  ON CONVERT(t.code USING utf8mb4)"
		   "  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
		   " WHERE e.application = ? AND (e.id = ? OR (? = 0 AND e.event = 'reject'))"
		   " ORDER BY e.id DESC LIMIT 1",
		   DB_ARGS(db_int(of->application), db_int(of->event), db_int(of->event)),
		   DB_OUT(DB_STRING("text", &text))))
		buffer_printf(&f->reasons, "%s\n", text);
	free(text);
}

/* An event that is not this application's finds nothing. */
static struct db_result *select_case(struct db *db, const struct message_case *of)
{
	return db_select(
		db,
		"SELECT p.name AS project, p.help_phone,"
		" COALESCE(NULLIF(c.name, ''), '贵单位') AS company,"
		" DATE_FORMAT(COALESCE(e.at, UTC_TIMESTAMP()) + INTERVAL 8 HOUR,"
		" '%Y年%c月%e日 %H:%i') AS time,"
		" COALESCE(DATE_FORMAT(a.deadline_at + INTERVAL 8 HOUR, '%Y年%c月%e日'), '')"
		"  AS deadline,"
		" COALESCE(JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.tracking')), '') AS tracking,"
		" a.public_id"
		" FROM application a JOIN project p ON p.id = a.project"
		" LEFT JOIN company c ON c.application = a.id"
		" LEFT JOIN event e ON e.id = ? AND e.application = a.id"
		" WHERE a.id = ? AND (? = 0 OR e.id IS NOT NULL)",
		DB_ARGS(db_int(of->event), db_int(of->application), db_int(of->event)));
}

static bool load_case(struct db *db, const struct config *config, const struct message_case *of,
		      struct message_facts *f)
{
	struct db_result *r = select_case(db, of);
	const char *text[FACT_COUNT], *public_id;
	bool found = db_next_row(r, DB_OUT(DB_VIEW("project", &text[FACT_PROJECT]),
					   DB_VIEW("help_phone", &text[FACT_HELP_PHONE]),
					   DB_VIEW("company", &text[FACT_COMPANY]),
					   DB_VIEW("time", &text[FACT_TIME]),
					   DB_VIEW("deadline", &text[FACT_DEADLINE]),
					   DB_VIEW("tracking", &text[FACT_TRACKING]),
					   DB_VIEW("public_id", &public_id)));

	if (found) {
		for (size_t i = 0; i < FACT_COUNT; i++)
			set(f, (enum message_fact)i, text[i]);
		f->link = xprintf("%s/apply/status?application=%s",
				  config_text(config, "public_url"), public_id);
		load_reasons(db, of, f);
		load_decision(db, of, f);
	}
	db_result_free(r);
	return found;
}

struct message_facts *message_facts_load(struct db *db, const struct config *config,
					 enum message_scope scope, const struct message_case *of)
{
	struct message_facts *f = xcalloc(1, sizeof(*f));
	bool found;

	for (size_t i = 0; i < FACT_COUNT; i++)
		set(f, (enum message_fact)i, "");
	if (scope == MESSAGE_OF_PROJECT)
		found = load_project(db, config, of->project, f);
	else
		found = load_case(db, config, of, f);
	if (found)
		return f;
	message_facts_free(f);
	return NULL;
}

void message_facts_free(struct message_facts *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < FACT_COUNT; i++)
		free(f->text[i]);
	free(f->link);
	buffer_release(&f->reasons);
	free(f);
}
