/* scale.c - a region of a plane stretched to another size. */
#include "config.h"

#include "ui/scale.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { LANES = 16 };                    /* samples added at once */

struct span span_of(int from, int to, int i, int n)
{
	long long size = (long long)(to - from) * SPAN_ONE;
	long long a = size * i / n, b = size * (i + 1) / n;

	if (b <= a)
		b = a + 1;
	struct span s = {
		.first = from + (int)(a / SPAN_ONE),
		.last = from + (int)((b - 1) / SPAN_ONE),
	};

	s.first_weight = SPAN_ONE - (int)(a % SPAN_ONE);
	s.last_weight = (int)((b - 1) % SPAN_ONE) + 1;
	if (s.first == s.last)
		s.first_weight = s.last_weight = (int)(b - a);
	return s;
}

int span_weight(const struct span *s, int at)
{
	return at == s->first ? s->first_weight :
	       at == s->last ? s->last_weight : SPAN_ONE;
}

bool scaler_init(struct scaler *s, const struct plane *plane,
		 struct region source, int width, int height, int x0, int x1)
{
	size_t columns = (size_t)region_width(source);

	*s = (struct scaler){ .plane = plane, .source = source,
			      .width = width, .height = height, .x0 = x0,
			      .x1 = x1 };
	s->across = mem_array((size_t)(x1 - x0), sizeof(*s->across));
	s->sum = mem_array3(columns, (size_t)plane->channels, 1,
			    sizeof(*s->sum));
	s->inverse = mem_array((size_t)(x1 - x0), sizeof(*s->inverse));
	if (!s->across || !s->sum || !s->inverse)
		return false;
	for (int x = x0; x < x1; x++) {
		struct span *a = &s->across[x - x0];
		long long total = 0;

		*a = span_of(0, region_width(source), x, width);
		for (int at = a->first; at <= a->last; at++)
			total += span_weight(a, at);
		s->inverse[x - x0] = 1.0 / (double)total;
	}
	return true;
}

void scaler_done(struct scaler *s)
{
	free(s->across);
	free(s->sum);
	free(s->inverse);
	s->across = NULL;
	s->sum = NULL;
	s->inverse = NULL;
}

/* Add samples of a row with their weight, at most SPAN_ONE: 16 bits hold each
 * product. */
static void add_row(uint32_t *restrict sum, const uint8_t *restrict sample,
		    size_t count, uint16_t weight)
{
	size_t i = 0;

	/* a fixed count lets the compiler vectorise */
	for (; i + LANES <= count; i += LANES)
		for (size_t k = i; k < i + LANES; k++)
			sum[k] += (uint16_t)(weight * sample[k]);
	for (; i < count; i++)
		sum[i] += (uint16_t)(weight * sample[i]);
}

/*
 * The weighed sum of the rows under a span for each column of the source:
 * 65535 rows (PS3.3 C.7.6.3) of 255 with weights of SPAN_ONE fit 32 bits.
 */
static void sum_rows(struct scaler *s, const struct span *down)
{
	const struct plane *p = s->plane;
	int from = s->source.x0 < 0 ? 0 : s->source.x0;
	int to = s->source.x1 > p->columns ? p->columns : s->source.x1;
	size_t channels = (size_t)p->channels;
	size_t count = from < to ? (size_t)(to - from) * channels : 0;
	uint32_t *sum = s->sum;

	memset(sum, 0, (size_t)region_width(s->source) * channels *
	       sizeof(*sum));
	sum += count ? (size_t)(from - s->source.x0) * channels : 0;
	for (int y = down->first; y <= down->last; y++) {
		if (y < 0 || y >= p->rows || !count)
			continue;
		add_row(sum, p->pixel + ((size_t)y * (size_t)p->columns +
					 (size_t)from) * channels,
			count, (uint16_t)span_weight(down, y));
	}
}

/* The mean of what lies under a span, rounded down; weight is 1 divided by
 * all weights.  What is whole must not become less by rounding. */
static uint8_t mean(const uint32_t *sum, int channels, const struct span *a,
		    double weight)
{
	static const double whole = 1e-7;
	uint64_t all = (uint64_t)a->first_weight * sum[a->first * channels];
	uint64_t within = 0;

	for (int at = a->first + 1; at < a->last; at++)
		within += sum[at * channels];
	all += SPAN_ONE * within;
	if (a->last > a->first)
		all += (uint64_t)a->last_weight * sum[a->last * channels];
	return (uint8_t)((double)all * weight + whole);
}

void scaler_row(struct scaler *s, int y, uint8_t *out)
{
	struct span down = span_of(s->source.y0, s->source.y1, y, s->height);
	int channels = s->plane->channels;
	long long total = 0;

	for (int at = down.first; at <= down.last; at++)
		total += span_weight(&down, at);
	sum_rows(s, &down);
	for (int x = 0; x < s->x1 - s->x0; x++)
		for (int k = 0; k < channels; k++)
			*out++ = mean(s->sum + k, channels, &s->across[x],
				      s->inverse[x] / (double)total);
}
