/* reason.c: the choice of a coded reason on a page of the desk. */
#include "page/reason.h"

void reason_write_select(struct page *p, const char *type, const char *name, const char *label,
			 const char *chosen)
{
	struct db_result *rows = review_offers(p->db, type);
	struct markup *m = p->markup;
	struct review_offer o;

	markup_element(m, "label", label, "class", "yj-field__label", "for", name, NULL);
	markup_open(m, "select", "class", "yj-input", "id", name, "name", name, NULL);
	markup_element(m, "option", "请选择", "value", "", NULL);
	while (review_offer_next(rows, &o))
		markup_element(m, "option", o.text, "value", o.code, "selected",
			       chosen && !strcmp(chosen, o.code) ? "" : NULL, NULL);
	markup_close(m, "select");
	db_result_free(rows);
}
