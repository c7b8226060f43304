/* request.h: what follows from a payment; for lib/pay alone, within a
 * transaction. */
#ifndef PAY_REQUEST_H
#define PAY_REQUEST_H

#include "pay/pay.h"

/* Asks that a payment goes back; staff 0: by rule. False when it was asked
 * before. */
bool pay_request(struct db *, int64_t payment, const char *cause, int64_t staff);
/* The e-invoice for a fee becomes a row of the outbox. */
void pay_promise_invoice(struct db *, int64_t payment, int64_t application);

#endif
