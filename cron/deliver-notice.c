/* deliver-notice.c: tells the applicant, by WeChat or, where that cannot reach
 * them, by e-mail. */
#include "deliver.h"

#include <time.h>

#include "applicant/applicant.h"
#include "notice/notice.h"
#include "service/mail.h"
#include "service/wechat-account.h"

struct reader {
	char openid[APPLICANT_OPENID_SIZE];
	struct buffer email; /* "" if none was given */
};

static enum service_result by_wechat(struct delivery *d, const struct notice *notice,
				     const struct reader *reader)
{
	const struct wechat_account account = { d->config, d->db, d->vault };
	struct wechat_value value[NOTICE_VALUES_MAX];

	for (size_t i = 0; i < notice->value_count; i++)
		value[i] = (struct wechat_value){ notice->value[i].name, notice->value[i].text };
	return wechat_notify(&account,
			     &(struct wechat_notice){
				     .kind = d->row->kind,
				     .openid = reader->openid,
				     .key = d->row->key,
				     .url = buffer_text(&notice->link),
				     .value = value,
				     .value_count = notice->value_count,
			     },
			     &d->report);
}

static enum service_result by_mail(struct delivery *d, const struct notice *notice,
				   const struct reader *reader)
{
	/* apply/status says the same, so mere information may stay there. */
	if (!reader->email.len)
		return deliver_failed(
			d, notice_by_kind(d->row->kind)->asks ? SERVICE_UNREACHABLE : SERVICE_OK,
			"not by WeChat, and no e-mail address was given");
	d->report = (struct service_report){ 0 };
	return mail_send(d->config,
			 &(struct mail){
				 .key = d->row->key,
				 .to = buffer_text(&reader->email),
				 .subject = buffer_text(&notice->subject),
				 .text = buffer_text(&notice->text),
				 .html = buffer_text(&notice->html),
				 .at = time(NULL),
			 },
			 &d->report);
}

enum service_result deliver_notice(struct delivery *d)
{
	const struct notice_case about = {
		.kind = d->row->kind,
		.application = d->row->application,
		.event = d->row->event,
	};
	struct notice notice;
	struct reader reader = { .email = BUFFER_INIT };
	enum service_result result;

	if (!notice_compose(d->db, d->config, &about, &notice))
		return deliver_failed(d, SERVICE_PERMANENT, "nothing to say it with");
	if (!applicant_reader(d->db, d->vault, d->row->application, reader.openid, &reader.email)) {
		result = deliver_failed(d, SERVICE_PERMANENT, "no such application");
	} else {
		result = by_wechat(d, &notice, &reader);
		if (result == SERVICE_UNREACHABLE || result == SERVICE_PERMANENT)
			result = by_mail(d, &notice, &reader);
	}
	buffer_wipe(&reader.email);
	notice_release(&notice);
	return result;
}
