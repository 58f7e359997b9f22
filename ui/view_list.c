/* view_list.c - the files and how far each one is. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "process/progress.h"
#include "ui/key.h"
#include "ui/order.h"
#include "ui/peek.h"
#include "ui/view.h"
#include "ui/wording.h"

enum { HEAD = 3, FOOT = 3,              /* lines around the rows */
       WIDE = 100, NARROW = 72,         /* columns */
       HEADED = 5,                      /* a head of two wide characters, and a
					   blank */
       MARK = 3,                        /* that of a state, and a blank */
       PEEK = 64 };                     /* columns of what is told of one */

/* Columns of the list itself. */
static int list_columns(const struct view_data *v, const struct canvas *c)
{
	return v->peek && c->columns >= VIEW_PEEK_COLUMNS ?
	       c->columns - PEEK : c->columns;
}

int view_list_point(const struct view_data *v, int row)
{
	return row >= HEAD && row - HEAD < (int)v->item_count ? row - HEAD :
								-1;
}

int view_list_rows(int rows)
{
	return rows - HEAD - FOOT > 1 ? rows - HEAD - FOOT : 1;
}

struct mark { const char *mark, *text; };

static const struct mark state_mark[ITEM_STATES] = {
	[ITEM_LISTED] = { "..", N_("listed") },
	[ITEM_PROPOSED] = { "..", N_("proposed") },
	[ITEM_OPEN] = { "..", N_("open") },
	[ITEM_MASKED] = { "ok", N_("masked") },
	[ITEM_CLEAN] = { "ok", N_("clean") },
	[ITEM_WITHHELD] = { "R ", N_("withheld") },
	[ITEM_ESCALATED] = { "! ", N_("escalated") },
	[ITEM_REFUSED] = { "xx", N_("refused") },
};

static const char *const output_text[OUTPUT_STATES] = {
	[OUTPUT_NONE] = "",
	[OUTPUT_STAGED] = N_("written"),
	[OUTPUT_RELEASED] = N_("released"),
	[OUTPUT_WITHDRAWN] = N_("withdrawn"),
};

/* What became of the copy. */
static const char *output_word(const struct worklist_item *item)
{
	return item->held ? N_("held back") : output_text[item->output];
}

/* gettext("") would be the catalogue's head. */
static const char *translated(const char *text)
{
	return *text ? _(text) : "";
}

static const char *detail(const struct worklist_item *item, char *text,
			  size_t size)
{
	if (item->state == ITEM_REFUSED) {
		reason_text((enum reason)item->reason, item->reason_uid,
			    item->reason_number, true, text, size);
		return text;
	}
	return item->why_flagged ? item->why_flagged : "";
}

/* Where the columns stand; those of width 0 are left out. */
struct places {
	bool wide;                      /* heads in full */
	int number, number_width, modality, device;
	int name, size, frames, boxes, state, output, detail;
	int name_width, size_width, frames_width, boxes_width, output_width;
};

/* Columns that the number of an item needs. */
static int digits(long long total)
{
	int n = 1;

	while (total > 9) {
		total /= 10;
		n++;
	}
	return n < 3 ? 3 : n;
}

static struct places find_places(int columns, long long total)
{
	struct places p = { .modality = 4, .name = 9, .name_width = 46 };

	if (columns < NARROW) {
		p.name_width = columns - p.name - 10;
		p.state = p.name + p.name_width + 1;
		return p;
	}
	p.number = 4;
	p.number_width = digits(total);
	p.modality = p.number + p.number_width + 1;
	p.name = p.modality + HEADED;
	if (columns < WIDE) {
		p.name_width = columns - 40 - p.name;
	} else {
		p.device = p.name;
		p.name += HEADED;
		if (columns < p.name + p.name_width + 46)
			p.name_width = columns - p.name - 46;
	}
	p.size = p.name + p.name_width + 1;
	p.size_width = 10;
	p.frames = p.size + p.size_width;
	p.wide = columns >= WIDE;
	p.frames_width = p.wide ? 8 : 5;
	p.boxes = p.frames + p.frames_width;
	p.boxes_width = p.wide ? 7 : 4;
	p.state = p.boxes + p.boxes_width + 1;
	p.output = p.state + 10;
	p.output_width = 9;
	p.detail = p.output + 10;
	return p;
}

