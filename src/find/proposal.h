/*
 * proposal.h - the list of proposed regions of one file: kind, class, source,
 * score, frames; and their form as the JSON line of DESIGN 5.1.
 */
#ifndef SUMI_PROPOSAL_H
#define SUMI_PROPOSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/mem.h"
#include "image/region.h"

/* Words of DESIGN 3; the names are in box_kind_name[] and so on. */
enum box_kind { KIND_IDENTIFIER, KIND_UNREADABLE, KIND_TEXT, KIND_FACE,
		KIND_BENIGN, KINDS };
enum box_class {
	CLASS_NAME, CLASS_KANA, CLASS_PATIENT_ID, CLASS_DOB, CLASS_DATE,
	CLASS_TIME, CLASS_AGE_SEX, CLASS_ACCESSION, CLASS_INSTITUTION,
	CLASS_PHYSICIAN, CLASS_ADDRESS, CLASS_PHONE, CLASS_INSURANCE,
	CLASS_BARCODE, CLASS_OTHER, CLASS_FACE, CLASS_EYES, CLASSES
};
enum box_source { SOURCE_OCR, SOURCE_INK, SOURCE_HEADER, SOURCE_LAYOUT,
		  SOURCE_FACE, SOURCE_IMPORT, SOURCE_REVIEWER, SOURCES };
enum box_tier {
	TIER_BOX,               /* masked if nobody objects */
	TIER_CANDIDATE,         /* only shown */
	TIER_BENIGN,            /* read and cleared */
	TIER_FAINT,             /* faint ink: last evidence page and tour;
				   never printed by propose */
	TIERS
};
extern const char *const box_kind_name[KINDS];
extern const char *const box_class_name[CLASSES];
extern const char *const box_source_name[SOURCES];

enum { BOX_TEXT = 256, BOX_WHY = 40, BOX_MAX_PER_FRAME = 4096 };
enum { PLANE_PICTURE = 0, PLANE_BITS = 1 };     /* or an overlay's group */

/*
 * A frame of a plane other than the picture has a number of its own below
 * those of frames (from 0) and projections (-1, -2).  plane_of_frame() is
 * PLANE_PICTURE for these; *frame gets the frame of the picture.
 */
#define FRAME_LEAST (-(1 << 24))
int frame_of_plane(int plane, int frame);
int plane_of_frame(int frame_index, int *frame);

/* "overlay:6000", "bits", or "" for the picture itself, into word. */
enum { PLANE_WORD = 16 };
const char *plane_word(int plane, char word[PLANE_WORD]);

struct box {
	struct region region;           /* in stored pixels, inside the picture
					 */
	int frame0, frame1;             /* 0-based, inclusive */
	int plane;                      /* PLANE_PICTURE, PLANE_BITS, 0x60xx */
	enum box_kind kind;
	enum box_class class_;
	enum box_source source;
	enum box_tier tier;
	int score;                      /* 0..1000 */
	int confidence;                 /* of the reading, 0..100; -1 not read */
	bool latin;                     /* read by the Latin model: 12 sub-pixels
					   are legible, else 17 (DESIGN 8.4) */
	int letter_height;              /* pixels of the median letter */
	bool differs;                   /* does not show the same in all its
					   frames */
	char why[BOX_WHY];              /* short code: header:PatientName */
	char text[BOX_TEXT];            /* read; UTF-8, "" if unread; memory
					   only, never in a log */
};

/* The very same region, frames and plane. */
bool box_same_place(const struct box *a, const struct box *b);

/* Zero-initialise; release with box_list_done(). */
struct box_list {
	struct box *box;
	size_t count, capacity;
};
bool box_list_add(struct box_list *list, const struct box *box);
void box_list_done(struct box_list *list);
/* By first frame, y, x, then every other member: a total order. */
void box_list_sort(struct box_list *list);

/* What was checked (DESIGN 5.1 checks). */
enum check_state { CHECK_DONE, CHECK_GATED, CHECK_NO_MODEL, CHECK_OFF,
		   CHECK_FAILED, CHECK_STATES };
extern const char *const check_state_name[CHECK_STATES];

enum { INK_CELL = 16 };                 /* pixels of a side of an ink cell */

/*
 * The result of detection on one file.  ink: [ink_rows][ink_columns], not 0
 * where the union over all frames has ink above the noise floor; the tour
 * (DESIGN 8.5) visits those cells.
 */
struct proposals {
	struct box_list boxes;          /* all tiers, sorted */
	int frames_read;
	enum check_state text, faces;
	int ink_columns, ink_rows;
	uint8_t *ink;
};
void proposals_done(struct proposals *p);

/* ---- the JSON line of DESIGN 5.1 ---- */

struct proposal_line {
	const char *file;               /* bytes as typed or ARG/path */
	const uint8_t *sha256;          /* 32 bytes */
	const char *format;             /* "dicom" "png" "jpeg" */
	int columns, rows, frames;
	const struct proposals *proposals;
	const char *by;                 /* version+8 hex digits */
	bool show_text;
	long long ms;                   /* -1: left out */
};
struct json;
struct json_writer;
/* Where a box is: the members frame, frames, plane (not of the picture), x, y,
 * w and h of DESIGN 5.1, in an object that is open. */
void proposal_print_place(struct json_writer *w, const struct box *b);
/* One box as a member of an array. */
void proposal_print_box(struct json_writer *w, const struct box *b,
			bool show_text);
/* Append the line, LF included.  Bytes that are not UTF-8 in file become
 * U+FFFD and file_b64 is written. */
void proposal_print(struct buffer *out, const struct proposal_line *line);
void proposal_print_refused(struct buffer *out, const char *file,
			    enum reason reason, const char *uid,
			    long long number);

/*
 * Read the boxes of a proposals file (--boxes, --proposals): lines of 5.1.
 * The line with this sha256 is used; a file with exactly one line without
 * sha256 is used as it is; anything else is refused as BOXES_OF_OTHER.  A box
 * without frame and frames means all frames.  Only the `boxes` member counts.
 * Adds to list (frame1 is frames - 1 at most).  text: the whole file.
 * False with *err: ERR_REFUSED, or ERR_USAGE naming what is wrong in line n.
 */
bool proposal_parse(const char *text, size_t length, const uint8_t sha256[32],
		    int columns, int rows, int frames, struct box_list *list,
		    struct error *err);

/* The boxes of one object alone, whatever file it is about; number: its line,
 * for the error. */
bool proposal_read_boxes(const struct json *line, long long number,
			 int columns, int rows, int frames,
			 struct box_list *list, struct error *err);

/*
 * Is this a proposals file at all?  Every line must be one of 5.1, with boxes
 * that fit some picture, or a refusal, and there must be one.  text: the whole
 * file.  False with *err: ERR_USAGE naming what is wrong in line n, ERR_MEMORY.
 */
bool proposal_check(const char *text, size_t length, struct error *err);
#endif
