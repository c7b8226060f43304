/* queue.c: attempts whose end somebody has to find out: taken, booked, swept. */
#include "identity/provider.h"

#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "fault/fault.h"
#include "flow/flow.h"
#include "lease/lease.h"

static void read_due(struct db_result *r, void *to, struct lease *lease)
{
	struct identity_work *work = to;

	db_row(r, DB_OUT(DB_INT("attempt", &work->attempt.id), DB_INT("asks", &work->asks),
			 DB_INT("age_s", &work->age_s), DB_FLAG("is_over", &work->over)));
	*lease = (struct lease){ .tries = work->asks,
				 .ms = INT64_C(1000) * IDENTITY_LEASE_S,
				 .key = db_int(work->attempt.id) };
}

static const struct lease_kind evidence_kind = {
	.find = LEASE_FIND("SELECT attempt, asks + 1 AS asks,"
			   " TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(3)) AS age_s,"
			   " COALESCE(give_up_at <= UTC_TIMESTAMP(3), FALSE) AS is_over"
			   " FROM identity_evidence",
			   "ask_at", ""),
	.hold = LEASE_HOLD("UPDATE identity_evidence SET asks", "ask_at", " WHERE attempt = ?"),
	.read = read_due,
};

bool identity_claim(struct identity_work *work)
{
	if (!lease_take(work->db, &evidence_kind, DB_NO_ARGS, NULL, work))
		return false;
	if (!identity_find(work->db, work->attempt.id, &work->attempt))
		die("evidence of no attempt");
	return true;
}

int identity_wait_s(struct db *db, int max)
{
	return lease_wait_s(
		db, LEASE_WAIT("ask_at", " FROM identity_evidence WHERE ask_at IS NOT NULL"), max);
}

/* What each outcome does: the attempt's state and the event. */
static const struct {
	enum identity_state state;
	const char *event;
} ends[IDENTITY_OUTCOME_COUNT] = {
	[IDENTITY_FOUND_PASSED] = { IDENTITY_PASSED, "identity_passed" },
	[IDENTITY_FOUND_FAILED] = { IDENTITY_FAILED, "identity_failed" },
	[IDENTITY_FOUND_REVIEW] = { IDENTITY_REVIEW, "identity_unsure" },
	[IDENTITY_FOUND_REPEAT] = { IDENTITY_REPEAT, "identity_failed" },
	[IDENTITY_FOUND_LAPSED] = { IDENTITY_LAPSED, "identity_failed" },
};

struct settling {
	struct identity_work *work;
	const struct identity_provider *provider;
	const struct identity_finding *finding;
	enum flow_result moved;
};

static bool advance(struct db *db, const struct identity_attempt *a, const char *event,
		    enum identity_outcome outcome, const char *verdict, const char *actions,
		    const char *codes, enum flow_result *moved)
{
	struct buffer detail = BUFFER_INIT;
	struct flow_outcome after;
	char key[64];

	snprintf(key, sizeof(key), "identity-%lld-%s", (long long)a->id,
		 identity_outcome_names[outcome]);
	identity_detail(&detail, a, identity_outcome_names[outcome], verdict, actions, codes);
	*moved = flow_advance(db,
			      &(struct flow_move){ .application = a->application,
						   .role = FLOW_CRON,
						   .event = event,
						   .key = key,
						   .detail = buffer_text(&detail) },
			      &after);
	buffer_release(&detail);
	return *moved == FLOW_MOVED;
}

/* The actions that were drawn; "" when none were. */
static void actions_of(struct db *db, int64_t attempt, struct buffer *out)
{
	db_one(db, "SELECT actions FROM identity_challenge WHERE attempt = ?",
	       DB_ARGS(db_int(attempt)), DB_OUT(DB_BUFFER("actions", out)));
}

