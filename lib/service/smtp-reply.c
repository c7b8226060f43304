/* smtp-reply.c: what a mail server's refusal means. */
#include "service/smtp-reply.h"

#include <ctype.h>

struct rule {
	const char *text;
	enum service_result result;
};

/* Phrases of providers that outweigh any number beside them; the first that is
 * found counts. All stand as whole words, in small letters. */
static const struct rule phrases[] = {
	/* QQ: "Connection frequency limited", "Ip frequency limited", "Domain frequency limited" */
	{ "frequency limit", SERVICE_RETRY_LATER },
	{ "frequency limited", SERVICE_RETRY_LATER },
	{ "too frequently", SERVICE_RETRY_LATER },
	{ "rate limit", SERVICE_RETRY_LATER },
	{ "rate limited", SERVICE_RETRY_LATER },
	{ "too many connections", SERVICE_RETRY_LATER },
	{ "too many messages", SERVICE_RETRY_LATER },
	{ "try again later", SERVICE_RETRY_LATER },
	{ "try later", SERVICE_RETRY_LATER },
	{ "mailbox full", SERVICE_RETRY_LATER },
	{ "mailbox is full", SERVICE_RETRY_LATER },
	{ "over quota", SERVICE_RETRY_LATER },
	{ "exceeded storage", SERVICE_RETRY_LATER },
	{ "quota exceeded", SERVICE_RETRY_LATER },
	{ "user unknown", SERVICE_UNREACHABLE },
	{ "unknown user", SERVICE_UNREACHABLE },
	{ "no such user", SERVICE_UNREACHABLE },
	{ "user not found", SERVICE_UNREACHABLE },
	{ "mailbox not found", SERVICE_UNREACHABLE },
	{ "no such mailbox", SERVICE_UNREACHABLE },
	{ "user suspended", SERVICE_UNREACHABLE },
	{ "spf", SERVICE_ALARM },
	{ "dkim", SERVICE_ALARM },
	{ "dmarc", SERVICE_ALARM },
	{ "rbl", SERVICE_ALARM },
	{ "dnsbl", SERVICE_ALARM },
	{ "blacklist", SERVICE_ALARM },
	{ "blacklisted", SERVICE_ALARM },
	{ "blocklist", SERVICE_ALARM },
	{ "blocked using", SERVICE_ALARM },
	{ "block list", SERVICE_ALARM },
	{ "spamhaus", SERVICE_ALARM },
	{ "reverse dns", SERVICE_ALARM },
	{ "ptr record", SERVICE_ALARM },
	{ "reputation", SERVICE_ALARM },
	{ "spam", SERVICE_ALARM },
	{ "relaying denied", SERVICE_ALARM },
	{ "relay access denied", SERVICE_ALARM },
};

/* Subject and detail of an enhanced code, the longer first; "x.7" is each x.7.n. */
static const struct rule enhanced[] = {
	{ "1.7", SERVICE_ALARM }, /* our sender's address */
	{ "1.8", SERVICE_ALARM },
	{ "1", SERVICE_UNREACHABLE },
	{ "2.2", SERVICE_RETRY_LATER }, /* mailbox full */
	{ "2.3", SERVICE_PERMANENT }, /* longer than this mailbox takes */
	{ "2", SERVICE_UNREACHABLE },
	{ "3.4", SERVICE_PERMANENT }, /* larger than this system takes */
	{ "3", SERVICE_RETRY_LATER }, /* the system is full or takes no mail now */
	{ "7", SERVICE_ALARM }, /* policy: SPF, DKIM, DMARC, lists, log-in */
};

void smtp_enhanced(long code, const char *text, char out[SMTP_ENHANCED_MAX + 1])
{
	size_t n;

	out[0] = '\0';
	if (strlen(text) < 5 || code < 200 || text[0] != text[4])
		return;
	text += 4;
	n = strspn(text, "0123456789.");
	if (n < 5 || n > SMTP_ENHANCED_MAX || text[1] != '.' || !isdigit((unsigned char)text[2]) ||
	    !isdigit((unsigned char)text[n - 1]) || !memchr(text + 2, '.', n - 2))
		return;
	memcpy(out, text, n);
	out[n] = '\0';
}

