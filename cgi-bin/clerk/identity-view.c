/* identity-view.c: the recording or picture of one attempt beside the ID card. */
#include "identity-view.h"

#include "page/layout.h"

#define FRAMES_MAX 32 /* of one step */

static void face_path(struct page *p, const struct identity_attempt *a, enum identity_kind kind,
		      int ord, struct buffer *out)
{
	buffer_reset(out);
	layout_path(p, "clerk/face", out);
	buffer_printf(out, "&attempt=%s&kind=%s&ord=%d", a->public_id, identity_kind_names[kind],
		      ord);
}

static void write_picture(struct page *p, const struct identity_attempt *a, enum identity_kind kind,
			  int ord, const char *caption)
{
	struct markup *m = p->markup;
	struct buffer link = BUFFER_INIT;

	face_path(p, a, kind, ord, &link);
	markup_open(m, "figure", "class", "yj-figure", NULL);
	markup_element(m, "figcaption", caption, NULL);
	markup_open(m, "a", "href", buffer_text(&link), "data-yj-picture", "", NULL);
	markup_void(m, "img", "src", buffer_text(&link), "alt", caption, NULL);
	markup_close(m, "a");
	markup_close(m, "figure");
	buffer_release(&link);
}

/* The frames of one step; `action` NULL: before the first, or of a recording in
 * which the steps could not be placed. Gives how many. */
static int write_frames(struct page *p, const struct identity_attempt *a, const char *action,
			int skip, int most)
{
	struct db_result *r = identity_frames(p->db, a->id, action, skip, most);
	struct identity_frame f;
	int n = 0;

	for (; identity_frames_next(r, &f); n++) {
		struct buffer caption = BUFFER_INIT;

		buffer_printf(&caption, "录像第 %d.%d 秒", f.at_ms / 1000, f.at_ms % 1000 / 100);
		write_picture(p, a, IDENTITY_FRAME, f.ord, buffer_text(&caption));
		buffer_release(&caption);
	}
	db_result_free(r);
	return n;
}

static void write_comparison(struct page *p, const struct identity_attempt *a)
{
	struct markup *m = p->markup;
	struct case_subject subject;

	case_subject_load(p, &subject);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "身份证和人像", "class", "yj-card__title", NULL);
	markup_element(m, "p",
		       a->method == IDENTITY_CLOUD ? "请比对是不是同一个人。" :
						     "先比对是不是同一个人，再看动作和数字。",
		       "class", "yj-hint", NULL);
	markup_open(m, "div", "class", "yj-frames yj-frames_compare", NULL);
	case_subject_card(p, &subject);
	if (identity_has_kind(p->db, a->id, IDENTITY_BEST_FRAME))
		write_picture(p, a, IDENTITY_BEST_FRAME, 0, "核验服务截取的人像");
	else if (!write_frames(p, a, NULL, 0, 1))
		markup_element(m, "p", "没有人像。", NULL);
	markup_close(m, "div");
	markup_close(m, "section");
	case_subject_release(&subject);
}

/* Whether nobody knows when a recording began, so that its pictures belong to no step:
 * the phone's own camera made it. */
static bool is_apart(struct page *p, const struct identity_attempt *a)
{
	return identity_unplaced(p->db, a->id) > 1;
}

static void write_step(struct page *p, const struct identity_attempt *a,
		       const struct identity_shown_step *s, bool apart)
{
	bool last = !strcmp(s->action, "digits");
	const char *words = last ? "朗读数字" : identity_action_words(s->action);
	struct markup *m = p->markup;

	markup_open(m, "h3", "class", "yj-frames__step", NULL);
	markup_printf(m, "%d. %s", s->ord + 1, words ? words : s->action);
	if (last)
		markup_printf(m, " %s", s->digits);
	markup_element(m, "span", s->revealed, "class", "yj-hint", NULL);
	markup_close(m, "h3");
	if (apart)
		return;
	markup_open(m, "div", "class", "yj-frames", NULL);
	if (!write_frames(p, a, s->action, 0, FRAMES_MAX) && !last)
		markup_element(m, "p", "这一步没有画面。", NULL);
	markup_close(m, "div");
}

/* Those that belong to no step, behind the one beside the card. */
static void write_unplaced(struct page *p, const struct identity_attempt *a)
{
	struct markup *m = p->markup;

	markup_element(m, "h3", "按时间先后的画面", "class", "yj-frames__step", NULL);
	markup_element(m, "p", "手机没有报告每一步的时间，请对照上面的顺序看。", "class", "yj-hint",
		       NULL);
	markup_open(m, "div", "class", "yj-frames", NULL);
	write_frames(p, a, NULL, 1, FRAMES_MAX);
	markup_close(m, "div");
}

