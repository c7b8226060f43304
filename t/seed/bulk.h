/* bulk.h: walked applications as models, and what of a row is not copied.
 *
 * A model is all rows of one application, of the tables in bulk_tables[]. Each
 * cell is taken apart once (model.c) into pieces: text that stays, and places
 * for the ids, keys and people of a copy. copy.c fills them in, seals and
 * indexes anew, moves the times and computes the leaves; bulk.c loads the rows. */
#ifndef SEED_BULK_H
#define SEED_BULK_H

#include <mysql.h>

#include "seed.h"

#define BULK_TABLES_MAX 32
#define BULK_COLUMNS_MAX 32
#define BULK_TOKENS_MAX 256 /* random keys of one application */
#define BULK_EVENTS_MAX 200

enum bulk_rule {
	BULK_COPY, /* and times, by their type */
	BULK_ID, /* of this table: a new number */
	BULK_REF, /* of a row of the table `text`, which is one of the model's */
	BULK_KEYS, /* text with keys of ours and with ids behind known words */
	BULK_SAID, /* what people typed: names, numbers */
	BULK_SEAL, /* the same, sealed under the context `text` */
	BULK_FACE, /* the same under the key for faces */
	BULK_INDEX, /* blind index of the domain `text` */
	BULK_PRINT, /* of address: the blind index of the whole entry */
	BULK_LEAF, /* of event */
	BULK_ACTOR, /* of event: the applicant, where one acted */
	BULK_RANDOM, /* as many random bytes */
	BULK_WORD, /* `keep` letters of it, then random ones */
	BULK_DIGITS, /* the same with digits */
	BULK_DEADLINE, /* whole hours after an event */
	BULK_AFTER, /* as long after the column `text` */
};

struct bulk_column_rule {
	const char *table, *column;
	enum bulk_rule rule;
	const char *text; /* contexts: {column} stands for that column's value */
	int keep;
};
extern const struct bulk_column_rule bulk_rules[];
extern const size_t bulk_rule_count;
/* The tables, each with the condition for the rows of application @id. */
extern const struct bulk_table_row {
	const char *name, *where;
} bulk_tables[];
extern const size_t bulk_table_count;
const struct bulk_column_rule *bulk_rule_of(const char *table, const char *column);
int bulk_table_index(const char *name);

/* A person or company of the copy; the order of bulk_people() in copy.c. */
enum bulk_slot {
	SLOT_CORE, /* the middle of the company's name */
	SLOT_REGION,
	SLOT_USCC,
	SLOT_STREET,
	SLOT_EMAIL,
	SLOT_REP_NAME,
	SLOT_REP_ID,
	SLOT_REP_MOBILE,
	SLOT_AGENT_NAME,
	SLOT_AGENT_ID,
	SLOT_AGENT_MOBILE,
	SLOT_AGENT_LANDLINE,
	SLOT_TO_NAME, /* the recipient of the parcel */
	SLOT_TO_MOBILE,
	SLOT_COUNT,
};

/* A piece of a value. */
struct bulk_piece {
	enum { PIECE_TEXT, PIECE_TOKEN, PIECE_REF, PIECE_SLOT } kind;
	char *bytes;
	size_t len;
	int n; /* token, slot, or row of the table */
	int table;
};

struct bulk_cell {
	bool null;
	struct bulk_piece *piece;
	size_t pieces;
	struct bulk_piece *context; /* of a sealed one */
	size_t contexts;
	int64_t time_us; /* of a time */
};

struct bulk_column {
	char name[65];
	const struct bulk_column_rule *rule; /* NULL: copied */
	int time_digits; /* -1: no time; else digits behind the second */
	int after; /* BULK_AFTER: that column */
};

struct bulk_table {
	struct bulk_column column[BULK_COLUMNS_MAX];
	int columns;
	int64_t next_id; /* of the first copy */
	bool numbered; /* has a column id */
};

/* The tables as the database has them. */
struct bulk_schema {
	struct bulk_table table[BULK_TABLES_MAX];
};

struct bulk_model {
	struct bulk_cell *cell[BULK_TABLES_MAX]; /* rows, each of all columns */
	int rows[BULK_TABLES_MAX];
	int tokens; /* different keys */
	char token[BULK_TOKENS_MAX][PUBLIC_ID_SIZE]; /* as they were */
	char *slot[SLOT_COUNT]; /* the values of the places; NULL: none */
	int64_t event_us[BULK_EVENTS_MAX];
	bool event_fixed[BULK_EVENTS_MAX]; /* the time before it is not made shorter */
	int events;
	int64_t last_us; /* of what happened behind the last event; or that event */
	bool ended;
	int weight;
};

/* The owner's session; lib/db speaks no LOAD DATA, and no page should. */
MYSQL *bulk_connect(const struct config *);

/* schema.c. die()s when a column has no rule that needs one. */
void bulk_schema_load(MYSQL *, struct bulk_schema *);
/* The text of microseconds, with so many digits behind the second, and back. */
void bulk_time_text(int64_t us, int digits, char out[32]);
int64_t bulk_time_read(const char *text);
/* mysql_query() that dies; the rows are the caller's. */
MYSQL_RES *bulk_query(MYSQL *, const char *sql);

/* model.c */
void bulk_model_load(MYSQL *, struct seed *, const struct bulk_schema *, int64_t application,
		     struct bulk_model *);

/* copy.c: the rows of one copy, appended to the tables' buffers as LOAD DATA
 * takes them. `id`: the first of each table; they are counted on. */
void bulk_copy(struct seed *, const struct bulk_schema *, const struct bulk_model *,
	       int64_t id[BULK_TABLES_MAX], struct buffer out[BULK_TABLES_MAX]);

#endif
