/*
 * jpeg_fill.h - which MCUs of a JPEG are blanked, and with what DC.
 */
#ifndef SUMI_JPEG_FILL_H
#define SUMI_JPEG_FILL_H

#include "mask/jpeg_parts.h"
#include "mask/wipe_jpeg.h"

struct jpeg_fill {
	const struct jpeg_frame *frame;
	uint8_t *mask;                  /* [mcu_rows][mcu_columns] 0 or 1 */
	size_t masked;                  /* MCUs */
	enum jpeg_level level[JPEG_PARTS_COMPONENTS];
};

/* False with ERR_MEMORY.  Release with jpeg_fill_done() in any case. */
bool jpeg_fill_init(struct jpeg_fill *fill, const struct jpeg_parts *parts,
		    const struct jpeg_wipe *how, struct error *err);
void jpeg_fill_done(struct jpeg_fill *fill);

/*
 * The DC that decodes to the component's level with this quantiser of DC
 * (1..65535): 8 times the level from the middle (T.81 A.3.3), rounded away
 * from zero, so that clamping gives the level for every quantiser.
 */
int jpeg_fill_dc(const struct jpeg_fill *fill, int component, int quantiser);

/* Is that MCU of the scan (0-based, in its order) blanked? */
bool jpeg_fill_masked(const struct jpeg_fill *fill,
		      const struct jpeg_scan *scan, size_t mcu);

/*
 * The MCU after the last blanked one of begin to end - 1; begin when there is
 * none.
 */
size_t jpeg_fill_end(const struct jpeg_fill *fill,
		     const struct jpeg_scan *scan, size_t begin, size_t end);

#endif