static void write_steps(struct page *p, const struct identity_attempt *a)
{
	struct db_result *r = identity_shown_steps(p->db, a->id);
	struct markup *m = p->markup;
	struct identity_shown_step step;
	bool more = identity_shown_steps_next(r, &step), apart = is_apart(p, a);

	if (more) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "抽到的动作和数字", "class", "yj-card__title", NULL);
		for (; more; more = identity_shown_steps_next(r, &step))
			write_step(p, a, &step, apart);
		if (apart)
			write_unplaced(p, a);
		markup_close(m, "section");
	}
	db_result_free(r);
}

static void write_clip(struct page *p, const struct identity_attempt *a)
{
	struct markup *m = p->markup;
	struct buffer link = BUFFER_INIT;

	if (!identity_has_kind(p->db, a->id, IDENTITY_CLIP))
		return;
	face_path(p, a, IDENTITY_CLIP, 0, &link);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "录像", "class", "yj-card__title", NULL);
	markup_open(m, "video", "class", "yj-clip", "controls", "", "preload", "metadata",
		    "playsinline", "", "aria-label", "身份鉴别录像", "src", buffer_text(&link),
		    NULL);
	markup_text(m, "浏览器不能播放录像，请换用新版浏览器。");
	markup_close(m, "video");
	markup_close(m, "section");
	buffer_release(&link);
}

/* What lib/identity keeps as one word, for a clerk; by column and word. */
static const struct {
	const char *column, *word, *text;
} evidence[] = {
	{ "provider", "tencent", "刷脸服务" },
	{ "provider", "recorded", "自助录像" },
	{ "outcome", "passed", "通过" },
	{ "outcome", "failed", "没有通过" },
	{ "outcome", "review", "须人工核对" },
	{ "outcome", "repeat", "须重做" },
	{ "verdict", "no_sound", "录像没有声音，听不到数字" },
	{ "verdict", "status", "刷脸服务说通过，但其中一项检查没有通过" },
	{ "verdict", "person", "刷脸服务返回的姓名或身份证号码和申请不一致" },
	{ "verdict", "ref", "刷脸服务返回的结果属于另一份申请" },
	{ "verdict", "similarity", "刷脸服务说通过，但没有给出相似度" },
	{ "verdict", "frame", "刷脸服务截取的人像打不开" },
};

static const char *evidence_text(const char *column, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(evidence); i++)
		if (!strcmp(evidence[i].column, column) && !strcmp(evidence[i].word, word))
			return evidence[i].text;
	return word;
}

void identity_write_doubt(struct page *p, const struct identity_attempt *a)
{
	char verdict[33];

	identity_verdict(p->db, a->id, verdict);
	if (a->state != IDENTITY_REVIEW || !*verdict)
		return;
	markup_open(p->markup, "p", "class", "yj-warning", NULL);
	markup_printf(p->markup, "请留意：%s。", evidence_text("verdict", verdict));
	markup_close(p->markup, "p");
}

static void pair(struct markup *m, const char *label, const char *text)
{
	if (!*text)
		return;
	markup_open(m, "div", NULL);
	markup_element(m, "dt", label, NULL);
	markup_element(m, "dd", text, NULL);
	markup_close(m, "div");
}

/* Folded, so that the eye judges before the number does. */
static void write_scores(struct page *p, const struct identity_attempt *a)
{
	struct db_result *r = identity_scores(p->db, a->id);
	struct identity_scores s;
	struct markup *m = p->markup;

	if (identity_scores_next(r, &s)) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_open(m, "details", "class", "yj-fold", NULL);
		markup_element(m, "summary", "相似度和返回码（看过人像以后再看）", NULL);
		markup_open(m, "dl", "class", "yj-view", NULL);
		pair(m, "来源", evidence_text("provider", s.provider));
		pair(m, "结论", evidence_text("outcome", s.outcome));
		pair(m, "原因", evidence_text("verdict", s.verdict));
		pair(m, "相似度", s.similarity);
		pair(m, "比对库", s.compared_with);
		pair(m, "返回码", s.codes);
		markup_close(m, "dl");
		markup_close(m, "details");
		markup_close(m, "section");
	}
	db_result_free(r);
}

void identity_write_faces(struct page *p, const struct identity_attempt *a)
{
	write_comparison(p, a);
	write_steps(p, a);
	write_clip(p, a);
	write_scores(p, a);
}
