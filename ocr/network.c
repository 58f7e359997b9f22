/* network.c - weights and forward pass of a line model. */
#include "config.h"

#include "ocr/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ocr/twice.h"

enum {
	ROWS = PREPARED_ROWS,
	HIGH = ROWS / NETWORK_SHRINK,   /* rows after the greatest of 3x3 */
	SEEN = 9,                       /* pixels under the convolution */
	MARKS = 16,                     /* what it makes of them */
	GATES = 4,                      /* input, its gate, forget, output */
	BAND = 16,                      /* rows of weights taken together */
	BLOCK = 16,                     /* steps taken together */
	QUAD = 4,                       /* inputs taken together */
	ONE = 127,                      /* of integers between layers */
	MOST_LAYERS = 8, MOST_UNITS = 1024, MOST_CLASSES = 65536,
	NAME = 24,
};
static const float most_state = 100.f;

/* The products are built twice; the faster form is taken where it runs.  Both
 * give the same sums. */
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WITH_AVX2 1
#endif

/* Eight numbers side by side, wherever they lie. */
typedef float floats __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t ints __attribute__((vector_size(32), aligned(4), may_alias));
typedef int16_t shorts __attribute__((vector_size(16), aligned(2), may_alias));
enum { LANES = 8 };

/*
 * Weights of one matrix: value = (sum + bias * 127) * scale.  Rows are taken
 * BAND at a time, of these two inputs at a time.
 */
struct weights {
	int rows, inputs;               /* multiples of BAND and 2 */
	int8_t *weight;                 /* [rows/BAND][inputs/2][BAND][2] */
	uint8_t *quads;                 /* plus 128, where these are taken:
					   [rows/BAND][inputs/QUAD][BAND][QUAD]
					   */
	int32_t *bias;                  /* times 127 */
	float *scale;
};

enum kind { CONVOLUTION, DOWN, ACROSS, BACK, SOFTMAX };

struct layer {
	enum kind kind;
	int inputs, units;
	struct weights in;              /* of the layer below */
	struct weights own;             /* LSTM: of its own last output */
};

/* sum[k * rows + r] += row r of weights times input k of `count`. */
typedef void add_products(const struct weights *w, const int16_t *input,
			  ptrdiff_t step, int count, int32_t *sum);

struct network {
	struct layer layer[MOST_LAYERS];
	int count;
	add_products *add;
};
static add_products *best_products(void);
static bool has_quads(void);

static void weights_done(struct weights *w)
{
	free(w->weight);
	free(w->quads);
	free(w->bias);
	free(w->scale);
}

void network_free(struct network *n)
{
	for (int i = 0; n && i < n->count; i++) {
		weights_done(&n->layer[i].in);
		weights_done(&n->layer[i].own);
	}
	free(n);
}

int network_classes(const struct network *n)
{
	return n->layer[n->count - 1].units;
}

/* ---- from bytes ---- */

struct source {
	const uint8_t *data;
	size_t size, at;
	bool bad;
};

static const uint8_t *take(struct source *s, size_t n)
{
	const uint8_t *p = s->data + s->at;

	if (s->bad || n > s->size - s->at) {
		s->bad = true;
		return NULL;
	}
	s->at += n;
	return p;
}

