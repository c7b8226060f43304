/* core.c: what the stand-ins for outside services share. */
#include "core.h"

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

bool core_open(struct core *s, const char *service, bool (*raw)(const struct request *))
{
	char *number = xcalloc(1, PUBLIC_ID_SIZE), *name = xprintf("sim/%s", service);

	*s = (struct core){ service, config_open(), request_new(), { 0 }, false };
	random_public_id(number);
	log_identify(name, number);
	reply_init(&s->reply);
	if (!config_flag(s->config, "demo"))
		die("the sim runs only where demo = yes");
	if (request_read_head(s->request) == REQUEST_OK &&
	    (s->request->method != METHOD_POST ||
	     request_read_body(s->request, STDIN_FILENO, FORM_BODY_MAX, raw(s->request)) ==
		     REQUEST_OK))
		return true;
	core_text(s, 400, "unreadable request\n");
	return false;
}

void core_close(struct core *s)
{
	if (s->loses_answer) {
		buffer_reset(&s->reply.body);
		core_text(s, 503, "service unavailable\n");
	}
	reply_send(&s->reply, false);
	_exit(0); /* one request: memory ends with the process */
}

void core_json(struct core *s, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	if (!text)
		die("no JSON to answer with");
	s->reply.type = "application/json; charset=utf-8";
	buffer_puts(&s->reply.body, text);
	free(text);
	json_decref(json);
}

void core_text(struct core *s, int status, const char *text)
{
	s->reply.status = status;
	s->reply.type = "text/plain; charset=utf-8";
	buffer_puts(&s->reply.body, text);
}

static char *path_of(const struct core *s, const char *kind, const char *name)
{
	char *folder = sim_path(s->service), *path;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		die("cannot make %s: %m", folder);
	path = xprintf("%s/%s%s%s", folder, kind, *name ? "-" : "", name);
	free(folder);
	return path;
}

int core_lock(const struct core *s)
{
	char *path = path_of(s, "lock", "");
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || flock(fd, LOCK_EX))
		die("cannot lock %s: %m", path);
	free(path);
	return fd;
}

void core_unlock(int lock)
{
	close(lock);
}

static bool is_name(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= 100 && !text[n];
}

json_t *core_load(const struct core *s, const char *kind, const char *name)
{
	char *path = is_name(name) ? path_of(s, kind, name) : NULL;
	json_t *json = path ? json_load_file(path, 0, NULL) : NULL;

	free(path);
	return json;
}

void core_save(const struct core *s, const char *kind, const char *name, const json_t *json)
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

void core_set_faults(struct core *s)
{
	const char *on = request_query(s->request, "on");
	const char *what = request_query(s->request, "what");
	const char *times = request_query(s->request, "times");
	json_t *fault;
	int lock;

	if (!is_word(on) || !is_word(what)) {
		core_text(s, 400, "on=INTERFACE&what=WORD&times=N\n");
		return;
	}
	fault = json_pack("{s:s, s:I}", "what", what, "times",
			  (json_int_t)(times ? strtol(times, NULL, 10) : FOREVER));
	lock = core_lock(s);
	core_save(s, "faults", on, fault);
	core_unlock(lock);
	json_decref(fault);
	core_text(s, 200, "ok\n");
}

void core_fault(const struct core *s, const char *interface, char word[21])
{
	int lock = core_lock(s);
	json_t *fault = core_load(s, "faults", interface);
	const char *what = json_string_value(json_object_get(fault, "what"));
	json_int_t times = json_integer_value(json_object_get(fault, "times"));

	snprintf(word, 21, "%s", what && times && strcmp(what, "none") ? what : "");
	if (times > 0) {
		json_object_set_new(fault, "times", json_integer(times - 1));
		core_save(s, "faults", interface, fault);
	}
	json_decref(fault);
	core_unlock(lock);
}

bool core_play(struct core *s, const char *word)
{
	if (!strcmp(word, "slow")) {
		sleep(SLOW_SECONDS);
		core_text(s, 503, "too late\n");
	} else if (!strcmp(word, "down")) {
		core_text(s, 503, "service unavailable\n");
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
