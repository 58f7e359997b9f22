/* proposal.c - lists of proposed regions and their JSON lines. */
#include "config.h"

#include "find/proposal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"

const char *const box_kind_name[KINDS] = {
	[KIND_IDENTIFIER] = "identifier",
	[KIND_UNREADABLE] = "unreadable",
	[KIND_TEXT] = "text",
	[KIND_FACE] = "face",
	[KIND_BENIGN] = "benign",
};

const char *const box_class_name[CLASSES] = {
	[CLASS_NAME] = "name",
	[CLASS_KANA] = "kana",
	[CLASS_PATIENT_ID] = "patient_id",
	[CLASS_DOB] = "dob",
	[CLASS_DATE] = "date",
	[CLASS_TIME] = "time",
	[CLASS_AGE_SEX] = "age_sex",
	[CLASS_ACCESSION] = "accession",
	[CLASS_INSTITUTION] = "institution",
	[CLASS_PHYSICIAN] = "physician",
	[CLASS_ADDRESS] = "address",
	[CLASS_PHONE] = "phone",
	[CLASS_INSURANCE] = "insurance",
	[CLASS_BARCODE] = "barcode",
	[CLASS_OTHER] = "other",
	[CLASS_FACE] = "face",
	[CLASS_EYES] = "eyes",
};

const char *const box_source_name[SOURCES] = {
	[SOURCE_OCR] = "ocr",
	[SOURCE_INK] = "ink",
	[SOURCE_HEADER] = "header",
	[SOURCE_LAYOUT] = "layout",
	[SOURCE_FACE] = "face",
	[SOURCE_IMPORT] = "import",
	[SOURCE_REVIEWER] = "reviewer",
};

const char *const check_state_name[CHECK_STATES] = {
	[CHECK_DONE] = "done",
	[CHECK_GATED] = "gated",
	[CHECK_NO_MODEL] = "no-model",
	[CHECK_OFF] = "off",
	[CHECK_FAILED] = "failed",
};

/* ---- planes ---- */

enum { FIRST_PLANE_FRAME = -16, FRAMES_OF_PLANE = 65536, FIRST_GROUP = 0x6000,
       OVERLAY_GROUPS = 128 };

int frame_of_plane(int plane, int frame)
{
	int slot = plane == PLANE_BITS ? 0 : 1 + (plane - FIRST_GROUP) / 2;

	if (plane == PLANE_PICTURE)
		return frame;
	return FIRST_PLANE_FRAME - slot * FRAMES_OF_PLANE - frame;
}

int plane_of_frame(int frame_index, int *frame)
{
	int n = FIRST_PLANE_FRAME - frame_index;
	int slot = n / FRAMES_OF_PLANE;

	*frame = frame_index;
	if (n < 0 || slot > OVERLAY_GROUPS)
		return PLANE_PICTURE;
	*frame = n % FRAMES_OF_PLANE;
	return slot == 0 ? PLANE_BITS : FIRST_GROUP + 2 * (slot - 1);
}

const char *plane_word(int plane, char word[PLANE_WORD])
{
	if (plane == PLANE_PICTURE)
		return "";
	if (plane == PLANE_BITS)
		return "bits";
	snprintf(word, PLANE_WORD, "overlay:%04x", (unsigned)plane & 0xffff);
	return word;
}

/* ---- lists ---- */

bool box_same_place(const struct box *a, const struct box *b)
{
	return region_equal(a->region, b->region) && a->frame0 == b->frame0 &&
	       a->frame1 == b->frame1 && a->plane == b->plane;
}

bool box_list_add(struct box_list *list, const struct box *box)
{
	if (!mem_grow(&list->box, &list->capacity, list->count,
		      sizeof(*list->box)))
		return false;
	list->box[list->count++] = *box;
	return true;
}

void box_list_done(struct box_list *list)
{
	/* what was read in a picture does not stay in memory */
	if (list->box)
		explicit_bzero(list->box, list->count * sizeof(*list->box));
	free(list->box);
	*list = (struct box_list){ 0 };
}

