/*
 * play.c - plays scripted reviews: keys, and what the screen must show then.
 *
 *   play PROGRAM FOLDER SCRIPT
 *
 * FOLDER is the working directory of the program.  A script has a command a
 * line; '#' starts a comment:
 *
 *   terminal COLUMNS ROWS [TERM] [silent]
 *   as KIND                    what the terminal answers as (kind.c)
 *   language CODE              what the programs run from now on speak
 *   run ARGUMENT...            $S stands for the samples
 *   key KEYS                   \s Space \t \r \e \\ \xHH; sent in one go
 *   paste KEYS                 the same, as pasted text
 *   expect TEXT                wait until the screen shows it
 *   gone TEXT                  wait until it does not
 *   lacks TEXT                 it does not show now
 *   until KEY TEXT             the key again and again until it shows TEXT;
 *                              without TEXT: until the program ends
 *   wait MS                    let time pass
 *   pace MS                    so much passes before each key of `until`
 *   slow MS                    frames are answered so late from now on
 *   resize COLUMNS ROWS
 *   signal TERM|INT|HUP|KILL|SEGV|STOP|CONT
 *   shoot                      the process that reads files, below the program
 *   golden FILE                the screen is the file's text
 *   note                       keep the screen
 *   noted                      wait until it is as it was kept
 *   steady                     drawn anew from nothing (^L) it is the same
 *   black X Y W H of W H in COLUMNS ROWS
 *                              all of that box of a picture that fits the
 *                              cells below the title is black
 *   lit X Y W H of W H in COLUMNS ROWS      some of it is not
 *   mouse on|off               the program asks for what it does, or not
 *   images N                   the terminal keeps so many kitty images
 *   scrubbed                   no pixel of a picture stays in the terminal
 *   within BYTES KEYS          a key, and the program sends no more bytes
 *   keys WORD                  print it and how many were pressed so far
 *   exit STATUS                wait for the end
 *   restored                   the terminal is as before
 *   dump                       print the screen (for writing scripts)
 */
#include "config.h"

#include <dirent.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/pty/pty.h"

enum { PATIENCE = 30000,                /* ms; a hang, not a speed */
       ARGUMENTS = 32, SETTLE = 30, PRESSES = 500,
       PRESSING = 120,                  /* s of the same key */
       ANSWER = 500 };                  /* ms for a key to show its effect */

struct play {
	const char *program, *folder, *samples, *screens;
	struct pty_options options;
	char term[64];
	struct pty *pty;
	struct buffer noted;            /* the screen as it was kept */
	long keys;                      /* pressed so far */
	int pace;                       /* ms */
};

struct word { char *text; size_t length; };

/* Escapes to bytes, in place. */
static struct word unescape(char *text)
{
	static const char *const from = "strne\\", *const to = " \t\r\n\033\\";
	char *out = text;
	unsigned code;

	for (char *in = text; *in; in++) {
		const char *found = in[0] == '\\' && in[1] ?
				    strchr(from, in[1]) : NULL;

		if (found) {
			*out++ = to[found - from];
			in++;
		} else if (sscanf(in, "\\x%2x", &code) == 1) {
			*out++ = (char)code;
			in += 3;
		} else {
			*out++ = *in;
		}
	}
	return (struct word){ text, (size_t)(out - text) };
}

static bool show(struct play *play, const char *what)
{
	struct buffer out = { 0 };

	if (play->pty) {
		if (pty_ended(play->pty))
			fprintf(stderr, "the program ended: %d\n",
				pty_exit(play->pty, 0));
		pty_text(play->pty, &out);
		fprintf(stderr, "%s\n%s", what, out.failed ? "" : out.data);
	}
	buffer_done(&out);
	return false;
}

/* ---- commands ---- */

static bool do_terminal(struct play *play, char *text)
{
	char silent[16] = "";

	snprintf(play->term, sizeof(play->term), "xterm-256color");
	int n = sscanf(text, "%d %d %63s %15s", &play->options.columns,
		       &play->options.rows, play->term, silent);

	play->options.silent = !strcmp(silent, "silent");
	play->options.term = play->term;
	play->options.kind = NULL;
	return n >= 2;
}

static bool do_as(struct play *play, char *text)
{
	play->options.kind = kind_find(text);
	return play->options.kind;
}

static bool do_language(struct play *play, char *text)
{
	(void)play;
	return !setenv("LANGUAGE", text, 1);
}

/* $S at the start of an argument becomes the folder of the samples. */
static char *argument(struct play *play, const char *text)
{
	struct buffer out = { 0 };

	if (!strncmp(text, "$S", 2)) {
		buffer_puts(&out, play->samples);
		text += 2;
	}
	buffer_puts(&out, text);
	return out.data;
}

