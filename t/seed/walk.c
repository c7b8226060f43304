/* walk.c: one application from its beginning to a state, step by step. */
#include "seed.h"

#include <inttypes.h>
#include <sys/time.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"
#include "outbox/outbox.h"

#define STEPS_MAX 60

static int64_t now_us(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return tv.tv_sec * SEED_US + tv.tv_usec;
}

void seed_open(struct seed *s, const char *pictures, uint64_t random)
{
	*s = (struct seed){ .config = config_open(), .random = { random }, .today_us = now_us() };
	if (!config_flag(s->config, "demo"))
		die("applications are made up for a demo alone: the config does not say demo = yes");
	s->vault = vault_open(s->config);
	s->pictures = seed_pictures_load(pictures);
	s->floor_us = SEED_US *
		      db_number(seed_db(s, DB_OWNER, s->today_us),
				"SELECT CAST(UNIX_TIMESTAMP(GREATEST("
				"(SELECT MIN(valid_from) FROM package_price),"
				" (SELECT MIN(published_at) FROM agreement_text))) AS SIGNED)",
				DB_NO_ARGS);
	seed_regions_load(seed_db(s, DB_APPLY, s->today_us), &s->regions);
}

void seed_close(struct seed *s)
{
	seed_tokens_end(s);
	for (int i = 0; i < DB_PART_COUNT; i++)
		db_close(s->db[i]);
	seed_pictures_free(s->pictures);
	free(s->regions.code);
	vault_close(s->vault);
}

struct db *seed_db(struct seed *s, enum db_part part, int64_t at_us)
{
	char text[32];

	if (!s->db[part])
		s->db[part] = db_open(s->config, part);
	if (s->clock_us[part] == at_us)
		return s->db[part];
	snprintf(text, sizeof(text), "%" PRId64 ".%06" PRId64, at_us / SEED_US, at_us % SEED_US);
	db_exec(s->db[part], "SET timestamp = CAST(? AS DECIMAL(20, 6))", DB_ARGS(db_text(text)));
	s->clock_us[part] = at_us;
	return s->db[part];
}

void seed_reload(struct seed_case *c, enum db_part part)
{
	db_one(seed_db(c->seed, part, c->at_us), "SELECT state FROM application WHERE id = ?",
	       DB_ARGS(db_int(c->id)), DB_OUT(DB_TEXT("state", c->state)));
}

/* -- one move -- */

struct moving {
	struct seed_case *c;
	struct flow_move move;
	bool (*work)(struct db *, void *);
	void *context;
	enum flow_result result;
	struct flow_outcome outcome;
};

static bool move_work(struct db *db, void *context)
{
	struct moving *m = context;

	m->result = FLOW_GUARD_REFUSED;
	buffer_reset(&m->c->told);
	if (m->work && !m->work(db, m->context))
		return false;
	if (m->c->told.len)
		m->move.detail = buffer_text(&m->c->told);
	m->result = flow_advance(db, &m->move, &m->outcome);
	return m->result == FLOW_MOVED;
}

static enum db_part part_of(enum flow_role role)
{
	static const enum db_part parts[FLOW_ROLE_COUNT] = {
		[FLOW_APPLICANT] = DB_APPLY, [FLOW_CLERK] = DB_CLERK,
		[FLOW_PRODUCER] = DB_CLERK,  [FLOW_ADMIN] = DB_ADMIN,
		[FLOW_AUDITOR] = DB_ADMIN,   [FLOW_ACCOUNTANT] = DB_CLERK,
		[FLOW_PUSH] = DB_PUSH,       [FLOW_CRON] = DB_CRON,
	};

	return parts[role];
}

enum flow_result seed_move(struct seed_case *c, enum flow_role role, int64_t actor,
			   const char *event, const char *key, const char *detail,
			   bool (*work)(struct db *, void *), void *context)
{
	struct db *db = seed_db(c->seed, part_of(role), c->at_us);
	struct moving m = {
		.c = c,
		.move = { .application = c->id,
			  .role = role,
			  .token = seed_token(c->seed, role, actor),
			  .event = event,
			  .key = key,
			  .detail = detail },
		.work = work,
		.context = context,
	};

	if (db_transaction(db, move_work, &m) == DB_REFUSED)
		m.result = FLOW_NOT_ALLOWED;
	if (m.result == FLOW_MOVED)
		snprintf(c->state, sizeof(c->state), "%s", m.outcome.state);
	c->at_us += 1000 + seed_below(&c->seed->random, 3000);
	return m.result;
}

