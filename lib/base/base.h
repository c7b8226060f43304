/* base.h: what every file of the project includes first: the build's
 * features, the C headers used everywhere, attributes and small macros. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "build.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NORETURN __attribute__((noreturn))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define SENTINEL __attribute__((sentinel))
#define MUST_USE __attribute__((warn_unused_result))
#define UNUSED __attribute__((unused))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#include "base/banned.h"

#endif
