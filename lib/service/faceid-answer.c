/* faceid-answer.c: what the face identity service's answers say; no network. */
#include "service/faceid.h"

#include <jansson.h>
#include <strings.h>

#include "base/base64.h"
#include "base/die.h"
#include "base/utf8.h"

#define CODE_MAX 60 /* characters of an error's name */

const char *const faceid_outcome_names[FACEID_OUTCOME_COUNT] = {
	[FACEID_PENDING] = "pending",
	[FACEID_PASSED] = "passed",
	[FACEID_FAILED] = "failed",
	[FACEID_REVIEW] = "review",
};

const char *const faceid_doubt_names[FACEID_DOUBT_COUNT] = {
	[FACEID_NO_DOUBT] = "none",
	[FACEID_DOUBT_STATUS] = "status",
	[FACEID_DOUBT_PERSON] = "person",
	[FACEID_DOUBT_REF] = "ref",
	[FACEID_DOUBT_SIMILARITY] = "similarity",
	[FACEID_DOUBT_FRAME] = "frame",
};

/* By the name in Response.Error.Code, or by what stands before its dot: the
 * first row that fits. Other names are an alarm for the operator. */
static const struct {
	const char *code;
	enum service_result result;
} meanings[] = {
	{ "InvalidParameterValue.RuleIdNotExist", SERVICE_ALARM },
	{ "InvalidParameterValue.RuleIdDisabled", SERVICE_ALARM },
	{ "InvalidParameter.RuleId", SERVICE_ALARM },
	{ "InvalidParameterValue", SERVICE_PERMANENT }, /* this name, number or token */
	{ "InvalidParameter", SERVICE_PERMANENT },
	{ "RequestLimitExceeded", SERVICE_RETRY_LATER },
	{ "InternalError", SERVICE_RETRY_LATER },
	{ "FailedOperation", SERVICE_RETRY_LATER },
	{ "AuthFailure", SERVICE_ALARM }, /* key, clock or signature */
	{ "UnauthorizedOperation", SERVICE_ALARM }, /* not ordered, not paid */
};

static enum service_result meaning(const char *code)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
		size_t n = strlen(meanings[i].code);

		if (!strncmp(code, meanings[i].code, n) && (!code[n] || code[n] == '.'))
			return meanings[i].result;
	}
	return SERVICE_ALARM;
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* How much of a text is of these characters. */
static int plain(const char *text, size_t max)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				"0123456789.-");

	return (int)(n < max ? n : max);
}

static enum service_result nonsense(size_t n, struct service_report *report)
{
	snprintf(report->detail, sizeof(report->detail), "nonsense of %zu bytes", n);
	return SERVICE_UNKNOWN;
}

/* The Response object, borrowed from *whole, which is the caller's; NULL with
 * what the answer means instead. Error messages may quote what we sent. */
static const json_t *open_answer(const char *text, size_t n, json_t **whole,
				 enum service_result *result, struct service_report *report)
{
	const json_t *response, *error;
	const char *code, *request;

	memset(report, 0, sizeof(*report));
	*whole = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	response = json_object_get(*whole, "Response");
	error = json_object_get(response, "Error");
	code = text_at(error, "Code");
	request = text_at(response, "RequestId");
	snprintf(report->reference, sizeof(report->reference), "%.*s",
		 plain(request, sizeof(report->reference) - 1), request);
	*result = SERVICE_OK;
	if (json_is_object(response) && !error)
		return response;
	if (!*code) {
		*result = nonsense(n, report);
		return NULL;
	}
	*result = meaning(code);
	snprintf(report->detail, sizeof(report->detail), "code=%.*s request=%s",
		 plain(code, CODE_MAX), code, report->reference);
	return NULL;
}

