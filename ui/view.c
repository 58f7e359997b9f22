/* view.c - what all views share: layout, title, status and message lines. */
#include "config.h"

#include "ui/view.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/key.h"
#include "ui/view_answer.h"
#include "ui/view_sheet.h"
#include "ui/wording.h"

enum {
	FOOT = 3,                       /* info, status and message line */
	PANEL_ROWS = 6,                 /* below the strip */
	PANEL_LEAST_ROWS = 20, PANEL_LEAST_COLUMNS = 60,
	OVERVIEW_COLUMNS = 26,
	LIST_ROWS = 10,                 /* of boxes, beside an overview */
	WIDE_PANEL_ROWS = 12, WIDE_OVERVIEW_COLUMNS = 48, WIDE_LEAST_ROWS = 40,
};

/*
 * Rows of a strip in which a letter of 17 sub-pixels (DESIGN 8.4) and a
 * quarter more are shown below a label.
 */
static int strip_needs(enum picture_mode mode)
{
	const struct picture_mode_info *m = &picture_mode_info[mode];
	int sub_pixels = 17 * m->factor_x10 * 5 / 4 / 10;

	return 1 + (sub_pixels + m->down - 1) / m->down;
}

static void split_layout(int columns, int body, enum picture_mode mode,
			 struct layout *l)
{
	int left = columns / 2 - 1, list = body > 2 * LIST_ROWS ?
					   LIST_ROWS : PANEL_ROWS;

	if (body - list < strip_needs(mode))
		list = body > strip_needs(mode) ? body - strip_needs(mode) : 0;
	l->hole = (struct area){ 0, 1, left, body };
	l->strip = (struct area){ left + 1, 1, columns - left - 1,
				  body - list };
	l->list = (struct area){ left + 1, 1 + body - list,
				 columns - left - 1, list };
}

/* Small picture and list of boxes below the evidence, where it leaves room. */
static void panel_layout(int columns, int body, int used, struct layout *l)
{
	int rows = PANEL_ROWS, left = OVERVIEW_COLUMNS;

	if (columns >= VIEW_WIDE_COLUMNS && body >= WIDE_LEAST_ROWS &&
	    body - used >= WIDE_PANEL_ROWS) {
		rows = WIDE_PANEL_ROWS;
		left = WIDE_OVERVIEW_COLUMNS;
	}
	if (body - used < rows)
		return;
	l->overview = (struct area){ 0, 1 + body - rows, left, rows };
	l->list = (struct area){ left + 1, 1 + body - rows,
				 columns - left - 1, rows };
}

void view_layout(int columns, int rows, enum picture_mode mode, int used,
		 struct layout *l)
{
	int body = rows - 1 - FOOT;     /* below the title */

	*l = (struct layout){ .info_row = rows - 3, .status_row = rows - 2,
			      .message_row = rows - 1 };
	l->too_small = columns < VIEW_LEAST_COLUMNS ||
		       rows < VIEW_LEAST_ROWS;
	if (l->too_small)
		return;
	l->tour = (struct area){ 0, 1, columns, body };
	l->split = columns >= VIEW_SPLIT_COLUMNS &&
		   columns * picture_mode_info[mode].across >=
		   VIEW_SPLIT_SUB_PIXELS;
	if (l->split) {
		split_layout(columns, body, mode, l);
		return;
	}
	l->hole = l->strip = (struct area){ 0, 1, columns, body };
	if (rows >= PANEL_LEAST_ROWS && columns >= PANEL_LEAST_COLUMNS)
		panel_layout(columns, body, used, l);
}

/* Rows of the strip that the page on the screen takes. */
static int page_rows(const struct review *m)
{
	const struct evidence_plan *plan = review_evidence(m);
	int number = review_page(m), rows = 0;
	const struct evidence_page *page;

	if (!plan || number < 0 || (size_t)number >= plan->page_count)
		return 0;
	page = &plan->page[number];
	for (size_t i = 0; i < page->count; i++) {
		const struct placement *p = &plan->placement[page->first + i];

		if (p->row + p->rows > rows)
			rows = p->row + p->rows;
	}
	return rows;
}

void view_layout_page(const struct view_data *v, const struct canvas *c,
		      struct layout *l)
{
	view_layout(c->columns, c->rows, v->look->mode, page_rows(v->model),
		    l);
}

void view_screen(int columns, int rows, enum picture_mode mode,
		 struct screen *screen)
{
	struct layout l;

