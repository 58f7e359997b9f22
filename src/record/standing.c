/* standing.c - the masks that stand in a frame, run by run. */
#include "config.h"

#include "record/standing.h"

#include <stdlib.h>

#include "base/mem.h"

static int by_first_frame(const void *a, const void *b)
{
	const struct box *x = *(const struct box *const *)a;
	const struct box *y = *(const struct box *const *)b;

	return (x->frame0 > y->frame0) - (x->frame0 < y->frame0);
}

bool standing_init(struct standing *s, const struct masks *m)
{
	*s = (struct standing){
		.mask = mem_array(m->box_count + 1, sizeof(*s->mask)),
		.now = mem_array(m->box_count + 1, sizeof(*s->now)),
		.region = mem_array(m->box_count + 1, sizeof(*s->region)),
	};
	if (!s->mask || !s->now || !s->region)
		return false;
	for (size_t i = 0; i < m->box_count; i++)
		if (masks_covers(&m->box[i]))
			s->mask[s->masks++] = &m->box[i].box;
	if (s->masks > 0)
		qsort(s->mask, s->masks, sizeof(*s->mask), by_first_frame);
	return true;
}

void standing_done(struct standing *s)
{
	free(s->mask);
	free(s->now);
	free(s->region);
}

void standing_start(struct standing *s)
{
	s->next = s->count = 0;
}

/* Only the masks that reach frame stay; the last frame they all reach, at
 * most `last`. */
static int drop_ended(struct standing *s, int frame, int last)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct box *b = s->now[i];

		if (b->frame1 < frame)
			continue;
		last = b->frame1 < last ? b->frame1 : last;
		s->region[kept] = b->region;
		s->now[kept++] = b;
	}
	s->count = kept;
	return last;
}

int standing_run(struct standing *s, int frame, int last,
		 const struct region *part)
{
	for (; s->next < s->masks && s->mask[s->next]->frame0 <= frame;
	     s->next++) {
		const struct box *b = s->mask[s->next];

		if (!part ||
		    !region_empty(region_intersect(*part, b->region)))
			s->now[s->count++] = b;
	}
	last = drop_ended(s, frame, last);
	if (s->next < s->masks && s->mask[s->next]->frame0 <= last)
		last = s->mask[s->next]->frame0 - 1;
	return last;
}
