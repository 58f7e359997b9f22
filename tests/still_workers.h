/*
 * still_workers.h - stands in for process/worker.c: every job starts, and none
 * says anything.  What they would say is handed to the desk by the test.
 */
#ifndef SUMI_TESTS_STILL_WORKERS_H
#define SUMI_TESTS_STILL_WORKERS_H

#include "process/worker.h"

/* From now on none can be had, as when the process that starts them died. */
extern bool still_workers_dead;

#endif
