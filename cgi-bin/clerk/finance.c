/* finance.c: what the accountant's pages share. */
#include "finance.h"

#include "base/log.h"
#include "base/money.h"
#include "base/utf8.h"

static const struct {
	const char *name, *label;
} lists[] = {
	{ "clerk/refunds", "退款" },
	{ "clerk/invoices", "发票" },
	{ "clerk/differences", "对账差异" },
};

struct markup *finance_begin(struct page *p, const char *title)
{
	struct markup *m = layout_begin(p, title, 0);

	markup_open(m, "nav", "class", "yj-tabs", "aria-label", "财务", NULL);
	markup_open(m, "ul", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct buffer path = BUFFER_INIT;

		buffer_printf(&path, "/%s", lists[i].name);
		markup_open(m, "li", "class", "yj-tabs__item", NULL);
		markup_element(m, "a", lists[i].label, "class", "yj-tabs__link", "href",
			       buffer_text(&path), "aria-current",
			       strcmp(lists[i].name, p->spec->name) ? NULL : "page", NULL);
		markup_close(m, "li");
		buffer_release(&path);
	}
	markup_close(m, "ul");
	markup_close(m, "nav");
	return m;
}

void finance_begin_table(struct markup *m, const char *title, const char *const heads[])
{
	size_t count = 0;

	while (heads[count])
		count++;
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", title, "class", "yj-card__title", NULL);
	layout_table(m, title, heads, count);
}

void finance_end_table(struct markup *m)
{
	layout_table_end(m);
	markup_close(m, "section");
}

void finance_nothing(struct markup *m, const char *title, const char *text)
{
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", title, "class", "yj-card__title", NULL);
	markup_element(m, "p", text, "class", "yj-hint", NULL);
	markup_close(m, "section");
}

void finance_money(struct markup *m, const char *label, const struct db_maybe *fen)
{
	struct buffer text = BUFFER_INIT;

	if (fen->none)
		buffer_puts(&text, "没有");
	else
		money_text(&text, fen->number);
	markup_open(m, "td", NULL);
	if (label) {
		markup_element(m, "span", label, "class", "yj-table__label", NULL);
		markup_text(m, " ");
	}
	markup_text(m, buffer_text(&text));
	markup_close(m, "td");
	buffer_release(&text);
}

void finance_who(struct markup *m, const char *company, const char *number)
{
	markup_open(m, "td", NULL);
	markup_text(m, *company ? company : "（未填名称）");
	markup_element(m, "span", number, "class", "yj-hint", NULL);
	markup_close(m, "td");
}

void finance_row_field(struct markup *m, int64_t id, const char *prefix, const char *label,
		       const char *placeholder)
{
	char number[32], name[64];

	snprintf(number, sizeof(number), "%lld", (long long)id);
	snprintf(name, sizeof(name), "%s-%s", prefix, number);
	markup_void(m, "input", "type", "hidden", "name", "row", "value", number, NULL);
	markup_element(m, "label", label, "class", "yj-hidden", "for", name, NULL);
	markup_void(m, "input", "class", "yj-input", "id", name, "name", "note", "maxlength", "200",
		    "placeholder", placeholder, "autocomplete", "off", NULL);
}

void finance_button(struct markup *m, const char *act, const char *label, bool primary)
{
	markup_element(m, "button", label, "type", "submit", "class",
		       primary ? "weui-btn weui-btn_primary weui-btn_mini" :
				 "weui-btn weui-btn_default weui-btn_mini",
		       "name", "act", "value", act, NULL);
}

const char *finance_field(struct page *p, const char *name)
{
	const char *value = request_field(p->request, name);

	return value ? value : "";
}

int64_t finance_number(const char *text)
{
	size_t n = strlen(text);

	return n && n < 19 && strspn(text, "0123456789") == n ? strtoll(text, NULL, 10) : 0;
}

void finance_key(const struct page *p, int64_t id, char out[FINANCE_KEY_SIZE])
{
	snprintf(out, FINANCE_KEY_SIZE, "%s-%lld", p->key, (long long)id);
}

bool finance_is_note(const char *note)
{
	return strspn(note, " ") < strlen(note) && utf8_length(note) <= FINANCE_NOTE_MAX &&
	       !utf8_has_control(note, false);
}

static const struct {
	const char *result;
	int status;
	const char *heading, *what_to_do;
} answers[] = {
	{ "own_request", 403, "不能确认自己提出的退款", "请由另一位财务人员核对后确认。" },
	{ "not_allowed", 403, "您不能处理这一条", "只有在岗的财务人员可以处理。" },
	{ "not_paid", 409, "这笔付款没有到账", "没有到账的付款不能退款，请回到列表看最新情况。" },
	{ "number_taken", 409, "这个发票号码已经登记过", "请核对号码后重新录入。" },
};

void finance_answer(struct page *p, const char *result, const char *list, const char *flash)
{
	struct buffer path = BUFFER_INIT;

	buffer_printf(&path, "/%s", list);
	if (!strcmp(result, "decided") || !strcmp(result, "repeated") ||
	    !strcmp(result, "requested")) {
		page_go(p, list, flash);
		buffer_release(&path);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		if (!strcmp(answers[i].result, result)) {
			page_say(p, answers[i].status, answers[i].heading, answers[i].what_to_do,
				 buffer_text(&path), "回到列表");
			buffer_release(&path);
			return;
		}
	page_say(p, 409, "这一条已经有变化", "可能别人刚处理过，您的操作没有生效。请看最新情况。",
		 buffer_text(&path), "回到列表");
	buffer_release(&path);
}

void finance_say_note(struct page *p, const char *list)
{
	struct buffer path = BUFFER_INIT;

	buffer_printf(&path, "/%s", list);
	page_say(p, 422, "请填写说明",
		 "请在那一条后面用一行写明原因或依据，最多 200 个字，再提交。", buffer_text(&path),
		 "回到列表");
	buffer_release(&path);
}
