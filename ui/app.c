/* app.c - the review command: options, start and end, the event loop. */
#include "config.h"

#include "ui/app.h"

#include <langinfo.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "find/face_find.h"
#include "find/proposal.h"
#include "process/sandbox.h"
#include "process/source.h"
#include "record/policy.h"
#include "ui/desk.h"
#include "ui/errand.h"
#include "ui/input.h"
#include "ui/key.h"
#include "ui/keyfile.h"
#include "ui/line.h"
#include "ui/plain.h"
#include "ui/preferences.h"
#include "ui/prompt.h"
#include "ui/search.h"
#include "ui/term.h"
#include "ui/view_card.h"

enum {
	TICK_MS = 1000,                 /* looks at the file on the screen */
	SEED_STEP_MS = 200,             /* a key, where the clock is fixed */
	IMPORT_MAX = 256 * 1024 * 1024, /* bytes of a proposals file */
	HELP_TEXT = 64,
	LINE_MATCHES = 1024,
};
static const char default_project[] = "./suminuri-project";

/* ---- options ---- */

const struct option_row app_options[] = {
	{ 'o', "project", "PROJECT", N_("the project directory "
					"(else ./suminuri-project)") },
	{ 'r', "reviewer", "CODE", N_("who decides; remembered") },
	{ 'q', "qualification", "WORD",
	  N_("any, staff, technologist, physician, radiologist; remembered") },
	{ 'p', "proposals", "FILE", N_("add the boxes of a proposals file") },
	{ 'k', "keep-names", NULL, N_("outputs keep the names below PATH") },
	{ 'P', "plain", NULL, N_("lines of text in and out, no screen") },
	APP_LOOK_ROWS,
	{ 'h', "help", NULL, N_("show this help") },
	{ 0, NULL, NULL, NULL }
};

struct settings {
	const char *project, *reviewer, *qualification, *proposals;
	bool keep_names, has_seed, plain;
	int idle;                       /* minutes; 0: never blanked */
	unsigned long seed;
	struct term_options term;
	struct detect_options detect;   /* where faces are looked for */
	char *const *path;              /* borrowed */
	int paths;
};

