/* apply/confirm: everything on one page, and the button that hands it in. */
#include "page/layout.h"

#define FORMS_MAX 8

struct all_values {
	struct form_values *of[FORMS_MAX];
	size_t count;
	bool complete;
};

static void load_all(const struct form_owner *owner, struct all_values *all)
{
	*all = (struct all_values){ .complete = true };
	while (form_all[all->count] && all->count < FORMS_MAX) {
		struct form_values *values = form_values_new(form_all[all->count]);

		form_load(owner, false, values);
		all->of[all->count++] = values;
		all->complete &= values->complete;
	}
}

static void form_path(struct page *p, const struct form *form, struct buffer *out)
{
	struct buffer name = BUFFER_INIT;

	buffer_printf(&name, "apply/%s", form->name);
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
		form_path(p, all->of[i]->form, &link);
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

	form_path(p, values->form, &link);
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

static void write_price(struct page *p)
{
	struct db_result *r =
		db_select(p->db,
			  "SELECT k.title, k.price_fen FROM `order` o"
			  " JOIN package k ON k.id = o.package WHERE o.application = ?",
			  DB_ARGS(db_int(p->application.id)));
	struct markup *m = p->markup;

	if (db_next(r)) {
		long long fen = db_int_at(r, 1);

		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "费用", "class", "yj-card__title", NULL);
		markup_open(m, "p", "class", "yj-price", NULL);
		markup_printf(m, "%s：", db_text_at(r, 0));
		markup_open(m, "strong", NULL);
		markup_printf(m, "%lld.%02lld 元", fen / 100, fen % 100);
		markup_close(m, "strong");
		markup_close(m, "p");
		markup_close(m, "section");
	}
	db_result_free(r);
}

static void write_buttons(struct page *p)
{
	struct markup *m = p->markup;
	struct buffer back = BUFFER_INIT;

	layout_path(p, "apply/order", &back);
	layout_form(p, false);
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
	struct markup *m;

	load_all(&owner, &all);
	m = layout_begin(p, "确认订单", 3);
	if (all.complete)
		markup_element(m, "p",
			       "请核对下面的内容，有错请点“修改”。确认以后就不能再自行修改。",
			       "class", "yj-lead", NULL);
	else
		write_missing(p, &all);
	for (size_t i = 0; i < all.count; i++)
		write_form(p, &owner, all.of[i]);
	write_price(p);
	if (all.complete)
		write_buttons(p);
	layout_end(p);
	for (size_t i = 0; i < all.count; i++)
		form_values_free(all.of[i]);
}

static void submit(struct page *p)
{
	enum flow_result result = page_advance(p, "confirm_order", NULL, NULL, NULL);

	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		page_go(p, "apply/status", "confirmed");
	} else if (result == FLOW_GUARD_REFUSED) {
		p->reply.status = 422;
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
