/* token.c: sessions of the people for whom a walk acts: the procedures ask for a token
 * and look the person up themselves. Written by the owner, and gone with the run. */
#include "seed.h"

#include "base/alloc.h"

#define TOKEN_BYTES 32

struct seed_session {
	bool of_staff;
	int64_t person;
	char token[2 * TOKEN_BYTES + 1];
};

static void insert(struct seed *s, const struct seed_session *session)
{
	struct db *db = seed_db(s, DB_OWNER, s->today_us);

	if (session->of_staff)
		db_exec(db,
			"INSERT INTO staff_session (token_hash, staff, role, created_at, seen_at,"
			" idle_at, ends_at) SELECT UNHEX(SHA2(UNHEX(?), 256)), id, role,"
			" UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 DAY,"
			" UTC_TIMESTAMP(3) + INTERVAL 1 DAY FROM staff WHERE id = ?",
			DB_ARGS(db_text(session->token), db_int(session->person)));
	else
		db_exec(db,
			"INSERT INTO session (token_hash, role, subject, created_at, seen_at,"
			" idle_at, ends_at) VALUES (UNHEX(SHA2(UNHEX(?), 256)), 'applicant', ?,"
			" UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 DAY,"
			" UTC_TIMESTAMP(3) + INTERVAL 1 DAY)",
			DB_ARGS(db_text(session->token), db_int(session->person)));
}

const char *seed_token(struct seed *s, enum flow_role role, int64_t person)
{
	bool of_staff = role != FLOW_APPLICANT;
	uint8_t secret[TOKEN_BYTES];

	if (role == FLOW_PUSH || role == FLOW_CRON)
		return NULL;
	for (size_t i = s->sessions; i-- > 0;)
		if (s->session[i]->of_staff == of_staff && s->session[i]->person == person)
			return s->session[i]->token;
	struct seed_session *made = xcalloc(1, sizeof(*made));
	made->of_staff = of_staff;
	made->person = person;
	random_bytes(secret, sizeof(secret));
	hex_encode(secret, sizeof(secret), made->token);
	s->session = xrealloc(s->session, (s->sessions + 1) * sizeof(struct seed_session *));
	s->session[s->sessions++] = made;
	insert(s, made);
	return made->token;
}

void seed_tokens_end(struct seed *s)
{
	for (size_t i = 0; i < s->sessions; i++) {
		const char *sql =
			s->session[i]->of_staff ?
				"DELETE FROM staff_session"
				" WHERE token_hash = UNHEX(SHA2(UNHEX(?), 256))" :
				"DELETE FROM session WHERE token_hash = UNHEX(SHA2(UNHEX(?), 256))";

		db_exec(seed_db(s, DB_OWNER, s->today_us), sql,
			DB_ARGS(db_text(s->session[i]->token)));
		free(s->session[i]);
	}
	free(s->session);
	s->session = NULL;
	s->sessions = 0;
}
