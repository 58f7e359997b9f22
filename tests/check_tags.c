/* check_tags.c - the tag profiles and what their actions do to values. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mask/tags.h"
#include "support.h"

static const struct {
	enum tag_profile profile;
	uint32_t tag;
	const char *vr;
	enum tag_action action;
} rules[] = {
	/* the table of DESIGN 2 */
	{ TAGS_MHLW, 0x00100010, "PN", TAG_EMPTY },
	{ TAGS_MHLW, 0x00100020, "LO", TAG_PATIENT_ID },
	{ TAGS_MHLW, 0x00100030, "DA", TAG_BIRTH_DATE },
	{ TAGS_MHLW, 0x00101010, "AS", TAG_AGE },
	{ TAGS_MHLW, 0x00100040, "CS", TAG_CODE },
	{ TAGS_MHLW, 0x00080020, "DA", TAG_DATE },
	{ TAGS_MHLW, 0x0008002a, "DT", TAG_DATE },
	{ TAGS_MHLW, 0x00200010, "SH", TAG_EMPTY },
	{ TAGS_MHLW, 0x00080050, "SH", TAG_EMPTY },
	/* by VR */
	{ TAGS_MHLW, 0x00280010, "US", TAG_KEEP },
	{ TAGS_MHLW, 0x00180050, "DS", TAG_NUMBER },
	{ TAGS_MHLW, 0x00080030, "TM", TAG_NUMBER },
	{ TAGS_MHLW, 0x00081030, "LO", TAG_DROP },
	{ TAGS_MHLW, 0x00104000, "LT", TAG_DROP },
	{ TAGS_MHLW, 0x00081070, "PN", TAG_DROP },
	{ TAGS_MHLW, 0x00081010, "SH", TAG_DROP },
	{ TAGS_MHLW, 0x00020016, "AE", TAG_DROP },
	{ TAGS_MHLW, 0x00089999, "UN", TAG_DROP },
	{ TAGS_MHLW, 0x00660016, "OB", TAG_DROP },
	{ TAGS_MHLW, 0x00081140, "SQ", TAG_KEEP },
	{ TAGS_MHLW, 0x00080008, "??", TAG_DROP },
	/* classes stay, instances are mapped */
	{ TAGS_MHLW, 0x00080016, "UI", TAG_KEEP },
	{ TAGS_MHLW, 0x00081150, "UI", TAG_KEEP },
	{ TAGS_MHLW, 0x00080018, "UI", TAG_UID },
	{ TAGS_MHLW, 0x0020000d, "UI", TAG_UID },
	{ TAGS_MHLW, 0x00081155, "UI", TAG_UID_UNLESS_STANDARD },
	{ TAGS_MHLW, 0x00281201, "OW", TAG_KEEP },
	{ TAGS_MHLW, 0x0040a160, "UT", TAG_DUMMY },
	{ TAGS_KEEP, 0x0040a160, "UT", TAG_KEEP },
	{ TAGS_MHLW, 0x00620021, "UI", TAG_DROP },
	/* the other profile */
	{ TAGS_KEEP, 0x00100010, "PN", TAG_KEEP },
	{ TAGS_KEEP, 0x00080020, "DA", TAG_KEEP },
	{ TAGS_KEEP, 0x0020000d, "UI", TAG_KEEP },
	{ TAGS_KEEP, 0x00080018, "UI", TAG_UID },
	/* an ID is an ID whatever VR it is said to have; a place is one */
	{ TAGS_MHLW, 0x00400253, "CS", TAG_DROP },
	{ TAGS_MHLW, 0x00101000, "IS", TAG_DROP },
	{ TAGS_MHLW, 0x00160072, "DS", TAG_DROP },
	{ TAGS_MHLW, 0x00101020, "DS", TAG_NUMBER },
	/* Table E.1-1 of PS3.15 */
	{ TAGS_PS315, 0x00100010, "PN", TAG_EMPTY },            /* Z */
	{ TAGS_PS315, 0x00100020, "LO", TAG_PATIENT_ID },       /* Z/D */
	{ TAGS_PS315, 0x00100030, "DA", TAG_EMPTY },            /* Z */
	{ TAGS_PS315, 0x00100040, "CS", TAG_EMPTY },            /* Z */
	{ TAGS_PS315, 0x00101010, "AS", TAG_DROP },             /* X */
	{ TAGS_PS315, 0x00080020, "DA", TAG_EMPTY },            /* Z */
	{ TAGS_PS315, 0x00080021, "DA", TAG_DUMMY_DATE },       /* X/D */
	{ TAGS_PS315, 0x00080033, "TM", TAG_DUMMY_TIME },       /* Z/D */
	{ TAGS_PS315, 0x0008002a, "DT", TAG_DUMMY_DATETIME },   /* X/Z/D */
	{ TAGS_PS315, 0x00080080, "LO", TAG_DUMMY },            /* X/Z/D */
	{ TAGS_PS315, 0x00080081, "ST", TAG_DROP },             /* X */
	{ TAGS_PS315, 0x00081030, "LO", TAG_DROP },             /* X */
	{ TAGS_PS315, 0x00080082, "SQ", TAG_DROP },             /* X/Z/D */
	{ TAGS_PS315, 0x00081140, "SQ", TAG_KEEP },             /* X/Z/U* */
	{ TAGS_PS315, 0x0040a730, "SQ", TAG_KEEP },             /* D: into */
	{ TAGS_PS315, 0x00400562, "SQ", TAG_EMPTY },            /* Z */
	{ TAGS_PS315, 0x00200052, "UI", TAG_UID_UNLESS_STANDARD },
	{ TAGS_PS315, 0x0020000d, "UI", TAG_UID },
	{ TAGS_PS315, 0x00080201, "SH", TAG_DROP },
	{ TAGS_PS315, 0x00080016, "UI", TAG_KEEP },
	{ TAGS_PS315, 0x00280010, "US", TAG_KEEP },
	{ TAGS_PS315, 0x00189999, "DA", TAG_DUMMY_DATE },       /* no row */
	{ TAGS_PS315, 0x00189999, "LO", TAG_DROP },
	{ TAGS_PS315, 0x00091001, "US", TAG_DROP },
	/* its options */
	{ TAGS_PS315 | TAGS_MODIFIED_DATES, 0x00080020, "DA", TAG_DATE },
	{ TAGS_PS315 | TAGS_MODIFIED_DATES, 0x00080030, "TM", TAG_NUMBER },
	{ TAGS_PS315 | TAGS_MODIFIED_DATES, 0x00100030, "DA", TAG_EMPTY },
	{ TAGS_PS315 | TAGS_MODIFIED_DATES, 0x00189999, "DT", TAG_DATE },
	{ TAGS_PS315 | TAGS_FULL_DATES, 0x0008002a, "DT", TAG_NUMBER },
	{ TAGS_PS315 | TAGS_FULL_DATES, 0x00100030, "DA", TAG_EMPTY },
	{ TAGS_PS315 | TAGS_PATIENT, 0x00100040, "CS", TAG_CODE },
	{ TAGS_PS315 | TAGS_PATIENT, 0x00101010, "AS", TAG_AGE },
	{ TAGS_PS315 | TAGS_PATIENT, 0x00102160, "SH", TAG_KEEP },
	{ TAGS_PS315 | TAGS_PATIENT, 0x00102110, "LO", TAG_DROP },
	{ TAGS_PS315 | TAGS_PATIENT, 0x00100010, "PN", TAG_EMPTY },
	{ TAGS_PS315 | TAGS_DEVICE, 0x00081010, "SH", TAG_KEEP },
	{ TAGS_PS315 | TAGS_DEVICE, 0x00181002, "UI", TAG_UID_KEPT },
	{ TAGS_PS315 | TAGS_DEVICE, 0x00080080, "LO", TAG_DUMMY },
	{ TAGS_PS315 | TAGS_INSTITUTION, 0x00080080, "LO", TAG_KEEP },
	{ TAGS_PS315 | TAGS_INSTITUTION, 0x00080082, "SQ", TAG_KEEP },
	{ TAGS_PS315 | TAGS_UIDS, 0x0020000d, "UI", TAG_UID_KEPT },
	{ TAGS_PS315 | TAGS_UIDS, 0x00080018, "UI", TAG_UID },
	{ TAGS_PS315 | TAGS_UIDS, 0x00081155, "UI", TAG_UID_UNLESS_STANDARD },
	{ TAGS_PS315 | TAGS_UIDS, 0x00880200, "SQ", TAG_DROP },
	/* in every profile */
	{ TAGS_KEEP, 0x00880200, "SQ", TAG_DROP },
	{ TAGS_KEEP, 0x60003000, "OW", TAG_DROP },
	{ TAGS_KEEP, 0x60fe0010, "US", TAG_DROP },
	{ TAGS_KEEP, 0x50003000, "OW", TAG_DROP },
	{ TAGS_KEEP, 0x00091001, "LO", TAG_DROP },
	{ TAGS_KEEP, 0x04000561, "SQ", TAG_DROP },
	{ TAGS_KEEP, 0xfffcfffc, "OB", TAG_DROP },
	{ TAGS_KEEP, 0x7fe00010, "OW", TAG_DROP },
	{ TAGS_KEEP, 0x00280106, "US", TAG_DROP },
	{ TAGS_KEEP, 0x00280301, "CS", TAG_DROP },
	{ TAGS_KEEP, 0x00420011, "OB", TAG_DROP },
	{ TAGS_KEEP, 0x00700001, "SQ", TAG_DROP },
	{ TAGS_KEEP, 0x22000002, "UT", TAG_EMPTY },
	{ TAGS_MHLW, 0x22000005, "LO", TAG_EMPTY },
	{ TAGS_MHLW, 0x00091001, "US", TAG_DROP },
	{ TAGS_MHLW, 0x60000010, "US", TAG_DROP },
};

