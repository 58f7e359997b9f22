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
 *   file that says who the patient is (screen: of ultrasound): initials and an
 *   age of another would have to stand there ("benign:rate").
 *
 * To be called before labels are matched, which beat both.
 */
void context_clear(struct track_list *list, bool screen);

#endif