/* Index of a word, -1 for `any` (where there is one); false: no such word. */
static bool find_word(const char *const *words, int count, const char *any,
		      const char *word, int *index)
{
	*index = -1;
	if (!word || (any && !strcmp(word, any)))
		return true;
	for (int i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			*index = i;
	return *index >= 0;
}

static bool read_look(const struct options *o, struct term_options *term,
		      struct error *err)
{
	const char *modes[PICTURE_MODES];

	for (int i = 0; i < PICTURE_MODES; i++)
		modes[i] = picture_mode_info[i].name;
	term->ascii = options_value(o, 'a');
	if (!find_word(modes, PICTURE_MODES, "auto", options_value(o, 'g'),
		       &term->mode))
		return error_set(err, ERR_USAGE, "--graphics: %s",
				 _("no such mode; see review --help"));
	if (!find_word(colours_name, COLOURS_COUNT, NULL,
		       options_value(o, 'c'), &term->colours))
		return error_set(err, ERR_USAGE, "--colors: %s",
				 _("no such colours; see review --help"));
	return true;
}

/* A single PATH that is a project is resumed. */
static bool settle_project(struct settings *s, struct error *err)
{
	if (!s->project && s->paths == 1 && project_is(s->path[0])) {
		s->project = s->path[0];
		s->paths = 0;
	}
	if (!s->paths && !s->project)
		return error_set(err, ERR_USAGE, "%s",
				 _("name a PATH; see review --help"));
	if (!s->project)
		s->project = default_project;
	return true;
}

static bool read_settings(const struct options *o, struct settings *s,
			  const struct errand *errand, struct error *err)
{
	struct preferences preferences;
	long fd = -1, seed = 0, idle;

	*s = (struct settings){
		.project = options_value(o, 'o'),
		.reviewer = options_value(o, 'r'),
		.qualification = options_value(o, 'q'),
		.proposals = options_value(o, 'p'),
		.keep_names = options_value(o, 'k'),
		.has_seed = options_value(o, 'S'),
		.plain = !errand && options_value(o, 'P'),
		.path = o->argument, .paths = o->arguments,
	};
	if (errand) {
		s->project = errand->project;
		s->paths = 0;
	}
	if (!preferences_load(&preferences, err))
		return false;
	idle = preferences.idle;
	if (!options_number(o, app_options, 'i', 0, PREFERENCES_IDLE_MOST,
			    &idle, err) ||
	    !options_number(o, app_options, 'F', 0, INT_MAX, &fd, err) ||
	    !options_number(o, app_options, 'S', 0, LONG_MAX, &seed, err) ||
	    !read_look(o, &s->term, err) ||
	    !face_options(options_value(o, 'f'), options_value(o, 'M'),
			  &s->detect, err))
		return false;
	s->idle = (int)idle;
	s->term.test_fd = (int)fd;
	s->seed = (unsigned long)seed;
	return errand || settle_project(s, err);
}

/* ---- the program while it runs ---- */

struct app {
	struct settings settings;
	struct errand *errand;          /* NULL: a review */
	struct workers *workers;
	struct term *term;
	struct project *project;
	struct source *source;
	struct desk desk;
	bool has_desk;
	struct canvas canvas;
	struct keymap keys;
	struct key_prefix prefix;
	struct buffer import;
	bool draw, leave;
	int signal;                     /* that ended it */
	long long seed_ms, last_tick;
	enum review_mode before_help;
	bool card;                      /* the test card is on the screen */
	bool blank;                     /* nothing is */
	bool news_up;                   /* news had their turn when it was
					   drawn last */
	long long key_ms, blank_ms;     /* of the last key; blanked since */
	struct plane *card_plane;
	char card_note[512];
	char help_search[HELP_TEXT];
	int help_selected;
	struct line line;
};

/* Milliseconds as the model and the log see them. */
static long long model_ms(const struct app *a)
{
	return a->settings.has_seed ? a->seed_ms : term_now();
}

static bool size_canvas(struct app *a, struct error *err)
{
	canvas_done(&a->canvas);
	if (!canvas_init(&a->canvas, term_columns(a->term),
			 term_rows(a->term), term_charset(a->term), err))
		return false;
	a->canvas.scene = term_scene(a->term);
	return true;
}

static void tell_screen(struct app *a)
{
	struct event event = { .type = EVENT_SCREEN, .ms = model_ms(a) };

	view_screen(term_columns(a->term), term_rows(a->term),
		    term_look(a->term)->mode, &event.screen);
	event.screen.cell_width = term_look(a->term)->cell_width;
	event.screen.cell_height = term_look(a->term)->cell_height;
	desk_event(&a->desk, &event);
	a->draw = true;
}

/* ---- the test card ---- */

static struct card make_card(const struct app *a)
{
	return (struct card){ .look = term_look(a->term),
			      .probe = term_probe(a->term),
			      .around = term_around(a->term),
			      .plane = a->card_plane, .note = a->card_note };
}

static bool draw_card(struct app *a)
{
	struct card card = make_card(a);

	view_card(&card, &a->canvas);
	a->draw = false;
	if (!term_frame(a->term, &a->canvas, -1, term_now()))
		a->leave = true;
	return true;
}

/* '#' shows it wherever no other key is waited for. */
static void show_card(struct app *a)
{
	if (!a->card_plane)
		a->card_plane = card_plane();
	a->card = a->card_plane;
	a->card_note[0] = '\0';
	a->draw = true;
}

static void card_key(struct app *a, int key)
{
	struct card card = make_card(a);
	int mode = card_choice(&card, key);
	struct error err = { 0 };

	a->draw = true;
	if (mode >= 0) {
		bool kept = term_choose(a->term, (enum picture_mode)mode,
					&err);

		snprintf(a->card_note, sizeof(a->card_note), "%s",
			 kept ? _("kept for this terminal") : err.text);
		tell_screen(a);
	} else if (key == 'q' || key == KEY_ESCAPE || key == '#') {
		/* what is typed now was meant for the card */
		a->card = false;
		term_flush(a->term);
	} else {
		snprintf(a->card_note, sizeof(a->card_note), "%s",
			 key > '0' && key <= '0' + PICTURE_MODES ?
			 _("not here: take another number") :
			 _("no other key here: a number chooses, q goes back"));
	}
}

/* ---- nothing on the screen ---- */

static void tell_blank(struct app *a)
{
	struct event event = { .type = EVENT_BLANK, .ms = model_ms(a),
			       .blank = a->blank };

	desk_event(&a->desk, &event);
	a->draw = true;
}

static void blank(struct app *a)
{
	if (a->blank)
		return;
	a->blank = true;
	a->blank_ms = model_ms(a);
	term_scrub(a->term);
	tell_blank(a);
}

/* What was typed while nothing could be seen does nothing else. */
static void wake(struct app *a)
{
	a->blank = false;
	a->key_ms = term_now();
	if (a->desk.begun_ms)
		a->desk.begun_ms += model_ms(a) - a->blank_ms;
	tell_blank(a);
	term_flush(a->term);
	term_clear(a->term);
}

static bool draw_blank(struct app *a)
{
	view_blank(&a->canvas);
	a->draw = false;
	if (!term_frame(a->term, &a->canvas, -1, term_now()))
		a->leave = true;
	return true;
}

/* What came by itself and is to be shown now; NULL.  Not while something is
 * asked for: the choices may lie over a part of it. */
static const char *news_now(struct app *a)
{
	const char *answer = review_message(a->desk.model);
	enum review_mode mode = review_mode(a->desk.model);

	if (key_asks(mode) || mode == MODE_TAGGED)
		return NULL;
	return news_turn(&a->desk.news, *answer ? answer : a->desk.notice,
			 model_ms(a));
}

static bool draw(struct app *a, struct error *err)
{
	struct view_data v = {
		.look = term_look(a->term), .project = a->settings.project,
		.finest = !probe_has_finer(term_probe(a->term),
					   term_around(a->term),
					   term_look(a->term)->mode),
		.project_fresh = a->project->fresh,
		.keys = &a->keys, .help_mode = a->before_help, .help_search = a->help_search,
		.help_selected = a->help_selected,
		.line_sign = a->line.sign, .line = a->line.text,
	};
	char matches[LINE_MATCHES];
	bool told = false;

	a->news_up = news_now(a);
	if (a->blank || a->card)
		news_shown(&a->desk.news, false, model_ms(a));
	if (a->blank)
		return draw_blank(a);
	if (a->card)
		return draw_card(a);
	line_matches(&a->line, review_mode(a->desk.model), matches,
		     sizeof(matches));
	v.line_matches = a->line.refused ? _("switch the input method off") :
			 matches;
	bool ok = desk_view(&a->desk, view_list_rows(a->canvas.rows), &v, err);

	if (ok) {
		long long revision = view_shows_page(&v, &a->canvas) ?
				     review_revision(a->desk.model) : -1;

		v.news = news_now(a);
		v.news_waiting = (int)a->desk.news.count - (v.news != NULL);
		told = v.news && view_shows_message(&v, &a->canvas);
		view_draw(&v, &a->canvas);
		if (!term_frame(a->term, &a->canvas, revision, term_now()))
			a->leave = true;
	}
	news_shown(&a->desk.news, told, model_ms(a));
	desk_view_done(&v);
	a->draw = false;
	return ok;
}

/* What a key of the help or the line stands for goes to the model.  letter:
 * answers what the command asks for; '\0' none. */
static void run_command(struct app *a, const struct event *event, int letter)
{
	struct event answer = { .type = EVENT_CHARACTER, .ms = event->ms,
				.answered = event->answered,
				.character = letter };
	enum review_mode mode;

	desk_event(&a->desk, event);
	mode = review_mode(a->desk.model);
	if (letter && (mode == MODE_CLASS || mode == MODE_REASON ||
		       mode == MODE_SORT || mode == MODE_WINDOW))
		desk_event(&a->desk, &answer);
}

/* Enter in the help: back, and what is selected. */
static void help_run(struct app *a, const struct event *key)
{
	struct event event = *key;
	enum command command = view_help_entry(&a->keys, a->before_help,
					       a->help_search,
					       a->help_selected);

	event.command = CMD_BACK;
	desk_event(&a->desk, &event);
	event.command = command;
	event.count = 0;
	if (review_hears(a->before_help, command))
		run_command(a, &event, '\0');
	else
		snprintf(a->desk.notice, sizeof(a->desk.notice), "%s",
			 _("this command does nothing here"));
}

static void help_select(struct app *a, int by)
{
	int last = view_help_entries(&a->keys, a->before_help,
				     a->help_search) - 1;

	a->help_selected += by;
	if (a->help_selected > last)
		a->help_selected = last;
	if (a->help_selected < 0)
		a->help_selected = 0;
}

/* Moving in the help and running an entry. */
static bool help_key(struct app *a, const struct event *event)
{
	static const struct { enum command command; int by; } moves[] = {
		{ CMD_DOWN, 1 }, { CMD_UP, -1 }, { CMD_DOWN_8, 10 },
		{ CMD_UP_8, -10 },
	};

	a->draw = true;
	if (event->command == CMD_OPEN) {
		help_run(a, event);
		return true;
	}
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].command == event->command) {
			help_select(a, moves[i].by);
			return true;
		}
	return false;
}

