/* identifier.c - attributes of the file against what was read. */
#include "config.h"

#include "ocr/identifier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/letters.h"
#include "ocr/pattern.h"
#include "ocr/words.h"

enum {
	READABLE = 60,          /* confidence; below, 1 of 130 noise boxes */
	CLEARABLE = 80,
	MOST_DIGITS = 7,        /* of a benign text */
	BARE_DIGITS = 5,        /* a row of this many is never cleared */
};

const struct header_attribute header_attributes[] = {
	{ "00100010", "PatientName", HEADER_NAME, CLASS_NAME },
	{ "00100020", "PatientID", HEADER_CODE, CLASS_PATIENT_ID },
	{ "00100030", "PatientBirthDate", HEADER_DATE, CLASS_DOB },
	{ "00101001", "OtherPatientNames", HEADER_NAME, CLASS_NAME },
	{ "00101005", "PatientBirthName", HEADER_NAME, CLASS_NAME },
	{ "00101060", "PatientMotherBirthName", HEADER_NAME, CLASS_NAME },
	{ "00102297", "ResponsiblePerson", HEADER_NAME, CLASS_NAME },
	{ "00101000", "OtherPatientIDs", HEADER_CODE, CLASS_PATIENT_ID },
	{ "00101002[0].00100020", "PatientID", HEADER_CODE,
	  CLASS_PATIENT_ID },
	{ "00101040", "PatientAddress", HEADER_TEXT, CLASS_ADDRESS },
	{ "00102154", "PatientTelephoneNumbers", HEADER_CODE, CLASS_PHONE },
	{ "00101050", "InsurancePlanIdentification", HEADER_CODE,
	  CLASS_INSURANCE },
	{ "00104000", "PatientComments", HEADER_TEXT, CLASS_OTHER },
	{ "00080050", "AccessionNumber", HEADER_CODE, CLASS_ACCESSION },
	{ "00200010", "StudyID", HEADER_CODE, CLASS_ACCESSION },
	{ "00401001", "RequestedProcedureID", HEADER_CODE, CLASS_ACCESSION },
	{ "00380010", "AdmissionID", HEADER_CODE, CLASS_ACCESSION },
	{ "00402016", "PlacerOrderNumberImagingServiceRequest", HEADER_CODE,
	  CLASS_ACCESSION },
	{ "00402017", "FillerOrderNumberImagingServiceRequest", HEADER_CODE,
	  CLASS_ACCESSION },
	{ "00080020", "StudyDate", HEADER_DATE, CLASS_DATE },
	{ "00080021", "SeriesDate", HEADER_DATE, CLASS_DATE },
	{ "00080022", "AcquisitionDate", HEADER_DATE, CLASS_DATE },
	{ "00080023", "ContentDate", HEADER_DATE, CLASS_DATE },
	{ "0008002a", "AcquisitionDateTime", HEADER_DATE, CLASS_DATE },
	{ "00080012", "InstanceCreationDate", HEADER_DATE, CLASS_DATE },
	{ "00400244", "PerformedProcedureStepStartDate", HEADER_DATE,
	  CLASS_DATE },
	{ "00080080", "InstitutionName", HEADER_TEXT, CLASS_INSTITUTION },
	{ "00080081", "InstitutionAddress", HEADER_TEXT, CLASS_ADDRESS },
	{ "00081040", "InstitutionalDepartmentName", HEADER_TEXT,
	  CLASS_INSTITUTION },
	{ "00081010", "StationName", HEADER_TEXT, CLASS_INSTITUTION },
	{ "00080090", "ReferringPhysicianName", HEADER_NAME,
	  CLASS_PHYSICIAN },
	{ "0008009c", "ConsultingPhysicianName", HEADER_NAME,
	  CLASS_PHYSICIAN },
	{ "00081048", "PhysiciansOfRecord", HEADER_NAME, CLASS_PHYSICIAN },
	{ "00081050", "PerformingPhysicianName", HEADER_NAME,
	  CLASS_PHYSICIAN },
	{ "00081060", "NameOfPhysiciansReadingStudy", HEADER_NAME,
	  CLASS_PHYSICIAN },
	{ "00081070", "OperatorsName", HEADER_NAME, CLASS_PHYSICIAN },
	{ "00321032", "RequestingPhysician", HEADER_NAME, CLASS_PHYSICIAN },
	{ "00321033", "RequestingService", HEADER_TEXT, CLASS_INSTITUTION },
};
const size_t header_attribute_count =
	sizeof(header_attributes) / sizeof(header_attributes[0]);

/* One way in which a value may be written. */
struct variant {
	const struct header_attribute *attribute;
	struct letters key;             /* compact; folded for names */
	bool name;                      /* compare with letters_fold_name() */
};

