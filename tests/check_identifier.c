/* check_identifier.c - which texts identify, with and without a header. */
#include "config.h"

#include "ocr/identifier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "ocr/letters.h"
#include "ocr/pattern.h"
#include "tests/support.h"

static const struct {
	const char *keyword, *value;
} header_values[] = {
	{ "PatientName", "YAMADA^TARO=山田^太郎=ヤマダ^タロウ" },
	{ "PatientID", "0023170400" },
	{ "PatientBirthDate", "19620118" },
	{ "StudyDate", "20211216" },
	{ "AccessionNumber", "A20211216-0376" },
	{ "InstitutionName", "見本大学医学部附属病院" },
	{ "ReferringPhysicianName", "Okafor^Chidi" },
};

static struct header *full_header(void)
{
	struct error err = { 0 };
	struct header *h = header_new(&err);

	ck_assert(h);
	for (size_t i = 0; i < ARRAY_LENGTH(header_values); i++) {
		size_t k = 0;

		while (strcmp(header_attributes[k].keyword,
			      header_values[i].keyword))
			ck_assert_uint_lt(++k, header_attribute_count);
		ck_assert(header_add(h, &header_attributes[k],
				     header_values[i].value, &err));
	}
	return h;
}

struct judged {
	const char *text;
	int confidence;
	enum box_kind kind;
	enum box_class class_;
	const char *why;
};

#define ID KIND_IDENTIFIER
static const struct judged with_header[] = {
	/* names in every writing and order */
	{ "YAMADA TARO", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "Taro Yamada", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "Yamada, T.", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "YAMADA^TARO", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "ＹＡＭＡＤＡ　ＴＡＲＯ", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "YAMAOA TAR0", 40, ID, CLASS_NAME, "header:PatientName" },
	{ "山田太郎", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "山田 太郎 様", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "太郎", 40, ID, CLASS_NAME, "header:PatientName" },
	{ "ヤマダ タロウ", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "ﾔﾏﾀﾞ ﾀﾛｳ", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "ﾔﾏﾀ ﾀﾛｳ", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "やまだ たろう", 95, ID, CLASS_NAME, "header:PatientName" },
	{ "C. Okafor", 95, ID, CLASS_PHYSICIAN,
	  "header:ReferringPhysicianName" },
	/* numbers */
	{ "0023170400", 95, ID, CLASS_PATIENT_ID, "header:PatientID" },
	{ "23170400", 95, ID, CLASS_PATIENT_ID, "header:PatientID" },
	{ "0023-170-400", 95, ID, CLASS_PATIENT_ID, "header:PatientID" },
	{ "OO23I7O400", 50, ID, CLASS_PATIENT_ID, "header:PatientID" },
	{ "A20211216-0376", 95, ID, CLASS_ACCESSION,
	  "header:AccessionNumber" },
	/* dates */
	{ "1962/01/18", 95, ID, CLASS_DOB, "header:PatientBirthDate" },
	{ "18.01.1962", 95, ID, CLASS_DOB, "header:PatientBirthDate" },
	{ "01/18/1962", 95, ID, CLASS_DOB, "header:PatientBirthDate" },
	{ "18-Jan-1962", 95, ID, CLASS_DOB, "header:PatientBirthDate" },
	{ "昭和37年1月18日", 95, ID, CLASS_DOB, "header:PatientBirthDate" },
	{ "S37.1.18", 95, ID, CLASS_DOB, "header:PatientBirthDate" },
	{ "R3/12/16", 95, ID, CLASS_DATE, "header:StudyDate" },
	{ "令和3年12月16日 13:43", 95, ID, CLASS_DATE, "header:StudyDate" },
	{ "20211216", 95, ID, CLASS_DATE, "header:StudyDate" },
	{ "見本大学医学部附属病院", 95, ID, CLASS_INSTITUTION,
	  "header:InstitutionName" },
	{ "見木大字医学部附属病院", 60, ID, CLASS_INSTITUTION,
	  "header:InstitutionName" },
};

