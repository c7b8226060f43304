/* script.c: reads a file of SQL statements. */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"

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

static const struct mark *mark_at(const char *text, const struct mark *mark)
{
	for (; mark->word; mark++)
		if (!strncmp(text, mark->word, strlen(mark->word)))
			return mark;
	return NULL;
}

static void put_marked(const char *text, const struct mark *marks, struct buffer *out)
{
	while (*text) {
		const struct mark *found = mark_at(text, marks);

		buffer_add(out, found ? found->text : text, found ? strlen(found->text) : 1);
		text += found ? strlen(found->word) : 1;
	}
}

static void take_statement(struct script *s, struct buffer *sql, int line)
{
	if (!sql->len)
		return;
	s->statement = xrealloc(s->statement, (s->count + 1) * sizeof(*s->statement));
	s->statement[s->count++] = (struct statement){ xstrdup(s->path), line, buffer_detach(sql) };
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

bool script_read(const char *path, const struct mark *marks, struct script *s)
{
	struct buffer raw = BUFFER_INIT, text = BUFFER_INIT;
	uint8_t hash[SHA256_SIZE];
	bool ok = file_read(path, &raw);

	*s = (struct script){ 0 };
	if (ok) {
		put_marked(buffer_text(&raw), marks, &text);
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
	for (size_t i = 0; i < s->count; i++) {
		free(s->statement[i].path);
		free(s->statement[i].sql);
	}
	free(s->statement);
	free(s->path);
	*s = (struct script){ 0 };
}

void script_append(struct script *all, struct script *more)
{
	char sums[sizeof(all->sha256) + sizeof(more->sha256)];
	uint8_t hash[SHA256_SIZE];
	int len = snprintf(sums, sizeof(sums), "%s\n%s", all->sha256, more->sha256);

	digest_sha256(sums, (size_t)len, hash);
	hex_encode(hash, sizeof(hash), all->sha256);
	all->statement = xrealloc(all->statement,
				  (all->count + more->count) * sizeof(*all->statement));
	for (size_t i = 0; i < more->count; i++)
		all->statement[all->count++] = more->statement[i];
	more->count = 0;
	script_release(more);
}

/* Past blanks and comments of all three kinds. */
static const char *past_comments(const char *at)
{
	for (;;) {
		const char *end;

		at += strspn(at, " \t\r\n");
		if (*at == '#' || (!strncmp(at, "--", 2) && (!at[2] || strchr(" \t\r\n", at[2])))) {
			at += strcspn(at, "\n");
			continue;
		}
		if (strncmp(at, "/*", 2) != 0 || !(end = strstr(at + 2, "*/")))
			return at;
		at = end + 2;
	}
}

static void put_character(struct words *w, size_t *len, char c)
{
	if (*len + 1 < sizeof(w->word))
		w->word[(*len)++] = c;
	w->word[*len] = '\0';
}

/* A quote within is written twice; in a string a backslash may stand before it. */
static void take_quoted(struct words *w, char quote)
{
	size_t len = 0;

	for (w->at++; *w->at; w->at++) {
		if (*w->at == quote && *++w->at != quote)
			return;
		if (*w->at == '\\' && quote != '`' && w->at[1])
			put_character(w, &len, *w->at++);
		put_character(w, &len, *w->at);
	}
}

bool words_next(struct words *w)
{
	static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_$%";
	size_t len = 0, n;

	w->word[0] = '\0';
	w->begin = w->at = past_comments(w->at);
	w->quoted = *w->at && strchr("`'\"", *w->at);
	if (w->quoted) {
		take_quoted(w, *w->at);
		return true;
	}
	n = strspn(w->at, plain);
	if (!n && *w->at)
		n = 1;
	for (size_t i = 0; i < n; i++)
		put_character(w, &len, *w->at++);
	return n;
}

bool words_is(const struct words *w, const char *keyword)
{
	return !w->quoted && !strcasecmp(w->word, keyword);
}

bool words_skip(struct words *w, const char *keyword)
{
	struct words ahead = *w;

	if (!words_next(&ahead) || !words_is(&ahead, keyword))
		return false;
	*w = ahead;
	return true;
}
