/*
 * crowd.h - what can't be read, is hardly shaped like text, and has more of its
 * kind around it: cells of a slide, the colours of a flow, bone.  Knows no
 * pixels.
 */
#ifndef SUMI_CROWD_H
#define SUMI_CROWD_H

#include "find/proposal.h"
#include "ocr/telling.h"

/*
 * Make a candidate of each box that could not be read, is text with a
 * probability below .4, and has three others like it, boxes or candidates of
 * its frames and plane, within twice its shorter side.  One that runs down, more
 * than twice as high as wide, stays: texture seldom makes columns.  Of eight
 * seeds of bench/generate (1600 pictures) 101 of the 854 boxes without any
 * text, and one identifier of 10200.
 *
 * frames   of the file; of a moving picture all stay: tier_of() judges grains,
 *          and a name may stand among them in one frame
 * telling  hears of each box; may be NULL
 */
void crowd_settle(struct box_list *list, int frames,
		  const struct telling *telling);

#endif