START_TEST(test_rules)
{
	ck_assert_int_eq(tags_action(rules[_i].profile, rules[_i].tag,
				     rules[_i].vr), rules[_i].action);
}
END_TEST

static const struct {
	uint32_t tag;
	unsigned dropped;
} carriers[] = {
	{ 0x60000010, DROPPED_OVERLAY }, { 0x60ff0010, DROPPED_PRIVATE },
	{ 0x00880200, DROPPED_ICON }, { 0x00100010, 0 },
	{ 0x00110010, DROPPED_PRIVATE }, { 0xfffafffa, DROPPED_SIGNATURES },
	{ 0x50040010, DROPPED_CURVES }, { 0x61000010, 0 },
	{ 0x00700001, DROPPED_GRAPHICS }, { 0x00700080, 0 },
	{ 0x22000002, DROPPED_LABEL }, { 0x22000001, 0 },
	{ 0x00020016, DROPPED_META }, { 0x00041130, DROPPED_META },
	{ 0x00080016, 0 },
};

START_TEST(test_carriers)
{
	ck_assert_uint_eq(tags_carrier(carriers[_i].tag),
			  carriers[_i].dropped);
}
END_TEST

/* want NULL: kept; "": emptied */
static const struct {
	enum tag_action action;
	const char *text, *want;
} values[] = {
	{ TAG_DATE, "20240110", "20231231" },
	{ TAG_DATE, "2024.01.10", "20231231" },
	{ TAG_DATE, "20240310", "20240229" },           /* leap year */
	{ TAG_DATE, "20230310", "20230228" },
	{ TAG_DATE, "20240110\\20240111", "20231231\\20240101" },
	{ TAG_DATE, "20240110\\", "20231231\\" },
	{ TAG_DATE, "20240110123456.500+0900", "20231231123456.500+0900" },
	{ TAG_DATE, "20230229", "" },
	{ TAG_DATE, "20241301", "" },
	{ TAG_DATE, "2024", "" },
	{ TAG_DATE, "YAMADA 1", "" },
	{ TAG_DATE, "20240110YAMADA", "" },
	{ TAG_DATE, "", "" },
	{ TAG_DATE, "00010105", "" },                   /* before year 1 */
	{ TAG_BIRTH_DATE, "19500523", "19500501" },
	{ TAG_BIRTH_DATE, "1950.05.23", "19500501" },
	{ TAG_BIRTH_DATE, "S25", "" },
	{ TAG_AGE, "045Y", "045Y" },
	{ TAG_AGE, "101Y", "089Y" },
	{ TAG_AGE, "101M", "101M" },
	{ TAG_AGE, "45", "" },
	{ TAG_AGE, "045YX", "" },
	{ TAG_NUMBER, "1.5E+3\\-2", NULL },
	{ TAG_NUMBER, "ID 1234567", "" },
	{ TAG_CODE, "ORIGINAL\\PRIMARY", NULL },
	{ TAG_CODE, "YAMADA^TARO", "" },
	{ TAG_RATIO, "1.375:1", NULL }, { TAG_RATIO, "/1.0:1", NULL },
	{ TAG_RATIO, "Yamada", "" }, { TAG_RATIO, "1.0-1", "" },
	{ TAG_PATIENT_ID, "1234567", "P0123456789abcde" },
	{ TAG_EMPTY, "Yamada", "" },
	{ TAG_UID_UNLESS_STANDARD, "1.2.840.10008.1.2", "1.2.840.10008.1.2" },
	{ TAG_DUMMY, "S19-1_A", "REMOVED" }, { TAG_DUMMY, "", "" },
	{ TAG_DUMMY_DATE, "20240110", "19000101" },
	{ TAG_DUMMY_TIME, "101010", "000000" },
	{ TAG_DUMMY_DATETIME, "20240110101010", "19000101000000" },
	{ TAG_DUMMY_AGE, "045Y", "000D" }, { TAG_ZERO, "17", "0" },
	{ TAG_UID_KEPT, "1.2.392.7", "1.2.392.7" },
	{ TAG_CLEAN, "CT Thorax", "CT Thorax" },
	{ TAG_CLEAN, "ABDOMEN/PELVIS +C 5.0mm", "ABDOMEN PELVIS 5.0mm" },
	{ TAG_CLEAN, "T2W_TSE sag", "T2W TSE sag" },
	{ TAG_CLEAN, "YAMADA TARO CHEST PA 1234567", "CHEST PA" },
	{ TAG_CLEAN, "HEAD 2024-01-10 F45Y", "HEAD" },
	{ TAG_CLEAN, "Dr Suzuki", "" }, { TAG_CLEAN, "1/2/2024", "" },
	{ TAG_CLEAN, "12345mm 3 .5mm 5.mm", "" },
	{ TAG_CLEAN, "MRN1234 CHEST^YAMADA", "CHEST" },
	{ TAG_CLEAN, "CHESTER", "" },
	{ TAG_CLEAN, "HEAD\\Suzuki\\NECK", "HEAD\\\\NECK" },
	{ TAG_CLEAN, "\xe8\x83\xb8\xe9\x83\xa8 CHEST", "" },
	/* ISO 2022: these letters stand for kanji */
	{ TAG_CLEAN, "\x1b$BCT\x1b(B CHEST", "" },
	{ TAG_CLEAN, "", "" }, { TAG_CLEAN_DUMMY, "", "" },
	{ TAG_CLEAN_DUMMY, "Routine Brain", "Routine Brain" },
	{ TAG_CLEAN_DUMMY, "Yamada", "REMOVED" },
};

