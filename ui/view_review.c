/* view_review.c - one picture with its boxes and the evidence for them. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/key.h"
#include "ui/view_boxes.h"
#include "ui/wording.h"

enum {
	LIST_BESIDE = 20,               /* columns beside a picture that hold
					   the list of boxes */
	TOLD_COLUMNS = 60,              /* least with a state of faces */
	STRETCHED_LEAST = 24,           /* values that become black to white:
					   fewer are noise of the decoder */
	STRETCHED_MOST = 170,           /* more are legible as they are */
	PAGES_MANY = 60,                /* of a tour: a minute and more */
	EVIDENCE_MANY = 12,             /* pages of boxes: half that */
	NOTES = BOX_TEXT + 256, ADVICE = 192,   /* bytes of a line */
};

/* ---- boxes ---- */

/* frame: also a projection, or that of a plane.  What is not listed is drawn
 * while it is selected. */
static bool is_drawn(const struct decided_box *b, bool selected, int frame)
{
	int plane = plane_of_frame(frame, &frame);

	return (view_box_listed(b) || selected) && b->box.plane == plane &&
	       (frame < 0 ||
		(frame >= b->box.frame0 && frame <= b->box.frame1));
}

static enum outline_kind outline_of(const struct decided_box *b, bool selected)
{
	return selected ? OUTLINE_SELECTED :
	       review_masked(b) ? OUTLINE_MASKED :
	       b->box.tier == TIER_CANDIDATE ? OUTLINE_CANDIDATE :
	       OUTLINE_REJECTED;
}

/* What is drawn over a picture; released with free(). */
struct shapes {
	struct outline *outline;
	struct region *fill;
	size_t outlines, fills;
};

static void shapes_done(struct shapes *s)
{
	free(s->outline);
	free(s->fill);
}

/* The lines that a letter masks. */
static void hint_shapes(const struct review *m, struct shapes *s)
{
	size_t count;
	const struct hint *hint = review_hints(m, &count);

	for (size_t i = 0; s->outline && i < count; i++) {
		char label[3];

		review_hint_label(m, i, label);
		s->outline[s->outlines++] = (struct outline){
			.region = hint[i].region, .kind = OUTLINE_CANDIDATE,
			.number = outline_letters(label) };
	}
}

/* The parts of a drawn area that a digit takes; no numbers of boxes among
 * them. */
static void grid_shapes(const struct review *m, struct shapes *s)
{
	for (size_t i = 0; i < s->outlines; i++)
		s->outline[i].number = 0;
	for (int digit = 1; digit <= REVIEW_NINTHS; digit++) {
		const char label[3] = { (char)('0' + digit), '\0', '\0' };

		s->outline[s->outlines++] = (struct outline){
			.region = review_ninth(m, digit), .inside = true,
			.kind = OUTLINE_CANDIDATE,
			.number = outline_letters(label) };
	}
}

/* only: index of the one box to outline; -1 all of them. */
static void make_shapes(const struct review *m, int frame, int only,
			struct shapes *s)
{
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);
	const struct view *view = review_view(m);
	enum review_mode mode = review_mode(m);
	bool editing = mode == MODE_EDIT || mode == MODE_ADD;
	size_t hints;

	review_hints(m, &hints);
	*s = (struct shapes){ .outline = mem_array(count + hints + 1 +
						   REVIEW_NINTHS,
						   sizeof(*s->outline)),
			      .fill = mem_array(count + 1,
						sizeof(*s->fill)) };
	for (size_t i = 0; s->outline && s->fill && i < count; i++) {
		bool selected = (int)i == review_selected(m);

		if (!is_drawn(&box[i], selected, frame) ||
		    (selected && mode == MODE_EDIT))
			continue;
		if (review_masked(&box[i]))
			s->fill[s->fills++] = view_box_grown(m, &box[i], NULL);
		if ((only >= 0 && (int)i != only) ||
		    (mode == MODE_HINT && !review_masked(&box[i])))
			continue;
		char letters[3];
		const struct hint *hint = view_unmask_hint(m, (int)i, letters);

		s->outline[s->outlines++] = (struct outline){
			.region = review_masked(&box[i]) ?
				  view_box_grown(m, &box[i], NULL) :
				  box[i].box.region,
			.kind = hint && hint->chosen ? OUTLINE_REJECTED :
				outline_of(&box[i], selected),
			.number = hint ? outline_letters(letters) : (int)i + 1,
			.sign = selected ? view_box_mark(&box[i]) : '\0',
		};
	}
	if (view->masks != MASKS_FILLED)
		s->fills = 0;
	if (view->masks == MASKS_HIDDEN)
		s->outlines = 0;
	if (mode == MODE_HINT && only < 0)
		hint_shapes(m, s);
	if (review_grid(m) && only < 0 && s->outline)
		grid_shapes(m, s);
	if (editing && s->outline)
		s->outline[s->outlines++] = (struct outline){
			.region = review_area(m), .kind = OUTLINE_EDITED };
}

