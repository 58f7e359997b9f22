/* tags.c - the tag profiles as tables, and what their actions do to a value. */
#include "config.h"

#include "mask/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/redaction.h"
#include "base/uid.h"
#include "mask/tags_clean.h"
#include "mask/tags_private.h"
#include "mask/tags_ps315.h"

enum { BASE = 0xf, OPTIONS = 8 };       /* bits of the profile; how many */

const char *const tag_words[] = {
	"mhlw", "keep", "ps315", "uids", "device", "institution", "patient",
	"full-dates", "modified-dates", "descriptors", "private", NULL,
};

const char *const tag_action_name[TAG_ACTIONS] = {
	[TAG_KEEP] = "keep", [TAG_DROP] = "drop", [TAG_EMPTY] = "empty",
	[TAG_NUMBER] = "keep number", [TAG_CODE] = "keep code",
	[TAG_RATIO] = "keep ratio",
	[TAG_DATE] = "shift", [TAG_UID] = "map",
	[TAG_UID_UNLESS_STANDARD] = "map", [TAG_UID_KEPT] = "keep",
	[TAG_BIRTH_DATE] = "month", [TAG_AGE] = "cap",
	[TAG_CLEAN] = "clean", [TAG_CLEAN_DUMMY] = "clean",
	[TAG_PATIENT_ID] = "pseudonym", [TAG_DUMMY] = "dummy",
	[TAG_DUMMY_DATE] = "dummy", [TAG_DUMMY_TIME] = "dummy",
	[TAG_DUMMY_DATETIME] = "dummy", [TAG_DUMMY_AGE] = "dummy",
	[TAG_ZERO] = "dummy",
};

/*
 * Carriers that go in every profile: tags with (tag & mask) == value.  The
 * texts of a slide label are of type 2 in their module (PS3.3 C.8.12.8).
 */
static const struct carrier {
	uint32_t mask, value;
	unsigned dropped;
} carriers[] = {
	{ 0x00010000, 0x00010000, DROPPED_PRIVATE },    /* odd groups */
	/* 0000, 0002, 0004, 0006: no data set has them (PS3.5 7.1, 7.8.1) */
	{ 0xfff90000, 0x00000000, DROPPED_META },
	{ 0xff010000, 0x60000000, DROPPED_OVERLAY },
	{ 0xff010000, 0x50000000, DROPPED_CURVES },
	{ 0xffffffff, 0x00880200, DROPPED_ICON },
	{ 0xffff0000, 0x7fe00000, DROPPED_ICON },       /* pixels in items */
	{ 0xffff0000, 0x04000000, DROPPED_SIGNATURES }, /* original attributes,
							   encryption too */
	{ 0xffffffff, 0x4ffe0001, DROPPED_SIGNATURES },
	{ 0xffffffff, 0xfffafffa, DROPPED_SIGNATURES },
	{ 0xffffffff, 0xfffcfffc, DROPPED_PADDING },
	{ 0xffffffff, 0x00420011, DROPPED_DOCUMENT },
	{ 0xffffffff, 0x00700001, DROPPED_GRAPHICS },   /* annotations */
	{ 0xffffffff, 0x00700008, DROPPED_GRAPHICS },   /* texts */
	{ 0xffffffff, 0x00700009, DROPPED_GRAPHICS },   /* drawings */
	{ 0xffffffff, 0x00700060, DROPPED_GRAPHICS },   /* layers */
	{ 0xffffffff, 0x00700209, DROPPED_GRAPHICS },   /* compound */
	{ 0xffffffff, 0x00700295, DROPPED_GRAPHICS },   /* group names */
	{ 0xffffffff, 0x22000002, DROPPED_LABEL },      /* LabelText */
	{ 0xffffffff, 0x22000005, DROPPED_LABEL },      /* BarcodeValue */
};

struct rule {
	uint32_t tag;
	enum tag_action action;
};

