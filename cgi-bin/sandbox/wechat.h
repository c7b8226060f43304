/* wechat.h: what the sides of the sandbox's WeChat share: the pages that the
 * browser sees, and the interfaces that the service calls. */
#ifndef SANDBOX_WECHAT_H
#define SANDBOX_WECHAT_H

#include <jansson.h>

#include "base/config.h"
#include "page/reply.h"
#include "page/request.h"

#define SANDBOX_PATH "/sandbox/wechat"

struct sandbox {
	const struct config *config;
	struct request *request;
	struct reply reply;
	bool loses_answer; /* set by trouble_before() */
};

/* wechat-page.c */
/* The log-in page, after all checks that WeChat makes. */
void wechat_authorize(struct sandbox *);
/* The choice made there: sends the browser back with a code. */
void wechat_choose(struct sandbox *);
/* WeChat tells the user little; the stand-in tells the developer the error. */
void wechat_refuse(struct sandbox *, const char *why);

/* wechat.c */
/* Takes the JSON over. */
void answer_json(struct sandbox *, json_t *);
/* WeChat's number with its words and a request id. */
void answer_error(struct sandbox *, int errcode);
/* The JSON that was sent, the caller's to release; NULL after an error was
 * answered: no JSON, or written in \u escapes, which WeChat refuses. */
json_t *asked_json(struct sandbox *);
/* A secret of the sandbox's own, another one for each label, each turn and
 * after each rotation: tokens and tickets. */
#define SECRET_TEXT_SIZE 65
void turn_secret(const struct sandbox *, const char *label, int64_t turn,
		 char out[SECRET_TEXT_SIZE]);
/* Whether this access_token is good now. */
bool token_good(const struct sandbox *, const char *token);

/* wechat-send.c: template messages and subscription notifications. What was
 * taken over stands in sent/MSGID.json of the sandbox's folder. */
void wechat_send_template(struct sandbox *);
void wechat_send_subscription(struct sandbox *);

/* wechat-account.c: QR codes and the menu. */
void wechat_create_code(struct sandbox *);
void wechat_show_code(struct sandbox *);
void wechat_create_menu(struct sandbox *);
void wechat_get_menu(struct sandbox *);

/* wechat-js.c: the jsapi ticket, and the client's word on a page. */
void wechat_get_ticket(struct sandbox *);
void wechat_js_config(struct sandbox *);

/* wechat-trouble.c: misbehaviour on request. GET /trouble?on=INTERFACE&what=WORD
 * &times=N: the next N calls of the interface (token, send, qrcode, menu, ticket) go
 * wrong; what=none ends it. */
void wechat_make_trouble(struct sandbox *);
/* Before the call: true when trouble has answered in its place. */
bool trouble_before(struct sandbox *, const char *interface);
/* After it: an answer that is lost on the way. */
void trouble_after(struct sandbox *);

#endif