/* For a crop: no corner of a box outside, that would hide what is at its edge;
 * no number, the label has it. */
static void keep_inside(struct shapes *s, struct region crop)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->outlines; i++) {
		if (region_empty(region_intersect(s->outline[i].region, crop)))
			continue;
		s->outline[kept] = s->outline[i];
		s->outline[kept++].number = 0;
	}
	s->outlines = kept;
}

/* ---- evidence ---- */

/* Columns of a label: up to the next crop of the page on its row. */
static int label_room(const struct evidence_plan *plan,
		      const struct placement *p, int columns)
{
	const struct evidence_page *page = &plan->page[p->page];
	int end = columns;

	for (size_t i = page->first; i < page->first + page->count; i++) {
		const struct placement *q = &plan->placement[i];
		int top = q->row - (q->label_columns ? 1 : 0);

		if (q->column > p->column && top < p->row &&
		    q->row + q->rows > p->row - 1 && q->column - 1 < end)
			end = q->column - 1;
	}
	return end - p->column;
}

/* Least and greatest value of a region; wider in what they are given. */
static void widen(const struct plane *p, struct region r, int *low, int *high)
{
	r = region_clip(r, p->columns, p->rows);
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *row = p->pixel + (size_t)y *
			(size_t)p->columns * (size_t)p->channels;

		for (int i = r.x0 * p->channels; i < r.x1 * p->channels; i++) {
			*low = row[i] < *low ? row[i] : *low;
			*high = row[i] > *high ? row[i] : *high;
		}
	}
}

/*
 * Faint ink can't be read as it is: its crops get all of black to white for
 * the values that lie in them, so that nothing in them is cut off.  None where
 * that helps little.
 */
static struct levels crop_levels(const struct plane *plane,
				 const struct evidence_plan *plan, int evidence)
{
	const struct evidence *e = &plan->evidence[evidence];
	int low = 255, high = 0, more;

	if (e->kind != EVIDENCE_FAINT)
		return (struct levels){ 0, 0 };
	for (size_t i = 0; i < plan->placement_count; i++)
		if (plan->placement[i].evidence == evidence)
			widen(plane, plan->placement[i].source, &low, &high);
	more = STRETCHED_LEAST - (high - low);
	if (more > 0) {
		low = low - more / 2 < 0 ? 0 : low - more / 2;
		high = low + STRETCHED_LEAST > 255 ? 255 :
		       low + STRETCHED_LEAST;
		low = high - STRETCHED_LEAST;
	}
	return high - low > STRETCHED_MOST ? (struct levels){ 0, 0 } :
	       (struct levels){ (uint8_t)low, (uint8_t)high };
}

/* The plane of a frame: that of the view, or one that the page shows beside
 * it.  False: it is not here. */
static bool take_plane(const struct view_data *v, int frame,
		       struct picture_part *part)
{
	part->plane = v->plane;
	part->serial = v->plane_serial;
	part->png = v->plane_png;
	if (v->plane && v->plane_frame == frame)
		return true;
	part->plane = review_plane(v->model, frame, &part->serial);
	part->png = NULL;
	part->cut = true;
	return part->plane != NULL;
}

/* Is it the first piece of its evidence on the page? */
static bool is_first_here(const struct evidence_plan *plan,
			  const struct placement *p)
{
	const struct placement *q = &plan->placement[plan->page[p->page].first];
	const struct placement *end = q + plan->page[p->page].count;
	bool first = true;

	for (; first && q < end; q++)
		first = q->evidence != p->evidence ||
			q->source.y0 > p->source.y0 ||
			(q->source.y0 == p->source.y0 &&
			 q->source.x0 >= p->source.x0);
	return first;
}

