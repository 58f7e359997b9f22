/* check_deflate.c - a long deflate stream in pieces, there and back. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/deflate.h"
#include "pictures.h"
#include "support.h"

/* Bytes to pack, how many at a time, and how many to read back at a time. */
static const struct {
	size_t length, piece, read;
	bool noise;
} sizes[] = {
	{ 0, 1, 1, false }, { 1, 1, 1, false }, { 70000, 70000, 3, false },
	{ 70001, 13, 70001, true }, { 300000, 4096, 65536, true },
	{ 300000, 65537, 100001, true }, { 3000000, 1048576, 999, false },
};

enum { START = 5, TRAILER = 3 };        /* bytes around the stream */

static bool put(void *self, const void *data, size_t length,
		struct error *err)
{
	const int *fd = self;

	return write(*fd, data, length) == (ssize_t)length ||
	       error_set(err, ERR_WRITE, "full");
}

static unsigned char *make_bytes(int i)
{
	unsigned char *data = malloc(sizes[i].length + 1);
	uint32_t state = 99;

	ck_assert_ptr_nonnull(data);
	for (size_t k = 0; k < sizes[i].length; k++)
		data[k] = (unsigned char)(sizes[i].noise ?
					  random_next(&state) : k / 300);
	return data;
}

static int make_stream(int i, const unsigned char *data)
{
	struct error err = { 0 };
	int fd = memory_file();
	struct deflater *d = deflater_new(put, &fd, &err);

	ck_assert_int_eq(write(fd, "12345", START), START);
	for (size_t done = 0; done < sizes[i].length;) {
		size_t n = sizes[i].length - done;

		n = n < sizes[i].piece ? n : sizes[i].piece;
		ck_assert(deflater_add(d, data + done, n, &err));
		done += n;
	}
	ck_assert(deflater_end(d, &err));
	deflater_free(d);
	return fd;
}

START_TEST(test_there_and_back)
{
	unsigned char *data = make_bytes(_i), back[100001];
	int fd = make_stream(_i, data);
	long long end = lseek(fd, 0, SEEK_END);
	struct error err = { 0 };
	struct inflater *in = inflater_new(fd, START, &err);
	size_t done = 0, got;

	ck_assert_int_eq((end - START) % 2, 0);
	ck_assert_int_eq(write(fd, "abc", TRAILER), TRAILER);
	do {
		ck_assert(inflater_read(in, back, sizes[_i].read, &got,
					&err));
		ck_assert_uint_le(done + got, sizes[_i].length);
		ck_assert_mem_eq(back, data + done, got);
		done += got;
	} while (got == sizes[_i].read);
	ck_assert_uint_eq(done, sizes[_i].length);
	/* the pad byte is none of the stream */
	ck_assert(inflater_end(in) == end || inflater_end(in) == end - 1);
	inflater_free(in);
	free(data);
	close(fd);
}
END_TEST

START_TEST(test_cut_short)
{
	unsigned char *data = make_bytes(4), back[1000];
	int fd = make_stream(4, data);
	struct error err = { 0 };
	struct inflater *in = inflater_new(fd, START, &err);
	size_t got = sizeof(back);
	bool ok = true;

	ck_assert_int_eq(ftruncate(fd, lseek(fd, 0, SEEK_END) / 2), 0);
	while (ok && got == sizeof(back))
		ok = inflater_read(in, back, sizeof(back), &got, &err);
	ck_assert(!ok);
	ck_assert_int_eq(err.reason, REASON_TRUNCATED);
	inflater_free(in);
	free(data);
	close(fd);
}
END_TEST

START_TEST(test_damaged)
{
	static const unsigned char wrong[] = { 0xff, 0xff, 0xff, 0xff };
	unsigned char back[10];
	int fd = memory_of(wrong, sizeof(wrong));
	struct error err = { 0 };
	struct inflater *in = inflater_new(fd, 0, &err);
	size_t got;

	ck_assert(!inflater_read(in, back, sizeof(back), &got, &err));
	ck_assert_int_eq(err.reason, REASON_DAMAGED);
	inflater_free(in);
	close(fd);
}
END_TEST

START_TEST(test_full_disk)
{
	struct error err = { 0 };
	int none = -1;
	struct deflater *d = deflater_new(put, &none, &err);
	bool ok = deflater_add(d, "abc", 3, &err);

	ck_assert(!(ok && deflater_end(d, &err)));
	ck_assert_int_eq(err.code, ERR_WRITE);
	deflater_free(d);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deflate");
	TCase *tcase = tcase_create("deflate");

	add_rows_test(tcase, test_there_and_back, sizes);
	tcase_add_test(tcase, test_cut_short);
	tcase_add_test(tcase, test_damaged);
	tcase_add_test(tcase, test_full_disk);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
