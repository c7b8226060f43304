/* result.h: what an outside service's answer means for the caller.
 *
 * Each provider has its own numbers; these classes are all that the outbox
 * needs to know. The provider's own words go into the report, for the log and
 * for the page where a clerk sees what is parked; no personal data stands
 * there. */
#ifndef SERVICE_RESULT_H
#define SERVICE_RESULT_H

#include "service/http.h"

enum service_result {
	SERVICE_OK, /* taken over by the service */
	SERVICE_RETRY_LATER, /* busy, away or over a quota: not done */
	SERVICE_UNKNOWN, /* no answer in time: it may have been done */
	SERVICE_UNREACHABLE, /* this person cannot be reached on this channel */
	SERVICE_PERMANENT, /* refused, and will be refused again */
	SERVICE_ALARM, /* a credential, a right or a setting that we must mend */
	SERVICE_FAULT, /* our own program ended over it: it may have been done */
	SERVICE_RESULT_COUNT,
};

struct service_report {
	long code; /* the provider's number; 0: none */
	char detail[160]; /* "errcode=43004 rid=…"; "" with SERVICE_OK */
	char reference[41]; /* the provider's number for what it took; "" if none */
};

/* For logs and tables: "ok", "retry_later" … */
extern const char *const service_result_names[SERVICE_RESULT_COUNT];

/* The class of a call without an answer, or with one that did not come from the
 * provider's own programs; http_result and status go into the report. */
enum service_result service_no_answer(enum http_result, long status, struct service_report *);

#endif
