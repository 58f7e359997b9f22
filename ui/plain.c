/* plain.c - the review in lines of text, without a screen. */
#include "config.h"

#include "ui/plain.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ui/canvas.h"
#include "ui/line.h"
#include "ui/term.h"
#include "ui/view.h"
#include "ui/wording.h"

enum {
	TICK_MS = 1000,                 /* looks at the file of the item */
	LINE_MS = 200,                  /* a line of input after the last:
					   Space is not heard twice in 150 ms
					   (DESIGN 8.2) */
};

struct plain {
	struct desk *desk;
	const struct keymap *keys;
	bool step;
	long long step_ms, last_line, last_tick;
	bool listing, deciding;
	bool ended;                     /* no more input */
	bool leave;
	bool answer;                    /* a line was heard: say the state */
	char text[LINE_TEXT];           /* of the line being read */
	size_t length;
	bool too_long;
	struct buffer item, state;      /* as written last */
	long long told_row;             /* whose lines item has; 0: the list */
	char message[DESK_NOTICE];      /* of this file, for the next state */
};

static long long now_ms(const struct plain *p)
{
	return p->step ? p->step_ms : term_now();
}

/* ---- what is written ---- */

/* In double quotes, those within and \ after a \; nothing that steers a
 * terminal. */
static void put_quoted(struct buffer *out, const char *text)
{
	buffer_puts(out, "\"");
	while (*text) {
		const char *from = text;
		uint32_t c = utf8_next(&text);

		if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0xfffd) {
			buffer_puts(out, "?");
			continue;
		}
		if (c == '"' || c == '\\')
			buffer_puts(out, "\\");
		buffer_append(out, from, (size_t)(text - from));
	}
	buffer_puts(out, "\"");
}

static const char *decision_word(const struct decided_box *b)
{
	if (b->box.tier == TIER_CANDIDATE)
		return "candidate";
	return b->decision == DECISION_MASK ? "proposed" :
	       b->decision == DECISION_NO_MASK ? "rejected" :
	       box_decision_name[b->decision];
}

/* Is there a placement, which words can fill? */
static bool is_told(const struct evidence_plan *plan, size_t evidence)
{
	for (size_t i = 0; i < plan->placement_count; i++)
		if ((size_t)plan->placement[i].evidence == evidence)
			return true;
	return false;
}

/* What of the box needs the screen. */
static bool box_needs_screen(const struct evidence_plan *plan, int box)
{
	for (size_t i = 0; i < plan->evidence_count; i++)
		if (plan->evidence[i].box == box && !is_told(plan, i))
			return true;
	return false;
}

static void put_box(const struct review *m, int index, struct buffer *out)
{
	size_t count;
	const struct decided_box *d = &review_boxes(m, &count)[index];
	const struct box *b = &d->box;
	const struct image_info *info = review_info(m);

	buffer_printf(out, "%d %s %s ", index + 1, decision_word(d),
		      box_class_name[b->class_]);
	put_quoted(out, b->text);
	buffer_printf(out, " %d %d %d %d score %d why ", b->region.x0,
		      b->region.y0, region_width(b->region),
		      region_height(b->region), b->score / 10);
	if (strpbrk(b->why, " \"\\"))
		put_quoted(out, b->why);
	else
		buffer_puts(out, b->why);
	if (b->kind != KIND_IDENTIFIER)
		buffer_printf(out, " kind %s", box_kind_name[b->kind]);
	if (info && info->frames > 1)
		buffer_printf(out, " frames %d-%d", b->frame0 + 1,
			      b->frame1 + 1);
	if (b->plane == PLANE_BITS)
		buffer_puts(out, " plane bits");
	else if (b->plane != PLANE_PICTURE)
		buffer_printf(out, " plane %04x", (unsigned)b->plane);
	if (box_needs_screen(review_evidence(m), index))
		buffer_puts(out, " needs-screen");
	buffer_puts(out, "\n");
}

/* How much of each kind has no box that could say it. */
static void put_needs(const struct evidence_plan *plan, struct buffer *out)
{
	static const struct { enum evidence_kind kind; const char *word; }
		kinds[] = { { EVIDENCE_EDGE, "edge" },
			    { EVIDENCE_FAINT, "faint" },
			    { EVIDENCE_PROJECTION, "frames" } };

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		int count = 0;

		for (size_t i = 0; i < plan->evidence_count; i++)
			count += plan->evidence[i].kind == kinds[k].kind;
		if (count)
			buffer_printf(out, "needs-screen %s %d\n",
				      kinds[k].word, count);
	}
}

