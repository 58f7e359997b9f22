/*
 * fuzz_codecs.h - one input for the readers of frames' code streams.  The
 * first byte says which (enum fuzz_codec), the second which form of cells (of
 * the inflater: how much is read at once); the rest is the stream.
 */
#ifndef SUMI_TESTS_FUZZ_CODECS_H
#define SUMI_TESTS_FUZZ_CODECS_H

#include <stddef.h>
#include <stdint.h>

enum fuzz_codec { FUZZ_RLE, FUZZ_DEFLATE, FUZZ_JPEG, FUZZ_LOSSLESS_JPEG,
		  FUZZ_J2K, FUZZ_INFLATER, FUZZ_CODECS };
enum { FUZZ_HEAD = 2, FUZZ_FORMS = 4 };

/* Returns 0; aborts when a reader breaks its word. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
