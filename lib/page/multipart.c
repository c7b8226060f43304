/* multipart.c: multipart/form-data (RFC 7578, RFC 2046 5.1), byte by byte.
 *
 * The delimiter is CR LF "--" boundary. CR cannot be part of a boundary, so a
 * half match that fails is data again and only its last byte may start a new
 * one: no look-ahead and no buffer but the count of matched bytes.
 *
 *     PREAMBLE --delimiter--> AFTER --CRLF--> HEADER --empty line--> DATA
 *     DATA --delimiter--> AFTER          AFTER --"--"--> EPILOGUE */
#include "page/request.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/utf8.h"

enum state { PREAMBLE, AFTER, AFTER_CR, AFTER_DASH, HEADER, HEADER_CR, DATA, EPILOGUE };

struct multipart {
	struct request *request;
	enum request_result result; /* the first that is not OK stays */
	enum state state;
	char delimiter[4 + BOUNDARY_MAX + 1];
	size_t delimiter_len, matched;
	char header[PART_HEADER_MAX + 1]; /* lines, each ended by LF */
	size_t header_len, line_start;
	char name[PART_HEADER_MAX + 1], file_name[PART_HEADER_MAX + 1];
	bool is_file;
	struct buffer value; /* of a part that is no file */
	struct request_file file; /* of a part that is one; fd -1: none */
};

struct multipart *multipart_new(const char *boundary, struct request *r)
{
	struct multipart *m = xcalloc(1, sizeof(*m));

	m->request = r;
	m->delimiter_len = (size_t)snprintf(m->delimiter, sizeof(m->delimiter), "\r\n--%s",
					    boundary);
	m->matched = 2; /* the first delimiter may stand without its CR LF */
	m->file.fd = -1;
	return m;
}

void multipart_free(struct multipart *m)
{
	if (!m)
		return;
	if (m->file.fd >= 0)
		close(m->file.fd);
	buffer_wipe(&m->value);
	explicit_bzero(m, sizeof(*m));
	free(m);
}

/* Reads a parameter value at `at`: a token, or a string in quotes in which a
 * backslash protects a quote or a backslash. Gives the place behind it. */
static const char *parameter_value(const char *at, char *out, size_t out_size)
{
	size_t n = 0;

	if (*at != '"') {
		n = strcspn(at, "; \t");
		if (n == 0 || n >= out_size)
			return NULL;
		memcpy(out, at, n);
		out[n] = '\0';
		return at + n;
	}
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		if (n + 1 >= out_size)
			return NULL;
		out[n++] = *at;
	}
	out[n] = '\0';
	return *at == '"' ? at + 1 : NULL;
}

/* Looks for a parameter in "; a=b; c=d" at `at`. False when it is not there;
 * *broken when the list is malformed. The first of its name counts. */
static bool parameter(const char *at, const char *wanted, char *out, size_t out_size, bool *broken)
{
	char *value = xmalloc(PART_HEADER_MAX + 1);
	bool found = false;

	while (at && *(at += strspn(at, " \t")) != '\0') {
		const char *name;
		size_t name_len;

		if (*at++ != ';') {
			at = NULL;
			break;
		}
		name = at += strspn(at, " \t");
		if (*at == '\0')
			break; /* a last semicolon with nothing behind it */
		name_len = strcspn(at, "= \t;");
		if (name_len == 0 || name[name_len] != '=') {
			at = NULL;
			break;
		}
		at = parameter_value(name + name_len + 1, value, PART_HEADER_MAX + 1);
		if (at && !found && strlen(wanted) == name_len &&
		    !strncasecmp(name, wanted, name_len)) {
			found = strlen(value) < out_size;
			if (!found)
				at = NULL;
			else
				memcpy(out, value, strlen(value) + 1);
		}
	}
	free(value);
	*broken = at == NULL;
	return found && at;
}

/* bchars of RFC 2046 5.1.1; a space is legal inside, but browsers send none. */
static bool is_boundary(const char *text)
{
	return *text && text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
					  "ABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=?")] == '\0';
}