static int compare_boxes(const void *a, const void *b)
{
	const struct box *l = a, *r = b;
	const int keys[][2] = {
		{ l->frame0, r->frame0 },
		{ l->region.y0, r->region.y0 },
		{ l->region.x0, r->region.x0 },
		{ l->frame1, r->frame1 },
		{ l->region.y1, r->region.y1 },
		{ l->region.x1, r->region.x1 },
		{ l->plane, r->plane },
		{ (int)l->tier, (int)r->tier },
		{ (int)l->kind, (int)r->kind },
		{ (int)l->class_, (int)r->class_ },
		{ (int)l->source, (int)r->source },
		{ l->score, r->score },
		{ l->confidence, r->confidence },
		{ l->latin, r->latin },
		{ l->letter_height, r->letter_height },
		{ l->differs, r->differs },
	};
	int order;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	order = strcmp(l->why, r->why);
	return order ? order : strcmp(l->text, r->text);
}

void box_list_sort(struct box_list *list)
{
	if (list->count > 1)
		qsort(list->box, list->count, sizeof(*list->box),
		      compare_boxes);
}

void proposals_done(struct proposals *p)
{
	box_list_done(&p->boxes);
	free(p->ink);
	p->ink = NULL;
}

/* ---- out ---- */

void proposal_print_place(struct json_writer *w, const struct box *b)
{
	char plane[PLANE_WORD];

	json_put_integer(w, "frame", b->frame0);
	json_put_open(w, "frames", '[');
	json_put_integer(w, NULL, b->frame0);
	json_put_integer(w, NULL, b->frame1);
	json_put_close(w);
	if (b->plane != PLANE_PICTURE)
		json_put_string(w, "plane", plane_word(b->plane, plane));
	json_put_integer(w, "x", b->region.x0);
	json_put_integer(w, "y", b->region.y0);
	json_put_integer(w, "w", region_width(b->region));
	json_put_integer(w, "h", region_height(b->region));
}

void proposal_print_box(struct json_writer *w, const struct box *b,
			bool show_text)
{
	json_put_open(w, NULL, '{');
	proposal_print_place(w, b);
	json_put_string(w, "kind", box_kind_name[b->kind]);
	json_put_string(w, "class", box_class_name[b->class_]);
	json_put_integer(w, "score", b->score);
	json_put_string(w, "source", box_source_name[b->source]);
	json_put_string(w, "why", b->why);
	if (show_text)
		json_put_string(w, "text", b->text);
	json_put_close(w);
}

static void put_tier(struct json_writer *w, const char *name,
		     const struct proposal_line *line, enum box_tier tier)
{
	const struct box_list *list = &line->proposals->boxes;

	json_put_open(w, name, '[');
	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].tier == tier)
			proposal_print_box(w, &list->box[i],
					   line->show_text);
	json_put_close(w);
}

/* v and the file's name, which every line begins with. */
static void put_begin(struct json_writer *w, const char *file)
{
	json_put_open(w, NULL, '{');
	json_put_integer(w, "v", 1);
	if (!json_put_lossy(w, "file", file))
		json_put_base64(w, "file_b64", file, strlen(file));
}

void proposal_print(struct buffer *out, const struct proposal_line *line)
{
	struct json_writer w = json_writer(out, false);
	const struct proposals *p = line->proposals;

	put_begin(&w, line->file);
	json_put_null(&w, "refused");
	json_put_hex(&w, "sha256", line->sha256, HASH_SIZE);
	json_put_string(&w, "format", line->format);
	json_put_integer(&w, "columns", line->columns);
	json_put_integer(&w, "rows", line->rows);
	json_put_integer(&w, "frames", line->frames);
	put_tier(&w, "boxes", line, TIER_BOX);
	put_tier(&w, "candidates", line, TIER_CANDIDATE);
	put_tier(&w, "benign", line, TIER_BENIGN);
	json_put_open(&w, "checks", '{');
	json_put_integer(&w, "frames", p->frames_read);
	json_put_string(&w, "text", check_state_name[p->text]);
	json_put_string(&w, "faces", check_state_name[p->faces]);
	json_put_string(&w, "by", line->by);
	json_put_close(&w);
	if (line->ms >= 0)
		json_put_integer(&w, "ms", line->ms);
	json_put_close(&w);
	buffer_puts(out, "\n");
}

