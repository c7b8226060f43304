/* contract.h: what the files of page_run() share. Not for programs. */
#ifndef PAGE_CONTRACT_H
#define PAGE_CONTRACT_H

#include "base/die.h"
#include "page/page.h"

/* One step of page_run(): false when the reply is already decided. */
typedef bool page_stage(struct page *);

/* The part of the house a program belongs to, by the start of its name. */
struct page_part {
	const char *prefix; /* "apply/" */
	enum db_part db;
	bool has_db;
	const char *cookie; /* of its session */
	const char *url_key; /* config key of its own origin */
	const char *login; /* where to log in */
	const char *home; /* page of one application */
};
const struct page_part *page_part(const struct page *);
/* What the row says about the application, or what its form or event imply. */
enum page_application page_application(const struct page_spec *);

/* access.c: who asks, for what. */
page_stage page_load_session, page_check_role, page_check_origin, page_check_token,
	page_check_application, page_check_state;

/* Whether this page may be used with its application as it stands: it is there,
 * where the page has one, and in a state that is open for the page. */
bool page_is_open(const struct page *);

/* say.c: answers without a page behind them. */
void page_say_request(struct page *, enum request_result);
/* A POST whose session or token has ended: everything typed, as hidden fields
 * of a form to the same address, to be sent once more by hand. */
void page_say_again(struct page *);
/* The handler for die(): a bare 500 or 503 on stdout. */
void page_say_fault(enum die_kind, const char *words);

/* page.c */
/* The form's values as stored now, in the place of those that were there. */
page_stage page_load_values;
/* Whether a move with this key was made before. */
bool page_move_known(struct db *, int64_t application, const char *key);
/* page_advance() under a key of the caller's. */
enum flow_result page_advance_by(struct page *, const char *key, const char *event,
				 const char *detail, bool (*work)(struct db *, void *),
				 void *context);

/* submit.c: the key under which a form's flow move is recorded: the page's key
 * and a digest of what was typed, so that the same form sent twice is one move
 * and an old page with other values is not taken for a repetition. */
#define PAGE_MOVE_KEY_SIZE (PUBLIC_ID_SIZE + 17)
void page_move_key(const struct page *, char out[PAGE_MOVE_KEY_SIZE]);

#endif
