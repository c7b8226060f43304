/* entry.c: the project somebody came for. */
#include "page/entry.h"

#include "base/url.h"

#define PROJECT_COOKIE "yjp"
#define PROJECT_COOKIE_DAYS 180

static bool is_word(const char *text, size_t max)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= max && !text[n];
}

bool entry_is_code(const char *text)
{
	return is_word(text, 32);
}

bool entry_is_source(const char *text)
{
	return is_word(text, PROJECT_SOURCE_MAX);
}

bool entry_project(struct page *p, struct project *project)
{
	char name[64], cookie[sizeof(project->code)] = "";
	const char *code = request_field(p->request, "project");

	if (!code)
		code = request_query(p->request, "project");
	reply_cookie_name(PROJECT_COOKIE, p->request->https, name, sizeof(name));
	if (!code && request_cookie(p->request, name, cookie, sizeof(cookie)))
		code = cookie;
	if (!code || !*code) {
		page_say(p, 404, "请先扫描项目二维码",
			 "每个业务有自己的二维码，请用微信扫描业务通知里的二维码进入。", NULL,
			 NULL);
		return false;
	}
	if (!project_find(p->db, code, project)) {
		page_say(p, 404, "没有找到这个项目",
			 "二维码可能已经更换，请核对业务通知，重新扫描里面的二维码。", NULL, NULL);
		return false;
	}
	if (!project->is_open) {
		page_say(p, 410, "这个项目已经停止受理",
			 "不能再提交新的申请。已经提交的申请可以在“我的业务”里查看。",
			 "/apply/mine", "我的业务");
		return false;
	}
	return true;
}

/* Whether this browser came for the project before. */
static bool has_been_here(struct page *p, const struct project *project)
{
	char name[64], cookie[sizeof(project->code)] = "";

	reply_cookie_name(PROJECT_COOKIE, p->request->https, name, sizeof(name));
	return request_cookie(p->request, name, cookie, sizeof(cookie)) &&
	       !strcmp(cookie, project->code);
}

void entry_count(struct page *p, const struct project *project)
{
	const char *source = request_query(p->request, "source");

	if (!source || !entry_is_source(source) || has_been_here(p, project))
		return;
	project_source_visit(p->db, project->id, source);
}

void entry_remember(struct page *p, const struct project *project)
{
	reply_cookie(&p->reply, PROJECT_COOKIE, project->code, PROJECT_COOKIE_DAYS * 86400L,
		     p->request->https);
}

void entry_go(struct page *p, const char *name, const char *project_code)
{
	struct buffer path = BUFFER_INIT;

	buffer_printf(&path, "/%s?project=", name);
	url_encode(&path, project_code);
	reply_redirect(&p->reply, path.data);
	buffer_release(&path);
}

bool entry_in_wechat(const struct page *p)
{
	return strstr(p->request->user_agent, "MicroMessenger") != NULL;
}