void proposal_print_refused(struct buffer *out, const char *file,
			    enum reason reason, const char *uid,
			    long long number)
{
	struct json_writer w = json_writer(out, false);
	char text[ERROR_TEXT];

	reason_text(reason, uid, number, false, text, sizeof(text));
	put_begin(&w, file);
	json_put_open(&w, "refused", '{');
	json_put_string(&w, "code", refusal_name(reason_code(reason)));
	json_put_string(&w, "reason", text);
	json_put_close(&w);
	json_put_close(&w);
	buffer_puts(out, "\n");
}

/* ---- in ---- */

struct picture { int columns, rows, frames; };
enum { FAR = 1 << 20 };         /* pixels: beyond any picture */

/* Index of word in names[count], or -1. */
static int find_word(const char *word, const char *const *names, int count)
{
	for (int i = 0; word && i < count; i++)
		if (!strcmp(word, names[i]))
			return i;
	return -1;
}

static bool parse_frames(const struct json *o, const struct picture *pic,
			 struct box *b)
{
	const struct json *range = json_member(o, "frames");
	long long first = 0, last = pic->frames - 1;

	if (range) {
		if (json_count(range) != 2 ||
		    !json_as_integer(json_at(range, 0), &first) ||
		    !json_as_integer(json_at(range, 1), &last))
			return false;
	} else if (json_member(o, "frame")) {
		if (!json_get_integer(o, "frame", &first))
			return false;
		last = first;
	}
	if (first < 0 || first > last || last >= pic->frames)
		return false;
	b->frame0 = (int)first;
	b->frame1 = (int)last;
	return true;
}

/* Clipped; a box outside the picture is wrong. */
static bool parse_region(const struct json *o, const struct picture *pic,
			 struct box *b)
{
	long long x, y, w, h;

	if (!json_get_integer(o, "x", &x) || !json_get_integer(o, "y", &y) ||
	    !json_get_integer(o, "w", &w) || !json_get_integer(o, "h", &h) ||
	    x < -FAR || x > FAR || y < -FAR || y > FAR ||
	    w < 1 || w > FAR || h < 1 || h > FAR)
		return false;
	b->region = region_clip(region_from_box((int)x, (int)y, (int)w,
						(int)h),
				pic->columns, pic->rows);
	return !region_empty(b->region);
}

static bool parse_plane(const struct json *o, struct box *b)
{
	const char *plane = json_get_string(o, "plane");
	unsigned group;
	char end;

	b->plane = PLANE_PICTURE;
	if (!json_member(o, "plane"))
		return true;
	if (plane && !strcmp(plane, "bits")) {
		b->plane = PLANE_BITS;
		return true;
	}
	if (!plane || sscanf(plane, "overlay:%4x%c", &group, &end) != 1 ||
	    group < 0x6000 || group > 0x60fe || group % 2)
		return false;
	b->plane = (int)group;
	return true;
}

/* NULL when the box is right, else what is wrong. */
static const char *parse_box(const struct json *o, const struct picture *pic,
			     struct box *b)
{
	const char *kind = json_get_string(o, "kind");
	const char *why = json_get_string(o, "why");
	long long score = 1000;
	int k = kind ? find_word(kind, box_kind_name, KINDS) : KIND_IDENTIFIER;
	int c = find_word(json_get_string(o, "class"), box_class_name,
			  CLASSES);

	*b = (struct box){ .source = SOURCE_IMPORT, .confidence = -1 };
	if (!parse_region(o, pic, b))
		return _("a box is wrong or outside the picture");
	if (!parse_frames(o, pic, b))
		return _("a box names a frame that does not exist");
	if (!parse_plane(o, b) || k < 0)
		return _("a box has an unknown plane or kind");
	json_get_integer(o, "score", &score);
	b->kind = (enum box_kind)k;
	b->class_ = c < 0 ? CLASS_OTHER : (enum box_class)c;
	b->score = score < 0 ? 0 : score > 1000 ? 1000 : (int)score;
	b->letter_height = region_height(b->region);
	snprintf(b->why, sizeof(b->why), "%s",
		 why && strlen(why) < sizeof(b->why) ? why : "import");
	return NULL;
}

