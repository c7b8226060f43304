/* wechat-message.c: reads and writes the XML of the official account. */
#include "service/wechat-message.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/utf8.h"

const char *const wechat_xml_names[WECHAT_XML_COUNT] = {
	[WECHAT_XML_OK] = "ok",
	[WECHAT_XML_TOO_LARGE] = "too_large",
	[WECHAT_XML_NOT_TEXT] = "not_text",
	[WECHAT_XML_DOCTYPE] = "doctype",
	[WECHAT_XML_BROKEN] = "broken",
	[WECHAT_XML_INCOMPLETE] = "incomplete",
};

/* Whether a DOCTYPE stands before the root element, the only place where XML
 * allows one. Looked at before libxml2 sees a byte of it. */
static bool has_doctype(const char *text)
{
	text += strncmp(text, "\xef\xbb\xbf", 3) ? 0 : 3;
	for (;;) {
		const char *end;

		text += strspn(text, " \t\r\n");
		if (!strncmp(text, "<?", 2))
			end = strstr(text, "?>");
		else if (!strncmp(text, "<!--", 4))
			end = strstr(text + 4, "-->");
		else
			return !strncmp(text, "<!", 2);
		if (!end)
			return false;
		text = strchr(end, '>') + 1;
	}
}

static bool too_deep(const xmlNode *node, int depth)
{
	for (; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE &&
		    (depth >= WECHAT_XML_DEPTH_MAX || too_deep(node->children, depth + 1)))
			return true;
	return false;
}

static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

/* The caller frees the document, which is NULL with all results but OK. */
static enum wechat_xml parse(const char *xml, size_t n, size_t max, xmlDocPtr *document)
{
	enum wechat_xml result = WECHAT_XML_BROKEN;
	const xmlNode *root;

	*document = NULL;
	if (n > max)
		return WECHAT_XML_TOO_LARGE;
	if (!n || !utf8_valid(xml, n))
		return WECHAT_XML_NOT_TEXT;
	if (has_doctype(xml))
		return WECHAT_XML_DOCTYPE;
	*document = xmlReadMemory(xml, (int)n, NULL, "UTF-8",
				  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					  XML_PARSE_NOCDATA);
	root = *document ? xmlDocGetRootElement(*document) : NULL;
	if (root && !(*document)->intSubset && is_named(root, "xml") && !too_deep(root, 0))
		return WECHAT_XML_OK;
	if (root && is_named(root, "xml"))
		result = WECHAT_XML_TOO_LARGE;
	xmlFreeDoc(*document);
	*document = NULL;
	return result;
}

static const xmlNode *child(const xmlNode *parent, const char *name)
{
	const xmlNode *node = parent ? parent->children : NULL;

	while (node && !is_named(node, name))
		node = node->next;
	return node;
}

/* The text within an element, "" when it has none of its own. */
static const char *text_of(const xmlNode *element)
{
	const xmlNode *inner = element ? element->children : NULL;

	while (inner && inner->type != XML_TEXT_NODE && inner->type != XML_CDATA_SECTION_NODE)
		inner = inner->next;
	return inner && inner->content ? (const char *)inner->content : "";
}

/* libxml2 may keep neighbouring sections apart: all of them, at most `max`. */
static char *long_text(const xmlNode *element, size_t max)
{
	struct buffer text = BUFFER_INIT;

	for (const xmlNode *inner = element ? element->children : NULL; inner; inner = inner->next)
		if ((inner->type == XML_TEXT_NODE || inner->type == XML_CDATA_SECTION_NODE) &&
		    inner->content && text.len < max)
			buffer_puts(&text, (const char *)inner->content);
	if (text.len > max) {
		while (max && ((unsigned char)text.data[max] & 0xc0) == 0x80)
			max--;
		text.data[max] = '\0';
	}
	return buffer_detach(&text);
}

enum wechat_xml wechat_read_envelope(const char *xml, size_t n, struct buffer *out)
{
	xmlDocPtr document;
	enum wechat_xml result = parse(xml, n, WECHAT_XML_MAX, &document);
	char *text;

