/* id-number.c: the resident ID number (公民身份号码), GB 11643-1999. */
#include "check/check.h"

#include <ctype.h>

#define AGE_MIN 18
#define AGE_MAX 120
#define YEAR 10000 /* of a date written yyyymmdd */

/* ISO 7064 mod 11-2. */
static char check_character(const char *number)
{
	static const int weights[ID_NUMBER_LEN - 1] = { 7, 9, 10, 5,  8, 4, 2, 1, 6,
							3, 7, 9,  10, 5, 8, 4, 2 };
	int sum = 0;

	for (int i = 0; i < ID_NUMBER_LEN - 1; i++)
		sum += weights[i] * (number[i] - '0');
	return "10X98765432"[sum % 11];
}

static bool date_exists(int date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = date / YEAR, month = date / 100 % 100, day = date % 100;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (leap && month == 2);
}

static enum check_result check_birth(const char *number, int today)
{
	int birth = 0;

	for (int i = 6; i < 14; i++)
		birth = birth * 10 + (number[i] - '0');
	if (!date_exists(birth) || birth > today)
		return CHECK_DATE;
	if (today - birth < AGE_MIN * YEAR || today - birth >= (AGE_MAX + 1) * YEAR)
		return CHECK_AGE;
	return CHECK_OK;
}

enum check_result check_id_number(const char *text, int today, char out[ID_NUMBER_LEN + 1])
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (n == ID_NUMBER_LEN)
			return CHECK_LENGTH;
		out[n] = (char)toupper((unsigned char)*text);
		if (!isdigit((unsigned char)out[n]) && !(out[n] == 'X' && n == ID_NUMBER_LEN - 1))
			return CHECK_CHARACTER;
		n++;
	}
	out[n] = '\0';
	if (n == 0)
		return CHECK_EMPTY;
	if (n != ID_NUMBER_LEN)
		return CHECK_LENGTH;
	if (check_character(out) != out[ID_NUMBER_LEN - 1])
		return CHECK_DIGIT;
	return check_birth(out, today);
}