/* Every letter, digit, sign and blank is searched for. */
static bool help_type(struct app *a, int key)
{
	if (!search_type(a->help_search, sizeof(a->help_search), key))
		return false;
	a->help_selected = 0;
	a->desk.notice[0] = '\0';
	a->draw = true;
	return true;
}

/* The line was ended by Enter. */
static void line_done(struct app *a, char sign, const struct term_event *key)
{
	struct event event = { .answered = key->answered,
			       .ms = model_ms(a) };
	int letter;

	if (sign == '/') {
		desk_filter(&a->desk, a->line.text);
		return;
	}
	if (line_command(a->line.text, review_mode(a->desk.model), &event,
			 &letter))
		run_command(a, &event, letter);
	else if (a->line.length)
		snprintf(a->desk.notice, sizeof(a->desk.notice), "%s",
			 _("no such command here; Tab shows what there is"));
}

static void take_line_key(struct app *a, const struct term_event *key)
{
	char sign = a->line.sign;

	a->desk.notice[0] = '\0';
	if (line_key(&a->line, review_mode(a->desk.model), key->key) ==
	    LINE_DONE)
		line_done(a, sign, key);
	a->draw = true;
}

static bool too_small(const struct app *a)
{
	return a->canvas.columns < VIEW_LEAST_COLUMNS ||
	       a->canvas.rows < VIEW_LEAST_ROWS;
}

