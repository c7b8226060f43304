/* message.c: a template and the facts become a mail and the values of a message. */
#include "message/facts.h"

#include "base/die.h"
#include "base/markup.h"

/* Stands at the end of every mail. */
static const struct message_block foot[] = {
	{ MESSAGE_PARAGRAPH, "如有疑问，请致电 {help_phone}。", "help_phone" },
	{ MESSAGE_PARAGRAPH, "这封邮件由系统自动发出，请不要直接回复。", NULL },
};

/* A message while it is written, in both forms at once. */
struct writer {
	const struct message_template *template;
	const struct message_facts *facts;
	struct buffer *text;
	struct markup *html;
};

bool message_known(const char *kind)
{
	return message_by_kind(kind) != NULL;
}

/* The next placeholder of a text: gives where its name begins, NULL if none. */
static const char *next_name(const char *text, size_t *n)
{
	const char *open = strchr(text, '{');

	if (!open)
		return NULL;
	*n = strcspn(open + 1, "}");
	return open + 1;
}

static bool unknown_in(const struct message_template *t, const char *text, struct buffer *name)
{
	size_t n;

	while ((text = next_name(text, &n))) {
		if (message_fact_named(t->scope, text, n) == FACT_COUNT) {
			buffer_add(name, text, n);
			return true;
		}
		text += n;
	}
	return false;
}

bool message_unknown_placeholder(const struct message_template *t, struct buffer *name)
{
	if (unknown_in(t, t->subject, name))
		return true;
	for (size_t i = 0; i < t->block_count; i++) {
		const char *where = t->block[i].where;

		if (t->block[i].text && unknown_in(t, t->block[i].text, name))
			return true;
		if (where && message_fact_named(t->scope, where, strlen(where)) == FACT_COUNT) {
			buffer_puts(name, where);
			return true;
		}
	}
	return false;
}

static const char *fact(const struct writer *w, const char *name, size_t n)
{
	enum message_fact which = message_fact_named(w->template->scope, name, n);

	if (which == FACT_COUNT)
		die("message %s: no {%.*s} here", w->template->kind, (int)n, name);
	return w->facts->text[which];
}

static void expand(const struct writer *w, const char *text, struct buffer *out)
{
	const char *name;
	size_t n;

	while ((name = next_name(text, &n))) {
		buffer_add(out, text, (size_t)(name - 1 - text));
		buffer_puts(out, fact(w, name, n));
		text = name + n + 1;
	}
	buffer_puts(out, text);
}

static void write_reasons(struct writer *w)
{
	const char *at = buffer_text(&w->facts->reasons);
	struct buffer line = BUFFER_INIT;

	markup_open(w->html, "ul", NULL);
	for (size_t n; *at; at += n + 1) {
		n = strcspn(at, "\n");
		buffer_reset(&line);
		buffer_add(&line, at, n);
		markup_element(w->html, "li", line.data, NULL);
		buffer_printf(w->text, "- %s\n", line.data);
	}
	markup_close(w->html, "ul");
	buffer_putc(w->text, '\n');
	buffer_release(&line);
}

static void write_block(struct writer *w, const struct message_block *block)
{
	struct buffer words = BUFFER_INIT;

	if (block->where && !*fact(w, block->where, strlen(block->where)))
		return;
	if (block->type == MESSAGE_REASONS) {
		write_reasons(w);
		return;
	}
	expand(w, block->text, &words);
	markup_open(w->html, "p", NULL);
	if (block->type == MESSAGE_ACTION) {
		markup_element(w->html, "a", words.data, "href", w->facts->link, NULL);
		buffer_printf(w->text, "%s：\n%s\n\n", words.data, w->facts->link);
	} else {
		markup_text(w->html, words.data);
		buffer_printf(w->text, "%s\n\n", words.data);
	}
	markup_close(w->html, "p");
	buffer_release(&words);
}

static void write_mail(const struct message_template *t, struct message *out)
{
	struct writer w = { t, out->facts, &out->text, markup_new(true) };
	const char *html;
	size_t n;

	expand(&w, t->subject, &out->subject);
	markup_open(w.html, "html", "lang", "zh-CN", NULL);
	markup_open(w.html, "head", NULL);
	markup_void(w.html, "meta", "charset", "utf-8", NULL);
	markup_element(w.html, "title", out->subject.data, NULL);
	markup_close(w.html, "head");
	markup_open(w.html, "body", NULL);
	markup_element(w.html, "h2", out->subject.data, NULL);
	for (size_t i = 0; i < t->block_count; i++)
		write_block(&w, &t->block[i]);
	for (size_t i = 0; i < ARRAY_SIZE(foot); i++)
		write_block(&w, &foot[i]);
	html = markup_finish(w.html, &n);
	buffer_add(&out->html, html, n);
	markup_free(w.html);
}

static void add_value(struct message *out, const char *name, const char *text)
{
	if (*text)
		out->value[out->value_count++] = (struct message_value){ name, text };
}

bool message_compose(struct db *db, const struct config *config, const struct message_case *of,
		     struct message *out)
{
	const struct message_template *t = message_by_kind(of->kind);

	*out = (struct message){ 0 };
	out->facts = t ? message_facts_load(db, config, t->scope, of) : NULL;
	if (!out->facts)
		return false;
	buffer_puts(&out->link, out->facts->link);
	write_mail(t, out);
	add_value(out, "project", out->facts->text[FACT_PROJECT]);
	add_value(out, "company", out->facts->text[FACT_COMPANY]);
	add_value(out, "status", t->status);
	add_value(out, "note", t->note);
	add_value(out, "time", out->facts->text[FACT_TIME]);
	add_value(out, "tracking", out->facts->text[FACT_TRACKING]);
	return true;
}

void message_release(struct message *n)
{
	buffer_release(&n->subject);
	buffer_release(&n->text);
	buffer_release(&n->html);
	buffer_release(&n->link);
	message_facts_free(n->facts);
	*n = (struct message){ 0 };
}
