/* pty.c - runs the program on a terminal made of libvterm. */
#include "config.h"

#include "tests/pty/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "ui/canvas.h"

enum { TEST_FD = 3,
       PIECE = 50,                      /* ms between looks */
       SETTLE = 10000 };                /* ms until a key would count */

struct pty {
	struct pty_options options;
	pid_t pid;
	int master, slave, marker;      /* slave is kept open: its modes can be
					   read after the program's end */
	struct termios before;
	VTerm *vterm;
	VTermScreen *screen;
	bool alternate, cursor, titled, mouse;
	const char *fault;              /* the first one */
	bool synchronized;              /* between 2026h and 2026l */
	bool ended;
	bool idle;                      /* it said so since the last frame and
					   key */
	int status;
	long frames;
	long long bytes;
	char line[128];                 /* of the marker pipe, so far */
	size_t length;
	struct pixels *pixels;
	struct buffer sequence;         /* so far; empty: none */
	iconv_t to_utf8;                /* (iconv_t)-1: it is */
	struct buffer encoded;          /* what is no whole character yet */
	char last;                      /* byte of text */
	int places;                     /* answers to CSI 6n */
	int slow;                       /* ms they come late */
	struct buffer late;             /* answers not sent yet */
	long long late_ms;              /* when they are */
};

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct pty *p = user;

	if (property == VTERM_PROP_ALTSCREEN)
		p->alternate = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		p->cursor = value->boolean;
	if (property == VTERM_PROP_MOUSE)
		p->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	if (property == VTERM_PROP_TITLE || property == VTERM_PROP_ICONNAME)
		p->titled = true;
	return 1;
}

static void answer_late(struct pty *p, const char *bytes, size_t length)
{
	buffer_append(&p->late, bytes, length);
	p->late_ms = now_ms() + p->slow;
}

/* Answers of the terminal to the program. */
static void on_output(const char *bytes, size_t length, void *user)
{
	struct pty *p = user;
	const struct kind *kind = p->options.kind;
	static const char wide[] = "\033[1;3R";

	if (p->options.silent)
		return;
	if (!kind)
		pty_send(p, bytes, length);
	else if (length && bytes[length - 1] == 'R' && kind->wide &&
		 !p->places++)
		pty_send(p, wide, strlen(wide));
	else if (length && bytes[length - 1] == 'R' && p->slow)
		answer_late(p, bytes, length);
	else if (length && bytes[length - 1] == 'R')
		pty_send(p, bytes, length);
}

/* ---- what a terminal is sent ---- */