/* Only what was read after the answer was on the screen counts. */
static void answer_key(struct app *a, const struct term_event *key)
{
	bool on = key->key == ' ' || key->key == '\r';

	a->desk.notice[0] = '\0';
	if (key->key == 'q' || key->key == 'Q')
		a->leave = true;
	else if (on && key->answered)
		desk_go_on(&a->desk, model_ms(a));
	else if (!on)
		snprintf(a->desk.notice, sizeof(a->desk.notice), "%s",
			 _("no other key here: Space goes on, Q leaves"));
	a->draw = true;
}

/* A key that means nothing here.  The model forgets what it said last, which
 * would hide that; where it asks, it says what it waits for. */
static void no_key(struct app *a, enum review_mode mode,
		   const struct event *event)
{
	desk_event(&a->desk, &(struct event){ .type = EVENT_CHARACTER,
					      .ms = event->ms,
					      .answered = event->answered });
	if (!key_asks(mode))
		snprintf(a->desk.notice, sizeof(a->desk.notice), "%s",
			 mode == MODE_HELP ?
			 _("no key here: Esc leaves the help") :
			 _("no key here: {help} shows those there are"));
}

static void give_key(struct app *a, const struct term_event *key)
{
	enum review_mode mode = review_mode(a->desk.model);
	struct event event = { .answered = key->answered };

	a->key_ms = term_now();
	if (a->blank) {
		wake(a);
		return;
	}
	if (too_small(a)) {
		a->leave = key->key == 'q' || key->key == 'Q';
		return;
	}
	if (a->card) {
		card_key(a, key->key);
		return;
	}
	a->seed_ms += SEED_STEP_MS;
	news_key(&a->desk.news, key->answered, model_ms(a));
	if (a->desk.answer) {
		answer_key(a, key);
		return;
	}
	event.ms = model_ms(a);
	if (a->line.sign) {
		take_line_key(a, key);
		return;
	}
	if (mode == MODE_HELP && help_type(a, key->key))
		return;
	if (!key_event(&a->prefix, mode, key->key, &event)) {
		if (key->key > 0x7f && key->key < KEY_ARROW_UP)
			snprintf(a->desk.notice, sizeof(a->desk.notice), "%s",
				 _("switch the input method off"));
		else if (key_asks(mode) ||
			 (!a->prefix.count && key->key != KEY_ESCAPE))
			no_key(a, mode, &event);
		a->draw = true;
		return;
	}
	if (mode == MODE_HELP && event.type == EVENT_COMMAND &&
	    help_key(a, &event))
		return;
	if (mode != MODE_HELP) {
		a->before_help = mode;
		a->help_search[0] = '\0';
		a->help_selected = 0;
	}
	desk_event(&a->desk, &event);
	a->draw = true;
}

/* ---- the mouse ---- */

static void toggle_mouse(struct app *a)
{
	bool on = !term_has_mouse(a->term);

	term_mouse(a->term, on);
	snprintf(a->desk.notice, sizeof(a->desk.notice), "%s", on ?
		 _("mouse on: click, drag, wheel; off again with the same key")
		 : _("mouse off"));
	a->draw = true;
}

static void wheel(struct app *a, bool up)
{
	enum review_mode mode = review_mode(a->desk.model);
	bool frames = review_hears(mode, CMD_FRAME_NEXT);
	struct event event = { .type = EVENT_COMMAND, .ms = model_ms(a) };

	event.command = frames ? up ? CMD_FRAME_PREV : CMD_FRAME_NEXT :
			up ? CMD_UP : CMD_DOWN;
	if (mode == MODE_HELP)
		help_key(a, &event);
	else if (review_hears(mode, event.command))
		desk_event(&a->desk, &event);
}

