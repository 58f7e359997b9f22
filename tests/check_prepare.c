/* check_prepare.c - cutting lines out, and reading them. */
#include "config.h"

#include "base/mem.h"
#include "ocr/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ocr/letters.h"
#include "ocr/reading.h"
#include "ocr/tesseract.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 400 };

static uint8_t picture[ROWS][COLUMNS];

static const struct {
	int paper, ink, scale, down;
	enum prepare_turn turn;
	const char *text;
} cases[] = {
	{ 0, 255, 3, 0, TURN_NONE, "TEL 2311" },
	{ 230, 20, 2, 0, TURN_NONE, "TEL 4711826" },
	{ 100, 160, 4, 0, TURN_NONE, "TANAKA" },
	{ 0, 255, 3, 1, TURN_LEFT, "4711826" },
};

static struct line draw(int i)
{
	struct canvas8 c = { &picture[0][0], COLUMNS, ROWS };
	struct line line = { .vertical = cases[i].down };

	memset(picture, cases[i].paper, sizeof(picture));
	line.box = glyphs_draw(&c, 30, 30, cases[i].scale, cases[i].ink,
			       cases[i].down, cases[i].text);
	line.seen[cases[i].ink > cases[i].paper ? POLARITY_BRIGHT :
						  POLARITY_DARK] = line.box;
	return line;
}

START_TEST(prepares)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct line line = draw(_i);
	enum polarity polarity = prepare_polarity(&p, &line);
	struct error err = { 0 };
	struct crop own, crop;
	long dark = 0;

	ck_assert(polarity == (cases[_i].ink > cases[_i].paper ?
				       POLARITY_BRIGHT : POLARITY_DARK));
	ck_assert(prepare_line(&p, &line, polarity, cases[_i].turn, &own,
			       &err));
	ck_assert(prepare_scale(&own, 1, &crop, &err));
	ck_assert_int_eq(crop.rows, PREPARED_ROWS);
	ck_assert_int_gt(crop.columns, 3 * crop.rows);
	for (int i = 0; i < crop.columns * crop.rows; i++)
		dark += crop.grey[i] < 128;
	ck_assert_int_gt(dark, crop.columns * crop.rows / 10);
	ck_assert_int_lt(dark, crop.columns * crop.rows / 2);
	/* a margin of paper */
	for (int x = 0; x < crop.columns; x++)
		ck_assert_int_gt(crop.grey[x], 200);
	crop_done(&crop);
	ck_assert(prepare_scale(&own, .5, &crop, &err));
	ck_assert_int_eq(crop.rows, PREPARED_ROWS);
	ck_assert_int_lt(abs(2 * crop.columns * own.rows -
			     own.columns * PREPARED_ROWS), 2 * own.rows + 1);
	crop_done(&crop);
	crop_done(&own);
}
END_TEST

/* The stem of an L at the border of the picture stays: outside of it there is
 * paper.  _i: it is dark; at the right border. */
START_TEST(stem_at_border)
{
	enum { HIGH = 16, WIDE = 12, STEM = 3 };
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	bool dark = _i & 1, right = _i & 2;
	int x0 = right ? COLUMNS - STEM : 0, margin = prepare_margin(HIGH, LOOK_USUAL);
	struct line line = { .box = region_from_box(
		right ? COLUMNS - WIDE : 0, 100, WIDE, HIGH) };
	struct error err = { 0 };
	struct crop crop;
	int stem, beside;

	memset(picture, dark ? 220 : 30, sizeof(picture));
	for (int y = 100; y < 100 + HIGH; y++)
		memset(&picture[y][x0], dark ? 20 : 240, STEM);
	ck_assert(prepare_line(&p, &line, dark ? POLARITY_DARK :
			       POLARITY_BRIGHT, TURN_NONE, &crop, &err));
	stem = margin + (right ? WIDE - STEM : 0);
	beside = margin + (right ? WIDE : -1);
	for (int y = margin; y < margin + HIGH; y++) {
		const uint8_t *row = crop.grey + y * crop.columns;

		for (int x = stem; x < stem + STEM; x++)
			ck_assert_int_lt(row[x], 64);
		ck_assert_int_gt(row[beside], 192);
	}
	crop_done(&crop);
}
END_TEST

/* Rows of a prepared line that hold ink. */
static int inked_rows(const struct crop *crop)
{
	int n = 0;

	for (int y = 0; y < crop->rows; y++)
		for (int x = 0; x < crop->columns; x++)
			if (crop->grey[y * crop->columns + x] < 128) {
				n++;
				break;
			}
	return n;
}

