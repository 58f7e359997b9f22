/*
 * trim.h - lines of a masked copy end where their ink does.  What is left of
 * smoothed masks makes rows without letters, by which a line grows beyond what
 * it was in the picture itself.  Reads nothing.
 */
#ifndef SUMI_TRIM_H
#define SUMI_TRIM_H

#include "ocr/lines.h"
#include "ocr/views.h"

/*
 * Take the blank ends off each line, of more than half its height, as far as
 * the row that it is of (own): ends in which no view has, across the line, more
 * between its lowest and its highest level than the noise floor or a third of
 * what it has in that row.  A pixel beside the ink stays.
 */
void lines_trim(const struct views *views, struct line_list *list);

#endif
