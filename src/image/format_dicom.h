/*
 * format_dicom.h - DICOM through DCMTK, behind plain C: what reading needs
 * beyond image.h, and what a writer needs to make a masked copy.
 *
 * DCMTK never makes a UID here: a writer sets (0008,0018) himself.
 */
#ifndef SUMI_FORMAT_DICOM_H
#define SUMI_FORMAT_DICOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/image.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Load DCMTK's dictionary, register its decoders, silence its log.  Called by
 * image_warm_up().  False with ERR_INTERNAL.
 */
bool dicom_warm_up(struct error *err);

/* A tag as one number: 0xggggeeee. */
#define DICOM_GROUP(tag) ((unsigned)((tag) >> 16))
#define DICOM_ELEMENT(tag) ((unsigned)((tag) & 0xffff))

/*
 * Where the pixels of an uncompressed file lie, as bytes of the file.  The
 * value belongs to tag 7FE00010 (integers), 7FE00008 (float) or 7FE00009
 * (double).
 */
struct dicom_pixels {
	uint32_t tag;
	long long offset, length;       /* of the value; length as stored */
	bool big_endian;                /* byte order of the value */
	bool swapped_bytes;             /* 8-bit cells or bits in words of a big
					   endian file: bytes 0 1 are 1 0 */
	unsigned char head[12];         /* tag, VR, length as a writer has to
					   put them before the value; an odd
					   length is one more there: the writer
					   adds a byte of 0 */
	int head_length;                /* 8 or 12 */
};

/*
 * False with *err ERR_REFUSED (SYNTAX_NO_WRITE) when the file is compressed,
 * deflated, or no DICOM file: then its pixels have no place in the file.
 */
bool dicom_find_pixels(const struct image *image, struct dicom_pixels *pixels,
		       struct error *err);

/* ---- editing: a fresh parse of a file, changed in memory ---- */

struct dicom_edit;

/*
 * Parse the data set behind fd (not closed; must stay open).  Values over
 * 4 KiB stay in the file.  Free with dicom_edit_close().  NULL with *err as
 * image_open().
 */
struct dicom_edit *dicom_edit_open(int fd, struct error *err);
void dicom_edit_close(struct dicom_edit *edit);         /* NULL does nothing */

/* One element as dicom_edit_walk() shows it; borrowed for the call. */
struct dicom_element {
	const char *path;               /* as image_attribute() takes it */
	uint32_t tag;
	char vr[3];                     /* "PN"; "UN" when it is not known */
	int depth;                      /* 0 top level, 1 in an item of it ... */
	bool is_private;                /* odd group */
	bool is_sequence;
	int items;                      /* of a sequence */
	size_t length;                  /* bytes stored; 0 for a sequence */
	const char *text;               /* UTF-8 as image_attribute(), numbers
					   and UIDs too; "" when empty; NULL
					   when it is no text or number, or
					   longer than 64 KiB */
	const void *bytes;              /* [length] of what is no text, in
					   machine byte order; NULL when empty
					   or longer than 1 MiB */
};

enum dicom_action {
	DICOM_KEEP,                     /* a sequence: go into its items */
	DICOM_REMOVE,
	DICOM_EMPTY,                    /* zero length; a sequence: no items */
	DICOM_SET,                      /* the text put into value[] */
};

enum { DICOM_VALUE = 1024 };            /* bytes of value[] with its NUL */

/*
 * Visit every element of the data set, depth first in tag order (the file's
 * meta group 0002, group lengths, the pixels and what follows them are not
 * shown; they are gone already).  visit() returns what
 * happens to it; for DICOM_SET it fills value[] with ASCII text (several
 * values joined by '\\').  Stops with false and *err when an edit fails.
 */
bool dicom_edit_walk(struct dicom_edit *edit,
		     enum dicom_action (*visit)(void *self,
						const struct dicom_element *e,
						char value[DICOM_VALUE]),
		     void *self, struct error *err);

/* As image_attribute(). */
char *dicom_edit_get(const struct dicom_edit *edit, const char *path);

/*
 * Insert or replace a top-level attribute by its text in ASCII; numbers in
 * decimal ("512" for US).  vr: its two letters, as in "CS".
 */
bool dicom_edit_set(struct dicom_edit *edit, uint32_t tag, const char *vr,
		    const char *text, struct error *err);
bool dicom_edit_remove(struct dicom_edit *edit, uint32_t tag);

/*
 * Append an item with a code (CodeValue, CodingSchemeDesignator,
 * CodeMeaning) to a top-level sequence, made when it is not there.
 */
bool dicom_edit_add_code(struct dicom_edit *edit, uint32_t tag,
			 const char *value, const char *scheme,
			 const char *meaning, struct error *err);

/*
 * Write to out_fd, at its position: a preamble of zeros, a fresh meta header
 * (media storage UIDs from (0008,0016) and (0008,0018), which must be there;
 * our implementation class UID and version name), and the data set up to but
 * not including the pixels; whatever follows the pixels is dropped.  syntax:
 * an uncompressed transfer syntax that is not deflated.  The caller goes on
 * with dicom_pixels.head and the pixels.  The edit can't be walked any more.
 * *written (may be NULL): bytes.  False with *err ERR_WRITE or ERR_INTERNAL.
 */
bool dicom_edit_write_header(struct dicom_edit *edit, int out_fd,
			     const char *syntax, long long *written,
			     struct error *err);

/* Our implementation class UID and version name (PS3.7 D.3.3.2). */
#define DICOM_IMPLEMENTATION_UID \
	"2.25.329845353533336543687759667141527862260"
#define DICOM_IMPLEMENTATION_VERSION "SUMINURI_010"

#ifdef __cplusplus
}
#endif
#endif
