/* reading.c - the attempts at one line. */
#include "config.h"

#include "ocr/reading.h"

#include <math.h>
#include <string.h>

#include "ocr/letters.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	SURE = 85,              /* confidence; above, other models are idle */
	PLAIN_SURE = 65,        /* the same for plain Latin letters ... */
	PLAIN_LETTERS = 4,      /* ... of at least this many */
	READABLE = 60,
	HOPELESS = 40,          /* the first model made nothing of it */
	JUMBLE = 3,             /* letters, at most */
	NARROW_MARKS = 4,       /* marks of a line that may be narrow kana */
	NARROW_SURE = 75,       /* confidence; above, it is none */
	NARROW_LATIN = 65,      /* the same of a Latin model */
	NARROW_UNSURE = 56,     /* ... from here on the kana must be ... */
	NARROW_READ = 65,       /* ... so sure */
	NARROW_KANA = 3,        /* letters of katakana, at least */
	SEEN_JAPANESE = 2,      /* letters where a Latin model reads noise */
	LOSSES = 4,             /* of a way in a row; then it is tried ... */
	TRIED_EACH = 8,         /* ... at each eighth line only */
	TEXTURE_LONG = 10,      /* heights of a line */
	FAILURES = 6,           /* unreadable lines in a row; then weak ones
				   are left */
};
/*
 * Shape scores.  Of 921 lines of the test data and 1279 generated ones, what
 * lies below these and is not tried again would be read in one of 200, and
 * takes a fourth of the time.
 */
static const double others_from = 2, weak_below = 4, texture_below = 5;
/*
 * Width of a mark and of a line in line heights, and shape score, of what may
 * be half-width kana; small ones run together, and two are a mark then.
 */
static const double narrow_pitch = .78, joined_pitch = 1, narrow_from = 4,
		    narrow_short = 2.5, narrow_long = 7.5;
/* And of what may though no kana was read. */
static const double unread_pitch = .5, unread_from = 9;
/*
 * Columns in proportion to rows.  Latin letters lose nothing at four fifths of
 * their width, and the time goes by columns; narrow kana are made full.
 */
static const double latin_stretch = .8, dense_stretch = .92,
		    narrow_stretch = 1.5;
/*
 * The further attempts: `last` by the last model (of dense scripts), else by
 * the first.  The order of the looks is that in which they found most on
 * generated lines that had been read badly; a smooth or a lighter picture,
 * more or no background and the other polarity found little more.
 */
static const struct again {
	enum prepare_look look;
	bool last;
	double stretch;
} agains[READING_AGAINS] = {
	{ LOOK_USUAL, true, 1 }, { LOOK_USUAL, false, 1 },
	{ LOOK_USUAL, true, 1.15 }, { LOOK_USUAL, false, 1.15 },
}, looks[READING_LOOKS] = {
	{ LOOK_LARGER, true, .96 }, { LOOK_SMALLER, true, .96 },
	{ LOOK_HARD, false, .9 }, { LOOK_LARGER, false, .9 },
	{ LOOK_SMALLER, false, .9 }, { LOOK_QUIET, true, .96 },
	{ LOOK_SHARP, true, .96 }, { LOOK_HARD, true, .96 },
};

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

/* What the models have made of one line. */
struct attempts {
	struct reading best;            /* with the highest confidence */
	struct reading second;          /* the next, of another text */
	struct reading dense;           /* of those for dense scripts */
	int latin;                      /* confidence of the Latin ones */
};

static void keep(struct attempts *a, const struct reading *one)
{
	if (one->confidence > a->best.confidence) {
		if (strcmp(one->text, a->best.text) != 0)
			a->second = a->best;
		a->best = *one;
	} else if (one->confidence > a->second.confidence &&
		   strcmp(one->text, a->best.text) != 0) {
		a->second = *one;
	}
	if (!one->latin && one->confidence >= a->dense.confidence)
		a->dense = *one;
	if (one->latin && one->confidence > a->latin)
		a->latin = one->confidence;
}

static bool read_with(struct line_reader *r, int model,
		      const struct crop *line, double stretch,
		      struct reading *one, struct error *err)
{
	struct crop crop;
	bool ok;

	if (!prepare_scale(line, stretch, &crop, err))
		return false;
	ok = readers_read(r->readers, model, &crop, one, err);
	crop_done(&crop);
	return ok;
}

static double stretch_of(const struct line_reader *r, int model)
{
	return readers_latin(r->readers, model) ? latin_stretch :
						  dense_stretch;
}

/* ---- ways that lead nowhere in this picture ---- */

static bool may_try(struct line_reader *r, int way)
{
	return r->lost[way] < LOSSES ||
	       ++r->left[way] % TRIED_EACH == 0;
}

