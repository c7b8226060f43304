/* person.c: the person whom an attempt is about, and how it is known later that
 * it was this one: by blind indexes of name and number, kept with the pass. */
#include "identity/provider.h"

#include <inttypes.h>

#include "base/die.h"
#include "check/check.h"
#include "db/row.h"

/* Domains of the blind indexes: the types of the forms' fields (form/type.c), so
 * that agent.name_index and identity_attempt.name_index can be compared in SQL. */
#define NAME_DOMAIN "person"
#define NUMBER_DOMAIN "id-number"

struct prints {
	uint8_t name[SHA256_SIZE], id_number[SHA256_SIZE];
};

/* False when the application names nobody, or a number that does not open. */
static bool load(struct db *db, struct vault *vault, int64_t attempt,
		 struct identity_person *person)
{
	struct buffer sealed = BUFFER_INIT, context = BUFFER_INIT;
	char subject[17];
	int64_t application;
	bool found, nobody;

	buffer_init(&person->name);
	buffer_init(&person->id_number);
	found = db_one(db,
		       "SELECT i.subject, i.application, COALESCE(l.name, g.name) AS name,"
		       " COALESCE(l.id_number, g.id_number) AS id_number FROM identity_attempt i"
		       " LEFT JOIN legal_rep l ON l.application = i.application"
		       "  AND i.subject = 'legal_rep'"
		       " LEFT JOIN agent g ON g.application = i.application"
		       "  AND i.subject = 'agent' WHERE i.id = ?",
		       DB_ARGS(db_int(attempt)),
		       DB_OUT(DB_TEXT("subject", subject), DB_INT("application", &application),
			      DB_OR_NULL(DB_BUFFER("name", &person->name)),
			      DB_IS_NULL("name", &nobody),
			      DB_OR_NULL(DB_BUFFER("id_number", &sealed)))) &&
		!nobody && sealed.len;
	if (found) {
		buffer_printf(&context, "%s.id_number:%" PRId64, subject, application);
		found = vault_unseal(vault, buffer_text(&context), sealed.data, sealed.len,
				     &person->id_number);
	}
	buffer_release(&context);
	buffer_release(&sealed);
	return found;
}

void identity_person_load(const struct identity_work *work, struct identity_person *person)
{
	if (!load(work->db, work->vault, work->attempt.id, person))
		die("attempt %lld is about nobody", (long long)work->attempt.id);
}

void identity_person_release(struct identity_person *person)
{
	buffer_wipe(&person->name);
	buffer_wipe(&person->id_number);
}

static bool print(struct db *db, struct vault *vault, int64_t attempt, struct prints *out)
{
	struct identity_person person;
	struct buffer folded = BUFFER_INIT;
	bool found = load(db, vault, attempt, &person);

	if (found) {
		person_fold(buffer_text(&person.name), &folded);
		vault_index(vault, NAME_DOMAIN, buffer_text(&folded), out->name);
		vault_index(vault, NUMBER_DOMAIN, buffer_text(&person.id_number), out->id_number);
	}
	buffer_wipe(&folded);
	identity_person_release(&person);
	return found;
}

bool identity_pass(struct db *db, struct vault *vault, const struct identity_attempt *a,
		   enum identity_state from)
{
	struct prints prints;

	if (!print(db, vault, a->id, &prints))
		die("attempt %lld is about nobody", (long long)a->id);
	return db_exec(db,
		       "UPDATE identity_attempt SET state = 'passed', ended_at = UTC_TIMESTAMP(3),"
		       " name_index = ?, id_number_index = ? WHERE id = ? AND state = ?",
		       DB_ARGS(db_bytes(prints.name, sizeof(prints.name)),
			       db_bytes(prints.id_number, sizeof(prints.id_number)), db_int(a->id),
			       db_text(identity_state_names[from]))) == 1;
}

bool identity_is_of_person(struct db *db, struct vault *vault, int64_t attempt)
{
	struct prints then, now;
	bool unprinted, untouched;

	if (!db_one(db,
		    "SELECT i.name_index, i.id_number_index,"
		    " i.name_index IS NULL OR i.id_number_index IS NULL AS unprinted,"
		    " COALESCE(COALESCE(g.updated_at, l.updated_at) <= i.ended_at, FALSE)"
		    "  AS untouched FROM identity_attempt i"
		    " LEFT JOIN agent g ON g.application = i.application AND i.subject = 'agent'"
		    " LEFT JOIN legal_rep l ON l.application = i.application"
		    "  AND i.subject = 'legal_rep' WHERE i.id = ? AND i.state = 'passed'",
		    DB_ARGS(db_int(attempt)),
		    DB_OUT(DB_OR_NULL(DB_BYTES("name_index", then.name)),
			   DB_OR_NULL(DB_BYTES("id_number_index", then.id_number)),
			   DB_FLAG("unprinted", &unprinted), DB_FLAG("untouched", &untouched))))
		return false;
	if (untouched)
		return true;
	return !unprinted && print(db, vault, attempt, &now) &&
	       equal_secrets(then.name, now.name, SHA256_SIZE) &&
	       equal_secrets(then.id_number, now.id_number, SHA256_SIZE);
}

bool identity_proven(struct db *db, struct vault *vault, int64_t application)
{
	struct db_result *r = db_select(
		db,
		"SELECT 0 AS id FROM application a JOIN project p ON p.id = a.project"
		" WHERE a.id = ? AND NOT p.identity_check UNION ALL"
		" SELECT id FROM identity_attempt WHERE application = ? AND state = 'passed'",
		DB_ARGS(db_int(application), db_int(application)));
	bool proven = false;
	int64_t id;

	while (!proven && db_next_row(r, DB_OUT(DB_INT("id", &id))))
		proven = !id || identity_is_of_person(db, vault, id);
	db_result_free(r);
	return proven;
}

bool identity_again_words(struct db *db, int64_t application, struct buffer *out)
{
	struct identity_plan plan;
	bool paid;

	if (!db_one(db,
		    "SELECT EXISTS (SELECT 1 FROM event e WHERE e.application = a.id"
		    "  AND e.event = 'paid') AS paid FROM application a"
		    " WHERE a.id = ? AND a.state = 'awaiting_identity'"
		    " AND EXISTS (SELECT 1 FROM identity_attempt i WHERE i.application = a.id"
		    "  AND i.state = 'passed')",
		    DB_ARGS(db_int(application)), DB_OUT(DB_FLAG("paid", &paid))))
		return false;
	identity_plan_load(db, application, &plan);
	buffer_printf(out,
		      "%s的资料在上次身份鉴别以后改过，要由现在资料上的%s本人重新做一次身份鉴别。"
		      "%s姓名或号码填错了的，请拨打客服电话。",
		      plan.legal_rep ? "法定代表人" : "经办人", plan.subject,
		      paid ? "已经付过的款不用再付，通过以后直接进入审核。" : "");
	return true;
}
