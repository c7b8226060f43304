/* request.h: requests refunds and invoices; for lib/pay alone, within a transaction. */
#ifndef PAY_REQUEST_H
#define PAY_REQUEST_H

#include "pay/pay.h"

/* Requests the refund of a payment by rule. False when one is requested already. */
bool pay_request(struct db *, int64_t payment, const char *cause);
/* Writes the row of the outbox that has the e-invoice of a fee issued. */
void pay_promise_invoice(struct db *, int64_t payment, int64_t application);

#endif
