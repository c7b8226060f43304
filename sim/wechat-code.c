/* wechat-code.c: the codes that the sim's WeChat gives out. */
#include "wechat-code.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"

#define MAC_SIZE 16
#define NONCE_SIZE 8

/* The sealed part of a code; the openid fills the rest. */
struct content {
	uint8_t time[8];
	uint8_t nonce[NONCE_SIZE];
	char openid[CODE_OPENID_MAX];
};

#define CONTENT_MIN offsetof(struct content, openid)

static void seal_of(const struct config *config, const void *data, size_t n,
		    uint8_t mac[SHA256_SIZE])
{
	const char *secret = config_text(config, "wechat_secret");

	digest_hmac_sha256(secret, strlen(secret), data, n, mac);
}

static void put_hex(struct buffer *out, const void *data, size_t n)
{
	hex_encode(data, n, buffer_room(out, 2 * n + 1));
	out->len += 2 * n;
}

void code_make(const struct config *config, const char *openid, time_t now, struct buffer *out)
{
	size_t n = strlen(openid);
	struct content content;
	uint8_t mac[SHA256_SIZE];

	for (int i = 0; i < 8; i++)
		content.time[i] = (uint8_t)((uint64_t)now >> (56 - 8 * i));
	random_bytes(content.nonce, NONCE_SIZE);
	memcpy(content.openid, openid, n);
	seal_of(config, &content, CONTENT_MIN + n, mac);
	put_hex(out, &content, CONTENT_MIN + n);
	put_hex(out, mac, MAC_SIZE);
}

enum code_result code_read(const struct config *config, const char *code, time_t now,
			   char openid[CODE_OPENID_MAX + 1])
{
	uint8_t bytes[sizeof(struct content) + MAC_SIZE], mac[SHA256_SIZE];
	size_t n = strlen(code) / 2;
	uint64_t made = 0;

	if (n <= CONTENT_MIN + MAC_SIZE || n > sizeof(bytes) || !hex_decode(code, bytes, n))
		return CODE_INVALID;
	n -= MAC_SIZE;
	seal_of(config, bytes, n, mac);
	if (!equal_secrets(mac, bytes + n, MAC_SIZE))
		return CODE_INVALID;
	for (int i = 0; i < 8; i++)
		made = made << 8 | bytes[i];
	memcpy(openid, bytes + CONTENT_MIN, n - CONTENT_MIN);
	openid[n - CONTENT_MIN] = '\0';
	return (uint64_t)now < made + CODE_SECONDS ? CODE_GOOD : CODE_EXPIRED;
}

static char *folder(void)
{
	const char *config = getenv("YJ_CONFIG");
	const char *slash = config ? strrchr(config, '/') : NULL;
	char *path;

	if (!slash)
		die("the sim needs YJ_CONFIG, an absolute path");
	path = xprintf("%.*s/sim", (int)(slash - config), config);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		die("cannot make %s: %m", path);
	return path;
}

char *sim_path(const char *name)
{
	char *dir = folder(), *path = xprintf("%s/%s", dir, name);

	free(dir);
	return path;
}

static char *mark_path(const char *code, const char *mark)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1], *name, *path;

	digest_sha256(code, strlen(code), hash);
	hex_encode(hash, sizeof(hash), hex);
	name = xprintf("%s.%s", hex, mark);
	path = sim_path(name);
	free(name);
	return path;
}

bool code_mark(const char *code, const char *mark)
{
	char *path = mark_path(code, mark);
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EEXIST)
		die("cannot write %s: %m", path);
	if (fd >= 0)
		close(fd);
	free(path);
	return fd >= 0;
}

void code_unmark(const char *code, const char *mark)
{
	char *path = mark_path(code, mark);

	if (unlink(path) && errno != ENOENT)
		die("cannot remove %s: %m", path);
	free(path);
}

char *code_consent(const char *openid, const char *template_id)
{
	return xprintf("%s %s", openid, template_id);
}

bool code_is_marked(const char *code, const char *mark)
{
	char *path = mark_path(code, mark);
	bool marked = !access(path, F_OK);

	free(path);
	return marked;
}
