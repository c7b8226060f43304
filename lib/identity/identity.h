/* identity.h: the identity check (身份鉴别): attempts, consent, challenges, face material.
 *
 * An attempt is one try by one method:
 *
 *     begun -> handed_in -> passed | failed | review | repeat     cloud, recorded
 *     begun | handed_in -> lapsed          too late, or the application went on
 *     review -> passed | failed | repeat   a clerk
 *     begun -> passed                      a clerk, in person
 *
 * The applicant's pages begin and hand in; cron/identity asks the method's
 * provider (provider.h) how it ended, and a redirect or anything else that the
 * browser says is never believed. Each step is an event whose detail is the
 * JSON of identity_detail(). failed and lapsed count against the project's
 * identity_attempts_max, repeat does not; a pass closes the count.
 *
 * A pass is of the person whom the application named, and so is the consent for
 * faces: when a correction names another one, the flow leads back to the check
 * (guards mended_proven, mended_unproven), and a review cannot approve.
 *
 * A recording shows three actions that were drawn at random, one after the
 * other, and four digits to be read aloud; each is revealed by a request of its
 * own, so that identity_step says when. The 120 seconds run from the first.
 *
 * Faces are sealed under the face key, only while a consent of their own holds
 * (a trigger refuses them otherwise), and read with identity_material() alone.
 * Tables: face_consent_text, face_consent, identity_attempt,
 * identity_challenge, identity_step, face_material, identity_evidence. */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "base/ceilings.h"
#include "base/digest.h"
#include "check/identity-method.h"
#include "db/db.h"
#include "vault/vault.h"

#define IDENTITY_ACTIONS 3 /* drawn for one recording */
#define IDENTITY_STEPS (IDENTITY_ACTIONS + 1) /* and the digits */
#define IDENTITY_DIGITS 4
#define IDENTITY_NONCE_SIZE 16
#define IDENTITY_CHALLENGE_S 120 /* from the first step shown to the end */
#define IDENTITY_UPLOAD_GRACE_S 900 /* a bad connection may take so long after that */
#define IDENTITY_UPLOADS_MAX 10 /* recordings of one application, good or bad */

enum identity_state {
	IDENTITY_BEGUN,
	IDENTITY_HANDED_IN,
	IDENTITY_REVIEW,
	IDENTITY_PASSED,
	IDENTITY_FAILED,
	IDENTITY_REPEAT,
	IDENTITY_LAPSED,
	IDENTITY_STATE_COUNT,
};
extern const char *const identity_state_names[IDENTITY_STATE_COUNT];

struct identity_attempt {
	int64_t id, application;
	char public_id[PUBLIC_ID_SIZE];
	enum identity_method method;
	enum identity_state state;
	int number; /* of this application, from 1 */
	int age_s; /* since it began */
};

/* The policy of the project, and the attempts so far. */
struct identity_plan {
	char methods[64]; /* a set: identity_method_in() */
	bool legal_rep; /* the person to be checked; else the agent */
	char subject[201]; /* that person's name */
	enum identity_method wish; /* of the order; IDENTITY_METHOD_COUNT: none */
	int tries_max, tries_left; /* by face, of the person to be checked now */
	int uploads_left;
	char in_person_place[1201]; /* bytes */
};

/* attempt.c */
void identity_plan_load(struct db *, int64_t application, struct identity_plan *);
/* The newest attempt by that method (IDENTITY_METHOD_COUNT: by any); false for none. */
bool identity_latest(struct db *, int64_t application, enum identity_method,
		     struct identity_attempt *);
bool identity_find(struct db *, int64_t id, struct identity_attempt *);
/* A new attempt, begun. Recordings of this application that were begun before
 * have lapsed with it: one challenge at a time. In a transaction. */
void identity_begin(struct db *, int64_t application, enum identity_method,
		    struct identity_attempt *);
/* Compare and set; false when it was in another state. In a transaction. To
 * passed leads identity_pass() alone. */
bool identity_move(struct db *, const struct identity_attempt *, enum identity_state from,
		   enum identity_state to);
/* Detail of an event: {"method":…,"try":…,"outcome":…,"verdict":…,"actions":…}
 * without those that are NULL. `codes` is a JSON object or NULL. Appends. */
void identity_detail(struct buffer *, const struct identity_attempt *, const char *outcome,
		     const char *verdict, const char *actions, const char *codes);

/* person.c: an attempt that passed is of a person: it keeps blind indexes of the
 * name and the number that the application names at that moment, which is when
 * they were compared with a face, a service's answer or an ID card. */
/* From that state to passed; false when it was in another. die()s when the
 * application names nobody. In a transaction. */
bool identity_pass(struct db *, struct vault *, const struct identity_attempt *,
		   enum identity_state from);

/* Whether this attempt passed and is of the person whom the application names now:
 * nothing of the person was written since, or name and number are those that were
 * checked. */
bool identity_is_of_person(struct db *, struct vault *, int64_t attempt);
/* Whether some attempt is, or the project asks for no check. What the flow's guards
 * say from the indexes beside the form, this finds out from the values themselves. */
