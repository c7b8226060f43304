/* region.c: regions by GB/T 2260 code, from the table `region`. */
#include "check/region.h"

#include "base/alloc.h"
#include "db/row.h"

static bool is_region_code(const char *code)
{
	return strspn(code, "0123456789") == REGION_CODE_LEN && !code[REGION_CODE_LEN];
}

bool region_selectable(struct db *db, const char *code)
{
	return is_region_code(code) &&
	       db_exists(db, "SELECT 1 FROM region WHERE code = ? AND leaf AND valid",
			 DB_ARGS(db_text(code)));
}

/* Level 2 of a municipality or of counties right under their province is not
 * a place: 市辖区, 县, 省直辖县级行政区划 … are left out of addresses. */
static bool is_place(const char *name, bool city)
{
	static const char *const groups[] = { "市辖区", "县", "省直辖县级行政区划",
					      "自治区直辖县级行政区划" };

	for (size_t i = 0; city && i < ARRAY_SIZE(groups); i++)
		if (strcmp(name, groups[i]) == 0)
			return false;
	return *name != '\0';
}

void region_join_names(const char *names, struct buffer *out)
{
	const char *blank = "";
	size_t part = 0, parts = 1;

	for (const char *c = names; *c; c++)
		parts += *c == '|';
	for (const char *at = names; part < parts; part++) {
		size_t len = strcspn(at, "|");
		char *name = xmemdup0(at, len);

		if (is_place(name, parts == 3 && part == 1)) {
			buffer_puts(out, blank);
			buffer_puts(out, name);
			blank = " ";
		}
		free(name);
		at += len + (at[len] == '|');
	}
}

void region_full_name(struct db *db, const char *code, struct buffer *out)
{
	struct db_result *r = db_select(db, REGION_NAMES_SQL "?", DB_ARGS(db_text(code)));
	const char *names;

	if (db_next_row(r, DB_OUT(DB_VIEW("names", &names))))
		region_join_names(names, out);
	db_result_free(r);
}