static void tell_tried(struct line_reader *r, int way, bool won)
{
	r->lost[way] = won ? 0 : r->lost[way] + (r->lost[way] < LOSSES);
}

/* ---- lines that run across ---- */

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

/* Is another model worth its time? */
static bool may_read_again(struct line_reader *r, const struct line *line,
			   int model, const struct reading *best)
{
	return !is_sure(best) &&
	       (best->confidence >= HOPELESS || line->score >= others_from) &&
	       may_try(r, READING_MODEL + model);
}

/* All models on one line, the likeliest first, until one is sure. */
static bool read_across(struct line_reader *r, const struct crop *crop,
			const struct line *line, struct attempts *a,
			struct error *err)
{
	int count = readers_count(r->readers), won = r->first;
	struct reading one;

	if (!read_with(r, won, crop, stretch_of(r, won), &one, err))
		return false;
	keep(a, &one);
	for (int i = 0; i < count; i++) {
		int before = a->best.confidence;

		if (i == r->first || !may_read_again(r, line, i, &a->best))
			continue;
		if (!read_with(r, i, crop, stretch_of(r, i), &one, err))
			return false;
		keep(a, &one);
		if (one.confidence > before)
			won = i;
		tell_tried(r, READING_MODEL + i,
			   won == i && one.confidence >= READABLE);
	}
	remember(r, won, &a->best);
	return true;
}

/* ---- half-width kana ---- */

static void count_kana(const struct reading *r, int *kana, int *letters)
{
	struct letters read;

	letters_read(&read, r->text);
	*kana = *letters = 0;
	for (int i = 0; i < read.n; i++) {
		*kana += letter_is_kana(read.c[i]);
		*letters += letter_is_word(read.c[i]);
	}
}

/* No kana was read, but something Japanese in many narrow marks. */
static bool is_unread(const struct line *line, const struct attempts *a,
		      double pitch)
{
	bool japanese;

	letters_of(&a->dense, &japanese);
	return japanese && pitch <= unread_pitch &&
	       line->score > unread_from && a->best.confidence < READABLE &&
	       a->dense.confidence >= a->latin;
}

/*
 * Does the line look like half-width kana that could not be read?  At their
 * own width some of them are taken for kana.  Returns the confidence with
 * which they must be read then; 0 when it does not.
 */
static int narrow_confidence(const struct line_reader *r,
			     const struct line *line,
			     const struct attempts *a)
{
	double shape = (double)region_width(line->box) /
		       region_height(line->box);
	double pitch = shape / (line->marks ? line->marks : 1);
	int kana, letters;

	if (!r->kana || line->marks < NARROW_MARKS ||
	    line->score <= narrow_from || shape < narrow_short ||
	    shape > narrow_long || pitch > joined_pitch ||
	    a->best.confidence >= NARROW_SURE || a->latin >= NARROW_LATIN)
		return 0;
	count_kana(&a->dense, &kana, &letters);
	if (!kana && !is_unread(line, a, pitch))
		return 0;
	return kana && pitch <= narrow_pitch && a->latin < NARROW_UNSURE ?
		       1 : NARROW_READ;
}

/* What half-width kana and a mark of voice make together. */
static const struct voice {
	const char *plain, *voiced, *half;
} voices[] = {
	{ "カ", "ガ", "" }, { "キ", "ギ", "" }, { "ク", "グ", "" },
	{ "ケ", "ゲ", "" }, { "コ", "ゴ", "" }, { "サ", "ザ", "" },
	{ "シ", "ジ", "" }, { "ス", "ズ", "" }, { "セ", "ゼ", "" },
	{ "ソ", "ゾ", "" }, { "タ", "ダ", "" }, { "チ", "ヂ", "" },
	{ "ツ", "ヅ", "" }, { "テ", "デ", "" }, { "ト", "ド", "" },
	{ "ハ", "バ", "パ" }, { "ヒ", "ビ", "ピ" }, { "フ", "ブ", "プ" },
	{ "ヘ", "ベ", "ペ" }, { "へ", "ベ", "ペ" }, { "ホ", "ボ", "ポ" },
	{ "ウ", "ヴ", "" },
};
static const char *const voice_marks[] = { "゛", "~", "\"", "”", "“", "〟",
					   "'", "`" };
static const char *const half_marks[] = { "゜", "°", "º" };

/* The bytes of a mark of the list at s, after at most one space; 0. */
static size_t mark_at(const char *s, const char *const *list, size_t n)
{
	size_t space = *s == ' ';

	for (size_t i = 0; i < n; i++)
		if (!strncmp(s + space, list[i], strlen(list[i])))
			return space + strlen(list[i]);
	return 0;
}

