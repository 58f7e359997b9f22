/* term.c - the terminal: starts it, reads it, draws on it, restores it. */
#include "config.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "ui/choice.h"
#include "ui/input.h"
#include "ui/kitty.h"
#include "ui/paint.h"
#include "ui/scene.h"
#include "ui/sixel.h"

/* From <term.h>, which takes struct term and words like columns for itself. */
extern int setupterm(const char *term, int fd, int *status);
extern void *set_curterm(void *terminal);
extern int del_curterm(void *terminal);
extern char *tigetstr(const char *name);
extern int tigetnum(const char *name);

enum {
	PROBE_MS = 1000,        /* for all answers together */
	SILENT_MS = 150,        /* a frame counts as drawn then, where the
				   terminal never answers (DESIGN 8.2) */
	ANSWER_MS = 300,        /* waited for at the end */
	LOST_MS = 2000,         /* an answer that did not come by then is
				   lost: the next frame may be drawn */
	FRAME_TAGS = 16,        /* columns used to tell frames apart */
	BYTES = 4096,
	RESTORE = 512,
	SLOW_MS = 250,          /* a frame of pixels that takes longer is drawn
				   coarse first */
	IDLE_MS = 80,           /* without a key: then it is refined */
	RATE_BYTES = 8192,      /* smaller frames say nothing of the link */
	PIXEL_SHARE = 3,        /* pixels of sixels to a byte, about */
	LOST_BYTES = 16,        /* a frame of pixels is waited for longer: a
				   ms for so many bytes (128 kbit/s) */
};

/* What a terminal is made of that a signal handler needs: the one place. */
static struct {
	int pipe[2];
	struct restore {
		char text[RESTORE];     /* bytes that bring it back */
		volatile sig_atomic_t length;
	} *restore;                     /* shared with the guard */
	struct termios saved;
	volatile sig_atomic_t active;
	struct sigaction old[NSIG];
	pid_t guard;                    /* 0: none */
	int to_guard;
} tty = { .pipe = { -1, -1 }, .to_guard = -1 };

struct term {
	struct look look;
	enum charset charset;
	bool answers;                   /* to CSI 6n at all */
	bool mouse;                     /* what it does is asked for */
	bool closed;                    /* end of input or write error */
	int columns, rows, test_fd;
	SCREEN *screen;
	FILE *chrome;                   /* where curses writes: the terminal,
					   by a descriptor of its own */
	int memory;                     /* a file in memory that stands for it
					   while a frame is made; -1: none */
	struct canvas before;           /* what is on the screen */
	bool known;                     /* before holds it */
	struct input_decoder decoder;
	unsigned char bytes[BYTES];
	size_t first, count;            /* of bytes not decoded yet */
	long long read_ms;              /* of the last byte */
	long long frame, settled;       /* number drawn; answered or given up */
	long long drop_until;           /* keys are dropped until it is settled
					 */
	bool answered;                  /* the last frame was */
	bool told_idle;                 /* since the last frame or input */
	long long frame_ms, revision;
	long frame_bytes;               /* of pictures, in the last frame */
	struct probe probe;
	struct surroundings around;
	struct scene scene;             /* of the canvas drawn next */
	struct sixel *sixel;
	struct kitty *kitty;
	bool changed_look;              /* to be told by term_next() */
	long long key_ms;               /* of the last key */
	long rate;                      /* bytes the link takes in SLOW_MS; 0
					   not known */
	bool coarse;                    /* the last frame was */
	struct canvas rough;            /* that frame, in characters */
};

long long term_now(void)
{
	return clock_ms();
}

/* ---- signals ---- */

static const int ending[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP,
			      SIGWINCH, SIGCONT };
