/* nuonuo.c: one call by hand, for a test.
 *
 *     nuonuo issue ORDER BUYER TAX-NUMBER EMAIL FEN[xQUANTITY]...   -> result|detail|serial
 *     nuonuo query ORDER  -> result|detail|state|serial|number|total|tax|url|reason
 *     nuonuo red ORDER BLUE-SERIAL BLUE-NUMBER                      -> result|detail|serial
 *     nuonuo download URL FILE                                      -> result|detail|bytes */
#include "service/invoice.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static void tell(enum service_result result, const struct service_report *report)
{
	printf("%s|%s|", service_result_names[result], report->detail);
}

static void issue(const struct invoice_account *a, int argc, char **argv)
{
	struct invoice_line line[INVOICE_LINES_MAX];
	struct invoice_order order = {
		.order_no = argv[0],
		.buyer = { .name = argv[1], .tax_number = argv[2], .email = argv[3] },
		.line = line,
		.ordered_at = time(NULL),
	};
	struct service_report report;

	for (int i = 4; i < argc && order.line_count < INVOICE_LINES_MAX; i++) {
		char *end;
		int64_t fen = strtoll(argv[i], &end, 10);

		line[order.line_count++] = (struct invoice_line){
			NULL, fen, *end == 'x' ? (int)strtol(end + 1, NULL, 10) : 1
		};
	}
	tell(invoice_issue(a, &order, &report), &report);
	printf("%s\n", report.reference);
}

static void query(const struct invoice_account *a, const char *order_no)
{
	struct invoice_status s;
	struct service_report report;

	tell(invoice_query(a, order_no, &s, &report), &report);
	printf("%s|%s|%s|%" PRId64 "|%" PRId64 "|%s|%s\n", invoice_state_names[s.state], s.serial,
	       s.number, s.total_fen, s.tax_fen, s.pdf_url, s.reason);
}

static void red(const struct invoice_account *a, char **argv)
{
	const struct invoice_correction correction = {
		.order_no = argv[0],
		.reason = INVOICE_RETURNED,
		.blue_serial = argv[1],
		.blue_number = argv[2],
	};
	struct service_report report;

	tell(invoice_red(a, &correction, &report), &report);
	printf("%s\n", report.reference);
}

static void download(const struct invoice_account *a, const char *url, const char *path)
{
	struct buffer pdf = BUFFER_INIT;
	struct service_report report;
	FILE *file = fopen(path, "we");

	tell(invoice_download(a, url, &pdf, &report), &report);
	if (!file || fwrite(buffer_text(&pdf), 1, pdf.len, file) != pdf.len || fclose(file))
		exit(3);
	printf("%zu\n", pdf.len);
	buffer_release(&pdf);
}

int main(int argc, char **argv)
{
	struct config *config;

	if (argc < 3)
		return 2;
	config = config_open();
	struct invoice_account account = { config, db_open(config, DB_CRON), vault_open(config) };
	if (!strcmp(argv[1], "issue") && argc > 6)
		issue(&account, argc - 2, argv + 2);
	else if (!strcmp(argv[1], "query"))
		query(&account, argv[2]);
	else if (!strcmp(argv[1], "red") && argc == 5)
		red(&account, argv + 2);
	else if (!strcmp(argv[1], "download") && argc == 4)
		download(&account, argv[2], argv[3]);
	else
		return 2;
	vault_close(account.vault);
	db_close(account.db);
	config_free(config);
	return 0;
}
