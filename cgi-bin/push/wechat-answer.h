/* wechat-answer.h: what the official account says to whoever writes to it. */
#ifndef PUSH_WECHAT_ANSWER_H
#define PUSH_WECHAT_ANSWER_H

#include "page/page.h"
#include "service/wechat-message.h"

/* Does what the message asks for: appends the text to say, nothing where
 * nothing is to be said; a delivery report is stored. */
void answer(struct page *, const struct wechat_message *, struct buffer *text);

#endif
