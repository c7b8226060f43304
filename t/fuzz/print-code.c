/* print-code.c: the text that a QR code on a photograph says, as fuzz target. */
#include "base/alloc.h"
#include "print/code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A code that is read is written the same way again. */
static void check(const char *text)
{
	static const struct print_wanted wanted = { PRINT_USER_AGREEMENT, "gzgjj",
						    "01jdabcdefghjkmnpqrstvwxyz", "2026-1" };
	struct buffer again = BUFFER_INIT;
	struct print_code code;

	if (print_judge(&wanted, text, &code) == PRINT_UNREADABLE)
		return;
	print_code_write(&code, &again);
	if (strcmp(again.data, text) != 0)
		abort();
	buffer_release(&again);
}

/* The sum is beyond what chance finds, so a text is tried with a right one too. */
static void check_with_sum(const char *text)
{
	struct buffer out = BUFFER_INIT;

	buffer_puts(&out, text);
	print_code_add_sum(&out, 0);
	check(out.data);
	buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xmemdup0(data, n);

	check(text);
	check_with_sum(text);
	free(text);
	return 0;
}
