/* push-xml.c: the reader of the official account's XML. */
#include "service/wechat-message.h"

#include "base/alloc.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_name(const char *name)
{
	must(strlen(name) <= WECHAT_NAME_MAX);
	for (; *name; name++)
		must(*name >= ' ' && *name <= '~');
}

/* Whatever was said, a reply that repeats it says the same. */
static void check_echo(const struct wechat_message *m)
{
	struct wechat_message back;
	struct buffer xml = BUFFER_INIT;

	if (utf8_has_control(m->content, true))
		return;
	wechat_reply(&xml, m, 1, m->content);
	must(wechat_read_message(xml.data, xml.len, &back) == WECHAT_XML_INCOMPLETE);
	must(!strcmp(back.content, m->content));
	must(!strcmp(back.openid, m->account));
	wechat_message_release(&back);
	buffer_release(&xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer encrypt = BUFFER_INIT;
	struct wechat_message m;
	char *xml = xmemdup0(data, size);
	uint8_t key[SHA256_SIZE];

	if (wechat_read_envelope(xml, size, &encrypt) == WECHAT_XML_OK)
		must(encrypt.len > 0 && encrypt.len <= WECHAT_XML_MAX);
	if (wechat_read_message(xml, size, &m) == WECHAT_XML_OK) {
		check_name(m.account);
		check_name(m.openid);
		check_name(m.created);
		check_name(m.type);
		check_name(m.event);
		check_name(m.id);
		check_name(m.status);
		must(strlen(m.content) <= WECHAT_TEXT_MAX);
		must(utf8_valid(m.content, strlen(m.content)));
		must(utf8_valid(m.event_key, strlen(m.event_key)));
		wechat_message_key(&m, key);
		wechat_scene(&m);
		check_echo(&m);
	}
	wechat_message_release(&m);
	buffer_release(&encrypt);
	free(xml);
	return 0;
}
