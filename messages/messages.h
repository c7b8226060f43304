/* messages.h: the messages made from the XML files of this folder. */
#ifndef MESSAGES_MESSAGES_H
#define MESSAGES_MESSAGES_H

#include "message/message.h"

extern const struct message_template message_approved;
extern const struct message_template message_cancelled;
extern const struct message_template message_completed;
extern const struct message_template message_expired;
extern const struct message_template message_forms_mail;
extern const struct message_template message_identity_accepted;
extern const struct message_template message_identity_again;
extern const struct message_template message_identity_failed;
extern const struct message_template message_identity_passed;
extern const struct message_template message_identity_refused;
extern const struct message_template message_identity_repeat;
extern const struct message_template message_identity_unsure;
extern const struct message_template message_invoice_mail;
extern const struct message_template message_invoice_red_mail;
extern const struct message_template message_order_confirmed;
extern const struct message_template message_paid;
extern const struct message_template message_parcel_returned;
extern const struct message_template message_produced;
extern const struct message_template message_refunded;
extern const struct message_template message_refused;
extern const struct message_template message_reminder;
extern const struct message_template message_rejected;
extern const struct message_template message_resubmitted;
extern const struct message_template message_shipped;

#endif
