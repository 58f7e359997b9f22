/*
 * image.h - one opened file: what it says about its pixels, its frames decoded
 * on demand, its overlay planes and its attributes.  Reads from a descriptor
 * and never opens anything by name; knows no detectors and writes nothing.
 *
 * The content of a file decides what it is, never its name; for DICOM the UID
 * string in (0002,0010) decides the transfer syntax, not what a library calls
 * it.  Whatever is not fully understood is refused (error.h, REASONS).
 */
#ifndef SUMI_IMAGE_H
#define SUMI_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "image/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

enum image_format { IMAGE_DICOM, IMAGE_PNG, IMAGE_JPEG, IMAGE_FORMATS };
extern const char *const image_format_name[IMAGE_FORMATS]; /* "dicom" ... */

/* What the samples that image_frame() gives out mean. */
enum photometric {
	PHOTOMETRIC_MONOCHROME1,        /* low is white */
	PHOTOMETRIC_MONOCHROME2,        /* low is black */
	PHOTOMETRIC_PALETTE,            /* index into image_palette() */
	PHOTOMETRIC_RGB,                /* also RGBA when samples is 4 */
	PHOTOMETRIC_YBR_FULL,           /* uncompressed YBR; 422 is upsampled */
	PHOTOMETRIC_GREY_ALPHA,         /* PNG, samples is 2 */
	PHOTOMETRIC_CMYK,               /* 0 is no ink */
	PHOTOMETRICS
};

/* Can a head be rendered from the volume (head.h)? */
enum head_part { HEAD_PART_NONE, HEAD_PART_SHOWN, HEAD_PART_UNKNOWN,
		 HEAD_PARTS };

enum { IMAGE_UID = 65, IMAGE_WINDOWS = 8, IMAGE_OVERLAYS = 16 };

struct image_window { double centre, width; };

/* One 60xx overlay plane (DICOM PS3.3 C.9.2). */
struct image_overlay {
	int group;                      /* 0x6000 ... 0x60fe, 0x60ff even */
	int columns, rows;
	int x, y;                       /* of its corner; 0-based, may be < 0 */
	int first_frame, frames;        /* 0-based; frames it applies to */
	int bit;                        /* embedded in the pixels: bit; or -1 */
};

/* Plain numbers without pointers: it may travel through a pipe. */
struct image_info {
	enum image_format format;
	int columns, rows, frames;
	/* of the frames given out by image_frame() */
	int samples;
	enum sample_type type;
	enum photometric photometric;
	/* as stored */
	int bits_allocated, bits_stored, high_bit;
	bool is_signed;
	bool planar;                    /* PlanarConfiguration 1 */
	bool ybr_422;                   /* uncompressed YBR_FULL_422 */
	bool encapsulated;
	bool lossy;                     /* this coding loses, or 0028,2110 01 */
	bool subsampled;                /* JPEG with subsampled chroma */
	bool colour;                    /* the picture is not plain grey */
	bool mask_supported;            /* false: read, but nothing writes it:
					   JPEG of 12 bits that is neither
					   sequential nor lossless, JPEG-LS
					   below 8, JPEG 2000 above 21 bits */
	int mcu_columns, mcu_rows;      /* pixels of a JPEG MCU; 1, 1 if none */
	char syntax[IMAGE_UID];         /* "" unless DICOM */
	char sop_class[IMAGE_UID];
	char modality[17];              /* code string (0008,0060), or "" */
	/* display: Modality LUT or rescale, VOI, presentation */
	double slope, intercept;        /* 1, 0 when there is none */
	int windows;                    /* of the file, 0 when there is none */
	struct image_window window[IMAGE_WINDOWS];
	int voi_function;               /* 0 LINEAR 1 LINEAR_EXACT 2 SIGMOID */
	bool has_voi_lut, has_modality_lut;
	bool inverse;                   /* PresentationLUTShape INVERSE */
	bool has_padding;               /* PixelPaddingValue, stored value */
	long long padding;
	long long float_padding;        /* of float pixels: the bits of a finite
					   FloatPixelPaddingValue (or Double
					   ...); 0, which is 0.0: none */
	/* carriers besides the frames */
	int overlays;
	struct image_overlay overlay[IMAGE_OVERLAYS];
	bool has_icon, has_exif, has_thumbnail, has_trailer, has_private;
	int exif_orientation;           /* 1 to 8; 1 when there is none */
	bool burned_in_yes;             /* BurnedInAnnotation YES */
	enum head_part head;
	/* PNG: bit depth and colour type are in bits_stored and photometric */
	bool interlaced, has_alpha;
	bool has_key;                   /* PNG: one colour is transparent */
	uint16_t key[3];                /* its stored values per sample */
};

