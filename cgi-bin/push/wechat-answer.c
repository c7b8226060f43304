/* wechat-answer.c: what the official account says to whoever writes to it.
 *
 * A reply is plain text in which WeChat's clients know one element, the link.
 * It names companies and states; never a person, a number or a public id, since
 * it stays in the chat of a phone that others may hold. */
#include "wechat-answer.h"

#include "base/log.h"
#include "base/url.h"
#include "case/own.h"
#include "project/list.h"
#include "service/wechat-consent.h"
#include "service/wechat-inbox.h"

#define SHOWN 5 /* applications, projects */

static void put_link(struct page *p, const char *path, const char *project, const char *words,
		     struct buffer *text)
{
	struct markup *m = markup_new(false);
	struct buffer link = BUFFER_INIT;
	const char *bytes;
	size_t n;

	buffer_printf(&link, "%s%s", config_text(p->config, "public_url"), path);
	if (project) {
		buffer_puts(&link, "?project=");
		url_encode(&link, project);
	}
	markup_element(m, "a", words, "href", buffer_text(&link), NULL);
	bytes = markup_finish(m, &n);
	buffer_add(text, bytes, n);
	markup_free(m);
	buffer_release(&link);
}

/* The ways in: the open projects. */
static void say_start(struct page *p, const struct wechat_message *m UNUSED, struct buffer *text)
{
	struct db_result *row = project_names_open(p->db, SHOWN);
	struct project_name listed;
	size_t before;

	buffer_puts(text, "办理数字证书，请点要办的项目：");
	before = text->len;
	while (project_names_next(row, &listed)) {
		buffer_puts(text, "\n");
		put_link(p, "/apply/start", listed.code, listed.name, text);
	}
	db_result_free(row);
	if (text->len == before) {
		buffer_reset(text);
		buffer_puts(text, "现在没有可以办理的项目，请过些时候再来看看。");
	}
}

/* One line an application: whose it is and how it stands. Gives their number. */
static int put_applications(struct page *p, const char *openid, struct buffer *text,
			    struct buffer *project)
{
	struct db_result *r = case_told(p->db, config_text(p->config, "wechat_appid"), openid,
					SHOWN);
	struct case_told told;
	int count = 0;

	for (; case_told_next(r, &told); count++) {
		buffer_printf(text, "【%s】%s\n%s\n\n", told.label,
			      *told.company ? told.company : "未填企业名称", told.next);
		if (!count)
			buffer_puts(project, told.project);
	}
	db_result_free(r);
	return count;
}

static void say_progress(struct page *p, const struct wechat_message *m, struct buffer *text)
{
	struct buffer project = BUFFER_INIT;
	int count = put_applications(p, m->openid, text, &project);

	if (count)
		put_link(p, "/apply/mine", buffer_text(&project), "查看详情、继续办理", text);
	buffer_release(&project);
	if (count)
		return;
	buffer_puts(text,
		    "这个微信号还没有办理过业务。如果是别人帮您办的，请用当时的微信号查询。\n\n");
	say_start(p, m, text);
}

static void say_help(struct page *p UNUSED, const struct wechat_message *m UNUSED,
		     struct buffer *text)
{
	buffer_puts(text, "发送“办理”开始申请数字证书，发送“进度”查看已申请业务的进度。"
			  "也可以点下面菜单里的【办理】和【我的业务】。");
}

/* The project behind the code that was scanned, counted; false for another code. */
static bool say_scanned(struct page *p, const char *scene, struct buffer *text)
{
	char code[33], *name;

	if (!wechat_scanned(p->db, scene, code, &name))
		return false;
	buffer_printf(text,
		      "您扫的是“%s”的二维码。准备好营业执照和经办人身份证，"
		      "就可以在手机上办理：\n",
		      name);
	put_link(p, "/apply/start", code, "开始办理", text);
	free(name);
	return true;
}

