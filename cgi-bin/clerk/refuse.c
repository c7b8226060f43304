/* refuse.c: clerk/refuse: back to the applicant, with a reason pinned to each
 * field or scan that must be mended. */
#include "case-view.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "review/review.h"

/* One reason, checked. */
struct pin {
	const struct form *form;
	const struct form_field *field;
	int64_t scan; /* 0: the field as a whole */
	const char *code, *note;
};

struct refusal {
	struct page *page;
	struct pin pin[FIELD_COUNT_MAX];
	size_t count;
};

/* Takes "FORM.FIELD[.SCAN]" apart; what is wrong with it, or NULL. */
static const char *find_place(struct page *p, const char *name, struct pin *pin)
{
	char part[3][FIELD_NAME_MAX + 1] = { "", "", "" };
	struct scan scan;

	for (int i = 0; i < 3 && *name; i++) {
		size_t n = strcspn(name, ".");

		if (n > FIELD_NAME_MAX)
			break;
		memcpy(part[i], name, n);
		name += n + (name[n] == '.');
	}
	pin->form = *name ? NULL : form_by_name(part[0]);
	pin->field = pin->form ? form_field(pin->form, part[1]) : NULL;
	if (!pin->field || !case_may_be_mended(pin->field) ||
	    (*part[2] && pin->field->type != FORM_SCAN))
		return "选择的项目不存在，请刷新页面后重新选择。";
	if (!*part[2])
		return NULL;
	if (!is_public_id(part[2]) || !scan_find(p->db, p->application.id, part[2], &scan) ||
	    strcmp(scan.form, pin->form->name) || strcmp(scan.field, pin->field->name))
		return "选择的照片不在这份申请里，可能已被更换，请刷新页面后重新选择。";
	pin->scan = scan.id;
	return NULL;
}

static const char *check_code(struct page *p, const struct pin *pin)
{
	const char *type = pin->field->type == FORM_SCAN ? REVIEW_SCAN : REVIEW_FIELD;

	return review_may_pin(p->db, type, pin->code) ?
		       NULL :
		       "选择的原因不能用在这个项目上，请重新选择。";
}

static const char *check_note(const struct page *p, const char *place, struct pin *pin)
{
	char name[FIELD_NAME_MAX + 8];

	snprintf(name, sizeof(name), "%s%s", CASE_NOTE, place);
	pin->note = request_field(p->request, name);
	if (!pin->note)
		pin->note = "";
	if (request_field_broken(p->request, name) || utf8_has_control(pin->note, true))
		return "补充说明里有无法识别的字符，请重新填写。";
	if (utf8_length(pin->note) > CASE_NOTE_MAX)
		return "补充说明最多 500 个字，请改短一些。";
	return NULL;
}

/* Reads the reasons chosen; what is wrong with them, or NULL. */
static const char *read_pins(struct page *p, struct refusal *r)
{
	for (size_t i = 0; i < p->request->field_count; i++) {
		const struct request_field *f = &p->request->field[i];
		const char *place = f->name + strlen(CASE_REASON), *fault;
		struct pin pin = { .code = f->value };

		if (strncmp(f->name, CASE_REASON, strlen(CASE_REASON)) || !*f->value)
			continue;
		if ((fault = find_place(p, place, &pin)) || (fault = check_code(p, &pin)) ||
		    (fault = check_note(p, place, &pin)))
			return fault;
		r->pin[r->count++] = pin;
	}
	/* a note without a reason would be lost without a word */
	for (size_t i = 0; i < p->request->field_count; i++) {
		const struct request_field *f = &p->request->field[i];
		char name[FIELD_NAME_MAX + 8];
		const char *reason;

		if (strncmp(f->name, CASE_NOTE, strlen(CASE_NOTE)) || !*f->value)
			continue;
		snprintf(name, sizeof(name), "%s%s", CASE_REASON, f->name + strlen(CASE_NOTE));
		reason = request_field(p->request, name);
		if (!reason || !*reason)
			return "写了补充说明的项目也要选一个原因。";
	}
	return r->count ? NULL : "请先在有问题的项目里选择原因，再点“退回修改”。";
}

static bool store_reasons(struct db *db, void *context)
{
	struct refusal *r = context;
	struct page *p = r->page;

	if (!case_is_current(p, db))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		const struct pin *pin = &r->pin[i];

		review_pin(db, &(struct review_pin){
				       .application = p->application.id,
				       .staff = p->session.subject,
				       .form = pin->form->name,
				       .field = pin->field->name,
				       .scan = pin->scan,
				       .code = pin->code,
				       .note = pin->note,
			       });
	}
	return true;
}

static void say_again(struct page *p, const char *error)
{
	struct case_view how = { .error = error };

	p->reply.status = 422;
	case_show(p, &how);
}

static void submit(struct page *p)
{
	bool done = page_is_done(p, "refuse");
	struct refusal *r = xcalloc(1, sizeof(*r));
	const char *fault = NULL;

	r->page = p;
	if (!done)
		fault = read_pins(p, r);
	if (fault) {
		say_again(p, fault);
	} else if (done || page_advance(p, "refuse", NULL, store_reasons, r) == FLOW_MOVED ||
		   page_is_done(p, "refuse")) {
		reply_redirect(&p->reply, "/clerk/queue?flash=refused");
	} else {
		case_say_taken(p);
	}
	free(r);
}

static const struct page_spec spec = {
	.name = "clerk/refuse",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
