/* order.c: finds or creates the order that an applicant pays. */
#include "pay/pay.h"

#include "base/die.h"
#include "db/row.h"

const char *const pay_product_names[PAY_PRODUCT_COUNT] = {
	[PAY_JSAPI] = "jsapi",
	[PAY_H5] = "h5",
	[PAY_NATIVE] = "native",
};

const char *const pay_state_names[PAY_STATE_COUNT] = {
	[PAY_OPEN] = "open",
	[PAY_CLOSED] = "closed",
	[PAY_PAID] = "paid",
	[PAY_ODD] = "odd",
};

/* An order that expires sooner is not used again; a new one is created. */
#define LEFT_MINUTES_MIN 10

/* Finds the newest order of the product with an id above `after`. */
static bool find(struct db *db, int64_t after, struct pay_order *o)
{
	struct pay_order found = *o;

	if (!db_one(db,
		    "SELECT id, amount_fen, out_trade_no,"
		    " DATE_FORMAT(expires_at + INTERVAL 8 HOUR, '%Y-%m-%dT%H:%i:%s+08:00') AS expires"
		    " FROM payment WHERE application = ? AND product = ? AND id > ?"
		    " AND state = 'open' AND expires_at > UTC_TIMESTAMP() + INTERVAL ? MINUTE"
		    " ORDER BY id DESC LIMIT 1",
		    DB_ARGS(db_int(o->application), db_text(pay_product_names[o->product]),
			    db_int(after), db_int(LEFT_MINUTES_MIN)),
		    DB_OUT(DB_INT("id", &found.id), DB_INT("amount_fen", &found.amount_fen),
			   DB_TEXT("out_trade_no", found.out_trade_no),
			   DB_TEXT("expires", found.expires))))
		return false;
	*o = found;
	o->state = PAY_OPEN;
	return true;
}

/* The order expires after PAY_ORDER_MINUTES, or with the application's deadline if that
 * is sooner, but not before the shortest time in which it can be paid. */
#define EXPIRES_SQL                                                                   \
	"GREATEST(LEAST(UTC_TIMESTAMP() + INTERVAL ? MINUTE, COALESCE(a.deadline_at," \
	" UTC_TIMESTAMP() + INTERVAL 1 DAY)), UTC_TIMESTAMP() + INTERVAL ? MINUTE)"

/* Price and expiry of a new order, read under the lock of the application. */
struct terms {
	int64_t price_fen;
	char expires_at[32];
};

static enum pay_taken lock(struct db *db, int64_t application, struct terms *terms)
{
	bool open, paid;

	db_one(db,
	       "SELECT EXISTS (SELECT 1 FROM flow_transition t WHERE t.flow_version = a.flow_version"
	       "  AND t.from_state = a.state AND t.event = 'pay' AND t.role = 'applicant') AS open,"
	       " EXISTS (SELECT 1 FROM payment p WHERE p.application = a.id AND p.state = 'paid')"
	       "  AS paid, (SELECT price_fen FROM `order` WHERE application = a.id) AS price_fen,"
	       " DATE_FORMAT(" EXPIRES_SQL ", '%Y-%m-%d %H:%i:%s') AS expires_at"
	       " FROM application a WHERE a.id = ? FOR UPDATE",
	       DB_ARGS(db_int(PAY_ORDER_MINUTES), db_int(LEFT_MINUTES_MIN + 1),
		       db_int(application)),
	       DB_OUT(DB_FLAG("open", &open), DB_FLAG("paid", &paid),
		      DB_OR_NULL(DB_INT("price_fen", &terms->price_fen)),
		      DB_TEXT("expires_at", terms->expires_at)));
	if (paid)
		return PAY_IS_PAID;
	return open && terms->price_fen ? PAY_TAKEN : PAY_NOT_OPEN;
}

static void add(struct db *db, const struct pay_order *o, const struct terms *terms,
		const struct pay_merchant *merchant)
{
	char number[PAY_TRADE_NO_MAX + 1], random[PUBLIC_ID_SIZE];

	random_public_id(random);
	snprintf(number, sizeof(number), "yj%s", random);
	db_exec(db,
		"INSERT INTO payment (application, out_trade_no, product, appid, mchid,"
		" amount_fen, created_at, expires_at, ask_at) VALUES (?, ?, ?, ?, ?, ?,"
		" UTC_TIMESTAMP(3), ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)",
		DB_ARGS(db_int(o->application), db_text(number),
			db_text(pay_product_names[o->product]), db_text(merchant->appid),
			db_text(merchant->mchid), db_int(terms->price_fen),
			db_text(terms->expires_at), db_int(pay_order_pause_s(0))));
}

enum pay_taken pay_order_take(struct db *db, int64_t application, enum pay_product product,
			      const struct pay_merchant *merchant, int64_t after,
			      struct pay_order *o)
{
	struct terms terms;
	enum pay_taken taken = lock(db, application, &terms);

	*o = (struct pay_order){ .application = application, .product = product };
	if (taken == PAY_TAKEN && !find(db, after, o)) {
		add(db, o, &terms, merchant);
		if (!find(db, after, o)) /* an error has ended the transaction */
			taken = PAY_NOT_OPEN;
	}
	return taken;
}

void pay_ask_now(struct db *db, int64_t application)
{
	db_exec(db,
		"UPDATE payment SET ask_at = UTC_TIMESTAMP(3)"
		" WHERE application = ? AND state = 'open' AND ask_at > UTC_TIMESTAMP(3)",
		DB_ARGS(db_int(application)));
}
