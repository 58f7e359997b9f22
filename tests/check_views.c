/*
 * check_views.c - what views draw of hand-made models, against the texts in
 * tests/screens/NAME.txt.  With SUMI_VIEWS set to a directory, what is drawn
 * is written there, to be read and compared by a person.
 */
#include "config.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/identifier.h"
#include "ocr/pattern.h"
#include "ocr/shapes.h"
#include "tests/support.h"
#include "ui/keyfile.h"
#include "ui/view_answer.h"
#include "ui/view_boxes.h"
#include "ui/wording.h"

enum { COLUMNS = 240, ROWS = 120,       /* of the picture */
       LARGE = 1600 };

struct scene {
	const char *name;
	int columns, rows;
	enum picture_mode mode;
	const char *keys;               /* each answered by the terminal */
};

static const struct scene scenes[] = {
	{ "answer-80x24", 80, 24, PICTURE_SEXTANT, "\r" },
	{ "answer-tall", 80, 24, PICTURE_SEXTANT, "\r" },
	{ "answer-200x60", 200, 60, PICTURE_SEXTANT, "\r" },
	{ "answer-40x12", 40, 12, PICTURE_ASCII, "\r" },
	{ "list-80x24", 80, 24, PICTURE_SEXTANT, "" },
	{ "list-40x12", 40, 12, PICTURE_SEXTANT, "j" },
	{ "review-80x24", 80, 24, PICTURE_SEXTANT, "\r" },
	{ "review-40x12", 40, 12, PICTURE_SEXTANT, "\r" },
	{ "frames-120x40", 120, 40, PICTURE_SEXTANT, "\r2" },
	{ "review-200x60", 200, 60, PICTURE_SEXTANT, "\r" },
	{ "review-ascii", 200, 60, PICTURE_ASCII, "\r" },
	{ "edit-80x24", 80, 24, PICTURE_HALF, "\r1ell" },
	{ "class-80x24", 80, 24, PICTURE_SEXTANT, "\r1t" },
	{ "reason-80x24", 80, 24, PICTURE_SEXTANT, "\r1x" },
	{ "details-80x24", 80, 24, PICTURE_SEXTANT, "\r1d" },
	{ "filled-80x24", 80, 24, PICTURE_HALF, "\rfm" },
	{ "selected-80x24", 80, 24, PICTURE_HALF, "\r1f" },
	{ "hint-80x24", 80, 24, PICTURE_SEXTANT, "\ra" },
	{ "help-80x24", 80, 24, PICTURE_SEXTANT, "\r?" },
	{ "small", 39, 24, PICTURE_SEXTANT, "\r" },
};

static struct worklist_item items[] = {
	{ .row = 1,
	  .name = (char[]){ "ward/" "\xe5\xb1\xb1\xe7\x94\xb0" ".dcm" },
	  .why_flagged = (char[]){ "name seen" }, .state = ITEM_LISTED,
	  .columns = COLUMNS, .rows = ROWS, .frames = 1, .modality = "US",
	  .boxes = 2 },
	{ .row = 2, .name = (char[]){ "ward/broken.dcm" },
	  .state = ITEM_REFUSED, .boxes = -1, .reason = REASON_TRUNCATED },
	{ .row = 3, .name = (char[]){ "ward/a-name-so-long-that-its-end-is-"
	  "what-is-shown-of-it-0003.png" }, .state = ITEM_MASKED,
	  .output = OUTPUT_RELEASED, .columns = 1024, .rows = 768,
	  .frames = 12, .boxes = 11 },
};

static struct image_info make_info(void)
{
	return (struct image_info){
		.format = IMAGE_DICOM, .columns = COLUMNS, .rows = ROWS,
		.frames = 1, .samples = 1, .type = SAMPLE_U8,
		.photometric = PHOTOMETRIC_MONOCHROME2, .bits_allocated = 8,
		.bits_stored = 8, .high_bit = 7, .mask_supported = true,
		.mcu_columns = 1, .mcu_rows = 1, .modality = "US",
		.slope = 1, .exif_orientation = 1,
	};
}

/* Letters as stripes inside the boxes, a bright square below. */
static struct plane *make_picture(void)
{
	struct plane *p = calloc(1, sizeof(*p));

	ck_assert_ptr_nonnull(p);
	*p = (struct plane){ COLUMNS, ROWS, 1, calloc(COLUMNS, ROWS) };
	ck_assert_ptr_nonnull(p->pixel);
	for (int y = 0; y < ROWS; y++) {
		for (int x = 0; x < COLUMNS; x++) {
			bool name = y >= 8 && y < 22 && x >= 12 && x < 88;
			bool scale = y >= 100 && y < 110 && x >= 200 &&
				     x < 230;
			bool square = y >= 40 && y < 90 && x >= 80 && x < 160;

			p->pixel[y * COLUMNS + x] = (uint8_t)(
				(name || scale) && x % 4 < 2 ? 255 :
				square ? 120 : 0);
		}
	}
	return p;
}

static struct box make_box(int x, int y, int w, int h, enum box_tier tier,
			   enum box_class class_, const char *text)
{
	struct box b = {
		.region = region_from_box(x, y, w, h), .tier = tier,
		.kind = KIND_IDENTIFIER, .class_ = class_,
		.source = SOURCE_HEADER, .score = 970, .confidence = 96,
		.latin = false, .letter_height = 14,
		.why = "header:PatientName",
	};

	snprintf(b.text, sizeof(b.text), "%s", text);
	return b;
}

static struct proposals make_proposals(void)
{
	struct proposals p = { .frames_read = 1, .text = CHECK_DONE,
			       .faces = CHECK_GATED };
	struct box name = make_box(10, 6, 80, 18, TIER_BOX, CLASS_NAME,
				   "\xe5\xb1\xb1\xe7\x94\xb0 HANAKO");
	struct box scale = make_box(198, 98, 34, 14, TIER_CANDIDATE,
				    CLASS_OTHER, "10 cm");

	ck_assert(box_list_add(&p.boxes, &name));
	ck_assert(box_list_add(&p.boxes, &scale));
	return p;
}

/* The desk of this test: one picture, always there. */
struct table {
	struct review *model;
	struct plane *picture;
	struct proposals proposals;
	struct image_info info;
	long long ms;
	bool open;
};