static void draw_placement(const struct view_data *v, struct canvas *c,
			   const struct area *area, const struct placement *p)
{
	const struct evidence_plan *plan = review_evidence(v->model);
	const struct evidence *e = &plan->evidence[p->evidence];
	bool selected = e->box >= 0 && e->box == review_selected(v->model);
	struct shapes shapes;
	struct picture_part part = {
		.source = p->source,
		.column = area->column + p->column,
		.row = area->row + p->row,
		.columns = p->columns, .rows = p->rows,
		.place = PLACE_CORNERS,
		.inverted = review_view(v->model)->inverted,
	};
	char label[BOX_TEXT + 128];
	int of, n = evidence_part(plan, p, &of), used = 0;
	int room = label_room(plan, p, area->columns);

	if (!take_plane(v, e->frame, &part))
		return;
	part.levels = crop_levels(part.plane, plan, p->evidence);
	make_shapes(v->model, e->frame, e->box, &shapes);
	keep_inside(&shapes, part.source);
	part.outline = shapes.outline;
	part.outline_count = shapes.outlines;
	picture_draw(v->look, &part, c);
	shapes_done(&shapes);
	if (!p->label_columns)
		return;
	/* goes on beside, or over pages */
	if (!is_first_here(plan, p))
		used = snprintf(label, sizeof(label), "..");
	else if (of > 1)
		used = snprintf(label, sizeof(label), "%d/%d ", n, of);
	view_label(v, c, e, part.levels.high ?
		   255.0 / (part.levels.high - part.levels.low) : 0,
		   room - used, label + used, sizeof(label) - (size_t)used);
	canvas_text_cut(c, part.column, part.row - 1, room,
			selected ? style_reverse : style_bold, label);
}

static bool has_planes(const struct view_data *v,
		       const struct evidence_page *page)
{
	struct picture_part part = { 0 };

	for (int i = 0; i <= page->also_count; i++)
		if (!take_plane(v, evidence_page_frame(page, i), &part))
			return false;
	return true;
}

/* The page on the screen, in the strip or the hole. */
static void draw_page(const struct view_data *v, struct canvas *c,
		      const struct area *area)
{
	const struct evidence_plan *plan = review_evidence(v->model);
	int number = review_page(v->model);

	if (number < 0 || !plan || (size_t)number >= plan->page_count)
		return;
	const struct evidence_page *page = &plan->page[number];

	if (!has_planes(v, page)) {
		canvas_text(c, area->column + 1, area->row, area->columns - 1,
			    style_plain, _("loading ..."));
		return;
	}
	for (size_t i = 0; i < page->count; i++)
		draw_placement(v, c, area, &plan->placement[page->first + i]);
}

/* ---- the picture ---- */

struct picture_part view_picture_part(const struct view_data *v,
				      const struct area *area, bool whole)
{
	const struct view *view = review_view(v->model);
	struct region all = { 0, 0, v->plane->columns, v->plane->rows };
	bool fit = whole || view->fit;
	struct picture_part part = {
		.plane = v->plane, .serial = v->plane_serial,
		.png = v->plane_png,
		.source = fit ? all : view->shown,
		.column = area->column, .row = area->row,
		.columns = area->columns, .rows = area->rows,
		.place = whole ? PLACE_SMALL : fit ? PLACE_ON : PLACE_AROUND,
		.inverted = view->inverted,
	};

	if (fit)
		picture_fit(v->look, all, area->columns, area->rows,
			    &part.columns, &part.rows);
	return part;
}

static void draw_picture(const struct view_data *v, struct canvas *c,
			 const struct area *area, bool whole)
{
	struct picture_part part = view_picture_part(v, area, whole);
	struct shapes shapes;

	make_shapes(v->model, v->plane_frame, -1, &shapes);
	picture_thin_labels(v->look, &part, shapes.outline, shapes.outlines);
	part.outline = shapes.outline;
	part.outline_count = shapes.outlines;
	part.fill = shapes.fill;
	part.fill_count = shapes.fills;
	picture_draw(v->look, &part, c);
	shapes_done(&shapes);
}

bool view_page_in_hole(const struct review *m)
{
	const struct evidence_plan *plan = review_evidence(m);
	int number = review_page(m);

	return plan && number >= 0 && (size_t)number < plan->page_count &&
	       plan->page[number].in_hole;
}

struct area view_page_area(const struct review *m, const struct layout *l)
{
	return review_touring(m) && l->split ? l->tour : l->hole;
}

static void draw_hole(const struct view_data *v, struct canvas *c,
		      const struct area *area)
{
	if (v->plane)
		draw_picture(v, c, area, false);
	else
		canvas_text(c, area->column + 1, area->row, area->columns - 1,
			    style_plain, _("loading ..."));
}

/* ---- lists and lines ---- */

struct notes {
	bool planes, differ;
};

static struct notes notes_of(const struct view_data *v)
{
	size_t count;
	const struct decided_box *box = review_boxes(v->model, &count);
	const struct image_info *info = review_info(v->model);
	struct notes n = { false, false };