/* A line in another way: larger, smaller, harder, without specks, sharper. */
START_TEST(looks)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct line line = draw(0);
	int rows[LOOK_SHARP + 1], middle[LOOK_SHARP + 1] = { 0 };
	int specks[LOOK_SHARP + 1] = { 0 };
	struct error err = { 0 };
	struct crop crop;

	/* a speck above the letters makes the box higher */
	line.box.y0 -= 4;
	picture[line.box.y0][line.box.x0 + 20] = 255;
	for (int i = 0; i <= LOOK_SHARP; i++) {
		ck_assert(prepare_look(&p, &line, POLARITY_BRIGHT,
				       (enum prepare_look)i, 1, &crop, &err));
		ck_assert_int_eq(crop.rows, PREPARED_ROWS);
		rows[i] = inked_rows(&crop);
		for (int k = 0; k < crop.columns * crop.rows; k++)
			middle[i] += crop.grey[k] > 32 && crop.grey[k] < 224;
		for (int x = 0; x < crop.columns * 6; x++)
			specks[i] += crop.grey[x] < 224;
		crop_done(&crop);
	}
	ck_assert_int_gt(rows[LOOK_LARGER], rows[LOOK_USUAL]);
	ck_assert_int_lt(rows[LOOK_SMALLER], rows[LOOK_USUAL]);
	ck_assert_int_gt(specks[LOOK_USUAL], 0);
	ck_assert_int_eq(specks[LOOK_QUIET], 0);
	ck_assert_int_lt(2 * middle[LOOK_HARD], middle[LOOK_USUAL]);
	ck_assert_int_lt(middle[LOOK_SHARP], middle[LOOK_USUAL]);
	ck_assert_int_gt(prepare_margin(20, LOOK_SMALLER),
			 prepare_margin(20, LOOK_USUAL));
}
END_TEST

/* Sizes of lines on noise, read upright. */
static const struct {
	int columns, rows;              /* of the line */
	unsigned dice;
} crops[] = {
	{ 90, 20, 1 }, { 12, 31, 2 }, { 200, 8, 3 }, { 61, 57, 4 }, { 3, 5, 5 },
};

/* The least (greatest) of a square around a sample of a w x h crop. */
static int around(const int *v, int w, int h, int at, int half, bool greatest)
{
	int best = greatest ? 0 : 255;

	for (int y = at / w - half; y <= at / w + half; y++)
		for (int x = at % w - half; x <= at % w + half; x++)
			if (x >= 0 && y >= 0 && x < w && y < h &&
			    (v[y * w + x] > best) == greatest)
				best = v[y * w + x];
	return best;
}

/* Without its background and evened out, by the definition (3.2 of the
 * design: top-hat, then divided by the greatest level around). */
static void clean_slowly(int *v, int w, int h, int high)
{
	static int once[COLUMNS * ROWS], opened[COLUMNS * ROWS];
	int half = (high / 2 > 7 ? high / 2 : 7) / 2, n = w * h;

	for (int i = 0; i < n; i++)
		once[i] = around(v, w, h, i, half, false);
	for (int i = 0; i < n; i++)
		opened[i] = around(once, w, h, i, half, true);
	for (int i = 0; i < n; i++)
		v[i] -= opened[i];
	for (int i = 0; i < n; i++)
		once[i] = around(v, w, h, i, high, true);
	for (int i = 0; i < n; i++) {
		int by = once[i] > 24 ? once[i] : 24;

		v[i] = v[i] * 255 / by > 255 ? 255 : v[i] * 255 / by;
	}
}

/* Each sample is what the slow way makes of it, stretched: darker where that
 * is lighter. */
START_TEST(squares_are_exact)
{
	static int v[COLUMNS * ROWS];
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	int w = crops[_i].columns, h = crops[_i].rows;
	int margin = h / 4 > 3 ? h / 4 : 3, wide = w + 2 * margin;
	int high = h + 2 * margin, kept, by;
	struct line line = { .box = region_from_box(50, 50, w, h) };
	unsigned dice = crops[_i].dice;
	int stretched[256], of[256];
	struct error err = { 0 };
	struct crop crop;

	for (int i = 0; i < COLUMNS * ROWS; i++) {
		dice = dice * 1103515245u + 12345u;
		(&picture[0][0])[i] = (uint8_t)(dice >> 16);
	}
	for (int i = 0; i < wide * high; i++)
		v[i] = picture[50 - margin + i / wide][50 - margin + i % wide];
	clean_slowly(v, wide, high, h);
	ck_assert(prepare_line(&p, &line, POLARITY_BRIGHT, TURN_NONE, &crop,
			       &err));
	kept = (high - crop.rows) / 2;
	by = kept * wide + kept;
	ck_assert_int_eq(crop.columns, wide - 2 * kept);
	memset(of, -1, sizeof(of));
	for (int i = 0; i < crop.columns * crop.rows; i++) {
		int was = v[by + i / crop.columns * wide + i % crop.columns];

		/* one level of the slow way is always one of ours */
		ck_assert(of[was] < 0 || stretched[was] == crop.grey[i]);
		of[was] = i;
		stretched[was] = crop.grey[i];
	}
	for (int i = 0, last = 255; i < 256; i++) {
		ck_assert(of[i] < 0 || stretched[i] <= last);
		last = of[i] < 0 ? last : stretched[i];
	}
	crop_done(&crop);
}
END_TEST

