/*
 * voi.h - from stored values to what is displayed: Modality LUT or rescale,
 * VOI LUT or window (DICOM PS3.3 C.11.1, C.11.2), PresentationLUTShape,
 * MONOCHROME1, palettes and YBR.  Never changes what is saved.
 */
#ifndef SUMI_VOI_H
#define SUMI_VOI_H

#include "image/image.h"

#ifdef __cplusplus
extern "C" {
#endif

enum voi_view {
	VOI_FILE,               /* first VOI LUT or window of the file; full
				   range when it has none */
	VOI_FULL,               /* smallest to largest value of the frame */
};

/*
 * An 8-bit display plane: channels 1 (grey) or 3 (RGB), [rows][columns]
 * [channels].  Black is 0 whatever the photometric interpretation.
 */
struct plane {
	int columns, rows, channels;
	uint8_t *pixel;                 /* owned */
};
void plane_free(struct plane *plane);   /* NULL does nothing */

/*
 * Render a frame of image.  Grey unless the picture is coloured.  Colour under
 * transparent pixels is seen.  Where transparency differs by pixel, VOI_FILE
 * has three channels and tints the transparent ones, as text may be drawn by
 * that alone; VOI_FULL ignores it.  plane_free() it.
 */
struct plane *voi_render(const struct image *image, const struct frame *frame,
			 enum voi_view view, struct error *err);

/*
 * The same for a grey frame with a window of the reviewer's choice, in
 * modality units (after slope and intercept).
 */
struct plane *voi_render_window(const struct image_info *info,
				const struct frame *frame,
				struct image_window window,
				struct error *err);

/* A VOI or Modality LUT says how it looks (PS3.3 C.11): no window does. */
bool voi_by_table(const struct image_info *info);

/*
 * A frame in a form the screen can window by itself: grey U8/U16/S16 as
 * stored (more bits are scaled to 16, *scaled tells), colour as 8-bit RGB;
 * what voi_by_table() names as 8-bit display values, through its tables; what
 * transparency draws in as voi_render() shows it.
 * NULL with *err.
 */
struct frame *voi_servable(const struct image *image,
			   const struct frame *frame, bool *scaled,
			   struct error *err);

/* Luma of an RGB plane (Rec. 601, PS3.3 C.7.6.3.1.2), or a copy of grey. */
struct plane *plane_luma(const struct plane *plane, struct error *err);
/* max(R, G, B) of each pixel. */
struct plane *plane_brightest(const struct plane *plane, struct error *err);
/* max(R, G, B) - min(R, G, B): pure colours are bright, greys black. */
struct plane *plane_saturation(const struct plane *plane, struct error *err);

#ifdef __cplusplus
}
#endif
#endif