static void point(struct app *a, const struct term_event *mouse)
{
	static const enum point points[] = {
		[MOUSE_PRESS] = POINT_PRESS, [MOUSE_DRAG] = POINT_DRAG,
		[MOUSE_RELEASE] = POINT_RELEASE,
	};
	struct event event = { .type = EVENT_POINT, .ms = model_ms(a),
			       .point = points[mouse->mouse] };
	struct view_data v = { .look = term_look(a->term) };
	struct error err = { 0 };
	int at;

	if (!desk_view(&a->desk, view_list_rows(a->canvas.rows), &v, &err))
		return;
	at = view_list_point(&v, mouse->row);
	if (review_mode(v.model) == MODE_LIST) {
		if (mouse->mouse == MOUSE_PRESS && at >= 0)
			desk_pick(&a->desk, v.first + at);
	} else if (!review_listing(v.model) &&
		   view_point(&v, &a->canvas, mouse->column, mouse->row,
			      &event.x, &event.y, &event.box)) {
		desk_event(&a->desk, &event);
	}
	desk_view_done(&v);
}

/* Questions, lines and cards are for keys. */
static void take_mouse(struct app *a, const struct term_event *mouse)
{
	a->key_ms = term_now();
	a->draw = true;
	if (a->blank) {
		wake(a);
		return;
	}
	if (too_small(a) || a->card || a->desk.answer || a->line.sign)
		return;
	if (mouse->mouse == MOUSE_WHEEL_UP || mouse->mouse == MOUSE_WHEEL_DOWN)
		wheel(a, mouse->mouse == MOUSE_WHEEL_UP);
	else
		point(a, mouse);
}

/* At once: the next key is already part of the line. */
static void take_key(struct app *a, const struct term_event *key)
{
	const unsigned lines = EFFECT_LINE | EFFECT_SEARCH;

	give_key(a, key);
	if (a->desk.effects & lines)
		line_open(&a->line, a->desk.effects & EFFECT_LINE ? ':' : '/');
	if (a->desk.effects & EFFECT_CARD)
		show_card(a);
	a->desk.effects &= ~(lines | EFFECT_CARD);
}

static void take_painted(struct app *a, long long revision)
{
	struct event event = { .type = EVENT_PAINTED, .ms = model_ms(a),
			       .revision = revision };

	desk_event(&a->desk, &event);
}

static void take_terminal(struct app *a)
{
	for (;;) {
		struct term_event event = term_next(a->term, term_now());

		if (event.type == TERM_NOTHING)
			return;
		if (event.type == TERM_CLOSED) {
			a->signal = SIGHUP;
			a->leave = true;
			return;
		}
		if (event.type == TERM_LOOK)
			tell_screen(a);
		if (event.type == TERM_REFINE)
			a->draw = true;
		if (event.type == TERM_PAINTED)
			take_painted(a, event.revision);
		if (event.type == TERM_KEY)
			take_key(a, &event);
		if (event.type == TERM_MOUSE)
			take_mouse(a, &event);
		if (a->desk.effects & EFFECT_FLUSH_INPUT) {
			term_flush(a->term);
			a->desk.effects &= ~(unsigned)EFFECT_FLUSH_INPUT;
			a->draw = true;
		}
	}
}

static bool resize(struct app *a, struct error *err)
{
	/* the size may be the old one again: what was cut off is gone */
	term_cut(a->term);
	a->draw = true;
	if (!term_resize(a->term))
		return true;
	if (!size_canvas(a, err))
		return false;
	tell_screen(a);
	return true;
}

static bool take_signals(struct app *a, struct error *err)
{
	int number;

	while ((number = term_signal(a->term))) {
		if (number == SIGTSTP) {
			term_suspend(a->term);
			if (!size_canvas(a, err))
				return false;
			tell_screen(a);
		} else if (number == SIGWINCH || number == SIGCONT) {
			if (!resize(a, err))
				return false;
		} else {
			a->signal = number;
			a->leave = true;
		}
	}
	return true;
}

/* What the model asked of the terminal. */
static bool take_effects(struct app *a, struct error *err)
{
	unsigned effects = a->desk.effects;

	a->desk.effects = 0;
	if (effects & EFFECT_FLUSH_INPUT)
		term_flush(a->term);
	if (effects & EFFECT_BELL)
		term_bell(a->term);
	if (effects & EFFECT_CLEAR)
		term_clear(a->term);
	if (effects & EFFECT_MOUSE)
		toggle_mouse(a);
	if (effects & EFFECT_BLANK)
		blank(a);
	if (effects & EFFECT_SUSPEND) {
		term_suspend(a->term);
		if (!size_canvas(a, err))
			return false;
		tell_screen(a);
	}
	if (effects & EFFECT_QUIT)
		a->leave = true;
	if (effects)
		a->draw = true;
	return true;
}

