/* deliver-forms.c: mails a project's blank forms to whoever asked for them. */
#include "deliver.h"

#include <jansson.h>
#include <time.h>

#include "applicant/applicant.h"
#include "notice/notice.h"
#include "paper/paper.h"
#include "paper/typeface.h"
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
				      const struct notice *notice)
{
	struct buffer pdf[PAPER_DOCUMENT_COUNT] = { 0 };
	struct mail_file file[PAPER_DOCUMENT_COUNT];
	enum service_result result = SERVICE_OK;

	typeface_open(config_text(d->config, "paper_fonts"));
	for (int i = 0; i < PAPER_DOCUMENT_COUNT && result == SERVICE_OK; i++) {
		if (!paper_blank(d->db, request->project, (enum paper_document)i, &pdf[i]))
			result = deliver_failed(d, SERVICE_ALARM, "no agreement in force");
		file[i] = (struct mail_file){
			.name = paper_file_name((enum paper_document)i),
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
					   .subject = buffer_text(&notice->subject),
					   .text = buffer_text(&notice->text),
					   .html = buffer_text(&notice->html),
					   .file = file,
					   .file_count = PAPER_DOCUMENT_COUNT,
					   .at = time(NULL),
				   },
				   &d->report);
	for (int i = 0; i < PAPER_DOCUMENT_COUNT; i++)
		buffer_release(&pdf[i]);
	return result;
}

enum service_result deliver_forms(struct delivery *d)
{
	struct request request = { .email = BUFFER_INIT };
	struct notice notice;
	enum service_result result;

	if (!find_request(d, &request)) {
		result = deliver_failed(d, SERVICE_PERMANENT, "no such request for forms");
	} else if (!notice_compose(d->db, d->config,
				   &(struct notice_case){ .kind = d->row->kind,
							  .project = request.project },
				   &notice)) {
		result = deliver_failed(d, SERVICE_PERMANENT, "nothing to say it with");
	} else {
		result = send_forms(d, &request, &notice);
		notice_release(&notice);
	}
	buffer_wipe(&request.email);
	return result;
}
