/* reveal.c: clerk/reveal: shows one personal value in full, once, and leaves
 * an event with the clerk and the reason. */
#include "case-view.h"

static const char *known_reason(const char *code)
{
	for (size_t i = 0; code && case_reveal_reasons[i][0]; i++)
		if (strcmp(code, case_reveal_reasons[i][0]) == 0)
			return case_reveal_reasons[i][0];
	return NULL;
}

/* The field named by "FORM.FIELD", if its value may be asked for. */
static const struct form_field *personal_field(const char *place, const struct form **form)
{
	char name[FIELD_NAME_MAX + 1];
	const struct form_field *field = NULL;
	size_t n = strcspn(place, ".");

	*form = NULL;
	if (place[n] != '.' || n > FIELD_NAME_MAX)
		return NULL;
	memcpy(name, place, n);
	name[n] = '\0';
	*form = form_by_name(name);
	if (*form)
		field = form_field(*form, place + n + 1);
	return field && case_is_personal(field) ? field : NULL;
}

/* Why they ask, chosen beside the button. */
static const char *reason_for(const struct request *r, const char *place)
{
	struct buffer name = BUFFER_INIT;
	const char *code;

	buffer_printf(&name, CASE_WHY "%s", place);
	code = known_reason(request_field(r, buffer_text(&name)));
	buffer_release(&name);
	return code;
}

static void refuse(struct page *p, int status, const char *error)
{
	struct case_view how = { .error = error };

	p->reply.status = status;
	case_show(p, &how);
}

static void submit(struct page *p)
{
	const char *place = request_field(p->request, CASE_REVEAL);
	const struct form *form = NULL;
	const struct form_field *field = place ? personal_field(place, &form) : NULL;
	const char *reason = field ? reason_for(p->request, place) : NULL;
	struct buffer detail = BUFFER_INIT;
	enum flow_result result;

	if (!reason) {
		refuse(p, 422, "请在要看的项目旁选择原因，再点“显示完整号码”。");
		return;
	}
	/* all three are names from our own tables: nothing to escape */
	buffer_printf(&detail, "{\"form\":\"%s\",\"field\":\"%s\",\"reason\":\"%s\"}", form->name,
		      field->name, reason);
	result = page_advance(p, "reveal", buffer_text(&detail), NULL, NULL);
	buffer_release(&detail);
	if (result == FLOW_MOVED) {
		struct case_view how = { .plain_form = form->name, .plain_field = field->name };

		case_show(p, &how);
	} else if (result == FLOW_REPEATED) {
		refuse(p, 409, "完整号码只显示一次，要再看请重新点“显示完整号码”。");
	} else {
		case_say_taken(p);
	}
}

static const struct page_spec spec = {
	.name = "clerk/reveal",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