static uint32_t take_number(struct source *s)
{
	const uint8_t *p = take(s, 4);

	return p ? (uint32_t)p[0] | (uint32_t)p[1] << 8 |
		   (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24 : 0;
}

/* One of 1 to most; else the source is bad. */
static int take_count(struct source *s, int most)
{
	uint32_t v = take_number(s);

	if (v < 1 || v > (uint32_t)most)
		s->bad = true;
	return s->bad ? 1 : (int)v;
}

static double take_double(struct source *s)
{
	const uint8_t *p = take(s, 8);
	uint64_t bits = 0;
	double v = 0;

	for (int i = 7; p && i >= 0; i--)
		bits = bits << 8 | p[i];
	memcpy(&v, &bits, sizeof(v));
	if (!(fabs(v) < 1e4))           /* of weights that were trained */
		s->bad = true;
	return s->bad ? 0 : v;
}

/* What stands before each layer. */
struct head {
	char type[NAME];
	int inputs, units;
	bool rates;                     /* learning rates follow its layers */
};

static struct head take_head(struct source *s)
{
	enum { BY_NAME = 0, RATES = 64 };
	struct head h = { .inputs = 0 };
	const uint8_t *p = take(s, 1);
	uint32_t length;

	if (p && *p != BY_NAME)
		s->bad = true;
	length = take_number(s);
	p = take(s, length);
	if (!p || length >= NAME)
		s->bad = true;
	else
		memcpy(h.type, p, length);
	take(s, 2);                     /* of training */
	h.rates = take_number(s) & RATES;
	h.inputs = take_count(s, MOST_UNITS);
	h.units = take_count(s, MOST_CLASSES);
	take_number(s);                 /* weights in all */
	take(s, take_number(s));        /* its name */
	return h;
}

static bool weights_init(struct weights *w, int rows, int inputs)
{
	*w = (struct weights){ .rows = (rows + BAND - 1) / BAND * BAND,
			       .inputs = (inputs + 1) / 2 * 2 };
	w->weight = mem_array((size_t)w->rows, (size_t)w->inputs);
	w->bias = mem_array((size_t)w->rows, sizeof(*w->bias));
	w->scale = mem_array((size_t)w->rows, sizeof(*w->scale));
	return w->weight && w->bias && w->scale;
}

static int8_t *weight_of(const struct weights *w, int row, int input)
{
	return w->weight + (ptrdiff_t)(row / BAND * w->inputs * BAND +
				       input / 2 * BAND * 2 +
				       row % BAND * 2 + input % 2);
}

static const uint8_t *fill_row(struct weights *w, int row, int inputs,
			       const uint8_t *from)
{
	for (int i = 0; i < inputs; i++)
		*weight_of(w, row, i) = (int8_t)from[i];
	return from + inputs;
}

/*
 * One matrix of the file, into rows from `first` on: its columns are those of
 * the layer below, of the layer's own output, and a bias.
 */
static void take_matrix(struct source *s, struct layer *l, bool own, int first)
{
	enum { INTEGERS = 1, DOUBLES = 128, ADAM = 4 };
	const uint8_t *mode = take(s, 1), *p;
	size_t columns = (size_t)(l->inputs + (own ? l->units : 0) + 1);
	int rows = l->units;

	if (!mode || (*mode & ~ADAM) != (INTEGERS | DOUBLES) ||
	    take_number(s) != (uint32_t)rows || take_number(s) != columns)
		s->bad = true;
	take(s, 1);                     /* what an empty one holds */
	p = take(s, columns * (size_t)rows);
	if (take_number(s) < (uint32_t)rows)
		s->bad = true;
	for (int r = first; !s->bad && r < first + rows; r++) {
		p = fill_row(&l->in, r, l->inputs, p);
		if (own)
			p = fill_row(&l->own, r, l->units, p);
		l->in.bias[r] = (int8_t)*p++ * ONE;
		l->in.scale[r] = (float)(take_double(s) / ONE);
	}
}

static void take_lstm(struct source *s, struct layer *l)
{
	int rows = GATES * l->units;

	if (take_number(s) != (uint32_t)(l->inputs + l->units) ||
	    l->units % BAND || l->units > MOST_UNITS ||
	    !weights_init(&l->in, rows, l->inputs) ||
	    !weights_init(&l->own, rows, l->units))
		s->bad = true;
	for (int g = 0; !s->bad && g < GATES; g++)
		take_matrix(s, l, true, g * l->units);
}

static void take_plain(struct source *s, struct layer *l)
{
	if (!weights_init(&l->in, l->units, l->inputs))
		s->bad = true;
	if (!s->bad)
		take_matrix(s, l, false, 0);
}

/* Rates that only training needs. */
static void skip_rates(struct source *s, const struct head *h)
{
	if (h->rates)
		take(s, 4 * (size_t)take_number(s));
}

/* A head of the type wanted, holding `parts` layers. */
static struct head take_group(struct source *s, const char *type, int parts)
{
	struct head h = take_head(s);

	if (strcmp(h.type, type) != 0 || take_number(s) != (uint32_t)parts)
		s->bad = true;
	return h;
}

static struct layer *add_layer(struct source *s, struct network *n,
			       enum kind kind, const struct head *h)
{
	struct layer *l = &n->layer[n->count < MOST_LAYERS ? n->count++ : 0];

	*l = (struct layer){ .kind = kind, .inputs = h->inputs,
			     .units = h->units };
	/* each takes what the one below gives */
	if (n->count > 1 && l[-1].units != l->inputs)
		s->bad = true;
	return l;
}

/* Input, convolution with tanh, greatest of 3x3, LSTM down. */
static void take_bottom(struct source *s, struct network *n)
{
	static const uint32_t shape[] = { 1, ROWS, 0, 1, 0 };
	struct head h = take_head(s), group;

	if (strcmp(h.type, "Input") != 0)
		s->bad = true;
	for (int i = 0; i < 5; i++)
		s->bad = s->bad || take_number(s) != shape[i];
	group = take_group(s, "Series", 2);
	h = take_head(s);
	if (strcmp(h.type, "Convolve") != 0 || take_number(s) != 1 ||
	    take_number(s) != 1)
		s->bad = true;
	h = take_head(s);
	if (strcmp(h.type, "Tanh") != 0 || h.inputs != SEEN ||
	    h.units != MARKS)
		s->bad = true;
	if (!s->bad)
		take_plain(s, add_layer(s, n, CONVOLUTION, &h));
	skip_rates(s, &group);
	h = take_head(s);
	if (strcmp(h.type, "Maxpool") != 0 ||
	    take_number(s) != NETWORK_SHRINK ||
	    take_number(s) != NETWORK_SHRINK)
		s->bad = true;
	group = take_group(s, "XYTranspose", 1);
	h = take_head(s);
	if (strcmp(h.type, "SummLSTM") != 0)
		s->bad = true;
	if (!s->bad)
		take_lstm(s, add_layer(s, n, DOWN, &h));
	skip_rates(s, &group);
}

/* The layers above: LSTMs along the line, softmax. */
static void take_top(struct source *s, struct network *n)
{
	struct head h = take_head(s), group = { .rates = false };
	bool back = strcmp(h.type, "RTLReversed") == 0;

	if (back) {
		group = h;
		s->bad = s->bad || take_number(s) != 1;
		h = take_head(s);
	}
	if (s->bad)
		return;
	if (!strcmp(h.type, "LSTM"))
		take_lstm(s, add_layer(s, n, back ? BACK : ACROSS, &h));
	else if (!strcmp(h.type, "Softmax") && !back)
		take_plain(s, add_layer(s, n, SOFTMAX, &h));
	else
		s->bad = true;
	skip_rates(s, &group);
}

/* The weights in the order of quads.  False without memory. */
static bool fill_quads(struct weights *w)
{
	int quads = (w->inputs + QUAD - 1) / QUAD;

	w->quads = mem_array3((size_t)w->rows, (size_t)quads, QUAD, 1);
	for (int r = 0; w->quads && r < w->rows; r++)
		for (int i = 0; i < w->inputs; i++)
			w->quads[((r / BAND * quads + i / QUAD) * BAND +
				  r % BAND) * QUAD + i % QUAD] =
				(uint8_t)(*weight_of(w, r, i) + 128);
	return w->quads;
}

/* Of all layers but the convolution, whose weights stay as they are. */
static bool take_quads(struct network *n)
{
	bool ok = true;

	for (int i = 1; ok && i < n->count; i++) {
		struct layer *l = &n->layer[i];

		ok = fill_quads(&l->in) &&
		     (!l->own.rows || fill_quads(&l->own));
		free(l->in.weight);
		free(l->own.weight);
		l->in.weight = l->own.weight = NULL;
	}
	return ok;
}

struct network *network_read(const uint8_t *data, size_t size, size_t *used)
{
	enum { BOTTOM = 4 };            /* layers of the file */
	struct source s = { data, size, 0, false };
	struct network *n = calloc(1, sizeof(*n));
	struct head whole = take_head(&s);
	int parts;

	if (strcmp(whole.type, "Series") != 0)
		s.bad = true;
	parts = take_count(&s, BOTTOM + MOST_LAYERS - 2);
	if (n && !s.bad)
		take_bottom(&s, n);
	for (int i = BOTTOM; n && !s.bad && i < parts; i++)
		take_top(&s, n);
	skip_rates(&s, &whole);
	*used = s.at;
	if (n && !s.bad && n->count > 2 &&
	    n->layer[n->count - 1].kind == SOFTMAX &&
	    (!has_quads() || take_quads(n))) {
		n->add = best_products();
		return n;
	}
	network_free(n);
	return NULL;
}

/* ---- arithmetic ---- */

/* v where the mask is set, else other. */
INLINED void choose(const ints *mask, const floats *v, floats *other)
{
	*other = (floats)((*mask & (ints)*v) | (~*mask & (ints)*other));
}

INLINED void keep_within(floats *v, float most)
{
	floats high = { 0 }, low;
	ints out;

	high = high + most;
	low = -high;
	out = *v > high;
	choose(&out, &high, v);
	out = *v < low;
	choose(&out, &low, v);
}

/*
 * tanh by its continued fraction to the seventh power: off by 2e-4 at most,
 * where values are kept to 1/127.
 */
INLINED void to_tanh(floats *x)
{
	floats v = *x, q;

	keep_within(&v, 4.97f);
	q = v * v;
	*x = v * (135135 + q * (17325 + q * (378 + q))) /
	     (135135 + q * (62370 + q * (3150 + q * 28)));
}

INLINED void to_logistic(floats *x)
{
	*x = .5f * *x;
	to_tanh(x);
	*x = .5f + .5f * *x;
}

/* To the nearest 127th; v is -1.001 to 1.001. */
INLINED void put_whole(const floats *v, int16_t *out)
{
	ints i = __builtin_convertvector(*v * ONE + 256.5f, ints) - 256;

	*(shorts *)out = __builtin_convertvector(i, shorts);
}

INLINED void load(const float *p, floats *v)
{
	*v = *(const floats *)p;
}

/* Sums of a gate times its scale. */
INLINED void load_scaled(const int32_t *sum, const float *scale, floats *v)
{
	*v = __builtin_convertvector(*(const ints *)sum, floats) *
	     *(const floats *)scale;
}

/* One step of an LSTM: from the sums of its gates to its output. */
INLINED void step_on(const struct layer *l, const int32_t *sum, float *state,
		     int16_t *out)
{
	int n = l->units;
	const float *scale = l->in.scale;

	for (int i = 0; i < n; i += LANES) {
		floats in, open, keep, show, s;

		load_scaled(sum + i, scale + i, &in);
		load_scaled(sum + n + i, scale + n + i, &open);
		load_scaled(sum + 2 * n + i, scale + 2 * n + i, &keep);
		load_scaled(sum + 3 * n + i, scale + 3 * n + i, &show);
		to_tanh(&in);
		to_logistic(&open);
		to_logistic(&keep);
		to_logistic(&show);
		load(state + i, &s);
		s = s * keep + in * open;
		keep_within(&s, most_state);
		*(floats *)(state + i) = s;
		to_tanh(&s);
		s *= show;
		put_whole(&s, out + i);
	}
}

static void step_plain(const struct layer *l, const int32_t *sum, float *state,
		       int16_t *out)
{
	step_on(l, sum, state, out);
}

static FAST void step_fast(const struct layer *l, const int32_t *sum,
			   float *state, int16_t *out)
{
	step_on(l, sum, state, out);
}

static void move_on(const struct layer *l, const int32_t *sum, float *state,
		    int16_t *out)
{
	(can_be_fast() ? step_fast : step_plain)(l, sum, state, out);
}

/* The more of each two into most. */
INLINED void take_more(const floats *a, floats *most)
{
	ints more = *a > *most;

	choose(&more, a, most);
}

/* What the convolution makes of the 3x3 pixels from p on, less the bias. */
INLINED void convolve_nine(const float weight[SEEN][MARKS], const float *p,
			   int pitch, floats sum[MARKS / LANES])
{
	for (int i = 0; i < MARKS / LANES; i++)
		sum[i] = (floats){ 0 };
	/* columns first, as the weights stand */
	for (int k = 0; k < SEEN; k++)
		for (int i = 0; i < MARKS / LANES; i++)
			sum[i] += *(const floats *)(weight[k] + LANES * i) *
				  p[k % 3 * pitch + k / 3];
}

/*
 * The greatest of what the convolution makes of 3x3 pixels: 127ths, after
 * tanh, which keeps the order.
 */
INLINED void greatest_of_nine(const float weight[SEEN][MARKS],
			      const float *bias, const float *scale,
			      const float *pixel, int pitch,
			      int16_t out[MARKS])
{
	floats most[MARKS / LANES], sum[MARKS / LANES];

	convolve_nine(weight, pixel, pitch, most);
	for (int at = 1; at < NETWORK_SHRINK * NETWORK_SHRINK; at++) {
		convolve_nine(weight, pixel + at / 3 * pitch + at % 3, pitch,
			      sum);
		for (int i = 0; i < MARKS / LANES; i++)
			take_more(&sum[i], &most[i]);
	}
	for (int i = 0; i < MARKS / LANES; i++) {
		floats v = (most[i] + *(const floats *)(bias + LANES * i)) *
			   *(const floats *)(scale + LANES * i);

		to_tanh(&v);
		put_whole(&v, out + LANES * i);
	}
}

/* One column of them. */
INLINED void convolve_column(const float weight[SEEN][MARKS],
			     const float *bias, const float *scale,
			     const float *pixel, int pitch, int16_t *out)
{
	for (int y = 0; y < HIGH; y++)
		greatest_of_nine(weight, bias, scale, pixel + 3 * y * pitch,
				 pitch, out + y * MARKS);
}

static void column_plain(const float weight[SEEN][MARKS], const float *bias,
			 const float *scale, const float *pixel, int pitch,
			 int16_t *out)
{
	convolve_column(weight, bias, scale, pixel, pitch, out);
}

static FAST void column_fast(const float weight[SEEN][MARKS],
			     const float *bias, const float *scale,
			     const float *pixel, int pitch, int16_t *out)
{
	convolve_column(weight, bias, scale, pixel, pitch, out);
}

static void add_plain(const struct weights *w, const int16_t *input,
		      ptrdiff_t step, int count, int32_t *sum)
{
	for (int k = 0; k < count; k++, input += step) {
		const int8_t *p = w->weight;

		for (int r = 0; r < w->rows; r += BAND) {
			int32_t *to = sum + (ptrdiff_t)k * w->rows + r;

			for (int i = 0; i < w->inputs; i += 2, p += 2 * BAND)
				for (int b = 0; b < BAND; b++)
					to[b] += p[2 * b] * input[i] +
						 p[2 * b + 1] * input[i + 1];
		}
	}
}

#ifdef WITH_AVX2
static inline FAST __m256i pair(const int16_t *input)
{
	int32_t two;

	memcpy(&two, input, sizeof(two));
	return _mm256_set1_epi32(two);
}

static inline FAST __m256i eight(const int8_t *weight)
{
	return _mm256_cvtepi8_epi16(
		_mm_loadu_si128((const __m128i *)(const void *)weight));
}

static inline FAST void add_to(int32_t *sum, __m256i v)
{
	__m256i *to = (__m256i *)(void *)sum;

	_mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), v));
}

