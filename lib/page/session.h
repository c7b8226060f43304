/* session.h: who is asking.
 *
 * The cookie holds 256 random bits in hex, the database their SHA-256. A new
 * session is made on every log-in; the CSRF token is derived from the cookie,
 * so it needs no column and dies with it. Idle and absolute end by config
 * (session_applicant_idle_min …). */
#ifndef PAGE_SESSION_H
#define PAGE_SESSION_H

#include "base/config.h"
#include "base/digest.h"
#include "db/db.h"
#include "flow/flow.h"

#define SESSION_TOKEN_LEN 64
#define SESSION_COOKIE_APPLICANT "yj"
#define SESSION_COOKIE_STAFF "yjs"

struct session {
	bool present;
	enum flow_role role;
	int64_t subject;  /* applicant or staff id */
	char name[64];    /* staff: display name; applicant: "" */
	char token[SESSION_TOKEN_LEN + 1];
	char csrf[2 * SHA256_SIZE + 1];
};

/* Makes a session and gives its cookie value in session->token. `old_token`
 * (may be "") is ended at the same time. */
void session_start(struct db *, const struct config *, enum flow_role, int64_t subject,
		   const char *old_token, struct session *);
void session_end(struct db *, const char *token);
/* Ends all sessions of one person (password changed, staff disabled). */
void session_end_all(struct db *, enum flow_role, int64_t subject);

#endif
