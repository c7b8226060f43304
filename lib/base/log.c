/* log.c: one line on standard error for the operator. */
#include "base/log.h"

#include <time.h>
#include <unistd.h>

#define LOG_LINE_MAX 2000

static const char *const level_names[LOG_LEVEL_COUNT] = {
	[LOG_INFO] = "info",
	[LOG_REFUSED] = "refused",
	[LOG_FAULT] = "fault",
};

static const char *log_program = "-";
static const char *log_number = "-";

void log_identify(const char *program, const char *request_number)
{
	log_program = program;
	log_number = request_number;
}

const char *log_request_number(void)
{
	return log_number;
}

/* Everything below a space, and DEL, would break the line or the terminal. */
static void disarm(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

void log_vline(enum log_level level, const char *event, const char *fmt, va_list ap)
{
	char line[LOG_LINE_MAX], when[32], detail[LOG_LINE_MAX / 2];
	struct timespec now;
	struct tm tm;
	int n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	disarm(detail);
	n = snprintf(line, sizeof(line), "%s.%03ldZ level=%s program=%s request=%s event=%s %s\n",
		     when, now.tv_nsec / 1000000, level_names[level], log_program, log_number,
		     event, detail);
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
		return; /* nowhere left to say it */
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vline(level, event, fmt, ap);
	va_end(ap);
}
