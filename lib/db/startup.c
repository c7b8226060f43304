/* startup.c: spares the client library work at start that no page needs.
 *
 * libmariadb asks the name service for the port of "mysql", and starts OpenSSL
 * with its configuration file, in every process, even for a local socket; the
 * two together cost more than a page's queries. Linked with
 * -Wl,--wrap=getservbyname, and where TLS is spoken at all with
 * -Wl,--wrap=OPENSSL_init_ssl, the calls come here.
 * Without these flags nothing names this file and the linker leaves it out. */
#include "db/internal.h"

#include <netdb.h>
#ifdef YJ_DB_TLS
#include <openssl/ssl.h>
#endif

struct servent *__real_getservbyname(const char *name, const char *protocol);
struct servent *__wrap_getservbyname(const char *name, const char *protocol);

/* NULL makes the library take the well-known port 3306; db_open() names the
 * port of a remote server itself. */
struct servent *__wrap_getservbyname(const char *name, const char *protocol)
{
	if (!strcmp(name, "mysql"))
		return NULL;
	return __real_getservbyname(name, protocol);
}

#ifdef YJ_DB_TLS
int __real_OPENSSL_init_ssl(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);
int __wrap_OPENSSL_init_ssl(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);

int __wrap_OPENSSL_init_ssl(uint64_t options, const OPENSSL_INIT_SETTINGS *settings)
{
	if (!db_startup_tls)
		return 1;
	return __real_OPENSSL_init_ssl(options, settings);
}
#endif
