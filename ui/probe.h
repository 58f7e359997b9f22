/*
 * probe.h - what a terminal can show: the questions, its answers, and the
 * look that follows.  No terminal here: answers come as struct input.
 */
#ifndef SUMI_PROBE_H
#define SUMI_PROBE_H

#include "ui/input.h"
#include "ui/picture.h"
#include "ui/sixel.h"

/* What it answered.  Zero-initialise. */
struct probe {
	char name[INPUT_NAME_SIZE];     /* XTVERSION */
	int cursors;                    /* answers to CSI 6n */
	int half_width, sextant_width;  /* cells; 0 unknown */
	bool sixel, kitty;              /* said that it shows them */
	bool synchronized;              /* mode 2026 */
	int cell_width, cell_height;    /* pixels; 0 not said */
	int registers;                  /* of sixel; 0 not said */
	int limit_width, limit_height;  /* of a sixel image; 0 not said */
	bool done;                      /* answered the last question */
};

/* What else is known of it; all borrowed, none of it sure: the environment
 * does not come along through ssh or sudo. */
struct surroundings {
	const char *term, *colorterm, *tmux, *no_color; /* NULL: not set */
	bool utf8, ascii;               /* character set; --ascii */
	int colours;                    /* of the terminal's description */
	int cell_width, cell_height;    /* of TIOCGWINSZ; 0 not said */
	int mode, palette;              /* asked for by option; -1: find out */
	int chosen;                     /* on the test card once; -1: never */
};

/* The questions, in one batch; DA1 is the last. */
void probe_questions(const struct surroundings *s, struct buffer *out);
void probe_take(struct probe *p, const struct input *input);

/* In tmux or screen, by its answer or the environment: what is drawn there is
 * not what the terminal around it draws, nor where. */
bool probe_in_multiplexer(const struct probe *p, const struct surroundings *s);
/* The look; where pixels are sent with the size of a cell. */
struct look probe_look(const struct probe *p, const struct surroundings *s);
/* The same without pixels. */
struct look probe_text_look(const struct probe *p,
			    const struct surroundings *s);
enum charset probe_charset(const struct probe *p,
			   const struct surroundings *s);
struct sixel_limits probe_limits(const struct probe *p);
/* Can this mode be drawn here at all? */
bool probe_allows(const struct probe *p, const struct surroundings *s,
		  enum picture_mode mode);

/* Is there a finer mode than this, as far as the terminal told? */
bool probe_has_finer(const struct probe *p, const struct surroundings *s,
		     enum picture_mode mode);

/* Is that the size of a cell?  Some terminals make one up. */
bool probe_is_cell(int width, int height);
#endif
