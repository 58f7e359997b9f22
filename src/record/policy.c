/* policy.c - the rules of a project. */
#include "config.h"

#include "record/policy.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/settings.h"
#include "base/vocabulary.h"

enum { POLICY_MAX = 16384 };            /* bytes of a policy.ini */

const char *const qualification_name[QUALIFICATIONS + 1] = {
	"any", "staff", "technologist", "physician", "radiologist", NULL,
};

int qualification_number(const char *word)
{
	int i = QUALIFICATIONS - 1;

	while (word && i >= 0 && strcmp(qualification_name[i], word) != 0)
		i--;
	return word ? i : QUALIFIED_ANY;
}

/* none, then qualification_name. */
static const char *const second_words[] = {
	"none", "any", "staff", "technologist", "physician", "radiologist",
	NULL,
};
static const char *const apart_words[] = { "code", "uid", NULL };
static const char *const face_words[] = { "full", "eyes", NULL };
static const char *const head_words[] = { "keep", "flag", "require", NULL };
static const char *const patient_words[] = { "pseudonym", "empty", NULL };
static const char *const residue_words[] = { "normal", "strict", NULL };
static const char *const scan_words[] = { "when-empty", "always", NULL };
static const char *const format_words[] = { "dicom", "png", "jpeg", NULL };

enum { AGE_CAP, FACE, FORMATS, HEAD_SURFACE, LANGUAGES, PATIENT_ID,
       QUALIFICATION, REQUIRE_SCAN, RESIDUE, RETENTION_DAYS, SECOND,
       SECOND_APART, TAGS, WORDS, ROWS };

static const struct settings_row rows[ROWS] = {
	[AGE_CAP] = { "age_cap", SETTINGS_NUMBER, NULL, 1, 150, "89" },
	[FACE] = { "face", SETTINGS_WORD, face_words, 0, 0, "full" },
	[FORMATS] = { "formats", SETTINGS_SET, format_words, 0, 0, "all" },
	[HEAD_SURFACE] = { "head_surface", SETTINGS_WORD, head_words, 0, 0,
			   "flag" },
	[LANGUAGES] = { "lang", SETTINGS_CODE, NULL, 0, 0, "eng+jpn" },
	[PATIENT_ID] = { "patient_id", SETTINGS_WORD, patient_words, 0, 0,
			 "pseudonym" },
	[QUALIFICATION] = { "qualification", SETTINGS_WORD,
			    qualification_name, 0, 0, "any" },
	[REQUIRE_SCAN] = { "require_scan", SETTINGS_WORD, scan_words, 0, 0,
			   "when-empty" },
	[RESIDUE] = { "residue", SETTINGS_WORD, residue_words, 0, 0, "normal" },
	[RETENTION_DAYS] = { "retention_days", SETTINGS_NUMBER, NULL, 0, 36500,
			     "0" },
	[SECOND] = { "second", SETTINGS_WORD, second_words, 0, 0, "none" },
	[SECOND_APART] = { "second_apart", SETTINGS_WORD, apart_words, 0, 0,
			   "code" },
	[TAGS] = { "tags", SETTINGS_SET, tag_words, 0, 0, "mhlw" },
	[WORDS] = { "words", SETTINGS_CODE, NULL, 0, 0, "none" },
};

_Static_assert(sizeof(second_words) / sizeof(second_words[0]) ==
	       QUALIFICATIONS + 2, "second_words: none, and each of them");
_Static_assert(IMAGE_DICOM == 0 && IMAGE_PNG == 1 && IMAGE_JPEG == 2,
	       "format_words are in the order of enum image_format");

/* The id over the settings and the bytes of a user's words. */
static bool make_id(struct policy *policy, const char *words, size_t length,
		    struct error *err)
{
	struct buffer text = { 0 };
	uint8_t digest[HASH_SIZE];
	bool good;