/* canonical NULL: it is none */
static const struct {
	const char *text, *canonical;
} names[] = {
	{ "mhlw", "mhlw" }, { "keep", "keep" }, { "ps315", "ps315" },
	{ "ps315+patient+uids", "ps315+uids+patient" },
	{ "ps315+uids+device+institution+patient+full-dates",
	  "ps315+uids+device+institution+patient+full-dates" },
	{ "ps315+modified-dates", "ps315+modified-dates" },
	{ "ps315+descriptors+modified-dates+patient+institution+device+uids",
	  "ps315+uids+device+institution+patient+modified-dates+descriptors" },
	{ "ps315+private+descriptors+modified-dates+patient+institution"
	  "+device+uids",
	  "ps315+uids+device+institution+patient+modified-dates+descriptors"
	  "+private" },
	{ "mhlw+descriptors", NULL }, { "ps315+graphics", NULL },
	{ "ps315+structured", NULL }, { "mhlw+private", NULL },
	{ "keep+private", NULL }, { "ps315+private+private", NULL },
	{ "ps315+full-dates+modified-dates", NULL },
	{ "ps315+uids+uids", NULL }, { "ps315+", NULL }, { "", NULL },
	{ "mhlw+uids", NULL }, { "keep+device", NULL }, { "uids", NULL },
	{ "ps315+mhlw", NULL }, { "ps315+dates", NULL }, { "PS315", NULL },
};

