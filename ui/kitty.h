/*
 * kitty.h - scenes by the kitty graphics protocol: a plane is sent once and
 * then placed; outlines and fills are small images of their own.  What is no
 * longer shown is deleted, data and all.  Pixels travel in the stream only,
 * never through files or shared memory.
 */
#ifndef SUMI_KITTY_H
#define SUMI_KITTY_H

#include "image/screen_png.h"
#include "ui/scene.h"

struct kitty;

struct kitty *kitty_new(void);          /* NULL when there is no memory */
void kitty_free(struct kitty *k);       /* NULL does nothing */

/*
 * What has to be sent for the scene: new images into data, which may be long,
 * then placements and deletions into places, which are short.  False when
 * there is no memory: nothing is known of the screen then.
 */
bool kitty_emit(struct kitty *k, const struct look *look,
		const struct scene *scene, const struct canvas *now,
		struct buffer *data, struct buffer *places);
/*
 * Is a plane sent whole, so that a zoom only places it anew?  And as what, when
 * it is not inverted: parts whose `png` is that file in base64 need not make
 * it.
 */
bool kitty_sends_plane(const struct plane *plane);
struct screen_png kitty_png(const struct plane *plane);
/* Bytes of planes that kitty_emit() would have to send, about. */
size_t kitty_cost(const struct kitty *k, const struct scene *scene);
/* Forget what the terminal has: it was told to delete it, or restarted. */
void kitty_forget(struct kitty *k);

/* Deletes all of ours, data and all. */
extern const char kitty_scrub[];
/* Asks whether images are understood; the answer is i=KITTY_QUERY. */
extern const char kitty_query[];
enum { KITTY_QUERY = 31 };
#endif
