/*
 * scene.h - one picture with lines of text burned in, and what is known about
 * each of them.
 */
#ifndef SUMI_BURNIN_SCENE_H
#define SUMI_BURNIN_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "bench/burnin/backdrop.h"
#include "bench/burnin/picture.h"
#include "bench/burnin/type.h"
#include "bench/burnin/words.h"

/* How a picture is stored. */
enum form { FORM_PNG, FORM_JPEG, FORM_DICOM, FORM_DICOM16, FORMS };
extern const char *const form_name[FORMS];

/* Which stored value letters have in 16 bits. */
enum convention { STORED_MAX, IMAGE_MAX, WINDOW_MAX, MID_WINDOW, CONVENTIONS };
extern const char *const convention_name[CONVENTIONS];

/* What a set is made of; shares are in permille. */
struct recipe {
	const char *name, *help;
	int form[FORMS];                /* weights */
	int convention;                 /* enum convention, or -1: any */
	int monochrome1, is_signed;     /* of 16 bits; -1: any, 0, 1 */
	int quality_low, quality_high;  /* JPEG */
	int least_px, most_px;          /* letters */
	enum script script;
	int japanese;                   /* patients */
	int down, turned;               /* of lines */
	int low;                        /* contrast of 30 to 60 levels */
	int coloured;                   /* ink, on colour pictures */
	int benign_names;
	int identifiers;                /* most a picture; 0: no text at all */
	bool stamps;                    /* seals and writing by hand, too */
	int apart;                      /* letters with blanks between them */
};

/* The row with no name is the last. */
extern const struct recipe recipes[];

enum { SCENE_LINES = 64 };

struct scene_line {
	struct words words;
	bool is_label;                  /* words.label, beside an identifier */
	struct region box;              /* tight about the ink */
	int px, font, turn;
	bool down;
	int contrast;                   /* levels of 255 to what is around */
	const char *dress, *colour;
	const char *hand;               /* how it was made by hand, or NULL */
};

struct scene {
	const struct recipe *recipe;
	const struct backdrop *backdrop;
	enum form form;
	int number;
	struct patient patient;
	struct picture picture;
	struct scene_line line[SCENE_LINES];
	int lines;
	/* storing */
	int quality;
	enum convention convention;
	int bits;
	bool is_signed, monochrome1;
	double black, white;            /* stored values of levels 0 and 1 */
	bool kanji_escapes;             /* ISO 2022 IR 87, else UTF-8 */
	uint64_t uid;
};

/* Draw picture `number` of a set; scene_done() releases.  The same seed,
 * fonts and number give the same scene.  False: no memory. */
bool scene_draw(struct scene *s, const struct recipe *recipe,
		const struct fonts *fonts, uint64_t seed, int number);
void scene_done(struct scene *s);

/* The stored values that a sample may have. */
void scene_range(const struct scene *s, double *least, double *most);

/* save.c: the file, and its truth (data/README.md); appended to out. */
bool scene_encode(const struct scene *s, struct buffer *out);
void scene_truth(const struct scene *s, const struct fonts *fonts,
		 const char *file, struct buffer *out);
const char *scene_suffix(const struct scene *s);

#endif
