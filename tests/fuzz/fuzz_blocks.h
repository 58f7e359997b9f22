/* fuzz_blocks.h - one input for the reader of JPEG coefficients: a stream. */
#ifndef SUMI_TESTS_FUZZ_BLOCKS_H
#define SUMI_TESTS_FUZZ_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0; aborts when the reader breaks its word. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
