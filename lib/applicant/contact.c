/* contact.c: the mail address of an applicant, sealed in applicant.email. */
#include "applicant/applicant.h"

#include "db/row.h"

#define CONTEXT_SIZE 48

static void context_of(int64_t applicant, char out[CONTEXT_SIZE])
{
	snprintf(out, CONTEXT_SIZE, "applicant.email:%lld", (long long)applicant);
}

/* "" when there is none or it does not open. */
static bool open_email(struct vault *vault, int64_t applicant, const struct buffer *sealed,
		       struct buffer *out)
{
	char context[CONTEXT_SIZE];

	context_of(applicant, context);
	if (sealed->len && vault_unseal(vault, context, sealed->data, sealed->len, out))
		return true;
	buffer_wipe(out);
	return false;
}

bool applicant_email(struct db *db, struct vault *vault, int64_t applicant, struct buffer *out)
{
	struct buffer sealed = BUFFER_INIT;
	bool open;

	db_one(db, "SELECT email FROM applicant WHERE id = ?", DB_ARGS(db_int(applicant)),
	       DB_OUT(DB_OR_NULL(DB_BUFFER("email", &sealed))));
	open = open_email(vault, applicant, &sealed, out);
	buffer_release(&sealed);
	return open;
}

bool applicant_reader(struct db *db, struct vault *vault, int64_t application,
		      char openid[APPLICANT_OPENID_SIZE], struct buffer *email)
{
	struct buffer sealed = BUFFER_INIT;
	int64_t applicant;
	bool found = db_one(db,
			    "SELECT p.openid, p.email, p.id FROM application a"
			    " JOIN applicant p ON p.id = a.applicant WHERE a.id = ?",
			    DB_ARGS(db_int(application)),
			    DB_OUT(DB_TEXT_N("openid", openid, APPLICANT_OPENID_SIZE),
				   DB_OR_NULL(DB_BUFFER("email", &sealed)),
				   DB_INT("id", &applicant)));

	open_email(vault, applicant, &sealed, email);
	buffer_release(&sealed);
	return found;
}

void applicant_email_store(struct db *db, struct vault *vault, int64_t applicant, const char *email)
{
	struct buffer sealed = BUFFER_INIT;
	char context[CONTEXT_SIZE];

	context_of(applicant, context);
	vault_seal(vault, context, email, strlen(email), &sealed);
	db_exec(db, "UPDATE applicant SET email = ? WHERE id = ?",
		DB_ARGS(db_bytes(sealed.data, sealed.len), db_int(applicant)));
	buffer_release(&sealed);
}
