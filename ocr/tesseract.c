/* tesseract.c - Tesseract's C API, one line at a time. */
#include "config.h"

#include "ocr/tesseract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>
#include <omp.h>
#include <tesseract/capi.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/model.h"

enum { LANGUAGE_NAME = 32, PACKAGE_SIZE = 48, LINE_DPI = 300, PATH_SIZE = 4096,
       MODEL_MAX = 64 << 20 };

/* Of each language one of the two. */
struct readers {
	struct model *model[READERS_MAX];
	TessBaseAPI *api[READERS_MAX];  /* a model of another make */
	bool latin[READERS_MAX];
	int count;
};

/* Models of denser scripts need larger letters to be legible. */
static bool is_latin(const char *language)
{
	static const char *const dense[] = { "jpn", "chi", "kor" };

	for (size_t i = 0; i < sizeof(dense) / sizeof(dense[0]); i++)
		if (!strncmp(language, dense[i], 3))
			return false;
	return true;
}

/* A copy of each word of "a+b+c" in turn; false at the end. */
static bool next_language(const char **rest, char *language, size_t size)
{
	size_t n = strcspn(*rest, "+");

	if (!n || n >= size)
		return false;
	memcpy(language, *rest, n);
	language[n] = '\0';
	*rest += n;
	/* a "+" asks for one more */
	if ((*rest)[0] == '+' && (*rest)[1])
		++*rest;
	return true;
}

static struct model *read_model_in(const char *folder, const char *language)
{
	struct model *model = NULL;
	char path[PATH_SIZE];
	uint8_t *data;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.traineddata", folder, language);
	file = fopen(path, "rb");
	data = file ? mem_array(MODEL_MAX, 1) : NULL;
	if (data)
		model = model_read(data, fread(data, 1, MODEL_MAX, file));
	if (file)
		fclose(file);
	free(data);
	return model;
}

/*
 * The model that the library would take, read by ourselves: where the user
 * says, else where the package puts it.  NULL: it isn't there, or we can't.
 */
static struct model *read_model(const char *language)
{
	const char *folder = getenv("TESSDATA_PREFIX");

	return read_model_in(folder && folder[0] ? folder : TESSDATADIR,
			     language);
}

static TessBaseAPI *load(const char *language)
{
	TessBaseAPI *api = TessBaseAPICreate();

	if (!api)
		return NULL;
	if (TessBaseAPIInit2(api, NULL, language, OEM_LSTM_ONLY)) {
		TessBaseAPIDelete(api);
		return NULL;
	}
	/* No "debug_file": it is opened with the first message, and a worker
	 * can open nothing.  stderr is /dev/null there. */
	/* the polarity is known; each doubtful line would be read twice */
	TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
	TessBaseAPISetVariable(api, "invert_threshold", "0");
	/* a crop is one line and nothing else: its layout is not looked for */
	TessBaseAPISetPageSegMode(api, PSM_RAW_LINE);
	return api;
}

static void close_library(TessBaseAPI *api)
{
	if (!api)
		return;
	TessBaseAPIEnd(api);
	TessBaseAPIDelete(api);
}

/* The Debian package of a model: tesseract-ocr-chi-sim for chi_sim. */
static void name_package(const char *language, char package[PACKAGE_SIZE])
{
	snprintf(package, PACKAGE_SIZE, "tesseract-ocr-%s", language);
	for (char *c = package; *c; c++) {
		if (*c == '_')
			*c = '-';
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
}

struct readers *readers_new(const char *languages, struct error *err)
{
	struct readers *r = calloc(1, sizeof(*r));
	char language[LANGUAGE_NAME], package[PACKAGE_SIZE];
	const char *rest = languages;

	if (!r) {
		error_set(err, ERR_MEMORY, _("no memory for reading text"));
		return NULL;
	}
	omp_set_max_active_levels(0);
	setMsgSeverity(L_SEVERITY_NONE);
	while (r->count < READERS_MAX &&
	       next_language(&rest, language, sizeof(language))) {
		r->model[r->count] = read_model(language);
		if (!r->model[r->count])
			r->api[r->count] = load(language);
		if (!r->model[r->count] && !r->api[r->count]) {
			name_package(language, package);
			error_set(err, ERR_INTERNAL,
				  _("Tesseract has no model \"%s\": install "
				    "the package %s"), language, package);
			goto fail;
		}
		r->latin[r->count++] = is_latin(language);
	}
	if (r->count && !*rest)
		return r;
	error_set(err, ERR_USAGE, _("languages are given as in eng+jpn"));
fail:
	readers_free(r);
	return NULL;
}

void readers_free(struct readers *readers)
{
	if (!readers)
		return;
	for (int i = 0; i < readers->count; i++) {
		model_free(readers->model[i]);
		close_library(readers->api[i]);
	}
	free(readers);
}

int readers_count(const struct readers *readers)
{
	return readers->count;
}

bool readers_latin(const struct readers *readers, int index)
{
	return readers->latin[index];
}

const char *readers_library(void)
{
	return TessVersion();
}

/* Copy without white space at the ends; cut before a character that is too
 * much. */
static void copy_text(const char *from, char *to, size_t size)
{
	size_t n;

	from += strspn(from, " \t\n\f");
	n = strlen(from);
	while (n && strchr(" \t\n\f", from[n - 1]))
		n--;
	if (n >= size) {
		n = size - 1;
		while (n && ((unsigned char)from[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(to, from, n);
	to[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)to[i] < ' ' || to[i] == 0x7f)
			to[i] = ' ';
}

static void read_by_library(TessBaseAPI *api, const struct crop *crop,
			    struct reading *reading)
{
	char *text;

	TessBaseAPISetImage(api, crop->grey, crop->columns, crop->rows, 1,
			    crop->columns);
	TessBaseAPISetSourceResolution(api, LINE_DPI);
	text = TessBaseAPIGetUTF8Text(api);
	if (text)
		copy_text(text, reading->text, sizeof(reading->text));
	if (reading->text[0])
		reading->confidence = TessBaseAPIMeanTextConf(api);
	TessDeleteText(text);
	TessBaseAPIClear(api);
}

bool readers_spell(struct readers *readers, int index, const struct crop *crop,
		   struct reading *reading, struct spelled *spelled,
		   struct error *err)
{
	char text[READING_TEXT];

	*reading = (struct reading){ .latin = readers->latin[index],
				    .symbols.count = -1 };
	if (spelled)
		*spelled = (struct spelled){ .weight = 0 };
	if (crop->columns > READERS_COLUMNS)
		return true;
	if (!readers->model[index]) {
		read_by_library(readers->api[index], crop, reading);
		return true;
	}
	if (spelled ? !model_line_spelled(readers->model[index], crop, text,
					  sizeof(text), &reading->confidence,
					  &reading->symbols, spelled, err) :
		      !model_line(readers->model[index], crop, text,
				  sizeof(text), &reading->confidence,
				  &reading->symbols, err))
		return false;
	copy_text(text, reading->text, sizeof(reading->text));
	if (!reading->text[0])
		reading->confidence = 0;
	return true;
}

bool readers_read(struct readers *readers, int index, const struct crop *crop,
		  struct reading *reading, struct error *err)
{
	return readers_spell(readers, index, crop, reading, NULL, err);
}
