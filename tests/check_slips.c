/* check_slips.c - how harmless texts are not set, and badly read short words.
 */
#include "config.h"

#include "ocr/slips.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support.h"

static const struct set {
	const char *text;
	bool oddly;
} sets[] = {
	/* capitals and small letters: what is read, of what */
	{ "CIne", true },               /* Cline */
	{ "laO.", true },               /* Lal O. */
	{ "lIver H", true },            /* Oliver H */
	{ "TEi |", true },              /* Tex I */
	{ "RenAL.", true },             /* Ren A. */
	{ "Cine", false }, { "CINE", false }, { "cine", false },
	{ "TOkV 2.5mAs", false }, { "kVp 120", false }, { "TIs 0.4", false },
	{ "CTDIvol 12.1", false }, { "mmHg", false }, { "DFov 35cm", false },
	/* signs */
	{ "Frq 5.0 TE 85 #", true }, { "#8 BRIGHTNESS", false },
	{ "Abdomen #% PORTABLE", true }, { "% ERECT", true },
	{ "Abdomen 。 SL5.0", true }, { "TIs0.7 - Depth 14", true },
	{ "MI 1.25-Depth 14", true }, { "1.25 -60", false },
	{ "SL5.0°.7", true }, { "FA 90°", false }, { "FA 90° TE 5", false },
	{ "Zoom 100 %", false }, { "-5.0 mm", false }, { "TE : 85", false },
	{ "|WW 400 -", false }, { "Soft —", false },
	{ "5 mm Frq 5.0 —B", true }, { "MI 1.2 [R Abdomen", true },
	{ "—B Frq 5.0", false }, { "[CHEST]", false }, { "FOV [mm]", false },
	{ "Range (mm)", false }, { "WW 400 -60", false },
	/* pictures of so many */
	{ "CINE 4.2s 74/10 cm", true }, { "Im:12/40 3", true },
	{ "Im 12/9", true }, { "Im:12/40", false }, { "Im 40/40 ", false },
	{ "IM 9/12 SL 5", false }, { "1.5/1", false },
	/* a day of a month */
	{ "17 Mgy", true }, { "9 Sec", true }, { "31Deg", true },
	{ "17 mGy", false }, { "17 MGY", false }, { "32 Deg", false },
	{ "1.5 Sec", false }, { "117 Mgy", false },
	{ "FOV 9", false }, { "17", false }, { "17 ", false },
	{ "17 M", false }, { "17 Mg", false },
	{ "", false }, { " ", false }, { "造影", false },
};

/* No byte behind a text is read: it ends where memory does. */
START_TEST(set_oddly)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = strlen(sets[_i].text) + 1;
	char *room = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *text = room + page - bytes;

	ck_assert(room != MAP_FAILED);
	ck_assert_int_eq(mprotect(room + page, page, PROT_NONE), 0);
	memcpy(text, sets[_i].text, bytes);
	ck_assert_msg(slips_set_oddly(text) == sets[_i].oddly, "%s", text);
	munmap(room, 2 * page);
}
END_TEST

enum { LETTERS = 12 };

/* A doubt for each letter; that behind which a space stands is negative. */
static const struct word {
	const char *text;
	int doubt[LETTERS];
	bool slight;
} words[] = {
	/* of LI, and of Ravi */
	{ "Zoom 50% LL", { 6, 6, 6, -6, 6, 6, -6, 6, 43 }, true },
	{ "Zoom 50% RL", { 6, 6, 6, -6, 6, 6, -6, 6, 13 }, true },
	{ "Zoom 50% RL", { 6, 6, 6, -6, 6, 6, -6, 6, 12 }, false },
	{ "Ra Frq5.0", { 6, -30, 6, 6, 6, 6, 6, 6 }, true },
	{ "-B FOV", { 36, -16, 8, 9, 7 }, true },
	/* a name as well, however surely it was read; of Mei */
	{ "立位 Ma", { 6, -6, 6, 6 }, true },
	{ "Ma 250", { 6, -6, 6, 6, 6 }, false },
	{ "立位 AP", { 6, -6, 6, 6 }, false },
	/* what says what a number is; Ll does not */
	{ "TE 85", { 43, -43, 6, 6 }, false },
	{ "10 cm", { 6, -6, 43, 43 }, false },
	{ "Ll 5mm", { 53, -56, 33, 10, 7 }, true },
	{ "14 sw", { 6, -6, 32, 26 }, true },
	/* a percent that may be a kanji */
	{ "TE 14 %", { 6, -6, 6, -6, 57 }, true },
	{ "TE 14 %", { 6, -6, 6, -6, 40 }, false },
	/* longer words, kanji, one word alone */
	{ "ERECT Lat", { 6, 6, 6, 6, -6, 43, 43, 43 }, false },
	{ "造影 部位", { 6, -6, 43, 43 }, false },
	{ "部 L", { -6, 43 }, true },
	{ "LL", { 6, 43 }, false },
	/* places that don't fit */
	{ "ERECT L", { 6, 6, 6, 6, 6, 43, 6, 6 }, false },
};

START_TEST(slight_words)
{
	const struct word *w = &words[_i];
	struct symbols s = { .count = 0 };

	for (; s.count < LETTERS && w->doubt[s.count]; s.count++) {
		int d = w->doubt[s.count];

		s.symbol[s.count].doubt = (uint8_t)(d < 0 ? -d : d);
		s.symbol[s.count].spaced = d < 0;
	}
	ck_assert_msg(slips_have_slight(w->text, &s) == w->slight, "%s",
		      w->text);
	s.count = -1;
	ck_assert(!slips_have_slight(w->text, &s));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slips");
	TCase *tcase = tcase_create("slips");

	tcase_add_loop_test(tcase, set_oddly, 0, (int)ARRAY_LENGTH(sets));
	tcase_add_loop_test(tcase, slight_words, 0, (int)ARRAY_LENGTH(words));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