static bool do_run(struct play *play, char *text)
{
	char *argv[ARGUMENTS] = { argument(play, play->program) };
	int n = 1;

	for (char *rest = text; *rest && n < ARGUMENTS - 1;) {
		size_t length = strcspn(rest, " ");
		char end = rest[length];

		rest[length] = '\0';
		if (length)
			argv[n++] = argument(play, rest);
		rest += length + (end ? 1 : 0);
	}
	pty_free(play->pty);
	play->pty = pty_start(&play->options, argv);
	for (int i = 0; i < n; i++)
		free(argv[i]);
	return play->pty;
}

static bool do_key(struct play *play, char *text)
{
	struct word keys = unescape(text);

	play->keys += (long)keys.length;
	pty_key(play->pty, keys.text, keys.length, ANSWER);
	return true;
}

static bool do_paste(struct play *play, char *text)
{
	struct word keys = unescape(text);

	pty_send(play->pty, "\033[200~", 6);
	pty_send(play->pty, keys.text, keys.length);
	pty_send(play->pty, "\033[201~", 6);
	return true;
}

static bool do_pace(struct play *play, char *text)
{
	return sscanf(text, "%d", &play->pace) == 1;
}

static bool do_keys(struct play *play, char *text)
{
	printf("%s %ld\n", text, play->keys);
	return true;
}

static bool do_expect(struct play *play, char *text)
{
	return pty_wait_text(play->pty, text, true, PATIENCE) ||
	       show(play, "the screen shows:");
}

static bool do_gone(struct play *play, char *text)
{
	return pty_wait_text(play->pty, text, false, PATIENCE) ||
	       show(play, "the screen shows:");
}

static bool do_lacks(struct play *play, char *text)
{
	return !pty_shows(play->pty, text) || show(play, "the screen shows:");
}

static void let_pass(struct play *play, int ms)
{
	for (int left = ms; left > 0; left -= SETTLE)
		if (!pty_pump(play->pty, SETTLE))
			continue;
}

static bool do_until(struct play *play, char *text)
{
	size_t length = strcspn(text, " ");
	char *wanted = text + length + (text[length] ? 1 : 0);

	text[length] = '\0';
	struct word keys = unescape(text);

	time_t end = time(NULL) + PRESSING;

	for (int i = 0; i < PRESSES && time(NULL) < end; i++) {
		if (wanted[0] ? pty_shows(play->pty, wanted) :
		    pty_ended(play->pty))
			return true;
		let_pass(play, play->pace);
		if (wanted[0] && pty_shows(play->pty, wanted))
			return true;
		play->keys++;
		pty_key(play->pty, keys.text, keys.length, ANSWER);
		pty_settle(play->pty);
	}
	return show(play, "the screen shows:");
}

static bool do_wait(struct play *play, char *text)
{
	let_pass(play, (int)strtol(text, NULL, 10));
	return true;
}

static bool do_slow(struct play *play, char *text)
{
	pty_slow(play->pty, (int)strtol(text, NULL, 10));
	return true;
}

static bool do_resize(struct play *play, char *text)
{
	int columns, rows;

	if (sscanf(text, "%d %d", &columns, &rows) != 2)
		return false;
	pty_resize(play->pty, columns, rows);
	return true;
}

static bool do_signal(struct play *play, char *text)
{
	static const struct { const char *name; int number; } signals[] = {
		{ "TERM", SIGTERM }, { "INT", SIGINT }, { "HUP", SIGHUP },
		{ "KILL", SIGKILL }, { "SEGV", SIGSEGV },
		{ "ABRT", SIGABRT }, { "BUS", SIGBUS }, { "QUIT", SIGQUIT },
		{ "STOP", SIGSTOP }, { "CONT", SIGCONT },
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (strcmp(text, signals[i].name) != 0)
			continue;
		pty_signal(play->pty, signals[i].number);
		return true;
	}
	return false;
}

/* Is it the reading process of the program? */
static bool is_reader(int pid, int parent)
{
	char path[64], line[256] = "";
	int of = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	in = fopen(path, "re");
	if (!in)
		return false;
	line[fread(line, 1, sizeof(line) - 1, in)] = '\0';
	fclose(in);
	if (strcmp(line + strlen(line) + 1, "--zygote") != 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	in = fopen(path, "re");
	if (!in)
		return false;
	if (fscanf(in, "%*d (%*[^)]) %*c %d", &of) != 1)
		of = 0;
	fclose(in);
	return of == parent;
}

static bool do_shoot(struct play *play, char *text)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	bool shot = false;

	(void)text;
	while (folder && (entry = readdir(folder))) {
		int pid = (int)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && is_reader(pid, (int)pty_program(play->pty)))
			shot = kill(pid, SIGKILL) == 0 || shot;
	}
	if (folder)
		closedir(folder);
	if (!shot)
		fprintf(stderr, "there is no reading process\n");
	return shot;
}

