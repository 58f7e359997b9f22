/*
 * replay.c - plays files to one fuzz harness, without a fuzzer: each file
 * named on the command line, and each in a folder named there.
 */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/harness.h"

/* Not every harness has one. */
#pragma weak LLVMFuzzerInitialize

/* libFuzzer brings a main of its own. */
#ifndef SUMI_LIBFUZZER

static int play_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t size;

	if (!file || fstat(fileno(file), &st)) {
		fprintf(stderr, "%s: can't be read\n", path);
		exit(1);
	}
	size = (size_t)st.st_size;
	/* exactly as long as the file, so that a sanitizer sees its end */
	data = malloc(size ? size : 1);
	if (!data || fread(data, 1, size, file) != size) {
		fprintf(stderr, "%s: can't be read\n", path);
		exit(1);
	}
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

static int play(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	char name[4096];
	int played = 0;

	if (!folder)
		return play_file(path);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		played += play_file(name);
	}
	closedir(folder);
	return played;
}

int main(int count, char **argument)
{
	int played = 0;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&count, &argument);
	for (int i = 1; i < count; i++)
		played += play(argument[i]);
	printf("%d files\n", played);
	return played ? 0 : 1;
}
#endif
