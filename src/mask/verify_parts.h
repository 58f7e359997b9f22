/* verify_parts.h - what verify.c and its checks by format share.  Private. */
#ifndef SUMI_VERIFY_PARTS_H
#define SUMI_VERIFY_PARTS_H

#include "image/format_dicom.h"
#include "image/jpeg_blocks.h"
#include "mask/verify.h"
#include "mask/verify_rule.h"

struct verifier {
	int in_fd, out_fd;
	struct image *in, *out;
	const struct image_info *in_info, *out_info;
	enum tag_profile profile;
	const struct mask_job *job;     /* NULL: not known */
	const struct box_list *boxes;
	struct verify_area *area;
	size_t areas;
	long long fill[MASK_FILLS];     /* stored value per sample */
	bool exact;                     /* lossy blocks were decoded: a box
					   is not grown */
	bool hashed;                    /* result has both hashes */
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
 * All checks that a format needs besides what image_info() says.  False when
 * something was found, or with *err when a check could not run.
 *
 * verify_native  the cells of an uncompressed DICOM file; sets hashed
 * verify_frames  encapsulated pixels; offset: in OUT, of group 7FE0
 */
bool verify_dicom(struct verifier *v, struct error *err);
bool verify_native(struct verifier *v, struct error *err);
bool verify_frames(struct verifier *v, long long offset, struct error *err);
bool verify_png(struct verifier *v, struct error *err);
bool verify_jpeg(struct verifier *v, struct error *err);

/* One code stream of both files. */
struct verify_stream {
	const unsigned char *in, *out;
	size_t in_length, out_length;   /* in: 0 when it is of another coding */
	int frame_index;
	bool fragment;                  /* of DICOM: a pad byte may follow */
	bool rgb;                       /* DICOM says RGB */
	int orientation;                /* EXIF with nothing else may stay; 0:
					   none */
};

/*
 * verify_segments  what a stream of the JPEG family holds besides samples
 * verify_blocks    the coefficients of a lossy JPEG stream
 * verify_scans     a lossy JPEG stream that is the same in both files: nothing
 *                  stands between its last block and EOI, if it is sequential
 * verify_carriers  what a frame's stream of any coding holds besides samples
 */
bool verify_segments(struct verifier *v, const struct verify_stream *t);
bool verify_blocks(struct verifier *v, const struct verify_stream *t,
		   struct error *err);
bool verify_scans(struct verifier *v, const struct verify_stream *t);
bool verify_carriers(struct verifier *v, const struct verify_stream *t,
		     enum dicom_coding coding, struct error *err);

/* What the components of a JPEG stream are. */
enum verify_colour { COLOUR_GREY, COLOUR_RGB, COLOUR_YCC, COLOUR_CMYK,
		     COLOUR_ADOBE_CMYK, COLOUR_ADOBE_YCCK, COLOUR_OTHER,
		     COLOURS };
enum verify_colour verify_colour(const unsigned char *stream, size_t length,
				 const struct jpeg_blocks_head *head, bool rgb);

/* Does a box that blanks pixels cover this pixel in this frame? */
bool verify_covered(const struct verifier *v, int frame_index, int x, int y);

/*
 * verify_samples      the decoded samples of a frame
 * verify_unused       no bit of it is set that is not stored
 * verify_all_samples  both, of all frames
 */
bool verify_samples(struct verifier *v, int frame_index, struct error *err);
bool verify_unused(struct verifier *v, int frame_index, struct error *err);
bool verify_all_samples(struct verifier *v, struct error *err);

/*
 * Bytes of a file at an offset, through signals and short reads.  verify_read:
 * all of them, or false with *err (TRUNCATED, UNREADABLE); verify_read_some:
 * how many there are up to length, -1 when it fails.
 */
bool verify_read(int fd, long long offset, void *data, size_t length,
		 struct error *err);
long long verify_read_some(int fd, long long offset, void *data,
			   size_t length);

/* A whole file in memory, *length bytes; free() it.  NULL with *err. */
unsigned char *verify_read_file(int fd, size_t *length, struct error *err);

/* Is this the EXIF of a masked copy: Orientation and nothing else? */
bool verify_exif(const unsigned char *exif, size_t length, int orientation);

#endif
