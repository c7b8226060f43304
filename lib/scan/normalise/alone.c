/* alone.c: replaces two dependencies of libzbar: a message bus that reports
 * codes, and character sets that are read from files.
 *
 * The bus is called only on request, and this program never requests it. The codes
 * of printed forms are ASCII, so no other character set is known. */
#include "base/base.h"

#include <iconv.h>

void *dbus_bus_get(void);
void *dbus_bus_get(void)
{
	abort();
}

void *dbus_bus_release_name(void);
void *dbus_bus_release_name(void)
{
	abort();
}

void *dbus_bus_request_name(void);
void *dbus_bus_request_name(void)
{
	abort();
}

void *dbus_connection_flush(void);
void *dbus_connection_flush(void)
{
	abort();
}

void *dbus_connection_send(void);
void *dbus_connection_send(void)
{
	abort();
}

void *dbus_error_free(void);
void *dbus_error_free(void)
{
	abort();
}

void *dbus_error_init(void);
void *dbus_error_init(void)
{
	abort();
}

void *dbus_error_is_set(void);
void *dbus_error_is_set(void)
{
	abort();
}

void *dbus_message_iter_append_basic(void);
void *dbus_message_iter_append_basic(void)
{
	abort();
}

void *dbus_message_iter_append_fixed_array(void);
void *dbus_message_iter_append_fixed_array(void)
{
	abort();
}

void *dbus_message_iter_close_container(void);
void *dbus_message_iter_close_container(void)
{
	abort();
}

void *dbus_message_iter_init_append(void);
void *dbus_message_iter_init_append(void)
{
	abort();
}

void *dbus_message_iter_open_container(void);
void *dbus_message_iter_open_container(void)
{
	abort();
}

void *dbus_message_new_signal(void);
void *dbus_message_new_signal(void)
{
	abort();
}

void *dbus_message_unref(void);
void *dbus_message_unref(void)
{
	abort();
}

iconv_t __wrap_iconv_open(const char *to, const char *from);
iconv_t __wrap_iconv_open(const char *to UNUSED, const char *from UNUSED)
{
	return (iconv_t)(intptr_t)-1;
}

size_t __wrap_iconv(iconv_t set, char **in, size_t *in_left, char **out, size_t *out_left);
size_t __wrap_iconv(iconv_t set UNUSED, char **in UNUSED, size_t *in_left UNUSED, char **out UNUSED,
		    size_t *out_left UNUSED)
{
	return (size_t)-1;
}

int __wrap_iconv_close(iconv_t set);
int __wrap_iconv_close(iconv_t set UNUSED)
{
	return 0;
}
