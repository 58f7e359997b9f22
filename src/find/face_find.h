/*
 * face_find.h - the face detector: which pictures are looked at, with which
 * passes, and what is proposed.
 */
#ifndef SUMI_FACE_FIND_H
#define SUMI_FACE_FIND_H

#include "find/detect.h"
#include "find/face_boxes.h"

/*
 * Are faces to be looked for in this file (DESIGN 7)?  Always in PNG, JPEG
 * and colour, and in the classes of photographs and video (XC, ES, GM, OP,
 * OT, SC, SM and the VL classes); other grey pictures only when options ask.
 */
bool face_wanted(const struct image_info *info,
		 const struct detect_options *options);

/*
 * The score (0..1) below which a face is only shown, no proposal, whatever
 * network found it: echoes (Ultrasound Image Storage and its kin) are no
 * photographs, and speckle looks like faces.  0 in all other files, captures
 * of an ultrasound machine included.
 */
double face_least_score(const struct image_info *info);

/*
 * Is the face rather the body in a slice or a projection (a DICOM file of no
 * modality of photographs): nearly all of the picture, told by the wide view
 * alone and not surely?  It is shown, no proposal.  Of photographs whose face
 * fills them the whole view gives it .99 or more (60 pictures).
 */
bool face_is_body(const struct image_info *info, const struct face *f);

/*
 * Options of the command line into *options.  when: auto, all, off, or NULL;
 * folder: of the models, or NULL.  False with ERR_USAGE when a folder is named
 * and a model is not in it; with ERR_REFUSED when a model that would be used
 * is not the one that was tested.
 */
bool face_options(const char *when, const char *folder,
		  struct detect_options *options, struct error *err);

/* The functions of struct detector (find/detect.h).  Files that are missing
 * are no failure: the check state is no-model then. */
bool face_load(const struct detect_options *options, struct error *err);
bool face_run(struct image *image, const struct detect_options *options,
	      const struct detect_progress *progress, struct proposals *p,
	      struct error *err);
const char *face_version(void);

#endif
