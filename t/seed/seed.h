/* seed.h: applications for the demo and for tests, made without a browser.
 *
 * Two ways make the same kind of rows.
 * - walk.c takes one application along the transitions of its flow with the
 *   functions that the pages and jobs call, each with the account of its part,
 *   so that procedures, guards and triggers have their say. The session's clock
 *   (SET timestamp) is set back, so an application can be weeks old.
 * - bulk.c copies applications that were walked, a thousand at a time, by LOAD
 *   DATA: with new keys, people, sealed values and times. What a row looks like
 *   is known to walk.c alone; rules.c says which columns are not copied.
 *
 * Which way leads to a state is not written here: road.c searches the rows of
 * flow_transition, steps.c knows what must be there before an event. To add an
 * event to the flow: its row in steps[] if a page or job does more for it than
 * flow_advance(). To add a table or a column that differs from application to
 * application: its row in rules.c, which the program asks for.
 *
 * Only an instance whose config says demo = yes is written to. */
#ifndef SEED_H
#define SEED_H

#include "base/config.h"
#include "base/digest.h"
#include "check/check.h"
#include "db/db.h"
#include "flow/flow.h"
#include "form/form.h"
#include "scan/scan.h"
#include "vault/vault.h"

#define SEED_US ((int64_t)1000000) /* microseconds in a second */
#define SEED_HOUR_US (3600 * SEED_US)
#define SEED_NAME_MAX 200 /* bytes */
#define SEED_REGIONS_MAX 4000
#define SEED_DAMAGES_MAX 64

/* Pseudo-random numbers: the same seed gives the same people. */
struct seed_random {
	uint64_t state;
};
uint64_t seed_draw(struct seed_random *);
/* From 0 to n - 1. */
unsigned seed_below(struct seed_random *, unsigned n);

/* people.c: values as people type them, valid by check/check.h. */
struct seed_person {
	char name[SEED_NAME_MAX];
	char id_number[ID_NUMBER_LEN + 1];
	char mobile[MOBILE_LEN + 1];
	char landline[LANDLINE_MAX + 1];
};
struct seed_company {
	char name[SEED_NAME_MAX];
	char region[7];
	char uscc[USCC_LEN + 1];
	char street[SEED_NAME_MAX];
	char email[EMAIL_MAX + 1];
};
/* The regions that may be chosen. */
struct seed_regions {
	char (*code)[7];
	size_t count;
};
void seed_regions_load(struct db *, struct seed_regions *);
void seed_person(struct seed_random *, struct seed_person *);
void seed_company(struct seed_random *, const struct seed_regions *, struct seed_company *);
/* The middle of a company's name, of which a copy has another: three characters. */
#define SEED_CORE_LEN 9 /* bytes */
void seed_core(struct seed_random *, char out[SEED_CORE_LEN + 1]);
/* Where it stands in a name; false when it has none. */
bool seed_company_core(const char *name, size_t *at);
void seed_mobile(struct seed_random *, char out[MOBILE_LEN + 1]);

/* pictures.c: the few small pictures that all scans share. */
struct seed_pictures;
struct seed_pictures *seed_pictures_load(const char *folder);
void seed_pictures_free(struct seed_pictures *);
/* What the sandbox would have made of a field's upload; borrowed. */
const struct scan_picture *seed_picture(const struct seed_pictures *, const char *field);
/* A recording of one second; borrowed. */
const struct buffer *seed_recording(const struct seed_pictures *);

/* What all applications of a run share. */
struct seed {
	const struct config *config;
	struct vault *vault;
	struct seed_pictures *pictures;
	struct seed_regions regions;
	struct seed_random random;
	struct db *db[DB_PART_COUNT]; /* opened by seed_db() */
	int64_t clock_us[DB_PART_COUNT]; /* of each session */
	int64_t today_us; /* when the run began */
	int64_t floor_us; /* before that, no package had a price */
	const char *damage[SEED_DAMAGES_MAX]; /* "table.column", which copies get wrong, */
	size_t damages; /* one each, in turns; 0: none */
	size_t copied;
	struct seed_session **session; /* token.c */
	size_t sessions;
};
/* die()s when the config does not say demo = yes. */
void seed_open(struct seed *, const char *pictures, uint64_t random);
void seed_close(struct seed *);
/* The session of a part, as if it were that moment (Unix time). */
struct db *seed_db(struct seed *, enum db_part, int64_t at_us);