static void keep_evidence(struct db *db, const struct settling *s)
{
	const struct identity_finding *f = s->finding;
	int64_t id = s->work->attempt.id;
	struct buffer context = BUFFER_INIT, sealed = BUFFER_INIT;

	if (f->text.len) {
		buffer_printf(&context, "identity_evidence.text:%lld", (long long)id);
		vault_seal(s->work->vault, buffer_text(&context), f->text.data, f->text.len,
			   &sealed);
	}
	/* The column knows no lapse: the attempt says it. */
	db_exec(db,
		"UPDATE identity_evidence SET provider = ?, outcome = ?, verdict = ?, codes = ?,"
		" similarity = ?, compared_with = ?, text = ?, done_at = UTC_TIMESTAMP(3),"
		" ask_at = NULL WHERE attempt = ?",
		DB_ARGS(db_text(s->provider->name),
			db_text(f->outcome == IDENTITY_FOUND_LAPSED ?
					"failed" :
					identity_outcome_names[f->outcome]),
			db_text(f->verdict), db_text(f->codes.len ? buffer_text(&f->codes) : "{}"),
			f->similarity < 0 ? db_null() : db_int(f->similarity),
			db_text(f->compared_with), db_bytes(sealed.data, sealed.len), db_int(id)));
	buffer_release(&context);
	buffer_release(&sealed);
}

/* Its state under the lock; -1 when it has ended. */
static int open_state(struct db *db, int64_t attempt)
{
	char state[17];

	db_one(db, "SELECT state FROM identity_attempt WHERE id = ? FOR UPDATE",
	       DB_ARGS(db_int(attempt)), DB_OUT(DB_TEXT("state", state)));
	return !strcmp(state, "begun")     ? IDENTITY_BEGUN :
	       !strcmp(state, "handed_in") ? IDENTITY_HANDED_IN :
					     -1;
}

static bool end_attempt(struct db *db, const struct settling *s, enum identity_state from)
{
	const struct identity_attempt *a = &s->work->attempt;
	enum identity_state to = ends[s->finding->outcome].state;

	return to == IDENTITY_PASSED ? identity_pass(db, s->work->vault, a, from) :
				       identity_move(db, a, from, to);
}

static bool book(struct db *db, void *context)
{
	struct settling *s = context;
	const struct identity_finding *f = s->finding;
	const struct identity_attempt *a = &s->work->attempt;
	struct buffer actions = BUFFER_INIT;
	int state = open_state(db, a->id);
	bool done;

	s->moved = FLOW_NOT_ALLOWED;
	if (state < 0 || !end_attempt(db, s, state))
		return false;
	identity_material_drop(db, a->id, IDENTITY_RAW);
	for (int i = 0; i < f->pieces; i++)
		identity_material_put(db, s->work->vault, &f->piece[i].place, f->piece[i].data.data,
				      f->piece[i].data.len);
	keep_evidence(db, s);
	actions_of(db, a->id, &actions);
	done = advance(db, a, ends[f->outcome].event, f->outcome, f->verdict, buffer_text(&actions),
		       f->codes.len ? buffer_text(&f->codes) : NULL, &s->moved);
	buffer_release(&actions);
	return done;
}

/* The finding has no place any more: what was taken goes, the attempt ends. */
static bool let_go(struct db *db, void *context)
{
	const struct settling *s = context;
	const struct identity_attempt *a = &s->work->attempt;
	int state = open_state(db, a->id);

	identity_material_drop(db, a->id, IDENTITY_RAW);
	if (state >= 0)
		identity_move(db, a, state, IDENTITY_LAPSED);
	db_exec(db,
		"UPDATE identity_evidence SET ask_at = NULL, done_at = UTC_TIMESTAMP(3)"
		" WHERE attempt = ?",
		DB_ARGS(db_int(a->id)));
	return true;
}

static void ask_later(const struct identity_work *work, const struct identity_provider *provider)
{
	int pause = lease_pause_s(provider->pause_s, provider->pause_max_s, work->asks);

	db_exec(work->db,
		"UPDATE identity_evidence SET ask_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		" WHERE attempt = ? AND ask_at IS NOT NULL",
		DB_ARGS(db_int(pause), db_int(work->attempt.id)));
}

void identity_settle(struct identity_work *work, const struct identity_provider *provider,
		     const struct identity_finding *finding)
{
	struct settling s = { .work = work, .provider = provider, .finding = finding };
	enum db_outcome outcome;

	if (finding->outcome == IDENTITY_FOUND_PENDING) {
		ask_later(work, provider);
		return;
	}
	outcome = db_transaction(work->db, book, &s);
	if (outcome != DB_DONE)
		db_transaction(work->db, let_go, &s);
	log_line(LOG_INFO, "identity.settled", "attempt=%lld provider=%s outcome=%s booked=%d",
		 (long long)work->attempt.id, provider->name,
		 identity_outcome_names[finding->outcome], outcome == DB_DONE);
}

