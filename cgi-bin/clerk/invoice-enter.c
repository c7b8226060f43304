/* invoice-enter.c: clerk/invoice-enter: an invoice that was issued by hand gets
 * its number and its file; one that the provider refused is asked for again, or
 * given up. */
#include "finance.h"

#include <ctype.h>
#include <unistd.h>

#include "base/log.h"
#include "base/money.h"
#include "billing/billing.h"
#include "billing/desk.h"

#define LIST "clerk/invoices"
#define DATE_LEN 10

struct entry {
	struct billing_decision decision;
	bool enter;
	char number[INVOICE_NUMBER_LEN + 1], issued_at[BILLING_TIME_SIZE];
	char order_no[INVOICE_ORDER_MAX + 1], key[FINANCE_KEY_SIZE];
	struct vault *vault;
	struct buffer pdf;
};

static void line(struct markup *m, const char *label, const char *value)
{
	markup_open(m, "div", NULL);
	markup_element(m, "dt", label, NULL);
	markup_element(m, "dd", value, NULL);
	markup_close(m, "div");
}

static void money_line(struct markup *m, const char *label, int64_t fen)
{
	struct buffer text = BUFFER_INIT;

	money_text(&text, fen);
	line(m, label, buffer_text(&text));
	buffer_release(&text);
}

static void write_about(struct markup *m, const struct billing_waiting *w)
{
	char percent[16];

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", strcmp(w->kind, "red") ? "要开的蓝字发票" : "要开的红字发票",
		       "class", "yj-card__title", NULL);
	markup_open(m, "dl", "class", "yj-view", NULL);
	line(m, "抬头", w->title);
	line(m, "税号", *w->tax_number ? w->tax_number : "没有");
	money_line(m, "价税合计", w->amount_fen);
	money_line(m, "不含税金额", w->net_fen);
	money_line(m, "税额", w->tax_fen);
	snprintf(percent, sizeof(percent), "%d%%", w->tax_percent);
	line(m, "税率", percent);
	line(m, "我方单号", w->order_no);
	if (*w->blue_number)
		line(m, "原蓝字发票", w->blue_number);
	if (*w->failure)
		line(m, "失败原因", w->failure);
	markup_close(m, "dl");
	markup_close(m, "section");
}

static void field(struct markup *m, const char *name, const char *label, const char *hint,
		  const char *type, const char *value)
{
	char hint_id[32];

	snprintf(hint_id, sizeof(hint_id), "%s-hint", name);
	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", label, "class", "yj-field__label", "for", name, NULL);
	markup_element(m, "p", hint, "class", "yj-field__hint", "id", hint_id, NULL);
	markup_void(m, "input", "class", "yj-input", "id", name, "name", name, "type", type,
		    "value", value, "accept", strcmp(type, "file") ? NULL : "application/pdf",
		    "autocomplete", "off", "aria-describedby", hint_id, NULL);
	markup_close(m, "div");
}

static void row(struct markup *m, int64_t id)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)id);
	markup_void(m, "input", "type", "hidden", "name", "row", "value", text, NULL);
}

static void write_forms(struct page *p, const char *state, int64_t id)
{
	struct markup *m = p->markup;

	layout_form(p, true);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "录入已开的发票", "class", "yj-card__title", NULL);
	row(m, id);
	field(m, "number", "发票号码", "20 位数字", "text", finance_field(p, "number"));
	field(m, "issued_on", "开票日期", "例如 2026-01-31", "text", finance_field(p, "issued_on"));
	field(m, "pdf", "发票 PDF", "不超过 5 MB，会发到申请人的收票邮箱", "file", NULL);
	finance_button(m, "enter", "录入并发送", true);
	markup_close(m, "section");
	markup_close(m, "form");
	if (!strcmp(state, "asked"))
		return;
	layout_form(p, true);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "其他处理", "class", "yj-card__title", NULL);
	finance_row_field(m, id, "note", "说明", "不再开须写明原因");
	if (!strcmp(state, "failed"))
		finance_button(m, "again", "重新提交开票", false);
	finance_button(m, "give_up", "不再开", false);
	markup_close(m, "section");
	markup_close(m, "form");
}

static void write_page(struct page *p, int64_t id, const char *error)
{
	struct db_result *r = billing_waiting(p->db, id);
	struct billing_waiting waiting;

	if (!billing_waiting_next(r, &waiting)) {
		page_say(p, error ? 409 : 404, "这张发票不用处理",
			 "它可能刚刚开好，或者已有人处理。", "/" LIST, "回到列表");
	} else {
		struct markup *m = finance_begin(p, "处理发票");

		if (error)
			markup_element(m, "p", error, "class", "yj-warning", "role", "alert", NULL);
		write_about(m, &waiting);
		write_forms(p, waiting.state, id);
		layout_end(p);
	}
	db_result_free(r);
}

