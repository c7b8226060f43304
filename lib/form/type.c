/* type.c: the table of field types. */
#include "form/type.h"

#include "base/alloc.h"

static enum check_result check_text(const struct form_reading *r UNUSED,
				    struct form_value *v UNUSED)
{
	return CHECK_OK;
}

static enum check_result check_name(const struct form_reading *r UNUSED, struct form_value *v)
{
	char out[PERSON_SIZE];
	enum check_result result = check_person(v->text, out);

	if (result == CHECK_OK)
		form_value_set(v, out);
	return result;
}

static enum check_result check_company(const struct form_reading *r UNUSED, struct form_value *v)
{
	char out[USCC_LEN + 1];
	enum check_result result = check_uscc(v->text, out);

	if (result == CHECK_OK)
		form_value_set(v, out);
	return result;
}

static enum check_result check_id(const struct form_reading *r, struct form_value *v)
{
	char out[ID_NUMBER_LEN + 1];
	enum check_result result = check_id_number(v->text, r->today, out);

	if (result == CHECK_OK)
		form_value_set(v, out);
	return result;
}

static enum check_result check_phone(const struct form_reading *r UNUSED, struct form_value *v)
{
	char out[MOBILE_LEN + 1];
	enum check_result result = check_mobile(v->text, out);

	if (result == CHECK_OK)
		form_value_set(v, out);
	return result;
}

static enum check_result check_desk_phone(const struct form_reading *r UNUSED, struct form_value *v)
{
	char out[LANDLINE_MAX + 1];
	enum check_result result = check_landline(v->text, out);

	if (result == CHECK_OK)
		form_value_set(v, out);
	return result;
}

static enum check_result check_mail(const struct form_reading *r UNUSED, struct form_value *v)
{
	char out[EMAIL_MAX + 1];
	enum check_result result = check_email(v->text, out);

	if (result == CHECK_OK)
		form_value_set(v, out);
	return result;
}

/* 15 digits before 2015, 17 or 20 characters of traders with a personal
 * number and a suffix, 18 of a social credit code or a personal number. */
static enum check_result check_tax_number(const struct form_reading *r, struct form_value *v)
{
	char out[USCC_LEN + 1], *end = v->text;
	size_t len;

	for (const char *c = v->text; *c; c++) {
		if (*c == ' ' || *c == '-')
			continue;
		*end = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
		if (!((*end >= '0' && *end <= '9') || (*end >= 'A' && *end <= 'Z')))
			return CHECK_CHARACTER;
		end++;
	}
	*end = '\0';
	len = strlen(v->text);
	if (!len)
		return CHECK_EMPTY;
	if (len == 15 || len == 17 || len == 20)
		return CHECK_OK;
	if (len != 18)
		return CHECK_LENGTH;
	if (check_uscc(v->text, out) == CHECK_OK ||
	    check_id_number(v->text, r->today, out) == CHECK_OK)
		return CHECK_OK;
	return CHECK_DIGIT;
}

const struct form_type_row form_types[FORM_TYPE_COUNT] = {
	[FORM_TEXT] = {
		.element = "text", .column = true, .max = 100, .verb = "请填写",
		.input_type = "text", .read = form_read_line, .check = check_text,
		.render = form_render_line, .text = form_text_plain,
	},
	[FORM_PERSON] = {
		.element = "person", .column = true, .indexed = true, .fold = person_fold,
		.max = 50, .verb = "请填写",
		.input_type = "text", .read = form_read_line, .check = check_name,
		.render = form_render_line, .text = form_text_plain,
	},
	[FORM_REGION] = {
		.element = "region", .column = true, .folded = true, .max = 6, .verb = "请选择",
		.read = form_read_region, .render = form_render_region,
		.text = form_text_region,
	},
	[FORM_USCC] = {
		.element = "uscc", .column = true, .folded = true, .max = USCC_LEN, .verb = "请填写",
		.input_type = "text", .read = form_read_line, .check = check_company,
		.render = form_render_line, .text = form_text_plain,
	},
	[FORM_ID_NUMBER] = {
		.element = "id-number", .column = true, .folded = true, .sealed = true, .indexed = true,
		.max = ID_NUMBER_LEN, .verb = "请填写", .input_type = "text",
		.read = form_read_line, .check = check_id, .render = form_render_line,
		.text = form_text_masked,
	},
	[FORM_MOBILE] = {
		.element = "mobile", .column = true, .folded = true, .sealed = true, .indexed = true,
		.max = MOBILE_LEN, .verb = "请填写", .input_type = "tel", .inputmode = "tel",
		.read = form_read_line, .check = check_phone, .render = form_render_line,
		.text = form_text_masked,
	},
	[FORM_LANDLINE] = {
		.element = "landline", .column = true, .folded = true, .sealed = true, .max = LANDLINE_MAX,
		.verb = "请填写", .input_type = "tel", .inputmode = "tel",
		.read = form_read_line, .check = check_desk_phone,
		.render = form_render_line, .text = form_text_masked,
	},
	[FORM_EMAIL] = {
		.element = "email", .column = true, .folded = true, .max = EMAIL_MAX, .verb = "请填写",
		.input_type = "text", .inputmode = "email", .read = form_read_line,
		.check = check_mail, .render = form_render_line, .text = form_text_plain,
	},
	[FORM_TAX_NUMBER] = {
		.element = "tax-number", .column = true, .folded = true, .max = 20, .verb = "请填写",
		.input_type = "text", .read = form_read_line, .check = check_tax_number,
		.render = form_render_line, .text = form_text_plain,
	},
	[FORM_ADDRESS] = {
		.element = "address", .column = true, .number = true, .max = 20,
		.verb = "请选择", .read = form_read_address, .render = form_render_address,
		.text = form_text_address,
	},
	[FORM_PACKAGE] = {
		.element = "package", .column = true, .number = true, .max = 10,
		.verb = "请选择", .read = form_read_package, .render = form_render_package,
		.text = form_text_package,
	},
	[FORM_IDENTITY_METHOD] = {
		.element = "identity-method", .column = true, .max = 16, .verb = "请选择",
		.read = form_read_identity_method, .render = form_render_identity_method,
		.text = form_text_identity_method,
	},
	[FORM_CHOICE] = {
		.element = "choice", .column = true, .max = 16, .verb = "请选择",
		.read = form_read_choice, .render = form_render_choice,
		.text = form_text_choice,
	},
	[FORM_CONSENT] = {
		.element = "consent", .column = true, .number = true, .max = 1,
		.verb = "请阅读并勾选", .read = form_read_consent,
		.render = form_render_consent, .text = form_text_consent,
	},
	[FORM_SCAN] = {
		.element = "scan", .verb = "请上传", .read = form_read_scan,
		.render = form_render_scan, .text = form_text_scan,
	},
};