static const int crashing[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static void on_signal(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;

	/* a full pipe holds signals enough */
	if (write(tty.pipe[1], &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

/* Is the screen ours?  The guard has to know.  Safe in a handler. */
static void set_active(bool active)
{
	char byte = active ? '1' : '0';

	tty.active = active;
	if (tty.to_guard >= 0 && write(tty.to_guard, &byte, 1) < 0)
		tty.to_guard = -1;
}

/* Only calls that are safe in a handler. */
static void restore_now(void)
{
	if (!tty.active)
		return;
	set_active(false);
	if (write(STDOUT_FILENO, tty.restore->text,
		  (size_t)tty.restore->length) < 0)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &tty.saved);
}

static void on_crash(int number)
{
	restore_now();
	signal(number, SIG_DFL);
	raise(number);
}

static void take_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal,
			       .sa_flags = SA_RESTART };
	struct sigaction crash = { .sa_handler = on_crash,
				   .sa_flags = SA_ONSTACK | SA_NODEFER };

	sigemptyset(&a.sa_mask);
	sigemptyset(&crash.sa_mask);
	for (size_t i = 0; i < LENGTH(ending); i++)
		sigaction(ending[i], &a, &tty.old[ending[i]]);
	for (size_t i = 0; i < LENGTH(crashing); i++)
		sigaction(crashing[i], &crash, &tty.old[crashing[i]]);
}

/* The end of a connection is told more than once, by the kernel and by the
 * shell: what is left to be done here is done in spite of it. */
static void give_signals_back(void)
{
	static const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < LENGTH(ending); i++)
		sigaction(ending[i], ending[i] == SIGHUP ? &ignore :
			  &tty.old[ending[i]], NULL);
	for (size_t i = 0; i < LENGTH(crashing); i++)
		sigaction(crashing[i], &tty.old[crashing[i]], NULL);
}

/* ---- the guard: a process that outlives SIGKILL ---- */

/* Wait for the end of the other one; then the screen must not stay. */
static void guard_main(int from)
{
	char byte = '0', last = '0';
	ssize_t got;

	setpgid(0, 0);          /* not shot together with it */
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	if (dup2(from, 3) != 3)
		_exit(1);
	close_range(4, ~0U, 0);
	while ((got = read(3, &byte, 1)) == 1 || (got < 0 && errno == EINTR))
		last = got == 1 ? byte : last;
	if (last == '1') {
		tty.active = 1;
		tty.to_guard = -1;
		restore_now();
	}
	_exit(0);
}

/* Without a guard all but SIGKILL still restores. */
static void start_guard(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	tty.guard = fork();
	if (tty.guard == 0)
		guard_main(ends[0]);
	close(ends[0]);
	if (tty.guard > 0) {
		tty.to_guard = ends[1];
		return;
	}
	tty.guard = 0;
	close(ends[1]);
}

static void stop_guard(void)
{
	if (tty.guard <= 0)
		return;
	close(tty.to_guard);
	tty.to_guard = -1;
	while (waitpid(tty.guard, NULL, 0) < 0 && errno == EINTR)
		;
	tty.guard = 0;
}

/* Stack overflows need a stack of their own for the handler. */
static bool take_stack(void)
{
	static char memory[64 * 1024];
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof(memory) };

	return sigaltstack(&stack, NULL) == 0;
}

int term_signal(struct term *t)
{
	unsigned char byte;

	(void)t;
	return read(tty.pipe[0], &byte, 1) == 1 ? byte : 0;
}

int term_signal_fd(const struct term *t)
{
	(void)t;
	return tty.pipe[0];
}

/* ---- output ---- */

static bool write_all(struct term *t, const char *data, size_t length)
{
	while (length) {
		ssize_t n = write(STDOUT_FILENO, data, length);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

			poll(&p, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			t->closed = true;
			return false;
		}
		data += n;
		length -= (size_t)n;
	}
	return true;
}

/*
 * Curses writes each cursor move on its own, hundreds of times a frame, and
 * each wakes the terminal.  So it writes to memory, and the frame goes out as
 * one.  Handlers and the guard have the terminal itself.
 */
static bool open_chrome(struct term *t)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	t->memory = memfd_create("frame", MFD_CLOEXEC);
	t->chrome = fd < 0 ? NULL : fdopen(fd, "w");
	if (!t->chrome && fd >= 0)
		close(fd);
	return t->chrome;
}

static void hold_chrome(struct term *t)
{
	if (t->memory >= 0 &&
	    dup3(t->memory, fileno(t->chrome), O_CLOEXEC) < 0) {
		close(t->memory);
		t->memory = -1;
	}
}

/* What was held, behind out; curses has the terminal again. */
static bool take_chrome(struct term *t, struct buffer *out)
{
	char block[4096];
	ssize_t n;

	if (t->memory < 0)
		return true;
	if (dup3(STDOUT_FILENO, fileno(t->chrome), O_CLOEXEC) < 0 ||
	    lseek(t->memory, 0, SEEK_SET) < 0)
		return false;
	while ((n = read(t->memory, block, sizeof(block))) > 0)
		buffer_append(out, block, (size_t)n);
	return n == 0 && ftruncate(t->memory, 0) == 0 &&
	       lseek(t->memory, 0, SEEK_SET) == 0;
}

