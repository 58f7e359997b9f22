/* view_boxes.c - boxes in words: labels of crops, the list, the details. */
#include "config.h"

#include "ui/view_boxes.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/key.h"
#include "ui/wording.h"

enum {
	HEAD_LEAST = 8,                 /* rows of a list with a head */
	/* cells of the columns of the list, each with a blank at its end */
	NUMBER = 4, CLASS = 13, WHY = 28, SCORE = 6, PLACE = 20,
	TEXT_LEAST = 20, TEXT_MOST = 40,
	TABLE_LEAST = NUMBER + CLASS + TEXT_LEAST + WHY + SCORE,
};

char view_box_mark(const struct decided_box *b)
{
	static const char marks[] = {
		[TIER_BOX] = 'x', [TIER_CANDIDATE] = 'c', [TIER_BENIGN] = '-',
		[TIER_FAINT] = '?',
	};

	return review_masked(b) ? '+' : marks[b->box.tier];
}

bool view_box_listed(const struct decided_box *b)
{
	return b->box.tier == TIER_BOX || b->box.tier == TIER_CANDIDATE;
}

static bool is_cleared(const struct decided_box *b)
{
	return b->box.tier == TIER_BENIGN;
}

struct region view_box_grown(const struct review *m,
			     const struct decided_box *b, bool *rim)
{
	const struct image_info *info = review_info(m);
	bool unused;

	rim = rim ? rim : &unused;
	*rim = false;
	return info ? mask_grown(info, b->box.region, rim) : b->box.region;
}

/* " overlay:6000"; "" for the picture itself. */
static void plane_text(const struct box *b, char text[24])
{
	if (b->plane == PLANE_BITS)
		snprintf(text, 24, " bits");
	else if (b->plane != PLANE_PICTURE)
		snprintf(text, 24, " overlay:%04x", (unsigned)b->plane);
	else
		text[0] = '\0';
}

/* What it is: its class, or how it was found where that says nothing. */
static const char *class_text(const struct decided_box *b)
{
	if (is_cleared(b))
		return _("cleared");
	if (b->box.class_ != CLASS_OTHER)
		return wording(box_class_name[b->box.class_]);
	if (b->box.tier == TIER_CANDIDATE)
		return _("candidate");
	return b->box.source == SOURCE_REVIEWER ? _("added") :
						  wording("other");
}

/* "new " before the class of what held a copy back. */
static const char *new_text(const struct review *m, const struct decided_box *b)
{
	/* TRANSLATORS: with the blank at its end: new name, new other */
	return review_left(m, b) ? _("new ") : "";
}

/* What was read, or what it looks like; of a box that was moved, what was
 * read where it came from. */
static void read_text(const struct review *m, const struct decided_box *b,
		      char *text, size_t size)
{
	const char *read = b->box.text;

	if (!*read)
		snprintf(text, size, "%s",
			 wording(box_kind_name[b->box.kind]));
	else if (review_moved(m, b))
		snprintf(text, size, _("was: \"%s\""), read);
	else
		snprintf(text, size, "\"%s\"", read);
}

/* Why it is a box: a moved one is where the reviewer put it. */
static void why_text(const struct review *m, const struct decided_box *b,
		     char text[WORDING_WHY])
{
	if (review_moved(m, b))
		snprintf(text, WORDING_WHY, "%s", _("moved"));
	else
		wording_why(b->box.why, text);
}

/* "97 %": how sure; "" of what was found elsewhere. */
static void score_text(const struct review *m, const struct decided_box *b,
		       char text[16])
{
	text[0] = '\0';
	if (!review_moved(m, b))
		snprintf(text, 16, "%d %%", b->box.score / 10);
}

static void place_text(const struct box *b, char *text, size_t size)
{
	struct region r = b->region;

	snprintf(text, size, "%d,%d %dx%d", r.x0, r.y0, region_width(r),
		 region_height(r));
}