static bool read_file(const char *folder, const char *name, struct buffer *out)
{
	char path[4096], block[4096];
	size_t n;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	in = fopen(path, "re");
	if (!in)
		return false;
	buffer_puts(out, "");
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		buffer_append(out, block, n);
	fclose(in);
	return !out->failed;
}

static bool do_golden(struct play *play, char *text)
{
	struct buffer is = { 0 }, wanted = { 0 };
	bool same;

	pty_text(play->pty, &is);
	same = read_file(play->screens, text, &wanted) && !is.failed &&
	       !strcmp(is.data, wanted.data);
	buffer_done(&is);
	buffer_done(&wanted);
	return same || show(play, "not as in the file; the screen shows:");
}

static bool do_note(struct play *play, char *text)
{
	(void)text;
	pty_settle(play->pty);
	buffer_done(&play->noted);
	pty_text(play->pty, &play->noted);
	return !play->noted.failed;
}

static bool do_noted(struct play *play, char *text)
{
	bool same = false;

	(void)text;
	for (int i = 0; i < PATIENCE / SETTLE && !same; i++) {
		struct buffer is = { 0 };

		pty_text(play->pty, &is);
		same = !is.failed && play->noted.data &&
		       !strcmp(is.data, play->noted.data);
		buffer_done(&is);
		if (!same)
			pty_pump(play->pty, SETTLE);
	}
	if (!same)
		fprintf(stderr, "before:\n%s", play->noted.data);
	return same || show(play, "now the screen shows:");
}

static bool do_steady(struct play *play, char *text)
{
	struct buffer before = { 0 }, anew = { 0 };
	bool same;

	(void)text;
	pty_settle(play->pty);
	pty_text(play->pty, &before);
	pty_key(play->pty, "\014", 1, ANSWER);
	pty_settle(play->pty);
	pty_text(play->pty, &anew);
	same = !before.failed && !anew.failed &&
	       !strcmp(before.data, anew.data);
	if (!same)
		fprintf(stderr, "before it was drawn anew:\n%s", before.data);
	buffer_done(&before);
	buffer_done(&anew);
	return same || show(play, "now the screen shows:");
}

/* ---- pixels ---- */

/* Parts of `all` pixels of a region of a picture that are not black; -1:
 * nothing was drawn there, or there is no such terminal. */
static long lit_pixels(struct play *play, const char *text, long *all)
{
	const struct pixels *p = pty_pixels(play->pty);
	int left, top, w, h, width, height, columns, rows;
	long lit = 0;

	*all = 0;
	if (!p || sscanf(text, "%d %d %d %d of %d %d in %d %d", &left,
			 &top, &w, &h, &width, &height, &columns, &rows) != 8)
		return -1;
	const struct kind *kind = play->options.kind;
	int across = columns * kind->cell_width;
	int down = rows * kind->cell_height;

	/* undistorted, in whole cells */
	if (width * down > height * across)
		down = height * across / width / kind->cell_height *
		       kind->cell_height;
	else
		across = width * down / height / kind->cell_width *
			 kind->cell_width;
	for (int y = 0; y < down; y++) {
		for (int x = 0; x < across; x++) {
			double u = (x + .5) * width / across;
			double v = (y + .5) * height / down;
			long value = pixels_at(p, x, y + kind->cell_height);

			if (u < left || v < top || u >= left + w ||
			    v >= top + h)
				continue;
			if (value == PIXELS_NONE)
				return -1;
			(*all)++;
			lit += value != 0;
		}
	}
	return lit;
}

/* Pixels come when they come: a slow machine has time. */
static bool do_shown(struct play *play, char *text, bool wanted_lit)
{
	enum { PART = 20 };     /* letters cover more of their box */
	long all = 0, lit = 0;

	for (int i = 0; i < PATIENCE / SETTLE; i++) {
		lit = lit_pixels(play, text, &all);
		if (all > 0 && (wanted_lit ? lit > all / PART : lit == 0))
			return true;
		pty_pump(play->pty, SETTLE);
	}
	fprintf(stderr, "%ld of %ld pixels are not black\n", lit, all);
	return show(play, "the screen shows:");
}

static bool do_black(struct play *play, char *text)
{
	return do_shown(play, text, false);
}

static bool do_lit(struct play *play, char *text)
{
	return do_shown(play, text, true);
}

static bool do_mouse(struct play *play, char *text)
{
	bool wanted = !strcmp(text, "on");

	for (int i = 0; i < PATIENCE / SETTLE; i++) {
		if (pty_mouse(play->pty) == wanted)
			return true;
		pty_pump(play->pty, SETTLE);
	}
	fprintf(stderr, "the mouse is not %s\n", text);
	return false;
}