static inline FAST __m256i plus(__m256i sum, __m256i a, __m256i b)
{
	return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}

/* A band of rows times four inputs; the sums stay in registers. */
static FAST void add_four(const int8_t *p, int inputs, const int16_t *input,
			  ptrdiff_t step, int32_t *sum, ptrdiff_t rows)
{
	const int16_t *second = input + step, *third = second + step,
		      *fourth = third + step;
	__m256i zero = _mm256_setzero_si256();
	__m256i a0 = zero, a1 = zero, b0 = zero, b1 = zero;
	__m256i c0 = zero, c1 = zero, d0 = zero, d1 = zero;

	for (int i = 0; i < inputs; i += 2, p += 2 * BAND) {
		__m256i low = eight(p), high = eight(p + BAND), v;

		v = pair(input + i);
		a0 = plus(a0, low, v);
		a1 = plus(a1, high, v);
		v = pair(second + i);
		b0 = plus(b0, low, v);
		b1 = plus(b1, high, v);
		v = pair(third + i);
		c0 = plus(c0, low, v);
		c1 = plus(c1, high, v);
		v = pair(fourth + i);
		d0 = plus(d0, low, v);
		d1 = plus(d1, high, v);
	}
	add_to(sum, a0);
	add_to(sum + BAND / 2, a1);
	add_to(sum + rows, b0);
	add_to(sum + rows + BAND / 2, b1);
	add_to(sum + 2 * rows, c0);
	add_to(sum + 2 * rows + BAND / 2, c1);
	add_to(sum + 3 * rows, d0);
	add_to(sum + 3 * rows + BAND / 2, d1);
}

