/*
 * judge.c - random boxes for a picture, and a verdict on its masked copy by
 * the decoders of sight.h.  tests/random_boxes.sh runs it:
 *
 *   judge row FILE               its row of the decision table, or "none"
 *   judge boxes FILE SEED        options for `suminuri mask`, one a line
 *   judge compare IN OUT REPORT  REPORT is what `mask` printed; prints
 *      row forms boxes inside inside-wrong outside-differ decoders
 *      separated by tabs, or "not ok" and what is wrong
 *   judge same A B               how many stored values differ
 *   judge peak COMMAND...        run it, without a word; prints the most
 *                                memory, in KiB, that it or a child had
 */
#include "config.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/judge/sight.h"

enum { MAX_BOXES = 64 };

struct judged {
	int frame0, frame1;             /* 0-based, inclusive */
	int x0, y0, x1, y1;             /* grown */
};

struct judgement {
	struct sight *in, *out;
	struct judged box[MAX_BOXES];
	int boxes;
	double fill[4];
	int fills;
	bool carriers;                  /* some were dropped from streams */
	size_t inside, wrong, outside;
	char by[120];
};

/* ---- rows of the decision table (notes of masking, DESIGN 6) ---- */

static const struct row {
	const char *name;
	const char *syntax;             /* of the input; "" any of a kind */
	const char *out;                /* allowed for the output */
} rows[] = {
	{ "implicit-le", "1.2.840.10008.1.2", "=" },
	{ "explicit-le", "1.2.840.10008.1.2.1", "=" },
	{ "encapsulated-native", "1.2.840.10008.1.2.1.98", "= .1.2.1" },
	{ "big-endian", "1.2.840.10008.1.2.2", "=" },
	{ "deflated", "1.2.840.10008.1.2.1.99", "=" },
	{ "deflated-frame", "1.2.840.10008.1.2.8.1", "= .1.2.1" },
	{ "rle", "1.2.840.10008.1.2.5", "=" },
	{ "rle-1-bit", "1.2.840.10008.1.2.5", "= .1.2.1" },
	{ "jpeg-lossless", "1.2.840.10008.1.2.4.57", ".4.70" },
	{ "jpeg-lossless", "1.2.840.10008.1.2.4.70", "=" },
	{ "jpeg-ls", "1.2.840.10008.1.2.4.80", "=" },
	{ "jpeg-ls-near", "1.2.840.10008.1.2.4.81", ".4.80" },
	{ "j2k", "1.2.840.10008.1.2.4.90", "=" },
	{ "j2k-91-reversible", "1.2.840.10008.1.2.4.91", ".4.90" },
	{ "j2k-91-irreversible", "1.2.840.10008.1.2.4.91", ".4.90" },
	{ "htj2k", "1.2.840.10008.1.2.4.201", ".4.90" },
	{ "htj2k", "1.2.840.10008.1.2.4.202", ".4.90" },
	{ "htj2k", "1.2.840.10008.1.2.4.203", ".4.90" },
};

static const char *lossy_row(const struct sight *s)
{
	bool progressive = s->process == 0xc2 || s->process == 0xca;
	bool arithmetic = s->process >= 0xc9;

	if (s->precision != 8)
		return s->dicom ? "jpeg-12-bit" : "jpeg-12-bit-file";
	if (arithmetic)
		return "jpeg-arithmetic";
	if (progressive)
		return "jpeg-progressive";
	return s->dicom ? "jpeg-sequential-dicom" : "jpeg-sequential-file";
}

static const char *row_name(const struct sight *s)
{
	if (!s->dicom)
		return s->codec == CODEC_PNG ? "png" : lossy_row(s);
	if (s->codec == CODEC_JPEG && s->process != 0xc3)
		return lossy_row(s);
	if (s->real)
		return "float";
	if (s->codec == CODEC_RLE && s->allocated == 1)
		return "rle-1-bit";
	if (!strcmp(s->syntax, "1.2.840.10008.1.2.4.91"))
		return s->reversible ? "j2k-91-reversible" :
				       "j2k-91-irreversible";
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].syntax, s->syntax))
			return rows[i].name;
	if (!*s->syntax)
		return s->implicit ? "implicit-le" : "explicit-le";
	return "?";
}

