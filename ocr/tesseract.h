/*
 * tesseract.h - Tesseract's models: a prepared line to text with its
 * confidence.  The only file that sees the library.
 */
#ifndef SUMI_TESSERACT_H
#define SUMI_TESSERACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "ocr/prepare.h"
#include "ocr/spell.h"
#include "ocr/symbols.h"

struct readers;

enum { READERS_MAX = 4, READING_TEXT = 256,
       READERS_COLUMNS = 2500 };        /* of a crop that is read */

struct reading {
	char text[READING_TEXT];        /* UTF-8, cut at a character; no LF */
	int confidence;                 /* 0..100, mean over the words */
	bool latin;                     /* by a model of a Latin script */
	struct symbols symbols;         /* of the crop that was read */
};

/*
 * Load one model for each language of "eng+jpn".  Those of the make that Debian
 * ships, in its folder or in $TESSDATA_PREFIX, are read by ourselves (model.h:
 * a fourth of the time, and none to start), others by the library.  Opens
 * files: call it before any fork or sandbox.  Switches off the threads of the
 * OpenMP library, which cost 5 times the time on lines (measured).  Free with
 * readers_free().  NULL with *err ERR_INTERNAL, naming the language.
 */
struct readers *readers_new(const char *languages, struct error *err);
void readers_free(struct readers *readers);     /* NULL does nothing */

int readers_count(const struct readers *readers);
/* Is it a model of a Latin script? */
bool readers_latin(const struct readers *readers, int index);

/*
 * Read a prepared line with model `index` (0: the first language).  Nothing
 * recognised gives "" with confidence 0; so does a crop wider than
 * READERS_COLUMNS: the library takes 13 s of CPU over one of 4650 (a grid
 * across a page; 100 letters are 2000 columns).  False with *err ERR_MEMORY.
 */
bool readers_read(struct readers *readers, int index, const struct crop *crop,
		  struct reading *reading, struct error *err);

/* The same, and its likeliest harmless text; none by the library. */
bool readers_spell(struct readers *readers, int index, const struct crop *crop,
		   struct reading *reading, struct spelled *spelled,
		   struct error *err);

/* Version of the library: "5.3.0". */
const char *readers_library(void);

#endif