START_TEST(test_names)
{
	enum tag_profile profile = TAGS_KEEP;
	char name[TAGS_NAME];
	bool known = tags_parse(names[_i].text, &profile);

	ck_assert_int_eq(known, names[_i].canonical != NULL);
	if (!known)
		return;
	tags_print(profile, name);
	ck_assert_str_eq(name, names[_i].canonical);
}
END_TEST

/* What is no UID is mapped though UIDs are retained. */
START_TEST(test_kept_uid)
{
	const struct mask_job job = { .age_cap = 89 };
	char value[DICOM_VALUE];

	ck_assert_int_eq(tags_apply(TAG_UID_KEPT, &job, "Yamada Taro", value),
			 DICOM_SET);
	ck_assert_int_eq(strncmp(value, "2.25.", 5), 0);
}
END_TEST

/*
 * Which option keeps a row of Table E.1-1: Retain u UIDs, d device, i
 * institution, p patient characteristics, t times and dates; c: its words are
 * cleaned.  "": none does.
 */
static const struct {
	uint32_t tag;
	const char *vr, *kept_by;
} option_rows[] = {
	{ 0x00080080, "LO", "i" }, { 0x00080081, "ST", "i" },
	{ 0x00080082, "SQ", "i" }, { 0x00081010, "SH", "d" },
	{ 0x00081040, "LO", "i" }, { 0x00081041, "SQ", "i" },
	{ 0x00100040, "CS", "p" }, { 0x00101010, "AS", "p" },
	{ 0x00101020, "DS", "p" }, { 0x00101030, "DS", "p" },
	{ 0x00102160, "SH", "p" }, { 0x001021a0, "CS", "p" },
	{ 0x001021c0, "US", "p" }, { 0x00102203, "CS", "p" },
	{ 0x00120030, "LO", "i" }, { 0x00120031, "LO", "i" },
	{ 0x00120060, "LO", "i" }, { 0x00120081, "LO", "i" },
	{ 0x0016004e, "DS", "d" }, { 0x0016004f, "LO", "d" },
	{ 0x00160050, "LO", "d" }, { 0x00160051, "LO", "d" },
	{ 0x00181000, "LO", "d" }, { 0x00181002, "UI", "ud" },
	{ 0x00181004, "LO", "d" }, { 0x00181005, "LO", "d" },
	{ 0x00181007, "LO", "d" }, { 0x00181008, "LO", "d" },
	{ 0x00181009, "UT", "d" }, { 0x0018100a, "SQ", "d" },
	{ 0x0018100b, "UI", "ud" }, { 0x00185011, "SQ", "d" },
	{ 0x0018700a, "SH", "d" }, { 0x00189367, "LO", "d" },
	{ 0x00189371, "LO", "d" }, { 0x00189373, "LO", "d" },
	{ 0x00321020, "LO", "d" }, { 0x00321021, "AE", "d" },
	{ 0x00400001, "AE", "d" }, { 0x00400010, "SH", "d" },
	{ 0x00400011, "SH", "d" }, { 0x00400241, "AE", "d" },
	{ 0x00400242, "SH", "d" }, { 0x00404025, "SQ", "d" },
	{ 0x00404027, "SQ", "d" }, { 0x00404028, "SQ", "d" },
	{ 0x00404030, "SQ", "d" }, { 0x00500020, "LO", "d" },
	{ 0x00500021, "UT", "d" }, { 0x30080105, "LO", "d" },
	{ 0x300a00b2, "SH", "d" }, { 0x300a0216, "LO", "d" },
	{ 0x3010002d, "LO", "d" }, { 0x30100043, "LO", "d" },
	{ 0x00080012, "DA", "t" }, { 0x00080020, "DA", "t" },
	{ 0x00080021, "DA", "t" }, { 0x00080022, "DA", "t" },
	{ 0x00080023, "DA", "t" }, { 0x0008002a, "DT", "t" },
	{ 0x00080013, "TM", "t" }, { 0x00080030, "TM", "t" },
	{ 0x00080031, "TM", "t" }, { 0x00080033, "TM", "t" },
	{ 0x00080201, "SH", "t" }, { 0x001021d0, "DA", "t" },
	{ 0x00181012, "DA", "t" }, { 0x00181078, "DT", "t" },
	{ 0x00181200, "DA", "t" }, { 0x00181201, "TM", "t" },
	{ 0x00189074, "DT", "t" }, { 0x00400244, "DA", "t" },
	{ 0x00400245, "TM", "t" }, { 0x00189999, "DA", "t" },
	{ 0x00189999, "TM", "t" }, { 0x00189999, "DT", "t" },
	{ 0x00080014, "UI", "u" }, { 0x00083010, "UI", "u" },
	{ 0x0020000d, "UI", "u" }, { 0x0020000e, "UI", "u" },
	{ 0x00200052, "UI", "u" }, { 0x00209164, "UI", "u" },
	{ 0x00281199, "UI", "u" }, { 0x0040a124, "UI", "" },
	{ 0x00880140, "UI", "u" }, { 0x00081030, "LO", "c" },
	{ 0x0008103e, "LO", "c" }, { 0x00180010, "LO", "c" },
	{ 0x00181030, "LO", "c" }, { 0x00321060, "LO", "c" },
	{ 0x00400007, "LO", "c" }, { 0x00400254, "LO", "c" },
	{ 0x00080016, "UI", "" }, { 0x00080018, "UI", "" },
	{ 0x00080050, "SH", "" }, { 0x00080090, "PN", "" },
	{ 0x00081050, "PN", "" }, { 0x00081070, "PN", "" },
	{ 0x00081155, "UI", "" }, { 0x00100010, "PN", "" },
	{ 0x00100020, "LO", "" }, { 0x00100030, "DA", "" },
	{ 0x00100032, "TM", "" }, { 0x00101000, "LO", "" },
	{ 0x00101001, "PN", "" }, { 0x00101040, "LO", "" },
	{ 0x001021b0, "LT", "" }, { 0x00102154, "SH", "" },
	{ 0x00104000, "LT", "" }, { 0x00120040, "LO", "" },
	{ 0x00200010, "SH", "" }, { 0x00204000, "LT", "" },
	{ 0x00280010, "US", "" }, { 0x00400280, "ST", "" },
	{ 0x00700084, "PN", "" }, { 0x00880200, "SQ", "" },
	{ 0x60003000, "OW", "" },
};

