/* wechatpay.c: stands in for WeChat Pay on the wire: calls, cashier, notifications. */
#include "wechatpay.h"

#include <unistd.h>

#include "base/ceilings.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"

/* WeChat's codes with their status. */
static const struct {
	const char *code;
	int status;
	const char *message;
} errors[] = {
	{ "APPID_MCHID_NOT_MATCH", 400, "appid和mch_id不匹配" },
	{ "FREQUENCY_LIMITED", 429, "频率超限" },
	{ "INVALID_REQUEST", 400, "请求参数符合参数格式，但不符合业务规则" },
	{ "NO_STATEMENT_EXIST", 400, "请求的账单文件不存在" },
	{ "ORDERPAID", 400, "该订单已支付" },
	{ "ORDER_CLOSED", 400, "订单已关闭" },
	{ "ORDER_NOT_EXIST", 404, "订单不存在" },
	{ "OUT_TRADE_NO_USED", 403, "商户订单号重复" },
	{ "PARAM_ERROR", 400, "参数错误" },
	{ "RESOURCE_NOT_EXISTS", 404, "查询的资源不存在" },
	{ "SIGN_ERROR", 401, "签名错误" },
	{ "STATEMENT_CREATING", 400, "账单生成中" },
	{ "SYSTEM_ERROR", 500, "系统错误" },
	{ "NOT_ENOUGH", 403, "余额不足" },
};

void pay_json(struct pay *p, int status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	if (!text)
		die("json_dumps failed");
	p->reply.status = status;
	p->reply.type = "application/json; charset=utf-8";
	buffer_reset(&p->reply.body);
	buffer_puts(&p->reply.body, text);
	free(text);
	json_decref(json);
}

void pay_error(struct pay *p, const char *code)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (!strcmp(errors[i].code, code)) {
			pay_json(p, errors[i].status,
				 json_pack("{s:s, s:s}", "code", code, "message",
					   errors[i].message));
			return;
		}
	die("no error %s", code);
}

const char *pay_text(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

json_t *pay_asked(struct pay *p)
{
	const struct buffer *body = &p->request->body;
	const char *type = getenv("CONTENT_TYPE");
	json_t *asked = json_loadb(buffer_text(body), body->len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(asked) && type && !strncmp(type, "application/json", 16))
		return asked;
	json_decref(asked);
	pay_error(p, "PARAM_ERROR");
	return NULL;
}

void random_digits(char *out, size_t n)
{
	uint8_t byte;

	for (size_t i = 0; i < n; i++) {
		random_bytes(&byte, 1);
		out[i] = (char)('0' + byte % 10);
	}
	out[n] = '\0';
}

/* `interface`: the name under which faults are injected; NULL: not a merchant's call. */
static const struct {
	const char *path;
	bool prefix;
	enum request_method method;
	const char *interface;
	void (*answer)(struct pay *);
} routes[] = {
	{ "/v3/pay/transactions/jsapi", false, METHOD_POST, "prepay", pay_jsapi },
	{ "/v3/pay/transactions/h5", false, METHOD_POST, "prepay", pay_h5 },
	{ "/v3/pay/transactions/native", false, METHOD_POST, "prepay", pay_native },
	{ "/v3/pay/transactions/out-trade-no/", true, METHOD_GET, "query", pay_order },
	{ "/v3/pay/transactions/out-trade-no/", true, METHOD_POST, "close", pay_order },
	{ "/v3/refund/domestic/refunds", false, METHOD_POST, "refund", pay_refund },
	{ "/v3/refund/domestic/refunds/", true, METHOD_GET, "refund-query", pay_refund_query },
	{ "/v3/bill/tradebill", false, METHOD_GET, "bill", pay_bill },
	{ "/v3/billdownload/file", false, METHOD_GET, "bill-file", pay_bill_file },
	{ "/v3/certificates", false, METHOD_GET, "certificates", pay_certificates },
	{ "/cashier", false, METHOD_GET, NULL, pay_cashier },
	{ "/cashier", false, METHOD_POST, NULL, pay_cashier },
	{ "/bridge", false, METHOD_POST, NULL, pay_bridge },
	{ "/faults", false, METHOD_GET, NULL, pay_faults },
	{ "/mode", false, METHOD_GET, NULL, pay_mode },
	{ "/state", false, METHOD_GET, NULL, pay_state },
	{ "/resend", false, METHOD_GET, NULL, pay_resend },
	{ "/age", false, METHOD_GET, NULL, pay_age },
};

static void add_signature(struct pay *p)
{
	struct pay_signature s;
	char id[PUBLIC_ID_SIZE];

	random_public_id(id);
	reply_header(&p->reply, "Request-ID", id);
	if (p->flaw == FLAW_UNSIGNED || p->is_unsigned)
		return;
	pay_sign(p, p->flaw, buffer_text(&p->reply.body), p->reply.body.len, &s);
	reply_header(&p->reply, "Wechatpay-Timestamp", s.timestamp);
	reply_header(&p->reply, "Wechatpay-Nonce", s.nonce);
	reply_header(&p->reply, "Wechatpay-Serial", s.serial);
	reply_header(&p->reply, "Wechatpay-Signature", buffer_text(&s.signature));
	reply_header(&p->reply, "Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
	buffer_release(&s.signature);
}

/* The checks that WeChat Pay makes before it looks at the call. */
static bool headers_good(const struct pay *p)
{
	const char *accept = getenv("HTTP_ACCEPT");

	return accept && strstr(accept, "application/json") && *p->request->user_agent;
}

static void follow_call(struct pay *p, size_t route)
{
	const char *fault;

	if (faults_first(p, routes[route].interface))
		return;
	fault = pay_check_signature(p);
	if (*fault) {
		log_line(LOG_REFUSED, "sim.signature", "%s", fault);
		pay_error(p, "SIGN_ERROR");
	} else if (!headers_good(p)) {
		pay_error(p, "PARAM_ERROR");
	} else {
		routes[route].answer(p);
	}
	pay_unlock(p);
	if (p->flaw == FLAW_LOST) {
		buffer_reset(&p->reply.body);
		p->reply.status = 502;
	} else {
		add_signature(p);
	}
}

static bool matches(const char *path, size_t route)
{
	size_t n = strlen(routes[route].path);

	return routes[route].prefix ? !strncmp(path, routes[route].path, n) && path[n] :
				      !strcmp(path, routes[route].path);
}

static void answer(struct pay *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
		if (routes[i].method == p->request->method && matches(p->request->path_info, i)) {
			if (routes[i].interface)
				follow_call(p, i);
			else
				routes[i].answer(p);
			return;
		}
	p->reply.status = 404;
	p->reply.type = "text/plain; charset=utf-8";
	buffer_puts(&p->reply.body, "no such interface\n");
}

int main(void)
{
	struct pay p = { .config = config_open(), .request = request_new(), .lock = -1 };
	char number[PUBLIC_ID_SIZE];
	bool raw;

	random_public_id(number);
	log_identify("sim/wechatpay", number);
	reply_init(&p.reply);
	if (!config_flag(p.config, "demo"))
		die("the sim runs only where demo = yes");
	if (request_read_head(p.request) != REQUEST_OK)
		die("no request");
	raw = !strncmp(p.request->path_info, "/v3/", 4);
	if (p.request->method == METHOD_POST &&
	    request_read_body(p.request, STDIN_FILENO, FORM_BODY_MAX, raw) != REQUEST_OK)
		p.reply.status = 400;
	else
		answer(&p);
	reply_send(&p.reply, false);
	_exit(0); /* one request: memory ends with the process */
}
