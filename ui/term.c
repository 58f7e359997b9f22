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
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ui/input.h"
#include "ui/paint.h"

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
	RESTORE = 256,
};

/* What a terminal is made of that a signal handler needs: the one place. */
static struct {
	int pipe[2];
	char restore[RESTORE];          /* bytes that bring it back */
	size_t restore_length;
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
	bool closed;                    /* end of input or write error */
	int columns, rows, test_fd;
	SCREEN *screen;
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
	long long frame_ms, revision;
	char name[INPUT_NAME_SIZE];     /* XTVERSION */
	int half_width, sextant_width;  /* cells; 0 unknown */
};

long long term_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
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
	if (write(STDOUT_FILENO, tty.restore, tty.restore_length) < 0)
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

static void give_signals_back(void)
{
	for (size_t i = 0; i < LENGTH(ending); i++)
		sigaction(ending[i], &tty.old[ending[i]], NULL);
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

/* Nothing of a picture stays, on the alternate screen neither. */
static const char wipe[] = "\033[?2004l\033[0m\033[H\033[2J";

/* Back to the shell's screen; the cursor last, as some terminals hide it
 * again with the screen that they bring back. */
static void prepare_restore(void)
{
	snprintf(tty.restore, sizeof(tty.restore), "%s", wipe);
	add_capability(tty.restore, sizeof(tty.restore), "rmkx");
	add_capability(tty.restore, sizeof(tty.restore), "rmcup");
	add_capability(tty.restore, sizeof(tty.restore), "cnorm");
	tty.restore_length = strlen(tty.restore);
}

/* ---- what the terminal can do ---- */

static bool is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static bool starts_with(const char *name, const char *const *names,
			size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Terminals that show 24 bit colours, by the name they answer. */
static bool names_truecolour(const char *name)
{
	static const char *const names[] = { "XTerm(", "kitty", "foot",
		"WezTerm", "ghostty", "iTerm2", "contour", "Konsole", "VTE(" };

	return starts_with(name, names, LENGTH(names));
}

static enum colours find_colours(const struct term *t)
{
	const char *value = getenv("COLORTERM");
	int colours = tigetnum("colors");

	if (value && (!strcmp(value, "truecolor") || !strcmp(value, "24bit")))
		return COLOURS_16M;
	if (names_truecolour(t->name))
		return COLOURS_16M;
	return colours >= 256 ? COLOURS_256 : colours >= 8 ? COLOURS_16 :
	       COLOURS_MONO;
}

/*
 * Sextants are missing in most fonts, and what is missing can't be asked for:
 * a picture of blanks would count as seen.  So they are used only where the
 * terminal draws them itself, by the name it answers.
 */
static bool draws_sextants(const char *name)
{
	static const char *const names[] = { "kitty", "foot", "WezTerm",
		"ghostty", "contour", "Konsole", "VTE(" };

	return starts_with(name, names, LENGTH(names));
}

static enum picture_mode find_mode(const struct term *t)
{
	if (t->charset == CHARSET_ASCII || !is_utf8())
		return PICTURE_ASCII;
	if (draws_sextants(t->name) && t->sextant_width == 1)
		return PICTURE_SEXTANT;
	return t->half_width > 1 ? PICTURE_ASCII : PICTURE_HALF;
}

/* One batch of questions; the answer to the last one ends the wait. */
static void probe(struct term *t)
{
	long long start = term_now();
	int answers = 0;
	bool done = false;

	write_text(t, "\033[>0q");
	if (is_utf8())
		write_text(t, "\033[1;1H\xe2\x96\x80\033[6n"
			   "\033[1;1H\xf0\x9f\xac\x80\033[6n");
	else
		write_text(t, "\033[1;1H.\033[6n\033[1;1H.\033[6n");
	write_text(t, "\033[1;1H\033[K\033[c");
	while (!done && !t->closed) {
		struct pollfd p = { STDIN_FILENO, POLLIN, 0 };
		long long left = start + PROBE_MS - term_now();
		struct input input;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		term_read(t, term_now());
		while (t->count) {
			unsigned char byte = t->bytes[t->first++];

			t->count--;
			if (!input_byte(&t->decoder, byte, &input))
				continue;
			if (input.type == INPUT_NAME)
				snprintf(t->name, sizeof(t->name), "%s",
					 input.name);
			if (input.type == INPUT_CURSOR && answers++ == 0)
				t->half_width = input.column - 1;
			else if (input.type == INPUT_CURSOR)
				t->sextant_width = input.column - 1;
			done = done || input.type == INPUT_ATTRIBUTES;
		}
	}
	t->answers = answers > 0;
}

/* ---- start and end ---- */

/* Whether the terminal can place its cursor; readies the way back then.
 * What was looked up is freed: newterm() looks it up for itself. */
static bool look_up_terminal(void)
{
	int status;

	if (setupterm(NULL, STDOUT_FILENO, &status) == ERR)
		return false;
	bool places = tigetstr("cup") && tigetstr("cup") != (char *)-1;

	if (places)
		prepare_restore();
	del_curterm(set_curterm(NULL));
	return places;
}

static bool check_terminal(struct error *err)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, ERR_USAGE,
				 _("this is no terminal: start review in one, "
				   "or use propose and mask"));
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

static void find_look(struct term *t, const struct term_options *options)
{
	const char *plain = getenv("NO_COLOR");

	t->charset = options->ascii ||
		     !strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") ?
		     CHARSET_ASCII : CHARSET_UNICODE;
	probe(t);
	if (t->charset == CHARSET_UNICODE && t->half_width > 1)
		t->charset = CHARSET_NARROW;
	t->look.mode = options->mode >= 0 ? (enum picture_mode)options->mode :
					    find_mode(t);
	t->look.colours = options->colours >= 0 ?
			  (enum colours)options->colours : find_colours(t);
	t->look.grey = plain && *plain;
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
	if (!open_pipe(err) || !take_stack() ||
	    tcgetattr(STDIN_FILENO, &tty.saved) != 0)
		goto fail;
	set_escdelay(INPUT_ESCAPE_MS);
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen) {
		error_set(err, ERR_USAGE,
			  _("this terminal can't be used: set TERM to its "
			    "right name"));
		goto fail;
	}
	start_guard();
	set_active(true);
	take_signals();
	start_modes(t);
	getmaxyx(stdscr, t->rows, t->columns);
	find_look(t, options);
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
}