/* Every profile.  A masked copy is another instance (PS3.3 C.12.1.1.1). */
static const struct rule always[] = {
	{ 0x00080018, TAG_UID },        /* SOPInstanceUID */
	{ 0x00280104, TAG_DROP },       /* SmallestValidPixelValue */
	{ 0x00280105, TAG_DROP },       /* LargestValidPixelValue */
	{ 0x00280106, TAG_DROP },       /* SmallestImagePixelValue */
	{ 0x00280107, TAG_DROP },       /* LargestImagePixelValue */
	{ 0x00280108, TAG_DROP },       /* SmallestPixelValueInSeries */
	{ 0x00280109, TAG_DROP },       /* LargestPixelValueInSeries */
	{ 0x00280110, TAG_DROP },       /* SmallestImagePixelValueInPlane */
	{ 0x00280111, TAG_DROP },       /* LargestImagePixelValueInPlane */
	{ 0x00280301, TAG_DROP },       /* BurnedInAnnotation */
	{ 0x00280302, TAG_DROP },       /* RecognizableVisualFeatures */
};

/*
 * MHLW: the table of the notice (DESIGN 2).  Attributes of type 2 (PS3.5
 * 7.4.3) stay with zero length, as the object would be invalid without them.
 */
static const struct rule mhlw[] = {
	{ 0x00100010, TAG_EMPTY },      /* PatientName */
	{ 0x00100020, TAG_PATIENT_ID },
	{ 0x00100030, TAG_BIRTH_DATE },
	{ 0x00100032, TAG_DROP },       /* PatientBirthTime */
	{ 0x00101010, TAG_AGE },
	{ 0x00200010, TAG_EMPTY },      /* StudyID, type 2 */
	{ 0x00080050, TAG_EMPTY },      /* AccessionNumber, type 2 */
	{ 0x00080090, TAG_EMPTY },      /* ReferringPhysicianName, type 2 */
	{ 0x00180010, TAG_EMPTY },      /* ContrastBolusAgent, type 2 */
	{ 0x00700084, TAG_EMPTY },      /* ContentCreatorName, type 2 */
	{ 0x00400513, TAG_EMPTY },      /* IssuerOfTheContainerIdentifier */
	{ 0x00400562, TAG_EMPTY },      /* IssuerOfTheSpecimenIdentifier */
};

/*
 * What mhlw and ps315 add to the rules by VR, beside their own tables.  None
 * of what is kept is in Table E.1-1 of PS3.15 but for (0008,0201).
 */
