/* identity.c: clerk/identity: a clerk compares the recorded person with the ID
 * card, and decides. Faces are shown on request only, and each request is an event. */
#include "case-move.h"
#include "identity-view.h"
#include "page/layout.h"
#include "page/reason.h"

static const struct decision {
	const char *name, *event; /* "accept", "accept_identity" */
	const char *reasons; /* the type to choose from; NULL: none needed */
	enum identity_state to;
	const char *heading, *hint, *label, *class, *flash;
} decisions[] = {
	{ "accept", "accept_identity", NULL, IDENTITY_PASSED, "通过", "是本人，并且按要求做了。",
	  "通过", "weui-btn weui-btn_primary", "identity-accepted" },
	{ "refuse", "refuse_identity", REVIEW_IDENTITY_REFUSE, IDENTITY_FAILED, "不通过",
	  "不是本人或没有按要求做，计一次失败。", "不通过", "weui-btn weui-btn_warn",
	  "identity-refused" },
	{ "repeat", "repeat_identity", REVIEW_IDENTITY_REPEAT, IDENTITY_REPEAT, "请重录",
	  "看不清、听不清，没法判断，不计次数。", "请重录", "weui-btn weui-btn_default",
	  "identity-repeat" },
};

struct check {
	struct page *p;
	struct identity_attempt attempt;
	const struct decision *decision;
	const char *reason, *error;
};

static void write_hidden(struct markup *m, const char *name, const char *value)
{
	markup_void(m, "input", "type", "hidden", "name", name, "value", value, NULL);
}

/* The control with the reasons of one decision. */
static const char *reason_name(const struct decision *d, struct buffer *out)
{
	buffer_reset(out);
	buffer_printf(out, "reason-%s", d->name);
	return buffer_text(out);
}

/* Chosen on the page that was sent, or on the one before it. */
static const char *chosen_reason(const struct page *p, const char *name)
{
	const char *sent = request_field(p->request, name);

	return sent ? sent : request_query(p->request, name);
}

static void write_decision(struct check *c, const struct decision *d)
{
	struct markup *m = c->p->markup;
	struct buffer name = BUFFER_INIT;

	markup_open(m, "div", "class", "yj-decision", NULL);
	markup_element(m, "h3", d->heading, NULL);
	markup_element(m, "p", d->hint, "class", "yj-hint", NULL);
	if (d->reasons) {
		reason_name(d, &name);
		reason_write_select(c->p, d->reasons, buffer_text(&name), "原因（申请人会看到）",
				    chosen_reason(c->p, buffer_text(&name)));
	}
	markup_element(m, "button", d->label, "type", "submit", "name", "decision", "value",
		       d->name, "class", d->class, NULL);
	markup_close(m, "div");
	buffer_release(&name);
}

static void write_ask(struct check *c)
{
	struct markup *m = c->p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "人像材料", "class", "yj-card__title", NULL);
	markup_open(m, "p", NULL);
	markup_printf(m, "人像是敏感信息，打开会留下查看记录，%d 分钟后自动收起。",
		      CASE_FACE_OPEN_MIN);
	markup_close(m, "p");
	markup_element(m, "button", "打开人像材料", "type", "submit", "name", "decision", "value",
		       "look", "class", "weui-btn weui-btn_primary", NULL);
	markup_close(m, "section");
}

static bool may_decide(const struct check *c)
{
	return !strcmp(c->p->application.state, "awaiting_identity_review") &&
	       c->attempt.state == IDENTITY_REVIEW;
}

static void write_decisions(struct check *c)
{
	struct markup *m = c->p->markup;

	markup_open(m, "section", "class", "yj-card", "id", "decision", NULL);
	markup_element(m, "h2", "核对结果", "class", "yj-card__title", NULL);
	markup_open(m, "div", "class", "yj-decisions", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(decisions); i++)
		write_decision(c, &decisions[i]);
	markup_close(m, "div");
	markup_close(m, "section");
}