static bool parse_boxes(const struct json *line, long long number,
			const struct picture *pic, struct box_list *list,
			struct error *err)
{
	const struct json *boxes = json_member(line, "boxes");

	if (json_kind(boxes) != JSON_KIND_ARRAY)
		return error_set(err, ERR_USAGE, _("line %lld has no boxes"),
				 number);
	for (size_t i = 0; i < json_count(boxes); i++) {
		struct box box;
		const char *wrong = parse_box(json_at(boxes, i), pic, &box);

		if (wrong)
			return error_set(err, ERR_USAGE, _("line %lld: %s"),
					 number, wrong);
		if (!box_list_add(list, &box))
			return error_set(err, ERR_MEMORY,
					 _("no memory for the boxes"));
	}
	return true;
}

/* What the lines of a proposals file say about the one that is wanted. */
struct search {
	const uint8_t *sha256;
	const struct picture *pic;
	struct box_list *list;
	int matches;
};

static bool parse_line(struct search *s, const char *text, size_t length,
		       long long number, bool only, struct error *err)
{
	struct json *line = json_read(text, length, err);
	const char *hex = json_get_string(line, "sha256");
	uint8_t digest[HASH_SIZE];
	bool ok = true;

	if (!line)
		return error_prefix(err, _("line %lld"), number);
	if ((!hex && only) || (hex && hash_from_hex(hex, digest, HASH_SIZE) &&
			       hash_equal(digest, s->sha256, HASH_SIZE))) {
		s->matches++;
		ok = parse_boxes(line, number, s->pic, s->list, err);
	}
	json_free(line);
	return ok;
}

static bool is_blank(const char *text, size_t length)
{
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		length--;
	return length == 0;
}

static int count_lines(const char *text, size_t length)
{
	int lines = 0;

	for (const char *end = text + length; text < end;) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;

		lines += !is_blank(text, (size_t)(stop - text));
		text = stop + 1;
	}
	return lines;
}

static bool check_line(const char *text, size_t length, long long number,
		       struct error *err)
{
	const struct picture any = { FAR, FAR, INT_MAX };
	struct json *line = json_read(text, length, err);
	struct box_list list = { 0 };
	bool ok;

	if (!line)
		return error_prefix(err, _("line %lld"), number);
	ok = json_member(line, "refused") ||
	     parse_boxes(line, number, &any, &list, err);
	box_list_done(&list);
	json_free(line);
	return ok;
}

bool proposal_read_boxes(const struct json *line, long long number,
			 int columns, int rows, int frames,
			 struct box_list *list, struct error *err)
{
	const struct picture pic = { columns, rows, frames };

	return parse_boxes(line, number, &pic, list, err);
}

bool proposal_check(const char *text, size_t length, struct error *err)
{
	long long number = 1;

	if (count_lines(text, length) == 0)
		return error_set(err, ERR_USAGE, _("there are no proposals"));
	for (const char *end = text + length; text < end; number++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;

		if (!is_blank(text, (size_t)(stop - text)) &&
		    !check_line(text, (size_t)(stop - text), number, err))
			return false;
		text = stop + 1;
	}
	return true;
}

bool proposal_parse(const char *text, size_t length, const uint8_t sha256[32],
		    int columns, int rows, int frames, struct box_list *list,
		    struct error *err)
{
	const struct picture pic = { columns, rows, frames };
	struct search s = { .sha256 = sha256, .pic = &pic, .list = list };
	bool only = count_lines(text, length) == 1;
	long long number = 1;

	for (const char *end = text + length; text < end; number++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;

		if (!is_blank(text, (size_t)(stop - text)) &&
		    !parse_line(&s, text, (size_t)(stop - text), number, only,
				err))
			return false;
		text = stop + 1;
	}
	return s.matches > 0 ||
	       error_refuse(err, REASON_BOXES_OF_OTHER, NULL, 0);
}
