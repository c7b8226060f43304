/* form.h: a form of the house: fields, values, and what is done with them.
 *
 * A form is one XML file in forms/ (grammar: forms/forms.rng). At build time
 * form-to-c.xsl turns each into a `const struct form form_<name>`, so a program
 * links just the forms it names and none is parsed at run time. From the
 * definition come the phone page (form_render), the checks (form_read), the
 * read-only view for the confirm page and the clerk (form_view), the reasons a
 * reviewer can pin, and the columns of the form's table (form_load, form_save).
 *
 * To add a form: forms/NAME.xml, its name in forms/local.mk, table NAME (hyphens
 * become underscores) in a migration, its page cgi-bin/apply/NAME.c, and its rows
 * in schema/flow.sql: flow_form, its state in flow_state and flow_transition, its
 * words in flow_event. Triggers and rights of its table are made by
 * yuanjian-migrate from the XML. t/form/definition.t fails when the XML breaks the
 * grammar or its name is missing, t/form/schema.t when a column is, t/flow/forms.t
 * when a row, page, trigger or right is. To add a type: see type.h. */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "base/markup.h"
#include "db/db.h"
#include "scan/scan.h"
#include "vault/vault.h"

enum form_type {
	FORM_TEXT, /* one line of text */
	FORM_PERSON, /* a person's name */
	FORM_REGION, /* GB/T 2260 code of a county, or of a city without counties */
	FORM_USCC, /* GB 32100 */
	FORM_ID_NUMBER, /* GB 11643; sealed, indexed */
	FORM_MOBILE, /* sealed, indexed */
	FORM_LANDLINE, /* sealed */
	FORM_EMAIL,
	FORM_TAX_NUMBER, /* of an invoice: 15, 17, 18 or 20 characters */
	FORM_ADDRESS, /* an entry of the applicant's address book, or a new one */
	FORM_PACKAGE, /* one of the project's packages */
	FORM_IDENTITY_METHOD, /* one of the project's ways of the identity check */
	FORM_CHOICE, /* one of the field's options */
	FORM_CONSENT, /* a box to tick */
	FORM_SCAN, /* one or more pictures */
	FORM_TYPE_COUNT,
};

struct form_option {
	const char *value, *label, *hint;
};

struct form_field {
	enum form_type type;
	const char *name; /* also the column */
	const char *label; /* 企业名称 */
	const char *hint; /* one line below or NULL */
	const char *warning; /* a paragraph above the field or NULL */
	const char *example; /* 查看示例: htdocs/examples/NAME.jpg, or NULL */
	const char *print; /* scans: the printed document it must be (print/code.h), or NULL */
	const char *from; /* "company.uscc": offered until stored, or NULL */
	const char *autocomplete; /* token of HTML, or NULL */
	size_t max; /* characters; 0 = the type's own limit */
	int pages; /* scans: how many pages at most */
	bool required;
	const struct form_option *option;
	size_t option_count;
};

struct form {
	const char *name; /* "legal-rep" */
	const char *table; /* "legal_rep" */
	const char *title; /* 法人代表信息 */
	int step; /* 1, 2 or 3 of the wizard; 0 = none */
	const struct form_field *field;
	size_t field_count;
};

/* All forms, NULL-ended; which of them an application has, and in which order, is
 * in table flow_form. Linking this links them all. */
extern const struct form *const form_all[];
const struct form *form_by_name(const char *name);
const struct form_field *form_field(const struct form *, const char *name);

/* What is said of a form beside the form itself: links none of them. */
struct form_heading {
	const char *name, *title;
	int step;
};
const struct form_heading *form_heading(const char *name); /* NULL: none of that name */

/* The value of one field while a page works on it. */
struct form_value {
	char *text; /* as stored or typed (normalised once valid); "" = none */
	char *words; /* FORM_REGION: full name of what is stored; NULL: not known */
	char *stored; /* as stored; "" = none */
	char *saved; /* FORM_ADDRESS: the entry that form_save wrote, or NULL */
	const char *error; /* what is wrong and what to do, or NULL; static text,
			      * or `said` */
	char *said; /* an error made for this value; or NULL */
	bool locked; /* may not be changed now (awaiting_correction) */
	char *reason; /* why a reviewer refused it, or NULL */
	bool mended; /* changed since that reason was given */
	struct form_region_search *search; /* FORM_REGION: a name that fits several */
	struct form_address *address; /* FORM_ADDRESS: what was typed for a new one */
};

/* The regions a typed name fits. */
struct form_region_search {
	struct region_found *found; /* check/region.h */
	size_t count;
};