static void take_workers(struct app *a)
{
	struct worker_event event;

	while (workers_next(a->workers, &event)) {
		desk_worker(&a->desk, &event);
		worker_event_done(&event);
	}
}

static int wait_ms(const struct app *a, bool busy)
{
	int ms = term_timeout(a->term, term_now());

	if (busy)
		return 0;
	return ms < 0 || ms > TICK_MS ? TICK_MS : ms;
}

/* What is ahead is made ready only while nothing comes. */
static void wait(struct app *a, struct pollfd *p, nfds_t count, bool busy)
{
	bool ahead = desk_waits(&a->desk);

	if (!poll(p, count, wait_ms(a, busy || ahead)) && ahead)
		desk_more(&a->desk);
}

static bool loop(struct app *a, struct error *err)
{
	bool listing = true, deciding = false;

	a->key_ms = term_now();

	tell_screen(a);
	while (!a->leave) {
		struct pollfd p[] = {
			{ term_fd(a->term), POLLIN, 0 },
			{ term_signal_fd(a->term), POLLIN, 0 },
			{ workers_fd(a->workers), POLLIN, 0 },
		};

		if (!take_effects(a, err))
			return false;
		if (a->leave)
			break;
		if (a->draw && term_ready(a->term, term_now()) &&
		    !draw(a, err))
			return false;
		if (!a->draw)
			term_idle(a->term);
		wait(a, p, 3, listing || deciding);
		if (p[0].revents)
			term_read(a->term, term_now());
		take_terminal(a);
		if (!take_signals(a, err))
			return false;
		if (p[2].revents)
			take_workers(a);
		if (listing)
			listing = desk_list_more(&a->desk);
		deciding = desk_all_more(&a->desk);
		if (term_now() - a->last_tick >= TICK_MS) {
			a->last_tick = term_now();
			desk_tick(&a->desk, model_ms(a));
			if ((news_now(a) != NULL) != a->news_up)
				a->draw = true;
			if (preferences_blank(a->settings.idle, term_now(),
					      a->key_ms))
				blank(a);
		}
	}
	return true;
}

/* ---- start ---- */

static bool draw_prompt(struct app *a, struct prompt *prompt,
			struct error *err)
{
	if (term_resize(a->term) && !size_canvas(a, err))
		return false;
	prompt_draw(prompt, &a->canvas);
	return term_frame(a->term, &a->canvas, 0, term_now());
}

/* What is signalled while the prompt waits.  False: it ends. */
static bool prompt_signals(struct app *a, bool *changed, struct error *err)
{
	int number;

	while ((number = term_signal(a->term))) {
		*changed = true;
		if (number == SIGTSTP) {
			term_suspend(a->term);
			if (!size_canvas(a, err))
				return false;
		} else if (number == SIGWINCH || number == SIGCONT) {
			term_cut(a->term);
		} else {
			a->signal = number;
			return false;
		}
	}
	return true;
}

/* Ask for the reviewer's code on the screen.  False: left. */
static bool ask_reviewer(struct app *a, struct prompt *prompt,
			 struct error *err)
{
	enum prompt_state state = PROMPT_OPEN;
	bool changed = true;

	while (state == PROMPT_OPEN) {
		struct pollfd p[] = { { term_fd(a->term), POLLIN, 0 },
				      { term_signal_fd(a->term), POLLIN, 0 } };
		struct term_event event;

		if (changed && !draw_prompt(a, prompt, err))
			return false;
		changed = false;
		term_idle(a->term);
		poll(p, 2, term_timeout(a->term, term_now()));
		if (p[0].revents)
			term_read(a->term, term_now());
		while ((event = term_next(a->term, term_now())).type !=
		       TERM_NOTHING) {
			if (event.type == TERM_CLOSED)
				return false;
			if (event.type == TERM_KEY && state == PROMPT_OPEN)
				state = prompt_key(prompt, event.key);
			changed = changed || event.type == TERM_KEY ||
				  event.type == TERM_LOOK;
		}
		if (!prompt_signals(a, &changed, err))
			return false;
	}
	return state == PROMPT_DONE;
}

static bool read_import(struct app *a, struct error *err)
{
	const char *name = a->settings.proposals;
	char block[65536];
	size_t n;
	FILE *in;

	if (!name)
		return true;
	in = fopen(name, "re");
	if (!in)
		return error_set(err, ERR_USAGE, "%s: %s", name,
				 _("the proposals can't be read"));
	while ((n = fread(block, 1, sizeof(block), in)) > 0 &&
	       a->import.length < IMPORT_MAX)
		buffer_append(&a->import, block, n);
	bool ok = !ferror(in) && feof(in) && !a->import.failed;

	fclose(in);
	if (!ok)
		return error_set(err, ERR_USAGE, "%s: %s", name,
				 _("the proposals can't be read"));
	return proposal_check(a->import.data, a->import.length, err) ||
	       error_prefix(err, "%s", name);
}

