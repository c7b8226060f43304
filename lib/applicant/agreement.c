/* agreement.c: the user agreement: the text in force, and the one that was accepted. */
#include "applicant/agreement.h"

#include "db/row.h"

struct db_result *applicant_terms(struct db *db, int64_t project)
{
	return db_select(db,
			 "SELECT id, version, title, body FROM agreement_text"
			 " WHERE project = ? AND published_at <= UTC_TIMESTAMP()"
			 " ORDER BY published_at DESC, id DESC LIMIT 1",
			 DB_ARGS(db_int(project)));
}

bool applicant_terms_next(struct db_result *r, struct applicant_terms *t)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &t->id), DB_VIEW("version", &t->version),
				     DB_VIEW("title", &t->title), DB_VIEW("body", &t->body)));
}

bool applicant_agree(struct db *db, const struct applicant_consent *c)
{
	struct db_result *r = applicant_terms(db, c->project);
	struct applicant_terms terms = { .id = 0 };
	bool in_force;

	applicant_terms_next(r, &terms);
	in_force = terms.id == c->shown;
	db_result_free(r);
	if (in_force)
		db_exec(db,
			"INSERT INTO agreement (application, agreement_text, sha256, accepted_at,"
			" consent_identity, consent_third_party, consent_face)"
			" SELECT ?, id, sha256, UTC_TIMESTAMP(3), ?, ?, ? FROM agreement_text"
			" WHERE id = ?",
			DB_ARGS(db_int(c->application), db_int(c->identity), db_int(c->third_party),
				db_int(c->face), db_int(c->shown)));
	return in_force;
}

struct db_result *applicant_agreement(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT t.title, t.version, " DB_MINUTE(
			"a.accepted_at") " AS accepted,"
					 " a.consent_identity, a.consent_third_party, a.consent_face"
					 " FROM agreement a JOIN agreement_text t ON t.id = a.agreement_text"
					 " WHERE a.application = ?",
		DB_ARGS(db_int(application)));
}

bool applicant_agreement_next(struct db_result *r, struct applicant_agreement *a)
{
	return db_next_row(r, DB_OUT(DB_VIEW("title", &a->title), DB_VIEW("version", &a->version),
				     DB_VIEW("accepted", &a->accepted),
				     DB_FLAG("consent_identity", &a->consent_identity),
				     DB_FLAG("consent_third_party", &a->consent_third_party),
				     DB_FLAG("consent_face", &a->consent_face)));
}
