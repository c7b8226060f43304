/* layout.c: the frame of every page. */
#include "page/layout.h"

#include "base/die.h"
#include "base/log.h"
#include "htdocs/version.h"

static const char service_name[] = "远程证书业务";
static const char desk_name[] = "远程证书业务 · 工作台";

/* What page_go() may ask the next page to say. */
static const struct {
	const char *word, *text;
} flashes[] = {
	{ "saved", "已保存" },
	{ "unmended", "这一页还有没改好的内容，请从下面标着“去修改”的项目进去，按说明修改" },
	{ "earlier-first", "请先完成这一步" },
	{ "agreed", "已记录您的同意，请继续填写" },
	{ "confirmed", "订单已确认，资料已提交" },
	{ "confirmed-next", "订单已确认，请继续完成下面这一步" },
	{ "record-over", "这次录像的时间已经过了，请重新选择验证方式" },
	{ "in-person-chosen", "已登记，请到窗口办理" },
	{ "face-withdrawn", "已撤回同意，人脸信息会马上删除" },
	{ "resubmitted", "已重新提交，请等待审核" },
	{ "identity-again", "修改已收到，还要由本人重新做一次身份鉴别" },
	{ "cancelled", "申请已取消" },
	{ "received", "已确认收货，业务办理完毕" },
	{ "approved", "已审核通过" },
	{ "refused", "已退回申请人修改" },
	{ "returned", "已退回重新审核" },
	{ "identity-accepted", "身份核对已通过" },
	{ "identity-refused", "身份核对未通过，已通知申请人" },
	{ "identity-repeat", "已请申请人重录" },
	{ "in-person-confirmed", "窗口核验已通过" },
	{ "rejected", "已不予通过，申请结束" },
	{ "moved-on", "这一步已经办完，下面是最新进度" },
	{ "forms-sent", "表格正在发送，一分钟内到，请查收邮箱。没收到请看看垃圾邮件" },
	{ "refund-confirmed", "已确认，退款会自动原路退回" },
	{ "refund-declined", "已记录：不退" },
	{ "refund-again", "已安排再试一次" },
	{ "refund-by-hand", "已记录：已用其他方式退回" },
	{ "refund-requested", "已提出，等另一位财务人员确认" },
	{ "invoice-done", "已记录" },
	{ "difference-cleared", "已记录核对结果" },
	{ "retried", "已安排重试" },
	{ "given-up", "已放弃，不会再发送" },
	{ "signed-in", "登录成功" },
	{ "signed-out", "已退出登录" },
};

static const char *const steps[] = { "企业与人员信息", "选择套餐", "确认订单" };

static bool for_staff(const struct page *p)
{
	return strncmp(p->spec->name, "apply/", 6) != 0;
}

static bool has_errors(const struct form_values *values)
{
	for (size_t i = 0; values && i < values->form->field_count; i++)
		if (values->value[i].error)
			return true;
	return false;
}

static void write_head(struct page *p, const char *title)
{
	struct markup *m = p->markup;

	markup_open(m, "head", NULL);
	markup_void(m, "meta", "charset", "utf-8", NULL);
	markup_open(m, "title", NULL);
	markup_printf(m, "%s%s · %s", has_errors(p->values) ? "错误：" : "", title,
		      for_staff(p) ? desk_name : service_name);
	markup_close(m, "title");
	markup_void(m, "meta", "name", "viewport", "content",
		    "width=device-width, initial-scale=1, viewport-fit=cover", NULL);
	markup_void(m, "meta", "name", "color-scheme", "content", "light dark", NULL);
	markup_void(m, "meta", "name", "format-detection", "content", "telephone=no", NULL);
	markup_void(m, "link", "rel", "icon", "type", "image/svg+xml", "href", "/static/mark.svg",
		    NULL);
	markup_void(m, "link", "rel", "stylesheet", "href",
		    "/static/vendor/weui.css?v=" STATIC_VERSION, NULL);
	markup_void(m, "link", "rel", "stylesheet", "href",
		    "/static/css/yuanjian.css?v=" STATIC_VERSION, NULL);
	if (for_staff(p))
		markup_void(m, "link", "rel", "stylesheet", "href",
			    "/static/css/desk.css?v=" STATIC_VERSION, NULL);
	markup_element(m, "script", NULL, "src", "/static/js/yuanjian.js?v=" STATIC_VERSION, "type",
		       "module", NULL);
	markup_close(m, "head");
}

static void write_sign_out(struct page *p, const char *name)
{
	struct markup *m = p->markup;

	layout_form_to(p, name, false);
	markup_element(m, "button", "退出", "type", "submit", "class", "yj-head__link", NULL);
	markup_close(m, "form");
}