static void put_item(const struct plain *p, struct buffer *out)
{
	const struct review *m = p->desk->model;
	const struct worklist_item *item = review_item(m);
	const struct image_info *info = review_info(m);
	size_t count;
	const struct decided_box *box = review_boxes(m, &count);

	buffer_printf(out, "item %lld of %lld %s", item->row, p->desk->total,
		      item_state_name[item->state]);
	if (info)
		buffer_printf(out, " %s %d %d frames %d",
			      *info->modality ? info->modality : "-",
			      info->columns, info->rows, info->frames);
	if (item->name) {
		buffer_puts(out, " name ");
		put_quoted(out, item->name);
	}
	if (item->why_flagged) {
		buffer_puts(out, " flagged ");
		put_quoted(out, item->why_flagged);
	}
	buffer_puts(out, "\n");
	for (size_t i = 0; i < count; i++)
		if (box[i].box.tier == TIER_BOX ||
		    box[i].box.tier == TIER_CANDIDATE)
			put_box(m, (int)i, out);
	put_needs(review_evidence(m), out);
	if (review_faces_missing(m))
		buffer_puts(out, "needs-screen faces\n");
}

static bool put_list(const struct plain *p, struct buffer *out,
		     struct error *err)
{
	struct desk *d = p->desk;
	long long row = order_row(&d->order, review_cursor(d->model));
	struct worklist_item item;

	buffer_printf(out, "list %lld open %lld masked %lld clean %lld "
		      "withheld %lld escalated %lld refused %lld\n", d->total,
		      d->by_state[ITEM_LISTED] + d->by_state[ITEM_PROPOSED] +
		      d->by_state[ITEM_OPEN], d->by_state[ITEM_MASKED],
		      d->by_state[ITEM_CLEAN], d->by_state[ITEM_WITHHELD],
		      d->by_state[ITEM_ESCALATED], d->by_state[ITEM_REFUSED]);
	if (!row)
		return true;
	if (!worklist_get(d->project->worklist, row, &item, err))
		return false;
	buffer_printf(out, "at %lld %s output %s name ", row,
		      item_state_name[item.state],
		      item.held ? "held" : output_state_name[item.output]);
	put_quoted(out, item.name ? item.name : "");
	buffer_puts(out, "\n");
	worklist_item_done(&item);
	return true;
}

static const char *const space_word[SPACE_ACTIONS] = {
	[SPACE_EVIDENCE] = "evidence", [SPACE_APPROVE] = "approve",
	[SPACE_WAIT_READING] = "wait",
	[SPACE_BLOCKED_FACES] = "needs-screen",
	[SPACE_BLOCKED_FAILED] = "needs-screen",
	[SPACE_BLOCKED_CHANGED] = "changed",
	[SPACE_BLOCKED_LEGIBLE] = "needs-screen",
	[SPACE_BLOCKED_REJECTED_ALL] = "needs-screen",
	[SPACE_BLOCKED_FAINT] = "needs-screen",
	[SPACE_BLOCKED_HEAD] = "needs-head-mask",
	[SPACE_BLOCKED_SCAN] = "needs-screen",
	[SPACE_CLEAN_NEEDED] = "needs-screen",
	[SPACE_TOUR] = "needs-screen", [SPACE_KEEP_EDIT] = "keep",
	[SPACE_OPEN_ITEM] = "open", [SPACE_NEXT] = "next",
	[SPACE_NOTHING] = "nothing",
};

static bool needs_screen(const struct plain *p)
{
	return !strcmp(space_word[review_space(p->desk->model, NULL, NULL)],
		       "needs-screen");
}

static void put_choices(const struct review *m, struct buffer *out)
{
	if (review_mode(m) == MODE_REASON) {
		for (int i = 1; i < REVIEW_REASONS; i++)
			if (review_offers(m, i))
				buffer_printf(out, "choice %d %s\n", i,
					      _(review_reason_text[i]));
	} else if (review_mode(m) == MODE_CLASS) {
		for (int i = 0; i < CLASSES; i++)
			buffer_printf(out, "choice %c %s\n",
				      review_class_letter[i],
				      box_class_name[i]);
	}
}

