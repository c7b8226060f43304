/* apply.c: brings a project to what its file says. */
#include "project/store.h"

#include <time.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/money.h"
#include "db/row.h"

/* What one transaction works on; everything but `file` is made anew when the
 * database asks for the transaction to be repeated. */
struct task {
	struct db *db;
	const struct project_file *file;
	int64_t project;
	bool is_new, good;
	bool again; /* a price holds from this very second, or another made the project */
	struct buffer said, why;
	char now[PROJECT_TIME_SIZE];
};

static void changed(struct task *t, const char *what, const char *name, const char *before,
		    const char *after)
{
	if (strcmp(before, after) != 0)
		buffer_printf(&t->said, "%s%s%s: %s → %s\n", what, *what ? " " : "", name,
			      *before ? before : "-", *after ? after : "-");
}

static void refuse(struct task *t, int line, const char *element, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
static void refuse(struct task *t, int line, const char *element, const char *fmt, ...)
{
	char *what;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = xstrdup(fmt);
	va_end(ap);
	project_complain(&t->why, t->file, line, element, "%s", what);
	free(what);
	t->good = false;
}

/* ---- settings */

static void check_flow(struct task *t)
{
	const char *version = t->file->setting[PROJECT_FLOW_VERSION];

	if (!db_exists(t->db, "SELECT 1 FROM flow WHERE flow_version = ?",
		       DB_ARGS(db_int(strtoll(version, NULL, 10)))))
		refuse(t, t->file->setting_line[PROJECT_FLOW_VERSION], "flow-version",
		       "the database has no flow of version %s: run yuanjian-migrate up, or"
		       " write another",
		       version);
}

static void apply_settings(struct task *t)
{
	struct project_file is = { 0 };
	size_t before;

	t->is_new = !store_find(t->db, t->file->code, true, &t->project, &is);
	if (t->is_new && !store_insert(t->db, t->file, &t->project))
		t->again = true;
	else if (t->is_new)
		buffer_printf(&t->said, "project %s: made, open\n", t->file->code);
	before = t->said.len;
	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++)
		changed(t, "", project_settings[i].name, is.setting[i] ? is.setting[i] : "",
			t->file->setting[i]);
	if (!t->is_new && t->said.len > before)
		store_update(t->db, t->project, t->file);
	project_file_release(&is);
}

/* ---- packages and prices */

/* "200.00", with the time it holds from when that is said. */
static void price_words(struct buffer *out, int64_t fen, const char *from)
{
	money_yuan(out, fen);
	if (*from) {
		buffer_puts(out, " from ");
		project_time_write(out, from);
	}
}

/* Whether a new price may stand behind the newest one there is. */
static bool price_allowed(struct task *t, const struct project_package *k,
			  const struct stored_package *s)
{
	struct buffer newest = BUFFER_INIT;
	bool good = true;

	price_words(&newest, s->price_fen, s->is.price_from);
	if (*k->price_from && strcmp(k->price_from, t->now) <= 0) {
		refuse(t, k->line, "package",
		       "price-from is past: leave it out, and the new price holds from now on, or"
		       " name a time to come");
		good = false;
	} else if (strcmp(*k->price_from ? k->price_from : t->now, s->is.price_from) < 0 ||
		   (*k->price_from && !strcmp(k->price_from, s->is.price_from))) {
		refuse(t, k->line, "package",
		       "the price %s is announced and stays: keep it in the file, or name a later"
		       " price-from",
		       buffer_text(&newest));
		good = false;
	}
	buffer_release(&newest);
	return good;
}

static void apply_price(struct task *t, const struct project_package *k,
			const struct stored_package *s, int64_t package, const char *what)
{
	struct buffer before = BUFFER_INIT, after = BUFFER_INIT;

	if (s && s->has_price && s->price_fen == k->price_fen &&
	    (!*k->price_from || !s->is_announced || !strcmp(k->price_from, s->is.price_from)))
		return;
	if (s && s->has_price && !price_allowed(t, k, s))
		return;
	if (s && s->has_price)
		price_words(&before, s->price_fen, "");
	price_words(&after, k->price_fen, k->price_from);
	changed(t, what, "price", buffer_text(&before), buffer_text(&after));
	if (db_exec(t->db,
		    "INSERT INTO package_price (package, price_fen, valid_from) VALUES (?, ?, ?)",
		    DB_ARGS(db_int(package), db_int(k->price_fen),
			    db_text(*k->price_from ? k->price_from : t->now))) == DB_DUPLICATE)
		t->again = true;
	buffer_release(&before);
	buffer_release(&after);
}

