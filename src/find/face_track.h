/*
 * face_track.h - faces through the frames of a file.  Not every frame is
 * looked at, and a face lost in one of them is still a face: boxes grow over
 * the frames between.
 */
#ifndef SUMI_FACE_TRACK_H
#define SUMI_FACE_TRACK_H

#include "find/proposal.h"

struct face_tracks;

struct face_tracks *face_tracks_new(void);              /* NULL: no memory */
void face_tracks_free(struct face_tracks *t);           /* NULL: nothing */

/*
 * What was found in a frame (0-based, higher than those before); their frames
 * are not used.  A box that overlaps the last one of a track by 30 % goes on
 * with it; a track is lost after four frames looked at without it.  False: no
 * memory.
 */
bool face_tracks_look(struct face_tracks *t, int frame,
		      const struct box_list *found);

/*
 * Add all tracks to out: one box for a stretch in which the face hardly moves
 * (the hull of its boxes), from the frame looked at before to the one after.
 * When one box of a track is a proposal, all of it is.  False: no memory.
 */
bool face_tracks_end(struct face_tracks *t, int frames, struct box_list *out);

#endif
