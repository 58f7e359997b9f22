/* dice.h - random numbers that are the same on every machine. */
#ifndef SUMI_BURNIN_DICE_H
#define SUMI_BURNIN_DICE_H

#include <stdbool.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
struct dice {
	uint64_t state;
};

static inline uint64_t dice_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static inline uint64_t dice_next(struct dice *d)
{
	d->state += 0x9e3779b97f4a7c15ULL;
	return dice_mix(d->state);
}

/* low..high, both included; high >= low. */
static inline int dice_range(struct dice *d, int low, int high)
{
	return low + (int)(dice_next(d) % (uint64_t)(high - low + 1));
}

/* True in permille of 1000 cases. */
static inline bool dice_chance(struct dice *d, int permille)
{
	return dice_range(d, 0, 999) < permille;
}

/* low <= result < high */
static inline double dice_real(struct dice *d, double low, double high)
{
	return low + (high - low) * (double)(dice_next(d) >> 11) /
		     9007199254740992.;
}

/* About normal, mean 0, standard deviation 1: four uniform ones summed. */
static inline double dice_bell(struct dice *d)
{
	double sum = 0;

	for (int i = 0; i < 4; i++)
		sum += dice_real(d, -.5, .5);
	return sum * 1.7320508;
}

#define DICE_PICK(d, table) \
	((table)[dice_range(d, 0, (int)(sizeof(table) / sizeof(*(table))) - 1)])

#endif
