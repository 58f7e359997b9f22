/*
 * fuzz_keys.c - a script of keys at a reviewer's desk, with the witness of
 * what was seen: no verdict lets an unseen box or ink go.
 *
 * Form, boxes, ink; each box as tier, x, y, w, h and each inked place as x, y;
 * the rest is the script: bytes as a terminal sends them.  0xff and a byte are
 * something else that happens (enum happening).
 */
#include "config.h"

#include <check.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/harness.h"
#include "tests/witness.h"
#include "ui/input.h"
#include "ui/key.h"

enum { COLUMNS = 96, ROWS = 64, HEAD = 3, BOX_BYTES = 5, MOST_BOXES = 8,
       MOST_INK = 8, MOST_SCRIPT = 1000, KEY_MS = 200, QUICK_MS = 20 };
enum form { FORM_PNG = 1, FORM_UNDO = 2, FORM_FRAMES = 4, FORM_OFF = 8,
	    FORM_HEADER = 16, FORM_LATE = 32 };
enum happening { SCREEN_CHANGES, ANSWERS_STOP, FILE_CHANGES, STAGE_FAILS,
		 PROPOSALS_COME, PAUSE, QUICK_KEY, FRAMES_STOP, HAPPENINGS };

/* The script as it is played. */
struct player {
	struct desk desk;
	struct input_decoder decoder;
	struct key_prefix prefix;
	long long step;                 /* ms to the next key */
};

/* What the desk and the witness call when something does not hold; there is
 * no test to fail here. */
void _ck_assert_failed(const char *file, int line, const char *expr,
		       const char *msg, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%d: %s\n", file, line, expr);
	va_start(arguments, msg);
	if (msg)
		vfprintf(stderr, msg, arguments);
	va_end(arguments);
	abort();
}

void _mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	harness_must(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "setlocale");
	return 0;
}

static void send(struct player *p, struct event e)
{
	desk_event(&p->desk, e);
	witness_check(&p->desk);
	p->desk.notes = 0;
	if (p->desk.effects & EFFECT_QUIT)
		desk_open(&p->desk, 1);
}

static void take_input(struct player *p, const struct input *input)
{
	struct event e = { .answered = p->desk.answers };

	p->desk.ms += p->step;
	p->step = KEY_MS;
	if (input->type == INPUT_KEY &&
	    key_event(&p->prefix, review_mode(p->desk.m), input->key, &e))
		send(p, e);
}

static void pause_keys(struct player *p)
{
	struct input input;

	if (input_timeout(&p->decoder, INPUT_STALE_MS, &input))
		take_input(p, &input);
	p->desk.ms += INPUT_STALE_MS;
}

static void serve_late(struct player *p)
{
	p->desk.serves = !p->desk.serves;
	if (p->desk.serves && review_info(p->desk.m))
		desk_serve(&p->desk);
}

static void change_screen(struct player *p, int what)
{
	desk_screen(&p->desk, 40 + what % 7 * 20, 12 + what % 5 * 12,
		    what & 128 ? PICTURE_HALF : PICTURE_SEXTANT);
}

static void happen(struct player *p, int what)
{
	switch ((enum happening)(what % HAPPENINGS)) {
	case SCREEN_CHANGES:
		change_screen(p, what / HAPPENINGS);
		break;
	case ANSWERS_STOP:
		p->desk.answers = !p->desk.answers;
		break;
	case FILE_CHANGES:
		send(p, (struct event){ .type = EVENT_CHANGED });
		break;
	case STAGE_FAILS:
		send(p, (struct event){ .type = EVENT_STAGE_FAILED });
		break;
	case PROPOSALS_COME:
		desk_detect(&p->desk);
		break;
	case PAUSE:
		pause_keys(p);
		break;
	case QUICK_KEY:
		p->step = QUICK_MS;
		break;
	default:
		serve_late(p);
	}
	p->desk.notes = 0;
}

static void play(struct player *p, const uint8_t *script, size_t size)
{
	struct input input;

	for (size_t i = 0; i < size; i++) {
		if (script[i] == 0xff && i + 1 < size)
			happen(p, script[++i]);
		else if (input_byte(&p->decoder, script[i], &input))
			take_input(p, &input);
	}
	pause_keys(p);
}

static void propose(struct desk *d, const uint8_t *box, bool header)
{
	struct region r = region_clip(region_from_box(
		box[1] % COLUMNS, box[2] % ROWS, 1 + box[3] % COLUMNS,
		1 + box[4] % 32), COLUMNS, ROWS);
	struct box *b = desk_box(d, (enum box_tier)(box[0] % TIERS), r.x0,
				 r.y0, region_width(r), region_height(r));

	if (header)
		snprintf(b->why, sizeof(b->why), "%s", "header:PatientName");
	b->frame0 = box[0] / TIERS % d->info.frames;
}

static void prepare(struct player *p, int form)
{
	struct desk *d = &p->desk;

	desk_init(d, COLUMNS, ROWS);
	witness_start(d, 0);
	p->step = KEY_MS;
	d->faces = form & FORM_OFF ? CHECK_OFF : CHECK_DONE;
	if (form & FORM_PNG)
		d->info.format = IMAGE_PNG;
	else
		d->faces = CHECK_DONE;
	if (form & FORM_FRAMES && !(form & FORM_PNG))
		d->info.frames = 3;
	d->detects = !(form & FORM_LATE);
	desk_screen(d, 160, 50, PICTURE_SEXTANT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct player p = { .step = KEY_MS };
	const uint8_t *at = data + HEAD, *end = data + size;

	if (size < HEAD)
		return 0;
	prepare(&p, data[0]);
	for (int n = data[1] % (MOST_BOXES + 1); n > 0 &&
	     end - at >= BOX_BYTES; n--, at += BOX_BYTES)
		propose(&p.desk, at, data[0] & FORM_HEADER &&
				     p.desk.boxes == 0);
	for (int n = data[2] % (MOST_INK + 1); n > 0 && end - at >= 2;
	     n--, at += 2)
		desk_ink(&p.desk, at[0] % COLUMNS, at[1] % ROWS);
	if (end - at > MOST_SCRIPT)
		end = at + MOST_SCRIPT;
	desk_open(&p.desk, 1);
	play(&p, at, (size_t)(end - at));
	if (data[0] & FORM_UNDO)
		witness_undo(&p.desk);
	desk_done(&p.desk);
	return 0;
}
