/* wechat-crypt.c: our cipher line by line, for a comparison with another one.
 *
 * Arguments: EncodingAESKey, appid. Each line of standard input is "e HEX" (a
 * message; answered by its Base64) or "d BASE64" (answered by "ok HEX" or by
 * the error). */
#include "service/wechat-crypto.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/digest.h"

static void encrypt(const uint8_t *key, const char *appid, const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t prefix[WECHAT_PREFIX_SIZE], *message = xmalloc(n + 1);
	struct buffer out = BUFFER_INIT;

	if (!hex_decode(hex, message, n))
		exit(2);
	random_bytes(prefix, sizeof(prefix));
	wechat_encrypt(key, appid, prefix, message, n, &out);
	puts(buffer_text(&out));
	buffer_release(&out);
	free(message);
}

static void decrypt(const uint8_t *key, const char *appid, const char *base64)
{
	struct buffer out = BUFFER_INIT;
	enum wechat_envelope result = wechat_decrypt(key, appid, base64, strlen(base64), &out);
	char *hex = xmalloc(2 * out.len + 1);

	hex_encode(buffer_text(&out), out.len, hex);
	printf("%s %s\n", wechat_envelope_names[result], hex);
	free(hex);
	buffer_release(&out);
}

int main(int argc, char **argv)
{
	uint8_t key[WECHAT_KEY_SIZE];
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (argc != 3 || !wechat_key_read(argv[1], key))
		return 2;
	while ((n = getline(&line, &size, stdin)) > 2) {
		line[n - 1] = '\0';
		(line[0] == 'e' ? encrypt : decrypt)(key, argv[2], line + 2);
	}
	free(line);
	return 0;
}
