/* invoice.h: e-invoices (数电票): issue, query, red, download; the provider
 * stands in the config.
 *
 * An invoice is known by our own order number, which is the idempotency key
 * with the provider: one number, at most one invoice. Issuing takes a while:
 * invoice_issue() hands it in, invoice_query() tells later how it went. After
 * SERVICE_UNKNOWN ask with invoice_query() before anything else; a number that
 * was handed in twice is looked up, never issued again.
 *
 * An invoice cannot be deleted; invoice_red() issues one with the opposite sign
 * under an order number of its own, which is queried like any other.
 *
 * Money is fen, always with tax; the split stands in invoice-tax.h.
 * With invoice_provider = manual nothing is asked: the accountant enters the
 * number and uploads the file in a page, and invoice_is_automatic() is false.
 *
 * These ask over the network: never call them within db_transaction().
 * Account: DB_CRON. Config: invoice_provider and what etc/yuanjian.conf.example
 * says there. */
#ifndef SERVICE_INVOICE_H
#define SERVICE_INVOICE_H

#include "base/buffer.h"
#include "base/config.h"
#include "db/db.h"
#include "service/result.h"
#include "vault/vault.h"

#define INVOICE_ORDER_MAX 20 /* letters and digits */
#define INVOICE_SERIAL_MAX 40
#define INVOICE_NUMBER_LEN 20
#define INVOICE_URL_MAX 512
#define INVOICE_REASON_MAX 200 /* bytes */
#define INVOICE_LINES_MAX 20
#define INVOICE_NAME_MAX 100 /* characters of a buyer's or a line's name */
#define INVOICE_REMARK_MAX 200 /* characters */
#define INVOICE_TOTAL_MAX_FEN 10000000000 /* a hundred million yuan */
#define INVOICE_PDF_MAX (5 * 1024 * 1024)

struct invoice_account {
	const struct config *config;
	struct db *db; /* for the provider's token */
	struct vault *vault;
};

/* Whether a provider is asked; with false the calls below are SERVICE_PERMANENT. */
bool invoice_is_automatic(const struct config *);

enum invoice_kind {
	INVOICE_GENERAL, /* 普票 */
	INVOICE_SPECIAL, /* 专票: needs a buyer with a tax number */
	INVOICE_KIND_COUNT,
};

/* The buyer; fields that are not known are NULL or "". */
struct invoice_buyer {
	const char *name; /* 抬头 */
	const char *tax_number; /* 15 to 20 letters and digits; none for a person */
	const char *address, *phone, *bank, *bank_account; /* for a special invoice */
	const char *email, *mobile; /* where the provider delivers it */
};

/* One thing sold. */
struct invoice_line {
	const char *name; /* NULL: invoice_goods_name */
	int64_t total_fen; /* with tax; more than 0 */
	int quantity; /* 1 or more; the total is for all */
};

struct invoice_order {
	const char *order_no;
	enum invoice_kind kind;
	struct invoice_buyer buyer;
	const struct invoice_line *line;
	size_t line_count;
	const char *remark; /* or NULL */
	int64_t ordered_at; /* Unix seconds */
};

/* Hands it in. SERVICE_OK: taken over, or known under this number already;
 * report->reference is the provider's serial number. A number whose file could
 * not be sealed (INVOICE_AGAIN) is taken up again by the same call.
 * SERVICE_PERMANENT: refused; report->detail has the code or names our field.
 * SERVICE_UNKNOWN: query. */
enum service_result invoice_issue(const struct invoice_account *, const struct invoice_order *,
				  struct service_report *) MUST_USE;

enum invoice_reason { /* 冲红原因, with the tax office's numbers */
		      INVOICE_WRONG = 1, /* 开票有误 */
		      INVOICE_RETURNED = 2, /* 销货退回 */
		      INVOICE_ENDED = 3, /* 服务中止 */
		      INVOICE_ALLOWANCE = 4, /* 销售折让 */
};

struct invoice_correction {
	const char *order_no; /* a new one */
	enum invoice_kind kind; /* as the blue one's */
	enum invoice_reason reason;
	const char *blue_serial, *blue_number; /* as invoice_query() gave them */
};

/* Turns the whole of a blue invoice red; results as above. */
enum service_result invoice_red(const struct invoice_account *, const struct invoice_correction *,
				struct service_report *) MUST_USE;

enum invoice_state {
	INVOICE_ABSENT, /* the provider does not know the number: hand it in (again) */
	INVOICE_PENDING, /* being made: ask again later */
	INVOICE_ISSUED, /* final: number, time and file are there */
	INVOICE_FAILED, /* hand it in, corrected, under a NEW order number */
	INVOICE_AGAIN, /* not sealed: invoice_issue() with the SAME order number */
	INVOICE_VOIDING, /* being voided, at the provider */
	INVOICE_VOID, /* voided, at the provider */
	INVOICE_STATE_COUNT,
};

/* For logs and tables: "absent", "pending" … */
extern const char *const invoice_state_names[INVOICE_STATE_COUNT];

struct invoice_status {
	enum invoice_state state;
	char serial[INVOICE_SERIAL_MAX + 1];
	char number[INVOICE_NUMBER_LEN + 1]; /* 20 digits once issued, "" before */
	int64_t issued_at; /* Unix seconds; 0 before */
	int64_t total_fen, tax_fen; /* as the provider has it, red negative; 0 before */
	char pdf_url[INVOICE_URL_MAX + 1]; /* "" before; for invoice_download() */
	/* The provider's words with INVOICE_FAILED and INVOICE_AGAIN, for the
	 * accountant's page; may quote the buyer, so not for a log. */
	char reason[INVOICE_REASON_MAX + 1];
};

/* How it stands with an order number. SERVICE_OK fills the status. */
enum service_result invoice_query(const struct invoice_account *, const char *order_no,
				  struct invoice_status *, struct service_report *) MUST_USE;

/* Appends the PDF behind an address that invoice_query() gave: https, from a
 * host of the config's invoice_pdf_hosts, at most INVOICE_PDF_MAX bytes, and a
 * PDF. On failure nothing is appended. SERVICE_PERMANENT: the address or what
 * is behind it is not as it must be. SERVICE_UNKNOWN may be tried again. */
enum service_result invoice_download(const struct invoice_account *, const char *url,
				     struct buffer *pdf, struct service_report *) MUST_USE;

#endif