/* One form, so that each button's program sees what was chosen beside another. */
static void write_form(struct check *c)
{
	bool closed = identity_has_faces(c->p->db, c->attempt.id) &&
		      !case_face_is_open(c->p, &c->attempt);

	if (!closed && !may_decide(c))
		return;
	layout_form(c->p, false);
	case_write_seen(c->p);
	write_hidden(c->p->markup, "attempt", c->attempt.public_id);
	if (closed)
		write_ask(c);
	if (may_decide(c))
		write_decisions(c);
	markup_close(c->p->markup, "form");
}

static void write_head(struct check *c)
{
	struct markup *m = c->p->markup;
	struct case_subject subject;
	struct buffer name = BUFFER_INIT, number = BUFFER_INIT, link = BUFFER_INIT;

	case_subject_load(c->p, &subject);
	case_subject_text(&subject, "name", FORM_PLAIN, &name);
	case_subject_text(&subject, "id_number", FORM_MASKED, &number);
	markup_open(m, "p", "class", "yj-lead", NULL);
	markup_printf(m, "%s %s · 第 %d 次，%s · %s", buffer_text(&name), buffer_text(&number),
		      c->attempt.number, identity_ways[c->attempt.method].label,
		      case_attempt_state(c->attempt.state));
	markup_close(m, "p");
	layout_path(c->p, "clerk/case", &link);
	markup_open(m, "p", NULL);
	markup_element(m, "a", "看全部资料", "href", buffer_text(&link), NULL);
	markup_close(m, "p");
	case_subject_release(&subject);
	buffer_wipe(&name);
	buffer_wipe(&number);
	buffer_release(&link);
}

static void write_page(struct check *c)
{
	struct page *p = c->p;

	case_new_key(p);
	layout_begin(p, "身份核对", 0);
	write_head(c);
	if (c->error)
		markup_element(p->markup, "p", c->error, "class", "yj-warning", "role", "alert",
			       NULL);
	identity_write_doubt(p, &c->attempt);
	if (!identity_has_faces(p->db, c->attempt.id))
		markup_element(p->markup, "p", "没有人像材料，或者已经删除。", "class",
			       "yj-warning", NULL);
	else if (case_face_is_open(p, &c->attempt))
		identity_write_faces(p, &c->attempt);
	write_form(c);
	layout_end(p);
}

/* The attempt that the page is about; says so when there is none. */
static bool find(struct check *c, const char *public_id)
{
	struct buffer link = BUFFER_INIT;
	bool found = identity_by_face(c->p->db, c->p->application.id, public_id, &c->attempt);

	if (!found) {
		layout_path(c->p, "clerk/case", &link);
		page_say(c->p, 404, "没有这次身份鉴别", "请从申请页面重新打开。",
			 buffer_text(&link), "返回申请");
		buffer_release(&link);
	}
	return found;
}

static void show(struct page *p)
{
	struct check c = { .p = p };

	if (find(&c, request_query(p->request, "attempt")))
		write_page(&c);
}

/* --- what was pressed --- */

/* Takes along what was chosen before. */
static void add_chosen(struct check *c, struct buffer *link)
{
	struct buffer name = BUFFER_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(decisions); i++) {
		const struct decision *d = &decisions[i];
		const char *chosen = request_field(c->p->request, reason_name(d, &name));

		if (d->reasons && review_is_offered(c->p->db, d->reasons, chosen))
			buffer_printf(link, "&%s=%s", buffer_text(&name), chosen);
	}
	buffer_release(&name);
}

static void look(struct check *c)
{
	struct buffer detail = BUFFER_INIT, link = BUFFER_INIT;
	enum flow_result result;

	buffer_printf(&detail, "{\"face\":\"%s\",\"reason\":\"compare\"}", c->attempt.public_id);
	result = page_advance(c->p, "reveal", buffer_text(&detail), NULL, NULL);
	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		layout_path(c->p, "clerk/identity", &link);
		buffer_printf(&link, "&attempt=%s", c->attempt.public_id);
		add_chosen(c, &link);
		reply_redirect(&c->p->reply, buffer_text(&link));
	} else {
		page_say_refused(c->p, result);
	}
	buffer_release(&detail);
	buffer_release(&link);
}

