/* grammar.c: an XML file held against a RELAX NG grammar. */
#include "project/grammar.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "base/die.h"

#if LIBXML_VERSION >= 21200
#define XML_ERROR const xmlError
#else
#define XML_ERROR xmlError
#endif

struct check {
	const struct project_file *file;
	xmlDocPtr grammar;
	struct buffer *why;
	int told; /* the line of the last complaint */
};

/* libxml2's words, without the line's end and the blanks it leaves behind. */
static void words(struct buffer *out, const char *message)
{
	size_t n = message ? strlen(message) : 0;

	while (n && strchr(" \n", message[n - 1]))
		n--;
	buffer_add(out, message, n);
}

static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

/* The documentation of the element `name`, below `node` in the grammar. */
static xmlChar *find_help(xmlNode *node, const char *name)
{
	xmlChar *found = NULL;

	for (xmlNode *child = node->children; child && !found; child = child->next) {
		xmlChar *called = is_named(child, "element") ?
					  xmlGetProp(child, (const xmlChar *)"name") :
					  NULL;

		if (called && !strcmp((const char *)called, name))
			for (xmlNode *help = child->children; help && !found; help = help->next)
				if (is_named(help, "documentation"))
					found = xmlNodeGetContent(help);
		if (!found && child->type == XML_ELEMENT_NODE)
			found = find_help(child, name);
		xmlFree(called);
	}
	return found;
}

/* One complaint a line of the file. For an element in a wrong place the element
 * around it says what it holds; libxml2 then names the stranger. */
static void on_invalid(void *context, XML_ERROR *error)
{
	struct check *c = context;
	const xmlNode *node = error->node;
	struct buffer what = BUFFER_INIT;
	xmlChar *help = NULL;

	if (!node || error->line == c->told)
		return;
	c->told = error->line;
	if (node->type == XML_ATTRIBUTE_NODE)
		node = node->parent;
	if (error->code != XML_RELAXNG_ERR_ELEMWRONG)
		help = find_help((xmlNode *)c->grammar, (const char *)node->name);
	if (!help && node->parent && node->parent->type == XML_ELEMENT_NODE)
		help = find_help((xmlNode *)c->grammar, (const char *)node->parent->name);
	words(&what, error->message);
	if (help) {
		buffer_puts(&what, "; ");
		project_text_fold(&what, (const char *)help);
	}
	project_complain(c->why, c->file, error->line, (const char *)node->name, "%s",
			 buffer_text(&what));
	xmlFree(help);
	buffer_release(&what);
}

/* Of what is not well-formed the first fault is told; the rest follows from it. */
static void on_malformed(void *context, XML_ERROR *error)
{
	struct check *c = ((xmlParserCtxtPtr)context)->_private;
	struct buffer what = BUFFER_INIT;

	if (c->told || error->level < XML_ERR_ERROR)
		return;
	c->told = error->line;
	words(&what, error->message);
	project_complain(c->why, c->file, error->line, NULL, "not well-formed XML: %s",
			 buffer_text(&what));
	buffer_release(&what);
}

static xmlDocPtr parse(const struct buffer *text, const struct project_file *file,
		       struct buffer *why)
{
	struct check c = { .file = file, .why = why };
	xmlParserCtxtPtr context = xmlNewParserCtxt();
	xmlDocPtr document;

	if (!context)
		die("no memory to parse");
	context->sax->serror = (xmlStructuredErrorFunc)on_malformed;
	context->_private = &c;
	document = xmlCtxtReadMemory(context, buffer_text(text), (int)text->len, file->path, NULL,
				     XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA);
	if (!document && !c.told)
		project_complain(why, file, 1, NULL, "nothing is in it");
	if (document && document->intSubset) {
		project_complain(why, file, 1, NULL, "a document type has no place here");
		xmlFreeDoc(document);
		document = NULL;
	}
	xmlFreeParserCtxt(context);
	return document;
}

/* The grammar is ours: without it no file can be checked. */
static bool is_valid(xmlDocPtr document, const char *grammar, struct check *c)
{
	xmlRelaxNGParserCtxtPtr parser;
	xmlRelaxNGPtr schema;
	xmlRelaxNGValidCtxtPtr valid;
	bool good;

	c->grammar = xmlReadFile(grammar, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
	parser = c->grammar ? xmlRelaxNGNewDocParserCtxt(c->grammar) : NULL;
	schema = parser ? xmlRelaxNGParse(parser) : NULL;
	valid = schema ? xmlRelaxNGNewValidCtxt(schema) : NULL;
	if (!valid)
		die("the grammar %s cannot be read; YJ_SCHEMA names the folder of the schema",
		    grammar);
	xmlRelaxNGSetValidStructuredErrors(valid, (xmlStructuredErrorFunc)on_invalid, c);
	good = xmlRelaxNGValidateDoc(valid, document) == 0;
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	xmlFreeDoc(c->grammar);
	return good;
}

xmlDocPtr grammar_parse(const struct buffer *text, const struct project_file *file,
			const char *grammar, struct buffer *why)
{
	struct check c = { .file = file, .why = why };
	xmlDocPtr document = parse(text, file, why);
	size_t before = why->len;

	if (document && !is_valid(document, grammar, &c)) {
		if (why->len == before)
			project_complain(why, file, 1, NULL, "not as %s wants it", grammar);
		xmlFreeDoc(document);
		document = NULL;
	}
	return document;
}
