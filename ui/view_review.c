/* view_review.c - one picture with its boxes and the evidence for them. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/key.h"
#include "ui/view.h"
#include "ui/wording.h"

enum {
	DETAIL_ROWS = 5,
	TOLD_COLUMNS = 60,              /* least with a state of faces */
	RATE_COLUMNS = 120,             /* least with pictures a minute */
};

/* ---- boxes ---- */

/* '+' masked, 'x' not masked, 'c' candidate: the corners of its outline. */
static char box_mark(const struct decided_box *b)
{
	return review_masked(b) ? '+' :
	       b->box.tier == TIER_CANDIDATE ? 'c' : 'x';
}

static bool is_listed(const struct decided_box *b)
{
	return b->box.tier == TIER_BOX || b->box.tier == TIER_CANDIDATE;
}

/* frame: also a projection, or that of a plane. */
static bool is_drawn(const struct decided_box *b, int frame)
{
	int plane = plane_of_frame(frame, &frame);

	return is_listed(b) && b->box.plane == plane &&
	       (frame < 0 ||
		(frame >= b->box.frame0 && frame <= b->box.frame1));
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

/* What is really blanked: more than the box in a lossy JPEG (DESIGN 6). */
static struct region grown(const struct review *m, const struct decided_box *b,
			   bool *rim)
{
	const struct image_info *info = review_info(m);
	bool unused;

	rim = rim ? rim : &unused;
	*rim = false;
	return info ? mask_grown(info, b->box.region, rim) : b->box.region;
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
	*s = (struct shapes){ .outline = mem_array(count + hints + 1,
						   sizeof(*s->outline)),
			      .fill = mem_array(count + 1,
						sizeof(*s->fill)) };
	for (size_t i = 0; s->outline && s->fill && i < count; i++) {
		bool selected = (int)i == review_selected(m);

		if (!is_drawn(&box[i], frame) || (selected && editing))
			continue;
		if (review_masked(&box[i]))
			s->fill[s->fills++] = grown(m, &box[i], NULL);
		if ((only >= 0 && (int)i != only) ||
		    (mode == MODE_HINT && !review_masked(&box[i])))
			continue;
		s->outline[s->outlines++] = (struct outline){
			.region = review_masked(&box[i]) ?
				  grown(m, &box[i], NULL) :
				  box[i].box.region,
			.kind = outline_of(&box[i], selected),
			.number = (int)i + 1,
		};
	}
	if (view->masks != MASKS_FILLED)
		s->fills = 0;
	if (view->masks == MASKS_HIDDEN)
		s->outlines = 0;
	if (mode == MODE_HINT && only < 0)
		hint_shapes(m, s);
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

static void box_text(const struct canvas *c, const struct decided_box *b,
		     int number, char *text, size_t size)
{
	enum { COLUMN = 12 };           /* cells of the class */
	struct region r = b->box.region;
	const char *class_ = wording(box_class_name[b->box.class_]);
	int blanks = COLUMN - canvas_width(c->charset, class_);
	char plane[24], why[WORDING_WHY];

	plane_text(&b->box, plane);
	wording_why(b->box.why, why);
	/* what may be cut off comes last */
	snprintf(text, size, "%2d%c %s%*s%s %3d%% %s%s%s %s %d,%d %dx%d",
		 number, box_mark(b), class_, blanks > 0 ? blanks : 0, "",
		 plane, b->box.score / 10, *b->box.text ? "\"" : "",
		 b->box.text,
		 *b->box.text ? "\"" : wording(box_kind_name[b->box.kind]),
		 why, r.x0, r.y0, region_width(r), region_height(r));
}

/* ---- evidence ---- */

static const char *const evidence_text[EVIDENCE_KINDS] = {
	[EVIDENCE_BOX] = N_("box"),
	[EVIDENCE_CANDIDATE] = N_("candidate"),
	[EVIDENCE_EDGE] = N_("ink crosses the edge"),
	[EVIDENCE_FAINT] = N_("faint ink"),
	[EVIDENCE_PROJECTION] = N_("all frames outside the masks"),
	[EVIDENCE_TILE] = N_("tile"),
	[EVIDENCE_BORDER] = N_("border"),
};

/* "1+name 97% SUZUKI HANAKO": recognised text beside its crop. */
static void evidence_label(const struct review *m, const struct evidence *e,
			   char *text, size_t size)
{
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);
	char frames[96] = "", plane[24] = "";

	if (e->box >= 0 && (size_t)e->box < count)
		plane_text(&box[e->box].box, plane);
	if (*plane)
		snprintf(frames, sizeof(frames), _("%s, dropped"), plane);
	else if (e->last_frame > e->first_frame && e->frame >= 0)
		snprintf(frames, sizeof(frames), " f%d-%d%s",
			 e->first_frame + 1, e->last_frame + 1,
			 e->box >= 0 && (size_t)e->box < count &&
			 box[e->box].box.differs ? _(" (differs)") : "");
	if (e->box < 0 || (size_t)e->box >= count ||
	    e->kind > EVIDENCE_EDGE) {
		snprintf(text, size, "%s%s", _(evidence_text[e->kind]),
			 frames);
		return;
	}
	const struct decided_box *b = &box[e->box];

	if (e->kind == EVIDENCE_EDGE)
		snprintf(text, size, "%d%c %s%s", e->box + 1, box_mark(b),
			 _(evidence_text[e->kind]), frames);
	else
		snprintf(text, size, "%d%c %s %d%%%s  %s", e->box + 1,
			 box_mark(b), wording(box_class_name[b->box.class_]),
			 b->box.score / 10, frames,
			 *b->box.text ? b->box.text :
			 wording(box_kind_name[b->box.kind]));
}

static void draw_placement(const struct view_data *v, struct canvas *c,
			   const struct area *area, const struct placement *p)
{
	const struct evidence_plan *plan = review_evidence(v->model);
	const struct evidence *e = &plan->evidence[p->evidence];
	bool selected = e->box >= 0 && e->box == review_selected(v->model);
	struct shapes shapes;
	struct picture_part part = {
		.plane = v->plane, .serial = v->plane_serial,
		.source = p->source,
		.column = area->column + p->column,
		.row = area->row + p->row,
		.columns = p->columns, .rows = p->rows,
		.place = PLACE_CORNERS,
		.inverted = review_view(v->model)->inverted,
	};
	char label[BOX_TEXT + 128];

	make_shapes(v->model, v->plane_frame, e->box, &shapes);
	keep_inside(&shapes, part.source);
	part.outline = shapes.outline;
	part.outline_count = shapes.outlines;
	picture_draw(v->look, &part, c);
	shapes_done(&shapes);
	if (!p->first || !p->label_columns)
		return;
	evidence_label(v->model, e, label, sizeof(label));
	canvas_text(c, part.column, part.row - 1, p->label_columns,
		    selected ? style_reverse : style_bold, label);
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

	if (!v->plane || v->plane_frame != page->frame) {
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
		.source = fit ? all : view->shown,
		.column = area->column, .row = area->row,
		.columns = area->columns, .rows = area->rows,
		.place = fit ? PLACE_ON : PLACE_AROUND,
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

static void draw_hole(const struct view_data *v, struct canvas *c,
		      const struct area *area)
{
	const struct view *view = review_view(v->model);

	if (view->pane == PANE_EVIDENCE && view_page_in_hole(v->model)) {
		draw_page(v, c, area);
		return;
	}
	if (v->plane)
		draw_picture(v, c, area, false);
	else
		canvas_text(c, area->column + 1, area->row, area->columns - 1,
			    style_plain, _("loading ..."));
}

/* ---- lists and lines ---- */

static void draw_list(const struct view_data *v, struct canvas *c,
		      const struct area *area)
{
	size_t count;
	const struct decided_box *box = review_boxes(v->model, &count);
	int selected = review_selected(v->model), used = 0, left = 0;
	/* scroll so that the selected one is seen, above what is left */
	int above = selected - (area->rows - 2);
	size_t from = above > 0 ? (size_t)above : 0;
	char text[BOX_TEXT + 256];

	for (size_t i = from; i < count; i++)
		left += is_listed(&box[i]);
	for (size_t i = from; i < count && used < area->rows; i++) {
		if (!is_listed(&box[i]))
			continue;
		if (used == area->rows - 1 && left > area->rows) {
			snprintf(text, sizeof(text), _("%d more: Tab"),
				 left - used);
			canvas_text(c, area->column, area->row + used,
				    area->columns, style_plain, text);
			break;
		}
		box_text(c, &box[i], (int)i + 1, text, sizeof(text));
		canvas_text(c, area->column, area->row + used, area->columns,
			    (int)i == selected ? style_reverse : style_plain,
			    text);
		used++;
	}
}

/* All that is known of the selected box, a line each. */
static void draw_details(const struct view_data *v, struct canvas *c,
			 const struct area *area, const struct decided_box *b)
{
	bool rim;
	struct region r = b->box.region, g = grown(v->model, b, &rim);
	char text[BOX_TEXT + 64], why[WORDING_WHY];
	int row = area->row;

	canvas_fill(c, area->column, row, area->columns, area->rows, ' ',
		    style_plain);
	snprintf(text, sizeof(text), "%s / %s / %s  %d%%",
		 wording(box_kind_name[b->box.kind]),
		 wording(box_class_name[b->box.class_]),
		 wording(box_source_name[b->box.source]), b->box.score / 10);
	canvas_text(c, area->column, row++, area->columns, style_bold, text);
	wording_why(b->box.why, why);
	snprintf(text, sizeof(text), _("why %s  letters %d px  read %d%%"),
		 why, b->box.letter_height,
		 b->box.confidence < 0 ? 0 : b->box.confidence);
	canvas_text(c, area->column, row++, area->columns, style_plain, text);
	snprintf(text, sizeof(text), b->box.differs ?
		 _("box %d,%d %dx%d  frames %d-%d, which differ") :
		 _("box %d,%d %dx%d  frames %d-%d"),
		 r.x0, r.y0, region_width(r), region_height(r),
		 b->box.frame0 + 1, b->box.frame1 + 1);
	canvas_text(c, area->column, row++, area->columns, style_plain, text);
	snprintf(text, sizeof(text), rim ?
		 _("blanked %d,%d %dx%d and a tinted rim of 1 px") :
		 _("blanked %d,%d %dx%d"), g.x0, g.y0, region_width(g),
		 region_height(g));
	canvas_text(c, area->column, row++, area->columns, style_plain, text);
	canvas_paragraph(c, area->column, row, area->columns,
			 area->row + area->rows - row, style_plain,
			 b->box.text);
}

/* In the list's place; without one the info line has to do, as evidence must
 * not be covered. */
static void draw_selected(const struct view_data *v, struct canvas *c,
			  const struct layout *l)
{
	size_t count;
	const struct decided_box *box = review_boxes(v->model, &count);
	int selected = review_selected(v->model);
	struct area area = l->list;

	if (review_view(v->model)->details && selected >= 0 &&
	    (size_t)selected < count && area.rows >= DETAIL_ROWS)
		draw_details(v, c, &area, &box[selected]);
}

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

		if (!is_listed(&box[i]))
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

/* What the reviewer has to know of the item as a whole. */
static void item_notes(const struct view_data *v, char *text, size_t size)
{
	const struct worklist_item *item = review_item(v->model);
	struct notes n = notes_of(v);

	if (item && item->why_flagged)
		snprintf(text, size, _("flagged: %s"), item->why_flagged);
	switch (review_head(v->model)) {
	case HEAD_PART_SHOWN:
		add_note(text, size, _("head CT/MR: a face could be rendered"));
		break;
	case HEAD_PART_UNKNOWN:
		add_note(text, size, _("CT/MR of an unknown part: a face could "
				       "be rendered if it is a head"));
		break;
	default:
		break;
	}
	if (n.differ)
		add_note(text, size, _("text differs between frames"));
	if (n.planes)
		add_note(text, size, _("text in overlays or unused bits, which "
				       "are dropped"));
}

/* "box 2 name  26,52 250x18 -> 24,52 254x18  left edge" */
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
			 selected + 1, box_mark(b),
			 wording(box_class_name[b->box.class_]), r.x0, r.y0,
			 region_width(r), region_height(r));
	}
	snprintf(text, size, "%s%d,%d %dx%d  %s", before, a.x0, a.y0,
		 region_width(a), region_height(a),
		 _(handle[review_handle(m)]));
}

