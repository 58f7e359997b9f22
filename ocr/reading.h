/*
 * reading.h - reads one line: which way it is turned, by which models, and
 * when one more attempt is worth its time.  Judges nothing.
 */
#ifndef SUMI_READING_H
#define SUMI_READING_H

#include "ocr/tesseract.h"

/* What may be tried again and again in a picture, and read nothing. */
enum reading_way { READING_LEFT, READING_RIGHT, READING_STACK,
		   READING_LEFT_AGAIN, READING_RIGHT_AGAIN,
		   READING_TEXTURE,     /* what moves in a cine */
		   READING_MODEL,       /* and the models after it */
		   READING_WAYS = READING_MODEL + READERS_MAX };

/* How the lines of one picture are read; the rest is the reader's own and
 * starts with 0. */
struct line_reader {
	struct readers *readers;
	bool kana;              /* somebody may be named in kana */
	bool later;             /* not the first frame */
	int first;              /* model that is tried first */
	int failures;           /* unreadable lines in a row */
	int lost[READING_WAYS]; /* times in a row that a way read nothing */
	unsigned left[READING_WAYS];    /* times it was left out */
};

/*
 * Read a line of a plane; give the lines of a picture best first.  Models are
 * tried in their order until one is sure (confidence 85, or 65 with four plain
 * letters by a Latin model); where a model of a dense script has just won, it
 * is tried first.  Lines that run down are tried turned both ways and stacked.
 * Where kana are to be expected, what was read badly, holds some and is set
 * narrowly is tried stretched: half-width kana.
 *
 * What leads nowhere is left out: a second model where the first made nothing
 * of a weak shape; a way that has read none of four lines in a row, but at
 * each eighth; a weak line (score below 4) after six unreadable ones; and in
 * later frames, but for each eighth, what is no stronger than moving texture
 * (score below 5, of short lines below 4) after four of that kind.
 *
 * A Latin letter and a kana or two, read badly, are nothing.
 *
 * *best is what was read with the highest confidence, *second (may be NULL)
 * the next of another text; "" when nothing was.  False with *err ERR_MEMORY.
 */
bool reading_line(struct line_reader *r, const struct grey_plane *p,
		  const struct line *line, struct reading *best,
		  struct reading *second, struct error *err);

/*
 * Read a line that runs across once more, in another way: attempt 0 and on,
 * the last model (of dense scripts) and the first at one width that the line
 * was not read at, then at the other.  For the few lines where another reading
 * may tell more.  False with *err ERR_MEMORY.
 */
enum { READING_AGAINS = 4, READING_LOOKS = 8 };
bool reading_again(struct line_reader *r, const struct grey_plane *p,
		   const struct line *line, int attempt,
		   struct reading *again, struct error *err);

/*
 * The same of a picture of it that is prepared otherwise (prepare.h): larger,
 * smaller, harder, without grain, by cubic interpolation.  look: 0 and on, the
 * most fruitful first.  *spelled: its likeliest harmless text.
 */
bool reading_look(struct line_reader *r, const struct grey_plane *p,
		  const struct line *line, int look, struct reading *again,
		  struct spelled *spelled, struct error *err);

/*
 * May second say what stands there, best being a slip of it: one letter in
 * two is another at most; or best is Latin and can't be read (below 60) where
 * the other sees two Japanese letters.
 */
bool reading_slipped(const struct reading *best, const struct reading *second);

/*
 * Kana and the voice mark after it, as half-width kana are set and read
 * ("タ~", "ハ゜"), become one letter ("ダ", "パ").  In place: never longer.
 */
void reading_join_voices(char *text);

#endif