static struct project *open_one(struct app *a,
				const struct project_options *options,
				struct error *err)
{
	return a->errand ? a->errand->open(a->errand->self, options, err) :
			   project_open(options, err);
}

/* Open the project; ask for the reviewer's code when none is known. */
static bool open_project(struct app *a, const char *sandbox,
			 struct error *err)
{
	struct project_options options = {
		.directory = a->settings.project, .create = a->settings.paths,
		.keep_names = a->settings.keep_names,
		.reviewer = a->settings.reviewer, .role = "reviewer",
		.qualification = a->settings.qualification,
		.sandbox = sandbox,
		.has_seed = a->settings.has_seed, .seed = a->settings.seed,
	};
	struct prompt prompt = {
		.question = a->errand && a->errand->question ?
			    _(a->errand->question) :
			    _("Who reviews?  A code of letters and digits, "
			      "such as K01, no name: it stays in the log:"),
	};
	char why[sizeof(err->text)];    /* the last code was none */

	a->project = open_one(a, &options, err);
	if (a->project || options.reviewer || err->code != ERR_USAGE ||
	    (a->errand && a->errand->known) || a->settings.plain)
		return a->project;
	while (!a->project && err->code == ERR_USAGE &&
	       !(a->errand && a->errand->known)) {
		err->code = ERR_NONE;
		if (!ask_reviewer(a, &prompt, err))
			return false;
		options.reviewer = prompt.text;
		a->project = open_one(a, &options, err);
		if (a->project)
			break;
		snprintf(why, sizeof(why), "%s", err->text);
		prompt = (struct prompt){ .question = why };
	}
	return a->project;
}

/* A name that is mistyped makes no project. */
static bool find_paths(const struct app *a, struct error *err)
{
	for (int i = 0; i < a->settings.paths; i++) {
		const char *path = a->settings.path[i];

		if (*path != '@' && access(path, F_OK) != 0)
			return error_set(err, ERR_REFUSED, "%s: %s", path,
					 _("there is no such file or folder: "
					   "check its name"));
	}
	return true;
}

/* Detection starts before the project is opened. */
static bool find_detection(const struct app *a, struct detect_options *detect,
			   struct error *err)
{
	struct policy policy;

	*detect = a->settings.detect;
	if (!policy_of_project(a->settings.project, &policy, err))
		return false;
	workers_follow(&policy, detect);
	return policy_words_name(&policy, a->settings.project, detect->words,
				 sizeof(detect->words)) ||
	       error_set(err, ERR_USAGE, _("the name is too long"));
}

/* What is decided from now on has another name under it than before. */
static void tell_reviewer(struct app *a)
{
	if (a->project->other_reviewer)
		desk_say(&a->desk,
			 _("from now on %s decides, not who did last time"),
			 log_reviewer(a->project->log));
}

static void greet(struct app *a)
{
	const char *text = a->errand && a->errand->greeting ?
			   a->errand->greeting(a->errand->self) : "";

	if (*text)
		desk_say(&a->desk, "%s", text);
}

/* Coarse characters cost pages, and finer ones may be there: a multiplexer
 * does not tell. */
static void tell_coarse(struct app *a)
{
	const struct look *look = term_look(a->term);

	if (a->settings.term.mode >= 0 ||
	    picture_mode_info[look->mode].factor_x10 <= 10)
		return;
	if (term_charset(a->term) == CHARSET_ASCII)
		desk_say(&a->desk, "%s",
			 _("no UTF-8 here: letters must be drawn large; "
			   "LANG=C.UTF-8 shows more"));
	else
		desk_say(&a->desk, "%s",
			 _("coarse characters, so many pages: {card} may "
			   "offer finer ones"));
}

static bool run(struct app *a, struct error *err)
{
	struct detect_options detect;
	char sandbox[SANDBOX_NAME], path[PATH_MAX];
	bool own;

	a->prefix.keys = &a->keys;
	if (!keyfile_load(&a->keys, path, sizeof(path), &own, err) ||
	    !read_import(a, err) || !find_detection(a, &detect, err))
		return false;
	if (a->settings.paths) {
		if (!find_paths(a, err))
			return false;
		a->source = source_new(a->settings.path, a->settings.paths,
				       err);
		if (!a->source)
			return false;
	}
	a->workers = workers_start(&detect, err);
	if (!a->workers)
		return false;
	sandbox_layers_name(sandbox_layers(), sandbox);
	if (!a->settings.plain) {
		a->term = term_open(&a->settings.term, err);
		if (!a->term || !size_canvas(a, err))
			return false;
	}
	if (!open_project(a, sandbox, err))
		return false;
	a->has_desk = true;
	if (!desk_init(&a->desk, a->project, a->workers, a->source, err))
		return false;
	a->desk.errand = a->errand;
	a->desk.news.timeless = a->settings.has_seed;
	if (a->import.length) {
		a->desk.items.import = a->import.data;
		a->desk.items.import_length = a->import.length;
	}
	if (a->settings.plain)
		return plain_run(&a->desk, &a->keys, a->settings.has_seed,
				 err);
	greet(a);
	tell_reviewer(a);
	tell_coarse(a);
	return loop(a, err);
}