	if (result != WECHAT_XML_OK)
		return result;
	text = long_text(child(xmlDocGetRootElement(document), "Encrypt"), WECHAT_XML_MAX);
	buffer_puts(out, text);
	free(text);
	xmlFreeDoc(document);
	return out->len ? WECHAT_XML_OK : WECHAT_XML_INCOMPLETE;
}

/* Printable ASCII only: these go into keys, tables and comparisons. */
static bool take_name(const xmlNode *element, char out[WECHAT_NAME_MAX + 1])
{
	const char *text = text_of(element);

	out[0] = '\0';
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~' || c - text >= WECHAT_NAME_MAX)
			return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

/* A report of a subscription notification keeps its fields in a list. */
static const xmlNode *report_of(const xmlNode *root)
{
	const xmlNode *list = child(child(root, "SubscribeMsgSentEvent"), "List");

	return list ? list : root;
}

/* The answers stand in a list of their own in each of these. */
static const xmlNode *answers_of(const xmlNode *root)
{
	static const char *const lists[] = { "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent" };
	const xmlNode *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(lists) && !found; i++)
		found = child(root, lists[i]);
	return found ? found->children : NULL;
}

/* Whatever is not "accept" is none: reject, and words that may come yet. */
static bool take_answers(const xmlNode *root, struct wechat_message *m)
{
	const xmlNode *node = answers_of(root);

	for (; node && m->answer_count < WECHAT_ANSWERS_MAX; node = node->next) {
		struct wechat_answer *a = &m->answer[m->answer_count];

		if (!is_named(node, "List"))
			continue;
		if (!take_name(child(node, "TemplateId"), a->template_id))
			return false;
		a->accepted = !strcmp(text_of(child(node, "SubscribeStatusString")), "accept");
		m->answer_count += *a->template_id != '\0';
	}
	return true;
}

static bool take_fields(const xmlNode *root, struct wechat_message *m)
{
	const xmlNode *report = report_of(root);
	const xmlNode *status = child(report, "Status");
	const xmlNode *id = child(root, "MsgId");

	m->content = long_text(child(root, "Content"), WECHAT_TEXT_MAX);
	m->event_key = long_text(child(root, "EventKey"), WECHAT_TEXT_MAX);
	return take_answers(root, m) && take_name(child(root, "ToUserName"), m->account) &&
	       take_name(child(root, "FromUserName"), m->openid) &&
	       take_name(child(root, "CreateTime"), m->created) &&
	       take_name(child(root, "MsgType"), m->type) &&
	       take_name(child(root, "Event"), m->event) &&
	       take_name(id ? id : child(report, "MsgID"), m->id) &&
	       take_name(status ? status : child(report, "ErrorStatus"), m->status);
}

static bool is_complete(const struct wechat_message *m)
{
	return *m->account && *m->openid && *m->type && *m->created &&
	       strspn(m->created, "0123456789") == strlen(m->created) &&
	       (strcmp(m->type, "event") ? *m->id : *m->event);
}

enum wechat_xml wechat_read_message(const char *xml, size_t n, struct wechat_message *m)
{
	xmlDocPtr document;
	enum wechat_xml result = parse(xml, n, WECHAT_MESSAGE_MAX, &document);

	memset(m, 0, sizeof(*m));
	if (result != WECHAT_XML_OK)
		return result;
	if (!take_fields(xmlDocGetRootElement(document), m) || !is_complete(m))
		result = WECHAT_XML_INCOMPLETE;
	xmlFreeDoc(document);
	return result;
}

void wechat_message_release(struct wechat_message *m)
{
	free(m->content);
	free(m->event_key);
	memset(m, 0, sizeof(*m));
}

