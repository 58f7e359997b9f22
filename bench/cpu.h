/* cpu.h - the CPU time of this process, all threads, in milliseconds. */
#ifndef SUMI_BENCH_CPU_H
#define SUMI_BENCH_CPU_H

#include <time.h>

static inline double cpu_ms(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

#endif