/* A band of rows times one input, of two pairs at a time. */
static FAST void add_one(const int8_t *p, int inputs, const int16_t *input,
			 int32_t *sum)
{
	__m256i zero = _mm256_setzero_si256();
	__m256i a0 = zero, a1 = zero, b0 = zero, b1 = zero;
	int i = 0;

	for (; i + 4 <= inputs; i += 4, p += 4 * BAND) {
		__m256i v = pair(input + i);

		a0 = plus(a0, eight(p), v);
		a1 = plus(a1, eight(p + BAND), v);
		v = pair(input + i + 2);
		b0 = plus(b0, eight(p + 2 * BAND), v);
		b1 = plus(b1, eight(p + 3 * BAND), v);
	}
	if (i < inputs) {
		a0 = plus(a0, eight(p), pair(input + i));
		a1 = plus(a1, eight(p + BAND), pair(input + i));
	}
	add_to(sum, _mm256_add_epi32(a0, b0));
	add_to(sum + BAND / 2, _mm256_add_epi32(a1, b1));
}

static FAST void add_fast(const struct weights *w, const int16_t *input,
			  ptrdiff_t step, int count, int32_t *sum)
{
	ptrdiff_t size = (ptrdiff_t)w->inputs * BAND;
	int k = 0;

	for (; k + 4 <= count; k += 4)
		for (int r = 0; r < w->rows; r += BAND)
			add_four(w->weight + r / BAND * size, w->inputs,
				 input + k * step, step,
				 sum + (ptrdiff_t)k * w->rows + r, w->rows);
	for (; k < count; k++)
		for (int r = 0; r < w->rows; r += BAND)
			add_one(w->weight + r / BAND * size, w->inputs,
				input + k * step,
				sum + (ptrdiff_t)k * w->rows + r);
}

