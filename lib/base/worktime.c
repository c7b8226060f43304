/* worktime.c: how long something has waited, in working hours. */
#include "base/worktime.h"

#define DAY_S 86400
#define ZONE_S (8 * 3600)
#define OPENS_S (9 * 3600)
#define CLOSES_S (OPENS_S + WORKTIME_DAY_S)
#define WEEK_WORK_S (5 * (int64_t)WORKTIME_DAY_S)

/* Working seconds from the Monday 1969-12-29 00:00 in China until then. */
static int64_t worked(int64_t moment)
{
	int64_t at = moment + ZONE_S + 3 * DAY_S; /* the epoch was a Thursday */
	int64_t day = at / DAY_S, second = at % DAY_S;
	int64_t week_days = day % 7 < 5 ? day % 7 : 5;
	int64_t total = day / 7 * WEEK_WORK_S + week_days * WORKTIME_DAY_S;

	if (day % 7 >= 5 || second <= OPENS_S)
		return total;
	return total + (second < CLOSES_S ? second : CLOSES_S) - OPENS_S;
}

int64_t worktime_between(int64_t from, int64_t to)
{
	return to > from ? worked(to) - worked(from) : 0;
}

void worktime_text(int64_t seconds, struct buffer *out)
{
	if (seconds < 3600)
		buffer_puts(out, "不到 1 小时");
	else if (seconds < WORKTIME_DAY_S)
		buffer_printf(out, "%d 小时", (int)(seconds / 3600));
	else
		buffer_printf(out, "%lld 个工作日", (long long)(seconds / WORKTIME_DAY_S));
}
