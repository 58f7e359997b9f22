/*
 * agree.c - how often our own reading of a Tesseract model (ocr/model.c) and
 * the library's, without its dictionaries, give the same letters, over the
 * crops that suminuri makes of real files.
 *
 * usage: agree LANGUAGE FILE...
 *
 * The linker hands every call of model_line() to us (--wrap).  Counted are the
 * crops that the library reads with a confidence of 85 or more, by letters as
 * letters_compact() leaves them and by bytes.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tesseract/capi.h>

#include "find/detect.h"
#include "ocr/letters.h"
#include "ocr/model.h"
#include "ocr/text.h"

enum { SURE = 85, DPI = 300 };

const struct detector detectors[] = {
	{ "text", text_load, text_run, text_version },
	{ .name = NULL },
};

/* model_line() has no place for what is ours. */
static struct {
	TessBaseAPI *library;
	int crops, sure, letters, bytes;
} seen;

bool __real_model_line(const struct model *m, const struct crop *crop,
		       char *text, size_t size, int *confidence,
		       struct symbols *symbols, struct error *err);
bool __wrap_model_line(const struct model *m, const struct crop *crop,
		       char *text, size_t size, int *confidence,
		       struct symbols *symbols, struct error *err);

static bool same_letters(const char *a, const char *b)
{
	struct letters x, y, p, q;

	letters_read(&x, a);
	letters_read(&y, b);
	letters_compact(&x, &p);
	letters_compact(&y, &q);
	return !letters_distance(&p, &q);
}

bool __wrap_model_line(const struct model *m, const struct crop *crop,
		       char *text, size_t size, int *confidence,
		       struct symbols *symbols, struct error *err)
{
	char *theirs;

	if (!__real_model_line(m, crop, text, size, confidence, symbols, err))
		return false;
	TessBaseAPISetImage(seen.library, crop->grey, crop->columns,
			    crop->rows, 1, crop->columns);
	TessBaseAPISetSourceResolution(seen.library, DPI);
	theirs = TessBaseAPIGetUTF8Text(seen.library);
	seen.crops++;
	if (theirs && TessBaseAPIMeanTextConf(seen.library) >= SURE) {
		theirs[strcspn(theirs, "\n")] = '\0';
		seen.sure++;
		seen.letters += same_letters(theirs, text);
		seen.bytes += !strcmp(theirs, text);
	}
	TessDeleteText(theirs);
	TessBaseAPIClear(seen.library);
	return true;
}

/* As tesseract.c sets it, and no dictionary. */
static bool load(const char *language)
{
	static const char *const off[] = {
		"load_system_dawg", "load_freq_dawg", "load_punc_dawg",
		"load_number_dawg", "load_bigram_dawg",
		"load_unambig_dawg",
	};
	char *name[6], *no[6];

	for (size_t i = 0; i < 6; i++) {
		name[i] = strdup(off[i]);
		no[i] = strdup("0");
	}
	seen.library = TessBaseAPICreate();
	if (TessBaseAPIInit4(seen.library, NULL, language, OEM_LSTM_ONLY, NULL,
			     0, name, no, 6, 0))
		return false;
	for (size_t i = 0; i < 6; i++) {
		free(name[i]);
		free(no[i]);
	}
	TessBaseAPISetVariable(seen.library, "tessedit_do_invert", "0");
	TessBaseAPISetVariable(seen.library, "invert_threshold", "0");
	TessBaseAPISetPageSegMode(seen.library, PSM_RAW_LINE);
	return true;
}

static void look(const char *path, const struct detect_options *options)
{
	struct error err = { 0 };
	struct proposals p = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image *image = fd >= 0 ? image_open(fd, &err) : NULL;

	if (!image || !detect_run(detectors, image, options, NULL, &p, &err))
		fprintf(stderr, "agree: a picture can't be read\n");
	proposals_done(&p);
	image_close(image);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct detect_options options = { .faces = FACES_OFF };
	struct error err = { 0 };

	if (argc < 3) {
		fprintf(stderr, "usage: agree LANGUAGE FILE...\n");
		return 2;
	}
	snprintf(options.languages, sizeof(options.languages), "%s", argv[1]);
	if (!image_warm_up(&err) || !text_load(&options, &err) ||
	    !load(argv[1])) {
		fprintf(stderr, "agree: %s can't be read\n", argv[1]);
		return EXIT_FAILURE;
	}
	for (int i = 2; i < argc; i++)
		look(argv[i], &options);
	printf("%s: %d crops, %d read surely by the library, of them the same "
	       "letters %d, the same bytes %d\n", argv[1], seen.crops,
	       seen.sure, seen.letters, seen.bytes);
	TessBaseAPIEnd(seen.library);
	TessBaseAPIDelete(seen.library);
	return 0;
}
