/* review.h: the reasons of reviewers: which there are, where they are pinned, and
 * what became of them.
 *
 * A coded reason is a row of reason_text: code, type and words. To add one: a row in
 * a migration; to withdraw one: is_offered = 0. Two kinds of decision give one.
 * - A decision about a whole case (an identity check refused or to be repeated, an
 *   application rejected) has reasons of a type of its own; the event's detail holds
 *   the code, so history holds no free text.
 * - A refusal pins reasons to fields and scans, a row of reason each, with a note.
 *   A reason is mended when its field or scan is changed, and closed by the next
 *   decision.
 *
 * Tables: reason_text, reason. Texts of a row of a list belong to the result. */
#ifndef REVIEW_REVIEW_H
#define REVIEW_REVIEW_H

#include "base/buffer.h"
#include "db/db.h"

#define REVIEW_CODE_MAX 32
#define REVIEW_TYPE_MAX 16

/* -- reason.c: the coded reasons -- */

/* Types of decisions about a whole case. */
#define REVIEW_IDENTITY_REFUSE "identity_refuse"
#define REVIEW_IDENTITY_REPEAT "identity_repeat"
#define REVIEW_REJECT "reject"
/* Types of reasons that are pinned; REVIEW_ANY to fields and scans alike. */
#define REVIEW_ANY "any"
#define REVIEW_FIELD "field"
#define REVIEW_SCAN "scan"

/* The reasons that may be given now, in their order; `type` NULL: of every type. */
struct review_offer {
	char code[REVIEW_CODE_MAX + 1], type[REVIEW_TYPE_MAX + 1];
	const char *text;
};
struct db_result *review_offers(struct db *, const char *type);
bool review_offer_next(struct db_result *, struct review_offer *);

/* Whether a reason of this type may be given now; `code` as it was typed, NULL is
 * none. */
bool review_is_offered(struct db *, const char *type, const char *code);
/* The same for REVIEW_FIELD or REVIEW_SCAN, to which REVIEW_ANY counts as well. */
bool review_may_pin(struct db *, const char *type, const char *code);
/* Appends the words of a code; false when there is no such row. */
bool review_words(struct db *, const char *code, struct buffer *out);
/* Appends the words of the last decision about a whole case that still matters to
 * the applicant in this state: of the identity check while in awaiting_identity,
 * unless a later try failed without a clerk; of the rejection once the application
 * has ended or its money goes back. False: there is none. */
bool review_of_case(struct db *, int64_t application, const char *state, struct buffer *out);

/* -- pin.c: reasons pinned to fields and scans -- */

struct review_pin {
	int64_t application, staff;
	const char *form, *field;
	int64_t scan; /* 0: the field as a whole */
	const char *code, *note; /* note: "" for none */
};
/* In the transaction of the refusal. */
void review_pin(struct db *, const struct review_pin *);

/* All reasons of an application, the newest first, for staff. */
struct review_reason {
	const char *form, *field, *text, *note;
	const char *reviewer; /* name; "" when the account is gone */
	const char *at;
	int page; /* of the scan; 0: none */
	bool mended, closed;
};
struct db_result *review_reasons(struct db *, int64_t application);
bool review_reason_next(struct db_result *, struct review_reason *);

/* Reasons that are open, in their order, for the applicant. */
struct review_open {
	const char *form, *field, *text, *note; /* note: "" for none */
	const char *scan; /* public id of the refused page while it is there; "" */
	bool mended;
};
struct db_result *review_open(struct db *, int64_t application);
bool review_open_next(struct db_result *, struct review_open *);
/* Whether one at this form still waits to be mended. */
bool review_any_unmended(struct db *, int64_t application, const char *form);

/* Open reasons at the fields of a form, in their order. */
struct review_for_form {
	const char *field, *text, *note; /* "" for none */
	int page; /* of the refused scan while it is there; 0 */
	bool mended;
};
struct db_result *review_for_form(struct db *, int64_t application, const char *form);
bool review_for_form_next(struct db_result *, struct review_for_form *);

/* A field was changed: its open reasons are mended. In a transaction. */
void review_field_mended(struct db *, int64_t application, const char *form, const char *field);
/* Scans of these fields came or went: which of their open reasons are mended is found
 * out anew. A reason is, when its field has a picture and the refused page is gone, or,
 * when it names no page, a picture newer than the reason. At most REVIEW_FIELDS_MAX
 * fields. In a transaction. */
#define REVIEW_FIELDS_MAX 64
void review_scans_mended(struct db *, int64_t application, const char *form,
			 const char *const field[], size_t count);

/* What was changed since the last refusal: fields whose reason is mended (scan 0)
 * and scans that came (form and field ""). */
struct review_change {
	char form[33], field[33];
	int64_t scan;
};
struct db_result *review_changes(struct db *, int64_t application);
bool review_change_next(struct db_result *, struct review_change *);

#endif
