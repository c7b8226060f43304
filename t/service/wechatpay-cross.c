/* wechatpay-cross.c: our side of WeChat Pay's cryptography line by line, for a test
 * that asks others too.
 *
 * Argument: the private key. A line of standard input has fields parted by tabs,
 * texts in hex, and gets one line of answer:
 *     r METHOD PATH TIME NONCE BODY       signature of a request
 *     p APPID TIME NONCE PREPAY-ID        signature of a page
 *     o KEY NONCE AAD BASE64              opens a seal: its name and hex
 *     s KEY NONCE AAD TEXT                makes one: Base64 */
#include "service/wechatpay-crypto.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/digest.h"

#define FIELDS_MAX 6

static struct buffer text_of(const char *hex)
{
	struct buffer out = BUFFER_INIT;
	size_t n = strlen(hex) / 2;
	char *room = buffer_room(&out, n + 1);

	if (!hex_decode(hex, room, n))
		exit(2);
	room[n] = '\0';
	out.len = n;
	return out;
}

static void sign(const struct wechatpay_signer *signer, char **field)
{
	struct buffer text = BUFFER_INIT, out = BUFFER_INIT, hexed[FIELDS_MAX];

	for (int i = 1; i < FIELDS_MAX; i++)
		hexed[i] = text_of(field[i] ? field[i] : "");
	if (field[0][0] == 'r')
		wechatpay_request_text(&text, hexed[1].data, hexed[2].data,
				       strtoll(hexed[3].data, NULL, 10), hexed[4].data,
				       hexed[5].data, hexed[5].len);
	else
		wechatpay_page_text(&text, hexed[1].data, strtoll(hexed[2].data, NULL, 10),
				    hexed[3].data, hexed[4].data);
	wechatpay_sign(signer, text.data, text.len, &out);
	puts(out.data);
	for (int i = 1; i < FIELDS_MAX; i++)
		buffer_release(&hexed[i]);
	buffer_release(&text);
	buffer_release(&out);
}

static void seal(char **field)
{
	struct buffer key = text_of(field[1]), nonce = text_of(field[2]), aad = text_of(field[3]);
	struct buffer text = text_of(field[4]), out = BUFFER_INIT;
	char *hex;

	if (field[0][0] == 's') {
		wechatpay_make_seal((const uint8_t *)key.data, nonce.data, aad.data, text.data,
				    text.len, &out);
		puts(out.data);
	} else {
		printf("%s ", wechatpay_seal_names[wechatpay_open_seal((const uint8_t *)key.data,
								       nonce.data, aad.data,
								       text.data, text.len, &out)]);
		hex = xmalloc(2 * out.len + 1);
		hex_encode(buffer_text(&out), out.len, hex);
		puts(hex);
		free(hex);
	}
	buffer_release(&key);
	buffer_release(&nonce);
	buffer_release(&aad);
	buffer_release(&text);
	buffer_release(&out);
}

int main(int argc, char **argv)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_signer *signer = argc == 2 ? wechatpay_signer_open(argv[1], &why) : NULL;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!signer)
		return 2;
	while ((n = getline(&line, &size, stdin)) > 2) {
		char *field[FIELDS_MAX] = { NULL }, *rest = line;

		line[n - 1] = '\0';
		for (int i = 0; i < FIELDS_MAX && rest; i++)
			field[i] = strsep(&rest, "\t");
		if (field[0][0] == 'r' || field[0][0] == 'p')
			sign(signer, field);
		else
			seal(field);
	}
	free(line);
	wechatpay_signer_free(signer);
	return 0;
}