/* A line inside a filled label: both polarities see something. */
START_TEST(polarity_of_a_label)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct canvas8 c = { &picture[0][0], COLUMNS, ROWS };
	struct line line = { 0 };

	memset(picture, 10, sizeof(picture));
	line.box = region_from_box(20, 20, 200, 40);
	for (int y = line.box.y0; y < line.box.y1; y++)
		memset(&picture[y][line.box.x0], 230, 200);
	line.seen[POLARITY_DARK] = glyphs_draw(&c, 30, 30, 2, 10, 0,
					       "SUZUKI");
	line.seen[POLARITY_BRIGHT] = line.box;
	line.box = line.seen[POLARITY_DARK];
	ck_assert(prepare_polarity(&p, &line) == POLARITY_DARK);
}
END_TEST

START_TEST(reads)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };
	struct readers *readers = readers_new("eng", &err);

	ck_assert(readers);
	ck_assert_int_eq(readers_count(readers), 1);
	for (int i = 0; i < (int)ARRAY_LENGTH(cases); i++) {
		struct line line = draw(i);
		struct letters want, got;
		struct reading reading;
		struct crop own, crop;

		ck_assert(prepare_line(&p, &line, prepare_polarity(&p, &line),
				       cases[i].turn, &own, &err));
		ck_assert(prepare_scale(&own, .8, &crop, &err));
		crop_done(&own);
		ck_assert(readers_read(readers, 0, &crop, &reading, &err));
		/* letters of dots: one may be misread */
		letters_read(&want, cases[i].text);
		letters_read(&got, reading.text);
		ck_assert_int_le(letters_distance(&want, &got), 1);
		ck_assert_int_ge(reading.confidence, 40);
		ck_assert(reading.latin);
		crop_done(&crop);
	}
	readers_free(readers);
}
END_TEST

static int next_descriptor(void)
{
	int fd = dup(STDIN_FILENO);

	ck_assert_int_ge(fd, 0);
	close(fd);
	return fd;
}

/* The library complains of narrow crops; a worker can open no file for it. */
START_TEST(opens_nothing)
{
	struct error err = { 0 };
	struct readers *readers = readers_new("eng", &err);
	int next = next_descriptor();

	ck_assert(readers);
	for (int columns = 1; columns < 24; columns++) {
		uint8_t grey[PREPARED_ROWS * 24];
		struct crop crop = { grey, columns, PREPARED_ROWS };
		struct reading reading;

		memset(grey, 255, sizeof(grey));
		for (int y = 6; y < 30; y++)
			memset(grey + y * columns + columns / 3, 0,
			       (size_t)(columns + 2) / 3);
		ck_assert(readers_read(readers, 0, &crop, &reading, &err));
		ck_assert_int_eq(next_descriptor(), next);
	}
	readers_free(readers);
}
END_TEST

/* The first line again and again, n columns in all; is it read? */
static bool reads_wide(struct readers *readers, const struct crop *one, int n)
{
	struct crop wide = { mem_array((size_t)n, (size_t)one->rows), n,
			     one->rows };
	struct reading reading;
	struct error err = { 0 };

	ck_assert(wide.grey);
	for (int y = 0; y < wide.rows; y++)
		for (int x = 0; x < n; x++)
			wide.grey[y * n + x] =
				one->grey[y * one->columns +
					  x % one->columns];
	ck_assert(readers_read(readers, 0, &wide, &reading, &err));
	crop_done(&wide);
	return reading.text[0] != '\0';
}

/* What is as wide as a page's grid is left unread: it takes too long. */
START_TEST(leaves_what_is_too_wide)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };
	struct readers *readers = readers_new("eng", &err);
	struct line line = draw(0);
	struct crop own, crop;

	ck_assert(readers);
	ck_assert(prepare_line(&p, &line, prepare_polarity(&p, &line),
			       cases[0].turn, &own, &err));
	ck_assert(prepare_scale(&own, 1, &crop, &err));
	crop_done(&own);
	ck_assert(reads_wide(readers, &crop, crop.columns));
	ck_assert(reads_wide(readers, &crop, READERS_COLUMNS));
	ck_assert(!reads_wide(readers, &crop, READERS_COLUMNS + 1));
	crop_done(&crop);
	readers_free(readers);
}
END_TEST

