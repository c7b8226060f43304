/* read-scan.c: one upload made a picture, and a printed form told from another. */
#include "base/log.h"
#include "page/page.h"
#include "print/code.h"
#include "print/edition.h"

static enum print_verdict judge(struct page *p, enum print_document document, const char *text,
				struct print_code *code)
{
	struct print_wanted wanted = {
		.document = document,
		.project = p->application.project_code,
		.application = p->application.public_id,
	};
	struct print_edition edition;
	enum print_verdict verdict = PRINT_UNREADABLE;

	if (print_edition_load(p->db, p->application.project, p->application.id, &edition)) {
		wanted.version = edition.version;
		verdict = print_judge(&wanted, text, code);
	}
	print_edition_release(&edition);
	return verdict;
}

static const char *check_print(struct page *p, enum print_document document,
			       struct scan_picture *picture, struct scan_place *place)
{
	struct print_code code;
	enum print_verdict verdict = judge(p, document, picture->code, &code);

	switch (verdict) {
	case PRINT_FITS:
		place->sheet = code.sheet;
		place->sheets = code.sheets;
		return NULL;
	case PRINT_UNREADABLE:
		picture->marks |= SCAN_NO_CODE;
		return NULL;
	default:
		log_line(LOG_REFUSED, "scan.wrong_print", "verdict=%d", (int)verdict);
		return print_verdict_text(verdict, document);
	}
}

const char *page_read_scan(struct page *p, const struct form_field *field,
			   const struct request_file *file, struct scan_picture *picture,
			   struct scan_place *place)
{
	enum print_document document = print_by_name(field->print);
	bool with_code = document != PRINT_DOCUMENT_COUNT;
	enum scan_result result;

	*picture = (struct scan_picture){ .full = BUFFER_INIT, .thumb = BUFFER_INIT };
	if (!file)
		result = SCAN_EMPTY;
	else if (file->too_large)
		result = SCAN_TOO_LARGE;
	else if (!page_count_try(p, PAGE_TRY_SCAN))
		result = SCAN_TOO_MANY_TODAY;
	else
		result = scan_normalise(p->config, file->fd, file->size, with_code, picture);
	if (result != SCAN_TAKEN)
		return scan_result_text(result);
	return with_code ? check_print(p, document, picture, place) : NULL;
}
