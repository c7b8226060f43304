/* apply/payment: the bill, the way to WeChat Pay, and the wait for the result.
 *
 * Which of the three ways is taken depends on the browser: inside WeChat its
 * own call, in another browser of a phone a visit to WeChat, on a desk a code
 * to scan. The browser's word about the outcome is not believed: the page has
 * the service asked, and waits for the ledger. */
#include "payment.h"

#include "base/ceilings.h"
#include "base/log.h"
#include "page/entry.h"

static bool agent_has(const struct page *p, const char *word)
{
	return strstr(p->request->user_agent, word) != NULL;
}

static struct payment_ways ways_of(const struct page *p)
{
	if (entry_in_wechat(p))
		return (struct payment_ways){ PAY_JSAPI, PAY_NATIVE };
	if (agent_has(p, "Mobile") || agent_has(p, "Android") || agent_has(p, "iPhone"))
		return (struct payment_ways){ PAY_H5, PAY_NATIVE };
	return (struct payment_ways){ PAY_NATIVE, PAY_NATIVE };
}

static const char *h5_type_of(const struct page *p)
{
	if (agent_has(p, "iPhone") || agent_has(p, "iPad"))
		return "iOS";
	return agent_has(p, "Android") ? "Android" : "Wap";
}

/* The way that was asked for, if this browser has it. */
static enum pay_product choose(const struct payment_ways *ways, const char *asked)
{
	if (asked && !strcmp(asked, pay_product_names[ways->other]))
		return ways->other;
	return ways->usual;
}

static struct wechatpay_merchant *open_merchant(struct page *p)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *merchant = wechatpay_open(p->config, &why);

	if (!merchant)
		log_line(LOG_FAULT, "payment.unset", "%s", buffer_text(&why));
	buffer_release(&why);
	return merchant;
}

static void say(struct page *p, int status, const struct payment_ways *ways, const char *message)
{
	p->reply.status = status;
	p->message = message;
	payment_show_bill(p, ways);
}

static const char unset[] =
	"暂时不能在线付款，我们正在处理，没有扣款。请过一段时间再试，或者拨打页面下方的客服电话。";

static void show_ticket(struct page *p, const struct payment_ways *ways, enum pay_product way,
			const char *sealed)
{
	struct buffer ticket = BUFFER_INIT;
	struct wechatpay_merchant *merchant = NULL;

	if (!payment_ticket_open(p, way, sealed, &ticket)) {
		p->message = "上次的付款链接已经过期，请重新点付款。";
		payment_show_bill(p, ways);
	} else if (way == PAY_JSAPI && !(merchant = open_merchant(p))) {
		say(p, 503, ways, unset);
	} else {
		payment_show_ticket(p, way, ticket.data, merchant);
	}
	wechatpay_close(merchant);
	buffer_wipe(&ticket);
}

static void show(struct page *p)
{
	struct payment_ways ways = ways_of(p);
	enum pay_product way = choose(&ways, request_query(p->request, "way"));
	const char *ticket = request_query(p->request, "ticket");
	const char *after = request_query(p->request, "after");

	if (after)
		payment_show_waiting(p, way, after);
	else if (ticket)
		show_ticket(p, &ways, way, ticket);
	else
		payment_show_bill(p, &ways);
}

/* The ticket is used by a page of its own, which may be loaded again. */
static void go_to_ticket(struct page *p, const struct payment *pay)
{
	struct buffer path = BUFFER_INIT;

	payment_path(p, pay->product, &path);
	buffer_puts(&path, "&ticket=");
	payment_ticket_seal(p, pay->product, buffer_text(&pay->ticket), &path);
	reply_redirect(&p->reply, path.data);
	buffer_release(&path);
}

static void go_to_waiting(struct page *p, const struct payment *pay)
{
	struct buffer path = BUFFER_INIT;

	payment_path(p, pay->product, &path);
	buffer_puts(&path, "&after=paid");
	reply_redirect(&p->reply, path.data);
	buffer_release(&path);
}

static void answer(struct page *p, const struct payment_ways *ways, const struct payment *pay,
		   enum payment_result result)
{
	switch (result) {
	case PAYMENT_READY:
		go_to_ticket(p, pay);
		break;
	case PAYMENT_IS_PAID:
		go_to_waiting(p, pay);
		break;
	case PAYMENT_NOT_OPEN:
		page_say_refused(p, FLOW_NOT_ALLOWED);
		break;
	case PAYMENT_BUSY:
		say(p, 503, ways, "微信支付暂时没有回应，没有扣款。请再点一次付款，不会重复下单。");
		break;
	case PAYMENT_REFUSED:
	case PAYMENT_RESULT_COUNT:
	default:
		say(p, 502, ways, unset);
		break;
	}
}

static void submit(struct page *p)
{
	struct payment_ways ways = ways_of(p);
	struct wechatpay_merchant *merchant = open_merchant(p);
	struct payment pay = {
		.product = choose(&ways, request_field(p->request, "way")),
		.merchant = merchant,
		.h5_type = h5_type_of(p),
		.ticket = BUFFER_INIT,
	};

	if (merchant)
		answer(p, &ways, &pay, payment_start(p, &pay));
	else
		say(p, 503, &ways, unset);
	wechatpay_close(merchant);
	buffer_wipe(&pay.ticket);
}

static const struct page_spec spec = {
	.name = "apply/payment",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.event = "pay",
	.next = "apply/payment",
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
