/* scene.c - chooses a patient, a backdrop and a way of storing, and burns
 * lines of text into the picture where they can be read. */
#include "config.h"

#include "bench/burnin/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/burnin/hand.h"

const char *const form_name[FORMS] = { "png", "jpeg", "dicom", "dicom16" };
const char *const convention_name[CONVENTIONS] = {
	"stored-max", "image-max", "window-max", "mid-window"
};

#define ALL_FORMS { 40, 20, 20, 20 }
#define DEEP { 0, 0, 0, 1 }

const struct recipe recipes[] = {
	{ "mixed", "everything", ALL_FORMS, -1, -1, -1, 75, 95, 8, 40,
	  SCRIPT_ANY, 600, 25, 20, 120, 250, 60, 8, false, 0 },
	{ "latin", "Latin letters only", ALL_FORMS, -1, -1, -1, 75, 95, 8, 40,
	  SCRIPT_LATIN, 300, 0, 20, 120, 250, 60, 8, false, 0 },
	{ "japanese", "Japanese letters only", ALL_FORMS, -1, -1, -1, 75, 95,
	  8, 40, SCRIPT_JAPANESE, 1000, 40, 10, 120, 250, 60, 8, false, 0 },
	{ "burnin-ja", "the public set: Japanese patients", ALL_FORMS, -1, -1,
	  -1, 75, 95, 8, 40, SCRIPT_ANY, 1000, 40, 10, 100, 150, 60, 8, false, 0 },
	{ "jpeg75", "JPEG of quality 75", { 0, 1, 0, 0 }, -1, -1, -1, 75, 75,
	  8, 40, SCRIPT_ANY, 600, 0, 10, 100, 250, 0, 8, false, 0 },
	{ "vertical", "letters one below the other, and lines on their side",
	  ALL_FORMS, -1, -1, -1, 75, 95, 10, 32, SCRIPT_JAPANESE, 1000, 600,
	  250, 60, 100, 0, 5, false, 0 },
	{ "low", "30 to 60 levels of contrast", ALL_FORMS, -1, -1, -1, 85, 95,
	  8, 40, SCRIPT_ANY, 600, 0, 10, 800, 0, 0, 6, false, 0 },
	{ "colour", "coloured ink, blue and red on black too",
	  { 60, 20, 20, 0 }, -1, -1, -1, 85, 95, 8, 40, SCRIPT_ANY, 600, 0, 10,
	  0, 900, 0, 7, false, 0 },
	{ "stored-max", "16 bits: the largest value a sample can have", DEEP,
	  STORED_MAX, -1, -1, 0, 0, 8, 40, SCRIPT_ANY, 600, 0, 10, 0, 0, 0,
	  6, false, 0 },
	{ "image-max", "16 bits: the largest value of the picture", DEEP,
	  IMAGE_MAX, -1, -1, 0, 0, 8, 40, SCRIPT_ANY, 600, 0, 10, 0, 0, 0, 6,
	  false, 0 },
	{ "window-max", "16 bits: white of the window", DEEP, WINDOW_MAX, -1,
	  -1, 0, 0, 8, 40, SCRIPT_ANY, 600, 0, 10, 0, 0, 0, 6, false, 0 },
	{ "mid-window", "16 bits: grey of the window", DEEP, MID_WINDOW, -1,
	  -1, 0, 0, 8, 40, SCRIPT_ANY, 600, 0, 10, 0, 0, 0, 6, false, 0 },
	{ "monochrome1", "16 bits: low is white", DEEP, -1, 1, 0, 0, 0, 8, 40,
	  SCRIPT_ANY, 600, 0, 10, 0, 0, 0, 6, false, 0 },
	{ "signed", "16 bits: below 0 too", DEEP, -1, 0, 1, 0, 0, 8, 40,
	  SCRIPT_ANY, 600, 0, 10, 0, 0, 0, 6, false, 0 },
	{ "names", "names made of words that pictures carry anyway",
	  { 20, 0, 80, 0 }, -1, -1, -1, 85, 95, 12, 40, SCRIPT_ANY, 500, 0, 0,
	  0, 100, 1000, 8, false, 0 },
	{ "empty", "no text at all", ALL_FORMS, -1, -1, -1, 75, 95, 8, 40,
	  SCRIPT_ANY, 0, 0, 0, 0, 0, 0, 0, false, 0 },
	{ "stamps", "name seals, writing by hand and codes beside some print",
	  ALL_FORMS, -1, -1, -1, 75, 95, 12, 32, SCRIPT_ANY, 700, 0, 0, 0,
	  300, 0, 2, true, 0 },
	{ "large", "letters of 80 to 180 pixels", ALL_FORMS, -1, -1, -1, 75,
	  95, 80, 180, SCRIPT_ANY, 600, 0, 0, 0, 250, 60, 3, false, 0 },
	{ "apart", "letters with blanks between them", ALL_FORMS, -1, -1, -1,
	  75, 95, 8, 24, SCRIPT_ANY, 500, 0, 0, 60, 250, 60, 5, false, 1000 },
	{ .name = NULL },
};

