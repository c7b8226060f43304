/* ticket.c: keeps a jsapi ticket ready for the page that asks for subscription
 * notifications, since no page waits for WeChat to ask for one. */
#include "base/base.h"

#include "base/log.h"
#include "service/wechat-account.h"

/* Whether any page would ask. */
static bool is_needed(const struct wechat_account *a)
{
	struct db_result *row;
	bool needed;

	if (strcmp(config_text(a->config, "wechat_notify"), "subscription") != 0)
		return false;
	row = db_select(a->db,
			"SELECT 1 FROM wechat_template WHERE channel = 'subscription' LIMIT 1",
			DB_NO_ARGS);
	needed = db_next(row);
	db_result_free(row);
	return needed;
}

int main(void)
{
	struct buffer ticket = BUFFER_INIT;
	struct service_report report;
	struct wechat_account a;
	enum service_result result = SERVICE_OK;

	log_identify("cron/ticket", "-");
	a.config = config_open();
	a.db = db_open(a.config, DB_CRON);
	a.vault = vault_open(a.config);
	if (is_needed(&a))
		result = wechat_ticket(&a, &ticket, &report);
	if (result != SERVICE_OK)
		log_line(LOG_FAULT, "ticket.failed", "result=%s %s", service_result_names[result],
			 report.detail);
	buffer_wipe(&ticket);
	vault_close(a.vault);
	db_close(a.db);
	return result == SERVICE_OK ? 0 : 1;
}
