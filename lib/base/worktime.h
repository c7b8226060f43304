/* worktime.h: how long something has waited, in working hours.
 *
 * A working day is Monday to Friday, 9 to 18 o'clock in China, which has one
 * zone and no summer time. Public holidays are not known: the figure tells a
 * clerk what is urgent, no deadline hangs on it. */
#ifndef BASE_WORKTIME_H
#define BASE_WORKTIME_H

#include "base/buffer.h"

#define WORKTIME_DAY_S (9 * 3600)

/* Working seconds from one moment to a later one (Unix time); 0 if not later. */
int64_t worktime_between(int64_t from, int64_t to);
/* In words, to whole hours or days: 不到 1 小时, 5 小时, 3 个工作日. */
void worktime_text(int64_t seconds, struct buffer *out);

#endif
