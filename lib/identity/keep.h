/* keep.h: how long faces are kept, and their destruction. Account: DB_CRON. */
#ifndef IDENTITY_KEEP_H
#define IDENTITY_KEEP_H

#include "db/db.h"

/* Attempts whose faces have been kept as long as the project says: the check is
 * decided, which it is when the application left its states for good, there being no
 * way back. At most `most` behind the attempt `after`; column id, read with
 * identity_faces_due_row(). */
struct db_result *identity_faces_due(struct db *, int64_t after, int most);
int64_t identity_faces_due_row(struct db_result *);
/* Destroys the faces of an attempt and what was said of them. In a transaction. */
void identity_faces_destroy(struct db *, int64_t attempt);
/* Deletes uploads that attempts left behind when they ended; a worker that is at one
 * keeps its own. Gives the number of parts. */
long identity_raw_purge(struct db *);

#endif