	for (size_t i = 0; i < count; i++) {
		const struct box *b = &box[i].box;
		bool picture = b->plane == PLANE_PICTURE;

		if (!view_box_listed(&box[i]))
			continue;
		n.planes = n.planes || !picture;
		n.differ = n.differ || (picture && (b->differs || (info &&
			   b->frame1 - b->frame0 + 1 < info->frames)));
	}
	return n;
}

static void add_note(char *text, size_t size, const char *note)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? "; " : "", note);
}

/* Coarse characters cost pages: how there are fewer. */
static void pages_note(const struct view_data *v, char *text, size_t size)
{
	int pages = review_tour_pages(v->model);
	char format[160], note[160];

	if (pages <= PAGES_MANY || picture_has_pixels(v->look->mode))
		return;
	snprintf(format, sizeof(format), v->finest ?
		 _("tour of %d pages: fewer in a larger window") :
		 _("tour of %d pages: {card} finer characters, or a larger "
		   "window"), pages);
	key_hints(v->keys, MODE_REVIEW, format, note, sizeof(note));
	add_note(text, size, note);
}

/* The same of the evidence. */
static void evidence_note(const struct view_data *v, char *text, size_t size)
{
	const struct evidence_plan *plan = review_evidence(v->model);
	char format[160], note[160];

	if (picture_has_pixels(v->look->mode) || review_touring(v->model) ||
	    !plan || plan->page_count <= EVIDENCE_MANY)
		return;
	snprintf(format, sizeof(format), v->finest ?
		 _("%d pages: fewer in a larger window") :
		 _("%d pages: {card} finer characters, or a larger window"),
		 (int)plan->page_count);
	key_hints(v->keys, MODE_REVIEW, format, note, sizeof(note));
	add_note(text, size, note);
}

/* Is all of a part of the line of notes on the screen? */
static bool is_seen(const struct canvas *c, const char *line, const char *part)
{
	const char *at = strstr(line, part);
	int columns = c->columns - 1;
	char head[NOTES];

	if (!at)
		return false;
	if (canvas_width(c->charset, line) > columns)
		columns -= canvas_width(c->charset, canvas_dots(c->charset));
	snprintf(head, sizeof(head), "%.*s",
		 (int)(at - line + (ptrdiff_t)strlen(part)), line);
	return canvas_width(c->charset, head) <= columns;
}

/* How there are fewer pages, where the line of notes cuts that off. */
static void left_advice(const struct view_data *v, const struct canvas *c,
			const char *line, char *text, size_t size)
{
	pages_note(v, text, size);
	if (!*text)
		evidence_note(v, text, size);
	if (is_seen(c, line, text))
		text[0] = '\0';
}

enum { PLACES = 10 };                   /* names of parts of a picture */

/* Where in a length a part of it lies: 0 at its start, 2 at its end, 1 in its
 * middle or over most of it. */
static int third(int from, int to, int length)
{
	int middle = (from + to) / 2;

	if (3 * (to - from) > 2 * length)
		return 1;
	return 3 * middle < length ? 0 : 3 * middle < 2 * length ? 1 : 2;
}

static const char *border_name(struct region r)
{
	if (r.x1 - r.x0 > r.y1 - r.y0)
		return r.y0 > 0 ? N_("bottom") : N_("top");
	return r.x0 > 0 ? N_("right") : N_("left");
}

static const char *place_name(struct region r, const struct image_info *info)
{
	static const char *const places[3][3] = {
		{ N_("top left"), N_("top"), N_("top right") },
		{ N_("left"), N_("middle"), N_("right") },
		{ N_("bottom left"), N_("bottom"), N_("bottom right") },
	};

	if (3 * region_width(r) > 2 * info->columns &&
	    3 * region_height(r) > 2 * info->rows)
		return N_("all of it");
	return places[third(r.y0, r.y1, info->rows)]
		     [third(r.x0, r.x1, info->columns)];
}

/* The page of the tour on the screen; NULL: none is. */
static const struct evidence_page *tour_page(const struct review *m)
{
	const struct evidence_plan *plan = review_evidence(m);
	int number = review_page(m);

	return review_touring(m) && plan && number >= 0 &&
	       (size_t)number < plan->page_count ? &plan->page[number] : NULL;
}

/* Append what a page of the tour shows, tiles or borders, each name once and
 * in their order. */
static void add_places(const struct review *m, enum evidence_kind kind,
		       const char *before, struct buffer *out)
{
	const struct evidence_plan *plan = review_evidence(m);
	const struct evidence_page *page = tour_page(m);
	const struct image_info *info = review_info(m);
	const char *name[PLACES + 1];
	int count = 0;

	for (size_t i = 0; page && info && i < page->count; i++) {
		const struct placement *p = &plan->placement[page->first + i];
		const struct evidence *e = &plan->evidence[p->evidence];
		int k = 0;

		if (e->kind != kind)
			continue;
		name[count] = kind == EVIDENCE_BORDER ?
			      border_name(e->region) :
			      place_name(e->region, info);
		while (name[k] != name[count])
			k++;
		if (k < count)
			continue;
		buffer_puts(out, count++ ? _(", ") : before);
		buffer_puts(out, _(name[k]));
	}
}

