/* deliver-forms.c: mails a project's blank forms to the address of the request. */
#include "deliver.h"

#include <jansson.h>
#include <time.h>

#include "applicant/applicant.h"
#include "message/message.h"
#include "print/print.h"
#include "print/typeface.h"
#include "service/mail.h"

struct request {
	int64_t project;
	struct buffer email;
};

static int64_t request_id(const char *payload)
{
	json_t *json = json_loads(payload, 0, NULL);
	int64_t id = json_integer_value(json_object_get(json, "request"));

	json_decref(json);
	return id;
}

static bool find_request(struct delivery *d, struct request *request)
{
	return applicant_forms_request(d->db, d->vault, request_id(d->row->payload),
				       &request->project, &request->email);
}

static enum service_result send_forms(struct delivery *d, const struct request *request,
				      const struct message *message)
{
	struct buffer pdf[PRINT_DOCUMENT_COUNT] = { 0 };
	struct mail_file file[PRINT_DOCUMENT_COUNT];
	enum service_result result = SERVICE_OK;

	typeface_open(config_text(d->config, "print_fonts"));
	for (int i = 0; i < PRINT_DOCUMENT_COUNT && result == SERVICE_OK; i++) {
		if (!print_blank(d->db, request->project, (enum print_document)i, &pdf[i]))
			result = deliver_failed(d, SERVICE_ALARM, "no agreement in force");
		file[i] = (struct mail_file){
			.name = print_file_name((enum print_document)i),
			.type = "application/pdf",
			.data = pdf[i].data,
			.len = pdf[i].len,
		};
	}
	if (result == SERVICE_OK)
		result = mail_send(d->config,
				   &(struct mail){
					   .key = d->row->key,
					   .to = buffer_text(&request->email),
					   .subject = buffer_text(&message->subject),
					   .text = buffer_text(&message->text),
					   .html = buffer_text(&message->html),
					   .file = file,
					   .file_count = PRINT_DOCUMENT_COUNT,
					   .at = time(NULL),
				   },
				   &d->report);
	for (int i = 0; i < PRINT_DOCUMENT_COUNT; i++)
		buffer_release(&pdf[i]);
	return result;
}

enum service_result deliver_forms(struct delivery *d)
{
	struct request request = { .email = BUFFER_INIT };
	struct message message;
	enum service_result result;

	if (!find_request(d, &request)) {
		result = deliver_failed(d, SERVICE_PERMANENT, "no such request for forms");
	} else if (!message_compose(d->db, d->config,
				    &(struct message_case){ .kind = d->row->kind,
							    .project = request.project },
				    &message)) {
		result = deliver_failed(d, SERVICE_PERMANENT, "nothing to say it with");
	} else {
		result = send_forms(d, &request, &message);
		message_release(&message);
	}
	buffer_wipe(&request.email);
	return result;
}
