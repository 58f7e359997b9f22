/*
 * train_rows.c - fits the weights by which rows.c scores a row of marks, over
 * pictures with known text.  Not installed; `make train` runs it.
 *
 * usage: train_rows DATA < NAMES > row_weights.h
 *
 * NAMES: a picture a line, DATA/NAME with its truth in DATA/gt/NAME.json (the
 * form that `suminuri eval` reads).  The same names in the same order give
 * the same weights.  What it learned from, and how well the score parts text
 * from the rest, is said on stderr.
 *
 * Of a picture of which all text is known it also looks at a masked copy, as
 * the residual pass does: all text and some rows of texture smoothed away
 * (smooth.h).  What is left there beside the masks is no text.
 */
#include "config.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "image/image.h"
#include "ocr/rows.h"
#include "ocr/smooth.h"
#include "ocr/views.h"

enum {
	TEXTURES = 240,
	FALSE_MASKS = 8,                /* of rows without text, a frame */
	LEAST_LETTERS = 4,              /* marks of such a row */
	NEAR_MASK = 12,                 /* pixels */
	FRAMES = 3,                     /* of a file that are looked at */
	MOST_TRUTH = 4 << 20,           /* bytes */
	ONE_OF = 4,                     /* rows without text is learned from */
	ONE_OF_COPY = 2,                /* those beside a mask */
	ROUNDS = 12,                    /* over all rows */
	BATCH = 64,                     /* rows a step */
	WEIGHTS = sizeof(((struct row_model *)0)->first) / sizeof(float) +
		  sizeof(((struct row_model *)0)->second) / sizeof(float) +
		  sizeof(((struct row_model *)0)->last) / sizeof(float),
	SLACK = 3,                      /* pixels, truth boxes are tight */
};
/* Steps of D. P. Kingma and J. Ba, "Adam", 2015; the rate falls to 0. */
static const double rate = 3e-3, keep_mean = .9, keep_square = .999;

struct truth {
	struct region box;
	int frame;
	bool vertical;
};

struct truths {
	struct truth *truth;
	size_t count, capacity;
	bool complete;                  /* all text of the picture is named */
};

struct sample {
	float feature[ROW_FEATURES];
	bool text;
	int picture;
};

struct training {
	struct sample *sample;
	size_t count, capacity;
	int picture;                    /* number of the one at hand */
	size_t none, beside;            /* rows without text so far, and those
					   beside masks */
	uint64_t masks;                 /* state of draw() */
	struct row_model model;
};

/* ---- truth ---- */

static char *read_all(const char *path, size_t *length)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(MOST_TRUTH);

	*length = f && text ? fread(text, 1, MOST_TRUTH, f) : 0;
	if (f)
		fclose(f);
	if (*length)
		return text;
	free(text);
	return NULL;
}

static bool is_turned(const struct json *box)
{
	long long turn = 0;
	bool vertical = false;

	json_get_integer(box, "rotation", &turn);
	json_get_boolean(box, "vertical", &vertical);
	return vertical || turn == 90 || turn == 270 || turn == -90;
}

static bool add_truth(struct truths *t, const struct json *box)
{
	const char *kind = json_get_string(box, "kind");
	long long x, y, w, h, frame = 0;

	if (!kind || !strcmp(kind, "face"))
		return true;
	if (!json_get_integer(box, "x", &x) ||
	    !json_get_integer(box, "y", &y) ||
	    !json_get_integer(box, "w", &w) ||
	    !json_get_integer(box, "h", &h))
		return false;
	json_get_integer(box, "frame", &frame);
	if (!mem_grow(&t->truth, &t->capacity, t->count, sizeof(*t->truth)))
		return false;
	t->truth[t->count++] = (struct truth){
		region_from_box((int)x, (int)y, (int)w, (int)h), (int)frame,
		is_turned(box) };
	return true;
}

