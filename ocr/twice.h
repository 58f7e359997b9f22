/*
 * twice.h - loops over bytes that are built twice from one text: for any
 * processor, and for those with AVX2.  Both give the same.
 */
#ifndef SUMI_TWICE_H
#define SUMI_TWICE_H

#include <stdbool.h>

/* A part of a function of either form; it takes the form of its caller. */
#define INLINED static inline __attribute__((always_inline))

/* The faster form; to be called where can_be_fast() alone. */
#if defined(__x86_64__)
#define FAST __attribute__((target("avx2")))
#else
#define FAST
#endif

static inline bool can_be_fast(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}

#endif
