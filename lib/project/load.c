/* load.c: what the database says of a project. */
#include "project/store.h"

#include "base/alloc.h"
#include "db/row.h"

size_t store_packages(struct db *db, int64_t project, struct stored_package **out)
{
	struct db_result *r = db_select(
		db,
		"SELECT k.id, k.code, k.title, k.description, k.years, k.on_sale, q.price_fen,"
		" DATE_FORMAT(q.valid_from, '%Y-%m-%d %H:%i:%s') AS valid_from,"
		" q.valid_from > UTC_TIMESTAMP() AS is_announced"
		" FROM package k LEFT JOIN package_price q ON q.package = k.id AND q.valid_from ="
		" (SELECT MAX(l.valid_from) FROM package_price l WHERE l.package = k.id)"
		" WHERE k.project = ? ORDER BY k.id",
		DB_ARGS(db_int(project)));
	struct stored_package *list = NULL, s = { .id = 0 };
	bool no_price;
	size_t count = 0;

	while (db_next_row(r, DB_OUT(DB_INT("id", &s.id), DB_STRING("code", &s.is.code),
				     DB_STRING("title", &s.is.title),
				     DB_STRING("description", &s.is.description),
				     DB_INT("years", &s.is.years), DB_FLAG("on_sale", &s.on_sale),
				     DB_OR_NULL(DB_INT("price_fen", &s.price_fen)),
				     DB_IS_NULL("price_fen", &no_price),
				     DB_OR_NULL(DB_TEXT("valid_from", s.is.price_from)),
				     DB_OR_NULL(DB_FLAG("is_announced", &s.is_announced))))) {
		s.has_price = !no_price;
		s.is.price_fen = s.price_fen;
		list = xrealloc(list, (count + 1) * sizeof(*list));
		list[count++] = s;
	}
	db_result_free(r);
	*out = list;
	return count;
}

static void release_package(struct project_package *k)
{
	free(k->code);
	free(k->title);
	free(k->description);
}

void store_packages_free(struct stored_package *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		release_package(&list[i].is);
	free(list);
}

bool store_agreement(struct db *db, int64_t project, struct project_agreement *a,
		     bool *is_announced)
{
	char *body;
	bool found = db_one(db,
			    "SELECT version, title, body,"
			    " DATE_FORMAT(published_at, '%Y-%m-%d %H:%i:%s') AS published,"
			    " published_at > UTC_TIMESTAMP() AS is_announced FROM agreement_text"
			    " WHERE project = ? ORDER BY published_at DESC, id DESC LIMIT 1",
			    DB_ARGS(db_int(project)),
			    DB_OUT(DB_STRING("version", &a->version), DB_STRING("title", &a->title),
				   DB_STRING("body", &body), DB_TEXT("published", a->published),
				   DB_FLAG("is_announced", is_announced)));

	if (found)
		a->body = project_body_fold(body);
	free(body);
	return found;
}

/* Packages that are closed for sale are none of the file's. */
static void load_packages(struct db *db, int64_t project, struct project_file *f)
{
	struct stored_package *list;
	size_t count = store_packages(db, project, &list);

	f->package = xcalloc(count + 1, sizeof(*f->package));
	for (size_t i = 0; i < count; i++)
		if (list[i].on_sale) {
			struct project_package *k = &f->package[f->package_count++];

			*k = list[i].is;
			if (!list[i].is_announced)
				*k->price_from = '\0';
		} else {
			release_package(&list[i].is);
		}
	free(list);
}

bool project_load(struct db *db, const char *code, struct project_file *f)
{
	bool is_announced = false;
	int64_t id;

	*f = (struct project_file){ .path = xstrdup(code), .code = xstrdup(code) };
	if (!store_find(db, code, false, &id, f))
		return false;
	load_packages(db, id, f);
	if (store_agreement(db, id, &f->agreement, &is_announced) && !is_announced)
		*f->agreement.published = '\0';
	return true;
}
