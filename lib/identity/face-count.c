/* face-count.c: how many faces are stored. */
#include "identity/face-count.h"

#include "db/row.h"

static const char count_sql[] =
	"SELECT (SELECT COUNT(*) FROM face_material WHERE part = 0) AS materials,"
	" COUNT(DISTINCT COALESCE(IF(i.subject = 'legal_rep', l.id_number_index,"
	"  g.id_number_index), SHA2(i.application, 256))) AS persons"
	" FROM (SELECT DISTINCT attempt FROM face_material) m"
	" JOIN identity_attempt i ON i.id = m.attempt"
	" LEFT JOIN agent g ON g.application = i.application"
	" LEFT JOIN legal_rep l ON l.application = i.application";

void face_count_take(struct db *db, struct face_count *c)
{
	db_one(db, count_sql, DB_NO_ARGS,
	       DB_OUT(DB_INT("materials", &c->materials), DB_INT("persons", &c->persons)));
	db_exec(db,
		"INSERT INTO face_count (counted_on, counted_at, materials, persons)"
		" VALUES (DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR), UTC_TIMESTAMP(3), ?, ?)"
		" ON DUPLICATE KEY UPDATE counted_at = UTC_TIMESTAMP(3), materials = ?, persons = ?",
		DB_ARGS(db_int(c->materials), db_int(c->persons), db_int(c->materials),
			db_int(c->persons)));
}

struct db_result *face_count_days(struct db *db, int most)
{
	return db_select(db,
			 "SELECT " DB_MINUTE(
				 "counted_at") " AS counted, persons, materials"
					       " FROM face_count ORDER BY counted_on DESC LIMIT ?",
			 DB_ARGS(db_int(most)));
}

bool face_count_days_next(struct db_result *r, struct face_count_day *d)
{
	return db_next_row(r,
			   DB_OUT(DB_VIEW("counted", &d->counted), DB_INT("persons", &d->persons),
				  DB_INT("materials", &d->materials)));
}

const char *face_count_warning(const struct config *config, int64_t persons)
{
	if (persons >= FACE_COUNT_FILING)
		return "已达 10 万人，须在 30 个工作日内向省级以上网信部门备案。";
	if (persons >= FACE_COUNT_NEAR_FILING)
		return "已超过 8 万人，接近须备案的 10 万人，请准备备案材料并检查删除是否正常。";
	if (persons >= config_int(config, "face_alarm_count"))
		return "超过了设定的提醒数量，请检查到期的人像材料是否按时删除。";
	return NULL;
}
