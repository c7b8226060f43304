/* own.h: applications as their applicant sees them: the list, drafts, where one
 * stands and what happened to it.
 *
 * Tables: application, event, flow_state and the name in company. Lists are read
 * with the function of the same name and `next`, until it says false; their texts
 * belong to the result. */
#ifndef CASE_OWN_H
#define CASE_OWN_H

#include "db/db.h"
#include "flow/flow.h"

/* All applications of an applicant, the newest first: at most `most`, behind the one
 * with the public id `before` (NULL: from the newest). */
struct case_card {
	const char *public_id, *project, *company; /* company: "" if not named yet */
	const char *label, *next, *since; /* of its state */
	const char *page, *link; /* where the applicant goes on, and how that is called; "" */
};
struct db_result *case_cards(struct db *, int64_t applicant, const char *before, int most);
bool case_cards_next(struct db_result *, struct case_card *);

/* What an applicant has begun in a project and must go on with, the newest first. */
struct case_draft {
	const char *public_id, *page, *label, *company, *changed; /* company: "" as above */
};
struct db_result *case_drafts(struct db *, int64_t applicant, int64_t project, int most);
bool case_drafts_next(struct db_result *, struct case_draft *);
/* How many are begun and not handed in. */
int64_t case_draft_count(struct db *, int64_t applicant, int64_t project);

/* Where one application stands; one row. */
struct case_standing {
	const char *company, *label, *next, *since;
	const char *waits_for; /* role; "" at an end */
	const char *deadline; /* "" for none */
	const char *page, *link; /* as in case_card */
};
struct db_result *case_standing(struct db *, int64_t application);
bool case_standing_next(struct db_result *, struct case_standing *);
/* The page of its state alone; "" for none. */
void case_page(struct db *, int64_t application, char out[FLOW_PAGE_MAX + 1]);

/* What happened, for the applicant, from the first: moves alone, and what flow_event
 * says; a form opened and saved again is no step. */
struct case_moment {
	const char *words, *at;
};
struct db_result *case_timeline(struct db *, int64_t application);
bool case_timeline_next(struct db_result *, struct case_moment *);

/* How the applications of a person in WeChat stand, the newest first. */
struct case_told {
	const char *company, *label, *next; /* company: "" as above */
	const char *project; /* code */
};
struct db_result *case_told(struct db *, const char *appid, const char *openid, int most);
bool case_told_next(struct db_result *, struct case_told *);

#endif
