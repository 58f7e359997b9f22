/*
 * screen.c - what a key costs on the screen: time and bytes for characters,
 * sixels and kitty graphics, on terminals played by tests/pty.
 *
 *   screen PROGRAM FOLDER [COLUMNS ROWS]
 *
 * FOLDER is new; two pictures are made in it (a grey body of 1024 x 1024 and a
 * coloured sector of 1920 x 1080, noise in both, no text).  For each way of
 * drawing: start to the first frame, the next picture, moves of a box, a zoom,
 * a whole picture anew.  "ms" is from the key to the last byte of its frame,
 * in wall time with both sides on this machine; "CPU" is the program's own,
 * without its workers, to that frame and until it rests.  Medians.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "image/screen_png.h"
#include "tests/pty/pty.h"

enum { PATIENCE = 60000, MOST = 64, NAME = 4096 };

struct bench {
	char program[NAME], folder[NAME];
	int columns, rows, runs;
	struct pty *pty;
};

/* ---- pictures ---- */

static unsigned noise_state = 1;

static int noise(void)
{
	noise_state = noise_state * 1103515245u + 12345u;
	return (int)(noise_state >> 16) % 17 - 8;
}

/* Grey: a disc of tissue.  Coloured: a sector with a blot of flow in it. */
static void shade(int channels, int x, int y, uint8_t *at)
{
	long dx = channels == 1 ? x - 512 : x - 960, dy = channels == 1 ?
		  y - 512 : y;
	long from = dx * dx + dy * dy;
	bool in = channels == 1 ? from < 420 * 420 :
		  from < 1000L * 1000 && from > 120 * 120 && dy > labs(dx);
	int value = in ? 96 + (int)(from / 8192 % 64) + noise() : 0;

	for (int k = 0; k < channels; k++)
		at[k] = (uint8_t)value;
	if (channels == 3 && in && labs(dx) < 150 && dy > 400 && dy < 600) {
		at[0] = (uint8_t)(200 + noise());
		at[2] = 30;
	}
}

static bool make_picture(const char *name, int width, int height, int channels)
{
	size_t bytes = (size_t)width * (size_t)height * (size_t)channels;
	uint8_t *pixel = malloc(bytes);
	struct screen_png png = { .pixel = pixel, .width = width,
				  .height = height, .channels = channels,
				  .stride = (size_t)(width * channels) };
	struct buffer out = { 0 };
	FILE *file = fopen(name, "we");
	bool ok = pixel && file;

	for (int i = 0; ok && i < width * height; i++)
		shade(channels, i % width, i / width, pixel + i * channels);
	if (ok)
		screen_png_write(&png, &out);
	ok = ok && !out.failed &&
	     fwrite(out.data, 1, out.length, file) == out.length;
	if (file)
		ok = fclose(file) == 0 && ok;
	buffer_done(&out);
	free(pixel);
	return ok;
}

/* ---- measuring ---- */

static double now(clockid_t id)
{
	struct timespec t = { 0 };

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

struct cost { double ms[MOST], cpu[MOST], all[MOST], bytes[MOST]; int count; };

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *value, int count)
{
	qsort(value, (size_t)count, sizeof(*value), by_value);
	return count ? value[count / 2] : 0;
}

static void tell(const char *way, const char *what, struct cost *c)
{
	printf("| %s | %s | %.1f | %.1f | %.1f | %.0f |\n", way, what,
	       median(c->ms, c->count), median(c->cpu, c->count),
	       median(c->all, c->count), median(c->bytes, c->count));
	fflush(stdout);
}

/* Press a key; what its frame cost. */
static void press(struct bench *b, const char *keys, struct cost *c)
{
	clockid_t cpu;

	pty_settle(b->pty);
	if (clock_getcpuclockid(pty_program(b->pty), &cpu) != 0)
		return;
	long frame = pty_frames(b->pty);
	double ms = now(CLOCK_MONOTONIC), used = now(cpu);
	long long bytes = pty_bytes(b->pty);

	pty_send(b->pty, keys, strlen(keys));
	if (!pty_wait_frame(b->pty, frame + 1, PATIENCE) || c->count == MOST)
		return;
	c->ms[c->count] = now(CLOCK_MONOTONIC) - ms;
	c->cpu[c->count] = now(cpu) - used;
	pty_settle(b->pty);
	c->all[c->count] = now(cpu) - used;
	c->bytes[c->count++] = (double)(pty_bytes(b->pty) - bytes);
}

