/* price.h: what an application costs: offered, confirmed, to be paid.
 *
 * Table order, whose price columns are written here alone; package and its prices
 * belong to lib/project. Account: DB_APPLY. */
#ifndef PAY_PRICE_H
#define PAY_PRICE_H

#include "db/db.h"

/* The package that was chosen, at the price of the list that holds now. */
struct pay_offer {
	char title[401]; /* bytes */
	int64_t price, price_fen; /* row of package_price, and what it says */
};
/* False: no package is chosen, or it is not for sale; then it is all zero. */
bool pay_offer(struct db *, int64_t application, struct pay_offer *);
/* The price goes into the order, and stays there. In a transaction. */
void pay_price_keep(struct db *, int64_t application, const struct pay_offer *);

/* What an application that confirmed its order is to pay. */
struct pay_bill {
	char title[401], invoice_title[401]; /* bytes; invoice_title: "" for none */
	char deadline[24]; /* the minute in China; "" for none */
	int64_t price_fen;
};
/* False: there is no confirmed price. */
bool pay_bill(struct db *, int64_t application, struct pay_bill *);

/* The address to which the invoice goes; "" when none was given. The caller frees it.
 * False, and NULL: no such order. */
bool pay_invoice_email(struct db *, int64_t application, char **email);

/* For the service: what the payer reads in WeChat, and the payer's openid of that
 * official account; "" when the application belongs to another one's. */
#define PAY_OPENID_SIZE 129
struct pay_parties {
	char description[401], openid[PAY_OPENID_SIZE];
};
void pay_parties(struct db *, int64_t application, const char *appid, struct pay_parties *);

/* The refunds of an application, as its applicant sees them; texts belong to the
 * result. */
struct pay_refund_told {
	const char *state, *at; /* at: done or requested, the minute in China */
	int64_t amount_fen;
};
struct db_result *pay_refunds_told(struct db *, int64_t application);
bool pay_refunds_told_next(struct db_result *, struct pay_refund_told *);

#endif
