/* text.c: texts and times of a project, in the file's form and the table's. */
#include "project/project.h"

#include <time.h>

#include "base/alloc.h"

#define CHINA_S (8 * 3600)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void project_text_fold(struct buffer *out, const char *text)
{
	size_t begin = out->len;

	while (*text) {
		size_t n = strcspn(text, " \t\r\n");
		bool broken = false;

		buffer_add(out, text, n);
		for (text += n; is_blank(*text); text++)
			broken |= *text == '\n';
		if (!*text || out->len == begin)
			continue;
		if (!broken || !((unsigned char)out->data[out->len - 1] >= 0x80 ||
				 (unsigned char)*text >= 0x80))
			buffer_putc(out, ' ');
	}
}

char *project_body_fold(const char *body)
{
	struct buffer out = BUFFER_INIT, line = BUFFER_INIT;

	while (*body) {
		size_t n = strcspn(body, "\r\n"), mark = *body == '#' ? strspn(body, "# ") : 0;
		char *raw = xmemdup0(body + mark, n - mark);

		buffer_reset(&line);
		project_text_fold(&line, raw);
		if (line.len)
			buffer_printf(&out, "%s%s%s",
				      !out.len ? "" :
				      mark     ? "\n\n" :
						 "\n",
				      mark ? "# " : "", buffer_text(&line));
		free(raw);
		body += n + strspn(body + n, "\r\n");
	}
	buffer_release(&line);
	return out.len ? buffer_detach(&out) : xstrdup("");
}

bool project_time_read(const char *text, char utc[PROJECT_TIME_SIZE])
{
	struct tm tm = { 0 }, there;
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	time_t at;

	if (!end || strcmp(end, "+08:00") != 0)
		return false;
	there = tm;
	at = timegm(&there);
	/* the 30th of February would be a day of March */
	if (there.tm_mday != tm.tm_mday || there.tm_hour != tm.tm_hour || there.tm_sec != tm.tm_sec)
		return false;
	at -= CHINA_S;
	return gmtime_r(&at, &there) &&
	       strftime(utc, PROJECT_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &there);
}

void project_time_write(struct buffer *out, const char *utc)
{
	struct tm tm = { 0 };
	char text[32];
	time_t at;

	if (!strptime(utc, "%Y-%m-%d %H:%M:%S", &tm))
		return;
	at = timegm(&tm) + CHINA_S;
	if (gmtime_r(&at, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S+08:00", &tm))
		buffer_puts(out, text);
}
