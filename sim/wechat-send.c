/* wechat-send.c: takes messages over as WeChat does, and keeps them for tests. */
#include "wechat.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "wechat-code.h"

#define SUPPRESSED_S 600 /* the same client_msg_id within */
#define TEMPLATE_ID_LEN 43
#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* A recipient whose openid begins like this cannot be told. */
static const struct {
	const char *prefix;
	int errcode;
} refusals[] = {
	{ "gone-", 43004 },    { "black-", 43019 },  { "silent-", 43101 },
	{ "limited-", 50002 }, { "nobody-", 40003 }, { "busy-", -1 },
};

/* What each type of key takes, in characters. */
static const struct {
	const char *type;
	size_t max;
	bool ascii;
} types[] = {
	{ "thing", 20, false },       { "character_string", 32, true },
	{ "phrase", 5, false },       { "name", 10, false },
	{ "const", 20, false },       { "short_thing", 5, false },
	{ "phone_number", 17, true }, { "number", 32, true },
	{ "amount", 32, false },      { "time", 32, false },
	{ "date", 32, false },
};

static bool is_ascii(const char *text)
{
	while (*text)
		if ((unsigned char)*text++ >= 0x80)
			return false;
	return true;
}

static bool fits(const char *key, const char *value)
{
	size_t n = strcspn(key, "0123456789");

	if (!value || !*value)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strlen(types[i].type) == n && !strncmp(key, types[i].type, n))
			return utf8_length(value) <= types[i].max &&
			       (!types[i].ascii || is_ascii(value));
	return false;
}

static int data_error(json_t *data)
{
	const char *key;
	json_t *field;

	if (!json_is_object(data) || !json_object_size(data))
		return 47003;
	json_object_foreach(
		data, key,
		field) if (!fits(key,
				 json_string_value(json_object_get(field, "value")))) return 47003;
	return 0;
}

static int recipient_error(const char *openid)
{
	if (!openid || !*openid || strspn(openid, WORD) != strlen(openid))
		return 40003;
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (!strncmp(openid, refusals[i].prefix, strlen(refusals[i].prefix)))
			return refusals[i].errcode;
	return 0;
}

static int message_error(const json_t *asked)
{
	const char *id = json_string_value(json_object_get(asked, "template_id"));
	int wrong = recipient_error(json_string_value(json_object_get(asked, "touser")));

	if (!id || strlen(id) != TEMPLATE_ID_LEN || strspn(id, WORD) != TEMPLATE_ID_LEN)
		return 40037;
	return wrong ? wrong : data_error(json_object_get(asked, "data"));
}

static char *sent_path(const char *name)
{
	char *folder = sim_path("sent"), *path;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		die("cannot make %s: %m", folder);
	path = xprintf("%s/%s", folder, name);
	free(folder);
	return path;
}

/* One name for one openid and client_msg_id. */
static char *once_path(const json_t *asked)
{
	const char *id = json_string_value(json_object_get(asked, "client_msg_id"));
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1], *both;

	if (!id)
		return NULL;
	both = xprintf("%s %s", json_string_value(json_object_get(asked, "touser")), id);
	digest_sha256(both, strlen(both), hash);
	hex_encode(hash, sizeof(hash), hex);
	free(both);
	return sent_path(hex);
}

static json_int_t fresh_msgid(void)
{
	uint64_t random;

	random_bytes(&random, sizeof(random));
	return (json_int_t)(random % 9000000000000000000ULL / 10 + 100000000000000000ULL);
}

/* The message with this name taken over before, within the ten minutes; 0: none. */
static json_int_t msgid_before(const char *path)
{
	struct stat st;
	json_t *before;
	json_int_t msgid;

	if (stat(path, &st) || st.st_mtim.tv_sec + SUPPRESSED_S < time(NULL))
		return 0;
	before = json_load_file(path, 0, NULL);
	msgid = json_integer_value(json_object_get(before, "msgid"));
	json_decref(before);
	return msgid;
}

static void note_again(const char *once)
{
	char *path = xprintf("%s.again", once);
	int fd = open(path, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "again\n", 6) != 6)
		die("cannot write %s: %m", path);
	close(fd);
	free(path);
}

/* Keeps the message under its msgid, and under its name where it has one. Of
 * two with one name the first that is linked counts. */
static json_int_t keep(json_t *asked, const char *interface)
{
	json_int_t msgid = fresh_msgid(), before;
	char *name = xprintf("%lld.json", (long long)msgid), *path = sent_path(name);
	char *once = once_path(asked);

	json_object_set_new(asked, "msgid", json_integer(msgid));
	json_object_set_new(asked, "interface", json_string(interface));
	json_object_set_new(asked, "sent_at", json_integer(time(NULL)));
	if (json_dump_file(asked, path, JSON_INDENT(1)))
		die("cannot write %s: %m", path);
	if (once && !msgid_before(once))
		unlink(once);
	if (once && link(path, once)) {
		before = msgid_before(once);
		unlink(path);
		note_again(once);
		msgid = before;
	}
	free(name);
	free(path);
	free(once);
	return msgid;
}

/* One acceptance permits one message; a template whose id begins with
 * "lasting" is accepted for good. */
static int spend_consent(const json_t *asked)
{
	const char *id = json_string_value(json_object_get(asked, "template_id"));
	char *code = code_consent(json_string_value(json_object_get(asked, "touser")), id);
	bool given = code_is_marked(code, CODE_ACCEPTED);

	if (given && strncmp(id, "lasting", strlen("lasting")) != 0)
		code_unmark(code, CODE_ACCEPTED);
	free(code);
	return given ? 0 : 43101;
}

static void send(struct sim *s, const char *interface, bool needs_consent)
{
	json_t *asked = asked_json(s);
	int wrong;

	if (!asked)
		return;
	wrong = message_error(asked);
	if (!wrong && needs_consent)
		wrong = spend_consent(asked);
	if (wrong)
		answer_error(s, wrong);
	else
		answer_json(s, json_pack("{s:i, s:s, s:I}", "errcode", 0, "errmsg", "ok", "msgid",
					 keep(asked, interface)));
	json_decref(asked);
}

void wechat_send_template(struct sim *s)
{
	send(s, "template", false);
}

void wechat_send_subscription(struct sim *s)
{
	send(s, "subscription", true);
}
