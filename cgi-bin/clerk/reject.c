/* reject.c: clerk/reject: the final refusal: a coded reason, then a second look
 * at what it means, money included. */
#include "base/money.h"
#include "case-view.h"
#include "page/layout.h"
#include "page/reason.h"
#include "pay/desk.h"

static bool is_open(const struct page *p)
{
	return flow_allows(p->db, p->application.flow_version, p->application.state, FLOW_CLERK,
			   "reject");
}

static void write_money(struct page *p)
{
	int64_t fen = pay_kept_fen(p->db, p->application.id);
	struct buffer text = BUFFER_INIT;

	if (fen) {
		buffer_puts(&text, "申请人已付 ");
		money_text(&text, fen);
		buffer_puts(&text,
			    "，不予通过后这笔款项原路退回，由财务办理，到账后申请人会收到通知。");
	} else {
		buffer_puts(&text, "这份申请没有付过款，不涉及退款。");
	}
	markup_element(p->markup, "p", buffer_text(&text), "class", "yj-warning", NULL);
	buffer_release(&text);
}

static void write_choice(struct page *p, const char *error)
{
	struct markup *m;

	case_new_key(p);
	m = layout_begin(p, "不予通过", 0);
	markup_element(m, "p", "申请就此结束，申请人不能再改。能改好的请用“退回修改”。", "class",
		       "yj-lead", NULL);
	if (error)
		markup_element(m, "p", error, "class", "yj-warning", "role", "alert", NULL);
	write_money(p);
	layout_form(p, false);
	case_write_seen(p);
	markup_open(m, "div", "class", "yj-field", NULL);
	reason_write_select(p, REVIEW_REJECT, "reason", "原因（申请人会看到）",
			    request_field(p->request, "reason"));
	markup_close(m, "div");
	layout_buttons(p, "clerk/case", "下一步");
	markup_close(m, "form");
	layout_end(p);
}

static void write_confirmation(struct page *p, const char *reason)
{
	const char *seen = request_field(p->request, "seen");
	struct buffer words = BUFFER_INIT;
	struct markup *m;

	review_words(p->db, reason, &words);
	case_new_key(p);
	m = layout_begin(p, "确认不予通过", 0);
	markup_element(m, "p", "确认后不能撤回。申请人会看到这个原因：", "class", "yj-lead", NULL);
	markup_open(m, "blockquote", "class", "yj-card", NULL);
	markup_element(m, "p", buffer_text(&words), NULL);
	markup_close(m, "blockquote");
	write_money(p);
	layout_form(p, false);
	/* what was seen when the reason was chosen, not what stands now */
	markup_void(m, "input", "type", "hidden", "name", "seen", "value", seen ? seen : "", NULL);
	markup_void(m, "input", "type", "hidden", "name", "reason", "value", reason, NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "button", "重新选择", "type", "submit", "name", "go", "value", "back",
		       "class", "weui-btn weui-btn_default", NULL);
	markup_element(m, "button", "确认不予通过", "type", "submit", "name", "go", "value",
		       "confirm", "class", "weui-btn weui-btn_warn", NULL);
	markup_close(m, "div");
	markup_close(m, "form");
	layout_end(p);
	buffer_release(&words);
}

static void show(struct page *p)
{
	if (is_open(p))
		write_choice(p, NULL);
	else
		page_go(p, "clerk/case", "moved-on");
}

static bool check(struct db *db, void *page)
{
	return case_is_current(page, db);
}

static void reject(struct page *p, const char *reason)
{
	struct buffer detail = BUFFER_INIT;
	enum flow_result result;

	buffer_printf(&detail, "{\"reason\":\"%s\"}", reason);
	result = page_advance(p, "reject", buffer_text(&detail), check, p);
	buffer_release(&detail);
	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		reply_redirect(&p->reply, "/clerk/queue?flash=rejected");
	else
		case_say_taken(p);
}

static void submit(struct page *p)
{
	const char *reason = request_field(p->request, "reason");
	const char *go = request_field(p->request, "go");

	if (page_is_done(p, "reject")) {
		reply_redirect(&p->reply, "/clerk/queue?flash=rejected");
	} else if (!is_open(p) || !case_is_current(p, p->db)) {
		case_say_taken(p);
	} else if (case_say_pinned(p, "不予通过，结束申请")) {
		return;
	} else if (!reason) {
		page_go(p, "clerk/reject", NULL); /* from the case's button */
	} else if (!review_is_offered(p->db, REVIEW_REJECT, reason)) {
		p->reply.status = 422;
		write_choice(p, "请先选择原因，再点“下一步”。");
	} else if (go && !strcmp(go, "back")) {
		write_choice(p, NULL);
	} else if (go && !strcmp(go, "confirm")) {
		reject(p, reason);
	} else {
		write_confirmation(p, reason);
	}
}

static const struct page_spec spec = {
	.name = "clerk/reject",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
