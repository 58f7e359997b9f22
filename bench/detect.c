/*
 * detect.c - the text detector beside full-page Tesseract: CPU time and what
 * is found, over the same pictures in the same run, one after the other.
 *
 * usage: detect [-v] [-r RUNS] [-m METHOD,METHOD...] ANSWERS FILE...
 *
 * ANSWERS is the folder gt of a set of pictures (data/README.md), FILE a
 * picture below the folder that holds gt.  Every method gets the picture as
 * the file's own window shows it, already decoded; ours decodes and makes its
 * views itself.  Boxes of words are widened by 1 pixel, ours as they are.
 * CPU time of the whole process, medians of RUNS (5) a picture, summed up.
 * METHOD counts from 0 in the order of the table; all when none is named.
 * -v: the times of each picture first.  Every frame of a picture is read.
 * Tesseract runs on one thread (OMP_THREAD_LIMIT=1, set before it is loaded).
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include "base/mem.h"
#include "bench/cpu.h"
#include "find/truth.h"
#include "image/image.h"
#include "ocr/lines.h"
#include "ocr/text.h"
#include "ocr/views.h"

enum { RUNS_MAX = 21, PATH = 4096, ANSWER_MAX = 16 << 20 };

/* One way to find text. */
static const struct method {
	const char *name;
	const char *languages;          /* of Tesseract; NULL: ours */
	TessPageSegMode mode;
	int scale;                      /* the page is made larger */
	int border;                     /* pixels of black around it */
	bool read;                      /* ours: read the lines too */
} methods[] = {
	{ "eng, PSM 3", "eng", PSM_AUTO, 1, 0, true },
	{ "eng, PSM 3, 25 px border", "eng", PSM_AUTO, 1, 25, true },
	{ "eng, PSM 3, x2", "eng", PSM_AUTO, 2, 0, true },
	{ "eng+jpn, PSM 11", "eng+jpn", PSM_SPARSE_TEXT, 1, 0, true },
	{ "eng+jpn, PSM 11, 25 px border", "eng+jpn", PSM_SPARSE_TEXT, 1, 25,
	  true },
	{ "eng+jpn, PSM 11, x2", "eng+jpn", PSM_SPARSE_TEXT, 2, 0, true },
	{ "suminuri, find only", NULL, PSM_AUTO, 1, 0, false },
	{ "suminuri, find and read", NULL, PSM_AUTO, 1, 0, true },
};
enum { METHODS = sizeof(methods) / sizeof(*methods) };

struct sum {
	double ms;                      /* sum of medians */
	long long boxes, cover80, cover98, letters, edits, false_boxes;
};

struct bench {
	TessBaseAPI *reader[METHODS];
	struct detect_options options;
	struct sum sum[METHODS];
	bool wanted[METHODS], each;
	int runs, pictures;
	double megapixels;
};

/* One picture, as all methods get it. */
struct page {
	const char *path;
	int fd;
	uint8_t **grey;                 /* [frames][rows][columns] in the
					   window */
	int frames, columns, rows;
	struct truth truth;
};

static void die(const char *what)
{
	fprintf(stderr, "detect: %s\n", what);
	exit(EXIT_FAILURE);
}

/* ---- full-page Tesseract ---- */

static TessBaseAPI *open_reader(const struct method *m)
{
	TessBaseAPI *t = TessBaseAPICreate();

	if (!t || TessBaseAPIInit2(t, NULL, m->languages, OEM_LSTM_ONLY) != 0)
		die("Tesseract lacks a language");
	TessBaseAPISetVariable(t, "debug_file", "/dev/null");
	TessBaseAPISetPageSegMode(t, m->mode);
	return t;
}