static void check_syntax(const struct judgement *j)
{
	const char *name = row_name(j->in), *to = j->out->syntax;

	if (!strcmp(*j->in->syntax ? j->in->syntax : j->in->implicit ?
		    "1.2.840.10008.1.2" : "1.2.840.10008.1.2.1", to))
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char word[32] = { 0 };
		const char *p = strrchr(rows[i].out, '.');

		if (strcmp(rows[i].name, name) != 0 || !p)
			continue;
		p = strchr(rows[i].out, '.');
		snprintf(word, sizeof(word), "1.2.840.10008%s%s",
			 !strncmp(p, ".4.", 3) ? ".1.2" : "", p);
		if (!strcmp(word, to))
			return;
	}
	die("%s became %s", j->in->syntax, to);
}

static void print_forms(const struct sight *s)
{
	const struct { bool is; const char *name; } forms[] = {
		{ s->is_signed, "signed" }, { s->planar, "planar" },
		{ s->pairs, "422" }, { s->frames > 1, "frames" },
		{ s->dicom && s->allocated == 1, "1-bit" },
		{ s->dicom && s->allocated == 32 && !s->real, "32-bit" },
		{ s->real, "float" },
		{ s->dicom && s->allocated == 16, "16-bit" },
		{ !strcmp(s->photometric, "MONOCHROME1"), "mono1" },
		{ !strcmp(s->photometric, "RGB"), "rgb" },
		{ !strncmp(s->photometric, "YBR", 3), "ybr" },
		{ !strncmp(s->photometric, "PALETTE", 7), "palette" },
		{ s->dicom && s->stored < s->allocated, "unused-bits" },
		{ s->subsampled, "subsampled" },
		{ s->interlaced, "interlaced" }, { s->depth == 16, "16-bit" },
		{ s->dicom && s->fragments > (size_t)s->frames, "split" },
		{ s->colour == 3, "palette" }, { s->colour > 3, "alpha" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (forms[i].is) {
			printf("%s%s", any ? "," : "", forms[i].name);
			any = true;
		}
	if (!any)
		printf("plain");
}

/* ---- random boxes ---- */

static uint32_t state;

static int below(int limit)
{
	state ^= state << 13;           /* xorshift32 (Marsaglia 2003) */
	state ^= state >> 17;
	state ^= state << 5;
	return limit < 1 ? 0 : (int)(state % (uint32_t)limit);
}

static int side(int whole)
{
	switch (below(6)) {
	case 0: return 1 + below(3);
	case 1: return 1 + below(whole);
	case 2: return whole + below(9);
	default: return 1 + below(whole / 4 + 1);
	}
}

static void print_boxes(const struct sight *s, uint32_t seed)
{
	state = seed * 2654435761u | 1;
	for (int i = 0; i < 9; i++)
		below(2);
	for (int boxes = 1 + below(4); boxes > 0; boxes--) {
		int w = side(s->columns), h = side(s->rows), first, last;
		int x = below(s->columns + w - 1) - w + 1;
		int y = below(s->rows + h - 1) - h + 1;

		printf("--box=%d,%d,%d,%d", x, y, w, h);
		if (s->frames > 1 && below(8)) {
			first = below(s->frames);
			last = first + below(below(4) ? 3 : s->frames);
			last = last < s->frames ? last : s->frames - 1;
			printf("@%d-%d", first + 1, last + 1);
		}
		printf("\n");
	}
}

/* ---- what the report says, checked against the rules ---- */

static int number_in(const json_t *array, size_t i)
{
	return (int)json_integer_value(json_array_get(array, i));
}

static int up(int n, int unit)
{
	return (n + unit - 1) / unit * unit;
}

static int at_most(int n, int limit)
{
	return n < 0 ? 0 : n > limit ? limit : n;
}

/* The box grown to whole units and clipped must be what the report says. */
static struct judged read_box(const struct judgement *j, const json_t *b)
{
	const struct sight *s = j->in;
	const json_t *frames = json_object_get(b, "frames");
	const json_t *grown = json_object_get(b, "grown");
	bool lossy = s->codec == CODEC_JPEG && s->process != 0xc3 &&
		     j->out->codec == CODEC_JPEG;
	int w = lossy ? s->mcu_columns : s->pairs ? 2 : 1;
	int h = lossy ? s->mcu_rows : 1;
	int x0 = (int)json_integer_value(json_object_get(b, "x"));
	int y0 = (int)json_integer_value(json_object_get(b, "y"));
	int x1 = x0 + (int)json_integer_value(json_object_get(b, "w"));
	int y1 = y0 + (int)json_integer_value(json_object_get(b, "h"));
	struct judged g;

	x0 = at_most(x0, s->columns) / w * w;
	y0 = at_most(y0, s->rows) / h * h;
	x1 = at_most(up(at_most(x1, s->columns), w), s->columns);
	y1 = at_most(up(at_most(y1, s->rows), h), s->rows);
	g = (struct judged){ number_in(frames, 0), number_in(frames, 1),
			     number_in(grown, 0), number_in(grown, 1),
			     number_in(grown, 0) + number_in(grown, 2),
			     number_in(grown, 1) + number_in(grown, 3) };
	if (g.x0 != x0 || g.y0 != y0 || g.x1 != x1 || g.y1 != y1)
		die("grown is %d,%d-%d,%d, should be %d,%d-%d,%d", g.x0, g.y0,
		    g.x1, g.y1, x0, y0, x1, y1);
	if (g.frame0 < 0 || g.frame1 < g.frame0 || g.frame1 >= s->frames)
		die("frames %d to %d", g.frame0, g.frame1);
	if (json_integer_value(json_object_get(b, "rim")) !=
	    (lossy && s->subsampled))
		die("the rim is wrong");
	return g;
}

static const char *const carriers_of_streams[] = {
	"app", "comment", "exif", "xmp", "trailer", "thumbnail",
	"unused-bits",
};

static void read_report(struct judgement *j, const char *path)
{
	json_error_t error;
	json_t *report = json_load_file(path, 0, &error);
	const json_t *boxes = json_object_get(report, "boxes"), *value;
	const json_t *dropped = json_object_get(report, "dropped");
	size_t i, n;

	if (!report || !json_is_array(boxes))
		die("no report");
	j->boxes = (int)json_array_size(boxes);
	if (j->boxes > MAX_BOXES)
		die("too many boxes");
	for (i = 0; i < (size_t)j->boxes; i++)
		j->box[i] = read_box(j, json_array_get(boxes, i));
	json_array_foreach(json_object_get(report, "fill"), i, value)
		if (i < 4)
			j->fill[j->fills++] = json_number_value(value);
	json_array_foreach(dropped, i, value)
		for (n = 0; n < sizeof(carriers_of_streams) /
				sizeof(*carriers_of_streams); n++)
			if (!strcmp(json_string_value(value),
				    carriers_of_streams[n]))
				j->carriers = true;
	json_decref(report);
}

/* ---- the fill, worked out again (DESIGN 6) ---- */

static bool padding(const struct sight *s, double *fill)
{
	double field = pow(2, s->stored), least = s->is_signed ? -field / 2 : 0;

	if (!sight_number(s, 0x00280120, false, fill))
		return false;
	if (s->is_signed && *fill >= 32768)
		*fill -= 65536;
	return *fill >= least && *fill < least + field;
}

/* The least value of the first touched frame outside all boxes. */
static double extreme_outside(const struct judgement *j, bool high)
{
	const struct sight *s = j->in;
	const char *by;
	int frame = s->frames;
	double best = high ? -INFINITY : INFINITY;
	uint32_t *v;

	for (int i = 0; i < j->boxes; i++)
		frame = j->box[i].frame0 < frame ? j->box[i].frame0 : frame;
	v = sight_frame(s, frame, &by, NULL);
	for (int y = 0; y < s->rows; y++)
		for (int x = 0; x < s->columns; x++) {
			double n = (int32_t)v[y * s->columns + x];
			bool in = false;

			for (int i = 0; i < j->boxes; i++)
				in = in || (j->box[i].frame0 <= frame &&
					    j->box[i].frame1 >= frame &&
					    x >= j->box[i].x0 &&
					    x < j->box[i].x1 &&
					    y >= j->box[i].y0 &&
					    y < j->box[i].y1);
			if (!in && (high ? n > best : n < best))
				best = n;
		}
	free(v);
	return best;
}

static double grey_rule(const struct judgement *j)
{
	const struct sight *s = j->in;
	bool high = !strcmp(s->photometric, "MONOCHROME1") ||
		    sight_is(s, 0x20500020, "INVERSE");
	double field = pow(2, s->stored), centre, width, slope = 1, edge;
	double intercept = 0, least = s->is_signed ? -field / 2 : 0;

	if (padding(s, &edge))
		return edge;
	if (!s->is_signed)
		return high ? field - 1 : 0;
	sight_number(s, 0x00281053, true, &slope);
	sight_number(s, 0x00281052, true, &intercept);
	if (sight_number(s, 0x00281050, true, &centre) &&
	    sight_number(s, 0x00281051, true, &width) && slope != 0) {
		edge = centre - .5 + (high ? 1 : -1) * (width - 1) / 2;
		edge = (edge - intercept) / slope;
		edge = high ? ceil(edge) : floor(edge);
	} else {
		edge = extreme_outside(j, high);
		if (isinf(edge))
			edge = high ? least + field - 1 : least;
	}
	return edge < least ? least :
	       edge > least + field - 1 ? least + field - 1 : edge;
}

/* Luminance of an entry of the palette, as it is stored. */
static double luminance(const struct sight *s, int entry)
{
	static const double weight[] = { .299, .587, .114 };
	double sum = 0;

	for (uint32_t i = 0; i < 3; i++) {
		const struct attribute *d =
			sight_find(s, 0x00281101 + i, false);
		const struct attribute *a =
			sight_find(s, 0x00281201 + i, false);
		size_t entries, bytes, at = (size_t)entry;
		int turn = s->big_endian ? 1 : 0;

		if (!d || !a || !a->value || d->length < 6)
			return -1;
		entries = d->value[turn] | (size_t)d->value[1 - turn] << 8;
		entries = entries ? entries : 65536;
		bytes = a->length / entries;
		if (at >= entries)
			at = entries - 1;
		if (bytes == 2)
			sum += weight[i] * (a->value[2 * at + (size_t)turn] +
				256 * a->value[2 * at + 1 - (size_t)turn]);
		else
			sum += weight[i] * a->value[at ^ (size_t)turn] * 257;
	}
	return sum;
}

static void check_palette(const struct judgement *j)
{
	const struct sight *s = j->in;
	const struct attribute *d = sight_find(s, 0x00281101, false);
	int turn = s->big_endian ? 1 : 0, first, entries;
	double mine;

	if (s->codec == CODEC_PNG || !d || d->length < 6 ||
	    !sight_find(s, 0x00281201, false))
		return;                 /* judged by its constancy alone */
	entries = d->value[turn] | d->value[1 - turn] << 8;
	first = d->value[2 + turn] | d->value[3 - turn] << 8;
	entries = entries ? entries : 65536;
	mine = luminance(s, (int)j->fill[0] - first);
	for (int i = 0; i < entries && i + first < 1 << s->stored; i++)
		if (luminance(s, i) < mine - 256)
			die("palette entry %d is darker than the fill", i);
}

/* What stored samples inside must be: the report's fill, and the rule's. */
static void check_fill(struct judgement *j)
{
	const struct sight *s = j->in;
	double want[4] = { 0 }, half = pow(2, s->stored - 1);
	bool grey = !strncmp(s->photometric, "MONOCHROME", 10);

	if (!s->dicom || s->real)
		return;
	if (!strncmp(s->photometric, "PALETTE", 7)) {
		check_palette(j);
		return;
	}
	if (s->codec == CODEC_JPEG && grey && padding(s, &want[1]))
		return;                 /* no such level, perhaps */
	want[1] = 0;
	if (grey)
		want[0] = grey_rule(j);
	else if (!strncmp(s->photometric, "YBR_FULL", 8) &&
		 (s->codec != CODEC_JPEG || s->process == 0xc3))
		want[1] = want[2] = half;
	else if (s->codec == CODEC_JPEG)
		return;                 /* colours of a stream: below */
	for (int i = 0; i < j->fills; i++)
		if (want[i] != j->fill[i])
			die("the fill is %g, by the rule %g", j->fill[i],
			    want[i]);
}

/* The fill as the decoder of a lossy stream gives it, before colours. */
static void fill_of_stream(struct judgement *j)
{
	const struct sight *s = j->out;
	double half = pow(2, s->precision - 1), full = 2 * half - 1;
	bool ids = !memcmp(s->ids, "RGB", 3);
	/* markers first, then the ids, then what DICOM says */
	bool plain = s->adobe ? s->transform == 0 : !s->jfif &&
		     (ids || (s->dicom && !strcmp(s->photometric, "RGB")));

	j->fills = s->samples;
	if (s->samples == 3) {
		j->fill[0] = 0;
		j->fill[1] = j->fill[2] = plain ? 0 : half;
	} else if (s->samples == 4) {
		bool ycck = s->transform == 2;
		double black = s->adobe ? 0 : full;

		for (int i = 0; i < 4; i++)
			j->fill[i] = ycck && (i == 1 || i == 2) ? half : black;
		/* Y stands for red, green and blue: full ink is its least */
		if (ycck)
			j->fill[0] = full - black;
	}
}

/* ---- frames ---- */

static bool touched(const struct judgement *j, int frame)
{
	for (int i = 0; i < j->boxes; i++)
		if (j->box[i].frame0 <= frame && j->box[i].frame1 >= frame)
			return true;
	return false;
}

static unsigned char *map_of(const struct judgement *j, int frame)
{
	size_t columns = (size_t)j->in->columns;
	unsigned char *map = need(columns * (size_t)j->in->rows, 1);

	for (int i = 0; i < j->boxes; i++) {
		const struct judged *b = &j->box[i];

		if (b->frame0 > frame || b->frame1 < frame)
			continue;
		for (int y = b->y0; y < b->y1; y++)
			memset(map + (size_t)y * columns + b->x0, 1,
			       (size_t)(b->x1 - b->x0));
	}
	return map;
}

static void note_decoder(struct judgement *j, const char *by)
{
	size_t n = strlen(j->by);

	if (!strstr(j->by, by))
		snprintf(j->by + n, sizeof(j->by) - n, "%s%s", n ? "+" : "",
			 by);
}

/*
 * Colour under fully transparent pixels is set to 0, and only that; which of
 * several clear entries of a palette a pixel has could say as much.
 */
static void clear_hidden(const struct sight *s, uint32_t *v)
{
	size_t n = (size_t)s->samples;
	size_t area = (size_t)s->columns * (size_t)s->rows;
	int first = 0;

	while (first < s->entries && s->palette[4 * first + 3])
		first++;
	for (size_t i = 0; s->colour == 3 && i < area; i++)
		if (v[i] < (uint32_t)s->entries && !s->palette[4 * v[i] + 3])
			v[i] = (uint32_t)first;
	for (size_t i = 0; s->colour > 3 && i < area; i++)
		if (!v[i * n + n - 1])
			memset(v + i * n, 0, n * sizeof(*v));
}

static void check_stray(size_t stray)
{
	if (stray)
		die("%zu cells have unused bits", stray);
}

/* Does this entry of a PNG's palette look different now?  Entries that no
   pixel has may be cleared. */
static bool other_colour(const struct judgement *j, uint32_t entry)
{
	return j->in->colour == 3 && entry < 256 &&
	       j->in->palette[4 * entry + 3] &&
	       memcmp(j->in->palette + 4 * entry, j->out->palette + 4 * entry,
		      4) != 0;
}

/* Samples: those inside against the fill, the others against the input. */
static void compare_samples(struct judgement *j, int frame, bool outside_too)
{
	const char *by;
	size_t stray = 0, each = j->in->real && j->in->allocated == 64 ? 2 : 1;
	size_t n = (size_t)j->in->samples * each;
	size_t area = (size_t)j->in->columns * (size_t)j->in->rows;
	unsigned char *map = map_of(j, frame);
	uint32_t *a = NULL, *b = sight_frame(j->out, frame, &by, &stray);

	check_stray(j->out->codec == CODEC_JPEG ? 0 : stray);
	note_decoder(j, by);
	if (outside_too) {
		a = sight_frame(j->in, frame, &by, NULL);
		if (j->in->codec == CODEC_PNG)
			clear_hidden(j->in, a);
	}
	for (size_t i = 0; i < area * n; i++) {
		bool in = map[i / n];
		uint32_t want = j->in->real ? 0 : (uint32_t)(int64_t)
				j->fill[i % n / each];

		j->inside += in;
		if (in)
			j->wrong += b[i] != want;
		else if (outside_too)
			j->outside += a[i] != b[i] || other_colour(j, a[i]);
	}
	free(a);
	free(b);
	free(map);
}

static void compare_lossy(struct judgement *j, int frame)
{
	struct bytes a = j->in->dicom ? sight_stream(j->in, frame) :
					j->in->file;
	struct bytes b = j->out->dicom ? sight_stream(j->out, frame) :
					 j->out->file;
	unsigned char *map = map_of(j, frame);
	size_t wrong = 0;

	j->outside += compare_coefficients(a, b, map, j->in->columns,
					   j->in->rows, &wrong);
	if (wrong)
		die("%zu blocks inside are not flat", wrong);
	compare_samples(j, frame, false);
	if (j->in->dicom) {
		free(a.data);
		free(b.data);
	}
	free(map);
}

/* Are the fragments of this frame the same bytes? */
static bool same_fragments(const struct judgement *j, int frame)
{
	size_t p, p_end, q, q_end;

	sight_fragments(j->in, frame, &p, &p_end);
	sight_fragments(j->out, frame, &q, &q_end);
	if (p_end - p != q_end - q)
		return false;
	for (; p < p_end; p++, q++)
		if (j->in->fragment[p].length != j->out->fragment[q].length ||
		    memcmp(j->in->fragment[p].data, j->out->fragment[q].data,
			   j->in->fragment[p].length) != 0)
			return false;
	return true;
}

static bool judge_untouched(struct judgement *j, int frame)
{
	if (j->in->native || !j->in->dicom || touched(j, frame) ||
	    strcmp(j->in->syntax, j->out->syntax) != 0)
		return false;
	if (same_fragments(j, frame))
		return true;
	if (!j->carriers)
		die("the fragments of untouched frame %d changed", frame + 1);
	return false;
}

static void judge_frames(struct judgement *j)
{
	bool lossy = j->in->codec == CODEC_JPEG && j->in->process != 0xc3 &&
		     j->out->codec == CODEC_JPEG;

	for (int f = 0; f < j->in->frames; f++) {
		if (judge_untouched(j, f))
			continue;
		if (lossy && j->in->precision == 8)
			compare_lossy(j, f);
		else
			compare_samples(j, f, true);
	}
}

/* ---- the file around the frames ---- */

static void check_offsets(const struct sight *s)
{
	const struct attribute *wide = sight_find(s, 0x7fe00001, false);
	size_t first, last, at = 0, k = 0;

	if (s->native || !s->dicom)
		return;
	if (s->offsets.length % 4 ||
	    (s->offsets.length &&
	     s->offsets.length != 4 * (size_t)s->frames))
		die("an offset table of %zu bytes", s->offsets.length);
	for (int f = 0; f < s->frames; f++) {
		const unsigned char *p = s->offsets.data + 4 * (size_t)f;

		sight_fragments(s, f, &first, &last);
		for (; k < first; k++)
			at += 8 + s->fragment[k].length;
		if (s->offsets.length &&
		    (p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
		     (size_t)p[3] << 24) != at)
			die("the offset of frame %d is wrong", f + 1);
		if (wide && wide->value &&
		    memcmp(wide->value + 8 * (size_t)f, &at, 8) != 0)
			die("the extended offset of frame %d is wrong", f + 1);
	}
}

/* Pad bytes between the end of a JPEG-like stream and of its fragment. */
static void check_ends(const struct sight *s)
{
	for (size_t i = 0; s->dicom && !s->native && i < s->fragments; i++)
		if (s->fragment[i].length % 2)
			die("a fragment of odd length");
}

static void check_header(const struct judgement *j)
{
	const struct sight *a = j->in, *b = j->out;

	if (a->columns != b->columns || a->rows != b->rows ||
	    a->frames != b->frames || a->samples != b->samples ||
	    a->stored != b->stored || a->is_signed != b->is_signed ||
	    a->depth != b->depth || a->colour != b->colour ||
	    a->interlaced != b->interlaced)
		die("the pictures have different forms");
}

static void compare(const char *in, const char *out, const char *report)
{
	struct judgement j = { .in = sight_of(in), .out = sight_of(out) };

	check_syntax(&j);
	check_header(&j);
	read_report(&j, report);
	check_offsets(j.out);
	check_ends(j.out);
	check_fill(&j);
	if (j.out->codec == CODEC_JPEG && j.out->process != 0xc3)
		fill_of_stream(&j);
	judge_frames(&j);
	if (j.wrong || j.outside)
		printf("not ok ");
	printf("%s\t", row_name(j.in));
	print_forms(j.in);
	printf("\t%d\t%zu\t%zu\t%zu\t%s\n", j.boxes, j.inside, j.wrong,
	       j.outside, j.by);
	if (!j.inside)
		die("no sample is inside");
	sight_free(j.in);
	sight_free(j.out);
	if (j.wrong || j.outside)
		exit(EXIT_FAILURE);
}

/* Two files of the same pixels, packed in two ways? */
static int same(const char *first, const char *second)
{
	struct sight *a = sight_of(first), *b = sight_of(second);
	size_t count = (size_t)a->columns * (size_t)a->rows *
		       (size_t)a->samples, differ = 0;
	const char *by, *by_too;

	if (a->columns != b->columns || a->rows != b->rows ||
	    a->samples != b->samples || a->frames != b->frames)
		die("the pictures have different forms");
	for (int f = 0; f < a->frames; f++) {
		uint32_t *p = sight_frame(a, f, &by, NULL);
		uint32_t *q = sight_frame(b, f, &by_too, NULL);

		for (size_t i = 0; i < count; i++)
			differ += p[i] != q[i];
		free(p);
		free(q);
	}
	printf("%zu of %zu differ, %s and %s\n", differ,
	       count * (size_t)a->frames, by, by_too);
	sight_free(a);
	sight_free(b);
	return differ != 0;
}

static int peak(char **command)
{
	struct rusage used;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout) ||
		    !freopen("/dev/null", "w", stderr))
			_exit(126);
		execv(command[0], command);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child ||
	    getrusage(RUSAGE_CHILDREN, &used) != 0)
		die("can't run a command");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die("the command failed");
	printf("%ld\n", used.ru_maxrss);
	return 0;
}

int main(int arguments, char **argument)
{
	if (arguments == 3 && !strcmp(argument[1], "row")) {
		struct sight *s = sight_of(argument[2]);

		puts(s->columns ? row_name(s) : "none");
		sight_free(s);
	} else if (arguments == 4 && !strcmp(argument[1], "boxes")) {
		struct sight *s = sight_of(argument[2]);

		print_boxes(s, (uint32_t)strtoul(argument[3], NULL, 10));
		sight_free(s);
	} else if (arguments == 4 && !strcmp(argument[1], "same")) {
		return same(argument[2], argument[3]);
	} else if (arguments > 2 && !strcmp(argument[1], "peak")) {
		return peak(argument + 2);
	} else if (arguments == 5 && !strcmp(argument[1], "compare")) {
		compare(argument[2], argument[3], argument[4]);
	} else {
		fprintf(stderr, "judge row|boxes|compare|same|peak ...\n");
		return 2;
	}
	return 0;
}