static bool do_images(struct play *play, char *text)
{
	const struct pixels *p = pty_pixels(play->pty);
	int wanted = (int)strtol(text, NULL, 10);

	if (!p) {
		fprintf(stderr, "no pixels\n");
		return false;
	}
	for (int i = 0; i < PATIENCE / SETTLE && !pixels_fault(p); i++) {
		if (pixels_images(p) == wanted)
			return true;
		pty_pump(play->pty, SETTLE);
	}
	fprintf(stderr, "%d images %s\n", pixels_images(p),
		pixels_fault(p) ? pixels_fault(p) : "");
	return false;
}

static bool do_scrubbed(struct play *play, char *text)
{
	const struct pixels *p = pty_pixels(play->pty);
	int width, height;

	if (!do_images(play, (char[]){ "0" }) || pixels_placements(p))
		return false;
	(void)text;
	pixels_last(p, &width, &height);
	if (!pixels_sixels(p) || (width == 64 && height == 6))
		return true;
	fprintf(stderr, "the last image is of %dx%d pixels\n", width, height);
	return false;
}

static bool do_within(struct play *play, char *text)
{
	char *keys;
	long long most = strtoll(text, &keys, 10), before;

	do_wait(play, (char[]){ "100" });
	before = pty_bytes(play->pty);
	do_key(play, keys + (*keys == ' '));
	do_wait(play, (char[]){ "100" });
	before = pty_bytes(play->pty) - before;
	if (before > 0 && before <= most)
		return true;
	fprintf(stderr, "%lld bytes came\n", before);
	return false;
}

static bool do_exit(struct play *play, char *text)
{
	int status = pty_exit(play->pty, PATIENCE);

	if (status == (int)strtol(text, NULL, 10))
		return true;
	fprintf(stderr, "exit status %d\n", status);
	return show(play, "the screen shows:");
}

static bool do_restored(struct play *play, char *text)
{
	const char *wrong = pty_not_restored(play->pty);

	(void)text;
	if (wrong)
		fprintf(stderr, "%s\n", wrong);
	return !wrong;
}

static bool do_dump(struct play *play, char *text)
{
	show(play, text);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct play *play, char *text);
	bool running;                   /* needs a program */
} commands[] = {
	{ "terminal", do_terminal, false }, { "run", do_run, false },
	{ "as", do_as, false }, { "language", do_language, false }, { "slow", do_slow, true },
	{ "black", do_black, true }, { "lit", do_lit, true },
	{ "mouse", do_mouse, true },
	{ "images", do_images, true }, { "scrubbed", do_scrubbed, true },
	{ "key", do_key, true }, { "paste", do_paste, true },
	{ "expect", do_expect, true }, { "gone", do_gone, true },
	{ "lacks", do_lacks, true }, { "wait", do_wait, true },
	{ "resize", do_resize, true }, { "signal", do_signal, true },
	{ "shoot", do_shoot, true },
	{ "until", do_until, true }, { "golden", do_golden, true },
	{ "steady", do_steady, false },
	{ "note", do_note, true }, { "noted", do_noted, true },
	{ "within", do_within, true }, { "keys", do_keys, true },
	{ "pace", do_pace, true },
	{ "exit", do_exit, true }, { "restored", do_restored, true },
	{ "dump", do_dump, true },
};

static bool play_line(struct play *play, char *line)
{
	size_t length = strcspn(line, " ");
	char *text = line + length + (line[length] ? 1 : 0);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strlen(commands[i].name) == length &&
		    !strncmp(commands[i].name, line, length))
			return (!commands[i].running || play->pty) &&
			       commands[i].run(play, text);
	fprintf(stderr, "no such command\n");
	return false;
}

static bool play_script(struct play *play, const char *name)
{
	char line[4096], copy[4096];
	FILE *in = fopen(name, "re");
	bool ok = in;

	for (int number = 1; ok && fgets(line, sizeof(line), in); number++) {
		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		memcpy(copy, line, sizeof(copy));
		ok = play_line(play, line);
		if (!ok)
			fprintf(stderr, "%s:%d: %s\n", name, number, copy);
	}
	if (in)
		fclose(in);
	return ok;
}

int main(int argc, char **argv)
{
	struct play play = { .samples = getenv("SAMPLES"),
			     .screens = getenv("SCREENS") };

	setlocale(LC_ALL, "C.UTF-8");
	if (argc != 4 || !play.samples || !play.screens) {
		fprintf(stderr, "usage: SAMPLES=DIR SCREENS=DIR play PROGRAM "
			"FOLDER SCRIPT\n");
		return 2;
	}
	play.program = argv[1];
	play.folder = play.options.folder = argv[2];
	play.options.columns = 80;
	play.options.rows = 24;
	play.options.term = "xterm-256color";

	bool ok = play_script(&play, argv[3]);

	pty_free(play.pty);
	buffer_done(&play.noted);
	return ok ? 0 : 1;
}
