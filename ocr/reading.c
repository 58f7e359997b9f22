/* reading.c - the attempts at one line. */
#include "config.h"

#include "ocr/reading.h"

#include "ocr/letters.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	SURE = 85,              /* confidence; above, other models are idle */
	PLAIN_SURE = 65,        /* the same for plain Latin letters ... */
	PLAIN_LETTERS = 4,      /* ... of at least this many */
	READABLE = 60,
	NARROW_MARKS = 4,       /* marks of a line that may be narrow kana */
};
/* Width of a letter in line heights: half-width kana have .4 to .6. */
static const double narrow_pitch = .62;
/* Shape score of such a line; noise seldom has it. */
static const double narrow_from = 8;

static int letters_of(const struct reading *r, bool *japanese)
{
	struct letters read;
	int n = 0;

	letters_read(&read, r->text);
	*japanese = false;
	for (int i = 0; i < read.n; i++) {
		n += letter_is_word(read.c[i]);
		*japanese = *japanese || letter_is_japanese(read.c[i]);
	}
	return n;
}

/* No other model would read it better. */
static bool is_sure(const struct reading *r)
{
	bool japanese;

	if (r->confidence >= SURE)
		return true;
	return r->latin && r->confidence >= PLAIN_SURE &&
	       letters_of(r, &japanese) >= PLAIN_LETTERS && !japanese;
}

static void read_with(struct line_reader *r, int model,
		      const struct crop *crop, struct reading *best)
{
	struct reading reading;

	readers_read(r->readers, model, crop, &reading);
	if (reading.confidence > best->confidence)
		*best = reading;
}

/* The model that has won a Japanese line is likely to win the next. */
static void remember(struct line_reader *r, int model,
		     const struct reading *best)
{
	bool japanese;

	if (best->confidence < PLAIN_SURE)
		return;
	letters_of(best, &japanese);
	r->first = best->latin || !japanese ? 0 : model;
}

/* All models on one crop, the likeliest first, until one is sure. */
static void read_crop(struct line_reader *r, const struct crop *crop,
		      struct reading *best)
{
	int count = readers_count(r->readers), won = r->first;

	read_with(r, r->first, crop, best);
	for (int i = 0; i < count && !is_sure(best); i++) {
		int before = best->confidence;

		if (i == r->first)
			continue;
		read_with(r, i, crop, best);
		if (best->confidence > before)
			won = i;
	}
	remember(r, won, best);
}

static bool read_across(struct line_reader *r, const struct grey_plane *p,
			const struct line *line, enum polarity polarity,
			struct reading *best, struct error *err)
{
	struct crop crop;

	if (!prepare_line(p, line, polarity, TURN_NONE, false, &crop, err))
		return false;
	read_crop(r, &crop, best);
	crop_done(&crop);
	return true;
}

/* Does the line look like half-width kana that could not be read? */
static bool may_be_narrow(const struct line_reader *r, const struct line *line,
			  const struct reading *best)
{
	double pitch = (double)region_width(line->box) /
		       (region_height(line->box) * (double)line->marks);

	return r->kana && readers_count(r->readers) > 1 &&
	       line->marks >= NARROW_MARKS && line->score > narrow_from &&
	       pitch < narrow_pitch && best->confidence < READABLE;
}

static bool read_narrow(struct line_reader *r, const struct grey_plane *p,
			const struct line *line, enum polarity polarity,
			struct reading *best, struct error *err)
{
	struct crop crop;

	if (!prepare_line(p, line, polarity, TURN_NONE, true, &crop, err))
		return false;
	for (int i = 1; i < readers_count(r->readers); i++)
		read_with(r, i, &crop, best);
	crop_done(&crop);
	return true;
}

/* How a line that runs down is tried, while it was read no better. */
static const struct attempt {
	enum prepare_turn turn;
	bool others;                    /* all models but the first */
	int below;                      /* confidence */
} ways_down[] = {
	{ TURN_LEFT, false, SURE },
	{ TURN_RIGHT, false, PLAIN_SURE },
	{ TURN_STACK, true, PLAIN_SURE },
	{ TURN_LEFT, true, READABLE },
	{ TURN_RIGHT, true, READABLE },
};

static bool read_down(struct line_reader *r, const struct grey_plane *p,
		      const struct line *line, enum polarity polarity,
		      struct reading *best, struct error *err)
{
	enum prepare_turn better = TURN_LEFT;
	int count = readers_count(r->readers);

	for (size_t i = 0; i < COUNT(ways_down); i++) {
		const struct attempt *a = &ways_down[i];
		int before = best->confidence;
		struct crop crop;

		if (before >= a->below || (a->others && count < 2) ||
		    (a->others && a->turn != TURN_STACK && a->turn != better))
			continue;
		if (!prepare_line(p, line, polarity, a->turn, false, &crop,
				  err))
			return false;
		for (int k = a->others; k < (a->others ? count : 1); k++)
			read_with(r, k, &crop, best);
		crop_done(&crop);
		if (!a->others && best->confidence > before)
			better = a->turn;
	}
	return true;
}

bool reading_line(struct line_reader *r, const struct grey_plane *p,
		  const struct line *line, struct reading *best,
		  struct error *err)
{
	enum polarity polarity = prepare_polarity(p, line);

	*best = (struct reading){ .confidence = 0 };
	if (line->vertical)
		return read_down(r, p, line, polarity, best, err);
	if (!read_across(r, p, line, polarity, best, err))
		return false;
	return !may_be_narrow(r, line, best) ||
	       read_narrow(r, p, line, polarity, best, err);
}