/* A frame with the border of a method, 8 bits. */
static PIX *make_page(const struct page *page, int frame,
		      const struct method *m)
{
	int wide = page->columns + 2 * m->border;
	int high = page->rows + 2 * m->border;
	PIX *pix = pixCreate(wide, high, 8);

	if (!pix)
		die("no memory");
	for (int y = 0; y < page->rows; y++) {
		l_uint32 *line = pixGetData(pix) +
				 (y + m->border) * pixGetWpl(pix);

		for (int x = 0; x < page->columns; x++)
			SET_DATA_BYTE(line, x + m->border,
				      page->grey[frame]
						[(size_t)y *
						 (size_t)page->columns +
						 (size_t)x]);
	}
	if (m->scale == 1)
		return pix;

	PIX *large = pixScale(pix, (float)m->scale, (float)m->scale);

	pixDestroy(&pix);
	if (!large)
		die("no memory");
	return large;
}

/* The words found, in pixels of the picture. */
static void take_words(TessBaseAPI *t, const struct page *page, int frame,
		       const struct method *m, struct proposals *p)
{
	TessResultIterator *results = TessBaseAPIGetIterator(t);
	TessPageIterator *place;

	if (!results)
		return;
	place = TessResultIteratorGetPageIterator(results);
	do {
		struct box b = { .kind = KIND_TEXT, .tier = TIER_BOX,
				 .frame0 = frame, .frame1 = frame };
		char *text = TessResultIteratorGetUTF8Text(results, RIL_WORD);
		int x0, y0, x1, y1;

		if (text && strspn(text, " \n") != strlen(text) &&
		    TessPageIteratorBoundingBox(place, RIL_WORD, &x0, &y0,
						&x1, &y1)) {
			snprintf(b.text, sizeof(b.text), "%s", text);
			b.region = region_grow((struct region){
				x0 / m->scale - m->border,
				y0 / m->scale - m->border,
				x1 / m->scale - m->border,
				y1 / m->scale - m->border }, 1);
			b.region = region_clip(b.region, page->columns,
					       page->rows);
			if (!region_empty(b.region) &&
			    !box_list_add(&p->boxes, &b))
				die("no memory");
		}
		TessDeleteText(text);
	} while (TessResultIteratorNext(results, RIL_WORD));
	TessResultIteratorDelete(results);
}

static void run_tesseract(struct bench *b, int method, const struct page *page,
			  struct proposals *p)
{
	const struct method *m = &methods[method];
	TessBaseAPI *t = b->reader[method];

	for (int i = 0; i < page->frames; i++) {
		PIX *pix = make_page(page, i, m);

		TessBaseAPISetImage2(t, pix);
		TessBaseAPISetSourceResolution(t, 70 * m->scale);
		if (TessBaseAPIRecognize(t, NULL) == 0)
			take_words(t, page, i, m, p);
		TessBaseAPIClear(t);
		pixDestroy(&pix);
	}
}

/* ---- ours ---- */

static void take_lines(const struct line_list *lines, int frame,
		       const struct views *views, struct proposals *p)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct box b = { .kind = KIND_TEXT, .tier = TIER_BOX,
				 .frame0 = frame, .frame1 = frame,
				 .region = region_clip(region_grow(
					lines->line[i].box, 2), views->columns,
					views->rows) };

		/* the score from which the program reads most lines */
		if (lines->line[i].score >= 2 &&
		    !box_list_add(&p->boxes, &b))
			die("no memory");
	}
}

static void find_lines(struct image *image, int at, struct proposals *p)
{
	struct error err = { 0 };
	struct frame *frame = image_frame(image, at, &err);
	struct line_list all = { 0 }, some = { 0 };
	struct views views = { 0 };

	if (!frame || !views_make(image, frame, &views, &err))
		die(err.text);
	for (int i = 0; i < views.count; i++) {
		struct grey_plane plane = views_plane(&views, i);

		if (!lines_find(&plane, LINES_BOTH, NULL, &some, &err) ||
		    (i == 0 && !lines_find_fine(&plane, NULL, &some, &err)) ||
		    !lines_merge(&all, &some, &err))
			die(err.text);
	}
	take_lines(&all, at, &views, p);
	line_list_done(&all);
	line_list_done(&some);
	views_done(&views);
	frame_free(frame);
}

static void run_ours(struct bench *b, const struct method *m,
		     const struct page *page, struct proposals *p)
{
	struct error err = { 0 };
	struct image *image = image_open(page->fd, &err);

	if (!image)
		die(err.text);
	if (m->read && !text_run(image, &b->options, NULL, p, &err))
		die(err.text);
	for (int i = 0; !m->read && i < page->frames; i++)
		find_lines(image, i, p);
	image_close(image);
}

