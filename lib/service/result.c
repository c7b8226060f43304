/* result.c: the names of what a service's answer means. */
#include "service/result.h"

const char *const service_result_names[SERVICE_RESULT_COUNT] = {
	[SERVICE_OK] = "ok",
	[SERVICE_RETRY_LATER] = "retry_later",
	[SERVICE_UNKNOWN] = "unknown",
	[SERVICE_UNREACHABLE] = "unreachable",
	[SERVICE_PERMANENT] = "permanent",
	[SERVICE_ALARM] = "alarm",
	[SERVICE_FAULT] = "fault",
};
