/*
 * erase_item.h - what leads back from one item goes, at the request of the
 * person it shows; the rest of the project stays.
 */
#ifndef SUMI_ERASE_ITEM_H
#define SUMI_ERASE_ITEM_H

#include <stdio.h>

#include "record/project.h"

/*
 * word: as trace_row(); reason: as retention_ends().  A released output is
 * taken back first (private/recall.csv keeps its hash) and the item withheld.
 * Then its boxes, an output not released, its path, name and proposals, and
 * pseudonym and date offset of a patient of whom no other item is there are
 * overwritten and removed; the records of the log stay.  Prints a signed
 * certificate, which private/certificates/ITEM.SEQ.txt keeps, too (SEQ: the
 * record that says it is done).  May be repeated after a kill; then there may
 * be two.
 */
bool erase_item(struct project *p, const char *word, const char *reason,
		FILE *out, struct error *err);

#endif