/*
 * What has AVX-512 VNNI multiplies and adds bytes four at a time, those of one
 * side without a sign: 128 times the sum of the inputs comes off again.
 */
#define FASTEST __attribute__((target("avx512f,avx512bw,avx512vnni")))

/* Inputs as bytes, and what they add too much. */
struct packed {
	int8_t byte[MOST_UNITS + QUAD];
	int32_t excess;
};

static inline FASTEST void pack(const int16_t *input, int count,
				struct packed *p)
{
	__m256i sums = _mm256_setzero_si256();
	int32_t part[8], sum = 0;
	int i = 0;

	for (; i + 16 <= count; i += 16) {
		const __m128i *in = (const __m128i *)(const void *)(input + i);
		__m128i low = _mm_loadu_si128(in);
		__m128i high = _mm_loadu_si128(in + 1);

		_mm_storeu_si128((__m128i *)(void *)(p->byte + i),
				 _mm_packs_epi16(low, high));
		sums = plus(sums, _mm256_set_m128i(high, low),
			    _mm256_set1_epi16(1));
	}
	for (; i < count; i++) {
		p->byte[i] = (int8_t)input[i];
		sum += input[i];
	}
	for (; i % QUAD; i++)
		p->byte[i] = 0;
	memcpy(part, &sums, sizeof(part));
	for (int k = 0; k < 8; k++)
		sum += part[k];
	p->excess = 128 * sum;
}

