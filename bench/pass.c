/*
 * pass.c - what the parts of the search for text cost: the frame, its views,
 * shapes, lines in both directions, ends of lines.
 *
 * usage: pass RUNS FILE...
 *
 * The first frame of each FILE.  CPU time of the process, medians of RUNS a
 * part and file, summed up; printed in ms a megapixel of all views, the lines
 * also by direction, since a turned plane is a view of its own.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/cpu.h"
#include "image/image.h"
#include "ocr/complete.h"
#include "ocr/held.h"
#include "ocr/lines.h"
#include "ocr/shapes.h"
#include "ocr/views.h"

enum part { FRAME, VIEWS, SHAPES, LINES, FINE, ENDS, PARTS };
static const char *const names[PARTS] = {
	"decoding", "views", "bars, modules, QR codes",
	"marks and lines, across and down",
	"fine strokes of the first view, down", "ends of lines",
};

enum { RUNS_MAX = 21 };

struct sum {
	double ms[PARTS], megapixels;   /* of views */
	int files;
};

static void die(const char *what)
{
	fprintf(stderr, "pass: %s\n", what);
	exit(EXIT_FAILURE);
}

/* CPU time since *since, which is set anew. */
static double lap(double *since)
{
	double now = cpu_ms(), out = now - *since;

	*since = now;
	return out;
}

static void find(const struct views *views, double ms[PARTS])
{
	struct line_list all = { 0 }, some = { 0 };
	struct shape_list shapes = { .count = 0 };
	struct error err = { 0 };
	double since = cpu_ms();

	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		if (!shapes_find(&p, &shapes, &err))
			die(err.text);
		ms[SHAPES] += lap(&since);
		if (!lines_find(&p, LINES_BOTH, NULL, &some, &err))
			die(err.text);
		ms[LINES] += lap(&since);
		if (i == 0 && !lines_find_fine(&p, NULL, &some, &err))
			die(err.text);
		ms[FINE] += lap(&since);
		if (!lines_merge(&all, &some, &err))
			die(err.text);
		ms[LINES] += lap(&since);
	}
	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		if (!lines_complete(&p, i, 0, &all, NULL, NULL, &err))
			die(err.text);
	}
	if (!held_cut(views, &all, NULL, &err))
		die(err.text);
	ms[ENDS] = lap(&since);
	line_list_done(&all);
	line_list_done(&some);
}

/* One run over a picture.  Returns the megapixels of its views. */
static double run(struct image *image, double ms[PARTS])
{
	struct error err = { 0 };
	struct views views = { 0 };
	double since = cpu_ms(), megapixels;
	struct frame *frame = image_frame(image, 0, &err);

	for (int i = 0; i < PARTS; i++)
		ms[i] = 0;
	if (!frame)
		die(err.text);
	ms[FRAME] = lap(&since);
	if (!views_make(image, frame, &views, &err))
		die(err.text);
	ms[VIEWS] = lap(&since);
	find(&views, ms);
	megapixels = (double)views.count * views.columns * views.rows / 1e6;
	views_done(&views);
	frame_free(frame);
	return megapixels;
}

static int compare(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

static void measure(const char *path, int runs, struct sum *sum)
{
	double ms[RUNS_MAX][PARTS], one[RUNS_MAX], megapixels = 0;
	struct error err = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image *image = fd < 0 ? NULL : image_open(fd, &err);

	if (!image)
		die("a picture can't be read");
	for (int r = 0; r < runs; r++)
		megapixels = run(image, ms[r]);
	for (int i = 0; i < PARTS; i++) {
		for (int r = 0; r < runs; r++)
			one[r] = ms[r][i];
		qsort(one, (size_t)runs, sizeof(*one), compare);
		sum->ms[i] += one[runs / 2];
	}
	sum->megapixels += megapixels;
	sum->files++;
	image_close(image);
	close(fd);
}

static void print(const struct sum *sum)
{
	printf("%d files, %.1f megapixels of views\n\n"
	       "| part | CPU ms a megapixel and view |\n|---|---|\n",
	       sum->files, sum->megapixels);
	for (int i = 0; i < PARTS; i++)
		printf("| %s | %.2f |\n", names[i],
		       sum->ms[i] / sum->megapixels);
	printf("| marks and lines, a direction | %.2f |\n",
	       sum->ms[LINES] / sum->megapixels / 2);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct sum sum = { .files = 0 };
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: pass RUNS FILE...\n");
		return 2;
	}
	if (!image_warm_up(&err))
		die(err.text);
	for (int i = 2; i < argc; i++)
		measure(argv[i], (int)runs, &sum);
	print(&sum);
	return 0;
}
