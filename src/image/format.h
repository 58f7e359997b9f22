/*
 * format.h - the table of file formats, and the inside of struct image that
 * they fill.  Private to src/image.
 */
#ifndef SUMI_FORMAT_H
#define SUMI_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/image.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FORMAT_HEAD = 1024 };            /* bytes a probe may look at */

struct format {
	enum image_format id;
	/* Is it ours?  head holds the first length bytes of the file. */
	bool (*probe)(const uint8_t *head, size_t length);
	/* Fill image->info, state, palette and LUTs. */
	bool (*open)(struct image *image, struct error *err);
	struct frame *(*frame)(struct image *image, int frame_index,
			       struct error *err);
	void (*close)(struct image *image);
	/* NULL: never any */
	bool (*overlay)(struct image *image, int index, int frame_index,
			uint8_t *plane, bool *outside, struct error *err);
	bool (*unused_bits)(struct image *image, int frame_index,
			    uint8_t *plane, bool *any, struct error *err);
	char *(*attribute)(const struct image *image, const char *path);
	void (*each_text)(const struct image *image,
			  bool (*visit)(void *self, const char *path,
					const char *vr, const char *value),
			  void *self);
	/* Could one of those two, or of the pixels, not be read? */
	bool (*unread)(const struct image *image);
};

extern const struct format format_dicom, format_png, format_jpeg;

struct image {
	const struct format *format;
	struct image_info info;
	int fd;                         /* not ours */
	long long size;                 /* of the file, bytes */
	void *state;                    /* of the format */
	uint8_t *palette;               /* [palette_entries][4], owned */
	int palette_first, palette_entries;
	struct image_lut modality_lut, voi_lut;         /* entries 0: none */
};

/*
 * Read length bytes at offset.  Refused as truncated when the file is shorter,
 * as unreadable when it can't be read.
 */
bool format_read(const struct image *image, long long offset, void *data,
		 size_t length, struct error *err);

/* Refuse what DESIGN 4 limits: sides, pixels a frame, frames, bytes. */
bool format_check_size(long long columns, long long rows, long long frames,
		       int samples, size_t sample_bytes, struct error *err);

#ifdef __cplusplus
}
#endif
#endif