/* ---- pictures ---- */

static char *read_whole(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = file ? mem_array(ANSWER_MAX, 1) : NULL;

	*length = text ? fread(text, 1, ANSWER_MAX, file) : 0;
	if (file)
		fclose(file);
	return text;
}

/* The answers stand below the folder gt as the picture beside it. */
static void load_truth(struct page *page, const char *answers)
{
	size_t beside = strlen(answers), length;
	struct error err = { 0 };
	char path[PATH], *text;

	while (beside > 0 && answers[beside - 1] == '/')
		beside--;
	beside -= beside >= 2 ? 2 : beside;     /* "gt" */
	if (strncmp(page->path, answers, beside) != 0)
		die("the pictures must lie beside the folder gt");
	snprintf(path, sizeof(path), "%.*sgt/%s.json", (int)beside, answers,
		 page->path + beside);
	text = read_whole(path, &length);
	if (!text || !truth_read(text, length, &page->truth, &err))
		die("a picture has no answer");
	free(text);
}

static void load_frame(struct page *page, struct image *image, int at)
{
	struct error err = { 0 };
	struct views views = { 0 };
	struct frame *frame = image_frame(image, at, &err);

	if (!frame || !views_make(image, frame, &views, &err))
		die("a picture can't be read");
	page->columns = views.columns;
	page->rows = views.rows;
	page->grey[at] = views.grey[0];
	views.grey[0] = NULL;
	views_done(&views);
	frame_free(frame);
}

static void load_page(struct page *page, const char *answers)
{
	struct error err = { 0 };
	struct image *image;

	load_truth(page, answers);
	page->fd = open(page->path, O_RDONLY | O_CLOEXEC);
	image = page->fd < 0 ? NULL : image_open(page->fd, &err);
	if (!image)
		die("a picture can't be read");
	page->frames = image_info(image)->frames;
	page->grey = mem_array((size_t)page->frames, sizeof(*page->grey));
	if (!page->grey)
		die("no memory");
	for (int i = 0; i < page->frames; i++)
		load_frame(page, image, i);
	image_close(image);
}

static void add_score(struct sum *sum, const struct page *page,
		      const struct proposals *p)
{
	struct truth_score score;
	struct error err = { 0 };

	if (!truth_compare(&page->truth, p, page->columns, page->rows, &score,
			   &err))
		die(err.text);
	for (size_t i = 0; i < score.count; i++) {
		const struct truth_mark *m = &score.mark[i];

		if (page->truth.box[m->box].kind != TRUTH_IDENTIFIER)
			continue;
		sum->boxes++;
		sum->cover80 += m->boxes >= .8;
		sum->cover98 += m->boxes >= .98;
		sum->letters += m->letters;
		sum->edits += m->edits;
	}
	sum->false_boxes += score.false_text;
	truth_score_done(&score);
}

