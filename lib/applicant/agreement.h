/* agreement.h: the user agreement: the text in force, and the one that was accepted.
 *
 * Tables: agreement; agreement_text belongs to lib/project. At most one row each,
 * read with the function of the same name and `next`; its texts belong to the
 * result. */
#ifndef APPLICANT_AGREEMENT_H
#define APPLICANT_AGREEMENT_H

#include "db/db.h"

/* What an application accepted, and to what it consented apart. */
struct applicant_agreement {
	const char *title, *version, *accepted; /* accepted: the minute in China */
	bool consent_identity, consent_third_party, consent_face;
};
struct db_result *applicant_agreement(struct db *, int64_t application);
bool applicant_agreement_next(struct db_result *, struct applicant_agreement *);

#endif
