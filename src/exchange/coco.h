/*
 * coco.h - boxes in the form of COCO (cocodataset.org, "object detection"):
 * images, annotations with bbox [x,y,w,h] in pixels, categories.  Ours are
 * the classes of boxes.  Beside what the form has, an annotation of ours
 * tells "frames":[first,last] from 0, "kind", and "plane".
 */
#ifndef SUMI_COCO_H
#define SUMI_COCO_H

#include <stdio.h>

#include "record/project.h"

/* The masked boxes of released items; file_name is the keyed item. */
bool coco_export(struct project *p, FILE *out, struct error *err);

/*
 * Read text[length], a file of this form by us or by another program, and
 * print a line of DESIGN 5.1 for each image, in its order, to out: boxes of
 * source import.  name: only the image with this file_name; or NULL.
 *
 * A bbox that is not whole pixels grows outward.  Without "frames" it stands
 * for all frames.  A category that is none of our classes is "other"; without
 * "kind" face and eyes are faces, all else identifies.
 *
 * False with ERR_USAGE that names what is wrong, with the number of the
 * annotation from 1: no images, an image that is not there, a box that is
 * empty, wholly outside, or no four numbers; ERR_MEMORY.
 */
bool coco_import(const char *text, size_t length, const char *name, FILE *out,
		 struct error *err);

#endif
