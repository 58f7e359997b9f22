/* glyphs.c - a font of 5 by 7 dots. */
#include "config.h"

#include "tests/glyphs.h"

#include <string.h>

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/:.";
/* Rows from the top; bit 4 is the left dot. */
static const uint8_t dots[][7] = {
	{ 14, 17, 19, 21, 25, 17, 14 }, { 4, 12, 4, 4, 4, 4, 14 },
	{ 14, 17, 1, 6, 8, 16, 31 }, { 14, 17, 1, 6, 1, 17, 14 },
	{ 2, 6, 10, 18, 31, 2, 2 }, { 31, 16, 30, 1, 1, 17, 14 },
	{ 6, 8, 16, 30, 17, 17, 14 }, { 31, 1, 2, 4, 8, 8, 8 },
	{ 14, 17, 17, 14, 17, 17, 14 }, { 14, 17, 17, 15, 1, 2, 12 },
	{ 14, 17, 17, 31, 17, 17, 17 }, { 30, 17, 17, 30, 17, 17, 30 },
	{ 14, 17, 16, 16, 16, 17, 14 }, { 30, 17, 17, 17, 17, 17, 30 },
	{ 31, 16, 16, 30, 16, 16, 31 }, { 31, 16, 16, 30, 16, 16, 16 },
	{ 14, 17, 16, 23, 17, 17, 15 }, { 17, 17, 17, 31, 17, 17, 17 },
	{ 14, 4, 4, 4, 4, 4, 14 }, { 7, 2, 2, 2, 2, 18, 12 },
	{ 17, 18, 20, 24, 20, 18, 17 }, { 16, 16, 16, 16, 16, 16, 31 },
	{ 17, 27, 21, 21, 17, 17, 17 }, { 17, 25, 21, 19, 17, 17, 17 },
	{ 14, 17, 17, 17, 17, 17, 14 }, { 30, 17, 17, 30, 16, 16, 16 },
	{ 14, 17, 17, 17, 21, 18, 13 }, { 30, 17, 17, 30, 20, 18, 17 },
	{ 15, 16, 16, 14, 1, 1, 30 }, { 31, 4, 4, 4, 4, 4, 4 },
	{ 17, 17, 17, 17, 17, 17, 14 }, { 17, 17, 17, 17, 17, 10, 4 },
	{ 17, 17, 17, 21, 21, 27, 17 }, { 17, 17, 10, 4, 10, 17, 17 },
	{ 17, 17, 10, 4, 4, 4, 4 }, { 31, 1, 2, 4, 8, 16, 31 },
	{ 0, 0, 0, 14, 0, 0, 0 }, { 1, 1, 2, 4, 8, 16, 16 },
	{ 0, 4, 0, 0, 0, 4, 0 }, { 0, 0, 0, 0, 0, 12, 12 },
};

static struct region dot(struct canvas8 *c, int x, int y, int scale, int level)
{
	struct region r = region_clip(region_from_box(x, y, scale, scale),
				      c->columns, c->rows);

	for (int v = r.y0; v < r.y1; v++)
		for (int u = r.x0; u < r.x1; u++)
			c->grey[v * c->columns + u] = (uint8_t)level;
	return r;
}

static struct region glyph(struct canvas8 *c, int x, int y, int scale,
			   int level, int down, char letter)
{
	const char *at = strchr(letters, letter);
	struct region ink = { 0 };

	if (!at || !letter)
		return ink;
	for (int v = 0; v < 7; v++) {
		for (int u = 0; u < 5; u++) {
			int dx = down ? (6 - v) * scale : u * scale;
			int dy = down ? u * scale : v * scale;

			if (dots[at - letters][v] >> (4 - u) & 1)
				ink = region_union(ink, dot(c, x + dx, y + dy,
							    scale, level));
		}
	}
	return ink;
}

struct region glyphs_draw(struct canvas8 *c, int x, int y, int scale,
			  int level, int down, const char *text)
{
	struct region ink = { 0 };

	for (int i = 0; text[i]; i++) {
		int step = i * 6 * scale;

		ink = region_union(ink, glyph(c, down ? x : x + step,
					      down ? y + step : y, scale,
					      level, down, text[i]));
	}
	return ink;
}
