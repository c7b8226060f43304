/* agreement.c: the user agreement: the text in force, and the one that was accepted. */
#include "applicant/agreement.h"

#include "db/row.h"

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
