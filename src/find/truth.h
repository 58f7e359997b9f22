/*
 * truth.h - known answers about one picture, and how far proposals meet them.
 * The rule is that of the test data: a box counts as found by the share of its
 * area inside the union of the proposed boxes of its frame.  No file I/O.
 */
#ifndef SUMI_TRUTH_H
#define SUMI_TRUTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "find/proposal.h"

enum truth_kind { TRUTH_IDENTIFIER, TRUTH_FACE, TRUTH_BENIGN, TRUTH_KINDS };
extern const char *const truth_kind_name[TRUTH_KINDS];

struct truth_box {
	struct region region;           /* stored pixels */
	int frame;                      /* 0-based */
	enum truth_kind kind;
	char class_[16];                /* DESIGN 3; "other" when not said */
	char text[BOX_TEXT];            /* UTF-8; may be "" */
	int px;                         /* size of the letters; 0: not said */
	int rotation;                   /* degrees */
	bool low;                       /* contrast */
	bool vertical;
	bool counts;                    /* no label, not ambiguous or difficult
					 */
};

/* Zero-initialise; release with truth_done(). */
struct truth {
	struct truth_box *box;
	size_t count, capacity;
	bool partial;                   /* faces beyond those named */
};

/*
 * Read {"boxes": [{"frame", "x", "y", "w", "h", "kind", "class", "text", "px",
 * "contrast", "vertical", "rotation", "role", "ambiguous", "difficult"}],
 * "partial"}; other members are passed over.  False with *err ERR_USAGE or
 * ERR_MEMORY.
 */
bool truth_read(const char *text, size_t length, struct truth *truth,
		struct error *err);
void truth_done(struct truth *truth);

/* Shares of the area of one truth box, 0..1. */
struct truth_mark {
	size_t box;                     /* index in the truth */
	double boxes;                   /* inside boxes */
	double candidates;              /* inside boxes or candidates */
	double faint;                   /* inside those or faint ink */
	double benign;                  /* inside what was read and cleared */
	int letters;                    /* of its text, without spaces */
	int edits;                      /* from what was read there; at most
					   letters */
};

struct truth_score {
	struct truth_mark *mark;        /* of the boxes that count; owned */
	size_t count;
	int false_text, false_faces;    /* boxes where nothing of theirs is */
	long long excess, pixels;       /* area covered beside any text, and
					   all, over the frames of the truth */
};

/*
 * Compare.  p: NULL when the file was refused: nothing is found.  Release with
 * truth_score_done().  False with *err ERR_MEMORY.
 */
bool truth_compare(const struct truth *truth, const struct proposals *p,
		   int columns, int rows, struct truth_score *score,
		   struct error *err);
void truth_score_done(struct truth_score *score);

/* "latin", "digits", "kanji", "kana", "half-width kana" or "" (no text): the
 * rarest that the text holds, in the order half-width kana, kanji, kana. */
const char *truth_script(const char *text);

#endif