bool identity_proven(struct db *, struct vault *, int64_t application);
/* Whether the application waits for a check although one has passed; then appends
 * to the applicant why, who has to do it, and that it is not paid twice. */
bool identity_again_words(struct db *, int64_t application, struct buffer *);

/* consent.c: the separate consent for face data. */
struct identity_consent {
	char version[21];
	struct buffer body; /* lines are paragraphs */
};
/* The text in force. */
void identity_consent_text(struct db *, struct identity_consent *);
void identity_consent_release(struct identity_consent *);
/* By the person who is named now. */
bool identity_consent_given(struct db *, int64_t application);
/* Stores that this version was agreed to; false when it is not the one in
 * force. Giving it twice is giving it once. In a transaction. */
bool identity_consent_give(struct db *, int64_t application, const char *version);
/* Takes it back: open attempts by face have lapsed, and cron/identity deletes
 * what there is of faces. In a transaction. */
void identity_consent_withdraw(struct db *, int64_t application);

/* challenge.c: what one recording must show. */
struct identity_step {
	char action[17]; /* "nod", "digits" */
	int ord; /* from 0 */
	int64_t revealed_ms; /* since the first step was shown, by our clock */
};
struct identity_challenge {
	uint8_t nonce[IDENTITY_NONCE_SIZE];
	char actions[65]; /* "nod,blink,turn_left" */
	char digits[IDENTITY_DIGITS + 1];
	int revealed; /* steps shown so far */
	int left_s; /* of the 120 seconds; all of them before the first step */
	bool used, expired, past_grace;
};
/* The instruction for the applicant: 请眨眼. NULL for an unknown action. */
const char *identity_action_words(const char *action);
/* Draws one for a new attempt; only this session may use it. In a transaction. */
void identity_challenge_draw(struct db *, int64_t attempt, const uint8_t session[SHA256_SIZE]);
/* That of an attempt, if it is this session's; `session` NULL: of any session. */
bool identity_challenge_load(struct db *, int64_t attempt, const uint8_t *session,
			     struct identity_challenge *);
/* Which attempt of this application a nonce names; 0 for none. */
int64_t identity_challenge_find(struct db *, int64_t application,
				const uint8_t nonce[IDENTITY_NONCE_SIZE]);
/* Shows step `ord`: the next one, or again one that was shown (which changes
 * nothing). False when it is not its turn or too late. In a transaction. */
bool identity_challenge_reveal(struct db *, int64_t attempt, int ord, struct identity_step *);
/* Marks it as used; false when it was, when not all steps were shown, or past
 * the grace. In a transaction. */
bool identity_challenge_use(struct db *, int64_t attempt);
/* The steps shown, in their order; gives how many. */
int identity_steps(struct db *, int64_t attempt, struct identity_step step[IDENTITY_STEPS]);

/* hand-in.c: an attempt goes to cron/identity; all in a transaction. */
/* A recording: stored as it came, the steps placed in it. `offset_ms`: when the
 * first step was seen, from the beginning of the recording, as the page
 * measured it; -1 when it was not measured. The state must be begun. */
bool identity_hand_in(struct db *, struct vault *, const struct identity_attempt *,
		      const char *media_type, int offset_ms, const void *data, size_t n);
/* A check at a service: its secrets. False when there is one already. */
bool identity_keep_token(struct db *, struct vault *, const struct identity_attempt *,
			 const char *provider, const char *token, const char *url, int give_up_s);
/* The page of the service where a begun check goes on; false for none. */
bool identity_service_url(struct db *, struct vault *, int64_t attempt, struct buffer *url);
/* The browser came back: cron/identity asks at once. False when it was known. */
bool identity_came_back(struct db *, const struct identity_attempt *);
/* Why an ended attempt ended, in one word of its provider's; "" if none. */
void identity_verdict(struct db *, int64_t attempt, char out[33]);

/* material.c: pictures and recordings of faces, sealed under the face key. */
enum identity_kind {
	IDENTITY_RAW,
	IDENTITY_CLIP,
	IDENTITY_FRAME,
	IDENTITY_BEST_FRAME,
	IDENTITY_KIND_COUNT,
};
extern const char *const identity_kind_names[IDENTITY_KIND_COUNT];
struct identity_piece {
	int64_t attempt;
	enum identity_kind kind;
	int ord; /* frames from 0, else 0 */
	const char *action; /* or NULL */
	int at_ms; /* of a frame; -1: none */
	const char *media_type;
};
/* Seals and stores it, in parts. In a transaction. */
void identity_material_put(struct db *, struct vault *, const struct identity_piece *,
			   const void *data, size_t n);
/* Appends the whole to out; false when there is none or it does not open.
 * Who may see it is the caller's question. */
bool identity_material(struct db *, struct vault *, int64_t attempt, enum identity_kind, int ord,
		       struct buffer *out);
/* Deletes one kind of an attempt. In a transaction. */
void identity_material_drop(struct db *, int64_t attempt, enum identity_kind);

#endif