static const struct rule keep_list[] = {
	{ 0x00201040, TAG_EMPTY },      /* PositionReferenceIndicator, type 2 */
	{ 0x00700081, TAG_EMPTY },      /* ContentDescription, type 2 */
	/* texts of type 1 in their modules */
	{ 0x00181000, TAG_DUMMY },      /* DeviceSerialNumber (Enhanced) */
	{ 0x00283003, TAG_DUMMY },      /* LUTExplanation */
	{ 0x00400512, TAG_DUMMY },      /* ContainerIdentifier */
	{ 0x00400551, TAG_DUMMY },      /* SpecimenIdentifier */
	{ 0x00409210, TAG_DUMMY },      /* LUTLabel */
	{ 0x0040a123, TAG_DUMMY },      /* PersonName of a content item */
	{ 0x0040a160, TAG_DUMMY },      /* TextValue of a content item */
	{ 0x00620005, TAG_DUMMY },      /* SegmentLabel */
	{ 0x00620009, TAG_DUMMY },      /* SegmentAlgorithmName */
	{ 0x00660031, TAG_DUMMY },      /* AlgorithmVersion */
	{ 0x00660036, TAG_DUMMY },      /* AlgorithmName */
	{ 0x30020002, TAG_DUMMY },      /* RTImageLabel */
	/* people, places and requests, codes included */
	{ 0x00080051, TAG_DROP },       /* IssuerOfAccessionNumberSequence */
	{ 0x00080082, TAG_DROP },       /* InstitutionCodeSequence */
	{ 0x00080096, TAG_DROP },       /* ReferringPhysicianIdentification */
	{ 0x0008009d, TAG_DROP },       /* ConsultingPhysicianIdentification */
	{ 0x00080300, TAG_DROP },       /* PrivateDataElementCharacteristics:
					   what it tells of is gone */
	{ 0x00081041, TAG_DROP },       /* InstitutionalDepartmentTypeCode */
	{ 0x00081049, TAG_DROP },       /* PhysiciansOfRecordIdentification */
	{ 0x00081052, TAG_DROP },       /* PerformingPhysicianIdentification */
	{ 0x00081062, TAG_DROP },       /* PhysiciansReadingIdentification */
	{ 0x00081072, TAG_DROP },       /* OperatorIdentificationSequence */
	{ 0x00100024, TAG_DROP },       /* IssuerOfPatientIDQualifiers */
	{ 0x00100050, TAG_DROP },       /* PatientInsurancePlanCodeSequence */
	{ 0x00100101, TAG_DROP },       /* PatientPrimaryLanguageCode */
	{ 0x00101002, TAG_DROP },       /* OtherPatientIDsSequence */
	{ 0x00101100, TAG_DROP },       /* ReferencedPatientPhotoSequence */
	{ 0x00321031, TAG_DROP },       /* RequestingPhysicianIdentification */
	{ 0x00380004, TAG_DROP },       /* ReferencedPatientAliasSequence */
	{ 0x0040000b, TAG_DROP },       /* ScheduledPerformingPhysicianId */
	{ 0x00400026, TAG_DROP },       /* OrderPlacerIdentifierSequence */
	{ 0x00400027, TAG_DROP },       /* OrderFillerIdentifierSequence */
	{ 0x00400036, TAG_DROP },       /* AssigningFacilitySequence */
	{ 0x00400039, TAG_DROP },       /* AssigningJurisdictionCode */
	{ 0x0040003a, TAG_DROP },       /* AssigningAgencyOrDepartment */
	{ 0x00400515, TAG_DROP },       /* AlternateContainerIdentifier */
	{ 0x00401011, TAG_DROP },       /* IntendedRecipientsOfResultsId */
	{ 0x00401101, TAG_DROP },       /* PersonIdentificationCodeSequence */
	{ 0x0040a073, TAG_DROP },       /* VerifyingObserverSequence */
	{ 0x0040a078, TAG_DROP },       /* AuthorObserverSequence */
	{ 0x0040a07a, TAG_DROP },       /* ParticipantSequence */
	{ 0x0040a07c, TAG_DROP },       /* CustodialOrganizationSequence */
	{ 0x00620020, TAG_DROP },       /* TrackingID; it and its UID are */
	{ 0x00620021, TAG_DROP },       /* there together or not at all */
	/* UIDs that name a class, a syntax or a table (PS3.6 annex A) */
	{ 0x00080016, TAG_KEEP },       /* SOPClassUID */
	{ 0x0008001a, TAG_KEEP },       /* RelatedGeneralSOPClassUID */
	{ 0x0008001b, TAG_KEEP },       /* OriginalSpecializedSOPClassUID */
	{ 0x0008010c, TAG_KEEP },       /* CodingSchemeUID */
	{ 0x00080117, TAG_KEEP },       /* ContextUID */
	{ 0x00080118, TAG_KEEP },       /* MappingResourceUID */
	{ 0x00081150, TAG_KEEP },       /* ReferencedSOPClassUID */
	{ 0x0020000d, TAG_UID },        /* StudyInstanceUID */
	{ 0x0020000e, TAG_UID },        /* SeriesInstanceUID */
	/* codes that are kept in text VRs */
	{ 0x00080100, TAG_KEEP },       /* CodeValue */
	{ 0x00080102, TAG_KEEP },       /* CodingSchemeDesignator */
	{ 0x00080103, TAG_KEEP },       /* CodingSchemeVersion */
	{ 0x00080104, TAG_KEEP },       /* CodeMeaning */
	{ 0x00080119, TAG_KEEP },       /* LongCodeValue */
	{ 0x00080120, TAG_KEEP },       /* URNCodeValue */
	/* how the picture was made */
	{ 0x00080070, TAG_KEEP },       /* Manufacturer */
	{ 0x00081090, TAG_KEEP },       /* ManufacturerModelName */
	{ 0x00080201, TAG_KEEP },       /* TimezoneOffsetFromUTC */
	{ 0x00180024, TAG_KEEP },       /* SequenceName */
	{ 0x00181020, TAG_KEEP },       /* SoftwareVersions */
	{ 0x00181160, TAG_KEEP },       /* FilterType */
	{ 0x00181210, TAG_KEEP },       /* ConvolutionKernel */
	{ 0x00189005, TAG_KEEP },       /* PulseSequenceName */
	{ 0x00209056, TAG_KEEP },       /* StackID */
	{ 0x00480106, TAG_KEEP },       /* OpticalPathIdentifier */
	{ 0x00281054, TAG_KEEP },       /* RescaleType */
	{ 0x00283004, TAG_KEEP },       /* ModalityLUTType */
	/* what the pixels mean, in binary VRs */
	{ 0x00281201, TAG_KEEP },       /* palettes: red, green, blue, alpha */
	{ 0x00281202, TAG_KEEP },
	{ 0x00281203, TAG_KEEP },
	{ 0x00281204, TAG_KEEP },
	{ 0x00281221, TAG_KEEP },       /* the same, segmented */
	{ 0x00281222, TAG_KEEP },
	{ 0x00281223, TAG_KEEP },
	{ 0x00281224, TAG_KEEP },
	{ 0x00282000, TAG_KEEP },       /* ICCProfile */
	{ 0x00283006, TAG_KEEP },       /* LUTData */
};

