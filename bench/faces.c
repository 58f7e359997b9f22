/*
 * faces.c - what looking for faces costs: CPU time of loading and of each
 * profile on pictures brought to 1 and 8 megapixels, and memory.  Decoding is
 * not counted.  Recall is measured by `suminuri eval`.
 */
#include "config.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "bench/cpu.h"
#include "find/face_boxes.h"
#include "find/face_models.h"
#include "image/voi.h"

enum { RUNS = 5, MOST_PIXELS = 2000000 };
static const double megapixels[] = { 1, 8 };
static const char *const profile_name[FACE_PROFILES] = { "standard",
							  "thorough" };

static double memory_mb(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)r.ru_maxrss / 1024;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The same picture with about so many pixels, by nearest neighbours. */
static struct plane *scaled(const struct plane *from, double mp)
{
	double k = sqrt(mp * 1e6 / ((double)from->columns * from->rows));
	struct plane *to = calloc(1, sizeof(*to));

	if (!to)
		return NULL;
	to->columns = (int)(from->columns * k);
	to->rows = (int)(from->rows * k);
	to->channels = from->channels;
	to->pixel = mem_array3((size_t)to->columns, (size_t)to->rows,
			       (size_t)to->channels, 1);
	if (!to->pixel) {
		plane_free(to);
		return NULL;
	}
	for (int y = 0; y < to->rows; y++)
		for (int x = 0; x < to->columns; x++)
			for (int c = 0; c < to->channels; c++)
				to->pixel[((size_t)y * (size_t)to->columns +
					   (size_t)x) *
					  (size_t)to->channels + (size_t)c] =
					from->pixel[((size_t)(y / k) *
						     (size_t)from->columns +
						     (size_t)(x / k)) *
						    (size_t)to->channels +
						    (size_t)c];
	return to;
}

/* CPU ms of all passes over a picture, shrinking included; -1 on failure. */
static double run_once(struct face_nets *nets, enum face_profile profile,
		       const struct plane *p, size_t *faces)
{
	struct face_list list = { 0 };
	struct error err = { 0 };
	double from = cpu_ms();
	struct face_picture *picture =
		face_picture_new(p->pixel, p->columns, p->rows, p->channels,
				 MOST_PIXELS, &err);
	bool ok = picture;
	int passes;
	const struct face_pass *pass = face_passes(profile, &passes);

	for (int i = 0; ok && i < passes; i++) {
		struct face_view view = face_view_of(
			&pass[i], face_picture_columns(picture),
			face_picture_rows(picture));
		struct face_hits hits = { 0 };

		ok = face_nets_run(nets, pass[i].net, picture, &view,
				   pass[i].shown_from, &hits, &err) &&
		     faces_add(&list, &hits, &pass[i], &view, 1, 1);
		face_hits_done(&hits);
	}
	faces_merge(&list);
	*faces = list.count;
	faces_done(&list);
	face_picture_free(picture);
	return ok ? cpu_ms() - from : -1;
}

static void measure(struct face_nets *nets, const char *name,
		    const struct plane *p)
{
	for (size_t m = 0; m < sizeof(megapixels) / sizeof(megapixels[0]);
	     m++) {
		struct plane *q = scaled(p, megapixels[m]);

		for (int k = 0; q && k < FACE_PROFILES; k++) {
			double ms[RUNS];
			size_t faces = 0;

			for (int i = 0; i < RUNS; i++)
				ms[i] = run_once(nets, (enum face_profile)k,
						 q, &faces);
			qsort(ms, RUNS, sizeof(ms[0]), by_value);
			printf("%-24s %3.0f MP  %-8s  %6.1f ms (least %.1f)"
			       "  %zu faces\n", name, megapixels[m],
			       profile_name[k], ms[RUNS / 2], ms[0], faces);
		}
		plane_free(q);
	}
}

static bool measure_file(struct face_nets *nets, const char *name)
{
	struct error err = { 0 };
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	struct image *image = fd < 0 ? NULL : image_open(fd, &err);
	struct frame *frame = image ? image_frame(image, 0, &err) : NULL;
	struct plane *plane = frame ? voi_render(image, frame, VOI_FILE,
						 &err) : NULL;
	double before = memory_mb();

	if (plane)
		measure(nets, name, plane);
	else
		fprintf(stderr, "%s: %s\n", name, err.text);
	printf("%-24s memory grew by %.0f MB, the pictures of 8 MP (24 MB) "
	       "included\n", name, memory_mb() - before);
	plane_free(plane);
	frame_free(frame);
	image_close(image);
	if (fd >= 0)
		close(fd);
	return plane;
}

int main(int argc, char **argv)
{
	struct face_files files = { { NULL }, { 0 } };
	struct face_nets *nets = NULL;
	struct error err = { 0 };
	double from, before;
	bool ok = argc > 2;

	if (!ok) {
		fprintf(stderr, "usage: bench/faces MODELS PICTURE...\n");
		return 2;
	}
	face_start();
	ok = hash_warm_up(&err) && image_warm_up(&err);
	before = memory_mb();
	from = cpu_ms();
	if (ok && face_models_read(argv[1], &files, &err) ==
			  FACE_MODELS_SOUND)
		nets = face_nets_new((const void *const *)files.data,
				     files.size, &err);
	if (!nets) {
		fprintf(stderr, "%s: %s\n", argv[1], err.text);
		return 1;
	}
	printf("loading: %.0f ms, %.0f MB\n", cpu_ms() - from,
	       memory_mb() - before);
	for (int i = 2; i < argc; i++)
		ok = measure_file(nets, argv[i]) && ok;
	face_nets_free(nets);
	face_files_done(&files);
	return ok ? 0 : 1;
}
