/*
 * twice.h - loops over bytes that are built twice from one text: for any
 * processor, and for those with AVX2 and the bit instructions of its time.
 * Both give the same.
 */
#ifndef SUMI_TWICE_H
#define SUMI_TWICE_H

#include <stdbool.h>

/* A part of a function of either form; it takes the form of its caller. */
#define INLINED static inline __attribute__((always_inline))

/* The faster form; to be called where can_be_fast() alone. */
#if defined(__x86_64__)
#define FAST __attribute__((target("avx2,bmi,bmi2,popcnt")))
#else
#define FAST
#endif

static inline bool can_be_fast(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
#else
	return false;
#endif
}

#endif
