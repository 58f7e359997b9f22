/* check_model.c - a line model by our own arithmetic beside the library's. */
#include "config.h"

#include "ocr/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>
#include <tesseract/capi.h>

#include "base/mem.h"
#include "ocr/letters.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 100, FILE_MAX = 16 << 20, PART = 17 };

static TessBaseAPI *library;
static uint8_t *bytes;
static size_t size;

static void setup(void)
{
	char path[4096];
	FILE *file;

	omp_set_max_active_levels(0);
	library = TessBaseAPICreate();
	ck_assert(!TessBaseAPIInit2(library, NULL, "eng", OEM_LSTM_ONLY));
	TessBaseAPISetVariable(library, "tessedit_do_invert", "0");
	TessBaseAPISetPageSegMode(library, PSM_RAW_LINE);
	snprintf(path, sizeof(path), "%s/eng.traineddata",
		 TessBaseAPIGetDatapath(library));
	file = fopen(path, "rb");
	ck_assert(file);
	bytes = mem_array(FILE_MAX, 1);
	ck_assert(bytes);
	size = fread(bytes, 1, FILE_MAX, file);
	fclose(file);
}

static void teardown(void)
{
	free(bytes);
	TessBaseAPIEnd(library);
	TessBaseAPIDelete(library);
}

static const struct {
	int scale;
	const char *text;
} cases[] = {
	{ 3, "TEL 2311" }, { 2, "TEL 4711826" }, { 4, "TANAKA" },
	{ 3, "4711826" },
};

/* The line of a case as a model takes it. */
static struct crop draw(int i)
{
	static uint8_t picture[ROWS][COLUMNS];
	struct canvas8 c = { &picture[0][0], COLUMNS, ROWS };
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };
	struct line line = { 0 };
	struct crop own, crop;

	memset(picture, 40, sizeof(picture));
	line.box = glyphs_draw(&c, 30, 30, cases[i].scale, 220, 0,
			       cases[i].text);
	ck_assert(prepare_line(&p, &line, POLARITY_BRIGHT, TURN_NONE, &own,
			       &err));
	ck_assert(prepare_scale(&own, .8, &crop, &err));
	crop_done(&own);
	return crop;
}

/* A word is as sure as its least sure letter; spaces stand where the text has
 * them. */
static void check_doubts(const struct symbols *symbols, const char *text,
			 int confidence)
{
	int spaces = 0, spaced = 0, most = 0;

	for (const char *c = text; *c; c++)
		spaces += *c == ' ';
	for (int i = 0; i < symbols->count; i++) {
		const struct symbol *s = &symbols->symbol[i];

		spaced += s->spaced;
		most = s->doubt > most ? s->doubt : most;
	}
	ck_assert_int_eq(spaced, spaces);
	if (!spaces)
		ck_assert_int_ge(confidence, 100 - most - 1);
}

START_TEST(reads_as_the_library)
{
	struct model *m = model_read(bytes, size);
	struct crop crop = draw(_i);
	struct letters want, theirs, ours;
	char *text, own[64];
	struct symbols symbols;
	int confidence, before = 0;
	struct error err = { 0 };

	ck_assert(m);
	ck_assert(model_line(m, &crop, own, sizeof(own), &confidence, &symbols,
			     &err));
	ck_assert_int_gt(symbols.count, 0);
	for (int i = 0; i < symbols.count; i++) {
		ck_assert_int_ge(symbols.symbol[i].from, before);
		ck_assert_int_gt(symbols.symbol[i].to, symbols.symbol[i].from);
		before = symbols.symbol[i].to;
	}
	ck_assert_int_le(before, SYMBOLS_WHOLE);
	check_doubts(&symbols, own, confidence);
	TessBaseAPISetImage(library, crop.grey, crop.columns, crop.rows, 1,
			    crop.columns);
	TessBaseAPISetSourceResolution(library, 300);
	text = TessBaseAPIGetUTF8Text(library);
	ck_assert(text);
	letters_read(&want, cases[_i].text);
	letters_read(&theirs, text);
	letters_read(&ours, own);
	ck_assert_msg(letters_distance(&theirs, &ours) <= 1, "%s: %s", text,
		      own);
	ck_assert_int_le(letters_distance(&want, &ours), 1);
	ck_assert_int_ge(confidence, 30);
	ck_assert_int_le(abs(confidence - TessBaseAPIMeanTextConf(library)),
			 25);
	TessDeleteText(text);
	crop_done(&crop);
	model_free(m);
}
END_TEST

