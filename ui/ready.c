/* ready.c - what a frame needs to be shown, made ahead. */
#include "config.h"

#include "ui/ready.h"

#include <stdlib.h>

#include "base/base64.h"
#include "review/ink.h"
#include "ui/kitty.h"

enum { STEP = 1 << 18 };                /* bytes packed at a time */

void ready_done(struct ready *r)
{
	plane_free(r->plane);
	free(r->grey);
	screen_png_end(r->job, NULL);
	buffer_done(&r->text);
	*r = (struct ready){ 0 };
}

void ready_give(struct ready *r, struct plane *plane)
{
	plane_free(r->plane);
	r->plane = plane;
}

struct plane *ready_take(struct ready *r)
{
	struct plane *plane = r->plane;

	/* its pixels may go at any time now */
	screen_png_end(r->job, NULL);
	r->job = NULL;
	r->plane = NULL;
	return plane;
}

static bool wants_png(const struct ready *r)
{
	return !r->sent && kitty_sends_plane(r->plane);
}

bool ready_waits(const struct ready *r, bool png)
{
	return r->plane && !r->failed &&
	       (!r->grey || (png && wants_png(r)));
}

static void begin_png(struct ready *r)
{
	struct screen_png png = kitty_png(r->plane);

	r->job = screen_png_begin(&png);
	r->failed = !r->job;
}

static void end_png(struct ready *r)
{
	struct buffer file = { 0 };

	screen_png_end(r->job, &file);
	r->job = NULL;
	buffer_clear(&r->text);
	base64_put(&r->text, file.data, file.length);
	r->failed = file.failed || r->text.failed;
	r->sent = !r->failed;
	buffer_done(&file);
}

void ready_more(struct ready *r, bool png)
{
	if (!ready_waits(r, png))
		return;
	if (!r->grey) {
		r->grey = mem_array3((size_t)r->plane->columns,
				     (size_t)r->plane->rows, 1, 1);
		r->failed = !r->grey;
		if (r->grey)
			ink_grey(r->plane, r->grey);
	} else if (!r->job) {
		begin_png(r);
	} else if (!screen_png_step(r->job, STEP)) {
		end_png(r);
	}
}
