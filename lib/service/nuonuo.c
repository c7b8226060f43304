/* nuonuo.c: issuing, correcting and looking up invoices with Nuonuo. */
#include "service/nuonuo.h"

#include "base/die.h"

#define ISSUE "nuonuo.OpeMplatform.requestBillingNew"
#define AGAIN "nuonuo.OpeMplatform.reInvoice"
#define QUERY "nuonuo.OpeMplatform.queryInvoiceResult"
#define RED "nuonuo.OpeMplatform.fastInvoiceRed"

static struct nuonuo_seller seller_of(const struct config *config)
{
	return (struct nuonuo_seller){
		.tax_number = config_text(config, "invoice_seller_tax_number"),
		.goods_name = config_text(config, "invoice_goods_name"),
		.goods_code = config_text(config, "invoice_goods_code"),
		.clerk = config_text(config, "invoice_clerk"),
		.percent = (int)config_int(config, "invoice_tax_percent"),
	};
}

/* Our own data are refused before anything is sent. */
static enum service_result refuse(const char *field, struct service_report *report)
{
	memset(report, 0, sizeof(*report));
	snprintf(report->detail, sizeof(report->detail), "field=%s", field);
	return SERVICE_PERMANENT;
}

static enum service_result take_up_again(const struct invoice_account *a, const char *order_no,
					 const char *serial, struct service_report *report)
{
	json_t *body = json_pack("{s:s, s:s}", "fpqqlsh", serial, "orderno", order_no);
	struct nuonuo_answer answer;
	enum service_result result;

	if (!body)
		die("no JSON for an invoice");
	result = nuonuo_call(a, AGAIN, body, &answer, report);
	json_decref(answer.result);
	json_decref(body);
	return result;
}

/* The order number was handed in before: by us, when the answer was lost. */
static enum service_result look_up(const struct invoice_account *a, const char *order_no,
				   struct service_report *report)
{
	struct invoice_status status;
	enum service_result result = nuonuo_query(a, order_no, &status, report);

	if (result == SERVICE_OK && status.state == INVOICE_AGAIN)
		result = take_up_again(a, order_no, status.serial, report);
	if (result != SERVICE_OK)
		return result;
	if (status.state == INVOICE_ABSENT) {
		snprintf(report->detail, sizeof(report->detail), "duplicate, yet not there");
		return SERVICE_UNKNOWN;
	}
	snprintf(report->reference, sizeof(report->reference), "%.39s", status.serial);
	return SERVICE_OK;
}

static enum service_result hand_in(const struct invoice_account *a, const char *method,
				   json_t *body, const char *order_no,
				   struct service_report *report)
{
	struct nuonuo_answer answer;
	enum service_result result = nuonuo_call(a, method, body, &answer, report);

	if (result == SERVICE_OK)
		result = nuonuo_read_serial(answer.result, report);
	else if (answer.meaning == NUONUO_DUPLICATE)
		result = look_up(a, order_no, report);
	json_decref(answer.result);
	json_decref(body);
	return result;
}

enum service_result nuonuo_issue(const struct invoice_account *a, const struct invoice_order *order,
				 struct service_report *report)
{
	struct nuonuo_seller seller = seller_of(a->config);
	const char *fault = nuonuo_order_fault(&seller, order);

	if (fault)
		return refuse(fault, report);
	return hand_in(a, ISSUE, nuonuo_order(&seller, order), order->order_no, report);
}

enum service_result nuonuo_red(const struct invoice_account *a,
			       const struct invoice_correction *correction,
			       struct service_report *report)
{
	struct nuonuo_seller seller = seller_of(a->config);
	const char *fault = nuonuo_correction_fault(correction);

	if (fault)
		return refuse(fault, report);
	return hand_in(a, RED, nuonuo_correction(&seller, correction), correction->order_no,
		       report);
}

enum service_result nuonuo_query(const struct invoice_account *a, const char *order_no,
				 struct invoice_status *status, struct service_report *report)
{
	json_t *body = json_pack("{s:[s], s:s}", "orderNos", order_no, "isOfferInvoiceDetail", "0");
	struct nuonuo_answer answer;
	enum service_result result;

	if (!body)
		die("no JSON for a query");
	memset(status, 0, sizeof(*status));
	result = nuonuo_call(a, QUERY, body, &answer, report);
	if (result == SERVICE_OK) {
		result = nuonuo_read_status(answer.result, order_no, status, report);
	} else if (answer.meaning == NUONUO_ABSENT) {
		report->detail[0] = '\0';
		result = SERVICE_OK;
	}
	json_decref(answer.result);
	json_decref(body);
	return result;
}