static const struct rule *by_enhanced(const char *code)
{
	for (size_t i = 0; *code && i < ARRAY_SIZE(enhanced); i++) {
		size_t n = strlen(enhanced[i].text);

		if (!strncmp(code + 2, enhanced[i].text, n) && (code[2 + n] == '.' || !code[2 + n]))
			return &enhanced[i];
	}
	return NULL;
}

/* One word of a reply, in small letters, its signs made blanks. Addresses are left
 * out, since they may hold any phrase, and so are the numbers of each line. */
static void plain_word(const char *word, size_t n, struct buffer *out)
{
	bool letter = false;

	if (memchr(word, '@', n))
		return;
	for (size_t i = 0; i < n; i++)
		letter |= isalpha((unsigned char)word[i]) != 0;
	for (size_t i = 0; letter && i < n; i++)
		if (isalnum((unsigned char)word[i]))
			buffer_putc(out, (char)tolower((unsigned char)word[i]));
		else if (out->data[out->len - 1] != ' ')
			buffer_putc(out, ' ');
	if (out->data[out->len - 1] != ' ')
		buffer_putc(out, ' ');
}

static void plain_words(const char *text, struct buffer *out)
{
	buffer_putc(out, ' ');
	while (*text) {
		const char *end = text + strcspn(text, "\r\n");

		text += strspn(text, "0123456789");
		text += *text == '-';
		while (text < end) {
			size_t n = strcspn(text, " \t\r\n");

			plain_word(text, n, out);
			text += n + (text + n < end);
		}
		text = end + strspn(end, "\r\n");
	}
}

static const struct rule *by_phrase(const char *text)
{
	struct buffer words = BUFFER_INIT;
	const struct rule *found = NULL;

	plain_words(text, &words);
	for (size_t i = 0; i < ARRAY_SIZE(phrases) && !found; i++) {
		char phrase[40];

		snprintf(phrase, sizeof(phrase), " %s ", phrases[i].text);
		if (strstr(buffer_text(&words), phrase))
			found = &phrases[i];
	}
	buffer_release(&words);
	return found;
}

/* Before the recipient is named it is our log-in, our TLS or our sender. */
static enum service_result by_stage(enum smtp_stage stage)
{
	return stage == SMTP_TEXT      ? SERVICE_PERMANENT :
	       stage == SMTP_RECIPIENT ? SERVICE_UNREACHABLE :
					 SERVICE_ALARM;
}

/* Later is soon enough for "not now" (4xx), but for a lack that no waiting
 * mends: RFC 7372 and its kin, x.7.20 to x.7.30. */
static enum service_result for_now(const char *code)
{
	long detail = !strncmp(code, "4.7.", 4) ? strtol(code + 4, NULL, 10) : 0;

	return detail >= 20 && detail <= 30 ? SERVICE_ALARM : SERVICE_RETRY_LATER;
}

/* After 354 the text is under way: without a final reply it is unknown whether the
 * server has taken the mail over. */
enum service_result smtp_meaning(long code, enum smtp_stage stage, const char *text)
{
	char number[SMTP_ENHANCED_MAX + 1];
	const struct rule *rule;

	smtp_enhanced(code, text, number);
	if (code >= 400 && code < 500)
		return for_now(number);
	if (code < 500 || code >= 600)
		return stage == SMTP_TEXT && code == 354 ? SERVICE_UNKNOWN : SERVICE_RETRY_LATER;
	rule = by_phrase(text);
	if (!rule)
		rule = by_enhanced(number);
	if (!rule)
		return by_stage(stage);
	/* a reply about the recipient before RCPT concerns our own set-up */
	return rule->result == SERVICE_UNREACHABLE && stage < SMTP_RECIPIENT ? SERVICE_ALARM :
									       rule->result;
}
