/* invoice-file.c: fetches an invoice's PDF from where its provider keeps it. */
#include "service/invoice.h"

#include <strings.h>

#include "base/log.h"
#include "service/http.h"

/* Whether a host is that of the list's word: "a.cn", or "*.a.cn" for those
 * under it. */
static bool word_allows(const char *word, size_t word_len, const char *host, size_t host_len)
{
	bool under = word_len > 2 && word[0] == '*' && word[1] == '.';

	if (!under)
		return word_len == host_len && !strncasecmp(word, host, host_len);
	word++;
	word_len--;
	return host_len > word_len && !strncasecmp(word, host + host_len - word_len, word_len);
}

static bool host_allowed(const char *list, const char *host, size_t n)
{
	while (*(list += strspn(list, " "))) {
		size_t word = strcspn(list, " ");

		if (word_allows(list, word, host, n))
			return true;
		list += word;
	}
	return false;
}

/* The host of a URL without user, escapes or other odd characters in its host;
 * NULL for any other URL. */
static const char *host_of(const char *url, size_t *n)
{
	const char *host = strstr(url, "://");

	if (!host || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
		return NULL;
	host += 3;
	*n = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	if (!*n || !host[*n] || !strchr(":/", host[*n]))
		return NULL;
	if (host[*n] == ':' && host[*n + 1 + strspn(host + *n + 1, "0123456789")] != '/')
		return NULL;
	return host;
}

static enum service_result refuse(const char *why, struct service_report *report)
{
	snprintf(report->detail, sizeof(report->detail), "%s", why);
	return SERVICE_PERMANENT;
}

/* Plain http is let through by http.c for loopback alone. */
static enum service_result fetch(const char *url, struct buffer *pdf, struct service_report *report)
{
	struct http_answer http;
	enum http_result sent = http_get(url, INVOICE_PDF_MAX, &http);
	enum service_result result = SERVICE_OK;

	if (sent == HTTP_TOO_LARGE)
		result = refuse("too large", report);
	else if (sent != HTTP_OK || http.status != 200)
		result = service_no_answer(sent, http.status, report);
	else if (http.body.len < 5 || memcmp(http.body.data, "%PDF-", 5) != 0)
		result = refuse("no PDF", report);
	else
		buffer_add(pdf, http.body.data, http.body.len);
	buffer_wipe(&http.body);
	return result;
}

enum service_result invoice_download(const struct invoice_account *a, const char *url,
				     struct buffer *pdf, struct service_report *report)
{
	size_t n;
	const char *host = host_of(url, &n);
	enum service_result result;

	memset(report, 0, sizeof(*report));
	if (!host || !host_allowed(config_text(a->config, "invoice_pdf_hosts"), host, n))
		result = refuse("host not in invoice_pdf_hosts", report);
	else
		result = fetch(url, pdf, report);
	if (result != SERVICE_OK)
		log_line(LOG_FAULT, "invoice.download", "result=%s %s",
			 service_result_names[result], report->detail);
	return result;
}
