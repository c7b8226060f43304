/* identity.c: the identity check by each way, ended by what cron/identity finds. */
#include "seed.h"

#include "base/alloc.h"
#include "db/row.h"
#include "identity/identity.h"
#include "identity/provider.h"

#define STEP_US (6 * SEED_US) /* between two steps of a recording */
#define SERVICE_S 7800 /* as long as a page of the service is good */

static bool allowed(struct seed_case *c, enum identity_method method)
{
	struct identity_plan plan;

	identity_plan_load(seed_db(c->seed, DB_APPLY, c->at_us), c->id, &plan);
	return identity_method_in(plan.methods, method) &&
	       identity_provider_of(c->seed->config, method);
}

/* -- begun -- */

struct beginning {
	struct seed_case *c;
	enum identity_method method;
	struct identity_attempt attempt;
};

static void consent(struct db *db, int64_t application)
{
	struct identity_consent text;

	if (identity_consent_given(db, application))
		return;
	identity_consent_text(db, &text);
	identity_consent_give(db, application, text.version);
	identity_consent_release(&text);
}

static bool begin(struct db *db, void *context)
{
	struct beginning *b = context;
	uint8_t session[SHA256_SIZE];

	if (identity_ways[b->method].face)
		consent(db, b->c->id);
	identity_begin(db, b->c->id, b->method, &b->attempt);
	random_bytes(session, sizeof(session));
	if (b->method == IDENTITY_RECORDED)
		identity_challenge_draw(db, b->attempt.id, session);
	identity_detail(&b->c->told, &b->attempt, "begun", NULL, NULL, NULL);
	return true;
}

static bool start(struct beginning *b)
{
	struct seed_case *c = b->c;

	return allowed(c, b->method) &&
	       seed_press(c, FLOW_APPLICANT, c->applicant,
			  b->method == IDENTITY_IN_PERSON ? "choose_counter" : "start_identity",
			  NULL, begin, b) == FLOW_MOVED;
}

/* -- ended: what the job found -- */

static bool settle(struct beginning *b, struct identity_finding *finding)
{
	struct seed_case *c = b->c;
	struct identity_work work = { .config = c->seed->config, .vault = c->seed->vault };

	c->at_us += 20 * SEED_US;
	work.db = seed_db(c->seed, DB_CRON, c->at_us);
	if (!identity_find(work.db, b->attempt.id, &work.attempt))
		return false;
	identity_settle(&work, identity_provider_of(c->seed->config, b->method), finding);
	identity_finding_release(finding);
	seed_reload(c, DB_CRON);
	c->at_us += 2000;
	return true;
}

/* -- recorded -- */

struct turn {
	int64_t attempt;
	int ord;
	struct identity_step step;
};

static bool reveal(struct db *db, void *context)
{
	struct turn *t = context;

	return identity_challenge_reveal(db, t->attempt, t->ord, &t->step);
}

static bool hand_in(struct db *db, void *context)
{
	struct beginning *b = context;
	const struct buffer *recording = seed_recording(b->c->seed->pictures);

	if (!identity_hand_in(db, b->c->seed->vault, &b->attempt, "video/mp4", 400, recording->data,
			      recording->len))
		return false;
	identity_detail(&b->c->told, &b->attempt, "handed_in", NULL, NULL, NULL);
	return true;
}

static void add_piece(struct seed_case *c, const struct identity_work *work,
		      struct identity_finding *f, int ord, const char *action)
{
	const struct buffer *recording = seed_recording(c->seed->pictures);
	struct buffer data = BUFFER_INIT;

	if (action)
		buffer_add(&data, seed_picture(c->seed->pictures, "id_front")->full.data,
			   seed_picture(c->seed->pictures, "id_front")->full.len);
	else
		buffer_add(&data, recording->data, recording->len);
	identity_finding_add(f, work, action ? IDENTITY_FRAME : IDENTITY_CLIP, ord, action,
			     action ? 400 + ord * 6000 : -1, action ? "image/jpeg" : "video/mp4",
			     &data);
}

bool seed_do_recorded(struct seed_case *c)
{
	struct beginning b = { .c = c, .method = IDENTITY_RECORDED };
	struct turn turn[IDENTITY_STEPS];
	struct identity_finding finding;

	if (!start(&b))
		return false;
	for (int i = 0; i < IDENTITY_STEPS; i++) {
		turn[i] = (struct turn){ .attempt = b.attempt.id, .ord = i };
		c->at_us += STEP_US;
		db_transaction(seed_db(c->seed, DB_APPLY, c->at_us), reveal, &turn[i]);
	}
	c->at_us += STEP_US;
	if (seed_press(c, FLOW_APPLICANT, c->applicant, "hand_in_identity", NULL, hand_in, &b) !=
	    FLOW_MOVED)
		return false;
	const struct identity_work work = { .attempt = b.attempt };

	identity_finding_init(&finding);
	identity_finding_say(&finding, IDENTITY_FOUND_REVIEW, "");
	buffer_puts(&finding.codes,
		    "{\"duration_ms\":26400,\"sound\":true,\"frames\":4,\"marks\":4}");
	add_piece(c, &work, &finding, 0, NULL);
	for (int i = 0; i < IDENTITY_STEPS; i++)
		add_piece(c, &work, &finding, i, turn[i].step.action);
	return settle(&b, &finding);
}

/* What becomes of an attempt by what a clerk decides. */
static enum identity_state decided(const char *event)
{
	if (!strcmp(event, "accept_identity"))
		return IDENTITY_PASSED;
	return !strcmp(event, "refuse_identity") ? IDENTITY_FAILED : IDENTITY_REPEAT;
}

