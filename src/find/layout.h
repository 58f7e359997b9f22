/*
 * layout.h - boxes remembered for a device and picture size.  They propose,
 * as what was found does; they never decide.
 */
#ifndef SUMI_LAYOUT_H
#define SUMI_LAYOUT_H

#include "find/proposal.h"
#include "image/image.h"

enum { LAYOUT_DEVICE = 32, LAYOUT_MOST = 4096 };        /* of layouts */

/*
 * The device and the kind of picture that a DICOM file tells of: SHA-256 of
 * Manufacturer (0008,0070), ManufacturerModelName (0008,1090),
 * SoftwareVersions (0018,1020) and SOPClassUID (0008,0016), an LF after each.
 * All zero where neither of the first two is there, as in PNG and JPEG files.
 * False with ERR_MEMORY.
 */
bool layout_device(const struct image *image, uint8_t device[LAYOUT_DEVICE],
		   struct error *err);

struct device_layout {
	uint8_t device[LAYOUT_DEVICE];
	int columns, rows;              /* of the pictures */
	struct box_list boxes;          /* region, plane, class and kind count;
					   of every frame */
};

/* Zero-initialise; release with layouts_done(). */
struct layouts {
	struct device_layout *layout;
	size_t count, capacity;
};
void layouts_done(struct layouts *l);

/* The layout of this device and size, or NULL. */
const struct device_layout *layouts_find(const struct layouts *l,
					 const uint8_t device[LAYOUT_DEVICE],
					 int columns, int rows);
/*
 * Remember those of boxes that are masks of the picture, whatever their
 * frames, in place of what was remembered for this device and size; none:
 * forget it.  A device of zeros is none.  False: ERR_USAGE (no device, too
 * many layouts), ERR_MEMORY.
 */
bool layouts_remember(struct layouts *l, const uint8_t device[LAYOUT_DEVICE],
		      int columns, int rows, const struct box_list *boxes,
		      struct error *err);

/*
 * Add what the layout of this device and size has and no box of p covers to
 * four fifths: boxes of all frames with source layout.  Nothing when there is
 * no such layout.  False: no memory.
 */
bool layouts_propose(const struct layouts *l,
		     const uint8_t device[LAYOUT_DEVICE], int columns,
		     int rows, int frames, struct proposals *p);

/*
 * As text, a JSON line a layout: {"v":1,"device":"64 hex digits","columns":C,
 * "rows":R,"boxes":[...]} with boxes as in DESIGN 5.1.  Lines read are
 * remembered one after the other.  False with ERR_USAGE naming the line,
 * ERR_MEMORY.
 */
bool layouts_parse(const char *text, size_t length, struct layouts *l,
		   struct error *err);
void layouts_print(const struct layouts *l, struct buffer *out);
#endif
