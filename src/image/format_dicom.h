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
#include "image/cells.h"
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
 * Where the pixels of a file lie that has them uncompressed.  The value
 * belongs to tag 7FE00010 (integers), 7FE00008 (float) or 7FE00009 (double).
 */
struct dicom_pixels {
	uint32_t tag;
	long long offset;               /* of the value in the file; -1 in a
					   deflated one */
	long long length;               /* of the value as stored */
	long long deflated;             /* offset of the deflated data set, an
					   inflater's start; 0: it isn't */
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
 * False with *err ERR_REFUSED (SYNTAX_NO_WRITE) when the pixels are
 * encapsulated, or it is no DICOM file.
 */
bool dicom_find_pixels(const struct image *image, struct dicom_pixels *pixels,
		       struct error *err);

/*
 * Copy length bytes of that value, from offset on, into out: as they stand in
 * the file, or in its inflated data set.  False with *err as
 * dicom_find_pixels(), and as image_open() when they can't be read.
 */
bool dicom_read_pixels(const struct image *image, unsigned long long offset,
		       void *out, size_t length, struct error *err);

/*
 * The keyword of an attribute in DCMTK's dictionary ("PatientName") into
 * name[size]; "" when it has none.
 */
void dicom_tag_name(uint32_t tag, char *name, size_t size);

/* ---- encapsulated pixels: fragments (PS3.5 A.4) ---- */

/* How each frame is coded; what a stream says counts, not the syntax. */
enum dicom_coding {
	DICOM_NATIVE,                   /* not encapsulated at all */
	DICOM_PLAIN,                    /* cells, one fragment a frame */
	DICOM_DEFLATE,
	DICOM_RLE,
	DICOM_JPEG,                     /* lossy or lossless */
	DICOM_JPEG_LS,
	DICOM_J2K,                      /* HTJ2K too */
};

struct dicom_fragments {
	enum dicom_coding coding;
	size_t count;                   /* of all frames; no offset table */
	size_t basic;                   /* entries of the Basic Offset Table */
	bool extended;                  /* (7FE0,0001) or (7FE0,0002) is there */
};

/* False (all 0) when the file is no DICOM file or not encapsulated. */
bool dicom_fragments(const struct image *image, struct dicom_fragments *all);

/* A frame's fragments: 0-based, in the order of the file. */
void dicom_frame_fragments(const struct image *image, int frame_index,
			   size_t *first, size_t *count);

/* A fragment's bytes as stored, pad byte counted, and where in the file. */
size_t dicom_fragment_length(const struct image *image, size_t fragment);
long long dicom_fragment_offset(const struct image *image, size_t fragment);

/*
 * Read length bytes from `offset` of a fragment on.  False with *err: refused
 * as TRUNCATED or UNREADABLE, also when they are not all inside it.
 */
bool dicom_fragment_read(const struct image *image, size_t fragment,
			 size_t offset, void *data, size_t length,
			 struct error *err);

/*
 * Entry i of the Basic Offset Table, or of the Extended one (7FE0,0001) or
 * its lengths (7FE0,0002).  False when there is none.
 */
enum dicom_table { DICOM_BASIC_OFFSETS, DICOM_EXTENDED_OFFSETS,
		   DICOM_EXTENDED_LENGTHS };
bool dicom_offset(const struct image *image, enum dicom_table table, size_t i,
		  uint64_t *value);

/*
 * The whole code stream of a frame: its fragments one after the other, pad
 * bytes included.  free() it.  NULL with *err as image_frame().
 */
uint8_t *dicom_frame_stream(const struct image *image, int frame_index,
			    size_t *length, struct error *err);

/* What a code stream says about itself. */
struct dicom_stream {
	/* of the picture; 0 where the coding doesn't say */
	long long columns, rows;
	int components;
	int precision;                  /* bits a sample; 0: as allocated */
	bool reversible;                /* decoding it gives what went in */
	int sof;                        /* JPEG, JPEG-LS: marker byte */
	int mcu_columns, mcu_rows;      /* pixels of a lossy JPEG's MCU */
	int predictor;                  /* JPEG Lossless: 1..7; 0: several */
	bool rgb;                       /* JPEG: three components are RGB when
					   no marker says otherwise */
	bool is_signed;                 /* J2K: the samples */
	bool colour_transform;          /* J2K: MCT (RCT or ICT) */
	bool high_throughput;           /* J2K: HTJ2K */
};

/*
 * Describe stream[length] of a frame.  False with *err as image_frame(); that
 * it agrees with the header is not checked here.
 */
bool dicom_stream_read(const struct image *image, const uint8_t *stream,
		       size_t length, struct dicom_stream *about,
		       struct error *err);

/* How the cells lie that a frame decodes to (interleaved, low byte first). */
void dicom_cell_form(const struct image *image, struct cell_form *form);

/*
 * The cells of a frame as they come out of its stream (of a native one: as
 * they lie in the file), unused bits and all; *form says how they lie.
 * free() them.  NULL with *err as image_frame().
 */
uint8_t *dicom_frame_cells(const struct image *image, int frame_index,
			   struct cell_form *form, struct error *err);

/*
 * Encode the cells of one frame without loss: as JPEG Lossless SV1
 * (DICOM_JPEG) or JPEG-LS (DICOM_JPEG_LS).  All 8 or 16 bits of a cell are
 * coded (form->allocated); three samples as they are, without a colour
 * transform.  Returns the stream, of even *length, to free(); NULL with *err
 * ERR_INTERNAL or ERR_MEMORY.
 */
uint8_t *dicom_encode(enum dicom_coding coding, const struct cell_form *form,
		      const uint8_t *cells, size_t *length,
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

/* What is in a private block besides its reservation. */
struct dicom_reserved {
	uint8_t element;                /* of the block: (gggg,bbee) */
	char vr[3];
	size_t length;                  /* as in struct dicom_element */
};

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
	/* of an odd group: the text of its block's reservation (gggg,00bb) in
	   the same item (PS3.5 7.8.1), without spaces at the ends; NULL when
	   there is none */
	const char *creator;
	const struct dicom_reserved *reserved;  /* of a reservation itself: */
	size_t reserved_count;          /* what is in the block */
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

/*
 * The tags that are gone already with the pixels and the meta header: those
 * that follow the pixels, and those of group 0002 that no writer writes anew.
 * 0 when there is no number i (from 0).
 */
uint32_t dicom_edit_gone(const struct dicom_edit *edit, size_t i);

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
 * Give put() a preamble of zeros and a fresh meta header (PS3.10 7.1): media
 * storage UIDs from (0008,0016) and (0008,0018), which must be there; syntax,
 * any UID, as the transfer syntax; our implementation class UID and version
 * name.  put() returns false with *err when it can't take them.  False with
 * *err ERR_INTERNAL or that of put().
 */
bool dicom_edit_write_meta(struct dicom_edit *edit, const char *syntax,
			   bool (*put)(void *self, const void *data,
				       size_t length, struct error *err),
			   void *self, struct error *err);

/*
 * Give put() the data set up to but not including the pixels (whatever follows
 * them is dropped), as a file in this transfer syntax has it: big endian or
 * implicit for the syntaxes that are, else explicit little endian; that of the
 * deflated one is not deflated yet.  The caller goes on with
 * dicom_pixels.head and the value, or with fragments.  The edit can't be
 * walked any more.  False with *err ERR_INTERNAL or that of put().
 */
bool dicom_edit_write_data(struct dicom_edit *edit, const char *syntax,
			   bool (*put)(void *self, const void *data,
				       size_t length, struct error *err),
			   void *self, struct error *err);

/* Our implementation class UID and version name (PS3.7 D.3.3.2). */
#define DICOM_IMPLEMENTATION_UID \
	"2.25.329845353533336543687759667141527862260"
#define DICOM_IMPLEMENTATION_VERSION "SUMINURI_010"

#ifdef __cplusplus
}
#endif
#endif