/* --- what nobody goes on with --- */

struct lapse {
	struct identity_attempt attempt;
	enum identity_outcome outcome;
	const char *verdict;
	bool done;
};

static bool let_lapse(struct db *db, void *context)
{
	struct lapse *l = context;
	int state = open_state(db, l->attempt.id);
	struct buffer actions = BUFFER_INIT;
	enum flow_result moved;

	l->done = state >= 0 && identity_move(db, &l->attempt, state, ends[l->outcome].state);
	if (!l->done)
		return false;
	identity_material_drop(db, l->attempt.id, IDENTITY_RAW);
	actions_of(db, l->attempt.id, &actions);
	/* Where the application has gone on, nobody needs to be told. */
	advance(db, &l->attempt, ends[l->outcome].event, l->outcome, l->verdict,
		buffer_text(&actions), NULL, &moved);
	buffer_release(&actions);
	return true;
}

void identity_ask_in(struct db *db, int64_t attempt, int seconds)
{
	db_exec(db,
		"UPDATE identity_evidence SET ask_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		" WHERE attempt = ? AND ask_at IS NOT NULL",
		DB_ARGS(db_int(seconds), db_int(attempt)));
}

/* Nothing is asked any more, even if the rest of it fails as well. */
void identity_give_up(struct db *db, int64_t attempt)
{
	struct lapse l = { .outcome = IDENTITY_FOUND_REPEAT, .verdict = "fault" };

	db_exec(db,
		"UPDATE identity_evidence SET ask_at = NULL, outcome = 'repeat', verdict = ?,"
		" done_at = UTC_TIMESTAMP(3) WHERE attempt = ?",
		DB_ARGS(db_text(l.verdict), db_int(attempt)));
	if (identity_find(db, attempt, &l.attempt))
		db_transaction(db, let_lapse, &l);
	log_line(LOG_FAULT, "identity.given_up", "attempt=%lld told=%d", (long long)attempt,
		 l.done);
}

static int end_late(struct db *db, void (*at)(int64_t attempt))
{
	struct db_result *r = db_select(
		db,
		"SELECT i.id FROM identity_attempt i JOIN application a ON a.id = i.application"
		" LEFT JOIN identity_challenge c ON c.attempt = i.id"
		" WHERE i.state IN ('begun', 'handed_in') AND ("
		"  a.state NOT IN ('awaiting_identity', 'awaiting_identity_review')"
		"  OR (i.state = 'begun' AND c.used_at IS NULL"
		"   AND c.expires_at + INTERVAL ? SECOND <= UTC_TIMESTAMP(3)))"
		" AND" FAULT_FREE(IDENTITY_FAULT_LAPSE,
				  "CAST(i.id AS CHAR CHARACTER SET ascii)") " LIMIT 200",
		DB_ARGS(db_int(IDENTITY_UPLOAD_GRACE_S)));
	int64_t id;
	int count = 0;

	while (db_next_row(r, DB_OUT(DB_INT("id", &id)))) {
		struct lapse l = { .outcome = IDENTITY_FOUND_LAPSED, .verdict = "too_late" };

		if (at)
			at(id);
		if (identity_find(db, id, &l.attempt))
			db_transaction(db, let_lapse, &l);
		count += l.done;
		if (at)
			at(0);
	}
	db_result_free(r);
	return count;
}

static bool forget_faces(struct db *db, void *context)
{
	*(long *)context = db_exec(
		db,
		"DELETE m FROM face_consent c JOIN identity_attempt i"
		"  ON i.application = c.application JOIN face_material m ON m.attempt = i.id"
		" WHERE c.withdrawn_at IS NOT NULL AND m.created_at <= c.withdrawn_at",
		DB_NO_ARGS);
	return true;
}

int identity_upkeep(struct db *db, void (*at)(int64_t attempt))
{
	int count = end_late(db, at);
	long forgotten = 0;

	db_transaction(db, forget_faces, &forgotten);
	if (count || forgotten)
		log_line(LOG_INFO, "identity.swept", "lapsed=%d faces=%ld", count, forgotten);
	return count;
}