static void show(struct page *p)
{
	const char *id = request_query(p->request, "invoice");

	write_page(p, finance_number(id ? id : ""), NULL);
}

static bool read_number(const char *typed, char out[INVOICE_NUMBER_LEN + 1])
{
	if (strlen(typed) != INVOICE_NUMBER_LEN ||
	    strspn(typed, "0123456789") != INVOICE_NUMBER_LEN)
		return false;
	memcpy(out, typed, INVOICE_NUMBER_LEN + 1);
	return true;
}

/* A day that exists and has come; kept as noon in China. */
static bool read_day(struct page *p, const char *typed, char out[BILLING_TIME_SIZE])
{
	static const char shape[] = "dddd-dd-dd";
	bool good = strlen(typed) == DATE_LEN;

	for (size_t i = 0; good && i < DATE_LEN; i++)
		good = shape[i] == 'd' ? isdigit((unsigned char)typed[i]) : typed[i] == '-';
	return good && billing_invoice_day(p->db, typed, out);
}

/* What is wrong with the file, or NULL. */
static const char *read_pdf(struct page *p, struct buffer *pdf)
{
	const struct request_file *file = NULL;
	char piece[16384];
	ssize_t n;

	for (size_t i = 0; i < p->request->file_count; i++)
		if (!strcmp(p->request->file[i].name, "pdf"))
			file = &p->request->file[i];
	if (!file || !(file->size || file->too_large))
		return "请选择发票的 PDF 文件。";
	if (file->too_large || file->size > INVOICE_PDF_MAX)
		return "文件超过 5 MB，请换一份小一些的 PDF。";
	while ((n = read(file->fd, piece, sizeof(piece))) > 0)
		buffer_add(pdf, piece, (size_t)n);
	if (n < 0 || pdf->len < 5 || memcmp(pdf->data, "%PDF-", 5) != 0)
		return "这个文件不是 PDF，请从开票系统下载 PDF 格式的发票。";
	return NULL;
}

static const char *read_entry(struct page *p, struct entry *e)
{
	const char *act = e->decision.act;

	if (!strcmp(act, "again"))
		return NULL;
	if (!strcmp(act, "give_up"))
		return finance_is_note(e->decision.note) ? NULL :
							   "请写明不再开票的原因，最多 200 个字。";
	e->enter = !strcmp(act, "enter");
	if (!e->enter)
		return "请点一个按钮。";
	if (!read_number(finance_field(p, "number"), e->number))
		return "发票号码应为 20 位数字，请核对后重新填写。";
	if (!read_day(p, finance_field(p, "issued_on"), e->issued_at))
		return "开票日期应像 2026-01-31，且不晚于今天。";
	e->decision.number = e->number;
	e->decision.issued_at = e->issued_at;
	return read_pdf(p, &e->pdf);
}

static bool decide(struct db *db, void *context)
{
	struct entry *e = context;

	return billing_invoice_decide(db, &e->decision) &&
	       (!e->enter || billing_pdf_put(db, e->vault, e->decision.invoice, &e->pdf));
}

static void store(struct page *p, struct entry *e)
{
	struct billing_decision *d = &e->decision;

	e->vault = page_vault(p);
	billing_order_no(e->order_no);
	d->order_no = e->order_no;
	finance_key(p, d->invoice, e->key);
	d->key = e->key;
	db_transaction(p->db, decide, e);
	log_line(LOG_INFO, "billing.entered", "invoice=%lld staff=%lld result=%s",
		 (long long)d->invoice, (long long)p->session.subject, d->result);
	finance_answer(p, d->result, LIST, "invoice-done");
}

static void submit(struct page *p)
{
	struct entry e = { .decision = {
				   .invoice = finance_number(finance_field(p, "row")),
				   .token = p->session.token,
				   .act = finance_field(p, "act"),
				   .note = finance_field(p, "note"),
			   } };
	const char *error = read_entry(p, &e);

	if (error) {
		p->reply.status = 422;
		write_page(p, e.decision.invoice, error);
	} else {
		store(p, &e);
	}
	buffer_release(&e.pdf);
}

static const struct page_spec spec = {
	.name = "clerk/invoice-enter",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.body_max = UPLOAD_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
