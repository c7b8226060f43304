/* mix.c: which applications a demo of many has. */
#include "seed.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

#define WALKED_MAX 400 /* so many are walked one by one, more are copied */
#define MODELS_EACH 4 /* of a project and state, for the copies */
#define STATES_MAX 64
#define PROJECTS_MAX 8

/* Beside the first project, which has everything: what else a programme may be. */
static const struct {
	const char *code, *name;
	int identity_check, payment, second_review;
} projects[] = {
	{ "seed-second", "赣州市不动产登记中心 CA 项目", 0, 1, 1 },
	{ "seed-plain", "赣州经开区政务服务 CA 项目", 0, 0, 0 },
};

/* How often a state comes; what is not named here comes twice. */
static const struct {
	const char *state;
	int weight;
} weights[] = {
	{ "completed", 24 }, { "cancelled", 3 },       { "expired", 5 },
	{ "refunded", 3 },   { "awaiting_review", 4 }, { "awaiting_correction", 4 },
};

struct goal {
	char state[FLOW_STATE_MAX + 1];
	const char *project;
	int weight;
};

struct goals {
	struct goal goal[STATES_MAX * PROJECTS_MAX];
	size_t count;
	const char *project; /* while states are collected */
};

/* The rows that a project has of other tables are those of the first one. */
static void make_project(struct db *db, size_t i)
{
	struct db_arg code = db_text(projects[i].code);

	db_exec(db,
		"INSERT IGNORE INTO project (code, name, flow_version, identity_check, payment,"
		" second_review, help_phone, other_channel)"
		" SELECT ?, ?, flow_version, ?, ?, ?, help_phone, other_channel FROM project"
		" WHERE code = 'gzgjj'",
		DB_ARGS(code, db_text(projects[i].name), db_int(projects[i].identity_check),
			db_int(projects[i].payment), db_int(projects[i].second_review)));
	db_exec(db,
		"INSERT IGNORE INTO package (project, code, title, description, years)"
		" SELECT p.id, k.code, k.title, k.description, k.years FROM project p"
		" JOIN project g ON g.code = 'gzgjj' JOIN package k ON k.project = g.id"
		" WHERE p.code = ?",
		DB_ARGS(code));
	db_exec(db,
		"INSERT IGNORE INTO package_price (package, price_fen, valid_from)"
		" SELECT k.id, q.price_fen, q.valid_from FROM project p"
		" JOIN package k ON k.project = p.id JOIN project g ON g.code = 'gzgjj'"
		" JOIN package l ON l.project = g.id AND l.code = k.code"
		" JOIN package_price q ON q.package = l.id WHERE p.code = ?",
		DB_ARGS(code));
	db_exec(db,
		"INSERT IGNORE INTO agreement_text (project, version, title, body, sha256,"
		" published_at) SELECT p.id, t.version, t.title, t.body, t.sha256, t.published_at"
		" FROM project p JOIN project g ON g.code = 'gzgjj'"
		" JOIN agreement_text t ON t.project = g.id WHERE p.code = ?",
		DB_ARGS(code));
}

static int weight_of(const char *state)
{
	for (size_t i = 0; i < ARRAY_SIZE(weights); i++)
		if (!strcmp(weights[i].state, state))
			return weights[i].weight;
	return 2;
}

static void add_goal(void *context, const char *state, bool end UNUSED, int ord UNUSED)
{
	struct goals *goals = context;
	struct goal *goal = &goals->goal[goals->count++];

	if (goals->count > ARRAY_SIZE(goals->goal))
		die("more than %zu goals", ARRAY_SIZE(goals->goal));
	snprintf(goal->state, sizeof(goal->state), "%s", state);
	goal->project = goals->project;
	goal->weight = weight_of(state);
}

static void add_project(struct seed *seed, struct goals *goals, const char *code)
{
	struct db *db = seed_db(seed, DB_APPLY, seed->today_us);
	int version = (int)db_number(db, "SELECT flow_version FROM project WHERE code = ?",
				     DB_ARGS(db_text(code)));
	struct seed_road *road = seed_road_load(db, version, &seed->random);

	goals->project = code;
	seed_road_states(road, add_goal, goals);
	seed_road_free(road);
}

static struct goals *collect(struct seed *seed)
{
	struct goals *goals = xcalloc(1, sizeof(*goals));

	add_project(seed, goals, "gzgjj");
	for (size_t i = 0; i < ARRAY_SIZE(projects); i++) {
		make_project(seed_db(seed, DB_OWNER, seed->today_us), i);
		add_project(seed, goals, projects[i].code);
	}
	return goals;
}

/* A state to come through: every fourth one that is reviewed was sent back once. */
static const char *detour(struct seed *seed, const struct goal *goal)
{
	static const char *const reviewed[] = { "awaiting_review",     "awaiting_second_review",
						"awaiting_production", "awaiting_shipment",
						"awaiting_receipt",    "completed" };

	for (size_t i = 0; i < ARRAY_SIZE(reviewed); i++)
		if (!strcmp(reviewed[i], goal->state) && !seed_below(&seed->random, 4))
			return "awaiting_correction";
	return NULL;
}

/* One of a goal; 0 when the project has no way there, which is then forgotten. */
static int64_t make(struct seed *seed, struct goal *goal)
{
	const struct seed_order order = {
		.project = goal->project,
		.state = goal->state,
		.via = detour(seed, goal),
	};
	struct seed_case c;
	bool arrived = seed_walk(seed, &order, &c);

	if (!arrived)
		goal->weight = 0;
	return arrived ? c.id : 0;
}

static struct goal *draw(struct seed *seed, struct goals *goals)
{
	int sum = 0, at;

	for (size_t i = 0; i < goals->count; i++)
		sum += goals->goal[i].weight;
	at = (int)seed_below(&seed->random, (unsigned)sum);
	for (size_t i = 0; i < goals->count; i++) {
		at -= goals->goal[i].weight;
		if (at < 0)
			return &goals->goal[i];
	}
	die("nothing to draw");
}

/* Each goal once, as far as there is room, then by weight. */
static void walk_all(struct seed *seed, struct goals *goals, int64_t count)
{
	int64_t made = 0;

	for (size_t i = 0; i < goals->count && made < count; i++)
		made += make(seed, &goals->goal[i]) != 0;
	while (made < count)
		made += make(seed, draw(seed, goals)) != 0;
}

/* Some of each goal to be copied, as often as their weight says. */
static void copy_all(struct seed *seed, struct goals *goals, int64_t count)
{
	struct seed_model *model = xcalloc(goals->count * MODELS_EACH, sizeof(*model));
	size_t models = 0;

	for (size_t i = 0; i < goals->count; i++)
		for (int n = 0; n < MODELS_EACH && goals->goal[i].weight; n++) {
			int64_t id = make(seed, &goals->goal[i]);

			if (id)
				model[models++] = (struct seed_model){ id, goals->goal[i].weight };
		}
	fprintf(stderr, "seed: %zu applications walked, %" PRId64 " to be copied\n", models,
		count - (int64_t)models);
	seed_bulk(seed, model, models, count - (int64_t)models);
	free(model);
}

int seed_mix(struct seed *seed, int64_t count)
{
	struct goals *goals = collect(seed);

	if (count <= WALKED_MAX)
		walk_all(seed, goals, count);
	else
		copy_all(seed, goals, count);
	free(goals);
	return 0;
}
