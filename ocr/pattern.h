/*
 * pattern.h - dates, times, numbers and codes in folded text.  Knows no
 * attributes of a file.
 */
#ifndef SUMI_PATTERN_H
#define SUMI_PATTERN_H

#include "ocr/letters.h"

struct date {
	int year, month, day;           /* 0: not said */
};

enum pattern_kind {
	PATTERN_DATE,                   /* western order */
	PATTERN_WAREKI,                 /* Japanese era */
	PATTERN_TIME,
	PATTERN_PHONE,
	PATTERN_POSTAL,
	PATTERN_AGE,                    /* 59歳, 045Y, 59 years */
	PATTERN_SEX,                    /* [M], 男 */
	PATTERN_DIGITS,                 /* 6 or more in a row */
	PATTERN_CODE,                   /* letters with 5 or more digits */
	PATTERN_CARET,                  /* YAMADA^TARO */
	PATTERN_STREET,                 /* 170 Elm St. */
	PATTERNS
};
extern const char *const pattern_name[PATTERNS];

struct pattern {
	enum pattern_kind kind;
	int start, end;                 /* letters, half-open */
	struct date date;               /* of the first two kinds */
};

enum { PATTERNS_MAX = 8 };

/*
 * All patterns of a text (letters_read()), at most PATTERNS_MAX, longest
 * first at each place.  Digits may be misread as letters in words that are
 * mostly digits.  Returns how many.
 *
 * Era years count from 明治 1868, 大正 1912, 昭和 1926, 平成 1989, 令和 2019;
 * years of two digits are 1930 to 2029.
 */
int pattern_find(const struct letters *text, struct pattern *found);

/* A date as eight digits, yyyymmdd (DICOM VR DA).  False if it is none. */
bool pattern_read_da(const char *value, struct date *date);

/* Something like d/d/d: three numbers with the same kind of signs between. */
bool pattern_like_date(const struct letters *text);

#endif
