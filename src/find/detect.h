/*
 * detect.h - runs the detectors on an image and gathers proposals.  Detectors
 * reach it only through the table that main hands down.
 */
#ifndef SUMI_DETECT_H
#define SUMI_DETECT_H

#include "find/proposal.h"
#include "image/image.h"

/* Where faces are looked for. */
enum face_looking {
	FACES_AUTO,             /* where face_wanted() (face_find.h) says */
	FACES_ALL,              /* on grey slices too */
	FACES_OFF,
	FACE_LOOKINGS
};
extern const char *const face_looking_name[FACE_LOOKINGS]; /* "auto" ... */

enum { DETECT_FOLDER = 4096 };          /* bytes of a name */

struct detect_options {
	char languages[32];             /* "eng+jpn": what Tesseract loads */
	enum face_looking faces;
	bool face_eyes;                 /* propose the eyes, not the face */
	char face_models[DETECT_FOLDER];        /* --face-models; "": the usual
						   place */
	char words[DETECT_FOLDER];      /* a user's words (base/vocabulary.h);
					   "": none */
	/* the residual pass (DESIGN 5.5), else NULL: what is masked in the
	 * picture, as it was blanked, to be left out of the detectors' view;
	 * and the file that was masked, whose attributes tell the names */
	const struct box_list *masked;
	struct image *original;
};

/* Said by a detector while it works, so that no silence is a hang (10 s). */
struct detect_progress {
	void (*tell)(void *self, int permille);
	void *self;
};

struct detector {
	const char *name;               /* "text", "face" */
	/* Load models; before the fork, once.  The only place that opens. */
	bool (*load)(const struct detect_options *options, struct error *err);
	/*
	 * Add to p->boxes (any order), p->ink and the check states.  Called in
	 * a worker that can't open anything.
	 */
	bool (*run)(struct image *image, const struct detect_options *options,
		    const struct detect_progress *progress,
		    struct proposals *p, struct error *err);
	/* Version of the detector and its models, for checks.by. */
	const char *(*version)(void);
};

/* Ends with a NULL name. */
bool detect_load(const struct detector *table,
		 const struct detect_options *options, struct error *err);

/*
 * Run all, clip to the picture, turn more than 4096 boxes of a frame into one
 * box over it (why too-many), merge, sort.  proposals_done() releases.
 */
bool detect_run(const struct detector *table, struct image *image,
		const struct detect_options *options,
		const struct detect_progress *progress, struct proposals *p,
		struct error *err);

/* "0.1.0+1f2e3d4c": program version and a hash over versions and policy. */
void detect_by(const struct detector *table,
	       const struct detect_options *options, char *by, size_t size);

/* The table of the program, in main.c. */
extern const struct detector detectors[];
#endif