void view_box_text(const struct review *m, const struct decided_box *b,
		   int number, char *text, size_t size)
{
	char plane[24], why[WORDING_WHY], read[BOX_TEXT + 32], place[64];
	char score[16];

	plane_text(&b->box, plane);
	why_text(m, b, why);
	read_text(m, b, read, sizeof(read));
	score_text(m, b, score);
	place_text(&b->box, place, sizeof(place));
	/* what may be cut off comes last */
	snprintf(text, size, "%d%c %s%s%s  %s  %s%s%s  %s", number,
		 view_box_mark(b), new_text(m, b), class_text(b), plane, read, why,
		 *score ? "  " : "", score, place);
}

/* ---- labels of crops ---- */

static const char *const evidence_text[EVIDENCE_KINDS] = {
	[EVIDENCE_BOX] = N_("box"),
	[EVIDENCE_CANDIDATE] = N_("candidate"),
	[EVIDENCE_EDGE] = N_("ink crosses the edge"),
	/* one word, that fits wherever there is a label */
	[EVIDENCE_FAINT] = N_("faint"),
	[EVIDENCE_PROJECTION] = N_("all frames outside the masks"),
	[EVIDENCE_TILE] = N_("tile"),
	[EVIDENCE_BORDER] = N_("border"),
};

/* The same over a crop that is narrower than those. */
static const char *const short_text[EVIDENCE_KINDS] = {
	[EVIDENCE_EDGE] = N_("edge ink"),
};

static const struct decided_box *box_of(const struct review *m,
					const struct evidence *e)
{
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);

	return e->box >= 0 && (size_t)e->box < count ? &box[e->box] : NULL;
}

/* Does the page show this beside other frames? */
static bool is_beside(const struct review *m, const struct evidence *e)
{
	const struct evidence_plan *plan = review_evidence(m);
	int page = review_page(m);

	return plan && page >= 0 && (size_t)page < plan->page_count &&
		plan->page[page].also_count > 0 && e->frame >= 0 &&
		review_info(m)->frames > 1;
}

/* " f1-30 (differs)": where there is more to know than this frame; " f3" on a
 * page that shows others, too. */
static void frames_text(const struct review *m, const struct evidence *e,
			const struct decided_box *b, char *text, size_t size)
{
	char plane[24] = "";

	text[0] = '\0';
	if (b)
		plane_text(&b->box, plane);
	if (*plane)
		snprintf(text, size, _("%s, dropped"), plane);
	else if (e->last_frame > e->first_frame && e->frame >= 0)
		snprintf(text, size, " f%d-%d%s", e->first_frame + 1,
			 e->last_frame + 1,
			 b && b->box.differs ? _(" (differs)") : "");
	else if (is_beside(m, e))
		snprintf(text, size, " f%d", e->frame + 1);
}

/* Puts " x10.6" behind it, where that fits: how often the contrast of the crop
 * is that of the picture. */
static void add_stretch(const struct canvas *c, double stretch, int columns,
			char *text, size_t size)
{
	char times[16];
	size_t used = strlen(text);

	snprintf(times, sizeof(times), " x%.1f", stretch);
	if (stretch > 0 && canvas_width(c->charset, text) +
	    canvas_width(c->charset, times) <= columns)
		snprintf(text + used, size - used, "%s", times);
}

const struct hint *view_unmask_hint(const struct review *m, int box,
				    char label[3])
{
	size_t count;
	const struct hint *hint = review_hints(m, &count);

	label[0] = '\0';
	if (!review_unmasking(m))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (hint[i].box == box) {
			review_hint_label(m, i, label);
			return &hint[i];
		}
	return NULL;
}

/* "3+", and its letter first where letters choose: "[a] 3+", chosen "[a] 3x" */
static void head_text(const struct review *m, const struct decided_box *b,
		      int box, char *text, size_t size)
{
	char letters[3];
	const struct hint *hint = view_unmask_hint(m, box, letters);

	if (hint)
		snprintf(text, size, "[%s] %d%c", letters, box + 1,
			 hint->chosen ? 'x' : view_box_mark(b));
	else
		snprintf(text, size, "%d%c", box + 1, view_box_mark(b));
}

/* Where what it is and its frames are too wide, the frames stay: what it is
 * stands in the list. */
