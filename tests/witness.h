/*
 * witness.h - watches a desk: what a reviewer has seen is worked out from the
 * placements alone, without the model's own notes, and no verdict may let an
 * unseen box or ink go.  Fails the test otherwise.
 */
#ifndef SUMI_TESTS_WITNESS_H
#define SUMI_TESTS_WITNESS_H

#include "tests/desk.h"

enum { WITNESS_SIDE = 320 };            /* of the largest picture */

/* Watch a desk from now on, one at a time; number is for messages. */
void witness_start(struct desk *d, unsigned long number);
/* After each event: boxes, area and view are in their place. */
void witness_check(const struct desk *d);
/* Take back everything: all items are as proposed again. */
void witness_undo(struct desk *d);

/* Verdicts that came: masked or clean, and the others. */
int witness_leaving(void);
int witness_kept_back(void);

#endif
