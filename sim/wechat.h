/* wechat.h: what the sides of the sim's WeChat share: the pages that the
 * browser sees, and the interfaces that the service calls. */
#ifndef SIM_WECHAT_H
#define SIM_WECHAT_H

#include <jansson.h>

#include "base/config.h"
#include "page/reply.h"
#include "page/request.h"

#define SIM_PATH "/sim/wechat"

struct sim {
	const struct config *config;
	struct request *request;
	struct reply reply;
	bool loses_answer; /* set by faults_before() */
};

/* wechat-page.c */
/* The log-in page, after all checks that WeChat makes. */
void wechat_authorize(struct sim *);
/* The choice made there: sends the browser back with a code. */
void wechat_choose(struct sim *);
/* WeChat tells the user little; the stand-in tells the developer the error. */
void wechat_refuse(struct sim *, const char *why);

/* wechat.c */
/* Takes the JSON over. */
void answer_json(struct sim *, json_t *);
/* WeChat's number with its words and a request id. */
void answer_error(struct sim *, int errcode);
/* The JSON that was sent, the caller's to release; NULL after an error was
 * answered: no JSON, or written in \u escapes, which WeChat refuses. */
json_t *asked_json(struct sim *);
/* A secret of the sim's own, another one for each label, each turn and
 * after each rotation: tokens and tickets. */
#define SECRET_TEXT_SIZE 65
void turn_secret(const struct sim *, const char *label, int64_t turn, char out[SECRET_TEXT_SIZE]);
/* Whether this access_token is good now. */
bool token_good(const struct sim *, const char *token);

/* wechat-send.c: template messages and subscription notifications. What was
 * taken over stands in sent/MSGID.json of the sim's folder. */
void wechat_send_template(struct sim *);
void wechat_send_subscription(struct sim *);

/* wechat-account.c: QR codes and the menu. */
void wechat_create_code(struct sim *);
void wechat_show_code(struct sim *);
void wechat_create_menu(struct sim *);
void wechat_get_menu(struct sim *);

/* wechat-js.c: the jsapi ticket, and the client's word on a page. */
void wechat_get_ticket(struct sim *);
void wechat_js_config(struct sim *);

/* wechat-faults.c: misbehaviour on request. GET /faults?on=INTERFACE&what=WORD
 * &times=N: the next N calls of the interface (token, send, qrcode, menu, ticket) go
 * wrong; what=none ends it. */
void wechat_set_faults(struct sim *);
/* Before the call: true when a fault has answered in its place. */
bool faults_before(struct sim *, const char *interface);
/* After it: an answer that is lost on the way. */
void faults_after(struct sim *);

#endif
