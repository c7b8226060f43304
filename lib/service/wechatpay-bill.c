/* wechatpay-bill.c: reads the trade bill of a day. */
#include "service/wechatpay-bill.h"

#include "base/alloc.h"
#include "base/utf8.h"

#define BOM "\xef\xbb\xbf"
#define YUAN_DIGITS_MAX 11
#define YUAN_DECIMALS 2
#define FEE_DECIMALS 5
#define MILLI 1000
#define FEE_MAX INT64_C(10000000000000) /* thousandths of a fen */
#define CELL_MAX 128

const char *const wechatpay_bill_result_names[WECHATPAY_BILL_RESULT_COUNT] = {
	[WECHATPAY_BILL_OK] = "ok",
	[WECHATPAY_BILL_EMPTY] = "empty",
	[WECHATPAY_BILL_BAD_TEXT] = "bad_text",
	[WECHATPAY_BILL_LINE_TOO_LONG] = "line_too_long",
	[WECHATPAY_BILL_NO_COLUMN] = "no_column",
	[WECHATPAY_BILL_BAD_ROW] = "bad_row",
	[WECHATPAY_BILL_BAD_FIELD] = "bad_field",
	[WECHATPAY_BILL_BAD_AMOUNT] = "bad_amount",
	[WECHATPAY_BILL_BAD_STATE] = "bad_state",
	[WECHATPAY_BILL_NO_SUMMARY] = "no_summary",
	[WECHATPAY_BILL_WRONG_SUMMARY] = "wrong_summary",
	[WECHATPAY_BILL_TOO_MANY] = "too_many",
	[WECHATPAY_BILL_TRAILER] = "trailer",
};

static const char *const state_names[WECHATPAY_BILL_STATE_COUNT] = {
	[WECHATPAY_BILL_PAID] = "SUCCESS",
	[WECHATPAY_BILL_REFUND] = "REFUND",
	[WECHATPAY_BILL_REVOKED] = "REVOKED",
};

enum form {
	TIME,
	WORD, /* printable ASCII, something */
	WORD_OR_NONE, /* also nothing; "0" is nothing */
	STATE,
	FEN,
	MILLIFEN,
	COUNT,
};

struct column {
	const char *heading;
	enum form form;
	size_t offset, max;
};

#define TEXT(member)                                 \
	offsetof(struct wechatpay_bill_row, member), \
		sizeof(((struct wechatpay_bill_row *)0)->member) - 1
#define NUMBER(member) offsetof(struct wechatpay_bill_row, member), 0
#define TOTAL(member) offsetof(struct summary, member), 0

static const struct column columns[] = {
	{ "交易时间", TIME, TEXT(time) },
	{ "商户号", WORD, TEXT(mchid) },
	{ "微信订单号", WORD, TEXT(transaction_id) },
	{ "商户订单号", WORD, TEXT(out_trade_no) },
	{ "交易类型", WORD, TEXT(trade_type) },
	{ "交易状态", STATE, NUMBER(state) },
	{ "货币种类", WORD, TEXT(currency) },
	{ "应结订单金额", FEN, NUMBER(settled_fen) },
	{ "微信退款单号", WORD_OR_NONE, TEXT(refund_id) },
	{ "商户退款单号", WORD_OR_NONE, TEXT(out_refund_no) },
	{ "退款金额", FEN, NUMBER(settled_refund_fen) },
	{ "退款状态", WORD_OR_NONE, TEXT(refund_status) },
	{ "手续费", MILLIFEN, NUMBER(fee_millifen) },
	{ "订单金额", FEN, NUMBER(total_fen) },
	{ "申请退款金额", FEN, NUMBER(refund_fen) },
};

struct summary {
	int64_t count, settled_fen, settled_refund_fen, fee_millifen, total_fen, refund_fen;
};

static const struct column totals[] = {
	{ "总交易单数", COUNT, TOTAL(count) },
	{ "应结订单总金额", FEN, TOTAL(settled_fen) },
	{ "退款总金额", FEN, TOTAL(settled_refund_fen) },
	{ "手续费总金额", MILLIFEN, TOTAL(fee_millifen) },
	{ "订单总金额", FEN, TOTAL(total_fen) },
	{ "申请退款总金额", FEN, TOTAL(refund_fen) },
};

