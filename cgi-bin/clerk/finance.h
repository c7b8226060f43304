/* finance.h: what the accountant's pages share: the way between them, tables,
 * and the checks of what is typed. */
#ifndef CLERK_FINANCE_H
#define CLERK_FINANCE_H

#include "db/row.h"
#include "page/layout.h"
#include "page/page.h"

#define FINANCE_NOTE_MAX 200 /* characters */
#define FINANCE_KEY_SIZE (PUBLIC_ID_SIZE + 24)

/* Opens the page with the links to the three lists. */
struct markup *finance_begin(struct page *, const char *title);
/* A card with a heading and a table; `heads` ends with NULL. */
void finance_begin_table(struct markup *, const char *title, const char *const heads[]);
void finance_end_table(struct markup *);
void finance_nothing(struct markup *, const char *title, const char *text);
/* A cell with an amount, or with the words that there is none. `label` (or NULL)
 * stands before it on a phone only, which has no heads, where two would be mistaken. */
void finance_money(struct markup *, const char *label, const struct db_maybe *);
/* A cell with a company's name and, below, a number that both sides know. */
void finance_who(struct markup *, const char *company, const char *number);
/* The hidden id of a row's form, and its line for a note. */
void finance_row_field(struct markup *, int64_t id, const char *prefix, const char *label,
		       const char *placeholder);
void finance_button(struct markup *, const char *act, const char *label, bool primary);

/* What was typed, never NULL. */
const char *finance_field(struct page *, const char *name);
/* A row's number; 0, which no row has, for anything else. */
int64_t finance_number(const char *text);
/* The page's key for one of its many forms. */
void finance_key(const struct page *, int64_t id, char out[FINANCE_KEY_SIZE]);
/* Whether a note says something, on one line of at most FINANCE_NOTE_MAX. */
bool finance_is_note(const char *note);
/* What follows from the word that a procedure answered (db_call()): back to `list` with a flash, or what to do. */
void finance_answer(struct page *, const char *result, const char *list, const char *flash);
/* That a note is missing. */
void finance_say_note(struct page *, const char *list);

#endif
