/* check_statistics.c - bounds and agreement against published values, and
 * against R 4.2.2 (qbeta, phyper; epitools). */
#include "config.h"

#include <math.h>

#include "base/statistics.h"
#include "support.h"

#define NEAR(value, wanted, within) \
	ck_assert_msg(fabs((value) - (wanted)) <= (within), \
		      "%.12g is not %.12g", (double)(value), (double)(wanted))

START_TEST(bounds_of_a_rate)
{
	static const struct {
		long events, trials;
		double tail, low, high;
	} rows[] = {
		{ 0, 30, .025, 0, .1157033082 },
		{ 0, 300, .025, 0, .0122209747 },
		{ 1, 300, .025, .0000843891, .0184312520 },
		{ 3, 300, .025, .0020670072, .0289445113 },
		{ 2, 1000, .025, .0002423011, .0072058389 },
		{ 5, 2000, .025, .0008122260, .0058244453 },
		{ 7, 20, .025, .1539092048, .5921885345 },
		{ 10, 10, .025, .6915028922, 1 },
		{ 1, 10, .025, .0025285785, .4450161170 },
		{ 0, 300, .005, 0, .0175060155 },
		{ 50, 50, .05, .9418449, 1 },
		{ 100, 100, .05, .9704870, 1 },
		{ 49, 50, .05, .9086019, -1 },
		{ 98, 100, .05, .9383808, -1 },
		{ 0, 300, .05, 0, .0099360819 },
		{ 1, 300, .05, -1, .0157145549 },
		{ 2, 1000, .05, -1, .0062822845 },
		{ 0, 300, .01, 0, .0152333479 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].low >= 0)
			NEAR(statistics_lower(rows[i].events, rows[i].trials,
					      rows[i].tail), rows[i].low,
			     1e-7);
		if (rows[i].high >= 0)
			NEAR(statistics_upper(rows[i].events, rows[i].trials,
					      rows[i].tail), rows[i].high,
			     1e-9);
	}
}
END_TEST

START_TEST(sizes_of_samples)
{
	static const struct { long lot, bad, n; } lots[] = {
		{ 1000, 10, 258 }, { 10000, 10, 2588 }, { 500, 1, 475 },
		{ 2000000, 200, 29733 }, { 1, 1, 1 }, { 5, 5, 1 },
	};

	for (size_t i = 0; i < sizeof(lots) / sizeof(lots[0]); i++)
		ck_assert_int_eq(statistics_sample_of(lots[i].lot, lots[i].bad,
						      .05), lots[i].n);
}
END_TEST

static long choose(long n, long k)
{
	return k < 0 || k > n ? 0 : k == 0 ? 1 :
	       choose(n - 1, k - 1) * n / k;
}

/* The same by counting every draw: at most `found` bad ones are drawn of so
 * many in more than one of 20. */
static long bad_by_counting(long lot, long drawn, long found)
{
	for (long bad = lot - drawn + found;; bad--) {
		long draws = 0;

		for (long k = 0; k <= found; k++)
			draws += choose(bad, k) * choose(lot - bad, drawn - k);
		if (bad == found || 20 * draws > choose(lot, drawn))
			return bad;
	}
}

START_TEST(bad_ones_left)
{
	ck_assert_int_eq(statistics_bad_of(1000, 258, 0, .05), 9);
	ck_assert_int_eq(statistics_bad_of(10000, 2588, 0, .05), 9);
	ck_assert_int_eq(statistics_bad_of(500, 475, 0, .05), 0);
	ck_assert_int_eq(statistics_bad_of(500, 474, 0, .05), 1);
	ck_assert_int_eq(statistics_bad_of(20, 20, 0, .05), 0);
	ck_assert_int_eq(statistics_bad_of(20, 20, 3, .05), 3);
	ck_assert_int_eq(statistics_bad_of(20, 0, 0, .05), 20);
	for (long lot = 1; lot <= 12; lot++)
		for (long drawn = 1; drawn <= lot; drawn++)
			for (long found = 0; found <= drawn; found++)
				ck_assert_int_eq(statistics_bad_of(lot, drawn,
								   found, .05),
						 bad_by_counting(lot, drawn,
								 found));
}
END_TEST

START_TEST(readers_agree)
{
	static const struct { struct agreement a; double kappa, ac1, alpha; }
	rows[] = {
		{ { 20, 5, 10, 15 }, .4, -1, -1 },
		{ { 45, 15, 25, 15 }, .1304347826, .266055, -1 },
		{ { 25, 35, 5, 35 }, .2592592593, -1, -1 },
		/* Krippendorff, Computing alpha-reliability (2011), A */
		{ { 1, 1, 3, 5 }, .0909090909, -1, .0952380952 },
		{ { 7, 0, 0, 0 }, 1, 1, 1 },
		{ { 0, 0, 0, 9 }, 1, 1, 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		NEAR(statistics_kappa(&rows[i].a), rows[i].kappa, 1e-9);
		if (rows[i].ac1 >= 0)
			NEAR(statistics_ac1(&rows[i].a), rows[i].ac1, 1e-6);
		if (rows[i].alpha >= 0)
			NEAR(statistics_alpha(&rows[i].a), rows[i].alpha,
			     1e-9);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("statistics");
	TCase *c = tcase_create("statistics");

	tcase_add_test(c, bounds_of_a_rate);
	tcase_add_test(c, sizes_of_samples);
	tcase_add_test(c, bad_ones_left);
	tcase_add_test(c, readers_agree);
	suite_add_tcase(s, c);
	return support_run(s);
}
