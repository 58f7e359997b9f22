/* harness.h - what each harness gives to libFuzzer and to replay.c. */
#ifndef SUMI_TESTS_HARNESS_H
#define SUMI_TESTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, before the first input.  Returns 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* Returns 0; aborts when a promise is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A descriptor of an unnamed file with these bytes, at its start. */
int harness_file(const void *data, size_t size);
/* Says what and aborts unless it holds. */
void harness_must(bool holds, const char *what);
/* Is text[length] UTF-8 without anything that steers a terminal? */
bool harness_is_clean(const char *text, size_t length);

/* Opens a picture, reads its attributes, overlays and first frame.  Larger
 * ones than a megapixel are only opened. */
void harness_picture(const uint8_t *data, size_t size);

/* Put the check sums of a PNG's chunks right: else nearly every change ends
 * at the first wrong one.  Other files stay as they are. */
void harness_png_sums(uint8_t *file, size_t size);

enum { HARNESS_BOXES = 8 };
/* Mask a picture with two boxes made from where[HARNESS_BOXES]: it is refused,
 * or its copy passes verification.  Larger ones than a megapixel are left. */
void harness_copy(const uint8_t *data, size_t size, const uint8_t *where);

#endif
