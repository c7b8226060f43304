/* wechat-token.c: what WeChat lends for two hours, fetched by one for all. */
#include "service/wechat-call.h"

#include <time.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "service/wechat-jssdk.h"

#define TOKEN_TEXT_MAX 512
#define OVERLAP_S 300 /* the old one works so long beside the new one */
#define LIFE_MAX_S 7200
#define RETREAT_S 1 /* after a fetch that failed */
#define LOOK_MS 100
#define WAIT_MS 13000

/* The row as it stands. */
struct token {
	struct buffer text; /* empty when there is none */
	int64_t generation;
	bool exists, fresh, good;
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

long wechat_write(struct db *db, const char *sql, struct db_args args)
{
	struct write w = { sql, args, 0 };

	if (db_transaction(db, write_once, &w) != DB_DONE)
		die("a write was refused: %s", db_refusal(db));
	return w.changed;
}

static const char *appid(const struct wechat_account *a)
{
	return config_text(a->config, "wechat_appid");
}

static enum service_result ask_token(const struct wechat_account *, json_t **answer,
				     struct service_report *);
static enum service_result ask_ticket(const struct wechat_account *, json_t **answer,
				      struct service_report *);

/* How each kind is fetched, under which key it stands in the answer, and how
 * long that may take: a ticket's call may itself wait for a token. */
static const struct {
	const char *name;
	enum service_result (*ask)(const struct wechat_account *, json_t **,
				   struct service_report *);
	const char *member;
	int claim_s; /* longer than http.h lets the calls last */
} kinds[WECHAT_TOKEN_COUNT] = {
	[WECHAT_ACCESS_TOKEN] = { "access_token", ask_token, "access_token", 12 },
	[WECHAT_JSAPI_TICKET] = { WECHAT_JSAPI_TICKET_NAME, ask_ticket, "ticket", 60 },
};

/* One of them, and who asks for it. */
struct want {
	const struct wechat_account *account;
	enum wechat_token_kind kind;
	char me[PUBLIC_ID_SIZE];
};

static struct db_arg appid_of(const struct want *w)
{
	return db_text(config_text(w->account->config, "wechat_appid"));
}

static struct db_arg kind_of(const struct want *w)
{
	return db_text(kinds[w->kind].name);
}

static void unseal(const struct want *w, const struct db_result *row, struct token *t)
{
	struct buffer context = BUFFER_INIT;
	size_t n;
	const void *sealed = db_bytes_at(row, 0, &n);

	wechat_token_place(appid(w->account), kinds[w->kind].name, &context);
	if (!vault_unseal(w->account->vault, context.data, sealed, n, &t->text))
		t->fresh = t->good = false;
	buffer_release(&context);
}

static void look(const struct want *w, struct token *t)
{
	struct db_result *row =
		db_select(w->account->db,
			  "SELECT token, generation, fresh_until > UTC_TIMESTAMP(3),"
			  " good_until > UTC_TIMESTAMP(3) FROM wechat_token"
			  " WHERE appid = ? AND kind = ?",
			  DB_ARGS(appid_of(w), kind_of(w)));

	buffer_wipe(&t->text);
	t->exists = db_next(row);
	t->generation = t->exists ? db_int_at(row, 1) : 0;
	t->fresh = t->exists && db_int_at(row, 2);
	t->good = t->exists && db_int_at(row, 3);
	if (t->good || t->fresh)
		unseal(w, row, t);
	db_result_free(row);
}

/* Whether this program is the one to fetch. */
static bool claim(const struct want *w, const struct token *t)
{
	if (!t->exists)
		wechat_write(w->account->db, "INSERT INTO wechat_token (appid, kind) VALUES (?, ?)",
			     DB_ARGS(appid_of(w), kind_of(w)));
	return wechat_write(w->account->db,
			    "UPDATE wechat_token SET fetched_by = ?,"
			    " fetching_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
			    " WHERE appid = ? AND kind = ? AND generation = ?"
			    " AND (fetching_until IS NULL OR fetching_until <= UTC_TIMESTAMP(3))",
			    DB_ARGS(db_text(w->me), db_int(kinds[w->kind].claim_s), appid_of(w),
				    kind_of(w), db_int(t->generation))) == 1;
}

static void retreat(const struct want *w)
{
	wechat_write(w->account->db,
		     "UPDATE wechat_token SET fetched_by = NULL,"
		     " fetching_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		     " WHERE appid = ? AND kind = ? AND fetched_by = ?",
		     DB_ARGS(db_int(RETREAT_S), appid_of(w), kind_of(w), db_text(w->me)));
}

/* Whoever fetched so slowly that another took over changes nothing here. */
static void keep(const struct want *w, const char *text, int64_t life_s)
{
	int64_t fresh_s = life_s > 2 * OVERLAP_S ? life_s - OVERLAP_S : life_s / 2;
	struct buffer context = BUFFER_INIT, sealed = BUFFER_INIT;

	wechat_token_place(appid(w->account), kinds[w->kind].name, &context);
	vault_seal(w->account->vault, context.data, text, strlen(text), &sealed);
	wechat_write(w->account->db,
		     "UPDATE wechat_token SET generation = generation + 1, token = ?,"
		     " fresh_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND,"
		     " good_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND,"
		     " fetched_by = NULL, fetching_until = NULL"
		     " WHERE appid = ? AND kind = ? AND fetched_by = ?",
		     DB_ARGS(db_bytes(sealed.data, sealed.len), db_int(fresh_s), db_int(life_s),
			     appid_of(w), kind_of(w), db_text(w->me)));
	buffer_release(&context);
	buffer_release(&sealed);
}

static bool is_token(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return n && n <= TOKEN_TEXT_MAX;
}

static enum service_result ask_token(const struct wechat_account *a, json_t **answer,
				     struct service_report *report)
{
	json_t *body = json_pack("{s:s, s:s, s:s}", "grant_type", "client_credential", "appid",
				 appid(a), "secret", config_text(a->config, "wechat_secret"));
	struct buffer address = BUFFER_INIT;
	enum service_result result;

