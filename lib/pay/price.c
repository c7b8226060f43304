/* price.c: what an application costs: offered, confirmed, to be paid. */
#include "pay/price.h"

#include "db/row.h"

bool pay_offer(struct db *db, int64_t application, struct pay_offer *offer)
{
	return db_one(db,
		      "SELECT k.title, k.price, k.price_fen FROM `order` o"
		      " JOIN package_offer k ON k.id = o.package WHERE o.application = ?",
		      DB_ARGS(db_int(application)),
		      DB_OUT(DB_TEXT("title", offer->title), DB_INT("price", &offer->price),
			     DB_INT("price_fen", &offer->price_fen)));
}

void pay_price_keep(struct db *db, int64_t application, const struct pay_offer *offer)
{
	db_exec(db,
		"UPDATE `order` SET price = ?, price_fen = ?, confirmed_at = UTC_TIMESTAMP(3)"
		" WHERE application = ?",
		DB_ARGS(db_int(offer->price), db_int(offer->price_fen), db_int(application)));
}

bool pay_bill(struct db *db, int64_t application, struct pay_bill *bill)
{
	bool no_price;

	return db_one(db,
		      "SELECT k.title, o.price_fen, " DB_MINUTE(
			      "a.deadline_at") " AS deadline,"
					       " o.invoice_title FROM application a JOIN `order` o ON o.application = a.id"
					       " JOIN package k ON k.id = o.package WHERE a.id = ?",
		      DB_ARGS(db_int(application)),
		      DB_OUT(DB_TEXT("title", bill->title),
			     DB_OR_NULL(DB_INT("price_fen", &bill->price_fen)),
			     DB_IS_NULL("price_fen", &no_price),
			     DB_OR_NULL(DB_TEXT("deadline", bill->deadline)),
			     DB_OR_NULL(DB_TEXT("invoice_title", bill->invoice_title)))) &&
	       !no_price;
}

bool pay_invoice_email(struct db *db, int64_t application, char **email)
{
	return db_one(db, "SELECT invoice_email FROM `order` WHERE application = ?",
		      DB_ARGS(db_int(application)),
		      DB_OUT(DB_OR_NULL(DB_STRING("invoice_email", email))));
}

void pay_parties(struct db *db, int64_t application, const char *appid, struct pay_parties *out)
{
	db_one(db,
	       "SELECT k.title AS description, IF(c.appid = ?, c.openid, '') AS openid"
	       " FROM application a"
	       " JOIN applicant c ON c.id = a.applicant JOIN `order` o ON o.application = a.id"
	       " JOIN package k ON k.id = o.package WHERE a.id = ?",
	       DB_ARGS(db_text(appid), db_int(application)),
	       DB_OUT(DB_TEXT("description", out->description), DB_TEXT("openid", out->openid)));
}

struct db_result *pay_refunds_told(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT state, amount_fen,"
		" " DB_MINUTE(
			"COALESCE(done_at, requested_at)") " AS at"
							   " FROM refund WHERE application = ? ORDER BY id",
		DB_ARGS(db_int(application)));
}

bool pay_refunds_told_next(struct db_result *r, struct pay_refund_told *t)
{
	return db_next_row(r, DB_OUT(DB_VIEW("state", &t->state), DB_VIEW("at", &t->at),
				     DB_INT("amount_fen", &t->amount_fen)));
}
