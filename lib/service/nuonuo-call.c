/* nuonuo-call.c: calls of Nuonuo's interface, signed and with their token. */
#include "service/nuonuo.h"

#include <time.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/url.h"
#include "service/http.h"
#include "service/token.h"

#define ANSWER_MAX (256 * 1024)
#define NAME_SIZE 64
#define LIFE_MAX_S (10 * 366 * 86400) /* an app may have tokens without end */
#define OVERLAP_S 600
/* Tokens are few, some fifty in thirty days: no hasty second try. */
#define RETREAT_S 600
#define AGE_MIN_S 600
#define HEADERS 4

static enum service_result fetch(const void *context, struct buffer *token, int64_t *life_s,
				 struct service_report *report)
{
	const struct invoice_account *a = context;
	struct buffer form = BUFFER_INIT;
	struct http_answer http;
	enum service_result result;
	enum http_result sent;

	buffer_puts(&form, "client_id=");
	url_encode(&form, config_text(a->config, "nuonuo_app_key"));
	buffer_puts(&form, "&client_secret=");
	url_encode(&form, config_text(a->config, "nuonuo_app_secret"));
	buffer_puts(&form, "&grant_type=client_credentials");
	sent = http_post(config_text(a->config, "nuonuo_token_url"),
			 "application/x-www-form-urlencoded;charset=UTF-8", form.data, form.len,
			 ANSWER_MAX, &http);
	result = sent == HTTP_OK && http.status == 200 ?
			 nuonuo_read_token(buffer_text(&http.body), http.body.len, token, life_s,
					   report) :
			 service_no_answer(sent, http.status, report);
	buffer_wipe(&form);
	buffer_wipe(&http.body);
	if (result != SERVICE_OK)
		log_line(LOG_FAULT, "nuonuo.token", "result=%s %s", service_result_names[result],
			 report->detail);
	return result;
}

static struct token_source source_of(const struct invoice_account *a, char name[NAME_SIZE])
{
	if (snprintf(name, NAME_SIZE, "nuonuo:%s", config_text(a->config, "nuonuo_app_key")) >=
	    NAME_SIZE)
		die("nuonuo_app_key is too long");
	return (struct token_source){
		.name = name,
		.life_max_s = LIFE_MAX_S,
		.overlap_s = OVERLAP_S,
		.retreat_s = RETREAT_S,
		.age_min_s = AGE_MIN_S,
		.fetch = fetch,
		.context = a,
	};
}

static void make_stamp(struct nuonuo_stamp *stamp)
{
	uint8_t random[NUONUO_SENID_LEN / 2];
	uint32_t number;

	random_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), stamp->senid);
	random_bytes(&number, sizeof(number));
	snprintf(stamp->nonce, sizeof(stamp->nonce), "%08u", 10000000 + number % 90000000);
	stamp->time = time(NULL);
}

static void make_address(const struct invoice_account *a, const struct nuonuo_stamp *stamp,
			 struct buffer *out)
{
	buffer_printf(out, "%s?senid=%s&nonce=%s&timestamp=%lld&appkey=",
		      config_text(a->config, "nuonuo_api_url"), stamp->senid, stamp->nonce,
		      (long long)stamp->time);
	url_encode(out, config_text(a->config, "nuonuo_app_key"));
}

static enum http_result post(const char *address, const struct buffer line[HEADERS],
			     const char *text, struct http_answer *http)
{
	const char *header[HEADERS];
	const struct http_request request = {
		.url = address,
		.type = "application/json",
		.body = text,
		.body_len = strlen(text),
		.header = header,
		.header_count = HEADERS,
		.body_max = ANSWER_MAX,
	};

	for (size_t i = 0; i < HEADERS; i++)
		header[i] = line[i].data;
	return http_ask(&request, http);
}

static enum service_result send(const struct invoice_account *a, const char *method,
				const char *text, const char *token, struct nuonuo_answer *answer,
				struct service_report *report)
{
	struct buffer address = BUFFER_INIT, signature = BUFFER_INIT;
	struct buffer line[HEADERS] = { BUFFER_INIT, BUFFER_INIT, BUFFER_INIT, BUFFER_INIT };
	struct nuonuo_stamp stamp;
	enum service_result result;
	struct http_answer http;
	enum http_result sent;

	make_stamp(&stamp);
	make_address(a, &stamp, &address);
	nuonuo_sign(config_text(a->config, "nuonuo_app_key"),
		    config_text(a->config, "nuonuo_app_secret"), &stamp, text, &signature);
	buffer_printf(&line[0], "X-Nuonuo-Sign: %s", signature.data);
	buffer_printf(&line[1], "accessToken: %s", token);
	buffer_printf(&line[2], "userTax: %s", config_text(a->config, "invoice_seller_tax_number"));
	buffer_printf(&line[3], "method: %s", method);
	sent = post(address.data, line, text, &http);
	result = sent == HTTP_OK && http.status == 200 ?
			 nuonuo_read(buffer_text(&http.body), http.body.len, answer, report) :
			 service_no_answer(sent, http.status, report);
	buffer_release(&address);
	buffer_release(&signature);
	buffer_wipe(&http.body);
	for (size_t i = 0; i < HEADERS; i++)
		buffer_wipe(&line[i]);
	return result;
}

enum service_result nuonuo_call(const struct invoice_account *a, const char *method,
				const json_t *body, struct nuonuo_answer *answer,
				struct service_report *report)
{
	char name[NAME_SIZE], *text = json_dumps(body, JSON_COMPACT);
	struct token_source source = source_of(a, name);
	struct buffer token = BUFFER_INIT;
	enum service_result result = SERVICE_OK;
	bool again = true;
	int64_t generation;

	if (!text)
		die("json_dumps failed");
	for (int i = 0; i < 2 && again && result != SERVICE_RETRY_LATER; i++) {
		*answer = (struct nuonuo_answer){ NULL, NUONUO_OTHER };
		buffer_wipe(&token);
		result = token_take(a->db, a->vault, &source, &token, &generation, report);
		if (result == SERVICE_OK)
			result = send(a, method, text, token.data, answer, report);
		again = answer->meaning == NUONUO_STALE && token_drop(a->db, &source, generation);
	}
	if (result != SERVICE_OK)
		log_line(LOG_FAULT, "nuonuo.call", "method=%s result=%s %s", method,
			 service_result_names[result], report->detail);
	explicit_bzero(text, strlen(text));
	free(text);
	buffer_wipe(&token);
	return result;
}
