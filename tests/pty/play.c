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
 *   set NAME=VALUE             in their environment, till the next terminal
 *   encoding NAME              of what they write, as iconv calls it
 *   language CODE              what the programs run from now on speak
 *   copy FROM TO               a file, over TO when it is there
 *   run ARGUMENT...            $S stands for the samples
 *   key KEYS                   \s Space \t \r \e \\ \xHH; sent in one go
 *   paste KEYS                 the same, as pasted text
 *   expect TEXT                wait until the screen shows it
 *   gone TEXT                  wait until it does not
 *   lacks TEXT                 it does not show now
 *   until KEY TEXT             the key again and again until it shows TEXT
 *                              (\n before it: at the start of a row);
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
 *   steady                     drawn anew from nothing it is the same, in
 *                              colour too
 *   black X Y W H of W H in COLUMNS ROWS
 *                              all of that box of a picture that fits the
 *                              cells below the title is black
 *   lit X Y W H of W H in COLUMNS ROWS      some of it is not
 *   mouse on|off               the program asks for what it does, or not
 *   images N                   the terminal keeps so many kitty images
 *   scrubbed                   no pixel of a picture stays in the terminal
 *   within BYTES KEYS          a key, and the program sends no more bytes
 *   frames MOST KEYS           one key after another, without waiting, and the
 *                              program draws no more frames
 *   random KEYS SEED           so many keys by chance, none of W Q ^C ^Z; after
 *                              each 50 the screen is steady; with SUMI_LONG=2
 *                              25 times as many
 *   coloured yes|no            some cell is of another colour than grey
 *   stopped                    wait until the program is (^Z)
 *   hangup                     the terminal is gone; the program ends
 *   keys WORD                  print it and how many were pressed so far
 *   exit STATUS                wait for the end
 *   restored                   the terminal is as before
 *   dump                       print the screen (for writing scripts)
 */
#include "config.h"

#include <dirent.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
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
	char term[64], setting[PTY_SETTINGS][256], encoding[32], run[4096];
	int settings;
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
	memset(play->options.setting, 0, sizeof(play->options.setting));
	play->settings = 0;
	play->options.encoding = NULL;
	return n >= 2;
}

static bool do_set(struct play *play, char *text)
{
	int n = play->settings++;

	if (n >= PTY_SETTINGS || !strchr(text, '='))
		return false;
	snprintf(play->setting[n], sizeof(play->setting[n]), "%s", text);
	play->options.setting[n] = play->setting[n];
	return true;
}

