/*
 * identifier.h - which words read from a picture look like a name, a date, a
 * number or a place: matched with the attributes of the file, with patterns
 * and with tables of words.  Knows no pictures and no recogniser.
 */
#ifndef SUMI_IDENTIFIER_H
#define SUMI_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "find/proposal.h"

struct header;          /* what a file says about its patient and study */

/* How the value of an attribute is written. */
enum header_form {
	HEADER_NAME,            /* VR PN: groups by '=', components by '^' */
	HEADER_CODE,            /* identifiers, telephone numbers */
	HEADER_TEXT,            /* institutions, addresses */
	HEADER_DATE,            /* VR DA or DT: yyyymmdd... */
};

/* The attributes looked up, and what a match with one means. */
struct header_attribute {
	const char *path;               /* for image_attribute() */
	const char *keyword;            /* DICOM PS3.6, for the why code */
	enum header_form form;
	enum box_class class_;
};
extern const struct header_attribute header_attributes[];
extern const size_t header_attribute_count;

/* An empty header, for files without attributes; header_free() it. */
struct header *header_new(struct error *err);
void header_free(struct header *h);             /* NULL does nothing */

/*
 * Add a value (UTF-8, several joined by '\\').  attribute is borrowed for
 * the life of h.  False with *err ERR_MEMORY.
 */
bool header_add(struct header *h, const struct header_attribute *attribute,
		const char *value, struct error *err);

/* What a text is. */
struct judgement {
	enum box_kind kind;     /* identifier, unreadable, text or benign */
	enum box_class class_;
	enum box_source source; /* header, ocr, or ink when unreadable */
	int score;              /* 0..1000, how sure */
	char why[BOX_WHY];
	/* the text ends in a label: what stands right of or below it belongs
	 * to this class */
	bool label;
	enum box_class label_class;
};

/*
 * Judge a text read with a confidence of 0..100.
 *
 * A match with an attribute beats everything; then patterns and labels, then
 * telling words.  A text is benign only when every word is known to be
 * technical, it was read with confidence 80 or more, holds at most 7 digits,
 * nothing like a date, and is no bare row of digits of 5 or more (notes, 8:
 * no identifier of 279 was cleared).  What is left was read (text) or not
 * (unreadable: below 60).
 */
void identifier_judge(const struct header *h, const char *text, int confidence,
		      struct judgement *j);

#endif
