/* smtp.c: one mail over libcurl: MIME parts, TLS, limits, what replies mean. */
#include "service/mail.h"

#include <curl/curl.h>

#include "base/die.h"
#include "base/log.h"
#include "service/smtp-reply.h"

#define SMTP_TOTAL_MS 30000
#define SMTP_REPLY_MAX 4096 /* bytes of a reply that are looked at */

/* One delivery: libcurl's things and how far it came. */
struct delivery {
	const struct config *config;
	const struct mail *mail;
	CURL *curl;
	curl_mime *mime;
	struct curl_slist *header, *to;
	enum smtp_stage stage;
	struct buffer reply; /* the last one's lines; they may quote addresses */
	bool replied; /* its last line has come */
	bool over; /* QUIT was sent: later replies do not concern the mail */
};

static void add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (!longer)
		die("curl_slist_append: no memory");
	*list = longer;
}

static void must(CURLcode code)
{
	if (code)
		die("libcurl: %s", curl_easy_strerror(code));
}

static curl_mimepart *new_part(curl_mime *mime)
{
	curl_mimepart *part = curl_mime_addpart(mime);

	if (!part)
		die("curl_mime_addpart: no memory");
	return part;
}

static void add_words(curl_mime *mime, const char *words, const char *type)
{
	curl_mimepart *part = new_part(mime);

	must(curl_mime_data(part, words, CURL_ZERO_TERMINATED));
	must(curl_mime_type(part, type));
	must(curl_mime_encoder(part, "base64"));
}

/* Text and HTML as two forms of one thing: the last is the better one. */
static void add_text(const struct delivery *d)
{
	curl_mime *both = curl_mime_init(d->curl);
	curl_mimepart *part = new_part(d->mime);

	if (!both)
		die("curl_mime_init: no memory");
	add_words(both, d->mail->text, "text/plain; charset=utf-8");
	if (d->mail->html)
		add_words(both, d->mail->html, "text/html; charset=utf-8");
	must(curl_mime_subparts(part, both));
	must(curl_mime_type(part, "multipart/alternative"));
}

static bool add_file(const struct delivery *d, const struct mail_file *file)
{
	struct buffer type = BUFFER_INIT, disposition = BUFFER_INIT;
	bool good = mail_header_file(&type, &disposition, file->type, file->name);
	struct curl_slist *header = NULL;
	curl_mimepart *part;

	if (good) {
		part = new_part(d->mime);
		add(&header, type.data);
		add(&header, disposition.data);
		must(curl_mime_data(part, file->data, file->len));
		must(curl_mime_encoder(part, "base64"));
		must(curl_mime_headers(part, header, 1));
	}
	buffer_release(&type);
	buffer_release(&disposition);
	return good;
}

static bool add_message(struct delivery *d)
{
	struct buffer header[MAIL_HEADERS] = { { 0 } };
	bool good = mail_headers(d->config, d->mail, header);

	for (size_t i = 0; i < MAIL_HEADERS; i++) {
		if (good)
			add(&d->header, header[i].data);
		buffer_release(&header[i]);
	}
	if (!good)
		return false;
	add_text(d);
	for (size_t i = 0; i < d->mail->file_count; i++)
		if (!add_file(d, &d->mail->file[i]))
			return false;
	return true;
}

static void note_command(struct delivery *d, const char *bytes, size_t n)
{
	static const struct {
		const char *command;
		enum smtp_stage stage;
	} commands[] = {
		{ "MAIL ", SMTP_SENDER },
		{ "RCPT ", SMTP_RECIPIENT },
		{ "DATA\r", SMTP_TEXT },
	};

	for (size_t i = 0; n >= 5 && i < ARRAY_SIZE(commands); i++)
		if (!memcmp(bytes, commands[i].command, 5))
			d->stage = commands[i].stage;
	d->over |= n >= 4 && !memcmp(bytes, "QUIT", 4);
}

/* One line; "550-" is followed by more of the same reply, "550 " by none. */
static void note_reply(struct delivery *d, const char *line, size_t n)
{
	if (d->replied)
		buffer_reset(&d->reply);
	if (d->reply.len + n <= SMTP_REPLY_MAX)
		buffer_add(&d->reply, line, n);
	d->replied = n > 3 && line[3] == ' ';
}

/* Told what goes out, of which the first word of a command counts, and what
 * comes in. */
static int watch(CURL *curl, curl_infotype type, char *bytes, size_t n, void *context)
{
	struct delivery *d = context;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		note_command(d, bytes, n);
	else if (type == CURLINFO_HEADER_IN && !d->over)
		note_reply(d, bytes, n);
	return 0;
}