/* The value FORM_ADDRESS has while a new entry is being typed. */
#define FORM_ADDRESS_NEW "new"

/* A new entry of the address book; controls are FIELD_recipient … */
enum form_address_part {
	FORM_RECIPIENT,
	FORM_RECIPIENT_MOBILE,
	FORM_RECIPIENT_REGION,
	FORM_STREET,
	FORM_ADDRESS_PART_COUNT,
};
struct form_address {
	struct form_value part[FORM_ADDRESS_PART_COUNT];
};

struct form_values {
	const struct form *form;
	struct form_value *value; /* one per field, same order */
	int version; /* that form_save compares; 0 = no row yet */
	int loaded_version; /* of the row as loaded */
	int saved_version; /* of the row after form_save; 0 = not saved */
	bool complete; /* stored and every required field and scan there */
	bool asked; /* form_read: a button that does not hand the form
				   * in was used (find, upload, remove_scan) */
	struct scan *scan; /* live scans of this form */
	size_t scan_count;
};

/* Whose form it is and what it may look up. */
struct form_owner {
	struct db *db;
	struct vault *vault;
	int64_t application, applicant, project;
	const char *application_public_id;
};

struct form_values *form_values_new(const struct form *);
void form_values_free(struct form_values *);
struct form_value *form_value(struct form_values *, const char *field);

/* Values, scans and pinned reasons as stored. In awaiting_correction
 * (correcting) every field without an open reason is locked. */
void form_load(const struct form_owner *, bool correcting, struct form_values *);

/* Where typed values come from: NULL when the field was not sent. */
typedef const char *form_source(void *context, const char *name);
/* Overlays typed values on loaded ones and checks each field: the values are
 * normalised or have an error. A value that is not UTF-8 is given as "\xff".
 * Locked fields keep what was stored. Returns the number of fields in error; a
 * missing required scan counts. When a button was used that does not hand the
 * form in (names find, upload, remove_scan), nothing is missed yet, `asked` is
 * set and the return is at least 1: save what is valid, show the form again.
 * The posted `version` becomes the version that form_save compares. */
size_t form_read(const struct form_owner *, struct form_values *, form_source *, void *context);

enum form_saved {
	FORM_SAVED,
	FORM_UNCHANGED,
	FORM_CHANGED_MEANWHILE, /* the row's version is not values->version, which
				 * is now the row's: show the form again */
};
/* Writes the valid values (those in error stay as they were stored), a new
 * address-book entry, the blind indexes and `complete`; marks the reasons of
 * changed fields as mended. Within db_transaction(), before the flow move,
 * whose guard looks at `complete`. */
enum form_saved form_save(const struct form_owner *, struct form_values *);
/* Recomputes `complete` and which reasons at scans are mended, after a scan
 * came or went; in a transaction. */
void form_touch(const struct form_owner *, const struct form *);

/* The fields with labels, hints, errors, scans: everything between <form> and
 * the buttons. */
void form_render(struct markup *, const struct form_owner *, const struct form_values *);
/* The list of errors with links to the fields; nothing when there is none. */
void form_render_errors(struct markup *, const struct form_values *);

/* The scan field that a file control belongs to, NULL if none: "licence" adds a
 * page (or takes the place of the only one), "user_agreement.2" takes the place
 * of page 2. *page is the page to replace, 0 to add one. */
const struct form_field *form_scan_control(const struct form *, const char *control, int *page);
/* One scan field by itself: what stands in the page for it, with id
 * "field-NAME". apply/scan sends it to scripts as a fragment. */
void form_render_scan_field(struct markup *, const struct form_owner *, const struct form_values *,
			    size_t field_index);

/* For what yuanjian-migrate makes for a form's table: its columns, each with a
 * comma behind it; whether OLD and NEW, in a trigger, name the same person. */
void form_sql_columns(const struct form *, struct buffer *out);
void form_sql_same_person(const struct form *, struct buffer *out);

enum form_masking { FORM_MASKED, FORM_PLAIN };
/* Label and value pairs for reading; scans as thumbnails linked to
 * `image_path`?application=…&scan=…  (apply/image or clerk/image). */
void form_view(struct markup *, const struct form_owner *, const struct form_values *,
	       enum form_masking, const char *image_path);
/* The value in words: region name, package title, option label; personal
 * numbers as 3+4 digits unless plain. Appends to out. */
void form_value_text(const struct form_owner *, const struct form_values *, size_t index,
		     enum form_masking, struct buffer *out);

#endif