/* The kana that starts at s with its mark, *bytes of them; NULL: none. */
static const char *voiced_at(const char *s, size_t *bytes)
{
	for (size_t i = 0; i < COUNT(voices); i++) {
		const struct voice *v = &voices[i];
		size_t plain = strlen(v->plain), mark;

		if (strncmp(s, v->plain, plain) != 0)
			continue;
		mark = mark_at(s + plain, voice_marks, COUNT(voice_marks));
		*bytes = plain + mark;
		if (mark)
			return v->voiced;
		mark = mark_at(s + plain, half_marks, COUNT(half_marks));
		*bytes = plain + mark;
		return mark && v->half[0] ? v->half : NULL;
	}
	return NULL;
}

void reading_join_voices(char *text)
{
	char *to = text;

	for (const char *s = text; *s;) {
		size_t bytes;
		const char *voiced = voiced_at(s, &bytes);

		if (!voiced) {
			*to++ = *s++;
			continue;
		}
		memcpy(to, voiced, strlen(voiced));
		to += strlen(voiced);
		s += bytes;
	}
	*to = '\0';
}

/* Taken when it is surer, read with confidence `least` and mostly kana. */
static bool read_narrow(struct line_reader *r, const struct crop *crop,
			int least, struct attempts *a, struct error *err)
{
	struct reading one;
	int kana, letters;

	for (int i = 0; least && i < readers_count(r->readers); i++) {
		if (readers_latin(r->readers, i))
			continue;
		if (!read_with(r, i, crop, narrow_stretch, &one, err))
			return false;
		count_kana(&one, &kana, &letters);
		if (kana < NARROW_KANA || 2 * kana < letters ||
		    one.confidence < least)
			continue;
		reading_join_voices(one.text);
		keep(a, &one);
	}
	return true;
}

/* ---- lines that run down ---- */

/* How a line that runs down is tried, while it was read no better. */
static const struct attempt {
	enum reading_way way;
	enum prepare_turn turn;
	bool others;                    /* all models but the first */
	int below;                      /* confidence */
} ways_down[] = {
	{ READING_LEFT, TURN_LEFT, false, SURE },
	{ READING_RIGHT, TURN_RIGHT, false, PLAIN_SURE },
	{ READING_STACK, TURN_STACK, true, PLAIN_SURE },
	{ READING_LEFT_AGAIN, TURN_LEFT, true, READABLE },
	{ READING_RIGHT_AGAIN, TURN_RIGHT, true, READABLE },
};

static bool attempt(struct line_reader *r, const struct attempt *a,
		    const struct crop *crop, struct reading *best,
		    struct error *err)
{
	int before = best->confidence;
	int count = a->others ? readers_count(r->readers) : 1;

	for (int k = a->others; k < count; k++) {
		struct reading one;

		if (!read_with(r, k, crop, stretch_of(r, k), &one, err))
			return false;
		if (one.confidence > best->confidence)
			*best = one;
	}
	tell_tried(r, (int)a->way, best->confidence > before &&
				   best->confidence >= READABLE);
	return true;
}

static bool read_down(struct line_reader *r, const struct grey_plane *p,
		      const struct line *line, enum polarity polarity,
		      struct reading *best, struct error *err)
{
	enum prepare_turn better = TURN_LEFT;
	bool several = readers_count(r->readers) > 1;

	for (size_t i = 0; i < COUNT(ways_down); i++) {
		const struct attempt *a = &ways_down[i];
		int before = best->confidence;
		struct crop crop;
		bool ok;

		if (before >= a->below || (a->others && !several) ||
		    (a->others && a->turn != TURN_STACK &&
		     a->turn != better) ||
		    (i && line->score < others_from) ||
		    !may_try(r, (int)a->way))
			continue;
		if (!prepare_line(p, line, polarity, a->turn, &crop, err))
			return false;
		ok = attempt(r, a, &crop, best, err);
		crop_done(&crop);
		if (!ok)
			return false;
		if (!a->others && best->confidence > before)
			better = a->turn;
	}
	return true;
}

/* ---- one line ---- */

static bool read_level(struct line_reader *r, const struct grey_plane *p,
		       const struct line *line, enum polarity polarity,
		       struct reading *best, struct reading *second,
		       struct error *err)
{
	struct attempts a = { .latin = 0 };
	struct crop crop;
	bool ok;

	if (!prepare_line(p, line, polarity, TURN_NONE, &crop, err))
		return false;
	ok = read_across(r, &crop, line, &a, err) &&
	     read_narrow(r, &crop, narrow_confidence(r, line, &a), &a, err);
	crop_done(&crop);
	*best = a.best;
	*second = a.second;
	return ok;
}

