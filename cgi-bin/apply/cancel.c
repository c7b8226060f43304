/* apply/cancel: asks once more, then ends the application. */
#include "page/layout.h"

static void show(struct page *p)
{
	struct markup *m = layout_begin(p, "取消申请", 0);
	struct buffer back = BUFFER_INIT;

	layout_path(p, "apply/status", &back);
	markup_element(m, "p", "取消以后不能恢复，需要时要重新填写。已经付款的，款项会原路退回。",
		       "class", "yj-warning", NULL);
	layout_form(p, false);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "a", "不取消，返回", "class", "weui-btn weui-btn_default", "href",
		       back.data, NULL);
	markup_element(m, "button", "确定取消申请", "type", "submit", "class",
		       "weui-btn weui-btn_warn", NULL);
	markup_close(m, "div");
	markup_close(m, "form");
	layout_end(p);
	buffer_release(&back);
}

static void submit(struct page *p)
{
	enum flow_result result = page_advance(p, "cancel", NULL, NULL, NULL);

	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		page_go(p, "apply/status", "cancelled");
	else
		page_say_refused(p, result);
}

static const struct page_spec spec = {
	.name = "apply/cancel",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.event = "cancel",
	.next = "apply/status",
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
