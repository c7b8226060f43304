/* deliver-billing.c: mails of billing: an invoice to its buyer, differences to
 * the desk. */
#include "deliver.h"

#include <jansson.h>
#include <time.h>

#include "base/money.h"
#include "billing/billing.h"
#include "message/message.h"
#include "pay/price.h"
#include "reconcile/reconcile.h"
#include "service/mail.h"

static enum service_result mail_file(struct delivery *d, const char *to,
				     const struct message *message, const struct buffer *pdf)
{
	const struct mail_file file = {
		.name = "电子发票.pdf",
		.type = "application/pdf",
		.data = pdf->data,
		.len = pdf->len,
	};

	return mail_send(d->config,
			 &(struct mail){
				 .key = d->row->key,
				 .to = to,
				 .subject = buffer_text(&message->subject),
				 .text = buffer_text(&message->text),
				 .html = buffer_text(&message->html),
				 .file = &file,
				 .file_count = 1,
				 .at = time(NULL),
			 },
			 &d->report);
}

static enum service_result compose_and_mail(struct delivery *d, const char *to,
					    const struct buffer *pdf)
{
	const struct message_case about = { .kind = d->row->kind,
					    .application = d->row->application };
	struct message message;
	enum service_result result;

	if (!*to)
		return deliver_failed(d, SERVICE_OK, "no address for invoices was given");
	if (!message_compose(d->db, d->config, &about, &message))
		return deliver_failed(d, SERVICE_PERMANENT, "nothing to say it with");
	result = mail_file(d, to, &message, pdf);
	message_release(&message);
	return result;
}

enum service_result deliver_invoice_mail(struct delivery *d)
{
	char *address;
	struct buffer pdf = BUFFER_INIT;
	enum service_result result;

	if (!pay_invoice_email(d->db, d->row->application, &address))
		result = deliver_failed(d, SERVICE_PERMANENT, "no such order");
	else if (!billing_invoice_pdf(d->db, d->vault, deliver_number(d, "invoice"), &pdf))
		result = deliver_failed(d, SERVICE_PERMANENT, "no such file");
	else
		result = compose_and_mail(d, address, &pdf);
	buffer_release(&pdf);
	free(address);
	return result;
}

static void write_day(struct delivery *d, const char *day, bool due, int64_t differences,
		      struct buffer *text)
{
	if (due)
		buffer_printf(text,
			      "微信支付 %s 的账单无法读取或无法核实，系统会继续尝试。"
			      "如果明天仍未恢复，请联系技术人员。\n\n",
			      day);
	else
		buffer_printf(
			text,
			"微信支付 %s 的账单与系统记录有 %lld 处不一致，请核对后逐条写明原因。\n\n",
			day, (long long)differences);
	buffer_printf(text, "%s/clerk/differences\n", config_text(d->config, "intranet_url"));
}

static enum service_result tell_desk(struct delivery *d, const char *day, bool due,
				     int64_t differences)
{
	struct buffer subject = BUFFER_INIT, text = BUFFER_INIT;
	enum service_result result;

	buffer_printf(&subject, "【对账】%s 需要核对", day);
	write_day(d, day, due, differences, &text);
	result = deliver_to_desk(d, buffer_text(&subject), buffer_text(&text));
	buffer_release(&subject);
	buffer_release(&text);
	return result;
}

enum service_result deliver_differences(struct delivery *d)
{
	json_t *json = json_loads(d->row->payload, 0, NULL);
	const char *day = json_string_value(json_object_get(json, "day"));
	enum service_result result;
	int64_t differences;
	bool due;

	if (day && reconcile_day_state(d->db, day, &due, &differences))
		result = tell_desk(d, day, due, differences);
	else
		result = deliver_failed(d, SERVICE_PERMANENT, "no such day");
	json_decref(json);
	return result;
}
