/* apply/print: a form to print, filled in with what the application has. */
#include "print/print.h"
#include "base/url.h"
#include "page/page.h"
#include "print/typeface.h"

/* A name with Chinese in it, as RFC 6266 wants it. */
static void name_file(struct page *p, enum print_document document)
{
	struct buffer value = BUFFER_INIT;

	buffer_printf(&value, "attachment; filename=\"%s.pdf\"; filename*=UTF-8''",
		      print_name(document));
	url_encode(&value, print_file_name(document));
	reply_header(&p->reply, "Content-Disposition", value.data);
	buffer_release(&value);
}

static void show(struct page *p)
{
	enum print_document document = print_by_name(request_query(p->request, "document"));
	struct form_owner owner = page_form_owner(p);

	if (document == PRINT_DOCUMENT_COUNT) {
		page_say(p, 404, "没有这种表格", "请返回上一页，重新点下载。", "/apply/mine",
			 "我的业务");
		return;
	}
	owner.vault = page_vault(p);
	typeface_open(config_text(p->config, "print_fonts"));
	if (!print_filled(&owner, document, &p->reply.body)) {
		page_say(p, 404, "暂时没有可以下载的表格", "请稍后再试，或联系客服。",
			 "/apply/mine", "我的业务");
		return;
	}
	p->reply.type = "application/pdf";
	name_file(p, document);
}

static const struct page_spec spec = {
	.name = "apply/print",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
