/* nuonuo.h: the e-invoice provider Nuonuo (诺诺开放平台), for the files of
 * invoice.h alone: signature, messages, and what answers mean. All pure but
 * the four calls at the end. */
#ifndef SERVICE_NUONUO_H
#define SERVICE_NUONUO_H

#include <jansson.h>

#include "service/invoice.h"

#define NUONUO_SENID_LEN 32
#define NUONUO_NONCE_LEN 8
#define NUONUO_OK "E0000"

/* What goes into the URL of a call and into its signature. */
struct nuonuo_stamp {
	char senid[NUONUO_SENID_LEN + 1]; /* random, hex */
	char nonce[NUONUO_NONCE_LEN + 1]; /* random, decimal */
	int64_t time; /* Unix seconds */
};

/* Appends the Base64 of HMAC-SHA1 over the stamp, the key and the body as sent. */
void nuonuo_sign(const char *app_key, const char *app_secret, const struct nuonuo_stamp *,
		 const char *body, struct buffer *out);

/* nuonuo-request.c: the seller's side, from the config. */
struct nuonuo_seller {
	const char *tax_number, *goods_name, *goods_code, *clerk;
	int percent;
};
/* The field of ours that is wrong in an order or correction, or NULL. */
const char *nuonuo_order_fault(const struct nuonuo_seller *, const struct invoice_order *);
const char *nuonuo_correction_fault(const struct invoice_correction *);
/* The bodies of requestBillingNew and fastInvoiceRed; the caller's to release. */
json_t *nuonuo_order(const struct nuonuo_seller *, const struct invoice_order *);
json_t *nuonuo_correction(const struct nuonuo_seller *, const struct invoice_correction *);

/* What a code means beside service_result. */
enum nuonuo_meaning {
	NUONUO_DONE, /* the result holds; of another value: see it */
	NUONUO_DUPLICATE, /* the order number was handed in before */
	NUONUO_ABSENT, /* there is none with this order number */
	NUONUO_STALE, /* the token is refused */
	NUONUO_OTHER,
};

struct nuonuo_answer {
	json_t *result; /* the caller's to release; NULL unless NUONUO_DONE */
	enum nuonuo_meaning meaning;
};

/* nuonuo-answer.c: the n bytes of an answer. SERVICE_OK with NUONUO_DONE alone. */
enum service_result nuonuo_read(const char *json, size_t n, struct nuonuo_answer *,
				struct service_report *) MUST_USE;
/* The serial number in the result of a request, into report->reference. */
enum service_result nuonuo_read_serial(const json_t *result, struct service_report *) MUST_USE;
/* The invoice of that order in the result of queryInvoiceResult. */
enum service_result nuonuo_read_status(const json_t *result, const char *order_no,
				       struct invoice_status *, struct service_report *) MUST_USE;
/* An answer to the call for a token. */
enum service_result nuonuo_read_token(const char *json, size_t n, struct buffer *token,
				      int64_t *life_s, struct service_report *) MUST_USE;

/* nuonuo-call.c: one call with its token, which is refreshed once when stale.
 * The answer's result is the caller's to release. */
enum service_result nuonuo_call(const struct invoice_account *, const char *method,
				const json_t *body, struct nuonuo_answer *,
				struct service_report *) MUST_USE;

/* nuonuo.c: the operations of invoice.h. */
enum service_result nuonuo_issue(const struct invoice_account *, const struct invoice_order *,
				 struct service_report *) MUST_USE;
enum service_result nuonuo_red(const struct invoice_account *, const struct invoice_correction *,
			       struct service_report *) MUST_USE;
enum service_result nuonuo_query(const struct invoice_account *, const char *order_no,
				 struct invoice_status *, struct service_report *) MUST_USE;

#endif
