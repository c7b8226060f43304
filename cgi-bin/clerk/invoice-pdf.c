/* invoice-pdf.c: clerk/invoice-pdf: the file of an invoice. */
#include "finance.h"

#include "billing/billing.h"

static void show(struct page *p)
{
	const char *id = request_query(p->request, "invoice");

	if (!billing_invoice_pdf(p->db, page_vault(p), finance_number(id ? id : ""),
				 &p->reply.body)) {
		page_say(p, 404, "没有这个文件", "请回到列表重新选择。", "/clerk/invoices",
			 "回到列表");
		return;
	}
	p->reply.type = "application/pdf";
	reply_header(&p->reply, "Content-Disposition", "inline; filename=\"invoice.pdf\"");
}

static const struct page_spec spec = {
	.name = "clerk/invoice-pdf",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