/* What W asked for and leaving cut short is not forgotten, nor is what nobody
 * asked for. */
static void print_unreleased(const struct desk *d, const char *project)
{
	const long long n = d->unreleased;

	if (n <= 0)
		return;
	printf(P_("%lld decided output is not released yet\n",
		  "%lld decided outputs are not released yet\n",
		  (unsigned long)n), n);
	if (d->project->policy.second)
		printf(_("'suminuri apply %s' releases what a second reader "
			 "agreed to ('suminuri qa review --mode=second %s')\n"),
		       project, project);
	else
		printf(_("'suminuri apply %s' releases what is decided\n"),
		       project);
}

/* Where to look for what is out. */
static void print_released(const struct desk *d, const char *project)
{
	if (d->released > 0)
		printf(_("%lld released, in %s/out\n"), d->released, project);
}

/* Blocked: outputs held back, and the item at hand when its file changed. */
static void print_counts(const struct desk *d)
{
	long long open = d->by_state[ITEM_LISTED] +
			 d->by_state[ITEM_PROPOSED] + d->by_state[ITEM_OPEN];

	printf(_("%lld open, %lld refused, %lld withheld, %lld escalated, "
		 "%lld blocked\n"),
	       open, d->by_state[ITEM_REFUSED], d->by_state[ITEM_WITHHELD],
	       d->by_state[ITEM_ESCALATED],
	       d->held_back + d->changed_told);
}

/* Ends all in the order of need: nothing may write to the screen after the
 * terminal was given back but the counts. */
static int finish(struct app *a, struct error *err)
{
	struct error close_error = { 0 };
	bool left = a->has_desk;
	int status = 0;

	term_close(a->term);
	if (a->has_desk && a->desk.error.code)
		*err = a->desk.error;
	else if (a->has_desk && !err->code)
		desk_keep(&a->desk, err);
	if (left && !err->code && !a->errand) {
		print_released(&a->desk, a->settings.project);
		print_unreleased(&a->desk, a->settings.project);
		print_counts(&a->desk);
	}
	if (a->project && project_alarm(a->project))
		fprintf(stderr, "suminuri: review: %s\n",
			project_alarm(a->project));
	if (a->has_desk)
		desk_done(&a->desk);
	if (!a->errand && a->project &&
	    !project_close(a->project, &close_error) && !err->code)
		*err = close_error;
	source_free(a->source);
	workers_stop(a->workers);
	canvas_done(&a->canvas);
	plane_free(a->card_plane);
	buffer_done(&a->import);
	keymap_done(&a->keys);
	if (a->errand)
		status = a->errand->end(a->errand->self, a->project, stdout,
					err);
	if (err->code) {
		fprintf(stderr, "suminuri: %s: %s\n", a->errand ?
			a->errand->command : "review", err->text);
		return error_exit_status(err->code);
	}
	return a->signal ? 128 + a->signal : status;
}

int app_errand(const struct options *o, struct errand *errand)
{
	struct app a = { .draw = true, .errand = errand };
	struct error err = { 0 };

	if (read_settings(o, &a.settings, errand, &err)) {
		/* the canvas takes UTF-8, whatever the terminal's set is */
		bind_textdomain_codeset(PACKAGE, "UTF-8");
		run(&a, &err);
		bind_textdomain_codeset(PACKAGE, nl_langinfo(CODESET));
	}
	return finish(&a, &err);
}

int app_review(const struct options *o)
{
	return app_errand(o, NULL);
}

bool app_keys(char *text, size_t size)
{
	struct error err = { 0 };
	struct keymap keys;
	char path[PATH_MAX];
	bool own, ok = keyfile_load(&keys, path, sizeof(path), &own, &err);

	if (!ok)
		snprintf(text, size, "%s", err.text);
	else if (own)
		snprintf(text, size, _("your own are read: %s"), path);
	else
		snprintf(text, size, "%s",
			 _("those built in; you have none of your own"));
	keymap_done(&keys);
	return ok;
}
