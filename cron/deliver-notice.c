/* deliver-notice.c: tells the applicant, by WeChat or, where that cannot reach
 * them, by e-mail. */
#include "deliver.h"

#include <time.h>

#include "db/row.h"
#include "notice/notice.h"
#include "service/mail.h"
#include "service/wechat-account.h"

struct reader {
	char openid[65];
	struct buffer email; /* "" if none was given */
};

static bool find_reader(struct delivery *d, struct reader *reader)
{
	struct buffer sealed = BUFFER_INIT;
	int64_t applicant;
	char context[64];
	bool found = db_one(d->db,
			    "SELECT p.openid, p.email, p.id FROM application a"
			    " JOIN applicant p ON p.id = a.applicant WHERE a.id = ?",
			    DB_ARGS(db_int(d->row->application)),
			    DB_OUT(DB_TEXT("openid", reader->openid),
				   DB_OR_NULL(DB_BUFFER("email", &sealed)),
				   DB_INT("id", &applicant)));

	snprintf(context, sizeof(context), "applicant.email:%lld", (long long)applicant);
	if (sealed.len && !vault_unseal(d->vault, context, sealed.data, sealed.len, &reader->email))
		buffer_wipe(&reader->email);
	buffer_release(&sealed);
	return found;
}

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
	if (!find_reader(d, &reader)) {
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
