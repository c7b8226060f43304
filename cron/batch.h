/* batch.h: a job that goes through a list once and does one thing to each row. */
#ifndef CRON_BATCH_H
#define CRON_BATCH_H

#include "db/db.h"

struct batch {
	const char *job; /* "cron/expire" */
	const char *stored; /* its name in job_fault, if that is another one */
	const char *done; /* what the log calls its end */
	/* The rows to look at, ordered by their column `id`: at most so many behind
	 * an id. */
	struct db_result *(*list)(struct db *, int64_t after, int most);
	int rows; /* rows read at once */
	/* Does it; whether there was something to do. */
	bool (*act)(struct db *, struct db_result *row);
};

/* Looks at all rows, so many at a time, with the rights of DB_CRON; logs how
 * many there was something to do for. A row that ends the process is put off
 * (guard.h, fault/fault.h) and the rows behind it are done. Gives the exit status. */
int batch_run(const struct batch *);

#endif
