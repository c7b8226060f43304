/* contact.c: the mail address of an applicant, sealed in applicant.email. */
#include "applicant/applicant.h"

#include "db/row.h"

#define CONTEXT_SIZE 48

static void context_of(int64_t applicant, char out[CONTEXT_SIZE])
{
	snprintf(out, CONTEXT_SIZE, "applicant.email:%lld", (long long)applicant);
}

bool applicant_email(struct db *db, struct vault *vault, int64_t applicant, struct buffer *out)
{
	struct buffer sealed = BUFFER_INIT;
	char context[CONTEXT_SIZE];
	bool open;

	context_of(applicant, context);
	db_one(db, "SELECT email FROM applicant WHERE id = ?", DB_ARGS(db_int(applicant)),
	       DB_OUT(DB_OR_NULL(DB_BUFFER("email", &sealed))));
	open = sealed.len && vault_unseal(vault, context, sealed.data, sealed.len, out);
	if (!open)
		buffer_reset(out);
	buffer_release(&sealed);
	return open;
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
