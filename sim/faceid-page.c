/* faceid-page.c: the page of the sim's face identity service, where one
 * chooses how the check ends. */
#include "faceid.h"

#include <time.h>

#include "frame.h"

#define PAGE_SECONDS 7200

static const struct {
	const char *choice, *label, *style;
} choices[] = {
	{ "pass", "通过", "weui-btn weui-btn_primary" },
	{ "fail", "不通过", "weui-btn weui-btn_default" },
	{ "low", "相似度不够", "weui-btn weui-btn_default" },
	{ "quit", "放弃", "weui-btn weui-btn_default" },
};

static void say(struct core *s, int status, const char *what)
{
	struct markup *m = frame_begin("人脸核身（演示）");

	s->reply.status = status;
	markup_element(m, "p", what, "class", "yj-lead", NULL);
	frame_end(m, &s->reply.body);
}

/* The check behind a ticket that still opens, or NULL after saying why not. */
static json_t *open_check(struct core *s, const char *ticket)
{
	json_t *check = core_load(s, "check", ticket ? ticket : "");

	if (check && json_object_get(check, "choice")) {
		say(s, 410, "这次核身已经完成。请回到申请页面查看结果。");
	} else if (!check ||
		   time(NULL) > json_integer_value(json_object_get(check, "made")) + PAGE_SECONDS) {
		say(s, 410, "链接已失效。请回到申请页面，重新开始核身。");
	} else {
		return check;
	}
	json_decref(check);
	return NULL;
}

void faceid_page(struct core *s)
{
	const char *ticket = request_query(s->request, "ticket");
	json_t *check = open_check(s, ticket);
	struct markup *m;

	if (!check)
		return;
	json_decref(check);
	m = frame_begin("人脸核身（演示）");
	markup_element(m, "p", "这里代替人脸核身服务，只在演示和测试中出现。请选择核身结果。",
		       "class", "yj-lead", NULL);
	markup_open(m, "form", "class", "yj-form", "method", "post", "action", FACEID_PATH "/h5",
		    NULL);
	markup_void(m, "input", "type", "hidden", "name", "ticket", "value", ticket, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		markup_open(m, "div", "class", "yj-buttons", NULL);
		markup_element(m, "button", choices[i].label, "class", choices[i].style, "type",
			       "submit", "name", "choice", "value", choices[i].choice, NULL);
		markup_close(m, "div");
	}
	markup_close(m, "form");
	frame_end(m, &s->reply.body);
}

static bool is_choice(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_SIZE(choices); i++)
		if (!strcmp(choices[i].choice, word))
			return true;
	return false;
}

/* Who gives up leaves no result behind, and comes back all the same. */
void faceid_choose(struct core *s)
{
	const char *ticket = request_field(s->request, "ticket");
	const char *choice = request_field(s->request, "choice");
	int lock = core_lock(s);
	json_t *check = open_check(s, ticket);

	if (check && !is_choice(choice)) {
		say(s, 400, "请返回上一页，选择一个结果。");
	} else if (check) {
		if (strcmp(choice, "quit") != 0) {
			json_object_set_new(check, "choice", json_string(choice));
			json_object_set_new(check, "ended", json_integer(time(NULL)));
			core_save(s, "check", ticket, check);
		}
		s->reply.status = 303;
		reply_header(&s->reply, "Location",
			     json_string_value(json_object_get(check, "RedirectUrl")));
	}
	json_decref(check);
	core_unlock(lock);
}
