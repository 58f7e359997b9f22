/*
 * list.h - a list of files: one path a line, or RFC 4180 CSV with a header
 * line and the columns `path` and `reason`.  UTF-8 with or without BOM, or
 * CP932.
 */
#ifndef SUMI_LIST_H
#define SUMI_LIST_H

#include <stdbool.h>

#include "base/error.h"

struct list;

struct list_entry {             /* borrowed until the next call */
	const char *path;       /* bytes; never empty */
	const char *reason;     /* clean UTF-8, or "" */
};

/* NULL with ERR_USAGE (what is wrong in which line) or ERR_MEMORY.  The whole
 * list is checked. */
struct list *list_open(const char *path, struct error *err);
void list_close(struct list *list);             /* NULL does nothing */

/* False at the end, or with *err ERR_MEMORY or ERR_USAGE when the list was
 * changed meanwhile. */
bool list_next(struct list *list, struct list_entry *entry,
	       struct error *err);

#endif