static int64_t insert_package(struct task *t, const struct project_package *k, const char *what)
{
	char years[24];

	snprintf(years, sizeof(years), "%lld", (long long)k->years);
	db_exec(t->db,
		"INSERT INTO package (project, code, title, description, years, on_sale)"
		" VALUES (?, ?, ?, ?, ?, TRUE)",
		DB_ARGS(db_int(t->project), db_text(k->code), db_text(k->title),
			db_text(k->description), db_int(k->years)));
	changed(t, what, "title", "", k->title);
	changed(t, what, "description", "", k->description);
	changed(t, what, "years", "", years);
	return db_inserted_id(t->db);
}

static void update_package(struct task *t, const struct project_package *k,
			   const struct stored_package *s, const char *what)
{
	size_t before = t->said.len;

	if (k->years != s->is.years)
		refuse(t, k->line, "package",
		       "this package is one of %lld years, and may have been bought as such: give"
		       " the other a code of its own",
		       (long long)s->is.years);
	changed(t, what, "title", s->is.title, k->title);
	changed(t, what, "description", s->is.description, k->description);
	changed(t, what, "sale", s->on_sale ? "open" : "closed", "open");
	if (t->said.len > before)
		db_exec(t->db,
			"UPDATE package SET title = ?, description = ?, on_sale = TRUE WHERE id = ?",
			DB_ARGS(db_text(k->title), db_text(k->description), db_int(s->id)));
}

static void apply_package(struct task *t, const struct project_package *k,
			  const struct stored_package *s)
{
	char *what = xprintf("package %s", k->code);
	int64_t id = s ? s->id : insert_package(t, k, what);

	if (s)
		update_package(t, k, s, what);
	apply_price(t, k, s, id, what);
	free(what);
}

static void close_package(struct task *t, const struct stored_package *s)
{
	char *what = xprintf("package %s", s->is.code);

	db_exec(t->db, "UPDATE package SET on_sale = FALSE WHERE id = ?", DB_ARGS(db_int(s->id)));
	changed(t, what, "sale", "open", "closed");
	free(what);
}

static void apply_packages(struct task *t)
{
	const struct project_file *f = t->file;
	struct stored_package *list;
	size_t count = store_packages(t->db, t->project, &list);

	for (size_t i = 0; i < f->package_count; i++) {
		const struct stored_package *found = NULL;

		for (size_t j = 0; j < count; j++)
			if (!strcmp(list[j].is.code, f->package[i].code))
				found = &list[j];
		apply_package(t, &f->package[i], found);
	}
	for (size_t j = 0; j < count; j++) {
		bool wanted = !list[j].on_sale;

		for (size_t i = 0; i < f->package_count; i++)
			wanted |= !strcmp(list[j].is.code, f->package[i].code);
		if (!wanted)
			close_package(t, &list[j]);
	}
	store_packages_free(list, count);
}

/* ---- the agreement */

static bool has_version(struct task *t, const char *version)
{
	return db_exists(t->db, "SELECT 1 FROM agreement_text WHERE project = ? AND version = ?",
			 DB_ARGS(db_int(t->project), db_text(version)));
}

static void check_same(struct task *t, const struct project_agreement *is)
{
	const struct project_agreement *a = &t->file->agreement;

	if (strcmp(a->version, is->version) != 0)
		refuse(t, a->line, "agreement",
		       "version %s is an old one, %s came after it: give the text a new version",
		       a->version, is->version);
	else if (strcmp(a->title, is->title) != 0 || strcmp(a->body, is->body) != 0)
		refuse(t, a->line, "agreement",
		       "version %s has another text, which stays: give the changed one a new"
		       " version",
		       a->version);
	else if (*a->published && strcmp(a->published, is->published) != 0)
		refuse(t, a->line, "agreement",
		       "version %s has another time of publication, which stays: leave published"
		       " out",
		       a->version);
}

static bool publication_allowed(struct task *t, const struct project_agreement *is)
{
	const struct project_agreement *a = &t->file->agreement;

	if (!is->version)
		return true;
	if (*a->published && strcmp(a->published, t->now) < 0)
		refuse(t, a->line, "agreement",
		       "published is past: leave it out, or name a time to come");
	else if (strcmp(*a->published ? a->published : t->now, is->published) < 0)
		refuse(t, a->line, "agreement",
		       "version %s is announced for a later time: publish this one after it",
		       is->version);
	else
		return true;
	return false;
}