/* "shown: top left; borders: left": parts of the tour have no label, every row
 * of one would be a page more in some tour. */
static void places_note(const struct review *m, char *text, size_t size)
{
	struct buffer places = { 0 };
	char note[256];

	add_places(m, EVIDENCE_TILE, "", &places);
	add_places(m, EVIDENCE_BORDER, places.length ? _("; borders: ") :
		   _("borders: "), &places);
	if (places.length && !places.failed) {
		/* TRANSLATORS: of the picture: "top left; borders: left" */
		snprintf(note, sizeof(note), _("shown: %s"), places.data);
		add_note(text, size, note);
	}
	buffer_done(&places);
}

/* What stands for the number of ink that has no box. */
static void loose_note(const struct view_data *v, char *text, size_t size)
{
	const struct evidence_plan *plan = review_evidence(v->model);
	int number = review_page(v->model);
	bool loose = false;
	char note[160];

	if (!plan || number < 0 || (size_t)number >= plan->page_count)
		return;
	const struct evidence_page *page = &plan->page[number];

	for (size_t i = page->first; i < page->first + page->count; i++) {
		const struct evidence *e =
			&plan->evidence[plan->placement[i].evidence];

		loose = loose || (e->kind == EVIDENCE_FAINT && e->box < 0);
	}
	if (!loose)
		return;
	key_hints(v->keys, MODE_REVIEW,
		  _("{hint}? has no box: {hint} masks a line of it"), note,
		  sizeof(note));
	add_note(text, size, note);
}

/* Can a window or table of the file hide lines that nothing here looks for?
 * That is done on one frame under a window (items_whole()). */
static bool may_hide(const struct image_info *info)
{
	double full = info ? ldexp(1, info->bits_stored) * fabs(info->slope) :
			     0;

	if (!info || info->colour || info->format != IMAGE_DICOM)
		return false;
	return info->has_voi_lut ||
	       (info->windows > 0 && (info->has_modality_lut ||
		(info->frames > 1 && info->window[0].width < full)));
}

/* What the reviewer has to know of the item as a whole; cleared: also what
 * was read and cleared, where no list has it. */
static void item_notes(const struct view_data *v, bool cleared, char *text,
		       size_t size)
{
	char words[256];                /* more than a line */
	const struct worklist_item *item = review_item(v->model);
	struct notes n = notes_of(v);

	places_note(v->model, text, size);
	if (item && item->why_flagged) {
		snprintf(words, sizeof(words), _("flagged: %s"),
			 item->why_flagged);
		add_note(text, size, words);
	}
	loose_note(v, text, size);
	pages_note(v, text, size);
	switch (review_head(v->model)) {
	case HEAD_PART_SHOWN:
		add_note(text, size, _("head CT/MR: a face could be rendered"));
		break;
	case HEAD_PART_UNKNOWN:
		add_note(text, size, _("if this is a head, a face could be "
				       "rendered"));
		break;
	default:
		break;
	}
	if (n.differ)
		add_note(text, size, _("text differs between frames"));
	if (n.planes)
		add_note(text, size, _("text in overlays or unused bits, which "
				       "are dropped"));
	view_cleared(v->model, words, sizeof(words));
	if (cleared && *words)
		add_note(text, size, words);
	/* what may be cut off comes last */
	if (may_hide(review_info(v->model)))
		add_note(text, size, _("hidden ink: not looked for"));
	evidence_note(v, text, size);
}

/* "2+ name  26,52 250x18 -> 24,52 254x18  left edge"; a new box has nothing
 * before the arrow, whatever is selected. */
static void edited_text(const struct review *m, char *text, size_t size)
{
	static const char *const handle[] = {
		N_("whole box"), N_("left edge"), N_("top edge"),
		N_("right edge"), N_("bottom edge"),
	};
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);
	int selected = review_selected(m);
	struct region a = review_area(m);
	char before[160] = "";

	if (review_mode(m) == MODE_EDIT && selected >= 0 &&
	    (size_t)selected < count) {
		const struct decided_box *b = &box[selected];
		struct region r = b->box.region;

		snprintf(before, sizeof(before), "%d%c %s  %d,%d %dx%d -> ",
			 selected + 1, view_box_mark(b),
			 wording(box_class_name[b->box.class_]), r.x0, r.y0,
			 region_width(r), region_height(r));
	}
	snprintf(text, size, "%s%d,%d %dx%d  %s", before, a.x0, a.y0,
		 region_width(a), region_height(a),
		 _(handle[review_handle(m)]));
}