static void send(struct table *t, struct event event)
{
	unsigned effects;

	event.ms = t->ms += 1000;
	event.answered = true;
	effects = review_update(t->model, &event);
	if (effects & EFFECT_GO && !t->open) {
		t->open = true;
		send(t, (struct event){ .type = EVENT_ITEM,
					.item = &items[0] });
		send(t, (struct event){ .type = EVENT_OPENED,
					.info = &t->info });
		send(t, (struct event){ .type = EVENT_DETECTED,
					.info = &t->info,
					.proposals = &t->proposals });
	}
	if (effects & EFFECT_NEED_FRAME)
		send(t, (struct event){ .type = EVENT_FRAME, .frame_index =
			review_view(t->model)->frame_index,
			.plane = t->picture });
	if (event.type != EVENT_PAINTED)
		send(t, (struct event){ .type = EVENT_PAINTED, .revision =
			review_revision(t->model) });
}

static void press(struct table *t, int key)
{
	struct key_prefix prefix = { 0 };
	struct event event = { 0 };

	ck_assert(key_event(&prefix, review_mode(t->model), key, &event));
	send(t, event);
}

/* Stripes of 8 levels below the box of the name, with nothing else near. */
static void add_faint(struct table *t)
{
	struct box faint = make_box(12, 60, 40, 14, TIER_FAINT, CLASS_OTHER,
				    "");

	ck_assert(box_list_add(&t->proposals.boxes, &faint));
	for (int y = 60; y < 74; y++)
		for (int x = 12; x < 52; x++)
			t->picture->pixel[y * COLUMNS + x] =
				(uint8_t)(x % 8 < 4 ? 8 : 0);
}

/* A picture of four frames, with a box each on the first three. */
static void spread_frames(struct table *t)
{
	struct box_list *list = &t->proposals.boxes;

	t->info.frames = t->proposals.frames_read = 4;
	for (size_t i = 0; i < list->count; i++)
		list->box[i].frame0 = list->box[i].frame1 = (int)i % 3;
}

static void open_table(struct table *t, const struct scene *scene)
{
	struct event screen = { .type = EVENT_SCREEN };
	struct error err;

	*t = (struct table){ .info = make_info(), .picture = make_picture(),
			     .proposals = make_proposals() };
	if (!strcmp(scene->name, "faint"))
		add_faint(t);
	if (!strncmp(scene->name, "frames", 6))
		spread_frames(t);
	t->model = review_new(&err);
	ck_assert_ptr_nonnull(t->model);
	view_screen(scene->columns, scene->rows, scene->mode, &screen.screen);
	send(t, screen);
	send(t, (struct event){ .type = EVENT_LIST, .list_count = 3,
				.row = 1 });
	for (const char *key = scene->keys; *key; key++)
		press(t, *key);
}

static void close_table(struct table *t)
{
	review_free(t->model);
	plane_free(t->picture);
	proposals_done(&t->proposals);
}

/* All kinds of findings, out of order. */
static struct train_finding findings[] = {
	{ TRAIN_RIGHT, { 10, 6, 90, 24 }, 0, 0, "name", 100,
	  "a name must go, in any script", 1 },
	{ TRAIN_NEEDLESS, { 198, 98, 232, 112 }, 0, 0, "benign_text", 0,
	  "device, scale and technical text may stay", 4 },
	{ TRAIN_MISSED, { 80, 40, 160, 90 }, 0, 0, "face", 0,
	  "a face must go whole: eyes alone do not hide who it is", 6 },
	{ TRAIN_SMALL, { 150, 6, 200, 20 }, 0, 0, "dob", 45,
	  "a date of birth must go", 2 },
	{ TRAIN_NEEDLESS, { 0, 100, 20, 118 }, 3, 4, "-", 0,
	  "nothing that tells who it is lies here", 3 },
};
static const struct train_case result = {
	.finding = findings, .count = ARRAY_LENGTH(findings),
	.marks = { 1, 1, 1, 2 },
};
static const struct train_score score = {
	.cases = 3, .right_cases = 1, .marks = { 12, 1, 2, 4 },
};
static const struct answer answer = { &result, 3, 8,
				     "series1/us_banner.dcm", &score };

static void draw(struct table *t, const struct scene *scene,
		 struct buffer *out)
{
	struct look look = { scene->mode, COLOURS_256, false, 0, 0 };
	struct view_data v = {
		.look = &look, .model = t->model, .plane = t->picture,
		.plane_frame = review_view(t->model)->frame_index,
		.project = "./suminuri-project",
		.project_fresh = true, .total = 4, .item = items,
		.item_count = ARRAY_LENGTH(items), .notice = "",
		.by_state = { [ITEM_LISTED] = 1, [ITEM_MASKED] = 1,
			      [ITEM_REFUSED] = 1, [ITEM_WITHHELD] = 1 },
		.help_mode = MODE_REVIEW, .verdicts = 3, .session_ms = 90000,
		.answer = !strncmp(scene->name, "answer", 6) ?
			  &answer : NULL,
	};
	struct plane tall = *t->picture;
	struct canvas c;
	struct error err;

	tall.columns = ROWS;
	tall.rows = COLUMNS;
	if (!strcmp(scene->name, "answer-tall"))
		v.plane = &tall;
	ck_assert(canvas_init(&c, scene->columns, scene->rows,
			      scene->mode == PICTURE_ASCII ? CHARSET_ASCII :
			      CHARSET_UNICODE, &err));
	view_draw(&v, &c);
	canvas_dump(&c, out);
	canvas_done(&c);
}

static void read_text(const char *name, struct buffer *out)
{
	const char *top = getenv("top_srcdir");
	char path[4096], block[4096];
	size_t n;
	FILE *in;

	snprintf(path, sizeof(path), "%s/tests/screens/%s.txt",
		 top ? top : ".", name);
	in = fopen(path, "re");
	ck_assert_msg(in, "%s is missing", path);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		buffer_append(out, block, n);
	fclose(in);
}

static void write_text(const char *folder, const char *name,
		       const struct buffer *text)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.txt", folder, name);
	out = fopen(path, "we");
	ck_assert_ptr_nonnull(out);
	fwrite(text->data, 1, text->length, out);
	fclose(out);
}

START_TEST(views)
{
	const struct scene *scene = &scenes[_i];
	const char *folder = getenv("SUMI_VIEWS");
	struct buffer is = { 0 }, wanted = { 0 };
	struct table t;

	open_table(&t, scene);
	draw(&t, scene, &is);
	if (folder)
		write_text(folder, scene->name, &is);
	read_text(scene->name, &wanted);
	ck_assert_msg(!strcmp(is.data, wanted.data), "%s is now:\n%s",
		      scene->name, is.data);
	buffer_done(&is);
	buffer_done(&wanted);
	close_table(&t);
}
END_TEST

