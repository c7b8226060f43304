/* load.c: what the database says of a project. */
#include "project/store.h"

#include "base/alloc.h"

size_t store_packages(struct db *db, int64_t project, struct stored_package **out)
{
	struct db_result *r = db_select(
		db,
		"SELECT k.id, k.code, k.title, k.description, k.years, k.on_sale, q.price_fen,"
		" DATE_FORMAT(q.valid_from, '%Y-%m-%d %H:%i:%s'), q.valid_from > UTC_TIMESTAMP()"
		" FROM package k LEFT JOIN package_price q ON q.package = k.id AND q.valid_from ="
		" (SELECT MAX(l.valid_from) FROM package_price l WHERE l.package = k.id)"
		" WHERE k.project = ? ORDER BY k.id",
		DB_ARGS(db_int(project)));
	struct stored_package *list = NULL;
	size_t count = 0;

	while (db_next(r)) {
		struct stored_package *s;

		list = xrealloc(list, (count + 1) * sizeof(*list));
		s = &list[count++];
		*s = (struct stored_package){
			.id = db_int_at(r, 0),
			.is = { .code = xstrdup(db_text_at(r, 1)),
				.title = xstrdup(db_text_at(r, 2)),
				.description = xstrdup(db_text_at(r, 3)),
				.years = db_int_at(r, 4) },
			.on_sale = db_int_at(r, 5),
			.has_price = !db_is_null(r, 6),
			.price_fen = db_int_at(r, 6),
			.is_announced = db_int_at(r, 8),
		};
		s->is.price_fen = s->price_fen;
		snprintf(s->is.price_from, sizeof(s->is.price_from), "%s", db_text_at(r, 7));
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
	struct db_result *r =
		db_select(db,
			  "SELECT version, title, body,"
			  " DATE_FORMAT(published_at, '%Y-%m-%d %H:%i:%s'),"
			  " published_at > UTC_TIMESTAMP() FROM agreement_text WHERE project = ?"
			  " ORDER BY published_at DESC, id DESC LIMIT 1",
			  DB_ARGS(db_int(project)));
	bool found = db_next(r);

	if (found) {
		a->version = xstrdup(db_text_at(r, 0));
		a->title = xstrdup(db_text_at(r, 1));
		a->body = project_body_fold(db_text_at(r, 2));
		snprintf(a->published, sizeof(a->published), "%s", db_text_at(r, 3));
		*is_announced = db_int_at(r, 4);
	}
	db_result_free(r);
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