/* ---- looks ---- */

enum dress { DRESS_PLAIN, DRESS_OUTLINED, DRESS_BOXED, DRESS_FRAMED,
	     DRESS_SHADOW, DRESSES };
static const char *const dress_name[DRESSES] = {
	"plain", "outlined", "boxed", "framed", "shadow"
};

static const struct colour {
	const char *name;
	struct ink ink;
	int grey, coloured;             /* weights */
} colours[] = {
	{ "white", { { 1, 1, 1 } }, 10, 1 },
	{ "black", { { 0, 0, 0 } }, 3, 0 },
	{ "gray", { { .7, .7, .7 } }, 2, 0 },
	{ "yellow", { { 1, .9, .15 } }, 0, 4 },
	{ "green", { { .15, .9, .3 } }, 0, 3 },
	{ "cyan", { { .1, .9, .9 } }, 0, 2 },
	{ "orange", { { 1, .5, .1 } }, 0, 2 },
	{ "red", { { 1, .08, .08 } }, 0, 2 },
	{ "blue", { { .15, .2, 1 } }, 0, 2 },
	{ "magenta", { { .9, .15, .9 } }, 0, 1 },
};
enum { COLOURS = sizeof(colours) / sizeof(*colours) };

struct look {
	int font;
	struct face_style face;
	enum dress dress;
	struct ink ink;
	const char *colour;
	double low;             /* contrast to what is around; 0: full */
	const char *hand;               /* not printed */
	bool is_seal;
	int margin;                     /* of a sheet under it, or 0 */
};

static const struct colour *draw_colour(struct dice *d, bool coloured)
{
	int total = 0, at;

	for (int i = 0; i < COLOURS; i++)
		total += coloured ? colours[i].coloured : colours[i].grey;
	at = dice_range(d, 0, total - 1);
	for (int i = 0; i < COLOURS; i++) {
		at -= coloured ? colours[i].coloured : colours[i].grey;
		if (at < 0)
			return &colours[i];
	}
	return colours;
}

/* Small letters are as common as large ones: even in their logarithm. */
static int draw_px(struct dice *d, const struct recipe *r)
{
	return (int)(exp(dice_real(d, log(r->least_px), log(r->most_px + 1))));
}

