/* fuzz_policy.c - policy.ini and the reader of settings behind it. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "record/policy.h"
#include "tests/fuzz/harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct policy policy;
	struct error err = { 0 };

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (policy_read(text, &policy, &err))
		harness_must(strlen(policy.id) == 16 && policy.formats != 0,
			     "a policy without an id or a format");
	else
		harness_must(err.code == ERR_USAGE || err.code == ERR_MEMORY,
			     "wrong without an error");
	free(text);
	return 0;
}
