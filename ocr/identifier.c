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
#include "ocr/slips.h"
#include "ocr/words.h"

enum {
	READABLE = 60,          /* confidence; below, 1 of 130 noise boxes */
	CLEARABLE = 80,
	LONG_CLEARABLE = 5,     /* letters and digits of such a text */
	MANY_CLEARABLE = 6,
	AGE_DIGITS = 3,         /* at most */
	NAME_LETTERS = 3,       /* of a word that may be somebody's name */
	MOST_DIGITS = 7,        /* of a benign text */
	NAME_WORDS = 8,         /* of one group of a name */
	VARIANTS_MAX = 2000,    /* of values: a study has some hundred */
	DATES_MAX = 200,
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
	{ "00101090", "MedicalRecordLocator", HEADER_CODE, CLASS_PATIENT_ID },
	{ "00120040", "ClinicalTrialSubjectID", HEADER_CODE,
	  CLASS_PATIENT_ID },
	{ "00100033", "PatientBirthDateInAlternativeCalendar", HEADER_DATE,
	  CLASS_DOB },
	{ "00100040", "PatientSex", HEADER_SEX, CLASS_AGE_SEX },
	{ "00101010", "PatientAge", HEADER_AGE, CLASS_AGE_SEX },
	{ "00101040", "PatientAddress", HEADER_TEXT, CLASS_ADDRESS },
	{ "00102154", "PatientTelephoneNumbers", HEADER_CODE, CLASS_PHONE },
	{ "00401103", "PersonTelephoneNumbers", HEADER_CODE, CLASS_PHONE },
	{ "00402010", "OrderCallbackPhoneNumber", HEADER_CODE, CLASS_PHONE },
	{ "00401102", "PersonAddress", HEADER_TEXT, CLASS_ADDRESS },
	{ "00102152", "RegionOfResidence", HEADER_TEXT, CLASS_ADDRESS },
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
	{ "00380060", "ServiceEpisodeID", HEADER_CODE, CLASS_ACCESSION },
	{ "00400512", "ContainerIdentifier", HEADER_CODE, CLASS_ACCESSION },
	{ "00400551", "SpecimenIdentifier", HEADER_CODE, CLASS_ACCESSION },
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
	{ "00102299", "ResponsibleOrganization", HEADER_TEXT,
	  CLASS_INSTITUTION },
	{ "00380300", "CurrentPatientLocation", HEADER_TEXT,
	  CLASS_INSTITUTION },
	{ "00380400", "PatientInstitutionResidence", HEADER_TEXT,
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
	/* every other VR PN: nobody named in a file is to be seen in it */
	{ "", "PersonName", HEADER_NAME, CLASS_PHYSICIAN },
};
const size_t header_attribute_count =
	sizeof(header_attributes) / sizeof(header_attributes[0]);

/* It identifies nobody, and nothing matches it. */
static const struct header_attribute identity_removed = {
	"00120062", "PatientIdentityRemoved", HEADER_REMOVED, CLASS_OTHER };

const struct header_attribute *header_attribute_of(const char *path,
						   const char *vr)
{
	const char *tag = strrchr(path, '.');

	tag = tag ? tag + 1 : path;
	if (!strcmp(tag, identity_removed.path))
		return &identity_removed;
	for (size_t i = 0; i < header_attribute_count; i++)
		if (!strcmp(tag, header_attributes[i].path))
			return &header_attributes[i];
	return strcmp(vr, "PN") != 0 ?
		       NULL : &header_attributes[header_attribute_count - 1];
}

/* Which text a key is compared with, and how. */
enum key_form {
	KEY_NAME,               /* letters_fold_name() */
	KEY_KANA,               /* letters_fold_kana() */
	KEY_CODE,               /* letters_fold_digits() */
	KEY_TEXT,               /* compact */
	KEY_WHOLE,              /* compact, the whole text: initials and the
				   like, too short to be looked for */
};

/* One way in which a value may be written. */
struct variant {
	const struct header_attribute *attribute;
	struct letters key;             /* compact */
	enum key_form form;
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
	const struct words_user *user;  /* NULL: none */
	bool sex_known;
	bool named;                     /* the patient is, or was ... */
	bool removed;                   /* ... and no longer */
	bool crowded;                   /* values were left out: clear nothing
					 */
};

struct header *header_new(struct error *err)
{
	struct header *h = calloc(1, sizeof(*h));

