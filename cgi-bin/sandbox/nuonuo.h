/* nuonuo.h: what the sides of the sandbox's e-invoice provider share. */
#ifndef SANDBOX_NUONUO_H
#define SANDBOX_NUONUO_H

#include "stage.h"

#define NUONUO_PATH "/sandbox/nuonuo"

/* nuonuo-sign.c: NULL when stamp, key and signature are good, else the code. */
const char *nuonuo_signature_error(const struct stage *);

/* nuonuo-token.c: the call for a token; whether one is good now. */
void nuonuo_token(struct stage *);
bool nuonuo_token_good(const struct stage *, const char *token);

/* nuonuo-order.c: the error of the order of requestBillingNew, or NULL;
 * else its amounts in fen. */
const char *nuonuo_order_error(const struct stage *, const json_t *order, json_int_t *total,
			       json_int_t *tax);

/* nuonuo-book.c: the interfaces, under the lock. */
void nuonuo_issue(struct stage *, const json_t *asked, const char *trouble);
void nuonuo_again(struct stage *, const json_t *asked, const char *trouble);
void nuonuo_query(struct stage *, const json_t *asked, const char *trouble);
void nuonuo_red(struct stage *, const json_t *asked, const char *trouble);

/* nuonuo-pdf.c: GET /pdf/SERIAL. */
void nuonuo_pdf(struct stage *, const char *serial);

/* nuonuo.c: {code, describe}, and with a result that is taken over. */
void nuonuo_error(struct stage *, const char *code, const char *describe);
void nuonuo_done(struct stage *, json_t *result);

#endif
