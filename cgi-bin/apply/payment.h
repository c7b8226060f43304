/* payment.h: what the files of apply/payment share. Not for other programs. */
#ifndef APPLY_PAYMENT_H
#define APPLY_PAYMENT_H

#include "page/page.h"
#include "pay/pay.h"
#include "service/wechatpay.h"

/* -- payment-order.c: an order of ours, made known to the service -- */

enum payment_result {
	PAYMENT_READY, /* the ticket is there */
	PAYMENT_IS_PAID, /* money is there or on its way to the ledger */
	PAYMENT_NOT_OPEN, /* not to be paid now */
	PAYMENT_BUSY, /* no answer: the same once more */
	PAYMENT_REFUSED, /* by the service, for a reason that is ours to mend */
	PAYMENT_RESULT_COUNT,
};

/* An order that is being made. */
struct payment {
	enum pay_product product;
	const struct wechatpay_merchant *merchant;
	const char *h5_type; /* of this browser */
	struct buffer ticket; /* prepay_id, h5_url or code_url */
};
/* Takes the application's order for the product and gets a ticket for it. The
 * one call to the outside world is made outside of the transaction. */
enum payment_result payment_start(struct page *, struct payment *);

/* -- payment-ticket.c: a ticket on its way through the browser -- */

/* Between the POST that got it and the page that uses it, a ticket stands in
 * the address: sealed, bound to this application and product, and for as long
 * as the service takes it. */
void payment_ticket_seal(struct page *, enum pay_product, const char *ticket, struct buffer *hex);
/* False when it is none, was altered, is of another application or too old. */
bool payment_ticket_open(struct page *, enum pay_product, const char *hex, struct buffer *ticket);

/* -- payment-view.c: the pages -- */

/* Appends the address of this page with ?application=… &way=… . */
void payment_path(struct page *, enum pay_product way, struct buffer *out);

/* The ways to pay that a browser has; `other` is for another device. */
struct payment_ways {
	enum pay_product usual, other;
};

/* The bill and the buttons; p->message above them. */
void payment_show_bill(struct page *, const struct payment_ways *);
/* The ticket: calls WeChat, leads there, or is a code to scan. */
void payment_show_ticket(struct page *, enum pay_product way, const char *ticket,
			 const struct wechatpay_merchant *);
/* Waits for the ledger: what the browser says is no more than a reason to ask. */
void payment_show_waiting(struct page *, enum pay_product way, const char *after);

#endif
