/* source.c: the places where a project's posters hang, table entry_source. */
#include "db/row.h"
#include "project/list.h"

struct db_result *project_poster(struct db *db, const char *code, const char *source)
{
	return db_select(db,
			 "SELECT id, name, help_phone FROM project WHERE code = ?"
			 " AND (? = '' OR EXISTS (SELECT * FROM entry_source e"
			 " WHERE e.project = project.id AND e.source = ?))",
			 DB_ARGS(db_text(code), db_text(source), db_text(source)));
}

bool project_poster_next(struct db_result *r, struct project_poster *p)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &p->project), DB_VIEW("name", &p->name),
				     DB_VIEW("help_phone", &p->help_phone)));
}

struct db_result *project_sources(struct db *db)
{
	return db_select(
		db,
		"SELECT j.code, j.name, s.source, s.visits, COALESCE(q.scans, 0) AS scans"
		" FROM project j"
		" JOIN (SELECT id AS project, '' AS source, 0 AS visits FROM project UNION ALL"
		" SELECT project, source, visits FROM entry_source) s ON s.project = j.id"
		" LEFT JOIN wechat_qrcode q ON q.project = j.id"
		" AND q.source = IF(s.source = '', 'poster', s.source)"
		" ORDER BY j.name, s.source",
		DB_NO_ARGS);
}

bool project_sources_next(struct db_result *r, struct project_source *s)
{
	return db_next_row(r, DB_OUT(DB_VIEW("code", &s->code), DB_VIEW("name", &s->name),
				     DB_VIEW("source", &s->source), DB_INT("visits", &s->visits),
				     DB_INT("scans", &s->scans)));
}

enum project_source_added project_source_add(struct db *db, const char *code, const char *source)
{
	long added = db_exec(db,
			     "INSERT INTO entry_source (project, source, created_at)"
			     " SELECT id, ?, UTC_TIMESTAMP(3) FROM project WHERE code = ?",
			     DB_ARGS(db_text(source), db_text(code)));

	if (added == DB_DUPLICATE)
		return PROJECT_SOURCE_KNOWN;
	return added ? PROJECT_SOURCE_ADDED : PROJECT_SOURCE_NO_PROJECT;
}

void project_source_visit(struct db *db, int64_t project, const char *source)
{
	db_exec(db,
		"UPDATE entry_source SET visits = visits + 1, seen_at = UTC_TIMESTAMP(3)"
		" WHERE project = ? AND source = ?",
		DB_ARGS(db_int(project), db_text(source)));
}