	buffer_puts(&text, policy->canonical);
	buffer_append(&text, words, length);
	good = !text.failed && hash_bytes(text.data, text.length, digest);
	buffer_done(&text);
	if (good)
		hash_hex(digest, 8, policy->id);
	return good || error_set(err, ERR_MEMORY, _("no memory"));
}

static bool make_canonical(const struct settings_value *value,
			   struct policy *policy, struct error *err)
{
	struct buffer text = { 0 };
	bool good;

	settings_print(rows, ROWS, value, &text);
	good = !text.failed && text.length < sizeof(policy->canonical);
	if (good)
		memcpy(policy->canonical, text.data, text.length + 1);
	buffer_done(&text);
	return good || error_set(err, ERR_MEMORY, _("no memory"));
}

bool policy_read(const char *text, struct policy *policy, struct error *err)
{
	static const enum head_surface surfaces[] = {
		HEAD_KEEP, HEAD_FLAG, HEAD_REQUIRE };
	struct settings_value value[ROWS];

	settings_start(rows, ROWS, value);
	if (!settings_read(rows, ROWS, value, text, err))
		return error_prefix(err, "policy.ini");
	*policy = (struct policy){
		.face_eyes = value[FACE].number == 1,
		.head_surface = surfaces[value[HEAD_SURFACE].number],
		.patient_id_empty = value[PATIENT_ID].number == 1,
		.strict_residue = value[RESIDUE].number == 1,
		.age_cap = (int)value[AGE_CAP].number,
		.formats = (unsigned)value[FORMATS].number,
		.require_scan_always = value[REQUIRE_SCAN].number == 1,
		.least = (enum qualification)value[QUALIFICATION].number,
		.second = value[SECOND].number > 0,
		.second_uid = value[SECOND_APART].number == 1,
		.retention_days = (int)value[RETENTION_DAYS].number,
	};
	if (policy->second)
		policy->second_least = (enum qualification)
				       (value[SECOND].number - 1);
	if (!tags_parse(value[TAGS].text, &policy->tags))
		return error_set(err, ERR_USAGE, _("policy.ini: tags: mhlw, "
						   "keep or ps315 with options "
						   "of its own"));
	/* a code is shorter than other values (base/settings.h) */
	snprintf(policy->languages, sizeof(policy->languages), "%.*s",
		 SETTINGS_CODE_TEXT - 1, value[LANGUAGES].text);
	if (strcmp(value[WORDS].text, "none") != 0)
		snprintf(policy->words, sizeof(policy->words), "%.*s",
			 SETTINGS_CODE_TEXT - 1, value[WORDS].text);
	return make_canonical(value, policy, err) &&
	       make_id(policy, "", 0, err);
}

bool policy_add_words(struct policy *policy, const char *text, size_t length,
		      struct error *err)
{
	struct vocabulary v = { 0 };
	bool good = vocabulary_parse(text, length, &v, err) &&
		    make_id(policy, text, length, err);

	vocabulary_done(&v);
	return good || error_prefix(err, "%s.words", policy->words);
}

bool policy_words_name(const struct policy *policy, const char *project,
		       char *name, size_t size)
{
	int length;

	*name = '\0';
	if (!policy->words[0])
		return true;
	length = snprintf(name, size, "%s/private/%s.words", project,
			  policy->words);
	return length > 0 && (size_t)length < size;
}

bool policy_of_project(const char *directory, struct policy *policy,
		       struct error *err)
{
	char name[PATH_MAX], text[POLICY_MAX] = "";
	int length = snprintf(name, sizeof(name), "%s/private/policy.ini",
			      directory);
	FILE *in = length > 0 && (size_t)length < sizeof(name) ?
		   fopen(name, "re") : NULL;

	if (in) {
		text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
		fclose(in);
	}
	return policy_read(text, policy, err);
}

void policy_print_defaults(struct buffer *out)
{
	for (int i = 0; i < ROWS; i++)
		buffer_printf(out, "%s = %s\n", rows[i].name,
			      rows[i].initial);
}