static void look_draw(struct look *l, const struct scene *s, struct dice *d)
{
	static const enum dress dresses[] = {
		DRESS_PLAIN, DRESS_PLAIN, DRESS_PLAIN, DRESS_PLAIN,
		DRESS_PLAIN, DRESS_PLAIN, DRESS_PLAIN, DRESS_PLAIN,
		DRESS_OUTLINED, DRESS_BOXED, DRESS_FRAMED, DRESS_SHADOW,
	};
	const struct recipe *r = s->recipe;
	const struct colour *colour = draw_colour(d,
		s->picture.samples == 3 && dice_chance(d, r->coloured));

	*l = (struct look){ .ink = colour->ink, .colour = colour->name };
	l->face.px = draw_px(d, r);
	l->face.smoothing = dice_chance(d, 600) ? SMOOTH_GREY :
			    dice_chance(d, 400) ? SMOOTH_UNHINTED :
			    dice_chance(d, 850) || l->face.px < 18 ?
			    SMOOTH_NONE : SMOOTH_DOUBLED;
	if (s->form == FORM_DICOM16 && dice_chance(d, 700))
		l->face.smoothing = SMOOTH_NONE;
	if (r->apart && dice_chance(d, r->apart))
		l->face.apart = l->face.px * dice_range(d, 25, 75) / 100;
	l->dress = DICE_PICK(d, dresses);
	if (s->form != FORM_DICOM16 && dice_chance(d, r->low)) {
		l->low = dice_real(d, .12, .24);
		l->dress = DRESS_PLAIN;
	}
}

/* A font that has all letters; the one of the look if it can be. */
static bool choose_font(struct look *l, const struct fonts *fonts,
			const char *text, struct dice *d, bool keep)
{
	int count = fonts_count(fonts), total = 0, size;
	int px = l->face.smoothing == SMOOTH_DOUBLED ? l->face.px / 2 :
						       l->face.px;

	if (keep && fonts_can(fonts, l->font, text, px, &size))
		return true;
	for (int i = 0; i < count; i++)
		if (fonts_can(fonts, i, text, px, &size))
			total += fonts_weight(fonts, i);
	if (!total)
		return false;
	int at = dice_range(d, 0, total - 1);

	for (int i = 0; i < count; i++) {
		if (!fonts_can(fonts, i, text, px, &size))
			continue;
		at -= fonts_weight(fonts, i);
		if (at < 0) {
			l->font = i;
			return true;
		}
	}
	return false;
}

/* ---- legibility ---- */

/* Mean level of every sample over r, and how far it strays. */
static struct ink mean_of(const struct picture *p, struct region r,
			  double *stray)
{
	struct ink sum = { { 0 } };
	double square = 0, first = 0;
	long long count = region_area(r);

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			const double *v = picture_at(p, x, y);

			for (int s = 0; s < p->samples; s++)
				sum.level[s] += v[s] / (double)count;
			first += v[0] / (double)count;
			square += v[0] * v[0] / (double)count;
		}
	*stray = sqrt(fmax(0, square - first * first));
	return sum;
}

static double clip01(double v)
{
	return v < 0 ? 0 : v > 1 ? 1 : v;
}

/* Largest difference of a sample; in the window unless `open`. */
static double distance(const double *a, const double *b, int samples,
		       bool open)
{
	double far = 0;

	for (int s = 0; s < samples; s++)
		far = fmax(far, open ? fabs(a[s] - b[s]) / 3 :
			   fabs(clip01(a[s]) - clip01(b[s])));
	return far;
}

/* Does ink differ by `need` from nearly every pixel of r? */
static bool stands_out(const struct scene *s, struct region r,
		       const struct ink *ink, double need)
{
	const struct picture *p = &s->picture;
	bool open = s->form == FORM_DICOM16 && s->convention <= IMAGE_MAX;
	long long bad = 0;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			const double *v = picture_at(p, x, y);

			bad += distance(v, ink->level, p->samples, false) <
			       need &&
			       !(open && distance(v, ink->level, p->samples,
						  true) >= need);
		}
	return bad * 100 <= region_area(r) * 2;
}

/* ---- burning ---- */

static void burn_stamp(struct picture *p, const struct stamp *stamp, int x0,
		       int y0, struct ink ink)
{
	for (int y = 0; y < stamp->rows; y++)
		for (int x = 0; x < stamp->columns; x++)
			picture_dot(p, x0 + x, y0 + y, ink,
				    stamp->alpha[y * stamp->columns + x] /
				    255.);
}

static double luma(const struct picture *p, const struct ink *ink)
{
	return p->samples == 1 ? ink->level[0] : .299 * ink->level[0] +
	       .587 * ink->level[1] + .114 * ink->level[2];
}