static bool is_blank(struct pty *p)
{
	VTermPos at;
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	for (at.row = 0; at.row < rows; at.row++)
		for (at.col = 0; at.col < columns; at.col++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(p->screen, at, &cell);
			if (cell.chars[0] && cell.chars[0] != ' ')
				return false;
			if (!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				return false;
		}
	return true;
}

/*
 * Title, clipboard and the like (OSC) are kept by the terminal, or handed on;
 * so is the alternate screen by some, when it is left.  Curses has the colours
 * of the palette reset (OSC 104).  Kitty ends a synchronized update in which
 * much data comes.
 */
static void watch(struct pty *p)
{
	static const char leave[] = "\033[?1049l", palette[] = "\033]104\a";
	const char *s = p->sequence.data;

	if (!strcmp(s, "\033[?2026h") || !strcmp(s, "\033[?2026l"))
		p->synchronized = s[7] == 'h';
	if (p->fault)
		return;
	if (p->synchronized && !strncmp(s, "\033_Ga=t", 6))
		p->fault = "an image was sent in a synchronized update";
	else if (s[1] == ']' && strcmp(s, palette) != 0)
		p->fault = "a title or the clipboard was sent";
	else if (!strcmp(s, leave) && p->alternate && !is_blank(p))
		p->fault = "the alternate screen was left with text on it";
}

/* REP, which libvterm ends a column too early at the right edge: what is
 * repeated is printed. */
static bool repeat(struct pty *p)
{
	int count, length = 0;

	if (sscanf(p->sequence.data, "\033[%4db%n", &count, &length) != 1 ||
	    !length || (unsigned char)p->last < ' ' ||
	    (unsigned char)p->last > '~')
		return false;
	while (count-- > 0)
		vterm_input_write(p->vterm, &p->last, 1);
	return true;
}

/* A whole sequence came: an answer, pixels, or the screen of text. */
static void take_sequence(struct pty *p)
{
	struct buffer answer = { 0 };
	size_t n = p->sequence.length;

	buffer_append(&p->sequence, "", 1);
	watch(p);
	if (p->pixels && !p->options.blind)
		pixels_feed(p->pixels, p->sequence.data, n);
	if ((!p->options.kind ||
	     !kind_answer(p->options.kind, p->sequence.data, &answer)) &&
	    !repeat(p))
		vterm_input_write(p->vterm, p->sequence.data, n);
	if (answer.length && !p->options.silent)
		pty_send(p, answer.data, answer.length);
	buffer_done(&answer);
	buffer_clear(&p->sequence);
}

/* Does the sequence end with its last byte? */
static bool is_whole(const struct buffer *s)
{
	char last = s->data[s->length - 1];

	if (s->length < 2)
		return false;
	if (s->data[1] == ']' && last == '\a')
		return true;
	if (strchr("P_]^X", s->data[1]))
		return s->length > 3 && last == '\\' &&
		       s->data[s->length - 2] == '\033';
	if (s->data[1] == '[')
		return s->length > 2 && last >= '@';
	/* ESC ( B and the like have one more */
	return last >= '0';
}

/* To the screen of text, which takes UTF-8. */
static void write_text(struct pty *p, const char *bytes, size_t n)
{
	char out[512], *in, *to;
	size_t left, room;

	if (p->to_utf8 == (iconv_t)-1) {
		vterm_input_write(p->vterm, bytes, n);
		return;
	}
	buffer_append(&p->encoded, bytes, n);
	in = p->encoded.data;
	left = p->encoded.length;
	do {
		to = out;
		room = sizeof(out);
		/* no such character: the next byte begins another */
		if (iconv(p->to_utf8, &in, &left, &to, &room) == (size_t)-1 &&
		    errno == EILSEQ) {
			in++;
			left--;
			*to++ = '?';
		}
		vterm_input_write(p->vterm, out, (size_t)(to - out));
	} while (to > out);
	memmove(p->encoded.data, in, left);
	p->encoded.length = left;
}

static void take_bytes(struct pty *p, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *escape = memchr(bytes + i, '\033', n - i);
		size_t text = escape ? (size_t)(escape - bytes) - i : n - i;

		if (!p->sequence.length && text) {
			write_text(p, bytes + i, text);
			p->last = bytes[i + text - 1];
			i += text - 1;
			continue;
		}
		buffer_append(&p->sequence, bytes + i, 1);
		if (is_whole(&p->sequence))
			take_sequence(p);
	}
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static bool make_screen(struct pty *p)
{
	p->vterm = vterm_new(p->options.rows, p->options.columns);
	if (!p->vterm)
		return false;
	vterm_set_utf8(p->vterm, 1);
	vterm_output_set_callback(p->vterm, on_output, p);
	p->screen = vterm_obtain_screen(p->vterm);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_reset(p->screen, 1);
	p->cursor = true;
	p->alternate = false;
	if (p->options.kind)
		p->pixels = pixels_new(p->options.columns, p->options.rows,
				       p->options.kind->cell_width,
				       p->options.kind->cell_height);
	return true;
}

enum { AFTER_MS = 500 };

/*
 * As a shell does: the program runs in the foreground, in a group of its own,
 * and the terminal stays a while when it was shot.
 */
static void run_below(char *const *argv)
{
	int status = 0;
	pid_t program = fork();

	if (program < 0)
		_exit(126);
	setpgid(program, program);
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(STDIN_FILENO, program ? program : getpid());
	signal(SIGTTOU, SIG_DFL);
	if (program == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	close(TEST_FD);
	waitpid(program, &status, 0);
	if (WIFSIGNALED(status))
		usleep(1000 * AFTER_MS);
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				    WEXITSTATUS(status));
}

static void run_child(const struct pty *p, int marker, char *const *argv)
{
	setenv("TERM", p->options.term, 1);
	unsetenv("COLORTERM");
	unsetenv("NO_COLOR");
	unsetenv("TMUX");
	if (p->options.kind && p->options.kind->tmux)
		setenv("TMUX", p->options.kind->tmux, 1);
	for (int i = 0; i < PTY_SETTINGS && p->options.setting[i]; i++)
		putenv(strdup(p->options.setting[i]));
	login_tty(p->slave);
	dup2(marker, TEST_FD);
	if (p->options.folder && chdir(p->options.folder) != 0)
		_exit(126);
	for (int fd = TEST_FD + 1; fd < 256; fd++)
		close(fd);
	run_below(argv);
}

static struct winsize size_of(const struct pty_options *o, int columns,
			      int rows)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
				.ws_col = (unsigned short)columns };

	if (o->kind && o->kind->kernel_cell) {
		size.ws_xpixel = (unsigned short)(columns *
						  o->kind->cell_width);
		size.ws_ypixel = (unsigned short)(rows * o->kind->cell_height);
	}
	return size;
}

