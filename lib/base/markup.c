/* markup.c: the one way to write XHTML. */
#include "base/markup.h"

#include <libxml/xmlwriter.h>

#include "base/alloc.h"
#include "base/die.h"

#define MARKUP_DEPTH_MAX 64

struct markup {
	xmlBufferPtr bytes;
	xmlTextWriterPtr writer;
	const char *open[MARKUP_DEPTH_MAX]; /* literals of the callers */
	int depth;
	bool finished;
};

static void sure(int written)
{
	if (written < 0)
		die("xmlTextWriter failed");
}

static const xmlChar *x(const char *text)
{
	return (const xmlChar *)text;
}

/* Once it knows that it writes UTF-8, the writer leaves Chinese in attribute
 * values as it is. Only a declaration tells it; HTML has none, so that is
 * taken out again. */
static void declare_utf8(struct markup *m)
{
	sure(xmlTextWriterStartDocument(m->writer, NULL, "UTF-8", NULL));
	sure(xmlTextWriterFlush(m->writer));
	xmlBufferEmpty(m->bytes);
}

struct markup *markup_new(bool document)
{
	struct markup *m = xcalloc(1, sizeof(*m));

	m->bytes = xmlBufferCreateSize(16 * 1024);
	m->writer = m->bytes ? xmlNewTextWriterMemory(m->bytes, 0) : NULL;
	if (!m->writer)
		die("no memory for markup");
	declare_utf8(m);
	if (document)
		sure(xmlTextWriterWriteRaw(m->writer, x("<!DOCTYPE html>\n")));
	return m;
}

void markup_free(struct markup *m)
{
	if (!m)
		return;
	xmlFreeTextWriter(m->writer);
	xmlBufferFree(m->bytes);
	free(m);
}

static void start(struct markup *m, const char *element, va_list ap)
{
	const char *name;

	sure(xmlTextWriterStartElement(m->writer, x(element)));
	while ((name = va_arg(ap, const char *))) {
		const char *value = va_arg(ap, const char *);

		if (value)
			sure(xmlTextWriterWriteAttribute(m->writer, x(name), x(value)));
	}
}

void markup_open(struct markup *m, const char *element, ...)
{
	va_list ap;

	if (m->depth == MARKUP_DEPTH_MAX)
		die("markup nested too deep at <%s>", element);
	va_start(ap, element);
	start(m, element, ap);
	va_end(ap);
	m->open[m->depth++] = element;
}

void markup_close(struct markup *m, const char *element)
{
	if (m->depth == 0 || strcmp(m->open[m->depth - 1], element) != 0)
		die("markup: </%s> closes <%s>", element,
		    m->depth ? m->open[m->depth - 1] : "nothing");
	m->depth--;
	sure(xmlTextWriterFullEndElement(m->writer));
}

void markup_text(struct markup *m, const char *text)
{
	sure(xmlTextWriterWriteString(m->writer, x(text)));
}

void markup_printf(struct markup *m, const char *fmt, ...)
{
	struct buffer text = BUFFER_INIT;
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(&text, fmt, ap);
	va_end(ap);
	markup_text(m, buffer_text(&text));
	buffer_release(&text);
}

void markup_element(struct markup *m, const char *element, const char *text, ...)
{
	va_list ap;

	va_start(ap, text);
	start(m, element, ap);
	va_end(ap);
	if (text && *text)
		markup_text(m, text);
	sure(xmlTextWriterFullEndElement(m->writer));
}

void markup_void(struct markup *m, const char *element, ...)
{
	va_list ap;

	va_start(ap, element);
	start(m, element, ap);
	va_end(ap);
	sure(xmlTextWriterEndElement(m->writer));
}

const char *markup_finish(struct markup *m, size_t *len)
{
	if (!m->finished) {
		while (m->depth)
			markup_close(m, m->open[m->depth - 1]);
		sure(xmlTextWriterFlush(m->writer));
		m->finished = true;
	}
	*len = (size_t)xmlBufferLength(m->bytes);
	return (const char *)xmlBufferContent(m->bytes);
}
