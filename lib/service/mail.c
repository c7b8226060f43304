/* mail.c: the head of one mail, from the config and the message. */
#include "service/mail.h"

#include "base/digest.h"

/* A header of our own whose value is one plain word and must not be encoded. */
static void plain(struct buffer *out, const char *name, const char *value)
{
	buffer_printf(out, "%s: %s", name, value);
}

/* The same key always gives the same id; the key cannot be derived from the id. */
static void message_id(struct buffer *out, const char *key, const char *from)
{
	uint8_t hash[SHA256_SIZE];
	char hex[33];

	digest_sha256(key, strlen(key), hash);
	hex_encode(hash, 16, hex);
	buffer_printf(out, "<%s%s>", hex, strchr(from, '@'));
}

bool mail_headers(const struct config *config, const struct mail *mail,
		  struct buffer header[MAIL_HEADERS])
{
	const char *from = config_text(config, "mail_from");
	struct buffer value = BUFFER_INIT;
	bool good;

	good = mail_header_address(&header[0], "From", config_text(config, "mail_from_name"),
				   from) &&
	       mail_header_address(&header[1], "To", "", mail->to) &&
	       mail_header(&header[2], "Subject", mail->subject);
	if (!good)
		return false;
	mail_date(&value, mail->at);
	plain(&header[3], "Date", value.data);
	buffer_reset(&value);
	message_id(&value, mail->key, from);
	plain(&header[4], "Message-ID", value.data);
	plain(&header[5], "Auto-Submitted", "auto-generated");
	buffer_release(&value);
	return true;
}
