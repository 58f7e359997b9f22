/*
 * generate.c - pictures with text burned in, and the truth about it.
 *
 * usage: generate --seed N --count M --out DIR [--set NAME]
 *        generate --list
 *
 * Writes DIR/SET/FORM/NUMBER_BACKDROP.SUFFIX, with FORM one of png, jpeg,
 * dicom and dicom16, and DIR/gt/ with the truth of each in the form that
 * `suminuri eval --truth DIR` reads.  The same seed gives the same bytes where
 * the same fonts and the same FreeType are; picture N does not depend on how
 * many are made.  Fonts that are missing are named on stderr and left out.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/burnin/scene.h"

enum { PATH = 4096, COUNT_MAX = 100000 };

struct job {
	unsigned long long seed;
	long count;
	const char *out;
	const struct recipe *recipe;
};

static bool save(const char *path, const struct buffer *data)
{
	FILE *file = data->failed ? NULL : fopen(path, "wb");

	if (!file)
		return false;
	bool whole = fwrite(data->data, 1, data->length, file) == data->length;

	return fclose(file) == 0 && whole;
}

/* Make DIR and what lies below it, up to the last slash of path. */
static bool make_folders(char *path)
{
	for (char *at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		bool made = mkdir(path, 0777) == 0 || errno == EEXIST;

		*at = '/';
		if (!made)
			return false;
	}
	return true;
}

static bool save_below(const struct job *job, const char *below,
		       const char *file, const char *suffix,
		       const struct buffer *data)
{
	char path[PATH];
	int length = snprintf(path, sizeof(path), "%s/%s%s%s", job->out, below,
			      file, suffix);

	return length > 0 && length < PATH && make_folders(path) &&
	       save(path, data);
}

static bool make(const struct job *job, const struct fonts *fonts, int number)
{
	struct scene scene;
	struct buffer picture = { 0 }, truth = { 0 };
	char file[256];
	bool made;

	if (!scene_draw(&scene, job->recipe, fonts, job->seed, number))
		return false;
	snprintf(file, sizeof(file), "%s/%s/%05d_%s.%s", job->recipe->name,
		 form_name[scene.form], number, scene.backdrop->name,
		 scene_suffix(&scene));
	made = scene_encode(&scene, &picture);
	scene_truth(&scene, fonts, file, &truth);
	made = made && save_below(job, "", file, "", &picture) &&
	       save_below(job, "gt/", file, ".json", &truth);
	buffer_done(&picture);
	buffer_done(&truth);
	scene_done(&scene);
	return made;
}

static void say_missing(const char *package, const char *file)
{
	fprintf(stderr, "generate: %s is not installed: left out (%s)\n",
		package, file);
}

static int usage(void)
{
	fprintf(stderr, "usage: generate --seed N --count M --out DIR "
			"[--set NAME]\n       generate --list\n");
	return 2;
}

static int list(void)
{
	for (const struct recipe *r = recipes; r->name; r++)
		printf("%-12s %s\n", r->name, r->help);
	return 0;
}

static const struct recipe *find_recipe(const char *name)
{
	const struct recipe *r = recipes;

	while (r->name && strcmp(r->name, name) != 0)
		r++;
	return r->name ? r : NULL;
}

/* The arguments; false when they are wrong. */
static bool read_job(int argc, char **argv, struct job *job)
{
	char *end;

	*job = (struct job){ .count = -1, .recipe = recipes };
	for (int i = 1; i + 1 < argc; i += 2) {
		const char *value = argv[i + 1];

		end = NULL;
		if (strcmp(argv[i], "--seed") == 0)
			job->seed = strtoull(value, &end, 10);
		else if (strcmp(argv[i], "--count") == 0)
			job->count = strtol(value, &end, 10);
		else if (strcmp(argv[i], "--out") == 0)
			job->out = value;
		else if (strcmp(argv[i], "--set") == 0)
			job->recipe = find_recipe(value);
		else
			return false;
		if (end && (*end || end == value))
			return false;
	}
	return argc % 2 == 1 && job->out && job->recipe && job->count >= 0 &&
	       job->count <= COUNT_MAX;
}

int main(int argc, char **argv)
{
	struct fonts *fonts;
	struct job job;
	int status = 0;

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	if (!read_job(argc, argv, &job))
		return usage();
	fonts = fonts_open(say_missing);
	if (!fonts) {
		fprintf(stderr, "generate: no font of its table is here: "
				"install the bench packages of packages.txt\n");
		return 5;
	}
	for (int i = 0; i < job.count && !status; i++)
		if (!make(&job, fonts, i)) {
			fprintf(stderr, "generate: %s: can't write picture "
					"%d\n", job.out, i);
			status = 4;
		}
	fonts_free(fonts);
	return status;
}
