/* provider.h: providers of the identity check, which find out how an attempt ended.
 *
 * start() is called by the page that begins an attempt, fetch() by
 * cron/identity until it says something else than pending. Neither is called
 * within db_transaction(), neither writes to the database, and neither
 * sees data from the browser. cron/identity then stores the finding with
 * identity_settle(): evidence, face material, the attempt's state and the
 * event, all or nothing.
 *
 * To add an engine that looks at recordings by itself: a file with its fetch(),
 * and its row before that of `recorded` in providers[] (provider.c), ready when
 * its config is. No page and no row of the flow changes: a finding of "passed"
 * is identity_passed already. */
#ifndef IDENTITY_PROVIDER_H
#define IDENTITY_PROVIDER_H

#include "base/config.h"
#include "identity/identity.h"

#define IDENTITY_PIECES_MAX 32
#define IDENTITY_VERDICT_MAX 32

/* One attempt in the hands of a page or a worker. */
struct identity_work {
	const struct config *config;
	struct db *db;
	struct vault *vault;
	struct identity_attempt attempt;
	int asks; /* how often it was fetched, this time included */
	int age_s; /* since it can be fetched */
	bool over; /* give_up_at has passed: pending now means lapsed */
};

/* --- beginning --- */

enum identity_begun {
	IDENTITY_GO, /* send the browser to url */
	IDENTITY_DATA_REFUSED, /* these data will be refused again: in person */
	IDENTITY_AWAY, /* no answer: the same attempt may be started once more */
};

struct identity_start {
	char url[1025];
	struct buffer token; /* a secret; the caller wipes it */
	int give_up_s; /* the result is pending no longer than this */
};

/* --- the end --- */

enum identity_outcome {
	IDENTITY_FOUND_PENDING,
	IDENTITY_FOUND_PASSED,
	IDENTITY_FOUND_FAILED,
	IDENTITY_FOUND_REVIEW, /* a clerk decides */
	IDENTITY_FOUND_REPEAT, /* the material is no good: no failed try */
	IDENTITY_FOUND_LAPSED, /* never finished */
	IDENTITY_OUTCOME_COUNT,
};
extern const char *const identity_outcome_names[IDENTITY_OUTCOME_COUNT];

/* What proves it. */
struct identity_finding {
	enum identity_outcome outcome;
	char verdict[IDENTITY_VERDICT_MAX + 1]; /* why, in one word; may be "" */
	struct buffer codes; /* a JSON object without personal data; may be empty */
	int similarity; /* hundredths of a percent; -1: none */
	char compared_with[65];
	struct buffer text; /* what was said of the person, to be sealed; may be empty */
	struct {
		struct identity_piece place;
		char action[17], media_type[33]; /* what place points to */
		struct buffer data;
	} piece[IDENTITY_PIECES_MAX]; /* pictures and recordings to be kept */
	int pieces;
};
void identity_finding_init(struct identity_finding *);
/* Wipes the personal data. */
void identity_finding_release(struct identity_finding *);
/* One more piece, whose bytes are taken out of `data`; `action` may be NULL. */
void identity_finding_add(struct identity_finding *, const struct identity_work *,
			  enum identity_kind, int ord, const char *action, int at_ms,
			  const char *media_type, struct buffer *data);
void identity_finding_say(struct identity_finding *, enum identity_outcome, const char *verdict);

struct identity_provider {
	const char *name; /* identity_evidence.provider */
	enum identity_method method;
	bool (*ready)(const struct config *); /* set up; NULL: always */
	/* NULL: nothing is called to begin. The browser is to come back to
	 * `return_url`. */
	enum identity_begun (*start)(const struct identity_work *, const char *return_url,
				     struct identity_start *);
	/* NULL: nothing is ever fetched, as in person. */
	void (*fetch)(const struct identity_work *, struct identity_finding *);
	int pause_s, pause_max_s; /* between fetches: doubles from one to the other */
};

/* The first of that method that is ready; NULL for none. */
const struct identity_provider *identity_provider_of(const struct config *, enum identity_method);

/* person.c: the person of the attempt, as the application says; the caller wipes both. */
struct identity_person {
	struct buffer name, id_number;
};
void identity_person_load(const struct identity_work *, struct identity_person *);
void identity_person_release(struct identity_person *);

/* --- queue.c: for cron/identity --- */

/* Takes an attempt that is due, for IDENTITY_LEASE_S; false when none is. */
#define IDENTITY_LEASE_S 180
bool identity_claim(struct identity_work *);
/* Seconds until one is due, at most `max`. */
int identity_wait_s(struct db *, int max);
/* Stores a finding. In a transaction of its own; one that came too late, or
 * whose consent was withdrawn, changes nothing but the attempt. */
void identity_settle(struct identity_work *, const struct identity_provider *,
		     const struct identity_finding *);
/* Ends abandoned attempts: out of time, or the application
 * has gone on; deletes faces whose consent was withdrawn. Gives how many. `at`, or
 * NULL, is told each attempt before it is ended, and 0 behind it; those that
 * ended a worker are put off under this name (fault/fault.h). */
#define IDENTITY_FAULT_LAPSE "identity.lapse"
int identity_upkeep(struct db *, void (*at)(int64_t attempt));
/* For an attempt over which a worker ended. It is fetched again in so many
 * seconds; or never: it ends as one to be made again, which is no failed try. */
void identity_ask_in(struct db *, int64_t attempt, int seconds);
void identity_give_up(struct db *, int64_t attempt);

/* cloud.c, recorded.c: the providers. */
bool identity_cloud_ready(const struct config *);
enum identity_begun identity_cloud_start(const struct identity_work *, const char *return_url,
					 struct identity_start *);
void identity_cloud_fetch(const struct identity_work *, struct identity_finding *);
void identity_recorded_fetch(const struct identity_work *, struct identity_finding *);

#endif
