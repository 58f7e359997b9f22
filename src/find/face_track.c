/* face_track.c - joins what was found in single frames. */
#include "config.h"

#include "find/face_track.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { LOST_AFTER = 4 };                /* frames looked at without it */
static const double same_face = .3;     /* shared of the area of both */
static const double still = 1.5;        /* hull of a stretch, in boxes */

/* A stretch of a track. */
struct stretch {
	struct box box;                 /* the hull, with its frames */
	size_t track;
};

/* A track that may go on. */
struct live {
	size_t track, stretch;
	struct region last;
	long long largest;              /* pixels of its largest box */
	int seen;                       /* the frame */
	int missed;                     /* looks since then */
};

struct face_tracks {
	struct stretch *stretch;
	size_t stretches, stretch_capacity;
	struct live *live;
	size_t lives, live_capacity;
	size_t tracks;
	bool *sure;                     /* [tracks] has a proposal */
	size_t sure_capacity;
	int before;                     /* the frame looked at before; -1 */
};

struct face_tracks *face_tracks_new(void)
{
	struct face_tracks *t = calloc(1, sizeof(*t));

	if (t)
		t->before = -1;
	return t;
}

void face_tracks_free(struct face_tracks *t)
{
	if (!t)
		return;
	free(t->stretch);
	free(t->live);
	free(t->sure);
	free(t);
}

static double overlap(struct region a, struct region b)
{
	long long shared = region_area(region_intersect(a, b));
	long long all = region_area(a) + region_area(b) - shared;

	return all > 0 ? (double)shared / (double)all : 0;
}

static bool add_stretch(struct face_tracks *t, struct live *l,
			const struct box *box, int frame0, int frame1)
{
	struct stretch *s;

	if (!mem_grow(&t->stretch, &t->stretch_capacity, t->stretches,
		      sizeof(*t->stretch)))
		return false;
	s = &t->stretch[t->stretches];
	s->box = *box;
	s->box.frame0 = frame0;
	s->box.frame1 = frame1;
	s->track = l->track;
	l->stretch = t->stretches++;
	l->largest = region_area(box->region);
	return true;
}

/* Members of the hull but its region and frames. */
static void take_in(struct box *hull, const struct box *box)
{
	if (box->class_ == CLASS_FACE)
		hull->class_ = CLASS_FACE;
	if (box->score <= hull->score)
		return;
	hull->score = box->score;
	memcpy(hull->why, box->why, sizeof(hull->why));
}

/* The track goes on with this box. */
static bool go_on(struct face_tracks *t, struct live *l, int frame,
		  const struct box *box)
{
	struct box *s = &t->stretch[l->stretch].box;
	struct region hull = region_union(s->region, box->region);
	long long area = region_area(box->region);
	int seen = l->seen;

	if (area > l->largest)
		l->largest = area;
	s->frame1 = frame;
	l->last = box->region;
	l->seen = frame;
	l->missed = 0;
	if (box->tier == TIER_BOX)
		t->sure[l->track] = true;
	if ((double)region_area(hull) > still * (double)l->largest)
		return add_stretch(t, l, box, seen, frame);
	s->region = hull;
	take_in(s, box);
	return true;
}

static bool start_track(struct face_tracks *t, int frame,
			const struct box *box)
{
	struct live l = { .track = t->tracks, .last = box->region,
			  .seen = frame };

	if (!mem_grow(&t->sure, &t->sure_capacity, t->tracks,
		      sizeof(*t->sure)) ||
	    !mem_grow(&t->live, &t->live_capacity, t->lives,
		      sizeof(*t->live)) ||
	    !add_stretch(t, &l, box, t->before < 0 ? 0 : t->before, frame))
		return false;
	t->sure[t->tracks++] = box->tier == TIER_BOX;
	t->live[t->lives++] = l;
	return true;
}

/* The track that a box belongs to; one that has this frame is taken. */
static struct live *track_of(struct face_tracks *t, int frame, size_t lives,
			     const struct box *box)
{
	struct live *best = NULL;
	double most = same_face;

	for (size_t i = 0; i < lives; i++) {
		double shared = overlap(t->live[i].last, box->region);

		if (t->live[i].seen == frame || shared < most)
			continue;
		most = shared;
		best = &t->live[i];
	}
	return best;
}

/* Tracks without a box here: it may have been overlooked just here. */
static void miss(struct face_tracks *t, int frame)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->lives; i++) {
		struct live *l = &t->live[i];

		if (l->seen != frame && l->missed++ == 0)
			t->stretch[l->stretch].box.frame1 = frame;
		if (l->missed < LOST_AFTER)
			t->live[kept++] = *l;
	}
	t->lives = kept;
}

bool face_tracks_look(struct face_tracks *t, int frame,
		      const struct box_list *found)
{
	size_t lives = t->lives;

	for (size_t i = 0; i < found->count; i++) {
		const struct box *box = &found->box[i];
		struct live *l = track_of(t, frame, lives, box);

		if (!(l ? go_on(t, l, frame, box) :
			  start_track(t, frame, box)))
			return false;
	}
	miss(t, frame);
	t->before = frame;
	return true;
}

bool face_tracks_end(struct face_tracks *t, int frames, struct box_list *out)
{
	/* frames after the last look */
	for (size_t i = 0; i < t->lives; i++)
		if (t->live[i].missed == 0)
			t->stretch[t->live[i].stretch].box.frame1 = frames - 1;
	for (size_t i = 0; i < t->stretches; i++) {
		struct box box = t->stretch[i].box;

		box.tier = t->sure[t->stretch[i].track] ? TIER_BOX :
							  TIER_CANDIDATE;
		if (!box_list_add(out, &box))
			return false;
	}
	return true;
}