/* Selected box, or what is to be known of the item; cleared: also what was
 * read and cleared.  advice gets what of it is cut off and helps, or stays as
 * it is. */
static void draw_info(const struct view_data *v, struct canvas *c,
		      const struct layout *l, bool cleared,
		      char advice[ADVICE])
{
	size_t count;
	const struct decided_box *box = review_boxes(v->model, &count);
	enum review_mode mode = review_mode(v->model);
	int selected = review_selected(v->model);
	char text[NOTES] = "";

	if (mode == MODE_EDIT || mode == MODE_ADD) {
		edited_text(v->model, text, sizeof(text));
	} else if (selected >= 0 && (size_t)selected < count) {
		view_box_text(v->model, &box[selected], selected + 1, text,
			      sizeof(text));
	} else {
		item_notes(v, cleared, text, sizeof(text));
		left_advice(v, c, text, advice, ADVICE);
	}
	canvas_fill(c, 0, l->info_row, c->columns, 1, ' ', style_plain);
	canvas_text_cut(c, 1, l->info_row, c->columns - 1, style_plain, text);
}

/* A picture whose faces nobody looked for says so at every moment. */
static const char *faces_told(const struct review *m)
{
	if (!review_faces_missing(m))
		return "";
	return review_by_eye(m) ? _("faces: by eye  ") :
				  _("faces NOT checked  ");
}

/* How masks are shown when not by their outline; else NULL. */
static const char *masks_told(const struct review *m)
{
	switch (review_view(m)->masks) {
	case MASKS_FILLED: return _("masks filled");
	case MASKS_HIDDEN: return _("masks hidden");
	default: return NULL;
	}
}

static const char *title_of(const struct view_data *v)
{
	enum review_mode mode = review_mode(v->model);

	if (v->title)
		return _(v->title);
	if (mode == MODE_EDIT || mode == MODE_ADD)
		return mode == MODE_EDIT ? _("EDIT") : _("ADD");
	return review_touring(v->model) ? _("TOUR") : _("REVIEW");
}

/* A tour of another end than a review is told behind that. */
static const char *tour_told(const struct view_data *v)
{
	return v->title && review_touring(v->model) ? _("TOUR") : "";
}

static void draw_title(const struct view_data *v, struct canvas *c)
{
	const struct worklist_item *item = review_item(v->model);
	const struct image_info *info = review_info(v->model);
	const struct view *view = review_view(v->model);
	long long open = v->by_state[ITEM_LISTED] +
			 v->by_state[ITEM_PROPOSED] + v->by_state[ITEM_OPEN];
	char left[VIEW_NAME], right[160], frame[WORDING_FRAME] = "";

	if (info && !wording_frame(view->frame_index, frame))
		snprintf(frame, sizeof(frame), "f%d/%d",
			 view->frame_index + 1, info->frames);
	const char *masks = masks_told(v->model);
	int told = snprintf(right, sizeof(right), "%s",
			    c->columns < TOLD_COLUMNS ? "" :
							faces_told(v->model));

	snprintf(right + told, sizeof(right) - (size_t)told,
		 _("%s  open %lld"), masks ? masks :
		 picture_mode_info[v->look->mode].name, open);
	const char *tour = tour_told(v);
	int used = snprintf(left, sizeof(left),
			    "%s%s%s %lld/%lld  %s%s%dx%d %s  ",
			    title_of(v), *tour ? "  " : "", tour,
			    item ? item->row : 0, v->total,
			    info ? info->modality : "",
			    info && *info->modality ? " " : "",
			    info ? info->columns : 0, info ? info->rows : 0,
			    frame);
	int room = c->columns - 4 - canvas_width(c->charset, left) -
		   canvas_width(c->charset, right);

	if (item && used > 0 && (size_t)used < sizeof(left))
		view_tail(c->charset, item->name, room, left + used,
			  sizeof(left) - (size_t)used);
	view_title(c, left, right);
}

