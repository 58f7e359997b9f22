/*
 * fuzz_copy.c - a PNG or JPEG file with boxes made from its bytes: it is
 * refused, or its masked copy passes verification.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file;

	/* two parts: boxes, file */
	if (size < HARNESS_BOXES || !(file = malloc(size)))
		return 0;
	memcpy(file, data + HARNESS_BOXES, size - HARNESS_BOXES);
	harness_png_sums(file, size - HARNESS_BOXES);
	harness_copy(file, size - HARNESS_BOXES, data);
	free(file);
	return 0;
}
