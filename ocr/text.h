/*
 * text.h - the text detector: every view of every frame is searched for
 * lines, what is new is read and judged, and what stays is followed through
 * the frames.
 */
#ifndef SUMI_TEXT_H
#define SUMI_TEXT_H

#include "find/detect.h"

/* The functions of struct detector (find/detect.h). */
bool text_load(const struct detect_options *options, struct error *err);
bool text_run(struct image *image, const struct detect_options *options,
	      const struct detect_progress *progress, struct proposals *p,
	      struct error *err);
const char *text_version(void);

#endif
