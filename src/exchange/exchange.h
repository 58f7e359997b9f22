/*
 * exchange.h - the commands export and import: what goes from a project to
 * other programs, and boxes that come from them.  main prints errors.
 */
#ifndef SUMI_EXCHANGE_H
#define SUMI_EXCHANGE_H

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"

struct export_options {
	const char *kind;               /* coco csv fhir json seg */
	const char *directory;          /* the project */
	const char *folder;             /* of seg, and only of that */
};

/*
 * Only released items leave, under keyed names: no path, no name, no
 * recognised text, no hash of an input.  Changes nothing in the project.
 * said gets what second readers say against them, a line each (leave.h).
 * False with *err: ERR_USAGE (kind, folder, no project), ERR_CHECK (the log
 * or an output is not what it was), those of the kinds.
 */
bool exchange_export(const struct export_options *o, FILE *out,
		     struct buffer *said, struct error *err);

struct import_options {
	const char *kind;               /* coco */
	const char *file;
	const char *name;               /* file_name of one image, or NULL */
};

/*
 * Print the boxes of a file as lines of DESIGN 5.1, for `mask --boxes`.
 * ERR_USAGE when it can't be read as that.
 */
bool exchange_import(const struct import_options *o, FILE *out,
		     struct error *err);

#endif
