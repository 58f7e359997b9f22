/* fuzz_list.c - a list of files, as lines or as CSV. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/charset.h"
#include "process/list.h"
#include "tests/fuzz/harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct error err = { 0 };

	(void)argc;
	(void)argv;
	harness_must(charset_warm_up(&err), "charset_warm_up");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = harness_file(data, size);
	struct error err = { 0 };
	struct list_entry entry;
	struct list *list;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	list = list_open(path, &err);
	harness_must(list || err.code == ERR_USAGE || err.code == ERR_MEMORY,
		     "not opened without an error");
	while (list && list_next(list, &entry, &err)) {
		harness_must(*entry.path != '\0', "an empty path");
		harness_must(harness_is_clean(entry.reason,
					      strlen(entry.reason)),
			     "a reason steers the terminal");
	}
	harness_must(!list || err.code == ERR_NONE,
		     "a list that was sound when it was opened");
	list_close(list);
	close(fd);
	return 0;
}
