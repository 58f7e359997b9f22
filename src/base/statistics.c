/* statistics.c - bounds from samples, agreement of two readers. */
#include "config.h"

#include "base/statistics.h"

#include <math.h>
#include <stdbool.h>

/* ---- the beta distribution ---- */

enum { FRACTION_MAX = 500, HALVINGS = 200 };

/* A denominator that is not 0. */
static double not_zero(double x)
{
	return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* The continued fraction; converges quickly for x < (a + 1) / (a + b + 2). */
static double fraction(double x, double a, double b)
{
	double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), value = d;

	for (int m = 1; m <= FRACTION_MAX; m++) {
		double even = m * (b - m) * x /
			      ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x /
			     ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 / not_zero(1 + even * d);
		c = not_zero(1 + even / c);
		value *= d * c;
		d = 1 / not_zero(1 + odd * d);
		c = not_zero(1 + odd / c);
		value *= d * c;
		if (fabs(d * c - 1) < 1e-15)
			break;
	}
	return value;
}

double statistics_beta(double x, double a, double b)
{
	double front;

	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) +
		    b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(x, a, b) / a;
	return 1 - front * fraction(1 - x, b, a) / b;
}

/* The x with I_x(a, b) = share, by halving. */
static double beta_quantile(double share, double a, double b)
{
	double low = 0, high = 1;

	for (int i = 0; i < HALVINGS && low < high; i++) {
		double middle = (low + high) / 2;

		if (middle <= low || middle >= high)
			break;
		if (statistics_beta(middle, a, b) < share)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

double statistics_lower(long events, long trials, double tail)
{
	return events ? beta_quantile(tail, (double)events,
				      (double)(trials - events + 1)) : 0;
}

double statistics_upper(long events, long trials, double tail)
{
	if (events == trials)
		return 1;
	return beta_quantile(1 - tail, (double)(events + 1),
			     (double)(trials - events));
}

/* ---- sizes of samples ---- */

/* The least n in low + 1..high of which it is true; it is true of high. */
static long least(long low, long high,
		  bool (*is_true)(const void *of, long n), const void *of)
{
	while (high - low > 1) {
		long n = low + (high - low) / 2;

		if (is_true(of, n))
			high = n;
		else
			low = n;
	}
	return high;
}

struct question {
	long lot, bad, drawn, found;
	double tail;
};

static double log_choose(long n, long k)
{
	return lgamma((double)n + 1) - lgamma((double)k + 1) -
	       lgamma((double)(n - k) + 1);
}

/* Is the chance at most the tail, up to what the sums lose? */
static bool within(double chance, double tail)
{
	return chance <= tail * (1 + 1e-9);
}

/* At most `found` of `bad` among `drawn` of `lot`: the chance. */
static double at_most_of(long lot, long bad, long drawn, long found)
{
	double all = log_choose(lot, drawn), chance = 0;

	for (long k = 0; k <= found && k <= bad && k <= drawn; k++)
		if (drawn - k <= lot - bad)
			chance += exp(log_choose(bad, k) +
				      log_choose(lot - bad, drawn - k) - all);
	return chance;
}

static bool says_fewer(const void *of, long n)
{
	const struct question *q = of;

	return within(at_most_of(q->lot, q->bad, n, 0), q->tail);
}

long statistics_sample_of(long lot, long bad, double tail)
{
	struct question q = { .lot = lot, .bad = bad, .tail = tail };

	return least(0, lot, says_fewer, &q);
}

static bool not_believed(const void *of, long bad)
{
	const struct question *q = of;

	return within(at_most_of(q->lot, bad, q->drawn, q->found), q->tail);
}

long statistics_bad_of(long lot, long drawn, long found, double tail)
{
	struct question q = { .lot = lot, .drawn = drawn, .found = found,
			      .tail = tail };

	return least(found, lot - drawn + found + 1, not_believed, &q) - 1;
}

/* ---- agreement ---- */

struct shares { double alike, first, second; };

static struct shares shares_of(const struct agreement *a)
{
	double n = (double)(a->both + a->first + a->second + a->neither);

	return (struct shares){
		.alike = (double)(a->both + a->neither) / n,
		.first = (double)(a->both + a->first) / n,
		.second = (double)(a->both + a->second) / n,
	};
}

/* Agreement beyond what chance would give. */
static double beyond(double alike, double chance)
{
	return chance < 1 ? (alike - chance) / (1 - chance) : 1;
}

double statistics_kappa(const struct agreement *a)
{
	struct shares s = shares_of(a);

	return beyond(s.alike, s.first * s.second +
			       (1 - s.first) * (1 - s.second));
}

double statistics_ac1(const struct agreement *a)
{
	struct shares s = shares_of(a);
	double mean = (s.first + s.second) / 2;

	return beyond(s.alike, 2 * mean * (1 - mean));
}

double statistics_alpha(const struct agreement *a)
{
	double differ = (double)(a->first + a->second);
	double yes = 2. * (double)a->both + differ;
	double no = 2. * (double)a->neither + differ;

	return differ > 0 ? 1 - (yes + no - 1) * differ / (yes * no) : 1;
}
