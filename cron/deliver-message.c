/* deliver-message.c: sends a message to the applicant by WeChat, or by e-mail where
 * WeChat cannot reach them. */
#include "deliver.h"

#include <time.h>

#include "applicant/applicant.h"
#include "message/message.h"
#include "service/mail.h"
#include "service/wechat-account.h"

struct reader {
	char openid[APPLICANT_OPENID_SIZE];
	struct buffer email; /* "" for none */
};

static enum service_result by_wechat(struct delivery *d, const struct message *message,
				     const struct reader *reader)
{
	const struct wechat_account account = { d->config, d->db, d->vault };
	struct wechat_value value[MESSAGE_VALUES_MAX];

	for (size_t i = 0; i < message->value_count; i++)
		value[i] = (struct wechat_value){ message->value[i].name, message->value[i].text };
	return wechat_notify(&account,
			     &(struct wechat_template_message){
				     .kind = d->row->kind,
				     .openid = reader->openid,
				     .key = d->row->key,
				     .url = buffer_text(&message->link),
				     .value = value,
				     .value_count = message->value_count,
			     },
			     &d->report);
}

static enum service_result by_mail(struct delivery *d, const struct message *message,
				   const struct reader *reader)
{
	/* A message that asks for nothing may go unsent: apply/status shows the same. */
	if (!reader->email.len)
		return deliver_failed(
			d, message_by_kind(d->row->kind)->asks ? SERVICE_UNREACHABLE : SERVICE_OK,
			"not by WeChat, and no e-mail address was given");
	d->report = (struct service_report){ 0 };
	return mail_send(d->config,
			 &(struct mail){
				 .key = d->row->key,
				 .to = buffer_text(&reader->email),
				 .subject = buffer_text(&message->subject),
				 .text = buffer_text(&message->text),
				 .html = buffer_text(&message->html),
				 .at = time(NULL),
			 },
			 &d->report);
}

enum service_result deliver_message(struct delivery *d)
{
	const struct message_case about = {
		.kind = d->row->kind,
		.application = d->row->application,
		.event = d->row->event,
	};
	struct message message;
	struct reader reader = { .email = BUFFER_INIT };
	enum service_result result;

	if (!message_compose(d->db, d->config, &about, &message))
		return deliver_failed(d, SERVICE_PERMANENT, "nothing to say it with");
	if (!applicant_reader(d->db, d->vault, d->row->application, reader.openid, &reader.email)) {
		result = deliver_failed(d, SERVICE_PERMANENT, "no such application");
	} else {
		result = by_wechat(d, &message, &reader);
		if (result == SERVICE_UNREACHABLE || result == SERVICE_PERMANENT)
			result = by_mail(d, &message, &reader);
	}
	buffer_wipe(&reader.email);
	message_release(&message);
	return result;
}
