/* token.c: tokens of outside services, fetched by one for all. */
#include "service/token.h"

#include <time.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "db/row.h"

#define CLAIM_S 12 /* longer than http.h lets a call last */
#define LOOK_MS 100
#define WAIT_MS 13000

/* A program that wants a token: its connection, the token, its own random name. */
struct seeker {
	struct db *db;
	struct vault *vault;
	const struct token_source *source;
	char me[PUBLIC_ID_SIZE];
};

/* The row as it stands. */
struct token {
	struct buffer text; /* empty when there is none */
	int64_t generation;
	bool exists, fresh, good;
	bool hopeless; /* no program fetches within the time that this one may wait */
};

struct write {
	const char *sql;
	struct db_args args;
	long changed;
};

static bool write_once(struct db *db, void *context)
{
	struct write *w = context;

	w->changed = db_exec(db, w->sql, w->args);
	return true;
}

static long write_row(struct db *db, const char *sql, struct db_args args)
{
	struct write w = { sql, args, 0 };

	if (db_transaction(db, write_once, &w) != DB_DONE)
		die("a token was refused: %s", db_refusal(db));
	return w.changed;
}

void token_place(const char *name, struct buffer *out)
{
	buffer_printf(out, "service_token.token:%s", name);
}

static void unseal(const struct seeker *s, const struct buffer *sealed, struct token *t)
{
	struct buffer context = BUFFER_INIT;

	token_place(s->source->name, &context);
	if (!vault_unseal(s->vault, context.data, sealed->data, sealed->len, &t->text))
		t->fresh = t->good = false;
	buffer_release(&context);
}

static void look(const struct seeker *s, struct token *t)
{
	struct buffer sealed = BUFFER_INIT;

	buffer_wipe(&t->text);
	t->exists = db_one(s->db,
			   "SELECT token, generation, fresh_until > UTC_TIMESTAMP(3) AS fresh,"
			   " good_until > UTC_TIMESTAMP(3) AS good, fetched_by IS NULL AND"
			   " fetching_until > UTC_TIMESTAMP(3) + INTERVAL ? SECOND AS hopeless"
			   " FROM service_token WHERE name = ?",
			   DB_ARGS(db_int(WAIT_MS / 1000), db_text(s->source->name)),
			   DB_OUT(DB_OR_NULL(DB_BUFFER("token", &sealed)),
				  DB_INT("generation", &t->generation),
				  DB_OR_NULL(DB_FLAG("fresh", &t->fresh)),
				  DB_OR_NULL(DB_FLAG("good", &t->good)),
				  DB_OR_NULL(DB_FLAG("hopeless", &t->hopeless))));
	if (t->good || t->fresh)
		unseal(s, &sealed, t);
	buffer_release(&sealed);
}

/* Whether this program is the one to fetch. */
static bool claim(const struct seeker *s, const struct token *t)
{
	if (!t->exists)
		write_row(s->db, "INSERT INTO service_token (name) VALUES (?)",
			  DB_ARGS(db_text(s->source->name)));
	return write_row(s->db,
			 "UPDATE service_token SET fetched_by = ?,"
			 " fetching_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
			 " WHERE name = ? AND generation = ?"
			 " AND (fetching_until IS NULL OR fetching_until <= UTC_TIMESTAMP(3))",
			 DB_ARGS(db_text(s->me),
				 db_int(s->source->claim_s ? s->source->claim_s : CLAIM_S),
				 db_text(s->source->name), db_int(t->generation))) == 1;
}

static void retreat(const struct seeker *s)
{
	write_row(s->db,
		  "UPDATE service_token SET fetched_by = NULL,"
		  " fetching_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		  " WHERE name = ? AND fetched_by = ?",
		  DB_ARGS(db_int(s->source->retreat_s), db_text(s->source->name), db_text(s->me)));
}

