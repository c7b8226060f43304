/* faceid.c: the calls of the face identity service. */
#include "service/faceid.h"

#include <inttypes.h>
#include <jansson.h>
#include <time.h>

#include "base/die.h"
#include "base/log.h"
#include "base/utf8.h"
#include "service/http.h"
#include "service/tc3.h"

#define API_VERSION "2018-03-01"
#define JSON_TYPE "application/json; charset=utf-8"
#define SESSION_ANSWER_MAX (64 * 1024)
#define HEADERS 4

bool faceid_account_read(const struct config *config, struct faceid_account *a)
{
	*a = (struct faceid_account){
		.secret_id = config_text(config, "faceid_secret_id"),
		.secret_key = config_text(config, "faceid_secret_key"),
		.rule_id = config_text(config, "faceid_rule_id"),
		.url = config_text(config, "faceid_api_url"),
	};
	return *a->secret_id && *a->secret_key && *a->rule_id;
}

/* Host and port of the address, as they stand in the Host header. */
static void put_host(struct buffer *out, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	buffer_add(out, host, strcspn(host, "/"));
}

static enum http_result post(const struct faceid_account *a, const char *action, const char *text,
			     size_t answer_max, struct http_answer *http)
{
	struct buffer host = BUFFER_INIT, authorization = BUFFER_INIT;
	char action_line[64], time_line[48];
	const char *header[HEADERS] = { NULL, action_line, time_line,
					"X-TC-Version: " API_VERSION };
	struct tc3_request tc3 = {
		.service = "faceid",
		.content_type = JSON_TYPE,
		.action = action,
		.body = text,
		.body_len = strlen(text),
		.time = time(NULL),
	};
	const struct http_request request = {
		.url = a->url,
		.type = JSON_TYPE,
		.body = text,
		.body_len = strlen(text),
		.header = header,
		.header_count = HEADERS,
		.body_max = answer_max,
	};
	enum http_result sent;

	put_host(&host, a->url);
	tc3.host = host.data;
	buffer_puts(&authorization, "Authorization: ");
	tc3_authorization(&tc3, a->secret_id, a->secret_key, &authorization);
	header[0] = authorization.data;
	snprintf(action_line, sizeof(action_line), "X-TC-Action: %s", action);
	snprintf(time_line, sizeof(time_line), "X-TC-Timestamp: %" PRId64, tc3.time);
	sent = http_ask(&request, http);
	buffer_wipe(&authorization);
	buffer_release(&host);
	return sent;
}

/* SERVICE_OK: the service's programs answered, be it with an error. */
static enum service_result call(const struct faceid_account *a, const char *action, json_t *body,
				size_t answer_max, struct http_answer *http,
				struct service_report *report)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	enum http_result sent;

	if (!text)
		die("no JSON for %s", action);
	memset(report, 0, sizeof(*report));
	sent = post(a, action, text, answer_max, http);
	explicit_bzero(text, strlen(text));
	free(text);
	json_decref(body);
	return sent == HTTP_OK && http->status == 200 ?
		       SERVICE_OK :
		       service_no_answer(sent, http->status, report);
}

static void log_failure(const char *action, enum service_result result,
			const struct service_report *report)
{
	if (result != SERVICE_OK)
		log_line(LOG_FAULT, "faceid.call", "action=%s result=%s %s", action,
			 service_result_names[result], report->detail);
}

static bool is_ref(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= FACEID_REF_MAX && !text[n];
}

/* What of our own data the service would refuse, or NULL. */
static const char *fault_of(const struct faceid_subject *who, const char *redirect_url)
{
	if (!*who->name || !utf8_valid(who->name, strlen(who->name)) ||
	    utf8_length(who->name) > FACEID_NAME_MAX)
		return "field=name";
	if (strlen(who->id_number) != 18)
		return "field=id_number";
	if (!is_ref(who->ref))
		return "field=ref";
	return strlen(redirect_url) <= FACEID_URL_MAX ? NULL : "field=redirect_url";
}

enum service_result faceid_start(const struct faceid_account *a, const struct faceid_subject *who,
				 const char *redirect_url, struct faceid_session *session,
				 struct service_report *report)
{
	const char *fault = fault_of(who, redirect_url);
	struct http_answer http;
	enum service_result result;

	if (fault) {
		*report = (struct service_report){ 0 };
		snprintf(report->detail, sizeof(report->detail), "%s", fault);
		return SERVICE_PERMANENT;
	}
	result = call(a, "DetectAuth",
		      json_pack("{s:s, s:s, s:s, s:s, s:s}", "RuleId", a->rule_id, "Name",
				who->name, "IdCard", who->id_number, "RedirectUrl", redirect_url,
				"Extra", who->ref),
		      SESSION_ANSWER_MAX, &http, report);
	if (result == SERVICE_OK)
		result = faceid_read_session(buffer_text(&http.body), http.body.len, session,
					     report);
	buffer_wipe(&http.body);
	log_failure("DetectAuth", result, report);
	return result;
}

enum service_result faceid_fetch(const struct faceid_account *a, const char *token,
				 const struct faceid_subject *expected,
				 struct faceid_finding *finding, struct service_report *report)
{
	struct http_answer http;
	enum service_result result = call(a, "GetDetectInfoEnhanced",
					  json_pack("{s:s, s:s, s:s, s:i}", "BizToken", token,
						    "RuleId", a->rule_id, "InfoType", "13",
						    "BestFramesCount", 0),
					  FACEID_ANSWER_MAX, &http, report);

	if (result == SERVICE_OK)
		result = faceid_read(buffer_text(&http.body), http.body.len, expected, finding,
				     report);
	buffer_wipe(&http.body);
	log_failure("GetDetectInfoEnhanced", result, report);
	return result;
}
