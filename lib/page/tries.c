/* tries.c: uploads counted before they are looked at, table upload_try. */
#include "page/contract.h"

#include "base/log.h"
#include "db/row.h"

static const struct {
	const char *name;
	int max; /* of one applicant in a day */
} kinds[] = {
	[PAGE_TRY_SCAN] = { "scan", SCANS_PER_DAY_MAX },
	[PAGE_TRY_RECORDING] = { "film", RECORDINGS_PER_DAY_MAX },
};

struct counting {
	int64_t applicant, tries;
	const char *kind;
};

/* A day begins with its first try. The columns are set in their order: the first
 * still sees the old beginning. */
static bool count_more(struct db *db, const struct counting *c)
{
	return db_exec(db,
		       "UPDATE upload_try SET"
		       " tries = IF(began_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY, tries + 1, 1),"
		       " began_at = IF(began_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY, began_at,"
		       " UTC_TIMESTAMP(3)) WHERE applicant = ? AND kind = ?",
		       DB_ARGS(db_int(c->applicant), db_text(c->kind))) == 1;
}

static bool count_first(struct db *db, const struct counting *c)
{
	return db_exec(db,
		       "INSERT INTO upload_try (applicant, kind, tries, began_at)"
		       " VALUES (?, ?, 1, UTC_TIMESTAMP(3))",
		       DB_ARGS(db_int(c->applicant), db_text(c->kind))) == 1;
}

static bool count(struct db *db, void *context)
{
	struct counting *c = context;

	/* Another upload may have counted first between the two. */
	if (!count_more(db, c) && !count_first(db, c) && !count_more(db, c))
		return false;
	c->tries = db_number(db, "SELECT tries FROM upload_try WHERE applicant = ? AND kind = ?",
			     DB_ARGS(db_int(c->applicant), db_text(c->kind)));
	return true;
}

bool page_count_try(struct page *p, enum page_try kind)
{
	struct counting c = { .applicant = p->application.applicant, .kind = kinds[kind].name };

	if (db_transaction(p->db, count, &c) != DB_DONE)
		die("a try of applicant %lld was not counted", (long long)c.applicant);
	if (c.tries <= kinds[kind].max)
		return true;
	log_line(LOG_REFUSED, "upload.too_many", "kind=%s applicant=%lld", c.kind,
		 (long long)c.applicant);
	return false;
}

long page_purge_tries(struct db *db, int most)
{
	return db_exec(db,
		       "DELETE FROM upload_try WHERE began_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY"
		       " ORDER BY applicant, kind LIMIT ?",
		       DB_ARGS(db_int(most)));
}
