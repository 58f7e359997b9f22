/* fuzz_jpeg.c - a JPEG file: markers, EXIF, scans. */
#include "config.h"

#include "tests/fuzz/harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_picture(data, size);
	return 0;
}
