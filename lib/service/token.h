/* token.h: the tokens that outside services give out for a while, fetched by
 * one program for all.
 *
 * A token is kept sealed in service_token and shared by all programs on all
 * machines: one of them fetches, the others use the old one while it is good
 * and wait while it is not. After a failed fetch there is a pause.
 * Never within db_transaction(): a fetch asks over the network. */
#ifndef SERVICE_TOKEN_H
#define SERVICE_TOKEN_H

#include "base/buffer.h"
#include "db/db.h"
#include "service/result.h"
#include "vault/vault.h"

#define TOKEN_TEXT_MAX 512

/* One kind of token, and how it is come by. */
struct token_source {
	const char *name; /* of the row, 64 characters: service and account */
	int life_max_s; /* no token lives longer */
	int overlap_s; /* so long before its end the next one is fetched */
	int retreat_s; /* the pause after a failed fetch */
	int age_min_s; /* a token younger than this is not dropped */
	int claim_s; /* no fetch lasts longer; 0: that of one call over the network */
	/* Asks the service: appends the token, gives its life. What is not
	 * printable ASCII or lives too long is refused by the caller. */
	enum service_result (*fetch)(const void *context, struct buffer *token, int64_t *life_s,
				     struct service_report *);
	const void *context;
};

/* Appends the token, a secret, and tells which one it is.
 * SERVICE_RETRY_LATER when it is being fetched for too long or was not given. */
enum service_result token_take(struct db *, struct vault *, const struct token_source *,
			       struct buffer *token, int64_t *generation,
			       struct service_report *) MUST_USE;
/* The service refuses the token of that generation: the next token_take()
 * fetches another. False when it is too young for that. */
bool token_drop(struct db *, const struct token_source *, int64_t generation);

/* Appends the vault's context of the token in the row of that name, for programs
 * that may read a row but not fetch a token. */
void token_place(const char *name, struct buffer *out);

#endif
