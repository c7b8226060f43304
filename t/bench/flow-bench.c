/* flow-bench.c: one flow_advance with event and outbox row against an UPDATE
 * and an INSERT by hand in four round trips, in turn; medians. Works on
 * applications of its own, which it cancels, and on two tables that it drops. */
#include "flow/flow.h"

#include <time.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

#define ROUNDS 600
#define TOKEN_BYTES 32

struct bench {
	struct db *owner, *apply;
	int64_t application[ROUNDS], project, applicant;
	int round;
	char key[PUBLIC_ID_SIZE], token[2 * TOKEN_BYTES + 1];
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* In a state from which to cancel writes state, event and outbox row. */
static void make_application(struct bench *b, int i)
{
	char public_id[PUBLIC_ID_SIZE];

	random_public_id(public_id);
	db_exec(b->owner,
		"INSERT INTO application (public_id, project, applicant, flow_version, state,"
		" state_since, deadline_at, created_at, start_key) VALUES (?, ?, ?, 1,"
		" 'awaiting_identity', UTC_TIMESTAMP(), NULL, UTC_TIMESTAMP(), ?)",
		DB_ARGS(db_text(public_id), db_int(b->project), db_int(b->applicant),
			db_text(public_id)));
	b->application[i] = db_inserted_id(b->owner);
	db_exec(b->owner, "INSERT INTO bench_application SELECT * FROM application WHERE id = ?",
		DB_ARGS(db_int(b->application[i])));
}

static bool make_all(struct db *db, void *context)
{
	struct bench *b = context;

	db_exec(db,
		"INSERT INTO applicant (appid, openid, created_at)"
		" VALUES ('bench', ?, UTC_TIMESTAMP())",
		DB_ARGS(db_text(b->key)));
	b->applicant = db_inserted_id(db);
	db_exec(db,
		"INSERT INTO session (token_hash, role, subject, created_at, seen_at, idle_at, ends_at)"
		" VALUES (UNHEX(SHA2(UNHEX(?), 256)), 'applicant', ?, UTC_TIMESTAMP(3),"
		" UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 DAY,"
		" UTC_TIMESTAMP(3) + INTERVAL 1 DAY)",
		DB_ARGS(db_text(b->token), db_int(b->applicant)));
	for (int i = 0; i < ROUNDS; i++)
		make_application(b, i);
	return true;
}

static void set_up(struct bench *b, const struct config *config)
{
	static const char *const tables[] = {
		"DROP TABLE IF EXISTS bench_application, bench_event",
		"CREATE TABLE bench_application LIKE application",
		"CREATE TABLE bench_event LIKE event",
	};
	uint8_t secret[TOKEN_BYTES];

	b->owner = db_open(config, DB_OWNER);
	b->apply = db_open(config, DB_APPLY);
	b->project = db_number(b->owner, "SELECT MIN(id) FROM project", DB_NO_ARGS);
	random_public_id(b->key);
	random_bytes(secret, sizeof(secret));
	hex_encode(secret, sizeof(secret), b->token);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		db_exec(b->owner, tables[i], DB_NO_ARGS);
	if (db_transaction(b->owner, make_all, b) != DB_DONE)
		die("the bench's rows were refused");
}

static void clear_up(struct bench *b)
{
	db_exec(b->owner, "DROP TABLE bench_application, bench_event", DB_NO_ARGS);
	db_close(b->owner);
	db_close(b->apply);
}

static bool by_hand(struct db *db, void *context)
{
	const struct bench *b = context;
	struct db_arg id = db_int(b->application[b->round]);

	db_exec(db,
		"UPDATE bench_application SET version = version + 1, state = 'cancelled'"
		" WHERE id = ? AND state = 'awaiting_identity'",
		DB_ARGS(id));
	db_exec(db,
		"INSERT INTO bench_event (application, at, event, from_state, to_state, role,"
		" idempotency_key, leaf) VALUES (?, UTC_TIMESTAMP(6), 'cancel', 'awaiting_identity',"
		" 'cancelled', 'applicant', 'bench', '')",
		DB_ARGS(id));
	return true;
}

static bool by_procedure(struct db *db, void *context)
{
	const struct bench *b = context;
	struct flow_move move = { .application = b->application[b->round],
				  .role = FLOW_APPLICANT,
				  .token = b->token,
				  .event = "cancel",
				  .key = "bench" };
	struct flow_outcome outcome;

	return flow_advance(db, &move, &outcome) == FLOW_MOVED;
}

static double timed(struct db *db, bool (*work)(struct db *, void *), struct bench *b)
{
	double begun = now_us();

	if (db_transaction(db, work, b) != DB_DONE)
		die("round %d was not done", b->round);
	return now_us() - begun;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *list)
{
	qsort(list, ROUNDS, sizeof(*list), by_size);
	return list[ROUNDS / 2];
}

int main(void)
{
	static struct bench b;
	static double hand[ROUNDS], procedure[ROUNDS];
	struct config *config = config_open();

	set_up(&b, config);
	for (b.round = 0; b.round < ROUNDS; b.round++) {
		hand[b.round] = timed(b.owner, by_hand, &b);
		procedure[b.round] = timed(b.apply, by_procedure, &b);
	}
	clear_up(&b);
	config_free(config);
	double h = median(hand), p = median(procedure);
	printf("%d rounds in turn, medians\n"
	       "by hand: BEGIN, UPDATE, INSERT, COMMIT   %6.0f us   1.00\n"
	       "flow_advance with event and outbox row   %6.0f us   %.2f   (aim 1.0)\n",
	       ROUNDS, h, p, p / h);
	return 0;
}
