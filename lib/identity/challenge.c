/* challenge.c: three actions and four digits, drawn for one recording. */
#include "identity/identity.h"

#include "base/die.h"
#include "db/row.h"

static const struct {
	const char *action, *words;
} actions[] = {
	{ "blink", "请慢慢眨两次眼" },     { "open_mouth", "请张大嘴，再合上" },
	{ "turn_left", "请慢慢向左转头" }, { "turn_right", "请慢慢向右转头" },
	{ "nod", "请慢慢点头" },
};

const char *identity_action_words(const char *action)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].action, action))
			return actions[i].words;
	return !strcmp(action, "digits") ? "请大声读出这四个数字" : NULL;
}

/* Evenly from 0 to n - 1: bytes of an incomplete last round are drawn again. */
static unsigned draw(unsigned n)
{
	uint8_t byte;

	do
		random_bytes(&byte, 1);
	while (byte >= 256 / n * n);
	return byte % n;
}

/* The first places of a shuffled deck. */
static void draw_actions(struct buffer *out)
{
	unsigned deck[ARRAY_SIZE(actions)];

	for (unsigned i = 0; i < ARRAY_SIZE(actions); i++)
		deck[i] = i;
	for (unsigned i = 0; i < IDENTITY_ACTIONS; i++) {
		unsigned j = i + draw(ARRAY_SIZE(actions) - i), card = deck[j];

		deck[j] = deck[i];
		deck[i] = card;
		buffer_printf(out, "%s%s", i ? "," : "", actions[card].action);
	}
}

void identity_challenge_draw(struct db *db, int64_t attempt, const uint8_t session[SHA256_SIZE])
{
	struct buffer drawn = BUFFER_INIT;
	uint8_t nonce[IDENTITY_NONCE_SIZE];
	char digits[IDENTITY_DIGITS + 1] = "";

	random_bytes(nonce, sizeof(nonce));
	draw_actions(&drawn);
	for (int i = 0; i < IDENTITY_DIGITS; i++)
		digits[i] = (char)('0' + draw(10));
	db_exec(db,
		"INSERT INTO identity_challenge (attempt, nonce, session_hash, actions, digits)"
		" VALUES (?, ?, ?, ?, ?)",
		DB_ARGS(db_int(attempt), db_bytes(nonce, sizeof(nonce)),
			db_bytes(session, SHA256_SIZE), db_text(buffer_text(&drawn)),
			db_text(digits)));
	buffer_release(&drawn);
}

bool identity_challenge_load(struct db *db, int64_t attempt, const uint8_t *session,
			     struct identity_challenge *c)
{
	return db_one(
		db,
		"SELECT nonce, actions, digits, revealed, COALESCE(GREATEST(TIMESTAMPDIFF(SECOND,"
		" UTC_TIMESTAMP(3), expires_at), 0), ?) AS left_s, used_at IS NOT NULL AS used,"
		" COALESCE(expires_at <= UTC_TIMESTAMP(3), FALSE) AS expired,"
		" COALESCE(expires_at + INTERVAL ? SECOND <= UTC_TIMESTAMP(3), FALSE) AS past_grace"
		" FROM identity_challenge WHERE attempt = ? AND session_hash = COALESCE(?, session_hash)",
		DB_ARGS(db_int(IDENTITY_CHALLENGE_S), db_int(IDENTITY_UPLOAD_GRACE_S),
			db_int(attempt), db_bytes(session, SHA256_SIZE)),
		DB_OUT(DB_BYTES("nonce", c->nonce), DB_TEXT("actions", c->actions),
		       DB_TEXT("digits", c->digits), DB_INT("revealed", &c->revealed),
		       DB_INT("left_s", &c->left_s), DB_FLAG("used", &c->used),
		       DB_FLAG("expired", &c->expired), DB_FLAG("past_grace", &c->past_grace)));
}

int64_t identity_challenge_find(struct db *db, int64_t application,
				const uint8_t nonce[IDENTITY_NONCE_SIZE])
{
	return db_number(db,
			 "SELECT c.attempt FROM identity_challenge c"
			 " JOIN identity_attempt i ON i.id = c.attempt AND i.application = ?"
			 " WHERE c.nonce = ?",
			 DB_ARGS(db_int(application), db_bytes(nonce, IDENTITY_NONCE_SIZE)));
}