static void write_header(struct page *p)
{
	static const char *const homes[][2] = { { "我的业务", "/apply/mine" },
						{ "队列", "/clerk/queue" },
						{ "财务", "/clerk/refunds" } };
	struct markup *m = p->markup;
	bool staff = for_staff(p);
	const char *const *home = homes[staff + (p->session.role == FLOW_ACCOUNTANT)];

	markup_open(m, "header", "class", "yj-head", NULL);
	markup_element(m, "span", staff ? desk_name : service_name, "class", "yj-head__name", NULL);
	if (p->session.present) {
		markup_open(m, "nav", "class", "yj-head__nav", "aria-label", "导航", NULL);
		if (staff)
			markup_element(m, "span", p->session.name, "class", "yj-head__who", NULL);
		markup_element(m, "a", home[0], "class", "yj-head__link", "href", home[1], NULL);
		if (staff)
			write_sign_out(p, "clerk/logout");
		markup_close(m, "nav");
	}
	markup_close(m, "header");
}

static void write_step(struct markup *m, int number, int current)
{
	const char *done = number < current  ? "yj-steps__item yj-steps__item_done" :
			   number == current ? "yj-steps__item yj-steps__item_now" :
					       "yj-steps__item";

	markup_open(m, "li", "class", done, "aria-current", number == current ? "step" : NULL,
		    NULL);
	markup_open(m, "span", "class", "yj-steps__mark", NULL);
	markup_printf(m, "%d", number);
	markup_close(m, "span");
	markup_element(m, "span", steps[number - 1], "class", "yj-steps__label", NULL);
	if (number < current)
		markup_element(m, "span", "（已完成）", "class", "yj-hidden", NULL);
	markup_close(m, "li");
}

static void write_progress(struct markup *m, int step)
{
	markup_open(m, "nav", "aria-label", "办理进度", NULL);
	markup_open(m, "ol", "class", "yj-steps", NULL);
	for (int i = 1; i <= (int)ARRAY_SIZE(steps); i++)
		write_step(m, i, step);
	markup_close(m, "ol");
	markup_close(m, "nav");
}

static void write_flash(struct page *p)
{
	const char *word = request_query(p->request, "flash");

	for (size_t i = 0; word && i < ARRAY_SIZE(flashes); i++)
		if (strcmp(word, flashes[i].word) == 0)
			markup_element(p->markup, "p", flashes[i].text, "class", "yj-flash", "role",
				       "status", NULL);
}

struct markup *layout_begin(struct page *p, const char *title, int step)
{
	struct markup *m = p->markup = markup_new(true);

	markup_open(m, "html", "lang", "zh-CN", NULL);
	write_head(p, title);
	markup_open(m, "body", "class", for_staff(p) ? "yj-desk" : "yj-phone", "data-weui-mode",
		    "care", NULL);
	markup_element(m, "a", "跳到正文", "class", "yj-skip", "href", "#main", NULL);
	write_header(p);
	if (step > 0)
		write_progress(m, step);
	markup_open(m, "main", "id", "main", "class", "yj-main", "tabindex", "-1", NULL);
	write_flash(p);
	markup_element(m, "h1", title, "class", "yj-title", NULL);
	return m;
}

static void write_help_phone(struct page *p)
{
	struct buffer tel = BUFFER_INIT;

	if (for_staff(p) || !*p->application.help_phone)
		return;
	buffer_printf(&tel, "tel:%s", p->application.help_phone);
	markup_text(p->markup, "客服电话 ");
	markup_element(p->markup, "a", p->application.help_phone, "href", buffer_text(&tel), NULL);
	buffer_release(&tel);
}

static void write_footer(struct page *p)
{
	struct markup *m = p->markup;

	markup_open(m, "footer", "class", "yj-foot", NULL);
	markup_open(m, "p", "class", "yj-foot__help", NULL);
	if (!for_staff(p))
		markup_element(m, "a", "帮助", "href", "/static/help/index.html", NULL);
	write_help_phone(p);
	markup_close(m, "p");
	markup_open(m, "p", "class", "yj-foot__number", NULL);
	markup_printf(m, "请求编号 %s", log_request_number());
	markup_close(m, "p");
	markup_close(m, "footer");
}

void layout_end(struct page *p)
{
	const char *bytes;
	size_t len;

	markup_close(p->markup, "main");
	write_footer(p);
	bytes = markup_finish(p->markup, &len);
	buffer_add(&p->reply.body, bytes, len);
	markup_free(p->markup);
	p->markup = NULL;
}

static void write_hidden(struct markup *m, const char *name, const char *value)
{
	markup_void(m, "input", "type", "hidden", "name", name, "value", value, NULL);
}

void layout_form_to(struct page *p, const char *name, bool files)
{
	struct markup *m = p->markup;
	struct buffer path = BUFFER_INIT;

	layout_path(p, name, &path);
	markup_open(m, "form", "class", "yj-form", "method", "post", "action", buffer_text(&path),
		    "enctype", files ? "multipart/form-data" : NULL, "novalidate", "", NULL);
	buffer_release(&path);
	write_hidden(m, "csrf", p->session.csrf);
	write_hidden(m, "key", p->key);
	/* The Enter key presses the first button of a form: not one that deletes. */
	if (p->values)
		markup_element(m, "button", "提交", "type", "submit", "class", "yj-hidden",
			       "tabindex", "-1", "aria-hidden", "true", NULL);
}

