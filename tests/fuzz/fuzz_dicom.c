/* fuzz_dicom.c - a DICOM file: walker, attributes, overlays, frames. */
#include "config.h"

#include <stdlib.h>

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
	harness_picture(data, size);
	return 0;
}
