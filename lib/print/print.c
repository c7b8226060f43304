/* print.c: collects what a document says and has it printed. */
#include "print/print.h"

#include "print/document.h"

#define CODE_SIDE (28 * MM)

static const char *const long_titles[PRINT_DOCUMENT_COUNT] = {
	[PRINT_APPLICATION_FORM] = "机构（企业）数字证书业务申请表",
	[PRINT_USER_AGREEMENT] = "数字证书用户协议书",
};

const char *print_file_name(enum print_document d)
{
	static const char *const names[PRINT_DOCUMENT_COUNT] = {
		[PRINT_APPLICATION_FORM] = "数字证书业务申请表.pdf",
		[PRINT_USER_AGREEMENT] = "数字证书用户协议书.pdf",
	};

	return names[d];
}

static void draw_code(struct sheet *s)
{
	struct buffer text = BUFFER_INIT;

	s->code.sheet = s->page;
	s->code.sheets = s->pages;
	if (!s->measuring)
		print_code_write(&s->code, &text);
	sheet_qr(s, SHEET_RIGHT - CODE_SIDE, SHEET_TOP, CODE_SIDE, buffer_text(&text));
	buffer_release(&text);
}

/* The public id in groups, as it can be read out on the telephone. */
static void add_number(struct buffer *out, const char *public_id)
{
	for (size_t i = 0; public_id[i]; i++) {
		if (i && i % 5 == 0)
			buffer_putc(out, ' ');
		buffer_putc(out, (char)(public_id[i] >= 'a' ? public_id[i] - 32 : public_id[i]));
	}
}

void print_head(struct sheet *s)
{
	static const char how[] = "打印后请签名并加盖公章，每页拍一张照片上传。"
				  "拍照时请把四角和右边的二维码都拍进来。";
	const struct print *p = s->context;
	const struct sheet_style title = { .size = s->page == 1 ? 19 : 13, .bold = true };
	const struct sheet_style line = { .size = 9, .tint = TINT_GREY, .spacing = 1.1 };
	struct buffer text = BUFFER_INIT;
	double width = SHEET_INNER - CODE_SIDE - 8 * MM, y = SHEET_TOP;

	draw_code(s);
	y += sheet_text(s, SHEET_LEFT, y, width, title, long_titles[p->document]) + 1.5 * MM;
	buffer_printf(&text, "%s\n协议版本：%s\n", p->edition.project_name, p->edition.version);
	if (*s->code.application) {
		buffer_puts(&text, "申请编号：");
		add_number(&text, s->code.application);
	} else {
		buffer_puts(&text, "空白表：请用黑色签字笔填写，字迹清楚，不要涂改");
	}
	if (s->page == 1)
		buffer_printf(&text, "\n%s", how);
	sheet_text(s, SHEET_LEFT, y, width, line, text.data);
	s->y = SHEET_TOP + CODE_SIDE + 5 * MM;
	buffer_release(&text);
}

#define SIGNATURES (54 * MM)

double print_signatures_height(void)
{
	return SIGNATURES;
}

static void draw_signature(struct sheet *s, double y, const char *label)
{
	const struct sheet_style style = { .size = 10.5 };

	sheet_text(s, SHEET_LEFT + 4 * MM, y, 45 * MM, style, label);
	sheet_line(s, SHEET_LEFT + 40 * MM, y + 5 * MM, SHEET_LEFT + SHEET_INNER / 2 - 5 * MM,
		   y + 5 * MM, TINT_LINE);
}

void print_signatures(struct sheet *s)
{
	const struct sheet_style label = { .size = 10.5 };
	const struct sheet_style pale = { .size = 9, .tint = TINT_LINE, .centred = true };
	double half = SHEET_INNER / 2, middle = SHEET_LEFT + half, top;

	sheet_need(s, print_signatures_height());
	top = s->y;
	sheet_box(s, SHEET_LEFT, top, SHEET_INNER, SIGNATURES, TINT_LINE);
	sheet_line(s, middle, top, middle, top + SIGNATURES, TINT_LINE);
	draw_signature(s, top + 10 * MM, "法定代表人（签名）");
	draw_signature(s, top + 25 * MM, "经办人（签名）");
	sheet_text(s, SHEET_LEFT + 4 * MM, top + 43 * MM, half - 8 * MM, label,
		   "日期：　　　　年　　　月　　　日");
	sheet_text(s, middle + 4 * MM, top + 3 * MM, half - 8 * MM, label, "申请单位（加盖公章）");
	sheet_dashed_circle(s, middle + half / 2, top + 32 * MM, 19 * MM);
	sheet_text(s, middle, top + 30 * MM, half, pale, "公章盖在这里");
	s->y = top + print_signatures_height();
}

const struct form_values *print_values(const struct print *p, const char *form)
{
	for (size_t i = 0; p->values[i]; i++)
		if (!strcmp(p->values[i]->form->name, form))
			return p->values[i];
	return NULL;
}

static void load_values(struct print *p)
{
	struct flow_standing flow;

	flow_forms_load(p->owner->db, p->owner->application, p->owner->project, &flow);
	for (size_t i = 0; i < flow.form_count; i++) {
		p->values[i] = form_values_new(form_by_name(flow.form[i].name));
		if (p->owner->application)
			form_load(p->owner, false, p->values[i]);
	}
}

static bool print(const struct form_owner *owner, enum print_document document, struct buffer *pdf)
{
	static void (*const draw[PRINT_DOCUMENT_COUNT])(struct sheet *, const void *) = {
		[PRINT_APPLICATION_FORM] = print_application_form,
		[PRINT_USER_AGREEMENT] = print_user_agreement,
	};
	struct print p = { .owner = owner, .document = document };
	struct sheet s = { .head = print_head, .context = &p, .title = long_titles[document] };

	if (!print_edition_load(owner->db, owner->project, owner->application, &p.edition))
		return false;
	load_values(&p);
	s.code.document = document;
	snprintf(s.code.project, sizeof(s.code.project), "%s", p.edition.project);
	snprintf(s.code.version, sizeof(s.code.version), "%s", p.edition.version);
	snprintf(s.code.application, sizeof(s.code.application), "%s",
		 owner->application ? owner->application_public_id : "");
	sheet_print(&s, long_titles[document], draw[document], &p, pdf);
	for (size_t i = 0; p.values[i]; i++)
		form_values_free(p.values[i]);
	print_edition_release(&p.edition);
	return true;
}

bool print_blank(struct db *db, int64_t project, enum print_document document, struct buffer *pdf)
{
	const struct form_owner nobody = { .db = db, .project = project };

	return print(&nobody, document, pdf);
}

bool print_filled(const struct form_owner *owner, enum print_document document, struct buffer *pdf)
{
	return print(owner, document, pdf);
}