static bool read_truth(const char *path, struct truths *t)
{
	struct error err = { 0 };
	size_t length;
	char *text = read_all(path, &length);
	struct json *all = text ? json_read(text, length, &err) : NULL;
	const struct json *boxes = json_member(all, "boxes");
	bool ok = json_kind(boxes) == JSON_KIND_ARRAY;

	t->count = 0;
	t->complete = true;
	json_get_boolean(all, "benign_complete", &t->complete);
	for (size_t i = 0; ok && i < json_count(boxes); i++)
		ok = add_truth(t, json_at(boxes, i));
	json_free(all);
	free(text);
	return ok;
}

/* ---- samples ---- */

/* What is masked in the copy of a frame. */
struct masked {
	struct region *region;
	size_t count, capacity;
	/* of the rows without text that were seen, drawn */
	struct region drawn[FALSE_MASKS];
	size_t seen;
};

struct visit {
	struct training *training;
	const struct truths *truths;
	int frame;
	struct masked *masked;
	bool copy;                      /* the masked copy is looked at */
};

/* 0 up to 1, always the same ones (S. Vigna, splitmix64). */
static double draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.;
}

static int across(struct region r, bool down)
{
	return down ? region_width(r) : region_height(r);
}

static int along(struct region r, bool down)
{
	return down ? region_height(r) : region_width(r);
}

enum label { NO_TEXT, TEXT, NEITHER };

/* A good part of the line: a lone letter of many looks like any speck. */
static bool stands_for(const struct row *row, const struct truth *t)
{
	return t->vertical == row->down &&
	       2 * across(row->region, row->down) >= across(t->box, row->down) &&
	       (row->marks >= 3 || 4 * along(row->region, row->down) >=
					   along(t->box, row->down));
}

/*
 * Text: seven tenths of a row lie in a line for which it stands.  No text:
 * nine tenths lie in none, or a fifth each in two lines, of which it makes
 * one.  The rest (halves, letters of a word that runs the other way) teach
 * nothing.
 */
static enum label label_of(const struct visit *v, const struct row *row)
{
	double mine = (double)region_area(row->region), seen = 0;
	int lines = 0;

	for (size_t i = 0; i < v->truths->count; i++) {
		const struct truth *t = &v->truths->truth[i];
		double share = (double)region_area(region_intersect(
			region_grow(t->box, SLACK), row->region)) / mine;

		if (t->frame != v->frame)
			continue;
		if (share > .7 && stands_for(row, t))
			return TEXT;
		lines += share > .2 && t->vertical == row->down &&
			 2 * across(row->region, row->down) >
				 3 * across(t->box, row->down);
		seen += share;
	}
	return lines > 1 || (seen < .1 && v->truths->complete) ? NO_TEXT :
								  NEITHER;
}

static bool is_beside_mask(const struct masked *m, struct region r)
{
	for (size_t i = 0; i < m->count; i++)
		if (!region_empty(region_intersect(
			    region_grow(m->region[i], NEAR_MASK), r)))
			return true;
	return false;
}

/* Each row without text that could pass for a line is masked as likely as any
 * other (J. S. Vitter, "Random Sampling with a Reservoir", 1985). */
static void draw_mask(const struct visit *v, const struct row *row)
{
	struct masked *m = v->masked;
	size_t at = m->seen;

	if (row->marks < LEAST_LETTERS)
		return;
	if (m->seen++ >= FALSE_MASKS)
		at = (size_t)(draw(&v->training->masks) * (double)m->seen);
	if (at < FALSE_MASKS)
		m->drawn[at] = row->region;
}

/* What is learned from a row; of those without text there are enough. */
static enum label lesson_of(const struct visit *v, const struct row *row)
{
	struct training *t = v->training;
	enum label label;

	if (v->copy)
		return is_beside_mask(v->masked, row->region) &&
		       t->beside++ % ONE_OF_COPY == 0 ? NO_TEXT : NEITHER;
	label = label_of(v, row);
	if (label != NO_TEXT)
		return label;
	draw_mask(v, row);
	return t->none++ % ONE_OF == 0 ? NO_TEXT : NEITHER;
}

