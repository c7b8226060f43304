/* nuonuo-answer.c: what Nuonuo's answers say; no network. */
#include "service/nuonuo.h"

#include "base/die.h"
#include "base/utf8.h"
#include "service/invoice-tax.h"

#define CODE_MAX 20
#define URL_SAFE \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"

/* Codes by their beginning; the first row that fits. */
static const struct {
	const char *prefix;
	enum nuonuo_meaning meaning;
	enum service_result result;
} meanings[] = {
	{ NUONUO_OK, NUONUO_DONE, SERVICE_OK },
	{ "E9106", NUONUO_DUPLICATE, SERVICE_PERMANENT },
	{ "E9500", NUONUO_ABSENT, SERVICE_PERMANENT },
	{ "E9", NUONUO_OTHER, SERVICE_PERMANENT }, /* what was asked is refused */
	{ "070301", NUONUO_STALE, SERVICE_ALARM },
	{ "070302", NUONUO_STALE, SERVICE_ALARM },
	{ "070303", NUONUO_STALE, SERVICE_ALARM },
	{ "0703", NUONUO_OTHER, SERVICE_ALARM }, /* credentials; 070306: no more tokens */
	{ "0701", NUONUO_OTHER, SERVICE_ALARM },
};

/* By the provider's numbers. 21 has its number already, but no file yet. */
static const struct {
	const char *status;
	enum invoice_state state;
} states[] = {
	{ "2", INVOICE_ISSUED },   { "20", INVOICE_PENDING }, { "21", INVOICE_PENDING },
	{ "22", INVOICE_FAILED },  { "24", INVOICE_AGAIN },   { "3", INVOICE_VOID },
	{ "31", INVOICE_VOIDING },
};

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static enum service_result nonsense(const char *what, struct service_report *report)
{
	snprintf(report->detail, sizeof(report->detail), "nonsense: %s", what);
	return SERVICE_UNKNOWN;
}

/* The words beside a code may quote the buyer: only the code is told. */
static void tell_code(const char *code, struct service_report *report)
{
	size_t n = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	snprintf(report->detail, sizeof(report->detail), "code=%.*s",
		 (int)(n < CODE_MAX ? n : CODE_MAX), code);
}

enum service_result nuonuo_read(const char *text, size_t n, struct nuonuo_answer *answer,
				struct service_report *report)
{
	json_t *whole = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	const char *code = text_at(whole, "code");
	enum service_result result = SERVICE_ALARM;

	memset(report, 0, sizeof(*report));
	*answer = (struct nuonuo_answer){ NULL, NUONUO_OTHER };
	if (!*code) {
		result = nonsense("no code", report);
		goto out;
	}
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (!strncmp(code, meanings[i].prefix, strlen(meanings[i].prefix))) {
			answer->meaning = meanings[i].meaning;
			result = meanings[i].result;
			break;
		}
	if (answer->meaning == NUONUO_DONE)
		answer->result = json_incref(json_object_get(whole, "result"));
	else
		tell_code(code, report);
	if (answer->meaning == NUONUO_DONE && !answer->result) {
		answer->meaning = NUONUO_OTHER;
		result = nonsense("no result", report);
	}
out:
	json_decref(whole);
	return result;
}

static bool is_of(const char *text, const char *characters, size_t min, size_t max)
{
	size_t n = strspn(text, characters);

	return n >= min && n <= max && !text[n];
}

static bool is_serial(const char *text)
{
	return is_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 1,
		     INVOICE_SERIAL_MAX);
}

enum service_result nuonuo_read_serial(const json_t *result, struct service_report *report)
{
	const char *serial = text_at(result, "invoiceSerialNum");

	if (!is_serial(serial) || strlen(serial) >= sizeof(report->reference))
		return nonsense("no serial number", report);
	snprintf(report->reference, sizeof(report->reference), "%s", serial);
	return SERVICE_OK;
}