/* The attempts at a line, whichever way it runs. */
START_TEST(reads_lines)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };
	struct readers *readers = readers_new("eng+jpn", &err);

	ck_assert(readers);
	for (int i = 0; i < (int)ARRAY_LENGTH(cases); i++) {
		struct line_reader r = { .readers = readers, .kana = true,
					 .first = i % 2 };
		struct line line = draw(i);
		struct letters want, got;
		struct reading best;

		line.marks = (int)strlen(cases[i].text);
		line.score = 20;
		ck_assert(reading_line(&r, &p, &line, &best, NULL, &err));
		letters_read(&want, cases[i].text);
		letters_read(&got, best.text);
		ck_assert_msg(letters_distance(&want, &got) <= 2, "%s: %s",
			      cases[i].text, best.text);
		ck_assert_int_le(r.first, 1);
	}
	readers_free(readers);
}
END_TEST

/*
 * In later frames, where nothing of that score could be read, what is long is
 * left, and weak; a short line is read.
 */
START_TEST(reads_short_ones_among_texture)
{
	static const struct {
		double score;
		int long_, read;        /* long_: in heights, 0 as it is */
	} lines[] = { { 4.5, 0, 1 }, { 4.5, 12, 0 }, { 3.5, 0, 0 },
		      { 5.5, 12, 1 } };
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };
	struct readers *readers = readers_new("eng", &err);

	ck_assert(readers);
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		struct line_reader r = { .readers = readers, .later = true,
					 .lost = { [READING_TEXTURE] = 9 } };
		struct line line = draw(0);
		struct reading best;

		if (lines[i].long_)
			line.box.x1 = line.box.x0 + lines[i].long_ *
						    region_height(line.box);
		line.score = lines[i].score;
		ck_assert(reading_line(&r, &p, &line, &best, NULL, &err));
		ck_assert_int_eq(best.text[0] != '\0', lines[i].read);
	}
	readers_free(readers);
}
END_TEST

/* Half-width kana are read with their voice marks apart. */
START_TEST(voices_are_joined)
{
	static const char *const spelt[][2] = {
		{ "タカハシ タ~イスケ", "タカハシ ダイスケ" },
		{ "ワタナへ~", "ワタナベ" },     /* へ of hiragana */
		{ "ワタナヘ゛ ハナコ", "ワタナベ ハナコ" },
		{ "ナカシ~ マ", "ナカジ マ" }, { "スス” キ", "スズ キ" },
		{ "ハ゜ク", "パク" }, { "カ゜", "カ゜" }, { "ホ °", "ポ" },
		{ "SMITH~", "SMITH~" }, { "タ", "タ" }, { "", "" },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(spelt); i++) {
		char text[READING_TEXT];

		snprintf(text, sizeof(text), "%s", spelt[i][0]);
		reading_join_voices(text);
		ck_assert_str_eq(text, spelt[i][1]);
	}
}
END_TEST

/* What is missing is named as Debian names it. */
START_TEST(missing_language)
{
	struct error err = { 0 };

	ck_assert(!readers_new("eng+xyz_old", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "xyz_old"));
	ck_assert_ptr_nonnull(strstr(err.text, "tesseract-ocr-xyz-old"));
}
END_TEST

START_TEST(languages)
{
	static const char *const bad[] = { "", "+", "eng+", "xyz", "eng jpn" };
	struct error err;

	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		err = (struct error){ 0 };
		ck_assert(!readers_new(bad[i], &err));
		ck_assert(err.code != ERR_NONE);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("prepare");
	TCase *tcase = tcase_create("prepare");

	add_rows_test(tcase, prepares, cases);
	add_rows_test(tcase, squares_are_exact, crops);
	tcase_add_loop_test(tcase, stem_at_border, 0, 4);
	tcase_add_test(tcase, looks);
	tcase_add_test(tcase, polarity_of_a_label);
	tcase_add_test(tcase, reads);
	tcase_add_test(tcase, opens_nothing);
	tcase_add_test(tcase, leaves_what_is_too_wide);
	tcase_add_test(tcase, reads_lines);
	tcase_add_test(tcase, reads_short_ones_among_texture);
	tcase_add_test(tcase, voices_are_joined);
	tcase_add_test(tcase, missing_language);
	tcase_add_test(tcase, languages);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
