/* read.c: from the XML of a project to its settings, packages and agreement. */
#include "project/project.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/money.h"
#include "base/utf8.h"
#include "check/identity-method.h"
#include "project/grammar.h"

void project_complain(struct buffer *why, const struct project_file *file, int line,
		      const char *element, const char *fmt, ...)
{
	va_list ap;

	buffer_printf(why, "%s:%d: ", file->path, line);
	if (element)
		buffer_printf(why, "element %s: ", element);
	va_start(ap, fmt);
	buffer_vprintf(why, fmt, ap);
	va_end(ap);
	buffer_putc(why, '\n');
}

/* What one pass over the document works on. */
struct reader {
	struct project_file *file;
	struct buffer *why;
	bool good;
};

static void complain(struct reader *r, const xmlNode *node, const char *what)
{
	project_complain(r->why, r->file, (int)xmlGetLineNo(node), (const char *)node->name, "%s",
			 what);
	r->good = false;
}

/* The text of an element, on one line; the grammar has counted it. */
static char *take_text(struct reader *r, xmlNode *node)
{
	xmlChar *raw = xmlNodeGetContent(node);
	struct buffer text = BUFFER_INIT;

	project_text_fold(&text, (const char *)raw);
	if (utf8_has_control(buffer_text(&text), false))
		complain(r, node, "an invisible character stands in the text; type it anew");
	xmlFree(raw);
	return text.len ? buffer_detach(&text) : xstrdup("");
}

/* An attribute without the blanks around it, which the grammar overlooks; "" for none. */
static char *take_attribute(xmlNode *node, const char *name)
{
	xmlChar *raw = xmlGetNoNsProp(node, (const xmlChar *)name);
	struct buffer text = BUFFER_INIT;

	project_text_fold(&text, raw ? (const char *)raw : "");
	xmlFree(raw);
	return text.len ? buffer_detach(&text) : xstrdup("");
}

static void take_time(struct reader *r, xmlNode *node, const char *name,
		      char utc[PROJECT_TIME_SIZE])
{
	char *text = take_attribute(node, name);

	if (*text && !project_time_read(text, utc))
		complain(r, node,
			 "there is no such day or hour; write a time that the calendar has");
	free(text);
}

static int64_t take_number(xmlNode *node, const char *name)
{
	char *text = take_attribute(node, name);
	int64_t number = strtoll(text, NULL, 10);

	free(text);
	return number;
}

static void take_package(struct reader *r, xmlNode *node)
{
	struct project_file *f = r->file;
	struct project_package *k = &f->package[f->package_count];
	char *price = take_attribute(node, "price");

	if (f->package_count == PROJECT_PACKAGES_MAX) {
		project_complain(r->why, f, (int)xmlGetLineNo(node), "package",
				 "a project has at most %d packages: take some out",
				 PROJECT_PACKAGES_MAX);
		r->good = false;
		free(price);
		return;
	}
	f->package_count++;
	k->line = (int)xmlGetLineNo(node);
	k->code = take_attribute(node, "code");
	k->years = take_number(node, "years");
	if (!money_read(price, &k->price_fen))
		complain(r, node, "the price is no amount of yuan with two decimals");
	take_time(r, node, "price-from", k->price_from);
	for (xmlNode *child = node->children; child; child = child->next)
		if (!strcmp((const char *)child->name, "title"))
			k->title = take_text(r, child);
		else if (!strcmp((const char *)child->name, "description"))
			k->description = take_text(r, child);
	if (!k->description)
		k->description = xstrdup("");
	for (struct project_package *other = f->package; other < k; other++)
		if (!strcmp(other->code, k->code))
			complain(r, node,
				 "another package has this code; give one of them another");
	free(price);
}

/* A line of the body; the mark of a heading is made here and nowhere else. */
static void take_line(struct reader *r, xmlNode *node, bool is_heading, struct buffer *body)
{
	char *text = take_text(r, node);

	if (*text == '#')
		complain(r, node, "the text begins with #; a heading needs no mark of its own");
	buffer_printf(body, "%s%s\n", is_heading ? "# " : "", text);
	free(text);
}

static void take_agreement(struct reader *r, xmlNode *node)
{
	struct project_agreement *a = &r->file->agreement;
	struct buffer body = BUFFER_INIT;

	a->line = (int)xmlGetLineNo(node);
	a->version = take_attribute(node, "version");
	take_time(r, node, "published", a->published);
	for (xmlNode *child = node->children; child; child = child->next)
		if (!strcmp((const char *)child->name, "title"))
			a->title = take_text(r, child);
		else if (child->type == XML_ELEMENT_NODE)
			take_line(r, child, !strcmp((const char *)child->name, "heading"), &body);
	a->body = project_body_fold(buffer_text(&body));
	buffer_release(&body);
}

