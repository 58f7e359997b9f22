/*
 * tier.h - how sure it is that a line is text, and what follows from it: a
 * box, a candidate or faint ink.  What the file says about itself may raise
 * the tier of what was found, never lower it.
 */
#ifndef SUMI_TIER_H
#define SUMI_TIER_H

#include "image/image.h"
#include "ocr/track.h"

enum { HINT_REGIONS = 32 };

/* What the attributes tell about burned-in text. */
struct tier_hints {
	bool raised;                    /* text is likely anywhere */
	bool lossy;                     /* a coder took of its letters */
	bool deep;                      /* more than 8 bits a sample */
	/* of a copy, what is masked in it (borrowed, the caller's word) */
	const struct box_list *masked;
	/* where an ultrasound screen shows image data; text stands beside */
	struct region data[HINT_REGIONS];
	int regions;
};

/*
 * raised: BurnedInAnnotation YES (0028,0301; PS3.3 C.7.6.1), a Secondary
 * Capture SOP class (PS3.4 B.5), a ConversionType of digitised film or video
 * (0008,0064; C.8.6.1), or the modality OT or DOC.  data: Sequence of
 * Ultrasound Regions (0018,6011; C.8.5.5).  lossy: as image_info() says.
 * deep: BitsStored above 8 (0028,0101; C.7.6.3.1).
 */
void tier_hints_read(const struct image *image, struct tier_hints *hints);

/*
 * Logit of a line being text: its shape, how well it was read, and how much.
 * Fitted by logistic regression to the lines of pictures with known text.
 */
double tier_textness(const struct track *t);

/*
 * The tier of a judged line.  Raised, or outside all regions of image data of
 * a screen that names some: the surer candidates are boxes, and the surer
 * faint ink is a candidate (both bounds lie a little lower; four times that
 * would double the false boxes and find no more of the known text).  In a
 * lossy picture less is masked, too, and in one of more than 8 bits.
 *
 * In a masked copy (the residual pass) what can't be read must be surer to be
 * a box: text that was there was found before, and a mask leaves nothing of
 * its ground, so that the grain at its border looks like a row of marks; so
 * must a letter or two that were read and say nothing.  Surer still must be
 * what lies along a mask and was read badly at best: of a shape that a mask
 * cuts through a row of rims is left.
 *
 * frames  of the file: what stands in one frame alone of many and can't be
 *         read is rather a grain of the moving picture
 */
enum box_tier tier_of(const struct track *t, const struct tier_hints *hints,
		      int frames);

#endif