static bool do_encoding(struct play *play, char *text)
{
	snprintf(play->encoding, sizeof(play->encoding), "%s", text);
	play->options.encoding = play->encoding;
	return true;
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

static bool copy_bytes(FILE *in, FILE *out)
{
	char block[4096];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		if (fwrite(block, 1, n, out) != n)
			return false;
	return !ferror(in);
}

static bool do_copy(struct play *play, char *text)
{
	char *to = strchr(text, ' '), path[4096];
	FILE *in, *out;
	bool ok;

	if (!to)
		return false;
	*to++ = '\0';
	snprintf(path, sizeof(path), "%s/%s", play->folder, to);
	text = argument(play, text);
	in = fopen(text, "re");
	out = in ? fopen(path, "we") : NULL;
	free(text);
	ok = out && copy_bytes(in, out);
	if (in)
		fclose(in);
	return out && fclose(out) == 0 && ok;
}

static bool do_run(struct play *play, char *text)
{
	char *argv[ARGUMENTS] = { argument(play, play->program) };
	int n = 1;

	if (text != play->run)
		snprintf(play->run, sizeof(play->run), "%s", text);
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

	wanted[unescape(wanted).length] = '\0';
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

enum { QUIET = 300,                     /* ms: a frame is drawn by then */
       TICK = 1100 };                   /* what works beside the screen had its
					   turn */

static void wait_quiet(struct play *play, int ms)
{
	pty_settle(play->pty);
	while (pty_pump(play->pty, ms))
		;
}

/* Where two looks differ first, in words. */
static void tell_difference(struct play *play, const struct buffer *a,
			    const struct buffer *b)
{
	size_t least = a->length < b->length ? a->length : b->length, at = 0;
	size_t size = PTY_LOOK_CELL * sizeof(uint32_t);
	size_t cells = pty_cells(play->pty), first;
	uint32_t x[PTY_LOOK_CELL] = { 0 }, y[PTY_LOOK_CELL] = { 0 };

	while (at < least && a->data[at] == b->data[at])
		at++;
	if (at >= cells * size) {
		long values[2];

		first = (at - cells * size) / sizeof(long);
		at = cells * size + first * sizeof(long);
		memcpy(&values[0], a->data + at, sizeof(long));
		memcpy(&values[1], b->data + at, sizeof(long));
		fprintf(stderr, "pixel %zu of %zu a row: %lx/%lx\n", first,
			pty_pixels_across(play->pty), (unsigned long)values[0],
			(unsigned long)values[1]);
		return;
	}
	first = at / size;
	memcpy(x, a->data + first * size, size);
	memcpy(y, b->data + first * size, size);
	fprintf(stderr, "cell %zu:", first);
	for (int i = 0; i < PTY_LOOK_CELL; i++)
		fprintf(stderr, " %x/%x", (unsigned)x[i], (unsigned)y[i]);
	fputc('\n', stderr);
}

/* SIGCONT has all drawn anew, and changes nothing else. */
static bool do_steady(struct play *play, char *text)
{
	struct buffer before = { 0 }, shown = { 0 }, anew = { 0 };
	bool same;

	(void)text;
	wait_quiet(play, TICK);
	pty_text(play->pty, &shown);
	pty_look(play->pty, &before);
	pty_signal(play->pty, SIGCONT);
	wait_quiet(play, QUIET);
	pty_look(play->pty, &anew);
	same = !before.failed && !anew.failed &&
	       before.length == anew.length &&
	       !memcmp(before.data, anew.data, anew.length);
	if (!same)
		fprintf(stderr, "before it was drawn anew:\n%s", shown.data);
	if (!same)
		tell_difference(play, &before, &anew);
	buffer_done(&before);
	buffer_done(&shown);
	buffer_done(&anew);
	return same || show(play, "now the screen shows:");
}

/* ---- keys by chance ---- */

static unsigned next_random(unsigned long long *state, unsigned limit)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned)(*state >> 33) % limit;
}

/* What a reviewer types often, and what no reviewer would. */
static const char *const odd_keys[] = {
	"\r", "\r", "\t", "\033", "\033", "\177", "\033[A", "\033[B", "\033[C",
	"\033[D", "\033[5~", "\033[6~", "\033[H", "\033[F", "\033[Z", "\014",
	"\022", "\033[<0;12;9M", "\033[<32;25;11M", "\033[<0;25;11m",
	"\033[<64;9;9M", "\033[200~  Z\033[201~", "\xe3\x81\x82",
	"\xef\xbd\x98", "\xff", "\033[15~", "\033x",
};

static void press_random(struct play *play, unsigned long long *state)
{
	static const char never[] = "WQ";       /* out of the project, or out */
	char letter = (char)('!' + next_random(state, '~' - '!' + 1));
	unsigned what = next_random(state, 10);
	const char *keys = what < 3 ? " " :
		what < 5 ? odd_keys[next_random(state, sizeof(odd_keys) /
						sizeof(odd_keys[0]))] :
		(char[]){ strchr(never, letter) ? 'v' : letter, '\0' };

	/* the help runs what is found, W too */
	if (!strcmp(keys, "\r") && pty_shows(play->pty, "HELP"))
		keys = "\033";
	play->keys++;
	if (next_random(state, 4))
		pty_key(play->pty, keys, strlen(keys), ANSWER);
	else
		pty_send(play->pty, keys, strlen(keys));
}