	if (!h)
		error_set(err, ERR_MEMORY, _("no memory for attributes"));
	return h;
}

bool header_may_show_kana(const struct header *h)
{
	for (size_t i = 0; h && i < h->variants; i++)
		if (h->variant[i].form == KEY_KANA)
			return true;
	return !h || !h->variants;
}

bool header_names_patient(const struct header *h)
{
	return h->named && !h->removed;
}

bool header_is_crowded(const struct header *h)
{
	return h->crowded;
}

void header_words(struct header *h, const struct words_user *user)
{
	h->user = user;
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
			const struct letters *key, enum key_form form)
{
	if (!key->n)
		return true;
	/* the same person stands in many places: the first row counts */
	for (size_t i = 0; i < h->variants; i++) {
		struct variant *v = &h->variant[i];

		if (v->form != form || !letters_same(&v->key, key))
			continue;
		if (attribute < v->attribute)
			v->attribute = attribute;
		return true;
	}
	h->crowded = h->crowded || h->variants >= VARIANTS_MAX;
	if (h->crowded)
		return true;
	if (!mem_grow(&h->variant, &h->variant_capacity, h->variants,
		      sizeof(*h->variant)))
		return false;
	h->variant[h->variants++] =
		(struct variant){ attribute, *key, form };
	return true;
}

static bool add_name_variant(struct header *h,
			     const struct header_attribute *attribute,
			     const struct letters *name)
{
	struct letters compact, key;

	letters_compact(name, &compact);
	letters_fold_kana(&compact, &key);
	if (letter_is_kana(compact.n ? compact.c[0] : 0) && key.n > 1 &&
	    !add_variant(h, attribute, &key, KEY_KANA))
		return false;
	letters_fold_name(&compact, &key);
	return add_variant(h, attribute, &key,
			   key.n == 1 && letter_is_latin(key.c[0]) ?
				   KEY_WHOLE : KEY_NAME);
}

static struct letters joined(const struct letters *a, const struct letters *b)
{
	struct letters all = *a;

