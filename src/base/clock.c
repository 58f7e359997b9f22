/* clock.c - the clock that only runs forward. */
#include "config.h"

#include "base/clock.h"

#include <time.h>

long long clock_ms(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}
