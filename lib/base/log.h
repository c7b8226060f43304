/* log.h: one line on standard error for the operator.
 *
 * A line is: time, level, program, request number, event, detail. The event is
 * a fixed word ("login.refused"); the detail is key=value pairs. Personal data
 * never goes into a log: write ids, not names or numbers. Control characters
 * in the detail are written as ?, so that one call is one line. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

enum log_level {
	LOG_INFO, /* something happened as it should */
	LOG_REFUSED, /* a request or call that is not allowed */
	LOG_FAULT, /* ours to mend */
	LOG_LEVEL_COUNT,
};

/* Said once at the start of a program; both strings must outlive it.
 * The only state that lib/base keeps. */
void log_identify(const char *program, const char *request_number);
/* "-" before log_identify. */
const char *log_request_number(void);
void log_line(enum log_level, const char *event, const char *fmt, ...) PRINTF_LIKE(3, 4);
void log_vline(enum log_level, const char *event, const char *fmt, va_list) PRINTF_LIKE(3, 0);

#endif
