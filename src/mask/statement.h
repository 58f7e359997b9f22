/*
 * statement.h - what a masked DICOM copy says about itself beside what its
 * profile keeps: how it was derived and de-identified (PS3.3 C.7.6.1.1.2,
 * C.12.4, C.7.1.1; PS3.15 E.3.1).  The policy itself, no files: the writer and
 * verify share it, each with facts of its own.
 */
#ifndef SUMI_STATEMENT_H
#define SUMI_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/format_dicom.h"
#include "mask/mask.h"

/* Codes of the context group 7050 and one of 7203 (PS3.16). */
enum statement_code {
	CODE_MASKED,                    /* 113047: classic images only */
	CODE_PROFILE,                   /* 113100: the rows of ps315 */
	CODE_CLEAN_PIXELS,              /* 113101: after a verdict */
	CODE_CLEAN_FEATURES,            /* 113102: the same, of faces */
	CODE_FULL_DATES,                /* 113106: an option of ps315 */
	CODE_MODIFIED_DATES,            /* 113107: dates were shifted */
	CODE_PATIENT, CODE_DEVICE, CODE_UIDS,   /* 113108 to 113110, 113112: */
	CODE_INSTITUTION,               /* options of ps315 */
	CODE_DESCRIPTORS,               /* 113105: likewise */
	CODE_PRIVATE,                   /* 113111: likewise */
	STATEMENT_CODES
};

/* What the statement depends on.  Zero-initialise. */
struct statement_facts {
	enum tag_profile profile;
	size_t areas;                   /* boxes that blank pixels */
	bool faces;                     /* statement_faces() of them */
	bool reviewed;                  /* a person gave a verdict */
	bool lossy;                     /* the pixels were once lossy coded and
					   are now in another syntax */
	/* set by statement_see() */
	bool enhanced;                  /* functional groups, or their class */
	bool removed;                   /* PatientIdentityRemoved was YES */
	bool has_intervals;             /* (0028,0303) is there */
	bool dates;                     /* a date is shifted, generalised or
					   taken out */
	bool code[STATEMENT_CODES];     /* it is there already */
	/* of the input; "" when there is none or it does not fit */
	char image_type[DICOM_VALUE];
	char burned_in[4], features[4]; /* "YES", "NO" or "" */
};

/* An attribute, or an item with a code of the scheme DCM in a sequence. */
struct statement {
	uint32_t tag;
	char vr[3];                     /* "SQ": a code */
	char text[DICOM_VALUE];         /* value of the attribute or code */
	const char *meaning;            /* of the code; else NULL */
};

enum { STATEMENTS = 28 };

/*
 * Do boxes cover faces, and none of them only the eyes?  A band over the eyes
 * does not stop that somebody is recognised (DESIGN 2).
 */
bool statement_faces(const struct box_list *boxes);

/* Take note of an element of the input, in the order of dicom_edit_walk(). */
void statement_see(struct statement_facts *facts,
		   const struct dicom_element *e);

/*
 * List what has to be said into list[], attributes before codes.  Returns how
 * many there are.
 */
size_t statement_list(const struct statement_facts *facts,
		      struct statement list[STATEMENTS]);

#endif