/* Paper with a little grain. */
static void burn_sheet(struct picture *p, struct region r)
{
	struct dice grain = { (uint64_t)r.x0 * 65536 + (uint64_t)r.y0 };
	double level = dice_real(&grain, .8, 1);

	r = picture_clip(p, r);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			picture_dot(p, x, y,
				    ink_grey(level + .01 * dice_bell(&grain)),
				    1);
}

/* What goes under the letters. */
static void burn_dress(struct scene *s, const struct look *l,
		       const struct stamp *stamp, struct region at)
{
	struct picture *p = &s->picture;
	struct ink under = ink_grey(luma(p, &l->ink) > .35 ? 0 : 1);
	struct region around = region_grow(at, 2 + l->face.px / 6);
	int wide = l->face.px >= 18 ? 2 : 1;

	if (l->margin)
		burn_sheet(p, region_grow(at, l->margin));
	if (l->dress == DRESS_BOXED)
		picture_fill(p, around, under);
	if (l->dress == DRESS_FRAMED)
		picture_frame(p, around, l->ink);
	if (l->dress == DRESS_SHADOW)
		burn_stamp(p, stamp, at.x0 + wide, at.y0 + wide, under);
	for (int dy = -wide; l->dress == DRESS_OUTLINED && dy <= wide; dy++)
		for (int dx = -wide; dx <= wide; dx++)
			burn_stamp(p, stamp, at.x0 + dx, at.y0 + dy, under);
}

/* Is there room for r: inside, and not on or at another line? */
static bool has_room(const struct scene *s, struct region r, int px)
{
	struct region wide = region_grow(r, px / 6 + 2);

	if (s->lines >= SCENE_LINES - 1 || r.x0 < 0 || r.y0 < 0 ||
	    r.x1 > s->picture.columns || r.y1 > s->picture.rows)
		return false;
	for (int i = 0; i < s->lines; i++)
		if (!region_empty(region_intersect(wide, s->line[i].box)))
			return false;
	return true;
}

/* The ink of a line at `at`: its own, or so far from what is there.  False
 * when it would not be legible. */
static bool settle_ink(const struct scene *s, struct look *l, struct region at)
{
	double stray;
	struct ink mean;

	if (l->low > 0) {
		mean = mean_of(&s->picture, at, &stray);
		double sign = luma(&s->picture, &mean) < .5 ? 1 : -1;

		if (stray > l->low / 4)
			return false;
		for (int i = 0; i < 3; i++)
			l->ink.level[i] = mean.level[i] + sign * l->low;
		if (s->picture.samples == 1)
			l->ink = ink_grey(l->ink.level[0]);
		l->colour = "near";
		return stands_out(s, at, &l->ink, .6 * l->low);
	}
	return l->dress == DRESS_OUTLINED || l->dress == DRESS_BOXED ||
	       l->margin || stands_out(s, at, &l->ink, .2);
}

static void keep_line(struct scene *s, const struct look *l,
		      const struct words *w, bool is_label, struct region box,
		      double far)
{
	s->line[s->lines++] = (struct scene_line){
		.words = *w, .is_label = is_label, .box = box,
		.px = l->face.px, .font = l->font, .turn = l->face.turn,
		.down = l->face.down, .contrast = (int)(255 * far + .5),
		.dress = dress_name[l->dress], .colour = l->colour,
		.hand = l->hand };
}

static double contrast_at(const struct scene *s, const struct look *l,
			  struct region at)
{
	double stray;
	struct ink mean = mean_of(&s->picture, at, &stray);

	if (l->dress == DRESS_BOXED || l->dress == DRESS_OUTLINED)
		return 1;
	if (l->margin)
		mean = ink_grey(.9);
	return distance(mean.level, l->ink.level, s->picture.samples, false);
}

/*
 * Burn one stamp with its left top at x, y.  False when there is no room or
 * it could not be read there; then nothing has changed.
 */
