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
#include "ocr/views.h"

enum {
	FRAMES = 3,                     /* of a file that are looked at */
	MOST_TRUTH = 4 << 20,           /* bytes */
	ONE_OF = 4,                     /* rows without text is learned from */
	STEPS = 40,                     /* of Newton's method */
	SLACK = 3,                      /* pixels, truth boxes are tight */
};
/* Keeps weights of features that say the same from growing apart. */
static const double ridge = 1e-4;

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
	double feature[ROW_FEATURES];
	bool text;
	int picture;
};

struct training {
	struct sample *sample;
	size_t count, capacity;
	int picture;                    /* number of the one at hand */
	size_t none;                    /* rows without text so far */
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

struct visit {
	struct training *training;
	const struct truths *truths;
	int frame;
};

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

static bool take_row(void *self, const struct row *row)
{
	struct visit *v = self;
	struct training *t = v->training;
	enum label label = label_of(v, row);
	struct sample *s;

	if (label == NEITHER || (label == NO_TEXT && t->none++ % ONE_OF))
		return true;
	if (!mem_grow(&t->sample, &t->capacity, t->count, sizeof(*t->sample)))
		return false;
	s = &t->sample[t->count++];
	memcpy(s->feature, row->feature, sizeof(row->feature));
	s->picture = t->picture;
	s->text = label == TEXT;
	return true;
}

static bool add_frame(struct visit *v, struct image *image,
		      struct error *err)
{
	const struct rows_visit visit = {
		.least = -HUGE_VAL, .take = take_row, .self = v,
	};
	struct frame *frame = image_frame(image, v->frame, err);
	struct views views = { 0 };
	bool ok = frame && views_make(image, frame, &views, err);

	for (int i = 0; ok && i < views.count; i++) {
		struct grey_plane p = views_plane(&views, i);

		ok = rows_find(&p, LINES_BOTH, &visit, err);
	}
	views_done(&views);
	frame_free(frame);
	return ok;
}

/* What cannot be read teaches nothing. */
static bool add_picture(struct training *t, const char *data, const char *name)
{
	struct error err = { 0 };
	struct truths truths = { 0 };
	struct visit v = { t, &truths, 0 };
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
			sum += t->sample[i].feature[f];
		m->mean[f] = sum / n;
		for (size_t i = 0; i < t->count; i++) {
			double d = t->sample[i].feature[f] - m->mean[f];

			square += d * d;
		}
		m->deviation[f] = fmax(sqrt(square / n), 1e-9);
	}
}

static double score(const struct training *t, const double term[ROW_TERMS])
{
	double sum = 0;

	for (int i = 0; i < ROW_TERMS; i++)
		sum += t->model.weight[i] * term[i];
	return sum;
}

/* Normal equations of one step: a x = b. */
struct equations {
	double a[ROW_TERMS][ROW_TERMS], b[ROW_TERMS];
};

/* Solve them for a symmetric positive a (Cholesky), into b. */
static void solve(struct equations *e)
{
	double (*a)[ROW_TERMS] = e->a, *b = e->b;

	for (int i = 0; i < ROW_TERMS; i++) {
		for (int j = 0; j <= i; j++) {
			double sum = a[i][j];

			for (int k = 0; k < j; k++)
				sum -= a[i][k] * a[j][k];
			a[i][j] = i == j ? sqrt(fmax(sum, 1e-12)) :
					   sum / a[j][j];
		}
	}
	for (int i = 0; i < ROW_TERMS; i++) {
		for (int k = 0; k < i; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
	for (int i = ROW_TERMS - 1; i >= 0; i--) {
		for (int k = i + 1; k < ROW_TERMS; k++)
			b[i] -= a[k][i] * b[k];
		b[i] /= a[i][i];
	}
}

static void add_equation(struct equations *e, const struct training *t,
			 const struct sample *s, double weight)
{
	double term[ROW_TERMS], p, h;

	row_terms(&t->model, s->feature, term);
	p = 1 / (1 + exp(-score(t, term)));
	h = weight * fmax(p * (1 - p), 1e-6);
	for (int i = 0; i < ROW_TERMS; i++) {
		e->b[i] += weight * (s->text - p) * term[i];
		for (int j = 0; j <= i; j++)
			e->a[i][j] += h * term[i] * term[j];
	}
}

/*
 * One step of Newton's method on the likelihood, each class of the part
 * weighing as much as the other.  Returns the longest move.
 */
static double newton(struct training *t, enum part part,
		     const double share[2])
{
	struct equations e = { .b = { 0 } };
	double moved = 0;

	for (size_t n = 0; n < t->count; n++)
		if (in_part(&t->sample[n], part))
			add_equation(&e, t, &t->sample[n],
				     share[t->sample[n].text]);
	for (int i = 0; i < ROW_TERMS; i++) {
		e.b[i] -= ridge * t->model.weight[i];
		e.a[i][i] += ridge;
	}
	solve(&e);
	for (int i = 0; i < ROW_TERMS; i++) {
		t->model.weight[i] += e.b[i];
		moved = fmax(moved, fabs(e.b[i]));
	}
	return moved;
}

/* False when one class is missing. */
static bool fit(struct training *t, enum part part)
{
	double count[2] = { 0, 0 }, share[2];

	for (size_t i = 0; i < t->count; i++)
		count[t->sample[i].text] += in_part(&t->sample[i], part);
	if (!(count[0] > 0 && count[1] > 0))
		return false;
	share[0] = .5 / count[0];
	share[1] = .5 / count[1];
	memset(t->model.weight, 0, sizeof(t->model.weight));
	for (int i = 0; i < STEPS && newton(t, part, share) > 1e-6; i++)
		;
	return true;
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
		double term[ROW_TERMS];

		if (!in_part(&t->sample[i], part))
			continue;
		row_terms(&t->model, t->sample[i].feature, term);
		s[n++] = (struct scored){ score(t, term), t->sample[i].text };
		text += t->sample[i].text;
	}
	fprintf(stderr, "  %zu rows of text, %zu of none\n", text, n - text);
	if (n) {
		qsort(s, n, sizeof(*s), rising);
		tell(s, n, text);
	}
	free(s);
}

static void print_list(const char *name, const double *value, int count)
{
	printf("\t.%s = {", name);
	for (int i = 0; i < count; i++)
		printf("%s%.5g,", i % 6 ? " " : "\n\t\t", value[i]);
	printf("\n\t},\n");
}

static void print(const struct training *t)
{
	printf("/*\n * row_weights.h - written by `make train` from %d "
	       "pictures: see train_rows.c.\n */\n", t->picture);
	printf("static const struct row_model row_model = {\n");
	print_list("mean", t->model.mean, ROW_FEATURES);
	print_list("deviation", t->model.deviation, ROW_FEATURES);
	print_list("weight", t->model.weight, ROW_TERMS);
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
