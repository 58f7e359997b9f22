/*
 * slips.h - signs in a reading that a harmless text was made of something else:
 * as it is set, before letters are folded.  Knows no pictures.
 */
#ifndef SUMI_SLIPS_H
#define SUMI_SLIPS_H

#include <stdbool.h>

#include "ocr/symbols.h"

/*
 * Is a text (UTF-8) set as no harmless one is?
 *
 * - capitals behind small letters of a word, or small ones behind several
 *   capitals (CIne of Cline, laO of Lal O), but where they are a unit (kVp,
 *   TOkV) or a word that is set so (TIs);
 * - a word of signs alone as large as letters, which a kanji is read as (5.0 #),
 *   or of any between two others (0.7 - Depth); % behind a number is none; a
 *   sign before a later word (kHz —B);
 *   or a degree with something behind it (5.0°.7), or a word that a sign joins
 *   to a number with a point (1.25-Depth);
 * - one picture of fewer (74/10), or with a number behind it (12/40 3);
 * - a day and a unit that is one letter from a month, set like one: 17 Mgy.
 */
bool slips_set_oddly(const char *text);

/*
 * Is a Latin word of a letter or two, or % alone, a name as well (Ma), or read
 * with a doubt of more than 12 (40), beside other words of which none is its
 * number: LL behind 100%, which is LI; Ra before Frq, which is Ravi?  T, L and
 * cm before or behind numbers say what these are.  False where the places are
 * not known.
 */
bool slips_have_slight(const char *text, const struct symbols *symbols);

#endif
