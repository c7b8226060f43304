/* push/wechat: what WeChat sends to the official account's server address.
 *
 * GET is the verification of the address. A POST is a message in secure mode:
 * verified over the bytes that came, kept once, answered at once. In plain
 * mode nothing would sign the message, so that is refused. */
#include "base/ceilings.h"

#include <time.h>

#include "base/log.h"
#include "page/page.h"
#include "service/wechat-crypto.h"
#include "service/wechat-inbox.h"
#include "service/wechat-message.h"
#include "wechat-answer.h"

#define SKEW_S 600 /* how far WeChat's clock may be from ours */
#define IN_WORK_S 4 /* WeChat waits for 5 */
#define KEPT_DAYS 30
#define SWEPT_AT_ONCE 2 /* old rows taken out by each new one */

/* The account's settings, and what the address of this push says. */
struct push {
	const char *token, *appid;
	uint8_t key[WECHAT_KEY_SIZE];
	const char *timestamp, *nonce;
};

static void plain(struct page *p, int status, const char *text)
{
	p->reply.status = status;
	p->reply.type = "text/plain; charset=utf-8";
	buffer_reset(&p->reply.body);
	buffer_puts(&p->reply.body, text);
}

static bool refuse(struct page *p, int status, const char *why)
{
	log_line(LOG_REFUSED, "push.refused", "reason=%s bytes=%zu", why, p->request->body.len);
	plain(p, status, "refused\n");
	return false;
}

static const char *query(struct page *p, const char *name)
{
	const char *value = request_query(p->request, name);

	return value ? value : "";
}

/* A key that is missing would make signatures that anybody can write. */
static bool take_settings(struct page *p, struct push *push)
{
	push->token = config_text(p->config, "wechat_token");
	push->appid = config_text(p->config, "wechat_appid");
	if (*push->token && *push->appid &&
	    wechat_key_read(config_text(p->config, "wechat_aes_key"), push->key))
		return true;
	log_line(LOG_FAULT, "push.unset", "wechat_appid, wechat_token or wechat_aes_key");
	plain(p, 503, "not set up\n");
	return false;
}

static bool is_time(const char *text, int64_t now)
{
	size_t n = strlen(text);
	int64_t at;

	if (!n || n > 12 || strspn(text, "0123456789") != n)
		return false;
	at = strtoll(text, NULL, 10);
	return at >= now - SKEW_S && at <= now + SKEW_S;
}

/* The signature that every call carries. It does not cover the body. */
static bool check_address(struct page *p, struct push *push)
{
	const char *parts[3];

	if (!take_settings(p, push))
		return false;
	push->timestamp = query(p, "timestamp");
	push->nonce = query(p, "nonce");
	parts[0] = push->token;
	parts[1] = push->timestamp;
	parts[2] = push->nonce;
	if (!wechat_signed_by(query(p, "signature"), parts, ARRAY_SIZE(parts)))
		return refuse(p, 403, "signature");
	if (!is_time(push->timestamp, time(NULL)))
		return refuse(p, 403, "clock");
	return true;
}

static void verify(struct page *p)
{
	struct push push;

	if (!check_address(p, &push))
		return;
	if (!*query(p, "echostr"))
		refuse(p, 400, "no_echostr");
	else
		plain(p, 200, query(p, "echostr"));
}

/* The message within the envelope, after all that proves where it comes from. */
static bool open_envelope(struct page *p, const struct push *push, struct buffer *xml)
{
	const struct buffer *body = &p->request->body;
	struct buffer encrypt = BUFFER_INIT;
	enum wechat_xml read;
	enum wechat_envelope opened;
	const char *parts[4] = { push->token, push->timestamp, push->nonce };

	if (strcmp(query(p, "encrypt_type"), "aes") != 0)
		return refuse(p, 403, "plain_mode");
	read = wechat_read_envelope(buffer_text(body), body->len, &encrypt);
	if (read != WECHAT_XML_OK)
		return refuse(p, 400, wechat_xml_names[read]);
	parts[3] = buffer_text(&encrypt);
	if (!wechat_signed_by(query(p, "msg_signature"), parts, ARRAY_SIZE(parts)))
		return refuse(p, 403, "msg_signature");
	opened = wechat_decrypt(push->key, push->appid, encrypt.data, encrypt.len, xml);
	buffer_release(&encrypt);
	if (opened != WECHAT_ENVELOPE_OK)
		return refuse(p, 400, wechat_envelope_names[opened]);
	return true;
}