/* Methods in the order of their table, each once, as the database gives them. */
static char *in_order(char *typed)
{
	struct buffer words = BUFFER_INIT;

	for (size_t i = 0; i < IDENTITY_METHOD_COUNT; i++)
		if (identity_word_in(typed, i))
			buffer_printf(&words, "%s%s", words.len ? " " : "", identity_ways[i].word);
	free(typed);
	return buffer_detach(&words);
}

static void take_setting(struct reader *r, xmlNode *node)
{
	struct project_file *f = r->file;

	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++) {
		if (strcmp(project_settings[i].name, (const char *)node->name) != 0)
			continue;
		f->setting[i] = take_text(r, node);
		f->setting_line[i] = (int)xmlGetLineNo(node);
		if (project_settings[i].type == PROJECT_METHODS)
			f->setting[i] = in_order(f->setting[i]);
	}
}

static void take_all(struct reader *r, xmlNode *root)
{
	r->file->code = take_attribute(root, "code");
	r->file->package = xcalloc(PROJECT_PACKAGES_MAX + 1, sizeof(*r->file->package));
	for (xmlNode *child = root->children; child; child = child->next)
		if (child->type != XML_ELEMENT_NODE)
			continue;
		else if (!strcmp((const char *)child->name, "package"))
			take_package(r, child);
		else if (!strcmp((const char *)child->name, "agreement"))
			take_agreement(r, child);
		else
			take_setting(r, child);
	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++)
		if (!r->file->setting[i])
			r->file->setting[i] = xstrdup(project_settings[i].fallback);
}

static bool says(const struct project_file *f, enum project_setting which, const char *word)
{
	return !strcmp(f->setting[which], word);
}

static void refuse(struct reader *r, enum project_setting which, const char *what)
{
	project_complain(r->why, r->file, r->file->setting_line[which],
			 project_settings[which].name, "%s", what);
	r->good = false;
}

/* A face is never the only way, and a check in person has a place. */
static void check_identity(struct reader *r)
{
	const char *methods = r->file->setting[PROJECT_IDENTITY_METHODS];

	if (!says(r->file, PROJECT_IDENTITY_CHECK, "yes"))
		return;
	if (!identity_word_in(methods, IDENTITY_IN_PERSON))
		refuse(r, PROJECT_IDENTITY_METHODS,
		       "a face may not be the only way: write in-person too");
	else if (!*r->file->setting[PROJECT_IN_PERSON_PLACE])
		refuse(r,
		       r->file->setting_line[PROJECT_IDENTITY_METHODS] ? PROJECT_IDENTITY_METHODS :
									 PROJECT_IDENTITY_CHECK,
		       "nobody finds the place: write in-person-place");
}

static void check_prices(struct reader *r)
{
	for (size_t i = 0; i < r->file->package_count; i++)
		if (!r->file->package[i].price_fen && says(r->file, PROJECT_PAYMENT, "yes")) {
			project_complain(r->why, r->file, r->file->package[i].line, "package",
					 "nothing can be paid at 0.00: write a price,"
					 " or payment no");
			r->good = false;
		}
}

/* The bytes at path; false with errno, EFBIG for more than PROJECT_FILE_MAX. */
static bool read_bytes(const char *path, struct buffer *out)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	ssize_t n = -1;
	int error;

	if (fd < 0)
		return false;
	do {
		char *room = buffer_room(out, 65536);

		n = read(fd, room, 65536);
		if (n > 0)
			out->len += (size_t)n;
	} while ((n > 0 && out->len <= PROJECT_FILE_MAX) || (n < 0 && errno == EINTR));
	error = n > 0 ? EFBIG : errno;
	if (fd != STDIN_FILENO)
		close(fd);
	errno = error;
	return n == 0;
}

bool project_read(const char *path, const char *grammar, struct project_file *f, struct buffer *why)
{
	struct reader r = { f, why, true };
	struct buffer text = BUFFER_INIT;
	xmlDocPtr document = NULL;

	*f = (struct project_file){ .path = xstrdup(path) };
	if (!read_bytes(path, &text))
		buffer_printf(why, "%s: %s\n", path, strerror(errno));
	else
		document = grammar_parse(&text, f, grammar, why);
	buffer_release(&text);
	if (!document)
		return false;
	take_all(&r, xmlDocGetRootElement(document));
	xmlFreeDoc(document);
	check_identity(&r);
	check_prices(&r);
	return r.good;
}

void project_file_release(struct project_file *f)
{
	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++)
		free(f->setting[i]);
	for (size_t i = 0; f->package && i < f->package_count; i++) {
		free(f->package[i].code);
		free(f->package[i].title);
		free(f->package[i].description);
	}
	free(f->package);
	free(f->agreement.version);
	free(f->agreement.title);
	free(f->agreement.body);
	free(f->code);
	free(f->path);
	*f = (struct project_file){ 0 };
}
