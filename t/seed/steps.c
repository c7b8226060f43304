/* steps.c: what stands before each event, by the page or job that makes it. */
#include "seed.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"
#include "fill.h"

#define PINS_MAX 3 /* reasons of one refusal */

typedef enum flow_result seed_doer(struct seed_case *, const struct seed_way *);

/* Somebody of the staff who may act, not `but`; 0 for none. The demo's own come
 * first, those whom a test hires behind them. */
static int64_t somebody(struct seed_case *c, enum flow_role role, int64_t but)
{
	return db_number(seed_db(c->seed, DB_CLERK, c->at_us),
			 "SELECT id FROM (SELECT id FROM staff WHERE role = ? AND is_active"
			 " AND id <> ? ORDER BY id LIMIT 2) s ORDER BY RAND() LIMIT 1",
			 DB_ARGS(db_text(flow_role_names[role]), db_int(but)));
}

static int64_t actor_of(struct seed_case *c, enum flow_role role)
{
	if (role == FLOW_APPLICANT)
		return c->applicant;
	return role == FLOW_PUSH || role == FLOW_CRON ? 0 : somebody(c, role, 0);
}

static enum flow_result do_plain(struct seed_case *c, const struct seed_way *way)
{
	return seed_press(c, way->role, actor_of(c, way->role), way->event, NULL, NULL, NULL);
}

/* -- the applicant -- */

static bool keep_agreement(struct db *db, void *context)
{
	struct seed_case *c = context;

	db_exec(db,
		"INSERT INTO agreement (application, agreement_text, sha256, accepted_at,"
		" consent_identity, consent_third_party, consent_face)"
		" SELECT ?, id, sha256, UTC_TIMESTAMP(3), TRUE, TRUE, ? FROM agreement_text"
		" WHERE project = ? AND published_at <= UTC_TIMESTAMP()"
		" ORDER BY published_at DESC, id DESC LIMIT 1",
		DB_ARGS(db_int(c->id), db_int(seed_below(&c->seed->random, 2)),
			db_int(c->project)));
	return true;
}

static enum flow_result do_agree(struct seed_case *c, const struct seed_way *way)
{
	return seed_press(c, way->role, c->applicant, way->event, NULL, keep_agreement, c);
}

/* The form whose turn it is. */
static enum flow_result do_form(struct seed_case *c, const struct seed_way *way UNUSED)
{
	char name[FLOW_FORM_MAX + 1];

	if (!db_one(seed_db(c->seed, DB_APPLY, c->at_us),
		    "SELECT form FROM flow_form WHERE flow_version = ? AND state = ?",
		    DB_ARGS(db_int(c->flow_version), db_text(c->state)),
		    DB_OUT(DB_TEXT("form", name))))
		die("it is no form's turn in %s", c->state);
	return fill_form(c, form_by_name(name));
}

static bool keep_price(struct db *db, void *context)
{
	const struct seed_case *c = context;
	int64_t price, price_fen;

	if (!db_one(db,
		    "SELECT k.price, k.price_fen FROM `order` o"
		    " JOIN package_offer k ON k.id = o.package WHERE o.application = ?",
		    DB_ARGS(db_int(c->id)),
		    DB_OUT(DB_INT("price", &price), DB_INT("price_fen", &price_fen))))
		return false;
	db_exec(db,
		"UPDATE `order` SET price = ?, price_fen = ?,"
		" confirmed_at = UTC_TIMESTAMP(3) WHERE application = ?",
		DB_ARGS(db_int(price), db_int(price_fen), db_int(c->id)));
	return true;
}

/* The order's form stands beside the road: its event leaves the state as it is. */
static enum flow_result do_confirm(struct seed_case *c, const struct seed_way *way)
{
	if (!db_exists(seed_db(c->seed, DB_APPLY, c->at_us),
		       "SELECT 1 FROM `order` WHERE application = ?", DB_ARGS(db_int(c->id))))
		fill_form(c, form_by_name("order"));
	return seed_press(c, way->role, c->applicant, way->event, NULL, keep_price, c);
}

