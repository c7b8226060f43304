/* smtp-reply.h: what a mail server's refusal means. Not for other rooms.
 *
 * The first digit alone (RFC 5321 4.2.1) does not tell whose fault it is: large
 * providers say 550 to a sender who is too quick, and to one whose SPF record is
 * wrong. So a reply is judged by its enhanced code (RFC 3463, RFC 7372), by phrases
 * that providers use, and last by the command that was refused. */
#ifndef SERVICE_SMTP_REPLY_H
#define SERVICE_SMTP_REPLY_H

#include "base/buffer.h"
#include "service/result.h"

/* The command that the server answered last (RFC 5321 3.3). */
enum smtp_stage {
	SMTP_GREETING, /* until the sender is named: TLS, log-in */
	SMTP_SENDER,
	SMTP_RECIPIENT,
	SMTP_TEXT,
};

#define SMTP_ENHANCED_MAX 12 /* "5.7.26" and room for odd ones */

/* The class of a reply that is no success. `code`: three digits, 0 when the
 * connection broke before any. `text`: its lines as they came, codes included;
 * it is read only, since it may quote addresses. */
enum service_result smtp_meaning(long code, enum smtp_stage, const char *text);
/* The enhanced code of the reply, "" when it has none. Safe to be logged. */
void smtp_enhanced(long code, const char *text, char out[SMTP_ENHANCED_MAX + 1]);

#endif
