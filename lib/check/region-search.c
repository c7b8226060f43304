/* region-search.c: regions by a name as it is typed. */
#include "check/region.h"

#include "base/alloc.h"

static void without_blanks(const char *text, struct buffer *out)
{
	for (; *text; text++)
		if (*text != ' ')
			buffer_putc(out, *text);
}

struct region_found *region_search(struct db *db, const char *text, size_t max, size_t *count)
{
	struct region_found *list = NULL;
	struct buffer wanted = BUFFER_INIT;
	struct db_result *found;
	size_t n = 0;

	without_blanks(text, &wanted);
	found = db_select(db,
			  "SELECT r.code, CONCAT_WS('|', p.name, c.name, r.name)"
			  " FROM region r LEFT JOIN region c ON c.code = r.parent"
			  " LEFT JOIN region p ON p.code = c.parent"
			  " WHERE r.leaf AND r.valid AND"
			  " (LOCATE(?, CONCAT_WS('', p.name, c.name, r.name)) > 0"
			  " OR LOCATE(?, CONCAT_WS('', p.name, r.name)) > 0)"
			  " ORDER BY r.code LIMIT ?",
			  DB_ARGS(db_text(buffer_text(&wanted)), db_text(buffer_text(&wanted)),
				  db_int((int64_t)max)));
	list = xcalloc(max, sizeof(*list));
	while (n < max && db_next(found)) {
		snprintf(list[n].code, sizeof(list[n].code), "%s", db_text_at(found, 0));
		buffer_reset(&wanted);
		region_join_names(db_text_at(found, 1), &wanted);
		snprintf(list[n].name, sizeof(list[n].name), "%s", buffer_text(&wanted));
		n++;
	}
	db_result_free(found);
	buffer_release(&wanted);
	*count = n;
	return list;
}
