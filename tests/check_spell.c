/* check_spell.c - the likeliest harmless text of a row of chances. */
#include "config.h"

#include "ocr/spell.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { STEPS = 64, BLANK = 128, CLASSES = 132, KANJI = 129 };

/* A letter is its own code; 造影 are two codes each, the first the same. */
static int codes_of(const void *self, const char *letter, int *code, int room)
{
	(void)self;
	ck_assert_int_ge(room, 2);
	if (!strcmp(letter, "造") || !strcmp(letter, "影")) {
		code[0] = KANJI;
		code[1] = strcmp(letter, "影") ? KANJI + 1 : KANJI + 2;
		return 2;
	}
	code[0] = (unsigned char)letter[0];
	return code[0] < 0x80;
}

static const struct spell_letters letters = { codes_of, NULL, CLASSES, BLANK };

/* What is written, a code a step; '_' is a blank.  In the same
 * step `nearly` has a share of
 * its chance. */
static const struct row {
	const char *name, *likely, *nearly;     /* nearly: ' ' for the same */
	double chance;                          /* of nearly; 1: as likely */
	const char *text;                       /* NULL: any */
	int least, most;                        /* weight */
} rows[] = {
	{ "a word", "_C_HES_T_", NULL, 0, "CHEST", 490, 500 },
	{ "small letters", "_c_hes_t_", NULL, 0, "chest", 490, 500 },
	{ "a word and a value", "S_L_ 5_._0_", NULL, 0, "SL 5.0", 490, 500 },
	{ "the same digit twice", "W_ 40_0_", NULL, 0, "W 400", 490, 500 },
	{ "a letter is another", "_C_HFS_T_", "    E    ", .3, "CHEST", 350,
	  430 },
	{ "and far less likely", "_C_HFS_T_", "    E    ", .01, "CHEST", 50,
	  200 },
	{ "a name", "_C_HESTER_", NULL, 0, NULL, 0, 0 },
	{ "words run together", "HE_ADNECK_", NULL, 0, NULL, 0, 0 },
};

static void draw(const struct row *r, float *chance)
{
	int steps = (int)strlen(r->likely);

	for (int t = 0; t < steps; t++) {
		float *c = chance + (size_t)t * CLASSES;
		int code = r->likely[t] == '_' ? BLANK : r->likely[t];
		float other = (float)(r->nearly && r->nearly[t] != ' ' ?
					      r->chance : 0);

		for (int i = 0; i < CLASSES; i++)
			c[i] = 1e-6f;
		c[code] = .999f / (1 + other);
		if (other > 0)
			c[(int)r->nearly[t]] = other * .999f / (1 + other);
	}
}

START_TEST(spelled)
{
	const struct row *r = &rows[_i];
	struct spell *s = spell_new(&letters);
	float *chance = calloc((size_t)STEPS * CLASSES, sizeof(*chance));
	struct spelled out;

	ck_assert(s && chance);
	draw(r, chance);
	spell_line(s, chance, (int)strlen(r->likely), &out);
	ck_assert_msg(!r->text || !strcmp(out.text, r->text), "%s: %s",
		      r->name, out.text);
	ck_assert_msg(out.weight >= r->least && out.weight <= r->most,
		      "%s: %d", r->name, out.weight);
	free(chance);
	spell_free(s);
}
END_TEST

/* Places of the letters, a space is none; and which are low or hang. */
START_TEST(places)
{
	static const struct row row = { "", "_Ma_g_ 1_.0_", NULL, 0, "", 0, 0 };
	struct spell *s = spell_new(&letters);
	float *chance = calloc((size_t)STEPS * CLASSES, sizeof(*chance));
	struct spelled out;

	ck_assert(s && chance);
	draw(&row, chance);
	spell_line(s, chance, 12, &out);
	ck_assert_str_eq(out.text, "Mag 1.0");
	ck_assert_int_eq(out.symbols.count, 6);
	ck_assert_int_eq(out.symbols.symbol[0].from, 1000 / 12);
	ck_assert_int_eq(out.symbols.symbol[0].form, SYMBOL_TALL);
	ck_assert_int_eq(out.symbols.symbol[2].from, 4000 / 12);
	ck_assert_int_eq(out.symbols.symbol[2].to, 5000 / 12);
	ck_assert_int_eq(out.symbols.symbol[2].form, SYMBOL_LOW);
	ck_assert(out.symbols.symbol[2].hangs);
	ck_assert_int_eq(out.symbols.symbol[5].from, 10000 / 12);
	ck_assert(!out.symbols.symbol[1].spaced);
	ck_assert(out.symbols.symbol[2].spaced);
	for (int i = 0; i < out.symbols.count; i++)
		ck_assert_int_eq(out.symbols.symbol[i].doubt, 0);
	free(chance);
	spell_free(s);
}
END_TEST

/* Which letter is doubted: LI, where L is a fifth as likely. */
START_TEST(doubts)
{
	static const struct row row = { "", "Z_O_OM L_I_", "         L ", .2,
					"", 0, 0 };
	struct spell *s = spell_new(&letters);
	float *chance = calloc((size_t)STEPS * CLASSES, sizeof(*chance));
	struct spelled out;

	ck_assert(s && chance);
	draw(&row, chance);
	spell_line(s, chance, 11, &out);
	ck_assert_str_eq(out.text, "ZOOM LL");
	ck_assert_int_eq(out.symbols.count, 6);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(out.symbols.symbol[i].doubt, 0);
	ck_assert_int_ge(out.symbols.symbol[5].doubt, 79);
	ck_assert_int_le(out.symbols.symbol[5].doubt, 80);
	free(chance);
	spell_free(s);
}
END_TEST

/* Letters of several codes, the first of both the same. */
START_TEST(kanji)
{
	static const int codes[] = { BLANK, KANJI, KANJI + 1, KANJI, KANJI,
				     KANJI + 2, BLANK };
	struct spell *s = spell_new(&letters);
	float *chance = calloc((size_t)STEPS * CLASSES, sizeof(*chance));
	struct spelled out;

	ck_assert(s && chance);
	for (size_t t = 0; t < ARRAY_LENGTH(codes); t++)
		chance[t * CLASSES + (size_t)codes[t]] = 1;
	spell_line(s, chance, (int)ARRAY_LENGTH(codes), &out);
	ck_assert_str_eq(out.text, "造影");
	ck_assert_int_ge(out.weight, 490);
	ck_assert_int_eq(out.symbols.count, 2);
	ck_assert_int_eq(out.symbols.symbol[1].form, SYMBOL_DENSE);
	free(chance);
	spell_free(s);
}
END_TEST

/* Where nothing is seen, all is as likely, and nothing is spelled. */
START_TEST(nothing_is_seen)
{
	struct spell *s = spell_new(&letters);
	float *chance = calloc((size_t)STEPS * CLASSES, sizeof(*chance));
	struct spelled out;

	ck_assert(s && chance);
	for (int i = 0; i < STEPS * CLASSES; i++)
		chance[i] = 1.f / CLASSES;
	spell_line(s, chance, STEPS, &out);
	ck_assert_int_eq(out.weight, 0);
	free(chance);
	spell_free(s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spell");
	TCase *tcase = tcase_create("spell");

	tcase_add_loop_test(tcase, spelled, 0, (int)ARRAY_LENGTH(rows));
	tcase_add_test(tcase, places);
	tcase_add_test(tcase, doubts);
	tcase_add_test(tcase, kanji);
	tcase_add_test(tcase, nothing_is_seen);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
