/* say.c: answers without a page behind them: refusals, faults, send again. */
#include "page/contract.h"

#include "base/log.h"
#include "base/url.h"
#include "page/layout.h"

static void say_fragment(struct page *p, const char *heading, const char *what_to_do)
{
	struct markup *m = markup_new(false);
	const char *bytes;
	size_t len;

	markup_open(m, "p", "class", "yj-field__error", "role", "alert", NULL);
	markup_printf(m, "%s %s", heading, what_to_do);
	markup_close(m, "p");
	bytes = markup_finish(m, &len);
	buffer_add(&p->reply.body, bytes, len);
	markup_free(m);
}

static void begin_message(struct page *p, int status, const char *heading)
{
	p->reply.status = status;
	buffer_reset(&p->reply.body);
	if (status == 503)
		reply_header(&p->reply, "Retry-After", "60");
	layout_begin(p, heading, 0);
}

void page_say(struct page *p, int status, const char *heading, const char *what_to_do,
	      const char *link, const char *link_text)
{
	if (p->request->fragment) {
		p->reply.status = status;
		say_fragment(p, heading, what_to_do);
		return;
	}
	begin_message(p, status, heading);
	markup_element(p->markup, "p", what_to_do, "class", "yj-lead", NULL);
	if (link) {
		markup_open(p->markup, "div", "class", "yj-buttons", NULL);
		markup_element(p->markup, "a", link_text, "class", "weui-btn weui-btn_primary",
			       "href", link, NULL);
		markup_close(p->markup, "div");
	}
	layout_end(p);
}

void page_say_request(struct page *p, enum request_result result)
{
	static const struct {
		int status;
		const char *heading, *what_to_do;
	} answers[REQUEST_RESULT_COUNT] = {
		[REQUEST_BAD_LENGTH] = { 411, "没有收到完整的内容",
					 "请返回上一页，检查网络后再提交一次。" },
		[REQUEST_TOO_LARGE] = { 413, "提交的内容太大",
					"请返回上一页，一次少选几张照片，每张不超过 15 MB，再提交一次。" },
		[REQUEST_CUT_OFF] = { 400, "内容没有传完，网络中断了",
				      "请返回上一页，检查网络后再提交一次。" },
		[REQUEST_BAD_TYPE] = { 415, "无法识别提交的格式",
				       "请用手机微信或浏览器打开页面，再提交一次。" },
		[REQUEST_BAD_SYNTAX] = { 400, "无法识别提交的内容",
					 "请返回上一页，刷新后再提交一次。" },
		[REQUEST_BAD_TEXT] = { 400, "内容里有无法识别的字符",
				       "请返回上一页，刷新后重新填写。" },
		[REQUEST_TOO_MANY] = { 413, "一次提交的照片或项目太多",
				       "请返回上一页，分几次上传照片。" },
	};

	log_line(LOG_REFUSED, "request.refused", "result=%d", (int)result);
	page_say(p, answers[result].status, answers[result].heading, answers[result].what_to_do,
		 NULL, NULL);
}

void page_say_refused(struct page *p, enum flow_result result)
{
	static const struct {
		int status;
		const char *heading, *what_to_do;
	} answers[FLOW_RESULT_COUNT] = {
		[FLOW_MOVED] = { 409, "这一步没有保存", "请返回上一页，刷新后再提交一次。" },
		[FLOW_REPEATED] = { 409, "这一步已经提交过了", "不用再提交，请查看进度。" },
		[FLOW_NOT_ALLOWED] = { 409, "这份申请现在不能做这一步",
				       "它的状态已经变了，刚才填写的内容没有保存。请查看进度。" },
		[FLOW_GUARD_REFUSED] = { 409, "还差一些内容，暂时不能提交",
					 "请查看进度，按提示补齐后再提交。" },
		[FLOW_NO_APPLICATION] = { 404, "没有找到这份申请", "请从“我的业务”里打开。" },
	};
	struct buffer link = BUFFER_INIT;

	log_line(LOG_REFUSED, "flow.refused", "application=%lld state=%s result=%d",
		 (long long)p->application.id, p->application.state, (int)result);
	layout_path(p, page_part(p)->home, &link);
	page_say(p, answers[result].status, answers[result].heading, answers[result].what_to_do,
		 buffer_text(&link), "查看进度");
	buffer_release(&link);
}