/* A piece of the line. */
struct cell {
	const char *text;
	size_t len;
};

struct cells {
	struct cell cell[WECHATPAY_BILL_COLUMNS_MAX];
	size_t count;
};

/* The bill while it is read. */
struct reader {
	const char *at, *end;
	const char *line;
	size_t len; /* of the line, without its end */
	struct wechatpay_bill *bill;
	size_t place[ARRAY_SIZE(columns)]; /* where each column stands */
	size_t width; /* fields of a row */
	size_t room; /* rows that fit into the array */
};

/* The next line; false at the end or when it is too long, see `len`. */
static bool next_line(struct reader *r)
{
	const char *stop;

	if (r->at == r->end)
		return false;
	stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	r->line = r->at;
	r->len = (size_t)((stop ? stop : r->end) - r->at);
	r->at = stop ? stop + 1 : r->end;
	if (r->len && r->line[r->len - 1] == '\r')
		r->len--;
	r->bill->line++;
	return true;
}

/* Cuts the line at the comma, and where fields are marked, at comma and accent. */
static bool cut(const struct reader *r, bool marked, struct cells *out)
{
	const char *at = r->line, *end = r->line + r->len, *next;

	out->count = 0;
	if (marked && (at == end || *at++ != '`'))
		return false;
	for (; at; at = next) {
		const char *stop = at;

		if (out->count == WECHATPAY_BILL_COLUMNS_MAX)
			return false;
		while (stop < end &&
		       (*stop != ',' || (marked && (stop + 1 == end || stop[1] != '`'))))
			stop++;
		out->cell[out->count++] = (struct cell){ at, (size_t)(stop - at) };
		next = stop == end ? NULL : stop + (marked ? 2 : 1);
	}
	return true;
}

static bool cell_is(const struct cell *cell, const char *text)
{
	return cell->len == strlen(text) && !memcmp(cell->text, text, cell->len);
}

/* Where each of the headings stands; false when one is missing or there twice. */
static bool find_columns(const struct cells *cells, const struct column *column, size_t count,
			 size_t *place)
{
	for (size_t i = 0; i < count; i++) {
		size_t found = 0;

		for (size_t j = 0; j < cells->count; j++)
			if (cell_is(&cells->cell[j], column[i].heading)) {
				place[i] = j;
				found++;
			}
		if (found != 1)
			return false;
	}
	return true;
}

