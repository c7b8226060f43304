/* wechatpay-fetch.c: the bill of a day and the platform certificates. */
#include "service/wechatpay.h"

#include "base/alloc.h"
#include "base/digest.h"
#include "service/wechatpay-call.h"

#define CERTIFICATES_ANSWER_MAX (256 * 1024)
#define DAY_LEN 10

/* Where the bill lies and what it must be. */
struct place {
	const char *url, *hash_type, *hash;
};

static bool place_good(const struct place *p)
{
	return p->url && strlen(p->url) <= WECHATPAY_URL_MAX * 4 && p->hash_type &&
	       !strcmp(p->hash_type, "SHA1") && p->hash && strlen(p->hash) == 2 * (size_t)SHA1_SIZE;
}

static bool hash_right(const struct buffer *csv, const char *hash)
{
	uint8_t wanted[SHA1_SIZE], found[SHA1_SIZE];

	digest_sha1(buffer_text(csv), csv->len, found);
	return hex_decode(hash, wanted, sizeof(wanted)) &&
	       equal_secrets(wanted, found, sizeof(found));
}

/* This answer alone bears no signature; the hash, which did, stands for it. */
static enum service_result download(const struct wechatpay_merchant *m, const struct place *p,
				    struct buffer *csv, struct wechatpay_report *report)
{
	struct wechatpay_answer answer;
	enum service_result result;

	wechatpay_send(m, p->url, NULL, WECHATPAY_BILL_MAX, &answer);
	if (answer.sent == HTTP_OK && answer.http.status == 200) {
		bool right = hash_right(&answer.http.body, p->hash);

		result = wechatpay_meaning(&answer, right ? WECHATPAY_VERIFIED : WECHATPAY_FORGED,
					   report);
		if (right)
			buffer_add(csv, buffer_text(&answer.http.body), answer.http.body.len);
	} else {
		result = wechatpay_meaning(&answer, wechatpay_judge(m->keys, &answer), report);
		/* 202 and 204 bring no bill. */
		if (result == SERVICE_OK)
			result = wechatpay_nonsense("no_bill", report);
	}
	wechatpay_log("bill_download", result, report);
	buffer_release(&answer.http.body);
	return result;
}

static bool is_day(const char *day)
{
	static const char shape[] = "0000-00-00";

	if (strlen(day) != DAY_LEN)
		return false;
	for (size_t i = 0; i < DAY_LEN; i++)
		if (shape[i] == '0' ? day[i] < '0' || day[i] > '9' : day[i] != '-')
			return false;
	return true;
}

enum service_result wechatpay_bill(const struct wechatpay_merchant *m, const char *day,
				   struct buffer *csv, struct wechatpay_report *report)
{
	struct buffer answer = BUFFER_INIT;
	enum service_result result;
	char *path;

	if (!is_day(day))
		return wechatpay_refuse("day", report);
	path = xprintf("/v3/bill/tradebill?bill_date=%s&bill_type=ALL", day);
	result = wechatpay_call(m, "bill", path, NULL, &answer, report);
	if (result == SERVICE_OK && report->reason == WECHATPAY_REASON_NONE) {
		json_t *json = json_loadb(buffer_text(&answer), answer.len, JSON_REJECT_DUPLICATES,
					  NULL);
		const struct place p = {
			json_string_value(json_object_get(json, "download_url")),
			json_string_value(json_object_get(json, "hash_type")),
			json_string_value(json_object_get(json, "hash_value")),
		};

		result = place_good(&p) ? download(m, &p, csv, report) :
					  wechatpay_nonsense("download_url", report);
		json_decref(json);
	}
	free(path);
	buffer_release(&answer);
	return result;
}

static bool open_certificate(const struct wechatpay_merchant *m, const json_t *item,
			     struct wechatpay_keys *keys, struct wechatpay_certificate *out)
{
	const json_t *sealed = json_object_get(item, "encrypt_certificate");
	const char *serial = json_string_value(json_object_get(item, "serial_no"));
	const char *nonce = json_string_value(json_object_get(sealed, "nonce"));
	const char *aad = json_string_value(json_object_get(sealed, "associated_data"));
	const char *text = json_string_value(json_object_get(sealed, "ciphertext"));
	struct buffer pem = BUFFER_INIT;
	bool good;

	good = serial && nonce && text &&
	       wechatpay_open_seal(m->apiv3_key, nonce, aad ? aad : "", text, strlen(text), &pem) ==
		       WECHATPAY_SEAL_OK &&
	       wechatpay_keys_add_certificate(keys, buffer_text(&pem), &out->validity) ==
		       WECHATPAY_KEY_OK &&
	       !strcmp(out->validity.serial, serial);
	if (good)
		out->pem = buffer_detach(&pem);
	buffer_release(&pem);
	return good;
}

/* All of them or none. */
static bool open_all(const struct wechatpay_merchant *m, const struct buffer *body,
		     struct wechatpay_keys *keys, struct wechatpay_certificates *out)
{
	json_t *json = json_loadb(buffer_text(body), body->len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *data = json_object_get(json, "data");
	size_t count = json_array_size(data);
	bool good = count > 0 && count <= WECHATPAY_KEYS_MAX;

	for (size_t i = 0; i < count && good; i++) {
		good = open_certificate(m, json_array_get(data, i), keys,
					&out->certificate[out->count]);
		out->count += good;
	}
	json_decref(json);
	return good;
}

enum service_result wechatpay_fetch_certificates(const struct wechatpay_merchant *m,
						 struct wechatpay_certificates *out,
						 struct wechatpay_report *report)
{
	char *url = xprintf("%s/v3/certificates", config_text(m->config, "wechatpay_api_url"));
	struct wechatpay_keys *keys = wechatpay_keys_new();
	struct wechatpay_answer answer;
	enum wechatpay_verdict verdict;
	enum service_result result;
	bool opened;

	memset(out, 0, sizeof(*out));
	wechatpay_send(m, url, NULL, CERTIFICATES_ANSWER_MAX, &answer);
	opened = answer.sent == HTTP_OK && answer.http.status == 200 &&
		 open_all(m, &answer.http.body, keys, out);
	verdict = wechatpay_judge(keys, &answer);
	/* Who has the public key already is answered with that. */
	if (verdict == WECHATPAY_UNKNOWN_SERIAL)
		verdict = wechatpay_judge(m->keys, &answer);
	result = wechatpay_meaning(&answer, verdict, report);
	if (result == SERVICE_OK && !opened)
		result = wechatpay_nonsense("certificates", report);
	if (result != SERVICE_OK)
		wechatpay_certificates_release(out);
	wechatpay_log("certificates", result, report);
	wechatpay_keys_free(keys);
	buffer_release(&answer.http.body);
	free(url);
	return result;
}

void wechatpay_certificates_release(struct wechatpay_certificates *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->certificate[i].pem);
	memset(c, 0, sizeof(*c));
}
