/*
 * hand.h - what is no line of print: name seals, writing by hand with a pen,
 * and Data Matrix codes, as masks like those of type.h.
 */
#ifndef SUMI_BURNIN_HAND_H
#define SUMI_BURNIN_HAND_H

#include "bench/burnin/dice.h"
#include "bench/burnin/type.h"

enum hand_kind {
	HAND_ROUND, HAND_OVAL, HAND_SQUARE,     /* seals */
	HAND_FONT,              /* a handwriting-like font, bent */
	HAND_PEN,               /* capitals and digits by single strokes */
	HAND_SIGNATURE,         /* loops that hang together */
	HAND_MATRIX,            /* a printed label's Data Matrix */
	HAND_KINDS
};
extern const char *const hand_name[HAND_KINDS];
static inline bool hand_is_seal(enum hand_kind kind)
{
	return kind <= HAND_SQUARE;
}

/*
 * text  what it says: one to three letters of a seal; HAND_PEN leaves out
 *       what it has no stroke for; a signature has a loop for each byte
 * font  of seals and HAND_FONT
 * size  pixels: the longer side of a seal or code, the height of
 *       capitals
 *
 * The same dice give the same mask.  Free with stamp_done().  False when
 * nothing would be inked, or there is no memory.
 */
bool hand_stamp(enum hand_kind kind, const struct fonts *fonts, int font,
		const char *text, int size, struct dice *d,
		struct stamp *stamp);

#endif
