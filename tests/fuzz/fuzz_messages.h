/*
 * fuzz_messages.h - what a worker says, to the supervisor's own reader of it.
 *
 * Byte 0 is the kind of job (enum job_kind; beyond: bytes 1 on are unpacked by
 * every table), byte 1 holds flags, byte 2 into how many pieces the words are
 * cut.  Then either a stream as it comes through the pipe, or with FUZZ_BODIES
 * parts of a type, two bytes of length (low one first) and a body, to which
 * sound heads are made.
 */
#ifndef SUMI_TESTS_FUZZ_MESSAGES_H
#define SUMI_TESTS_FUZZ_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process/worker.h"

enum { FUZZ_BODIES = 1, FUZZ_SHORT_PICTURE = 2 };
enum { FUZZ_HEAD = 3, FUZZ_PART = 3 };

struct fuzz_outcome {
	bool fault;                     /* the worker would be killed */
	bool complete;                  /* its last word was said */
	enum worker_event_type type;    /* how the job would end */
	int events;                     /* handed out meanwhile */
};

/* Aborts when what was let through breaks a promise of worker.h. */
struct fuzz_outcome fuzz_messages(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
