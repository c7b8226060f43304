/* case-view.h: one application as a clerk sees it, for the programs that show
 * it: case, and reveal and refuse when they show it again. */
#ifndef CLERK_CASE_VIEW_H
#define CLERK_CASE_VIEW_H

#include "case-move.h"
#include "page/page.h"

/* Names of the controls by which a reviewer pins a reason to a field or scan:
 * reason.FORM.FIELD or reason.FORM.FIELD.SCAN, and the same with note. */
#define CASE_REASON "reason."
#define CASE_NOTE "note."
#define CASE_NOTE_MAX 500 /* characters */
/* … and by which one asks for a whole value: the button's value is FORM.FIELD,
 * why.FORM.FIELD says why. All of them belong to one form, so that asking for a
 * number loses no reason that was chosen. */
#define CASE_REVEAL "reveal"
#define CASE_WHY "why."

struct case_view {
	const char *plain_form, *plain_field; /* shown in full; NULL: none */
	const char *error; /* above the decision, or NULL */
};

/* Writes the whole page into the reply. The input of the refusal form of
 * this request is kept. */
void case_show(struct page *, const struct case_view *);
/* For a decision that takes no reasons ("审核通过", the label of its button):
 * whether one was chosen or a note written all the same. Then the page says so
 * with 422, names the place and keeps every choice; the caller decides nothing. */
bool case_say_pinned(struct page *, const char *decision);
/* Whether this field holds a personal value, shown in full only on request. */
bool case_is_personal(const struct form_field *);
/* Whether a reason may be pinned to it: not to what was confirmed at a price. */
bool case_may_be_mended(const struct form_field *);
/* Why a clerk wants to see one: the reasons offered, NULL-ended pairs of code
 * and words. */
extern const char *const case_reveal_reasons[][2];

#endif