static void draw_numbers(struct canvas *c, int row, const struct places *p,
			 struct style style, const struct worklist_item *item)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", item->row);
	canvas_text_right(c, p->number, row, p->number_width, style, text);
	snprintf(text, sizeof(text), "%d", item->device_number);
	if (p->device && item->device_number)
		canvas_text_right(c, p->device, row, HEADED - 1, style, text);
	if (!item->columns)
		return;
	snprintf(text, sizeof(text), "%dx%d", item->columns, item->rows);
	canvas_text_right(c, p->size, row, p->size_width, style, text);
	snprintf(text, sizeof(text), "%d", item->frames);
	canvas_text_right(c, p->frames, row, p->frames_width, style, text);
	if (item->boxes < 0)
		return;
	snprintf(text, sizeof(text), "%d", item->boxes);
	canvas_text_right(c, p->boxes, row, p->boxes_width, style, text);
}

/* What an open item is to the group; "" for others. */
static const char *group_text(const struct worklist_item *item,
			      enum group_state mark)
{
	bool open = item->state == ITEM_LISTED ||
		    item->state == ITEM_PROPOSED || item->state == ITEM_OPEN;

	return open && item->output == OUTPUT_NONE ? group_state_text[mark] :
						     "";
}

static void draw_item(struct canvas *c, int row, int columns, long long total,
		      const struct worklist_item *item, bool selected,
		      bool tagged, enum group_state mark)
{
	struct style style = selected ? style_reverse : style_plain;
	struct places p = find_places(columns, total);
	const char *group = group_text(item, mark);
	char text[ERROR_TEXT], tail[VIEW_NAME];

	canvas_fill(c, 0, row, columns, 1, ' ', style);
	canvas_text(c, 0, row, 1, style, selected ? ">" : " ");
	canvas_text(c, 1, row, 2, style, state_mark[item->state].mark);
	canvas_text(c, 3, row, 1, style, tagged ? "*" : " ");
	canvas_text(c, p.modality, row, 3, style, item->modality);
	view_tail(c->charset, item->name, p.name_width, tail, sizeof(tail));
	canvas_text(c, p.name, row, p.name_width, style, tail);
	draw_numbers(c, row, &p, style, item);
	canvas_text(c, p.state, row, 9, style,
		    _(state_mark[item->state].text));
	canvas_text(c, p.output, row, p.output_width, style,
		    translated(*group ? group : output_word(item)));
	if (item->held)
		canvas_text(c, 1, row, 2, style, "!!");
	if (*group)
		canvas_text(c, 1, row, 2, style, mark == GROUP_ALIKE ? "==" :
			    mark == GROUP_INK ? "!!" : "/=");
	if (columns >= WIDE)
		canvas_text_cut(c, p.detail, row, columns - p.detail, style,
				detail(item, text, sizeof(text)));
}

/* ---- what is told of the selected one ---- */

/* "name 2  patient_id 1  candidates 3": what was found; "" nothing yet. */
static void found_text(const struct peek *p, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; p->known && i < CLASSES && used < size; i++)
		if (p->of_class[i])
			used += (size_t)snprintf(text + used, size - used,
						 "%s %d  ",
						 wording(box_class_name[i]),
						 p->of_class[i]);
	if (p->known && used < size)
		snprintf(text + used, size - used,
			 _("candidates %d  cleared %d"), p->candidates,
			 p->cleared);
}

static void draw_preview(const struct view_data *v, struct canvas *c,
			 const struct area *a)
{
	const struct plane *plane = v->peek->plane;
	struct picture_part part = {
		.plane = plane, .serial = v->peek->serial,
		.column = a->column, .row = a->row, .place = PLACE_ON,
	};

	if (!plane || a->rows < 1)
		return;
	part.source = (struct region){ 0, 0, plane->columns, plane->rows };
	picture_fit(v->look, part.source, a->columns, a->rows, &part.columns,
		    &part.rows);
	picture_draw(v->look, &part, c);
}

/* "US  640x480  frames 30"; "" when it was never opened. */
static void picture_text(const struct peek *p, const struct worklist_item *item,
			 char *text, size_t size)
{
	const char *modality = p->opened ? p->info.modality : item->modality;
	int columns = p->opened ? p->info.columns : item->columns;
	int rows = p->opened ? p->info.rows : item->rows;
	int frames = p->opened ? p->info.frames : item->frames;
	size_t used = 0;

	text[0] = '\0';
	if (columns)
		used = (size_t)snprintf(text, size, _("%s%s%dx%d  frames %d"),
					modality, *modality ? "  " : "",
					columns, rows, frames);
	if (item->device_number && used < size)
		snprintf(text + used, size - used, _("  device %d"),
			 item->device_number);
}

