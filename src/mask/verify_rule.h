/*
 * verify_rule.h - what a masked copy has to look like, worked out from the
 * input and the boxes: which pixels are blanked and with what value.  Stated
 * anew from DESIGN 5.5 and 6 and masking.md 1.2 and 3, apart from mask.c, so
 * that a mistake of the writer is not repeated by its check.
 */
#ifndef SUMI_VERIFY_RULE_H
#define SUMI_VERIFY_RULE_H

#include "image/image.h"
#include "mask/mask.h"

/* A box as it has to be blanked. */
struct verify_area {
	struct region region;           /* grown, inside the picture */
	int frame0, frame1;             /* 0-based, inclusive */
};

/*
 * Can these boxes be masked?  False with ERR_USAGE when one of tier TIER_BOX
 * shares no pixel with the picture or names a frame that it has not.
 */
bool verify_rule_boxes(const struct image_info *info,
		       const struct box_list *boxes, struct error *err);

/*
 * The pixels that a box blanks, in pixels of the picture: the box itself, cut
 * at the edges; whole MCUs for lossy JPEG, unless exact says that the copy was
 * decoded for exact boxes; pairs of columns for uncompressed 4:2:2.
 * { 0, 0, 0, 0 } when the box lies outside.
 */
struct region verify_rule_region(const struct image_info *info, bool exact,
				 struct region box);

/*
 * The fill, in stored values per sample; of float pixels the bits of the value
 * (mask_fill() has the same words).  area[areas]: what is blanked, in any
 * order; nothing below it is looked at.  False with *err: refused (PIXEL_FORM,
 * or as image_frame() says), or ERR_MEMORY.
 */
bool verify_rule_fill(struct image *image, bool exact,
		      const struct verify_area *area, size_t areas,
		      long long fill[MASK_FILLS], struct error *err);
#endif