static bool take_row(void *self, const struct row *row)
{
	struct visit *v = self;
	struct training *t = v->training;
	/* of large letters the generator has none */
	enum label label = row->large ? NEITHER : lesson_of(v, row);
	struct sample *s;

	if (label == NEITHER)
		return true;
	if (!mem_grow(&t->sample, &t->capacity, t->count, sizeof(*t->sample)))
		return false;
	s = &t->sample[t->count++];
	memcpy(s->feature, row->feature, sizeof(row->feature));
	s->picture = t->picture;
	s->text = label == TEXT;
	return true;
}

static bool find_rows(struct visit *v, const struct views *views,
		      struct error *err)
{
	const struct rows_visit visit = {
		.least = -HUGE_VAL, .take = take_row, .self = v,
	};
	bool ok = true;

	for (int i = 0; ok && i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		ok = rows_find(&p, LINES_BOTH, &visit, err);
	}
	return ok;
}

static bool add_mask(struct masked *m, struct region r)
{
	if (!mem_grow(&m->region, &m->capacity, m->count, sizeof(*m->region)))
		return false;
	m->region[m->count++] = r;
	return true;
}

/* All text of the frame, and what was drawn. */
static bool set_masks(const struct visit *v)
{
	struct masked *m = v->masked;
	size_t drawn = m->seen < FALSE_MASKS ? m->seen : FALSE_MASKS;
	bool ok = true;

	for (size_t i = 0; ok && i < v->truths->count; i++)
		if (v->truths->truth[i].frame == v->frame)
			ok = add_mask(m, region_grow(v->truths->truth[i].box,
						     SLACK));
	for (size_t i = 0; ok && i < drawn; i++)
		ok = add_mask(m, m->drawn[i]);
	return ok;
}

/* Rows of the views, and of what they are when all text is masked. */
static bool add_views(struct visit *v, struct views *views, struct error *err)
{
	struct masked masked = { .region = NULL };
	bool ok;

	v->masked = &masked;
	v->copy = false;
	ok = find_rows(v, views, err) && set_masks(v);
	v->copy = true;
	if (ok && v->truths->complete && masked.count)
		ok = smooth_views(views, masked.region, masked.count, err) &&
		     find_rows(v, views, err);
	free(masked.region);
	return ok;
}

static bool add_frame(struct visit *v, struct image *image,
		      struct error *err)
{
	struct frame *frame = image_frame(image, v->frame, err);
	struct views views = { 0 };
	bool ok = frame && views_make(image, frame, &views, err) &&
		  add_views(v, &views, err);

	views_done(&views);
	frame_free(frame);
	return ok;
}

/* What cannot be read teaches nothing. */
static bool add_picture(struct training *t, const char *data, const char *name)
{
	struct error err = { 0 };
	struct truths truths = { 0 };
	struct visit v = { .training = t, .truths = &truths };
	struct image *image;
	char path[4096];
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "%s/gt/%s.json", data, name);
	ok = read_truth(path, &truths);
	snprintf(path, sizeof(path), "%s/%s", data, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	image = ok && fd >= 0 ? image_open(fd, &err) : NULL;
	for (; image && v.frame < image_info(image)->frames &&
	       v.frame < FRAMES; v.frame++)
		ok &= add_frame(&v, image, &err);
	image_close(image);
	if (fd >= 0)
		close(fd);
	free(truths.truth);
	if (!ok || !image)
		fprintf(stderr, "train_rows: %s: %s\n", name,
			err.text[0] ? err.text : "no truth or no picture");
	return image;
}

/* ---- textures ---- */

/*
 * What no picture of a set may have: waves, rings and steps of every width and
 * slant, cut off at white as narrow windows do, with grain.
 */
struct texture {
	double along, across, bend;     /* cycles a pixel; of the square */
	double high, base;              /* levels */
	bool steps;                     /* saw teeth */
};

static struct texture draw_texture(uint64_t *state)
{
	double turn = 6.2832 * draw(state), cycle = 1 / (4 + 20 * draw(state));

