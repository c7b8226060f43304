/* apply/start: the way in, from the QR code: what it is, what to have ready. */
#include "base/ceilings.h"

#include "base/url.h"
#include "case/own.h"
#include "forms-section.h"
#include "page/entry.h"
#include "page/layout.h"
#include "qr-code.h"

static const char *const needed[] = {
	"营业执照原件",
	"机构（企业）数字证书业务申请表，签名加盖公章",
	"《GDCA 数字证书用户协议书》，签名加盖公章",
	"经办人身份证正反面复印件，加盖公章",
	"法人代表身份证正反面复印件",
};

static bool logged_in(const struct page *p)
{
	return p->session.present && p->session.role == FLOW_APPLICANT;
}

static void show_qr(struct page *p, const struct project *project)
{
	struct markup *m = layout_begin(p, project->name, 0);
	struct buffer link = BUFFER_INIT;

	buffer_printf(&link, "%s/apply/start?project=", config_text(p->config, "public_url"));
	url_encode(&link, project->code);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "请用微信扫码", "class", "yj-card__title", NULL);
	markup_element(m, "p", "这项业务在手机微信里办理。请打开微信“扫一扫”，扫描下面的二维码。",
		       "class", "yj-lead", NULL);
	qr_code_write(m, link.data, "进入业务的二维码");
	markup_close(m, "section");
	if (config_flag(p->config, "demo")) {
		buffer_reset(&link);
		buffer_puts(&link, "/apply/login?project=");
		url_encode(&link, project->code);
		markup_open(m, "div", "class", "yj-buttons", NULL);
		markup_element(m, "a", "用此浏览器继续（演示）", "class",
			       "weui-btn weui-btn_default", "href", link.data, NULL);
		markup_close(m, "div");
	}
	layout_end(p);
	buffer_release(&link);
}

static void write_draft(struct markup *m, const struct case_draft *d)
{
	struct buffer link = BUFFER_INIT;

	buffer_printf(&link, "/%s?application=%s", d->page, d->public_id);
	markup_open(m, "a", "class", "yj-row", "href", link.data, NULL);
	markup_element(m, "span", *d->company ? d->company : "未填企业名称", "class",
		       "yj-row__title", NULL);
	markup_open(m, "span", "class", "yj-row__text", NULL);
	markup_printf(m, "%s，上次修改 %s", d->label, d->changed);
	markup_close(m, "span");
	markup_close(m, "a");
	buffer_release(&link);
}

static void write_drafts(struct page *p, const struct project *project)
{
	struct db_result *r = case_drafts(p->db, p->session.subject, project->id, DRAFTS_MAX);
	struct case_draft draft;
	struct markup *m = p->markup;
	bool any = false;

	while (case_drafts_next(r, &draft)) {
		if (!any) {
			markup_open(m, "section", "class", "yj-card", NULL);
			markup_element(m, "h2", "继续填写", "class", "yj-card__title", NULL);
		}
		any = true;
		write_draft(m, &draft);
	}
	if (any)
		markup_close(m, "section");
	db_result_free(r);
}

static void write_introduction(struct markup *m)
{
	markup_element(m, "p",
		       "不用到现场，在手机上为您的单位申领数字证书：填写资料、拍照上传、选择套餐，"
		       "审核通过后证书快递到家。大约需要 15 分钟，可以随时退出，下次接着填。",
		       "class", "yj-lead", NULL);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "请先准备好", "class", "yj-card__title", NULL);
	markup_open(m, "ol", "class", "yj-list", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		markup_element(m, "li", needed[i], NULL);
	markup_close(m, "ol");
	markup_element(m, "p", "每份材料用手机拍清楚、拍完整，四角都要在照片里。", "class",
		       "yj-hint", NULL);
	markup_close(m, "section");
}

static void show_start(struct page *p, const struct project *project)
{
	struct markup *m = layout_begin(p, project->name, 0);

	write_drafts(p, project);
	write_introduction(m);
	forms_section(p, project, NULL, NULL);
	layout_form(p, false);
	markup_void(m, "input", "type", "hidden", "name", "project", "value", project->code, NULL);
	markup_element(m, "p", "如已有相关申请表，点【确认开始】。", "class", "yj-lead", NULL);
	layout_buttons(p, NULL, "确认开始");
	markup_close(m, "form");
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_element(m, "a", "我的业务", "href", "/apply/mine", NULL);
	markup_text(m, "：查看已经提交的申请");
	markup_close(m, "p");
	layout_end(p);
}

static void show(struct page *p)
{
	struct project project;

	if (!entry_project(p, &project))
		return;
	entry_count(p, &project);
	entry_remember(p, &project);
	if (logged_in(p))
		show_start(p, &project);
	else if (entry_in_wechat(p))
		entry_go(p, "apply/login", project.code);
	else
		show_qr(p, &project);
}

struct beginning {
	int64_t project, applicant;
	const char *token, *key;
	char public_id[PUBLIC_ID_SIZE];
	enum flow_result result;
	bool too_many;
};

/* Counted before the new one is there: a repeated key finds its own. */
static bool begin(struct db *db, void *context)
{
	struct beginning *b = context;
	int64_t before = case_draft_count(db, b->applicant, b->project), id;

	b->result = flow_start(db, b->project, b->token, b->key, b->public_id, &id);
	b->too_many = b->result == FLOW_MOVED && before >= DRAFTS_MAX;
	return b->result == FLOW_MOVED && !b->too_many;
}

static void submit(struct page *p)
{
	struct beginning b = { .applicant = p->session.subject,
			       .token = p->session.token,
			       .key = p->key };
	struct buffer path = BUFFER_INIT;
	struct project project;

	if (!entry_project(p, &project))
		return;
	if (!logged_in(p)) {
		entry_go(p, "apply/start", project.code);
		return;
	}
	b.project = project.id;
	db_transaction(p->db, begin, &b);
	if (b.too_many) {
		page_say(p, 409, "没有填完的申请太多了",
			 "请在“我的业务”里继续填写，或者取消不需要的申请，再开始新的。",
			 "/apply/mine", "我的业务");
		return;
	}
	if (b.result != FLOW_MOVED && b.result != FLOW_REPEATED) {
		page_say_refused(p, b.result);
		return;
	}
	buffer_printf(&path, "/apply/agreement?application=%s", b.public_id);
	reply_redirect(&p->reply, path.data);
	buffer_release(&path);
}

static const struct page_spec spec = {
	.name = "apply/start",
	.roles = PAGE_ANYONE,
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