static bool write_text(struct term *t, const char *text)
{
	return write_all(t, text, strlen(text));
}

/* A string of the terminal's description, paddings left out. */
static void add_capability(char *text, size_t size, const char *name)
{
	const char *value = tigetstr(name);
	size_t length = strlen(text);

	if (!value || value == (const char *)-1)
		return;
	while (*value && length + 1 < size) {
		if (value[0] == '$' && value[1] == '<' && strchr(value, '>'))
			value = strchr(value, '>') + 1;
		else
			text[length++] = *value++;
	}
	text[length] = '\0';
}

/* Nothing of a picture stays, on the alternate screen neither; what draws
 * pixels says how they go before this. */
static const char wipe[] = "\033[?2026l\033[?2004l"
			   "\033[?1006l\033[?1002l\033[0m\033[H\033[2J";

/*
 * Back to the shell's screen; the cursor last, as some terminals hide it
 * again with the screen that they bring back.  No length while it changes: a
 * signal may come at any time.
 */
static void prepare_restore(const char *scrub)
{
	char *text = tty.restore->text;
	char ends[3][RESTORE / 8] = { "", "", "" };
	static const char *const names[] = { "rmkx", "rmcup", "cnorm" };

	for (size_t i = 0; i < LENGTH(names); i++)
		add_capability(ends[i], sizeof(ends[i]), names[i]);
	tty.restore->length = 0;
	/* a string cut off by the end of the program is ended first */
	snprintf(text, RESTORE, "%s\033[H%s%s%s%s%s", *scrub ? "\033\\" : "",
		 scrub, wipe, ends[0], ends[1], ends[2]);
	tty.restore->length = (sig_atomic_t)strlen(text);
}

static bool share_restore(struct error *err)
{
	void *shared = mmap(NULL, sizeof(*tty.restore),
			    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);

	if (shared == MAP_FAILED)
		return error_set(err, ERR_MEMORY,
				 "no memory for the terminal");
	tty.restore = shared;
	return true;
}

/* ---- what the terminal can do ---- */

static bool is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* Size of a cell by the kernel; 0: it does not know. */
static void kernel_cell(int *width, int *height)
{
	struct winsize size;

	*width = *height = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col ||
	    !size.ws_row)
		return;
	*width = size.ws_xpixel / size.ws_col;
	*height = size.ws_ypixel / size.ws_row;
}

static struct surroundings look_around(const struct term_options *options)
{
	struct surroundings s = {
		.term = getenv("TERM"), .colorterm = getenv("COLORTERM"),
		.tmux = getenv("TMUX"), .no_color = getenv("NO_COLOR"),
		.utf8 = is_utf8(), .ascii = options->ascii ||
			!strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968"),
		.colours = tigetnum("colors"), .mode = options->mode,
		.palette = options->colours, .chosen = -1,
	};

	kernel_cell(&s.cell_width, &s.cell_height);
	return s;
}

/* One batch of questions; the answer to the last one ends the wait. */
static void ask(struct term *t)
{
	long long start = term_now();
	struct buffer questions = { 0 };

	probe_questions(&t->around, &questions);
	write_all(t, questions.data, questions.failed ? 0 : questions.length);
	buffer_done(&questions);
	while (!t->probe.done && !t->closed) {
		struct pollfd p = { STDIN_FILENO, POLLIN, 0 };
		long long left = start + PROBE_MS - term_now();
		struct input input;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		term_read(t, term_now());
		while (t->count) {
			unsigned char byte = t->bytes[t->first++];

			t->count--;
			if (input_byte(&t->decoder, byte, &input))
				probe_take(&t->probe, &input);
		}
	}
	t->answers = t->probe.cursors > 0;
}

/* ---- start and end ---- */

/* Whether the terminal can place its cursor.  What was looked up is freed:
 * newterm() looks it up for itself. */
static bool look_up_terminal(void)
{
	int status;

	if (setupterm(NULL, STDOUT_FILENO, &status) == ERR)
		return false;
	bool places = tigetstr("cup") && tigetstr("cup") != (char *)-1;

	del_curterm(set_curterm(NULL));
	return places;
}

static bool check_terminal(struct error *err)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, ERR_USAGE,
				 _("this is no terminal: start it in one; "
				   "propose and mask need none"));
	if (!name || !*name || !strcmp(name, "dumb") ||
	    !look_up_terminal())
		return error_set(err, ERR_USAGE,
				 _("this terminal can't place its cursor: "
				   "set TERM to its right name"));
	return true;
}

