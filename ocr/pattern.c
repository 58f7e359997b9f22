/* pattern.c - a small matcher and the tables of forms it looks for. */
#include "config.h"

#include "ocr/pattern.h"

#include <stddef.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *const pattern_name[PATTERNS] = {
	[PATTERN_DATE] = "pattern:date",
	[PATTERN_WAREKI] = "pattern:date-wareki",
	[PATTERN_TIME] = "pattern:time",
	[PATTERN_PHONE] = "pattern:phone",
	[PATTERN_POSTAL] = "pattern:postal",
	[PATTERN_AGE] = "pattern:age",
	[PATTERN_SEX] = "pattern:sex",
	[PATTERN_DIGITS] = "pattern:digits",
	[PATTERN_CODE] = "pattern:code",
	[PATTERN_CARET] = "pattern:caret",
	[PATTERN_STREET] = "pattern:street",
};

/*
 * Forms.  Small letters and signs are codes, the rest stands for itself:
 * y year of four digits, s of two, e era (kanji or letter), j year in an era,
 * m d month and day of one or two digits, p q of two, o name of a month,
 * n one or two digits, 9 one digit, ~ signs or spaces between parts of a
 * date, = signs alone, _ spaces or nothing, b no digit or letter may follow,
 * h number of a house, w Latin letters up to the end of their word.
 */
static const struct form {
	enum pattern_kind kind;
	const char *form;
} forms[] = {
	{ PATTERN_WAREKI, "e_j_年_m_月_d" },
	{ PATTERN_WAREKI, "e_j~m~db" },
	{ PATTERN_WAREKI, "e_j_年_m_月" },
	{ PATTERN_WAREKI, "e_j_年" },
	{ PATTERN_DATE, "y_年_m_月_d" },
	{ PATTERN_DATE, "y_年_m_月" },
	{ PATTERN_DATE, "y_年" },
	{ PATTERN_DATE, "m_月_d_日" },
	{ PATTERN_DATE, "y~m~db" },
	{ PATTERN_DATE, "d~m~yb" },
	{ PATTERN_DATE, "m~d~yb" },
	{ PATTERN_DATE, "d~o~y" },
	{ PATTERN_DATE, "d~o~sb" },
	{ PATTERN_DATE, "doyb" },
	{ PATTERN_DATE, "o~d~y" },
	{ PATTERN_DATE, "y~o~d" },
	{ PATTERN_DATE, "o~y" },
	{ PATTERN_DATE, "'s~m~d" },
	{ PATTERN_DATE, "s=m=db" },
	{ PATTERN_DATE, "d=m=sb" },
	{ PATTERN_DATE, "m=d=sb" },
	{ PATTERN_DATE, "ypqb" },
	{ PATTERN_TIME, "n:_99:_99" },
	{ PATTERN_TIME, "n_時_n_分" },
	{ PATTERN_TIME, "n:_99b" },
	{ PATTERN_POSTAL, "〒_999_-_9999" },
	{ PATTERN_POSTAL, "〒" },
	{ PATTERN_AGE, "999Yb" },
	{ PATTERN_AGE, "99Yb" },
	{ PATTERN_AGE, "999_歳" },
	{ PATTERN_AGE, "n_歳" },
	{ PATTERN_AGE, "n_才" },
	{ PATTERN_AGE, "n_YEARS" },
	{ PATTERN_AGE, "n_YRS" },
	{ PATTERN_AGE, "n_YOb" },
	{ PATTERN_AGE, "n_Y/O" },
	{ PATTERN_SEX, "[M]" },
	{ PATTERN_SEX, "[F]" },
	{ PATTERN_SEX, "(M)" },
	{ PATTERN_SEX, "(F)" },
	{ PATTERN_SEX, "男" },
	{ PATTERN_SEX, "女" },
	{ PATTERN_SEX, "FEMALEb" },
	{ PATTERN_SEX, "MALEb" },
	{ PATTERN_STREET, "h_w_STb" }, { PATTERN_STREET, "h_w_w_STb" },
	{ PATTERN_STREET, "h_w_RDb" }, { PATTERN_STREET, "h_w_w_RDb" },
	{ PATTERN_STREET, "h_w_LNb" }, { PATTERN_STREET, "h_w_w_LNb" },
	{ PATTERN_STREET, "h_w_AVEb" }, { PATTERN_STREET, "h_w_w_AVEb" },
	{ PATTERN_STREET, "h_w_LANEb" }, { PATTERN_STREET, "h_w_w_LANEb" },
};

