/*
 * statistics.h - how much a sample says about the lot it was drawn from, and
 * how well two readers agree.
 *
 * tail is the chance of being wrong on the one side that is asked for: .05 for
 * a bound at 95 % confidence.
 */
#ifndef SUMI_STATISTICS_H
#define SUMI_STATISTICS_H

/*
 * Regularised incomplete beta function I_x(a, b), a and b > 0, x in 0..1: the
 * continued fraction of Abramowitz & Stegun 26.5.8, by Lentz's method.
 */
double statistics_beta(double x, double a, double b);

/*
 * Bounds of a rate after `events` in `trials` (1..): Clopper and Pearson,
 * Biometrika 26 (1934) 404.  Never optimistic, also without any event.
 */
double statistics_lower(long events, long trials, double tail);
double statistics_upper(long events, long trials, double tail);

/*
 * Of `lot` things, drawn without putting back: the least number to draw so that
 * finding no bad one says there are fewer than `bad` (1..lot) in the lot.
 */
long statistics_sample_of(long lot, long bad, double tail);

/*
 * The largest number of bad things in a lot that is still believable after
 * `found` were found among `drawn`, those found included (hypergeometric).
 */
long statistics_bad_of(long lot, long drawn, long found, double tail);

/* What two readers said of the same things. */
struct agreement { long both, first, second, neither; };

/* Cohen, Educ. Psychol. Meas. 20 (1960) 37.  1 when all is alike. */
double statistics_kappa(const struct agreement *a);
/* Gwet's AC1, Br. J. Math. Stat. Psychol. 61 (2008) 29: does not collapse
 * when nearly all things are alike. */
double statistics_ac1(const struct agreement *a);
/* Krippendorff's alpha for two readers and two values without gaps, Content
 * Analysis (1980) 12.  1 when all is alike. */
double statistics_alpha(const struct agreement *a);
#endif
