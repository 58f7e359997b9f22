/* truth.c - reads known answers and compares proposals with them. */
#include "config.h"

#include "find/truth.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/kana.h"
#include "base/mem.h"
#include "image/frame.h"

const char *const truth_kind_name[TRUTH_KINDS] = {
	[TRUTH_IDENTIFIER] = "identifier",
	[TRUTH_FACE] = "face",
	[TRUTH_BENIGN] = "benign_text",
};

enum { LETTERS = 512 };

/* ---- reading ---- */

static bool get_int(const struct json *box, const char *name, int low,
		    int high, int *value)
{
	long long number;

	if (!json_get_integer(box, name, &number) || number < low ||
	    number > high)
		return false;
	*value = (int)number;
	return true;
}

static bool flag(const struct json *box, const char *name)
{
	bool value = false;

	return json_get_boolean(box, name, &value) && value;
}

static void get_word(const struct json *box, const char *name, char *to,
		     size_t size, const char *otherwise)
{
	const char *word = json_get_string(box, name);

	snprintf(to, size, "%s", word ? word : otherwise);
}

static bool read_kind(const struct json *box, enum truth_kind *kind)
{
	const char *name = json_get_string(box, "kind");

	for (int i = 0; name && i < TRUTH_KINDS; i++)
		if (strcmp(name, truth_kind_name[i]) == 0) {
			*kind = (enum truth_kind)i;
			return true;
		}
	return false;
}

static bool read_box(const struct json *from, struct truth_box *b)
{
	const char *contrast = json_get_string(from, "contrast");
	const char *role = json_get_string(from, "role");
	int x, y, w, h;

	*b = (struct truth_box){ 0 };
	if (!read_kind(from, &b->kind) ||
	    !get_int(from, "x", -FRAME_MAX_SIDE, FRAME_MAX_SIDE, &x) ||
	    !get_int(from, "y", -FRAME_MAX_SIDE, FRAME_MAX_SIDE, &y) ||
	    !get_int(from, "w", 1, FRAME_MAX_SIDE, &w) ||
	    !get_int(from, "h", 1, FRAME_MAX_SIDE, &h))
		return false;
	if (json_member(from, "frame") &&
	    !get_int(from, "frame", 0, INT_MAX, &b->frame))
		return false;
	get_int(from, "px", 1, FRAME_MAX_SIDE, &b->px);
	get_int(from, "rotation", -360, 360, &b->rotation);
	get_word(from, "class", b->class_, sizeof(b->class_), "other");
	get_word(from, "text", b->text, sizeof(b->text), "");
	b->region = region_from_box(x, y, w, h);
	b->low = contrast && strcmp(contrast, "low") == 0;
	b->vertical = flag(from, "vertical");
	b->counts = !(role && strcmp(role, "label") == 0) &&
		    !flag(from, "ambiguous") && !flag(from, "difficult");
	return true;
}

bool truth_read(const char *text, size_t length, struct truth *truth,
		struct error *err)
{
	struct json *top = json_read(text, length, err);
	const struct json *boxes = json_member(top, "boxes");
	bool ok = top != NULL;

	*truth = (struct truth){ .partial = flag(top, "partial") };
	if (ok && json_kind(boxes) != JSON_KIND_ARRAY)
		ok = error_set(err, ERR_USAGE, _("there is no list of boxes"));
	for (size_t i = 0; ok && i < json_count(boxes); i++) {
		if (!mem_grow(&truth->box, &truth->capacity, truth->count,
			      sizeof(*truth->box)))
			ok = error_set(err, ERR_MEMORY, _("no memory"));
		else if (!read_box(json_at(boxes, i),
				   &truth->box[truth->count]))
			ok = error_set(err, ERR_USAGE,
				       _("box %zu is none"), i + 1);
		else
			truth->count++;
	}
	json_free(top);
	if (!ok)
		truth_done(truth);
	return ok;
}

void truth_done(struct truth *truth)
{
	free(truth->box);
	*truth = (struct truth){ 0 };
}

/* ---- letters ---- */

/* One code point of UTF-8; bad bytes count as themselves. */
static uint32_t next_letter(const unsigned char **at)
{
	const unsigned char *p = *at;
	int more = *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : *p >= 0xC0;
	uint32_t c = more ? *p & (0x3Fu >> more) : *p;

	for (p++; more > 0 && (*p & 0xC0) == 0x80; more--, p++)
		c = c << 6 | (*p & 0x3F);
	*at = p;
	return c;
}