/* The keys that matter now, by mode; the end may be cut. */
static const char *const hints[MODES] = {
	[MODE_LIST] = N_("{down}/{up} move  {next-undecided} next undecided  "
			 "{release} release  {help} help  {quit} leave  "
			 "{search} filter  {tag} tag  {sort} sort"),
	[MODE_REVIEW] = N_("{help} help  {reject} {unmask} unmask  {hint} {add} add  "
			   "{edit} edit  {snap} snap  {tour} tour  "
			   "{candidate-next} candidate  {masks} masks  "
			   "{undo} undo  {withhold} withhold  "
			   "{escalate} escalate"),
	[MODE_TOUR] = N_("{clean} clean  {by-eye} by eye  {help} help  "
			 "{add} add  {reject} {unmask} unmask  {back} back  "
			 "{undo} undo"),
	[MODE_EDIT] = N_("{drop} drop  {left}{down}{up}{right} 1 px  "
			 "{left-8}{down-8}{up-8}{right-8} 8 px  {handle} edge  "
			 "{grow}{shrink} all edges  {keep} keep"),
	[MODE_PROPAGATE] = N_("{propagate}: f all frames  s series  "
			      "g same device+size  t remember  Esc"),
	[MODE_TAGGED] = N_("For all tagged:  {escalate} escalate  {withhold} "
			   "withhold  {open} open one after another  {tag} "
			   "take tags off  {drop} drop"),
	[MODE_HINT] = N_("a letter masks its line  {drop} drop"),
	[MODE_UNMASK] = N_("letters choose masks  {keep} takes them off  "
			   "{drop} drop"),
	[MODE_ADD] = N_("{drop} drop  1-9 narrow  "
			"{left}{down}{up}{right} move  {grow}{shrink} size  "
			"{keep} keep"),
};

const char *view_hints(enum review_mode mode)
{
	return hints[mode] ? hints[mode] : "";
}

/* How the hint of a key begins that is offered only where it counts. */
static const struct { const char *start; enum command command; } offered[] = {
	{ "{clean}", CMD_CLEAN }, { "{by-eye}", CMD_BY_EYE },
	{ "{reject} {unmask}", CMD_UNMASK },
};

/* Nor is a key named twice. */
static bool is_offered(const struct review *m, const char *hint)
{
	if (view_space_names(m, hint))
		return false;
	for (size_t i = 0; i < sizeof(offered) / sizeof(offered[0]); i++)
		if (!strncmp(hint, offered[i].start, strlen(offered[i].start)))
			return review_counts(m, offered[i].command);
	return true;
}

/* ", 12 p." behind the hint of a tour that is needed, where what Space
 * does has not said it; else "". */
static void tour_text(const struct review *m, const char *hint, char text[64])
{
	int pages = review_tour_pages(m);

	text[0] = '\0';
	if (pages > 0 && !strncmp(hint, "{tour}", 6) &&
	    !view_space_tells_tour(m))
		snprintf(text, 64, _(", %d p."), pages);
}

/* Hints have two blanks between: without those that are not offered now. */
static void offer(const struct review *m, const char *hints_now, char *text,
		  size_t size)
{
	size_t used = 0;
	char pages[64];

	text[0] = '\0';
	for (const char *p = hints_now, *end; *p && used < size; p = end) {
		const char *blanks = strstr(p, "  ");

		end = blanks ? blanks + 2 : p + strlen(p);
		tour_text(m, p, pages);
		if (is_offered(m, p))
			used += (size_t)snprintf(text + used, size - used,
						 "%.*s%s%s", (int)((blanks ?
						 blanks : end) - p), p, pages,
						 blanks ? "  " : "");
	}
}

static const char *hint_of(const struct view_data *v, enum review_mode mode)
{
	const struct review *m = v->model;

	if (mode == MODE_HINT && review_hint_sets(m) > 1)
		return _("a letter masks its line  {box-next} other lines  "
			 "{drop} drop");
	if (mode == MODE_REVIEW && v->hint)
		return _(v->hint);
	return _(view_hints(mode));
}

/* advice: where nothing else is said.  box: its details, which had no room
 * elsewhere; NULL: none. */
static void draw_bottom(const struct view_data *v, struct canvas *c,
			const char *advice, const struct decided_box *box)
{
	enum review_mode mode = review_mode(v->model);
	struct view_data said = *v;
	char space[256], offers[512], hint[512], status[1024];
	char details[VIEW_MESSAGE];

	offer(v->model, hint_of(v, mode), offers, sizeof(offers));
	/* a key that was pressed is named, too */
	key_hints(v->keys, mode == MODE_PROPAGATE ? MODE_REVIEW : mode, offers,
		  hint, sizeof(hint));
	view_space(v, space, sizeof(space));
	snprintf(status, sizeof(status), " %s%s%s", space, *space ? "  " : "",
		 hint);
	view_fit(status, c, c->columns);
	if (!v->offer || !*v->offer)
		said.offer = advice;
	if (box) {
		view_details_line(v, box, details, sizeof(details));
		said.offer = details;
	}
	view_bottom(&said, c, status);
	if (mode == MODE_CLASS || mode == MODE_REASON || mode == MODE_WINDOW)
		view_choices(v->model, c);
}

