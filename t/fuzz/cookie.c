/* cookie.c: one cookie looked up in a Cookie header. */
#include "page/request.h"

#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request *r = request_new();
	char out[65];

	r->cookies = xmemdup0(data, size);
	if (request_cookie(r, "yj", out, sizeof(out)) &&
	    (strlen(out) >= sizeof(out) || strchr(out, ';') || !strstr(r->cookies, out)))
		abort();
	request_free(r);
	return 0;
}