static void put_state(const struct plain *p, struct buffer *out)
{
	const struct review *m = p->desk->model;
	const char *said[] = { p->message, p->desk->notice,
			       review_message(m) };
	char text[VIEW_MESSAGE];
	int n, of;
	enum space_action action = review_space(m, &n, &of);

	if (!review_listing(m) && review_selected(m) >= 0)
		buffer_printf(out, "selected %d\n", review_selected(m) + 1);
	if (review_mode(m) == MODE_EDIT || review_mode(m) == MODE_ADD) {
		struct region a = review_area(m);
		static const char *const handle[] = { "all", "left", "top",
						      "right", "bottom" };

		buffer_printf(out, "edit %d %d %d %d edge %s\n", a.x0, a.y0,
			      region_width(a), region_height(a),
			      handle[review_handle(m)]);
	}
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (*said[i]) {
			key_message(p->keys, review_mode(m), said[i], text,
				    sizeof(text));
			buffer_printf(out, "message %s\n", text);
			break;
		}
	if (*view_asked(m))
		buffer_printf(out, "message %s\n", view_asked(m));
	put_choices(m, out);
	buffer_printf(out, "space %s", space_word[action]);
	if (action == SPACE_EVIDENCE)
		buffer_printf(out, " %d of %d", n, of);
	buffer_puts(out, "\n");
}

static bool write_out(const struct buffer *text, struct error *err)
{
	if (text->failed)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (text->length)
		fwrite(text->data, 1, text->length, stdout);
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_set(err, ERR_WRITE, "%s",
				 _("standard output can't be written"));
	return true;
}

/* Is the line one of these? */
static bool has_line(const struct buffer *lines, const char *line,
		     size_t length)
{
	const char *at = lines->data, *end;

	for (; at && (end = strchr(at, '\n')); at = end + 1)
		if ((size_t)(end - at) == length && !memcmp(at, line, length))
			return true;
	return false;
}

/* Write the lines that are new and keep all. */
static bool write_new(struct buffer *kept, struct buffer *now,
		      struct error *err)
{
	struct buffer fresh = { 0 };
	const char *at = now->data, *end;
	bool ok;

	for (; at && (end = strchr(at, '\n')); at = end + 1)
		if (!has_line(kept, at, (size_t)(end - at)))
			buffer_append(&fresh, at, (size_t)(end - at) + 1);
	fresh.failed = fresh.failed || now->failed;
	ok = write_out(&fresh, err);
	buffer_done(&fresh);
	buffer_done(kept);
	*kept = *now;
	*now = (struct buffer){ 0 };
	return ok;
}

static bool tell_item(struct plain *p, struct error *err)
{
	struct review *m = p->desk->model;
	struct buffer now = { 0 };
	long long row = 0;

	if (!review_listing(m) && review_item(m)) {
		row = review_item(m)->row;
		put_item(p, &now);
	}
	if (!row && !put_list(p, &now, err))
		return false;
	if (row != p->told_row)
		buffer_done(&p->item);
	p->told_row = row;
	return write_new(&p->item, &now, err);
}

/* What came by itself, each once. */
static bool tell_news(struct plain *p, struct error *err)
{
	struct news *news = &p->desk->news;
	struct buffer lines = { 0 };
	char text[VIEW_MESSAGE];
	bool ok;

	for (size_t i = 0; i < news->count; i++) {
		key_message(p->keys, review_mode(p->desk->model),
			    news->line[i].text, text, sizeof(text));
		buffer_printf(&lines, "message %s\n", text);
	}
	p->answer = p->answer || news->count > 0;
	ok = write_out(&lines, err);
	buffer_done(&lines);
	news_done(news);
	return ok;
}

/*
 * Write what is new of the item, then what Space will do.  What was written
 * is what the model takes for a painted screen.
 */
static bool tell(struct plain *p, struct error *err)
{
	struct review *m = p->desk->model;
	struct buffer now = { 0 };
	long long revision;
	bool ok = true;

	do {
		struct event painted = { .type = EVENT_PAINTED,
					 .ms = now_ms(p) };

		revision = painted.revision = review_revision(m);
		if (!tell_item(p, err))
			return false;
		desk_event(p->desk, &painted);
	} while (review_revision(m) != revision);
	if (!tell_news(p, err))
		return false;
	put_state(p, &now);
	if (p->answer || !p->state.data || !now.data ||
	    strcmp(p->state.data, now.data) != 0)
		ok = write_out(&now, err);
	p->answer = false;
	buffer_done(&p->state);
	p->state = now;
	return ok;
}

/* ---- what is heard ---- */