static bool start(struct bench *b, const char *way, const char *graphics,
		  struct cost *c)
{
	static char project[NAME + 16];
	char option[64];
	char *argv[] = { b->program, (char[]){ "review" },
			 (char[]){ "--test-fd=3" }, (char[]){ "--faces=off" },
			 (char[]){ "--reviewer=r1" }, option, (char[]){ "-o" },
			 project, (char[]){ "body.png" },
			 (char[]){ "sector.png" }, NULL };
	struct pty_options options = { .columns = b->columns,
		.rows = b->rows, .term = "xterm-256color",
		.folder = b->folder, .kind = kind_find(way), .blind = true };
	double ms = now(CLOCK_MONOTONIC);
	clockid_t cpu;

	snprintf(project, sizeof(project), "p%d", b->runs++);
	snprintf(option, sizeof(option), "--graphics=%s", graphics);
	b->pty = pty_start(&options, argv);
	if (!b->pty || !pty_wait_frame(b->pty, 1, PATIENCE))
		return false;
	c->ms[c->count] = now(CLOCK_MONOTONIC) - ms;
	if (clock_getcpuclockid(pty_program(b->pty), &cpu) == 0)
		c->cpu[c->count++] = now(cpu);
	return pty_wait_text(b->pty, "2 items", true, PATIENCE);
}

static void moves(struct bench *b, const char *name)
{
	struct cost move = { 0 }, zoom = { 0 }, anew = { 0 }, next = { 0 };

	pty_send(b->pty, "f", 1);
	pty_settle(b->pty);
	/* a ninth of a ninth of the picture */
	press(b, "A", &(struct cost){ 0 });
	press(b, "5", &(struct cost){ 0 });
	press(b, "5", &(struct cost){ 0 });
	for (int i = 0; i < 40; i++)
		press(b, i % 10 < 5 ? "L" : "J", &move);
	press(b, "q", &(struct cost){ 0 });
	press(b, "f", &(struct cost){ 0 });
	for (int i = 0; i < 6; i++)
		press(b, i % 2 ? "-" : "+", &zoom);
	press(b, "f", &(struct cost){ 0 });
	for (int i = 0; i < 6; i++)
		press(b, "i", &anew);
	for (int i = 0; i < 6; i++) {
		press(b, i % 2 ? "<" : ">", &next);
		pty_wait_text(b->pty, "loading", false, PATIENCE);
		while (pty_pump(b->pty, 700))
			;
	}
	tell(name, "box moved by 8 px", &move);
	tell(name, "zoom", &zoom);
	tell(name, "whole picture anew (inverted)", &anew);
	tell(name, "next picture, prefetched", &next);
}

static bool measure(struct bench *b, const char *kind, const char *graphics)
{
	struct cost first = { 0 };
	char name[64];

	snprintf(name, sizeof(name), "%s", graphics);
	for (int i = 0; i < 5; i++) {
		pty_free(b->pty);
		if (!start(b, kind, graphics, &first))
			return false;
	}
	tell(name, "start to first frame", &first);
	press(b, "\r", &(struct cost){ 0 });
	if (!pty_wait_text(b->pty, "reading", false, PATIENCE) ||
	    !pty_wait_text(b->pty, "REVIEW", true, PATIENCE))
		return false;
	while (pty_pump(b->pty, 1000))
		;
	moves(b, name);
	pty_free(b->pty);
	b->pty = NULL;
	return true;
}

int main(int argc, char **argv)
{
	struct bench b = { .columns = 200, .rows = 60 };

	setlocale(LC_ALL, "C.UTF-8");
	if ((argc != 3 && argc != 5) || !realpath(argv[1], b.program) ||
	    mkdir(argv[2], 0700) != 0 || !realpath(argv[2], b.folder) ||
	    chdir(b.folder) != 0) {
		fprintf(stderr, "usage: screen PROGRAM NEW-FOLDER "
			"[COLUMNS ROWS]\n");
		return 2;
	}
	if (argc == 5) {
		b.columns = (int)strtol(argv[3], NULL, 10);
		b.rows = (int)strtol(argv[4], NULL, 10);
	}
	if (!make_picture("body.png", 1024, 1024, 1) ||
	    !make_picture("sector.png", 1920, 1080, 3))
		return 1;
	printf("| drawn by | what | ms | CPU ms | until it rests | bytes |\n"
	       "|---|---|---|---|---|\n");
	bool ok = measure(&b, "xterm", "sextant") &&
		  measure(&b, "xterm", "half") &&
		  measure(&b, "vt340", "sixel") &&
		  measure(&b, "kitty", "kitty");

	pty_free(b.pty);
	if (!ok)
		fprintf(stderr, "the program did not answer\n");
	return ok ? 0 : 1;
}