	view_layout(columns, rows, mode, 0, &l);
	*screen = (struct screen){
		.columns = columns, .rows = rows, .mode = mode,
		.strip_columns = l.strip.columns, .strip_rows = l.strip.rows,
		.hole_columns = l.hole.columns, .hole_rows = l.hole.rows,
		.tour_columns = l.tour.columns, .tour_rows = l.tour.rows,
		.split = l.split,
	};
}

void view_tail(enum charset charset, const char *name, int columns,
	       char *text, size_t size)
{
	const char *dots = canvas_dots(charset);
	int width = canvas_width(charset, dots);

	name = name ? name : "";
	if (canvas_width(charset, name) <= columns)
		dots = "";
	else if (columns > width)
		columns -= width;
	else
		dots = "";
	while (*name && (canvas_width(charset, name) > columns ||
			 strlen(dots) + strlen(name) >= size))
		utf8_next(&name);
	snprintf(text, size, "%s%s", dots, name);
}

void view_title(struct canvas *c, const char *left, const char *right)
{
	int width = canvas_width(c->charset, right);

	canvas_fill(c, 0, 0, c->columns, 1, ' ', style_reverse);
	canvas_text(c, 1, 0, c->columns - width - 3, style_reverse, left);
	canvas_text_right(c, 0, 0, c->columns - 1, style_reverse, right);
}

enum { CHOICES_MOST = 32, CHOICE_TEXT = 64, CHOICE_GAP = 2 };

/* What may be typed now, and what it is about. */
struct choices {
	const char *about;              /* translated */
	char text[CHOICES_MOST][CHOICE_TEXT];   /* "n name" */
	int count;
};

static const char *const asked_text[ASKED_COUNT] = {
	[ASKED_REJECT] = N_("Reason for taking off this mask?"),
	[ASKED_REJECT_ALL] = N_("Reason for taking off all masks?"),
	[ASKED_UNMASK] = N_("Reason for taking off these masks?"),
	[ASKED_WITHHOLD] = N_("Withhold this item: reason?"),
	[ASKED_ESCALATE] = N_("Escalate this item: reason?"),
	[ASKED_REOPEN] = N_("Open again and take back what was released: "
			    "reason?"),
	[ASKED_TAGGED] = N_("Reason, for all tagged items?"),
};

static void add_choice(struct choices *c, char key, const char *text)
{
	if (c->count < CHOICES_MOST)
		snprintf(c->text[c->count++], CHOICE_TEXT, "%c %s", key, text);
}

const char *view_asked(const struct review *m)
{
	switch (review_mode(m)) {
	case MODE_CLASS: return _("Class of this box?");
	case MODE_WINDOW: return _("Window?");
	case MODE_SORT: return _("Sort by?");
	case MODE_REASON:
		return asked_text[review_asked(m)] ?
		       _(asked_text[review_asked(m)]) : "";
	default: return "";
	}
}

static void list_choices(const struct review *m, struct choices *c)
{
	enum review_mode mode = review_mode(m);

	*c = (struct choices){ .about = view_asked(m) };
	if (mode == MODE_CLASS) {
		for (int i = 0; i < CLASSES; i++)
			add_choice(c, review_class_letter[i],
				   wording(box_class_name[i]));
	} else if (mode == MODE_WINDOW) {
		for (int i = 0; i < WINDOW_PRESETS; i++)
			if (review_preset(m, i))
				add_choice(c, (char)('0' + i),
					   _(review_preset(m, i)->name));
	} else if (mode == MODE_SORT) {
		for (int i = 0; i < LIST_ORDERS; i++)
			add_choice(c, list_order_info[i].letter,
				   _(list_order_info[i].name));
	} else {
		for (int i = 1; i < REVIEW_REASONS; i++)
			if (review_offers(m, i))
				add_choice(c, (char)('0' + i),
					   _(review_reason_text[i]));
	}
}

/* Blanks over the lowest rows above the message; the first of them. */
static int clear_rows(struct canvas *c, int rows)
{
	int first = c->rows - 1 - rows;

	canvas_fill(c, 0, first, c->columns, rows, ' ', style_plain);
	return first;
}

void view_question(struct canvas *c, const char *text)
{
	int columns = c->columns - 2;
	int rows = canvas_width(c->charset, text) / columns + 2;

	rows = rows > c->rows - 2 ? c->rows - 2 : rows;
	canvas_paragraph(c, 1, clear_rows(c, rows), columns, rows, style_bold,
			 text);
}

