/* ints.h - the least and the greatest of whole numbers. */
#ifndef SUMI_INTS_H
#define SUMI_INTS_H

static inline int imin(int a, int b)
{
	return a < b ? a : b;
}

static inline int imax(int a, int b)
{
	return a > b ? a : b;
}

/* What a0..a1 and b0..b1 have in common; below 0: how far they are apart. */
static inline int overlap(int a0, int a1, int b0, int b1)
{
	return imin(a1, b1) - imax(a0, b0);
}

#endif
