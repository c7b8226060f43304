/* rules.c: the tables of an application, and the columns that are not copied. */
#include "bulk.h"

#define OF_APPLICATION "application = @id"
#define OF_ATTEMPT "attempt IN (SELECT id FROM identity_attempt WHERE application = @id)"
#define OF_INVOICE "invoice IN (SELECT id FROM invoice WHERE application = @id)"
#define APPLICANT "(SELECT applicant FROM application WHERE id = @id)"

/* Those that others point to come first. Acts are no part of an application: nobody
 * decided about a copy. */
const struct bulk_table_row bulk_tables[] = {
	{ "applicant", "id = " APPLICANT },
	{ "address", "applicant = " APPLICANT },
	{ "application", "id = @id" },
	{ "agreement", OF_APPLICATION },
	{ "company", OF_APPLICATION },
	{ "legal_rep", OF_APPLICATION },
	{ "agent", OF_APPLICATION },
	{ "order", OF_APPLICATION },
	{ "application_form", OF_APPLICATION },
	{ "scan", OF_APPLICATION },
	{ "scan_image", "scan IN (SELECT id FROM scan WHERE application = @id)" },
	{ "event", OF_APPLICATION },
	{ "reason", OF_APPLICATION },
	{ "outbox", OF_APPLICATION },
	{ "identity_attempt", OF_APPLICATION },
	{ "face_consent", OF_APPLICATION },
	{ "identity_challenge", OF_ATTEMPT },
	{ "identity_step", OF_ATTEMPT },
	{ "face_material", OF_ATTEMPT },
	{ "identity_evidence", OF_ATTEMPT },
	{ "payment", OF_APPLICATION },
	{ "refund", OF_APPLICATION },
	{ "invoice", OF_APPLICATION },
	{ "invoice_pdf", OF_INVOICE },
};
const size_t bulk_table_count = ARRAY_SIZE(bulk_tables);

