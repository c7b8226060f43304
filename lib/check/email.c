/* email.c: one plain mail address, RFC 5321 sizes. */
#include "check/check.h"

#include <ctype.h>

#define LOCAL_MAX 64
#define LABEL_MAX 63

static const char atext[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "!#$%&'*+-/=?^_`{|}~.";
static const char ldh[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

static bool is_local_part(const char *local, size_t n)
{
	if (local[0] == '.' || local[n - 1] == '.')
		return false;
	for (size_t i = 0; i + 1 < n; i++)
		if (local[i] == '.' && local[i + 1] == '.')
			return false;
	return strspn(local, atext) == n;
}

/* At least two labels, the last without digits (so no address of a machine) but
 * in an IDN. */
static bool is_domain(const char *domain)
{
	const char *last = strrchr(domain, '.');
	size_t n;

	if (!last || strspn(domain, ldh) != strlen(domain))
		return false;
	for (const char *label = domain;; label += n + 1) {
		n = strcspn(label, ".");
		if (n == 0 || n > LABEL_MAX || label[0] == '-' || label[n - 1] == '-')
			return false;
		if (!label[n])
			break;
	}
	if (!strncmp(last, ".xn--", 5))
		return strlen(last) > 5;
	return strlen(last) > 2 && strcspn(last, "0123456789") == strlen(last);
}

enum check_result check_email(const char *text, char out[EMAIL_MAX + 1])
{
	size_t n = strlen(text);
	const char *at = strrchr(text, '@');

	if (!n)
		return CHECK_EMPTY;
	if (n > EMAIL_MAX || (at && at - text > LOCAL_MAX))
		return CHECK_LENGTH;
	if (!at || at == text)
		return CHECK_CHARACTER;
	memcpy(out, text, n + 1);
	for (char *c = out + (at - text); *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!is_local_part(text, (size_t)(at - text)) || !is_domain(out + (at - text) + 1))
		return CHECK_CHARACTER;
	return CHECK_OK;
}
