/* faceid-answer.c: the readers of the face identity service's answers. */
#include "service/faceid.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_finding(const struct faceid_finding *f)
{
	must(f->outcome < FACEID_OUTCOME_COUNT && f->doubt < FACEID_DOUBT_COUNT);
	must(f->similarity >= FACEID_NULL && f->similarity <= 10000);
	must((f->outcome == FACEID_REVIEW) == (f->doubt != FACEID_NO_DOUBT));
	must(utf8_valid(f->compared_with, strlen(f->compared_with)));
	must(f->frame.len <= FACEID_FRAME_MAX);
	must(!f->frame.len || !memcmp(f->frame.data, "\xff\xd8\xff", 3));
	if (f->outcome == FACEID_PASSED) {
		must(f->code == 0 && f->live_code == 0 && f->compare_code == 0);
		must(f->similarity >= 0);
		must(strstr(f->text.data, "11010519491231002") != NULL);
		must(strstr(f->text.data, "\"Name\":\"张三\"") != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct faceid_subject expected = { "张三", "11010519491231002X", "ref1" };
	struct faceid_finding f;
	struct faceid_session session;
	struct service_report report;

	faceid_finding_init(&f);
	if (faceid_read((const char *)data, size, &expected, &f, &report) == SERVICE_OK)
		check_finding(&f);
	else
		must(f.outcome == FACEID_PENDING && !f.text.len && !f.frame.len);
	must(!strpbrk(report.detail, "\r\n"));
	faceid_finding_release(&f);
	if (faceid_read_session((const char *)data, size, &session, &report) == SERVICE_OK)
		must(*session.token && strstr(session.url, "://"));
	else
		must(!*session.token && !*session.url);
	return 0;
}
