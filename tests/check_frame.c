/* check_frame.c - one decoded frame. */
#include "config.h"

#include "image/frame.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support.h"

static const struct {
	int columns, rows;
	enum sample_type type;
	int samples;
	size_t bytes;                           /* 0: refused */
} cases[] = {
	{ 1, 1, SAMPLE_U8, 1, 1 },
	{ 5, 3, SAMPLE_U8, 3, 45 },
	{ 5, 3, SAMPLE_S16, 1, 30 },
	{ 5, 3, SAMPLE_U16, 4, 120 },
	{ 65535, 1, SAMPLE_U32, 1, 262140 },
	{ 1, 65535, SAMPLE_S32, 1, 262140 },
	{ 2, 2, SAMPLE_F32, 1, 16 },
	{ 2, 2, SAMPLE_F64, 1, 32 },
	{ 0, 1, SAMPLE_U8, 1, 0 },
	{ 1, 0, SAMPLE_U8, 1, 0 },
	{ -1, -1, SAMPLE_U8, 1, 0 },
	{ 65536, 1, SAMPLE_U8, 1, 0 },
	{ 1, 65536, SAMPLE_U8, 1, 0 },
	{ 1, 1, SAMPLE_U8, 0, 0 },
	{ 1, 1, SAMPLE_U8, 5, 0 },
	{ 65535, 65535, SAMPLE_U8, 1, 0 },
	{ 16384, 16385, SAMPLE_U8, 1, 0 },
};

START_TEST(size)
{
	struct error err = { 0 };
	struct frame *f = frame_new(cases[_i].columns, cases[_i].rows,
				    cases[_i].type, cases[_i].samples, &err);

	if (!cases[_i].bytes) {
		ck_assert_ptr_null(f);
		ck_assert_int_eq(err.code, ERR_RANGE);
		ck_assert_str_ne(err.text, "");
		return;
	}
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(err.code, ERR_NONE);
	ck_assert_int_eq(f->columns, cases[_i].columns);
	ck_assert_int_eq(f->rows, cases[_i].rows);
	ck_assert_int_eq(f->samples, cases[_i].samples);
	ck_assert_uint_eq(frame_bytes(f), cases[_i].bytes);
	for (size_t i = 0; i < cases[_i].bytes; i++)
		ck_assert_uint_eq(((unsigned char *)f->sample)[i], 0);
	frame_free(f);
}
END_TEST

/* A shadow of terabytes can't be searched. */
#ifndef SUMI_SANITIZERS
enum { SECRET = 64, PIECE = 65536 };

static unsigned char secret(size_t i)
{
	return (unsigned char)(0xa5 ^ i * 7);
}

/* The last place is one piece on; the stack is ours. */
static bool holds_secret(int memory, unsigned long from, unsigned long to)
{
	unsigned char wanted[SECRET], piece[PIECE];
	ssize_t n;

	for (size_t i = 0; i < SECRET; i++)
		wanted[i] = secret(i);
	for (; from < to; from += PIECE - SECRET) {
		size_t most = to - from < PIECE ? to - from : PIECE;

		n = pread(memory, piece, most, (off_t)from);
		if (n > 0 && memmem(piece, (size_t)n, wanted, SECRET))
			return true;
	}
	return false;
}

/* Is it in any memory of this process that can be written? */
static bool secret_is_there(void)
{
	int memory = open("/proc/self/mem", O_RDONLY);
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512], mode[8];
	unsigned long from, to;
	bool found = false;

	ck_assert_int_ge(memory, 0);
	ck_assert_ptr_nonnull(maps);
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 &&
		    mode[1] == 'w' && !strstr(line, "[stack"))
			found = holds_secret(memory, from, to) || found;
	fclose(maps);
	close(memory);
	return found;
}

START_TEST(nothing_stays_in_memory)
{
	struct frame *f = frame_new(64, 64, SAMPLE_U8, 1, NULL);

	ck_assert_ptr_nonnull(f);
	for (size_t i = 0; i < SECRET; i++)
		((unsigned char *)f->sample)[2048 + i] = secret(i);
	ck_assert(secret_is_there());
	frame_free(f);
	ck_assert(!secret_is_there());
}
END_TEST
#endif

START_TEST(free_of_nothing)
{
	frame_free(NULL);
	ck_assert_ptr_null(frame_new(0, 0, SAMPLE_U8, 1, NULL));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("frame");
	TCase *c = tcase_create("frame");

	add_rows_test(c, size, cases);
	tcase_add_test(c, free_of_nothing);
#ifndef SUMI_SANITIZERS
	tcase_add_test(c, nothing_stays_in_memory);
#endif
	suite_add_tcase(s, c);
	return support_run(s);
}
