/*
 * tags.h - the tag profiles: what happens to each DICOM attribute.  Tables,
 * no files.  The writer and verify share them: they are the policy itself.
 */
#ifndef SUMI_TAGS_H
#define SUMI_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/format_dicom.h"
#include "mask/mask.h"

enum tag_action {
	TAG_KEEP,
	TAG_DROP,
	TAG_EMPTY,              /* zero length */
	TAG_NUMBER,             /* kept when it is digits and signs, else empty
				   */
	TAG_CODE,               /* kept when it is a code string, else empty */
	TAG_RATIO,              /* kept when it is digits and ratio signs, else
				   empty */
	TAG_DATE,               /* DA and DT: shifted by the patient's offset */
	TAG_UID,                /* mapped to an own UID */
	TAG_UID_UNLESS_STANDARD,        /* the same, but 1.2.840.10008. stays */
	TAG_UID_KEPT,           /* stays when it is digits and dots, else it
				   is mapped */
	TAG_BIRTH_DATE,         /* YYYYMM01 */
	TAG_AGE,                /* AS, capped */
	TAG_PATIENT_ID,         /* the pseudonym, or empty */
	TAG_CLEAN,              /* a description: words of a table stay */
	TAG_CLEAN_DUMMY,        /* the same; when none does, as TAG_DUMMY */
	TAG_DUMMY,              /* a word that says nothing, where an empty
				   value is not allowed (type 1) */
	TAG_DUMMY_DATE, TAG_DUMMY_TIME, TAG_DUMMY_DATETIME,
	TAG_DUMMY_AGE, TAG_ZERO,        /* the same in other VRs */
	TAG_ACTIONS
};

extern const char *const tag_action_name[TAG_ACTIONS];

enum { TAGS_WHY = 32 };

/* The word of one bit of the options. */
const char *tags_option_name(unsigned bit);

/* The profile itself, without its options. */
enum tag_profile tags_base(enum tag_profile profile);

/*
 * As tags_action(), and why: "every profile", "carrier", "private", "mhlw"
 * (its table), "ps315 X/Z" (a code of Table E.1-1), "ps315+device" (an
 * option), "ps315" (in mhlw: what that table names), "keep-list" (a table of
 * what both profiles keep), "vr".
 */
enum tag_action tags_rule(enum tag_profile profile, uint32_t tag,
			  const char *vr, char why[TAGS_WHY]);

/*
 * The rule for an attribute at any depth, by tag (0xggggeeee) and then by VR.
 * Carriers of hidden pixels, private groups, signatures and extrema of pixels
 * are TAG_DROP in every profile; (0008,0018) is TAG_UID in every profile.
 */
enum tag_action tags_action(enum tag_profile profile, uint32_t tag,
			    const char *vr);

/*
 * The same with what a walk shows of an attribute: with TAGS_PRIVATE private
 * ones stay that PS3.15 knows to be safe (E.3.10).
 */
enum tag_action tags_element(enum tag_profile profile,
			     const struct dicom_element *e);

/* Is it a private attribute that stays by that option? */
bool tags_is_safe(enum tag_profile profile, const struct dicom_element *e);

/* The bit of enum mask_dropped when tag is such a carrier, else 0. */
unsigned tags_carrier(uint32_t tag);

/* Is it an attribute of an overlay plane, (6000-60FE,xxxx)? */
bool tags_is_overlay(uint32_t tag);

/*
 * Carry out an action on the text of a value ("" or NULL when it has none;
 * several values joined by '\\').  DICOM_SET fills value[].  A date or age
 * that can't be read is DICOM_EMPTY; whatever stands for a UID is mapped.
 * Nothing of DICOM_KEEP depends on job, so that verify can call it with values
 * of its own.
 */
enum dicom_action tags_apply(enum tag_action action,
			     const struct mask_job *job, const char *text,
			     char value[DICOM_VALUE]);

/*
 * Days since 1970-01-01 of YYYYMMDD or YYYY.MM.DD at the start of text; the
 * number of characters read, or 0 when it is no date.
 */
size_t tags_parse_date(const char *text, long *days);

#endif
