/* apply/record: the recording: what to do is shown step by step, with our
 * script while the page records, else before the phone's own camera does. */
#include "page/layout.h"
#include "page/page.h"
#include "record-view.h"

struct state {
	struct identity_attempt attempt;
	struct identity_challenge challenge;
	struct identity_step step[IDENTITY_STEPS];
	int shown;
};

static void write_hidden(struct markup *m, const char *name, const char *value)
{
	markup_void(m, "input", "type", "hidden", "name", name, "value", value, NULL);
}

static void write_nonce(struct markup *m, const struct state *s)
{
	char hex[2 * IDENTITY_NONCE_SIZE + 1];

	hex_encode(s->challenge.nonce, IDENTITY_NONCE_SIZE, hex);
	write_hidden(m, "nonce", hex);
}

static void write_advice(struct markup *m)
{
	static const char *const advice[] = {
		"由本人在光线好、安静的地方拍，脸正对镜头。",
		"摘下帽子、口罩和墨镜，旁边不要有其他人。",
		"按提示做 3 个动作，最后大声读出 4 位数字，大约 30 秒。",
		"看到第 1 步以后要在 2 分钟内录完，准备好再开始。",
	};

	markup_open(m, "ol", "class", "yj-record__advice", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(advice); i++)
		markup_element(m, "li", advice[i], NULL);
	markup_close(m, "ol");
}

/* The next step by a form of its own: the server's clock says when. */
static void write_next(struct page *p, const struct state *s)
{
	struct markup *m = p->markup;
	char ord[12];

	snprintf(ord, sizeof(ord), "%d", s->shown);
	layout_form_to(p, "apply/record-step", false);
	write_nonce(m, s);
	write_hidden(m, "step", ord);
	layout_buttons(p, s->shown ? NULL : "apply/identity",
		       s->shown ? "记住了，下一步" : "准备好了，看第 1 步");
	markup_close(m, "form");
}

static void write_steps(struct markup *m, const struct state *s)
{
	markup_open(m, "ol", "class", "yj-record__list", NULL);
	for (int i = 0; i < s->shown; i++) {
		markup_open(m, "li", NULL);
		markup_text(m, identity_action_words(s->step[i].action));
		if (i == IDENTITY_STEPS - 1) {
			markup_text(m, " ");
			markup_element(m, "strong", s->challenge.digits, "class",
				       "yj-record__digits", NULL);
		}
		markup_close(m, "li");
	}
	markup_close(m, "ol");
}

/* Takes the recording: of the phone's own camera, or of our script. */
static void write_upload(struct page *p, const struct state *s)
{
	struct markup *m = p->markup;

	layout_form_to(p, "apply/record-upload", true);
	write_nonce(m, s);
	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", "点这里打开相机录像", "for", "recording", "class",
		       "yj-field__label", NULL);
	markup_element(m, "p", "用前置摄像头，一次录完全部 4 步，不超过 1 分钟、50 MB。", "class",
		       "yj-field__hint", "id", "hint-recording", NULL);
	markup_void(m, "input", "type", "file", "id", "recording", "name", "recording", "accept",
		    "video/mp4,video/*", "capture", "user", "class", "yj-input", "required", "",
		    "aria-describedby", "hint-recording", NULL);
	markup_close(m, "div");
	layout_buttons(p, NULL, "上传视频");
	markup_close(m, "form");
}

static void write_by_hand(struct page *p, const struct state *s)
{
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card yj-record__by-hand", NULL);
	if (!s->shown) {
		markup_element(m, "h2", "开始之前", "class", "yj-card__title", NULL);
		write_advice(m);
	} else if (s->shown < IDENTITY_STEPS) {
		record_view_cue(m, &s->step[s->shown - 1], &s->challenge);
		markup_element(m, "p", "先记住这一步，看完全部步骤以后一次录完。", NULL);
	} else {
		markup_element(m, "h2", "录像时依次做", "class", "yj-card__title", NULL);
		write_steps(m, s);
		write_upload(p, s);
	}
	markup_close(m, "section");
	if (s->shown < IDENTITY_STEPS)
		write_next(p, s);
}

static void write_page(struct page *p, const struct state *s)
{
	struct markup *m;
	char steps[12];

	p->reply.camera = true;
	snprintf(steps, sizeof(steps), "%d", IDENTITY_STEPS);
	m = layout_begin(p, "录制视频", 0);
	if (s->shown && !s->challenge.expired) {
		markup_open(m, "p", "class", "yj-flash", NULL);
		markup_printf(m, "请在 %d 秒内录完。", s->challenge.left_s);
		markup_close(m, "p");
	} else if (s->shown) {
		markup_element(
			m, "p",
			"录像的时间已经到了。已经录好的，请马上上传；没有录好的，请返回重新选择。",
			"class", "yj-warning", NULL);
	}
	markup_open(m, "div", "data-yj-record", s->shown ? NULL : steps, NULL);
	write_by_hand(p, s);
	markup_close(m, "div");
	layout_end(p);
}

/* Whether the recording can go on. */
static bool load(struct page *p, struct state *s)
{
	uint8_t session[SHA256_SIZE];

	if (!identity_latest(p->db, p->application.id, IDENTITY_RECORDED, &s->attempt) ||
	    s->attempt.state != IDENTITY_BEGUN || !session_hash(p->session.token, session) ||
	    !identity_challenge_load(p->db, s->attempt.id, session, &s->challenge))
		return false;
	s->shown = identity_steps(p->db, s->attempt.id, s->step);
	return s->shown == IDENTITY_STEPS ? !s->challenge.past_grace : !s->challenge.expired;
}

static void show(struct page *p)
{
	struct state s = { .shown = 0 };

	if (load(p, &s))
		write_page(p, &s);
	else
		page_go(p,
			s.attempt.state == IDENTITY_HANDED_IN ? "apply/identity-return" :
								"apply/identity",
			s.attempt.state == IDENTITY_BEGUN && s.attempt.id ? "record-over" : NULL);
}

static const struct page_spec spec = {
	.name = "apply/record",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "hand_in_identity",
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