struct image;

/*
 * Open the file behind fd (a regular file; read with pread(), not closed, must
 * stay open as long as the image).  Checks format, sizes, limits and that the
 * parts agree.  Free with image_close().  NULL with *err set: ERR_REFUSED with
 * a reason, or ERR_MEMORY.
 */
struct image *image_open(int fd, struct error *err);
void image_close(struct image *image);          /* NULL does nothing */
const struct image_info *image_info(const struct image *image);

/*
 * Decode one frame (0-based) to stored values: unused bits removed,
 * sign-extended; lossy YBR comes as RGB; CMYK as 0 = no ink.  Random access is
 * allowed.  Free with frame_free().  NULL with *err as image_open().
 */
struct frame *image_frame(struct image *image, int frame_index,
			  struct error *err);

/*
 * The palette of a PALETTE COLOR picture or palette PNG as 8-bit R, G, B, A
 * per entry, entry 0 for stored value *first; *entries of them.  Borrowed.
 * NULL when there is none.
 */
const uint8_t *image_palette(const struct image *image, int *first,
			     int *entries);

/*
 * A look-up table of the file (Modality LUT, first VOI LUT): the result for
 * input x is value[x - first], the ends go on; bits wide (8 to 16).
 */
struct image_lut {
	int first, entries, bits;
	uint16_t *value;                /* [entries] */
};

/* Borrowed; NULL when there is none. */
const struct image_lut *image_modality_lut(const struct image *image);
const struct image_lut *image_voi_lut(const struct image *image);

/*
 * Draw overlay plane `index` of info->overlay for a frame into plane[rows]
 * [columns] of the picture: 255 where it is set, else 0.  Parts outside the
 * picture are left out here, *outside (may be NULL) says that there are some.
 */
bool image_overlay_plane(struct image *image, int index, int frame_index,
			 uint8_t *plane, bool *outside, struct error *err);

/*
 * The bits of each sample that lie outside BitsStored around HighBit and are
 * not mere sign extension (DESIGN plane "bits"): 255 where one is set.
 * *any = whether there is one; if not, plane is all 0 or as it was.  False with
 * *err on failure.
 */
bool image_unused_bits(struct image *image, int frame_index, uint8_t *plane,
		       bool *any, struct error *err);

/*
 * The value of an attribute as clean UTF-8 (control characters, bidi controls
 * and escape sequences removed; character sets of (0008,0005) decoded,
 * Japanese included).  path: "ggggeeee" in hex, with "[i]." for items, e.g.
 * "00100010", "00400275[0].00400007".  Values are joined by '\\'; component
 * groups of a name by '='.  The caller frees it.  NULL when it is absent or
 * empty, or the file is no DICOM file.
 */
char *image_attribute(const struct image *image, const char *path);

/*
 * Could all that was asked for be read?  DICOM values are read when they are
 * needed: after a disk error one would only seem to be absent.  Ask when all
 * is done.  False: refused as unreadable.
 */
bool image_was_read(const struct image *image, struct error *err);

/*
 * Call visit() with every text value (VRs AE AS CS DA DS DT IS LO LT PN SH ST
 * TM UC UT) of the data set, nested ones too: path, VR (two letters and NUL),
 * UTF-8 value.  Stops when visit() returns false.
 */
void image_each_text(const struct image *image,
		     bool (*visit)(void *self, const char *path,
				   const char *vr, const char *value),
		     void *self);

/*
 * Load what every image needs later (dictionary, codecs, character
 * converters), so that afterwards nothing is opened by name, and forget what
 * the environment says of threads.  Once, before the first fork or sandbox.
 * image_warm_up() false: ERR_INTERNAL.
 */
bool image_warm_up(struct error *err);

#ifdef __cplusplus
}
#endif
#endif
