/* apply/confirm: everything on one page, and the button that hands it in. */
#include "base/money.h"
#include "case/own.h"
#include "page/layout.h"
#include "pay/price.h"

struct all_values {
	struct form_values *of[FLOW_FORMS_MAX];
	size_t count;
	bool complete;
};

static void load_all(const struct page *p, const struct form_owner *owner, struct all_values *all)
{
	*all = (struct all_values){ .complete = p->application.flow.form_count > 0 };
	for (size_t i = 0; i < p->application.flow.form_count; i++) {
		struct form_values *values =
			form_values_new(form_by_name(p->application.flow.form[i].name));

		form_load(owner, false, values);
		all->of[all->count++] = values;
		all->complete &= values->complete;
	}
}

static void form_path(struct page *p, const char *form, struct buffer *out)
{
	struct buffer name = BUFFER_INIT;

	buffer_printf(&name, "apply/%s", form);
	layout_path(p, name.data, out);
	buffer_release(&name);
}

/* In place of the button when something is missing. */
static void write_missing(struct page *p, const struct all_values *all)
{
	struct markup *m = p->markup;

	markup_open(m, "div", "class", "yj-errors", "role", "alert", NULL);
	markup_element(m, "h2", "还有内容没有填完", NULL);
	markup_open(m, "ul", NULL);
	for (size_t i = 0; i < all->count; i++) {
		struct buffer link = BUFFER_INIT;

		if (all->of[i]->complete)
			continue;
		form_path(p, all->of[i]->form->name, &link);
		markup_open(m, "li", NULL);
		markup_open(m, "a", "href", link.data, NULL);
		markup_printf(m, "去填写%s", all->of[i]->form->title);
		markup_close(m, "a");
		markup_close(m, "li");
		buffer_release(&link);
	}
	markup_close(m, "ul");
	markup_close(m, "div");
}

/* In full: the applicant checks own typing here before it becomes an order. */
static void write_form(struct page *p, const struct form_owner *owner,
		       const struct form_values *values)
{
	struct markup *m = p->markup;
	struct buffer link = BUFFER_INIT;

	form_path(p, values->form->name, &link);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_open(m, "h2", "class", "yj-card__title", NULL);
	markup_text(m, values->form->title);
	markup_text(m, " ");
	markup_open(m, "a", "class", "yj-card__link", "href", link.data, NULL);
	markup_text(m, "修改");
	markup_element(m, "span", values->form->title, "class", "yj-hidden", NULL);
	markup_close(m, "a");
	markup_close(m, "h2");
	form_view(m, owner, values, FORM_PLAIN, "apply/image");
	markup_close(m, "section");
	buffer_release(&link);
}

static void write_price(struct page *p, const struct pay_offer *offer)
{
	struct markup *m = p->markup;
	struct buffer price = BUFFER_INIT;

	money_text(&price, offer->price_fen);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "费用", "class", "yj-card__title", NULL);
	markup_open(m, "p", "class", "yj-price", NULL);
	markup_printf(m, "%s：", offer->title);
	markup_element(m, "strong", buffer_text(&price), NULL);
	markup_close(m, "p");
	markup_close(m, "section");
	buffer_release(&price);
}

static void write_buttons(struct page *p, const struct pay_offer *offer)
{
	const struct flow_standing *flow = &p->application.flow;
	struct markup *m = p->markup;
	struct buffer back = BUFFER_INIT;
	char price[24];

	snprintf(price, sizeof(price), "%lld", (long long)offer->price);
	form_path(p, flow->form[flow->form_count - 1].name, &back);
	layout_form(p, false);
	markup_void(m, "input", "type", "hidden", "name", "price", "value", price, NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "a", "返回修改", "class", "weui-btn weui-btn_default", "href", back.data,
		       NULL);
	markup_element(m, "button", "确认订单", "type", "submit", "class",
		       "weui-btn weui-btn_primary", NULL);
	markup_close(m, "div");
	markup_close(m, "form");
	buffer_release(&back);
}

static void show(struct page *p)
{
	struct form_owner owner = page_form_owner(p);
	struct all_values all;
	struct pay_offer offer;
	struct markup *m;

	load_all(p, &owner, &all);
	all.complete &= pay_offer(p->db, p->application.id, &offer);
	m = layout_begin(p, "确认订单", 3);
	if (p->message)
		markup_element(m, "p", p->message, "class", "yj-warning", "role", "alert", NULL);
	if (all.complete)
		markup_element(m, "p",
			       "请核对下面的内容，有错请点“修改”。确认以后就不能再自行修改。",
			       "class", "yj-lead", NULL);
	else
		write_missing(p, &all);
	for (size_t i = 0; i < all.count; i++)
		write_form(p, &owner, all.of[i]);
	if (offer.price)
		write_price(p, &offer);
	if (all.complete)
		write_buttons(p, &offer);
	layout_end(p);
	for (size_t i = 0; i < all.count; i++)
		form_values_free(all.of[i]);
}

struct confirmation {
	struct page *page;
	bool other_price; /* than the one that was shown */
};

/* The price goes into the order, and stays there. */
static bool keep_price(struct db *db, void *context)
{
	struct confirmation *c = context;
	const char *seen = request_field(c->page->request, "price");
	int64_t application = c->page->application.id;
	struct pay_offer offer;

	if (!pay_offer(db, application, &offer))
		return false;
	c->other_price = !seen || strtoll(seen, NULL, 10) != offer.price;
	if (c->other_price)
		return false;
	pay_price_keep(db, application, &offer);
	return true;
}

/* To what comes next: the identity check, where the project asks for it. */
static void go_on(struct page *p)
{
	char next[FLOW_PAGE_MAX + 1];

	case_page(p->db, p->application.id, next);
	page_go(p, *next ? next : "apply/status", *next ? "confirmed-next" : "confirmed");
}

static void submit(struct page *p)
{
	struct confirmation c = { .page = p };
	enum flow_result result = page_advance(p, "confirm_order", NULL, keep_price, &c);

	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		go_on(p);
	} else if (result == FLOW_GUARD_REFUSED) {
		if (c.other_price)
			p->message = "套餐价格刚刚有调整，请核对新的费用，再点“确认订单”。";
		p->reply.status = c.other_price ? 409 : 422;
		show(p);
	} else {
		page_say_refused(p, result);
	}
}

static const struct page_spec spec = {
	.name = "apply/confirm",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.event = "confirm_order",
	.next = "apply/status",
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