struct pty *pty_start(const struct pty_options *options, char *const *argv)
{
	struct pty *p = calloc(1, sizeof(*p));
	struct winsize size = size_of(options, options->columns,
				      options->rows);
	int marker[2];

	if (!p)
		return NULL;
	p->options = *options;
	p->master = p->slave = p->marker = -1;
	p->to_utf8 = options->encoding ?
		     iconv_open("UTF-8", options->encoding) : (iconv_t)-1;
	if (openpty(&p->master, &p->slave, NULL, NULL, &size) != 0 ||
	    pipe(marker) != 0 || !make_screen(p)) {
		perror("pty_start");
		pty_free(p);
		return NULL;
	}
	p->marker = marker[0];
	fcntl(p->marker, F_SETFL, O_NONBLOCK);
	fcntl(p->master, F_SETFL, O_NONBLOCK);
	tcgetattr(p->slave, &p->before);
	p->pid = fork();
	if (p->pid == 0)
		run_child(p, marker[1], argv);
	close(marker[1]);
	return p;
}

void pty_free(struct pty *p)
{
	if (!p)
		return;
	if (p->pid > 0 && !p->ended) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	if (p->vterm)
		vterm_free(p->vterm);
	pixels_free(p->pixels);
	buffer_done(&p->sequence);
	buffer_done(&p->late);
	buffer_done(&p->encoded);
	if (p->to_utf8 != (iconv_t)-1)
		iconv_close(p->to_utf8);
	close(p->master);
	close(p->slave);
	close(p->marker);
	free(p);
}

static bool read_screen(struct pty *p)
{
	char bytes[16384];
	ssize_t n = read(p->master, bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	p->bytes += n;
	take_bytes(p, bytes, (size_t)n);
	return true;
}

/* Lines "begin N", before the bytes of a frame, "frame N ms bytes", behind
 * them, and "idle", when it was answered. */
static bool read_marker(struct pty *p)
{
	char bytes[256];
	ssize_t n = read(p->marker, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			if (p->length + 1 < sizeof(p->line))
				p->line[p->length++] = bytes[i];
			continue;
		}
		p->line[p->length] = '\0';
		p->length = 0;
		p->idle = !strcmp(p->line, "idle");
		if (!p->idle && strncmp(p->line, "begin ", 6) != 0 &&
		    sscanf(p->line, "frame %ld", &p->frames) != 1)
			fprintf(stderr, "no frame line: %s\n", p->line);
	}
	return n > 0;
}

static void send_late(struct pty *p)
{
	if (!p->late.length || now_ms() < p->late_ms)
		return;
	pty_send(p, p->late.data, p->late.length);
	buffer_clear(&p->late);
}

void pty_slow(struct pty *p, int ms)
{
	p->slow = ms;
}

static void reap(struct pty *p)
{
	int status;

	if (p->ended || waitpid(p->pid, &status, WNOHANG) != p->pid)
		return;
	p->ended = true;
	p->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
					  WEXITSTATUS(status);
}

bool pty_pump(struct pty *p, int ms)
{
	struct pollfd fds[] = { { p->master, POLLIN, 0 },
				{ p->marker, POLLIN, 0 } };
	bool any = false;

	send_late(p);
	/* a closed marker is always ready: don't spin on it */
	if (p->ended)
		fds[1].fd = -1;
	if (poll(fds, 2, ms) > 0) {
		/* the bytes of a frame are written before its mark */
		bool marked = fds[1].revents & POLLIN && read_marker(p);

		while (read_screen(p))
			any = true;
		any = any || marked;
		if (!any && fds[1].revents & POLLHUP)
			poll(NULL, 0, ms < 10 ? ms : 10);
	}
	reap(p);
	return any;
}

long pty_frames(const struct pty *p)
{
	return p->frames;
}

long long pty_bytes(const struct pty *p)
{
	return p->bytes;
}

bool pty_wait_frame(struct pty *p, long n, int ms)
{
	long long end = now_ms() + ms;

	while (p->frames < n && now_ms() < end && !p->ended)
		pty_pump(p, PIECE);
	while (pty_pump(p, 0))
		;
	return p->frames >= n;
}

