/* unicode.c: says of each character what base/unicode.h holds of it, for
 * t/base/unicode.t: its number, the letters i, b and d, and its ideograph. */
#include "base/unicode.h"

int main(void)
{
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		uint32_t ideograph = unicode_ideograph(c);

		if (unicode_is_ignorable(c) || unicode_is_blank(c) || unicode_is_dash(c) ||
		    ideograph != c)
			printf("%x %s%s%s %x\n", c, unicode_is_ignorable(c) ? "i" : "",
			       unicode_is_blank(c) ? "b" : "", unicode_is_dash(c) ? "d" : "",
			       ideograph);
	}
	return 0;
}