static bool burn(struct scene *s, const struct look *look,
		 const struct words *w, bool is_label,
		 const struct stamp *stamp, int x, int y)
{
	struct region at = region_from_box(x, y, stamp->columns, stamp->rows);
	struct look l = *look;

	if (!has_room(s, at, l.margin ? 6 * l.margin : l.face.px) ||
	    !settle_ink(s, &l, at))
		return false;

	double far = contrast_at(s, &l, at);

	burn_dress(s, &l, stamp, at);
	burn_stamp(&s->picture, stamp, x, y, l.ink);
	keep_line(s, &l, w, is_label, region_move(stamp->ink, x, y), far);
	return true;
}

/* ---- placing ---- */

/* Where rows go on: against one of the corners. */
struct corner {
	bool right, low;
	int margin, x, y, pitch;
};

static bool set_text(const struct fonts *fonts, struct look *l,
		     const char *text, struct dice *d, bool keep,
		     struct stamp *stamp)
{
	return choose_font(l, fonts, text, d, keep) &&
	       fonts_stamp(fonts, l->font, text, &l->face, stamp);
}

static bool place_row(struct scene *s, const struct fonts *fonts,
		      struct look *l, const struct words *w,
		      const struct corner *c, int base, struct dice *d)
{
	struct stamp label = { 0 }, value = { 0 };
	int gap = l->face.px / 2 + dice_range(d, 0, l->face.px), wide;
	bool done = false;

	if (!set_text(fonts, l, w->text, d, true, &value))
		return false;
	if (w->label[0] && !set_text(fonts, l, w->label, d, true, &label))
		stamp_done(&label);
	wide = value.columns + (label.columns ? label.columns + gap : 0);

	int x = c->right ? s->picture.columns - c->margin - wide : c->margin;

	done = burn(s, l, w, false, &value, x + wide - value.columns,
		    base - value.rise);
	if (done && label.columns)
		burn(s, l, w, true, &label, x, base - label.rise);
	stamp_done(&label);
	stamp_done(&value);
	return done;
}

static void draw_words(struct words *w, const struct scene *s, struct dice *d,
		       bool identifier)
{
	if (identifier)
		words_identifier(w, &s->patient, d, s->recipe->script);
	else
		words_benign(w, d, s->recipe->script);
}

/* Ink that the 16-bit convention asks for. */
static void follow_convention(struct scene *s, struct look *l)
{
	const struct picture *p = &s->picture;
	size_t count = (size_t)p->columns * (size_t)p->rows;
	double least, most, level = 1;

	if (s->form != FORM_DICOM16)
		return;
	scene_range(s, &least, &most);
	if (s->convention == STORED_MAX)
		level = ((s->monochrome1 ? least : most) - s->black) /
			(s->white - s->black);
	if (s->convention == MID_WINDOW)
		level = .5;
	if (s->convention == IMAGE_MAX) {
		level = p->level[0];
		for (size_t i = 1; i < count; i++)
			level = fmax(level, p->level[i]);
	}
	l->ink = ink_grey(level);
	l->colour = "white";
	if (l->dress == DRESS_SHADOW || s->convention == MID_WINDOW)
		l->dress = DRESS_PLAIN;
}

static void place_corner(struct scene *s, const struct fonts *fonts,
			 struct look *l, int corner, int rows, struct dice *d)
{
	struct corner c = { corner % 2 == 1, corner / 2 == 1,
			    dice_chance(d, 150) ? 0 : dice_range(d, 2, 24), 0,
			    0, 0 };
	int pitch = l->face.px * dice_range(d, 118, 170) / 100 + 1;
	int base = c.low ? s->picture.rows - c.margin - l->face.px / 5 :
			   c.margin + l->face.px;

	for (int i = 0; i < rows; i++) {
		struct words w;

		draw_words(&w, s, d, dice_chance(d, 640));
		place_row(s, fonts, l, &w, &c, base, d);
		base += c.low ? -pitch : pitch;
	}
}

static bool place_anywhere(struct scene *s, const struct fonts *fonts,
			   struct look *l, bool identifier, struct dice *d)
{
	enum { TRIES = 40 };
	struct stamp stamp;
	struct words w;

	draw_words(&w, s, d, identifier);
	w.label[0] = '\0';
	if (!set_text(fonts, l, w.text, d, false, &stamp))
		return false;

