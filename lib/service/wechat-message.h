/* wechat-message.h: the XML that the official account speaks.
 *
 * Inbound bytes are UTF-8, at most WECHAT_XML_MAX, without a DOCTYPE, nested
 * WECHAT_XML_DEPTH_MAX deep at most; libxml2 parses them with XML_PARSE_NONET
 * and without substituting entities. Elements that are not known are passed
 * over, since WeChat adds some now and then. */
#ifndef SERVICE_WECHAT_MESSAGE_H
#define SERVICE_WECHAT_MESSAGE_H

#include "base/buffer.h"
#include "base/ceilings.h"
#include "base/digest.h"

#define WECHAT_XML_MAX PUSH_BODY_MAX
#define WECHAT_MESSAGE_MAX 16384 /* the message within */
#define WECHAT_XML_DEPTH_MAX 8
#define WECHAT_NAME_MAX 64 /* openid, account, MsgType, Event, MsgId */
#define WECHAT_TEXT_MAX 4096 /* Content, EventKey and the like */

enum wechat_xml {
	WECHAT_XML_OK,
	WECHAT_XML_TOO_LARGE, /* or nested too deep */
	WECHAT_XML_NOT_TEXT, /* not UTF-8 */
	WECHAT_XML_DOCTYPE,
	WECHAT_XML_BROKEN, /* not well formed, or no <xml> */
	WECHAT_XML_INCOMPLETE, /* sender, recipient or type is missing */
	WECHAT_XML_COUNT,
};
extern const char *const wechat_xml_names[WECHAT_XML_COUNT];

/* The answers of a user who was asked for consent to subscription notifications, or
 * who changed them later. */
struct wechat_answer {
	char template_id[WECHAT_NAME_MAX + 1];
	bool accepted;
};
#define WECHAT_ANSWERS_MAX 16 /* of one event; a page asks for three at most */

/* A message as it came. Missing parts are "". */
struct wechat_message {
	char account[WECHAT_NAME_MAX + 1]; /* ToUserName: gh_… */
	char openid[WECHAT_NAME_MAX + 1]; /* FromUserName */
	char created[WECHAT_NAME_MAX + 1]; /* CreateTime, digits */
	char type[WECHAT_NAME_MAX + 1]; /* MsgType: text, event … */
	char event[WECHAT_NAME_MAX + 1]; /* Event: subscribe, SCAN … */
	char id[WECHAT_NAME_MAX + 1]; /* MsgId, of an event MsgID */
	char status[WECHAT_NAME_MAX + 1]; /* Status or ErrorStatus of a report */
	char *content; /* Content */
	char *event_key; /* EventKey */
	struct wechat_answer answer[WECHAT_ANSWERS_MAX];
	size_t answer_count; /* answers beyond the room are dropped */
};

/* The readers take n bytes with a NUL behind them.
 * The text of <Encrypt> in the body of a push in secure mode, into out. */
enum wechat_xml wechat_read_envelope(const char *xml, size_t n, struct buffer *out) MUST_USE;
/* Reads a message; the caller releases it after any result. */
enum wechat_xml wechat_read_message(const char *xml, size_t n, struct wechat_message *) MUST_USE;
void wechat_message_release(struct wechat_message *);

/* The identity of a message, by which repetitions are known: MsgId; of an event
 * sender, time, type, key, message and answers. */
void wechat_message_key(const struct wechat_message *, uint8_t key[SHA256_SIZE]);
/* The scene of the QR code that was scanned, NULL when there was none. Only a
 * subscription has it behind qrscene_; a scene may begin like that itself. */
const char *wechat_scene(const struct wechat_message *);

/* Appends a passive reply of text to this message. Characters that XML does
 * not know are left out; ]]> is split over two CDATA sections. */
void wechat_reply(struct buffer *out, const struct wechat_message *, int64_t now, const char *text);
/* Appends the encrypted form of a reply. */
struct wechat_sealed {
	const char *encrypt, *signature, *timestamp, *nonce;
};
void wechat_reply_sealed(struct buffer *out, const struct wechat_sealed *);

#endif