/* Rows of the strip that the page takes. */
static int page_rows(const struct review *m)
{
	const struct evidence_plan *plan = review_evidence(m);
	int number = review_page(m), rows = 0;

	if (!plan || number < 0 || (size_t)number >= plan->page_count ||
	    plan->page[number].in_hole)
		return 0;
	const struct evidence_page *page = &plan->page[number];

	for (size_t i = page->first; i < page->first + page->count; i++) {
		const struct placement *p = &plan->placement[i];

		rows = p->row + p->rows > rows ? p->row + p->rows : rows;
	}
	return rows;
}

/* The list upwards over what the page leaves free of the strip. */
static struct area grown_list(const struct view_data *v,
			      const struct layout *l)
{
	struct area list = l->list;
	int room = l->strip.rows - page_rows(v->model) - 1;
	int more = view_boxes_rows(v->model) - list.rows;

	more = more > room ? room : more;
	if (more > 0) {
		list.row -= more;
		list.rows += more;
	}
	return list;
}

/* The box whose details are asked for; NULL: none. */
static const struct decided_box *detailed(const struct view_data *v)
{
	size_t count;
	const struct decided_box *box = review_boxes(v->model, &count);
	int selected = review_selected(v->model);

	return review_view(v->model)->details && selected >= 0 &&
	       (size_t)selected < count ? &box[selected] : NULL;
}

/* What is told below and beside the picture. */
struct told {
	bool listed;                    /* all that was found */
	bool details;                   /* those that were asked for */
};

/* The list, or instead of it the details of the selected box. */
static void draw_list(const struct view_data *v, struct canvas *c,
		      const struct area *area, struct told *told)
{
	const struct decided_box *box = detailed(v);

	told->details = box && area->rows >= VIEW_DETAIL_ROWS;
	if (told->details)
		view_details(v, c, area, box);
	else
		told->listed = view_boxes(v, c, area);
}

/* Picture left, page and list right; a tour over all of it. */
static void draw_split(const struct view_data *v, struct canvas *c,
		       const struct layout *l, bool in_hole,
		       struct told *told)
{
	struct area list = grown_list(v, l);

	if (in_hole && review_touring(v->model)) {
		draw_page(v, c, &l->tour);
		return;
	}
	canvas_fill(c, l->hole.columns, l->hole.row, 1, l->hole.rows,
		    c->charset == CHARSET_UNICODE ? 0x2502 : '|', style_plain);
	if (in_hole) {
		draw_page(v, c, &l->hole);
	} else {
		draw_hole(v, c, &l->hole);
		if (!view_page_in_hole(v->model))
			draw_page(v, c, &l->strip);
	}
	draw_list(v, c, &list, told);
}

/* A whole picture, and the list beside it: where it leaves room, or in the
 * list's own place as long as there is none. */
static void draw_beside(const struct view_data *v, struct canvas *c,
			const struct area *picture, const struct area *own,
			bool whole, struct told *told)
{
	struct area list = *own;

	if (v->plane && (whole || review_view(v->model)->fit)) {
		int used = view_picture_part(v, picture, whole).columns + 1;

		list = *picture;
		list.column += used;
		list.columns = c->columns - list.column;
	}
	if (list.rows > 0 && list.columns >= LIST_BESIDE)
		draw_list(v, c, &list, told);
}

void view_review(const struct view_data *v, struct canvas *c)
{
	bool evidence = review_view(v->model)->pane == PANE_EVIDENCE;
	bool in_hole = evidence && view_page_in_hole(v->model);
	struct area none = { 0, 0, 0, 0 };
	struct told told = { false, false };
	char advice[ADVICE] = "";
	struct layout l;

	view_layout_page(v, c, &l);
	draw_title(v, c);
	if (l.split) {
		draw_split(v, c, &l, in_hole, &told);
		told.listed = true;
	} else if (in_hole) {
		draw_page(v, c, &l.hole);
	} else if (!evidence) {
		draw_hole(v, c, &l.hole);
		draw_beside(v, c, &l.hole, &none, false, &told);
	} else {
		draw_page(v, c, &l.strip);
		if (v->plane && l.overview.rows)
			draw_picture(v, c, &l.overview, true);
		if (l.overview.rows)
			draw_beside(v, c, &l.overview, &l.list, true, &told);
	}
	draw_info(v, c, &l, !told.listed, advice);
	draw_bottom(v, c, advice, told.details ? NULL : detailed(v));
}
