/* session.c: sessions of applicants and staff. */
#include "page/session.h"

#include "base/die.h"
#include "staff/staff.h"

static const char csrf_domain[] = "csrf";

bool session_hash(const char *token, uint8_t hash[SHA256_SIZE])
{
	uint8_t secret[SESSION_TOKEN_LEN / 2];
	bool is_token = hex_decode(token, secret, sizeof(secret));

	if (is_token)
		digest_sha256(secret, sizeof(secret), hash);
	explicit_bzero(secret, sizeof(secret));
	return is_token;
}

void session_set_token(struct session *s, const char *token)
{
	uint8_t mac[SHA256_SIZE];

	snprintf(s->token, sizeof(s->token), "%s", token);
	digest_hmac_sha256(s->token, SESSION_TOKEN_LEN, csrf_domain, sizeof(csrf_domain) - 1, mac);
	hex_encode(mac, sizeof(mac), s->csrf);
}

enum flow_role session_role(const char *name)
{
	int role = 0;

	while (role < FLOW_ROLE_COUNT && strcmp(name, flow_role_names[role]) != 0)
		role++;
	return (enum flow_role)role;
}

bool session_csrf_valid(const struct session *s, const char *posted)
{
	size_t len = sizeof(s->csrf) - 1;

	return s->present && posted && strlen(posted) == len && equal_secrets(s->csrf, posted, len);
}

void session_end(struct db *db, const char *token)
{
	uint8_t hash[SHA256_SIZE];

	if (session_hash(token, hash))
		db_exec(db, "DELETE FROM session WHERE token_hash = ?",
			DB_ARGS(db_bytes(hash, sizeof(hash))));
}

void session_draw_token(char token[SESSION_TOKEN_LEN + 1])
{
	uint8_t secret[SESSION_TOKEN_LEN / 2];

	random_bytes(secret, sizeof(secret));
	hex_encode(secret, sizeof(secret), token);
	explicit_bzero(secret, sizeof(secret));
}

void session_start(struct db *db, const struct config *config, int64_t applicant,
		   const char *old_token, struct session *s)
{
	uint8_t hash[SHA256_SIZE];
	char token[SESSION_TOKEN_LEN + 1];

	session_end(db, old_token);
	session_draw_token(token);
	if (!session_hash(token, hash) ||
	    db_exec(db,
		    "INSERT INTO session"
		    " (token_hash, role, subject, created_at, seen_at, idle_at, ends_at)"
		    " VALUES (?, 'applicant', ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3),"
		    " UTC_TIMESTAMP(3) + INTERVAL ? MINUTE, UTC_TIMESTAMP(3) + INTERVAL ? HOUR)",
		    DB_ARGS(db_bytes(hash, sizeof(hash)), db_int(applicant),
			    db_int(config_int(config, "session_applicant_idle_min")),
			    db_int(config_int(config, "session_applicant_hours")))) != 1)
		die("a new session was not stored");
	*s = (struct session){ .present = true, .role = FLOW_APPLICANT, .subject = applicant };
	session_set_token(s, token);
	explicit_bzero(token, sizeof(token));
}

static void touch_applicant(struct db *db, const struct config *config, const char *token)
{
	uint8_t hash[SHA256_SIZE];

	if (session_hash(token, hash))
		db_exec(db,
			"UPDATE session SET seen_at = UTC_TIMESTAMP(3),"
			" idle_at = UTC_TIMESTAMP(3) + INTERVAL ? MINUTE WHERE token_hash = ?",
			DB_ARGS(db_int(config_int(config, "session_applicant_idle_min")),
				db_bytes(hash, sizeof(hash))));
}

void session_touch(struct db *db, const struct config *config, const struct session *s)
{
	if (s->role == FLOW_APPLICANT)
		touch_applicant(db, config, s->token);
	else
		staff_touch(db, config, s->token);
}

long session_purge(struct db *db, int most)
{
	return db_exec(db,
		       "DELETE FROM session WHERE ends_at < UTC_TIMESTAMP(3)"
		       " OR idle_at < UTC_TIMESTAMP(3) ORDER BY token_hash LIMIT ?",
		       DB_ARGS(db_int(most)));
}
