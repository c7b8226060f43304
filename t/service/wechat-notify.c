/* wechat-notify.c: one message by hand, for a test: KIND OPENID KEY [NAME=TEXT...].
 * Prints the result, the report and WeChat's number for the message. */
#include "service/wechat-account.h"

#include <stdio.h>

#define VALUES_MAX 16

int main(int argc, char **argv)
{
	struct wechat_value value[VALUES_MAX];
	struct wechat_template_message message = { .value = value };
	struct service_report report;
	struct config *config;
	enum service_result result;

	if (argc < 4 || argc - 4 > VALUES_MAX)
		return 2;
	config = config_open();
	message.kind = argv[1];
	message.openid = argv[2];
	message.key = argv[3];
	message.url = "https://ca.example.cn/apply/mine";
	for (int i = 4; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals)
			return 2;
		*equals = '\0';
		value[message.value_count++] = (struct wechat_value){ argv[i], equals + 1 };
	}
	struct wechat_account account = { config, db_open(config, DB_CRON), vault_open(config) };
	result = wechat_notify(&account, &message, &report);
	printf("%s|%s|%s\n", service_result_names[result], report.detail, report.reference);
	vault_close(account.vault);
	db_close(account.db);
	config_free(config);
	return 0;
}
