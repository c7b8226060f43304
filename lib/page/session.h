/* session.h: sessions of applicants and staff.
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
/* A session in use is marked as seen once in so many seconds. */
#define SESSION_TOUCH_S 60

struct session {
	bool present;
	enum flow_role role;
	int64_t subject; /* applicant or staff id */
	char name[201]; /* staff: display name, 50 characters; applicant: "" */
	char token[SESSION_TOKEN_LEN + 1];
	char csrf[2 * SHA256_SIZE + 1];
};

/* Makes an applicant's session and gives its cookie value in session->token.
 * `old_token` (may be "") is ended at the same time. The caller sends the cookie.
 * Sessions of the staff are made and ended in staff/staff.h. */
void session_start(struct db *, const struct config *, int64_t applicant, const char *old_token,
		   struct session *);
void session_end(struct db *, const char *token);
/* A new token, in hex. */
void session_draw_token(char token[SESSION_TOKEN_LEN + 1]);

/* The pieces page_run() is made of. */
/* SHA-256 of a token as the table keeps it; false when it is no token. */
bool session_hash(const char *token, uint8_t hash[SHA256_SIZE]) MUST_USE;
/* Fills in token and csrf. */
void session_set_token(struct session *, const char *token);
/* Moves the idle end of a session that is in use. */
void session_touch(struct db *, const struct config *, const struct session *);
/* Role by the name in the table; FLOW_ROLE_COUNT for an unknown one. */
enum flow_role session_role(const char *name);
/* Whether a posted token (may be NULL) is this session's; in constant time. */
bool session_csrf_valid(const struct session *, const char *posted);

/* For the job: deletes at most so many sessions that have ended; gives how many there
 * were. Account: DB_CRON. */
long session_purge(struct db *, int most);

#endif
