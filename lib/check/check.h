/* check.h: the identifiers of Chinese administration, checked as typed.
 *
 * Each takes clean text (utf8_fold; a name, utf8_tidy), writes the normal form and says
 * exactly what is wrong, so that the message at the field can. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "base/buffer.h"

enum check_result {
	CHECK_OK,
	CHECK_EMPTY,
	CHECK_LENGTH, /* too short or too long */
	CHECK_CHARACTER, /* a character that cannot be there */
	CHECK_DIGIT, /* check digit wrong: most likely a typing mistake */
	CHECK_DATE, /* birth date does not exist or is in the future */
	CHECK_AGE, /* under 18 or over 120 */
	CHECK_RESULT_COUNT,
};

#define USCC_LEN 18
#define ID_NUMBER_LEN 18
#define MOBILE_LEN 11
#define LANDLINE_MAX 20
#define EMAIL_MAX 254
#define PERSON_MAX 50 /* characters */
#define PERSON_SIZE (4 * PERSON_MAX + 1)

/* Unified social credit code, GB 32100-2015: check character mod 31. Lower
 * case is raised; unknown first characters are accepted. */
enum check_result check_uscc(const char *text, char out[USCC_LEN + 1]);
/* Resident ID number, GB 11643-1999: date, mod 11-2. The region prefix is not
 * matched: numbers keep the code of their year. `today` as yyyymmdd. */
enum check_result check_id_number(const char *text, int today, char out[ID_NUMBER_LEN + 1]);
/* Mainland mobile: blanks, hyphens, brackets, +86, 0086 and 86 taken off, then
 * 1[3-9] and 9 digits. */
enum check_result check_mobile(const char *text, char out[MOBILE_LEN + 1]);
/* Landline: 区号-号码[-分机], also 400/800 numbers; normal form with hyphens. */
enum check_result check_landline(const char *text, char out[LANDLINE_MAX + 1]);
/* One plain address, RFC 5321 sizes; domain lower-cased, an IDN in its ASCII form
 * (xn--); no quotes. */
enum check_result check_email(const char *text, char out[EMAIL_MAX + 1]);
/* A person's name: Han, Latin, middle dot; 2 to 50 characters. The normal form has
 * U+00B7 for each kind of middle dot, without blanks around it, as ID cards do,
 * and half-width letters. */
enum check_result check_person(const char *text, char out[PERSON_SIZE]);
/* The form in which two spellings of one name are equal, for comparison alone:
 * width, signs and case folded, no blanks (base/utf8.h). Appends. */
void person_fold(const char *text, struct buffer *out);

#endif