	bool done = false;

	for (int i = 0; i < TRIES && !done; i++) {
		int x = s->picture.columns - stamp.columns;
		int y = s->picture.rows - stamp.rows;

		if (x < 0 || y < 0)
			break;
		if (i == TRIES / 2 && l->low <= 0 &&
		    s->form != FORM_DICOM16)
			l->dress = DRESS_OUTLINED;
		done = burn(s, l, &w, false, &stamp, dice_range(d, 0, x),
			    dice_range(d, 0, y));
	}
	stamp_done(&stamp);
	return done;
}

static void place_lines(struct scene *s, const struct fonts *fonts,
			struct dice *d)
{
	const struct recipe *r = s->recipe;
	int special = r->down + r->turned;
	struct look l;

	look_draw(&l, s, d);
	follow_convention(s, &l);
	for (int i = 0; i < 4; i++) {
		if (dice_chance(d, special > 500 ? 900 : 450))
			continue;
		if (dice_chance(d, 250)) {
			look_draw(&l, s, d);
			follow_convention(s, &l);
		}
		place_corner(s, fonts, &l, i, dice_range(d, 1, 5), d);
	}
	for (int i = dice_range(d, 1, r->identifiers); i > 0; i--) {
		look_draw(&l, s, d);
		follow_convention(s, &l);
		l.face.down = dice_chance(d, r->down);
		if (!l.face.down && dice_chance(d, r->turned))
			l.face.turn = dice_chance(d, 500) ? 90 : 270;
		place_anywhere(s, fonts, &l, dice_chance(d, 700), d);
	}
}

/* ---- seals and writing by hand ---- */

/* One that has all letters, of those that look like a hand or the others. */
static int choose_hand_font(const struct fonts *fonts, const char *text,
			    bool by_hand, struct dice *d)
{
	enum { HAND_FONTS = 96 };
	int can[HAND_FONTS], count = 0, size;

	for (int i = 0; i < fonts_count(fonts) && count < HAND_FONTS; i++)
		if (fonts_by_hand(fonts, i) == by_hand &&
		    fonts_can(fonts, i, text, 90, &size))
			can[count++] = i;
	return count ? can[dice_range(d, 0, count - 1)] : -1;
}

/* Vermilion, or a pen's ink; as a grey scanner sees them. */
static void hand_ink(struct look *l, bool seal, bool coloured, bool light,
		     struct dice *d)
{
	static const struct { const char *name; struct ink ink; } inks[] = {
		{ "black", { { .1, .1, .1 } } }, { "blue", { { .1, .2, .6 } } },
		{ "red", { { .8, .1, .1 } } },
	};
	int i = dice_chance(d, 600) ? 0 : dice_chance(d, 700) ? 1 : 2;

	l->colour = light ? "white" : seal ? "vermilion" : inks[i].name;
	if (light)
		l->ink = ink_grey(dice_real(d, .75, 1));
	else if (seal)
		l->ink = coloured ? (struct ink){ { dice_real(d, .75, .95),
						    dice_real(d, .1, .3),
						    dice_real(d, .1, .25) } } :
			 ink_grey(dice_real(d, .25, .6));
	else
		l->ink = coloured ? inks[i].ink :
				    ink_grey(dice_real(d, 0, .35));
}

static void hand_words(struct words *w, const struct scene *s,
		       enum hand_kind kind, struct dice *d)
{
	struct patient other;

	if (kind == HAND_FONT || kind == HAND_PEN) {
		words_identifier(w, &s->patient, d, kind == HAND_PEN ?
				 SCRIPT_LATIN : SCRIPT_ANY);
	} else {
		*w = (struct words){ .identifier = true };
		patient_draw(&other, d, true, false);
		snprintf(w->text, sizeof(w->text), "%s",
			 hand_is_seal(kind) ? other.family_kanji :
					      other.family);
	}
	for (char *c = w->text; kind == HAND_PEN && *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	w->class = hand_is_seal(kind) ? "seal" : kind == HAND_MATRIX ?
		   "barcode" : "handwriting";
	w->label[0] = '\0';
}

/* Somewhere flat and, for a seal, light; or on a sheet of its own. */
static bool place_hand(struct scene *s, const struct look *look,
		       const struct words *w, const struct stamp *stamp,
		       struct dice *d)
{
	enum { TRIES = 60 };
	int most_x = s->picture.columns - stamp->columns;
	int most_y = s->picture.rows - stamp->rows;