enum flow_result seed_press(struct seed_case *c, enum flow_role role, int64_t actor,
			    const char *event, const char *detail,
			    bool (*work)(struct db *, void *), void *context)
{
	char page[PUBLIC_ID_SIZE], key[65];

	random_public_id(page);
	snprintf(key, sizeof(key), "%s.%s", page, event);
	return seed_move(c, role, actor, event, key, detail, work, context);
}

/* -- the whole way -- */

struct starting {
	struct seed_case *c;
	char key[PUBLIC_ID_SIZE];
	enum flow_result result;
};

static bool start(struct db *db, void *context)
{
	struct starting *s = context;

	s->result = flow_start(db, s->c->project,
			       seed_token(s->c->seed, FLOW_APPLICANT, s->c->applicant), s->key,
			       s->c->public_id, &s->c->id);
	return s->result == FLOW_MOVED;
}

/* What is promised to the outside world on the way counts as done: nobody gets
 * a message about what never was. The rows that a step adds have the ids above
 * those that were there. */
static void settle(struct seed_case *c, int64_t above)
{
	struct db *db = seed_db(c->seed, DB_OWNER, c->at_us);

	db_exec(db,
		"UPDATE outbox SET attempts = 1, done_at = created_at + INTERVAL 2 SECOND"
		" WHERE id > ? AND application = ? AND done_at IS NULL",
		DB_ARGS(db_int(above), db_int(c->id)));
}

static int64_t last_promise(struct seed_case *c)
{
	return db_number(seed_db(c->seed, DB_OWNER, c->at_us),
			 "SELECT COALESCE(MAX(id), 0) FROM outbox", DB_NO_ARGS);
}

/* The applicant, known by openid or new. */
static void find_applicant(struct seed_case *c, const char *openid)
{
	struct db *db = seed_db(c->seed, DB_APPLY, c->at_us);
	const char *appid = config_text(c->seed->config, "wechat_appid");
	char random[PUBLIC_ID_SIZE];

	random_public_id(random);
	if (openid)
		snprintf(c->openid, sizeof(c->openid), "%s", openid);
	else
		snprintf(c->openid, sizeof(c->openid), "oSeed%.22s", random);
	if (db_exec(db,
		    "INSERT INTO applicant (appid, openid, created_at)"
		    " VALUES (?, ?, UTC_TIMESTAMP(3))",
		    DB_ARGS(db_text(appid), db_text(c->openid))) == DB_DUPLICATE)
		c->applicant = db_number(db,
					 "SELECT id FROM applicant WHERE appid = ? AND openid = ?",
					 DB_ARGS(db_text(appid), db_text(c->openid)));
	else
		c->applicant = db_inserted_id(db);
}

static void begin(struct seed_case *c)
{
	struct starting s = { .c = c };

	random_public_id(s.key);
	db_transaction(seed_db(c->seed, DB_APPLY, c->at_us), start, &s);
	if (s.result != FLOW_MOVED)
		die("an application cannot be begun: result %d", (int)s.result);
	seed_reload(c, DB_APPLY);
	c->at_us += SEED_US;
}

/* The time that is left is shared out between the steps that are left. */
static void pass_time(struct seed_case *c, const struct seed_way *way)
{
	int64_t left = c->end_us - c->at_us, share;

	if (left <= 0 || way->steps <= 0)
		return;
	share = left / way->steps;
	if (way->steps > 1)
		share = share * (40 + seed_below(&c->seed->random, 100)) / 100;
	c->at_us += share < left ? share : left;
}

static bool go_to(struct seed_case *c, struct seed_road *road, const char *state)
{
	struct seed_way way;

	for (int i = 0; i < STEPS_MAX && strcmp(c->state, state) != 0; i++) {
		int64_t above = last_promise(c);

		if (!seed_road_find(road, c->state, state, &way))
			return false;
		pass_time(c, &way);
		if (seed_step(c, &way) != FLOW_MOVED || strcmp(c->state, way.to) != 0)
			seed_road_block(road, way.row);
		settle(c, above);
	}
	return strcmp(c->state, state) == 0;
}

static void load_project(struct seed_case *c, const char *code)
{
	if (!db_one(seed_db(c->seed, DB_APPLY, c->seed->today_us),
		    "SELECT id, flow_version FROM project WHERE code = ?", DB_ARGS(db_text(code)),
		    DB_OUT(DB_INT("id", &c->project), DB_INT("flow_version", &c->flow_version))))
		die("there is no project %s", code);
}

/* When the application began and when it shall be where it goes: an open one
 * keeps its last deadline before it, an ended one has ended some time ago. */
