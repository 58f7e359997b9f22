/* answers.c - the files of known answers about pictures. */
#include "config.h"

#include "process/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { ANSWER_MAX = 16 << 20 };

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool answers_open(struct answers *a, const char *name)
{
	int length = snprintf(a->folder, sizeof(a->folder), "%s/gt", name);

	if (length > 0 && length < PATH_MAX && is_folder(a->folder))
		return true;
	length = snprintf(a->folder, sizeof(a->folder), "%s", name);
	return length > 0 && length < PATH_MAX &&
	       (is_folder(a->folder) || is_file(a->folder));
}

bool answers_find(const struct answers *a, const char *name,
		  char path[PATH_MAX], const char **below)
{
	const char *unused;

	below = below ? below : &unused;
	*below = name;
	if (is_file(a->folder)) {
		snprintf(path, PATH_MAX, "%s", a->folder);
		return true;
	}
	for (const char *end = name; end; end = strchr(end, '/')) {
		end += *end == '/';

		int length = snprintf(path, PATH_MAX, "%s/%s.json", a->folder,
				      end);

		*below = end;
		if (length > 0 && length < PATH_MAX && is_file(path))
			return true;
	}
	return false;
}

static char *read_whole(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = file ? mem_array(ANSWER_MAX, 1) : NULL;

	*length = text ? fread(text, 1, ANSWER_MAX, file) : 0;
	if (file)
		fclose(file);
	if (*length > 0 && *length < ANSWER_MAX)
		return text;
	free(text);
	return NULL;
}

bool answers_load(const char *path, struct truth *truth, struct error *err)
{
	size_t length;
	char *text = read_whole(path, &length);
	bool ok = text ? truth_read(text, length, truth, err) :
		  error_set(err, ERR_USAGE, _("it can't be read"));

	free(text);
	return ok;
}