void layout_form(struct page *p, bool files)
{
	layout_form_to(p, p->spec->name, files);
}

/* A form's own way back saves what was typed; any other is just a link. */
static void write_back(struct page *p, const char *back_path)
{
	struct markup *m = p->markup;
	struct buffer path = BUFFER_INIT;

	if (!*back_path) {
		markup_element(m, "button", "上一步", "type", "submit", "name", "go", "value",
			       "back", "formnovalidate", "", "class", "weui-btn weui-btn_default",
			       NULL);
		return;
	}
	if (*back_path == '/')
		buffer_puts(&path, back_path);
	else
		layout_path(p, back_path, &path);
	markup_element(m, "a", "上一步", "class", "weui-btn weui-btn_default", "href",
		       buffer_text(&path), NULL);
	buffer_release(&path);
}

void layout_buttons(struct page *p, const char *back_path, const char *main_label)
{
	struct markup *m = p->markup;

	markup_open(m, "div", "class", "yj-buttons", NULL);
	if (back_path)
		write_back(p, back_path);
	markup_element(m, "button", main_label, "type", "submit", "class",
		       "weui-btn weui-btn_primary", NULL);
	markup_close(m, "div");
}

static void write_tab(struct page *p, const struct form_heading *form, bool now, bool done)
{
	struct markup *m = p->markup;
	struct buffer name = BUFFER_INIT, path = BUFFER_INIT;

	buffer_printf(&name, "apply/%s", form->name);
	layout_path(p, buffer_text(&name), &path);
	markup_open(m, "li", "class", "yj-tabs__item", NULL);
	markup_open(m, "a", "class", done ? "yj-tabs__link yj-tabs__link_done" : "yj-tabs__link",
		    "href", buffer_text(&path), "aria-current", now ? "page" : NULL, NULL);
	markup_text(m, form->title);
	if (done)
		markup_element(m, "span", "（已填完）", "class", "yj-hidden", NULL);
	markup_close(m, "a");
	markup_close(m, "li");
	buffer_release(&name);
	buffer_release(&path);
}

/* The application's forms of one step, as headings and as what is known of them. */
struct tabs {
	const struct form_heading *heading[FLOW_FORMS_MAX];
	const struct flow_form *form[FLOW_FORMS_MAX];
	size_t count;
};

static struct tabs find_tabs(const struct page *p, int step)
{
	const struct flow_standing *flow = &p->application.flow;
	struct tabs tabs = { .count = 0 };

	for (size_t i = 0; i < flow->form_count; i++) {
		const struct form_heading *heading = form_heading(flow->form[i].name);

		if (!heading)
			die("the flow has the form %s, which is none", flow->form[i].name);
		if (heading->step != step)
			continue;
		tabs.heading[tabs.count] = heading;
		tabs.form[tabs.count++] = &flow->form[i];
	}
	return tabs;
}

void layout_tabs(struct page *p, const struct form *current)
{
	static const char *const numbers[] = { "", "", "两", "三", "四", "五", "六" };
	static const char *const ordinals[] = { "", "一", "二", "三" };
	struct tabs tabs = find_tabs(p, current->step);
	struct buffer label = BUFFER_INIT;

	if (tabs.count < 2)
		return;
	buffer_printf(&label, "第%s步的%s张表", ordinals[current->step],
		      tabs.count < ARRAY_SIZE(numbers) ? numbers[tabs.count] : "多");
	markup_open(p->markup, "nav", "class", "yj-tabs", "aria-label", buffer_text(&label), NULL);
	markup_open(p->markup, "ul", NULL);
	for (size_t i = 0; i < tabs.count; i++)
		write_tab(p, tabs.heading[i], !strcmp(tabs.heading[i]->name, current->name),
			  tabs.form[i]->complete);
	markup_close(p->markup, "ul");
	markup_close(p->markup, "nav");
	buffer_release(&label);
}

void layout_path(struct page *p, const char *name, struct buffer *out)
{
	buffer_printf(out, "/%s", name);
	if (p->application.id)
		buffer_printf(out, "?application=%s", p->application.public_id);
}

void layout_table(struct markup *m, const char *label, const char *const heads[], size_t count)
{
	markup_open(m, "table", "class", "yj-table", "aria-label", label, NULL);
	markup_open(m, "thead", NULL);
	markup_open(m, "tr", NULL);
	for (size_t i = 0; i < count; i++)
		markup_element(m, "th", heads[i], "scope", "col", NULL);
	markup_close(m, "tr");
	markup_close(m, "thead");
	markup_open(m, "tbody", NULL);
}

void layout_table_end(struct markup *m)
{
	markup_close(m, "tbody");
	markup_close(m, "table");
}
