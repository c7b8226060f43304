/* ticket.c: cron/ticket: keeps a jsapi ticket fresh for the page that asks for
 * subscription notifications, since no page waits for WeChat's answer. */
#include "base/base.h"

#include "base/log.h"
#include "service/wechat-account.h"
#include "service/wechat-consent.h"

/* Whether any page needs a ticket. */
static bool is_needed(const struct wechat_account *a)
{
	return !strcmp(config_text(a->config, "wechat_notify"), "subscription") &&
	       wechat_consent_is_asked(a->db);
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