static void draw_peek(const struct view_data *v, struct canvas *c,
		      const struct worklist_item *item)
{
	int column = list_columns(v, c) + 2, columns = PEEK - 3, row = 2;
	struct area picture;
	char text[ERROR_TEXT + 256], tail[VIEW_NAME];

	canvas_fill(c, column - 2, 1, 1, c->rows - 4,
		    c->charset == CHARSET_UNICODE ? 0x2502 : '|', style_plain);
	view_tail(c->charset, item->name, columns, tail, sizeof(tail));
	canvas_text(c, column, row++, columns, style_bold, tail);
	snprintf(text, sizeof(text), "%s  %s", _(state_mark[item->state].text),
		 translated(output_word(item)));
	canvas_text(c, column, row++, columns, style_plain, text);
	picture_text(v->peek, item, text, sizeof(text));
	if (*text)
		canvas_text(c, column, row++, columns, style_plain, text);
	row += canvas_paragraph(c, column, row, columns, 3, style_plain,
				detail(item, text, sizeof(text)));
	found_text(v->peek, text, sizeof(text));
	row += canvas_paragraph(c, column, row, columns, 4, style_plain, text);
	picture = (struct area){ column, row + 1, columns,
				 c->rows - FOOT - row - 1 };
	draw_preview(v, c, &picture);
}

static long long open_items(const struct view_data *v)
{
	return v->by_state[ITEM_LISTED] + v->by_state[ITEM_PROPOSED] +
	       v->by_state[ITEM_OPEN];
}

/* How fast this session goes, and how long what is open will take then, where
 * there is room beside the counts. */
static void draw_rate(const struct view_data *v, struct canvas *c,
		      const char *counts)
{
	int room = c->columns - canvas_width(c->charset, counts) - MARK - 6;
	char text[128], left[48];
	size_t used;

	if (v->verdicts < 1 || v->session_ms < 1)
		return;
	snprintf(text, sizeof(text), _("this session: %.1f pictures a minute"),
		 (double)v->verdicts * 60000. / (double)v->session_ms);
	if (canvas_width(c->charset, text) > room)
		return;
	used = strlen(text);
	progress_left((long long)((double)open_items(v) *
				  (double)v->session_ms /
				  (double)v->verdicts / 1000.) + 1, left,
		      sizeof(left));
	if (open_items(v) > 0)
		snprintf(text + used, sizeof(text) - used, "  %s", left);
	if (canvas_width(c->charset, text) > room)
		text[used] = '\0';
	canvas_text_right(c, 0, 1, c->columns - 1, style_plain, text);
}

static void draw_head(const struct view_data *v, struct canvas *c)
{
	struct places p = find_places(list_columns(v, c), v->total);
	long long done = v->by_state[ITEM_MASKED] + v->by_state[ITEM_CLEAN] +
		v->by_state[ITEM_WITHHELD] + v->by_state[ITEM_ESCALATED];
	char left[512], right[128], writing[64] = "";

	if (v->writing)
		snprintf(writing, sizeof(writing), _("  writing %d"),
			 v->writing);
	snprintf(left, sizeof(left), v->project_fresh ?
		 _("WORKLIST  new project: %s") : _("WORKLIST  project: %s"),
		 v->project);
	snprintf(right, sizeof(right), _("%s  %lld items  %lld decided%s"),
		 v->reviewer ? v->reviewer : "", v->total, done, writing);
	if (c->columns < NARROW) {
		snprintf(left, sizeof(left), v->project_fresh ?
			 _("new project: %s") : _("project: %s"), v->project);
		snprintf(right, sizeof(right), "%lld/%lld", done, v->total);
	}
	if (v->subject)
		view_message(v, _(v->subject), left, sizeof(left));
	view_title(c, left, right);
	snprintf(left, sizeof(left),
		 _("open %lld  masked %lld  clean %lld  withheld %lld  "
		   "escalated %lld  refused %lld"),
		 open_items(v), v->by_state[ITEM_MASKED],
		 v->by_state[ITEM_CLEAN], v->by_state[ITEM_WITHHELD],
		 v->by_state[ITEM_ESCALATED], v->by_state[ITEM_REFUSED]);
	/* so much for what is open: the only mark that is no word */
	if (c->columns >= NARROW)
		canvas_text(c, 1, 1, MARK, style_plain,
			    state_mark[ITEM_OPEN].mark);
	canvas_text(c, c->columns >= NARROW ? 1 + MARK : 1, 1, c->columns - 1,
		    style_plain, left);
	if (v->held_back) {
		snprintf(right, sizeof(right), _("held back %lld"),
			 v->held_back);
		canvas_text_right(c, 0, 1, c->columns - 1, style_bold, right);
	} else {
		draw_rate(v, c, left);
	}
	canvas_text_right(c, p.number, 2, p.number_width, style_bold, "#");
	canvas_text(c, p.modality, 2, HEADED - 1, style_bold, _("Mod"));
	if (p.device)
		canvas_text(c, p.device, 2, HEADED - 1, style_bold, _("Dev"));
	canvas_text(c, p.name, 2, p.name_width, style_bold, _("File"));
	canvas_text_right(c, p.size, 2, p.size_width, style_bold, _("Size"));
	canvas_text_right(c, p.frames, 2, p.frames_width, style_bold,
			  p.wide ? _("Frames") : _("Frm"));
	canvas_text_right(c, p.boxes, 2, p.boxes_width, style_bold,
			  p.wide ? _("Boxes") : _("Box"));
	canvas_text(c, p.state, 2, 9, style_bold, _("State"));
	canvas_text(c, p.output, 2, p.output_width, style_bold, _("Output"));
}

