/*
 * still_desk.h - the desk itself (tests/desk.h is one for the model alone) with
 * a project of its own, and workers in place of process/worker.c that start
 * and say nothing: what they would say is handed to it by the test.
 */
#ifndef SUMI_TESTS_STILL_DESK_H
#define SUMI_TESTS_STILL_DESK_H

#include "tests/scratch.h"
#include "ui/desk.h"

struct still {
	char folder[SCRATCH_PATH];      /* of the files N.dcm, and project p */
	struct project *project;
	struct desk desk;
	long long ms;
};

/* From now on no worker can be had, as when the process that starts them
 * died. */
extern bool still_dead;

/* Files 1.dcm ... of so many bytes, at most 64; the first and each `every`-th
 * after it was opened before, with a hash of which all bytes are its number. */
void still_start(struct still *s, int items, int every, size_t bytes);
void still_stop(struct still *s);

/* 200 ms after the last, the terminal having answered. */
void still_key(struct still *s, enum command command, int count);
void still_character(struct still *s, int character);

enum item_state still_state(const struct still *s, long long row);
/* Grey DICOM, 8 bits. */
struct image_info still_info(int side, int frames);

#endif
