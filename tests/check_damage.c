/*
 * check_damage.c - sound code streams, changed at random: the readers and the
 * cutters of carriers refuse them or keep their word (tests/fuzz).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/pack.h"
#include "tests/fuzz/fuzz_codecs.h"
#include "tests/pictures.h"
#include "tests/streams.h"
#include "tests/support.h"

enum { ROUNDS = 400, LONG_ROUNDS = 20000, MORE = 64 };

static const struct {
	enum fuzz_codec codec;
	int form;
	const uint8_t *stream;          /* NULL: packed from noise */
	size_t length;
} seeds[] = {
	{ FUZZ_RLE, 0, NULL, 0 },
	{ FUZZ_RLE, 1, NULL, 0 },
	{ FUZZ_RLE, 2, NULL, 0 },
	{ FUZZ_RLE, 3, NULL, 0 },
	{ FUZZ_DEFLATE, 0, NULL, 0 },
	{ FUZZ_DEFLATE, 2, NULL, 0 },
	{ FUZZ_DEFLATE, 3, NULL, 0 },
	{ FUZZ_JPEG, 0, NULL, 0 },
	{ FUZZ_LOSSLESS_JPEG, 0, jpeg_ls_8, sizeof(jpeg_ls_8) },
	{ FUZZ_LOSSLESS_JPEG, 0, jpeg_ls_16, sizeof(jpeg_ls_16) },
	{ FUZZ_LOSSLESS_JPEG, 0, lossless_8, sizeof(lossless_8) },
	{ FUZZ_LOSSLESS_JPEG, 0, lossless_16, sizeof(lossless_16) },
	{ FUZZ_J2K, 0, j2k_12, sizeof(j2k_12) },
	{ FUZZ_J2K, 0, j2k_rgb, sizeof(j2k_rgb) },
	{ FUZZ_INFLATER, 1, NULL, 0 },
	{ FUZZ_INFLATER, 2, NULL, 0 },
};

/* Few values, so that runs occur; 192 bytes are enough for every form. */
static uint8_t *packed_noise(int i, uint32_t *seed, size_t *length)
{
	static const size_t bytes[FUZZ_FORMS] = { 8, 64, 192, 128 };
	static const int allocated[FUZZ_FORMS] = { 1, 8, 8, 16 };
	static const int samples[FUZZ_FORMS] = { 1, 1, 3, 1 };
	int f = seeds[i].form;
	struct cell_form form = { .columns = 8, .rows = 8,
				  .samples = samples[f],
				  .allocated = allocated[f],
				  .stored = allocated[f] };
	uint8_t cells[192];
	struct error err = { 0 };

	for (size_t k = 0; k < sizeof(cells); k++)
		cells[k] = (uint8_t)random_below(seed, 3);
	return seeds[i].codec == FUZZ_RLE ?
		pack_rle(&form, cells, length, &err) :
		pack_deflate(cells, bytes[f], length, &err);
}

/* A progressive picture of 24 x 16 with every marker that files carry. */
static uint8_t *small_jpeg(size_t *length)
{
	static const struct jpeg_spec spec = { .columns = 24, .rows = 16,
					       .kind = JPEG_YCC, .h = 2,
					       .v = 2, .quality = 80,
					       .progressive = true,
					       .extras = true };
	struct noise noise = { .seed = 5 };

	return slurp(make_jpeg(&spec, &noise), length);
}

static uint8_t *sound_stream(int i, uint32_t *seed, size_t *length)
{
	uint8_t *copy;

	if (seeds[i].codec == FUZZ_JPEG)
		return small_jpeg(length);
	if (!seeds[i].stream)
		return packed_noise(i, seed, length);
	*length = seeds[i].length;
	copy = mem_array(*length, 1);
	memcpy(copy, seeds[i].stream, *length);
	return copy;
}

/* One to four changes: a bit, a byte, a piece cut out or put in, an end. */
static size_t damage(uint8_t *data, size_t length, size_t room, uint32_t *seed)
{
	for (int n = 1 + random_below(seed, 4); n > 0 && length > 1; n--) {
		size_t at = (size_t)random_below(seed, (int)length);
		size_t count = 1 + (size_t)random_below(seed, 8);

		if (count > length - at)
			count = length - at;
		switch (random_below(seed, 6)) {
		case 0:
			data[at] ^= (uint8_t)(1 << random_below(seed, 8));
			break;
		case 1:
			data[at] = (uint8_t)random_next(seed);
			break;
		case 2:
			data[at] = random_below(seed, 2) ? 0xff : 0;
			break;
		case 3:
			memmove(data + at, data + at + count,
				length - at - count);
			length -= count;
			break;
		case 4:
			if (length + count > room)
				break;
			memmove(data + at + count, data + at, length - at);
			length += count;
			break;
		default:
			if (random_below(seed, 4) == 0)
				length = at;
			break;
		}
	}
	return length;
}

START_TEST(damaged)
{
	const char *is_long = getenv("SUMI_LONG");
	int rounds = is_long && *is_long ? LONG_ROUNDS : ROUNDS;
	uint32_t seed = 70707 + (uint32_t)_i;
	size_t length = 0;
	uint8_t *sound = sound_stream(_i, &seed, &length);

	ck_assert_ptr_nonnull(sound);
	for (int n = 0; n < rounds; n++) {
		size_t room = FUZZ_HEAD + length + MORE, changed = length;
		uint8_t *input = mem_array(room, 1), *tight;

		memcpy(input + FUZZ_HEAD, sound, length);
		/* the sound stream itself is the first */
		if (n > 0)
			changed = damage(input + FUZZ_HEAD, length,
					 length + MORE, &seed);
		input[0] = (uint8_t)seeds[_i].codec;
		input[1] = (uint8_t)seeds[_i].form;
		/* nothing behind it that a reader could use unseen */
		tight = realloc(input, FUZZ_HEAD + changed);
		ck_assert_ptr_nonnull(tight);
		ck_assert_int_eq(LLVMFuzzerTestOneInput(tight,
							FUZZ_HEAD + changed),
				 0);
		free(tight);
	}
	free(sound);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("damage");
	TCase *tcase = tcase_create("damage");

	add_rows_test(tcase, damaged, seeds);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
