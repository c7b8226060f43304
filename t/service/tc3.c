/* tc3.c: our signatures line by line, for a test that asks another program too.
 *
 * Each line of standard input is, with tabs between: service, host, content
 * type, action (- for none), time, secret id and secret key, and the body in
 * hex; it is answered by the Authorization header. */
#include "service/tc3.h"

#include <stdio.h>

#include "base/alloc.h"

#define COLUMNS 8

static void sign(char *const column[COLUMNS])
{
	size_t n = strlen(column[7]) / 2;
	uint8_t *body = xmalloc(n + 1);
	struct buffer out = BUFFER_INIT;
	const struct tc3_request request = {
		.service = column[0],
		.host = column[1],
		.content_type = column[2],
		.action = strcmp(column[3], "-") ? column[3] : NULL,
		.time = strtoll(column[4], NULL, 10),
		.body = body,
		.body_len = n,
	};

	if (!hex_decode(column[7], body, n))
		exit(2);
	tc3_authorization(&request, column[5], column[6], &out);
	puts(buffer_text(&out));
	buffer_release(&out);
	free(body);
}

int main(void)
{
	char *line = NULL, *rest, *column[COLUMNS];
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 1) {
		line[n - 1] = '\0';
		rest = line;
		for (size_t i = 0; i < COLUMNS; i++)
			if (!(column[i] = strsep(&rest, "\t")))
				return 2;
		sign(column);
	}
	free(line);
	return 0;
}
