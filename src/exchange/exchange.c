/* exchange.c - the commands export and import. */
#include "config.h"

#include "exchange/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "exchange/coco.h"
#include "exchange/fhir.h"
#include "exchange/released.h"
#include "exchange/seg_files.h"
#include "exchange/table.h"
#include "record/leave.h"
#include "record/project.h"

enum { IMPORT_MAX = 1 << 28 };          /* bytes of a file of boxes */

static const struct {
	const char *name;
	bool (*put)(struct project *p, FILE *out, struct error *err);
} kinds[] = {
	{ "coco", coco_export }, { "csv", table_csv }, { "fhir", fhir_export },
	{ "json", table_json }, { "seg", NULL },
};

enum { KINDS_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

bool exchange_export(const struct export_options *o, FILE *out,
		     struct buffer *said, struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .reading = true };
	struct project *p;
	size_t found;
	int kind = 0;
	bool good;

	while (kind < KINDS_COUNT && strcmp(kinds[kind].name, o->kind) != 0)
		kind++;
	if (kind == KINDS_COUNT)
		return error_set(err, ERR_USAGE, _("coco, csv, fhir, json or "
						   "seg is needed"));
	if (!kinds[kind].put != (o->folder != NULL))
		return error_set(err, ERR_USAGE, _("--to is needed for seg, "
						   "and only for it"));
	if (!hash_warm_up(err))
		return false;
	p = project_open(&options, err);
	if (!p)
		return false;
	/* all are sound before the first one is told */
	good = released_each(p, NULL, NULL, err) &&
	       leave_look(p, said, &found, err) &&
	       (kinds[kind].put ? kinds[kind].put(p, out, err) :
				  seg_files(p, o->folder, out, err));
	project_abandon(p);
	return good;
}

static char *read_file(const char *path, size_t *length, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char *text = NULL;
	size_t size = 0;

	*length = 0;
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    st.st_size > IMPORT_MAX) {
		error_set(err, ERR_USAGE, _("can't be read: %s"),
			  fd < 0 ? strerror(errno) : strerror(EFBIG));
	} else {
		size = (size_t)st.st_size;
		text = malloc(size + 1);
		if (!text)
			error_set(err, ERR_MEMORY, _("no memory"));
	}
	while (text && *length < size) {
		ssize_t n = read(fd, text + *length, size - *length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		*length += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

bool exchange_import(const struct import_options *o, FILE *out,
		     struct error *err)
{
	size_t length;
	char *text;
	bool good;

	if (strcmp(o->kind, "coco") != 0)
		return error_set(err, ERR_USAGE, _("coco is needed"));
	text = read_file(o->file, &length, err);
	good = text && coco_import(text, length, o->name, out, err);
	free(text);
	return good;
}
