/* case-move.h: nobody decides about an application on what they have not seen. */
#ifndef CLERK_CASE_MOVE_H
#define CLERK_CASE_MOVE_H

#include "page/page.h"

/* Into a form: the move that made the state shown on this page. */
void case_write_seen(struct page *);
/* Whether the page that was sent showed the application as it stands: nobody has
 * moved it since. To be asked in the transaction of a decision. */
bool case_is_current(struct page *, struct db *);
/* The answer when somebody else was faster: who did what and when. */
void case_say_taken(struct page *);
/* A select or button cannot be pressed twice with one key: what follows on the
 * page that answers a POST is another move. */
void case_new_key(struct page *);

#endif
