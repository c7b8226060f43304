/* flow.h: the application's state machine, as the database keeps it.
 *
 * The table is schema/flow.sql; the procedures flow_start and flow_advance are
 * the only way to create an application and to change its state. They write
 * the event and the outbox rows of the effect, and leave BEGIN and COMMIT to
 * the caller, so that a page's own changes stand in the same transaction. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/digest.h"
#include "db/db.h"

#define FLOW_STATE_MAX 32
#define FLOW_EVENT_MAX 32
#define FLOW_FORM_MAX 32 /* name of a form */
#define FLOW_PAGE_MAX 40 /* "apply/company" */
#define FLOW_OPEN_MAX 500 /* events of one role in one state */
#define FLOW_FORMS_MAX 16 /* of one application */

enum flow_role {
	FLOW_APPLICANT,
	FLOW_CLERK,
	FLOW_PRODUCER,
	FLOW_ADMIN,
	FLOW_AUDITOR, /* moves nothing; here because sessions have it */
	FLOW_ACCOUNTANT, /* the same: decides about money, not applications */
	FLOW_PUSH,
	FLOW_CRON,
	FLOW_ROLE_COUNT,
};

extern const char *const flow_role_names[FLOW_ROLE_COUNT];

/* One step that somebody wants to take. A person is who has logged in with the token
 * (page/session.h), which the procedure looks up itself; a job is its account. */
struct flow_move {
	int64_t application;
	enum flow_role role;
	const char *token; /* of the person's session; NULL for push and cron */
	const char *event; /* "submit" */
	const char *key; /* idempotency key; one key, one move */
	const char *detail; /* JSON object without personal data, or NULL */
};

enum flow_result {
	FLOW_MOVED, /* event written; the state may be the same */
	FLOW_REPEATED, /* this key was there before: nothing done, all is well */
	FLOW_NOT_ALLOWED, /* no such transition from this state for this role */
	FLOW_GUARD_REFUSED, /* there is one, but its condition does not hold */
	FLOW_NO_APPLICATION,
	FLOW_RESULT_COUNT,
};

struct flow_outcome {
	char state[FLOW_STATE_MAX + 1]; /* afterwards */
	int64_t event_id; /* of the event written or repeated */
};

/* To be called within db_transaction(), as its last step: guards look at what
 * the transaction has written so far (form_complete at application_form), so
 * save first and move then. On anything but FLOW_MOVED the caller returns
 * false from its work, which takes its own writes back: a refusal changes
 * nothing, and a repeat has nothing left to change. */
enum flow_result flow_advance(struct db *, const struct flow_move *, struct flow_outcome *);

/* Creates an application of the applicant with that session in its first state,
 * within db_transaction().
 * public_id gets the new public id. Repeating `key` gives the same one. */
enum flow_result flow_start(struct db *, int64_t project, const char *token, const char *key,
			    char public_id[PUBLIC_ID_SIZE], int64_t *id);

/* Whether the table has a transition for this role and event from this state,
 * whatever its guard says. */
bool flow_allows(struct db *, int flow_version, const char *state, enum flow_role,
		 const char *event);

/* --- where an application stands: what is read along with it ---
 *
 * The forms of an application, their order, the page of each state and what each
 * event does are rows of flow.sql, by flow version. A page reads them in the
 * select that finds its application:
 *
 *     "SELECT …, " FLOW_STANDING_COLUMNS " FROM … application a …"
 *     FLOW_STANDING_JOINS("'applicant'")
 *
 * gives a row a form, each of which goes to flow_standing_collect(), which reads its
 * columns by name; no other column may have one of these. It sorts
 * them, which an ORDER BY does for a quarter of the time of the whole select. */
#define FLOW_STANDING_COLUMNS                                                  \
	"z.page, z.page_done, v.events, f.ord, f.form, f.state AS form_state," \
	" f.event AS form_event, x.complete"
#define FLOW_STANDING_JOINS(role)                                                          \
	" LEFT JOIN flow_state z ON z.flow_version = a.flow_version AND z.state = a.state" \
	" LEFT JOIN flow_open v ON v.flow_version = a.flow_version"                        \
	"  AND v.state = a.state AND v.role = " role                                       \
	" LEFT JOIN flow_form f ON f.flow_version = a.flow_version"                        \
	" LEFT JOIN application_form x ON x.application = a.id AND x.form = f.form"

/* In a select from `application a JOIN flow_state z`: the page on which the
 * applicant goes on, '' for none. */
#define FLOW_PAGE_SQL                                                                        \
	"IF(z.page_done <> '' AND EXISTS (SELECT 1 FROM flow_form f JOIN application_form x" \
	" ON x.application = a.id AND x.form = f.form AND x.complete"                        \
	" WHERE f.flow_version = a.flow_version AND f.state = a.state), z.page_done, z.page)"

/* For a select from event e: the row w of flow_event that has its words. */
#define FLOW_WORDS_JOIN                                                                    \
	" LEFT JOIN flow_event w ON w.event = e.event AND w.form = IF(e.event = 'submit'," \
	" CONVERT(JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.form')) USING ascii), '')"

struct flow_form {
	char name[FLOW_FORM_MAX + 1]; /* "legal-rep" */
	char state[FLOW_STATE_MAX + 1]; /* in which it is its turn */
	char event[FLOW_EVENT_MAX + 1]; /* that hands it in then */
	int ord;
	bool complete;
};

struct flow_standing {
	char page[FLOW_PAGE_MAX + 1]; /* where the applicant goes on; "": nothing to do */
	char page_done[FLOW_PAGE_MAX + 1]; /* instead, once the state's form is complete; or "" */
	char open[FLOW_OPEN_MAX + 1]; /* events that the role may cause, by a blank each */
	struct flow_form form[FLOW_FORMS_MAX]; /* in their order */
	size_t form_count;
};

/* Takes the FLOW_STANDING_COLUMNS of the row where the list stands. */
void flow_standing_collect(struct flow_standing *, struct db_result *);
/* The forms of an application, or where that is 0, of new ones of the project;
 * page and events are left empty. */
void flow_forms_load(struct db *, int64_t application, int64_t project, struct flow_standing *);
/* Which forms are complete now, after something was written. */
void flow_forms_reload(struct db *, int64_t application, struct flow_standing *);
/* Whether the role may cause the event, whatever its guard says. */
bool flow_is_open(const struct flow_standing *, const char *event);
/* The form of that name, and the one whose turn it is in a state; NULL for none. */
const struct flow_form *flow_form_named(const struct flow_standing *, const char *name);
const struct flow_form *flow_form_of_turn(const struct flow_standing *, const char *state);

/* What a state is called and what it means for the applicant. */
struct flow_state {
	char state[FLOW_STATE_MAX + 1];
	char label[241]; /* bytes: 待审核 */
	char next[1601]; /* what happens next, in plain words */
	int deadline_hours; /* 0 in end states */
	bool ended;
};
bool flow_state_load(struct db *, int flow_version, const char *state, struct flow_state *);

#endif
