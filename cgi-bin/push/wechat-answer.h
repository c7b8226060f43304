/* wechat-answer.h: the replies of the official account to its users. */
#ifndef PUSH_WECHAT_ANSWER_H
#define PUSH_WECHAT_ANSWER_H

#include "page/page.h"
#include "service/wechat-message.h"

/* Handles the message: appends the text of the reply, if there is one; a delivery
 * report is stored. */
void answer(struct page *, const struct wechat_message *, struct buffer *text);

#endif