static void say_welcome(struct page *p, const struct wechat_message *m, struct buffer *text)
{
	const char *scene = wechat_scene(m);

	buffer_puts(text, "欢迎关注。");
	if (!scene || !say_scanned(p, scene, text))
		say_start(p, m, text);
}

static void say_scan(struct page *p, const struct wechat_message *m, struct buffer *text)
{
	if (!say_scanned(p, wechat_scene(m) ? wechat_scene(m) : "", text))
		say_start(p, m, text);
}

typedef void answer_text(struct page *, const struct wechat_message *, struct buffer *);

/* Keys of the menu (bin/yuanjian-wechat), and what people write. The first row
 * with a word that is in the text counts. */
static const struct {
	const char *word;
	answer_text *say;
} words[] = {
	{ "进度", say_progress },     { "状态", say_progress }, { "查询", say_progress },
	{ "我的业务", say_progress }, { "到哪", say_progress }, { "多久", say_progress },
	{ "办好", say_progress },     { "快递", say_progress }, { "帮助", say_help },
	{ "办理", say_start },        { "申请", say_start },    { "证书", say_start },
};

static const struct {
	const char *key;
	answer_text *say;
} buttons[] = {
	{ "mine", say_progress },
	{ "start", say_start },
	{ "help", say_help },
};

static void say_text(struct page *p, const struct wechat_message *m, struct buffer *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(m->content, words[i].word)) {
			words[i].say(p, m, text);
			return;
		}
	say_help(p, m, text);
}

static void say_click(struct page *p, const struct wechat_message *m, struct buffer *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(buttons); i++)
		if (!strcmp(m->event_key, buttons[i].key))
			buttons[i].say(p, m, text);
}

/* Whether a message arrived, matched to wechat_message by its number. What did
 * not is said by mail: the outbox takes it up again. */
static void keep_report(struct page *p, const struct wechat_message *m, struct buffer *text UNUSED)
{
	bool delivered = !strcmp(m->status, "success");
	char status[41];

	if (!*m->id || strspn(m->id, "0123456789") != strlen(m->id) || strlen(m->id) > 40)
		return;
	snprintf(status, sizeof(status), "%.40s", m->status);
	if (!wechat_report_keep(p->db, m->id, status, delivered))
		return;
	log_line(LOG_INFO, "wechat.report", "msgid=%s delivered=%d", m->id, delivered);
}

/* What somebody answered who was asked whether they want messages, or changed in
 * WeChat's settings: who did not agree is told by mail at once. */
static void keep_answers(struct page *p, const struct wechat_message *m, struct buffer *text UNUSED)
{
	for (size_t i = 0; i < m->answer_count; i++) {
		const struct wechat_consent consent = {
			.appid = config_text(p->config, "wechat_appid"),
			.openid = m->openid,
			.template_id = m->answer[i].template_id,
		};

		wechat_consent_note(p->db, &consent, m->answer[i].accepted);
	}
}

/* What is not here is taken note of and not answered: WeChat adds events, and
 * not all may be answered. */
static const struct {
	const char *type, *event;
	answer_text *act;
} acts[] = {
	{ "text", "", say_text },
	{ "image", "", say_help },
	{ "voice", "", say_help },
	{ "video", "", say_help },
	{ "shortvideo", "", say_help },
	{ "location", "", say_help },
	{ "link", "", say_help },
	{ "event", "subscribe", say_welcome },
	{ "event", "SCAN", say_scan },
	{ "event", "CLICK", say_click },
	{ "event", "TEMPLATESENDJOBFINISH", keep_report },
	{ "event", "subscribe_msg_sent_event", keep_report },
	{ "event", "subscribe_msg_popup_event", keep_answers },
	{ "event", "subscribe_msg_change_event", keep_answers },
};

void answer(struct page *p, const struct wechat_message *m, struct buffer *text)
{
	const char *event = strcmp(m->type, "event") ? "" : m->event;

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (!strcmp(m->type, acts[i].type) && !strcmp(event, acts[i].event))
			acts[i].act(p, m, text);
}
