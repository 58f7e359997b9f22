/*
 * fuzz_frames.c - any bytes as a DICOM file with a box made from them: its
 * masked copy must be refused, or pass verification, open and hold the fill
 * inside the box.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/image.h"
#include "mask/mask.h"
#include "mask/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

/* One box by the last bytes, in one frame of the file. */
static struct box make_box(const struct image_info *info, const uint8_t *end)
{
	int x = end[-1] % info->columns, y = end[-2] % info->rows;
	int frame_index = end[-3] % info->frames;

	return (struct box){
		.region = { x, y, x + 1 + end[-4] % 64, y + 1 + end[-5] % 64 },
		.frame0 = frame_index, .frame1 = frame_index,
		.tier = TIER_BOX,
	};
}

static void check_inside(int out, const struct image_info *info,
			 const struct box *box,
			 const struct mask_report *report)
{
	struct image *image = image_open(out, NULL);
	struct region r = mask_grown(info, box->region, NULL);
	struct frame *f;
	size_t size;

	check(image);
	f = image_frame(image, box->frame0, NULL);
	check(f);
	size = frame_sample_size(f->type);
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *p = (uint8_t *)f->sample +
				   ((size_t)y * (size_t)f->columns +
				    (size_t)r.x0) * (size_t)f->samples * size;

		/* low byte first; floats are filled with 0 or their padding */
		for (int i = 0; i < (r.x1 - r.x0) * f->samples; i++, p += size)
			check(f->type >= SAMPLE_F32 ||
			      !memcmp(p, &report->fill[i % f->samples], size));
	}
	frame_free(f);
	image_close(image);
}

/* False: refused after all. */
static bool check_verified(int in, int out, const struct mask_job *job,
			   const struct box_list *boxes)
{
	struct verify_result result;
	struct error err = { 0 };

	/* its reader of JPEG is stricter */
	if (!verify_run(in, out, job->profile, job, boxes, &result, NULL, NULL,
			&err)) {
		check(err.code == ERR_REFUSED || err.code == ERR_MEMORY);
		return false;
	}
	if (result.status != VERIFY_OK)
		fprintf(stderr, "%s, frame %d, %d %d\n",
			verify_class_name[result.class_], result.frame,
			result.x, result.y);
	check(result.status == VERIFY_OK);
	return true;
}

static void mask_file(int in, int out, const uint8_t *data, size_t size)
{
	struct mask_job job = { .age_cap = 89, .pseudonym = "P" };
	struct mask_report report;
	struct image *image = image_open(in, NULL);
	struct image_info info;
	struct box box;
	struct box_list boxes = { &box, 1, 1 };

	if (!image)
		return;
	info = *image_info(image);
	image_close(image);
	/* pictures that take long tell nothing more */
	if ((long long)info.columns * info.rows * info.frames > 1 << 18)
		return;
	box = make_box(&info, data + size);
	if (!mask_run(in, out, &job, &boxes, &report, NULL, NULL, NULL))
		return;
	if (check_verified(in, out, &job, &boxes))
		check_inside(out, &info, &box, &report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool warm;
	int in, out;

	if (!warm)
		check(image_warm_up(NULL));
	warm = true;
	if (size < 256)
		return 0;
	in = memfd_create("in", MFD_CLOEXEC);
	out = memfd_create("out", MFD_CLOEXEC);
	check(in >= 0 && out >= 0 &&
	      write(in, data, size) == (ssize_t)size);
	mask_file(in, out, data, size);
	close(in);
	close(out);
	return 0;
}
