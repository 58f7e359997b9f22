/* replay.c - log show --replay: what a reviewer saw before a verdict. */
#include "config.h"

#include "ui/replay.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "process/source.h"
#include "ui/items.h"
#include "ui/picture.h"
#include "ui/wording.h"

enum { ID_LEAST = 8, ID_DIGITS = 32, MOST_ROWS = 400 };

struct scene_again {
	const struct replay_options *options;
	FILE *out;
	struct worklist_item item;
	struct masks masks;
	struct workers *workers;        /* NULL: the input can't be shown */
	struct slot slot;               /* info, frame */
	struct plane *plane;            /* of plane_frame */
	int plane_frame;
};

/* ---- the item ---- */

static bool find_item(struct project *p, const char *id,
		      struct worklist_item *item, struct error *err)
{
	size_t length = strlen(id);
	long long count = worklist_count(p->worklist), row = 0;

	if (length < ID_LEAST || length > ID_DIGITS ||
	    strspn(id, "0123456789abcdef") != length)
		return error_set(err, ERR_USAGE, _("--replay: the id of an "
						   "item, 8 digits at least"));
	for (long long i = 1; i <= count; i++) {
		if (!worklist_get(p->worklist, i, item, err))
			return false;
		if (!strncmp(item->id, id, length)) {
			if (row)
				row = -1;
			else
				row = i;
		}
		worklist_item_done(item);
		if (row < 0)
			break;
	}
	if (row <= 0)
		return error_set(err, ERR_USAGE, row ? _("more than one item "
				 "is named by this: give its id") :
				 _("no item of the project is named by this"));
	return worklist_get(p->worklist, row, item, err);
}

/* ---- its picture ---- */

static bool hear(struct workers *w, enum worker_event_type wanted,
		 struct worker_event *event)
{
	struct pollfd p = { .fd = workers_fd(w), .events = POLLIN };

	for (;;) {
		while (workers_next(w, event)) {
			if (event->type == wanted)
				return true;
			bool over = event->type == WORKER_REFUSED ||
				    event->type == WORKER_FAILED;

			worker_event_done(event);
			if (over)
				return false;
		}
		if (workers_given_up(w) ||
		    (poll(&p, 1, -1) < 0 && errno != EINTR))
			return false;
	}
}

/* Is it still the file that was decided on? */
static bool same_file(int fd, const struct worklist_item *item)
{
	uint8_t digest[HASH_SIZE];

	return item->has_sha256 && hash_file(fd, digest, NULL, NULL, NULL) &&
		hash_equal(digest, item->in_sha256, HASH_SIZE);
}

static bool serve(struct scene_again *s, int fd)
{
	const struct detect_options none = { .languages = "" };
	struct worker_event event;

	s->workers = workers_start(&none, NULL);
	if (!s->workers)
		return false;
	s->slot.serve_job = workers_serve(s->workers, fd, NULL);
	if (!s->slot.serve_job || !hear(s->workers, WORKER_OPENED, &event))
		return false;
	s->slot.info = event.info;
	worker_event_done(&event);
	return true;
}

/* Why the pictures can't be shown; NULL: they can. */
static const char *open_input(struct scene_again *s)
{
	int fd = source_open(s->item.path, (long)s->item.below, NULL);
	const char *why = NULL;

	if (fd < 0)
		return N_("the input is gone: places only");
	if (!same_file(fd, &s->item))
		why = N_("the input is another file now: places only");
	else if (!serve(s, fd))
		why = N_("the input can't be read: places only");
	close(fd);
	return why;
}

static bool load_frame(struct scene_again *s, int frame)
{
	struct worker_event event;
	bool whole = frame == FRAME_WHOLE;

	if (s->plane && s->plane_frame == frame)
		return true;
	plane_free(s->plane);
	s->plane = NULL;
	if (!workers_ask_frame(s->workers, s->slot.serve_job, whole ? 0 : frame,
			       NULL) ||
	    !hear(s->workers, WORKER_FRAME, &event))
		return false;
	frame_free(s->slot.frame);
	s->slot.frame = event.frame;
	event.frame = NULL;
	s->plane_frame = frame;
	s->slot.frame_index = whole ? 0 : frame;
	worker_event_done(&event);
	s->plane = whole ? items_whole(&s->slot) :
			   items_plane(&s->slot, NULL, NULL);
	return s->plane != NULL;
}

/* ---- drawing ---- */

static enum picture_mode mode_of(const struct seen *seen)
{
	for (int i = 0; i < PICTURE_MODES; i++)
		if (!strcmp(seen->mode, picture_mode_info[i].name))
			return picture_has_pixels((enum picture_mode)i) ?
				PICTURE_SEXTANT : (enum picture_mode)i;
	return PICTURE_MODES;
}

/* Cells of so many pixels at the recorded size, at least one. */
static int cells(int pixels, const struct seen *seen, int sub)
{
	long long count = (long long)pixels * seen->sub_px /
			  (10LL * seen->letter * sub);

	return count < 1 ? 1 : count > MOST_ROWS ? MOST_ROWS : (int)count;
}

static void print_cell(FILE *out, const struct cell *cell)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "\033[38;5;%d;48;5;%dm", cell->fg < 0 ? 7 :
		      (int)cell->fg, cell->bg < 0 ? 0 : (int)cell->bg);
	utf8_put(&text, cell->glyph[0] ? cell->glyph[0] : ' ');
	if (!text.failed)
		fputs(text.data, out);
	buffer_done(&text);
}