static bool url_good(const char *url)
{
	bool https = !strncmp(url, "https://", 8);
	bool local = !strncmp(url, "http://127.0.0.1", 16) && strchr(":/", url[16]);
	size_t n = strlen(url);

	for (size_t i = 0; i < n; i++)
		if (url[i] <= ' ' || url[i] > '~')
			return false;
	return (https || local) && n <= FACEID_URL_MAX;
}

static bool token_good(const char *token)
{
	size_t n = strlen(token);

	return n && n <= FACEID_TOKEN_MAX && (size_t)plain(token, n) == n;
}

enum service_result faceid_read_session(const char *json, size_t n, struct faceid_session *session,
					struct service_report *report)
{
	enum service_result result;
	json_t *whole;
	const json_t *response = open_answer(json, n, &whole, &result, report);
	const char *token = text_at(response, "BizToken"), *url = text_at(response, "Url");

	memset(session, 0, sizeof(*session));
	if (response && (!token_good(token) || !url_good(url))) {
		result = nonsense(n, report);
	} else if (response) {
		snprintf(session->token, sizeof(session->token), "%s", token);
		snprintf(session->url, sizeof(session->url), "%s", url);
	}
	json_decref(whole);
	return result;
}

void faceid_finding_init(struct faceid_finding *f)
{
	*f = (struct faceid_finding){ .code = FACEID_NULL,
				      .live_code = FACEID_NULL,
				      .compare_code = FACEID_NULL,
				      .similarity = FACEID_NULL };
}

void faceid_finding_release(struct faceid_finding *f)
{
	buffer_wipe(&f->text);
	buffer_wipe(&f->frame);
	faceid_finding_init(f);
}

/* A code that is a number or null; false for anything else. */
static bool read_code(const json_t *object, const char *key, int64_t *out)
{
	const json_t *value = json_object_get(object, key);

	*out = json_is_integer(value) ? (int64_t)json_integer_value(value) : FACEID_NULL;
	return !value || json_is_null(value) || (json_is_integer(value) && *out >= 0);
}

/* "97.31" in hundredths; FACEID_NULL for any text but a number from 0 to 100. */
static int read_similarity(const char *text)
{
	size_t whole = strspn(text, "0123456789");
	const char *point = text + whole;
	size_t part = *point == '.' ? strspn(point + 1, "0123456789") : 0;
	int value = 0;

	if (!whole || whole > 3 || (*point == '.' && !part) || *(point + (*point == '.') + part))
		return FACEID_NULL;
	for (size_t i = 0; i < whole; i++)
		value = 10 * value + text[i] - '0';
	for (size_t i = 1; i <= 2; i++)
		value = 10 * value + (i <= part ? point[i] - '0' : 0);
	return value <= 10000 ? value : FACEID_NULL;
}

static void read_attempts(const json_t *text, struct faceid_finding *f)
{
	const json_t *list = json_object_get(text, "LivenessDetail");

	f->attempts = (int)json_array_size(list);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *charged = json_object_get(json_array_get(list, i), "IsNeedCharge");

		f->charged |= json_is_true(charged) || json_integer_value(charged) == 1;
	}
}

static void keep_text(const json_t *text, struct faceid_finding *f)
{
	const char *library = text_at(text, "CompareLibType");
	char *dump = json_dumps(text, JSON_COMPACT | JSON_SORT_KEYS);

	if (!dump)
		die("json_dumps failed");
	buffer_puts(&f->text, dump);
	explicit_bzero(dump, strlen(dump));
	free(dump);
	if (strlen(library) < sizeof(f->compared_with) && !utf8_has_control(library, false))
		snprintf(f->compared_with, sizeof(f->compared_with), "%s", library);
}

/* A JPEG from its first marker to its last (ITU-T T.81 B.1): segments up to the
 * start of a scan, and an end of image where the bytes end. It is not
 * decoded here; a decoder walks it as any other picture. */
