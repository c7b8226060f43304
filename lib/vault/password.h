/* password.h: staff passwords, kept as scrypt hashes (RFC 7914).
 *
 * A stored password is text: scrypt$N$r$p$SALT$HASH, salt and hash in hex, so
 * that the cost can rise later without a new column. */
#ifndef VAULT_PASSWORD_H
#define VAULT_PASSWORD_H

#include "base/buffer.h"

#define PASSWORD_MIN 10 /* characters */
#define PASSWORD_MAX 128 /* bytes */

/* Appends the stored form of a password, with a fresh salt. */
void password_hash(const char *password, struct buffer *out);
/* Whether the password is the stored one. For `stored` NULL (an unknown log-in) it
 * does the same work and returns false, so that the time reveals no log-ins. */
bool password_matches(const char *password, const char *stored) MUST_USE;

#endif
