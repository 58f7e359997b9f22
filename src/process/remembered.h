/*
 * remembered.h - the layouts of a project, private/layouts.jsonl, and the
 * layout command.  main prints errors.
 */
#ifndef SUMI_REMEMBERED_H
#define SUMI_REMEMBERED_H

#include <stdio.h>

#include "find/layout.h"
#include "record/project.h"

/* Those of the project; none when nothing was remembered yet.  ERR_CHECK
 * (damaged), ERR_WRITE (can't be read), ERR_MEMORY. */
bool layouts_load(const struct project *p, struct layouts *l,
		  struct error *err);
/* In place of what is there, whole or not at all.  ERR_WRITE, ERR_MEMORY. */
bool layouts_save(const struct project *p, const struct layouts *l,
		  struct error *err);

/*
 * The same of what was handed on within the project (key p), in
 * private/propagated.jsonl: device is that of the pictures, or the keyed
 * digest of their series (struct slot, series).
 */
bool propagated_load(const struct project *p, struct layouts *l,
		     struct error *err);
bool propagated_save(const struct project *p, const struct layouts *l,
		     struct error *err);

struct layout_options {
	const char *verb;               /* list import export */
	const char *file;               /* of import */
	const char *directory;          /* the project */
};

/*
 * list    a line a layout: device, size, number of boxes, classes
 * export  the layouts as layouts_print() writes them
 * import  add those of a file, which replace what is remembered of the same
 *         device and size
 *
 * False with *err: ERR_USAGE (verb, file, no project) and those of above and
 * of project_open(); *which: the file or project that it is about, NULL when
 * it is about the command.
 */
bool layout_command(const struct layout_options *o, FILE *out,
		    const char **which, struct error *err);
#endif