static const struct {
	unsigned bit;
	char letter;
} option_letters[] = {
	{ TAGS_UIDS, 'u' }, { TAGS_DEVICE, 'd' }, { TAGS_INSTITUTION, 'i' },
	{ TAGS_PATIENT, 'p' }, { TAGS_FULL_DATES, 't' },
	{ TAGS_MODIFIED_DATES, 't' }, { TAGS_DESCRIPTORS, 'c' },
	{ TAGS_PRIVATE, '\0' },
};

/* What is let through of a value that stays. */
static enum tag_action kept_action(const char *vr, unsigned options)
{
	static const struct {
		const char *vr;
		enum tag_action full, modified;
	} kept[] = {
		{ "DA", TAG_NUMBER, TAG_DATE }, { "DT", TAG_NUMBER, TAG_DATE },
		{ "TM", TAG_NUMBER, TAG_NUMBER },
		{ "DS", TAG_NUMBER, TAG_NUMBER }, { "CS", TAG_CODE, TAG_CODE },
		{ "AS", TAG_AGE, TAG_AGE }, { "UI", TAG_UID_KEPT, TAG_UID_KEPT },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(kept); i++)
		if (!strcmp(kept[i].vr, vr))
			return options & TAGS_MODIFIED_DATES ?
				       kept[i].modified : kept[i].full;
	return TAG_KEEP;
}

