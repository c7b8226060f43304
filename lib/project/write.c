/* write.c: a project as XML. */
#include "project/project.h"

#include <libxml/xmlwriter.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/money.h"

static void sure(int written)
{
	if (written < 0)
		die("xmlTextWriter failed");
}

static const xmlChar *x(const char *text)
{
	return (const xmlChar *)text;
}

static void open_element(xmlTextWriterPtr w, const char *name)
{
	sure(xmlTextWriterStartElement(w, x(name)));
}

static void close_element(xmlTextWriterPtr w)
{
	sure(xmlTextWriterEndElement(w));
}

static void attribute(xmlTextWriterPtr w, const char *name, const char *value)
{
	sure(xmlTextWriterWriteAttribute(w, x(name), x(value)));
}

static void element(xmlTextWriterPtr w, const char *name, const char *text)
{
	sure(xmlTextWriterWriteElement(w, x(name), x(text)));
}

static void time_attribute(xmlTextWriterPtr w, const char *name, const char *utc)
{
	struct buffer text = BUFFER_INIT;

	project_time_write(&text, utc);
	if (text.len)
		attribute(w, name, buffer_text(&text));
	buffer_release(&text);
}

/* What may be left out is, when it is as it would be then. */
static void write_settings(xmlTextWriterPtr w, const struct project_file *f)
{
	for (size_t i = 0; i < PROJECT_SETTING_COUNT; i++) {
		const char *fallback = project_settings[i].fallback;

		if (!fallback || strcmp(f->setting[i], fallback) != 0)
			element(w, project_settings[i].name, f->setting[i]);
	}
}

static void write_package(xmlTextWriterPtr w, const struct project_package *k)
{
	struct buffer text = BUFFER_INIT;

	open_element(w, "package");
	attribute(w, "code", k->code);
	buffer_printf(&text, "%lld", (long long)k->years);
	attribute(w, "years", buffer_text(&text));
	buffer_reset(&text);
	money_yuan(&text, k->price_fen);
	attribute(w, "price", buffer_text(&text));
	time_attribute(w, "price-from", k->price_from);
	element(w, "title", k->title);
	if (*k->description)
		element(w, "description", k->description);
	close_element(w);
	buffer_release(&text);
}

static void write_agreement(xmlTextWriterPtr w, const struct project_agreement *a)
{
	open_element(w, "agreement");
	attribute(w, "version", a->version);
	time_attribute(w, "published", a->published);
	element(w, "title", a->title);
	for (const char *line = a->body; *line;) {
		size_t n = strcspn(line, "\n"), mark = *line == '#' ? strspn(line, "# ") : 0;
		char *text = xmemdup0(line + mark, n - mark);

		element(w, mark ? "heading" : "p", text);
		free(text);
		line += n + strspn(line + n, "\n");
	}
	close_element(w);
}

void project_write(const struct project_file *f, struct buffer *out)
{
	xmlBufferPtr bytes = xmlBufferCreate();
	xmlTextWriterPtr w = bytes ? xmlNewTextWriterMemory(bytes, 0) : NULL;

	if (!w)
		die("no memory for XML");
	sure(xmlTextWriterSetIndent(w, 1));
	sure(xmlTextWriterSetIndentString(w, x("  ")));
	sure(xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL));
	open_element(w, "project");
	attribute(w, "code", f->code);
	write_settings(w, f);
	for (size_t i = 0; i < f->package_count; i++)
		write_package(w, &f->package[i]);
	if (f->agreement.version)
		write_agreement(w, &f->agreement);
	close_element(w);
	sure(xmlTextWriterEndDocument(w));
	xmlFreeTextWriter(w);
	buffer_add(out, xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes));
	xmlBufferFree(bytes);
}