	for (int i = 0; most_x >= 0 && most_y >= 0 && i < TRIES; i++) {
		int x = dice_range(d, 0, most_x), y = dice_range(d, 0, most_y);
		struct ink mean = ink_grey(1);
		double stray = 0;

		if (!look->margin)
			mean = mean_of(&s->picture,
				       region_from_box(x, y, stamp->columns,
						       stamp->rows), &stray);
		if (stray < .05 && (!look->is_seal || mean.level[1] > .6) &&
		    burn(s, look, w, false, stamp, x, y))
			return true;
	}
	return false;
}

static void place_by_hand(struct scene *s, const struct fonts *fonts,
			  struct dice *d)
{
	enum hand_kind kind = (enum hand_kind)dice_range(d, 0, HAND_KINDS - 1);
	bool seal = hand_is_seal(kind), code = kind == HAND_MATRIX;
	int size = (int)exp(dice_real(d, log(seal ? 15 : code ? 24 : 14),
				      log(seal || code ? 121 : 49)));
	struct look l = { .face.px = size, .hand = hand_name[kind],
			  .is_seal = seal, .font = -1 };
	struct stamp stamp;
	struct words w;

	hand_words(&w, s, kind, d);
	if (seal || kind == HAND_FONT)
		l.font = choose_hand_font(fonts, w.text, !seal, d);
	l.margin = code || dice_chance(d, 600) ? dice_range(d, 3, 40) : 0;
	hand_ink(&l, seal, s->picture.samples == 3,
		 !l.margin && !seal && dice_chance(d, 700), d);
	if ((l.font < 0 && (seal || kind == HAND_FONT)) ||
	    !hand_stamp(kind, fonts, l.font, w.text, size, d, &stamp))
		return;
	place_hand(s, &l, &w, &stamp, d);
	stamp_done(&stamp);
}

/* ---- the scene ---- */

static enum form draw_form(struct dice *d, const struct recipe *r)
{
	int total = 0, at;