static void start_modes(struct term *t)
{
	cbreak();
	noecho();
	nonl();
	typeahead(-1);          /* a frame is drawn whole, whatever is typed */
	idlok(stdscr, FALSE);
	idcok(stdscr, FALSE);           /* would shift the picture */
	scrollok(stdscr, FALSE);
	leaveok(stdscr, TRUE);
	curs_set(0);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}

	/* ^S must not stop the screen, ^C and ^Z stay signals */
	struct termios mode;

	if (tcgetattr(STDIN_FILENO, &mode) == 0) {
		mode.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
		def_prog_mode();
	}
	wnoutrefresh(stdscr);
	doupdate();                     /* enters the alternate screen */
	write_text(t, "\033[?2004h");
}

static bool open_pipe(struct error *err)
{
	if (pipe(tty.pipe) != 0)
		return error_set(err, ERR_INTERNAL, "no pipe for signals");
	for (int i = 0; i < 2; i++) {
		fcntl(tty.pipe[i], F_SETFD, FD_CLOEXEC);
		fcntl(tty.pipe[i], F_SETFL, O_NONBLOCK);
	}
	return true;
}

/* How the pixels of a picture leave the screen, if any are sent. */
static const char *scrub_of(const struct term *t)
{
	return t->look.mode == PICTURE_KITTY ? kitty_scrub :
	       t->look.mode == PICTURE_SIXEL ? sixel_scrub : "";
}

static bool same_look(const struct look *a, const struct look *b)
{
	return a->mode == b->mode && a->colours == b->colours &&
	       a->grey == b->grey && a->cell_width == b->cell_width &&
	       a->cell_height == b->cell_height;
}

static void take_look(struct term *t, struct look look)
{
	t->look = look;
	prepare_restore(scrub_of(t));
}

/* What a choice is kept for: what it calls itself, or is called. */
static const char *name_of(const struct term *t)
{
	return *t->probe.name ? t->probe.name :
	       t->around.term ? t->around.term : "";
}

static bool find_look(struct term *t, const struct term_options *options,
		      struct error *err)
{
	struct sixel_limits limits;

	t->around = look_around(options);
	ask(t);
	t->around.chosen = choice_load(name_of(t));
	t->charset = probe_charset(&t->probe, &t->around);
	limits = probe_limits(&t->probe);
	t->sixel = sixel_new(&limits);
	t->kitty = kitty_new();
	if (!t->sixel || !t->kitty)
		return error_set(err, ERR_MEMORY,
				 "no memory for the terminal");
	take_look(t, probe_look(&t->probe, &t->around));
	return true;
}

struct term *term_open(const struct term_options *options, struct error *err)
{
	struct term *t = NULL;

	if (!check_terminal(err))
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t) {
		error_set(err, ERR_MEMORY, "no memory for the terminal");
		return NULL;
	}
	t->test_fd = options->test_fd;
	t->memory = -1;
	if (!share_restore(err) || !open_pipe(err) || !take_stack() ||
	    tcgetattr(STDIN_FILENO, &tty.saved) != 0)
		goto fail;
	set_escdelay(INPUT_ESCAPE_MS);
	t->screen = open_chrome(t) ? newterm(NULL, t->chrome, stdin) : NULL;
	if (!t->screen) {
		error_set(err, ERR_USAGE,
			  _("this terminal can't be used: set TERM to its "
			    "right name"));
		goto fail;
	}
	prepare_restore("");
	start_guard();
	set_active(true);
	take_signals();
	start_modes(t);
	getmaxyx(stdscr, t->rows, t->columns);
	if (!find_look(t, options, err))
		goto fail;
	return t;
fail:
	term_close(t);
	return NULL;
}

int term_columns(const struct term *t)
{
	return t->columns;
}

int term_rows(const struct term *t)
{
	return t->rows;
}

const struct look *term_look(const struct term *t)
{
	return &t->look;
}

enum charset term_charset(const struct term *t)
{
	return t->charset;
}

int term_fd(const struct term *t)
{
	(void)t;
	return STDIN_FILENO;
}

/* ---- input ---- */

