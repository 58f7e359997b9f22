/*
 * ink.h - does something dark or light cross the edge of a mask?  Then the
 * mask may cut a word in two (DESIGN 8.3).  Looks at display values only.
 */
#ifndef SUMI_INK_H
#define SUMI_INK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/region.h"
#include "image/voi.h"
#include "review/evidence.h"

/* The frame at hand in grey: a copy, released with ink_picture_done(). */
struct ink_picture {
	int columns, rows;
	uint8_t *grey;                  /* [rows][columns], owned; NULL: none */
};
/* The grey of a plane.  Colour becomes lightness, (max + min) / 2 of R, G, B:
 * pure colours stand out from black and from white. */
void ink_grey(const struct plane *plane, uint8_t *grey);
/* Take a plane; grey: what ink_grey() made of it, NULL: not made yet.  False:
 * no memory. */
bool ink_picture_set(struct ink_picture *p, const struct plane *plane,
		     const uint8_t *grey);
void ink_picture_done(struct ink_picture *p);

/* Zero-initialise; release with crossing_list_done(). */
struct crossing_list {
	struct crossing *crossing;
	size_t count, capacity;
};
void crossing_list_done(struct crossing_list *list);

/*
 * Add the places where connected ink lies within 3 pixels on both sides of an
 * edge of mask[which] and what lies outside is under no other mask.  Places
 * closer than `gap` pixels count as one.
 *
 * mask   what is really blanked on this frame, `count` regions
 * like   members of the crossings that are the same for all: box and frame
 *
 * Ink differs from the median of the 49 x 16 pixels around it by 40 grey
 * levels plus twice their median deviation: burned-in letters do, noise and
 * slow gradients do not.  False when there is no memory.
 */
bool ink_crossings(const struct ink_picture *p, const struct region *mask,
		   size_t count, size_t which, int gap, struct crossing like,
		   struct crossing_list *list);
#endif
