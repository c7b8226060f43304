/* status-refund.h: what goes back, as apply/status shows it. */
#ifndef APPLY_STATUS_REFUND_H
#define APPLY_STATUS_REFUND_H

#include "page/page.h"

/* A card with each refund of the application; none without refunds to show. */
void status_refund(struct page *);

#endif
