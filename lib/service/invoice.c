/* invoice.c: e-invoices by whichever provider the config names. */
#include "service/invoice.h"

#include "base/die.h"
#include "service/nuonuo.h"

const char *const invoice_state_names[INVOICE_STATE_COUNT] = {
	[INVOICE_ABSENT] = "absent", [INVOICE_PENDING] = "pending", [INVOICE_ISSUED] = "issued",
	[INVOICE_FAILED] = "failed", [INVOICE_AGAIN] = "again",     [INVOICE_VOIDING] = "voiding",
	[INVOICE_VOID] = "void",
};

/* To add a provider: its row, its files, its keys in the config, and its
 * stand-in. t/service/nuonuo.t shows what must hold. */
static const struct provider {
	const char *name;
	enum service_result (*issue)(const struct invoice_account *, const struct invoice_order *,
				     struct service_report *);
	enum service_result (*red)(const struct invoice_account *,
				   const struct invoice_correction *, struct service_report *);
	enum service_result (*query)(const struct invoice_account *, const char *order_no,
				     struct invoice_status *, struct service_report *);
} providers[] = {
	{ "manual", NULL, NULL, NULL },
	{ "nuonuo", nuonuo_issue, nuonuo_red, nuonuo_query },
};

static const struct provider *provider_of(const struct config *config)
{
	const char *name = config_text(config, "invoice_provider");

	for (size_t i = 0; i < ARRAY_SIZE(providers); i++)
		if (!strcmp(providers[i].name, name))
			return &providers[i];
	die("config: invoice_provider is neither nuonuo nor manual");
}

bool invoice_is_automatic(const struct config *config)
{
	return provider_of(config)->issue;
}

static enum service_result nobody_asked(struct service_report *report)
{
	memset(report, 0, sizeof(*report));
	snprintf(report->detail, sizeof(report->detail), "invoices are issued by hand");
	return SERVICE_PERMANENT;
}

enum service_result invoice_issue(const struct invoice_account *a,
				  const struct invoice_order *order, struct service_report *report)
{
	const struct provider *provider = provider_of(a->config);

	return provider->issue ? provider->issue(a, order, report) : nobody_asked(report);
}

enum service_result invoice_red(const struct invoice_account *a,
				const struct invoice_correction *correction,
				struct service_report *report)
{
	const struct provider *provider = provider_of(a->config);

	return provider->red ? provider->red(a, correction, report) : nobody_asked(report);
}

enum service_result invoice_query(const struct invoice_account *a, const char *order_no,
				  struct invoice_status *status, struct service_report *report)
{
	const struct provider *provider = provider_of(a->config);

	memset(status, 0, sizeof(*status));
	return provider->query ? provider->query(a, order_no, status, report) :
				 nobody_asked(report);
}
