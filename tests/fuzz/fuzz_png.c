/*
 * fuzz_png.c - a PNG file, as it is and with the check sums of its chunks put
 * right.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *right = malloc(size + !size);

	harness_picture(data, size);
	if (right) {
		memcpy(right, data, size);
		harness_png_sums(right, size);
		if (memcmp(right, data, size) != 0)
			harness_picture(right, size);
	}
	free(right);
	return 0;
}
