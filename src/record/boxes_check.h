/*
 * boxes_check.h - is the file of boxes of each verdict the one that its record
 * names?  Record by record; an erase record says which ones are gone.
 */
#ifndef SUMI_BOXES_CHECK_H
#define SUMI_BOXES_CHECK_H

#include "record/log.h"

struct boxes_wrong {
	char item[33];
	long long seq;                  /* of the verdict */
};

/* Zeros: nothing was looked at. */
struct boxes_check {
	struct boxes_wrong *wrong;      /* in the order of the log */
	size_t count, capacity;
};

/* Take in one record; masksfd: private/masks.  False: no memory. */
bool boxes_take(struct boxes_check *b, int masksfd,
		const struct log_entry *entry);
/* The first verdict whose file is another one, or missing; 0: none. */
long long boxes_fault(const struct boxes_check *b);
void boxes_done(struct boxes_check *b);

#endif