/* What needs no picture to be looked at. */
static const enum command heard[] = {
	CMD_APPROVE, CMD_REJECT, CMD_REJECT_ALL, CMD_WITHHOLD, CMD_ESCALATE,
	CMD_SELECT, CMD_BOX_NEXT, CMD_BOX_PREV, CMD_CANDIDATE_NEXT,
	CMD_CANDIDATE_PREV, CMD_TAKE, CMD_EDIT, CMD_CLASS, CMD_UNDO, CMD_REDO,
	CMD_LEFT, CMD_DOWN, CMD_UP, CMD_RIGHT, CMD_LEFT_8, CMD_DOWN_8,
	CMD_UP_8, CMD_RIGHT_8, CMD_HANDLE, CMD_GROW, CMD_SHRINK, CMD_BLOCKS,
	CMD_FULL_WIDTH, CMD_KEEP, CMD_DROP, CMD_ITEM_NEXT, CMD_ITEM_PREV,
	CMD_OPEN, CMD_LIST, CMD_LIST_FIRST, CMD_ITEM, CMD_NEXT_UNDECIDED,
	CMD_PREV_UNDECIDED, CMD_RELEASE, CMD_REMEMBER, CMD_HELP, CMD_REDRAW,
	CMD_BACK, CMD_QUIT,
};

/* Moves mean something in the list and while editing only. */
static bool is_heard(enum review_mode mode, enum command command)
{
	bool move = command >= CMD_LEFT && command <= CMD_RIGHT_8;

	if (!review_hears(mode, command) || (move && mode == MODE_REVIEW))
		return false;
	for (size_t i = 0; i < sizeof(heard) / sizeof(heard[0]); i++)
		if (heard[i] == command)
			return true;
	return false;
}

static void say(struct plain *p, const char *text)
{
	snprintf(p->message, sizeof(p->message), "%s", text);
}

static void help(const struct plain *p)
{
	enum review_mode mode = review_mode(p->desk->model);

	for (enum command c = CMD_NONE + 1; c < COMMAND_COUNT; c++) {
		int key = key_of(p->keys, mode, c);
		char name[16] = "-";

		if (!is_heard(mode, c))
			continue;
		if (key)
			key_name(key, name, sizeof(name));
		printf("help %s %s %s\n", command_info[c].word, name,
		       _(command_info[c].help));
	}
}

/* A key, or the name of one, with a count or a letter behind it. */
static bool key_line(const struct plain *p, const char *text,
		     struct event *event, int *letter)
{
	enum review_mode mode = review_mode(p->desk->model);
	size_t length = strcspn(text, " ");
	const struct binding *b;
	char word[LINE_TEXT];
	int key;

	*letter = '\0';
	if (!*text || strspn(text, " ") == strlen(text))
		return false;
	snprintf(word, sizeof(word), "%.*s", (int)length, text);
	key = key_of_name(word);
	b = key ? key_find(p->keys, mode, key) : NULL;
	if (b) {
		/* as the word of its command, which reads what is behind it */
		snprintf(word, sizeof(word), "%s%s",
			 command_info[b->command].word, text + length);
		return line_command(word, mode, event, letter);
	}
	event->type = EVENT_CHARACTER;
	event->character = *text;
	return key_asks(mode) && !text[1];
}

/* Given to the model, and the letter that it asks for then. */
static void give(struct plain *p, struct event *event, int letter)
{
	struct event answer = { .type = EVENT_CHARACTER, .ms = event->ms,
				.answered = true, .character = letter };

	desk_event(p->desk, event);
	if (letter && key_asks(review_mode(p->desk->model)))
		desk_event(p->desk, &answer);
}

static void give_command(struct plain *p, struct event *event, int letter)
{
	enum review_mode mode = review_mode(p->desk->model);

	if (!is_heard(mode, event->command))
		say(p, _("this needs the screen: review without --plain"));
	else if (event->command == CMD_HELP)
		help(p);
	else if (event->command == CMD_REDRAW)
		buffer_done(&p->item);
	else if (event->command == CMD_APPROVE && needs_screen(p))
		say(p, _("this item can't be told in words; not approved: "
			 "review it without --plain, or withhold or escalate "
			 "it"));
	else
		give(p, event, letter);
}

static void hear(struct plain *p)
{
	enum review_mode mode = review_mode(p->desk->model);
	struct event event = { .answered = true };
	bool asks = key_asks(mode);
	int letter = '\0';

	p->answer = true;
	p->message[0] = p->desk->notice[0] = '\0';
	p->step_ms += LINE_MS;
	event.ms = now_ms(p);
	p->last_line = term_now();
	if (!*p->text && !p->too_long)
		buffer_done(&p->item);
	else if (p->too_long ||
	    !((!asks && line_command(p->text, mode, &event, &letter)) ||
	      key_line(p, p->text, &event, &letter) ||
	      (asks && line_command(p->text, mode, &event, &letter))))
		say(p, _("no such command here; help lists what there is"));
	else if (event.type == EVENT_COMMAND)
		give_command(p, &event, letter);
	else
		give(p, &event, '\0');
}

