/*
 * error.h - why a call failed.  Lives on the caller's stack; never allocated.
 *
 * A file that can't be let in is *refused*: code and sentence come from the
 * table in error.c, so nothing read from a file can reach a message but a
 * checked UID, a marker or a number.
 */
#ifndef SUMI_ERROR_H
#define SUMI_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The highest that applies is the exit status (DESIGN 4). */
enum error_code {
	ERR_NONE,
	ERR_CHECK,              /* a check failed                  exit 1 */
	ERR_USAGE,              /* wrong usage, nothing touched    exit 2 */
	ERR_REFUSED,            /* this input is refused           exit 3 */
	ERR_WRITE,              /* could not be written            exit 4 */
	ERR_RANGE,              /* a value outside its range       exit 5 */
	ERR_MEMORY,             /* no memory                       exit 5 */
	ERR_INTERNAL,           /* the program itself failed       exit 5 */
};

/* Refusal codes, in the words of DESIGN 4 (refusal_name[]). */
enum refusal_code {
	REFUSAL_NONE,
	REFUSAL_NOT_IMAGE, REFUSAL_NO_PIXELS, REFUSAL_UNSUPPORTED,
	REFUSAL_VIDEO, REFUSAL_TRUNCATED, REFUSAL_DAMAGED,
	REFUSAL_INCONSISTENT, REFUSAL_TOO_LARGE, REFUSAL_TOO_SLOW,
	REFUSAL_NO_MEMORY, REFUSAL_CRASHED, REFUSAL_UNREADABLE,
	REFUSAL_SPECIAL_FILE, REFUSAL_CHANGED, REFUSAL_EXISTS,
	REFUSAL_COUNT
};

/*
 * Reasons: one row each.  %u in a sentence stands for a UID, %n for a number
 * (decimal), %m for a marker (hexadecimal).  Add rows at the end of a group.
 * X(reason, refusal code, sentence)
 */
#define REASONS(X) \
	X(NOT_IMAGE, NOT_IMAGE, \
	  N_("this is no DICOM, PNG or JPEG file")) \
	X(NO_PIXELS, NO_PIXELS, \
	  N_("the object holds no pictures")) \
	X(SYNTAX_UNKNOWN, UNSUPPORTED, \
	  N_("transfer syntax %u is not known")) \
	X(SYNTAX_NO_WRITE, UNSUPPORTED, \
	  N_("files in transfer syntax %u can't be masked")) \
	X(PIXEL_FORM, UNSUPPORTED, \
	  N_("this form of pixels (%n) is not supported")) \
	X(JPEG_PROCESS, UNSUPPORTED, \
	  N_("JPEG process with marker %m is not supported")) \
	X(PNG_FORM, UNSUPPORTED, \
	  N_("this form of PNG is not supported")) \
	X(VIDEO, VIDEO, \
	  N_("video stream (%u), can't be masked without re-encoding")) \
	X(TRUNCATED, TRUNCATED, \
	  N_("the file ends too early; get a whole copy")) \
	X(DAMAGED, DAMAGED, \
	  N_("the file is damaged; get a fresh copy")) \
	X(DAMAGED_FRAME, DAMAGED, \
	  N_("frame %n can't be decoded; get a fresh copy")) \
	X(DAMAGED_MARKER, DAMAGED, \
	  N_("the JPEG data is damaged near marker %m; get a fresh copy")) \
	X(PIXELS_TOO_LONG, INCONSISTENT, \
	  N_("there is more pixel data than rows, columns and frames say")) \
	X(PIXELS_TOO_SHORT, TRUNCATED, \
	  N_("there is less pixel data than rows, columns and frames say")) \
	X(FRAGMENTS, INCONSISTENT, \
	  N_("the number of frames (%n) and of fragments disagree")) \
	X(SIZE_DISAGREES, INCONSISTENT, \
	  N_("the picture size in frame %n and in the header disagree")) \
	X(ATTRIBUTES, INCONSISTENT, \
	  N_("the attributes that describe the pixels disagree")) \
	X(ATTRIBUTE_MISSING, INCONSISTENT, \
	  N_("an attribute that describes the pixels is missing (%m)")) \
	X(SIDE_TOO_LONG, TOO_LARGE, \
	  N_("a side of %n pixels is longer than 65535")) \
	X(FRAME_TOO_LARGE, TOO_LARGE, \
	  N_("%n pixels a frame are more than 268435456")) \
	X(TOO_MANY_FRAMES, TOO_LARGE, \
	  N_("%n frames are more than 65535")) \
	X(DECODED_TOO_LARGE, TOO_LARGE, \
	  N_("%n bytes decoded at once are more than 1 GiB")) \
	X(TOO_SLOW, TOO_SLOW, \
	  N_("no progress within 10 seconds")) \
	X(NO_MEMORY, NO_MEMORY, \
	  N_("reading this file takes more memory than is allowed")) \
	X(CRASHED, CRASHED, \
	  N_("the reader stopped on this file (signal %n)")) \
	X(PROTOCOL, CRASHED, \
	  N_("the reader of this file answered nonsense")) \
	X(UNREADABLE, UNREADABLE, \
	  N_("the file can't be read; check that it is there and permitted")) \
	X(SPECIAL_FILE, SPECIAL_FILE, \
	  N_("this is no regular file")) \
	X(CHANGED, CHANGED, \
	  N_("the file is not the one that was reviewed")) \
	X(BOXES_OF_OTHER, CHANGED, \
	  N_("the boxes belong to another file")) \
	X(EXISTS, EXISTS, \
	  N_("the output is already there; name another one")) \
	X(NOT_DICOMDIR, UNSUPPORTED, \
	  N_("a DICOMDIR can only be named, not masked")) \
	X(EXACT_CMYK, UNSUPPORTED, \
	  N_("PNG has no CMYK; mask this file without --exact-box")) \
	X(OTHER_CONTENT, UNSUPPORTED, \
	  N_("there is a document or a waveform beside the pictures"))

enum reason {
	REASON_NONE,
#define X(reason, code, text) REASON_##reason,
	REASONS(X)
#undef X
	REASON_COUNT
};

enum { ERROR_TEXT = 512, ERROR_UID = 65 };

struct error {
	enum error_code code;
	enum reason reason;             /* set when code is ERR_REFUSED */
	long long number;               /* for %n and %m of the reason */
	char uid[ERROR_UID];            /* for %u; digits and dots only */
	char text[ERROR_TEXT];          /* for the reviewer; UTF-8 */
	bool project;                   /* what failed is opening a project */
};

/* The word of DESIGN 4 for a code: "not-image" ... */
const char *refusal_name(enum refusal_code code);

/* The code a reason belongs to; REFUSAL_NONE for REASON_NONE. */
enum refusal_code reason_code(enum reason reason);

/*
 * Write the sentence of a reason into text[size], in English (for machine
 * output) or translated (localized = true).
 */
void reason_text(enum reason reason, const char *uid, long long number,
		 bool localized, char *text, size_t size);

/* Set *err (which may be NULL).  Returns false, so that callers can return it.
 */
bool error_set(struct error *err, enum error_code code, const char *format,
	       ...) __attribute__((format(printf, 3, 4)));

/*
 * Refuse the input.  uid may be NULL; anything but digits and dots in it
 * is dropped.  Fills text with the English sentence.  Returns false.
 */
bool error_refuse(struct error *err, enum reason reason, const char *uid,
		  long long number);

/* Put "context: " before the text.  Returns false. */
bool error_prefix(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Exit status of DESIGN 4 for a code. */
int error_exit_status(enum error_code code);

#ifdef __cplusplus
}
#endif
#endif