struct header_date {
	const struct header_attribute *attribute;
	struct date date;
};

struct header {
	struct variant *variant;
	size_t variants, variant_capacity;
	struct header_date *date;
	size_t dates, date_capacity;
};

struct header *header_new(struct error *err)
{
	struct header *h = calloc(1, sizeof(*h));

	if (!h)
		error_set(err, ERR_MEMORY, _("no memory for attributes"));
	return h;
}

void header_free(struct header *h)
{
	if (!h)
		return;
	free(h->variant);
	free(h->date);
	free(h);
}

static bool add_variant(struct header *h,
			const struct header_attribute *attribute,
			const struct letters *key, bool name)
{
	if (!key->n)
		return true;
	if (!mem_grow(&h->variant, &h->variant_capacity, h->variants,
		      sizeof(*h->variant)))
		return false;
	h->variant[h->variants++] =
		(struct variant){ attribute, *key, name };
	return true;
}

static bool add_name_variant(struct header *h,
			     const struct header_attribute *attribute,
			     const struct letters *name)
{
	struct letters compact, folded;

	letters_compact(name, &compact);
	letters_fold_name(&compact, &folded);
	return add_variant(h, attribute, &folded, true);
}

static struct letters joined(const struct letters *a, const struct letters *b)
{
	struct letters all = *a;

	for (int i = 0; i < b->n && all.n < LETTERS_MAX; i++)
		all.c[all.n++] = b->c[i];
	return all;
}

/* One group of a PN: family^given^middle^prefix^suffix (PS3.5 6.2.1.1). */
static bool add_name_group(struct header *h,
			   const struct header_attribute *attribute,
			   const struct letters *group)
{
	struct letters part[3] = { { .n = 0 } };
	struct letters both;
	int parts = 0, start = 0;

	for (int i = 0; i <= group->n && parts < 3; i++) {
		if (i < group->n && group->c[i] != '^' && group->c[i] != ' ' &&
		    group->c[i] != ',')
			continue;
		if (i > start)
			part[parts++] = letters_part(group, start, i);
		start = i + 1;
	}
	for (int i = 0; i < parts; i++)
		if (!add_name_variant(h, attribute, &part[i]))
			return false;
	if (parts < 2)
		return true;
	both = joined(&part[0], &part[1]);
	if (!add_name_variant(h, attribute, &both))
		return false;
	both = joined(&part[1], &part[0]);
	return add_name_variant(h, attribute, &both);
}

static bool add_name(struct header *h,
		     const struct header_attribute *attribute,
		     const struct letters *value)
{
	int start = 0;

	for (int i = 0; i <= value->n; i++) {
		struct letters group;

		if (i < value->n && value->c[i] != '=')
			continue;
		group = letters_part(value, start, i);
		if (!add_name_group(h, attribute, &group))
			return false;
		start = i + 1;
	}
	return true;
}

static bool add_code(struct header *h,
		     const struct header_attribute *attribute,
		     const struct letters *value)
{
	struct letters compact, folded, bare;
	int zeros = 0;

	letters_compact(value, &compact);
	letters_fold_digits(&compact, &folded);
	if (folded.n < 3)
		return true;
	while (zeros < folded.n && folded.c[zeros] == '0')
		zeros++;
	bare = letters_part(&folded, zeros, folded.n);
	if (zeros && bare.n >= 4 && !add_variant(h, attribute, &bare, false))
		return false;
	return add_variant(h, attribute, &folded, false);
}

static bool add_date(struct header *h,
		     const struct header_attribute *attribute,
		     const char *value)
{
	struct date date;

	if (!pattern_read_da(value, &date))
		return true;
	if (!mem_grow(&h->date, &h->date_capacity, h->dates,
		      sizeof(*h->date)))
		return false;
	h->date[h->dates++] = (struct header_date){ attribute, date };
	return true;
}

static bool add_value(struct header *h,
		      const struct header_attribute *attribute,
		      const char *value)
{
	struct letters letters, compact;

	letters_read(&letters, value);
	switch (attribute->form) {
	case HEADER_NAME:
		return add_name(h, attribute, &letters);
	case HEADER_CODE:
		return add_code(h, attribute, &letters);
	case HEADER_DATE:
		return add_date(h, attribute, value);
	case HEADER_TEXT:
		letters_compact(&letters, &compact);
		return compact.n < 3 ||
		       add_variant(h, attribute, &compact, false);
	}
	return true;
}

