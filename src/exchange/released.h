/*
 * released.h - what may leave a project: items whose output is released and
 * is the file that was verified, under names that only the holder of the
 * project's key can lead back.
 */
#ifndef SUMI_RELEASED_H
#define SUMI_RELEASED_H

#include "record/project.h"

enum { RELEASED_NAME = 17 };            /* 16 hex digits and a NUL */

struct released {
	char name[RELEASED_NAME];
	const struct project_output *output;    /* fd, boxes, item */
};

/*
 * The keyed name of an item or a person: that of `log export`, so that both
 * can be read together.  kind: "item", "who".  False: no memory.
 */
bool released_keyed(const struct project *p, const char *kind,
		    const char *name, char keyed[RELEASED_NAME]);

/*
 * Hand over each released item in listing order; visit NULL: only check them.
 * ERR_CHECK when the log is broken or an output is missing or another one:
 * then nothing may leave.
 */
bool released_each(struct project *p,
		   bool (*visit)(void *self, const struct released *item,
				 struct error *err),
		   void *self, struct error *err);

#endif