	return (struct texture){
		cycle * cos(turn), cycle * sin(turn),
		draw(state) < .5 ? .0005 * draw(state) : 0,
		20 + 200 * draw(state), 200 * draw(state), draw(state) < .5,
	};
}

static double level_at(const struct texture *w, double x, double y)
{
	double phase = w->along * x + w->across * y + w->bend * x * x;
	double part = phase - floor(phase);

	return w->high * (w->steps ? part : fabs(2 * part - 1));
}

static void paint_texture(uint8_t *grey, int side, uint64_t *state)
{
	struct texture a = draw_texture(state), b = draw_texture(state);
	double grain = draw(state) < .5 ? 40 * draw(state) : 0;
	double both = draw(state) < .3 ? 1 : 0;
	double radius = side * (.2 + .4 * draw(state));

	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++) {
			double far = hypot(x - side / 2., y - side / 2.);
			double v = far > radius ? 0 : a.base +
				   level_at(&a, x, y) +
				   both * level_at(&b, x, y) +
				   grain * (draw(state) - .5);

			grey[y * side + x] = (uint8_t)fmax(0, fmin(v, 255));
		}
}

/* Rows of textures: none is text. */
static bool add_textures(struct training *t)
{
	enum { SIDE = 400 };
	struct truths truths = { .complete = true };
	struct visit v = { .training = t, .truths = &truths };
	struct error err = { 0 };
	uint64_t state = 2;
	bool ok = true;

	for (int i = 0; ok && i < TEXTURES; i++, t->picture++) {
		uint8_t *grey = mem_array(SIDE, SIDE);
		struct views views = { 0 };

		if (!grey)
			return false;
		paint_texture(grey, SIDE, &state);
		views_take(&views, grey, SIDE, SIDE);
		ok = add_views(&v, &views, &err);
		views_done(&views);
	}
	return ok;
}

/* ---- fit ---- */

/* Which pictures: all, or every second one. */
enum part { EVEN, ODD, ALL };

static bool in_part(const struct sample *s, enum part part)
{
	return part == ALL || s->picture % 2 == (part == ODD);
}

static void standardise(struct training *t)
{
	struct row_model *m = &t->model;
	double n = (double)t->count;

	for (int f = 0; f < ROW_FEATURES; f++) {
		double sum = 0, square = 0;

		for (size_t i = 0; i < t->count; i++)
			sum += (double)t->sample[i].feature[f];
		m->mean[f] = (float)(sum / n);
		for (size_t i = 0; i < t->count; i++) {
			double d = (double)(t->sample[i].feature[f] -
					    m->mean[f]);

			square += d * d;
		}
		m->deviation[f] = (float)fmax(sqrt(square / n), 1e-9);
	}
}

/* Weights that keep the size of what they are given (K. He et al., 2015). */
static void scatter(float *weight, int count, int units, uint64_t *state)
{
	for (int i = 0; i < count * units; i++)
		weight[i] = (float)((draw(state) - .5) * sqrt(24. / count));
	memset(weight + count * units, 0, (size_t)units * sizeof(*weight));
}

/* What a fit carries from step to step; weights in the order of the model. */
struct descent {
	float slope[WEIGHTS];
	double mean[WEIGHTS], square[WEIGHTS];
	double left_mean, left_square;  /* of what the start still weighs */
};

/*
 * Slopes of a layer of units over count values, from what each unit should
 * change; `back`, if any, is what the values should.
 */
static void pull(const float *weight, float *slope, const float *value,
		 int count, const float *change, int units, float *back)
{
	for (int i = 0; i < count; i++, weight += units, slope += units)
		for (int k = 0; k < units; k++) {
			slope[k] += change[k] * value[i];
			if (back)
				back[i] += change[k] * weight[k];
		}
	for (int k = 0; k < units; k++)
		slope[k] += change[k];
}

/* A unit that said nothing has nothing to change. */
static void hush(float *change, const float *said, int units)
{
	for (int k = 0; k < units; k++)
		if (said[k] <= 0)
			change[k] = 0;
}

