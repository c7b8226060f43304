/* no-answer.c: what silence from a service means; apart, so that names alone need no libcurl. */
#include "service/result.h"

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
