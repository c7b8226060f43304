/* no-tls.c: stands in for the TLS layer of the static client library.
 *
 * A program that reaches the database by a socket never speaks TLS, yet the
 * library would bring all of OpenSSL into it: half a megabyte of tables to be
 * relocated at each start, which costs a page more than its queries. The names
 * are those of libmariadb's ma_tls.h (Connector/C 3.3); configure tries whether
 * they still are. Built unless --enable-db-tls is given. */
#include "db/internal.h"

const bool db_speaks_tls = false;

extern char tls_library_version[];
int ma_tls_start(char *error, size_t size);
void ma_tls_end(void);
void *ma_tls_init(MYSQL *mysql);
my_bool ma_tls_connect(void *tls);
ssize_t ma_tls_read(void *tls, const unsigned char *bytes, size_t n);
ssize_t ma_tls_write(void *tls, const unsigned char *bytes, size_t n);
ssize_t ma_tls_read_async(void *pvio, const unsigned char *bytes, size_t n);
ssize_t ma_tls_write_async(void *pvio, const unsigned char *bytes, size_t n);
my_bool ma_tls_close(void *tls);
int ma_tls_verify_server_cert(void *tls);
const char *ma_tls_get_cipher(void *tls);
unsigned ma_tls_get_finger_print(void *tls, char *out, unsigned n);
int ma_tls_get_protocol_version(void *tls);
void ma_tls_set_connection(MYSQL *mysql);

char tls_library_version[] = "none";

int ma_tls_start(char *error UNUSED, size_t size UNUSED)
{
	return 0;
}

void ma_tls_end(void)
{
}

/* No TLS context: the library then refuses to connect where TLS is asked for. */
void *ma_tls_init(MYSQL *mysql UNUSED)
{
	return NULL;
}

my_bool ma_tls_connect(void *tls UNUSED)
{
	return 1;
}

ssize_t ma_tls_read(void *tls UNUSED, const unsigned char *bytes UNUSED, size_t n UNUSED)
{
	return -1;
}

ssize_t ma_tls_write(void *tls UNUSED, const unsigned char *bytes UNUSED, size_t n UNUSED)
{
	return -1;
}

ssize_t ma_tls_read_async(void *pvio UNUSED, const unsigned char *bytes UNUSED, size_t n UNUSED)
{
	return -1;
}

ssize_t ma_tls_write_async(void *pvio UNUSED, const unsigned char *bytes UNUSED, size_t n UNUSED)
{
	return -1;
}

my_bool ma_tls_close(void *tls UNUSED)
{
	return 0;
}

int ma_tls_verify_server_cert(void *tls UNUSED)
{
	return 1;
}

const char *ma_tls_get_cipher(void *tls UNUSED)
{
	return NULL;
}

unsigned ma_tls_get_finger_print(void *tls UNUSED, char *out UNUSED, unsigned n UNUSED)
{
	return 0;
}

int ma_tls_get_protocol_version(void *tls UNUSED)
{
	return -1;
}

void ma_tls_set_connection(MYSQL *mysql UNUSED)
{
}
