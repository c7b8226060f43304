/* notices.h: the notices made from the XML files of this folder. */
#ifndef NOTICES_NOTICES_H
#define NOTICES_NOTICES_H

#include "notice/notice.h"

extern const struct notice_template notice_approved;
extern const struct notice_template notice_cancelled;
extern const struct notice_template notice_completed;
extern const struct notice_template notice_expired;
extern const struct notice_template notice_forms_mail;
extern const struct notice_template notice_identity_accepted;
extern const struct notice_template notice_identity_again;
extern const struct notice_template notice_identity_failed;
extern const struct notice_template notice_identity_passed;
extern const struct notice_template notice_identity_refused;
extern const struct notice_template notice_identity_repeat;
extern const struct notice_template notice_identity_unsure;
extern const struct notice_template notice_invoice_mail;
extern const struct notice_template notice_invoice_red_mail;
extern const struct notice_template notice_order_confirmed;
extern const struct notice_template notice_paid;
extern const struct notice_template notice_parcel_returned;
extern const struct notice_template notice_produced;
extern const struct notice_template notice_refunded;
extern const struct notice_template notice_refused;
extern const struct notice_template notice_reminder;
extern const struct notice_template notice_rejected;
extern const struct notice_template notice_resubmitted;
extern const struct notice_template notice_shipped;

#endif