static void insert_agreement(struct task *t, const char *newest)
{
	const struct project_agreement *a = &t->file->agreement;
	struct buffer words = BUFFER_INIT;
	uint8_t sha256[SHA256_SIZE];

	digest_sha256(a->body, strlen(a->body), sha256);
	db_exec(t->db,
		"INSERT INTO agreement_text (project, version, title, body, sha256, published_at)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		DB_ARGS(db_int(t->project), db_text(a->version), db_text(a->title),
			db_text(a->body), db_bytes(sha256, sizeof(sha256)),
			db_text(*a->published ? a->published : t->now)));
	buffer_puts(&words, a->version);
	if (*a->published) {
		buffer_puts(&words, " from ");
		project_time_write(&words, a->published);
	}
	changed(t, "agreement", "version", newest, buffer_text(&words));
	buffer_release(&words);
}

static void apply_agreement(struct task *t)
{
	struct project_agreement is = { 0 };
	bool is_announced = false, found = store_agreement(t->db, t->project, &is, &is_announced);

	if (found && has_version(t, t->file->agreement.version))
		check_same(t, &is);
	else if (publication_allowed(t, &is))
		insert_agreement(t, found ? is.version : "");
	free(is.version);
	free(is.title);
	free(is.body);
}

/* ---- the whole */

static bool apply(struct db *db, void *context)
{
	struct task *t = context;

	t->db = db;
	t->good = true;
	t->again = false;
	buffer_reset(&t->said);
	buffer_reset(&t->why);
	apply_settings(t);
	if (t->again)
		return false;
	/* after the lock, so that no earlier apply has a later time */
	db_one(db, "SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:%i:%s') AS now", DB_NO_ARGS,
	       DB_OUT(DB_TEXT("now", t->now)));
	check_flow(t);
	apply_packages(t);
	apply_agreement(t);
	return t->good && !t->again;
}

enum project_outcome project_apply(struct db *db, const struct project_file *f, struct buffer *said)
{
	static const struct timespec a_second = { .tv_sec = 1 };
	struct task t = { .file = f };
	enum db_outcome outcome;

	while ((outcome = db_transaction(db, apply, &t)) == DB_UNDONE && t.good && t.again)
		nanosleep(&a_second, NULL);
	if (outcome == DB_REFUSED)
		buffer_printf(&t.why, "%s: the database refuses it: %s\n", f->path, db_refusal(db));
	buffer_puts(said, buffer_text(outcome == DB_DONE ? &t.said : &t.why));
	buffer_release(&t.said);
	buffer_release(&t.why);
	return outcome == DB_DONE ? PROJECT_DONE : PROJECT_REFUSED;
}

struct opening {
	const char *code;
	bool open, was_open, found;
};

static bool set_open(struct db *db, void *context)
{
	struct opening *o = context;

	o->found = db_one(db, "SELECT is_open FROM project WHERE code = ? FOR UPDATE",
			  DB_ARGS(db_text(o->code)), DB_OUT(DB_FLAG("is_open", &o->was_open)));
	db_exec(db, "UPDATE project SET is_open = ? WHERE code = ?",
		DB_ARGS(db_int(o->open), db_text(o->code)));
	return o->found;
}

enum project_outcome project_set_open(struct db *db, const char *code, bool open,
				      struct buffer *said)
{
	struct opening o = { code, open, false, false };

	if (db_transaction(db, set_open, &o) != DB_DONE) {
		buffer_printf(said, "there is no project %s\n", code);
		return PROJECT_REFUSED;
	}
	if (o.was_open != open)
		buffer_printf(said, "project %s: %s → %s\n", code, open ? "closed" : "open",
			      open ? "open" : "closed");
	return PROJECT_DONE;
}

void project_list(struct db *db, struct buffer *out)
{
	struct db_result *r =
		db_select(db,
			  "SELECT p.code, p.is_open, p.name, (SELECT COUNT(*) FROM package_offer o"
			  " WHERE o.project = p.id AND o.on_sale) AS offers"
			  " FROM project p ORDER BY p.code",
			  DB_NO_ARGS);
	const char *code, *name;
	int64_t offers;
	bool open;

	while (db_next_row(r, DB_OUT(DB_VIEW("code", &code), DB_FLAG("is_open", &open),
				     DB_VIEW("name", &name), DB_INT("offers", &offers))))
		buffer_printf(out, "%-20s %-6s %2lld on sale  %s\n", code, open ? "open" : "closed",
			      (long long)offers, name);
	db_result_free(r);
}