	for (int i = 0; i < b->n && all.n < LETTERS_MAX; i++)
		all.c[all.n++] = b->c[i];
	return all;
}

/* The first letters of two names of Latin letters, either way round. */
static bool add_initials(struct header *h,
			 const struct header_attribute *attribute,
			 const struct letters *family,
			 const struct letters *given)
{
	struct letters key = { .n = 2 };

	if (!letter_is_latin(family->c[0]) || !letter_is_latin(given->c[0]))
		return true;
	key.c[0] = family->c[0];
	key.c[1] = given->c[0];
	if (!add_variant(h, attribute, &key, KEY_WHOLE))
		return false;
	key.c[0] = given->c[0];
	key.c[1] = family->c[0];
	return add_variant(h, attribute, &key, KEY_WHOLE);
}

static bool add_both(struct header *h,
		     const struct header_attribute *attribute,
		     const struct letters *family, const struct letters *given)
{
	struct letters both = joined(family, given);
	struct letters f, g;

	if (!add_name_variant(h, attribute, &both))
		return false;
	both = joined(given, family);
	if (!add_name_variant(h, attribute, &both))
		return false;
	/* as it is written: FH of FUJIWARA, which is folded to HUZIWARA */
	if (family->n && given->n &&
	    !add_initials(h, attribute, family, given))
		return false;
	/* those of a name in kana are its Latin ones */
	letters_fold_name(family, &f);
	letters_fold_name(given, &g);
	return !f.n || !g.n || add_initials(h, attribute, &f, &g);
}

/* The words of a component; *count grows, at most NAME_WORDS. */
static bool add_words(struct header *h,
		      const struct header_attribute *attribute,
		      const struct letters *component, struct letters *word,
		      int *count)
{
	int start = 0;

	for (int i = 0; i <= component->n; i++) {
		if (i < component->n && component->c[i] != ' ' &&
		    component->c[i] != ',')
			continue;
		if (i > start && *count < NAME_WORDS) {
			word[*count] = letters_part(component, start, i);
			if (!add_name_variant(h, attribute, &word[*count]))
				return false;
			++*count;
		}
		start = i + 1;
	}
	return true;
}

/*
 * One group of a PN: family^given^middle^prefix^suffix (PS3.5 6.2.1.1).
 * Prefix and suffix tell nobody apart; what has no '^' is split at spaces.
 */
static bool add_name_group(struct header *h,
			   const struct header_attribute *attribute,
			   const struct letters *group)
{
	struct letters part[3] = { { .n = 0 } }, word[NAME_WORDS];
	int parts = 0, start = 0, words = 0;

	for (int i = 0; i <= group->n && parts < 3; i++) {
		if (i < group->n && group->c[i] != '^')
			continue;
		part[parts] = letters_part(group, start, i);
		if (!add_words(h, attribute, &part[parts], word, &words))
			return false;
		letters_compact(&part[parts], &part[parts]);
		parts += part[parts].n > 0;
		start = i + 1;
	}
	if (parts < 2 && words >= 2)
		return add_both(h, attribute, &word[0], &word[words - 1]);
	if (parts < 2)
		return true;
	for (int i = 0; i < 2; i++)
		if (!add_name_variant(h, attribute, &part[i]))
			return false;
	return add_both(h, attribute, &part[0], &part[1]);
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

/* Study 1 is no more an identifier than frame 1. */
static bool tells_little(const struct header_attribute *attribute,
			 const struct letters *key)
{
	return attribute->class_ == CLASS_ACCESSION && key->n < 3 &&
	       letter_is_digit(key->c[0]);
}

static bool add_code(struct header *h,
		     const struct header_attribute *attribute,
		     const struct letters *value)
{
	struct letters compact, folded, bare;
	int zeros = 0;

	letters_compact(value, &compact);
	letters_fold_digits(&compact, &folded);
	if (tells_little(attribute, &folded))
		return true;
	while (zeros < folded.n && folded.c[zeros] == '0')
		zeros++;
	bare = letters_part(&folded, zeros, folded.n);
	if (zeros && !add_variant(h, attribute, &bare,
				  bare.n < 3 ? KEY_WHOLE : KEY_CODE))
		return false;
	return add_variant(h, attribute, &folded,
			   folded.n < 3 ? KEY_WHOLE : KEY_CODE);
}

/* 059Y: the number alone is the age too (VR AS, PS3.5 6.2). */
static bool add_age(struct header *h, const struct header_attribute *attribute,
		    const struct letters *value)
{
	struct letters number = letters_part(value, 0, value->n - 1);
	int zeros = 0;

	while (zeros + 1 < number.n && number.c[zeros] == '0')
		zeros++;
	number = letters_part(&number, zeros, number.n);
	return add_variant(h, attribute, &number, KEY_WHOLE) &&
	       add_code(h, attribute, value);
}

static bool add_text(struct header *h,
		     const struct header_attribute *attribute,
		     const struct letters *value)
{
	struct letters compact;

	letters_compact(value, &compact);
	return tells_little(attribute, &compact) ||
	       add_variant(h, attribute, &compact,
			   compact.n < 3 ? KEY_WHOLE : KEY_TEXT);
}

/* M and F in the words of both languages (CS, PS3.3 C.7.1.1). */
static bool add_sex(struct header *h, const struct header_attribute *attribute,
		    const struct letters *value)
{
	static const char *const words[][4] = {
		{ "M", "MALE", "男", "男性" }, { "F", "FEMALE", "女", "女性" },
	};

	for (size_t i = 0; i < 2; i++) {
		if (!letters_equal(value, words[i][0]))
			continue;
		h->sex_known = true;
		for (size_t k = 0; k < 4; k++) {
			struct letters word;

			letters_read(&word, words[i][k]);
			if (!add_variant(h, attribute, &word, KEY_WHOLE))
				return false;
		}
	}
	return true;
}

static bool add_date(struct header *h,
		     const struct header_attribute *attribute,
		     const char *value)
{
	struct date date;

	if (!pattern_read_da(value, &date))
		return true;
	h->crowded = h->crowded || h->dates >= DATES_MAX;
	if (h->crowded)
		return true;
	if (!mem_grow(&h->date, &h->date_capacity, h->dates,
		      sizeof(*h->date)))
		return false;
	h->date[h->dates++] = (struct header_date){ attribute, date };
	return true;
}

/* ANON^001: a number stands for a name, and nobody is called so. */
static bool has_digit(const struct letters *l)
{
	for (int i = 0; i < l->n; i++)
		if (letter_is_digit(l->c[i]))
			return true;
	return false;
}

static bool add_value(struct header *h,
		      const struct header_attribute *attribute,
		      const char *value)
{
	struct letters letters;

	letters_read(&letters, value);
	h->named = h->named || (attribute->form == HEADER_NAME &&
				attribute->class_ == CLASS_NAME &&
				letters.n && !has_digit(&letters));
	switch (attribute->form) {
	case HEADER_NAME:
		return add_name(h, attribute, &letters);
	case HEADER_CODE:
		return add_code(h, attribute, &letters);
	case HEADER_DATE:
		return add_date(h, attribute, value);
	case HEADER_AGE:
		return add_age(h, attribute, &letters);
	case HEADER_SEX:
		return add_sex(h, attribute, &letters);
	case HEADER_TEXT:
		return add_text(h, attribute, &letters);
	case HEADER_REMOVED:
		h->removed = h->removed || letters_equal(&letters, "YES");
		return true;
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
	struct letters read, compact, digits, name, kana;
	bool small;                     /* one small Latin letter, or one before
					   a capital alone: iM of Vi M */
	bool as_value;                  /* begins as no initials are set: Im 25
					 */
	bool scrap;                     /* a piece of a smaller text: 胸部 mm */
	bool odd;                       /* slips.h */
};

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* i of Vi, iM of Vi M, ar, afi: marks of sides and what is cut short are
 * capitals. */
static bool is_piece(const char *text, const struct letters *compact)
{
	for (const char *c = text; *c; c++)
		if (is_small(*c))
			return compact->n == 1 ||
			       (compact->n == 2 &&
				((c[1] >= 'A' && c[1] <= 'Z') ||
				 (is_small(c[1]) && !words_unit(compact)))) ||
			       (compact->n == 3 && is_small(c[1]) &&
				is_small(c[2]) && !c[3] &&
				!words_unit(compact));
	return false;
}

static bool is_ascii_word(char c)
{
	return is_small(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Is it a unit behind a number or a stroke, or are these behind it? */
static bool is_beside_number(const char *text, const char *c, const char *end)
{
	struct letters unit = { .n = 0 };

	for (const char *p = c; p < end; p++)
		unit.c[unit.n++] = (uint32_t)(is_small(*p) ? *p - 'a' + 'A' :
							     *p);
	while (c > text && c[-1] == ' ')
		c--;
	end += strspn(end, " :");
	return (c > text && strchr("0123456789/", c[-1]) &&
		words_unit(&unit)) ||
	       (*end && strchr("0123456789/-", *end));
}

/*
 * 胸部 mm, fh Compression, TSE min: small Latin letters, three at most, of no
 * number: what a small text beside it is read as.
 * A unit in brackets, Scan Range (mm), is none.
 */
static bool has_scrap(const char *text)
{
	static const char latin[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	enum { MOST = 3 };
	size_t run;

	for (const char *c = text; *c; c += run + !run) {
		run = is_small(*c) ? strspn(c, latin) : 0;
		if (run && run <= MOST && run < strlen(text) &&
		    !(c > text && (is_ascii_word(c[-1]) ||
				   strchr("(-/", c[-1]))) &&
		    !is_ascii_word(c[run]) && c[run] != ')' && strncmp(c, "of ", 3) != 0 &&
		    strncmp(c, "on", run) != 0 &&
		    strncmp(c, "and", 3) != 0 && strncmp(c, "for", 3) != 0 &&
		    !is_beside_number(text, c, c + run))
			return true;
	}
	return false;
}

/* Words of two letters before a number, as screens set them: initials would
 * be two capitals. */
static bool is_set_as_value(const char *text)
{
	static const char *const words[] = { "Im", "Se", "Gn" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncmp(text, words[i], 2) && text[2] &&
		    strchr(" :.0123456789", text[2]))
			return true;
	return false;
}

static void make_forms(struct forms *f, const char *text)
{
	struct letters folded;

	letters_read(&f->read, text);
	letters_compact(&f->read, &f->compact);
	f->small = is_piece(text, &f->compact);
	f->as_value = is_set_as_value(text);
	f->scrap = has_scrap(text);
	f->odd = slips_set_oddly(text);
	letters_fold_digits(&f->read, &folded);
	letters_compact(&folded, &f->digits);
	letters_fold_name(&f->compact, &f->name);
	letters_fold_kana(&f->compact, &f->kana);
}

static bool has_kanji(const struct letters *l)
{
	for (int i = 0; i < l->n; i++)
		if (letter_is_kanji(l->c[i]))
			return true;
	return false;
}

/* Is key one whole word of the text, folded like it? */
static bool is_word_of(const struct letters *key, const struct letters *read,
		       void (*fold)(const struct letters *, struct letters *),
		       int errors)
{
	int start = 0;

	for (int i = 0; i <= read->n; i++) {
		struct letters word, folded;

		if (i < read->n && letter_is_word(read->c[i]))
			continue;
		word = letters_part(read, start, i);
		fold(&word, &folded);
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
			       is_word_of(key, &f->read, letters_fold_name,
					  0) :
			       letters_distance_within(key, &f->name, NULL) <=
				       key->n / 4;
	if (key->n < 6)
		return is_word_of(key, &f->read, letters_fold_name,
				  key->n >= 4);
	return letters_distance_within(key, &f->name, NULL) <= key->n / 4 ||
	       is_part_of(&f->name, key);
}

static bool kana_matches(const struct letters *key, const struct forms *f)
{
	if (key->n < 3)
		return is_word_of(key, &f->read, letters_fold_kana, 0);
	return letters_distance_within(key, &f->kana, NULL) <= key->n / 4 ||
	       (f->kana.n >= 3 && is_part_of(&f->kana, key));
}

static bool code_matches(const struct letters *key, const struct forms *f)
{
	int errors = key->n < 6 ? 0 : key->n / 5;

	if (key->n < 6)
		return letters_distance(key, &f->digits) == 0 ||
		       is_word_of(key, &f->read, letters_fold_digits, 0);
	return letters_distance_within(key, &f->digits, NULL) <= errors ||
	       is_part_of(&f->digits, key);
}

/* One printed line of an address: a good piece of the value. */
static bool is_piece_of(const struct letters *text, const struct letters *key)
{
	int least = has_kanji(text) ? 4 : 8;

	return text->n >= least &&
	       letters_distance_within(text, key, NULL) <= text->n / 8;
}

static bool text_matches(const struct letters *key, const struct forms *f)
{
	if (key->n < 6 && !has_kanji(key))
		return letters_distance(key, &f->compact) == 0 ||
		       is_word_of(key, &f->read, letters_compact, 0);
	return letters_distance_within(key, &f->compact, NULL) <=
		       key->n / 4 ||
	       is_part_of(&f->compact, key) ||
	       is_piece_of(&f->compact, key);
}

/* A digit, or what one is read as. */
static bool like_digit(uint32_t c)
{
	return letter_is_digit(c) || (c && c < 0x80 &&
				      strchr("OQDILZSGTB|", (int)c));
}

/* Capitals that are read one for the other, and digits for them. */
static bool look_alike(uint32_t a, uint32_t b)
{
	static const char pairs[][3] = {
		"CG", "HM", "HN", "MN", "EF", "DO", "OQ", "VY", "UV", "IL",
		"IT", "KX", "PR", "BR", "IJ", "MW", "0D", "0O", "1I", "1L",
		"1T", "2Z", "4A", "5S", "6G", "7T", "8B",
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		uint32_t x = (uint32_t)pairs[i][0], y = (uint32_t)pairs[i][1];

		if ((a == x && b == y) || (a == y && b == x))
			return true;
	}
	return a == b;
}

/* DI67, DI 67: initials of the patient with an age; ID: 67 is none. */
static bool initials_match(const struct variant *v, const struct forms *f)
{
	const struct letters *key = &v->key, *text = &f->compact;
	int at = 2;

	if (v->attribute->form != HEADER_NAME ||
	    v->attribute->class_ != CLASS_NAME || key->n != 2 || text->n < 3 ||
	    letters_find(&f->read, ":", 0) >= 0 ||
	    text->n > key->n + AGE_DIGITS ||
	    !look_alike(key->c[0], text->c[0]) ||
	    !look_alike(key->c[1], text->c[1]))
		return false;
	while (at < text->n && like_digit(text->c[at]))
		at++;
	return at == text->n;
}

static bool variant_matches(const struct variant *v, const struct forms *f)
{
	switch (v->form) {
	case KEY_NAME:
		return name_matches(&v->key, f);
	case KEY_KANA:
		return kana_matches(&v->key, f);
	case KEY_CODE:
		return code_matches(&v->key, f);
	case KEY_TEXT:
		return text_matches(&v->key, f);
	case KEY_WHOLE:
		return letters_same(&v->key, &f->compact) ||
		       initials_match(v, f);
	}
	return false;
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

/* A lone number that is how old the patient was at one of the dates. */
static const struct header_attribute *match_age(const struct header *h,
						const struct forms *f)
{
	int age = 0;

	if (f->compact.n > 3 || f->compact.n != f->read.n)
		return NULL;
	for (int i = 0; i < f->compact.n; i++) {
		if (!letter_is_digit(f->compact.c[i]))
			return NULL;
		age = age * 10 + (int)(f->compact.c[i] - '0');
	}
	for (size_t i = 0; i < h->dates; i++) {
		const struct header_date *born = &h->date[i];

		for (size_t k = 0; born->attribute->class_ == CLASS_DOB &&
				   k < h->dates; k++) {
			int years = h->date[k].date.year - born->date.year;

			if (h->date[k].attribute->class_ == CLASS_DATE &&
			    (age == years || age == years - 1))
				return born->attribute;
		}
	}
	return NULL;
}

/* The first row of the table that matches. */
static const struct header_attribute *match_header(const struct header *h,
						   const struct forms *f,
						   const struct pattern *found,
						   int n)
{
	const struct header_attribute *date = match_date(h, found, n);
	const struct header_attribute *best = NULL;

	if (!f->compact.n || (date && is_only_date(f, found, n)))
		return date;
	for (size_t i = 0; i < h->variants; i++)
		if ((!best || h->variant[i].attribute < best) &&
		    variant_matches(&h->variant[i], f))
			best = h->variant[i].attribute;
	if (!best)
		best = date;
	return best ? best : match_age(h, f);
}

/* ---- judging ---- */

static const enum box_class pattern_class[PATTERNS] = {
	[PATTERN_DATE] = CLASS_DATE, [PATTERN_WAREKI] = CLASS_DATE,
	[PATTERN_TIME] = CLASS_TIME, [PATTERN_PHONE] = CLASS_PHONE,
	[PATTERN_POSTAL] = CLASS_ADDRESS, [PATTERN_AGE] = CLASS_AGE_SEX,
	[PATTERN_SEX] = CLASS_AGE_SEX, [PATTERN_DIGITS] = CLASS_PATIENT_ID,
	[PATTERN_CODE] = CLASS_ACCESSION, [PATTERN_CARET] = CLASS_NAME,
	[PATTERN_STREET] = CLASS_ADDRESS,
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

/*
 * The confidence from which a benign text is cleared that is hard to take for
 * another; and where nothing else is in its box.  With the lower ones [CHEST]
 * was read (51) over a date of birth that lay in its box and stayed unread.
 */
enum { OF_SHORT, OF_UNIT, OF_MANY, OF_WORD, OF_LONG, LIMITS };
static const int limits[2][LIMITS] = {
	{ 72, 65, 65, 65, 65 },
	/* a value of three or four letters, a number with its unit in five,
	 * six letters and digits, a known word of four or of two kanji, a
	 * longer one; lower, ww was read (51) for a small time of day */
	{ 65, 60, 55, 55, 55 },
};

static int clearable_from(const struct forms *f, const char *why,
			  enum plainness plain, bool alone)
{
	const int *of = limits[alone];
	const int of_plainness[] = {
		[PLAIN_NEVER] = CLEARABLE, [PLAIN_NOT] = CLEARABLE,
		[PLAIN_SHORT] = of[OF_SHORT], [PLAIN_WORD] = of[OF_WORD],
		[PLAIN_LONG] = of[OF_LONG],
	};
	int from = of_plainness[plain], length = f->compact.n;
	bool phrase = !strcmp(why, "benign:phrase");

	if (phrase && length >= LONG_CLEARABLE - 1)
		return length > LONG_CLEARABLE ? of[OF_WORD] : of[OF_SHORT];
	if (!strcmp(why, "benign:number") || (plain == PLAIN_NEVER && !phrase))
		return from;
	if (length >= MANY_CLEARABLE && from > of[OF_MANY])
		return of[OF_MANY];
	if (length >= LONG_CLEARABLE && from > of[OF_UNIT] &&
	    (!strcmp(why, "benign:unit") || !strcmp(why, "benign:count")))
		return of[OF_UNIT];
	return from;
}

static bool is_side(uint32_t c)
{
	struct letters sides;

	letters_decode(&sides, "左右上下前後中正平");
	for (int i = 0; i < sides.n; i++)
		if (sides.c[i] == c)
			return true;
	return false;
}

/* 左上: a corner, or somebody whose letters these are. */
static bool is_two_sides(const struct letters *compact)
{
	return compact->n == 2 && is_side(compact->c[0]) &&
	       is_side(compact->c[1]);
}

/* A side alone, written out, which a picture that names nobody can't tell from
 * a person; or before a letter: Left, P. */
static bool is_side_alone(const struct letters *compact)
{
	static const char *const sides[] = { "RIGHT", "LEFT" };

	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
		int n = (int)strlen(sides[i]);

		if (letters_start_with(compact, 0, sides[i]) &&
		    (compact->n == n || (compact->n == n + 1 &&
					 letter_is_latin(compact->c[n]))))
			return true;
	}
	return is_two_sides(compact);
}

/*
 * LAT LEFT: two or more Latin words and nothing else, which a picture that
 * names nobody can't tell from a person of that name.
 */
static bool may_be_name(const struct letters *read)
{
	int words = 0, letters = 0;

	for (int i = 0; i <= read->n; i++) {
		if (i < read->n && letter_is_latin(read->c[i])) {
			letters++;
			continue;
		}
		if (i < read->n && letter_is_word(read->c[i]))
			return false;
		if (letters && letters < NAME_LETTERS)
			return false;
		words += letters > 0;
		letters = 0;
	}
	return words > 1;
}

/* Can the letter at `at` be an initial?  I of TI may be read as 1. */
static bool like_initial(const struct letters *read, int at)
{
	if (at >= read->n || letter_is_latin(read->c[at]))
		return at < read->n;
	return like_digit(read->c[at]) && at + 1 < read->n &&
	       (at ? read->c[2] == ' ' : letter_is_latin(read->c[1]));
}

/* MLO, HFS: three Latin letters or more, without a space. */
static bool is_one_word(const struct letters *read)
{
	for (int i = 0; i < read->n; i++)
		if (!letter_is_latin(read->c[i]))
			return false;
	return read->n >= NAME_LETTERS;
}

/*
 * MW 41 or T1 44: two letters and an age, which a picture that names nobody
 * can't tell from a value; where somebody is named, match_header() looks for
 * them.  A 36 is what is left of them when one is lost, whoever is named.  A
 * value has a colon, a point, a unit or more digits.
 */
static bool may_be_initials(const struct letters *read, bool named)
{
	int at = 0, digits = 0, first = 0;

	while (at < 2 && like_initial(read, at))
		at++;
	if (!at || (named && at > 1) || is_one_word(read))
		return false;
	for (int i = at; i < read->n; i++) {
		if (read->c[i] == ' ')
			continue;
		if (!like_digit(read->c[i]))
			return false;
		if (!digits++)
			first = i;
	}
	if (digits == AGE_DIGITS && read->c[first] >= '2' &&
	    read->c[first] <= '9')
		return false;           /* W 350, EI 412 */
	return digits > 0 && digits <= AGE_DIGITS;
}

/*
 * HC. or H C, D IMA S and M AX HEAD of names that came apart: letters alone,
 * or one with two words, perhaps with an age behind them; L MAS 62.
 */
static bool may_be_apart(const struct forms *f)
{
	int alone = 0, words = 0, length = 0, digits = 0;

	for (int i = 0; i <= f->read.n; i++) {
		if (i < f->read.n && letter_is_latin(f->read.c[i])) {
			if (digits)
				return false;
			length++;
			continue;
		}
		if (i < f->read.n && letter_is_digit(f->read.c[i])) {
			if (length || ++digits > AGE_DIGITS)
				return false;
			continue;
		}
		if (i < f->read.n && letter_is_word(f->read.c[i]))
			return false;
		alone += length == 1;
		words += length > 0;
		length = 0;
	}
	return alone > 1 || (alone && (words > 2 || (words > 1 && digits))) ||
	       (f->compact.n == 2 && f->read.n > 2 && !digits);
}

/* 198): a bracket without the other is a digit badly seen. */
static bool has_lone_bracket(const struct letters *read)
{
	int open = 0;

	for (int i = 0; i < read->n && open >= 0; i++)
		open += (read->c[i] == '(') - (read->c[i] == ')');
	return open != 0;
}

/* Is the word that ends before `at` a number, and no name with one (T1)? */
static bool ends_number(const struct letters *read, int at)
{
	int i = at;

	while (i > 0 && letter_is_digit(read->c[i - 1]))
		i--;
	return i < at && !(i > 0 && letter_is_word(read->c[i - 1]));
}

/* B:45 is 8:45: a letter like a digit before two digits; W:400 L:40 is none. */
static bool has_misread_time(const struct letters *read)
{
	int at = letters_find(read, ":", 0);

	return at > 0 && at + 2 < read->n && like_digit(read->c[at - 1]) &&
	       (at == 1 || (at == 2 && like_digit(read->c[0]))) &&
	       letter_is_digit(read->c[at + 1]) &&
	       letter_is_digit(read->c[at + 2]) &&
	       (at + 3 == read->n || !letter_is_word(read->c[at + 3]));
}

/* One or two digits behind a space or point; where they end, -1. */
static int after_short(const struct letters *read, int at)
{
	int from = at + 1;

	if (at >= read->n || (read->c[at] != ' ' && read->c[at] != '.'))
		return -1;
	for (at = from; at < read->n && letter_is_digit(read->c[at]);)
		at++;
	return at > from && at <= from + 2 ? at : -1;
}

/* SE1 1.12 is S61.1.12, a day of an era. */
static bool has_misread_era(const struct letters *read)
{
	int at = 3;

	if (read->n < at || read->c[0] >= 0x80 ||
	    !strchr("MTSHR", (int)read->c[0]) || !letter_is_word(read->c[1]) ||
	    !letter_is_digit(read->c[2]))
		return false;
	for (int i = 0; i < 2 && at >= 0; i++)
		at = after_short(read, at);
	return at == read->n;
}

/* *#R 10cm, read badly, or 倍率 1.5。。。: a smaller text became signs. */
static bool has_odd_signs(const struct letters *read, int confidence)
{
	static const uint32_t known[] = { 0xb0, 0xb1, 0xb2, 0xb3, 0xb5, 0xb7,
					  0xd7, 0x2212, 0x30fb };
	int odd = 0;

	for (int i = 0; i < read->n; i++) {
		uint32_t c = read->c[i];
		bool is = c < 0x80 ? c && strchr("?!*#=<>~;`", (int)c) != NULL :
				     !letter_is_word(c);

		/* as 。。 is read */
		is = is || (c == '.' && i && read->c[i - 1] == c);
		for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
			is = is && c != known[k];
		odd += is;
	}
	return odd > (confidence >= CLEARABLE);
}

/* 1%:16 and 7:% are times of day badly seen: a colon follows a word. */
static bool has_odd_colon(const struct letters *read)
{
	for (int i = 1; i < read->n; i++)
		if (read->c[i] == ':' &&
		    ((read->c[i - 1] != ' ' &&
		      !letter_is_word(read->c[i - 1])) ||
		     ends_number(read, i)))
			return true;
	return false;
}

/* May the parts of a date be so: the year of an era or a century first or last,
 * a day and a month? */
static bool may_be_day(const int part[3])
{
	enum { MONTHS = 12, DAYS = 31 };
	const int *m = part;

	if (!m[0] || !m[1] || !m[2])
		return false;
	return (m[2] > 9 && ((m[0] <= DAYS && m[1] <= MONTHS) ||
			     (m[0] <= MONTHS && m[1] <= DAYS))) ||
	       (m[0] > 9 && m[1] <= MONTHS && m[2] <= DAYS);
}

/* Of one digit or two; 0 of others. */
static int number_at(const struct letters *l, int from, int to)
{
	int v = 0;

	for (int i = from; to - from <= 2 && i < to; i++)
		v = 10 * v + (int)(l->c[i] - '0');
	return v;
}

/* 53.60 is 5.3.60, a point lost: a number without a sign, and nothing else. */
static bool may_lack_point(const struct letters *read)
{
	int point = letters_find(read, ".", 0);

	for (int i = 0; i < read->n; i++)
		if (i != point && !letter_is_digit(read->c[i]))
			return false;
	for (int cut = 1; point > 0 && cut < read->n; cut++) {
		bool before = cut < point;
		int part[3] = {
			number_at(read, 0, before ? cut : point),
			before ? number_at(read, cut, point) :
				 number_at(read, point + 1, cut),
			number_at(read, before ? point + 1 : cut, read->n) };

		if ((before || cut > point + 1) && may_be_day(part))
			return true;
	}
	return false;
}

static struct words_known known_of(const struct header *h)
{
	return (struct words_known){ h->user, h->sex_known,
				     header_names_patient(h) };
}

static const char *clearing(const struct header *h, const struct forms *f,
			    int confidence, bool alone)
{
	enum plainness plain = PLAIN_NOT;
	const struct words_known known = known_of(h);
	const char *why;

	if (confidence < limits[alone][OF_LONG] || !f->compact.n || h->crowded ||
	    count_digits(&f->read) > MOST_DIGITS ||
	    pattern_like_date(&f->read) || has_lone_bracket(&f->read) ||
	    has_odd_colon(&f->read) || has_misread_time(&f->read) ||
	    has_misread_era(&f->read) || may_lack_point(&f->read) ||
	    has_odd_signs(&f->read, confidence))
		return NULL;
	why = words_phrase(&f->read);
	if (f->small || f->scrap || f->odd || may_be_apart(f) ||
	    (!known.name && is_side_alone(&f->compact)) ||
	    (!why && ((!known.name && may_be_name(&f->read)) ||
		      (may_be_initials(&f->read, known.name) &&
		       !(f->as_value && confidence >= CLEARABLE)))))
		return NULL;
	if (!why)
		why = words_benign(&f->read, &known, &plain);
	return why && confidence >= clearable_from(f, why, plain, alone) ?
		       why : NULL;
}

/* A word that the user has called an identifier. */
static bool user_word(const struct header *h, const struct forms *f)
{
	for (size_t i = 0; h->user && i < h->user->count; i++)
		if (h->user->word[i].identifier &&
		    text_matches(&h->user->word[i].letters, f))
			return true;
	return false;
}

/* A label with something beside it, or one that waits for its neighbour. */
static bool judge_label(struct judgement *j, const struct header *h,
			const struct forms *f, int confidence)
{
	struct label label;
	const struct words_known known = known_of(h);
	struct letters value, rest;
	enum plainness plain;

	if (!words_label(&f->read, &label))
		return false;
	value = letters_part(&f->read, label.end, f->read.n);
	letters_compact(&value, &rest);
	if (!rest.n) {
		j->label = true;
		j->label_class = label.class_;
		return false;
	}
	if (!label.colon && !only_digits(&rest) && confidence >= CLEARABLE &&
	    words_benign(&value, &known, &plain))
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

static void judge_text(const struct header *h, const char *text,
		       int confidence, bool alone, struct judgement *j)
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
	label = judge_label(j, h, &f, confidence);
	a = match_header(h, &f, found, n);
	if (a)
		judge_header(j, a, confidence);
	else if (user_word(h, &f))
		judge(j, KIND_IDENTIFIER, CLASS_OTHER, SOURCE_OCR,
		      850 + confidence, "word:user", "");
	else if (label || judge_pattern(j, found, n, confidence))
		;
	else if (words_telling(&f.read, &class_, &why))
		judge(j, KIND_IDENTIFIER, class_, SOURCE_OCR,
		      750 + confidence, why, "");
	else if (j->label && confidence >= READABLE)
		judge(j, KIND_TEXT, j->label_class, SOURCE_OCR,
		      600 + confidence, "label", "");
	else if ((why = clearing(h, &f, confidence, alone)))
		judge(j, KIND_BENIGN, CLASS_OTHER, SOURCE_OCR,
		      800 + confidence, why, "");
	else if (confidence >= READABLE && f.compact.n)
		judge(j, KIND_TEXT, CLASS_OTHER, SOURCE_OCR,
		      600 + confidence, "read", "");
	else
		judge(j, KIND_UNREADABLE, CLASS_OTHER, SOURCE_INK, 500, "ink",
		      "");
}

void identifier_judge(const struct header *h, const char *text, int confidence,
		      struct judgement *j)
{
	judge_text(h, text, confidence, false, j);
}

void identifier_judge_alone(const struct header *h, const char *text,
			    int confidence, struct judgement *j)
{
	judge_text(h, text, confidence, true, j);
}

bool identifier_may_be_somebody(const char *text)
{
	struct letters read, compact;

	letters_read(&read, text);
	letters_compact(&read, &compact);
	return may_be_initials(&compact, false) || is_two_sides(&compact);
}

void identifier_doubt_pixels(struct judgement *j, int confidence)
{
	if (j->kind != KIND_BENIGN)
		return;
	j->kind = confidence >= READABLE ? KIND_TEXT : KIND_UNREADABLE;
	snprintf(j->why, sizeof(j->why), "%s",
		 j->kind == KIND_TEXT ? "read" : "ink");
}

/* Marks that the letters of a text are printed as, at most: thin ones break,
 * kana and kanji are several. */
static int most_marks(const struct letters *compact)
{
	enum { LATIN = 14, KANA = 25, KANJI = 40, SOME = 30 };  /* tenths */
	int tenths = SOME;

	for (int i = 0; i < compact->n; i++)
		tenths += letter_is_kana(compact->c[i]) ? KANA :
			  letter_is_japanese(compact->c[i]) ? KANJI : LATIN;
	return tenths / 10;
}

void identifier_doubt_marks(struct judgement *j, const char *text,
			    int confidence, int marks)
{
	struct letters read, compact;

	letters_read(&read, text);
	letters_compact(&read, &compact);
	if (confidence < CLEARABLE && marks > most_marks(&compact))
		identifier_doubt_pixels(j, confidence);
}

void identifier_doubt(struct judgement *j, const char *text, int along,
		      int high)
{
	enum { SLACK = 8 };             /* quarters of a pixel */
	struct letters read, compact;

	letters_read(&read, text);
	letters_compact(&read, &compact);
	if (j->kind != KIND_BENIGN || compact.n != 1 ||
	    !(letter_is_latin(compact.c[0]) || letter_is_kanji(compact.c[0])) ||
	    4 * along <= 5 * high + SLACK)
		return;
	j->kind = KIND_TEXT;
	snprintf(j->why, sizeof(j->why), "read");
}
