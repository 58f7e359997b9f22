/* fuzz_dicomdir.c - the reader of a DICOMDIR's file IDs. */
#include "config.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "process/source.h"
#include "tests/fuzz/harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int in = harness_file(data, size), out = harness_file(NULL, 0);
	bool ok = source_dicomdir_read(in, out);
	off_t length = lseek(out, 0, SEEK_END);
	char last = 'x';

	harness_must(length >= 0 && (size_t)length <= size + 1,
		     "more written than there is");
	harness_must(length == 0 || (pread(out, &last, 1, length - 1) == 1 &&
				     last == '\0'), "a path without an end");
	harness_must(!ok || length > 0, "done without the empty path");
	close(in);
	close(out);
	return 0;
}