/* What is cut off at the left is told. */
static const struct {
	enum charset charset;
	const char *name;
	int columns;
	const char *text;
} tails[] = {
	{ CHARSET_UNICODE, "ward/1.dcm", 10, "ward/1.dcm" },
	{ CHARSET_UNICODE, "ward/1.dcm", 9, "\xe2\x80\xa6" "rd/1.dcm" },
	{ CHARSET_ASCII, "ward/1.dcm", 9, "..d/1.dcm" },
	/* half a letter is none: three columns for two of them */
	{ CHARSET_UNICODE, "\xe5\xb1\xb1\xe7\x94\xb0", 4,
	  "\xe5\xb1\xb1\xe7\x94\xb0" },
	{ CHARSET_UNICODE, "\xe5\xb1\xb1\xe7\x94\xb0", 3,
	  "\xe2\x80\xa6" "\xe7\x94\xb0" },
	{ CHARSET_UNICODE, "\xe5\xb1\xb1\xe7\x94\xb0", 2,
	  "\xe2\x80\xa6" },
	/* no room for the dots and a letter */
	{ CHARSET_ASCII, "ward/1.dcm", 2, "cm" },
	{ CHARSET_UNICODE, "ward/1.dcm", 0, "" },
	{ CHARSET_UNICODE, "ward/1.dcm", -7, "" },
	{ CHARSET_UNICODE, NULL, 9, "" },
};