/* Selected box, or what is to be known of the item. */
static void draw_info(const struct view_data *v, struct canvas *c, int row)
{
	size_t count;
	const struct decided_box *box = review_boxes(v->model, &count);
	enum review_mode mode = review_mode(v->model);
	int selected = review_selected(v->model);
	char text[BOX_TEXT + 256] = "";

	if (mode == MODE_EDIT || mode == MODE_ADD)
		edited_text(v->model, text, sizeof(text));
	else if (selected >= 0 && (size_t)selected < count)
		box_text(c, &box[selected], selected + 1, text,
			 sizeof(text));
	else
		item_notes(v, text, sizeof(text));
	canvas_line(c, 1, row, c->columns - 1, style_plain, text);
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

/* Pictures a minute so far, where there is room. */
static void rate_told(const struct view_data *v, const struct canvas *c,
		      char *text, size_t size)
{
	text[0] = '\0';
	if (c->columns >= RATE_COLUMNS && v->verdicts > 0 && v->session_ms > 0)
		snprintf(text, size, _("  %.1f a minute"),
			 (double)v->verdicts * 60000. /
			 (double)v->session_ms);
}

static const char *title_of(const struct view_data *v)
{
	enum review_mode mode = review_mode(v->model);

	if (v->title)
		return _(v->title);
	if (mode == MODE_EDIT || mode == MODE_ADD)
		return _("EDIT");
	return review_touring(v->model) ? _("TOUR") : _("REVIEW");
}

static void draw_title(const struct view_data *v, struct canvas *c)
{
	const struct worklist_item *item = review_item(v->model);
	const struct image_info *info = review_info(v->model);
	const struct view *view = review_view(v->model);
	long long open = v->by_state[ITEM_LISTED] +
			 v->by_state[ITEM_PROPOSED] + v->by_state[ITEM_OPEN];
	char left[512], right[160], frame[48] = "", rate[48];

	int of_plane, plane = plane_of_frame(view->frame_index, &of_plane);

	if (info && plane == PLANE_BITS)
		snprintf(frame, sizeof(frame), _("unused bits f%d"),
			 of_plane + 1);
	else if (info && plane != PLANE_PICTURE)
		snprintf(frame, sizeof(frame), _("overlay %04x f%d"),
			 (unsigned)plane, of_plane + 1);
	else if (info && view->frame_index >= 0)
		snprintf(frame, sizeof(frame), "f%d/%d",
			 view->frame_index + 1, info->frames);
	else if (info)
		snprintf(frame, sizeof(frame), "%s", view->frame_index == -1 ?
			 _("brightest of all frames") :
			 _("darkest of all frames"));
	rate_told(v, c, rate, sizeof(rate));
	const char *masks = masks_told(v->model);
	int told = snprintf(right, sizeof(right), "%s",
			    c->columns < TOLD_COLUMNS ? "" :
							faces_told(v->model));

	snprintf(right + told, sizeof(right) - (size_t)told,
		 _("%s%s  open %lld"), masks ? masks :
		 picture_mode_info[v->look->mode].name, rate, open);
	int used = snprintf(left, sizeof(left), "%s %lld/%lld  %s %dx%d %s  ",
			    title_of(v),
			    item ? item->row : 0, v->total,
			    info ? info->modality : "",
			    info ? info->columns : 0, info ? info->rows : 0,
			    frame);
	int room = c->columns - 4 - canvas_width(c->charset, left) -
		   canvas_width(c->charset, right);

	if (item && item->name && used > 0 && (size_t)used < sizeof(left))
		snprintf(left + used, sizeof(left) - (size_t)used, "%s",
			 view_tail(c->charset, item->name, room));
	view_title(c, left, right);
}

/* The keys that matter now, by mode; the end may be cut. */
static const char *const hints[MODES] = {
	[MODE_REVIEW] = N_("{help} help  {reject} unmask  {hint} {add} add  "
			   "{edit} edit  {snap} snap  {tour} tour  "
			   "{candidate-next} candidate  {masks} masks  "
			   "{undo} undo  {withhold} withhold  "
			   "{escalate} escalate"),
	[MODE_TOUR] = N_("{help} help  {add} add  {reject} unmask  "
			 "{back} back  {undo} undo"),
	[MODE_EDIT] = N_("{left}{down}{up}{right} 1  "
			 "{left-8}{down-8}{up-8}{right-8} 8  {handle} edge  "
			 "{grow}{shrink} all edges  {keep} keep  {drop} drop"),
	[MODE_PROPAGATE] = N_("p: f all frames  s series  g same device+size  "
			      "t template  Esc"),
	[MODE_HINT] = N_("a letter masks its line  {drop} drop"),
	[MODE_ADD] = N_("1-9 narrow  {left}{down}{up}{right} move  "
			"{grow}{shrink} size  {keep} keep  {drop} drop"),
};

/* Z and F only where they count. */
static const char *hint_of(const struct view_data *v, enum review_mode mode)
{
	const struct review *m = v->model;
	enum space_action space = review_space(m, NULL, NULL);

	if (mode == MODE_TOUR && review_tour_done(m))
		return _("{clean} clean  {by-eye} by eye  {help} help  "
			 "{add} add  {reject} unmask  {back} back  "
			 "{undo} undo");
	if (mode == MODE_REVIEW && (space == SPACE_BLOCKED_FACES ||
				    space == SPACE_BLOCKED_FAILED))
		return _("{tour} shows all, then {by-eye}  {help} help  "
			 "{reject} unmask  {hint} {add} add  {edit} edit  "
			 "{snap} snap  {masks} masks  {undo} undo  "
			 "{withhold} withhold  {escalate} escalate");
	if (mode == MODE_REVIEW && v->hint)
		return _(v->hint);
	return hints[mode] ? _(hints[mode]) : "";
}

static void draw_bottom(const struct view_data *v, struct canvas *c)
{
	enum review_mode mode = review_mode(v->model);
	char space[128], hint[512], status[1024];

	key_hints(v->keys, mode, hint_of(v, mode), hint, sizeof(hint));
	view_space(v->keys, v->model, space, sizeof(space));
	snprintf(status, sizeof(status), " %s%s%s", space, *space ? "  " : "",
		 hint);
	view_fit(status, c);
	view_bottom(v, c, status);
	if (mode == MODE_CLASS || mode == MODE_REASON || mode == MODE_WINDOW)
		view_choices(v->model, c);
}

void view_review(const struct view_data *v, struct canvas *c)
{
	const struct view *view = review_view(v->model);
	struct layout l;

	view_layout(c->columns, c->rows, v->look->mode, &l);
	draw_title(v, c);
	if (l.split) {
		draw_hole(v, c, &l.hole);
		canvas_fill(c, l.hole.columns, l.hole.row, 1, l.hole.rows,
			    c->charset == CHARSET_UNICODE ? 0x2502 : '|',
			    style_plain);
		if (!view_page_in_hole(v->model))
			draw_page(v, c, &l.strip);
	} else if (view->pane == PANE_PICTURE || view_page_in_hole(v->model)) {
		draw_hole(v, c, &l.hole);
	} else {
		draw_page(v, c, &l.strip);
		if (v->plane && l.overview.rows)
			draw_picture(v, c, &l.overview, true);
	}
	if (l.split || (view->pane == PANE_EVIDENCE &&
		      !view_page_in_hole(v->model))) {
		draw_list(v, c, &l.list);
		draw_selected(v, c, &l);
	}
	draw_info(v, c, l.info_row);
	draw_bottom(v, c);
}
