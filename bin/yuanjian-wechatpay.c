/* yuanjian-wechatpay.c: looks after the merchant's side of WeChat Pay. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/config.h"
#include "service/wechatpay.h"

static const char usage[] =
	"usage: yuanjian-wechatpay COMMAND, with YJ_CONFIG in the environment\n"
	"  check          see whether key, serial number, merchant number and the key that\n"
	"                 answers are verified with are right\n"
	"  certificates   fetch the platform certificates into wechatpay_certificate_dir\n"
	"  query NUMBER   what became of an order\n";

static int complain(const char *what)
{
	fprintf(stderr, "yuanjian-wechatpay: %s\n", what);
	return 1;
}

/* What an administrator can do about it. */
static const char *const advice[WECHATPAY_REASON_COUNT] = {
	[WECHATPAY_ORDER_NOT_EXIST] = "there is no such order",
	[WECHATPAY_REFUND_NOT_EXIST] = "there is no such refund",
	[WECHATPAY_BAD_PARAMETER] = "WeChat Pay does not understand the request: look at"
				    " wechatpay_mchid and wechat_appid",
	[WECHATPAY_CREDENTIAL] = "WeChat Pay refuses the merchant: wechatpay_mchid,"
				 " wechatpay_serial and wechatpay_key_file must be of one"
				 " merchant, to which wechat_appid is bound",
	[WECHATPAY_TOO_OFTEN] = "asked too often: try again in a minute",
	[WECHATPAY_SYSTEM] = "WeChat Pay is busy: try again",
	[WECHATPAY_UNVERIFIED] = "the answer is not signed by a key that is known here: look at"
				 " wechatpay_public_key_file and wechatpay_public_key_id, or"
				 " fetch the certificates",
	[WECHATPAY_NO_ANSWER] = "no answer from wechatpay_api_url: does the firewall let this"
				" machine out?",
};

static int tell(enum service_result result, const struct wechatpay_report *report)
{
	const char *words = advice[report->reason];

	fprintf(stderr, "yuanjian-wechatpay: %s (%s %s %s)\n",
		words ? words : "WeChat Pay refuses it", service_result_names[result],
		wechatpay_reason_names[report->reason], report->service.detail);
	return 1;
}

/* An order that cannot be there: a verified answer that says so proves both
 * sides' keys. */
static int do_check(const struct wechatpay_merchant *m, const struct config *config UNUSED,
		    char **argv UNUSED)
{
	struct wechatpay_report report;
	struct wechatpay_trade trade;
	enum service_result result = wechatpay_query(m, "yuanjian-check-0000", &trade, &report);

	if (result != SERVICE_OK && report.reason != WECHATPAY_ORDER_NOT_EXIST)
		return tell(result, &report);
	puts("key, serial number and merchant number are right, and the answer is WeChat's");
	return 0;
}

static int do_query(const struct wechatpay_merchant *m, const struct config *config UNUSED,
		    char **argv)
{
	struct wechatpay_report report;
	struct wechatpay_trade trade;
	enum service_result result = wechatpay_query(m, argv[0], &trade, &report);

	if (result != SERVICE_OK)
		return tell(result, &report);
	printf("%s %s %lld.%02lld %s %s %s\n", trade.out_trade_no,
	       wechatpay_trade_state_names[trade.state], (long long)trade.total_fen / 100,
	       (long long)trade.total_fen % 100, *trade.currency ? trade.currency : "-",
	       *trade.transaction_id ? trade.transaction_id : "-",
	       *trade.success_time ? trade.success_time : "-");
	return 0;
}

/* Replaced by write, fsync, rename, so that no program reads half of it. */
static bool store(const char *folder, const struct wechatpay_certificate *c)
{
	char *path = xprintf("%s/%s.pem", folder, c->validity.serial);
	char *fresh = xprintf("%s.new", path);
	int fd = open(fresh, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	size_t n = strlen(c->pem), done = 0;
	ssize_t written = 0;
	bool good;

	while (fd >= 0 && done < n && written >= 0) {
		written = write(fd, c->pem + done, n - done);
		if (written < 0 && errno == EINTR)
			written = 0;
		done += written > 0 ? (size_t)written : 0;
	}
	good = fd >= 0 && done == n && !fsync(fd) && !close(fd) && !rename(fresh, path);
	if (!good)
		fprintf(stderr, "yuanjian-wechatpay: %s: %s\n", path, strerror(errno));
	free(fresh);
	free(path);
	return good;
}

static bool sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return good;
}

static int do_certificates(const struct wechatpay_merchant *m, const struct config *config,
			   char **argv UNUSED)
{
	const char *folder = config_text(config, "wechatpay_certificate_dir");
	struct wechatpay_certificates all;
	struct wechatpay_report report;
	enum service_result result;
	bool good = true;

	if (!*folder)
		return complain("wechatpay_certificate_dir is not set");
	result = wechatpay_fetch_certificates(m, &all, &report);
	if (result != SERVICE_OK)
		return tell(result, &report);
	for (size_t i = 0; i < all.count && good; i++) {
		char until[WECHATPAY_TIME_LEN + 1];

		good = store(folder, &all.certificate[i]);
		wechatpay_time_write(all.certificate[i].validity.not_after, until);
		if (good)
			printf("%s until %s\n", all.certificate[i].validity.serial, until);
	}
	wechatpay_certificates_release(&all);
	return good && sync_folder(folder) ? 0 : complain("not all could be stored");
}

static const struct {
	const char *name;
	int arguments;
	int (*run)(const struct wechatpay_merchant *, const struct config *, char **argv);
} commands[] = {
	{ "check", 0, do_check },
	{ "certificates", 0, do_certificates },
	{ "query", 1, do_query },
};

static int run(size_t command, char **argv)
{
	struct buffer why = BUFFER_INIT;
	struct config *config = config_open();
	struct wechatpay_merchant *m = wechatpay_open(config, &why);
	int status = m ? commands[command].run(m, config, argv) : complain(buffer_text(&why));

	wechatpay_close(m);
	config_free(config);
	buffer_release(&why);
	return status;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name) && argc - 2 == commands[i].arguments)
			return run(i, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}
