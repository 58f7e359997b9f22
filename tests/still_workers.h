/*
 * still_workers.h - stands in for process/worker.c: every job starts, and none
 * says anything.  What they would say is handed to the desk by the test.
 */
#ifndef SUMI_TESTS_STILL_WORKERS_H
#define SUMI_TESTS_STILL_WORKERS_H

#include "process/worker.h"

#endif