static void keep_frames(const struct canvas *c, const char *head,
			const char *frames, int columns, char *text,
			size_t size)
{
	if (*frames && canvas_width(c->charset, text) > columns)
		snprintf(text, size, "%s%s", head, frames);
}

/* "9? faint", in the words that fit. */
static void ink_text(const struct canvas *c, const struct evidence *e,
		     const char *head, const char *frames, int columns,
		     char *text, size_t size)
{
	const char *what = e->frame == FRAME_WHOLE ? N_("hidden ink") :
			   evidence_text[e->kind];

	snprintf(text, size, "%s %s%s", head, _(what), frames);
	if (short_text[e->kind] && canvas_width(c->charset, text) > columns)
		snprintf(text, size, "%s %s%s", head, _(short_text[e->kind]),
			 frames);
	keep_frames(c, head, frames, columns, text, size);
}

/* Ink without a box has no number: instead of it stands the key that masks a
 * line. */
static void loose_text(const struct view_data *v, const struct canvas *c,
		       const struct evidence *e, const char *frames,
		       int columns, char *text, size_t size)
{
	char head[24] = "?";
	int key = key_of(v->keys, MODE_REVIEW, CMD_HINT);

	if (e->kind != EVIDENCE_FAINT) {
		snprintf(text, size, "%s%s", _(evidence_text[e->kind]),
			 frames);
		return;
	}
	if (key) {
		key_name(key, head, sizeof(head) - 1);
		strncat(head, "?", sizeof(head) - strlen(head) - 1);
	}
	ink_text(c, e, head, frames, columns, text, size);
}

static void label_words(const struct view_data *v, const struct canvas *c,
			const struct evidence *e, int columns, char *text,
			size_t size)
{
	const struct decided_box *b = box_of(v->model, e);
	char frames[96], head[24], was[BOX_TEXT + 32];
	const char *read;

	frames_text(v->model, e, b, frames, sizeof(frames));
	if (!b) {
		loose_text(v, c, e, frames, columns, text, size);
		return;
	}
	head_text(v->model, b, e->box, head, sizeof(head));
	if (e->kind == EVIDENCE_FAINT || e->kind == EVIDENCE_EDGE) {
		ink_text(c, e, head, frames, columns, text, size);
		return;
	}
	/* what was found by its shape is read badly if at all */
	read_text(v->model, b, was, sizeof(was));
	read = b->box.source == SOURCE_INK || !*b->box.text ? "" :
	       review_moved(v->model, b) ? was : b->box.text;
	snprintf(text, size, "%s %s%s%s%s%s", head, new_text(v->model, b),
		 class_text(b), frames,
		 *read ? " " : "", read);
	if (*read && canvas_width(c->charset, text) > columns)
		snprintf(text, size, "%s%s %s", head, frames, read);
	else
		keep_frames(c, head, frames, columns, text, size);
}

void view_label(const struct view_data *v, const struct canvas *c,
		const struct evidence *e, double stretch, int columns,
		char *text, size_t size)
{
	label_words(v, c, e, columns, text, size);
	add_stretch(c, stretch, columns, text, size);
}

void view_cleared(const struct review *m, char *text, size_t size)
{
	size_t count, used = 0;
	const struct decided_box *box = review_boxes(m, &count);

	text[0] = '\0';
	for (size_t i = 0; i < count && used < size; i++) {
		const char *sign = used ? " " : _("cleared: ");
		int n = is_cleared(&box[i]) && *box[i].box.text ?
			snprintf(text + used, size - used, "%s\"%s\"", sign,
				 box[i].box.text) : 0;

		used += n > 0 ? (size_t)n : 0;
	}
}

/* ---- the list ---- */

struct tally { int masked, open, candidates, cleared; };

static struct tally tally_of(const struct review *m)
{
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);
	struct tally t = { 0, 0, 0, 0 };

	for (size_t i = 0; i < count; i++) {
		bool masked = review_masked(&box[i]);

		t.masked += masked;
		t.open += box[i].box.tier == TIER_BOX && !masked;
		t.candidates += box[i].box.tier == TIER_CANDIDATE;
		t.cleared += is_cleared(&box[i]);
	}
	return t;
}