static void add_slopes(struct descent *d, const struct row_model *m,
		       const struct sample *s)
{
	enum { SECOND = (ROW_FEATURES + 1) * ROW_FIRST,
	       LAST = SECOND + (ROW_FIRST + 1) * ROW_SECOND };
	float first[ROW_FIRST] = { 0 }, second[ROW_SECOND] = { 0 }, miss;
	struct row_units u;

	row_judge(m, s->feature, &u);
	miss = 1 / (1 + expf(-u.score)) - (float)s->text;
	pull(m->last, d->slope + LAST, u.second, ROW_SECOND, &miss, 1, second);
	hush(second, u.second, ROW_SECOND);
	pull(&m->second[0][0], d->slope + SECOND, u.first, ROW_FIRST, second,
	     ROW_SECOND, first);
	hush(first, u.first, ROW_FIRST);
	pull(&m->first[0][0], d->slope, u.feature, ROW_FEATURES, first,
	     ROW_FIRST, NULL);
}

static void move_weights(struct descent *d, float *weight, size_t from,
			 size_t count, double step)
{
	for (size_t i = 0; i < count; i++) {
		double slope = (double)d->slope[from + i] / BATCH;
		double *mean = &d->mean[from + i];
		double *square = &d->square[from + i];

		*mean += (1 - keep_mean) * (slope - *mean);
		*square += (1 - keep_square) * (slope * slope - *square);
		weight[i] -= (float)(step * *mean / (1 - d->left_mean) /
				     (sqrt(*square / (1 - d->left_square)) +
				      1e-8));
	}
}

static void move(struct descent *d, struct row_model *m, double step)
{
	size_t first = sizeof(m->first) / sizeof(float);
	size_t second = sizeof(m->second) / sizeof(float);

	d->left_mean *= keep_mean;
	d->left_square *= keep_square;
	move_weights(d, &m->first[0][0], 0, first, step);
	move_weights(d, &m->second[0][0], first, second, step);
	move_weights(d, m->last, first + second, WEIGHTS - first - second,
		     step);
	memset(d->slope, 0, sizeof(d->slope));
}

static void shuffle(size_t *order, size_t count, uint64_t *state)
{
	for (size_t i = count; i > 1; i--) {
		size_t k = (size_t)(draw(state) * (double)i);
		size_t swap = order[i - 1];

		order[i - 1] = order[k];
		order[k] = swap;
	}
}

static void descend(struct training *t, size_t *order, size_t count,
		    uint64_t *state)
{
	struct descent d = { .left_mean = 1, .left_square = 1 };
	double steps = (double)ROUNDS * (double)count, step = 0;

	for (int round = 0; round < ROUNDS; round++) {
		shuffle(order, count, state);
		for (size_t i = 0; i < count; i++, step++) {
			add_slopes(&d, &t->model, &t->sample[order[i]]);
			if (i % BATCH == BATCH - 1)
				move(&d, &t->model, rate * (1 - step / steps));
		}
		memset(d.slope, 0, sizeof(d.slope));
	}
}

/*
 * False when one class is missing, or memory.  The score is that of a set
 * with as many rows of text as of none.
 */
static bool fit(struct training *t, enum part part)
{
	size_t *order = mem_array(t->count, sizeof(*order)), count = 0;
	struct row_model *m = &t->model;
	double text = 0, none = 0;
	uint64_t state = 1;

	for (size_t i = 0; order && i < t->count; i++) {
		if (!in_part(&t->sample[i], part))
			continue;
		order[count++] = i;
		text += t->sample[i].text;
		none += !t->sample[i].text;
	}
	scatter(&m->first[0][0], ROW_FEATURES, ROW_FIRST, &state);
	scatter(&m->second[0][0], ROW_FIRST, ROW_SECOND, &state);
	scatter(m->last, ROW_SECOND, 1, &state);
	if (text > 0 && none > 0) {
		descend(t, order, count, &state);
		m->last[ROW_SECOND] += (float)log(none / text);
	}
	free(order);
	return text > 0 && none > 0;
}

/* ---- what came out ---- */

struct scored {
	double score;
	bool text;
};