/* One message on its way into the inbox. */
struct entry {
	struct wechat_entry kept;
	bool answered; /* before, to the same message */
};

/* WeChat's next try is answered when the program that kept the message was stopped. */
static bool keep(struct db *db, void *context)
{
	struct entry *e = context;

	e->answered = !wechat_inbox_keep(db, &e->kept, IN_WORK_S);
	return true;
}

static void make_entry(struct page *p, const struct wechat_message *m, const struct buffer *xml,
		       struct wechat_entry *e)
{
	bool event = !strcmp(m->type, "event");
	struct buffer place = BUFFER_INIT;

	wechat_message_key(m, e->key);
	snprintf(e->kind, sizeof(e->kind), "%.10s%s%.28s", m->type, event ? "." : "",
		 event ? m->event : "");
	wechat_entry_place(e, &place);
	vault_seal(page_vault(p), buffer_text(&place), xml->data, xml->len, &e->sealed);
	buffer_release(&place);
}

static bool upkeep(struct db *db, void *context UNUSED)
{
	wechat_inbox_upkeep(db, KEPT_DAYS, SWEPT_AT_ONCE);
	return true;
}

/* What is done for a message, and that it was. */
struct work {
	struct page *page;
	const struct wechat_message *message;
	const struct wechat_entry *entry;
	struct buffer text;
};

static bool do_work(struct db *db, void *context)
{
	struct work *w = context;

	buffer_reset(&w->text);
	answer(w->page, w->message, &w->text);
	wechat_inbox_answered(db, w->entry);
	return true;
}

static void send_reply(struct page *p, const struct push *push, const struct wechat_message *m,
		       const char *text)
{
	struct buffer reply = BUFFER_INIT, encrypt = BUFFER_INIT;
	uint8_t prefix[WECHAT_PREFIX_SIZE];
	char signature[WECHAT_SIGNATURE_LEN + 1], now[24], nonce[PUBLIC_ID_SIZE];
	const char *parts[4] = { push->token, now, nonce };

	snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	random_public_id(nonce);
	random_bytes(prefix, sizeof(prefix));
	wechat_reply(&reply, m, time(NULL), text);
	wechat_encrypt(push->key, push->appid, prefix, reply.data, reply.len, &encrypt);
	parts[3] = encrypt.data;
	wechat_sign(parts, ARRAY_SIZE(parts), signature);
	p->reply.type = "application/xml; charset=utf-8";
	buffer_reset(&p->reply.body);
	wechat_reply_sealed(&p->reply.body,
			    &(struct wechat_sealed){ encrypt.data, signature, now, nonce });
	buffer_release(&reply);
	buffer_release(&encrypt);
}

static void handle(struct page *p, const struct push *push, const struct wechat_message *m,
		   const struct buffer *xml)
{
	struct entry entry = { .kept = { .sealed = BUFFER_INIT } };
	struct work work = { p, m, &entry.kept, BUFFER_INIT };

	make_entry(p, m, xml, &entry.kept);
	plain(p, 200, "success");
	db_transaction(p->db, keep, &entry);
	if (entry.answered) {
		log_line(LOG_INFO, "push.again", "kind=%s", entry.kept.kind);
	} else {
		db_transaction(p->db, upkeep, NULL);
		db_transaction(p->db, do_work, &work);
		if (work.text.len)
			send_reply(p, push, m, work.text.data);
	}
	buffer_release(&work.text);
	buffer_release(&entry.kept.sealed);
}

static void receive(struct page *p)
{
	struct buffer xml = BUFFER_INIT;
	struct wechat_message message;
	struct push push;
	enum wechat_xml read;

	if (!check_address(p, &push) || !open_envelope(p, &push, &xml))
		return;
	read = wechat_read_message(buffer_text(&xml), xml.len, &message);
	if (read == WECHAT_XML_OK)
		handle(p, &push, &message, &xml);
	else
		refuse(p, 400, wechat_xml_names[read]);
	wechat_message_release(&message);
	buffer_wipe(&xml);
}

static const struct page_spec spec = {
	.name = "push/wechat",
	.roles = PAGE_ANYONE,
	.body_max = PUSH_BODY_MAX,
	.raw_body = true,
	.show = verify,
	.submit = receive,
};

int main(void)
{
	return page_run(&spec);
}
