/* message.h: messages to applicants, by kind.
 *
 * A message is one XML file in messages/ (grammar: messages/messages.rng), named
 * by its kind, which is the kind of the outbox row: an effect of
 * schema/flow.sql, or what a job or a page promised. At build time
 * message-to-c.xsl turns each into a `const struct message_template`, as is done
 * with forms: nothing is parsed at run time, and a message that breaks the
 * grammar stops the build. From one file come the mail (text and HTML) and the
 * short values of a WeChat message.
 *
 * Text holds placeholders: {company}. Which there are depends on what the kind
 * is about; the table in facts.c says so, and t/message/template-test
 * fails for a placeholder that its kind does not give. Values never hold an ID
 * number, a mobile, an address or a person's name: there is no placeholder for
 * them, and the accounts that compose cannot read them.
 *
 * To add a message: messages/KIND.xml, a line in messages/local.mk and in
 * messages/messages.h and in all.c; t/message/kinds.t fails when one is forgotten
 * or an effect of flow.sql has none. */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/buffer.h"
#include "base/config.h"
#include "db/db.h"

/* -- the definition, made from the XML -- */

enum message_block_type {
	MESSAGE_PARAGRAPH,
	MESSAGE_REASONS, /* the list of what is to be mended */
	MESSAGE_ACTION, /* the link to apply/status, under these words */
};

struct message_block {
	enum message_block_type type;
	const char *text;
	const char *where; /* only when this placeholder has a value; NULL: always */
};

/* The facts that a message of this kind can use, see facts.c. */
enum message_scope {
	MESSAGE_OF_PROJECT, /* no application yet */
	MESSAGE_OF_APPLICATION,
	MESSAGE_OF_SHIPMENT, /* an application and its parcel */
	MESSAGE_SCOPE_COUNT,
};

struct message_template {
	const char *kind;
	enum message_scope scope;
	bool asks; /* the case stands still until the applicant does something */
	const char *subject;
	const char *status; /* two to five characters: 已寄出 */
	const char *note; /* four to twenty: what to do next */
	const struct message_block *block;
	size_t block_count;
};

/* -- a composed message -- */

/* One short value of a WeChat message: project, company, status, note, time,
 * tracking (see wechat-account.h, which cuts what is too long). */
struct message_value {
	const char *name, *text; /* belong to the message */
};
#define MESSAGE_VALUES_MAX 6

struct message {
	struct buffer subject, text, html;
	struct buffer link; /* absolute: apply/status of the application */
	struct message_value value[MESSAGE_VALUES_MAX];
	size_t value_count;
	struct message_facts *facts; /* where the values live */
};

/* The kind of the message, and the application that it is about. */
struct message_case {
	const char *kind;
	int64_t application; /* 0: none yet (forms_mail) */
	int64_t event; /* 0: none (a reminder) */
	int64_t project; /* looked at only without an application */
};

/* Whether the applicant is told about this kind at all. */
bool message_known(const char *kind);
const struct message_template *message_by_kind(const char *kind); /* NULL: not known */
/* Fills *message, which the caller releases; false when the kind, application
 * or event is not known. Reads with the rights of DB_CRON. */
bool message_compose(struct db *, const struct config *, const struct message_case *,
		     struct message *) MUST_USE;
void message_release(struct message *);

/* -- for tests -- */

/* Every template there is, NULL-ended. */
extern const struct message_template *const message_all[];
/* The first placeholder that a template uses and its kind does not give, into
 * `name`; false when there is none. */
bool message_unknown_placeholder(const struct message_template *, struct buffer *name);

#endif
