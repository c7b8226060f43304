/* deliver-desk.c: tells the desk by mail that an application has waited too
 * long for one of us. No personal data: it is named by its public id. */
#include "deliver.h"

#include <time.h>

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

static enum service_result send_to_desk(struct delivery *d, const struct db_result *r)
{
	struct buffer subject = BUFFER_INIT, text = BUFFER_INIT;
	enum service_result result;

	buffer_printf(&subject, "【催办】%s 已超时", db_text_at(r, 1));
	buffer_printf(&text,
		      "%s 有一件申请自 %s 起停在“%s”，已超过期限，请尽快处理：\n\n"
		      "%s/clerk/case?application=%s\n",
		      db_text_at(r, 2), db_text_at(r, 3), db_text_at(r, 1),
		      config_text(d->config, "intranet_url"), db_text_at(r, 0));
	result = deliver_to_desk(d, buffer_text(&subject), buffer_text(&text));
	buffer_release(&subject);
	buffer_release(&text);
	return result;
}

/* What has moved on in the meantime needs no reminder. */
enum service_result deliver_desk(struct delivery *d)
{
	struct db_result *r = db_select(
		d->db,
		"SELECT a.public_id, s.label, p.name,"
		" DATE_FORMAT(a.state_since + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i')"
		" FROM application a JOIN event e ON e.id = ? AND e.application = a.id"
		"  AND e.to_state = a.state"
		" JOIN flow_state s ON s.flow_version = a.flow_version AND s.state = a.state"
		" JOIN project p ON p.id = a.project WHERE a.id = ?",
		DB_ARGS(db_int(d->row->event), db_int(d->row->application)));
	enum service_result result = db_next(r) ? send_to_desk(d, r) : SERVICE_OK;

	db_result_free(r);
	return result;
}
