/* read.c: what was typed, overlaid on what was stored, and checked. */
#include "form/type.h"

#include <time.h>

#include "base/alloc.h"
#include "base/utf8.h"

#define CHINA_OFFSET_S (8 * 3600)
#define VERSION_MAX 1000000000L

static int today_in_china(void)
{
	time_t now = time(NULL) + CHINA_OFFSET_S;
	struct tm tm;

	gmtime_r(&now, &tm);
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

/* Valid text without the characters that no typed line has. */
static void drop_controls(const char *text, struct buffer *out)
{
	const char *at = text;

	while (*at) {
		const char *from = at;
		size_t n;
		char *one;

		utf8_next(&at);
		n = (size_t)(at - from);
		one = xmemdup0(from, n);
		if (!utf8_has_control(one, false))
			buffer_add(out, from, n);
		free(one);
	}
}

/* Names are kept as they were typed, numbers are not. */
static void clean_up(const struct form_field *field, const char *text, struct buffer *out)
{
	if (form_type_of(field)->folded)
		utf8_fold(text, out);
	else
		utf8_tidy(text, out);
}

bool form_read_clean(struct form_reading *r, const struct form_field *field, const char *control,
		     struct form_value *v, struct buffer *out)
{
	const char *typed = r->source(r->context, control);
	struct buffer clean = BUFFER_INIT;

	if (!typed)
		return false;
	if (!utf8_valid(typed, strlen(typed))) {
		form_value_say(v, "%s有无法识别的字符，请重新输入", field->label);
		form_value_set(v, "");
		return false;
	}
	if (utf8_has_control(typed, false)) {
		form_value_say(v, "%s有看不见的控制字符，已经去掉，请核对后重新提交", field->label);
		drop_controls(typed, &clean);
		clean_up(field, buffer_text(&clean), out);
		buffer_release(&clean);
		form_value_set(v, buffer_text(out));
		return false;
	}
	clean_up(field, typed, out);
	return true;
}

void form_read_line_from(struct form_reading *r, const struct form_field *field,
			 const char *control, struct form_value *v)
{
	const struct form_type_row *type = form_type_of(field);
	size_t max = field->max ? field->max : type->max, length;
	struct buffer clean = BUFFER_INIT;
	enum check_result result;

	if (!form_read_clean(r, field, control, v, &clean)) {
		buffer_release(&clean);
		return;
	}
	form_value_set(v, buffer_text(&clean));
	buffer_release(&clean);
	if (!*v->text)
		return;
	result = type->check(r, v);
	length = utf8_length(v->text);
	if (result == CHECK_EMPTY)
		form_value_set(v, "");
	else if (result != CHECK_OK)
		v->error = form_message(field->type, result);
	else if (length > max)
		form_value_say(v, "%s最多 %zu 个字，现在有 %zu 个，请缩短", field->label, max,
			       length);
}

void form_read_line(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	form_read_line_from(r, field, field->name, v);
}

void form_missing(const struct form_field *field, struct form_value *v)
{
	form_value_say(v, "%s%s", form_type_of(field)->verb, field->label);
}

/* Buttons that show the form again instead of handing it in. */
static bool asked(form_source *source, void *context)
{
	return source(context, "find") || source(context, "upload") ||
	       source(context, "remove_scan");
}

static void read_version(struct form_reading *r)
{
	const char *typed = r->source(r->context, "version");
	char *end;
	long n;

	if (!typed || !*typed)
		return;
	n = strtol(typed, &end, 10);
	if (!*end && n >= 0 && n <= VERSION_MAX)
		r->values->version = (int)n;
}

size_t form_read(const struct form_owner *owner, struct form_values *values, form_source *source,
		 void *context)
{
	struct form_reading r = { owner, values, source, context, today_in_china() };
	const struct form *form = values->form;
	size_t errors = 0;

	values->asked = asked(source, context);
	read_version(&r);
	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];
		struct form_value *v = &values->value[i];

		if (v->locked)
			continue;
		form_type_of(field)->read(&r, field, v);
		if (!v->error && !*v->text && field->required && !values->asked)
			form_missing(field, v);
		if (v->error)
			errors++;
	}
	return errors || !values->asked ? errors : 1;
}
