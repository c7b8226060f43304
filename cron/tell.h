/* tell.h: rows of the outbox that tell an applicant something. Part of
 * cron/outbox: its table of kinds names these two.
 *
 * A notice goes to WeChat; where that cannot be (not following, refused, no
 * template), by mail to the address the applicant gave. With none given there
 * is nobody to tell: the row is done, and its note says so. The applicant sees
 * the same on apply/status in any case. */
#ifndef CRON_TELL_H
#define CRON_TELL_H

#include "base/config.h"
#include "outbox/outbox.h"
#include "vault/vault.h"

struct teller {
	const struct config *config;
	struct db *db;
	struct vault *vault;
};

/* Every kind that has a notice (notice_known), and is about an application. */
enum service_result tell_applicant(const struct teller *, const struct outbox_row *,
				   struct service_report *);
/* forms_mail: the project's blank forms to the address in the row of
 * forms_request that the payload names: {"request":7}. */
enum service_result tell_forms(const struct teller *, const struct outbox_row *,
			       struct service_report *);

#endif
