/* nuonuo-pdf.c: the file of an invoice, a PDF 1.4 of one page (ISO 32000-1). */
#include "nuonuo.h"

#define OBJECTS 5

/* Numbers alone: Helvetica, which every reader has, knows no Chinese. */
static void put_content(struct buffer *out, const json_t *row)
{
	const char *number = json_string_value(json_object_get(row, "number"));
	json_int_t fen = json_integer_value(json_object_get(row, "total"));
	json_int_t tax = json_integer_value(json_object_get(row, "tax"));
	const char *kind = json_object_get(row, "red_of") ? "RED " : "";

	buffer_printf(out,
		      "BT /F1 16 Tf 60 340 Td (%sE-INVOICE - DEMONSTRATION ONLY) Tj ET\n"
		      "BT /F1 12 Tf 60 300 Td (No. %s) Tj ET\n"
		      "BT /F1 12 Tf 60 280 Td (Total %.2f CNY) Tj ET\n"
		      "BT /F1 12 Tf 60 260 Td (of which tax %.2f CNY) Tj ET\n"
		      "40 40 515 340 re S\n",
		      kind, number, (double)fen / 100, (double)tax / 100);
}

static void put_file(struct buffer *out, const struct buffer *content)
{
	static const char *const objects[OBJECTS] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 420] /Contents 5 0 R"
		" /Resources << /Font << /F1 4 0 R >> >> >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		NULL,
	};
	size_t at[OBJECTS], table;

	buffer_puts(out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
	for (int i = 0; i < OBJECTS; i++) {
		at[i] = out->len;
		buffer_printf(out, "%d 0 obj\n", i + 1);
		if (objects[i])
			buffer_puts(out, objects[i]);
		else
			buffer_printf(out, "<< /Length %zu >>\nstream\n%sendstream", content->len,
				      content->data);
		buffer_puts(out, "\nendobj\n");
	}
	table = out->len;
	buffer_printf(out, "xref\n0 %d\n0000000000 65535 f \n", OBJECTS + 1);
	for (int i = 0; i < OBJECTS; i++)
		buffer_printf(out, "%010zu 00000 n \n", at[i]);
	buffer_printf(out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
		      OBJECTS + 1, table);
}

void nuonuo_pdf(struct core *s, const char *serial)
{
	struct buffer content = BUFFER_INIT;
	json_t *link, *row = NULL;
	const char *order;
	char fault[21];
	int lock;

	core_fault(s, "pdf", fault);
	if (core_play(s, fault))
		return;
	lock = core_lock(s);
	link = core_load(s, "serial", serial);
	order = json_string_value(json_object_get(link, "order"));
	if (order)
		row = core_load(s, "order", order);
	core_unlock(lock);
	if (row) {
		put_content(&content, row);
		put_file(&s->reply.body, &content);
		s->reply.type = "application/pdf";
	} else {
		core_text(s, 404, "no such invoice\n");
	}
	/* 6 MB, above INVOICE_PDF_MAX */
	for (int i = 0; row && !strcmp(fault, "large") && i < 6 * 1024 * 16; i++)
		buffer_printf(&s->reply.body, "%%%063d", 0);
	buffer_release(&content);
	json_decref(row);
	json_decref(link);
}
