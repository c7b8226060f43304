/* read-scan.c: one upload made a picture, and a printed form told from another. */
#include "base/log.h"
#include "page/page.h"
#include "paper/code.h"
#include "paper/edition.h"

static enum paper_verdict judge(struct page *p, enum paper_document document, const char *text,
				struct paper_code *code)
{
	struct paper_wanted wanted = {
		.document = document,
		.project = p->application.project_code,
		.application = p->application.public_id,
	};
	struct paper_edition edition;
	enum paper_verdict verdict = PAPER_UNREADABLE;

	if (paper_edition_load(p->db, p->application.project, p->application.id, &edition)) {
		wanted.version = edition.version;
		verdict = paper_judge(&wanted, text, code);
	}
	paper_edition_release(&edition);
	return verdict;
}

static const char *check_paper(struct page *p, enum paper_document document,
			       struct scan_picture *picture, struct scan_place *place)
{
	struct paper_code code;
	enum paper_verdict verdict = judge(p, document, picture->code, &code);

	switch (verdict) {
	case PAPER_FITS:
		place->sheet = code.sheet;
		place->sheets = code.sheets;
		return NULL;
	case PAPER_UNREADABLE:
		picture->marks |= SCAN_NO_CODE;
		return NULL;
	default:
		log_line(LOG_REFUSED, "scan.wrong_paper", "verdict=%d", (int)verdict);
		return paper_verdict_text(verdict, document);
	}
}

const char *page_read_scan(struct page *p, const struct form_field *field,
			   const struct request_file *file, struct scan_picture *picture,
			   struct scan_place *place)
{
	enum paper_document document = paper_by_name(field->paper);
	bool with_code = document != PAPER_DOCUMENT_COUNT;
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
	return with_code ? check_paper(p, document, picture, place) : NULL;
}
