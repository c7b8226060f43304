/* road.c: the cheapest way through the rows of flow_transition. */
#include "seed.h"

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

#define ROWS_MAX 400
#define STATES_MAX 64
#define FAR 1000000

struct state {
	char name[FLOW_STATE_MAX + 1];
	int ord, deadline_hours;
	bool end;
};

struct row {
	char event[FLOW_EVENT_MAX + 1];
	int from, to; /* indices of states; from -1: the beginning */
	enum flow_role role;
	int cost;
	bool waits; /* only a deadline that passed opens it */
	bool paid; /* only for what is paid */
	bool blocked;
};

struct seed_road {
	struct state state[STATES_MAX];
	size_t states;
	struct row row[ROWS_MAX];
	size_t rows;
};

static int find_state(const struct seed_road *road, const char *name)
{
	for (size_t i = 0; i < road->states; i++)
		if (!strcmp(road->state[i].name, name))
			return (int)i;
	return -1;
}

static enum flow_role role_of(const char *name)
{
	for (int i = 0; i < FLOW_ROLE_COUNT; i++)
		if (!strcmp(flow_role_names[i], name))
			return (enum flow_role)i;
	die("flow_transition has the role %s", name);
}

/* Forwards is cheap; what ends an application, goes back or waits is for where
 * nothing else leads. Nothing leads on from an end. */
static int cost_of(const struct seed_road *road, const struct row *row, struct seed_random *random)
{
	int cost = 10 + (int)seed_below(random, 5);

	if (row->from < 0)
		return cost;
	if (road->state[row->from].end)
		return FAR;
	/* before the payment stands nothing that is paid: no one here is checked twice */
	if (row->paid && row->from < find_state(road, "awaiting_payment"))
		return FAR;
	if (row->waits || road->state[row->to].end)
		cost += 20;
	if (road->state[row->to].ord < road->state[row->from].ord)
		cost += 40;
	return cost;
}

static void load_states(struct db *db, int flow_version, struct seed_road *road)
{
	struct db_result *r = db_select(db,
					"SELECT state, ord, COALESCE(deadline_hours, 0) AS hours,"
					" waits_for = '' AS is_end"
					" FROM flow_state WHERE flow_version = ? ORDER BY ord",
					DB_ARGS(db_int(flow_version)));
	struct state s = { .ord = 0 };

	while (db_next_row(r,
			   DB_OUT(DB_TEXT("state", s.name), DB_INT("ord", &s.ord),
				  DB_INT("hours", &s.deadline_hours), DB_FLAG("is_end", &s.end)))) {
		if (road->states == STATES_MAX)
			die("more than %d states", STATES_MAX);
		road->state[road->states++] = s;
	}
	db_result_free(r);
}

struct seed_road *seed_road_load(struct db *db, int flow_version, struct seed_random *random)
{
	struct seed_road *road = xcalloc(1, sizeof(*road));
	struct db_result *r;
	struct row next = { .to = 0 };
	const char *from, *role, *to;

	load_states(db, flow_version, road);
	r = db_select(db,
		      "SELECT from_state, event, role, to_state,"
		      " guard LIKE 'overdue%' AS waits, guard IN ('paid', 'overdue_paid') AS paid"
		      " FROM flow_transition WHERE flow_version = ? AND from_state <> to_state",
		      DB_ARGS(db_int(flow_version)));
	while (db_next_row(r, DB_OUT(DB_VIEW("from_state", &from), DB_TEXT("event", next.event),
				     DB_VIEW("role", &role), DB_VIEW("to_state", &to),
				     DB_FLAG("waits", &next.waits), DB_FLAG("paid", &next.paid)))) {
		struct row *row = &road->row[road->rows++];

		if (road->rows > ROWS_MAX)
			die("more than %d transitions", ROWS_MAX);
		*row = next;
		row->from = find_state(road, from);
		row->role = role_of(role);
		row->to = find_state(road, to);
		if (row->to < 0)
			die("flow_transition leads to a state that is none");
		row->cost = cost_of(road, row, random);
	}
	db_result_free(r);
	return road;
}

void seed_road_free(struct seed_road *road)
{
	free(road);
}

/* Bellman-Ford from the end backwards: what is left to pay from each state. */
static void price(const struct seed_road *road, int to, int left[STATES_MAX], int steps[STATES_MAX],
		  int hours[STATES_MAX])
{
	bool better = true;

	for (size_t i = 0; i < road->states; i++)
		left[i] = FAR;
	memset(steps, 0, STATES_MAX * sizeof(*steps));
	memset(hours, 0, STATES_MAX * sizeof(*hours));
	left[to] = 0;
	while (better) {
		better = false;
		for (size_t i = 0; i < road->rows; i++) {
			const struct row *row = &road->row[i];

			if (row->blocked || row->from < 0 || row->cost >= FAR ||
			    left[row->to] + row->cost >= left[row->from])
				continue;
			left[row->from] = left[row->to] + row->cost;
			steps[row->from] = steps[row->to] + 1;
			hours[row->from] = hours[row->to] +
					   (row->waits ? road->state[row->from].deadline_hours : 0);
			better = true;
		}
	}
}

bool seed_road_find(const struct seed_road *road, const char *from, const char *to,
		    struct seed_way *way)
{
	int left[STATES_MAX], steps[STATES_MAX], hours[STATES_MAX];
	int at = find_state(road, from), goal = find_state(road, to), best = FAR;

	if (goal < 0 || (at < 0 && *from))
		return false;
	price(road, goal, left, steps, hours);
	for (size_t i = 0; i < road->rows; i++) {
		const struct row *row = &road->row[i];

		if (row->blocked || row->from != at || row->cost + left[row->to] >= best)
			continue;
		best = row->cost + left[row->to];
		*way = (struct seed_way){
			.event = row->event,
			.to = road->state[row->to].name,
			.role = row->role,
			.steps = steps[row->to] + 1,
			.wait_hours = hours[row->to] +
				      (row->waits ? road->state[row->from].deadline_hours : 0),
			.row = i,
		};
	}
	return best < FAR;
}

void seed_road_block(struct seed_road *road, size_t row)
{
	road->row[row].blocked = true;
}

void seed_road_states(const struct seed_road *road,
		      void (*each)(void *, const char *state, bool end, int ord), void *context)
{
	for (size_t i = 0; i < road->states; i++)
		each(context, road->state[i].name, road->state[i].end, road->state[i].ord);
}
