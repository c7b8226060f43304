/* agreement.c: the project's user agreement with its boxes to sign. */
#include "base/alloc.h"
#include "print/document.h"

static void flow_body(struct sheet *s, const char *body)
{
	const struct sheet_style text = {
		.size = 10.5, .spacing = 1.62, .justified = true, .indent = 2
	};
	const struct sheet_style heading = { .size = 11.5, .spacing = 1.8, .bold = true };

	while (*body) {
		size_t n = strcspn(body, "\r\n");
		bool is_heading = *body == '#';
		char *line;

		if (n) {
			size_t skip = is_heading ? strspn(body, "# ") : 0;

			line = xmemdup0(body + skip, n - skip);
			if (is_heading)
				sheet_need(s, heading.size * heading.spacing +
						      2 * text.size * text.spacing + 2 * MM);
			s->y += is_heading ? 1.5 * MM : 0;
			sheet_flow(s, is_heading ? heading : text, line);
			free(line);
		}
		body += n + strspn(body + n, "\r\n");
	}
}

/* Who agrees: a line each, empty to be filled in by hand. */
static void draw_party(struct sheet *s, const struct print *p)
{
	const struct sheet_style style = { .size = 10.5 };
	static const char *const fields[] = { "name", "uscc" };
	const struct form_values *company = print_values(p, "company");

	for (size_t i = 0; company && i < ARRAY_SIZE(fields); i++) {
		size_t at = (size_t)(form_field(company->form, fields[i]) - company->form->field);
		struct buffer text = BUFFER_INIT;

		form_value_text(p->owner, company, at, FORM_PLAIN, &text);
		sheet_text(s, SHEET_LEFT, s->y, 32 * MM, style, company->form->field[at].label);
		sheet_text(s, SHEET_LEFT + 32 * MM, s->y, SHEET_INNER - 32 * MM, style,
			   buffer_text(&text));
		sheet_line(s, SHEET_LEFT + 30 * MM, s->y + 6 * MM, SHEET_RIGHT, s->y + 6 * MM,
			   TINT_LINE);
		s->y += 9 * MM;
		buffer_wipe(&text);
	}
}

void print_user_agreement(struct sheet *s, const void *context)
{
	const struct print *p = context;
	const struct sheet_style text = { .size = 10.5, .spacing = 1.62, .indent = 2 };

	flow_body(s, p->edition.body);
	s->y += 3 * MM;
	sheet_need(s, print_signatures_height() + 36 * MM);
	sheet_flow(s, text, "本单位已阅读并同意以上全部内容，签名并加盖公章后生效。");
	s->y += 3 * MM;
	draw_party(s, p);
	print_signatures(s);
}
