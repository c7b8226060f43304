/* bill.c: the trade bill; the rows that are read add up to its summary. */
#include "service/wechatpay-bill.h"

#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_rows(const struct wechatpay_bill *bill)
{
	int64_t total = 0, refund = 0, fee = 0;
	size_t line = 1;

	for (size_t i = 0; i < bill->count; i++) {
		const struct wechatpay_bill_row *row = &bill->row[i];

		must(row->line > line && *row->transaction_id && *row->out_trade_no);
		must(row->state < WECHATPAY_BILL_STATE_COUNT);
		must(row->total_fen >= 0 && row->total_fen <= WECHATPAY_FEN_MAX);
		must(row->fee_fen * 1000 - row->fee_millifen <= 500 &&
		     row->fee_millifen - row->fee_fen * 1000 <= 500);
		line = row->line;
		total += row->total_fen;
		refund += row->refund_fen;
		fee += row->fee_millifen;
	}
	must(total == bill->total_fen && refund == bill->refund_fen && fee == bill->fee_millifen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wechatpay_bill bill;
	char *text = xmemdup0(data, size);
	int64_t fen;

	if (wechatpay_bill_read(text, size, &bill) == WECHATPAY_BILL_OK)
		check_rows(&bill);
	else
		must(!bill.row && !bill.count);
	wechatpay_bill_release(&bill);
	if (wechatpay_yuan_read(text, &fen))
		must(fen >= 0 && fen <= WECHATPAY_FEN_MAX);
	free(text);
	return 0;
}
