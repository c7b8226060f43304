/* nuonuo.c: stands in for the e-invoice provider on the wire. */
#include "nuonuo.h"

#include "base/die.h"

#define METHOD_PREFIX "nuonuo.OpeMplatform."
#define PDF_PATH "/pdf/"

void nuonuo_error(struct core *s, const char *code, const char *describe)
{
	core_json(s, json_pack("{s:s, s:s}", "code", code, "describe", describe));
}

void nuonuo_done(struct core *s, json_t *result)
{
	core_json(s, json_pack("{s:s, s:s, s:o}", "code", "E0000", "describe", "操作成功", "result",
			       result));
}

static const char *header(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* `interface`: the name under which faults are injected. */
static const struct {
	const char *name, *interface;
	void (*answer)(struct core *, const json_t *asked, const char *fault);
} methods[] = {
	{ METHOD_PREFIX "requestBillingNew", "issue", nuonuo_issue },
	{ METHOD_PREFIX "reInvoice", "again", nuonuo_again },
	{ METHOD_PREFIX "queryInvoiceResult", "query", nuonuo_query },
	{ METHOD_PREFIX "fastInvoiceRed", "red", nuonuo_red },
};

static bool plays(struct core *s, const char *fault)
{
	if (!strcmp(fault, "stale"))
		nuonuo_error(s, "070301", "accessToken 已失效");
	else if (!strcmp(fault, "refused"))
		nuonuo_error(s, "070305", "未授权");
	else
		return core_play(s, fault);
	return true;
}

/* Under the lock, so that two with one order number are one after the other. */
static void run(struct core *s, size_t method, const char *fault)
{
	const struct buffer *body = &s->request->body;
	json_t *asked = json_loadb(buffer_text(body), body->len, JSON_REJECT_DUPLICATES, NULL);
	int lock = core_lock(s);

	if (json_is_object(asked))
		methods[method].answer(s, asked, fault);
	else
		nuonuo_error(s, "E9101", "不是 JSON");
	core_unlock(lock);
	json_decref(asked);
}

static void call(struct core *s)
{
	const char *wrong = nuonuo_signature_error(s);
	char fault[21];
	size_t i = 0;

	while (i < ARRAY_SIZE(methods) && strcmp(methods[i].name, header("HTTP_METHOD")) != 0)
		i++;
	core_fault(s, i < ARRAY_SIZE(methods) ? methods[i].interface : "none", fault);
	if (plays(s, fault))
		return;
	if (wrong)
		nuonuo_error(s, wrong, "签名错误");
	else if (strcmp(header("CONTENT_TYPE"), "application/json") != 0)
		nuonuo_error(s, "070102", "Content-Type");
	else if (strcmp(header("HTTP_USERTAX"),
			config_text(s->config, "invoice_seller_tax_number")) != 0)
		nuonuo_error(s, "070305", "userTax");
	else if (!nuonuo_token_good(s, header("HTTP_ACCESSTOKEN")))
		nuonuo_error(s, "070301", "accessToken 已失效");
	else if (i == ARRAY_SIZE(methods))
		nuonuo_error(s, "070102", "method");
	else
		run(s, i, fault);
}

static const struct {
	const char *path;
	enum request_method method;
	void (*answer)(struct core *);
} routes[] = {
	{ "/accessToken", METHOD_POST, nuonuo_token },
	{ "/open/v1/services", METHOD_POST, call },
	{ "/faults", METHOD_GET, core_set_faults },
};

static bool raw(const struct request *r)
{
	return strcmp(r->path_info, "/accessToken") != 0;
}

static void answer(struct core *s)
{
	const char *path = s->request->path_info;

	for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
		if (!strcmp(routes[i].path, path) && routes[i].method == s->request->method) {
			routes[i].answer(s);
			return;
		}
	if (!strncmp(path, PDF_PATH, strlen(PDF_PATH)) && s->request->method == METHOD_GET)
		nuonuo_pdf(s, path + strlen(PDF_PATH));
	else
		core_text(s, 404, "no such interface\n");
}

int main(void)
{
	struct core s;

	if (core_open(&s, "nuonuo", raw))
		answer(&s);
	core_close(&s);
}