/* The address this request came to. */
static void own_address(struct page *p, struct buffer *out)
{
	const struct request *r = p->request;

	buffer_printf(out, "/%s", p->spec->name);
	for (size_t i = 0; i < r->query_count; i++) {
		buffer_putc(out, i ? '&' : '?');
		url_encode(out, r->query[i].name);
		buffer_putc(out, '=');
		url_encode(out, r->query[i].value);
	}
}

static void hidden(struct markup *m, const char *name, const char *value)
{
	markup_void(m, "input", "type", "hidden", "name", name, "value", value, NULL);
}

static void hidden_fields(struct page *p)
{
	const struct request *r = p->request;

	hidden(p->markup, "csrf", p->session.csrf);
	hidden(p->markup, "key", p->key);
	for (size_t i = 0; i < r->field_count; i++)
		if (strcmp(r->field[i].name, "csrf") && strcmp(r->field[i].name, "key") &&
		    !r->field[i].broken)
			hidden(p->markup, r->field[i].name, r->field[i].value);
}

static void login_link(struct page *p)
{
	markup_element(p->markup, "a", "重新登录", "class", "weui-btn weui-btn_default", "target",
		       "_blank", "href", page_part(p)->login, NULL);
}

void page_say_again(struct page *p)
{
	bool present = p->session.present;
	const char *heading = present ? "页面已过期，您填写的内容还在" :
					"登录已过期，您填写的内容还在";
	const char *what_to_do = present ? "请再点一次“再次提交”。" :
					   "请先点“重新登录”，登录后回到这一页，再点“再次提交”。";
	struct buffer address = BUFFER_INIT;

	if (p->request->fragment) {
		page_say(p, 403, present ? "页面已过期。" : "登录已过期。",
			 present ? "请刷新页面后再试。" : "请刷新页面，登录后再试。", NULL, NULL);
		return;
	}
	own_address(p, &address);
	begin_message(p, 403, heading);
	markup_element(p->markup, "p", what_to_do, "class", "yj-lead", NULL);
	if (p->request->file_count || p->request->cut)
		markup_element(p->markup, "p", "照片没有保留，提交后请重新选择。", "class",
			       "yj-warning", NULL);
	markup_open(p->markup, "form", "class", "yj-form", "method", "post", "action",
		    buffer_text(&address), NULL);
	hidden_fields(p);
	markup_open(p->markup, "div", "class", "yj-buttons", NULL);
	if (!present)
		login_link(p);
	markup_element(p->markup, "button", "再次提交", "type", "submit", "class",
		       "weui-btn weui-btn_primary", NULL);
	markup_close(p->markup, "div");
	markup_close(p->markup, "form");
	layout_end(p);
	buffer_wipe(&address);
}

/* Pieces of the bare page: no markup, no database, nothing that could fail. */
static const char fault_begin[] =
	"<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	"<title>稍后再试 · 远程证书业务</title></head><body><main>";
static const char fault_ours[] =
	"<h1>系统出错了</h1><p>不是您的操作有误，已经保存的内容不会丢失。"
	"请返回上一页，稍后再试；如果还是不行，请联系客服并告知下面的编号。</p>";
static const char fault_away[] = "<h1>系统繁忙，请稍后再试</h1><p>刚才的内容可能没有保存。"
				 "请等一分钟，返回上一页再提交一次；重复提交不会办理两次。</p>";
static const char fault_number[] = "<p>请求编号 ";
static const char fault_end[] = "</p></main></body></html>\n";

void page_say_fault(enum die_kind kind, const char *words)
{
	(void)words;
	struct reply r;

	reply_init(&r);
	r.status = kind == DIE_FAULT ? 500 : 503;
	if (kind == DIE_UNAVAILABLE)
		reply_header(&r, "Retry-After", "60");
	buffer_puts(&r.body, fault_begin);
	buffer_puts(&r.body, kind == DIE_FAULT ? fault_ours : fault_away);
	buffer_puts(&r.body, fault_number);
	buffer_puts(&r.body, log_request_number()); /* letters and digits only */
	buffer_puts(&r.body, fault_end);
	reply_send(&r, false);
}