static const struct era {
	const char *name;
	char letter;
	int first;                      /* year 1 */
} eras[] = {
	{ "明治", 'M', 1868 }, { "大正", 'T', 1912 }, { "昭和", 'S', 1926 },
	{ "平成", 'H', 1989 }, { "令和", 'R', 2019 },
};

static const char months[][4] = {
	"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
	"JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
};

/* What a form reads while it is matched. */
struct match {
	const struct letters *text;
	int at;
	struct date date;
	int era;                        /* first year, 0 if none */
};

static bool is_separator(uint32_t c, bool spaces)
{
	return c < 0x80 && c && strchr(spaces ? "-/.,' _" : "-/.,'_", (int)c);
}

/* least to most digits. */
static bool number(struct match *m, int least, int most, int *value)
{
	int n = 0, v = 0;

	while (n < most && m->at < m->text->n &&
	       letter_is_digit(m->text->c[m->at])) {
		v = v * 10 + (int)(m->text->c[m->at++] - '0');
		n++;
	}
	if (value)
		*value = v;
	return n >= least;
}

static bool match_era(struct match *m)
{
	for (size_t i = 0; i < COUNT(eras); i++) {
		if (letters_start_with(m->text, m->at, eras[i].name)) {
			m->at += 2;
			m->era = eras[i].first;
			return true;
		}
		if (m->at < m->text->n &&
		    m->text->c[m->at] == (uint32_t)eras[i].letter &&
		    (!m->at || !letter_is_latin(m->text->c[m->at - 1]))) {
			m->at++;
			if (m->at < m->text->n && m->text->c[m->at] == '.')
				m->at++;
			m->era = eras[i].first;
			return true;
		}
	}
	return false;
}

static bool match_month(struct match *m)
{
	for (size_t i = 0; i < COUNT(months); i++) {
		if (!letters_start_with(m->text, m->at, months[i]))
			continue;
		m->date.month = (int)i + 1;
		while (m->at < m->text->n &&
		       letter_is_latin(m->text->c[m->at]))
			m->at++;
		return true;
	}
	return false;
}

static bool match_separator(struct match *m, bool spaces)
{
	int start = m->at;

	while (m->at < start + 2 && m->at < m->text->n &&
	       is_separator(m->text->c[m->at], spaces))
		m->at++;
	return m->at > start;
}

static bool match_era_year(struct match *m)
{
	if (letters_start_with(m->text, m->at, "元")) {
		m->at++;
		m->date.year = m->era;
		return true;
	}
	if (!number(m, 1, 2, &m->date.year))
		return false;
	m->date.year += m->era - 1;
	return true;
}

static bool match_short_year(struct match *m)
{
	if (!number(m, 2, 2, &m->date.year))
		return false;
	m->date.year += m->date.year < 30 ? 2000 : 1900;
	return true;
}

static bool match_latin(struct match *m)
{
	int start = m->at;

	while (m->at < m->text->n && letter_is_latin(m->text->c[m->at]))
		m->at++;
	return m->at > start;
}

static bool match_code(struct match *m, uint32_t code)
{
	const struct letters *t = m->text;

	switch (code) {
	case 'y':
		return number(m, 4, 4, &m->date.year);
	case 's':
		return match_short_year(m);
	case 'm':
		return number(m, 1, 2, &m->date.month);
	case 'd':
		return number(m, 1, 2, &m->date.day);
	case 'p':
		return number(m, 2, 2, &m->date.month);
	case 'q':
		return number(m, 2, 2, &m->date.day);
	case 'e':
		return match_era(m);
	case 'j':
		return match_era_year(m);
	case 'o':
		return match_month(m);
	case 'n':
		return number(m, 1, 2, NULL);
	case '9':
		return number(m, 1, 1, NULL);
	case 'h':
		return number(m, 1, 5, NULL);
	case 'w':
		return match_latin(m);
	case '~':
	case '=':
		return match_separator(m, code == '~');
	case '_':
		while (m->at < t->n && t->c[m->at] == ' ')
			m->at++;
		return true;
	case 'b':
		return m->at >= t->n || !(letter_is_digit(t->c[m->at]) ||
					  letter_is_latin(t->c[m->at]));
	default:
		return m->at < t->n && t->c[m->at] == code && ++m->at;
	}
}