void term_read(struct term *t, long long now)
{
	ssize_t n;

	if (t->first && t->count)
		memmove(t->bytes, t->bytes + t->first, t->count);
	t->first = 0;
	if (t->count == sizeof(t->bytes))
		return;
	n = read(STDIN_FILENO, t->bytes + t->count,
		 sizeof(t->bytes) - t->count);
	if (n > 0)
		t->count += (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		t->closed = true;
	t->read_ms = now;
	t->told_idle = false;
}

static int tag_column(const struct term *t)
{
	int tags = t->columns < FRAME_TAGS ? t->columns : FRAME_TAGS;

	return 1 + (int)(t->frame % tags);
}

/* A frame that was not answered by then never will be. */
static long long lost_ms(const struct term *t)
{
	return LOST_MS + t->frame_bytes / LOST_BYTES;
}

static void settle(struct term *t, bool answered)
{
	t->settled = t->frame;
	t->answered = answered;
}

static bool outstanding(const struct term *t)
{
	return t->settled < t->frame;
}

/*
 * The cell got another size (a larger font), or an image was refused: then no
 * more are sent, as nobody knows what is on the screen.
 */
static void take_answer(struct term *t, const struct input *input)
{
	struct look look = t->look;

	if (!picture_has_pixels(look.mode))
		return;
	if (input->type == INPUT_CELL &&
	    probe_is_cell(input->column, input->row)) {
		look.cell_width = input->column;
		look.cell_height = input->row;
	} else if (input->type == INPUT_KITTY &&
		   strcmp(input->name, "OK") != 0) {
		look = probe_text_look(&t->probe, &t->around);
		write_text(t, kitty_scrub);
		kitty_forget(t->kitty);
	}
	if (same_look(&look, &t->look))
		return;
	take_look(t, look);
	term_clear(t);
	t->changed_look = true;
}

/* How much this link takes, by what the last large frame took. */
static void measure_link(struct term *t, long long ms)
{
	if (t->frame_bytes >= RATE_BYTES)
		t->rate = (long)(t->frame_bytes * (long long)SLOW_MS /
				 (ms > 0 ? ms : 1));
}

/* Buttons but the left one say nothing; shift, meta and control (4, 8, 16)
 * are passed over. */
static struct term_event take_mouse(const struct input *input)
{
	enum { MODIFIERS = 4 | 8 | 16, MOTION = 32, WHEEL = 64 };
	int button = input->key & ~MODIFIERS;
	struct term_event event = { .type = TERM_MOUSE,
				    .column = input->column - 1,
				    .row = input->row - 1 };

	if (button == WHEEL || button == WHEEL + 1)
		event.mouse = button == WHEEL ? MOUSE_WHEEL_UP :
						MOUSE_WHEEL_DOWN;
	else if (button == 0)
		event.mouse = input->name[0] == 'm' ? MOUSE_RELEASE :
						      MOUSE_PRESS;
	else if (button == MOTION)
		event.mouse = MOUSE_DRAG;
	else
		event.type = TERM_NOTHING;
	return event;
}

/* One input becomes an event, or nothing. */
static struct term_event take(struct term *t, const struct input *input)
{
	struct term_event event = { .type = TERM_NOTHING };

	if (input->type == INPUT_KEY)
		t->key_ms = t->read_ms;

	if (input->type == INPUT_CURSOR && t->frame && !t->answered &&
	    input->row == t->rows && input->column == tag_column(t)) {
		settle(t, true);
		measure_link(t, t->read_ms - t->frame_ms);
		event.type = TERM_PAINTED;
		event.revision = t->revision;
	}
	if (input->type == INPUT_CELL || input->type == INPUT_KITTY)
		take_answer(t, input);
	if (input->type == INPUT_KEY && t->settled >= t->drop_until) {
		event.type = TERM_KEY;
		event.key = input->key;
		event.answered = t->answered;
	}
	/* not asked for: from a program before */
	if (input->type == INPUT_MOUSE && t->mouse &&
	    t->settled >= t->drop_until)
		event = take_mouse(input);
	return event;
}

struct term_event term_next(struct term *t, long long now)
{
	struct term_event event = { .type = TERM_NOTHING };
	struct input input;

	if (!t->answers && outstanding(t) && now - t->frame_ms >= SILENT_MS) {
		settle(t, true);
		event.type = TERM_PAINTED;
		event.revision = t->revision;
		return event;
	}
	if (outstanding(t) && now - t->frame_ms >= lost_ms(t))
		settle(t, false);
	while (t->count) {
		unsigned char byte = t->bytes[t->first++];

		t->count--;
		if (!input_byte(&t->decoder, byte, &input))
			continue;
		event = take(t, &input);
		if (t->changed_look)
			event.type = TERM_LOOK;
		t->changed_look = false;
		if (event.type != TERM_NOTHING)
			return event;
	}
	if (input_pending(&t->decoder) &&
	    input_timeout(&t->decoder, now - t->read_ms, &input))
		return take(t, &input);
	if (t->coarse && !outstanding(t) && now - t->key_ms >= IDLE_MS) {
		t->coarse = false;
		event.type = TERM_REFINE;
	}
	if (t->closed)
		event.type = TERM_CLOSED;
	return event;
}

/* The answer to the last frame must not become input of the shell. */
static void await_answer(struct term *t)
{
	long long end = term_now() + ANSWER_MS;

	while (t->answers && outstanding(t) && !t->closed) {
		struct pollfd p = { STDIN_FILENO, POLLIN, 0 };
		long long left = end - term_now();

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			return;
		term_read(t, term_now());
		while (term_next(t, term_now()).type == TERM_KEY)
			;
	}
}

/* Give the terminal to the shell, in order. */
static void leave_screen(struct term *t)
{
	char cursor[RESTORE] = "";

	await_answer(t);
	if (*scrub_of(t)) {
		write_text(t, "\033[H");
		write_text(t, scrub_of(t));
	}
	write_text(t, wipe);
	endwin();
	add_capability(cursor, sizeof(cursor), "cnorm");
	write_text(t, cursor);
	set_active(false);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &tty.saved);
}