void view_choices(const struct review *m, struct canvas *c)
{
	struct choices all;
	char about[160];
	int wide = 1, across, rows, first;

	list_choices(m, &all);
	for (int i = 0; i < all.count; i++) {
		int width = canvas_width(c->charset, all.text[i]) + CHOICE_GAP;

		wide = width > wide ? width : wide;
	}
	across = (c->columns - 1) / wide > 1 ? (c->columns - 1) / wide : 1;
	rows = (all.count + across - 1) / across;
	/* a blank line above where there is room */
	first = clear_rows(c, rows + 2 > c->rows - 2 ? rows + 1 : rows + 2);
	first += rows + 2 > c->rows - 2 ? 0 : 1;
	snprintf(about, sizeof(about), "%s  %s", all.about, _("Esc drop"));
	canvas_text_cut(c, 1, first, c->columns - 1, style_bold, about);
	for (int i = 0; i < all.count; i++)
		canvas_text(c, 1 + i / rows * wide, first + 1 + i % rows,
			    wide - 1, style_plain, all.text[i]);
}

/* %1$d and %2$d: on which of how many pages, or parts in a hundred. */
static const char *const space_text[SPACE_ACTIONS] = {
	[SPACE_EVIDENCE] = N_("SPC next page (%d/%d)"),
	[SPACE_APPROVE] = N_("SPC approve"),
	[SPACE_WAIT_READING] = N_("SPC wait: reading %d %%"),
	[SPACE_BLOCKED_CHANGED] = N_("SPC blocked: the file changed; press "
				     "{withhold} or {escalate}"),
	[SPACE_BLOCKED_LEGIBLE] = N_("SPC blocked: screen too small to read; "
				     "make it larger"),
	[SPACE_BLOCKED_FAINT] = N_("SPC blocked: press {tour} to see more "
				   "faint ink (%d left)"),
	[SPACE_BLOCKED_HEAD] = N_("SPC blocked: a head without a face mask; "
				  "{add} and {class} f, or {withhold}"),
	[SPACE_TOUR] = N_("SPC next page (%d/%d)"),
	[SPACE_KEEP_EDIT] = N_("SPC keep"),
	[SPACE_OPEN_ITEM] = N_("SPC open"),
	[SPACE_NEXT] = N_("SPC next"),
	[SPACE_NOTHING] = "",
};

/* What needs a tour: %s tells how long that is; and once it is done. */
static const struct { const char *before, *after; } tour_text[SPACE_ACTIONS] = {
	[SPACE_BLOCKED_FACES] = {
		N_("SPC blocked: faces not checked; press {tour}%s, then "
		   "{by-eye}"),
		N_("SPC blocked: faces not checked; press {by-eye} if you saw "
		   "none") },
	[SPACE_BLOCKED_FAILED] = {
		N_("SPC blocked: reading failed; press {tour}%s, then "
		   "{by-eye}"),
		N_("SPC blocked: reading failed; press {by-eye} if nothing is "
		   "left") },
	[SPACE_BLOCKED_REJECTED_ALL] = {
		N_("SPC blocked: no mask left; press {tour}%s, then {clean}"),
		N_("SPC blocked: no mask left; press {clean} if that is "
		   "right") },
	[SPACE_BLOCKED_SCAN] = {
		N_("SPC blocked: the policy wants a tour; press {tour}%s"),
		N_("SPC approve") },
	[SPACE_CLEAN_NEEDED] = {
		N_("SPC blocked: no box; press {tour}%s, then {clean}"),
		N_("SPC blocked: no box; press {clean} if nothing is to be "
		   "masked") },
};

/* Space is called what it is bound to, and so is every key. */
static void name_keys(const struct keymap *keys, const struct review *model,
		      const char *format, char *text, size_t size)
{
	enum review_mode mode = review_mode(model);
	int key = key_of(keys, mode, CMD_APPROVE);
	char name[16] = "";

	if (key != ' ' && !strncmp(format, "SPC", 3)) {
		key_name(key, name, sizeof(name));
		format += 3;
	}
	key_hints(keys, mode, format, text + snprintf(text, size, "%s", name),
		  size - strlen(name));
}

