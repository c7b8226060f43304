/* shown.h: what people see of the identity checks of an application.
 *
 * Lists are read with the function of the same name and `next`, until it says
 * false; their texts belong to the result. Who may see any of it is the caller's
 * question. Accounts: those that may read the tables of identity.h. */
#ifndef IDENTITY_SHOWN_H
#define IDENTITY_SHOWN_H

#include "identity/identity.h"

/* Whether a case says anything of an identity check: its project asks for one, or
 * one was begun. */
bool identity_concerns(struct db *, int64_t application);

/* All attempts of an application, from the first. */
struct identity_listed {
	int64_t id;
	const char *begun, *gone; /* gone: when its faces were deleted; "" while not */
};
struct db_result *identity_list(struct db *, int64_t application);
bool identity_list_next(struct db_result *, struct identity_listed *);

/* The attempt by face with this public id; NULL: the one that waits for a clerk,
 * else the newest. False: none of this application. */
bool identity_by_face(struct db *, int64_t application, const char *public_id,
		      struct identity_attempt *);

/* The last consent of its own for face data. False: none was given. */
struct identity_given {
	char version[21], given[32], withdrawn[32]; /* withdrawn: "" while it holds */
};
bool identity_consent_last(struct db *, int64_t application, struct identity_given *);

/* The text of the consent that holds, for the applicant; at most one row. */
struct identity_agreed {
	const char *version, *body, *given; /* body: lines are paragraphs */
};
struct db_result *identity_consent_agreed(struct db *, int64_t application);
bool identity_consent_agreed_next(struct db_result *, struct identity_agreed *);

/* -- the material of an attempt -- */

/* Whether anything of the face is stored still, the upload as it came apart. */
bool identity_has_faces(struct db *, int64_t attempt);
bool identity_has_kind(struct db *, int64_t attempt, enum identity_kind);
/* The frames of one step in their order, from number `skip`; `action` NULL: of no
 * step, before the first or of a recording in which the steps could not be placed. */
struct identity_frame {
	int ord, at_ms;
};
struct db_result *identity_frames(struct db *, int64_t attempt, const char *action, int skip,
				  int most);
bool identity_frames_next(struct db_result *, struct identity_frame *);
/* How many frames belong to no step. */
int64_t identity_unplaced(struct db *, int64_t attempt);

/* The steps of the challenge that were shown, with the time in words. */
struct identity_shown_step {
	int ord;
	const char *action, *revealed, *digits;
};
struct db_result *identity_shown_steps(struct db *, int64_t attempt);
bool identity_shown_steps_next(struct db_result *, struct identity_shown_step *);

/* What the provider said; at most one row. Words of lib/identity, "" for none. */
struct identity_scores {
	const char *provider, *outcome, *verdict, *similarity, *compared_with, *codes;
};
struct db_result *identity_scores(struct db *, int64_t attempt);
bool identity_scores_next(struct db_result *, struct identity_scores *);

#endif
