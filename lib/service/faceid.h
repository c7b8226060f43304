/* faceid.h: whether the person before the phone is the one on the ID card, by
 * Tencent Cloud's face identity service (人脸核身), API 2018-03-01.
 *
 * One check is: start(), which gives a token and the address of the service's
 * page; the phone goes there, does what it is told and comes back to our
 * redirect_url; fetch(), which tells how it ended. That the phone came back
 * says nothing: only fetch() does. Keep the token with the application before
 * the phone is sent away, and look it up from there, never from the request.
 *
 * A token opens its page for two hours, works for one completed check, and can
 * be asked about, as often as one likes, for three days: fetch the evidence in
 * that time and keep it.
 *
 * Personal data goes out in the body alone, under TLS; none of it, and nothing
 * that the service says in words, stands in a report or a log.
 * These ask over the network: never call them within db_transaction().
 * Config: faceid_secret_id, faceid_rule_id, faceid_api_url; secret
 * faceid_secret_key. */
#ifndef SERVICE_FACEID_H
#define SERVICE_FACEID_H

#include "base/buffer.h"
#include "base/config.h"
#include "service/result.h"

#define FACEID_TOKEN_MAX 64
#define FACEID_URL_MAX 1024 /* of the service's page, and of our redirect_url */
#define FACEID_NAME_MAX 32 /* characters */
#define FACEID_REF_MAX 64 /* letters, digits and hyphens */
#define FACEID_FRAME_MAX (1024 * 1024) /* bytes of the best frame */
#define FACEID_ANSWER_MAX (2 * 1024 * 1024)
#define FACEID_PAGE_S 7200 /* the page opens so long */
#define FACEID_FETCH_S (3 * 24 * 3600) /* the result can be had so long */

/* Who we are there; the texts belong to the config. */
struct faceid_account {
	const char *secret_id, *secret_key, *rule_id, *url;
};

/* Reads it from the config; false when it is not set up. */
bool faceid_account_read(const struct config *, struct faceid_account *) MUST_USE;

/* Who it should be, as the application says. */
struct faceid_subject {
	const char *name; /* as on the card */
	const char *id_number; /* 18 characters, a last X in upper case */
	const char *ref; /* opaque: a public id, nothing personal */
};

struct faceid_session {
	char token[FACEID_TOKEN_MAX + 1]; /* a secret of this application's */
	char url[FACEID_URL_MAX + 1]; /* send the browser there, with 303 */
};

/* Begins a check. SERVICE_OK fills the session. SERVICE_PERMANENT: these data
 * are refused, so a person must look at them. SERVICE_UNKNOWN may be tried
 * again: a token that was lost on the way is harmless. */
enum service_result faceid_start(const struct faceid_account *, const struct faceid_subject *,
				 const char *redirect_url, struct faceid_session *,
				 struct service_report *) MUST_USE;

enum faceid_outcome {
	FACEID_PENDING, /* not finished: ask again */
	FACEID_PASSED, /* every condition holds; see faceid_read() */
	FACEID_FAILED, /* the service says no: a new check may be started */
	FACEID_REVIEW, /* neither yes nor no: a person decides; see doubt */
	FACEID_OUTCOME_COUNT,
};

/* Why the outcome is FACEID_REVIEW. */
enum faceid_doubt {
	FACEID_NO_DOUBT,
	FACEID_DOUBT_STATUS, /* passed as a whole, but not in each part */
	FACEID_DOUBT_PERSON, /* passed, but the name or number is another's */
	FACEID_DOUBT_REF, /* passed, but the token is another application's */
	FACEID_DOUBT_SIMILARITY, /* passed, but without a number from 0 to 100 */
	FACEID_DOUBT_FRAME, /* passed, but the frame is no JPEG or too large */
	FACEID_DOUBT_COUNT,
};

/* For logs and tables: "pending", "other_person" … */
extern const char *const faceid_outcome_names[FACEID_OUTCOME_COUNT];
extern const char *const faceid_doubt_names[FACEID_DOUBT_COUNT];

#define FACEID_NULL (-1) /* a code or number that was not given */

/* How it ended, and what proves it. Codes are the service's: 0 is good. */
struct faceid_finding {
	enum faceid_outcome outcome;
	enum faceid_doubt doubt;
	int64_t code; /* ErrCode: the final result */
	int64_t live_code; /* LiveStatus: a living person */
	int64_t compare_code; /* Comparestatus: the person on record */
	int similarity; /* hundredths of a percent: 9731 is 97.31 */
	int attempts; /* how often the person tried */
	bool charged; /* one of them costs money */
	char compared_with[64]; /* CompareLibType: 权威库 */
	struct buffer text; /* the Text object as JSON: personal data, to be sealed */
	struct buffer frame; /* the best frame, a JPEG: face data, to be sealed; may be empty */
};

void faceid_finding_init(struct faceid_finding *);
/* Wipes the personal data. */
void faceid_finding_release(struct faceid_finding *);

/* Asks how the check ended. SERVICE_OK fills the finding (initialised or
 * released by the caller, who releases it). SERVICE_PERMANENT: the service
 * does not know this token, or no more. */
enum service_result faceid_fetch(const struct faceid_account *, const char *token,
				 const struct faceid_subject *expected, struct faceid_finding *,
				 struct service_report *) MUST_USE;

/* The same from the n bytes that the service answered; pure.
 * It is a pass only if ErrCode, LiveStatus and Comparestatus are 0, IdCard,
 * Name and Extra are those expected, the similarity is a number and the frame,
 * if there is one, a JPEG. ErrCode null is pending, not 0 is failed, and all
 * the rest is for a person to look at. An answer that is not of the documented
 * shape is SERVICE_UNKNOWN. */
enum service_result faceid_read(const char *json, size_t n, const struct faceid_subject *expected,
				struct faceid_finding *, struct service_report *) MUST_USE;

/* What an answer to start() means; pure as well. */
enum service_result faceid_read_session(const char *json, size_t n, struct faceid_session *,
					struct service_report *) MUST_USE;

#endif
