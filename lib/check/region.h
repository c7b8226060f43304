/* region.h: regions by GB/T 2260 code, from the table `region`. */
#ifndef CHECK_REGION_H
#define CHECK_REGION_H

#include "base/buffer.h"
#include "db/db.h"

#define REGION_CODE_LEN 6

/* Whether the code names a region that may be chosen today: a county, or a
 * city without counties. */
bool region_selectable(struct db *, const char *code);
/* "江西省 赣州市 章贡区" appended to out; nothing for an unknown code. */
void region_full_name(struct db *, const char *code, struct buffer *out);
/* The same within a statement: a SELECT of the three names in one column, to be
 * followed by the code; and what makes the full name of that column. */
#define REGION_NAMES_SQL                                                       \
	"SELECT CONCAT_WS('|', p.name, c.name, r.name) AS names FROM region r" \
	" LEFT JOIN region c ON c.code = r.parent"                             \
	" LEFT JOIN region p ON p.code = c.parent WHERE r.code = "
void region_join_names(const char *names, struct buffer *out);

#define REGION_NAME_MAX 240 /* bytes of one name, as wide as its column */

/* A region that may be chosen, with its full name. */
struct region_found {
	char code[REGION_CODE_LEN + 1];
	char name[3 * REGION_NAME_MAX + 1];
};
/* The regions whose full name holds `text`, blanks aside: "章贡" finds one,
 * "江西省赣州市" its counties. At most `max`, in the order of their codes;
 * caller frees the array. */
struct region_found *region_search(struct db *, const char *text, size_t max, size_t *count);

#endif