/*
 * A Latin letter and a kana or two, hardly to be read: texture.  Taken as a
 * word by its sound it would be near to many a short name.
 */
static bool is_jumble(const struct reading *r)
{
	struct letters read;
	int latin = 0, kana = 0;

	if (r->confidence >= HOPELESS)
		return false;
	letters_read(&read, r->text);
	for (int i = 0; i < read.n; i++) {
		latin += letter_is_latin(read.c[i]);
		kana += letter_is_kana(read.c[i]);
	}
	return latin && kana && latin + kana <= JUMBLE;
}

/* Places in a crop with one margin are those in a crop with another. */
static void move_symbols(struct symbols *s, const struct line *line,
			 enum prepare_look look)
{
	int high = region_height(line->box), wide = region_width(line->box);
	int was = prepare_margin(high, look);
	int is = prepare_margin(high, LOOK_USUAL);
	double by = (double)(wide + 2 * was) / (wide + 2 * is);
	double from = (double)(is - was) / (wide + 2 * is) * SYMBOLS_WHOLE;

	for (int i = 0; i < s->count; i++) {
		struct symbol *l = &s->symbol[i];

		l->from = (uint16_t)fmin(SYMBOLS_WHOLE,
					 fmax(0, l->from * by + from));
		l->to = (uint16_t)fmin(SYMBOLS_WHOLE,
				       fmax(0, l->to * by + from));
	}
}

static bool read_once_more(struct line_reader *r, const struct grey_plane *p,
			   const struct line *line, const struct again *way,
			   struct reading *again, struct spelled *spelled,
			   struct error *err)
{
	int model = way->last ? readers_count(r->readers) - 1 : 0;
	struct crop crop;
	bool ok;

	if (!prepare_look(p, line, prepare_polarity(p, line), way->look,
			  way->stretch, &crop, err))
		return false;
	ok = readers_spell(r->readers, model, &crop, again, spelled, err);
	crop_done(&crop);
	move_symbols(&again->symbols, line, way->look);
	if (spelled)
		move_symbols(&spelled->symbols, line, way->look);
	return ok;
}

bool reading_again(struct line_reader *r, const struct grey_plane *p,
		   const struct line *line, int attempt,
		   struct reading *again, struct error *err)
{
	return read_once_more(r, p, line, &agains[attempt], again, NULL,
			      err);
}

bool reading_look(struct line_reader *r, const struct grey_plane *p,
		  const struct line *line, int look, struct reading *again,
		  struct spelled *spelled, struct error *err)
{
	return read_once_more(r, p, line, &looks[look], again, spelled, err);
}

bool reading_slipped(const struct reading *best, const struct reading *second)
{
	struct letters read, a, b;
	int japanese = 0;

	letters_read(&read, best->text);
	letters_compact(&read, &a);
	letters_read(&read, second->text);
	letters_compact(&read, &b);
	for (int i = 0; i < b.n; i++)
		japanese += letter_is_japanese(b.c[i]);
	if (best->latin && !second->latin && best->confidence < READABLE &&
	    japanese >= SEEN_JAPANESE)
		return true;
	return b.n && 2 * letters_distance(&a, &b) <= b.n;
}

/*
 * Is a line of a later frame rather the grain of a moving picture?  A short one
 * takes little time, and may be a name that stands in this frame alone.
 */
static bool may_be_texture(const struct line *line)
{
	int w = region_width(line->box), h = region_height(line->box);
	int along = line->vertical ? h : w, across = line->vertical ? w : h;

	return line->score < weak_below ||
	       (line->score < texture_below &&
		along > TEXTURE_LONG * across);
}

bool reading_line(struct line_reader *r, const struct grey_plane *p,
		  const struct line *line, struct reading *best,
		  struct reading *second, struct error *err)
{
	bool texture = r->later && may_be_texture(line), ok;
	enum polarity polarity;
	struct reading next = { .confidence = 0 };

	*best = next;
	if (second)
		*second = next;
	if ((r->failures >= FAILURES && line->score < weak_below) ||
	    (texture && !may_try(r, READING_TEXTURE)))
		return true;
	polarity = prepare_polarity(p, line);
	ok = line->vertical ? read_down(r, p, line, polarity, best, err) :
			      read_level(r, p, line, polarity, best, &next,
					 err);
	if (second)
		*second = next;
	if (is_jumble(best))
		*best = (struct reading){ .confidence = 0 };
	if (texture)
		tell_tried(r, READING_TEXTURE, best->confidence >= READABLE);
	r->failures = best->confidence >= READABLE ? 0 : r->failures + 1;
	return ok;
}