/* " (30 pages)", or how many of them were seen. */
static void tour_length(const struct review *model, char *text, size_t size)
{
	int seen = review_tour_seen(model), pages = review_tour_pages(model);

	text[0] = '\0';
	if (seen > 0)
		snprintf(text, size, _(" (%d of %d seen)"), seen, pages);
	else if (pages > 0)
		snprintf(text, size, P_(" (%d page)", " (%d pages)",
					(unsigned long)pages), pages);
}

bool view_space_tells_tour(const struct review *model)
{
	return tour_text[review_space(model, NULL, NULL)].before;
}

/* The number of the page on the screen. */
static int page_now(const struct review *model)
{
	return 1 + (review_mode(model) == MODE_SHEET ?
		    review_sheet_page(model) : review_page(model));
}

/* The msgid of what Space does, and its numbers.  A plus: there may be more
 * pages than those. */
static const char *space_format(const struct review *model, int *n, int *of)
{
	enum space_action action = review_space(model, n, of);

	if (action == SPACE_WAIT_READING)
		*n = review_permille(model) / 10;
	if (action == SPACE_TOUR && !*n)
		return N_("SPC end of the tour");
	if (action == SPACE_TOUR && !review_touring(model))
		return N_("SPC tour, page %d of %d");
	if (action == SPACE_EVIDENCE || action == SPACE_TOUR) {
		bool more = review_pages_open(model);

		if (*n != page_now(model) + 1)
			return more ? N_("SPC page %d of %d+") :
				      N_("SPC page %d of %d");
		--*n;
		if (more)
			return N_("SPC next page (%d/%d+)");
	}
	if (action == SPACE_BLOCKED_SCAN && review_blind(model) &&
	    !review_tour_done(model))
		return N_("SPC blocked: a blind reading needs a tour; press "
			  "{tour}%s");
	if (tour_text[action].before)
		return review_tour_done(model) ? tour_text[action].after :
						 tour_text[action].before;
	return space_text[action] ? space_text[action] : "";
}