START_TEST(tail)
{
	char text[VIEW_NAME], small[6];

	view_tail(tails[_i].charset, tails[_i].name, tails[_i].columns, text,
		  sizeof(text));
	ck_assert_str_eq(text, tails[_i].text);
	view_tail(tails[_i].charset, tails[_i].name, tails[_i].columns, small,
		  sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

/* No size breaks a view, and no text leaves its line. */
/* All that is drawn of a scene of this size, in this mode. */
static void draw_sized(int columns, int rows, enum picture_mode mode,
		       const char *keys)
{
	struct scene scene = { "", columns, rows, mode, keys };
	struct buffer out = { 0 };
	struct table t;

	open_table(&t, &scene);
	draw(&t, &scene, &out);
	ck_assert_uint_ge(out.length, (size_t)rows);
	buffer_done(&out);
	close_table(&t);
}

START_TEST(any_size)
{
	static const char *const keys[] = { "", "\r", "\r1e", "\rA5", "\r?",
					    "\rv", "\r1x", "\r1t" };

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		for (int columns = 1; columns < 260; columns += 13)
			draw_sized(columns,
				   1 + (columns * 7 + (int)i) % 70,
				   (enum picture_mode)(columns %
						       PICTURE_MODES), keys[i]);
		for (int mode = 0; mode < PICTURE_MODES; mode++)
			draw_sized(300, 100, (enum picture_mode)mode, keys[i]);
	}
}
END_TEST

struct space_row {
	const char *what;
	enum picture_mode mode;
	const char *keys;
	const char *text;
};

/* The words of DESIGN 8.1. */
static const struct space_row space_rows[] = {
	{ "list", PICTURE_SEXTANT, "", "SPC open" },
	{ "evidence", PICTURE_SEXTANT, "\r", "SPC next page (1/" },
	{ "edit", PICTURE_SEXTANT, "\r1e", "SPC keep" },
	{ "tour", PICTURE_SEXTANT, "\rv", "SPC next page (1/" },
	{ "too small", PICTURE_ASCII, "\r",
	  "SPC blocked: screen too small to read" },
};

START_TEST(space)
{
	const struct space_row *row = &space_rows[_i];
	struct scene scene = { "", 50, 14, row->mode, row->keys };
	struct table t;
	char text[64];

	open_table(&t, &scene);
	view_space(&(struct view_data){ .model = t.model }, text,
		   sizeof(text));
	ck_assert_msg(!strncmp(text, row->text, strlen(row->text)), "%s: %s",
		      row->what, text);
	close_table(&t);
}
END_TEST

struct hint_row {
	const char *what;
	const char *keys;
	bool to_end;                    /* of the tour, by Space */
	bool by_eye;                    /* faces were not checked */
	const char *title;              /* of another end; or NULL */
	const char *has, *has_not;
};

/* A picture of more pages than a person likes. */
static void make_large(struct table *t)
{
	t->info.columns = LARGE;
	t->info.rows = LARGE;
	free(t->picture->pixel);
	*t->picture = (struct plane){ LARGE, LARGE, 1,
				      calloc(LARGE, LARGE) };
	ck_assert_ptr_nonnull(t->picture->pixel);
}

/* The line of hints, and the title, offer what counts now and nothing else. */
static const struct hint_row hint_rows[] = {
	{ "masks, tour", "\rv", false, false, NULL, "unmask", "clean" },
	{ "masks, end of the tour", "\rv", true, false, NULL, "unmask",
	  "clean" },
	{ "masks, end of the tour", "\rv", true, false, NULL, "TOUR 1/",
	  "by eye" },
	{ "masks, faces", "\rv", true, true, NULL, "F by eye", "Z clean" },
	{ "no mask, tour", "\r1x1v", false, false, NULL, "A add", "unmask" },
	{ "no mask, tour", "\r1x1v", false, false, NULL, "A add", "clean" },
	{ "no mask, end of the tour", "\r1x1v", true, false, NULL, "Z clean",
	  "by eye" },
	{ "no mask, faces", "\r1x1v", true, true, NULL, "F by eye",
	  "Z clean" },
	{ "no mask", "\r1x1", false, false, NULL,
	  "SPC blocked: no mask left; press v (7 pages), then Z", " p." },
	{ "no mask, tour begun", "\r1x1v  q", false, false, NULL,
	  "SPC tour, page 3 of 7", "next page" },
	{ "no mask, end of the tour", "\r1x1v", true, false, NULL,
	  "SPC end of the tour", "press v" },
	{ "coarse, no mask", "\r", false, true, NULL,
	  " pages: # finer characters, or a larger window", "SPC open" },
	{ "coarse, finest", "\r", false, true, NULL,
	  " pages: fewer in a larger window", "finer" },
	/* what is cut off there stands below */
	{ "coarse, cut", "\r", false, true, NULL,
	  " pages: # finer characters, or a larger window", "SPC open" },
	{ "coarse, cut, finest", "\r", false, true, NULL,
	  " pages: fewer in a larger window", "finer" },
	{ "coarse, masks", "\r", false, false, NULL, "flagged", "finer" },
	{ "masks, faces", "\r", false, true, NULL, "press v (7 pages), then F",
	  "F by eye" },
	{ "masks", "\r", false, false, NULL, "v tour ", "(pages" },
	{ "moved off its text", "\r1eL ", false, false, NULL,
	  "1+ name  was: \"山田 HANAKO\"  moved  18,6 80x18",
	  "header:PatientName  97 %" },
	{ "moved, the list", "\r1eL ", false, false, NULL,
	  "was: \"山田 HANAKO\"      moved   ", "\"  header:" },
	{ "moved, the crop", "\r1eL ", false, false, NULL,
	  "1+ name was: \"山田 HANAKO\"", "1+ name 山田" },
	{ "grown", "\r1e+ ", false, false, NULL,
	  "1+ name  \"山田 HANAKO\"  header:PatientName  97 %", "moved" },
	{ "another end", "\r1x1", false, false, "QA", "QA 1/", "Z clean" },
	{ "another end, tour", "\r1x1v", false, false, "QA", "QA  TOUR 1/",
	  "Z clean" },
	{ "another end, toured", "\r1x1v", true, false, "QA", "Z clean",
	  "unmask" },
	{ "no mask", "\r1x1", false, false, NULL, "press v (7 pages), then Z",
	  "v tour" },
};

START_TEST(hints_count)
{
	const struct hint_row *row = &hint_rows[_i];
	struct scene scene = !strncmp(row->what, "coarse", 6) ?
		(struct scene){ "", 80, 40, PICTURE_HALF, "" } :
		(struct scene){ "", 120, 30, PICTURE_SEXTANT, "" };
	struct look look = { scene.mode, COLOURS_256, false, 0, 0 };
	char *flagged = items[0].why_flagged;
	char longer[] = "a name was seen at the top, perhaps also below";
	struct buffer out = { 0 };
	struct canvas c;
	struct error err;
	struct table t;

	if (strstr(row->what, "cut"))
		items[0].why_flagged = longer;
	open_table(&t, &scene);
	if (!strncmp(row->what, "coarse", 6))
		make_large(&t);
	if (row->by_eye)
		t.proposals.faces = CHECK_FAILED;
	for (const char *key = row->keys; *key; key++)
		press(&t, *key);
	for (int i = 0; row->to_end && i < 99 && !review_tour_done(t.model);
	     i++)
		press(&t, ' ');
	ck_assert_int_eq(review_tour_done(t.model), row->to_end);
	struct view_data v = {
		.look = &look, .model = t.model, .plane = t.picture,
		.finest = strstr(row->what, "finest"),
		.project = "p", .total = 1, .notice = "",
		.title = row->title, .hint = row->title ?
			"{clean} clean  {help} help" : NULL };

	ck_assert(canvas_init(&c, scene.columns, scene.rows, CHARSET_UNICODE,
			      &err));
	view_draw(&v, &c);
	canvas_dump(&c, &out);
	ck_assert_msg(strstr(out.data, row->has) != NULL, "%s: no %s in\n%s",
		      row->what, row->has, out.data);
	ck_assert_msg(!strstr(out.data, row->has_not), "%s: %s in\n%s",
		      row->what, row->has_not, out.data);
	buffer_done(&out);
	canvas_done(&c);
	close_table(&t);
	items[0].why_flagged = flagged;
}
END_TEST

/* ---- the last lines ---- */

/* All of the last rows of the screen, without its blanks. */
static void draw_foot(struct table *t, const struct scene *scene,
		      const struct keymap *keys, const char *notice, int rows,
		      struct buffer *out)
{
	struct look look = { scene->mode, COLOURS_256, false, 0, 0 };
	struct view_data v = { .look = &look, .model = t->model,
			       .plane = t->picture, .project = "p",
			       .total = 1, .notice = notice, .keys = keys };
	struct buffer all = { 0 };
	struct canvas c;
	struct error err;
	int row = 0;

	ck_assert(canvas_init(&c, scene->columns, scene->rows,
			      CHARSET_UNICODE, &err));
	view_draw(&v, &c);
	canvas_dump(&c, &all);
	for (const char *p = all.data; *p; p++) {
		row += *p == '\n';
		if (row >= scene->rows - rows && *p != ' ' && *p != '\n')
			buffer_append(out, p, 1);
	}
	buffer_done(&all);
	canvas_done(&c);
}

/* What Space does, without its blanks. */
static void space_words(const struct table *t, char *text, size_t size)
{
	char *to = text;

	view_space(&(struct view_data){ .model = t->model }, text, size);
	for (const char *from = text; *from; from++)
		if (*from != ' ')
			*to++ = *from;
	*to = '\0';
}

enum hindrance { NO_MASK, NO_BOX, NO_FACES, UNREAD, FAINT_LEFT, CHANGED };

static const struct blocked_row {
	const char *what;
	enum hindrance hindrance;
	bool toured;
	enum space_action action;
} blocked_rows[] = {
	{ "no mask", NO_MASK, false, SPACE_BLOCKED_REJECTED_ALL },
	{ "no mask, toured", NO_MASK, true, SPACE_BLOCKED_REJECTED_ALL },
	{ "no box", NO_BOX, false, SPACE_CLEAN_NEEDED },
	{ "no box, toured", NO_BOX, true, SPACE_CLEAN_NEEDED },
	{ "faces", NO_FACES, false, SPACE_BLOCKED_FACES },
	{ "faces, toured", NO_FACES, true, SPACE_BLOCKED_FACES },
	{ "unread", UNREAD, false, SPACE_BLOCKED_FAILED },
	{ "unread, toured", UNREAD, true, SPACE_BLOCKED_FAILED },
	{ "faint ink", FAINT_LEFT, false, SPACE_BLOCKED_FAINT },
	{ "changed", CHANGED, false, SPACE_BLOCKED_CHANGED },
};

static void hinder(struct table *t, enum hindrance hindrance)
{
	if (hindrance == NO_BOX)
		t->proposals.boxes.count = 0;
	t->proposals.faces = hindrance == NO_FACES ? CHECK_NO_MODEL :
		hindrance == UNREAD ? CHECK_FAILED : CHECK_GATED;
	for (int i = 0; hindrance == FAINT_LEFT && i < 40; i++) {
		struct box faint = make_box(4 + i % 5 * 44, 26 + i / 5 * 11,
					    40, 9, TIER_FAINT, CLASS_OTHER,
					    "");

		ck_assert(box_list_add(&t->proposals.boxes, &faint));
	}
	press(t, '\r');
	if (hindrance == NO_MASK)
		for (const char *key = "1x1"; *key; key++)
			press(t, *key);
	if (hindrance == CHANGED)
		send(t, (struct event){ .type = EVENT_CHANGED });
}

/* What a page that was seen changes is painted, too, before a Space counts. */
static void press_seen(struct table *t, int key)
{
	send(t, (struct event){ .type = EVENT_PAINTED,
				.revision = review_revision(t->model) });
	press(t, key);
}

/* Press Space as long as it shows something, v for the tour first. */
static void to_the_end(struct table *t, bool tour)
{
	if (tour)
		press(t, 'v');
	for (int i = 0; i < 200; i++) {
		enum space_action action = review_space(t->model, NULL, NULL);

		if (action != SPACE_EVIDENCE && action != SPACE_TOUR)
			return;
		press_seen(t, ' ');
	}
	ck_abort_msg("no end of pages");
}

static void use_language(const char *language)
{
	const char *top = getenv("top_builddir");
	char folder[4096];

	snprintf(folder, sizeof(folder), "%s/locale", top ? top : ".");
	bindtextdomain(PACKAGE, folder);
	textdomain(PACKAGE);
	setenv("LANGUAGE", language, 1);
}

static void first_word(const struct review *m, char word[256])
{
	key_message(NULL, review_mode(m), review_message(m), word, 256);
	word[strcspn(word, " ")] = '\0';
}

/* On the smallest screen, too, all of what blocks Space can be read, the key
 * that leads on at its end, with a message below and without, in both
 * languages. */
START_TEST(blocked_is_told_whole)
{
	const struct blocked_row *row = &blocked_rows[_i / 2];
	struct scene scene = { "", 40, 12, PICTURE_SEXTANT, "" };
	char words[256];
	struct table t;

	use_language(_i % 2 ? "ja" : "en");
	open_table(&t, &scene);
	hinder(&t, row->hindrance);
	to_the_end(&t, false);
	if (row->toured)
		to_the_end(&t, true);
	for (int said = 0; said < 2; said++) {
		struct buffer foot = { 0 };

		ck_assert_int_eq(review_space(t.model, NULL, NULL),
				 row->action);
		space_words(&t, words, sizeof(words));
		ck_assert_int_eq(!strstr(words, "blocked"), _i % 2);
		draw_foot(&t, &scene, NULL, "", 3, &foot);
		ck_assert_msg(strstr(foot.data, words), "%s: no %s in %s",
			      row->what, words, foot.data);
		first_word(t.model, words);
		ck_assert_msg(strstr(foot.data, words), "%s: no %s in %s",
			      row->what, words, foot.data);
		buffer_done(&foot);
		press_seen(&t, ' ');
		ck_assert_str_ne(review_message(t.model), "");
	}
	close_table(&t);
}
END_TEST

static void without_blanks(const char *text, char *to)
{
	for (; *text; text++)
		if (*text != ' ')
			*to++ = *text;
	*to = '\0';
}

/* What is too wide for the last line takes two, and the status goes up. */
START_TEST(messages_are_told_whole)
{
	static const char *const long_ones[] = {
		N_("item %lld is held back: text was found on what was "
		   "written; open it, {undo}, see the new box"),
		N_("to this device: %zu masks in %lld open pictures and all "
		   "unread; {undo} takes it back"),
	};
	struct scene scene = { "", 80, 24, PICTURE_SEXTANT, "\r" };
	char said[VIEW_MESSAGE], words[VIEW_MESSAGE];
	struct buffer foot = { 0 };
	struct table t;

	use_language(_i % 2 ? "ja" : "en");
	open_table(&t, &scene);
	snprintf(said, sizeof(said), "%.*s 1234 1234 1234 {undo}", 300,
		 _(long_ones[_i / 2]));
	draw_foot(&t, &scene, NULL, said, 3, &foot);
	key_message(NULL, MODE_REVIEW, said, words, sizeof(words));
	without_blanks(words, words);
	ck_assert_msg(strstr(foot.data, words), "no %s in %s", words,
		      foot.data);
	space_words(&t, words, sizeof(words));
	ck_assert_msg(strstr(foot.data, words), "no %s in %s", words,
		      foot.data);
	buffer_done(&foot);
	close_table(&t);
}
END_TEST

/* Details that no list leaves room for stand in the last line; without a box
 * that is selected, what to do. */
START_TEST(details_are_told_anywhere)
{
	struct scene scene = { "", 80, 24, PICTURE_SEXTANT, "\r" };
	struct buffer foot = { 0 };
	struct table t;

	use_language("en");
	open_table(&t, &scene);
	press_seen(&t, 'd');
	ck_assert(!review_view(t.model)->details);
	ck_assert_str_ne(review_message(t.model), "");
	press_seen(&t, '1');
	press_seen(&t, 'd');
	draw_foot(&t, &scene, NULL, "", 3, &foot);
	ck_assert_msg(strstr(foot.data, "whyheader:PatientNameletters"), "%s",
		      foot.data);
	buffer_clear(&foot);
	press_seen(&t, 'd');
	draw_foot(&t, &scene, NULL, "", 3, &foot);
	ck_assert_ptr_null(strstr(foot.data, "letters"));
	buffer_done(&foot);
	close_table(&t);
}
END_TEST

/* On 80 columns the help has each of its lines whole. */
START_TEST(help_is_told_whole)
{
	struct view_data v = { .help_mode = MODE_LIST, .help_search = "",
			       .notice = "" };
	struct buffer out = { 0 };
	struct canvas c;
	struct error err;

	use_language(_i ? "ja" : "en");
	ck_assert(canvas_init(&c, 80, 300, CHARSET_UNICODE, &err));
	view_help(&v, &c);
	canvas_dump(&c, &out);
	for (enum command k = CMD_NONE + 1; k < COMMAND_COUNT; k++) {
		const char *text = key_of(NULL, MODE_LIST, k) ?
				   _(key_help(MODE_LIST, k)) :
				   key_of(NULL, MODE_REVIEW, k) ?
				   _(key_help(MODE_REVIEW, k)) : "";

		ck_assert_msg(strstr(out.data, text), "cut: %s", text);
	}
	buffer_done(&out);
	canvas_done(&c);
}
END_TEST

/* A key that what Space does has named is not named again behind it. */
START_TEST(a_key_is_named_once)
{
	struct scene scene = { "", 120, 30, PICTURE_SEXTANT, "\r1x1" };
	struct look look = { scene.mode, COLOURS_256, false, 0, 0 };
	struct buffer out = { 0 };
	struct canvas c;
	struct error err;
	struct table t;

	open_table(&t, &scene);
	to_the_end(&t, true);
	struct view_data v = { .look = &look, .model = t.model,
			       .plane = t.picture, .project = "p",
			       .total = 1, .notice = "", .title = "QA",
			       .hint = "{clean} clean  {help} help" };

	ck_assert(canvas_init(&c, scene.columns, scene.rows, CHARSET_UNICODE,
			      &err));
	view_draw(&v, &c);
	canvas_dump(&c, &out);
	ck_assert_ptr_nonnull(strstr(out.data, "press Z if that is right  "
				     "? help"));
	buffer_done(&out);
	canvas_done(&c);
	close_table(&t);
}
END_TEST

/* A line of other keys than those built in, and what it says then. */
static const struct {
	const char *binding, *keys, *has, *has_not;
} rebound[] = {
	{ "", "\r", "?helpxrunmaskaAaddeeditssnap", "Zclean" },
	{ "review o hint\nreview O add", "\r", "oOadd", "aAadd" },
	{ "review o edit", "\r", "oedit", "eedit" },
	{ "review o snap", "\r", "osnap", "ssnap" },
	{ "review o help", "\r", "ohelp", "?help" },
	{ "review ^A reject\nreview ^B unmask", "\r", "^A^Bunmask",
	  "xrunmask" },
	{ "review o clean", "\r1x1", "theno?help", "thenZ" },
	{ "edit o drop", "\r1e", "odrop", "Escdrop" },
	{ "edit o handle", "\r1e", "oedge", "Tabedge" },
	{ "add o keep", "\rA5", "okeep", "Enterkeep" },
	{ "tour o back", "\rv", "oback", "qback" },
	{ "", "\rp", "p:fallframes", "?:" },
	{ "review o propagate", "\ro", "o:fallframes", "p:f" },
};

/* A key that was bound anew is named by what it is now, whatever it does. */
START_TEST(rebound_keys_are_named)
{
	struct scene scene = { "", 200, 60, PICTURE_SEXTANT, "" };
	const char *binding = rebound[_i].binding;
	struct keymap keys;
	struct key_prefix prefix = { .keys = &keys };
	struct buffer foot = { 0 };
	struct error err;
	struct table t;

	ck_assert(keyfile_parse(&keys, "keys", binding, strlen(binding),
				&err));
	open_table(&t, &scene);
	for (const char *key = rebound[_i].keys; *key; key++) {
		struct event event = { 0 };

		ck_assert(key_event(&prefix, review_mode(t.model), *key,
				    &event));
		send(&t, event);
	}
	draw_foot(&t, &scene, &keys, "", 2, &foot);
	ck_assert_msg(strstr(foot.data, rebound[_i].has), "no %s in %s",
		      rebound[_i].has, foot.data);
	ck_assert_msg(!strstr(foot.data, rebound[_i].has_not), "%s in %s",
		      rebound[_i].has_not, foot.data);
	buffer_done(&foot);
	keymap_done(&keys);
	close_table(&t);
}
END_TEST

/* What a window or table may hide is looked for in one frame under a window;
 * where it is not, the line below the picture says so. */
static const struct hidden_row {
	const char *what;
	int frames, windows;
	double width;
	bool voi_lut, modality_lut, colour, png, told;
} hidden_rows[] = {
	{ .what = "no window", .frames = 1 },
	{ .what = "a window", .frames = 1, .windows = 1, .width = 100 },
	{ .what = "a look-up table", .frames = 1, .voi_lut = true,
	  .told = true },
	{ .what = "a modality table alone", .frames = 1,
	  .modality_lut = true },
	{ .what = "a window of a modality table", .frames = 1, .windows = 1,
	  .width = 256, .modality_lut = true, .told = true },
	{ .what = "frames", .frames = 4 },
	{ .what = "frames under a window", .frames = 4, .windows = 1,
	  .width = 255, .told = true },
	{ .what = "frames, a window of all values", .frames = 4, .windows = 1,
	  .width = 256 },
	{ .what = "frames, a look-up table", .frames = 4, .voi_lut = true,
	  .told = true },
	{ .what = "colour", .frames = 1, .voi_lut = true, .colour = true },
	{ .what = "PNG", .frames = 1, .voi_lut = true, .png = true },
};

START_TEST(hidden_ink_is_told)
{
	const struct hidden_row *row = &hidden_rows[_i];
	struct scene scene = { "", 80, 24, PICTURE_SEXTANT, "" };
	struct buffer out = { 0 };
	struct table t;

	open_table(&t, &scene);
	t.info.frames = t.proposals.frames_read = row->frames;
	t.info.windows = row->windows;
	t.info.window[0] = (struct image_window){ .centre = 128,
		.width = row->width };
	t.info.has_voi_lut = row->voi_lut;
	t.info.has_modality_lut = row->modality_lut;
	t.info.colour = row->colour;
	t.info.format = row->png ? IMAGE_PNG : IMAGE_DICOM;
	press(&t, '\r');
	draw(&t, &scene, &out);
	ck_assert_msg(!strstr(out.data, "hidden ink: not looked for") ==
		      !row->told, "%s:\n%s", row->what, out.data);
	buffer_done(&out);
	close_table(&t);
}
END_TEST

/* A legible crop is drawn from the pixels of the box, unmasked. */
START_TEST(crop_shows_pixels)
{
	struct scene scene = { "", 80, 24, PICTURE_SEXTANT, "\rm" };
	struct buffer filled = { 0 }, outline = { 0 };
	struct table t;

	open_table(&t, &scene);         /* masks filled: crops stay open */
	draw(&t, &scene, &filled);
	close_table(&t);
	scene.keys = "\r";
	open_table(&t, &scene);
	draw(&t, &scene, &outline);
	close_table(&t);
	/* the row of the name's letters: sextants in both */
	ck_assert_ptr_nonnull(strstr(outline.data, "HANAKO"));
	ck_assert_ptr_nonnull(strstr(filled.data, "\xf0\x9f\xac"));
	buffer_done(&filled);
	buffer_done(&outline);
}
END_TEST

/* What was read and cleared stands in the list where there is one, and else in
 * the line below. */
static const struct { int columns, rows; bool listed; } clearings[] = {
	{ 80, 24, false }, { 120, 40, true }, { 200, 60, true },
};

START_TEST(cleared_stands_once)
{
	struct scene scene = { "", clearings[_i].columns, clearings[_i].rows,
			       PICTURE_SEXTANT, "\r" };
	struct box mi = make_box(100, 60, 30, 10, TIER_BENIGN, CLASS_OTHER,
				 "MI 0.9");
	struct buffer out = { 0 };
	const char *at;
	struct table t;

	open_table(&t, &scene);
	ck_assert(box_list_add(&t.proposals.boxes, &mi));
	send(&t, (struct event){ .type = EVENT_DETECTED, .info = &t.info,
				 .proposals = &t.proposals });
	draw(&t, &scene, &out);
	at = strstr(out.data, "MI 0.9");
	ck_assert_ptr_nonnull(at);
	ck_assert_ptr_null(strstr(at + 1, "MI 0.9"));
	ck_assert_int_eq(!strstr(out.data, "cleared: \"MI"),
			 clearings[_i].listed);
	buffer_done(&out);
	close_table(&t);
}
END_TEST

/* Faint ink is drawn with all the contrast that there is, and its label says
 * so; nothing else is. */
START_TEST(faint_is_stretched)
{
	struct scene scene = { _i ? "faint" : "", 120, 30, PICTURE_SEXTANT,
			       "\r" };
	struct look look = { scene.mode, COLOURS_16M, false, 0, 0 };
	struct buffer out = { 0 };
	struct canvas c;
	struct error err;
	struct table t;
	int stretched = 0;

	open_table(&t, &scene);
	struct view_data v = { .look = &look, .model = t.model,
			       .plane = t.picture, .project = "p",
			       .total = 1, .notice = "" };

	ck_assert(canvas_init(&c, scene.columns, scene.rows, CHARSET_UNICODE,
			      &err));
	view_draw(&v, &c);
	canvas_dump(&c, &out);
	/* 8 of 24 levels, the fewest that are stretched */
	for (int i = 0; i < c.columns * c.rows; i++)
		stretched += c.cell[i].picture && c.cell[i].fg == 0x555555;
	ck_assert_int_eq(stretched > 20, _i);
	ck_assert_int_eq(strstr(out.data, "3? faint x10.6") != NULL, _i);
	ck_assert_ptr_null(strstr(out.data, "x1.0"));
	buffer_done(&out);
	canvas_done(&c);
	close_table(&t);
}
END_TEST

/* A label tells the number first, then the words that there is room for. */
static const struct { int columns; const char *text; } narrow[] = {
	{ 14, "3? faint x10.6" }, { 13, "3? faint" }, { 8, "3? faint" },
};

START_TEST(label_fits)
{
	struct scene scene = { "faint", 120, 30, PICTURE_SEXTANT, "\r" };
	const struct evidence_plan *plan;
	struct canvas c;
	struct error err;
	struct table t;
	char text[BOX_TEXT + 128] = "";

	open_table(&t, &scene);
	struct view_data v = { .model = t.model, .notice = "" };

	plan = review_evidence(t.model);
	ck_assert(canvas_init(&c, 80, 24, CHARSET_UNICODE, &err));
	for (size_t i = 0; i < plan->evidence_count; i++)
		if (plan->evidence[i].kind == EVIDENCE_FAINT)
			view_label(&v, &c, &plan->evidence[i], 10.6,
				   narrow[_i].columns, text, sizeof(text));
	ck_assert_str_eq(text, narrow[_i].text);
	canvas_done(&c);
	close_table(&t);
}
END_TEST

/* Ink without a box is called what faint ink in a box is, with the key that
 * masks it for the number. */
START_TEST(loose_ink_has_the_same_words)
{
	struct scene scene = { "", 80, 24, PICTURE_SEXTANT, "\r" };
	struct evidence e = { .kind = EVIDENCE_FAINT, .box = -1 };
	struct binding row = { MODE_REVIEW, 'k', CMD_HINT, 0 };
	const struct keymap own = { &row, 1 };
	struct canvas c;
	struct error err;
	struct table t;
	char text[80];

	open_table(&t, &scene);
	struct view_data v = { .model = t.model, .notice = "" };

	ck_assert(canvas_init(&c, 80, 24, CHARSET_UNICODE, &err));
	view_label(&v, &c, &e, 0, 8, text, sizeof(text));
	ck_assert_str_eq(text, "a? faint");
	v.keys = &own;
	view_label(&v, &c, &e, 2.5, 13, text, sizeof(text));
	ck_assert_str_eq(text, "k? faint x2.5");
	/* which frames it is on is not cut off */
	e.frame = e.first_frame = 4;
	e.last_frame = 5;
	view_label(&v, &c, &e, 0, 13, text, sizeof(text));
	ck_assert_str_eq(text, "k? faint f5-6");
	view_label(&v, &c, &e, 0, 12, text, sizeof(text));
	ck_assert_str_eq(text, "k? f5-6");
	canvas_done(&c);
	close_table(&t);
}
END_TEST

/* The head of a list in a narrow place loses words, not letters. */
START_TEST(head_fits)
{
	char text[] = "masked 4  not masked 1  candidates 2  cleared 3";
	struct canvas c;
	struct error err;

	ck_assert(canvas_init(&c, 80, 24, CHARSET_UNICODE, &err));
	view_fit(text, &c, 47);
	ck_assert_str_eq(text, "masked 4  not masked 1  candidates 2  cleared 3");
	view_fit(text, &c, 46);
	ck_assert_str_eq(text, "masked 4  not masked 1  candidates 2");
	canvas_done(&c);
}
END_TEST

struct shows_row {
	const char *what, *keys;
	int columns;
	bool has_plane, shows;
};

/* What does not show all of the evidence must not count as painted. */
static const struct shows_row shows_rows[] = {
	{ "evidence", "\r", 80, true, true },
	{ "no picture yet", "\r", 80, false, false },
	{ "a question over it", "\r1t", 80, true, false },
	{ "a reason over it", "\r1x", 80, true, false },
	{ "details beside it", "\r1d", 80, true, true },
	{ "too small", "\r", 39, true, false },
	{ "list", "", 80, false, true },
};

START_TEST(shows_page)
{
	const struct shows_row *row = &shows_rows[_i];
	struct scene scene = { "", row->columns, 24, PICTURE_SEXTANT,
			       row->keys };
	struct table t;
	struct canvas c;
	struct error err;

	open_table(&t, &scene);
	struct view_data v = { .model = t.model, .plane_frame = 0,
			       .plane = row->has_plane ? t.picture : NULL };

	ck_assert(canvas_init(&c, row->columns, 24, CHARSET_UNICODE, &err));
	ck_assert_msg(view_shows_page(&v, &c) == row->shows, "%s", row->what);
	canvas_done(&c);
	close_table(&t);
}
END_TEST

/* Cells of half blocks are wide: what 80 columns show legibly, every wider
 * terminal shows; side by side only where half of it shows so much more. */
START_TEST(never_narrower)
{
	struct screen screen;

	for (int columns = 80; columns <= 300; columns++) {
		view_screen(columns, 40, PICTURE_HALF, &screen);
		ck_assert_msg(screen.strip_columns >= 80, "%d columns: %d",
			      columns, screen.strip_columns);
	}
	view_screen(200, 60, PICTURE_SEXTANT, &screen);
	ck_assert(!screen.split);
	ck_assert_int_eq(screen.strip_columns, 200);
	view_screen(400, 60, PICTURE_SEXTANT, &screen);
	ck_assert(screen.split);
}
END_TEST

/* A code that is known comes back as another string with the same letters. */
/* Every cell that view_point() takes for one of the picture gives a pixel of
 * it, and a review has such cells. */
START_TEST(points_are_pixels_of_the_picture)
{
	const struct scene *scene = &scenes[_i];
	struct look look = { scene->mode, COLOURS_256, false, 0, 0 };
	struct table t;
	struct canvas c;
	struct error err;
	int found = 0;

	open_table(&t, scene);
	struct view_data v = { .look = &look, .model = t.model,
			       .plane = t.picture, .notice = "" };

	ck_assert(canvas_init(&c, scene->columns, scene->rows,
			      CHARSET_UNICODE, &err));
	for (int row = -1; row <= c.rows; row++)
		for (int column = -1; column <= c.columns; column++) {
			int x = -1, y = -1, box = -2;

			if (!review_item(t.model) ||
			    !view_point(&v, &c, column, row, &x, &y, &box))
				continue;
			found++;
			ck_assert(row >= 0 && row < c.rows && column >= 0 &&
				  column < c.columns);
			ck_assert(x >= 0 && x < t.picture->columns && y >= 0 &&
				  y < t.picture->rows);
			ck_assert_int_ge(box, -1);
		}
	/* a picture has some cells at least */
	ck_assert(!review_item(t.model) || scene->columns < 40 || found > 9);
	canvas_done(&c);
	close_table(&t);
}
END_TEST

static void known(const char *code)
{
	char copy[BOX_WHY];

	snprintf(copy, sizeof(copy), "%s", code);
	ck_assert_msg(wording(copy) != copy, "%s is not translated", code);
	/* words for people */
	ck_assert_ptr_null(strchr(wording(copy), '_'));
}

START_TEST(all_codes_are_known)
{
	for (int i = 0; i < CLASSES; i++)
		known(box_class_name[i]);
	for (int i = 0; i < KINDS; i++)
		known(box_kind_name[i]);
	for (int i = 0; i < SOURCES; i++)
		known(box_source_name[i]);
	for (int i = 0; i < PATTERNS; i++)
		known(strchr(pattern_name[i], ':') + 1);
	for (int i = 0; i < SHAPE_KINDS; i++)
		known(strchr(shape_why[i], ':') + 1);
	for (size_t i = 0; i < header_attribute_count; i++)
		if (strlen("header:") + strlen(header_attributes[i].keyword) <
		    BOX_WHY)
			known(header_attributes[i].keyword);
}
END_TEST

static const struct { const char *why, *text; } whys[] = {
	{ "header:PatientName", "header:PatientName" }, { "ink", "shape only" },
	{ "pattern:date-wareki", "pattern:Japanese date" },
	{ "face:blaze-turned", "face:blaze-turned" },
	{ "label:氏名", "label:氏名" }, { "label:", "label:" }, { "", "" },
	{ ":", ":" }, { "word:x:y", "word:x:y" },
	{ "of another program", "of another program" },
};

/* What is no code is shown as it is. */
START_TEST(whys_are_worded)
{
	char text[WORDING_WHY];

	wording_why(whys[_i].why, text);
	ck_assert_str_eq(text, whys[_i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("views");
	TCase *tcase = tcase_create("views");

	setlocale(LC_ALL, "C.UTF-8");
	add_rows_test(tcase, views, scenes);
	add_rows_test(tcase, points_are_pixels_of_the_picture, scenes);
	tcase_add_test(tcase, never_narrower);
	add_rows_test(tcase, tail, tails);
	tcase_add_test(tcase, any_size);
	add_rows_test(tcase, space, space_rows);
	add_rows_test(tcase, hints_count, hint_rows);
	tcase_add_loop_test(tcase, blocked_is_told_whole, 0,
			    2 * (int)ARRAY_LENGTH(blocked_rows));
	tcase_add_loop_test(tcase, messages_are_told_whole, 0, 4);
	tcase_add_loop_test(tcase, help_is_told_whole, 0, 2);
	tcase_add_test(tcase, details_are_told_anywhere);
	tcase_add_test(tcase, a_key_is_named_once);
	add_rows_test(tcase, rebound_keys_are_named, rebound);
	add_rows_test(tcase, hidden_ink_is_told, hidden_rows);
	tcase_add_test(tcase, crop_shows_pixels);
	tcase_add_loop_test(tcase, cleared_stands_once, 0,
			    (int)ARRAY_LENGTH(clearings));
	tcase_add_loop_test(tcase, label_fits, 0,
			    sizeof(narrow) / sizeof(narrow[0]));
	tcase_add_test(tcase, loose_ink_has_the_same_words);
	tcase_add_test(tcase, head_fits);
	tcase_add_loop_test(tcase, faint_is_stretched, 0, 2);
	add_rows_test(tcase, shows_page, shows_rows);
	tcase_add_test(tcase, all_codes_are_known);
	add_rows_test(tcase, whys_are_worded, whys);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
