/*
 * seg.h - the masks of one released DICOM file as a DICOM Segmentation (PS3.3
 * A.51): one segment a class of boxes, one bit a pixel, in the stored raster.
 */
#ifndef SUMI_SEG_H
#define SUMI_SEG_H

#include "find/proposal.h"
#include "image/image.h"

struct seg_job {
	const struct box_list *boxes;   /* those on the picture are drawn, as
					   they were blanked */
	uint8_t uid_key[32];            /* keys the UIDs of the object */
};

/*
 * Read the masked copy behind in_fd and write the object to out_fd (empty).
 * Nothing of the copy's header is taken over but its patient ID, sex and
 * birth date, study and what names the instance; its UIDs are the released
 * ones.  Opens nothing, so that it runs in a locked process.  False with *err:
 * as image_open(), ERR_REFUSED DECODED_TOO_LARGE (its pixels would take over 1 GiB), TOO_MANY_FRAMES (65535), ERR_WRITE.
 */
bool seg_write(int in_fd, int out_fd, const struct seg_job *job,
	       void (*tell)(void *self, int permille), void *self,
	       struct error *err);

#endif
