/* stage.c: what the stand-ins for outside services share. */
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "wechat-code.h"

#define SLOW_SECONDS 12
#define HUGE_BYTES (3 * 1024 * 1024)
#define FOREVER (-1)

bool stage_open(struct stage *s, const char *service, bool (*raw)(const struct request *))
{
	char *number = xcalloc(1, PUBLIC_ID_SIZE), *name = xprintf("sandbox/%s", service);

	*s = (struct stage){ service, config_open(), request_new(), { 0 }, false };
	random_public_id(number);
	log_identify(name, number);
	reply_init(&s->reply);
	if (!config_flag(s->config, "demo"))
		die("the sandbox runs only where demo = yes");
	if (request_read_head(s->request) == REQUEST_OK &&
	    (s->request->method != METHOD_POST ||
	     request_read_body(s->request, STDIN_FILENO, FORM_BODY_MAX, raw(s->request)) ==
		     REQUEST_OK))
		return true;
	stage_text(s, 400, "unreadable request\n");
	return false;
}

void stage_close(struct stage *s)
{
	if (s->loses_answer) {
		buffer_reset(&s->reply.body);
		stage_text(s, 503, "service unavailable\n");
	}
	reply_send(&s->reply, false);
	_exit(0); /* one request: memory ends with the process */
}

void stage_json(struct stage *s, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	if (!text)
		die("no JSON to answer with");
	s->reply.type = "application/json; charset=utf-8";
	buffer_puts(&s->reply.body, text);
	free(text);
	json_decref(json);
}

void stage_text(struct stage *s, int status, const char *text)
{
	s->reply.status = status;
	s->reply.type = "text/plain; charset=utf-8";
	buffer_puts(&s->reply.body, text);
}

static char *path_of(const struct stage *s, const char *kind, const char *name)
{
	char *folder = sandbox_path(s->service), *path;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		die("cannot make %s: %m", folder);
	path = xprintf("%s/%s%s%s", folder, kind, *name ? "-" : "", name);
	free(folder);
	return path;
}

int stage_lock(const struct stage *s)
{
	char *path = path_of(s, "lock", "");
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || flock(fd, LOCK_EX))
		die("cannot lock %s: %m", path);
	free(path);
	return fd;
}

void stage_unlock(int lock)
{
	close(lock);
}

static bool is_name(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= 100 && !text[n];
}

json_t *stage_load(const struct stage *s, const char *kind, const char *name)
{
	char *path = is_name(name) ? path_of(s, kind, name) : NULL;
	json_t *json = path ? json_load_file(path, 0, NULL) : NULL;

	free(path);
	return json;
}

void stage_save(const struct stage *s, const char *kind, const char *name, const json_t *json)
{
	char *path = path_of(s, kind, name), *fresh = xprintf("%s.new", path);

	if (!is_name(name) || json_dump_file(json, fresh, JSON_INDENT(1)) || rename(fresh, path))
		die("cannot write %s: %m", path);
	free(fresh);
	free(path);
}

static bool is_word(const char *text)
{
	size_t n = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz-") : 0;

	return n > 0 && n <= 20 && !text[n];
}

void stage_make_trouble(struct stage *s)
{
	const char *on = request_query(s->request, "on");
	const char *what = request_query(s->request, "what");
	const char *times = request_query(s->request, "times");
	json_t *trouble;
	int lock;

	if (!is_word(on) || !is_word(what)) {
		stage_text(s, 400, "on=INTERFACE&what=WORD&times=N\n");
		return;
	}
	trouble = json_pack("{s:s, s:I}", "what", what, "times",
			    (json_int_t)(times ? strtol(times, NULL, 10) : FOREVER));
	lock = stage_lock(s);
	stage_save(s, "trouble", on, trouble);
	stage_unlock(lock);
	json_decref(trouble);
	stage_text(s, 200, "ok\n");
}

void stage_trouble(const struct stage *s, const char *interface, char word[21])
{
	int lock = stage_lock(s);
	json_t *trouble = stage_load(s, "trouble", interface);
	const char *what = json_string_value(json_object_get(trouble, "what"));
	json_int_t times = json_integer_value(json_object_get(trouble, "times"));

	snprintf(word, 21, "%s", what && times && strcmp(what, "none") ? what : "");
	if (times > 0) {
		json_object_set_new(trouble, "times", json_integer(times - 1));
		stage_save(s, "trouble", interface, trouble);
	}
	json_decref(trouble);
	stage_unlock(lock);
}

bool stage_play(struct stage *s, const char *word)
{
	if (!strcmp(word, "slow")) {
		sleep(SLOW_SECONDS);
		stage_text(s, 503, "too late\n");
	} else if (!strcmp(word, "down")) {
		stage_text(s, 503, "service unavailable\n");
	} else if (!strcmp(word, "garbage")) {
		buffer_puts(&s->reply.body, "<html>502 Bad Gateway</html>");
	} else if (!strcmp(word, "huge")) {
		memset(buffer_room(&s->reply.body, HUGE_BYTES), ' ', HUGE_BYTES);
		s->reply.body.len += HUGE_BYTES;
		buffer_puts(&s->reply.body, "{}");
	} else {
		s->loses_answer = !strcmp(word, "lost");
		return false;
	}
	return true;
}
