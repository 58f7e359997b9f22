/*
 * scene.h - what of a screen is to be drawn with pixels: the parts as they
 * were given, with their own copies of outlines and fills.  Planes are
 * borrowed until the frame was sent.
 */
#ifndef SUMI_SCENE_H
#define SUMI_SCENE_H

#include "ui/picture.h"

/* Zero-initialise. */
struct scene {
	struct picture_part *part;      /* owned, with what hangs on it */
	size_t count, capacity;
	bool failed;                    /* no memory: the frame must not count
					   as shown */
};

void scene_add(struct scene *scene, const struct picture_part *part);
void scene_clear(struct scene *scene);
void scene_done(struct scene *scene);

/*
 * Where a part lies on the screen, in pixels; and a region of its plane
 * there, in pixels from the part's top left corner: what has its centre in it
 * counts, and at least one pixel of what is not empty.
 */
struct region scene_at(const struct picture_part *part, int cell_width,
		       int cell_height);
struct region scene_map(const struct picture_part *part, int cell_width,
			int cell_height, struct region r);
#endif
