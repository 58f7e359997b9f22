/*
 * writer.h - what mask_run() hands to the writer of each format.  Private to
 * src/mask; verify does not see it.
 */
#ifndef SUMI_WRITER_H
#define SUMI_WRITER_H

#include "mask/mask.h"
#include "mask/wipe_jpeg.h"

/* A box as it is really blanked. */
struct mask_area {
	struct region region;           /* grown, inside the picture */
	int frame0, frame1;             /* 0-based, inclusive */
};

struct mask_plan {
	struct image *image;
	const struct image_info *info;
	const struct mask_job *job;
	struct mask_area *area;         /* by frame0 */
	size_t areas;
	bool faces;                     /* statement_faces() */
	long long fill[MASK_FILLS];
	int fills;
	bool exact;                     /* mask_exact() writes it */
	int in_fd, out_fd;
	struct mask_report *report;
	void (*progress)(void *self, int permille);
	void *self;
};

/* Write the masked copy; fill in method, outside, dropped, syntaxes. */
bool mask_dicom(struct mask_plan *plan, struct error *err);
bool mask_frames(struct mask_plan *plan, struct error *err);
/* Refuse a DICOM file that can't be masked, with what is in its way. */
bool mask_frames_refuse(struct mask_plan *plan, struct error *err);
bool mask_png(struct mask_plan *plan, struct error *err);
bool mask_jpeg(struct mask_plan *plan, struct error *err);
bool mask_exact(struct mask_plan *plan, struct error *err);

/*
 * Write a frame of U8 samples (1 grey, 3 RGB) as a PNG, areas blanked, with
 * the orientation of the plan.  profile: ICC, left out when length is 0 or
 * libpng finds fault with it.
 */
bool mask_png_frame(struct mask_plan *plan, const struct frame *frame,
		    const void *profile, size_t profile_length,
		    struct error *err);

/* What the fill of a grey lossy JPEG is as a code of its stream. */
enum jpeg_level mask_jpeg_level(const struct mask_plan *plan);

/*
 * EXIF with nothing but Orientation (CIPA DC-008 4.5.4, 4.6.4): a TIFF header
 * and one entry in IFD 0, big endian.
 */
enum { MASK_EXIF = 26 };
void mask_exif(unsigned char exif[MASK_EXIF], int orientation);

/* Tell how far it is; done and total in any unit. */
void mask_progress(const struct mask_plan *plan, long long done,
		   long long total);

/*
 * Write all of it at the position of fd, through signals and short writes.
 * False with ERR_WRITE.
 */
bool mask_write(int fd, const void *data, size_t length, struct error *err);

/*
 * Read up to length bytes at offset, through signals and short reads.  Returns
 * the bytes read (fewer at the end of the file), -1 when it fails.
 */
long long mask_read(int fd, void *data, size_t length, long long offset);

#endif
