/*
 * mask.h - sets the samples of accepted regions to one fill value and writes
 * the masked copy: descriptor in, descriptor out.  Opens nothing by name, so
 * it runs in a locked worker; hidden carriers and tags go with it.
 */
#ifndef SUMI_MASK_H
#define SUMI_MASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "find/proposal.h"
#include "image/image.h"

/*
 * What becomes of a header, and what the profile ps315 retains besides (PS3.15
 * E.3): its options are or-ed to it.
 */
enum tag_profile {
	TAGS_MHLW, TAGS_KEEP, TAGS_PS315, TAG_PROFILES,
	TAGS_UIDS = 0x10, TAGS_DEVICE = 0x20, TAGS_INSTITUTION = 0x40,
	TAGS_PATIENT = 0x80, TAGS_FULL_DATES = 0x100,
	TAGS_MODIFIED_DATES = 0x200,
	TAGS_DESCRIPTORS = 0x400,       /* cleaned, not retained */
	TAGS_PRIVATE = 0x800,           /* those that are known to be safe */
	TAGS_MOST = 0xfff
};

/*
 * The words of all profiles, then of the options in the order of their bits;
 * NULL ends them.  A table of settings takes it (base/settings.h).
 */
extern const char *const tag_words[];

/*
 * Read "mhlw", "keep" or "ps315[+OPTION]...".  False when text is none of them:
 * an unknown word, an option of another profile, both options of dates.
 */
bool tags_parse(const char *text, enum tag_profile *profile);

/* Why an option of PS3.15 that text names is not offered, as a sentence; NULL:
 * it names none of these. */
const char *tags_refused(const char *text);

/* The canonical words of a profile. */
enum { TAGS_NAME = 80 };
void tags_print(enum tag_profile profile, char name[TAGS_NAME]);

/* Everything the writer is told; boxes besides.  Plain numbers. */
struct mask_job {
	enum tag_profile profile;
	bool reviewed;          /* a person gave a verdict: BurnedInAnnotation
				   NO; else the attribute is removed */
	bool exact;             /* boxes of a lossy file do not grow: its copy
				   is lossless */
	bool patient_id_empty;  /* policy patient_id = empty */
	bool strict_residue;    /* policy residue = strict: no table stays that
				   masked blocks had a part in */
	int age_cap;            /* years; 89 */
	int date_offset;        /* days to add to every date of this patient */
	char pseudonym[17];     /* replaces PatientID */
	uint8_t uid_key[32];    /* keys the mapping of UIDs; never logged */
};

enum mask_method { METHOD_STREAM, METHOD_COEFFICIENTS, METHOD_SPLICE,
		   METHOD_FRAMES, METHOD_REENCODE, MASK_METHODS };
enum mask_outside { OUTSIDE_BYTES, OUTSIDE_STORED, OUTSIDE_COEFFICIENTS,
		    OUTSIDE_DECODED, MASK_OUTSIDES };
enum mask_dropped {             /* bits of mask_report.dropped */
	DROPPED_EXIF = 1, DROPPED_XMP = 2, DROPPED_COMMENT = 4,
	DROPPED_THUMBNAIL = 8, DROPPED_TRAILER = 16, DROPPED_ICON = 32,
	DROPPED_UNUSED_BITS = 64, DROPPED_PREAMBLE = 128,
	DROPPED_PRIVATE = 256, DROPPED_PADDING = 512, DROPPED_SIGNATURES = 1024,
	DROPPED_TEXT_CHUNKS = 2048, DROPPED_APP = 4096,
	DROPPED_HIDDEN_COLOUR = 8192, DROPPED_CURVES = 16384,
	DROPPED_CHUNKS = 32768, DROPPED_ANIMATION = 65536,
	DROPPED_DOCUMENT = 131072,
	DROPPED_OVERLAY = 262144,       /* which ones: mask_report.overlays */
	DROPPED_GRAPHICS = 524288, DROPPED_LABEL = 1048576,
	DROPPED_META = 2097152
};
enum { MASK_DROPPED_BITS = 22 };
/* The word of DESIGN 5.2 for bit n: "exif" ...; NULL for DROPPED_OVERLAY,
 * which is printed as overlay:gggg by group. */
extern const char *const mask_dropped_name[MASK_DROPPED_BITS];
extern const char *const mask_method_name[MASK_METHODS];
extern const char *const mask_outside_name[MASK_OUTSIDES];

enum { MASK_FILLS = 4 };

/* What was done (DESIGN 5.2); plain numbers, so a worker can send it. */
struct mask_report {
	enum mask_method method;
	enum mask_outside outside;
	bool huffman_tables;            /* residue: the source's tables stay */
	int fills;                      /* samples per pixel */
	long long fill[MASK_FILLS];     /* stored value per sample; of float
					   pixels: the bits of the value */
	int frames_touched;
	unsigned dropped;               /* enum mask_dropped */
	uint32_t overlays;              /* bit (group - 0x6000) / 2 dropped */
	uint64_t bytes;                 /* written */
	/* zero after mask_run(): only a fresh verify_run() reads both files
	   anew, and its caller puts its hashes here */
	uint8_t in_sha256[32], out_sha256[32];
	char syntax_in[IMAGE_UID], syntax_out[IMAGE_UID];
	/* keyed names of the output: HMAC-SHA-256(uid_key, new UID), first 8
	   bytes each (DESIGN 5.4); zero unless DICOM */
	uint8_t study[8], series[8], instance[8];
};

/*
 * Clip boxes to the picture and grow them to what is really blanked (whole
 * MCUs of a lossy JPEG, even columns of uncompressed 4:2:2).  *rim: chroma
 * interpolation may tint one pixel around it.  Used by the screen and verify
 * too.
 */
struct region mask_grown(const struct image_info *info, struct region box,
			 bool *rim);

/*
 * Make info say what mask_grown() has to know of a file that is masked
 * exactly: nothing grows, there is no rim.  False when it would change
 * nothing: the file's boxes do not grow anyway.
 */
bool mask_make_exact(struct image_info *info);

/*
 * False with ERR_USAGE when a box lies wholly outside the picture or names a
 * frame that does not exist.
 */
bool mask_check_boxes(const struct image_info *info,
		      const struct box_list *boxes, struct error *err);

/*
 * The one fill of the file (DESIGN 6), in stored values per sample; for float
 * pixels the bits of the value (IEEE 754).  info: that of image, or what
 * mask_make_exact() made of it: then the copy is no lossy JPEG.
 *
 * An edge of the first window is not used when it lies beyond +-4e9, or behind
 * a Modality LUT; then, and without a window, it is the least (MONOCHROME1:
 * largest) value beside the masks of the first frame that has one.
 *
 * A grey lossy JPEG can hold only code 0, 2^(P-1) or 2^P - 1 whatever its
 * quantiser is, so there it is PixelPaddingValue if that is one of them, else
 * the one that is darkest as displayed: unsigned 0 (MONOCHROME1: 2^P - 1),
 * signed -2^(P-1), which lies in the stream as code 2^(P-1) (MONOCHROME1: 0).
 */
bool mask_fill(struct image *image, const struct image_info *info,
	       const struct box_list *boxes, long long fill[MASK_FILLS],
	       int *fills, struct error *err);

/*
 * Write the masked copy of in_fd to out_fd (empty, seekable).  Boxes of tier
 * TIER_BOX only.  On failure *err says why and out_fd holds rubbish that must
 * not be used.
 */
bool mask_run(int in_fd, int out_fd, const struct mask_job *job,
	      const struct box_list *boxes, struct mask_report *report,
	      void (*progress)(void *self, int permille), void *self,
	      struct error *err);
#endif