static int rising(const void *a, const void *b)
{
	double p = ((const struct scored *)a)->score;
	double q = ((const struct scored *)b)->score;

	return p < q ? -1 : p > q;
}

/* Area under the curve of hits over false alarms, and points on it. */
static void tell(const struct scored *s, size_t count, size_t text)
{
	static const double kept[] = { .999, .995, .99, .98, .95 };
	double none = (double)(count - text), below = 0, area = 0;
	size_t seen = 0, next = 0;

	for (size_t i = 0; i < count; i++) {
		below += !s[i].text;
		area += s[i].text ? below : 0;
		seen += s[i].text;
		for (; next < sizeof(kept) / sizeof(kept[0]) &&
		       (double)seen > (1 - kept[next]) * (double)text; next++)
			fprintf(stderr, "  above %6.2f: %.3f of text, "
				"%.4f of the rest\n", s[i].score, kept[next],
				1 - below / none);
	}
	fprintf(stderr, "  area %.5f\n", area / (double)text / none);
}

static void judge(const struct training *t, enum part part)
{
	struct scored *s = mem_array(t->count, sizeof(*s));
	size_t text = 0, n = 0;

	for (size_t i = 0; s && i < t->count; i++) {
		struct row_units u;

		if (!in_part(&t->sample[i], part))
			continue;
		row_judge(&t->model, t->sample[i].feature, &u);
		s[n++] = (struct scored){ (double)u.score,
					  t->sample[i].text };
		text += t->sample[i].text;
	}
	fprintf(stderr, "  %zu rows of text, %zu of none\n", text, n - text);
	if (n) {
		qsort(s, n, sizeof(*s), rising);
		tell(s, n, text);
	}
	free(s);
}

static void print_values(const float *value, int count)
{
	for (int i = 0; i < count; i++)
		printf("%s%#.4gf,", i % 6 ? " " : "\n\t\t", (double)value[i]);
}

static void print_list(const char *name, const float *value, int count)
{
	printf("\t.%s = {", name);
	print_values(value, count);
	printf("\n\t},\n");
}

static void print_layer(const char *name, const float *value, int count,
			int units)
{
	printf("\t.%s = {", name);
	for (int i = 0; i < count; i++, value += units) {
		printf(" {");
		print_values(value, units);
		printf("\n\t},");
	}
	printf(" },\n");
}

static void print(const struct training *t)
{
	printf("/*\n * row_weights.h - written by `make train` from %d "
	       "pictures: see train_rows.c.\n */\n", t->picture);
	printf("static const struct row_model row_model = {\n");
	print_list("mean", t->model.mean, ROW_FEATURES);
	print_list("deviation", t->model.deviation, ROW_FEATURES);
	print_layer("first", &t->model.first[0][0], ROW_FEATURES + 1,
		    ROW_FIRST);
	print_layer("second", &t->model.second[0][0], ROW_FIRST + 1,
		    ROW_SECOND);
	print_list("last", t->model.last, ROW_SECOND + 1);
	printf("};\n");
}

int main(int argc, char **argv)
{
	struct training t = { .sample = NULL };
	struct error err = { 0 };
	char name[2048];

	if (argc != 2) {
		fprintf(stderr, "usage: train_rows DATA < NAMES\n");
		return 2;
	}
	if (!image_warm_up(&err))
		return 1;
	while (fgets(name, sizeof(name), stdin)) {
		name[strcspn(name, "\n")] = '\0';
		t.picture += add_picture(&t, argv[1], name);
	}
	if (!add_textures(&t))
		return 1;
	standardise(&t);
	for (int part = EVEN; part <= ALL; part++) {
		if (!fit(&t, (enum part)part)) {
			fprintf(stderr, "train_rows: no text, or all is\n");
			return 1;
		}
		fprintf(stderr, part == ALL ? "all, on itself\n" :
					      "half, on the other half\n");
		judge(&t, part == ALL ? ALL : part == ODD ? EVEN : ODD);
	}
	print(&t);
	free(t.sample);
	return 0;
}