/* Four bytes of a band of rows times four inputs. */
static inline FASTEST __m512i plus_quad(__m512i sum, const uint8_t *weight,
					const int8_t *input)
{
	int32_t four;

	memcpy(&four, input, sizeof(four));
	return _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(weight),
				   _mm512_set1_epi32(four));
}

static inline FASTEST void add_band(int32_t *sum, __m512i v, int32_t excess)
{
	v = _mm512_sub_epi32(v, _mm512_set1_epi32(excess));
	_mm512_storeu_si512(sum, _mm512_add_epi32(_mm512_loadu_si512(sum), v));
}

/* A band of rows times four inputs; n bytes of each. */
static FASTEST void add_four_bands(const uint8_t *p, int n,
				   const struct packed in[4], int32_t *sum,
				   ptrdiff_t rows)
{
	__m512i zero = _mm512_setzero_si512();
	__m512i a = zero, b = zero, c = zero, d = zero;

	for (int i = 0; i < n; i += QUAD, p += QUAD * BAND) {
		a = plus_quad(a, p, in[0].byte + i);
		b = plus_quad(b, p, in[1].byte + i);
		c = plus_quad(c, p, in[2].byte + i);
		d = plus_quad(d, p, in[3].byte + i);
	}
	add_band(sum, a, in[0].excess);
	add_band(sum + rows, b, in[1].excess);
	add_band(sum + 2 * rows, c, in[2].excess);
	add_band(sum + 3 * rows, d, in[3].excess);
}

/* A band of rows times one input, of four quads at a time. */
static FASTEST void add_one_band(const uint8_t *p, int n,
				 const struct packed *in, int32_t *sum)
{
	__m512i zero = _mm512_setzero_si512();
	__m512i a = zero, b = zero, c = zero, d = zero;
	int i = 0;

	for (; i + 4 * QUAD <= n; i += 4 * QUAD, p += 4 * QUAD * BAND) {
		const int8_t *input = in->byte + i;

		a = plus_quad(a, p, input);
		b = plus_quad(b, p + QUAD * BAND, input + QUAD);
		c = plus_quad(c, p + 2 * QUAD * BAND, input + 2 * QUAD);
		d = plus_quad(d, p + 3 * QUAD * BAND, input + 3 * QUAD);
	}
	for (; i < n; i += QUAD, p += QUAD * BAND)
		a = plus_quad(a, p, in->byte + i);
	add_band(sum, _mm512_add_epi32(_mm512_add_epi32(a, b),
				       _mm512_add_epi32(c, d)), in->excess);
}

static FASTEST void add_fastest(const struct weights *w, const int16_t *input,
				ptrdiff_t step, int count, int32_t *sum)
{
	int n = (w->inputs + QUAD - 1) / QUAD * QUAD, k = 0;
	ptrdiff_t size = (ptrdiff_t)n * BAND;
	struct packed in[4];

	for (; k + 4 <= count; k += 4) {
		for (int i = 0; i < 4; i++)
			pack(input + (k + i) * step, w->inputs, &in[i]);
		for (int r = 0; r < w->rows; r += BAND)
			add_four_bands(w->quads + r / BAND * size, n, in,
				       sum + (ptrdiff_t)k * w->rows + r,
				       w->rows);
	}
	for (; k < count; k++) {
		pack(input + k * step, w->inputs, &in[0]);
		for (int r = 0; r < w->rows; r += BAND)
			add_one_band(w->quads + r / BAND * size, n, &in[0],
				     sum + (ptrdiff_t)k * w->rows + r);
	}
}