static bool is_kept(const char *kept_by, unsigned options, const char *letters)
{
	for (size_t i = 0; i < ARRAY_LENGTH(option_letters); i++)
		if (options & option_letters[i].bit &&
		    option_letters[i].letter &&
		    strchr(letters, option_letters[i].letter) &&
		    strchr(kept_by, option_letters[i].letter))
			return true;
	return false;
}

/* Of each row every set of options: one keeps its own rows and no other, with
 * or without the rest. */
START_TEST(test_options)
{
	const char *vr = option_rows[_i].vr, *by = option_rows[_i].kept_by;
	const uint32_t tag = option_rows[_i].tag;
	const enum tag_action base = tags_action(TAGS_PS315, tag, vr);

	for (unsigned set = 0; set <= TAGS_MOST; set += TAGS_UIDS) {
		const enum tag_profile profile = TAGS_PS315 | set;
		enum tag_action want = base, got;

		if (is_kept(by, set, "udipt"))
			want = kept_action(vr, set);
		else if (is_kept(by, set, "c"))
			want = base == TAG_DUMMY ? TAG_CLEAN_DUMMY : TAG_CLEAN;
		got = tags_action(profile, tag, vr);
		if ((set & TAGS_FULL_DATES) && (set & TAGS_MODIFIED_DATES))
			continue;       /* no profile */
		ck_assert_msg(got == want, "%08x %s, options %x: %s, not %s",
			      (unsigned)tag, vr, set, tag_action_name[got],
			      tag_action_name[want]);
	}
}
END_TEST

/* Private attributes: who reserved the block, group, element, VR, length. */
static const struct {
	enum tag_profile profile;
	const char *creator;            /* NULL: nobody */
	uint32_t tag;
	const char *vr;
	size_t length;
	enum tag_action action;
} private_rows[] = {
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00191023, "DS", 8,
	  TAG_NUMBER },
	/* in another block than usual */
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x0019f323, "DS", 8,
	  TAG_NUMBER },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x0019109e, "LO", 8,
	  TAG_CODE },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_PARM_01", 0x00431027, "SH", 8,
	  TAG_RATIO },
	{ TAGS_PS315 | TAGS_PRIVATE, "ELSCINT1", 0x01f11001, "CS", 6,
	  TAG_CODE },
	{ TAGS_PS315 | TAGS_PRIVATE, "SIEMENS MR HEADER", 0x00191027, "FD", 48,
	  TAG_KEEP },
	/* without the option, or in another profile */
	{ TAGS_PS315, "GEMS_ACQU_01", 0x00191023, "DS", 8, TAG_DROP },
	{ TAGS_PS315 | TAGS_UIDS, "GEMS_ACQU_01", 0x00191023, "DS", 8,
	  TAG_DROP },
	{ TAGS_MHLW, "GEMS_ACQU_01", 0x00191023, "DS", 8, TAG_DROP },
	{ TAGS_KEEP, "GEMS_ACQU_01", 0x00191023, "DS", 8, TAG_DROP },
	/* another creator, group, element, VR; nobody; longer than it may be */
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_0", 0x00191023, "DS", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01X", 0x00191023, "DS", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "gems_acqu_01", 0x00191023, "DS", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "", 0x00191023, "DS", 8, TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, NULL, 0x00191023, "DS", 8, TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00211023, "DS", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00191002, "DS", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00191023, "UN", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00191023, "LO", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00191023, "DS", 18,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "SIEMENS MR HEADER", 0x00191027, "FD",
	  1000, TAG_DROP },
	/* sequences and bytes that the standard's table has */
	{ TAGS_PS315 | TAGS_PRIVATE, "HOLOGIC, Inc.", 0x7e011010, "SQ", 0,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, "HOLOGIC, Inc.", 0x7e011012, "OB", 99,
	  TAG_DROP },
	/* in no block */
	{ TAGS_PS315 | TAGS_PRIVATE, "GEMS_ACQU_01", 0x00190123, "DS", 8,
	  TAG_DROP },
	{ TAGS_PS315 | TAGS_PRIVATE, NULL, 0x00190001, "DS", 8, TAG_DROP },
	/* what is not private goes by its own rule */
	{ TAGS_PS315 | TAGS_PRIVATE, NULL, 0x00100010, "PN", 8, TAG_EMPTY },
	{ TAGS_PS315 | TAGS_PRIVATE, NULL, 0x00080300, "SQ", 0, TAG_DROP },
	{ TAGS_MHLW, NULL, 0x00080300, "SQ", 0, TAG_DROP },
};