static bool is_jpeg(const struct buffer *b)
{
	const uint8_t *bytes = (const uint8_t *)b->data;
	size_t at = 2;

	if (b->len < 4 || memcmp(bytes, "\xff\xd8", 2) != 0 ||
	    memcmp(bytes + b->len - 2, "\xff\xd9", 2) != 0)
		return false;
	while (at + 4 <= b->len && bytes[at] == 0xff && bytes[at + 1] >= 0xc0 &&
	       bytes[at + 1] != 0xd9) {
		size_t length = (size_t)bytes[at + 2] << 8 | bytes[at + 3];

		if (length < 2 || at + 2 + length > b->len - 2)
			return false;
		if (bytes[at + 1] == 0xda)
			return true;
		at += 2 + length;
	}
	return false;
}

/* Whether the frame is absent or a good one, which is then kept. */
static bool read_frame(const json_t *response, struct faceid_finding *f)
{
	const json_t *value = json_object_get(json_object_get(response, "BestFrame"), "BestFrame");
	const char *text = json_string_value(value);
	size_t n = json_string_length(value);

	if (!value || json_is_null(value) || (text && !n))
		return true;
	if (text && n <= (FACEID_FRAME_MAX + 2) / 3 * 4 && base64_decode(&f->frame, text, n) &&
	    f->frame.len <= FACEID_FRAME_MAX && is_jpeg(&f->frame))
		return true;
	buffer_wipe(&f->frame);
	return false;
}

/* For a check that the service calls passed: what speaks against it. */
static enum faceid_doubt doubt_of(const struct faceid_finding *f, const json_t *text,
				  const struct faceid_subject *expected, bool frame_good)
{
	if (f->live_code != 0 || f->compare_code != 0)
		return FACEID_DOUBT_STATUS;
	if (strcasecmp(text_at(text, "IdCard"), expected->id_number) != 0 ||
	    !utf8_same(text_at(text, "Name"), expected->name))
		return FACEID_DOUBT_PERSON;
	if (strcmp(text_at(text, "Extra"), expected->ref) != 0)
		return FACEID_DOUBT_REF;
	if (f->similarity == FACEID_NULL)
		return FACEID_DOUBT_SIMILARITY;
	return frame_good ? FACEID_NO_DOUBT : FACEID_DOUBT_FRAME;
}

static void decide(struct faceid_finding *f, const json_t *text,
		   const struct faceid_subject *expected, bool frame_good)
{
	if (f->code == FACEID_NULL) {
		f->outcome = FACEID_PENDING;
	} else if (f->code != 0) {
		f->outcome = FACEID_FAILED;
	} else {
		f->doubt = doubt_of(f, text, expected, frame_good);
		f->outcome = f->doubt == FACEID_NO_DOUBT ? FACEID_PASSED : FACEID_REVIEW;
	}
}

enum service_result faceid_read(const char *json, size_t n, const struct faceid_subject *expected,
				struct faceid_finding *f, struct service_report *report)
{
	enum service_result result;
	json_t *whole;
	const json_t *response = open_answer(json, n, &whole, &result, report);
	const json_t *text = json_object_get(response, "Text");

	faceid_finding_release(f);
	if (!response)
		goto out;
	if (!*expected->name || !*expected->id_number || !*expected->ref)
		die("a face identity check without a person");
	if (!json_is_object(text) && !json_is_null(text))
		result = nonsense(n, report);
	else if (!read_code(text, "ErrCode", &f->code) ||
		 !read_code(text, "LiveStatus", &f->live_code) ||
		 !read_code(text, "Comparestatus", &f->compare_code))
		result = nonsense(n, report);
	if (result != SERVICE_OK || json_is_null(text))
		goto out;
	f->similarity = read_similarity(text_at(text, "Sim"));
	read_attempts(text, f);
	keep_text(text, f);
	decide(f, text, expected, read_frame(response, f));
out:
	if (result != SERVICE_OK)
		faceid_finding_release(f);
	json_decref(whole);
	return result;
}