static enum flow_result do_resubmit(struct seed_case *c, const struct seed_way *way)
{
	fill_mend(c);
	return do_plain(c, way);
}

/* -- the clerks -- */

/* The way a number is looked at before something is decided; not always. */
static void reveal(struct seed_case *c, int64_t clerk)
{
	if (seed_below(&c->seed->random, 3))
		return;
	seed_press(c, FLOW_CLERK, clerk, "reveal",
		   "{\"form\":\"agent\",\"field\":\"id_number\",\"reason\":\"compare\"}", NULL,
		   NULL);
	c->at_us += 40 * SEED_US;
}

static enum flow_result do_approve(struct seed_case *c, const struct seed_way *way)
{
	int64_t clerk = somebody(c, way->role, c->approved_by);

	reveal(c, clerk);
	c->approved_by = clerk;
	return seed_press(c, way->role, clerk, way->event, NULL, NULL, NULL);
}

struct pinning {
	struct seed_case *c;
	int64_t clerk;
};

static void pin(struct db *db, const struct pinning *p, const char *form, const char *field,
		int64_t scan)
{
	char code[33];

	db_one(db,
	       "SELECT code FROM reason_text WHERE is_offered AND type = ?"
	       " ORDER BY RAND() LIMIT 1",
	       DB_ARGS(db_text(scan ? "scan" : "field")), DB_OUT(DB_TEXT("code", code)));
	db_exec(db,
		"INSERT INTO reason (application, form, field, scan, code, note, staff, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
		DB_ARGS(db_int(p->c->id), db_text(form), db_text(field),
			scan ? db_int(scan) : db_null(), db_text(code),
			db_text(seed_below(&p->c->seed->random, 2) ? "" :
								     "请对照原件核对后再传一次"),
			db_int(p->clerk)));
}

/* Some of the scans, and at times a number that nobody answers. */
static bool pin_reasons(struct db *db, void *context)
{
	struct pinning *p = context;
	struct seed_random *random = &p->c->seed->random;
	size_t count, pins = 1 + seed_below(random, PINS_MAX);
	struct scan *scan = scan_list(db, p->c->id, NULL, &count);

	for (size_t i = 0; i < pins && i < count; i++) {
		size_t j = i + seed_below(random, (unsigned)(count - i));
		struct scan chosen = scan[j];

		scan[j] = scan[i];
		pin(db, p, chosen.form, chosen.field, chosen.id);
	}
	free(scan);
	if (!seed_below(random, 2))
		pin(db, p, "agent", "mobile", 0);
	if (!seed_below(random, 6))
		pin(db, p, "company", "name", 0);
	return true;
}

static enum flow_result do_refuse(struct seed_case *c, const struct seed_way *way)
{
	struct pinning p = { c, somebody(c, way->role, 0) };

	reveal(c, p.clerk);
	return seed_press(c, way->role, p.clerk, way->event, NULL, pin_reasons, &p);
}

static enum flow_result do_reject(struct seed_case *c, const struct seed_way *way)
{
	char code[33], detail[80];

	db_one(seed_db(c->seed, DB_CLERK, c->at_us),
	       "SELECT code FROM reason_text WHERE type = 'reject' AND is_offered"
	       " ORDER BY RAND() LIMIT 1",
	       DB_NO_ARGS, DB_OUT(DB_TEXT("code", code)));
	snprintf(detail, sizeof(detail), "{\"reason\":\"%s\"}", code);
	return seed_press(c, way->role, somebody(c, way->role, 0), way->event, detail, NULL, NULL);
}

/* -- jobs, the courier -- */

/* Past the deadline, under the key of cron/expire. */
static enum flow_result do_overdue(struct seed_case *c, const struct seed_way *way)
{
	struct db *db = seed_db(c->seed, DB_CRON, c->at_us);
	char key[64];
	int64_t version, deadline_s;

