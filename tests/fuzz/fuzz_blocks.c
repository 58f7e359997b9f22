/*
 * fuzz_blocks.c - a hostile JPEG stream read row by row, and once more beside
 * itself by passing over what is the same: both have to come to one end.
 */
#include "config.h"

#include "tests/fuzz/fuzz_blocks.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "image/jpeg_blocks.h"

enum { MOST_PIXELS = 1 << 22 };         /* a larger picture only takes time */

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static bool is_small(const struct jpeg_blocks *b)
{
	struct jpeg_blocks_head head;

	jpeg_blocks_head(b, &head);
	return head.columns * (long long)head.rows <= MOST_PIXELS;
}

static enum jpeg_blocks_got read_rows(struct jpeg_blocks *b, long *rows)
{
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got = JPEG_BLOCKS_ROW;

	for (*rows = -1; got == JPEG_BLOCKS_ROW; ++*rows)
		got = jpeg_blocks_next(b, &row, NULL);
	return got;
}

static enum jpeg_blocks_got pass_rows(struct jpeg_blocks *a,
				      struct jpeg_blocks *b, long *rows)
{
	struct jpeg_blocks_row row, other;
	enum jpeg_blocks_got got = JPEG_BLOCKS_ROW, same;

	*rows = 0;
	while (got == JPEG_BLOCKS_ROW) {
		if (*rows % 3 && jpeg_blocks_pass(a, b)) {
			++*rows;
			continue;
		}
		got = jpeg_blocks_next(b, &row, NULL);
		if (got == JPEG_BLOCKS_ROW && jpeg_blocks_follow(a, b)) {
			++*rows;
			continue;
		}
		same = jpeg_blocks_next(a, &other, NULL);
		must(same == got, "a stream differs from itself");
		*rows += got == JPEG_BLOCKS_ROW;
	}
	return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jpeg_blocks *a = jpeg_blocks_open(data, size, NULL);
	struct jpeg_blocks *b = jpeg_blocks_open(data, size, NULL);
	struct jpeg_blocks *c = jpeg_blocks_open(data, size, NULL);
	enum jpeg_blocks_got got;
	long rows, passed;

	must(!a == !b && !a == !c, "a stream opens only now and then");
	if (a && is_small(a)) {
		got = read_rows(a, &rows);
		must(pass_rows(b, c, &passed) == got,
		     "passing comes to another end than reading");
		must(got != JPEG_BLOCKS_END || rows == passed,
		     "passing counts other rows than reading");
		must(got != JPEG_BLOCKS_END ||
		     jpeg_blocks_length(a) <= size, "the end is behind the end");
	}
	jpeg_blocks_close(a);
	jpeg_blocks_close(b);
	jpeg_blocks_close(c);
	return 0;
}