static int compare(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

static void print_picture(const struct bench *b, const struct page *page,
			  double ms[METHODS][RUNS_MAX])
{
	for (int i = 0; i < METHODS; i++)
		if (b->wanted[i])
			printf("%.1f\t", ms[i][b->runs / 2]);
	printf("%s\n", page->path);
}

static void measure(struct bench *b, const struct page *page)
{
	double ms[METHODS][RUNS_MAX];

	for (int r = 0; r < b->runs; r++)
		for (int i = 0; i < METHODS; i++) {
			struct proposals p = { 0 };
			double start = cpu_ms();

			if (!b->wanted[i])
				continue;
			if (methods[i].languages)
				run_tesseract(b, i, page, &p);
			else
				run_ours(b, &methods[i], page, &p);
			ms[i][r] = cpu_ms() - start;
			if (r == 0)
				add_score(&b->sum[i], page, &p);
			proposals_done(&p);
		}
	for (int i = 0; i < METHODS; i++) {
		if (!b->wanted[i])
			continue;
		qsort(ms[i], (size_t)b->runs, sizeof(double), compare);
		b->sum[i].ms += ms[i][b->runs / 2];
	}
	if (b->each)
		print_picture(b, page, ms);
	b->pictures++;
	b->megapixels += (double)page->frames * page->columns * page->rows /
			 1e6;
}

/* A share for the table, "–" of nothing. */
static void print_part(long long of, long long all)
{
	if (all)
		printf(" %.3f |", (double)of / (double)all);
	else
		printf(" – |");
}

static void print(const struct bench *b)
{
	double ours = b->sum[METHODS - 1].ms;
	long long lines = 0;

	for (int i = 0; i < METHODS; i++)
		if (b->wanted[i])
			lines = b->sum[i].boxes;
	printf("%d pictures, %.1f megapixels, %lld identifier lines, medians "
	       "of %d runs\n\n", b->pictures, b->megapixels, lines, b->runs);
	printf("| method | covered ≥ 80 %% | ≥ 98 %% | CER | false "
	       "boxes a picture | CPU ms/Mpx | ours ÷ this |\n"
	       "|---|---|---|---|---|---|---|\n");
	for (int i = 0; i < METHODS; i++) {
		const struct sum *s = &b->sum[i];

		if (!b->wanted[i])
			continue;
		printf("| %s |", methods[i].name);
		print_part(s->cover80, s->boxes);
		print_part(s->cover98, s->boxes);
		print_part(s->edits, methods[i].read ? s->letters : 0);
		printf(" %.2f | %.1f | %.2f |\n",
		       (double)s->false_boxes / b->pictures,
		       s->ms / b->megapixels, ours / s->ms);
	}
}

/* The library reads the limit when it is loaded: start again with it. */
static void limit_threads(char **argv)
{
	const char *limit = getenv("OMP_THREAD_LIMIT");

	if (limit && strcmp(limit, "1") == 0)
		return;
	setenv("OMP_THREAD_LIMIT", "1", 1);
	execv("/proc/self/exe", argv);
	die("can't start again");
}

static void choose(struct bench *b, const char *list)
{
	while (*list) {
		char *end;
		long i = strtol(list, &end, 10);

		if (end == list || i < 0 || i >= METHODS ||
		    (*end && *end != ','))
			die("METHOD is a number of the table");
		b->wanted[i] = true;
		list = end + (*end == ',');
	}
}

static void load(struct bench *b)
{
	struct error err = { 0 };

	setMsgSeverity(L_SEVERITY_NONE);
	if (!image_warm_up(&err) || !text_load(&b->options, &err))
		die(err.text);
	for (int i = 0; i < METHODS; i++)
		if (methods[i].languages && b->wanted[i])
			b->reader[i] = open_reader(&methods[i]);
}

static void run(struct bench *b, const char *answers, const char *path)
{
	struct page page = { .path = path };

	load_page(&page, answers);
	measure(b, &page);
	truth_done(&page.truth);
	for (int i = 0; i < page.frames; i++)
		free(page.grey[i]);
	free(page.grey);
	close(page.fd);
}

int main(int argc, char **argv)
{
	struct bench b = { .runs = 5, .options = { .languages = "eng+jpn" } };
	const char *list = "0,1,2,3,4,5,6,7";
	int option;

	limit_threads(argv);
	while ((option = getopt(argc, argv, "vr:m:")) != -1)
		if (option == 'v')
			b.each = true;
		else if (option == 'r')
			b.runs = (int)strtol(optarg, NULL, 10);
		else if (option == 'm')
			list = optarg;
		else
			return 2;
	if (argc - optind < 2 || b.runs < 1 || b.runs > RUNS_MAX) {
		fprintf(stderr, "usage: detect [-v] [-r RUNS] "
				"[-m METHOD,METHOD...] ANSWERS FILE...\n");
		return 2;
	}
	choose(&b, list);
	load(&b);
	for (int i = optind + 1; i < argc; i++)
		run(&b, argv[optind], argv[i]);
	print(&b);
	for (int i = 0; i < METHODS; i++)
		if (b.reader[i])
			TessBaseAPIDelete(b.reader[i]);
	return 0;
}
