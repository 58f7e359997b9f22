/* scene.c - what of a screen is to be drawn with pixels. */
#include "config.h"

#include "ui/scene.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A copy of count items; an empty one is no failure. */
static void *copy(const void *items, size_t count, size_t size)
{
	void *made = mem_array(count + 1, size);

	if (made && count)
		memcpy(made, items, count * size);
	return made;
}

void scene_add(struct scene *scene, const struct picture_part *part)
{
	struct picture_part own = *part;

	own.outline = copy(part->outline, part->outline_count,
			   sizeof(*part->outline));
	own.fill = copy(part->fill, part->fill_count, sizeof(*part->fill));
	if (!own.outline || !own.fill ||
	    !mem_grow(&scene->part, &scene->capacity, scene->count,
		      sizeof(*scene->part))) {
		free((void *)(uintptr_t)own.outline);
		free((void *)(uintptr_t)own.fill);
		scene->failed = true;
		return;
	}
	scene->part[scene->count++] = own;
}

void scene_clear(struct scene *scene)
{
	for (size_t i = 0; i < scene->count; i++) {
		free((void *)(uintptr_t)scene->part[i].outline);
		free((void *)(uintptr_t)scene->part[i].fill);
	}
	scene->count = 0;
	scene->failed = false;
}

void scene_done(struct scene *scene)
{
	scene_clear(scene);
	free(scene->part);
	*scene = (struct scene){ 0 };
}

struct region scene_at(const struct picture_part *part, int cell_width,
		       int cell_height)
{
	return (struct region){ part->column * cell_width,
				part->row * cell_height,
				(part->column + part->columns) * cell_width,
				(part->row + part->rows) * cell_height };
}

/* The first of `to` pixels whose centre is not before `at` of `from`. */
static int map(long long at, long long from, long long to)
{
	long long value = 2 * at * to - from;   /* 2 from times the place */

	if (value <= -2 * from)
		value = -2 * from;              /* a pixel outside is enough */
	if (value > 2 * from * (to + 1))
		value = 2 * from * (to + 1);
	/* round up, also below 0 */
	return (int)(value > 0 ? (value + 2 * from - 1) / (2 * from) :
				 -(-value / (2 * from)));
}

struct region scene_map(const struct picture_part *part, int cell_width,
			int cell_height, struct region r)
{
	long long width = region_width(part->source);
	long long height = region_height(part->source);
	long long across = (long long)part->columns * cell_width;
	long long down = (long long)part->rows * cell_height;
	struct region out = {
		map((long long)r.x0 - part->source.x0, width, across),
		map((long long)r.y0 - part->source.y0, height, down),
		map((long long)r.x1 - part->source.x0, width, across),
		map((long long)r.y1 - part->source.y0, height, down),
	};

	if (out.x1 <= out.x0 && r.x1 > r.x0)
		out.x1 = out.x0 + 1;
	if (out.y1 <= out.y0 && r.y1 > r.y0)
		out.y1 = out.y0 + 1;
	return out;
}