/* Take a byte; true: it ended a line. */
static bool take_byte(struct plain *p, char c)
{
	if (c == '\n')
		return true;
	if (p->length + 1 < sizeof(p->text) && c)
		p->text[p->length++] = c;
	else
		p->too_long = true;
	return false;
}

/*
 * No byte after the line is read yet: it counts after the next lines written.
 * A line that was not ended is none: what sent it may have died.
 */
static void read_line(struct plain *p)
{
	struct pollfd more = { STDIN_FILENO, POLLIN, 0 };
	char c;
	ssize_t n;

	do {
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR)
			return;
		if (n <= 0)
			p->ended = true;
		if (n <= 0 || take_byte(p, c))
			break;
	} while (poll(&more, 1, 0) > 0);
	if (n <= 0 || c != '\n')
		return;
	p->text[p->length] = '\0';
	p->length = 0;
	hear(p);
	p->too_long = false;
}

/* ---- the loop ---- */

/* Is all there that Space could depend on? */
static bool is_settled(const struct plain *p)
{
	struct desk *d = p->desk;
	const struct slot *slot = items_current(&d->items);

	if (p->listing || p->deciding)
		return false;
	if (review_listing(d->model) || !slot || slot->failed)
		return true;
	return (review_awaits_paint(d->model) ||
		review_space(d->model, NULL, NULL) != SPACE_WAIT_READING) &&
	       slot->frame_index == review_view(d->model)->frame_index;
}

static void take_effects(struct plain *p)
{
	unsigned effects = p->desk->effects;

	p->desk->effects = 0;
	if (effects & EFFECT_FLUSH_INPUT && isatty(STDIN_FILENO)) {
		tcflush(STDIN_FILENO, TCIFLUSH);
		p->length = 0;
	}
	if (effects & EFFECT_QUIT)
		p->ended = true;
	p->leave = p->desk->error.code ||
		   (p->ended && !p->listing && !p->deciding &&
		    !outputs_busy(p->desk->outputs));
}

static void wait_for(struct plain *p, bool input)
{
	long long left = p->last_line + LINE_MS - term_now();
	bool busy = p->listing || p->deciding;
	struct pollfd fds[] = {
		{ workers_fd(p->desk->workers), POLLIN, 0 },
		{ STDIN_FILENO, POLLIN, 0 },
	};
	struct worker_event event;

	input = input && !p->ended;
	poll(fds, input && left <= 0 ? 2 : 1, busy ? 0 :
	     input && left > 0 ? (int)left : TICK_MS);
	while (workers_next(p->desk->workers, &event)) {
		desk_worker(p->desk, &event);
		worker_event_done(&event);
		fds[1].revents = 0;     /* told first */
	}
	if (fds[1].revents)
		read_line(p);
}

static void step(struct plain *p)
{
	if (p->listing)
		p->listing = desk_list_more(p->desk);
	p->deciding = desk_all_more(p->desk);
	if (term_now() - p->last_tick >= TICK_MS) {
		p->last_tick = term_now();
		desk_tick(p->desk, now_ms(p));
	}
}

static bool loop(struct plain *p, struct error *err)
{
	while (!p->leave) {
		bool settled = is_settled(p);

		if (settled && !tell(p, err))
			return false;
		/* telling may ask for another frame */
		wait_for(p, settled && is_settled(p));
		step(p);
		take_effects(p);
	}
	return true;
}

bool plain_run(struct desk *desk, const struct keymap *keys, bool step_time,
	       struct error *err)
{
	struct plain p = { .desk = desk, .keys = keys, .step = step_time,
			   .listing = true,
			   .last_line = LLONG_MIN / 2 };
	struct event event = { .type = EVENT_SCREEN };
	bool ok;

	view_screen(80, 24, PICTURE_BRAILLE, &event.screen);
	event.screen.plain = event.screen.split = true;
	event.ms = now_ms(&p);
	desk->items.afresh = true;
	if (isatty(STDIN_FILENO))
		printf("message %s\n",
		       _("type a command: help lists them, open shows an "
			 "item, quit leaves"));
	desk_event(desk, &event);
	ok = loop(&p, err) && tell_news(&p, err);
	buffer_done(&p.item);
	buffer_done(&p.state);
	return ok;
}