static bool is_plausible(const struct match *m, enum pattern_kind kind)
{
	const struct date *d = &m->date;

	if (kind != PATTERN_DATE && kind != PATTERN_WAREKI)
		return true;
	return (!d->year || (d->year >= 1868 && d->year < 2100)) &&
	       d->month <= 12 && d->day <= 31;
}

/* Two digits in a row never start inside a number. */
static bool starts_inside(const struct letters *t, int at)
{
	return at > 0 && letter_is_digit(t->c[at]) &&
	       letter_is_digit(t->c[at - 1]);
}

static bool match_form(const struct letters *text, int at,
		       const struct form *form, struct pattern *found)
{
	struct match m = { .text = text, .at = at };
	struct letters codes;

	if (starts_inside(text, at))
		return false;
	letters_decode(&codes, form->form);
	for (int i = 0; i < codes.n; i++)
		if (!match_code(&m, codes.c[i]))
			return false;
	if (!is_plausible(&m, form->kind))
		return false;
	*found = (struct pattern){ form->kind, at, m.at, m.date };
	return true;
}

/*
 * A word of digits, letters and dashes: how many digits, how long its longest
 * run of them.
 */
struct word {
	int end, digits, run, letters, groups;
	bool plus;
};

static struct word read_word(const struct letters *t, int at)
{
	struct word w = { .plus = t->c[at] == '+' };
	int run = 0;

	for (w.end = at + w.plus; w.end < t->n; w.end++) {
		uint32_t c = t->c[w.end];

		if (letter_is_digit(c)) {
			w.groups += !run;
			w.digits++;
			run++;
		} else if (letter_is_latin(c)) {
			w.letters++;
			run = 0;
		} else if (c == '-' || c == '_') {
			run = 0;
		} else {
			break;
		}
		if (run > w.run)
			w.run = run;
	}
	return w;
}

static bool match_word(const struct letters *t, int at, struct pattern *found)
{
	struct word w;
	enum pattern_kind kind;

	if (at > 0 && (letter_is_digit(t->c[at - 1]) ||
		       letter_is_latin(t->c[at - 1]) || t->c[at - 1] == '-'))
		return false;
	w = read_word(t, at);
	if (!w.letters && w.groups > 1 && w.digits >= 8 && w.digits <= 13 &&
	    (w.plus || t->c[at] == '0'))
		kind = PATTERN_PHONE;
	else if (w.run >= 6 || (w.digits >= 6 && !w.letters))
		kind = w.letters ? PATTERN_CODE : PATTERN_DIGITS;
	else if (w.run >= 4 && w.digits >= 5 && w.letters)
		kind = PATTERN_CODE;
	else
		return false;
	*found = (struct pattern){ .kind = kind, .start = at, .end = w.end };
	return true;
}

static bool match_at(const struct letters *t, int at, struct pattern *found)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		if (match_form(t, at, &forms[i], found))
			return true;
	if (t->c[at] == '^' && at > 0 && letter_is_word(t->c[at - 1])) {
		*found = (struct pattern){ .kind = PATTERN_CARET, .start = at,
					   .end = at + 1 };
		return true;
	}
	return match_word(t, at, found);
}

int pattern_find(const struct letters *text, struct pattern *found)
{
	struct letters t;
	int n = 0;

	letters_fold_digits(text, &t);
	for (int at = 0; at < t.n && n < PATTERNS_MAX;) {
		/* words that a fold has changed are tried as they were first */
		if (match_at(text, at, &found[n]) ||
		    match_at(&t, at, &found[n]))
			at = found[n++].end;
		else
			at++;
	}
	return n;
}

bool pattern_read_da(const char *value, struct date *date)
{
	struct letters t;
	struct pattern p;

	letters_read(&t, value);
	if (t.n < 8 || !match_form(&t, 0, &(struct form){ PATTERN_DATE,
							   "ypq" }, &p) ||
	    !p.date.month)
		return false;
	*date = p.date;
	return true;
}

bool pattern_like_date(const struct letters *text)
{
	struct pattern p;
	struct letters t;

	letters_fold_digits(text, &t);
	for (int at = 0; at < t.n; at++)
		if (match_form(&t, at, &(struct form){ PATTERN_TIME,
						       "n=n=n" }, &p) ||
		    match_form(&t, at, &(struct form){ PATTERN_TIME,
						       "9999=n=n" }, &p))
			return true;
	return false;
}