#endif

static bool has_quads(void)
{
#ifdef WITH_AVX2
	return __builtin_cpu_supports("avx512vnni") &&
	       __builtin_cpu_supports("avx512bw");
#else
	return false;
#endif
}

static add_products *best_products(void)
{
#ifdef WITH_AVX2
	if (has_quads())
		return add_fastest;
	if (__builtin_cpu_supports("avx2"))
		return add_fast;
#endif
	return add_plain;
}

/* ---- a line ---- */

/* The quarter of a histogram of n below (above) it. */
static float quarter(const int count[256], int n, bool above)
{
	int seen = 0;

	for (int i = 0; i < 256; i++) {
		int v = above ? 255 - i : i;

		seen += count[v];
		if (4 * seen >= n)
			return (float)v;
	}
	return above ? 255 : 0;
}

/* Ink and paper, by the dips and peaks of the middle row. */
static void find_range(const struct crop *c, float *ink, float *paper)
{
	int dips[256] = { 0 }, peaks[256] = { 0 }, low = 0, high = 0;
	const uint8_t *row = c->grey +
			     (size_t)(c->rows / 2) * (size_t)c->columns;

	for (int x = 1; x + 1 < c->columns; x++) {
		int a = row[x - 1], b = row[x], d = row[x + 1];

		if ((b < a && b <= d) || (b <= a && b < d)) {
			dips[b]++;
			low++;
		}
		if ((b > a && b >= d) || (b >= a && b > d)) {
			peaks[b]++;
			high++;
		}
	}
	*ink = low ? quarter(dips, low, false) : 0;
	*paper = high ? quarter(peaks, high, true) : 255;
}

/* What is outside the picture: noise, as when the models were trained. */
static void fill_with_noise(float *v, size_t n)
{
	uint32_t dice = 1;

	for (size_t i = 0; i < n; i++) {
		/* D. Knuth, The Art of Computer Programming 2, 3.3.4 */
		dice = dice * 1664525 + 1013904223;
		v[i] = (float)((int)(dice >> 24) - ONE - 1);
	}
}

/* Pixels in 127ths of ink (-) to paper (+), with a border. */
static float *pixels_of(const struct crop *c)
{
	size_t pitch = (size_t)c->columns + 2;
	float *out = mem_array3((size_t)c->rows + 2, pitch, 1,
				 sizeof(*out));
	float ink, paper, half;

	if (!out)
		return NULL;
	fill_with_noise(out, ((size_t)c->rows + 2) * pitch);
	find_range(c, &ink, &paper);
	half = paper > ink ? (paper - ink) / 2 : 1;
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->columns; x++) {
			uint8_t g = c->grey[(size_t)y * (size_t)c->columns +
					    (size_t)x];
			float v = roundf((ONE + 1) *
					 (((float)g - ink) / half - 1));

			out[(size_t)(y + 1) * pitch + (size_t)x + 1] =
				v > ONE ? ONE : v < -ONE ? -ONE : v;
		}
	return out;
}

/* [columns / 3][HIGH][MARKS] */
static int16_t *convolve(const struct network *n, const struct crop *c,
			 int steps)
{
	const struct layer *l = &n->layer[0];
	int16_t *out = mem_array3((size_t)steps, HIGH, MARKS,
				  sizeof(*out));
	float weight[SEEN][MARKS], bias[MARKS], *pixel = pixels_of(c);
	int pitch = c->columns + 2;

	for (int k = 0; k < SEEN; k++)
		for (int i = 0; i < MARKS; i++)
			weight[k][i] = *weight_of(&l->in, i, k);
	for (int i = 0; i < MARKS; i++)
		bias[i] = (float)l->in.bias[i];
	for (int x = 0; out && pixel && x < steps; x++)
		(can_be_fast() ? column_fast : column_plain)(
			weight, bias, l->in.scale, pixel + 3 * x, pitch,
			out + x * HIGH * MARKS);
	if (!pixel) {
		free(out);
		out = NULL;
	}
	free(pixel);
	return out;
}