bool request_boundary(const char *content_type, char out[BOUNDARY_MAX + 1])
{
	static const char name[] = "multipart/form-data";
	bool broken;

	if (strncasecmp(content_type, name, sizeof(name) - 1) != 0)
		return false;
	if (strlen(content_type) > PART_HEADER_MAX)
		return false;
	return parameter(content_type + sizeof(name) - 1, "boundary", out, BOUNDARY_MAX + 1,
			 &broken) &&
	       is_boundary(out);
}

static void write_file(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			die_unavailable("memory file: %s", strerror(errno));
		bytes += written;
		n -= (size_t)written;
	}
}

static enum request_result begin_file(struct multipart *m)
{
	if (m->request->file_count == FILE_COUNT_MAX)
		return REQUEST_TOO_MANY;
	if (strlen(m->name) > FIELD_NAME_MAX)
		return REQUEST_BAD_SYNTAX;
	if (!utf8_valid(m->name, strlen(m->name)))
		return REQUEST_BAD_TEXT;
	m->file = (struct request_file){ .fd = memfd_create("upload", MFD_CLOEXEC) };
	if (m->file.fd < 0)
		die_unavailable("memory file: %s", strerror(errno));
	return REQUEST_OK;
}

/* The text after "NAME:" of a header line, or NULL; the line ends in LF. */
static const char *header_value(char *line, const char *name)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	return line + n + 1 + strspn(line + n + 1, " \t");
}

static bool disposition(struct multipart *m, const char *value)
{
	static const char type[] = "form-data";
	bool broken;

	if (strncasecmp(value, type, sizeof(type) - 1) != 0)
		return false;
	value += sizeof(type) - 1;
	if (!parameter(value, "name", m->name, sizeof(m->name), &broken))
		return false;
	/* filename* has no place in a form (RFC 7578 4.2) and is passed over. */
	m->is_file = parameter(value, "filename", m->file_name, sizeof(m->file_name), &broken);
	return !broken;
}

/* Encodings other than the identity were withdrawn (RFC 7578 4.7). */
static bool is_identity(const char *encoding)
{
	return !strcasecmp(encoding, "7bit") || !strcasecmp(encoding, "8bit") ||
	       !strcasecmp(encoding, "binary");
}

/* The header of a part is complete: what kind of part is it? */
static enum request_result begin_part(struct multipart *m)
{
	bool named = false;

	m->header[m->header_len] = '\0';
	m->is_file = false;
	for (char *line = m->header, *end; *line; line = end + 1) {
		const char *value;

		end = strchr(line, '\n');
		*end = '\0';
		value = header_value(line, "Content-Disposition");
		if (value) {
			if (named || !disposition(m, value))
				return REQUEST_BAD_SYNTAX;
			named = true;
		}
		value = header_value(line, "Content-Transfer-Encoding");
		if (value && !is_identity(value))
			return REQUEST_BAD_SYNTAX;
	}
	if (!named)
		return REQUEST_BAD_SYNTAX;
	m->state = DATA;
	buffer_reset(&m->value);
	return m->is_file ? begin_file(m) : REQUEST_OK;
}

static void data(struct multipart *m, const char *bytes, size_t n)
{
	if (!m->is_file) {
		/* One byte more than fits is enough to know that it is too long. */
		size_t room = FIELD_VALUE_MAX + 4 - m->value.len;

		buffer_add(&m->value, bytes, n < room ? n : room);
		return;
	}
	if (m->request->drop_files)
		m->file.too_large = true;
	if (m->file.too_large)
		return;
	if (n > m->request->file_max - m->file.size) {
		m->file.too_large = true;
		m->file.size = 0;
		if (ftruncate(m->file.fd, 0) < 0)
			die("memory file: %s", strerror(errno));
		return;
	}
	write_file(m->file.fd, bytes, n);
	m->file.size += n;
}

static enum request_result end_file(struct multipart *m)
{
	struct request *r = m->request;
	bool named = utf8_valid(m->file_name, strlen(m->file_name));

