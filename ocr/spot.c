/* spot.c - a few pixels around a mark; what is off the plane is no ground. */
#include "config.h"

#include "ocr/spot.h"

#include <math.h>

/* Shares of the pixels looked at; times the contrast. */
static const double inked_most = .3, stray_most = .3;

bool spot_stands_alone(const struct spot *s, int beyond)
{
	enum { ALONG = 10 };                    /* pixels of each side */
	struct region r = region_grow(s->box, beyond);
	double w = region_width(r) - 1, h = region_height(r) - 1, stray = 0;
	int inked = 0;

	for (int i = 0; i < ALONG; i++) {
		double far = (i + .5) / ALONG;
		const double x[] = { r.x0 + far * w, r.x0 + far * w, r.x0,
				     r.x1 - 1 };
		const double y[] = { r.y0, r.y1 - 1, r.y0 + far * h,
				     r.y0 + far * h };

		for (int k = 0; k < 4; k++) {
			double g = spot_level(s, x[k], y[k]);
			bool off = x[k] < 0 || y[k] < 0 ||
				   x[k] >= s->plane->columns ||
				   y[k] >= s->plane->rows;

			inked += off || (g < s->middle) == s->dark;
			stray += fabs(g - s->ground);
		}
		/* most fail at once */
		if (inked > inked_most * 4 * ALONG)
			return false;
	}
	return stray < stray_most * 4 * ALONG * fabs(s->ink - s->ground);
}