/* Sums of `count` steps, beginning with the biases. */
static void start_sums(const struct weights *w, int count, int32_t *sum)
{
	for (int k = 0; k < count; k++)
		memcpy(sum + (ptrdiff_t)k * w->rows, w->bias,
		       (size_t)w->rows * sizeof(*sum));
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Down each column, several side by side; the last output stays in out. */
static void run_down(add_products *add, const struct layer *l,
		     const int16_t *in, int steps, float *state, int32_t *sum,
		     int16_t *out)
{
	for (int x = 0; x < steps; x += BLOCK) {
		int n = least(BLOCK, steps - x);
		int16_t *last = out + (ptrdiff_t)x * l->units;

		memset(state, 0, (size_t)(n * l->units) * sizeof(*state));
		for (int y = 0; y < HIGH; y++) {
			start_sums(&l->in, n, sum);
			add(&l->in, in + (x * HIGH + y) * MARKS,
			       HIGH * MARKS, n, sum);
			if (y)
				add(&l->own, last, l->units, n, sum);
			for (int k = 0; k < n; k++)
				move_on(l, sum + (ptrdiff_t)k * l->in.rows,
					state + (ptrdiff_t)k * l->units,
					last + (ptrdiff_t)k * l->units);
		}
	}
}

/* Along the line, from its start or its end. */
static void run_along(add_products *add, const struct layer *l,
		      const int16_t *in, int steps, float *state, int32_t *sum,
		      int16_t *out)
{
	bool back = l->kind == BACK;
	const int16_t *last = NULL;

	memset(state, 0, (size_t)l->units * sizeof(*state));
	for (int done = 0; done < steps; done += BLOCK) {
		int n = least(BLOCK, steps - done);
		int from = back ? steps - done - n : done;

		start_sums(&l->in, n, sum);
		add(&l->in, in + (ptrdiff_t)from * l->inputs, l->inputs, n,
		       sum);
		for (int k = 0; k < n; k++) {
			int i = back ? n - 1 - k : k;
			int32_t *own = sum + (ptrdiff_t)i * l->in.rows;
			int16_t *to = out + (ptrdiff_t)(from + i) * l->units;

			if (last)
				add(&l->own, last, l->units, 1, own);
			move_on(l, own, state, to);
			last = to;
		}
	}
}

/* Of one step, in place. */
static void soften(float *v, int n)
{
	float most = v[0], sum = 0;

	for (int i = 1; i < n; i++)
		most = most > v[i] ? most : v[i];
	for (int i = 0; i < n; i++) {
		/* what is less than e^-20 adds nothing */
		v[i] = v[i] - most > -20 ? expf(v[i] - most) : 0;
		sum += v[i];
	}
	for (int i = 0; i < n; i++)
		v[i] /= sum;
}

static void run_softmax(add_products *add, const struct layer *l,
			const int16_t *in, int steps, int32_t *sum, float *out)
{
	int classes = l->units;

	for (int t = 0; t < steps; t += BLOCK) {
		int n = least(BLOCK, steps - t);

		start_sums(&l->in, n, sum);
		add(&l->in, in + (ptrdiff_t)t * l->inputs, l->inputs, n,
		       sum);
		for (int k = 0; k < n; k++) {
			float *to = out + (ptrdiff_t)(t + k) * classes;

			for (int i = 0; i < classes; i++)
				to[i] = (float)sum[k * l->in.rows + i] *
					l->in.scale[i];
			soften(to, classes);
		}
	}
}

/* One LSTM over what is below it; frees that.  NULL without memory. */
static int16_t *run_layer(add_products *add, const struct layer *l,
			  int16_t *in, int steps)
{
	int16_t *out = mem_array3((size_t)steps, (size_t)l->units, 1,
				  sizeof(*out));
	float *state = mem_array3(BLOCK, (size_t)l->units, 1,
				  sizeof(*state));
	int32_t *sum = mem_array3(BLOCK, (size_t)l->in.rows, 1,
				  sizeof(*sum));

	if (!in || !out || !state || !sum) {
		free(out);
		out = NULL;
	} else if (l->kind == DOWN) {
		run_down(add, l, in, steps, state, sum, out);
	} else {
		run_along(add, l, in, steps, state, sum, out);
	}
	free(in);
	free(state);
	free(sum);
	return out;
}

float *network_run(const struct network *n, const struct crop *crop,
		   int *steps)
{
	const struct layer *top = &n->layer[n->count - 1];
	int32_t *sum = mem_array3(BLOCK, (size_t)top->in.rows, 1,
				  sizeof(*sum));
	int16_t *values;
	float *out;

	*steps = crop->rows == ROWS ? crop->columns / NETWORK_SHRINK : 0;
	out = mem_array3((size_t)*steps, (size_t)top->units, 1,
			 sizeof(*out));
	values = out ? convolve(n, crop, *steps) : NULL;
	for (int i = 1; values && i + 1 < n->count; i++)
		values = run_layer(n->add, &n->layer[i], values,
				   *steps);
	if (values && sum) {
		run_softmax(n->add, top, values, *steps, sum, out);
	} else {
		free(out);
		out = NULL;
	}
	free(values);
	free(sum);
	return out;
}