/* q in the list leaves: then it begins again. */
static bool begin_again(struct play *play)
{
	const char *wrong = pty_not_restored(play->pty);

	if (wrong || pty_exit(play->pty, 0) != 0) {
		fprintf(stderr, "%s\n", wrong ? wrong : "it failed");
		return show(play, "the screen shows:");
	}
	char run[sizeof(play->run)];

	memcpy(run, play->run, sizeof(run));
	return do_run(play, run) && pty_wait_frame(play->pty, 1, PATIENCE);
}

static bool do_random(struct play *play, char *text)
{
	enum { STEP = 50, NIGHTLY = 25 };
	int count;
	unsigned long seed;

	const char *longer = getenv("SUMI_LONG");

	if (sscanf(text, "%d %lu", &count, &seed) != 2)
		return false;
	if (longer && strtol(longer, NULL, 10) > 1)
		count *= NIGHTLY;
	unsigned long long state = seed * 2654435761U + 88172645463325252ULL;

	for (int i = 1; i <= count; i++) {
		press_random(play, &state);
		if (pty_ended(play->pty) && !begin_again(play))
			return false;
		if (i % STEP == 0 && !pty_ended(play->pty) &&
		    !do_steady(play, text) && !pty_ended(play->pty)) {
			fprintf(stderr, "after %d keys\n", i);
			return false;
		}
		if (pty_fault(play->pty)) {
			fprintf(stderr, "%s\n", pty_fault(play->pty));
			return false;
		}
	}
	return !pty_ended(play->pty) || begin_again(play);
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

static bool do_frames(struct play *play, char *text)
{
	char *rest;
	long most = strtol(text, &rest, 10), before;

	wait_quiet(play, QUIET);
	before = pty_frames(play->pty);
	for (rest += *rest == ' '; *rest; rest++) {
		play->keys++;
		pty_send(play->pty, rest, 1);
		let_pass(play, SETTLE);
	}
	wait_quiet(play, QUIET);
	before = pty_frames(play->pty) - before;
	if (before > 0 && before <= most)
		return true;
	fprintf(stderr, "%ld frames were drawn\n", before);
	return false;
}

static bool do_coloured(struct play *play, char *text)
{
	wait_quiet(play, QUIET);
	return pty_coloured(play->pty) == !strcmp(text, "yes") ||
	       show(play, "the screen shows:");
}

static bool do_stopped(struct play *play, char *text)
{
	(void)text;
	for (int i = 0; i < PATIENCE / SETTLE; i++) {
		if (pty_stopped(play->pty)) {
			while (pty_pump(play->pty, SETTLE))
				;
			return true;
		}
		pty_pump(play->pty, SETTLE);
	}
	return show(play, "the screen shows:");
}

static bool do_hangup(struct play *play, char *text)
{
	(void)text;
	return pty_hang_up(play->pty, PATIENCE);
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
	{ "as", do_as, false }, { "language", do_language, false },
	{ "set", do_set, false }, { "encoding", do_encoding, false },
	{ "copy", do_copy, false }, { "slow", do_slow, true },
	{ "frames", do_frames, true }, { "random", do_random, true },
	{ "coloured", do_coloured, true }, { "stopped", do_stopped, true }, { "hangup", do_hangup, true },
	{ "black", do_black, true }, { "lit", do_lit, true },
	{ "mouse", do_mouse, true },
	{ "images", do_images, true }, { "scrubbed", do_scrubbed, true },
	{ "key", do_key, true }, { "paste", do_paste, true },
	{ "expect", do_expect, true }, { "gone", do_gone, true },
	{ "lacks", do_lacks, true }, { "wait", do_wait, true },
	{ "resize", do_resize, true }, { "signal", do_signal, true },
	{ "shoot", do_shoot, true },
	{ "until", do_until, true }, { "golden", do_golden, true },
	{ "note", do_note, true }, { "noted", do_noted, true },
	{ "steady", do_steady, true },
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
