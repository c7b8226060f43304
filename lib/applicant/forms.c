/* forms.c: blank forms, asked for by mail, tables forms_request and forms_address. */
#include "applicant/applicant.h"

#include "db/row.h"

#define CONTEXT_SIZE 64

/* Case makes no other mailbox: it must not make another count. */
static void index_of(struct vault *vault, const char *email, uint8_t index[SHA256_SIZE])
{
	char folded[EMAIL_MAX + 1];
	size_t i = 0;

	for (; i < EMAIL_MAX && email[i]; i++)
		folded[i] = (char)(email[i] >= 'A' && email[i] <= 'Z' ? email[i] + 32 : email[i]);
	folded[i] = '\0';
	vault_index(vault, "email", folded, index);
}

/* The rows of the address and of the applicant are written before anything is
 * counted: so of several requests at once, on any machine, one waits or is
 * tried again, and none is counted past. */
static void take_turn(struct db *db, struct vault *vault, const struct applicant_asking *a,
		      const uint8_t index[SHA256_SIZE])
{
	struct db_args args = DB_ARGS(db_bytes(index, SHA256_SIZE));

	if (db_exec(db,
		    "UPDATE forms_address SET asked_at = UTC_TIMESTAMP(3) WHERE email_index = ?",
		    args) == 0)
		db_exec(db,
			"INSERT INTO forms_address (email_index, asked_at)"
			" VALUES (?, UTC_TIMESTAMP(3))",
			args);
	applicant_email_store(db, vault, a->applicant, a->email);
}

static bool is_address_full(struct db *db, const uint8_t index[SHA256_SIZE])
{
	return db_number(db,
			 "SELECT COUNT(*) FROM forms_request WHERE email_index = ?"
			 " AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 HOUR",
			 DB_ARGS(db_bytes(index, SHA256_SIZE))) >= FORMS_PER_ADDRESS_HOUR_MAX;
}

static bool is_day_full(struct db *db, int64_t applicant)
{
	return db_number(db,
			 "SELECT COUNT(*) FROM forms_request WHERE applicant = ?"
			 " AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY",
			 DB_ARGS(db_int(applicant))) >= FORMS_PER_APPLICANT_DAY_MAX;
}

static void context_of(int64_t applicant, char out[CONTEXT_SIZE])
{
	snprintf(out, CONTEXT_SIZE, "forms_request.email:%lld", (long long)applicant);
}

static bool add(struct db *db, struct vault *vault, const struct applicant_asking *a,
		const uint8_t index[SHA256_SIZE])
{
	struct buffer sealed = BUFFER_INIT;
	char context[CONTEXT_SIZE];
	long added;

	context_of(a->applicant, context);
	vault_seal(vault, context, a->email, strlen(a->email), &sealed);
	added = db_exec(db,
			"INSERT INTO forms_request (applicant, request_key, project, email,"
			" email_index, created_at) VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
			DB_ARGS(db_int(a->applicant), db_text(a->key), db_int(a->project),
				db_bytes(sealed.data, sealed.len), db_bytes(index, SHA256_SIZE)));
	buffer_release(&sealed);
	return added != DB_DUPLICATE;
}

enum applicant_asked applicant_ask_forms(struct db *db, struct vault *vault,
					 const struct applicant_asking *a, int64_t *request)
{
	uint8_t index[SHA256_SIZE];

	*request = 0;
	if (db_number(db,
		      "SELECT COUNT(*) FROM forms_request WHERE applicant = ? AND request_key = ?",
		      DB_ARGS(db_int(a->applicant), db_text(a->key))) > 0)
		return APPLICANT_ASKED_BEFORE;
	index_of(vault, a->email, index);
	take_turn(db, vault, a, index);
	if (is_address_full(db, index))
		return APPLICANT_ADDRESS_FULL;
	if (is_day_full(db, a->applicant))
		return APPLICANT_DAY_FULL;
	if (!add(db, vault, a, index))
		return APPLICANT_ASKED_BEFORE;
	*request = db_inserted_id(db);
	return APPLICANT_ASKED;
}

bool applicant_forms_request(struct db *db, struct vault *vault, int64_t request, int64_t *project,
			     struct buffer *email)
{
	struct buffer sealed = BUFFER_INIT;
	int64_t applicant;
	char context[CONTEXT_SIZE];
	bool found = db_one(db, "SELECT project, email, applicant FROM forms_request WHERE id = ?",
			    DB_ARGS(db_int(request)),
			    DB_OUT(DB_INT("project", project), DB_BUFFER("email", &sealed),
				   DB_INT("applicant", &applicant)));

	context_of(applicant, context);
	found = found && vault_unseal(vault, context, sealed.data, sealed.len, email);
	buffer_release(&sealed);
	return found;
}
