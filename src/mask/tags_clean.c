/* tags_clean.c - what stays of a description. */
#include "config.h"

#include "mask/tags_clean.h"

#include <stdlib.h>
#include <string.h>

/*
 * In byte order.  No word of a place, a time, a person or an illness; none
 * that is a frequent name.
 */
static const char *const words[] = {
	"2D", "3D", "ABD", "ABDOMEN", "ABDOMINAL", "ADC", "ANGIO",
	"ANGIOGRAPHY", "ANKLE", "AORTA", "AP", "ARTERIAL", "AX", "AXIAL",
	"BASELINE", "BIOPSY", "BLADDER", "BOLUS", "BONE", "BRAIN", "BREAST",
	"CALIBRATION", "CARDIAC", "CAROTID", "CERVICAL", "CHEST", "CINE",
	"CLAVICLE", "COLON", "CONTRAST", "COR", "CORONAL", "CORONARY", "CR",
	"CT", "CTA", "DELAYED", "DIFFUSION", "DIXON", "DOPPLER", "DSA", "DWI",
	"DX", "DYNAMIC", "ECHO", "ELBOW", "EPI", "FATSAT", "FEMUR", "FINGER",
	"FLAIR", "FLUORO", "FOOT", "FOREARM", "FS", "FSE", "FSPGR",
	"GADOLINIUM", "GRADIENT", "GRE", "HAND", "HEAD", "HEART", "HELICAL",
	"HIP", "HUMERUS", "IAC", "IMAGE", "IODINE", "IR", "KIDNEY", "KNEE",
	"KUB", "LAT", "LATERAL", "LEFT", "LEG", "LIVER", "LOCALIZER", "LOWER",
	"LUMBAR", "LUNG", "MAMMOGRAPHY", "MANDIBLE", "MAXILLA", "MEDIASTINUM",
	"MG", "MIP", "MPR", "MR", "MRA", "MRCP", "MRI", "MRV", "NASAL", "NECK",
	"NM", "NON", "NONCONTRAST", "OBLIQUE", "ORBIT", "PA", "PANCREAS",
	"PATELLA", "PD", "PELVIS", "PERFUSION", "PET", "PHANTOM", "PHASE",
	"PLAIN", "PORTAL", "POST", "PRE", "PROSTATE", "PROTOCOL", "RADIUS",
	"RECON", "RENAL", "RIB", "RIBS", "RIGHT", "ROUTINE", "SACRUM", "SAG",
	"SAGITTAL", "SCAN", "SCAPULA", "SCOUT", "SE", "SEQUENCE", "SERIES",
	"SHOULDER", "SINUS", "SINUSES", "SKULL", "SOFT", "SPINE", "SPIRAL",
	"SPLEEN", "STANDARD", "STERNUM", "STIR", "STUDY", "SURVEY", "SWI",
	"T1", "T1W", "T2", "T2W", "TE", "TFE", "THIN", "THORACIC", "THORAX",
	"THYROID", "TIBIA", "TISSUE", "TOE", "TOF", "TR", "TSE", "ULNA",
	"ULTRASOUND", "UPPER", "US", "UTERUS", "VENOUS", "VIEW", "VOLUME",
	"WITH", "WITHOUT", "WO", "WRIST", "XA", "XR",
};
static const char *const units[] = {
	"MM", "CM", "MS", "SEC", "HZ", "KV", "KVP", "MA", "MAS", "T", "DEG",
};

enum { WORD = 16, DIGITS = 4 };
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int compare(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

/* 5MM, 1.25MM, 120KVP: a number of few digits that can't stand alone. */
static bool is_measure(const char *word)
{
	size_t digits = strspn(word, "0123456789.");

	for (size_t i = 0; digits >= 1 && digits <= DIGITS && i < COUNT(units);
	     i++)
		if (!strcmp(word + digits, units[i]))
			return word[0] != '.' && word[digits - 1] != '.';
	return false;
}

/* length: of a word of letters, digits and dots. */
static bool is_technical(const char *text, size_t length)
{
	char word[WORD];

	if (length == 0 || length >= sizeof(word))
		return false;
	for (size_t i = 0; i < length; i++)
		word[i] = text[i] >= 'a' && text[i] <= 'z' ?
			  (char)(text[i] - 'a' + 'A') : text[i];
	word[length] = '\0';
	return bsearch(word, words, COUNT(words), sizeof(words[0]), compare) ||
	       is_measure(word);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((*text < ' ' && !strchr("\t\r\n\f", *text)) || *text > '~')
			return false;
	return true;
}

/* Append a word; false when there is no room. */
static bool put(char value[DICOM_VALUE], size_t *used, const char *word,
		size_t length)
{
	bool first = *used == 0 || value[*used - 1] == '\\';

	if (*used + length + 2 > DICOM_VALUE)
		return false;
	if (!first)
		value[(*used)++] = ' ';
	memcpy(value + *used, word, length);
	*used += length;
	value[*used] = '\0';
	return true;
}

bool tags_clean(const char *text, char value[DICOM_VALUE])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.";
	size_t used = 0;
	bool left = false;

	value[0] = '\0';
	if (!is_plain(text))
		return false;
	while (*text) {
		size_t length = strspn(text, letters);

		if (is_technical(text, length))
			left = put(value, &used, text, length) || left;
		text += length;
		if (*text == '\\' && used + 2 <= DICOM_VALUE) {
			value[used++] = '\\';
			value[used] = '\0';
		}
		text += *text != '\0';
	}
	return left;
}
