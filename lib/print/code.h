/* code.h: the QR code on a printed page, and the check of an uploaded page by it.
 *
 * The text, at most PRINT_CODE_MAX bytes, holds nothing but capitals, digits
 * and marks that a QR code packs tightly (ISO/IEC 18004 alphanumeric mode):
 *
 *     YJ1:GZGJJ:AF:01JD…26 characters:2026-1:1/2:7A3F
 *     |   |     |  |                  |      |   CRC-16/CCITT-FALSE of all
 *     |   |     |  |                  |      |   before the last colon
 *     |   |     |  |                  |      page / pages
 *     |   |     |  |                  version of the agreement
 *     |   |     |  public id of the application, - on a blank form
 *     |   |     AF application form, UA user agreement
 *     |   code of the project
 *     form of this text
 *
 * Letters count as capitals; anything but letters, digits and . in a project's
 * code or a version becomes a hyphen. The sum catches a reader's slip. It is
 * no signature, because the code proves nothing: it saves the applicant from
 * uploading the wrong sheet, and a clerk looks at every sheet.
 *
 * Pure functions over text from outside; fuzz target t/fuzz/print-code.c. */
#ifndef PRINT_CODE_H
#define PRINT_CODE_H

#include "base/buffer.h"
#include "base/digest.h"

enum print_document {
	PRINT_APPLICATION_FORM, /* 数字证书业务申请表 */
	PRINT_USER_AGREEMENT, /* 数字证书用户协议书 */
	PRINT_DOCUMENT_COUNT,
};

/* "application-form": in forms/NAME.xml and in addresses. */
const char *print_name(enum print_document);
/* 数字证书业务申请表 */
const char *print_title(enum print_document);
/* PRINT_DOCUMENT_COUNT for any other name; NULL is fine. */
enum print_document print_by_name(const char *name);

#define PRINT_CODE_MAX 128
#define PRINT_SHEETS_MAX 99

struct print_code {
	char project[33], version[21];
	char application[PUBLIC_ID_SIZE]; /* "" on a blank form; lower case */
	enum print_document document;
	int sheet, sheets; /* from 1 */
};

void print_code_write(const struct print_code *, struct buffer *out);
/* Puts the sum of what stands in `out` from `start` behind it. */
void print_code_add_sum(struct buffer *out, size_t start);
/* False when the text is not such a code from the first byte to the last. */
bool print_code_read(const char *text, struct print_code *);

/* The document that an upload must be, of this application. */
struct print_wanted {
	enum print_document document;
	const char *project, *application, *version;
};

enum print_verdict {
	PRINT_FITS,
	PRINT_UNREADABLE, /* no code, or none of ours: taken, a person looks */
	PRINT_OTHER_PROJECT,
	PRINT_OTHER_DOCUMENT,
	PRINT_OTHER_APPLICATION,
	PRINT_OTHER_VERSION,
	PRINT_VERDICT_COUNT,
};
/* Judges the text of a code ("" or NULL: none was found). `found` is filled in
 * unless it is PRINT_UNREADABLE. */
enum print_verdict print_judge(const struct print_wanted *, const char *text,
			       struct print_code *found);
/* The sentence for the applicant: the error and the next step; static. */
const char *print_verdict_text(enum print_verdict, enum print_document wanted);

#endif
