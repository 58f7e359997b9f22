/*
 * sixel.h - scenes as sixel graphics (VT330/VT340 Programmer Reference, vol. 2
 * ch. 14): keeps what the terminal shows and sends the cells that changed, in
 * tiles of whole cells that every terminal takes.
 */
#ifndef SUMI_SIXEL_H
#define SUMI_SIXEL_H

#include "ui/scene.h"

struct sixel_limits {
	int registers;                  /* colours of an image */
	int width, height;              /* pixels of an image */
	int images;                     /* kept by the terminal, which draws
					   them anew when it was covered; 0:
					   any number */
};

/* What is known of a terminal that does not say: VT340 and xterm. */
extern const struct sixel_limits sixel_least;

struct sixel;

/* NULL when there is no memory.  A cell's size may be set at any time. */
struct sixel *sixel_new(const struct sixel_limits *limits);
void sixel_free(struct sixel *s);       /* NULL does nothing */

/*
 * Compose the scene for the picture cells of now; before tells which cells
 * were picture cells on the screen (NULL: nothing of it is known).  Returns
 * the cells that have to be sent, -1 when there is no memory.
 */
long sixel_compose(struct sixel *s, const struct look *look,
		   const struct scene *scene, const struct canvas *now,
		   const struct canvas *before);
/* Something else was drawn over the pictures: all has to be sent again. */
void sixel_forget(struct sixel *s);
/* Append what sixel_compose() found. */
void sixel_emit(struct sixel *s, struct buffer *out);

/* Overwrites an image that a terminal may keep (mlterm does, in a file). */
extern const char sixel_scrub[];

/* One image of palette indices as sixels, for pixels [width x height]; what is
 * RASTER_NONE is not drawn. */
void sixel_encode(const uint8_t *pixel, size_t stride, int width, int height,
		  struct buffer *out);
#endif
