/* tls.c: this build speaks TLS to the database where db_tls asks for it. */
#include "db/internal.h"

const bool db_speaks_tls = true;
