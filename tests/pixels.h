/*
 * pixels.h - the graphics half of a terminal, for tests: takes what a program
 * sends, decodes sixel and kitty images back to pixels, and keeps them as such
 * a terminal does.  Text is not drawn.
 */
#ifndef SUMI_TESTS_PIXELS_H
#define SUMI_TESTS_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pixels;

struct pixels *pixels_new(int columns, int rows, int cell_width,
			  int cell_height);
void pixels_free(struct pixels *p);             /* NULL does nothing */

void pixels_feed(struct pixels *p, const char *bytes, size_t length);

/* 0xRRGGBB; PIXELS_NONE where nothing was drawn. */
long pixels_at(const struct pixels *p, int x, int y);
enum { PIXELS_NONE = -1 };

/* What is wrong with what came; NULL: nothing. */
const char *pixels_fault(const struct pixels *p);
/* Kitty images whose data is kept, and placements. */
int pixels_images(const struct pixels *p);
int pixels_placements(const struct pixels *p);
/* Sixel images so far; the largest of them; the size of the last. */
int pixels_sixels(const struct pixels *p);
/* Which of them, from 1, drew this pixel. */
int pixels_sixel_at(const struct pixels *p, int x, int y);
void pixels_largest(const struct pixels *p, int *width, int *height);
void pixels_last(const struct pixels *p, int *width, int *height);
#endif
