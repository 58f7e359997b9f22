/*
 * view_card.h - the test card: what this terminal said, and what it draws.
 * Somebody looks, and chooses how pictures are drawn here.
 */
#ifndef SUMI_VIEW_CARD_H
#define SUMI_VIEW_CARD_H

#include "ui/canvas.h"
#include "ui/picture.h"
#include "ui/probe.h"

/* All borrowed. */
struct card {
	const struct look *look;
	const struct probe *probe;
	const struct surroundings *around;
	const struct plane *plane;      /* of card_plane() */
	const char *note;               /* what came of the last key; "" */
};

/* Digits, greys, checks and the inks of boxes; NULL: no memory. */
struct plane *card_plane(void);

void view_card(const struct card *card, struct canvas *c);

/* The mode that a key chooses; -1: none, or it can't be drawn here. */
int card_choice(const struct card *card, int key);
#endif
