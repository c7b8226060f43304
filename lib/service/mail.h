/* mail.h: one mail over SMTP (RFC 5321), as MIME (RFC 2045 to 2049).
 *
 * Config: smtp_url, smtp_tls, smtp_ca_file, smtp_user, mail_from, mail_from_name,
 * mail_bounce; secret smtp_password. The envelope's sender is mail_bounce, so
 * that bounces go to a mailbox that is read and never to the front address;
 * Auto-Submitted (RFC 3834) keeps holiday answers away. The Message-ID is made
 * from the key, so that a mail sent once more after an unknown outcome is the
 * same mail to whoever collects duplicates.
 *
 * The first half is what mail-header.c does without any network; the second is
 * smtp.c's, beside http.c the only file that calls libcurl: http.c speaks HTTP
 * and nothing else, smtp.c speaks SMTP and nothing else. */
#ifndef SERVICE_MAIL_H
#define SERVICE_MAIL_H

#include <time.h>

#include "base/buffer.h"
#include "base/config.h"
#include "service/result.h"

#define MAIL_LINE_MAX 76 /* bytes of a header line, RFC 2047 2 */
#define MAIL_HEADER_MAX 2000 /* bytes of one value; more is refused */

/* Appends "Name: value", folded, without the last line end. Words beyond ASCII
 * become encoded words (RFC 2047) that never split a character; what is ASCII
 * stays as it is. False, and nothing appended, when the name is no token or
 * the value has CR, LF, NUL, another control character or bytes that are not
 * UTF-8, is over MAIL_HEADER_MAX, or has a word that no line can hold. */
bool mail_header(struct buffer *out, const char *name, const char *value) MUST_USE;
/* The same for an address with a display name (may be ""). The address must be
 * one that check_email() would take: ASCII, no blanks, one @. */
bool mail_header_address(struct buffer *out, const char *name, const char *display,
			 const char *address) MUST_USE;
/* Content-Type and Content-Disposition of an attached file, as two headers:
 * the name in RFC 2231 form, in pieces where it is long, and in Content-Type
 * as encoded words for clients that know only those. The type must be of the
 * form word/word. */
bool mail_header_file(struct buffer *type_out, struct buffer *disposition_out, const char *type,
		      const char *file_name) MUST_USE;
/* Whether text may stand as an address in a header and in the envelope. */
bool mail_is_address(const char *text) MUST_USE;
/* "Sun, 1 Feb 2026 08:00:00 +0800", RFC 5322 3.3; China has one zone. */
void mail_date(struct buffer *out, time_t at);

struct mail_file {
	const char *name; /* 业务申请表.pdf */
	const char *type; /* "application/pdf" */
	const void *data;
	size_t len;
};

struct mail {
	const char *key; /* idempotency key */
	const char *to;
	const char *subject;
	const char *text; /* the same words twice: plain … */
	const char *html; /* … and marked up; NULL: plain only */
	const struct mail_file *file;
	size_t file_count;
	time_t at;
	long connect_ms; /* to the server's greeting; 0: MAIL_CONNECT_MS */
};

#define MAIL_CONNECT_MS 5000

/* Every header of the message itself, "Name: value", into empty buffers: From,
 * To, Subject, Date, Message-ID, Auto-Submitted. False when something is not
 * fit to stand in a header. */
#define MAIL_HEADERS 6
bool mail_headers(const struct config *, const struct mail *,
		  struct buffer header[MAIL_HEADERS]) MUST_USE;

/* Hands the mail to the server of the config.
 * SERVICE_OK: taken over. RETRY_LATER: 4xx, a sender who is too quick, a full
 * mailbox, or broken off before the text was under way. UNKNOWN: broken off after
 * that. UNREACHABLE: the server refuses this recipient. PERMANENT: it refuses this
 * mail, or an address or name is not fit for a header. ALARM: log-in, certificate,
 * TLS, our sender, our name on a list, our settings. The report has the server's
 * numbers, never its words: they quote addresses. */
enum service_result mail_send(const struct config *, const struct mail *,
			      struct service_report *) MUST_USE;

#endif
