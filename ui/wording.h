/*
 * wording.h - codes of boxes in the language of the screen.  JSON, log and
 * files of boxes keep the codes.
 */
#ifndef SUMI_WORDING_H
#define SUMI_WORDING_H

#include "find/proposal.h"

/* A class, kind or source (box_class_name ...), or a part of a why. */
const char *wording(const char *code);

/* A why: its parts between colons.  What is no code stays as it is: labels
 * that were read, and words of a file that another program made. */
enum { WORDING_WHY = 192 };
void wording_why(const char *why, char text[WORDING_WHY]);

/* What a frame is that has no number of its own: "overlay 6000 f1", "full
 * range", "brightest of all frames".  False: it is a frame, text is "". */
enum { WORDING_FRAME = 64 };
bool wording_frame(int frame_index, char text[WORDING_FRAME]);

#endif
