/* case.h: one application as staff see it: its history, and whether a decision
 * still finds it as it was shown.
 *
 * Tables: application and event, which lib/flow writes; names of staff, words of
 * events and reasons are read along. Texts of a row belong to the result. */
#ifndef CASE_CASE_H
#define CASE_CASE_H

#include "db/db.h"
#include "flow/flow.h"

/* The optimistic lock: the last move of an application from one state to another,
 * by the id of its event; saves and reveals are none. A page puts it into its form
 * and decides only when it still is the last, in the transaction of the decision. */
int64_t case_last_move(struct db *, int64_t application);

/* The last decision of a person of the staff about an application. */
struct case_decision {
	char *words, *name; /* of the event and the person; case_decision_release() */
	char time[8]; /* 14:05, in China */
};
/* False when no such decision was made; the texts are NULL then. */
bool case_last_decision(struct db *, int64_t application, struct case_decision *);
void case_decision_release(struct case_decision *);

/* The history, newest first, at most CASE_EVENTS_MAX; without what the applicant
 * did within one state (saves, uploads). Read with case_history_next(). */
#define CASE_EVENTS_MAX 200
struct case_event {
	const char *at, *event, *words, *role;
	const char *staff; /* name; "" for none */
	const char *form, *field; /* of the detail; "" for none */
	const char *reason; /* its words, when has_reason */
	bool face, has_reason; /* face: of a reveal, that faces were shown */
};
struct db_result *case_history(struct db *, int64_t application);
bool case_history_next(struct db_result *, struct case_event *);

/* Whether this clerk asked for the faces of an attempt within so many minutes. */
bool case_face_asked(struct db *, int64_t application, int64_t clerk, const char *attempt_public_id,
		     int minutes);

#endif