static bool settle(struct db *db, void *context)
{
	struct check *c = context;

	if (!case_is_current(c->p, db))
		return false;
	if (c->decision->to == IDENTITY_PASSED)
		return identity_pass(db, page_vault(c->p), &c->attempt, IDENTITY_REVIEW);
	return identity_move(db, &c->attempt, IDENTITY_REVIEW, c->decision->to);
}

/* That a reason was chosen which belongs to another decision, or NULL: it would
 * be lost without a word. */
static const char *fault_of_others(struct check *c)
{
	struct buffer name = BUFFER_INIT;
	const char *fault = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(decisions) && !fault; i++) {
		const struct decision *d = &decisions[i];
		const char *chosen = request_field(c->p->request, reason_name(d, &name));

		if (d != c->decision && chosen && *chosen)
			fault = d->to == IDENTITY_REPEAT ?
					"“请重录”里选了原因。要重录请点“请重录”；不是的话，先把那里改回“请选择”。" :
					"“不通过”里选了原因。要不通过请点“不通过”；不是的话，先把那里改回“请选择”。";
	}
	buffer_release(&name);
	return fault;
}

/* The error of the decision as it was sent, or NULL. */
static const char *fault_of(struct check *c)
{
	const struct decision *d = c->decision;
	const char *fault = fault_of_others(c);
	struct buffer name = BUFFER_INIT;

	if (fault)
		return fault;
	if (d->reasons) {
		c->reason = request_field(c->p->request, reason_name(d, &name));
		buffer_release(&name);
		if (!review_is_offered(c->p->db, d->reasons, c->reason))
			return "请先选择原因，再点按钮。";
	}
	if (d->to != IDENTITY_REPEAT && !case_face_is_open(c->p, &c->attempt))
		return "请先打开人像材料，看过以后再决定。";
	if (d->to == IDENTITY_PASSED && !identity_has_faces(c->p->db, c->attempt.id))
		return "人像材料已经没有了，不能通过，请选“请重录”。";
	return NULL;
}

static void decide(struct check *c)
{
	struct page *p = c->p;
	struct buffer text = BUFFER_INIT;
	enum flow_result result = FLOW_REPEATED;

	if (!page_is_done(p, c->decision->event)) {
		/* all words of our own tables: nothing to escape */
		buffer_printf(&text, "{\"try\":%d,\"method\":\"%s\"", c->attempt.number,
			      identity_ways[c->attempt.method].name);
		if (c->reason)
			buffer_printf(&text, ",\"reason\":\"%s\"", c->reason);
		buffer_putc(&text, '}');
		result = page_advance(p, c->decision->event, buffer_text(&text), settle, c);
		buffer_reset(&text);
	}
	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		buffer_printf(&text, "/clerk/queue?flash=%s", c->decision->flash);
		reply_redirect(&p->reply, buffer_text(&text));
	} else {
		case_say_taken(p);
	}
	buffer_release(&text);
}

static void submit(struct page *p)
{
	const char *pressed = request_field(p->request, "decision");
	struct check c = { .p = p };

	if (!find(&c, request_field(p->request, "attempt")))
		return;
	for (size_t i = 0; pressed && i < ARRAY_SIZE(decisions); i++)
		if (!strcmp(pressed, decisions[i].name))
			c.decision = &decisions[i];
	if (pressed && !strcmp(pressed, "look")) {
		look(&c);
		return;
	}
	if (c.decision && page_is_done(p, c.decision->event)) {
		decide(&c);
		return;
	}
	if (c.decision && !may_decide(&c)) {
		case_say_taken(p);
		return;
	}
	c.error = c.decision ? fault_of(&c) : "请点“通过”“不通过”或“请重录”。";
	if (!c.error) {
		decide(&c);
		return;
	}
	p->reply.status = 422;
	write_page(&c);
}

static const struct page_spec spec = {
	.name = "clerk/identity",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