static int listed_rows(const struct tally *t)
{
	return t->masked + t->open + t->candidates;
}

int view_boxes_rows(const struct review *m)
{
	struct tally t = tally_of(m);

	return 1 + listed_rows(&t) + t.cleared;
}

static void draw_head(struct canvas *c, const struct area *area,
		      const struct tally *t)
{
	char text[160];

	snprintf(text, sizeof(text),
		 _("masked %d  not masked %d  candidates %d  cleared %d"),
		 t->masked, t->open, t->candidates, t->cleared);
	view_fit(text, c, area->columns);
	canvas_text_cut(c, area->column, area->row, area->columns, style_bold,
			text);
}

/* The row without columns: what was read, or what it is. */
static void draw_short(const struct review *m, struct canvas *c,
		       const struct area *area, int row,
		       const struct decided_box *b, struct style style)
{
	char text[BOX_TEXT + 32];

	read_text(m, b, text, sizeof(text));
	canvas_text_cut(c, area->column + NUMBER, row, area->columns - NUMBER,
			style, *b->box.text ? text : class_text(b));
}

/* A box in a row of the list: why, score and place where there is room. */
static void draw_row(const struct review *m, struct canvas *c,
		     const struct area *area, int row,
		     const struct decided_box *b, int number)
{
	bool selected = number - 1 == review_selected(m);
	struct style style = selected ? style_reverse : style_plain;
	bool table = area->columns >= TABLE_LEAST;
	bool placed = area->columns >= TABLE_LEAST + PLACE;
	int x = area->column, read = area->columns - NUMBER - CLASS -
		(table ? WHY + SCORE : 0) - (placed ? PLACE : 0);
	char text[BOX_TEXT + WORDING_WHY + 32], why[WORDING_WHY];
	char class_[64], plane[24], score[16];
	size_t used;

	if (table && read > TEXT_MOST)
		read = TEXT_MOST;

	canvas_fill(c, x, row, area->columns, 1, ' ', style);
	snprintf(text, sizeof(text), "%c", view_box_mark(b));
	if (!is_cleared(b))
		snprintf(text, sizeof(text), "%2d%c", number,
			 view_box_mark(b));
	canvas_text_right(c, x, row, NUMBER - 1, style, text);
	if (area->columns < NUMBER + CLASS + TEXT_LEAST) {
		draw_short(m, c, area, row, b, style);
		return;
	}
	plane_text(&b->box, plane);
	snprintf(class_, sizeof(class_), "%s%s", class_text(b), plane);
	canvas_text_cut(c, x + NUMBER, row, CLASS - 1, style, class_);
	x += NUMBER + CLASS;
	read_text(m, b, text, sizeof(text));
	why_text(m, b, why);
	used = strlen(text);
	if (!table)
		snprintf(text + used, sizeof(text) - used, "  %s", why);
	canvas_text_cut(c, x, row, read - 1, style, text);
	if (!table)
		return;
	x += read;
	canvas_text_cut(c, x, row, WHY - 1, style, why);
	score_text(m, b, score);
	canvas_text_right(c, x + WHY, row, SCORE - 1, style, score);
	place_text(&b->box, text, sizeof(text));
	if (placed)
		canvas_text(c, x + WHY + SCORE + 1, row, PLACE - 1, style,
			    text);
}

/* How much of the list is left out above and drawn. */
struct scroll { int skip, row, end, left, listed; };

static void draw_left(const struct view_data *v, struct canvas *c,
		      const struct area *area, bool cleared, struct scroll *s)
{
	char text[64], named[80];

	snprintf(text, sizeof(text), cleared ? _("%d more cleared") :
		 _("%d more: {box-next}"), s->left + 1);
	view_message(v, text, named, sizeof(named));
	canvas_text_cut(c, area->column + NUMBER, s->row++,
			area->columns - NUMBER, style_plain, named);
}