static void set_limits(struct delivery *d)
{
	const char *ca_file = config_text(d->config, "smtp_ca_file");
	bool tls = config_flag(d->config, "smtp_tls"), bad = false;

	bad |= curl_easy_setopt(d->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	bad |= curl_easy_setopt(d->curl, CURLOPT_USE_SSL,
				(long)(tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	bad |= curl_easy_setopt(d->curl, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(d->curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (*ca_file) {
		/* these alone, not those of the system beside them */
		bad |= curl_easy_setopt(d->curl, CURLOPT_CAINFO, ca_file);
		bad |= curl_easy_setopt(d->curl, CURLOPT_CAPATH, NULL);
	}
	bad |= curl_easy_setopt(d->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(d->curl, CURLOPT_CONNECTTIMEOUT_MS,
				d->mail->connect_ms ? d->mail->connect_ms : (long)MAIL_CONNECT_MS);
	bad |= curl_easy_setopt(d->curl, CURLOPT_TIMEOUT_MS, (long)SMTP_TOTAL_MS);
	bad |= curl_easy_setopt(d->curl, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(d->curl, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(d->curl, CURLOPT_VERBOSE, 1L);
	bad |= curl_easy_setopt(d->curl, CURLOPT_DEBUGFUNCTION, watch);
	bad |= curl_easy_setopt(d->curl, CURLOPT_DEBUGDATA, d);
	if (bad)
		die("this libcurl lacks an option that keeps us safe");
}

/* The path of an SMTP URL is the name we greet the server with. */
static void set_server(struct delivery *d)
{
	const char *user = config_text(d->config, "smtp_user");
	const char *domain = strchr(config_text(d->config, "mail_from"), '@') + 1;
	struct buffer text = BUFFER_INIT;

	buffer_printf(&text, "%s/%s", config_text(d->config, "smtp_url"), domain);
	must(curl_easy_setopt(d->curl, CURLOPT_URL, text.data));
	if (*user) {
		must(curl_easy_setopt(d->curl, CURLOPT_USERNAME, user));
		must(curl_easy_setopt(d->curl, CURLOPT_PASSWORD,
				      config_text(d->config, "smtp_password")));
	}
	buffer_reset(&text);
	buffer_printf(&text, "<%s>", config_text(d->config, "mail_bounce"));
	must(curl_easy_setopt(d->curl, CURLOPT_MAIL_FROM, text.data));
	buffer_reset(&text);
	buffer_printf(&text, "<%s>", d->mail->to);
	add(&d->to, text.data);
	must(curl_easy_setopt(d->curl, CURLOPT_MAIL_RCPT, d->to));
	buffer_release(&text);
}

static enum service_result result_of(const struct delivery *d, CURLcode code, long reply)
{
	switch (code) {
	case CURLE_OK:
		return SERVICE_OK;
	case CURLE_LOGIN_DENIED:
		return reply >= 400 && reply < 500 ? SERVICE_RETRY_LATER : SERVICE_ALARM;
	case CURLE_USE_SSL_FAILED:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_URL_MALFORMAT:
		return SERVICE_ALARM;
	default:
		return smtp_meaning(reply, d->stage, buffer_text(&d->reply));
	}
}

static enum service_result perform(struct delivery *d, struct service_report *report)
{
	char enhanced[SMTP_ENHANCED_MAX + 1];
	enum service_result result;
	CURLcode code;

	must(curl_easy_setopt(d->curl, CURLOPT_HTTPHEADER, d->header));
	must(curl_easy_setopt(d->curl, CURLOPT_MIMEPOST, d->mime));
	code = curl_easy_perform(d->curl);
	curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &report->code);
	result = result_of(d, code, report->code);
	if (result != SERVICE_OK) {
		smtp_enhanced(report->code, buffer_text(&d->reply), enhanced);
		snprintf(report->detail, sizeof(report->detail), "smtp=%ld%s%s curl=%d",
			 report->code, *enhanced ? " " : "", enhanced, (int)code);
		log_line(LOG_FAULT, "mail.failed", "result=%s %s", service_result_names[result],
			 report->detail);
	}
	return result;
}

enum service_result mail_send(const struct config *config, const struct mail *mail,
			      struct service_report *report)
{
	struct delivery d = { .config = config, .mail = mail };
	enum service_result result = SERVICE_PERMANENT;

	*report = (struct service_report){ 0 };
	if (!*config_text(config, "smtp_url")) {
		snprintf(report->detail, sizeof(report->detail), "no smtp_url in the config");
		return SERVICE_ALARM;
	}
	d.curl = curl_easy_init();
	d.mime = d.curl ? curl_mime_init(d.curl) : NULL;
	if (!d.mime)
		die("libcurl: no memory");
	if (add_message(&d)) {
		set_limits(&d);
		set_server(&d);
		result = perform(&d, report);
	} else {
		snprintf(report->detail, sizeof(report->detail), "not fit for a header");
	}
	curl_mime_free(d.mime);
	curl_slist_free_all(d.header);
	curl_slist_free_all(d.to);
	curl_easy_cleanup(d.curl); /* says QUIT, and hears an answer */
	buffer_release(&d.reply);
	return result;
}