/* Whatever the header says, and without one. */
static const struct judged always[] = {
	{ "2019-11-17", 90, ID, CLASS_DATE, "pattern:date" },
	{ "17 Nov 2019", 90, ID, CLASS_DATE, "pattern:date" },
	{ "NOV 17, 2019", 90, ID, CLASS_DATE, "pattern:date" },
	{ "17.11.19", 90, ID, CLASS_DATE, "pattern:date" },
	{ "'23 3 18", 90, ID, CLASS_DATE, "pattern:date" },
	{ "2019年11月17日", 90, ID, CLASS_DATE, "pattern:date" },
	{ "2O19/I1/17", 90, ID, CLASS_DATE, "pattern:date" },
	{ "昭和58年6月24日", 90, ID, CLASS_DATE, "pattern:date-wareki" },
	{ "令和元年5月1日", 90, ID, CLASS_DATE, "pattern:date-wareki" },
	{ "H16/06/24", 90, ID, CLASS_DATE, "pattern:date-wareki" },
	{ "18:32:45", 90, ID, CLASS_TIME, "pattern:time" },
	{ "18:32", 90, ID, CLASS_TIME, "pattern:time" },
	{ "03-0000-1234", 90, ID, CLASS_PHONE, "pattern:phone" },
	{ "TEL 03-0000-1234", 90, ID, CLASS_PHONE, "label:TEL" },
	{ "〒100-0001", 90, ID, CLASS_ADDRESS, "pattern:postal" },
	{ "9081726", 90, ID, CLASS_PATIENT_ID, "pattern:digits" },
	{ "B5920531", 90, ID, CLASS_ACCESSION, "pattern:code" },
	{ "SMITH^JOHN", 90, ID, CLASS_NAME, "pattern:caret" },
	{ "170 Elm St.", 90, ID, CLASS_ADDRESS, "pattern:street" },
	/* misread as a gain and a study */
	{ "170 Gn St.", 90, ID, CLASS_ADDRESS, "pattern:street" },
	{ "8 High Field Rd", 90, ID, CLASS_ADDRESS, "pattern:street" },
	{ "059Y", 90, ID, CLASS_AGE_SEX, "pattern:age" },
	{ "男 59歳", 90, ID, CLASS_AGE_SEX, "pattern:sex" },
	{ "[F]", 90, ID, CLASS_AGE_SEX, "pattern:sex" },
	{ "ID: 123", 90, ID, CLASS_PATIENT_ID, "label:ID" },
	{ "氏名 見本花子", 90, ID, CLASS_NAME, "label:氏名" },
	{ "患者番号:77", 90, ID, CLASS_PATIENT_ID, "label:患者番号" },
	{ "Narne: Bob", 70, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Nane: Bob", 70, ID, CLASS_NAME, "label:NAME" },
	{ "DOB: 04-Feb-1940", 90, ID, CLASS_DOB, "label:DOB" },
	{ "試験第一クリニック", 90, ID, CLASS_INSTITUTION,
	  "word:institution" },
	{ "St. Example Hospital", 90, ID, CLASS_INSTITUTION,
	  "word:institution" },
	{ "見本次郎 様", 90, ID, CLASS_NAME, "word:honorific" },
	{ "Dr. Example", 90, ID, CLASS_PHYSICIAN, "label:DR." },
	{ "4丁目5番6号", 90, ID, CLASS_ADDRESS, "word:address" },
	/* read, but not understood */
	{ "Mortimer Peter", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "佐藤", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "12345", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "1500 -600", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Name:", 90, KIND_TEXT, CLASS_NAME, "label" },
	{ "患者ID", 90, KIND_TEXT, CLASS_PATIENT_ID, "label" },
	/* not readable */
	{ "", 0, KIND_UNREADABLE, CLASS_OTHER, "ink" },
	{ "ee & b", 45, KIND_UNREADABLE, CLASS_OTHER, "ink" },
	{ ".,-", 90, KIND_UNREADABLE, CLASS_OTHER, "ink" },
	{ "L", 45, KIND_UNREADABLE, CLASS_OTHER, "ink" },
	/* known to be harmless */
	{ "L", 90, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	{ "右", 90, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	{ "120kV", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "250 mA", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "FOV 350.0mm", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "WW:1500 WL:-600", 90, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "TR 500 TE 15", 90, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "MI 1.1 TIS 0.4", 90, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "スライス厚 5.0mm", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "位置 -120.5mm", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "造影", 90, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "0120", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "9.30", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "120kV", 64, KIND_TEXT, CLASS_OTHER, "read" },
	{ "120kV", 65, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	/* the shorter the surer; 5cm may be half of 15 cm, 造 影 of a name */
	{ "5 mm", 71, KIND_TEXT, CLASS_OTHER, "read" },
	{ "5 mm", 72, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "動脈相", 66, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "造影", 64, KIND_TEXT, CLASS_OTHER, "read" },
	{ "造影", 65, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	/* another line may lie in the box of what is read so badly */
	{ "[CHEST]", 51, KIND_UNREADABLE, CLASS_OTHER, "ink" },
	{ "Abdomen", 64, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Abdomen", 65, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "T2 FSE", 71, KIND_TEXT, CLASS_OTHER, "read" },
	{ "T2 FSE", 72, KIND_BENIGN, CLASS_OTHER, "benign:phrase" },
	{ "SL 1.9", 72, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "SL 19", 64, KIND_TEXT, CLASS_OTHER, "read" },
	/* newtons only where a force is named */
	{ "Compression 166N", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "166N", 90, KIND_TEXT, CLASS_OTHER, "read" },
	/* rows and columns, and what is like them */
	{ "512 x 512", 66, KIND_BENIGN, CLASS_OTHER, "benign:phrase" },
	{ "cm/s", 85, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	{ "cm/s", 79, KIND_TEXT, CLASS_OTHER, "read" },
	{ "m/s", 95, KIND_TEXT, CLASS_OTHER, "read" },
	/* what 66歳 女, 24歳 男 and 19:16 were read as */
	{ "66imt X", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "24imt B", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "24mt B", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "1%:16", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "640x480", 90, KIND_BENIGN, CLASS_OTHER, "benign:phrase" },
	{ "513x512", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "12x24", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "512x512 8", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "0512x512", 90, ID, CLASS_ACCESSION, "pattern:code" },
	/* Max Hand without its M; a number makes it a value */
	{ "ax Hand", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Hand ap", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Hand 12.5 ap", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Mag 12.5 AP", 96, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	/* numbers of which nothing tells what they are: of 光, 20:19, オオノ,
	 * LI, ｵｵﾉ ﾕｷｺ */
	{ "PORTABLE 36", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "PORTABLE 3%", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "19 ERECT", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "ERECT 11.01", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "T2 TSE 44/", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "LIkV 80", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "FR 28Hz 414] 10cm", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "4 CHAMBER", 96, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "kVp 120", 96, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "Abdomen Zoom 120", 96, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "PORTABLE 120 kV", 96, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "I 105.2", 96, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	/* an hour, minutes and 5 mm */
	{ "12.395 mm", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "24.395 mm", 96, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	/* 5.3.60 and 31.2.21 */
	{ "53.60", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "312.21", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "105.2", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "-105.2", 96, KIND_BENIGN, CLASS_OTHER, "benign:number" },
	{ "99.9", 96, KIND_BENIGN, CLASS_OTHER, "benign:number" },
	/* ｲﾏ and I G; 光 in small letters */
	{ "1T", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "1G", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "3T", 96, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "ar", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "afi", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "AFI", 96, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	/* a series has no unit; 美咲 */
	{ "10 cm SE 5 mm", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "10 cm SE 5mm", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "SL 5 mm", 96, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "AR", 96, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	/* small letters behind a number are its unit; Aoi */
	{ "Depth 14 sw", 96, KIND_TEXT, CLASS_OTHER, "read" },
	/* 誠 and Rin */
	{ "Depth 14 inf", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "T2 TSE min", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "Pelvis and Liver 5 mm", 96, KIND_BENIGN, CLASS_OTHER,
	  "benign:unit" },
	{ "Depth 14 cm", 96, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	/* set as no harmless text is */
	{ "CIne", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "T2TSE #", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "FR: 31,3 FPS", 90, KIND_BENIGN, CLASS_OTHER, "benign:unit" },
	{ "31,3", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "W 400 L 40", 90, KIND_BENIGN, CLASS_OTHER, "benign:mark" },
	/* a sex and an age beside an edge */
	{ "IM/95|", 96, KIND_TEXT, CLASS_OTHER, "read" },
	/* 15.07.1981, seen over a stripe */
	{ "16 OF 198)", 96, KIND_TEXT, CLASS_OTHER, "read" },
	{ "16 OF 198", 96, KIND_BENIGN, CLASS_OTHER, "benign:word" },
	{ "Im: 28/95", 96, KIND_BENIGN, CLASS_OTHER, "benign:count" },
	/* letters that nothing is known of */
	{ "Иванов 120kV", 90, KIND_TEXT, CLASS_OTHER, "read" },
	{ "홍길동 120kV", 90, KIND_TEXT, CLASS_OTHER, "read" },
};

static void check_row(const struct header *h, const struct judged *row)
{
	struct judgement j;

	identifier_judge(h, row->text, row->confidence, &j);
	ck_assert_msg(j.kind == row->kind && j.class_ == row->class_ &&
			      !strcmp(j.why, row->why),
		      "\"%s\": %s %s %s, not %s %s %s", row->text,
		      box_kind_name[j.kind], box_class_name[j.class_], j.why,
		      box_kind_name[row->kind], box_class_name[row->class_],
		      row->why);
	ck_assert_int_ge(j.score, 0);
	ck_assert_int_le(j.score, 1000);
}

/* Where nothing else is in the box less is asked for; else nothing helps. */
START_TEST(judges_by_what_else_is_there)
{
	static const struct {
		const char *text;
		int confidence;
		bool benign;
	} rows[] = {
		{ "[CHEST]", 51, false }, { "Abdomen", 55, true },
		{ "Abdomen", 54, false }, { "造影", 55, true },
		{ "造影", 54, false }, { "120kV", 60, true },
		{ "120kV", 59, false }, { "5 mm", 65, true },
		{ "5 mm", 64, false }, { "WW:1500 WL:-600", 55, true },
		{ "1958/03/04", 99, false }, { "SATO", 99, false },
	};
	struct error err = { 0 };
	struct header *none = header_new(&err);
	struct judgement j;

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		identifier_judge_alone(none, rows[i].text, rows[i].confidence,
				       &j);
		ck_assert_msg((j.kind == KIND_BENIGN) == rows[i].benign,
			      "%s, %d: %s", rows[i].text, rows[i].confidence,
			      j.why);
		identifier_doubt_pixels(&j, rows[i].confidence);
		ck_assert_int_ne(j.kind, KIND_BENIGN);
	}
	identifier_judge(none, "CHEST", 92, &j);
	identifier_doubt_pixels(&j, 92);
	ck_assert(j.kind == KIND_TEXT && !strcmp(j.why, "read"));
	identifier_judge(none, "SATO, Taro", 92, &j);
	identifier_doubt_pixels(&j, 92);
	ck_assert_int_eq(j.kind, KIND_TEXT);
	header_free(none);
}
END_TEST

START_TEST(matches_attributes)
{
	struct header *h = full_header();

	check_row(h, &with_header[_i]);
	header_free(h);
}
END_TEST

START_TEST(judges_words)
{
	struct error err = { 0 };
	struct header *none = header_new(&err);
	struct header *h = full_header();

	check_row(none, &always[_i]);
	check_row(h, &always[_i]);
	header_free(none);
	header_free(h);
}
END_TEST

static void add_to(struct header *h, const char *path, const char *value)
{
	struct error err = { 0 };

	ck_assert(header_add(h, header_attribute_of(path, "CS"), value, &err));
}

/* What may be somebody is harmless where the file names another; one without
 * identity names nobody, nor does a name that is a number. */
START_TEST(says_who_the_patient_is)
{
	static const struct {
		const char *name, *removed;
		enum box_kind kind;
	} rows[] = {
		{ "Okafor^Chidi", "", KIND_BENIGN },
		{ "Okafor^Chidi", "NO", KIND_BENIGN },
		{ "Okafor^Chidi", "YES", KIND_TEXT },
		{ "ANON^001", "", KIND_TEXT },
		{ "ANON^001", "NO", KIND_TEXT },
		{ "", "", KIND_TEXT },
	};
	static const char *const texts[] = { "TE 41", "LEFT", "Lung",
					     "LAT LEFT" };

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct error err = { 0 };
		struct header *h = header_new(&err);
		struct judgement j;

		add_to(h, "00120062", rows[i].removed);
		add_to(h, "00100010", rows[i].name);
		for (size_t k = 0; k < ARRAY_LENGTH(texts); k++) {
			identifier_judge(h, texts[k], 96, &j);
			ck_assert_msg(j.kind == rows[i].kind, "%s, %s: %s",
				      rows[i].name, rows[i].removed,
				      texts[k]);
		}
		ck_assert(header_names_patient(h) ==
			  (rows[i].kind == KIND_BENIGN));
		header_free(h);
	}
}
END_TEST

/* An attribute beats the benign list. */
START_TEST(attribute_beats_benign)
{
	static const char *const names[] = { "Head", "CHEST", "Test^Left",
					     "右", "L" };
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		struct header *h = header_new(&err);
		char word[16];
		struct judgement j;

		snprintf(word, sizeof(word), "%.*s",
			 (int)strcspn(names[i], "^"), names[i]);
		ck_assert(header_add(h, &header_attributes[0], names[i],
				     &err));
		identifier_judge(h, word, 95, &j);
		if (strlen(word) > 1)
			ck_assert_str_eq(j.why, "header:PatientName");
		header_free(h);
	}
}
END_TEST

/*
 * Names as they stand in a file (PS3.5 Annex H, I, J; a few made like them)
 * and as they are printed.
 */
#define JAPANESE { "山田太郎", "山田　太郎 様", "やまだ たろう", "ヤマダ タロウ", \
		   "ﾔﾏﾀﾞ ﾀﾛｳ", "YAMADA TARO", "Taro Yamada", "T. YAMADA", \
		   "Yamada, Tarou" }
static const struct {
	const char *specific, *value, *printed[9];
} encoded[] = {
	{ "\\ISO 2022 IR 87",
	  "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B="
	  "\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B", JAPANESE },
	{ "ISO 2022 IR 13\\ISO 2022 IR 87",
	  "\xd4\xcf\xc0\xde^\xc0\xdb\xb3="
	  "\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J="
	  "\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J", JAPANESE },
	{ "ISO_IR 13", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3",
	  { "ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ たろう", "Yamada Taro" } },
	{ "ISO_IR 192", "Yamada^Tarou=山田^太郎=やまだ^たろう", JAPANESE },
	{ NULL, "\x8eR\x93" "c^\x91\xbe\x98Y", { "山田太郎", "山田 太郎" } },
	/* bytes 5C inside kanji, and between values */
	{ "\\ISO 2022 IR 87", "Honda^Ichiro=\x1b$BK\\ED\x1b(B^"
	  "\x1b$B0lO:\x1b(B=", { "本田一郎", "本田 一郎", "ICHIRO HONDA",
				 "I. Honda" } },
	{ "\\ISO 2022 IR 87", "\x1b$BK\\ED\x1b(B^\x1b$B0lO:\x1b(B\\"
	  "\x1b$BEl;3\x1b(B^\x1b$BB@O:\x1b(B",
	  { "本田一郎", "東山 太郎", "東山" } },
	{ "\\ISO 2022 IR 87\\ISO 2022 IR 159",
	  "=\x1b$(D0\\\x1b$B;3\x1b(B^\x1b$BB@O:\x1b(B",
	  { "伙山太郎", "伙山 太郎" } },
	{ "GBK", "Wang^Cheng=\xcd\xf5^\x81\\=", { "王乗", "Wang Cheng" } },
	{ "GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=",
	  { "王小东", "王 小东", "WANG XIAODONG", "XiaoDong Wang" } },
	{ "ISO_IR 192", "Wang^XiaoDong=王^小东=", { "王小东" } },
	{ "\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1b$)A\xd5\xc5^"
	  "\x1b$)A\xd0\xa1\xb6\xab=", { "张小东", "ZHANG" } },
	{ "ISO_IR 100", "Buc^J\xe9r\xf4me",
	  { "BUC JEROME", "Jérôme Buc", "Buc, J" } },
	{ "ISO_IR 100", "M\xfcller^Bj\xf6rn", { "Müller", "MULLER, BJORN" } },
	{ "\\ISO 2022 IR 149",
	  "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7="
	  "\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
	  { "Hong Gildong", "洪吉洞", "洪 吉洞", "홍길동", "홍 길동" } },
};

START_TEST(names_as_printed)
{
	struct error err = { 0 };
	struct header *h = header_new(&err);
	const char *value = encoded[_i].value;
	struct buffer text = { 0 };
	struct judgement j;

	ck_assert(h);
	charset_decode(encoded[_i].specific, value, strlen(value), &text);
	ck_assert(!text.failed);
	ck_assert(header_add(h, &header_attributes[0], text.data, &err));
	for (size_t i = 0; i < ARRAY_LENGTH(encoded[_i].printed); i++) {
		if (!encoded[_i].printed[i])
			break;
		identifier_judge(h, encoded[_i].printed[i], 90, &j);
		ck_assert_msg(!strcmp(j.why, "header:PatientName"),
			      "%s: %s: %s", text.data,
			      encoded[_i].printed[i], j.why);
	}
	buffer_done(&text);
	header_free(h);
}
END_TEST

static const struct {
	const char *text;
	bool label;
	enum box_class class_;
} labels[] = {
	{ "氏名", true, CLASS_NAME },
	{ "患者ID:", true, CLASS_PATIENT_ID },
	{ "生年月日", true, CLASS_DOB },
	{ "ID :", true, CLASS_PATIENT_ID },
	{ "Patient ID", true, CLASS_PATIENT_ID },
	{ "フリガナ", true, CLASS_KANA },
	{ "ID: 12", false, CLASS_NAME },
	{ "120kV", false, CLASS_NAME },
	{ "LIDAR", false, CLASS_NAME },
};

START_TEST(labels_wait)
{
	struct error err = { 0 };
	struct header *h = header_new(&err);
	struct judgement j;

	identifier_judge(h, labels[_i].text, 90, &j);
	ck_assert_msg(j.label == labels[_i].label, "%s", labels[_i].text);
	if (j.label)
		ck_assert(j.label_class == labels[_i].class_);
	header_free(h);
}
END_TEST

static const struct {
	const char *text, *folded;
} names[] = {
	{ "Satou", "SATO" }, { "Satoh", "SATO" }, { "サトウ", "SATO" },
	{ "Tsuchiya", "TUTIYA" }, { "ツチヤ", "TUTIYA" },
	{ "シュン", "SYUN" }, { "Shun", "SYUN" }, { "ｼﾞｭﾝ", "ZYUN" },
	{ "Junko", "ZYUNKO" }, { "キョウコ", "KYOKO" }, { "Kyoko", "KYOKO" },
	{ "大野", "大野" }, { "Müller", "MULER" }, { "髙橋", "高橋" },
};

START_TEST(folds_names)
{
	struct letters read, want, got;

	letters_read(&read, names[_i].text);
	letters_fold_name(&read, &got);
	letters_decode(&want, names[_i].folded);
	ck_assert_msg(got.n == want.n && !memcmp(got.c, want.c,
						 sizeof(*got.c) *
						 (size_t)got.n),
		      "%s", names[_i].text);
}
END_TEST

START_TEST(reads_bad_utf8)
{
	static const char *const bad[] = {
		"\xff\xfe", "\xe5\xb1", "A\xc3", "\xf5\x80\x80\x80",
		"\x80\x80", "\xe5\xb1\x41",
	};
	struct error err = { 0 };
	struct header *h = header_new(&err);

	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct judgement j;

		identifier_judge(h, bad[i], 90, &j);
		ck_assert(j.kind != KIND_IDENTIFIER);
	}
	header_free(h);
}
END_TEST

/* What is hard to read may be of somebody. */
START_TEST(somebody)
{
	static const struct { const char *text; bool may; } texts[] = {
		{ "WL 47", true }, { "WL _ 47", true }, { "R 36", true },
		{ "右 上", true }, { "左前", true }, { "正面", false },
		{ "立位", false }, { "右", false }, { "WW 400", false },
		{ "5.0 mm", false }, { "CHEST", false },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		ck_assert_msg(identifier_may_be_somebody(texts[i].text) ==
				      texts[i].may, "%s", texts[i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("identifier");
	TCase *tcase = tcase_create("identifier");
	struct error err = { 0 };

	if (!charset_warm_up(&err))
		return EXIT_FAILURE;
	add_rows_test(tcase, names_as_printed, encoded);

	add_rows_test(tcase, matches_attributes, with_header);
	add_rows_test(tcase, judges_words, always);
	tcase_add_test(tcase, says_who_the_patient_is);
	tcase_add_test(tcase, attribute_beats_benign);
	tcase_add_test(tcase, judges_by_what_else_is_there);
	add_rows_test(tcase, labels_wait, labels);
	add_rows_test(tcase, folds_names, names);
	tcase_add_test(tcase, reads_bad_utf8);
	tcase_add_test(tcase, somebody);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
