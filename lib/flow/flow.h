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

/* One step that somebody wants to take. */
struct flow_move {
	int64_t application;
	enum flow_role role;
	int64_t actor; /* applicant or staff id; 0 for push and cron */
	const char *event; /* "submit_company" */
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
 * the transaction has written so far (company_complete at company.complete),
 * so save first and move then. On anything but FLOW_MOVED the caller returns
 * false from its work, which takes its own writes back: a refusal changes
 * nothing, and a repeat has nothing left to change. */
enum flow_result flow_advance(struct db *, const struct flow_move *, struct flow_outcome *);

/* Creates an application in its first state, within db_transaction().
 * public_id gets the new public id. Repeating `key` gives the same one. */
enum flow_result flow_start(struct db *, int64_t project, int64_t applicant, const char *key,
			    char public_id[PUBLIC_ID_SIZE], int64_t *id);

/* Whether the table has a transition for this role and event from this state,
 * whatever its guard says. */
bool flow_allows(struct db *, int flow_version, const char *state, enum flow_role,
		 const char *event);

/* What a state is called and what it means for the applicant. */
struct flow_state {
	char state[FLOW_STATE_MAX + 1];
	char label[64]; /* 待审核 */
	char next[400]; /* what happens next, in plain words */
	int deadline_hours; /* 0 in end states */
	bool ended;
};
bool flow_state_load(struct db *, int flow_version, const char *state, struct flow_state *);

#endif
