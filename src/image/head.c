/* head.c - by which attributes a head is known. */
#include "config.h"

#include "image/head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Parts of the defined terms of PS3.16 Annex L: HEADNECK, SKULLBASE ... */
static const char *const terms[] = {
	"HEAD", "BRAIN", "SKULL", "FACE", "FACIAL", "ORBIT", "EYE", "SINUS",
	"NOSE", "JAW", "MANDIBLE", "MAXILLA", "ZYGOMA", "TMJ", "EAR", "IAC",
	"PITUITARY", "SELLA", "WHOLEBODY", "TEETH", "TONGUE", "PAROTID",
};
/* SNOMED CT, and SRT of older objects: head, brain, skull, face, head and
 * neck, orbit, paranasal sinus, maxilla, mandible, whole body. */
static const char *const codes[] = {
	"69536005", "12738006", "89546000", "89545001", "774007", "363654007",
	"2095001", "70925003", "91609006", "38266002",
	"T-D1100", "T-A0100", "T-11100", "T-D1200", "T-D1000", "T-D1480",
	"T-22000", "T-11170", "T-11180", "T-D0010",
};
static const char *const volumes[] = {
	"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1",
	"1.2.840.10008.5.1.4.1.1.2.2", "1.2.840.10008.5.1.4.1.1.4",
	"1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.3",
	"1.2.840.10008.5.1.4.1.1.4.4",
};
/* Where a region's code stands. */
static const char *const places[] = {
	"00082218[0].00080100",
	"52009229[0].00209071[0].00082218[0].00080100",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool is_volume(const struct image_info *info)
{
	if (!strcmp(info->modality, "CT") || !strcmp(info->modality, "MR"))
		return true;
	for (size_t i = 0; i < COUNT(volumes); i++)
		if (!strcmp(info->sop_class, volumes[i]))
			return true;
	return false;
}

/* Small letters are no CS (PS3.5 6.2), but are written. */
static bool has_term(const char *part, const char *term)
{
	size_t length = strlen(term);

	for (; *part; part++)
		if (!strncasecmp(part, term, length))
			return true;
	return false;
}

static bool names_head(const char *part)
{
	for (size_t i = 0; i < COUNT(terms); i++)
		if (has_term(part, terms[i]))
			return true;
	return false;
}

static bool codes_head(const char *code)
{
	for (size_t i = 0; i < COUNT(codes); i++)
		if (!strcasecmp(code, codes[i]))
			return true;
	return false;
}

enum head_part head_part_of(const struct image *image)
{
	enum head_part part = HEAD_PART_UNKNOWN;
	char *value;

	if (image_info(image)->format != IMAGE_DICOM ||
	    !is_volume(image_info(image)))
		return HEAD_PART_NONE;
	value = image_attribute(image, "00180015");
	if (value)
		part = names_head(value) ? HEAD_PART_SHOWN : HEAD_PART_NONE;
	free(value);
	for (size_t i = 0; i < COUNT(places) && part != HEAD_PART_SHOWN; i++) {
		value = image_attribute(image, places[i]);
		if (value)
			part = codes_head(value) ? HEAD_PART_SHOWN :
						   HEAD_PART_NONE;
		free(value);
	}
	return part;
}