void wechat_message_key(const struct wechat_message *m, uint8_t key[SHA256_SIZE])
{
	const bool event = !strcmp(m->type, "event");
	const char *const parts[] = { m->account,
				      event ? "event" : "message",
				      event ? m->openid : "",
				      event ? m->created : "",
				      event ? m->event : "",
				      event ? m->event_key : "",
				      m->id };
	struct buffer all = BUFFER_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		buffer_add(&all, parts[i], strlen(parts[i]) + 1);
	for (size_t i = 0; event && i < m->answer_count; i++)
		buffer_printf(&all, "%s %d\n", m->answer[i].template_id, m->answer[i].accepted);
	digest_sha256(all.data, all.len, key);
	buffer_release(&all);
}

const char *wechat_scene(const struct wechat_message *m)
{
	static const char prefix[] = "qrscene_";

	if (strcmp(m->type, "event") != 0 || !*m->event_key)
		return NULL;
	if (!strcmp(m->event, "SCAN"))
		return m->event_key;
	if (strcmp(m->event, "subscribe") != 0 ||
	    strncmp(m->event_key, prefix, sizeof(prefix) - 1) != 0)
		return NULL;
	return m->event_key + sizeof(prefix) - 1;
}

static const xmlChar *x(const char *text)
{
	return (const xmlChar *)text;
}

static void sure(int written)
{
	if (written < 0)
		die("xmlTextWriter failed");
}

static void write_cdata(xmlTextWriterPtr w, const char *name, const char *text)
{
	const char *end;

	sure(xmlTextWriterStartElement(w, x(name)));
	for (; (end = strstr(text, "]]>")); text = end + 2) {
		char *part = xmemdup0(text, (size_t)(end + 2 - text));

		sure(xmlTextWriterWriteCDATA(w, x(part)));
		free(part);
	}
	sure(xmlTextWriterWriteCDATA(w, x(text)));
	sure(xmlTextWriterEndElement(w));
}

static xmlTextWriterPtr begin(xmlBufferPtr *bytes)
{
	xmlTextWriterPtr w;

	*bytes = xmlBufferCreate();
	w = *bytes ? xmlNewTextWriterMemory(*bytes, 0) : NULL;
	if (!w)
		die("no memory for XML");
	sure(xmlTextWriterStartElement(w, x("xml")));
	return w;
}

static void end(xmlTextWriterPtr w, xmlBufferPtr bytes, struct buffer *out)
{
	sure(xmlTextWriterEndElement(w));
	sure(xmlTextWriterFlush(w));
	buffer_add(out, xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes));
	xmlFreeTextWriter(w);
	xmlBufferFree(bytes);
}

/* What XML 1.0 takes, which is all but most of C0 and two non-characters. */
static char *fit_for_xml(const char *text)
{
	struct buffer out = BUFFER_INIT;
	uint32_t c;

	while ((c = utf8_next(&text)))
		if (c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r')
			utf8_put(&out, c);
	return buffer_detach(&out);
}

void wechat_reply(struct buffer *out, const struct wechat_message *m, int64_t now, const char *text)
{
	xmlBufferPtr bytes;
	xmlTextWriterPtr w = begin(&bytes);
	char *fit = fit_for_xml(text), time[24];

	snprintf(time, sizeof(time), "%lld", (long long)now);
	write_cdata(w, "ToUserName", m->openid);
	write_cdata(w, "FromUserName", m->account);
	sure(xmlTextWriterWriteElement(w, x("CreateTime"), x(time)));
	write_cdata(w, "MsgType", "text");
	write_cdata(w, "Content", fit);
	end(w, bytes, out);
	free(fit);
}

void wechat_reply_sealed(struct buffer *out, const struct wechat_sealed *s)
{
	xmlBufferPtr bytes;
	xmlTextWriterPtr w = begin(&bytes);

	write_cdata(w, "Encrypt", s->encrypt);
	write_cdata(w, "MsgSignature", s->signature);
	sure(xmlTextWriterWriteElement(w, x("TimeStamp"), x(s->timestamp)));
	write_cdata(w, "Nonce", s->nonce);
	end(w, bytes, out);
}
