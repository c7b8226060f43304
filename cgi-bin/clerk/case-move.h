/* case-move.h: a decision counts only for the version of the case that was shown. */
#ifndef CLERK_CASE_MOVE_H
#define CLERK_CASE_MOVE_H

#include "page/page.h"

/* Into a form: the move that made the state shown on this page. */
void case_write_seen(struct page *);
/* Whether the page that was sent showed the application as it stands: no move has
 * happened since. To be called in the transaction of a decision. */
bool case_is_current(struct page *, struct db *);
/* The answer when a colleague was faster: name, event and time. */
void case_say_taken(struct page *);
/* A select or button cannot be pressed twice with one key: what follows on the
 * page that answers a POST is another move. */
void case_new_key(struct page *);

#endif
