/* result.c: the names of what a service's answer means. */
#include "service/result.h"

const char *const service_result_names[SERVICE_RESULT_COUNT] = {
	[SERVICE_OK] = "ok",
	[SERVICE_RETRY_LATER] = "retry_later",
	[SERVICE_UNKNOWN] = "unknown",
	[SERVICE_UNREACHABLE] = "unreachable",
	[SERVICE_PERMANENT] = "permanent",
	[SERVICE_ALARM] = "alarm",
};

enum service_result service_no_answer(enum http_result sent, long status,
				      struct service_report *report)
{
	report->code = status;
	snprintf(report->detail, sizeof(report->detail), "http=%s status=%ld",
		 http_result_names[sent], status);
	if (sent == HTTP_REFUSED || status == 429)
		return SERVICE_RETRY_LATER;
	if (sent == HTTP_BAD_URL || sent == HTTP_UNTRUSTED || (status >= 300 && status < 500))
		return SERVICE_ALARM;
	return SERVICE_UNKNOWN;
}