/* What no table names (DESIGN 2).  A VR that is not here is dropped. */
static const struct {
	char vr[3];
	enum tag_action action;
} keep_list_vr[] = {
	{ "SQ", TAG_KEEP }, { "US", TAG_KEEP }, { "SS", TAG_KEEP },
	{ "UL", TAG_KEEP }, { "SL", TAG_KEEP }, { "UV", TAG_KEEP },
	{ "SV", TAG_KEEP }, { "FL", TAG_KEEP }, { "FD", TAG_KEEP },
	{ "AT", TAG_KEEP }, { "DS", TAG_NUMBER }, { "IS", TAG_NUMBER },
	{ "TM", TAG_NUMBER }, { "CS", TAG_CODE }, { "AS", TAG_AGE },
	{ "DA", TAG_DATE }, { "DT", TAG_DATE },
	{ "UI", TAG_UID_UNLESS_STANDARD },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

unsigned tags_carrier(uint32_t tag)
{
	for (size_t i = 0; i < COUNT(carriers); i++)
		if ((tag & carriers[i].mask) == carriers[i].value)
			return carriers[i].dropped;
	return 0;
}

bool tags_is_overlay(uint32_t tag)
{
	return tags_carrier(tag) == DROPPED_OVERLAY;
}

static bool find_rule(const struct rule *rules, size_t count, uint32_t tag,
		      enum tag_action *action)
{
	for (size_t i = 0; i < count; i++) {
		if (rules[i].tag == tag) {
			*action = rules[i].action;
			return true;
		}
	}
	return false;
}

/* The tables of a profile; what they do not name is decided by VR. */
static enum tag_action by_profile(enum tag_profile profile, uint32_t tag,
				  const char *vr, char why[TAGS_WHY])
{
	enum tag_action action = TAG_DROP;

	if (tags_base(profile) == TAGS_MHLW) {
		snprintf(why, TAGS_WHY, "mhlw");
		if (find_rule(mhlw, COUNT(mhlw), tag, &action))
			return action;
	} else if (tags_ps315(profile, tag, vr, &action, why)) {
		return action;
	}
	snprintf(why, TAGS_WHY, "keep-list");
	if (find_rule(keep_list, COUNT(keep_list), tag, &action))
		return action;
	/* whatever VR it is said to have: an ID may be digits */
	snprintf(why, TAGS_WHY, "ps315");
	if (memcmp(vr, "SQ", 3) != 0 && tags_ps315_identifies(tag))
		return TAG_DROP;
	snprintf(why, TAGS_WHY, "vr");
	for (size_t i = 0; i < COUNT(keep_list_vr); i++)
		if (!memcmp(keep_list_vr[i].vr, vr, 3))
			return keep_list_vr[i].action;
	return TAG_DROP;
}

enum tag_action tags_rule(enum tag_profile profile, uint32_t tag,
			  const char *vr, char why[TAGS_WHY])
{
	enum tag_action action = TAG_DROP;
	unsigned carrier = tags_carrier(tag);

	snprintf(why, TAGS_WHY, carrier == DROPPED_PRIVATE ? "private" :
		 "carrier");
	if (carrier)
		return carrier == DROPPED_LABEL ? TAG_EMPTY : TAG_DROP;
	snprintf(why, TAGS_WHY, "every profile");
	if (find_rule(always, COUNT(always), tag, &action))
		return action;
	snprintf(why, TAGS_WHY, "keep");
	if (tags_base(profile) == TAGS_KEEP || !REDACTED)
		return TAG_KEEP;
	return by_profile(profile, tag, vr, why);
}

enum tag_action tags_action(enum tag_profile profile, uint32_t tag,
			    const char *vr)
{
	char why[TAGS_WHY];

	return tags_rule(profile, tag, vr, why);
}

bool tags_is_safe(enum tag_profile profile, const struct dicom_element *e)
{
	return profile & TAGS_PRIVATE && e->is_private &&
	       tags_private(e) != TAG_DROP;
}

enum tag_action tags_element(enum tag_profile profile,
			     const struct dicom_element *e)
{
	return tags_is_safe(profile, e) ? tags_private(e) :
					  tags_action(profile, e->tag, e->vr);
}

/* ---- names ---- */

enum tag_profile tags_base(enum tag_profile profile)
{
	return (enum tag_profile)(profile & BASE);
}

const char *tags_option_name(unsigned bit)
{
	int i = 0;

	while (i < OPTIONS - 1 && bit != (unsigned)TAGS_UIDS << i)
		i++;
	return tag_words[TAG_PROFILES + i];
}

/* The number of a word of that length in tag_words[]; -1: none. */
static int find_word(const char *text, size_t length)
{
	for (int i = 0; tag_words[i]; i++)
		if (strlen(tag_words[i]) == length &&
		    !memcmp(tag_words[i], text, length))
			return i;
	return -1;
}

bool tags_parse(const char *text, enum tag_profile *profile)
{
	const unsigned dates = TAGS_FULL_DATES | TAGS_MODIFIED_DATES;
	size_t length = strcspn(text, "+");
	int word = find_word(text, length);
	unsigned found;

	if (word < 0 || word >= TAG_PROFILES)
		return false;
	found = (unsigned)word;
	for (text += length; *text; text += length) {
		length = strcspn(++text, "+");
		word = find_word(text, length);
		if (word < TAG_PROFILES ||
		    found & (unsigned)TAGS_UIDS << (word - TAG_PROFILES))
			return false;
		found |= (unsigned)TAGS_UIDS << (word - TAG_PROFILES);
	}
	*profile = (enum tag_profile)found;
	return found < TAG_PROFILES || ((found & BASE) == TAGS_PS315 &&
					(found & dates) != dates);
}

const char *tags_refused(const char *text)
{
	static const struct {
		const char *word, *why;
	} refused[] = {
		{ "graphics", N_("clean graphics is not offered: overlays, "
				 "annotations and drawings go in every "
				 "profile") },
		{ "structured", N_("clean structured content is not offered: "
				   "texts of reports can't be cleaned by a "
				   "table") },
	};

	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *found = strstr(text, refused[i].word);

		if (found && found > text &&
		    (found[-1] == '+' || found[-1] == '-'))
			return _(refused[i].why);
	}
	return NULL;
}