bool header_add(struct header *h, const struct header_attribute *attribute,
		const char *value, struct error *err)
{
	char *copy = strdup(value), *rest = copy;
	bool ok = copy;

	while (ok && rest) {
		char *next = strchr(rest, '\\');

		if (next)
			*next++ = '\0';
		ok = add_value(h, attribute, rest);
		rest = next;
	}
	free(copy);
	return ok || error_set(err, ERR_MEMORY, _("no memory for attributes"));
}

/* ---- matching ---- */

/* A text in the forms that variants are compared with. */
struct forms {
	struct letters read, compact, digits, name;
};

static void make_forms(struct forms *f, const char *text)
{
	struct letters folded;

	letters_read(&f->read, text);
	letters_compact(&f->read, &f->compact);
	letters_fold_digits(&f->read, &folded);
	letters_compact(&folded, &f->digits);
	letters_fold_name(&f->compact, &f->name);
}

static bool has_kanji(const struct letters *l)
{
	for (int i = 0; i < l->n; i++)
		if (letter_is_kanji(l->c[i]))
			return true;
	return false;
}

/* Is key one whole word of the text (both folded as names)? */
static bool is_word_of(const struct letters *key, const struct letters *read,
		       int errors)
{
	int start = 0;

	for (int i = 0; i <= read->n; i++) {
		struct letters word, folded;

		if (i < read->n && letter_is_word(read->c[i]))
			continue;
		word = letters_part(read, start, i);
		letters_fold_name(&word, &folded);
		if (folded.n && letters_distance(key, &folded) <= errors)
			return true;
		start = i + 1;
	}
	return false;
}

/* A cut or half-read line: most of the key, exactly. */
static bool is_part_of(const struct letters *text, const struct letters *key)
{
	int least = has_kanji(text) ? 3 : 4;

	return text->n >= least && 2 * text->n >= key->n &&
	       letters_distance_within(text, key, NULL) == 0;
}

static bool name_matches(const struct letters *key, const struct forms *f)
{
	/* two kanji, or one as a whole word; short Latin as a whole word */
	if (has_kanji(key))
		return key->n == 1 ?
			       is_word_of(key, &f->read, 0) :
			       letters_distance_within(key, &f->name, NULL) <=
				       (key->n >= 4);
	if (key->n < 6)
		return key->n >= 2 && is_word_of(key, &f->read, key->n >= 4);
	return letters_distance_within(key, &f->name, NULL) <= key->n / 4 ||
	       is_part_of(&f->name, key);
}

static bool code_matches(const struct letters *key, const struct forms *f)
{
	int errors = key->n < 6 ? 0 : key->n / 5;

	if (key->n < 6)
		return letters_distance(key, &f->digits) == 0 ||
		       is_word_of(key, &f->read, 0);
	return letters_distance_within(key, &f->digits, NULL) <= errors ||
	       is_part_of(&f->digits, key);
}

static bool text_matches(const struct letters *key, const struct forms *f)
{
	return letters_distance_within(key, &f->compact, NULL) <=
		       key->n / 4 ||
	       is_part_of(&f->compact, key);
}

static bool variant_matches(const struct variant *v, const struct forms *f)
{
	if (v->name)
		return name_matches(&v->key, f);
	return v->attribute->form == HEADER_CODE ? code_matches(&v->key, f) :
						   text_matches(&v->key, f);
}

static bool same_date(const struct date *a, const struct date *b)
{
	if (a->year != b->year)
		return false;
	if (a->month == b->month && (!b->day || a->day == b->day))
		return true;
	/* day and month in the other order */
	return a->month == b->day && a->day == b->month;
}

static const struct header_attribute *
match_date(const struct header *h, const struct pattern *found, int n)
{
	for (size_t k = 0; k < h->dates; k++)
		for (int i = 0; i < n; i++)
			if (found[i].date.month &&
			    same_date(&h->date[k].date, &found[i].date))
				return h->date[k].attribute;
	return NULL;
}

/* A text that is nothing but a date is no part of a longer number. */
static bool is_only_date(const struct forms *f, const struct pattern *found,
			 int n)
{
	return n == 1 && found[0].date.month &&
	       found[0].end - found[0].start + 2 >= f->read.n;
}

static const struct header_attribute *match_header(const struct header *h,
						   const struct forms *f,
						   const struct pattern *found,
						   int n)
{
	const struct header_attribute *date = match_date(h, found, n);

	if (date && is_only_date(f, found, n))
		return date;
	for (size_t i = 0; i < h->variants; i++)
		if (variant_matches(&h->variant[i], f))
			return h->variant[i].attribute;
	return date;
}

/* ---- judging ---- */

