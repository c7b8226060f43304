/* subscribe-card.h: asks the applicant whether WeChat may tell them how the
 * application goes on, where messages are subscription notifications. */
#ifndef APPLY_SUBSCRIBE_CARD_H
#define APPLY_SUBSCRIBE_CARD_H

#include "page/page.h"

/* Writes the card; nothing when messages go another way, when no template is
 * set up, or when no ticket is kept. Hidden until WeChat's client has said that
 * it can ask (htdocs/js/subscribe.js). */
void subscribe_card(struct page *);

#endif
