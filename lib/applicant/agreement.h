/* agreement.h: the user agreement: the text in force, and the one that was accepted.
 *
 * Tables: agreement; agreement_text belongs to lib/project. Each is at most one row,
 * read with the function of the same name and `next`; its texts belong to the
 * result. */
#ifndef APPLICANT_AGREEMENT_H
#define APPLICANT_AGREEMENT_H

#include "db/db.h"

/* The text in force for a project now. */
struct applicant_terms {
	int64_t id;
	const char *version, *title, *body; /* lines; one that begins with # is a heading */
};
struct db_result *applicant_terms(struct db *, int64_t project);
bool applicant_terms_next(struct db_result *, struct applicant_terms *);

/* What an applicant agrees to: the text that was shown, and each purpose apart. */
struct applicant_consent {
	int64_t application, project;
	int64_t shown; /* id of the text on the page that was sent */
	bool identity, third_party, face;
};
/* Stores it; false when another text is in force by now, and nothing is stored. In a
 * transaction. */
bool applicant_agree(struct db *, const struct applicant_consent *);

/* What an application accepted, and to what it consented apart. */
struct applicant_agreement {
	const char *title, *version, *accepted; /* accepted: the minute in China */
	bool consent_identity, consent_third_party, consent_face;
};
struct db_result *applicant_agreement(struct db *, int64_t application);
bool applicant_agreement_next(struct db_result *, struct applicant_agreement *);

#endif
