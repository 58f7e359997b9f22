/*
 * tags_private.c - rows of DICOM PS3.15 Table E.3.10-1 "Safe Private
 * Attributes": those that hold numbers or codes of how a picture was made.  Not
 * here, so that they go: its sequences and bytes (they hold pictures and raw
 * data, where no box is), free texts, dates and UIDs.
 */
#include "config.h"

#include "mask/tags_private.h"

#include <string.h>

static const struct safe {
	const char *creator;
	uint16_t group;
	uint8_t element;                /* in the block: (gggg,bbee) */
	char vr[3];
	uint8_t most;                   /* values it may have */
} safe[] = {
	{ "ELSCINT1", 0x00e1, 0x21, "DS", 1 },          /* DLP */
	{ "ELSCINT1", 0x01e1, 0x26, "CS", 1 },          /* phantom type */
	{ "ELSCINT1", 0x01e1, 0x50, "DS", 1 },          /* duration */
	{ "ELSCINT1", 0x01f1, 0x01, "CS", 1 },          /* acquisition type */
	{ "ELSCINT1", 0x01f1, 0x07, "DS", 1 },          /* table velocity */
	{ "ELSCINT1", 0x01f1, 0x26, "DS", 1 },          /* pitch */
	{ "ELSCINT1", 0x01f1, 0x27, "DS", 1 },          /* rotation time */
	{ "GEIIS PACS", 0x0903, 0x10, "US", 1 },        /* rejected */
	{ "GEIIS PACS", 0x0903, 0x11, "US", 1 },        /* significant */
	{ "GEIIS PACS", 0x0903, 0x12, "US", 1 },        /* confidential */
	{ "GEMS_ACQU_01", 0x0019, 0x23, "DS", 1 },      /* table speed */
	{ "GEMS_ACQU_01", 0x0019, 0x24, "DS", 1 },      /* mid scan time */
	{ "GEMS_ACQU_01", 0x0019, 0x27, "DS", 1 },      /* gantry period */
	{ "GEMS_ACQU_01", 0x0019, 0x9e, "LO", 1 },      /* pulse sequence */
	{ "GEMS_HELIOS_01", 0x0045, 0x01, "SS", 1 },    /* macro rows */
	{ "GEMS_HELIOS_01", 0x0045, 0x02, "FL", 1 },    /* macro width */
	{ "GEMS_PARM_01", 0x0043, 0x27, "SH", 1 },      /* pitch ratio n:1 */
	{ "GEMS_PARM_01", 0x0043, 0x39, "IS", 4 },      /* b value and more */
	{ "GEMS_PARM_01", 0x0043, 0x6f, "DS", 4 },      /* table entry, coil */
	{ "GEMS_SERS_01", 0x0025, 0x07, "SL", 1 },      /* images in series */
	{ "Philips Imaging DD 001", 0x2001, 0x03, "FL", 1 },    /* b factor */
	{ "Philips Imaging DD 001", 0x2001, 0x04, "CS", 1 },    /* direction */
	{ "Philips MR Imaging DD 001", 0x2005, 0x0d, "FL", 1 }, /* intercept */
	{ "Philips MR Imaging DD 001", 0x2005, 0x0e, "FL", 1 }, /* slope */
	{ "Philips PET Private Group", 0x7053, 0x00, "DS", 1 }, /* SUV factor */
	{ "Philips PET Private Group", 0x7053, 0x09, "DS", 1 }, /* activity */
	{ "SIEMENS MR HEADER", 0x0019, 0x0c, "IS", 1 }, /* b value */
	{ "SIEMENS MR HEADER", 0x0019, 0x0d, "CS", 1 }, /* directionality */
	{ "SIEMENS MR HEADER", 0x0019, 0x0e, "FD", 3 }, /* gradient */
	{ "SIEMENS MR HEADER", 0x0019, 0x27, "FD", 6 }, /* b matrix */
};

/* Bytes that a value has at most (PS3.5 6.2), and what stays of it. */
static const struct {
	char vr[3];
	uint8_t bytes;
	enum tag_action kept;
} values[] = {
	{ "CS", 16, TAG_CODE }, { "DS", 16, TAG_NUMBER },
	{ "FD", 8, TAG_KEEP }, { "FL", 4, TAG_KEEP },
	{ "IS", 12, TAG_NUMBER }, { "LO", 64, TAG_CODE },
	{ "SH", 16, TAG_RATIO }, { "SL", 4, TAG_KEEP },
	{ "SS", 2, TAG_KEEP }, { "US", 2, TAG_KEEP },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* length: with what is between the values, and padding to an even one. */
static enum tag_action of_value(const struct safe *s, size_t length)
{
	for (size_t i = 0; i < COUNT(values); i++)
		if (!memcmp(values[i].vr, s->vr, 3))
			return length <= s->most * (values[i].bytes + 1u) ?
				       values[i].kept : TAG_DROP;
	return TAG_DROP;
}

static enum tag_action find(const char *creator, unsigned group,
			    unsigned element, const char *vr, size_t length)
{
	for (size_t i = 0; i < COUNT(safe); i++)
		if (safe[i].group == group &&
		    safe[i].element == (element & 0xff) &&
		    !memcmp(safe[i].vr, vr, 3) &&
		    !strcmp(safe[i].creator, creator))
			return of_value(&safe[i], length);
	return TAG_DROP;
}

enum tag_action tags_private(const struct dicom_element *e)
{
	unsigned group = DICOM_GROUP(e->tag);

	if (!e->is_private || !e->creator || e->is_sequence)
		return TAG_DROP;
	if (DICOM_ELEMENT(e->tag) >= 0x1000)
		return find(e->creator, group, DICOM_ELEMENT(e->tag), e->vr,
			    e->length);
	for (size_t i = 0; i < e->reserved_count; i++)
		if (find(e->creator, group, e->reserved[i].element,
			 e->reserved[i].vr, e->reserved[i].length) != TAG_DROP)
			return TAG_KEEP;
	return TAG_DROP;
}