static int tag_column(const struct term *t)
{
	int tags = t->columns < FRAME_TAGS ? t->columns : FRAME_TAGS;

	return 1 + (int)(t->frame % tags);
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

/* One input becomes an event, or nothing. */
static struct term_event take(struct term *t, const struct input *input)
{
	struct term_event event = { .type = TERM_NOTHING };

	if (input->type == INPUT_CURSOR && t->frame && !t->answered &&
	    input->row == t->rows && input->column == tag_column(t)) {
		settle(t, true);
		event.type = TERM_PAINTED;
		event.revision = t->revision;
	}
	if (input->type == INPUT_KEY && t->settled >= t->drop_until) {
		event.type = TERM_KEY;
		event.key = input->key;
		event.answered = t->answered;
	}
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
	if (outstanding(t) && now - t->frame_ms >= LOST_MS)
		settle(t, false);
	while (t->count) {
		unsigned char byte = t->bytes[t->first++];

		t->count--;
		if (!input_byte(&t->decoder, byte, &input))
			continue;
		event = take(t, &input);
		if (event.type != TERM_NOTHING)
			return event;
	}
	if (input_pending(&t->decoder) &&
	    input_timeout(&t->decoder, now - t->read_ms, &input))
		return take(t, &input);
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
	stop_guard();
	for (int i = 0; i < 2; i++) {
		if (tty.pipe[i] >= 0)
			close(tty.pipe[i]);
		tty.pipe[i] = -1;
	}
	canvas_done(&t->before);
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
		left = t->frame_ms + (t->answers ? LOST_MS : SILENT_MS) - now;
	if (input_pending(&t->decoder))
		left = sooner(left, t->read_ms + INPUT_ESCAPE_MS - now);
	return left < 0 && !outstanding(t) && !input_pending(&t->decoder) ?
	       -1 : left < 0 ? 0 : (int)left;
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
	return !outstanding(t) || now - t->frame_ms >= LOST_MS;
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

bool term_frame(struct term *t, const struct canvas *c, long long revision,
		long long now)
{
	const struct canvas *before = t->known ? &t->before : NULL;
	struct buffer out = { 0 };
	bool ok;

	if (!before)
		clearok(curscr, TRUE);
	paint(c, before, t->look.colours != COLOURS_MONO && !t->look.grey);
	wnoutrefresh(stdscr);
	doupdate();
	t->frame++;
	buffer_puts(&out, "\0337");     /* DECSC: curses knows where it was */
	picture_emit(&t->look, c, before, &out);
	buffer_printf(&out, "\033[%d;%dH\033[6n\0338", t->rows, tag_column(t));
	ok = !out.failed && write_all(t, out.data, out.length);
	t->known = keep_canvas(t, c);
	t->answered = false;
	t->revision = revision;
	t->frame_ms = now;
	if (t->test_fd >= 0)
		dprintf(t->test_fd, "frame %lld %lld %zu\n", t->frame,
			term_now() - now, out.length);
	buffer_done(&out);
	return ok;
}

void term_clear(struct term *t)
{
	t->known = false;
}

bool term_resize(struct term *t)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_row ||
	    !size.ws_col ||
	    (size.ws_row == t->rows && size.ws_col == t->columns))
		return false;
	resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, t->rows, t->columns);
	settle(t, false);               /* its place on the screen moved */
	term_clear(t);
	return true;
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
	term_resize(t);
	settle(t, false);
	term_clear(t);
	term_flush(t);
}

void term_bell(struct term *t)
{
	write_text(t, "\a");
}
