/*
 * fuzz_dicom.c - a DICOM file: walker, attributes, overlays, frames.  Once as
 * it is, once with its data set deflated: a change of deflated bytes would
 * mostly end at the next of them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/deflate.h"
#include "image/image.h"
#include "tests/fuzz/harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct error err = { 0 };

	(void)argc;
	(void)argv;
	harness_must(image_warm_up(&err), "image_warm_up");
	return 0;
}

static bool put(void *self, const void *data, size_t length, struct error *err)
{
	(void)err;
	buffer_append(self, data, length);
	return true;
}

/* A meta header of our own (PS3.10 7.1) says what follows. */
static void play_deflated(const uint8_t *data, size_t size)
{
	static const uint8_t meta[] =
		"DICM\2\0\0\0UL\4\0\36\0\0\0"
		"\2\0\20\0UI\26\0001.2.840.10008.1.2.1.99";
	struct buffer file = { 0 };
	struct deflater *d = deflater_new(put, &file, NULL);
	const uint8_t preamble[128] = { 0 };

	buffer_append(&file, preamble, sizeof(preamble));
	buffer_append(&file, meta, sizeof(meta) - 1);
	harness_must(d && deflater_add(d, data, size, NULL) &&
		     deflater_end(d, NULL) && !file.failed, "not deflated");
	deflater_free(d);
	harness_picture((uint8_t *)file.data, file.length);
	buffer_done(&file);
}

/* Where the data set begins, by the length of the meta header; 0: nowhere. */
static size_t data_set(const uint8_t *data, size_t size)
{
	static const uint8_t start[] = "DICM\2\0\0\0UL\4";
	const size_t at = 128, head = at + 16;
	size_t length;

	if (size < head || memcmp(data + at, start, sizeof(start)) != 0)
		return 0;
	length = (size_t)data[head - 4] | (size_t)data[head - 3] << 8;
	return length <= size - head ? head + length : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t at = data_set(data, size);

	harness_picture(data, size);
	if (at > 0)
		play_deflated(data + at, size - at);
	return 0;
}
