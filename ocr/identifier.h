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
#include "ocr/words.h"

struct header;          /* what a file says about its patient and study */

/* How the value of an attribute is written. */
enum header_form {
	HEADER_NAME,            /* VR PN: groups by '=', components by '^' */
	HEADER_CODE,            /* identifiers, telephone numbers */
	HEADER_TEXT,            /* institutions, addresses */
	HEADER_DATE,            /* VR DA or DT: yyyymmdd... */
	HEADER_SEX,             /* M or F */
	HEADER_AGE,             /* VR AS: 059Y */
	HEADER_REMOVED,         /* YES: it names the patient no longer */
};

/* The attributes looked up, and what a match with one means. */
struct header_attribute {
	const char *path;               /* ggggeeee in hex */
	const char *keyword;            /* DICOM PS3.6, for the why code */
	enum header_form form;
	enum box_class class_;
};
extern const struct header_attribute header_attributes[];
extern const size_t header_attribute_count;

/*
 * What a value at a path of image_each_text() means, in whatever sequence it
 * lies: a row of the table; a person for every other VR PN; whether there is a
 * patient any more (HEADER_REMOVED); else NULL.
 */
const struct header_attribute *header_attribute_of(const char *path,
						   const char *vr);

/* An empty header, for files without attributes; header_free() it. */
struct header *header_new(struct error *err);
void header_free(struct header *h);             /* NULL does nothing */

/*
 * Add a value (UTF-8, several joined by '\\').  attribute: what it means;
 * of two that fit a text the earlier counts.  Of a file with thousands of
 * different values the rest is left out, and then nothing is cleared.  False
 * with *err ERR_MEMORY.
 */
bool header_add(struct header *h, const struct header_attribute *attribute,
		const char *value, struct error *err);

/* Somebody is named in kana, or nobody is named at all.  h may be NULL. */
bool header_may_show_kana(const struct header *h);

/*
 * The patient is named: by a name without digits (ANON^001 is none), in a file
 * that does not say that his identity was removed (0012,0062; PS3.15 E.1.1).
 */
bool header_names_patient(const struct header *h);

/* Values were left out of it: then nothing is to be cleared. */
bool header_is_crowded(const struct header *h);

/* Words of the user, borrowed for the life of h; NULL: none. */
void header_words(struct header *h, const struct words_user *user);

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
 * A match with an attribute beats everything; then words of the user, labels,
 * patterns, telling words.  A text is benign only when words_benign() says so,
 * it was read with confidence 80 or more (72: a value of three or four
 * letters; 65: a longer one, a technical word), holds at most 7 digits and
 * nothing like a date (notes, 8: no identifier of 279 was cleared), and where
 * the file names no patient, is neither two Latin words alone (LAT LEFT) nor a
 * side written out (RIGHT) or two of them (左上), nor two letters with a number
 * like an age (MW 41; but Im 25, read with 80 or more, since initials are
 * capitals).  One letter with such a number is none either, nor a small letter
 * alone.  Nor is what a small text beside a harmless one is read as with it: a
 * word of two or three small letters of no number, signs, 8:45 as B:45, a number
 * behind a word that has none (胸部 58, ERECT 11.01), two or three small letters
 * alone, what is set as no harmless text is (slips.h), a number that lacks the
 * second point of a date (53.60).  Of 5151 generated pairs 55 were cleared so,
 * and 1 is left.  What is left was read (text) or not (unreadable: below 60).
 */
void identifier_judge(const struct header *h, const char *text, int confidence,
		      struct judgement *j);

/*
 * The same of a line in whose box nothing else stands (alone.h): its text is
 * benign from lower confidences on (65: a value with a unit or a point; 60:
 * one of five letters; 55: six letters and digits, a technical word of four
 * letters or two kanji).
 */
void identifier_judge_alone(const struct header *h, const char *text,
			    int confidence, struct judgement *j);

/*
 * May it be of somebody, as what was hard to read: a letter or two and a number
 * like an age, whatever stands between (WL 47, initials misread), or two sides
 * (右上, 右 上: a family name and a first one)?
 */
bool identifier_may_be_somebody(const char *text);

/* Something else stands in the box: no longer benign. */
void identifier_doubt_pixels(struct judgement *j, int confidence);

/*
 * One Latin letter or kanji in a line longer than a letter is high, by a
 * quarter and two pixels, is not all that stands there: R of R7, 左 of 左近.
 * It is text and no longer benign.  along, high: of the line, in pixels.
 */
void identifier_doubt(struct judgement *j, const char *text, int along,
		      int high);

/*
 * A line of many more marks than its letters are printed as, read with less
 * than 80, holds something else, too: a small name before a large value.  It
 * is no longer benign.  marks: of the line.
 */
void identifier_doubt_marks(struct judgement *j, const char *text,
			    int confidence, int marks);

#endif
