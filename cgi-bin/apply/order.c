/* order.c: 选择套餐, step 2. */
#include "forms/forms.h"
#include "page/contact.h"

/* While nothing is stored, the address that the forms went to is offered. */
static void show(struct page *p)
{
	struct form_value *email = form_value(p->values, "invoice_email");
	struct buffer known = BUFFER_INIT;

	if (!p->values->version && !*email->text) {
		contact_email(p, &known);
		if (known.len) {
			free(email->text);
			email->text = buffer_detach(&known);
		}
	}
	buffer_release(&known);
	page_show_form(p);
}

static const struct page_spec spec = {
	.name = "apply/order",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.form = &form_order,
	.show = show,
	.body_max = FORM_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