	for (int i = 0; i < FORMS; i++)
		total += r->form[i];
	at = dice_range(d, 0, total - 1);
	for (int i = 0; i < FORMS; i++) {
		at -= r->form[i];
		if (at < 0)
			return (enum form)i;
	}
	return FORM_PNG;
}

static const struct backdrop *draw_backdrop(struct dice *d, bool deep,
					    bool colour)
{
	int total = 0, at;

	for (const struct backdrop *b = backdrops; b->name; b++)
		if ((!deep || b->deep) && (!colour || !b->deep))
			total += b->weight;
	at = dice_range(d, 0, total - 1);
	for (const struct backdrop *b = backdrops; b->name; b++) {
		if ((deep && !b->deep) || (colour && b->deep))
			continue;
		at -= b->weight;
		if (at < 0)
			return b;
	}
	return backdrops;
}

void scene_range(const struct scene *s, double *least, double *most)
{
	double levels = ldexp(1, s->bits);

	*least = s->is_signed ? -levels / 2 : 0;
	*most = *least + levels - 1;
}

/* Bits, sign and window of a 16-bit picture. */
static void draw_depth(struct scene *s, struct dice *d)
{
	static const int depths[] = { 10, 12, 12, 14, 16, 16 };
	const struct recipe *r = s->recipe;
	double low, high, least, most;

	s->convention = r->convention >= 0 ? (enum convention)r->convention :
			(enum convention)dice_range(d, 0, CONVENTIONS - 1);
	s->is_signed = r->is_signed < 0 ?
		       strcmp(s->backdrop->modality, "CT") == 0 &&
		       dice_chance(d, 700) : r->is_signed;
	s->monochrome1 = r->monochrome1 < 0 ? !s->is_signed &&
			 dice_chance(d, 200) : r->monochrome1;
	s->bits = s->is_signed ? dice_chance(d, 700) ? 16 : 12 :
		  DICE_PICK(d, depths);
	scene_range(s, &least, &most);
	low = s->is_signed ? -dice_range(d, 100, 800) :
			     dice_range(d, 0, (int)(most / 8));
	high = low + (s->is_signed ? dice_range(d, 300, 1600) :
		      dice_real(d, .25, .7) * most);
	s->black = floor(s->monochrome1 ? high : low);
	s->white = floor(s->monochrome1 ? low : high);
	s->kanji_escapes = dice_chance(d, 400);
}

static void draw_storage(struct scene *s, struct dice *d)
{
	s->quality = s->recipe->quality_low ?
		     dice_range(d, s->recipe->quality_low,
				s->recipe->quality_high) : 90;
	s->bits = 8;
	s->white = 255;
	s->kanji_escapes = dice_chance(d, 400);
	if (s->form == FORM_DICOM16)
		draw_depth(s, d);
}

/*
 * Letters are burned into what is stored: blended with levels below the least
 * that a sample can hold, they would leave nothing to see.
 */
static void limit_levels(struct scene *s)
{
	struct picture *p = &s->picture;
	size_t count = (size_t)p->columns * (size_t)p->rows *
		       (size_t)p->samples;
	double low = 0, high = 1, least, most;

	if (s->form == FORM_DICOM16) {
		scene_range(s, &least, &most);
		low = (least - s->black) / (s->white - s->black);
		high = (most - s->black) / (s->white - s->black);
	}
	for (size_t i = 0; i < count; i++)
		p->level[i] = fmax(fmin(low, high),
				   fmin(p->level[i], fmax(low, high)));
}

/* As a scanner or a screen shot leaves it. */
static void wear(struct scene *s, struct dice *d)
{
	struct picture *p = &s->picture;
	size_t count = (size_t)p->columns * (size_t)p->rows *
		       (size_t)p->samples;

	if (s->form == FORM_DICOM16 || !dice_chance(d, 70))
		return;
	picture_soften(p, dice_real(d, .3, 1));
	for (size_t i = 0; i < count; i++)
		p->level[i] += .015 * dice_bell(d);
}

bool scene_draw(struct scene *s, const struct recipe *recipe,
		const struct fonts *fonts, uint64_t seed, int number)
{
	struct dice d = { dice_mix(seed * 1000003 + 17) };
	bool colour;

	for (const char *c = recipe->name; *c; c++)
		d.state = dice_mix(d.state ^ (unsigned char)*c);
	d.state = dice_mix(d.state + (uint64_t)number);
	*s = (struct scene){ .recipe = recipe, .number = number };
	s->uid = dice_next(&d);
	s->form = draw_form(&d, recipe);
	s->backdrop = draw_backdrop(&d, s->form == FORM_DICOM16,
				    recipe->coloured >= 900);
	patient_draw(&s->patient, &d, dice_chance(&d, recipe->japanese),
		     dice_chance(&d, recipe->benign_names));
	colour = s->form != FORM_DICOM16 &&
		 (s->backdrop->colour || recipe->coloured >= 900 ||
		  dice_chance(&d, 250));
	if (!picture_init(&s->picture,
			  dice_range(&d, s->backdrop->least,
				     s->backdrop->most),
			  dice_range(&d, s->backdrop->least,
				     s->backdrop->most), colour ? 3 : 1))
		return false;
	draw_storage(s, &d);
	s->backdrop->paint(&s->picture, &d);
	limit_levels(s);
	for (int i = 0; i < 4 && recipe->identifiers && !s->lines; i++)
		place_lines(s, fonts, &d);
	for (int i = 0; recipe->stamps && i < 6; i++)
		place_by_hand(s, fonts, &d);
	wear(s, &d);
	return true;
}

void scene_done(struct scene *s)
{
	picture_done(&s->picture);
}
