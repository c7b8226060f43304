/* nuonuo.h: what the sides of the sim's e-invoice provider share. */
#ifndef SIM_NUONUO_H
#define SIM_NUONUO_H

#include "core.h"

#define NUONUO_PATH "/sim/nuonuo"

/* nuonuo-sign.c: NULL when stamp, key and signature are good, else the code. */
const char *nuonuo_signature_error(const struct core *);

/* nuonuo-token.c: the call for a token; whether one is good now. */
void nuonuo_token(struct core *);
bool nuonuo_token_good(const struct core *, const char *token);

/* nuonuo-order.c: the error of the order of requestBillingNew, or NULL;
 * else its amounts in fen. */
const char *nuonuo_order_error(const struct core *, const json_t *order, json_int_t *total,
			       json_int_t *tax);

/* nuonuo-book.c: the interfaces, under the lock. */
void nuonuo_issue(struct core *, const json_t *asked, const char *fault);
void nuonuo_again(struct core *, const json_t *asked, const char *fault);
void nuonuo_query(struct core *, const json_t *asked, const char *fault);
void nuonuo_red(struct core *, const json_t *asked, const char *fault);

/* nuonuo-pdf.c: GET /pdf/SERIAL. */
void nuonuo_pdf(struct core *, const char *serial);

/* nuonuo.c: {code, describe}, and with a result that is taken over. */
void nuonuo_error(struct core *, const char *code, const char *describe);
void nuonuo_done(struct core *, json_t *result);

#endif
