/* faceid.c: stands in for the face identity service on the wire. */
#include "faceid.h"

#include "base/die.h"
#include "base/digest.h"

#define API_VERSION "2018-03-01"

void faceid_answer(struct core *s, json_t *response)
{
	uint8_t random[16];
	char id[2 * sizeof(random) + 1];

	random_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), id);
	if (!response || json_object_set_new(response, "RequestId", json_string(id)))
		die("no JSON to answer with");
	core_json(s, json_pack("{s:o}", "Response", response));
}

/* Errors come with status 200. */
void faceid_error(struct core *s, const char *code, const char *message)
{
	faceid_answer(s, json_pack("{s:{s:s, s:s}}", "Error", "Code", code, "Message", message));
}

static const char *header(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static const struct {
	const char *word, *code;
} errors[] = {
	{ "expire", "AuthFailure.SignatureExpire" },
	{ "busy", "RequestLimitExceeded" },
	{ "internal", "InternalError.UnKnown" },
	{ "arrears", "UnauthorizedOperation.Arrears" },
};

static bool plays(struct core *s, const char *fault)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (!strcmp(errors[i].word, fault)) {
			faceid_error(s, errors[i].code, "演示的故障。");
			return true;
		}
	return core_play(s, fault);
}

static void call(struct core *s)
{
	const struct buffer *body = &s->request->body;
	const char *action = header("HTTP_X_TC_ACTION"), *wrong = faceid_signature_error(s);
	bool detect = !strcmp(action, "DetectAuth");
	json_t *asked = json_loadb(buffer_text(body), body->len, JSON_REJECT_DUPLICATES, NULL);
	char fault[21];

	core_fault(s, detect ? "detect" : "info", fault);
	if (plays(s, fault))
		goto out;
	if (wrong)
		faceid_error(s, wrong, "签名错误。");
	else if (strcmp(header("HTTP_X_TC_VERSION"), API_VERSION) != 0)
		faceid_error(s, "NoSuchVersion", "接口版本不存在。");
	else if (!json_is_object(asked))
		faceid_error(s, "InvalidParameter", "不是 JSON。");
	else if (detect)
		faceid_detect(s, asked);
	else if (!strcmp(action, "GetDetectInfoEnhanced"))
		faceid_info(s, asked, fault);
	else
		faceid_error(s, "InvalidAction", "接口不存在。");
out:
	json_decref(asked);
}

static const struct {
	const char *path;
	enum request_method method;
	void (*answer)(struct core *);
} routes[] = {
	{ "", METHOD_POST, call },
	{ "/", METHOD_POST, call },
	{ "/h5", METHOD_GET, faceid_page },
	{ "/h5", METHOD_POST, faceid_choose },
	{ "/faults", METHOD_GET, core_set_faults },
};

static bool raw(const struct request *r)
{
	return strcmp(r->path_info, "/h5") != 0;
}

int main(void)
{
	struct core s;

	if (!core_open(&s, "faceid", raw))
		core_close(&s);
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
		if (!strcmp(routes[i].path, s.request->path_info) &&
		    routes[i].method == s.request->method) {
			routes[i].answer(&s);
			core_close(&s);
		}
	core_text(&s, 404, "no such interface\n");
	core_close(&s);
}
