/* deliver-unproven.c: mails the desk that signatures of WeChat Pay's notifications could
 * not be verified. The mail holds a count for each reason and none of the content. */
#include "deliver.h"

#include <jansson.h>

#include "pay/notification.h"
#include "service/wechatpay-crypto.h"

static const char *const words[WECHATPAY_VERDICT_COUNT] = {
	[WECHATPAY_UNSIGNED] = "没有签名",
	[WECHATPAY_PROBE] = "微信支付的探测",
	[WECHATPAY_UNKNOWN_SERIAL] = "签名所用的公钥或证书不在配置里",
	[WECHATPAY_KEY_EXPIRED] = "签名所用的证书已过期",
	[WECHATPAY_STALE] = "签名的时间与收到的时间不符",
	[WECHATPAY_FORGED] = "签名不对",
};

/* Appends a line with the count of one reason on that day. */
static int64_t write_reason(struct delivery *d, const char *day, enum wechatpay_verdict verdict,
			    struct buffer *text)
{
	int64_t count = pay_notification_count(d->db, day, wechatpay_verdict_names[verdict]);

	if (count)
		buffer_printf(text, "%s：%lld 条\n", words[verdict], (long long)count);
	return count;
}

static enum service_result tell_desk(struct delivery *d, const char *day)
{
	struct buffer subject = BUFFER_INIT, text = BUFFER_INIT;
	enum service_result result = SERVICE_OK;
	int64_t count = 0;

	buffer_printf(&subject, "【付款通知】%s 有通知无法核实", day);
	buffer_puts(&text, "以下付款或退款通知无法证明是微信支付发出的，系统没有据此入账，"
			   "已经直接向微信支付查询相关订单，真实的付款会照常入账：\n\n");
	for (int i = 0; i < WECHATPAY_VERDICT_COUNT; i++)
		if (words[i])
			count += write_reason(d, day, i, &text);
	buffer_puts(&text,
		    "\n请技术人员尽快查看 cron/poll 的日志（poll.unproven）："
		    "刚换过微信支付公钥的，请核对配置；没有换过的，请检查公网一侧的服务器。\n");
	if (count)
		result = deliver_to_desk(d, buffer_text(&subject), buffer_text(&text));
	buffer_release(&subject);
	buffer_release(&text);
	return result;
}

enum service_result deliver_unproven(struct delivery *d)
{
	json_t *json = json_loads(d->row->payload, 0, NULL);
	const char *day = json_string_value(json_object_get(json, "day"));
	enum service_result result = day ? tell_desk(d, day) :
					   deliver_failed(d, SERVICE_PERMANENT, "no such day");

	json_decref(json);
	return result;
}