void term_close(struct term *t)
{
	if (!t)
		return;
	if (t->screen) {
		leave_screen(t);
		give_signals_back();
		delscreen(t->screen);
	}
	if (t->chrome)
		fclose(t->chrome);
	if (t->memory >= 0)
		close(t->memory);
	stop_guard();
	for (int i = 0; i < 2; i++) {
		if (tty.pipe[i] >= 0)
			close(tty.pipe[i]);
		tty.pipe[i] = -1;
	}
	if (tty.restore)
		munmap(tty.restore, sizeof(*tty.restore));
	tty.restore = NULL;
	canvas_done(&t->before);
	canvas_done(&t->rough);
	scene_done(&t->scene);
	sixel_free(t->sixel);
	kitty_free(t->kitty);
	free(t);
}

static long long sooner(long long a, long long b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

int term_timeout(const struct term *t, long long now)
{
	long long left = -1;

	if (t->count || t->closed)
		return 0;
	if (outstanding(t))
		left = t->frame_ms + (t->answers ? lost_ms(t) : SILENT_MS) - now;
	if (input_pending(&t->decoder))
		left = sooner(left, t->read_ms + INPUT_ESCAPE_MS - now);
	if (t->coarse && !outstanding(t))
		left = sooner(left, t->key_ms + IDLE_MS > now ?
			      t->key_ms + IDLE_MS - now : 0);
	return left < 0 && !outstanding(t) && !input_pending(&t->decoder) ?
	       -1 : left < 0 ? 0 : (int)left;
}

void term_idle(struct term *t)
{
	if (t->test_fd < 0 || t->told_idle || t->count || outstanding(t) ||
	    t->settled < t->drop_until)
		return;
	dprintf(t->test_fd, "idle\n");
	t->told_idle = true;
}

void term_flush(struct term *t)
{
	t->drop_until = t->frame + 1;
}

/* ---- frames ---- */

bool term_ready(const struct term *t, long long now)
{
	if (!t->answers)
		return true;            /* each waits its own 150 ms */
	return !outstanding(t) || now - t->frame_ms >= lost_ms(t);
}

/* Remember what is on the screen. */
static bool keep_canvas(struct term *t, const struct canvas *c)
{
	struct error err;

	if (t->before.columns != c->columns || t->before.rows != c->rows) {
		canvas_done(&t->before);
		if (!canvas_init(&t->before, c->columns, c->rows, c->charset,
				 &err))
			return false;
	}
	memcpy(t->before.cell, c->cell, (size_t)c->columns * (size_t)c->rows *
	       sizeof(*c->cell));
	return true;
}

/*
 * A cell from which a small image may be drawn over former picture cells that
 * are none any more: chrome is painted there next.  False: there is no such
 * place.
 */
static bool find_left(const struct canvas *before, const struct canvas *now,
		      int columns, int *column, int *row)
{
	int run = 0;

	for (int y = 0; y < before->rows && y < now->rows; y++, run = 0) {
		for (int x = 0; x < before->columns && x < now->columns; x++) {
			bool left = canvas_at(before, x, y)->picture &&
				    !canvas_at(now, x, y)->picture;

			run = left ? run + 1 : 0;
			if (run < columns)
				continue;
			*column = x - columns + 1;
			*row = y;
			return true;
		}
	}
	return false;
}

/* mlterm keeps the last sixel image in a file: let it be one of nothing, once
 * a frame shows no picture.  Goes out before the chrome of that frame, and
 * leaves the cursor where curses thinks it is. */
static void scrub_left(struct term *t, const struct canvas *now,
		       struct buffer *out)
{
	int columns = 64 / t->look.cell_width + 1, column, row;

	if (t->known && !t->scene.count &&
	    find_left(&t->before, now, columns, &column, &row))
		buffer_printf(out, "\0337\033[%d;%dH%s\0338", row + 1,
			      column + 1, sixel_scrub);
}

/* Would it take long to send so much, while keys come? */
static bool is_slow(const struct term *t, size_t bytes, long long now)
{
	return t->rate > 0 && bytes > (size_t)t->rate &&
	       now - t->key_ms < IDLE_MS;
}

/* The scene in characters.  False: no memory. */
static bool make_rough(struct term *t, const struct canvas *c)
{
	struct look look = probe_text_look(&t->probe, &t->around);
	struct error err;

	canvas_done(&t->rough);
	if (!canvas_init(&t->rough, c->columns, c->rows, c->charset, &err))
		return false;
	memcpy(t->rough.cell, c->cell, (size_t)c->columns * (size_t)c->rows *
	       sizeof(*c->cell));
	for (size_t i = 0; i < t->scene.count; i++)
		picture_draw(&look, &t->scene.part[i], &t->rough);
	/* what lies over a part stays over it */
	for (int i = 0; i < c->columns * c->rows; i++)
		if (!c->cell[i].picture)
			t->rough.cell[i] = c->cell[i];
	t->coarse = true;
	return true;
}

/*
 * A coarse frame is made of characters, which lie below images of kitty and
 * over sixels.  *before is what it differs from.
 */
static bool make_coarse(struct term *t, const struct canvas *c,
			const struct canvas *before, struct buffer *first,
			struct buffer *then)
{
	struct look look = probe_text_look(&t->probe, &t->around);

	if (!make_rough(t, c))
		return false;
	if (t->look.mode == PICTURE_KITTY) {
		buffer_puts(first, kitty_scrub);
		kitty_forget(t->kitty);
	}
	sixel_forget(t->sixel);
	picture_emit(&look, &t->rough, before, then);
	return true;
}

static bool make_sixels(struct term *t, const struct canvas *c,
			const struct canvas *before, long long now,
			struct buffer *first, struct buffer *then)
{
	long cells;

	scrub_left(t, c, first);
	cells = sixel_compose(t->sixel, &t->look, &t->scene, c, before);
	if (cells < 0)
		return false;
	if (is_slow(t, (size_t)cells * (size_t)t->look.cell_width *
		    (size_t)t->look.cell_height / PIXEL_SHARE, now))
		return make_coarse(t, c, before, first, then);
	sixel_emit(t->sixel, then);
	return true;
}

/* What goes out before the chrome, and after it.  False: the pictures can't
 * be drawn, the frame must not count as shown. */
static bool make_pictures(struct term *t, const struct canvas *c,
			  const struct canvas *before, long long now,
			  struct buffer *first, struct buffer *then)
{
	t->coarse = false;
	if (t->look.mode == PICTURE_SIXEL)
		return make_sixels(t, c, before, now, first, then);
	if (t->look.mode == PICTURE_KITTY) {
		if (!before) {
			buffer_puts(first, kitty_scrub);
			kitty_forget(t->kitty);
		}
		if (is_slow(t, kitty_cost(t->kitty, &t->scene), now))
			return make_coarse(t, c, before, first, then);
		return kitty_emit(t->kitty, &t->look, &t->scene, c, first,
				  then);
	}
	picture_emit(&t->look, c, before, then);
	return true;
}

/* What curses draws, behind out: after what is there already. */
static bool draw_chrome(struct term *t, const struct canvas *c,
			const struct canvas *before, bool move,
			struct buffer *out)
{
	bool ok = true;

	if (t->memory < 0) {
		ok = write_all(t, out->data, out->length);
		buffer_clear(out);
	}
	hold_chrome(t);
	if (!before)
		clearok(curscr, TRUE);
	paint(c, before, t->look.colours != COLOURS_MONO && !t->look.grey,
	      move);
	wnoutrefresh(stdscr);
	doupdate();
	return take_chrome(t, out) && ok;
}

bool term_frame(struct term *t, const struct canvas *c, long long revision,
		long long now)
{
	const struct canvas *before = t->known ? &t->before : NULL;
	struct buffer first = { 0 }, out = { 0 };
	bool move = before && paint_forget(c, &t->before);
	size_t pictures;
	bool ok, shown;

	/* what is still on its way is no screen to answer to */
	if (t->test_fd >= 0)
		dprintf(t->test_fd, "begin %lld\n", t->frame + 1);
	buffer_puts(&out, "\0337");     /* DECSC: curses knows where it was */
	shown = make_pictures(t, c, before, now, &first, &out);
	if (t->probe.synchronized)
		buffer_puts(&first, "\033[?2026h");
	pictures = first.length + out.length;
	ok = draw_chrome(t, c, before, move, &first);
	t->frame++;
	buffer_printf(&out, "\033[%d;%dH%s\033[6n\0338", t->rows,
		      tag_column(t), t->probe.synchronized ? "\033[?2026l" :
							     "");
	buffer_append(&first, out.data, out.length);
	ok = ok && !first.failed && !out.failed &&
	     write_all(t, first.data, first.length);
	t->known = shown && keep_canvas(t, t->coarse ? &t->rough : c);
	t->answered = t->told_idle = false;
	t->revision = shown && !t->coarse ? revision : -1;
	t->frame_ms = now;
	t->frame_bytes = (long)pictures;
	if (t->test_fd >= 0)
		dprintf(t->test_fd, "frame %lld %lld %zu\n", t->frame,
			term_now() - now, pictures);
	buffer_done(&first);
	buffer_done(&out);
	return ok;
}

const struct probe *term_probe(const struct term *t)
{
	return &t->probe;
}

const struct surroundings *term_around(const struct term *t)
{
	return &t->around;
}

bool term_choose(struct term *t, enum picture_mode mode, struct error *err)
{
	if (t->look.mode == PICTURE_KITTY) {
		write_text(t, kitty_scrub);
		kitty_forget(t->kitty);
	}
	t->around.mode = -1;
	t->around.chosen = (int)mode;
	take_look(t, probe_look(&t->probe, &t->around));
	term_clear(t);
	return choice_save(name_of(t), mode, err);
}

struct scene *term_scene(struct term *t)
{
	return &t->scene;
}

void term_clear(struct term *t)
{
	t->known = false;
}

void term_scrub(struct term *t)
{
	if (*scrub_of(t)) {
		write_text(t, "\033[H");
		write_text(t, scrub_of(t));
	}
	if (t->look.mode == PICTURE_KITTY)
		kitty_forget(t->kitty);
	if (t->look.mode == PICTURE_SIXEL)
		sixel_forget(t->sixel);
	t->coarse = false;
	canvas_done(&t->rough);
	term_clear(t);
}

void term_cut(struct term *t)
{
	settle(t, false);
	term_clear(t);
}

/* A larger font changes the cells, not always their number. */
static bool resize_cells(struct term *t)
{
	struct look look = t->look;
	int width, height;

	if (!picture_has_pixels(t->look.mode))
		return false;
	write_text(t, "\033[16t");      /* take_answer() */
	kernel_cell(&width, &height);
	if (t->probe.cell_width || !probe_is_cell(width, height))
		return false;           /* it answers: wait for that */
	look.cell_width = width;
	look.cell_height = height;
	if (same_look(&look, &t->look))
		return false;
	t->look = look;
	return true;
}

bool term_resize(struct term *t)
{
	struct winsize size;
	bool cells = resize_cells(t);

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_row ||
	    !size.ws_col ||
	    (size.ws_row == t->rows && size.ws_col == t->columns && !cells))
		return false;
	resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, t->rows, t->columns);
	term_cut(t);                    /* its place on the screen moved */
	return true;
}

void term_mouse(struct term *t, bool on)
{
	t->mouse = on;
	write_text(t, on ? "\033[?1002h\033[?1006h" :
			   "\033[?1006l\033[?1002l");
}

bool term_has_mouse(const struct term *t)
{
	return t->mouse;
}

void term_suspend(struct term *t)
{
	struct sigaction a = { .sa_handler = SIG_DFL }, ours;

	leave_screen(t);
	sigemptyset(&a.sa_mask);
	sigaction(SIGTSTP, &a, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	set_active(true);
	reset_prog_mode();
	doupdate();
	curs_set(0);
	write_text(t, "\033[?2004h");
	term_mouse(t, t->mouse);
	term_resize(t);
	settle(t, false);
	term_clear(t);
	term_flush(t);
}

void term_bell(struct term *t)
{
	write_text(t, "\a");
}