/* The column application and the column id are alike in all tables. */
const struct bulk_column_rule bulk_rules[] = {
	{ "", "id", BULK_ID, NULL, 0 },
	{ "", "application", BULK_REF, "application", 0 },
	{ "", "applicant", BULK_REF, "applicant", 0 },
	{ "", "scan", BULK_REF, "scan", 0 },
	{ "", "event", BULK_REF, "event", 0 },
	{ "", "attempt", BULK_REF, "identity_attempt", 0 },
	{ "", "payment", BULK_REF, "payment", 0 },
	{ "", "refund", BULK_REF, "refund", 0 },
	{ "", "invoice", BULK_REF, "invoice", 0 },
	{ "", "address", BULK_REF, "address", 0 },
	{ "", "public_id", BULK_KEYS, NULL, 0 },
	{ "", "idempotency_key", BULK_KEYS, NULL, 0 },
	{ "", "id_number_index", BULK_INDEX, "id-number", 0 },
	{ "", "mobile_index", BULK_INDEX, "mobile", 0 },
	{ "", "name_index", BULK_INDEX, "person", 0 },
	{ "applicant", "openid", BULK_WORD, NULL, 5 },
	{ "applicant", "email", BULK_SEAL, "applicant.email:{id}", 0 },
	{ "address", "recipient", BULK_SEAL, "address.recipient:{applicant}", 0 },
	{ "address", "mobile", BULK_SEAL, "address.mobile:{applicant}", 0 },
	{ "address", "street", BULK_SEAL, "address.street:{applicant}", 0 },
	{ "address", "region", BULK_SAID, NULL, 0 },
	{ "address", "fingerprint", BULK_PRINT, NULL, 0 },
	{ "application", "last_event", BULK_REF, "event", 0 },
	{ "application", "start_key", BULK_KEYS, NULL, 0 },
	{ "application", "deadline_at", BULK_DEADLINE, NULL, 0 },
	{ "agreement", "sha256", BULK_COPY, NULL, 0 },
	{ "company", "name", BULK_SAID, NULL, 0 },
	{ "company", "region", BULK_SAID, NULL, 0 },
	{ "company", "uscc", BULK_SAID, NULL, 0 },
	{ "legal_rep", "name", BULK_SAID, NULL, 0 },
	{ "legal_rep", "id_number", BULK_SEAL, "legal_rep.id_number:{application}", 0 },
	{ "legal_rep", "mobile", BULK_SEAL, "legal_rep.mobile:{application}", 0 },
	{ "agent", "name", BULK_SAID, NULL, 0 },
	{ "agent", "id_number", BULK_SEAL, "agent.id_number:{application}", 0 },
	{ "agent", "mobile", BULK_SEAL, "agent.mobile:{application}", 0 },
	{ "agent", "landline", BULK_SEAL, "agent.landline:{application}", 0 },
	{ "order", "invoice_title", BULK_SAID, NULL, 0 },
	{ "order", "invoice_tax_number", BULK_SAID, NULL, 0 },
	{ "order", "invoice_email", BULK_SAID, NULL, 0 },
	{ "scan", "sha256", BULK_COPY, NULL, 0 },
	{ "scan", "upload_key", BULK_KEYS, NULL, 0 },
	{ "scan_image", "sealed", BULK_SEAL, "scan_image.{size}:{scan}", 0 },
	{ "event", "event", BULK_COPY, NULL, 0 },
	{ "event", "actor", BULK_ACTOR, "applicant", 0 },
	{ "event", "detail", BULK_KEYS, NULL, 0 },
	{ "event", "leaf", BULK_LEAF, NULL, 0 },
	{ "outbox", "payload", BULK_KEYS, NULL, 0 },
	{ "face_consent", "sha256", BULK_COPY, NULL, 0 },
	{ "identity_challenge", "nonce", BULK_RANDOM, NULL, 0 },
	{ "identity_challenge", "session_hash", BULK_RANDOM, NULL, 0 },
	{ "face_material", "sealed", BULK_FACE, "face_material.{kind}:{attempt}.{ord}.{part}", 0 },
	{ "identity_evidence", "token", BULK_SEAL, "identity_evidence.token:{attempt}", 0 },
	{ "identity_evidence", "url", BULK_SEAL, "identity_evidence.url:{attempt}", 0 },
	{ "identity_evidence", "text", BULK_SEAL, "identity_evidence.text:{attempt}", 0 },
	{ "identity_evidence", "give_up_at", BULK_AFTER, "created_at", 0 },
	{ "payment", "out_trade_no", BULK_WORD, NULL, 2 },
	{ "payment", "transaction_id", BULK_DIGITS, NULL, 5 },
	{ "payment", "expires_at", BULK_AFTER, "created_at", 0 },
	{ "refund", "out_refund_no", BULK_WORD, NULL, 3 },
	{ "refund", "refund_id", BULK_DIGITS, NULL, 5 },
	{ "invoice", "of_invoice", BULK_REF, "invoice", 0 },
	{ "invoice", "order_no", BULK_WORD, NULL, 2 },
	{ "invoice", "serial", BULK_DIGITS, NULL, 4 },
	{ "invoice", "number", BULK_DIGITS, NULL, 4 },
	{ "invoice", "buyer_title", BULK_SAID, NULL, 0 },
	{ "invoice", "buyer_tax_number", BULK_SAID, NULL, 0 },
	{ "invoice_pdf", "sealed", BULK_SEAL, "invoice_pdf:{invoice}", 0 },
};
const size_t bulk_rule_count = ARRAY_SIZE(bulk_rules);

/* A rule of the table goes before one of all tables. */
const struct bulk_column_rule *bulk_rule_of(const char *table, const char *column)
{
	const struct bulk_column_rule *found = NULL;

	for (size_t i = 0; i < bulk_rule_count; i++) {
		const struct bulk_column_rule *rule = &bulk_rules[i];

		if (strcmp(rule->column, column) != 0)
			continue;
		if (!strcmp(rule->table, table))
			return rule;
		if (!*rule->table)
			found = rule;
	}
	return found;
}

int bulk_table_index(const char *name)
{
	for (size_t i = 0; i < bulk_table_count; i++)
		if (!strcmp(bulk_tables[i].name, name))
			return (int)i;
	return -1;
}
