/* play.c: for the tests: the ledger by commands, one a line, words parted by
 * tabs; each is answered by one line.
 *
 *     order APPLICATION PRODUCT            word, number, fen
 *     paid NUMBER TRANSACTION APPID MCHID CURRENCY FEN
 *     notpaid NUMBER, closed NUMBER        what pay_book() says
 *     ask APPLICATION
 *     due, due-refund                      number and close, or none
 *     refund-all APPLICATION               how many
 *     sent REFUND
 *     refund NEWS NUMBER ID FEN            done, under-way, abnormal, closed
 *     upkeep                                how many
 *
 * Orders are made with the account of the applicant's pages, the rest with that
 * of the jobs. */
#include "base/config.h"
#include "base/log.h"
#include "pay/pay.h"

#define WORDS_MAX 8

struct player {
	struct db *apply, *cron;
	const char *word[WORDS_MAX];
	size_t words;
};

static const char *word(const struct player *p, size_t i)
{
	return i < p->words ? p->word[i] : "";
}

static int64_t number(const struct player *p, size_t i)
{
	return strtoll(word(p, i), NULL, 10);
}

struct taking {
	int64_t application;
	enum pay_product product;
	enum pay_taken taken;
	struct pay_order order;
};

static bool take(struct db *db, void *context)
{
	static const struct pay_merchant merchant = { "wx-test", "1900000001" };
	struct taking *t = context;

	t->taken = pay_order_take(db, t->application, t->product, &merchant, 0, &t->order);
	return t->taken == PAY_TAKEN;
}

static void play_order(struct player *p)
{
	static const char *const taken_names[PAY_TAKEN_COUNT] = { "taken", "not-open", "is-paid" };
	struct taking t = { .application = number(p, 1) };

	while (t.product < PAY_PRODUCT_COUNT - 1 &&
	       strcmp(pay_product_names[t.product], word(p, 2)))
		t.product++;
	if (db_transaction(p->apply, take, &t) == DB_REFUSED)
		printf("%s\n", db_refusal(p->apply));
	else
		printf("%s\t%s\t%lld\n", taken_names[t.taken], t.order.out_trade_no,
		       (long long)t.order.amount_fen);
}

static void book(struct player *p, enum pay_news_kind kind)
{
	const struct pay_news news = {
		.kind = kind,
		.out_trade_no = word(p, 1),
		.transaction_id = word(p, 2),
		.appid = word(p, 3),
		.mchid = word(p, 4),
		.currency = word(p, 5),
		.total_fen = number(p, 6),
		.paid_at = "2026-01-01T08:00:05+08:00",
	};

	puts(pay_booked_names[pay_book(p->cron, &news)]);
}

static void play_paid(struct player *p)
{
	book(p, PAY_NEWS_PAID);
}

static void play_not_paid(struct player *p)
{
	book(p, PAY_NEWS_NOT_PAID);
}

static void play_closed(struct player *p)
{
	book(p, PAY_NEWS_CLOSED);
}

static void play_ask(struct player *p)
{
	pay_ask_now(p->apply, number(p, 1));
	puts("asked");
}

static void play_due(struct player *p)
{
	struct pay_question q;

	if (pay_next_order(p->cron, &q))
		printf("%s\t%d\n", q.order.out_trade_no, q.close);
	else
		puts("none");
}

static void play_due_refund(struct player *p)
{
	struct pay_refund refund;

	puts(pay_next_refund(p->cron, &refund) ? refund.out_refund_no : "none");
}

static void play_refund_all(struct player *p)
{
	printf("%d\n", pay_refund_all(p->cron, number(p, 1)));
}

static void play_sent(struct player *p)
{
	pay_refund_sent(p->cron, number(p, 1));
	puts("sent");
}

static void play_refund(struct player *p)
{
	static const char *const news[] = { "done", "under-way", "abnormal", "closed" };
	size_t i = 0;

	while (i < ARRAY_SIZE(news) - 1 && strcmp(news[i], word(p, 1)))
		i++;
	puts(pay_refund_booked_names[pay_refund_book(p->cron, word(p, 2), (enum pay_refund_news)i,
						     word(p, 3), number(p, 4))]);
}

static void play_upkeep(struct player *p)
{
	printf("%d\n", pay_refund_upkeep(p->cron, NULL));
}

static const struct {
	const char *name;
	void (*play)(struct player *);
} commands[] = {
	{ "order", play_order },
	{ "paid", play_paid },
	{ "notpaid", play_not_paid },
	{ "closed", play_closed },
	{ "ask", play_ask },
	{ "due", play_due },
	{ "due-refund", play_due_refund },
	{ "refund-all", play_refund_all },
	{ "sent", play_sent },
	{ "refund", play_refund },
	{ "upkeep", play_upkeep },
};

static void play(struct player *p, char *line)
{
	p->words = 0;
	for (char *at = line; at && p->words < WORDS_MAX;) {
		char *end = strchr(at, '\t');

		if (end)
			*end = '\0';
		p->word[p->words++] = at;
		at = end ? end + 1 : NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, word(p, 0))) {
			commands[i].play(p);
			return;
		}
	puts("what?");
}

int main(void)
{
	struct player p = { 0 };
	const struct config *config;
	char line[1024];

	log_identify("t/pay/play", "-");
	setvbuf(stdout, NULL, _IOLBF, 0);
	config = config_open();
	p.apply = db_open(config, DB_APPLY);
	p.cron = db_open(config, DB_CRON);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		play(&p, line);
	}
	db_close(p.apply);
	db_close(p.cron);
	return 0;
}
