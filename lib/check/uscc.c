/* uscc.c: the unified social credit code (统一社会信用代码), GB 32100-2015. */
#include "check/check.h"

#include <ctype.h>

#define MODULUS 31
#define REGION_FIRST 2 /* six digits from here */
#define REGION_LAST 7

/* A character's value is its place; I, O, S, V and Z are not used. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* Powers of 3 modulo 31. */
static const int weights[USCC_LEN - 1] = { 1,  3,  9,  27, 19, 26, 16, 17, 20,
					   29, 25, 13, 8,  24, 10, 30, 28 };

static char check_character(const char *code)
{
	int sum = 0;

	for (int i = 0; i < USCC_LEN - 1; i++)
		sum += weights[i] * (int)(strchr(alphabet, code[i]) - alphabet);
	return alphabet[(MODULUS - sum % MODULUS) % MODULUS];
}

enum check_result check_uscc(const char *text, char out[USCC_LEN + 1])
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (n == USCC_LEN)
			return CHECK_LENGTH;
		out[n] = (char)toupper((unsigned char)*text);
		if (!strchr(alphabet, out[n]))
			return CHECK_CHARACTER;
		if (n >= REGION_FIRST && n <= REGION_LAST && !isdigit((unsigned char)out[n]))
			return CHECK_CHARACTER;
		n++;
	}
	out[n] = '\0';
	if (n == 0)
		return CHECK_EMPTY;
	if (n != USCC_LEN)
		return CHECK_LENGTH;
	return check_character(out) == out[USCC_LEN - 1] ? CHECK_OK : CHECK_DIGIT;
}
