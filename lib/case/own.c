/* own.c: applications as their applicant sees them. */
#include "case/own.h"

#include "db/row.h"

struct db_result *case_cards(struct db *db, int64_t applicant, const char *before, int most)
{
	return db_select(
		db,
		"SELECT a.public_id, p.name AS project, " FLOW_PAGE_SQL " AS page, z.label, z.next,"
		" c.name AS company, " DB_MINUTE(
			"a.state_since") " AS since,"
					 " z.link FROM application a JOIN project p ON p.id = a.project"
					 " JOIN flow_state z ON z.flow_version = a.flow_version AND z.state = a.state"
					 " LEFT JOIN company c ON c.application = a.id"
					 " WHERE a.applicant = ? AND a.id < COALESCE((SELECT b.id FROM application b"
					 " WHERE b.public_id = ? AND b.applicant = ?), 9223372036854775807)"
					 " ORDER BY a.id DESC LIMIT ?",
		DB_ARGS(db_int(applicant), db_text(before), db_int(applicant), db_int(most)));
}

bool case_cards_next(struct db_result *r, struct case_card *c)
{
	return db_next_row(
		r, DB_OUT(DB_VIEW("public_id", &c->public_id), DB_VIEW("project", &c->project),
			  DB_OR_NULL(DB_VIEW("company", &c->company)), DB_VIEW("label", &c->label),
			  DB_VIEW("next", &c->next), DB_VIEW("since", &c->since),
			  DB_VIEW("page", &c->page), DB_VIEW("link", &c->link)));
}

struct db_result *case_drafts(struct db *db, int64_t applicant, int64_t project, int most)
{
	return db_select(
		db,
		"SELECT a.public_id, " FLOW_PAGE_SQL " AS page, z.label, c.name AS company,"
		" (SELECT " DB_MINUTE(
			"MAX(e.at)") " FROM event e"
				     " WHERE e.application = a.id) AS changed FROM application a"
				     " JOIN flow_state z ON z.flow_version = a.flow_version AND z.state = a.state"
				     " LEFT JOIN company c ON c.application = a.id"
				     " WHERE a.applicant = ? AND a.project = ?"
				     " AND (z.is_draft OR a.state = 'awaiting_correction')"
				     " ORDER BY a.id DESC LIMIT ?",
		DB_ARGS(db_int(applicant), db_int(project), db_int(most)));
}

bool case_drafts_next(struct db_result *r, struct case_draft *d)
{
	return db_next_row(r, DB_OUT(DB_VIEW("public_id", &d->public_id), DB_VIEW("page", &d->page),
				     DB_VIEW("label", &d->label),
				     DB_OR_NULL(DB_VIEW("company", &d->company)),
				     DB_OR_NULL(DB_VIEW("changed", &d->changed))));
}

int64_t case_draft_count(struct db *db, int64_t applicant, int64_t project)
{
	return db_number(db,
			 "SELECT COUNT(*) FROM application a JOIN flow_state z"
			 " ON z.flow_version = a.flow_version AND z.state = a.state"
			 " WHERE a.applicant = ? AND a.project = ? AND z.is_draft",
			 DB_ARGS(db_int(applicant), db_int(project)));
}

struct db_result *case_standing(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT c.name AS company, z.label, z.next, z.waits_for,"
		" " DB_MINUTE("a.state_since") " AS since, " DB_MINUTE(
			"a.deadline_at") " AS deadline,"
					 " " FLOW_PAGE_SQL " AS page, z.link"
					 " FROM application a"
					 " JOIN flow_state z ON z.flow_version = a.flow_version AND z.state = a.state"
					 " LEFT JOIN company c ON c.application = a.id WHERE a.id = ?",
		DB_ARGS(db_int(application)));
}

bool case_standing_next(struct db_result *r, struct case_standing *s)
{
	return db_next_row(r,
			   DB_OUT(DB_OR_NULL(DB_VIEW("company", &s->company)),
				  DB_VIEW("label", &s->label), DB_VIEW("next", &s->next),
				  DB_VIEW("waits_for", &s->waits_for), DB_VIEW("since", &s->since),
				  DB_OR_NULL(DB_VIEW("deadline", &s->deadline)),
				  DB_VIEW("page", &s->page), DB_VIEW("link", &s->link)));
}

void case_page(struct db *db, int64_t application, char out[FLOW_PAGE_MAX + 1])
{
	db_one(db,
	       "SELECT z.page FROM application a JOIN flow_state z"
	       " ON z.flow_version = a.flow_version AND z.state = a.state WHERE a.id = ?",
	       DB_ARGS(db_int(application)), DB_OUT(DB_TEXT_N("page", out, FLOW_PAGE_MAX + 1)));
}

struct db_result *case_timeline(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT w.applicant AS words, " DB_MINUTE(
			"e.at") " AS at"
				" FROM event e" FLOW_WORDS_JOIN
				" WHERE e.application = ? AND w.applicant <> ''"
				" AND (e.from_state <> e.to_state OR w.applicant_stays) ORDER BY e.id",
		DB_ARGS(db_int(application)));
}

bool case_timeline_next(struct db_result *r, struct case_moment *m)
{
	return db_next_row(r, DB_OUT(DB_VIEW("words", &m->words), DB_VIEW("at", &m->at)));
}

struct db_result *case_told(struct db *db, const char *appid, const char *openid, int most)
{
	return db_select(
		db,
		"SELECT c.name AS company, f.label, f.next, j.code AS project FROM applicant o"
		" JOIN application a ON a.applicant = o.id"
		" JOIN project j ON j.id = a.project"
		" JOIN flow_state f ON f.flow_version = a.flow_version AND f.state = a.state"
		" LEFT JOIN company c ON c.application = a.id"
		" WHERE o.appid = ? AND o.openid = ? ORDER BY a.id DESC LIMIT ?",
		DB_ARGS(db_text(appid), db_text(openid), db_int(most)));
}

bool case_told_next(struct db_result *r, struct case_told *t)
{
	return db_next_row(r, DB_OUT(DB_OR_NULL(DB_VIEW("company", &t->company)),
				     DB_VIEW("label", &t->label), DB_VIEW("next", &t->next),
				     DB_VIEW("project", &t->project)));
}
