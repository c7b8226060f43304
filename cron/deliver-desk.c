/* deliver-desk.c: tells the desk by mail that an application has waited too
 * long for one of us. No personal data: it is named by its public id. */
#include "deliver.h"

#include <time.h>

#include "db/row.h"
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

/* What has moved on in the meantime needs no reminder. */
enum service_result deliver_desk(struct delivery *d)
{
	struct db_result *r = db_select(
		d->db,
		"SELECT a.public_id, s.label, p.name AS project,"
		" DATE_FORMAT(a.state_since + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i') AS since"
		" FROM application a JOIN event e ON e.id = ? AND e.application = a.id"
		"  AND e.to_state = a.state"
		" JOIN flow_state s ON s.flow_version = a.flow_version AND s.state = a.state"
		" JOIN project p ON p.id = a.project WHERE a.id = ?",
		DB_ARGS(db_int(d->row->event), db_int(d->row->application)));
	const char *public_id, *label, *project, *since;
	struct buffer subject = BUFFER_INIT, text = BUFFER_INIT;
	enum service_result result = SERVICE_OK;

	if (db_next_row(r, DB_OUT(DB_VIEW("public_id", &public_id), DB_VIEW("label", &label),
				  DB_VIEW("project", &project), DB_VIEW("since", &since)))) {
		buffer_printf(&subject, "【催办】%s 已超时", label);
		buffer_printf(&text,
			      "%s 有一件申请自 %s 起停在“%s”，已超过期限，请尽快处理：\n\n"
			      "%s/clerk/case?application=%s\n",
			      project, since, label, config_text(d->config, "intranet_url"),
			      public_id);
		result = deliver_to_desk(d, buffer_text(&subject), buffer_text(&text));
	}
	buffer_release(&subject);
	buffer_release(&text);
	db_result_free(r);
	return result;
}