bool view_space_names(const struct review *model, const char *hint)
{
	int n, of;
	const char *end = *hint == '{' ? strchr(hint, '}') : NULL;
	char word[32];

	if (!end)
		return false;
	snprintf(word, sizeof(word), "%.*s", (int)(end + 1 - hint), hint);
	return strstr(space_format(model, &n, &of), word);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void view_space(const struct view_data *v, char *text, size_t size)
{
	const struct review *model = v->model;
	int n, of;
	const char *format = _(space_format(model, &n, &of));
	char length[64], all[256];

	if (v->approve && review_space(model, NULL, NULL) == SPACE_APPROVE)
		format = _(v->approve);
	if (view_space_tells_tour(model)) {
		tour_length(model, length, sizeof(length));
		snprintf(all, sizeof(all), format, length);
	} else {
		snprintf(all, sizeof(all), format, n, of);
	}
	name_keys(v->keys, model, all, text, size);
}
#pragma GCC diagnostic pop

void view_fit(char *text, const struct canvas *c, int columns)
{
	while (canvas_width(c->charset, text) > columns) {
		char *last = NULL;

		for (char *p = strstr(text, "  "); p; p = strstr(p + 2, "  "))
			last = p;
		if (!last)
			return;
		*last = '\0';
	}
}

/* Which key leads on stands at the end: what is too wide for its line goes on
 * below where nothing is said, else it begins a line higher.  said: the rows
 * that the message took. */
static void draw_status(struct canvas *c, int said, const char *status)
{
	int row = c->rows - 2;

	if (canvas_width(c->charset, status) <= c->columns) {
		canvas_line(c, 0, said > 1 ? row - 1 : row, c->columns,
			    style_plain, status);
		return;
	}
	row -= said;
	canvas_fill(c, 0, row, c->columns, 2, ' ', style_plain);
	canvas_paragraph(c, 1, row, c->columns - 1, 2, style_plain,
			 status + strspn(status, " "));
}

void view_message(const struct view_data *v, const char *message, char *text,
		  size_t size)
{
	key_message(v->keys, review_mode(v->model), message, text, size);
}

/* At the end of the line how many more wait, should it be drawn; the columns
 * that takes. */
static int draw_waiting(const struct view_data *v, struct canvas *c, bool draw)
{
	char text[16];

	if (v->news_waiting <= 0)
		return 0;
	snprintf(text, sizeof(text), "+%d", v->news_waiting);
	if (draw)
		canvas_text_right(c, 0, c->rows - 1, c->columns - 1,
				  style_reverse, text);
	return (int)strlen(text) + 1;
}

/* In one row, or in two where the status leaves room.  How many it took. */
static int draw_message(const struct view_data *v, struct canvas *c,
			bool two)
{
	const char *message = review_message(v->model);
	int row = c->rows - 1, columns = c->columns - 1;
	char text[VIEW_MESSAGE];

	if (!*message)
		message = *v->notice || !v->offer ? v->notice : v->offer;
	view_message(v, v->news ? v->news : message, text, sizeof(text));
	columns -= draw_waiting(v, c, false);
	if (!two || canvas_width(c->charset, text) <= columns) {
		canvas_line(c, 1, row, c->columns - 1, style_bold, "");
		canvas_text_cut(c, 1, row, columns, style_bold, text);
		draw_waiting(v, c, true);
		return *text != '\0';
	}
	canvas_fill(c, 0, row - 1, c->columns, 2, ' ', style_plain);
	canvas_paragraph(c, 1, row - 1, columns, 2, style_bold, text);
	draw_waiting(v, c, true);
	return 2;
}

/* What may be typed on; what Enter does where there is room. */
static void line_offers(const struct view_data *v, const struct canvas *c,
			char *text, size_t size)
{
	bool command = v->line_sign == ':';
	const char *keys = command ? _("Enter runs  Esc leaves") :
				     _("Enter filters  Esc leaves");
	bool number = *v->line >= '0' && *v->line <= '9';

	if (!*v->line_matches) {
		snprintf(text, size, "%s", command && *v->line && !number &&
			 !strchr(v->line, ' ') ?
			 _("no command begins so  Esc leaves") : keys);
		return;
	}
	snprintf(text, size, "%s  Tab: %s", keys, v->line_matches);
	if (command || canvas_width(c->charset, text) > c->columns)
		snprintf(text, size, "%s", v->line_matches);
}

void view_bottom(const struct view_data *v, struct canvas *c,
		 const char *status)
{
	bool wide = canvas_width(c->charset, status) > c->columns;
	int row = c->rows - 2;
	char text[128], offers[2048];

	if (v->line_sign) {
		line_offers(v, c, offers, sizeof(offers));
		canvas_line(c, 0, row, c->columns, style_plain, offers);
		snprintf(text, sizeof(text), "%c%s_", v->line_sign, v->line);
		canvas_line(c, 0, row + 1, c->columns, style_bold, text);
		return;
	}
	draw_status(c, draw_message(v, c, !wide), status);
}

bool view_shows_page(const struct view_data *v, const struct canvas *c)
{
	enum review_mode mode = review_mode(v->model);
	int wanted = review_view(v->model)->frame_index;

	if (c->columns < VIEW_LEAST_COLUMNS || c->rows < VIEW_LEAST_ROWS)
		return false;
	if (v->answer)
		return false;
	if (review_listing(v->model) || mode == MODE_HELP || mode == MODE_SHEET)
		return true;            /* the model knows */
	/* a question lies over the lowest rows */
	if (mode == MODE_CLASS || mode == MODE_REASON || mode == MODE_WINDOW)
		return false;
	return !review_page_visible(v->model) ||
	       (v->plane && v->plane_frame == wanted);
}

bool view_shows_message(const struct view_data *v, const struct canvas *c)
{
	return c->columns >= VIEW_LEAST_COLUMNS &&
	       c->rows >= VIEW_LEAST_ROWS && !v->answer && !v->line_sign &&
	       review_mode(v->model) != MODE_HELP;
}

void view_blank(struct canvas *c)
{
	const char *text = _("blanked: any key shows it again");
	int width = canvas_width(c->charset, text);

	canvas_clear(c);
	canvas_text(c, width < c->columns ? (c->columns - width) / 2 : 0,
		    c->rows / 2, c->columns, style_plain, text);
}

void view_draw(const struct view_data *v, struct canvas *c)
{
	canvas_clear(c);
	if (c->columns < VIEW_LEAST_COLUMNS || c->rows < VIEW_LEAST_ROWS) {
		canvas_paragraph(c, 0, 0, c->columns, c->rows, style_plain,
				 _("The screen is too small: 40x12 at least. "
				   "q leaves."));
		return;
	}
	if (v->answer) {
		view_answer(v, c);
		return;
	}
	if (review_mode(v->model) == MODE_HELP)
		view_help(v, c);
	else if (review_mode(v->model) == MODE_SHEET)
		view_sheet(v, c);
	else if (review_listing(v->model))
		view_list(v, c);
	else
		view_review(v, c);
}
