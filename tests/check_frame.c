/* check_frame.c - one decoded frame. */
#include "config.h"

#include "image/frame.h"

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
	suite_add_tcase(s, c);
	return support_run(s);
}
