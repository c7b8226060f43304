/* subscribe-card.c: asks whether WeChat may tell how the application goes on. */
#include "subscribe-card.h"

#include <time.h>

#include "page/layout.h"
#include "service/wechat-consent.h"
#include "service/wechat-jssdk.h"

/* WeChat's open tag asks for three templates at once. True when all have been answered. */
static bool find_templates(struct page *p, struct buffer *ids)
{
	return wechat_consent_wanted(p->db, p->application.applicant,
				     config_text(p->config, "wechat_appid"),
				     config_flag(p->config, "demo"), ids);
}

/* The address as the phone has it: what the request calls the host may be a
 * name behind a balancer, and is not believed. */
static void own_address(struct page *p, struct buffer *out)
{
	const char *query = getenv("QUERY_STRING");

	buffer_printf(out, "%s/%s%s%s", config_text(p->config, "public_url"), p->spec->name,
		      query && *query ? "?" : "", query ? query : "");
}

static void write_card(struct page *p, const char *ids, const char *ticket)
{
	char nonce[PUBLIC_ID_SIZE], now[24], signature[WECHAT_SIGNATURE_LEN + 1];
	const char *sdk = config_text(p->config, "wechat_js_url");
	struct buffer address = BUFFER_INIT;
	struct markup *m = p->markup;

	random_public_id(nonce);
	snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	own_address(p, &address);
	wechat_js_sign(ticket, nonce, now, buffer_text(&address), signature);
	buffer_release(&address);
	reply_allow_wechat(&p->reply, sdk);
	markup_open(m, "section", "class", "yj-card", "hidden", "", "data-yj-subscribe", ids,
		    "data-sdk", sdk, "data-app", config_text(p->config, "wechat_appid"),
		    "data-timestamp", now, "data-nonce", nonce, "data-signature", signature, NULL);
	markup_element(m, "h2", "接收办理进度通知", "class", "yj-card__title", NULL);
	markup_element(m, "p",
		       "允许后，审核结果和快递单号会通过微信通知您。不允许的，发到您的邮箱。",
		       NULL);
	markup_element(m, "div", NULL, "class", "yj-subscribe", NULL);
	markup_element(m, "p", NULL, "class", "yj-hint", "role", "status", NULL);
	markup_close(m, "section");
}

void subscribe_card(struct page *p)
{
	struct buffer ids = BUFFER_INIT, ticket = BUFFER_INIT;

	if (strcmp(config_text(p->config, "wechat_notify"), "subscription") != 0)
		return;
	if (find_templates(p, &ids))
		markup_element(p->markup, "p", "✓ 办理进度会通过微信通知您", "class", "yj-hint",
			       NULL);
	else if (ids.len && wechat_ticket_kept(p->db, page_vault(p),
					       config_text(p->config, "wechat_appid"), &ticket))
		write_card(p, ids.data, ticket.data);
	buffer_release(&ids);
	buffer_wipe(&ticket);
}
