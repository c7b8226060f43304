/* apply/record-step: shows the next step of a recording, and notes when. Our
 * script gets the step as a fragment, a browser the page. */
#include "page/layout.h"
#include "page/page.h"
#include "record-view.h"

struct turn {
	int64_t attempt;
	int ord;
	struct identity_step step;
	bool shown;
};

static bool reveal(struct db *db, void *context)
{
	struct turn *t = context;

	t->shown = identity_challenge_reveal(db, t->attempt, t->ord, &t->step);
	return t->shown;
}

/* The attempt that is begun, if the nonce is that of its challenge. */
static bool find(struct page *p, struct turn *t, struct identity_challenge *c)
{
	const char *hex = request_field(p->request, "nonce");
	const char *step = request_field(p->request, "step");
	uint8_t nonce[IDENTITY_NONCE_SIZE], session[SHA256_SIZE];
	struct identity_attempt attempt;

	if (!hex || !hex_decode(hex, nonce, sizeof(nonce)) ||
	    !session_hash(p->session.token, session) ||
	    !identity_latest(p->db, p->application.id, IDENTITY_RECORDED, &attempt) ||
	    attempt.state != IDENTITY_BEGUN ||
	    !identity_challenge_load(p->db, attempt.id, session, c) ||
	    !equal_secrets(nonce, c->nonce, sizeof(nonce)))
		return false;
	t->attempt = attempt.id;
	t->ord = step && step[0] >= '0' && step[0] < '0' + IDENTITY_STEPS && !step[1] ?
			 step[0] - '0' :
			 -1;
	return true;
}

static void answer(struct page *p, const struct turn *t, const struct identity_challenge *c)
{
	struct markup *m;
	const char *bytes;
	size_t len;

	if (!p->request->fragment) {
		page_go(p, "apply/record", NULL);
		return;
	}
	m = markup_new(false);
	record_view_cue(m, &t->step, c);
	bytes = markup_finish(m, &len);
	buffer_add(&p->reply.body, bytes, len);
	markup_free(m);
}

static void submit(struct page *p)
{
	struct identity_challenge c;
	struct turn t = { .ord = -1 };
	struct buffer link = BUFFER_INIT;

	if (find(p, &t, &c))
		db_transaction(p->db, reveal, &t);
	if (t.shown && identity_challenge_load(p->db, t.attempt, NULL, &c)) {
		answer(p, &t, &c);
		return;
	}
	layout_path(p, "apply/identity", &link);
	page_say(p, 409, "这次录像已经不能继续",
		 "可能超过了 2 分钟，或者换过登录、重新选择过。请返回重新开始。",
		 buffer_text(&link), "返回重新开始");
	buffer_release(&link);
}

static const struct page_spec spec = {
	.name = "apply/record-step",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "hand_in_identity",
	.next = "apply/status",
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
