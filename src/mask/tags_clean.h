/*
 * tags_clean.h - the words of a description that say how a picture was made
 * and nothing else.  Private to tags.c.
 */
#ifndef SUMI_TAGS_CLEAN_H
#define SUMI_TAGS_CLEAN_H

#include "image/format_dicom.h"

/*
 * What PS3.15 E.3.4 (Clean Descriptors) leaves of a text: words of a table of
 * body parts, directions, sequences and techniques, and numbers with a unit
 * right behind them, joined by single spaces, in each of the values joined by
 * '\\\\'.  Nothing of a text that is not plain ASCII: its bytes may stand for
 * other letters.  False when nothing is left.
 */
bool tags_clean(const char *text, char value[DICOM_VALUE]);

#endif
