/*
 * journey.h - decisions and outputs in a scratch project, to be stopped
 * anywhere; and what must hold after any stop.
 */
#ifndef SUMI_TESTS_JOURNEY_H
#define SUMI_TESTS_JOURNEY_H

/* In a child: decide items 1 to items again and again, write their outputs,
 * tell each row decided on `told`.  Exits with 4 when nothing can be
 * written. */
void journey_decide(const char *dir, int told, int items);

/* Two items: the first is released, the second is open. */
void journey_prepare(const char *dir);
/* In a child, after journey_prepare(): the second item from a verdict to out/,
 * the first one taken back.  Exits with 0 when all of that was done, 6 when
 * it could not be and nothing says why. */
void journey_full_way(const char *dir, int told);
/* The same, tried again and again when it fails, without a new start. */
void journey_stubborn(const char *dir, int told);

/* Count in acknowledged[row] what the child told, until it ends or `enough`
 * came (-1: never). */
void journey_listen(int fd, int *acknowledged, int enough);

/*
 * The project opens, every acknowledged verdict is in log and worklist, all
 * items can go on, and nothing half is in out/.
 */
void journey_check(const char *dir, const int *acknowledged, int items);

#endif
