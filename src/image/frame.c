/* frame.c - one decoded frame of an image: a grid of samples.  No file I/O. */
#include "config.h"

#include "image/frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MAX_SAMPLES = 4 };

static const size_t sample_size[SAMPLE_TYPES] = {
	[SAMPLE_U8] = sizeof(uint8_t),
	[SAMPLE_U16] = sizeof(uint16_t),
	[SAMPLE_S16] = sizeof(int16_t),
	[SAMPLE_U32] = sizeof(uint32_t),
	[SAMPLE_S32] = sizeof(int32_t),
	[SAMPLE_F32] = sizeof(float),
	[SAMPLE_F64] = sizeof(double),
};

size_t frame_sample_size(enum sample_type type)
{
	return sample_size[type];
}

size_t frame_bytes(const struct frame *f)
{
	/* cannot overflow: its samples were allocated */
	return (size_t)f->rows * (size_t)f->columns * (size_t)f->samples *
	       sample_size[f->type];
}

/* A frame without samples. */
static struct frame *new_head(int columns, int rows, enum sample_type type,
			      int samples, struct error *err)
{
	struct frame *f;

	if (rows < 1 || rows > FRAME_MAX_SIDE || columns < 1 ||
	    columns > FRAME_MAX_SIDE || samples < 1 || samples > MAX_SAMPLES ||
	    (long long)rows * columns > FRAME_MAX_PIXELS) {
		error_set(err, ERR_RANGE, "frame of %dx%d pixels, %d samples",
			  columns, rows, samples);
		return NULL;
	}
	f = mem_array(1, sizeof(*f));
	if (!f) {
		error_set(err, ERR_MEMORY, "no memory for a frame");
		return NULL;
	}
	*f = (struct frame){ .rows = rows, .columns = columns,
			     .samples = samples, .type = type };
	return f;
}

/* Give a frame, if there is one, its samples. */
static struct frame *with_samples(struct frame *f, void *sample,
				  struct error *err)
{
	if (!f) {
		free(sample);
		return NULL;
	}
	f->sample = sample;
	if (sample)
		return f;
	error_set(err, ERR_MEMORY, "no memory for a frame");
	free(f);
	return NULL;
}

struct frame *frame_new(int columns, int rows, enum sample_type type,
			int samples, struct error *err)
{
	struct frame *f = new_head(columns, rows, type, samples, err);

	return with_samples(f, f ? mem_array3((size_t)rows, (size_t)columns,
					      (size_t)samples,
					      sample_size[type]) : NULL, err);
}

struct frame *frame_unset(int columns, int rows, enum sample_type type,
			  int samples, struct error *err)
{
	struct frame *f = new_head(columns, rows, type, samples, err);

	return with_samples(f, f ? mem_room3((size_t)rows, (size_t)columns,
					     (size_t)samples,
					     sample_size[type]) : NULL, err);
}

struct frame *frame_around(int columns, int rows, enum sample_type type,
			   int samples, void *sample, struct error *err)
{
	return with_samples(new_head(columns, rows, type, samples, err),
			    sample, err);
}

void frame_free(struct frame *f)
{
	if (!f)
		return;
	/* no picture stays in memory that is used for something else */
	if (f->sample)
		explicit_bzero(f->sample, frame_bytes(f));
	free(f->sample);
	free(f);
}