/* Action number `ord` of "nod,blink,turn_left"; behind the last come the digits. */
static void action_at(const char *list, int ord, char out[17])
{
	for (; ord > 0 && *list; ord--) {
		list += strcspn(list, ",");
		list += *list == ',';
	}
	if (*list)
		snprintf(out, 17, "%.*s", (int)strcspn(list, ","), list);
	else
		snprintf(out, 17, "digits");
}

/* Locks the challenge: two requests at a time reveal one step. */
static bool take_turn(struct db *db, int64_t attempt, int ord, char action[17], bool *fresh)
{
	char drawn[65];
	int revealed;
	bool over;

	if (!db_one(db,
		    "SELECT actions, revealed, COALESCE(expires_at <= UTC_TIMESTAMP(3), FALSE)"
		    " OR used_at IS NOT NULL AS is_over FROM identity_challenge"
		    " WHERE attempt = ? FOR UPDATE",
		    DB_ARGS(db_int(attempt)),
		    DB_OUT(DB_TEXT("actions", drawn), DB_INT("revealed", &revealed),
			   DB_FLAG("is_over", &over))))
		return false;
	if (over || ord < 0 || ord >= IDENTITY_STEPS || ord > revealed)
		return false;
	action_at(drawn, ord, action);
	*fresh = ord == revealed;
	return true;
}

bool identity_challenge_reveal(struct db *db, int64_t attempt, int ord, struct identity_step *step)
{
	struct identity_step all[IDENTITY_STEPS];
	bool fresh = false;

	*step = (struct identity_step){ .ord = ord };
	if (!take_turn(db, attempt, ord, step->action, &fresh))
		return false;
	if (fresh) {
		db_exec(db,
			"INSERT INTO identity_step (attempt, ord, action, revealed_at)"
			" VALUES (?, ?, ?, UTC_TIMESTAMP(3))",
			DB_ARGS(db_int(attempt), db_int(ord), db_text(step->action)));
		db_exec(db,
			"UPDATE identity_challenge SET revealed = ?, expires_at = COALESCE(expires_at,"
			" UTC_TIMESTAMP(3) + INTERVAL ? SECOND) WHERE attempt = ?",
			DB_ARGS(db_int(ord + 1), db_int(IDENTITY_CHALLENGE_S), db_int(attempt)));
	}
	if (identity_steps(db, attempt, all) > ord)
		*step = all[ord];
	return true;
}

bool identity_challenge_use(struct db *db, int64_t attempt)
{
	return db_exec(db,
		       "UPDATE identity_challenge SET used_at = UTC_TIMESTAMP(3)"
		       " WHERE attempt = ? AND used_at IS NULL AND revealed = ?"
		       " AND expires_at + INTERVAL ? SECOND > UTC_TIMESTAMP(3)",
		       DB_ARGS(db_int(attempt), db_int(IDENTITY_STEPS),
			       db_int(IDENTITY_UPLOAD_GRACE_S))) == 1;
}

int identity_steps(struct db *db, int64_t attempt, struct identity_step step[IDENTITY_STEPS])
{
	struct db_result *r = db_select(
		db,
		"SELECT s.action, s.ord, TIMESTAMPDIFF(MICROSECOND, f.revealed_at, s.revealed_at)"
		" DIV 1000 AS revealed_ms FROM identity_step s"
		" JOIN identity_step f ON f.attempt = s.attempt AND f.ord = 0"
		" WHERE s.attempt = ? ORDER BY s.ord",
		DB_ARGS(db_int(attempt)));
	struct identity_step s;
	int n = 0;

	while (n < IDENTITY_STEPS &&
	       db_next_row(r, DB_OUT(DB_TEXT("action", s.action), DB_INT("ord", &s.ord),
				     DB_INT("revealed_ms", &s.revealed_ms))))
		step[n++] = s;
	db_result_free(r);
	return n;
}
