/*
 * residual.c - how the residual pass judges masked copies of real files: all
 * proposals masked (nothing may be held back), and all but one, or all but the
 * lower half of one (the copy must be).
 *
 * usage: residual FILE...
 *
 * Prints a line a file: boxes, what holds the clean copy back, and of the
 * copies with one identifier left open (that no other boxes mask too), whole
 * and by half, how many are held back.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "find/detect.h"
#include "mask/mask.h"
#include "ocr/text.h"
#include "process/output.h"

enum { OPEN_MAX_BOXES = 8 };            /* left open in turn, of a file */

const struct detector detectors[] = {
	{ "text", text_load, text_run, text_version },
	{ .name = NULL },
};

struct totals { int files, held, open, caught, halves; };

/* The box that is not masked, or only its upper (or left) half. */
struct left_open { size_t which; bool half; };

static const struct detect_options plain = { .languages = "eng+jpn" };

static struct region first_half(struct region r)
{
	if (region_height(r) > region_width(r))
		r.x1 = r.x0 + region_width(r) / 2;
	else
		r.y1 = r.y0 + region_height(r) / 2;
	return r;
}

/* Mask all boxes of found but what is left open; a descriptor of the copy, or
 * -1. */
static int make_copy(int in, const struct box_list *found,
		     struct left_open leave,
		     struct box_list *masked, struct masks *decided)
{
	const struct mask_job job = { .profile = TAGS_MHLW, .reviewed = true,
				      .age_cap = 89, .date_offset = -10,
				      .pseudonym = "0123456789abcdef",
				      .uid_key = { 1 } };
	struct mask_report report;
	struct error err = { 0 };
	int out = memfd_create("copy", MFD_CLOEXEC);

	for (size_t i = 0; i < found->count; i++) {
		const struct box *b = &found->box[i];
		bool mask = b->tier == TIER_BOX;
		struct decided_box d = { .box = *b, .decision = mask ?
			DECISION_MASK : DECISION_NO_MASK };

		if (i == leave.which && !leave.half)
			continue;
		if (i == leave.which) {
			d.box.region = first_half(b->region);
			d.box.source = SOURCE_REVIEWER;
		}
		if (mask && !box_list_add(masked, &d.box))
			return -1;
		if (!mem_grow(&decided->box, &decided->box_capacity,
			      decided->box_count, sizeof(*decided->box)))
			return -1;
		decided->box[decided->box_count++] = d;
	}
	if (mask_run(in, out, &job, masked, &report, NULL, NULL, &err))
		return out;
	close(out);
	return -1;
}

static void grow(const struct image_info *info, struct box_list *masked)
{
	for (size_t i = 0; i < masked->count; i++) {
		struct region *r = &masked->box[i].region;
		bool rim;

		*r = mask_grown(info, *r, &rim);
		*r = region_clip(region_grow(*r, rim ? 1 : 0), info->columns,
				 info->rows);
	}
}

/* Boxes that hold the copy back; -1 when there is no copy. */
static int residual(int in, struct image *original,
		    const struct box_list *found, struct left_open leave,
		    bool show)
{
	struct box_list masked = { 0 }, left = { 0 };
	struct masks decided = { 0 };
	struct detect_options options = plain;
	struct proposals p = { 0 };
	struct error err = { 0 };
	int out = make_copy(in, found, leave, &masked, &decided), count = -1;
	struct image *copy = out >= 0 ? image_open(out, &err) : NULL;

	if (copy) {
		grow(image_info(original), &masked);
		options.masked = &masked;
		options.original = original;
		if (detect_run(detectors, copy, &options, NULL, &p, &err) &&
		    output_residual(image_info(original), &p.boxes, &decided,
				    &left))
			count = (int)left.count;
	}
	for (size_t i = 0; show && i < left.count; i++)
		printf("    %d,%d %dx%d f%d-%d %s\n", left.box[i].region.x0,
		       left.box[i].region.y0,
		       region_width(left.box[i].region),
		       region_height(left.box[i].region), left.box[i].frame0,
		       left.box[i].frame1, box_kind_name[left.box[i].kind]);
	proposals_done(&p);
	box_list_done(&left);
	box_list_done(&masked);
	masks_done(&decided);
	image_close(copy);
	if (out >= 0)
		close(out);
	return count;
}

/* Would half of it or more be masked with the others? */
static bool is_masked_by_others(const struct box_list *found, size_t which)
{
	struct region mine = found->box[which].region;
	long long masked = 0;

	for (int y = mine.y0; y < mine.y1; y++)
		for (int x = mine.x0; x < mine.x1; x++) {
			bool hit = false;

			for (size_t i = 0; i < found->count && !hit; i++) {
				const struct box *b = &found->box[i];

				hit = i != which && b->tier == TIER_BOX &&
				      b->plane == PLANE_PICTURE &&
				      region_hit(b->region, x, y);
			}
			masked += hit;
		}
	return 2 * masked >= region_area(mine);
}

static void judge(const char *path, struct totals *t)
{
	struct error err = { 0 };
	struct proposals p = { 0 };
	int fd = open(path, O_RDONLY), clean;
	int open_boxes = 0, caught = 0, halves = 0;
	struct image *image = fd >= 0 ? image_open(fd, &err) : NULL;

	if (!image || !detect_run(detectors, image, &plain, NULL, &p, &err)) {
		printf("%s: refused\n", path);
		goto out;
	}
	clean = residual(fd, image, &p.boxes,
			 (struct left_open){ p.boxes.count, false }, true);
	for (size_t i = 0; clean >= 0 && i < p.boxes.count &&
			   open_boxes < OPEN_MAX_BOXES; i++) {
		if (p.boxes.box[i].tier != TIER_BOX ||
		    p.boxes.box[i].kind != KIND_IDENTIFIER ||
		    p.boxes.box[i].plane != PLANE_PICTURE ||
		    is_masked_by_others(&p.boxes, i))
			continue;
		open_boxes++;
		caught += residual(fd, image, &p.boxes,
				   (struct left_open){ i, false }, false) > 0;
		halves += residual(fd, image, &p.boxes,
				   (struct left_open){ i, true }, false) > 0;
	}
	printf("%s: %zu boxes, clean copy %d, left open %d, caught %d, by half "
	       "%d\n", path, p.boxes.count, clean, open_boxes, caught, halves);
	t->files++;
	t->held += clean > 0;
	t->open += open_boxes;
	t->caught += caught;
	t->halves += halves;
out:
	proposals_done(&p);
	image_close(image);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct totals t = { 0 };
	struct error err = { 0 };

	if (argc < 2 || !image_warm_up(&err) || !text_load(&plain, &err)) {
		fprintf(stderr, "usage: residual FILE...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		judge(argv[i], &t);
		fflush(stdout);
	}
	printf("%d files: %d clean copies held back; %d boxes left open, %d "
	       "caught, by half %d\n", t.files, t.held, t.open, t.caught,
	       t.halves);
	return 0;
}
