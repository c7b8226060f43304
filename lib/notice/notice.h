/* notice.h: messages to applicants, by kind.
 *
 * A notice is one XML file in notices/ (grammar: notices/notices.rng), named
 * by its kind, which is the kind of the outbox row: an effect of
 * schema/flow.sql, or what a job or a page promised. At build time
 * notice-to-c.xsl turns each into a `const struct notice_template`, as is done
 * with forms: nothing is parsed at run time, and a notice that breaks the
 * grammar stops the build. From one file come the mail (text and HTML) and the
 * short values of a WeChat message.
 *
 * Text holds placeholders: {company}. Which there are depends on what the kind
 * is about; the table in facts.c says so, and t/notice/template-test
 * fails for a placeholder that its kind does not give. Values never hold an ID
 * number, a mobile, an address or a person's name: there is no placeholder for
 * them, and the accounts that compose cannot read them.
 *
 * To add a notice: notices/KIND.xml, a line in notices/local.mk and in
 * notices/notices.h and in all.c; t/notice/kinds.t fails when one is forgotten
 * or an effect of flow.sql has none. */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include "base/buffer.h"
#include "base/config.h"
#include "db/db.h"

/* -- the definition, made from the XML -- */

enum notice_block_type {
	NOTICE_PARAGRAPH,
	NOTICE_REASONS, /* the list of what is to be mended */
	NOTICE_ACTION, /* the link to apply/status, under these words */
};

struct notice_block {
	enum notice_block_type type;
	const char *text;
	const char *where; /* only when this placeholder has a value; NULL: always */
};

/* The facts that a message of this kind can use, see facts.c. */
enum notice_scope {
	NOTICE_OF_PROJECT, /* no application yet */
	NOTICE_OF_APPLICATION,
	NOTICE_OF_SHIPMENT, /* an application and its parcel */
	NOTICE_SCOPE_COUNT,
};

struct notice_template {
	const char *kind;
	enum notice_scope scope;
	bool asks; /* the case stands still until the applicant does something */
	const char *subject;
	const char *status; /* two to five characters: 已寄出 */
	const char *note; /* four to twenty: what to do next */
	const struct notice_block *block;
	size_t block_count;
};

/* -- a composed message -- */

/* One short value of a WeChat message: project, company, status, note, time,
 * tracking (see wechat-account.h, which cuts what is too long). */
struct notice_value {
	const char *name, *text; /* belong to the notice */
};
#define NOTICE_VALUES_MAX 6

struct notice {
	struct buffer subject, text, html;
	struct buffer link; /* absolute: apply/status of the application */
	struct notice_value value[NOTICE_VALUES_MAX];
	size_t value_count;
	struct notice_facts *facts; /* where the values live */
};

/* The kind of the message, and the application that it is about. */
struct notice_case {
	const char *kind;
	int64_t application; /* 0: none yet (forms_mail) */
	int64_t event; /* 0: none (a reminder) */
	int64_t project; /* looked at only without an application */
};

/* Whether the applicant is told about this kind at all. */
bool notice_known(const char *kind);
const struct notice_template *notice_by_kind(const char *kind); /* NULL: not known */
/* Fills *notice, which the caller releases; false when the kind, application
 * or event is not known. Reads with the rights of DB_CRON. */
bool notice_compose(struct db *, const struct config *, const struct notice_case *,
		    struct notice *) MUST_USE;
void notice_release(struct notice *);

/* -- for tests -- */

/* Every template there is, NULL-ended. */
extern const struct notice_template *const notice_all[];
/* The first placeholder that a template uses and its kind does not give, into
 * `name`; false when there is none. */
bool notice_unknown_placeholder(const struct notice_template *, struct buffer *name);

#endif
