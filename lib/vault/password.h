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
/* Appends the stored form that a password has by a salt that is there: a stored
 * password up to its hash, scrypt$N$r$p$SALT. For "" (an unknown log-in) it does the
 * same work, so that the time reveals no log-ins, and appends what nobody has stored.
 * A malformed salt is die(). */
void password_derive(const char *password, const char *salt, struct buffer *out);

#endif