START_TEST(test_private)
{
	struct dicom_element e = {
		.tag = private_rows[_i].tag,
		.is_private = private_rows[_i].tag >> 16 & 1,
		.is_sequence = !strcmp(private_rows[_i].vr, "SQ"),
		.length = private_rows[_i].length,
		.creator = private_rows[_i].creator,
	};

	memcpy(e.vr, private_rows[_i].vr, 3);
	ck_assert_int_eq(tags_element(private_rows[_i].profile, &e),
			 private_rows[_i].action);
}
END_TEST

/* A reservation stays with something in its block, and only then. */
START_TEST(test_reservation)
{
	struct dicom_reserved in[] = { { 0x02, "SL", 4 }, { 0x23, "DS", 8 } };
	struct dicom_element e = {
		.tag = 0x00190010, .vr = "LO", .is_private = true,
		.length = 12, .creator = "GEMS_ACQU_01", .reserved = in,
	};
	const enum tag_profile with = TAGS_PS315 | TAGS_PRIVATE;

	for (e.reserved_count = 0; e.reserved_count <= 2; e.reserved_count++)
		ck_assert_int_eq(tags_element(with, &e), e.reserved_count < 2 ?
				 TAG_DROP : TAG_KEEP);
	e.reserved_count = 2;
	ck_assert_int_eq(tags_element(TAGS_PS315, &e), TAG_DROP);
	memcpy(in[1].vr, "UN", 3);
	ck_assert_int_eq(tags_element(with, &e), TAG_DROP);
	memcpy(in[1].vr, "DS", 3);
	e.creator = "GEMS_IDEN_01";
	ck_assert_int_eq(tags_element(with, &e), TAG_DROP);
}
END_TEST

/* The word of each rule, for the command tags. */
START_TEST(test_why)
{
	static const struct {
		enum tag_profile profile;
		uint32_t tag;
		const char *vr, *why;
	} rows[] = {
		{ TAGS_MHLW, 0x00100010, "PN", "mhlw" },
		{ TAGS_MHLW, 0x00101000, "LO", "ps315" },
		{ TAGS_MHLW, 0x00080016, "UI", "keep-list" },
		{ TAGS_MHLW, 0x00280010, "US", "vr" },
		{ TAGS_MHLW, 0x00091001, "US", "private" },
		{ TAGS_KEEP, 0x00880200, "SQ", "carrier" },
		{ TAGS_KEEP, 0x00080018, "UI", "every profile" },
		{ TAGS_KEEP, 0x00100010, "PN", "keep" },
		{ TAGS_PS315, 0x00081140, "SQ", "ps315 X/Z/U*" },
		{ TAGS_PS315 | TAGS_DEVICE, 0x00081010, "SH",
		  "ps315+device" },
		{ TAGS_PS315 | TAGS_DESCRIPTORS, 0x00081030, "LO",
		  "ps315+descriptors" },
		{ TAGS_PS315 | TAGS_DESCRIPTORS, 0x00081030, "PN",
		  "ps315 X" },
		{ TAGS_PS315 | TAGS_DESCRIPTORS, 0x001021b0, "LT",
		  "ps315 X" },
	};
	char why[TAGS_WHY];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tags_rule(rows[i].profile, rows[i].tag, rows[i].vr, why);
		ck_assert_str_eq(why, rows[i].why);
	}
}
END_TEST