const struct pixels *pty_pixels(const struct pty *p)
{
	return p->pixels;
}

/* What the program writes where a wide character stood (ui/paint.c). */
enum { NO_BREAK_SPACE = 0xA0 };

void pty_text(struct pty *p, struct buffer *out)
{
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	buffer_clear(out);
	for (int row = 0; row < rows; row++) {
		size_t end = out->length;

		for (int column = 0; column < columns; column++) {
			VTermPos at = { row, column };
			VTermScreenCell cell;

			vterm_screen_get_cell(p->screen, at, &cell);
			if (cell.chars[0] == (uint32_t)-1)
				continue;       /* half of a wide one */
			if (!cell.chars[0] || cell.chars[0] == NO_BREAK_SPACE) {
				buffer_puts(out, " ");
				continue;
			}
			for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL &&
			     cell.chars[i]; i++)
				utf8_put(out, cell.chars[i]);
			if (cell.chars[0] != ' ')
				end = out->length;
		}
		out->length = end;
		buffer_puts(out, "\n");
	}
}

static void look_pixels(const struct pty *p, int columns, int rows,
			struct buffer *out)
{
	const struct kind *kind = p->options.kind;

	if (!p->pixels || !kind->kitty)
		return;
	for (int y = 0; y < rows * kind->cell_height; y++)
		for (int x = 0; x < columns * kind->cell_width; x++) {
			long value = pixels_at(p->pixels, x, y);

			buffer_append(out, (const char *)&value,
				      sizeof(value));
		}
}

/* A colour as a number; one that is not seen is none. */
static uint32_t colour_number(const VTermColor *c, bool seen)
{
	if (!seen || VTERM_COLOR_IS_DEFAULT_FG(c) ||
	    VTERM_COLOR_IS_DEFAULT_BG(c))
		return 1u << 31;
	if (VTERM_COLOR_IS_INDEXED(c))
		return 1u << 24 | c->indexed.idx;
	return (uint32_t)c->rgb.red << 16 | (uint32_t)c->rgb.green << 8 |
	       c->rgb.blue;
}

/* The ink of a blank is not seen; of the second half of a wide character
 * libvterm keeps nothing. */
static void look_cell(const VTermScreenCell *cell, struct buffer *out)
{
	uint32_t glyph = cell->chars[0] && cell->chars[0] != NO_BREAK_SPACE ?
			 cell->chars[0] : ' ';
	bool ink = glyph != ' ', half = glyph == (uint32_t)-1;
	const uint32_t cell_look[PTY_LOOK_CELL] = {
		glyph, cell->attrs.reverse,
		ink && cell->attrs.bold, cell->attrs.underline,
		colour_number(&cell->fg, ink || cell->attrs.reverse),
		colour_number(&cell->bg, true),
	};

	static const uint32_t none[PTY_LOOK_CELL];

	buffer_append(out, (const char *)(half ? none : cell_look),
		      sizeof(cell_look));
}

void pty_look(struct pty *p, struct buffer *out)
{
	VTermPos at;
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	buffer_clear(out);
	for (at.row = 0; at.row < rows; at.row++)
		for (at.col = 0; at.col < columns; at.col++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(p->screen, at, &cell);
			look_cell(&cell, out);
		}
	look_pixels(p, columns, rows, out);
}

static bool is_grey(struct pty *p, VTermColor c)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&c) || VTERM_COLOR_IS_DEFAULT_BG(&c))
		return true;
	vterm_screen_convert_color_to_rgb(p->screen, &c);
	return c.rgb.red == c.rgb.green && c.rgb.green == c.rgb.blue;
}

bool pty_coloured(struct pty *p)
{
	VTermPos at;
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	for (at.row = 0; at.row < rows; at.row++)
		for (at.col = 0; at.col < columns; at.col++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(p->screen, at, &cell);
			if (cell.chars[0] != (uint32_t)-1 &&
			    (!is_grey(p, cell.fg) || !is_grey(p, cell.bg)))
				return true;
		}
	return false;
}

size_t pty_pixels_across(const struct pty *p)
{
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	return p->options.kind ? (size_t)(columns *
					  p->options.kind->cell_width) : 0;
}

size_t pty_cells(const struct pty *p)
{
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	return (size_t)rows * (size_t)columns;
}

bool pty_shows(struct pty *p, const char *text)
{
	struct buffer out = { 0 };
	bool found;

	pty_text(p, &out);
	found = !out.failed && strstr(out.data, text);
	buffer_done(&out);
	return found;
}

