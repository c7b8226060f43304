/* applicant.h: the applicant: log-in by WeChat, mail address, blank forms by mail.
 *
 * Tables: applicant, login_state, forms_request, forms_address. Account: DB_APPLY,
 * and DB_CRON where it says so. */
#ifndef APPLICANT_APPLICANT_H
#define APPLICANT_APPLICANT_H

#include "base/ceilings.h"
#include "base/digest.h"
#include "check/check.h"
#include "db/db.h"
#include "vault/vault.h"

/* -- login.c -- */

/* A log-in under way at WeChat: the state in its address and the browser that
 * began, by the digests of their secrets. */
struct applicant_login {
	uint8_t state[SHA256_SIZE], browser[SHA256_SIZE];
};
/* Stores one that leads to a project and is good for so many minutes. */
void applicant_login_begin(struct db *, const struct applicant_login *, int64_t project,
			   int minutes);
/* Uses it up: it is good once, in time, in the browser that began. Then the code of
 * its project is given. */
#define APPLICANT_CODE_SIZE 33
bool applicant_login_take(struct db *, const struct applicant_login *,
			  char code[APPLICANT_CODE_SIZE]);
/* For the job: deletes at most so many that ended a day ago; gives how many there
 * were. Account: DB_CRON. */
long applicant_login_purge(struct db *, int most);
/* The applicant with that openid of an official account, made when there is none. */
int64_t applicant_of(struct db *, const char *appid, const char *openid);

/* -- contact.c: the mail address, sealed in applicant.email -- */

/* Appends it; false, and nothing, when none was given or it does not unseal: it is
 * asked for again. Also DB_CRON. */
bool applicant_email(struct db *, struct vault *, int64_t applicant, struct buffer *out);
/* How the applicant of an application is reached: the openid, and the address (""
 * as above). False: there is no such application. Account: DB_CRON. */
#define APPLICANT_OPENID_SIZE 65
bool applicant_reader(struct db *, struct vault *, int64_t application,
		      char openid[APPLICANT_OPENID_SIZE], struct buffer *email);
/* Seals a checked address; in a transaction. */
void applicant_email_store(struct db *, struct vault *, int64_t applicant, const char *email);

/* -- forms.c: blank forms, asked for by mail -- */

struct applicant_asking {
	int64_t applicant, project;
	const char *key; /* idempotency key */
	const char *email; /* checked */
};
enum applicant_asked {
	APPLICANT_ASKED, /* the request is stored; its id is given */
	APPLICANT_ASKED_BEFORE, /* under this key */
	APPLICANT_ADDRESS_FULL, /* FORMS_PER_ADDRESS_HOUR_MAX are sent there */
	APPLICANT_DAY_FULL, /* FORMS_PER_APPLICANT_DAY_MAX are asked for */
};
/* Stores the request and the address as the applicant's. Of several at once, on any
 * machine, none is counted past. In a transaction, to be undone unless it was
 * APPLICANT_ASKED; the caller promises the mail. */
enum applicant_asked applicant_ask_forms(struct db *, struct vault *,
					 const struct applicant_asking *, int64_t *request);

/* The project and the address of a stored request; false: there is none, or it does
 * not unseal. Account: DB_CRON. */
bool applicant_forms_request(struct db *, struct vault *, int64_t request, int64_t *project,
			     struct buffer *email);

#endif