	if (!body)
		die("no JSON for a token");
	buffer_printf(&address, "%s/cgi-bin/stable_token",
		      config_text(a->config, "wechat_api_url"));
	result = wechat_ask(address.data, body, answer, report);
	json_decref(body);
	buffer_release(&address);
	return result;
}

static enum service_result ask_ticket(const struct wechat_account *a, json_t **answer,
				      struct service_report *report)
{
	return wechat_call(a, "/cgi-bin/ticket/getticket?type=jsapi", NULL, answer, report);
}

static enum service_result fetch(const struct want *w, struct buffer *token,
				 struct service_report *report)
{
	json_t *answer;
	enum service_result result = kinds[w->kind].ask(w->account, &answer, report);
	const char *text = json_string_value(json_object_get(answer, kinds[w->kind].member));
	json_int_t life_s = json_integer_value(json_object_get(answer, "expires_in"));

	/* Whether it was given or not, asking again gives the same. */
	if (result == SERVICE_UNKNOWN)
		result = SERVICE_RETRY_LATER;
	if (result == SERVICE_OK && (!is_token(text) || life_s < 1 || life_s > LIFE_MAX_S)) {
		snprintf(report->detail, sizeof(report->detail), "no %s in the answer",
			 kinds[w->kind].member);
		result = SERVICE_RETRY_LATER;
	}
	if (result == SERVICE_OK) {
		keep(w, text, life_s);
		buffer_puts(token, text);
	} else {
		retreat(w);
	}
	json_decref(answer);
	return result;
}

enum service_result wechat_token_take(const struct wechat_account *a, enum wechat_token_kind kind,
				      struct buffer *token, int64_t *generation,
				      struct service_report *report)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	struct want w = { .account = a, .kind = kind };
	struct token t = { .text = BUFFER_INIT };
	enum service_result result = SERVICE_RETRY_LATER;

	random_public_id(w.me);
	memset(report, 0, sizeof(*report));
	snprintf(report->detail, sizeof(report->detail), "the %s is being fetched",
		 kinds[kind].name);
	for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += LOOK_MS) {
		look(&w, &t);
		*generation = t.generation;
		if (!t.fresh && claim(&w, &t)) {
			*generation = t.generation + 1;
			result = fetch(&w, token, report);
			break;
		}
		if (t.fresh || t.good) {
			buffer_add(token, t.text.data, t.text.len);
			result = SERVICE_OK;
			break;
		}
		nanosleep(&pause, NULL);
	}
	buffer_wipe(&t.text);
	if (result == SERVICE_OK)
		report->detail[0] = '\0';
	return result;
}

void wechat_token_drop(const struct wechat_account *a, int64_t generation)
{
	log_line(LOG_INFO, "wechat.token", "refused generation=%lld", (long long)generation);
	wechat_write(a->db,
		     "UPDATE wechat_token SET fresh_until = NULL, good_until = NULL"
		     " WHERE appid = ? AND kind = ? AND generation = ?",
		     DB_ARGS(db_text(appid(a)), db_text(kinds[WECHAT_ACCESS_TOKEN].name),
			     db_int(generation)));
}

enum service_result wechat_token(const struct wechat_account *a, struct buffer *token,
				 struct service_report *report)
{
	int64_t generation;

	return wechat_token_take(a, WECHAT_ACCESS_TOKEN, token, &generation, report);
}

enum service_result wechat_ticket(const struct wechat_account *a, struct buffer *ticket,
				  struct service_report *report)
{
	int64_t generation;

	return wechat_token_take(a, WECHAT_JSAPI_TICKET, ticket, &generation, report);
}
