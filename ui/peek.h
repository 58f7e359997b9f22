/*
 * peek.h - what the worklist tells of the selected item on a wide screen: its
 * boxes by class, and a small picture once the cursor rests on it.
 */
#ifndef SUMI_PEEK_H
#define SUMI_PEEK_H

#include "ui/items.h"

enum { PEEK_REST_MS = 700,              /* so long the cursor stays first: no
					   file is read while it moves */
       PEEK_SERIALS = 1 << 29 };        /* planes have numbers above this */

/* Zero-initialise; release with peek_done(). */
struct peek {
	long long row;                  /* of the worklist; 0: none */
	long long since;                /* ms: selected then */
	bool opened;                    /* info is known */
	struct image_info info;
	bool known;                     /* what was found in it */
	int of_class[CLASSES];          /* boxes */
	int candidates, cleared;
	struct plane *plane;            /* owned; NULL: not here */
	long long serial;               /* of the plane */
};
void peek_done(struct peek *p);

/* A row is selected (0: none): what the worklist knows of it is read when it
 * is another one than before.  Reads no file. */
void peek_select(struct peek *p, struct project *project, long long row,
		 long long ms);

/*
 * Time went by.  An undecided item on which the cursor rests is made ready, as
 * those ahead of the one on the screen are; true when its picture, or what was
 * found in it, came just now.
 */
bool peek_tick(struct peek *p, struct items *items, bool undecided,
	       long long ms);
#endif
