/* envelope.c: the cipher envelope of the official account: first as Base64 from
 * the network, then as plain text sealed with the right key. */
#include "service/wechat-crypto.h"

#include "base/alloc.h"

#define KEY_TEXT "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#define APPID "wx2c2769f8efd9abc2"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_round_trip(const uint8_t *key, const uint8_t *data, size_t size)
{
	struct buffer sealed = BUFFER_INIT, open = BUFFER_INIT;

	wechat_encrypt(key, APPID, key, data, size, &sealed);
	must(wechat_decrypt(key, APPID, sealed.data, sealed.len, &open) == WECHAT_ENVELOPE_OK);
	must(open.len == size && (!size || !memcmp(open.data, data, size)));
	if (sealed.len > 8) {
		sealed.data[size % (sealed.len - 4)] ^= 1;
		buffer_reset(&open);
		if (wechat_decrypt(key, APPID, sealed.data, sealed.len, &open) !=
		    WECHAT_ENVELOPE_OK)
			must(!open.len);
	}
	buffer_release(&sealed);
	buffer_release(&open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t key[WECHAT_KEY_SIZE];
	struct buffer open = BUFFER_INIT;
	char *text = xmemdup0(data, size);

	must(wechat_key_read(KEY_TEXT, key));
	if (wechat_decrypt(key, APPID, text, size, &open) == WECHAT_ENVELOPE_OK)
		must(open.len + 20 < size);
	else
		must(!open.len);
	check_round_trip(key, data, size);
	buffer_release(&open);
	free(text);
	return 0;
}
