/* notice.c: a template and the facts become a mail and the values of a message. */
#include "notice/facts.h"

#include "base/die.h"
#include "base/markup.h"

/* Stands at the end of every mail. */
static const struct notice_block foot[] = {
	{ NOTICE_PARAGRAPH, "如有疑问，请致电 {help_phone}。", "help_phone" },
	{ NOTICE_PARAGRAPH, "这封邮件由系统自动发出，请不要直接回复。", NULL },
};

/* A notice while it is written, in both forms at once. */
struct writer {
	const struct notice_template *template;
	const struct notice_facts *facts;
	struct buffer *text;
	struct markup *html;
};

bool notice_known(const char *kind)
{
	return notice_by_kind(kind) != NULL;
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

static bool unknown_in(const struct notice_template *t, const char *text, struct buffer *name)
{
	size_t n;

	while ((text = next_name(text, &n))) {
		if (notice_fact_named(t->scope, text, n) == FACT_COUNT) {
			buffer_add(name, text, n);
			return true;
		}
		text += n;
	}
	return false;
}

bool notice_unknown_placeholder(const struct notice_template *t, struct buffer *name)
{
	if (unknown_in(t, t->subject, name))
		return true;
	for (size_t i = 0; i < t->block_count; i++) {
		const char *where = t->block[i].where;

		if (t->block[i].text && unknown_in(t, t->block[i].text, name))
			return true;
		if (where && notice_fact_named(t->scope, where, strlen(where)) == FACT_COUNT) {
			buffer_puts(name, where);
			return true;
		}
	}
	return false;
}

static const char *fact(const struct writer *w, const char *name, size_t n)
{
	enum notice_fact which = notice_fact_named(w->template->scope, name, n);

	if (which == FACT_COUNT)
		die("notice %s: no {%.*s} here", w->template->kind, (int)n, name);
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

static void write_block(struct writer *w, const struct notice_block *block)
{
	struct buffer words = BUFFER_INIT;

	if (block->where && !*fact(w, block->where, strlen(block->where)))
		return;
	if (block->type == NOTICE_REASONS) {
		write_reasons(w);
		return;
	}
	expand(w, block->text, &words);
	markup_open(w->html, "p", NULL);
	if (block->type == NOTICE_ACTION) {
		markup_element(w->html, "a", words.data, "href", w->facts->link, NULL);
		buffer_printf(w->text, "%s：\n%s\n\n", words.data, w->facts->link);
	} else {
		markup_text(w->html, words.data);
		buffer_printf(w->text, "%s\n\n", words.data);
	}
	markup_close(w->html, "p");
	buffer_release(&words);
}

static void write_mail(const struct notice_template *t, struct notice *out)
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

static void add_value(struct notice *out, const char *name, const char *text)
{
	if (*text)
		out->value[out->value_count++] = (struct notice_value){ name, text };
}

bool notice_compose(struct db *db, const struct config *config, const struct notice_case *of,
		    struct notice *out)
{
	const struct notice_template *t = notice_by_kind(of->kind);

	*out = (struct notice){ 0 };
	out->facts = t ? notice_facts_load(db, config, t->scope, of) : NULL;
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

void notice_release(struct notice *n)
{
	buffer_release(&n->subject);
	buffer_release(&n->text);
	buffer_release(&n->html);
	buffer_release(&n->link);
	notice_facts_free(n->facts);
	*n = (struct notice){ 0 };
}
