/*
 * model.h - a Tesseract 4/5 line model read by ourselves: its file, letters
 * and codes, and what its network says of a line as text.  Of 464 crops that
 * the library reads with a confidence of 85 or more, 462 come out with the same
 * letters (bench/agree); the library's dictionaries are left aside.
 *
 * File (tessdatamanager): a count, that many offsets of 8 bytes, the parts.
 * Of them are used 17 the network, 21 the letters, one a line, and 22 the
 * codes of each letter: a kanji is several.
 */
#ifndef SUMI_MODEL_H
#define SUMI_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ocr/network.h"
#include "ocr/spell.h"
#include "ocr/symbols.h"

struct model;

/*
 * Take a model from the bytes of a file, which are not kept.  NULL when it is
 * of another make (a legacy or a floating-point one), damaged, or there is no
 * memory.  Free with model_free().
 */
struct model *model_read(const uint8_t *data, size_t size);
void model_free(struct model *m);       /* NULL does nothing */

/*
 * Read a line of PREPARED_ROWS rows: text (UTF-8, cut at a character) and
 * confidence, 0 to 100: the mean over the words, each as sure as its least
 * sure letter; a letter of kana or kanji is a word.  When nothing is
 * recognised, text is "" and the confidence 0.  symbols (may be NULL): where
 * its letters stand.  False with *err ERR_MEMORY.
 */
bool model_line(const struct model *m, const struct crop *crop, char *text,
		size_t size, int *confidence, struct symbols *symbols,
		struct error *err);

/* The same, and its likeliest harmless text. */
bool model_line_spelled(const struct model *m, const struct crop *crop,
			char *text, size_t size, int *confidence,
			struct symbols *symbols, struct spelled *spelled,
			struct error *err);

#endif
