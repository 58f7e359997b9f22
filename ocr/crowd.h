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
 * probability below .5, and has two others like it (.4 and three, of a lossy
 * picture), boxes or candidates of its frames and plane, within twice its
 * shorter side.  One that runs down, more than twice as high as wide, stays:
 * texture seldom makes columns.  With the limits of lossy ones .07 boxes
 * without any text a picture more would stay, in eight seeds of bench/generate
 * (1600 pictures), and four identifiers of 10242.
 *
 * frames   of the file; of a moving picture all stay: tier_of() judges grains,
 *          and a name may stand among them in one frame
 * lossy    a coder lost some of it
 * telling  hears of each box; may be NULL
 */
void crowd_settle(struct box_list *list, int frames, bool lossy,
		  const struct telling *telling);

#endif