void tags_print(enum tag_profile profile, char name[TAGS_NAME])
{
	size_t used = (size_t)snprintf(name, TAGS_NAME, "%s",
				       tag_words[tags_base(profile)]);

	for (int i = 0; i < OPTIONS; i++)
		if (profile & (unsigned)TAGS_UIDS << i && used < TAGS_NAME)
			used += (size_t)snprintf(name + used, TAGS_NAME - used,
						 "+%s",
						 tag_words[TAG_PROFILES + i]);
}

/* ---- values ---- */

static bool only(const char *text, const char *allowed)
{
	return !text[strspn(text, allowed)];
}

/* The number of digits digits at text; -1 when there are other characters. */
static int digits_value(const char *text, size_t digits)
{
	int value = 0;

	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static const int month_days[12] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
	return month_days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days since 0000-03-01 of the proleptic Gregorian calendar. */
static long days_from_date(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int m = (month + 9) % 12;       /* March is 0 */

	return 365L * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 +
	       day - 1;
}

enum { DAYS_TO_1970 = 719468 };         /* from 0000-03-01 to 1970-01-01 */

static bool date_from_days(long days, int *year, int *month, int *day)
{
	int y = (int)((days + DAYS_TO_1970) / 366);
	int m = 1;

	days += DAYS_TO_1970;
	if (days < 400 || days > days_from_date(9999, 12, 31))
		return false;
	while (days_from_date(y + 1, 1, 1) <= days)
		y++;
	while (m < 12 && days_from_date(y, m + 1, 1) <= days)
		m++;
	*year = y;
	*month = m;
	*day = (int)(days - days_from_date(y, m, 1)) + 1;
	return true;
}

size_t tags_parse_date(const char *text, long *days)
{
	size_t length = strlen(text);
	size_t dot = length >= 10 && text[4] == '.' && text[7] == '.' ? 1 : 0;
	int year, month, day;

	if (length < 8 + 2 * dot)
		return 0;
	year = digits_value(text, 4);
	month = digits_value(text + 4 + dot, 2);
	day = digits_value(text + 6 + 2 * dot, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return 0;
	*days = days_from_date(year, month, day) - DAYS_TO_1970;
	return 8 + 2 * dot;
}

/* One value to out: how many characters, 0 when it can't be done. */
typedef size_t apply_one(const struct mask_job *job, const char *text,
			 char *out, size_t size);

static size_t fit(int written, size_t size)
{
	return written > 0 && (size_t)written < size ? (size_t)written : 0;
}

static size_t shift_date(const struct mask_job *job, const char *text,
			 char *out, size_t size)
{
	long days;
	int year, month, day;
	size_t used = tags_parse_date(text, &days);

	if (!used || !only(text + used, "0123456789.+- ") ||
	    !date_from_days(days + job->date_offset, &year, &month, &day))
		return 0;
	return fit(snprintf(out, size, "%04d%02d%02d%s", year, month, day,
			    text + used), size);
}

static size_t birth_date(const struct mask_job *job, const char *text,
			 char *out, size_t size)
{
	long days;
	int year, month, day;

	(void)job;
	if (!tags_parse_date(text, &days) ||
	    !date_from_days(days, &year, &month, &day))
		return 0;
	return fit(snprintf(out, size, "%04d%02d01", year, month), size);
}

static size_t cap_age(const struct mask_job *job, const char *text, char *out,
		      size_t size)
{
	int years = digits_value(text, 3);

	if (years < 0 || !text[3] || !strchr("DWMY", text[3]) ||
	    !only(text + 4, " "))
		return 0;
	if (text[3] == 'Y' && years > job->age_cap)
		years = job->age_cap;
	return fit(snprintf(out, size, "%03d%c", years, text[3]), size);
}

static size_t map_uid(const struct mask_job *job, const char *text, char *out,
		      size_t size)
{
	char uid[UID_SIZE];

	if (!*text || !uid_map(job->uid_key, text, uid))
		return 0;
	return fit(snprintf(out, size, "%s", uid), size);
}

/* The root of all UIDs of the standard (PS3.5 9): no instance has one. */
static const char standard_root[] = "1.2.840.10008.";

static size_t map_uid_unless_standard(const struct mask_job *job,
				      const char *text, char *out, size_t size)
{
	if (!strncmp(text, standard_root, sizeof(standard_root) - 1) &&
	    only(text, "0123456789."))
		return fit(snprintf(out, size, "%s", text), size);
	return map_uid(job, text, out, size);
}

/* What is no UID may say anything. */
static size_t keep_uid(const struct mask_job *job, const char *text, char *out,
		       size_t size)
{
	if (only(text, "0123456789."))
		return fit(snprintf(out, size, "%s", text), size);
	return map_uid(job, text, out, size);
}

/* Each of the values joined by '\\'; false when one can't be done. */
static bool apply_each(apply_one *apply, const struct mask_job *job,
		       const char *text, char value[DICOM_VALUE])
{
	size_t used = 0;

	for (;;) {
		char one[DICOM_VALUE];
		const char *end = strchr(text, '\\');
		size_t length = end ? (size_t)(end - text) : strlen(text);
		size_t got = 0;

		if (length >= sizeof(one) || used + 1 >= DICOM_VALUE)
			return false;
		memcpy(one, text, length);
		one[length] = '\0';
		if (length)
			got = apply(job, one, value + used,
				    DICOM_VALUE - used - 1);
		if (length && !got)
			return false;
		used += got;
		value[used] = '\0';
		if (!end)
			return true;
		value[used++] = '\\';
		text = end + 1;
	}
}

enum dicom_action tags_apply(enum tag_action action,
			     const struct mask_job *job, const char *text,
			     char value[DICOM_VALUE])
{
	static apply_one *const functions[TAG_ACTIONS] = {
		[TAG_DATE] = shift_date,
		[TAG_UID] = map_uid,
		[TAG_UID_UNLESS_STANDARD] = map_uid_unless_standard,
		[TAG_UID_KEPT] = keep_uid,
		[TAG_BIRTH_DATE] = birth_date,
		[TAG_AGE] = cap_age,
	};
	static const char *const allowed[TAG_ACTIONS] = {
		[TAG_NUMBER] = "0123456789+-.:eE \\",
		[TAG_RATIO] = "0123456789./: ",
		[TAG_CODE] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789_ \\-./+",
	};

	static const char *const dummy[TAG_ACTIONS] = {
		[TAG_DUMMY] = "REMOVED", [TAG_DUMMY_DATE] = "19000101",
		[TAG_DUMMY_TIME] = "000000",
		[TAG_DUMMY_DATETIME] = "19000101000000",
		[TAG_DUMMY_AGE] = "000D", [TAG_ZERO] = "0",
	};

	if (action == TAG_KEEP || action == TAG_DROP)
		return action == TAG_KEEP ? DICOM_KEEP : DICOM_REMOVE;
	if (action == TAG_PATIENT_ID) {
		if (job->patient_id_empty || !job->pseudonym[0])
			return DICOM_EMPTY;
		snprintf(value, DICOM_VALUE, "%s", job->pseudonym);
		return DICOM_SET;
	}
	if (action == TAG_EMPTY || !text || !*text)
		return DICOM_EMPTY;
	if (action == TAG_CLEAN || action == TAG_CLEAN_DUMMY) {
		if (tags_clean(text, value))
			return DICOM_SET;
		if (action == TAG_CLEAN)
			return DICOM_EMPTY;
		action = TAG_DUMMY;
	}
	if (dummy[action]) {
		snprintf(value, DICOM_VALUE, "%s", dummy[action]);
		return DICOM_SET;
	}
	if (allowed[action])
		return only(text, allowed[action]) ? DICOM_KEEP : DICOM_EMPTY;
	return apply_each(functions[action], job, text, value) ? DICOM_SET :
								 DICOM_EMPTY;
}