/* Decimal text as an integer of units of 10^-decimals; no more of them than that. */
static bool read_decimal(const char *text, size_t decimals, int64_t *out)
{
	size_t whole = strspn(text, "0123456789"), part = 0;
	int64_t value = 0;

	if (!whole || whole > YUAN_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (text[i] - '0');
	if (text[whole] == '.') {
		part = strspn(text + whole + 1, "0123456789");
		if (!part || part > decimals)
			return false;
		for (size_t i = 0; i < part; i++)
			value = value * 10 + (text[whole + 1 + i] - '0');
		whole += part + 1;
	}
	for (size_t i = part; i < decimals; i++)
		value *= 10;
	*out = value;
	return !text[whole];
}

bool wechatpay_yuan_read(const char *text, int64_t *fen)
{
	return read_decimal(text, YUAN_DECIMALS, fen) && *fen <= WECHATPAY_FEN_MAX;
}

static bool read_millifen(const char *text, int64_t *out)
{
	bool minus = *text == '-';

	if (!read_decimal(text + minus, FEE_DECIMALS, out) || *out > FEE_MAX)
		return false;
	if (minus)
		*out = -*out;
	return true;
}

static bool is_time(const char *text)
{
	static const char shape[] = "0000-00-00 00:00:00";

	for (size_t i = 0; i < sizeof(shape); i++)
		if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return false;
	return true;
}

static enum wechatpay_bill_result read_state(const char *text, enum wechatpay_bill_state *state)
{
	int i = 0;

	while (i < WECHATPAY_BILL_STATE_COUNT && strcmp(state_names[i], text) != 0)
		i++;
	*state = (enum wechatpay_bill_state)i;
	return i < WECHATPAY_BILL_STATE_COUNT ? WECHATPAY_BILL_OK : WECHATPAY_BILL_BAD_STATE;
}

static enum wechatpay_bill_result read_word(const char *text, const struct column *c, char *out)
{
	const char *kept = c->form == WORD_OR_NONE && !strcmp(text, "0") ? "" : text;

	if (strlen(text) > c->max || (c->form == WORD && !*text) ||
	    (c->form == TIME && !is_time(text)))
		return WECHATPAY_BILL_BAD_FIELD;
	for (const char *t = text; *t; t++)
		if (*t < ' ' || *t > '~' || (*t == ' ' && c->form != TIME))
			return WECHATPAY_BILL_BAD_FIELD;
	memcpy(out, kept, strlen(kept) + 1);
	return WECHATPAY_BILL_OK;
}

static enum wechatpay_bill_result read_number(const char *text, enum form form, int64_t *out)
{
	bool good = form == MILLIFEN ? read_millifen(text, out) :
		    form == COUNT    ? read_decimal(text, 0, out) :
				       wechatpay_yuan_read(text, out);

	return good ? WECHATPAY_BILL_OK : WECHATPAY_BILL_BAD_AMOUNT;
}

/* The members at the offsets of the tables have the types of their forms. */
static enum wechatpay_bill_result read_cell(const struct cell *cell, const struct column *c,
					    void *out)
{
	char text[CELL_MAX + 1];
	void *at = (char *)out + c->offset;

	if (cell->len > CELL_MAX)
		return WECHATPAY_BILL_BAD_FIELD;
	memcpy(text, cell->text, cell->len);
	text[cell->len] = '\0';
	if (c->form == STATE)
		return read_state(text, at);
	if (c->form == FEN || c->form == MILLIFEN || c->form == COUNT)
		return read_number(text, c->form, at);
	return read_word(text, c, at);
}

static enum wechatpay_bill_result read_cells(const struct cells *cells, const struct column *column,
					     size_t count, const size_t *place, void *out)
{
	enum wechatpay_bill_result result = WECHATPAY_BILL_OK;

	for (size_t i = 0; i < count && result == WECHATPAY_BILL_OK; i++)
		result = read_cell(&cells->cell[place[i]], &column[i], out);
	return result;
}

static int64_t rounded(int64_t millifen)
{
	return (millifen + (millifen < 0 ? -MILLI / 2 : MILLI / 2)) / MILLI;
}

static void add_row(struct reader *r, const struct wechatpay_bill_row *row)
{
	struct wechatpay_bill *bill = r->bill;

	if (bill->count == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		bill->row = xrealloc(bill->row, r->room * sizeof(*bill->row));
	}
	bill->row[bill->count++] = *row;
	bill->total_fen += row->total_fen;
	bill->settled_fen += row->settled_fen;
	bill->refund_fen += row->refund_fen;
	bill->settled_refund_fen += row->settled_refund_fen;
	bill->fee_millifen += row->fee_millifen;
}

static enum wechatpay_bill_result read_row(struct reader *r)
{
	struct wechatpay_bill_row row = { .line = r->bill->line };
	struct cells cells;
	enum wechatpay_bill_result result;

	if (r->bill->count == WECHATPAY_BILL_ROWS_MAX)
		return WECHATPAY_BILL_TOO_MANY;
	if (!cut(r, true, &cells) || cells.count != r->width)
		return WECHATPAY_BILL_BAD_ROW;
	result = read_cells(&cells, columns, ARRAY_SIZE(columns), r->place, &row);
	if (result != WECHATPAY_BILL_OK)
		return result;
	if (row.state == WECHATPAY_BILL_REFUND && (!*row.refund_id || !*row.out_refund_no))
		return WECHATPAY_BILL_BAD_FIELD;
	row.fee_fen = rounded(row.fee_millifen);
	add_row(r, &row);
	return WECHATPAY_BILL_OK;
}

static size_t payments(const struct wechatpay_bill *bill)
{
	size_t n = 0;

	for (size_t i = 0; i < bill->count; i++)
		n += bill->row[i].state != WECHATPAY_BILL_REFUND;
	return n;
}

/* Whether the number of trades counts refunds is not told; the fee may be
 * written to the fen. */
static bool agrees(const struct wechatpay_bill *bill, const struct summary *sum)
{
	int64_t fee = sum->fee_millifen - bill->fee_millifen;
	bool to_the_fen = sum->fee_millifen % MILLI == 0;

	return ((size_t)sum->count == bill->count || (size_t)sum->count == payments(bill)) &&
	       sum->total_fen == bill->total_fen && sum->settled_fen == bill->settled_fen &&
	       sum->refund_fen == bill->refund_fen &&
	       sum->settled_refund_fen == bill->settled_refund_fen &&
	       (!fee || (to_the_fen && fee < MILLI && fee > -MILLI));
}

/* The reader stands on the headings of the summary. */
static enum wechatpay_bill_result read_summary(struct reader *r)
{
	size_t place[ARRAY_SIZE(totals)], width;
	struct summary sum = { 0 };
	struct cells cells;
	enum wechatpay_bill_result result;

	if (!cut(r, false, &cells) || !find_columns(&cells, totals, ARRAY_SIZE(totals), place))
		return WECHATPAY_BILL_NO_COLUMN;
	width = cells.count;
	if (!next_line(r) || !r->len)
		return WECHATPAY_BILL_NO_SUMMARY;
	if (r->len > WECHATPAY_BILL_LINE_MAX)
		return WECHATPAY_BILL_LINE_TOO_LONG;
	if (!cut(r, true, &cells) || cells.count != width)
		return WECHATPAY_BILL_BAD_ROW;
	result = read_cells(&cells, totals, ARRAY_SIZE(totals), place, &sum);
	if (result == WECHATPAY_BILL_OK && !agrees(r->bill, &sum))
		result = WECHATPAY_BILL_WRONG_SUMMARY;
	while (result == WECHATPAY_BILL_OK && next_line(r))
		if (r->len)
			result = WECHATPAY_BILL_TRAILER;
	return result;
}

static enum wechatpay_bill_result read_headings(struct reader *r)
{
	struct cells cells;

	if (!next_line(r))
		return WECHATPAY_BILL_EMPTY;
	if (r->len > WECHATPAY_BILL_LINE_MAX)
		return WECHATPAY_BILL_LINE_TOO_LONG;
	if (!cut(r, false, &cells) || !find_columns(&cells, columns, ARRAY_SIZE(columns), r->place))
		return WECHATPAY_BILL_NO_COLUMN;
	r->width = cells.count;
	return WECHATPAY_BILL_OK;
}

static enum wechatpay_bill_result read_all(struct reader *r)
{
	enum wechatpay_bill_result result = read_headings(r);

	while (result == WECHATPAY_BILL_OK) {
		if (!next_line(r) || !r->len)
			return WECHATPAY_BILL_NO_SUMMARY;
		if (r->len > WECHATPAY_BILL_LINE_MAX)
			return WECHATPAY_BILL_LINE_TOO_LONG;
		if (*r->line != '`')
			return read_summary(r);
		result = read_row(r);
	}
	return result;
}

enum wechatpay_bill_result wechatpay_bill_read(const char *csv, size_t n,
					       struct wechatpay_bill *bill)
{
	struct reader r = { .at = csv, .end = csv + n, .bill = bill };
	enum wechatpay_bill_result result;
	size_t line;

	memset(bill, 0, sizeof(*bill));
	if (n && !utf8_valid(csv, n))
		return WECHATPAY_BILL_BAD_TEXT;
	if (n >= strlen(BOM) && !memcmp(csv, BOM, strlen(BOM)))
		r.at += strlen(BOM);
	result = read_all(&r);
	if (result == WECHATPAY_BILL_OK)
		return result;
	line = bill->line;
	wechatpay_bill_release(bill);
	bill->line = line;
	return result;
}

void wechatpay_bill_release(struct wechatpay_bill *bill)
{
	free(bill->row);
	memset(bill, 0, sizeof(*bill));
}
