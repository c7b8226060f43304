/* script.c: reads a file of SQL statements. */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"

#define HOST_MARK "@HOST"
#define CHUNK 65536

bool file_read(const char *path, struct buffer *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	do {
		char *room = buffer_room(out, CHUNK);

		n = read(fd, room, CHUNK);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	buffer_add(out, "", 0);
	int error = errno;
	close(fd);
	errno = error;
	return n == 0;
}

static void put_host(const char *text, const char *host, struct buffer *out)
{
	const char *mark;

	while ((mark = strstr(text, HOST_MARK))) {
		buffer_add(out, text, (size_t)(mark - text));
		buffer_printf(out, "@%s", host);
		text = mark + strlen(HOST_MARK);
	}
	buffer_puts(out, text);
}

static void take_statement(struct script *s, struct buffer *sql, int line)
{
	if (!sql->len)
		return;
	s->statement = xrealloc(s->statement, (s->count + 1) * sizeof(*s->statement));
	s->statement[s->count++] = (struct statement){ line, buffer_detach(sql) };
}

static bool is_separator(const char *line, size_t len)
{
	return len == 2 && !memcmp(line, ";;", 2);
}

/* Whether the file ends its statements with lines of ";;". */
static bool has_separators(const char *text)
{
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n");

		if (is_separator(at, len))
			return true;
		at += len + (at[len] == '\n');
	}
	return false;
}

static void split(struct script *s, const char *text)
{
	bool bodies = has_separators(text);
	struct buffer sql = BUFFER_INIT;
	int begin = 0, line = 1;

	for (const char *at = text; *at; line++) {
		size_t len = strcspn(at, "\n"), used = len;
		bool ends = bodies ? is_separator(at, len) : len && at[len - 1] == ';';

		if (ends && !bodies)
			used--;
		if (strncmp(at, "--", 2) != 0 && !(bodies && ends) && (used || sql.len)) {
			if (!sql.len)
				begin = line;
			buffer_add(&sql, at, used);
			buffer_putc(&sql, '\n');
		} else if (!strncmp(at, "--", 2)) {
			ends = false;
		}
		if (ends)
			take_statement(s, &sql, begin);
		at += len + (at[len] == '\n');
	}
	take_statement(s, &sql, begin);
	buffer_release(&sql);
}

bool script_read(const char *path, const char *host, struct script *s)
{
	struct buffer raw = BUFFER_INIT, text = BUFFER_INIT;
	uint8_t hash[SHA256_SIZE];
	bool ok = file_read(path, &raw);

	*s = (struct script){ 0 };
	if (ok) {
		put_host(buffer_text(&raw), host, &text);
		digest_sha256(buffer_text(&text), text.len, hash);
		hex_encode(hash, sizeof(hash), s->sha256);
		s->path = xstrdup(path);
		const char *slash = strrchr(s->path, '/');
		s->name = slash ? slash + 1 : s->path;
		s->number = (int)strtol(s->name, NULL, 10);
		split(s, buffer_text(&text));
	}
	buffer_release(&raw);
	buffer_release(&text);
	return ok;
}

void script_release(struct script *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->statement[i].sql);
	free(s->statement);
	free(s->path);
	*s = (struct script){ 0 };
}