/* What is shown of the list, where that is not all of it as it was listed;
 * "" else. */
static void shown_text(const struct view_data *v, char *text, size_t size)
{
	const struct order *o = v->order;
	char all[32], tagged[32];
	size_t used = 0;

	text[0] = '\0';
	if (!o)
		return;
	key_hints(v->keys, MODE_LIST, "{drop}", all, sizeof(all));
	key_hints(v->keys, MODE_LIST, "{tagged}", tagged, sizeof(tagged));
	if (*o->filter)
		used += (size_t)snprintf(text, size,
					 _("filter: %s (%lld of %lld, %s all)"
					   "  "), o->filter, o->count,
					 v->total, all);
	if (o->by != LIST_BY_LISTING && used < size)
		used += (size_t)snprintf(text + used, size - used, "%s  ",
					 _(list_order_info[o->by].name));
	if (o->tagged && used < size)
		snprintf(text + used, size - used, _("tagged: %lld, %s for all"
						     "  "), o->tagged, tagged);
}

/* What the keys do now. */
static void draw_foot(const struct view_data *v, struct canvas *c)
{
	enum review_mode mode = review_mode(v->model);
	char status[640], shown[256], space[64], hint[256];

	view_space(v, space, sizeof(space));
	shown_text(v, shown, sizeof(shown));
	key_hints(v->keys, MODE_LIST,
		  !v->total ? _("{help} help  {quit} leave") : v->subject ?
		  _("{down}/{up} move  {next-undecided} next undecided  "
		    "{help} help  {quit} leave  {search} filter") :
		  v->second ? _("{down}/{up} move  {next-undecided} next "
				"undecided  {release} release agreed  "
				"{help} help  {quit} leave  {search} filter") :
		  _(view_hints(MODE_LIST)), hint, sizeof(hint));
	snprintf(status, sizeof(status), " %s%s%s%s", space, *space ? "  " : "",
		 shown, hint);
	view_fit(status, c, c->columns);
	view_bottom(v, c, status);
	key_hints(v->keys, MODE_TAGGED, _(view_hints(MODE_TAGGED)), hint,
		  sizeof(hint));
	if (mode == MODE_TAGGED)
		view_question(c, hint);
	else if (mode != MODE_LIST)
		view_choices(v->model, c);
}

void view_list(const struct view_data *v, struct canvas *c)
{
	const struct worklist_item *selected = NULL;
	long long first = v->first > 0 ? v->first : 1;
	char text[ERROR_TEXT];

	draw_head(v, c);
	for (size_t i = 0; i < v->item_count; i++) {
		bool on = first + (long long)i == review_cursor(v->model);

		draw_item(c, HEAD + (int)i, list_columns(v, c), v->total,
			  &v->item[i], on,
			  v->order && order_tagged(v->order, v->item[i].row),
			  i < VIEW_MARKS ? v->mark[i] : GROUP_WAITING);
		if (on)
			selected = &v->item[i];
	}
	if (!v->item_count) {
		view_message(v, v->total ?
			     _("Nothing here now: {drop} shows all.") :
			     _("Nothing to review: what was named holds no "
			       "file."), text, sizeof(text));
		canvas_text(c, 4, HEAD, c->columns - 4, style_plain, text);
	}
	if (selected && list_columns(v, c) < c->columns)
		draw_peek(v, c, selected);
	else if (selected)
		canvas_text_cut(c, 1, c->rows - 3, c->columns - 1, style_plain,
				detail(selected, text, sizeof(text)));
	draw_foot(v, c);
}