	/* A browser sends this for a file control that was not used. */
	if (m->file_name[0] == '\0' && m->file.size == 0 && !m->file.too_large) {
		close(m->file.fd);
		m->file.fd = -1;
		return REQUEST_OK;
	}
	if (lseek(m->file.fd, 0, SEEK_SET) < 0)
		die("memory file: %s", strerror(errno));
	m->file.name = xstrdup(m->name);
	m->file.file_name = xstrdup(named ? m->file_name : "");
	r->file[r->file_count++] = m->file;
	m->file = (struct request_file){ .fd = -1 };
	return REQUEST_OK;
}

static enum request_result end_part(struct multipart *m)
{
	struct request *r = m->request;

	if (m->is_file)
		return end_file(m);
	return request_field_add(r->field, &r->field_count, m->name, strlen(m->name),
				 buffer_text(&m->value), m->value.len);
}

/* Bytes outside the headers: to the delimiter, or to the end of the piece.
 * Gives how many were used. */
static size_t to_delimiter(struct multipart *m, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == m->delimiter[m->matched]) {
			if (++m->matched < m->delimiter_len)
				continue;
			m->matched = 0;
			if (m->state == DATA)
				m->result = end_part(m);
			m->state = AFTER;
			return i + 1;
		}
		if (m->matched) {
			if (m->state == DATA)
				data(m, m->delimiter, m->matched);
			m->matched = bytes[i] == '\r';
			if (m->matched)
				continue;
		}
		const char *cr = memchr(bytes + i, '\r', n - i);
		size_t plain = cr ? (size_t)(cr - bytes) - i : n - i;

		if (m->state == DATA)
			data(m, bytes + i, plain);
		i += plain - 1;
	}
	return n;
}

static void header_byte(struct multipart *m, char c)
{
	bool line_begins = m->header_len == m->line_start;

	if (m->state == HEADER_CR) {
		if (c != '\n') {
			m->result = REQUEST_BAD_SYNTAX;
		} else if (line_begins) {
			m->result = begin_part(m);
		} else {
			m->header[m->header_len++] = '\n';
			m->line_start = m->header_len;
			m->state = HEADER;
		}
	} else if (c == '\r') {
		m->state = HEADER_CR;
	} else if (c == '\0' || c == '\n' || (line_begins && (c == ' ' || c == '\t'))) {
		m->result = REQUEST_BAD_SYNTAX;
	} else {
		m->header[m->header_len++] = c;
	}
	if (m->header_len > PART_HEADER_MAX)
		m->result = REQUEST_BAD_SYNTAX;
}

static void after_byte(struct multipart *m, char c)
{
	if (m->state == AFTER_DASH && c == '-') {
		m->state = EPILOGUE;
	} else if (m->state == AFTER_CR && c == '\n') {
		m->state = HEADER;
		m->header_len = m->line_start = 0;
	} else if (m->state == AFTER && c == '-') {
		m->state = AFTER_DASH;
	} else if (m->state == AFTER && c == '\r') {
		m->state = AFTER_CR;
	} else if (m->state != AFTER || (c != ' ' && c != '\t')) {
		m->result = REQUEST_BAD_SYNTAX;
	}
}

enum request_result multipart_feed(struct multipart *m, const char *bytes, size_t n)
{
	size_t i = 0;

	while (i < n && m->result == REQUEST_OK && m->state != EPILOGUE) {
		switch (m->state) {
		case PREAMBLE:
		case DATA:
			i += to_delimiter(m, bytes + i, n - i);
			break;
		case HEADER:
		case HEADER_CR:
			header_byte(m, bytes[i++]);
			break;
		default:
			after_byte(m, bytes[i++]);
		}
	}
	return m->result;
}

enum request_result multipart_end(struct multipart *m)
{
	if (m->result == REQUEST_OK && m->state != EPILOGUE)
		m->result = REQUEST_CUT_OFF;
	return m->result;
}
