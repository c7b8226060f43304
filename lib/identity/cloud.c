/* cloud.c: the provider of the method cloud: Tencent's face identity service. */
#include "identity/provider.h"

#include <jansson.h>

#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "service/faceid.h"

/* Behind the end of the page, for who finished in the last minute. */
#define LATE_S 600

bool identity_cloud_ready(const struct config *config)
{
	struct faceid_account account;

	return faceid_account_read(config, &account);
}

static struct faceid_subject subject_of(const struct identity_work *work,
					const struct identity_person *person)
{
	return (struct faceid_subject){ .name = buffer_text(&person->name),
					.id_number = buffer_text(&person->id_number),
					.ref = work->attempt.public_id };
}

static void tell(const char *event, const struct identity_work *work, enum service_result result,
		 const struct service_report *report)
{
	log_line(result == SERVICE_OK ? LOG_INFO : LOG_FAULT, event, "attempt=%lld result=%s %s",
		 (long long)work->attempt.id, service_result_names[result], report->detail);
}

enum identity_begun identity_cloud_start(const struct identity_work *work, const char *return_url,
					 struct identity_start *start)
{
	struct service_report report = { .code = 0 };
	struct faceid_session session = { .token = "" };
	struct faceid_account account;
	struct identity_person person;
	enum service_result result;

	if (!faceid_account_read(work->config, &account))
		die("the face service is not set up");
	identity_person_load(work, &person);
	struct faceid_subject subject = subject_of(work, &person);

	result = faceid_start(&account, &subject, return_url, &session, &report);
	identity_person_release(&person);
	tell("identity.cloud_start", work, result, &report);
	if (result == SERVICE_OK) {
		snprintf(start->url, sizeof(start->url), "%s", session.url);
		buffer_puts(&start->token, session.token);
		start->give_up_s = FACEID_PAGE_S + LATE_S;
	}
	explicit_bzero(&session, sizeof(session));
	return result == SERVICE_OK        ? IDENTITY_GO :
	       result == SERVICE_PERMANENT ? IDENTITY_DATA_REFUSED :
					     IDENTITY_AWAY;
}

static bool load_token(const struct identity_work *work, struct buffer *token)
{
	struct buffer context = BUFFER_INIT, sealed = BUFFER_INIT;
	bool good;

	buffer_printf(&context, "identity_evidence.token:%lld", (long long)work->attempt.id);
	good = db_one(work->db, "SELECT token FROM identity_evidence WHERE attempt = ?",
		      DB_ARGS(db_int(work->attempt.id)),
		      DB_OUT(DB_OR_NULL(DB_BUFFER("token", &sealed)))) &&
	       sealed.len &&
	       vault_unseal(work->vault, buffer_text(&context), sealed.data, sealed.len, token);
	buffer_release(&context);
	buffer_release(&sealed);
	return good;
}

static void set_code(json_t *codes, const char *key, int64_t code)
{
	json_object_set_new(codes, key, code == FACEID_NULL ? json_null() : json_integer(code));
}

static void keep_codes(const struct faceid_finding *found, struct identity_finding *f)
{
	json_t *codes = json_object();
	char *text;

	set_code(codes, "code", found->code);
	set_code(codes, "live", found->live_code);
	set_code(codes, "compare", found->compare_code);
	set_code(codes, "similarity", found->similarity);
	json_object_set_new(codes, "attempts", json_integer(found->attempts));
	json_object_set_new(codes, "charged", json_boolean(found->charged));
	text = json_dumps(codes, JSON_COMPACT);
	if (!text)
		die("out of memory");
	buffer_reset(&f->codes);
	buffer_puts(&f->codes, text);
	free(text);
	json_decref(codes);
}

static void keep(const struct identity_work *work, struct faceid_finding *found,
		 struct identity_finding *f)
{
	static const enum identity_outcome outcomes[FACEID_OUTCOME_COUNT] = {
		[FACEID_PENDING] = IDENTITY_FOUND_PENDING,
		[FACEID_PASSED] = IDENTITY_FOUND_PASSED,
		[FACEID_FAILED] = IDENTITY_FOUND_FAILED,
		[FACEID_REVIEW] = IDENTITY_FOUND_REVIEW,
	};

	identity_finding_say(f, outcomes[found->outcome],
			     found->doubt ? faceid_doubt_names[found->doubt] : "");
	if (found->outcome == FACEID_PENDING) {
		if (work->over)
			identity_finding_say(f, IDENTITY_FOUND_LAPSED, "not_finished");
		return;
	}
	keep_codes(found, f);
	f->similarity = found->similarity == FACEID_NULL ? -1 : found->similarity;
	snprintf(f->compared_with, sizeof(f->compared_with), "%s", found->compared_with);
	f->text = found->text;
	buffer_init(&found->text);
	if (found->frame.len)
		identity_finding_add(f, work, IDENTITY_BEST_FRAME, 0, NULL, -1, "image/jpeg",
				     &found->frame);
}

/* Without an answer for as long as one can be had, nobody is to blame but the
 * service: it is no failed try. */
static void keep_silence(const struct identity_work *work, enum service_result result,
			 struct identity_finding *f)
{
	bool gone = result == SERVICE_PERMANENT || work->age_s >= FACEID_FETCH_S;

	identity_finding_say(f, gone ? IDENTITY_FOUND_REPEAT : IDENTITY_FOUND_PENDING,
			     gone ? "no_answer" : "");
}

void identity_cloud_fetch(const struct identity_work *work, struct identity_finding *f)
{
	struct service_report report = { .code = 0 };
	struct buffer token = BUFFER_INIT;
	struct faceid_account account;
	struct faceid_finding found;
	struct identity_person person;
	enum service_result result = SERVICE_PERMANENT;

	faceid_finding_init(&found);
	if (!faceid_account_read(work->config, &account))
		die("the face service is not set up");
	if (load_token(work, &token)) {
		identity_person_load(work, &person);
		struct faceid_subject subject = subject_of(work, &person);

		result = faceid_fetch(&account, token.data, &subject, &found, &report);
		identity_person_release(&person);
	}
	if (result == SERVICE_OK) {
		keep(work, &found, f);
	} else {
		tell("identity.cloud_fetch", work, result, &report);
		keep_silence(work, result, f);
	}
	faceid_finding_release(&found);
	buffer_wipe(&token);
}
