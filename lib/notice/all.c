/* all.c: every notice there is. */
#include "notices/notices.h"

const struct notice_template *const notice_all[] = {
	&notice_approved,
	&notice_cancelled,
	&notice_completed,
	&notice_expired,
	&notice_forms_mail,
	&notice_identity_accepted,
	&notice_identity_again,
	&notice_identity_failed,
	&notice_identity_passed,
	&notice_identity_refused,
	&notice_identity_repeat,
	&notice_identity_unsure,
	&notice_invoice_mail,
	&notice_invoice_red_mail,
	&notice_order_confirmed,
	&notice_paid,
	&notice_parcel_returned,
	&notice_produced,
	&notice_refunded,
	&notice_refused,
	&notice_reminder,
	&notice_rejected,
	&notice_resubmitted,
	&notice_shipped,
	NULL,
};

const struct notice_template *notice_by_kind(const char *kind)
{
	for (size_t i = 0; notice_all[i]; i++)
		if (!strcmp(notice_all[i]->kind, kind))
			return notice_all[i];
	return NULL;
}
