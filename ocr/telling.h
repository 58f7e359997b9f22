/*
 * telling.h - a word now and then of work that takes long, from line to line,
 * so that only a hang is as silent as one (DESIGN 4: 10 s).
 */
#ifndef SUMI_TELLING_H
#define SUMI_TELLING_H

#include <stddef.h>

struct telling {
	void (*tell)(const void *self);
	const void *self;
};

/* NULL: nobody listens. */
static inline void telling_word(const struct telling *t)
{
	if (t)
		t->tell(t->self);
}

#endif