/* token.c: the token of a session of that applicant or member of the staff, made when
 * it is asked for first; NULL for jobs. It belongs to the seed. */
const char *seed_token(struct seed *, enum flow_role, int64_t person);
/* Ends those sessions; by seed_close(). */
void seed_tokens_end(struct seed *);

/* One application on its way. */
struct seed_case {
	struct seed *seed;
	int64_t project, applicant, id;
	char openid[65], public_id[PUBLIC_ID_SIZE], state[FLOW_STATE_MAX + 1];
	int flow_version;
	int64_t at_us; /* its clock */
	int64_t end_us; /* when it shall have come to its state */
	const char *method; /* of the identity check, where the project has it; NULL: drawn */
	int64_t approved_by; /* staff of the last approve */
	struct buffer told; /* detail of the event, when its work writes it */
	struct seed_company company;
	struct seed_person legal_rep, agent, recipient;
};
/* Reads its state again, in the session of a part. */
void seed_reload(struct seed_case *, enum db_part);

/* road.c: which way leads to a state. */
struct seed_way {
	const char *event, *to; /* borrowed from the road */
	enum flow_role role;
	int steps; /* from here on to the end, this one included */
	int wait_hours; /* deadlines that must pass on the way */
	size_t row;
};
struct seed_road;
/* The rows of a flow version. Costs are drawn anew for each road, so that equal
 * ways take turns. */
struct seed_road *seed_road_load(struct db *, int flow_version, struct seed_random *);
void seed_road_free(struct seed_road *);
/* The next step from `from` to `to`; false when no way is left. */
bool seed_road_find(const struct seed_road *, const char *from, const char *to, struct seed_way *);
/* A step that was refused, or led elsewhere, is not tried again. */
void seed_road_block(struct seed_road *, size_t row);
/* Calls `each` for every state that the version has. */
void seed_road_states(const struct seed_road *,
		      void (*each)(void *, const char *state, bool end, int ord), void *context);

/* steps*.c: does what a page or job does for an event, the move included. */
enum flow_result seed_step(struct seed_case *, const struct seed_way *);
/* One flow move with its work in a transaction, as page_advance() does; what the
 * work writes to `told` is the event's detail. */
enum flow_result seed_move(struct seed_case *, enum flow_role, int64_t actor, const char *event,
			   const char *key, const char *detail, bool (*work)(struct db *, void *),
			   void *context);
/* One press of a button of a page: the same under a new key of that page. */
enum flow_result seed_press(struct seed_case *, enum flow_role, int64_t actor, const char *event,
			    const char *detail, bool (*work)(struct db *, void *), void *context);
/* identity.c: false when the project knows no such way, or nobody is there for it. */
bool seed_do_recorded(struct seed_case *);
bool seed_do_cloud(struct seed_case *);
bool seed_do_in_person(struct seed_case *, int64_t clerk);
/* What a clerk decides about a recording: accept_identity … */
bool seed_do_decide(struct seed_case *, int64_t clerk, const char *event);
/* money.c: an order, the service's news of it, the invoice. */
bool seed_do_paid(struct seed_case *);
/* What follows when a paid application ends: the refund is requested. */
void seed_after_refund(struct seed_case *);
/* An accountant confirms, the service says that it is done. */
bool seed_do_refunded(struct seed_case *, int64_t accountant);

/* walk.c */
struct seed_order {
	const char *project; /* code */
	const char *state;
	const char *via; /* a state to pass through, or NULL */
	const char *openid; /* NULL: an applicant of its own */
	int64_t age_us; /* since the first event; 0: drawn */
	const char *region; /* of the company; NULL: drawn */
	const char *method; /* wished for in the order; NULL: drawn */
};
/* False when this project has no way to the state: then nothing is left
 * behind but an application on the way. */
bool seed_walk(struct seed *, const struct seed_order *, struct seed_case *);

/* mix.c: applications over all projects and states, the larger part of many by
 * seed_bulk(). Gives the exit status. */
int seed_mix(struct seed *, int64_t count);

/* bulk.c: copies walked applications, each as often as its weight says, until
 * `count` are there. Gives the id of the first; the others follow it. */
struct seed_model {
	int64_t application;
	int weight;
};
int64_t seed_bulk(struct seed *, const struct seed_model *, size_t models, int64_t count);

/* look.c: opens all that is sealed of the applications whose ids stand on
 * standard input, one a line, and compares indexes and digests; die()s at the
 * first that is wrong. Gives the exit status. */
int seed_look(struct seed *);

#endif
