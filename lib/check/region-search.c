/* region-search.c: regions by a name as it is typed. */
#include "check/region.h"

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

static void without_blanks(const char *text, struct buffer *out)
{
	for (; *text; text++)
		if (*text != ' ')
			buffer_putc(out, *text);
}

struct region_found *region_search(struct db *db, const char *text, size_t max, size_t *count)
{
	struct region_found *list = xcalloc(max, sizeof(*list));
	struct buffer wanted = BUFFER_INIT;
	struct db_result *r;
	const char *names;
	size_t n = 0;

	without_blanks(text, &wanted);
	r = db_select(db,
		      "SELECT r.code, CONCAT_WS('|', p.name, c.name, r.name) AS names"
		      " FROM region r LEFT JOIN region c ON c.code = r.parent"
		      " LEFT JOIN region p ON p.code = c.parent"
		      " WHERE r.leaf AND r.valid AND"
		      " (LOCATE(?, CONCAT_WS('', p.name, c.name, r.name)) > 0"
		      " OR LOCATE(?, CONCAT_WS('', p.name, r.name)) > 0)"
		      " ORDER BY r.code LIMIT ?",
		      DB_ARGS(db_text(buffer_text(&wanted)), db_text(buffer_text(&wanted)),
			      db_int((int64_t)max)));
	while (n < max &&
	       db_next_row(r, DB_OUT(DB_TEXT("code", list[n].code), DB_VIEW("names", &names)))) {
		buffer_reset(&wanted);
		region_join_names(names, &wanted);
		if (wanted.len >= sizeof(list[n].name))
			die("region %s has a name of %zu bytes", list[n].code, wanted.len);
		memcpy(list[n++].name, buffer_text(&wanted), wanted.len + 1);
	}
	db_result_free(r);
	buffer_release(&wanted);
	*count = n;
	return list;
}
