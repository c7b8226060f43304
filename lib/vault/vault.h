/* vault.h: encryption of personal data under a key ring outside the database.
 *
 * A sealed value is: 1 byte form (1) · 4 bytes key number, big endian · 12
 * bytes nonce · cipher text · 16 bytes tag; AES-256-GCM (NIST SP 800-38D) with
 * a random nonce. The context ("legal_rep.id_number:42") is authenticated, so
 * a value copied to another row or column does not open. The key ring file
 * (config keyring_file, mode 0600) has lines "number purpose hex": purposes
 * seal, index and face; sealing uses the highest number of its purpose,
 * opening the number in front. The key is derived per purpose, never shared
 * between two.
 *
 * Face material has keys of its own: a machine that never shows it need not
 * hold them, and all of it is gone for good when the line is taken out of
 * every copy of the ring. The rest of the vault works without. */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

#include "base/buffer.h"
#include "base/config.h"
#include "base/digest.h"

#define VAULT_OVERHEAD (1 + 4 + 12 + 16)

struct vault;

/* Reads the key ring; die()s when it is missing, open to others or malformed. */
struct vault *vault_open(const struct config *);
/* Wipes the keys; NULL is fine. */
void vault_close(struct vault *);

/* Appends the sealed form of data to out. */
void vault_seal(struct vault *, const char *context, const void *data, size_t n,
		struct buffer *out);
/* Appends the plain data to out; false when the value was altered, belongs
 * elsewhere or its key is gone (logged as a fault). */
bool vault_unseal(struct vault *, const char *context, const void *sealed, size_t n,
		  struct buffer *out) MUST_USE;
/* The same for face material. Sealing die()s without a face key; a value whose
 * key was destroyed does not open. */
void vault_seal_face(struct vault *, const char *context, const void *data, size_t n,
		     struct buffer *out);
bool vault_unseal_face(struct vault *, const char *context, const void *sealed, size_t n,
		       struct buffer *out) MUST_USE;
/* Whether the ring has a key to seal face material with. */
bool vault_has_face_key(const struct vault *) MUST_USE;
/* Blind index: HMAC-SHA-256 of domain and text. Equal text in one domain gives
 * equal bytes, so a column can be searched without being readable. */
void vault_index(struct vault *, const char *domain, const char *text, uint8_t out[SHA256_SIZE]);

#endif
