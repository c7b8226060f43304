/* payment-ticket.c: tickets of WeChat Pay on their way through the browser. */
#include "payment.h"

#include <time.h>

#include "base/alloc.h"

#define SEALED_MAX 700 /* bytes; an address of WECHATPAY_URL_MAX fits */
#define CLOCK_SKEW_S 60 /* between two machines of ours */

/* Somewhat less than the service says. */
static const int good_for_s[PAY_PRODUCT_COUNT] = {
	[PAY_JSAPI] = 110 * 60,
	[PAY_H5] = 270,
	[PAY_NATIVE] = 110 * 60,
};

static void place(struct page *p, enum pay_product product, struct buffer *out)
{
	buffer_printf(out, "payment.ticket.%s:%s", pay_product_names[product],
		      p->application.public_id);
}

void payment_ticket_seal(struct page *p, enum pay_product product, const char *ticket,
			 struct buffer *hex)
{
	struct buffer plain = BUFFER_INIT, sealed = BUFFER_INIT, where = BUFFER_INIT;

	place(p, product, &where);
	buffer_printf(&plain, "%lld %s", (long long)time(NULL), ticket);
	vault_seal(page_vault(p), where.data, plain.data, plain.len, &sealed);
	hex_encode(sealed.data, sealed.len, buffer_room(hex, 2 * sealed.len + 1));
	hex->len += 2 * sealed.len;
	buffer_release(&plain);
	buffer_release(&sealed);
	buffer_release(&where);
}

static bool is_fresh(enum pay_product product, const char *since)
{
	int64_t age = time(NULL) - strtoll(since, NULL, 10);

	return age >= -CLOCK_SKEW_S && age <= good_for_s[product];
}

bool payment_ticket_open(struct page *p, enum pay_product product, const char *hex,
			 struct buffer *ticket)
{
	uint8_t sealed[SEALED_MAX];
	size_t n = strlen(hex) / 2;
	struct buffer plain = BUFFER_INIT, where = BUFFER_INIT;
	const char *blank;
	bool good = false;

	place(p, product, &where);
	if (n <= VAULT_OVERHEAD || n > sizeof(sealed) || !hex_decode(hex, sealed, n) ||
	    !vault_unseal(page_vault(p), where.data, sealed, n, &plain))
		goto out;
	blank = strchr(buffer_text(&plain), ' ');
	good = blank && is_fresh(product, plain.data);
	if (good)
		buffer_puts(ticket, blank + 1);
out:
	buffer_release(&plain);
	buffer_release(&where);
	return good;
}