static const enum box_class pattern_class[PATTERNS] = {
	[PATTERN_DATE] = CLASS_DATE, [PATTERN_WAREKI] = CLASS_DATE,
	[PATTERN_TIME] = CLASS_TIME, [PATTERN_PHONE] = CLASS_PHONE,
	[PATTERN_POSTAL] = CLASS_ADDRESS, [PATTERN_AGE] = CLASS_AGE_SEX,
	[PATTERN_SEX] = CLASS_AGE_SEX, [PATTERN_DIGITS] = CLASS_PATIENT_ID,
	[PATTERN_CODE] = CLASS_ACCESSION, [PATTERN_CARET] = CLASS_NAME,
};

static void judge(struct judgement *j, enum box_kind kind,
		  enum box_class class_, enum box_source source, int score,
		  const char *why, const char *word)
{
	j->kind = kind;
	j->class_ = class_;
	j->source = source;
	j->score = score;
	snprintf(j->why, sizeof(j->why), "%s%s", why, word);
	/* never half a character of a label */
	for (size_t n = strlen(j->why); n + 4 > sizeof(j->why) &&
	     ((unsigned char)j->why[n - 1] & 0x80); n--)
		j->why[n - 1] = '\0';
}

static void judge_header(struct judgement *j,
			 const struct header_attribute *a, int confidence)
{
	judge(j, KIND_IDENTIFIER, a->class_, SOURCE_HEADER,
	      900 + confidence, "header:", a->keyword);
}

static bool only_digits(const struct letters *l)
{
	for (int i = 0; i < l->n; i++)
		if (letter_is_latin(l->c[i]) || letter_is_japanese(l->c[i]))
			return false;
	return true;
}

static int count_digits(const struct letters *l)
{
	int n = 0;

	for (int i = 0; i < l->n; i++)
		n += letter_is_digit(l->c[i]);
	return n;
}

static const char *clearing(const struct forms *f, int confidence)
{
	int solid = 0;

	for (int i = 0; i < f->read.n; i++)
		solid += f->read.c[i] != ' ';
	if (confidence < CLEARABLE || !f->compact.n ||
	    count_digits(&f->read) > MOST_DIGITS ||
	    pattern_like_date(&f->read) ||
	    (only_digits(&f->read) && solid >= BARE_DIGITS))
		return NULL;
	return words_benign(&f->read);
}

/* A label with something beside it, or one that waits for its neighbour. */
static bool judge_label(struct judgement *j, const struct forms *f,
			int confidence)
{
	struct label label;
	struct letters value, rest;

	if (!words_label(&f->read, &label))
		return false;
	value = letters_part(&f->read, label.end, f->read.n);
	letters_compact(&value, &rest);
	if (!rest.n) {
		j->label = true;
		j->label_class = label.class_;
		return false;
	}
	if (!only_digits(&rest) && words_benign(&value) &&
	    confidence >= CLEARABLE)
		return false;
	judge(j, KIND_IDENTIFIER, label.class_, SOURCE_OCR, 800 + confidence,
	      "label:", label.word);
	return true;
}

static bool judge_pattern(struct judgement *j, const struct pattern *found,
			  int n, int confidence)
{
	/* forms that noise takes by chance count only when it was read */
	if (!n || confidence < 30)
		return false;
	judge(j, KIND_IDENTIFIER, pattern_class[found[0].kind], SOURCE_OCR,
	      780 + confidence, pattern_name[found[0].kind], "");
	return true;
}

void identifier_judge(const struct header *h, const char *text, int confidence,
		      struct judgement *j)
{
	const struct header_attribute *a;
	struct pattern found[PATTERNS_MAX];
	enum box_class class_;
	const char *why;
	struct forms f;
	bool label;
	int n;

	*j = (struct judgement){ 0 };
	make_forms(&f, text);
	n = pattern_find(&f.read, found);
	label = judge_label(j, &f, confidence);
	a = match_header(h, &f, found, n);
	if (a)
		judge_header(j, a, confidence);
	else if (label || judge_pattern(j, found, n, confidence))
		;
	else if (words_telling(&f.read, &class_, &why))
		judge(j, KIND_IDENTIFIER, class_, SOURCE_OCR,
		      750 + confidence, why, "");
	else if (j->label && confidence >= READABLE)
		judge(j, KIND_TEXT, j->label_class, SOURCE_OCR,
		      600 + confidence, "label", "");
	else if ((why = clearing(&f, confidence)))
		judge(j, KIND_BENIGN, CLASS_OTHER, SOURCE_OCR,
		      800 + confidence, why, "");
	else if (confidence >= READABLE && f.compact.n)
		judge(j, KIND_TEXT, CLASS_OTHER, SOURCE_OCR,
		      600 + confidence, "read", "");
	else
		judge(j, KIND_UNREADABLE, CLASS_OTHER, SOURCE_INK, 500, "ink",
		      "");
}
