/*
 * context.h - numbers that say nothing by themselves and are harmless where
 * they stand: marks of a scale, a heart rate beside its name.  Knows no
 * pixels.
 */
#ifndef SUMI_CONTEXT_H
#define SUMI_CONTEXT_H

#include <stdbool.h>

#include "ocr/track.h"

/*
 * Make benign, of lines that were read and are nothing else:
 *
 * - three or more whole numbers of at most three digits that rise or fall by
 *   the same step (1, 2, 5 or 10 times a power of ten, or 25) at places the
 *   same way apart, four line heights or more; four when they stand in one
 *   row, where three may be a date in the cells of a form, or in a column one
 *   and a half line heights apart ("benign:scale");
 * - HR or BPM and a number of 20 to 300 right above it, below or beside, in a
 *   file of ultrasound that says who the patient is: initials and an age of
 *   another would have to stand there ("benign:rate");
 * - +60 or -60, tens with a sign, alone in their row for four line heights
 *   either way: the ends of a scale of speeds ("benign:scale"); beside others
 *   they may be a piece of a date or a number.
 *
 * And take back what was read with less than 80 where another line that is not
 * cleared lies on it (three tenths of that), and, where nobody is named, a
 * word alone that also stands in a text of words alone that was not cleared:
 * LEFT beside LEFT WALL; there, too, three kanji or kana or less (正面) with a
 * line that was not cleared behind or before them in their row, 1.6 heights
 * away at most: half of a name.
 *
 * To be called before labels are matched, which beat all.
 *
 * echo     a file of ultrasound
 * named    it says who the patient is
 * telling  hears of each line; may be NULL
 */
void context_clear(struct track_list *list, bool echo, bool named,
		   const struct telling *telling);

/* One to three kanji or kana, and signs: half of a name, perhaps. */
bool context_is_short_dense(const char *text);

#endif