/* The row of that order; a provider that mixes up orders is not believed. */
static const json_t *find(const json_t *result, const char *order_no)
{
	for (size_t i = 0; i < json_array_size(result); i++) {
		const json_t *row = json_array_get(result, i);

		if (!strcmp(text_at(row, "orderNo"), order_no))
			return row;
	}
	return NULL;
}

/* Milliseconds, as a number or as text. */
static int64_t seconds_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);

	if (text && is_of(text, "0123456789", 1, 15))
		return strtoll(text, NULL, 10) / 1000;
	return json_is_integer(value) && json_integer_value(value) > 0 ?
		       json_integer_value(value) / 1000 :
		       0;
}

static void read_amounts(const json_t *row, struct invoice_status *status)
{
	int64_t net, tax;

	if (!invoice_fen(text_at(row, "exTaxAmount"), &net) ||
	    !invoice_fen(text_at(row, "taxAmount"), &tax))
		return;
	status->total_fen = net + tax;
	status->tax_fen = tax;
}

/* As much of a text as there is room for, cut between characters. */
static void copy_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(text) < size ? strlen(text) : size - 1;

	while (n && ((uint8_t)text[n] & 0xc0) == 0x80)
		n--;
	snprintf(out, size, "%.*s", (int)n, text);
}

static bool read_issued(const json_t *row, struct invoice_status *status)
{
	const char *number = text_at(row, "allElectronicInvoiceNumber");
	const char *url = text_at(row, "pdfUrl");

	if (!is_of(number, "0123456789", INVOICE_NUMBER_LEN, INVOICE_NUMBER_LEN) ||
	    !is_of(url, URL_SAFE, 1, INVOICE_URL_MAX))
		return false;
	snprintf(status->number, sizeof(status->number), "%s", number);
	snprintf(status->pdf_url, sizeof(status->pdf_url), "%s", url);
	status->issued_at = seconds_at(row, "invoiceTime");
	return status->issued_at > 0;
}

enum service_result nuonuo_read_status(const json_t *result, const char *order_no,
				       struct invoice_status *status, struct service_report *report)
{
	const json_t *row = find(result, order_no);
	const char *serial = text_at(row, "serialNo"), *number = text_at(row, "status");

	memset(status, 0, sizeof(*status));
	if (!row && json_is_array(result) && !json_array_size(result))
		return SERVICE_OK; /* INVOICE_ABSENT */
	if (!row || !is_serial(serial))
		return nonsense("no such order", report);
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(states[i].status, number))
			status->state = states[i].state;
	snprintf(status->serial, sizeof(status->serial), "%s", serial);
	if (status->state == INVOICE_FAILED || status->state == INVOICE_AGAIN)
		copy_text(status->reason, sizeof(status->reason), text_at(row, "failCause"));
	read_amounts(row, status);
	if (status->state == INVOICE_ABSENT)
		return nonsense("no such status", report);
	if (status->state == INVOICE_ISSUED && !read_issued(row, status))
		return nonsense("issued without number, time or file", report);
	return SERVICE_OK;
}

static int64_t life_at(const json_t *object)
{
	const json_t *value = json_object_get(object, "expires_in");
	const char *text = json_string_value(value);

	if (text)
		return is_of(text, "0123456789", 1, 12) ? strtoll(text, NULL, 10) : 0;
	return json_integer_value(value);
}

enum service_result nuonuo_read_token(const char *text, size_t n, struct buffer *token,
				      int64_t *life_s, struct service_report *report)
{
	json_t *whole = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	const char *error = text_at(whole, "error"), *given = text_at(whole, "access_token");
	enum service_result result = SERVICE_OK;

	memset(report, 0, sizeof(*report));
	if (*error) {
		tell_code(error, report);
		result = SERVICE_ALARM;
	} else if (!*given) {
		result = nonsense("no token", report);
	} else {
		buffer_puts(token, given);
		*life_s = life_at(whole);
	}
	json_decref(whole);
	return result;
}