/* The letters without spaces; wide and half-width forms alike.  How many. */
static int take_letters(const char *text, uint32_t *letter)
{
	const unsigned char *at = (const unsigned char *)text;
	int count = 0;

	while (*at && count < LETTERS) {
		uint32_t c = next_letter(&at);

		if (c == ' ' || c == 0x3000)
			continue;
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		/* voice marks: the next code point, or the one after */
		if (c == 0xFF9E && count > 0 && letter[count - 1] == 0x30A6)
			letter[count - 1] = 0x30F4;
		else if ((c == 0xFF9E || c == 0xFF9F) && count > 0)
			letter[count - 1] += c - 0xFF9D;
		else
			letter[count++] = kana_wide(c);
	}
	return count;
}

const char *truth_script(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	bool half = false, kanji = false, kana = false, latin = false;

	if (!*text)
		return "";
	while (*at) {
		uint32_t c = next_letter(&at);

		half |= c >= 0xFF66 && c <= 0xFF9F;
		kanji |= (c >= 0x3400 && c <= 0x9FFF) || c == 0x3005;
		kana |= c >= 0x3041 && c <= 0x30FF;
		latin |= (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
	}
	return half ? "half-width kana" : kanji ? "kanji" : kana ? "kana" :
	       latin ? "latin" : "digits";
}

/* Least edit distance of word from any part of text (P. Sellers, 1980). */
static int distance_within(const uint32_t *word, int words,
			   const uint32_t *text, int letters)
{
	int row[LETTERS + 1], best;

	for (int i = 0; i <= letters; i++)
		row[i] = 0;
	for (int j = 0; j < words; j++) {
		int corner = row[0];

		row[0] = j + 1;
		for (int i = 1; i <= letters; i++) {
			int change = corner + (word[j] != text[i - 1]);
			int cut = (row[i] < row[i - 1] ? row[i] : row[i - 1]) +
				  1;

			corner = row[i];
			row[i] = change < cut ? change : cut;
		}
	}
	best = row[0];
	for (int i = 1; i <= letters; i++)
		best = row[i] < best ? row[i] : best;
	return best;
}

/* ---- coverage ---- */

static bool on_frame(const struct box *b, int frame)
{
	return b->frame0 <= frame && frame <= b->frame1;
}

static bool same_sort(const struct box *b, enum truth_kind kind)
{
	return (b->kind == KIND_FACE) == (kind == TRUTH_FACE);
}

static void paint(uint8_t *map, struct region of, struct region r)
{
	int width = region_width(of);

	r = region_intersect(r, of);
	for (int y = r.y0; y < r.y1; y++)
		memset(map + (size_t)(y - of.y0) * (size_t)width +
			       (r.x0 - of.x0), 1, (size_t)(r.x1 - r.x0));
}

static double share(const uint8_t *map, size_t count)
{
	size_t set = 0;

	for (size_t i = 0; i < count; i++)
		set += map[i];
	return (double)set / (double)count;
}

/* Add the boxes of a tier to the map; the share it covers now. */
static double cover(const struct truth_box *t, const struct proposals *p,
		    enum box_tier tier, uint8_t *map)
{
	for (size_t i = 0; p && i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		if (b->tier == tier && same_sort(b, t->kind) &&
		    on_frame(b, t->frame))
			paint(map, t->region, b->region);
	}
	return share(map, (size_t)region_area(t->region));
}

/* ---- what was read ---- */

/* Of the boxes that lie on a truth box: read in the order they stand. */
static int compare_places(const void *a, const void *b)
{
	const struct box *const *l = a, *const *r = b;

	return ((*l)->region.x0 > (*r)->region.x0) -
	       ((*l)->region.x0 < (*r)->region.x0);
}

static int count_edits(const struct truth_box *t, const struct proposals *p,
		       const uint32_t *word, int words)
{
	enum { PLACES = 16 };
	const struct box *place[PLACES];
	uint32_t text[LETTERS];
	size_t places = 0;
	int letters = 0;

	for (size_t i = 0; p && i < p->boxes.count && places < PLACES; i++) {
		const struct box *b = &p->boxes.box[i];
		long long both = region_area(region_intersect(b->region,
							      t->region));

		if (on_frame(b, t->frame) && b->kind != KIND_FACE &&
		    (both * 10 >= region_area(b->region) * 3 ||
		     both * 2 >= region_area(t->region)))
			place[places++] = b;
	}
	if (places > 1)
		qsort(place, places, sizeof(*place), compare_places);
	for (size_t i = 0; i < places; i++) {
		uint32_t more[LETTERS];
		int count = take_letters(place[i]->text, more);

		for (int k = 0; k < count && letters < LETTERS; k++)
			text[letters++] = more[k];
	}
	return distance_within(word, words, text, letters);
}

static bool mark_box(const struct truth *truth, size_t index,
		     const struct proposals *p, struct truth_mark *m)
{
	const struct truth_box *t = &truth->box[index];
	uint32_t word[LETTERS];
	uint8_t *map = mem_array((size_t)region_width(t->region),
				 (size_t)region_height(t->region));

	if (!map)
		return false;
	*m = (struct truth_mark){ .box = index };
	m->boxes = cover(t, p, TIER_BOX, map);
	m->candidates = cover(t, p, TIER_CANDIDATE, map);
	m->faint = cover(t, p, TIER_FAINT, map);
	memset(map, 0, (size_t)region_area(t->region));
	m->benign = cover(t, p, TIER_BENIGN, map);
	free(map);
	m->letters = take_letters(t->text, word);
	m->edits = count_edits(t, p, word, m->letters);
	return true;
}

/* ---- what is too much ---- */

/* Is something known where b is?  A box of text counts when a tenth of it
 * lies on a box; one of a face when three tenths of the smaller do. */
static bool is_known(const struct truth *truth, const struct box *b)
{
	for (size_t i = 0; i < truth->count; i++) {
		const struct truth_box *t = &truth->box[i];
		long long both = region_area(region_intersect(b->region,
							      t->region));
		long long own = region_area(b->region);
		long long its = region_area(t->region);

		if (!same_sort(b, t->kind))
			continue;
		if (t->kind == TRUTH_FACE ?
		    both * 10 >= 3 * (own < its ? own : its) :
		    both * 10 >= own)
			return true;
	}
	return false;
}

static void count_false(const struct truth *truth, const struct proposals *p,
			struct truth_score *score)
{
	for (size_t i = 0; p && i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		if (b->tier != TIER_BOX || is_known(truth, b))
			continue;
		if (b->kind != KIND_FACE)
			score->false_text++;
		else if (!truth->partial)
			score->false_faces++;
	}
}

/* Area of one frame that boxes of text cover where there is none. */
static bool add_excess(const struct truth *truth, const struct proposals *p,
		       struct region all, int frame, struct truth_score *score)
{
	size_t count = (size_t)region_area(all);
	uint8_t *map = count ? mem_array(count, 2) : NULL;

	if (!map)
		return false;
	for (size_t i = 0; p && i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		if (b->tier == TIER_BOX && b->kind != KIND_FACE &&
		    on_frame(b, frame))
			paint(map, all, b->region);
	}
	for (size_t i = 0; i < truth->count; i++)
		if (truth->box[i].frame == frame &&
		    truth->box[i].kind != TRUTH_FACE)
			paint(map + count, all, truth->box[i].region);
	for (size_t i = 0; i < count; i++)
		score->excess += map[i] && !map[count + i];
	score->pixels += (long long)count;
	free(map);
	return true;
}

static bool first_of_frame(const struct truth *truth, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (truth->box[i].frame == truth->box[index].frame)
			return false;
	return true;
}

bool truth_compare(const struct truth *truth, const struct proposals *p,
		   int columns, int rows, struct truth_score *score,
		   struct error *err)
{
	struct region all = { 0, 0, columns, rows };
	bool ok = true;

	*score = (struct truth_score){ 0 };
	score->mark = mem_array(truth->count + 1, sizeof(*score->mark));
	ok = score->mark != NULL;
	for (size_t i = 0; ok && i < truth->count; i++)
		if (truth->box[i].counts)
			ok = mark_box(truth, i, p,
				      &score->mark[score->count++]);
	count_false(truth, p, score);
	if (ok && p && truth->count == 0)
		ok = add_excess(truth, p, all, 0, score);
	for (size_t i = 0; ok && p && i < truth->count; i++)
		if (first_of_frame(truth, i))
			ok = add_excess(truth, p, all, truth->box[i].frame,
					score);
	if (ok)
		return true;
	truth_score_done(score);
	return error_set(err, ERR_MEMORY, _("no memory"));
}

void truth_score_done(struct truth_score *score)
{
	free(score->mark);
	*score = (struct truth_score){ 0 };
}
