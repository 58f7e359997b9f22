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
/*
 * Head, brain, skull, face, head and neck, orbit, paranasal sinus, maxilla,
 * mandible, whole body; SNOMED CT, and SRT of older objects.  Then, as SNOMED
 * CT: eye, its region, facial bones, internal auditory canal, jaw, mastoid,
 * nasal bone, optic canal, parotid gland, sella turcica, submandibular gland,
 * temporomandibular joint, zygoma.
 */
static const char *const codes[] = {
	"69536005", "12738006", "89546000", "89545001", "774007", "363654007",
	"2095001", "70925003", "91609006", "38266002",
	"T-D1100", "T-A0100", "T-11100", "T-D1200", "T-D1000", "T-D1480",
	"T-22000", "T-11170", "T-11180", "T-D0010",
	"81745001", "371398005", "91397008", "361078006", "661005", "59066005",
	"74386004", "55024004", "45289007", "42575006", "54019009", "53620006",
	"13881006",
};
static const char *const volumes[] = {
	"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1",
	"1.2.840.10008.5.1.4.1.1.2.2", "1.2.840.10008.5.1.4.1.1.4",
	"1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.3",
	"1.2.840.10008.5.1.4.1.1.4.4",
};
/* Beginnings of the paths at which a region's code may stand. */
static const char *const places[] = {
	"00082218[", "00082228[", "52009229[", "52009230[",
};
/* The sequences whose items are such codes. */
static const char *const regions[] = { "00082218[", "00082228[" };
/* Of one file; then what was not seen is unknown. */
enum { MOST_VALUES = 1 << 20 };

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

static bool begins(const char *path, const char *const *starts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strncmp(path, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* Is it the code of a region of the data set or of any functional group? */
static bool is_region_code(const char *path)
{
	const char *dot = strrchr(path, '.');
	const char *step = dot;

	if (!dot || strcmp(dot, ".00080100") ||
	    !begins(path, places, COUNT(places)))
		return false;
	while (step > path && step[-1] != '.')
		step--;
	return begins(step, regions, COUNT(regions));
}

struct head_visit {
	enum head_part part;
	int values;
};

/* Goes on until a head is named: a later item, or frame, may show it. */
static bool look(void *self, const char *path, const char *vr,
		 const char *value)
{
	struct head_visit *v = self;
	bool code = is_region_code(path);

	(void)vr;
	if (v->values++ == MOST_VALUES) {
		v->part = HEAD_PART_UNKNOWN;
		return false;
	}
	if (code || !strcmp(path, "00180015"))
		v->part = (code ? codes_head : names_head)(value) ?
				  HEAD_PART_SHOWN : HEAD_PART_NONE;
	return v->part != HEAD_PART_SHOWN;
}

enum head_part head_part_of(const struct image *image)
{
	struct head_visit v = { HEAD_PART_UNKNOWN, 0 };

	if (image_info(image)->format != IMAGE_DICOM ||
	    !is_volume(image_info(image)))
		return HEAD_PART_NONE;
	image_each_text(image, look, &v);
	return v.part;
}
