/* due.h: applications whose time has come, for jobs: overdue, forgotten, waiting.
 *
 * Lists go on behind an id, so that a job reads them in batches; read the row where a
 * list stands with the function of the same name and `row`. Account: DB_CRON. */
#ifndef CASE_DUE_H
#define CASE_DUE_H

#include "db/db.h"
#include "flow/flow.h"

/* Applications whose deadline has passed and what cron does then: the rows of role
 * cron in schema/flow.sql whose guard is about being overdue. */
struct case_overdue {
	int64_t id, version;
	char event[FLOW_EVENT_MAX + 1];
};
struct db_result *case_overdue(struct db *, int64_t after, int most);
void case_overdue_row(struct db_result *, struct case_overdue *);

/* Drafts that were left alone for three days, or ten, and of which the applicant was
 * not reminded since; columns id and days. When the job did not run for a while, only
 * the later of the two reminders is due. */
struct case_forgotten {
	int64_t id;
	int days; /* 3 or 10 */
};
struct db_result *case_forgotten(struct db *, int64_t after, int most);
void case_forgotten_row(struct db_result *, struct case_forgotten *);

/* An application that stands where that event brought it; at most one row, whose
 * texts belong to the result. */
struct case_waiting {
	const char *public_id, *label, *project, *since; /* label: of its state */
};
struct db_result *case_waiting(struct db *, int64_t application, int64_t event);
bool case_waiting_next(struct db_result *, struct case_waiting *);

/* The clerk who rejected an application by that event; 0: none did. */
int64_t case_rejected_by(struct db *, int64_t application, int64_t event);

#endif
