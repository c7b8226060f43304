/* wechat.h: what the two sides of the sandbox's WeChat share: the pages that
 * the browser sees, and the interfaces that the service calls. */
#ifndef SANDBOX_WECHAT_H
#define SANDBOX_WECHAT_H

#include "base/config.h"
#include "page/reply.h"
#include "page/request.h"

#define SANDBOX_PATH "/sandbox/wechat"

struct sandbox {
	const struct config *config;
	struct request *request;
	struct reply reply;
};

/* wechat-page.c */
/* The log-in page, after all checks that WeChat makes. */
void wechat_authorize(struct sandbox *);
/* What was chosen there: sends the browser back with a code. */
void wechat_choose(struct sandbox *);
/* WeChat tells the user little; a developer needs to know what is wrong. */
void wechat_refuse(struct sandbox *, const char *why);

#endif
