/* verify_parts.h - what verify.c and its checks by format share.  Private. */
#ifndef SUMI_VERIFY_PARTS_H
#define SUMI_VERIFY_PARTS_H

#include "mask/verify.h"

struct verifier {
	int in_fd, out_fd;
	struct image *in, *out;
	const struct image_info *in_info, *out_info;
	enum tag_profile profile;
	const struct mask_job *job;     /* NULL: not known */
	const struct box_list *boxes;
	struct verify_result *result;
	void (*progress)(void *self, int permille);     /* may be NULL */
	void *self;
};

/* As hash_file() takes it: tells v->progress that it goes on. */
bool verify_heartbeat(void *verifier, uint64_t done);

/* Note what was found.  Returns false: a check stops there. */
bool verify_found(struct verifier *v, enum verify_class class_, int frame,
		  int x, int y);

/*
 * Checks of all but the samples.  False when something was found, or with
 * *err when a check could not run.
 */
bool verify_dicom(struct verifier *v, struct error *err);
bool verify_png(struct verifier *v, struct error *err);
bool verify_jpeg(struct verifier *v, struct error *err);

/* Does a box that blanks pixels cover this pixel in this frame? */
bool verify_covered(const struct verifier *v, int frame_index, int x, int y);

/* A whole file in memory, *length bytes; free() it.  NULL with *err. */
unsigned char *verify_read_file(int fd, size_t *length, struct error *err);

/* Is this the EXIF of a masked copy: Orientation and nothing else? */
bool verify_exif(const unsigned char *exif, size_t length, int orientation);

#endif
