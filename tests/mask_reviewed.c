/*
 * mask_reviewed.c - a masked copy as after a reviewer's verdict, for
 * tests/dciodvfy.sh: a box of 4 x 4 pixels in every frame.
 *
 * usage: mask_reviewed IN OUT [PROFILE [face]]
 *
 * PROFILE as --tags takes it; face: the box is one of a face.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mask/mask.h"
#include "mask/verify.h"

static bool make(int in, int out, enum tag_profile profile, bool face,
		 struct error *err)
{
	const struct mask_job job = {
		.profile = profile, .reviewed = true, .age_cap = 89,
		.date_offset = -100, .pseudonym = "0123456789abcdef",
		.uid_key = { 1 },
	};
	struct image *image = image_open(in, err);
	struct box box = { .region = { 0, 0, 4, 4 }, .tier = TIER_BOX };
	struct box_list boxes = { &box, 1, 1 };
	struct mask_report report;
	struct verify_result result;

	if (!image)
		return false;
	if (face) {
		box.kind = KIND_FACE;
		box.class_ = CLASS_FACE;
	}
	box.frame1 = image_info(image)->frames - 1;
	image_close(image);
	return mask_run(in, out, &job, &boxes, &report, NULL, NULL, err) &&
	       verify_run(in, out, job.profile, &job, &boxes, &result, NULL,
			  NULL, err) &&
	       (result.status == VERIFY_OK ||
		error_set(err, ERR_CHECK, "verify: %s",
			  verify_class_name[result.class_]));
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	enum tag_profile profile = TAGS_MHLW;
	bool right = argc >= 3 && argc <= 5 &&
		     (argc < 4 || tags_parse(argv[3], &profile)) &&
		     (argc < 5 || !strcmp(argv[4], "face"));
	int in = right ? open(argv[1], O_RDONLY) : -1;
	int out = in < 0 ? -1 : open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0600);

	if (out < 0 || !image_warm_up(&err)) {
		fprintf(stderr, "usage: mask_reviewed IN OUT [PROFILE "
				"[face]]\n");
		return 2;
	}
	if (make(in, out, profile, argc == 5, &err))
		return 0;
	unlink(argv[2]);
	fprintf(stderr, "%s\n", err.text);
	return error_exit_status(err.code);
}