struct deciding {
	struct vault *vault;
	struct identity_attempt attempt;
	enum identity_state to;
};

static bool decide(struct db *db, void *context)
{
	const struct deciding *d = context;

	if (d->to == IDENTITY_PASSED)
		return identity_pass(db, d->vault, &d->attempt, IDENTITY_REVIEW);
	return identity_move(db, &d->attempt, IDENTITY_REVIEW, d->to);
}

bool seed_do_decide(struct seed_case *c, int64_t clerk, const char *event)
{
	struct deciding d = { .vault = c->seed->vault, .to = decided(event) };
	struct db *db = seed_db(c->seed, DB_CLERK, c->at_us);
	char code[33] = "", detail[160];

	if (!identity_latest(db, c->id, IDENTITY_RECORDED, &d.attempt))
		return false;
	if (d.to != IDENTITY_PASSED)
		db_one(db,
		       "SELECT code FROM reason_text WHERE type = ? AND is_offered"
		       " ORDER BY RAND() LIMIT 1",
		       DB_ARGS(db_text(d.to == IDENTITY_FAILED ? "identity_refuse" :
								 "identity_repeat")),
		       DB_OUT(DB_TEXT("code", code)));
	snprintf(detail, sizeof(detail), "{\"face\":\"%s\",\"reason\":\"compare\"}",
		 d.attempt.public_id);
	seed_press(c, FLOW_CLERK, clerk, "reveal", detail, NULL, NULL);
	c->at_us += 60 * SEED_US;
	snprintf(detail, sizeof(detail), "{\"try\":%d,\"method\":\"%s\"%s%s%s}", d.attempt.number,
		 identity_ways[IDENTITY_RECORDED].name, *code ? ",\"reason\":\"" : "", code,
		 *code ? "\"" : "");
	return seed_press(c, FLOW_CLERK, clerk, event, detail, decide, &d) == FLOW_MOVED;
}

/* -- cloud -- */

static bool keep_token(struct db *db, void *context)
{
	const struct beginning *b = context;
	struct seed *seed = b->c->seed;
	char random[PUBLIC_ID_SIZE];
	char *url;
	bool kept;

	random_public_id(random);
	url = xprintf("%s/page?token=%s", config_text(seed->config, "faceid_api_url"), random);
	kept = identity_keep_token(db, seed->vault, &b->attempt,
				   identity_provider_of(seed->config, IDENTITY_CLOUD)->name, random,
				   url, SERVICE_S);
	free(url);
	return kept;
}

static bool come_back(struct db *db, void *context)
{
	const struct beginning *b = context;

	return identity_came_back(db, &b->attempt);
}

bool seed_do_cloud(struct seed_case *c)
{
	struct beginning b = { .c = c, .method = IDENTITY_CLOUD };
	struct identity_finding finding;
	const struct scan_picture *picture = seed_picture(c->seed->pictures, "id_front");
	struct buffer frame = BUFFER_INIT;

	if (!start(&b))
		return false;
	db_transaction(seed_db(c->seed, DB_APPLY, c->at_us), keep_token, &b);
	c->at_us += 90 * SEED_US;
	db_transaction(seed_db(c->seed, DB_APPLY, c->at_us), come_back, &b);
	const struct identity_work work = { .attempt = b.attempt };

	identity_finding_init(&finding);
	identity_finding_say(&finding, IDENTITY_FOUND_PASSED, "");
	finding.similarity = 8000 + (int)seed_below(&c->seed->random, 1900);
	buffer_printf(&finding.codes,
		      "{\"code\":0,\"live\":0,\"compare\":0,\"similarity\":%d,"
		      "\"attempts\":1,\"charged\":true}",
		      finding.similarity);
	snprintf(finding.compared_with, sizeof(finding.compared_with), "公安权威库");
	buffer_puts(&finding.text, "{\"ErrMsg\":\"成功\"}");
	buffer_add(&frame, picture->full.data, picture->full.len);
	identity_finding_add(&finding, &work, IDENTITY_BEST_FRAME, 0, NULL, -1, "image/jpeg",
			     &frame);
	return settle(&b, &finding);
}

/* -- in person -- */

static bool record(struct db *db, void *context)
{
	const struct seed_case *c = context;
	struct identity_attempt attempt;

	identity_begin(db, c->id, IDENTITY_IN_PERSON, &attempt);
	return identity_pass(db, c->seed->vault, &attempt, IDENTITY_BEGUN);
}

/* The attempt that was begun by choosing to come ends by the job's upkeep. */
static bool let_lapse(struct db *db, void *context)
{
	return identity_move(db, context, IDENTITY_BEGUN, IDENTITY_LAPSED);
}

bool seed_do_in_person(struct seed_case *c, int64_t clerk)
{
	struct beginning b = { .c = c, .method = IDENTITY_IN_PERSON };
	char detail[128];

	if (!start(&b))
		return false;
	c->at_us += SEED_HOUR_US / 60;
	snprintf(detail, sizeof(detail),
		 "{\"method\":\"counter\",\"seen\":\"original,in_person,matches\","
		 "\"reference\":\"A%03u\"}",
		 seed_below(&c->seed->random, 1000));
	if (seed_press(c, FLOW_CLERK, clerk, "confirm_at_counter", detail, record, c) != FLOW_MOVED)
		return false;
	c->at_us += 15 * SEED_US;
	db_transaction(seed_db(c->seed, DB_CRON, c->at_us), let_lapse, &b.attempt);
	return true;
}