/* A fetch whose lease another program took over changes no row. */
static void keep(const struct seeker *s, const char *text, int64_t life_s)
{
	int64_t overlap_s = s->source->overlap_s;
	int64_t fresh_s = life_s > 2 * overlap_s ? life_s - overlap_s : life_s / 2;
	struct buffer context = BUFFER_INIT, sealed = BUFFER_INIT;

	token_place(s->source->name, &context);
	vault_seal(s->vault, context.data, text, strlen(text), &sealed);
	write_row(s->db,
		  "UPDATE service_token SET generation = generation + 1, token = ?,"
		  " fetched_at = UTC_TIMESTAMP(3),"
		  " fresh_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND,"
		  " good_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND,"
		  " fetched_by = NULL, fetching_until = NULL"
		  " WHERE name = ? AND fetched_by = ?",
		  DB_ARGS(db_bytes(sealed.data, sealed.len), db_int(fresh_s), db_int(life_s),
			  db_text(s->source->name), db_text(s->me)));
	buffer_release(&context);
	buffer_release(&sealed);
}

static bool is_token(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return n && n <= TOKEN_TEXT_MAX;
}

static enum service_result fetch(const struct seeker *s, struct buffer *token,
				 struct service_report *report)
{
	struct buffer text = BUFFER_INIT;
	int64_t life_s = 0;
	enum service_result result = s->source->fetch(s->source->context, &text, &life_s, report);

	if (result == SERVICE_OK &&
	    (!is_token(buffer_text(&text)) || life_s < 1 || life_s > s->source->life_max_s)) {
		snprintf(report->detail, sizeof(report->detail), "no token in the answer");
		result = SERVICE_RETRY_LATER;
	}
	if (result == SERVICE_OK) {
		keep(s, text.data, life_s);
		buffer_add(token, text.data, text.len);
	} else {
		retreat(s);
	}
	buffer_wipe(&text);
	/* Asking again is harmless, whether the token was issued or not. */
	return result == SERVICE_UNKNOWN ? SERVICE_RETRY_LATER : result;
}

enum service_result token_take(struct db *db, struct vault *vault,
			       const struct token_source *source, struct buffer *token,
			       int64_t *generation, struct service_report *report)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	struct seeker s = { .db = db, .vault = vault, .source = source };
	struct token t = { .text = BUFFER_INIT };
	enum service_result result = SERVICE_RETRY_LATER;

	random_public_id(s.me);
	memset(report, 0, sizeof(*report));
	snprintf(report->detail, sizeof(report->detail), "the token is being fetched");
	for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += LOOK_MS) {
		look(&s, &t);
		*generation = t.generation;
		if (!t.fresh && claim(&s, &t)) {
			*generation = t.generation + 1;
			result = fetch(&s, token, report);
			break;
		}
		if (t.fresh || t.good) {
			buffer_add(token, t.text.data, t.text.len);
			result = SERVICE_OK;
		}
		if (t.fresh || t.good || t.hopeless)
			break;
		nanosleep(&pause, NULL);
	}
	buffer_wipe(&t.text);
	if (result == SERVICE_OK)
		report->detail[0] = '\0';
	return result;
}

bool token_drop(struct db *db, const struct token_source *source, int64_t generation)
{
	bool old;

	write_row(db,
		  "UPDATE service_token SET fresh_until = NULL, good_until = NULL"
		  " WHERE name = ? AND generation = ?"
		  " AND fetched_at <= UTC_TIMESTAMP(3) - INTERVAL ? SECOND",
		  DB_ARGS(db_text(source->name), db_int(generation), db_int(source->age_min_s)));
	/* A token that another program has dropped or replaced is old as well. */
	old = db_exists(db,
			"SELECT 1 FROM service_token WHERE name = ?"
			" AND (generation <> ? OR good_until IS NULL)",
			DB_ARGS(db_text(source->name), db_int(generation)));
	log_line(LOG_INFO, "service.token", "refused name=%s generation=%lld dropped=%d",
		 source->name, (long long)generation, old);
	return old;
}
