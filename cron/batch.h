/* batch.h: a job that goes through a list once and does one thing to each row. */
#ifndef CRON_BATCH_H
#define CRON_BATCH_H

#include "db/db.h"

struct batch {
	const char *job; /* "cron/expire" */
	const char *stored; /* its name in job_fault, if that is another one */
	const char *done; /* log event of the end of a run */
	/* Selects at most `most` rows with a higher `id` than `after`, ordered by it. */
	struct db_result *(*list)(struct db *, int64_t after, int most);
	int rows; /* per SELECT */
	/* Handles one row; false when the row needed nothing. */
	bool (*act)(struct db *, struct db_result *row);
};

/* Handles all rows with the account DB_CRON and logs how many needed something. A
 * row that ends the process is put off (guard.h, fault/fault.h), and the rows after
 * it are handled. Gives the exit status. */
int batch_run(const struct batch *);

#endif
