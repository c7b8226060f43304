/* all.c: every message there is. */
#include "messages/messages.h"

const struct message_template *const message_all[] = {
	&message_approved,
	&message_cancelled,
	&message_completed,
	&message_expired,
	&message_forms_mail,
	&message_identity_accepted,
	&message_identity_again,
	&message_identity_failed,
	&message_identity_passed,
	&message_identity_refused,
	&message_identity_repeat,
	&message_identity_unsure,
	&message_invoice_mail,
	&message_invoice_red_mail,
	&message_order_confirmed,
	&message_paid,
	&message_parcel_returned,
	&message_produced,
	&message_refunded,
	&message_refused,
	&message_reminder,
	&message_rejected,
	&message_resubmitted,
	&message_shipped,
	NULL,
};

const struct message_template *message_by_kind(const char *kind)
{
	for (size_t i = 0; message_all[i]; i++)
		if (!strcmp(message_all[i]->kind, kind))
			return message_all[i];
	return NULL;
}