static void draw_some(const struct view_data *v, struct canvas *c,
		      const struct area *area, bool cleared, struct scroll *s)
{
	const struct review *m = v->model;
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);

	for (size_t i = 0; i < count && s->row < s->end; i++) {
		if (cleared ? !is_cleared(&box[i]) : !view_box_listed(&box[i]))
			continue;
		s->left--;
		if (s->skip-- > 0)
			continue;
		if (s->row == s->end - 1 && s->left > 0) {
			draw_left(v, c, area, cleared, s);
			return;
		}
		draw_row(m, c, area, s->row++, &box[i], (int)i + 1);
	}
}

/* How many boxes are listed before the selected one; -1: none is. */
static int selected_place(const struct review *m)
{
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);
	int selected = review_selected(m), place = 0;

	for (int i = 0; i < selected && (size_t)i < count; i++)
		place += view_box_listed(&box[i]);
	return selected < 0 ? -1 : place;
}

bool view_boxes(const struct view_data *v, struct canvas *c,
		const struct area *area)
{
	struct tally t = tally_of(v->model);
	bool full = area->columns >= NUMBER + CLASS + TEXT_LEAST;
	int head = full && area->rows >= HEAD_LEAST ? 1 : 0;
	int rows = area->rows - head;
	int above = selected_place(v->model) - (rows - 2);
	struct scroll s = {
		.skip = above > 0 ? above : 0, .row = area->row + head,
		.end = area->row + area->rows,
		.left = listed_rows(&t) + t.cleared,
	};

	if (s.left <= rows)
		s.skip = 0;
	if (head)
		draw_head(c, area, &t);
	draw_some(v, c, area, false, &s);
	draw_some(v, c, area, true, &s);
	return full && s.left == 0;
}

enum { DETAIL_LINES = 4 };

/* A line of the details; false: there are no more. */
static bool detail_text(const struct view_data *v, const struct decided_box *b,
			int line, char *text, size_t size)
{
	bool rim;
	struct region r = b->box.region;
	struct region g = view_box_grown(v->model, b, &rim);
	char why[WORDING_WHY], score[16];

	score_text(v->model, b, score);
	why_text(v->model, b, why);
	if (line == 0)
		snprintf(text, size, "%s / %s / %s  %s",
			 wording(box_kind_name[b->box.kind]),
			 wording(box_class_name[b->box.class_]),
			 wording(box_source_name[b->box.source]), score);
	else if (line == 1)
		snprintf(text, size, _("why %s  letters %d px  read %d%%"),
			 why, b->box.letter_height,
			 b->box.confidence < 0 ? 0 : b->box.confidence);
	else if (line == 2)
		snprintf(text, size, b->box.differs ?
			 _("box %d,%d %dx%d  frames %d-%d, which differ") :
			 _("box %d,%d %dx%d  frames %d-%d"),
			 r.x0, r.y0, region_width(r), region_height(r),
			 b->box.frame0 + 1, b->box.frame1 + 1);
	else if (line == 3)
		snprintf(text, size, rim ?
			 _("blanked %d,%d %dx%d and a tinted rim of 1 px") :
			 _("blanked %d,%d %dx%d"), g.x0, g.y0,
			 region_width(g), region_height(g));
	return line < DETAIL_LINES;
}

void view_details(const struct view_data *v, struct canvas *c,
		  const struct area *area, const struct decided_box *b)
{
	char text[BOX_TEXT + 64];
	int row = area->row;

	canvas_fill(c, area->column, row, area->columns, area->rows, ' ',
		    style_plain);
	for (int i = 0; detail_text(v, b, i, text, sizeof(text)); i++)
		canvas_text(c, area->column, row++, area->columns,
			    i ? style_plain : style_bold, text);
	read_text(v->model, b, text, sizeof(text));
	canvas_paragraph(c, area->column, row, area->columns,
			 area->row + area->rows - row, style_plain,
			 review_moved(v->model, b) ? text : b->box.text);
}

void view_details_line(const struct view_data *v, const struct decided_box *b,
		       char *text, size_t size)
{
	char part[256];
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; used < size && detail_text(v, b, i, part, sizeof(part));
	     i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 i ? "  " : "", part);
}