/* Where a part of the file begins. */
static size_t start_of(int part)
{
	size_t at = 0;

	for (int i = 7; i >= 0; i--)
		at = at << 8 | bytes[4 + 8 * part + i];
	return at;
}

START_TEST(gives_chances)
{
	size_t at = start_of(PART), used;
	struct network *n = network_read(bytes + at, size - at, &used);
	struct crop crop = draw(0), narrow = crop;
	int steps;
	float *chance;

	ck_assert(n);
	/* letters and the blank: more than ASCII, less than kanji */
	ck_assert_int_gt(network_classes(n), 95);
	ck_assert_int_lt(network_classes(n), 256);
	chance = network_run(n, &crop, &steps);
	ck_assert(chance);
	ck_assert_int_eq(steps, crop.columns / NETWORK_SHRINK);
	for (int t = 0; t < steps; t++) {
		double sum = 0;

		for (int i = 0; i < network_classes(n); i++)
			sum += (double)chance[t * network_classes(n) + i];
		ck_assert(fabs(sum - 1) < 1e-4);
	}
	free(chance);
	narrow.columns = NETWORK_SHRINK - 1;
	ck_assert(!network_run(n, &narrow, &steps));
	narrow = crop;
	narrow.rows--;
	ck_assert(!network_run(n, &narrow, &steps));
	crop_done(&crop);
	network_free(n);
}
END_TEST

/* A text that does not fit ends at a whole letter. */
START_TEST(cuts_what_is_too_long)
{
	struct model *m = model_read(bytes, size);
	struct crop crop = draw(1);
	char whole[64], cut[5];
	int confidence;
	struct error err = { 0 };

	ck_assert(m);
	ck_assert(model_line(m, &crop, whole, sizeof(whole), &confidence, NULL,
			     &err));
	ck_assert(model_line(m, &crop, cut, sizeof(cut), &confidence, NULL,
			     &err));
	ck_assert_int_eq((int)strlen(cut), 4);
	ck_assert(!strncmp(whole, cut, 4));
	crop_done(&crop);
	model_free(m);
}
END_TEST

/* No file that ends early is a model. */
START_TEST(refuses_what_is_cut)
{
	size_t head = 4 + 8 * 24, first = start_of(PART);

	ck_assert(!model_read(bytes, 0));
	for (size_t n = 1; n < head; n += 7)
		ck_assert(!model_read(bytes, n));
	for (size_t n = first; n < first + 400; n += 3)
		ck_assert(!model_read(bytes, n));
	for (size_t n = first + 400; n + 40000 < size; n += size / 23)
		ck_assert(!model_read(bytes, n));
}
END_TEST

/* With any byte of its heads changed it is refused, or reads something. */
START_TEST(survives_damage)
{
	static const int parts[] = { PART, 21, 22 };
	struct crop crop = draw(0);
	struct error err = { 0 };
	int refused = 0;

	for (int i = 0; i < 3; i++)
		for (size_t at = start_of(parts[i]), k = 0; k < 260; k += 4) {
			uint8_t was = bytes[at + k];
			struct model *m;
			char text[64];
			int confidence = -1;

			bytes[at + k] = (uint8_t)(was ^ 0x81);
			m = model_read(bytes, size);
			bytes[at + k] = was;
			refused += !m;
			if (!m)
				continue;
			ck_assert(model_line(m, &crop, text, sizeof(text),
					     &confidence, NULL, &err));
			ck_assert_int_ge(confidence, 0);
			ck_assert_int_le(confidence, 100);
			model_free(m);
		}
	ck_assert_int_gt(refused, 10);
	crop_done(&crop);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("model");
	TCase *tcase = tcase_create("model");

	tcase_add_checked_fixture(tcase, setup, teardown);
	add_rows_test(tcase, reads_as_the_library, cases);
	tcase_add_test(tcase, gives_chances);
	tcase_add_test(tcase, cuts_what_is_too_long);
	tcase_add_test(tcase, refuses_what_is_cut);
	tcase_add_test(tcase, survives_damage);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