static void print_canvas(FILE *out, const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++) {
		for (int column = 0; column < c->columns; column++)
			print_cell(out, canvas_at(c, column, row));
		fputs("\033[0m\n", out);
	}
}

/* One piece, no wider than the terminal. */
static void draw_piece(struct scene_again *s, const struct seen *seen,
		       enum picture_mode mode, struct region source)
{
	const struct picture_mode_info *info = &picture_mode_info[mode];
	const struct look look = { .mode = mode, .colours = COLOURS_256 };
	struct picture_part part = {
		.plane = s->plane, .serial = 1, .source = source,
		.columns = cells(region_width(source), seen, info->across),
		.rows = cells(region_height(source), seen, info->down),
	};
	struct canvas c;

	if (!canvas_init(&c, part.columns, part.rows,
			 mode == PICTURE_ASCII ? CHARSET_ASCII :
			 CHARSET_UNICODE, NULL))
		return;
	picture_draw(&look, &part, &c);
	print_canvas(s->out, &c);
	canvas_done(&c);
}

static void draw_crop(struct scene_again *s, const struct seen *seen)
{
	enum picture_mode mode = mode_of(seen);
	struct region r = seen->region, piece;
	long long most;
	int step;

	if (mode == PICTURE_MODES || seen->sub_px <= 0 || seen->letter <= 0)
		return;
	r = region_clip(r, s->slot.info.columns, s->slot.info.rows);
	most = (long long)s->options->columns *
	       picture_mode_info[mode].across * 10 * seen->letter /
	       seen->sub_px;
	step = most < 1 ? 1 : most < FRAME_MAX_SIDE ? (int)most :
						      FRAME_MAX_SIDE;
	for (piece = r; piece.x0 < r.x1; piece.x0 += step) {
		piece.x1 = piece.x0 + step < r.x1 ? piece.x0 + step : r.x1;
		draw_piece(s, seen, mode, piece);
	}
}

/* ---- lines ---- */

/* The boxes that the evidence holds whole: number, class, decision. */
static void print_boxes(const struct scene_again *s, const struct seen *seen)
{
	int frame, plane = plane_of_frame(seen->frame, &frame);

	for (size_t i = 0; i < s->masks.box_count; i++) {
		const struct decided_box *b = &s->masks.box[i];

		if (region_contains(seen->region, b->box.region) &&
		    b->box.plane == plane &&
		    (frame < 0 || (b->box.frame0 <= frame &&
				   b->box.frame1 >= frame)))
			fprintf(s->out, "  %d %s %s", b->id,
				wording(box_class_name[b->box.class_]),
				box_decision_name[b->decision]);
	}
}

static void print_place(const struct scene_again *s, const struct seen *seen)
{
	const struct region r = seen->region;
	char frame[WORDING_FRAME];

	if (wording_frame(seen->frame, frame))
		fprintf(s->out, "%d  %s", seen->id, frame);
	else
		fprintf(s->out, _("%d  frame %d"), seen->id, seen->frame + 1);
	if (!region_empty(r))
		fprintf(s->out, "  %d,%d %dx%d", r.x0, r.y0, region_width(r),
			region_height(r));
	fprintf(s->out, "  %s", seen->mode);
	if (seen->sub_px > 0)
		fprintf(s->out, _("  letters of %.1f sub-pixels"),
			seen->sub_px / 10.);
	fprintf(s->out, "  %.1f s", (double)seen->ms / 1000);
	print_boxes(s, seen);
	fputc('\n', s->out);
}

static bool show_all(struct scene_again *s)
{
	const char *why = s->options->columns > 0 ? open_input(s) : NULL;
	bool draws = s->options->columns > 0 && !why;

	if (why)
		fprintf(s->out, "%s\n", _(why));
	for (size_t i = 0; i < s->masks.seen_count; i++) {
		const struct seen *seen = &s->masks.seen[i];

		print_place(s, seen);
		if (!draws || region_empty(seen->region))
			continue;
		if (load_frame(s, seen->frame))
			draw_crop(s, seen);
		else
			fprintf(s->out, "%s\n", _("this frame can't be read"));
	}
	return fflush(s->out) == 0;
}

static bool show_verdict(struct scene_again *s, struct project *p,
			 struct error *err)
{
	if (!project_decided(p, &s->item, &s->masks, err))
		return false;
	if (s->item.verdict_seq == 0)
		return error_set(err, ERR_USAGE, _("this item is not "
						   "decided"));
	fprintf(s->out, _("item %s  record %lld  %s  %zu boxes\n"),
		s->item.id, s->item.verdict_seq,
		wording(item_state_name[s->item.state]), s->masks.box_count);
	if (s->masks.after.item[0])
		fprintf(s->out, _("in a group after %s, record %lld; seen was "
				  "the contact sheet\n"), s->masks.after.item,
			s->masks.after.seq);
	return true;
}

bool replay(const struct replay_options *o, FILE *out, struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .reading = true };
	struct scene_again s = { .options = o, .out = out,
				 .slot = { .fd = -1 } };
	struct project *p = project_open(&options, err);
	bool good = p && find_item(p, o->item, &s.item, err);
	bool found = good;

	good = good && show_verdict(&s, p, err);
	if (good && !show_all(&s))
		good = error_set(err, ERR_INTERNAL, _("writing failed"));
	plane_free(s.plane);
	frame_free(s.slot.frame);
	workers_stop(s.workers);
	masks_done(&s.masks);
	if (found)
		worklist_item_done(&s.item);
	project_abandon(p);
	return good;
}