START_TEST(test_values)
{
	const struct mask_job job = { .age_cap = 89, .date_offset = -10,
				      .pseudonym = "P0123456789abcde" };
	char value[DICOM_VALUE] = "untouched";
	enum dicom_action got = tags_apply(values[_i].action, &job,
					   values[_i].text, value);

	if (!values[_i].want) {
		ck_assert_int_eq(got, DICOM_KEEP);
	} else if (!*values[_i].want) {
		ck_assert_int_eq(got, DICOM_EMPTY);
	} else {
		ck_assert_int_eq(got, DICOM_SET);
		ck_assert_str_eq(value, values[_i].want);
	}
}
END_TEST

START_TEST(test_empty_patient_id)
{
	const struct mask_job job = { .patient_id_empty = true,
				      .pseudonym = "P0123456789abcde" };
	char value[DICOM_VALUE];

	ck_assert_int_eq(tags_apply(TAG_PATIENT_ID, &job, "1", value),
			 DICOM_EMPTY);
}
END_TEST

START_TEST(test_uids_are_consistent)
{
	const struct mask_job one = { .uid_key = { 1 } };
	const struct mask_job two = { .uid_key = { 2 } };
	char a[DICOM_VALUE], b[DICOM_VALUE], c[DICOM_VALUE];

	ck_assert_int_eq(tags_apply(TAG_UID, &one, "1.2.3", a), DICOM_SET);
	tags_apply(TAG_UID_UNLESS_STANDARD, &one, "1.2.3", b);
	tags_apply(TAG_UID, &two, "1.2.3", c);
	ck_assert(!strncmp(a, "2.25.", 5));
	ck_assert_str_eq(a, b);
	ck_assert_str_ne(a, c);
	ck_assert_int_eq(tags_apply(TAG_UID, &one, "1.2.3\\1.2.4", b),
			 DICOM_SET);
	ck_assert(!strncmp(a, b, strlen(a)) && b[strlen(a)] == '\\');
	/* what is no UID may name a series all the same */
	ck_assert_int_eq(tags_apply(TAG_UID, &one, "PLANTED 1", a), DICOM_SET);
	ck_assert(!strncmp(a, "2.25.", 5) && !strstr(a, "PLANTED"));
}
END_TEST

/* A value that does not fit is emptied, never cut. */
START_TEST(test_long_lists)
{
	const struct mask_job job = { .date_offset = 1 };
	char text[4096] = "20240101", value[DICOM_VALUE];

	for (size_t i = 8; i + 10 < sizeof(text); i += 9)
		memcpy(text + i, "\\20240101", 10);
	ck_assert_int_eq(tags_apply(TAG_DATE, &job, text, value),
			 DICOM_EMPTY);
}
END_TEST

/* Every day of 4 centuries, there and back, against the C library. */
START_TEST(test_dates)
{
	static const struct { const char *text; long days; } known[] = {
		{ "19700101", 0 }, { "20000301", 11017 },
		{ "19691231", -1 }, { "18991231", -25568 },
		{ "24000229", 157113 },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
		long days = 0;

		ck_assert_uint_eq(tags_parse_date(known[i].text, &days), 8);
		ck_assert_int_eq(days, known[i].days);
	}
	for (int offset = 1; offset < 146097; offset += 7) {
		struct mask_job job = { .date_offset = offset };
		char there[DICOM_VALUE], back[DICOM_VALUE];

		ck_assert_int_eq(tags_apply(TAG_DATE, &job, "18990227",
					    there), DICOM_SET);
		job.date_offset = -offset;
		ck_assert_int_eq(tags_apply(TAG_DATE, &job, there, back),
				 DICOM_SET);
		ck_assert_str_eq(back, "18990227");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tags");
	TCase *tcase = tcase_create("tags");

	add_rows_test(tcase, test_rules, rules);
	add_rows_test(tcase, test_carriers, carriers);
	add_rows_test(tcase, test_values, values);
	add_rows_test(tcase, test_names, names);
	add_rows_test(tcase, test_options, option_rows);
	add_rows_test(tcase, test_private, private_rows);
	tcase_add_test(tcase, test_reservation);
	tcase_add_test(tcase, test_kept_uid);
	tcase_add_test(tcase, test_why);
	tcase_add_test(tcase, test_empty_patient_id);
	tcase_add_test(tcase, test_uids_are_consistent);
	tcase_add_test(tcase, test_long_lists);
	tcase_add_test(tcase, test_dates);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