void pty_settle(struct pty *p)
{
	long long end = now_ms() + SETTLE;

	do
		while (pty_pump(p, 5))
			;
	while (!p->idle && now_ms() < end && !p->ended);
}

void pty_key(struct pty *p, const char *bytes, size_t length, int ms)
{
	long long end = now_ms() + ms;
	long frames;

	pty_settle(p);
	frames = p->frames;
	p->idle = false;
	pty_send(p, bytes, length);
	while (p->frames == frames && !p->idle && now_ms() < end && !p->ended)
		pty_pump(p, PIECE);
}

bool pty_ended(const struct pty *p)
{
	return p->ended;
}

bool pty_wait_text(struct pty *p, const char *text, bool wanted, int ms)
{
	long long end = now_ms() + ms;

	while (pty_shows(p, text) != wanted) {
		if (now_ms() >= end || p->ended)
			return false;
		pty_pump(p, PIECE);
	}
	pty_settle(p);
	return pty_shows(p, text) == wanted;
}

void pty_send(struct pty *p, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(p->master, bytes, length);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (n <= 0)
			continue;
		bytes += n;
		length -= (size_t)n;
	}
}

void pty_resize(struct pty *p, int columns, int rows)
{
	struct winsize size = size_of(&p->options, columns, rows);

	if (p->pixels) {
		pixels_free(p->pixels);
		p->pixels = pixels_new(columns, rows,
				       p->options.kind->cell_width,
				       p->options.kind->cell_height);
	}
	vterm_set_size(p->vterm, rows, columns);
	ioctl(p->master, TIOCSWINSZ, &size);
}

pid_t pty_program(const struct pty *p)
{
	pid_t program = tcgetpgrp(p->master);

	return program > 0 && !p->ended ? program : 0;
}

void pty_signal(struct pty *p, int number)
{
	pid_t program = pty_program(p);

	if (program > 0)
		kill(program, number);
}

bool pty_stopped(const struct pty *p)
{
	char path[64], state = ' ';
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pty_program(p));
	in = fopen(path, "re");
	/* the name stands in brackets before it */
	if (in && fscanf(in, "%*d (%*[^)]) %c", &state) != 1)
		state = ' ';
	if (in)
		fclose(in);
	return state == 'T';
}

bool pty_hang_up(struct pty *p, int ms)
{
	long long end = now_ms() + ms;
	pid_t program = pty_program(p);
	char byte;

	close(p->master);
	close(p->slave);
	p->master = p->slave = -1;
	/* the other end of the marker closes with the last that has it; kernel
	 * and shell both tell, so it may hear it often */
	while (program > 0 && now_ms() < end) {
		ssize_t n = read(p->marker, &byte, 1);

		if (n == 0)
			return true;
		if (n > 0)
			continue;
		kill(program, SIGHUP);
		poll(NULL, 0, 1);
	}
	return false;
}

const char *pty_fault(const struct pty *p)
{
	return p->fault;
}

int pty_exit(struct pty *p, int ms)
{
	long long end = now_ms() + ms;

	while (!p->ended && now_ms() < end)
		pty_pump(p, PIECE);
	while (pty_pump(p, 5))
		;
	return p->ended ? p->status : -1;
}

bool pty_mouse(const struct pty *p)
{
	return p->mouse;
}

/* Is there but plain text on the screen? */
static bool is_plain(struct pty *p)
{
	VTermPos at;
	int rows, columns;

	vterm_get_size(p->vterm, &rows, &columns);
	for (at.row = 0; at.row < rows; at.row++)
		for (at.col = 0; at.col < columns; at.col++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(p->screen, at, &cell);
			if (!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg) ||
			    !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
			    cell.attrs.reverse)
				return false;
		}
	return true;
}

const char *pty_not_restored(struct pty *p)
{
	struct termios after;

	if (tcgetattr(p->slave, &after) != 0)
		return "the modes can't be read";
	if (after.c_lflag != p->before.c_lflag ||
	    after.c_iflag != p->before.c_iflag ||
	    after.c_oflag != p->before.c_oflag ||
	    after.c_cflag != p->before.c_cflag)
		return "the modes are not as before";
	if (p->alternate)
		return "the alternate screen is still on";
	if (!p->cursor)
		return "the cursor is off";
	if (p->mouse)
		return "the mouse is still asked for";
	if (p->titled)
		return "the title was set";
	if (!is_plain(p))
		return "a picture is on the main screen";
	return p->fault;
}
