/* check_mem.c - checked size arithmetic, arrays and the buffer. */
#include "config.h"

#include "base/mem.h"

#include <stdlib.h>

#include "tests/support.h"

static const size_t half = (size_t)1 << (sizeof(size_t) * 4);

START_TEST(products)
{
	size_t n = 7;

	ck_assert(mem_mul(6, 7, &n));
	ck_assert_uint_eq(n, 42);
	ck_assert(mem_mul(0, SIZE_MAX, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert(mem_mul(SIZE_MAX, 1, &n));
	ck_assert_uint_eq(n, SIZE_MAX);
	ck_assert(!mem_mul(half, half, &n));
	ck_assert(!mem_mul(SIZE_MAX, 2, &n));
	ck_assert(mem_mul3(2, 3, 7, &n));
	ck_assert_uint_eq(n, 42);
	ck_assert(!mem_mul3(half, half / 2, 2, &n));
	ck_assert(!mem_mul3(half, half, 0, &n));
}
END_TEST

START_TEST(arrays_are_zeroed)
{
	unsigned char *a = mem_array3(3, 4, 5, 2);

	ck_assert_ptr_nonnull(a);
	for (int i = 0; i < 120; i++)
		ck_assert_uint_eq(a[i], 0);
	free(a);
	ck_assert_ptr_null(mem_array(0, 4));
	ck_assert_ptr_null(mem_array(4, 0));
	ck_assert_ptr_null(mem_array3(0, 1, 1, 1));
	ck_assert_ptr_null(mem_array3(half, half, 1, 1));
	ck_assert_ptr_null(mem_array3(half, half / 2, 1, 2));
}
END_TEST

START_TEST(grow_keeps_what_was_there)
{
	int *list = NULL;
	size_t capacity = 0;

	for (size_t i = 0; i < 1000; i++) {
		ck_assert(mem_grow(&list, &capacity, i, sizeof(*list)));
		ck_assert_uint_gt(capacity, i);
		list[i] = (int)i;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(list[i], i);
	free(list);
}
END_TEST

START_TEST(grow_fails_whole)
{
	char *list = NULL;
	size_t capacity = 0;

	ck_assert(mem_grow(&list, &capacity, 0, 1));
	char *before = list;
	size_t was = capacity;

	ck_assert(!mem_grow(&list, &capacity, SIZE_MAX, 1));
	ck_assert(!mem_grow(&list, &capacity, SIZE_MAX / 4, 64));
	ck_assert_ptr_eq(list, before);
	ck_assert_uint_eq(capacity, was);
	free(list);
}
END_TEST

START_TEST(buffer_texts)
{
	struct buffer b = { 0 };

	buffer_puts(&b, "a");
	buffer_append(&b, "\0b", 2);
	buffer_printf(&b, "%03d", 7);
	ck_assert(!b.failed);
	ck_assert_uint_eq(b.length, 6);
	ck_assert_mem_eq(b.data, "a\0b007", 7);
	buffer_clear(&b);
	ck_assert_uint_eq(b.length, 0);
	ck_assert_str_eq(b.data, "");
	for (int i = 0; i < 5000; i++)
		buffer_printf(&b, "%d,", i % 10);
	ck_assert(!b.failed);
	ck_assert_uint_eq(b.length, 10000);
	ck_assert_str_eq(b.data + 9996, "8,9,");
	buffer_done(&b);
	ck_assert_ptr_null(b.data);
}
END_TEST

START_TEST(buffer_failure_sticks)
{
	struct buffer b = { 0 };

	buffer_puts(&b, "kept");
	buffer_append(&b, "x", SIZE_MAX - 2);
	ck_assert(b.failed);
	buffer_puts(&b, "lost");
	ck_assert_str_eq(b.data, "kept");
	ck_assert_uint_eq(b.length, 4);
	buffer_done(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mem");
	TCase *c = tcase_create("mem");

	tcase_add_test(c, products);
	tcase_add_test(c, arrays_are_zeroed);
	tcase_add_test(c, grow_keeps_what_was_there);
	tcase_add_test(c, grow_fails_whole);
	tcase_add_test(c, buffer_texts);
	tcase_add_test(c, buffer_failure_sticks);
	suite_add_tcase(s, c);
	return support_run(s);
}