static void set_times(struct seed_case *c, const struct seed_order *order,
		      const struct seed_way *way)
{
	struct seed_random *random = &c->seed->random;
	int64_t hours = db_number(seed_db(c->seed, DB_APPLY, c->seed->today_us),
				  "SELECT COALESCE(deadline_hours, 24 * 30) FROM flow_state"
				  " WHERE flow_version = ? AND state = ?",
				  DB_ARGS(db_int(c->flow_version), db_text(order->state)));
	int64_t since = (int64_t)seed_below(random, (unsigned)(hours * 60 * 2 / 3)) * 60 * SEED_US;
	int64_t before = order->age_us;

	if (before) /* as fresh as may be */
		since = 0;
	else
		before = (int64_t)(2 + seed_below(random, 24 * 20)) * SEED_HOUR_US;
	c->end_us = c->seed->today_us - since - 300 * SEED_US;
	c->at_us = c->end_us - before - way->wait_hours * SEED_HOUR_US;
	c->end_us -= way->wait_hours * SEED_HOUR_US;
	if (c->at_us < c->seed->floor_us)
		c->at_us = c->seed->floor_us;
}

/* What cron/remind has said by now of a draft that was left alone. */
static void remind(struct seed_case *c)
{
	static const int days[] = { 3, 10 };
	struct db *db = seed_db(c->seed, DB_CRON, c->at_us);
	int64_t above = last_promise(c), last_us = c->at_us;

	if (!db_number(db,
		       "SELECT s.ord <= o.ord FROM flow_state s JOIN flow_state o"
		       " ON o.flow_version = s.flow_version AND o.state = 'awaiting_order'"
		       " WHERE s.flow_version = ? AND s.state = ?",
		       DB_ARGS(db_int(c->flow_version), db_text(c->state))))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		char key[64], payload[32];

		c->at_us = last_us + (days[i] * 24 + 1) * SEED_HOUR_US;
		if (c->at_us > c->seed->today_us)
			break;
		snprintf(key, sizeof(key), "remind-%" PRId64 "-%d", c->id, days[i]);
		snprintf(payload, sizeof(payload), "{\"days\":%d}", days[i]);
		outbox_add(seed_db(c->seed, DB_CRON, c->at_us), "reminder", c->id, key, payload);
	}
	settle(c, above);
}

/* Names as they are stored: a form may write them otherwise than typed. */
static void read_names(struct seed_case *c)
{
	static const char *const sql[] = {
		"SELECT COALESCE((SELECT name FROM company WHERE application = ?), '') AS name",
		"SELECT COALESCE((SELECT name FROM legal_rep WHERE application = ?), '') AS name",
		"SELECT COALESCE((SELECT name FROM agent WHERE application = ?), '') AS name",
	};
	char *name[] = { c->company.name, c->legal_rep.name, c->agent.name };

	for (size_t i = 0; i < ARRAY_SIZE(sql); i++) {
		char stored[SEED_NAME_MAX];

		db_one(seed_db(c->seed, DB_APPLY, c->at_us), sql[i], DB_ARGS(db_int(c->id)),
		       DB_OUT(DB_TEXT("name", stored)));
		if (*stored)
			snprintf(name[i], SEED_NAME_MAX, "%s", stored);
	}
}

bool seed_walk(struct seed *seed, const struct seed_order *order, struct seed_case *c)
{
	struct seed_road *road;
	struct seed_way way;
	bool arrived;

	*c = (struct seed_case){ .seed = seed, .method = order->method };
	load_project(c, order->project);
	seed_company(&seed->random, &seed->regions, &c->company);
	seed_person(&seed->random, &c->legal_rep);
	seed_person(&seed->random, &c->agent);
	seed_person(&seed->random, &c->recipient);
	while (order->age_us && !*c->agent.landline) /* a test looks at every value */
		seed_person(&seed->random, &c->agent);
	if (order->region)
		snprintf(c->company.region, sizeof(c->company.region), "%s", order->region);
	road = seed_road_load(seed_db(seed, DB_APPLY, seed->today_us), c->flow_version,
			      &seed->random);
	arrived = seed_road_find(road, "", order->state, &way);
	if (arrived) {
		set_times(c, order, &way);
		find_applicant(c, order->openid);
		begin(c);
		if (order->via)
			arrived = go_to(c, road, order->via);
		arrived = arrived && go_to(c, road, order->state);
		read_names(c);
		remind(c);
	}
	buffer_release(&c->told);
	seed_road_free(road);
	return arrived;
}
