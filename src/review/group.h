/*
 * group.h - pictures of a series that look the same where it matters: may what
 * was decided on one of them count for another (DESIGN 8.7)?  Pure comparison:
 * no files, no screen.
 *
 * One was approved and is called the leader; the others are members.
 */
#ifndef SUMI_GROUP_H
#define SUMI_GROUP_H

#include "find/proposal.h"
#include "image/frame.h"
#include "image/image.h"
#include "image/voi.h"
#include "review/undo.h"

/* What a member is to its leader; the first that holds. */
enum group_state {
	GROUP_WAITING,          /* not looked at yet */
	GROUP_ALIKE,            /* what was decided on the leader may count */
	GROUP_KIND,             /* other size, device, patient or pixels; many
				   frames; a plane beside the picture */
	GROUP_UNREAD,           /* refused, or not fully read or checked */
	GROUP_INK,              /* the alarm: text-like ink where the leader
				   has nothing */
	GROUP_BOXES,            /* other boxes or candidates */
	GROUP_PIXELS,           /* other pixels under or around them */
	GROUP_STATES
};
/* A word for the screen, a msgid; "" for those that need none. */
extern const char *const group_state_text[GROUP_STATES];

enum {
	/* "Around" a box, in pixels.  Ink that crosses the edge of a mask is
	 * looked for within 3 (ink.h): it is the same where these are. */
	GROUP_MARGIN = 8,
	GROUP_BOXES_MOST = 256,         /* boxes of a leader */
};
/* A leader's picture stays in memory: pixels at most. */
#define GROUP_PIXELS_MOST 33554432LL

struct loose_list;                      /* loose.h */

/* All borrowed. */
struct group_picture {
	const struct image_info *info;
	const struct proposals *proposals;      /* all tiers, imported and
						   remembered ones too */
	const struct frame *frame;              /* servable form (voi.h) */
	const uint8_t *patient, *device;        /* [32] each */
	const struct loose_list *loose; /* group_find_loose() */
};

/*
 * Ink outside the boxes of a picture and of the leader's verdict, as the
 * screen itself finds it (loose.h).  False without memory.
 */
bool group_find_loose(const struct plane *plane, const struct proposals *p,
		      const struct decided_box *box, size_t boxes,
		      struct loose_list *loose);

/*
 * Can a picture lead?  A single frame, wholly read and checked by the machine
 * (what was looked at by eye was this picture only), boxes in the picture
 * alone, and each of them decided.
 *
 * box, boxes   of its verdict, masks and what was left, as project_decided()
 *              gives them
 */
bool group_can_lead(const struct group_picture *p,
		    const struct decided_box *box, size_t boxes);

/*
 * Compare a member with a leader that can lead.
 *
 * box, boxes   of the leader's verdict
 * where        may be NULL; the place that differs, in pixels: INK, BOXES,
 *              PIXELS; else empty
 *
 * ALIKE only if boxes and candidates are the same set (tier, kind, class,
 * region), all ink outside the masks, also faint or loose, lies where the
 * leader has the same, text that was read and cleared lies where the leader has such
 * text, and every pixel under these places and GROUP_MARGIN around them has
 * the same stored value.
 */
enum group_state group_compare(const struct group_picture *leader,
			       const struct decided_box *box, size_t boxes,
			       const struct group_picture *member,
			       struct region *where);

/*
 * The boxes of an ALIKE member as they are decided: those of the leader, with
 * score and source of the member's own where it has that box.  list is
 * overwritten; decided_list_done() it.  False: no memory.
 */
bool group_decide(const struct decided_box *box, size_t boxes,
		  const struct proposals *member, struct decided_list *list);

/*
 * What of the leader a reviewer has to see for all that are alike: its masks
 * and candidates, faint ink outside the masks, and loose ink.  Returns how many of
 * place[most] there are; each with height and kind of its letters.
 */
struct group_place {
	struct region region;           /* pixels, without margin */
	int letter_height;
	bool latin, masked;
};
size_t group_places(const struct group_picture *leader,
		    const struct decided_box *box, size_t boxes,
		    struct group_place *place, size_t most);
#endif
