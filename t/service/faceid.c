/* faceid.c: one call by hand, for a test.
 *
 *     faceid start NAME ID-NUMBER REF REDIRECT-URL     -> result|detail|token|url
 *     faceid fetch NAME ID-NUMBER REF TOKEN [FRAME-FILE]
 *         -> result|detail|outcome|doubt|similarity|attempts|bytes of the frame */
#include "service/faceid.h"

#include <stdio.h>

static void start(const struct faceid_account *account, const struct faceid_subject *who,
		  const char *redirect_url)
{
	struct service_report report;
	struct faceid_session session = { "", "" };
	enum service_result result = faceid_start(account, who, redirect_url, &session, &report);

	printf("%s|%s|%s|%s\n", service_result_names[result], report.detail, session.token,
	       session.url);
}

static void fetch(const struct faceid_account *account, const struct faceid_subject *who,
		  const char *token, const char *path)
{
	struct service_report report;
	struct faceid_finding f;
	enum service_result result;

	faceid_finding_init(&f);
	result = faceid_fetch(account, token, who, &f, &report);
	printf("%s|%s|%s|%s|%d|%d|%zu\n", service_result_names[result], report.detail,
	       faceid_outcome_names[f.outcome], faceid_doubt_names[f.doubt], f.similarity,
	       f.attempts, f.frame.len);
	if (path) {
		FILE *file = fopen(path, "we");

		if (!file || fwrite(buffer_text(&f.frame), 1, f.frame.len, file) != f.frame.len ||
		    fclose(file))
			exit(3);
	}
	faceid_finding_release(&f);
}

int main(int argc, char **argv)
{
	struct config *config;
	struct faceid_account account;

	if (argc < 6)
		return 2;
	config = config_open();
	if (!faceid_account_read(config, &account))
		return 4;
	const struct faceid_subject who = { argv[2], argv[3], argv[4] };
	if (!strcmp(argv[1], "start"))
		start(&account, &who, argv[5]);
	else
		fetch(&account, &who, argv[5], argc > 6 ? argv[6] : NULL);
	config_free(config);
	return 0;
}