	if (!db_one(db,
		    "SELECT version, CAST(UNIX_TIMESTAMP(deadline_at) AS SIGNED) AS deadline_s"
		    " FROM application WHERE id = ?",
		    DB_ARGS(db_int(c->id)),
		    DB_OUT(DB_INT("version", &version),
			   DB_OR_NULL(DB_INT("deadline_s", &deadline_s)))))
		return FLOW_NO_APPLICATION;
	if (deadline_s * SEED_US > c->at_us)
		c->at_us = (deadline_s + 30 + seed_below(&c->seed->random, 90)) * SEED_US;
	if (c->at_us > c->seed->today_us)
		return FLOW_GUARD_REFUSED;
	snprintf(key, sizeof(key), "%s-%" PRId64, way->event, version);
	return seed_move(c, way->role, 0, way->event, key, NULL, NULL, NULL);
}

static enum flow_result do_ship(struct seed_case *c, const struct seed_way *way)
{
	char detail[64];

	snprintf(detail, sizeof(detail), "{\"tracking\":\"SF%013u\"}",
		 seed_below(&c->seed->random, 1000000000));
	return seed_press(c, way->role, somebody(c, way->role, 0), way->event, detail, NULL, NULL);
}

/* -- those of which other files know -- */

static enum flow_result done(struct seed_case *c, bool could, const struct seed_way *way)
{
	return could && !strcmp(c->state, way->to) ? FLOW_MOVED : FLOW_GUARD_REFUSED;
}

static enum flow_result do_recorded(struct seed_case *c, const struct seed_way *way)
{
	return done(c, seed_do_recorded(c), way);
}

static enum flow_result do_cloud(struct seed_case *c, const struct seed_way *way)
{
	return done(c, seed_do_cloud(c), way);
}

static enum flow_result do_in_person(struct seed_case *c, const struct seed_way *way)
{
	return done(c, seed_do_in_person(c, somebody(c, way->role, 0)), way);
}

static enum flow_result do_decide(struct seed_case *c, const struct seed_way *way)
{
	return done(c, seed_do_decide(c, somebody(c, way->role, 0), way->event), way);
}

static enum flow_result do_paid(struct seed_case *c, const struct seed_way *way)
{
	return done(c, seed_do_paid(c), way);
}

static enum flow_result do_refunded(struct seed_case *c, const struct seed_way *way)
{
	return done(c, seed_do_refunded(c, somebody(c, FLOW_ACCOUNTANT, 0)), way);
}

/* Events without a row here are a press of a button alone. */
static const struct {
	const char *event;
	seed_doer *do_it;
} steps[] = {
	{ "accept_agreement", do_agree },
	{ "submit", do_form },
	{ "submit_company", do_form },
	{ "submit_legal_rep", do_form },
	{ "submit_agent", do_form },
	{ "confirm_order", do_confirm },
	{ "resubmit", do_resubmit },
	{ "approve", do_approve },
	{ "confirm_approval", do_approve },
	{ "refuse", do_refuse },
	{ "reject", do_reject },
	{ "expire", do_overdue },
	{ "assume_received", do_overdue },
	{ "ship", do_ship },
	{ "identity_unsure", do_recorded },
	{ "identity_passed", do_cloud },
	{ "confirm_at_counter", do_in_person },
	{ "accept_identity", do_decide },
	{ "refuse_identity", do_decide },
	{ "repeat_identity", do_decide },
	{ "paid", do_paid },
	{ "refunded", do_refunded },
};

enum flow_result seed_step(struct seed_case *c, const struct seed_way *way)
{
	seed_doer *do_it = do_plain;
	enum flow_result result;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (!strcmp(steps[i].event, way->event))
			do_it = steps[i].do_it;
	result = do_it(c, way);
	if (result == FLOW_MOVED && !strcmp(c->state, "awaiting_refund"))
		seed_after_refund(c);
	return result;
}
