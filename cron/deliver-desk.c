/* deliver-desk.c: mails the desk that an application has waited too long for a
 * member of staff. The mail holds the public id and no personal data. */
#include "deliver.h"

#include <time.h>

#include "case/due.h"
#include "service/mail.h"

enum service_result deliver_to_desk(struct delivery *d, const char *subject, const char *text)
{
	const char *desk = config_text(d->config, "desk_email");

	if (!*desk)
		return deliver_failed(d, SERVICE_ALARM, "desk_email is not set");
	return mail_send(d->config,
			 &(struct mail){
				 .key = d->row->key,
				 .to = desk,
				 .subject = subject,
				 .text = text,
				 .at = time(NULL),
			 },
			 &d->report);
}

/* An application that has changed its state since needs no reminder. */
enum service_result deliver_desk(struct delivery *d)
{
	struct db_result *r = case_waiting(d->db, d->row->application, d->row->event);
	struct case_waiting w;
	struct buffer subject = BUFFER_INIT, text = BUFFER_INIT;
	enum service_result result = SERVICE_OK;

	if (case_waiting_next(r, &w)) {
		buffer_printf(&subject, "【催办】%s 已超时", w.label);
		buffer_printf(&text,
			      "%s 有一件申请自 %s 起停在“%s”，已超过期限，请尽快处理：\n\n"
			      "%s/clerk/case?application=%s\n",
			      w.project, w.since, w.label, config_text(d->config, "intranet_url"),
			      w.public_id);
		result = deliver_to_desk(d, buffer_text(&subject), buffer_text(&text));
	}
	buffer_release(&subject);
	buffer_release(&text);
	db_result_free(r);
	return result;
}
