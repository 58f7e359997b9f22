/* masks.c - the file of one verdict: its boxes and what was shown. */
#include "config.h"

#include "record/masks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/redaction.h"
#include "record/files.h"
#include "record/log.h"

const char *const box_decision_name[DECISIONS] = {
	[DECISION_MASK] = "mask", [DECISION_NO_MASK] = "no-mask",
	[DECISION_CHANGED] = "changed", [DECISION_ADDED] = "added",
};

void masks_done(struct masks *m)
{
	free(m->box);
	free(m->seen);
	*m = (struct masks){ 0 };
}

bool box_is_masked(enum box_decision decision)
{
	return decision != DECISION_NO_MASK;
}

bool masks_covers(const struct decided_box *d)
{
	return box_is_masked(d->decision) && d->box.plane == PLANE_PICTURE;
}

/* ---- out ---- */

static void print_box(const struct decided_box *d, struct buffer *out)
{
	struct json_writer w = json_writer(out, true);
	const struct box *b = &d->box;
	char plane[PLANE_WORD];

	json_put_open(&w, NULL, '{');
	json_put_string(&w, "class", box_class_name[b->class_]);
	json_put_string(&w, "decision", box_decision_name[d->decision]);
	json_put_integer(&w, "frame", b->frame0);
	json_put_open(&w, "frames", '[');
	json_put_integer(&w, NULL, b->frame0);
	json_put_integer(&w, NULL, b->frame1);
	json_put_close(&w);
	json_put_integer(&w, "h", region_height(b->region));
	json_put_integer(&w, "id", d->id);
	json_put_string(&w, "kind", box_kind_name[b->kind]);
	if (b->plane != PLANE_PICTURE)
		json_put_string(&w, "plane", plane_word(b->plane, plane));
	if (d->reason > 0)
		json_put_string(&w, "reason", log_reason_name[d->reason]);
	json_put_integer(&w, "score", b->score);
	json_put_string(&w, "source", box_source_name[b->source]);
	json_put_integer(&w, "w", region_width(b->region));
	json_put_string(&w, "why", REDACTED || !*b->text ? b->why : b->text);
	json_put_integer(&w, "x", b->region.x0);
	json_put_integer(&w, "y", b->region.y0);
	json_put_close(&w);
	buffer_puts(out, "\n");
}

static void print_seen(const struct seen *s, struct buffer *out)
{
	struct json_writer w = json_writer(out, true);
	bool crop = !region_empty(s->region);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "frame", s->frame);
	if (crop)
		json_put_integer(&w, "h", region_height(s->region));
	json_put_integer(&w, "id", s->id);
	if (crop)
		json_put_integer(&w, "letter", s->letter);
	json_put_string(&w, "mode", s->mode);
	json_put_integer(&w, "ms", s->ms);
	json_put_integer(&w, "sub_px", s->sub_px);
	if (crop) {
		json_put_integer(&w, "w", region_width(s->region));
		json_put_integer(&w, "x", s->region.x0);
		json_put_integer(&w, "y", s->region.y0);
	}
	json_put_close(&w);
	buffer_puts(out, "\n");
}

void masks_print(const struct decided_box *box, size_t box_count,
		 const struct seen *seen, size_t seen_count,
		 struct buffer *out)
{
	for (size_t i = 0; i < box_count; i++)
		print_box(&box[i], out);
	for (size_t i = 0; i < seen_count; i++)
		print_seen(&seen[i], out);
}

void masks_print_after(const struct after *after, struct buffer *out)
{
	struct json_writer w;

	if (!after->item[0])
		return;
	w = json_writer(out, true);
	json_put_open(&w, NULL, '{');
	json_put_string(&w, "after", after->item);
	json_put_integer(&w, "seq", after->seq);
	json_put_close(&w);
	buffer_puts(out, "\n");
}

/* ---- in ---- */

enum {
	MOST_SIDE = 65535,              /* VR US (PS3.5 6.2) */
	MOST_ID = 1 << 30,              /* so that one can be added to it */
};

static bool get_int(const struct json *object, const char *name, int *value)
{
	long long wide;

	if (!json_get_integer(object, name, &wide) || wide < FRAME_LEAST ||
	    wide > 0x7FFFFFFF)
		return false;
	*value = (int)wide;
	return true;
}

/* Index of the member's word; -1 when it is none of them. */
static int get_word(const struct json *object, const char *name,
		    const char *const *words, int count)
{
	const char *text = json_get_string(object, name);

	for (int i = 0; text && i < count; i++)
		if (words[i] && !strcmp(words[i], text))
			return i;
	return -1;
}

static bool get_plane(const struct json *object, int *plane)
{
	const char *text = json_get_string(object, "plane");
	char again[16];
	unsigned group;

	*plane = PLANE_PICTURE;
	if (json_kind(json_member(object, "plane")) == JSON_KIND_ABSENT)
		return true;
	if (text && !strcmp(text, "bits"))
		*plane = PLANE_BITS;
	else if (text && sscanf(text, "overlay:%4x", &group) == 1)
		*plane = (int)group;
	else
		return false;
	return !strcmp(plane_word(*plane, again), text);
}

static bool parse_box(const struct json *o, struct decided_box *d)
{
	struct box *b = &d->box;
	const struct json *frames = json_member(o, "frames");
	const char *why = json_get_string(o, "why");
	int x, y, w, h, kind, class_, source, decision;
	long long first, last;

	*d = (struct decided_box){ .box = { .confidence = -1 } };
	kind = get_word(o, "kind", box_kind_name, KINDS);
	class_ = get_word(o, "class", box_class_name, CLASSES);
	source = get_word(o, "source", box_source_name, SOURCES);
	decision = get_word(o, "decision", box_decision_name, DECISIONS);
	if (kind < 0 || class_ < 0 || source < 0 || decision < 0 || !why ||
	    strlen(why) >= BOX_WHY || !get_int(o, "x", &x) ||
	    !get_int(o, "y", &y) || !get_int(o, "w", &w) ||
	    !get_int(o, "h", &h) || !get_int(o, "id", &d->id) ||
	    !get_int(o, "score", &b->score) || !get_plane(o, &b->plane) ||
	    json_count(frames) != 2 ||
	    !json_as_integer(json_at(frames, 0), &first) ||
	    !json_as_integer(json_at(frames, 1), &last) ||
	    x < 0 || y < 0 || w < 1 || h < 1 || x > MOST_SIDE ||
	    y > MOST_SIDE || w > MOST_SIDE || h > MOST_SIDE || d->id < 0 ||
	    d->id > MOST_ID || first < 0 || last < first || last > 65535)
		return false;
	if (json_kind(json_member(o, "reason")) != JSON_KIND_ABSENT) {
		d->reason = get_word(o, "reason", log_reason_name,
				     LOG_REASONS);
		if (d->reason < 1)
			return false;
	}
	b->region = region_from_box(x, y, w, h);
	b->frame0 = (int)first;
	b->frame1 = (int)last;
	b->kind = (enum box_kind)kind;
	b->class_ = (enum box_class)class_;
	b->source = (enum box_source)source;
	b->tier = TIER_BOX;
	d->decision = (enum box_decision)decision;
	snprintf(b->why, sizeof(b->why), "%s", why);
	return true;
}

/* All five or none. */
static bool parse_crop(const struct json *o, struct seen *s)
{
	int x, y, w, h;

	if (!json_member(o, "letter"))
		return true;
	if (!get_int(o, "x", &x) || !get_int(o, "y", &y) ||
	    !get_int(o, "w", &w) || !get_int(o, "h", &h) ||
	    !get_int(o, "letter", &s->letter) || x < 0 || y < 0 || w < 1 ||
	    h < 1 || x > MOST_SIDE || y > MOST_SIDE || w > MOST_SIDE ||
	    h > MOST_SIDE || s->letter < 1 || s->letter > MOST_SIDE)
		return false;
	s->region = region_from_box(x, y, w, h);
	return true;
}

static bool parse_seen(const struct json *o, struct seen *s)
{
	const char *mode = json_get_string(o, "mode");

	*s = (struct seen){ 0 };
	if (!mode || strlen(mode) >= SEEN_MODE || !get_int(o, "id", &s->id) ||
	    !get_int(o, "sub_px", &s->sub_px) ||
	    !get_int(o, "frame", &s->frame) ||
	    !json_get_integer(o, "ms", &s->ms) || !parse_crop(o, s))
		return false;
	snprintf(s->mode, sizeof(s->mode), "%s", mode);
	return true;
}

static bool parse_after(const struct json *o, struct after *after)
{
	const char *item = json_get_string(o, "after");

	if (!item || strlen(item) != 32 ||
	    strspn(item, "0123456789abcdef") != 32 ||
	    !json_get_integer(o, "seq", &after->seq) || after->seq < 1)
		return false;
	snprintf(after->item, sizeof(after->item), "%s", item);
	return true;
}

static bool parse_line(const char *line, size_t length, struct masks *m,
		       bool *memory)
{
	struct json *o = json_read(line, length, NULL);
	struct decided_box box;
	struct seen seen;
	/* it is the last one */
	bool good = !m->after.item[0];

	if (good && parse_after(o, &m->after)) {
		/* taken */
	} else if (parse_box(o, &box) && m->seen_count == 0) {
		*memory = mem_grow(&m->box, &m->box_capacity, m->box_count,
				   sizeof(*m->box));
		if (*memory)
			m->box[m->box_count++] = box;
	} else if (parse_seen(o, &seen)) {
		*memory = mem_grow(&m->seen, &m->seen_capacity, m->seen_count,
				   sizeof(*m->seen));
		if (*memory)
			m->seen[m->seen_count++] = seen;
	} else {
		good = false;
	}
	json_free(o);
	return good && *memory;
}

bool masks_parse(const char *text, size_t length, struct masks *m,
		 struct error *err)
{
	struct buffer again = { 0 };
	const char *at = text, *lf;
	bool good = true, memory = true;

	while (good && at < text + length) {
		lf = memchr(at, '\n', (size_t)(text + length - at));
		good = lf && parse_line(at, (size_t)(lf - at), m, &memory);
		at = lf ? lf + 1 : at;
	}
	if (good)
		masks_print(m->box, m->box_count, m->seen, m->seen_count,
			    &again);
	if (good)
		masks_print_after(&m->after, &again);
	good = good && again.length == length && !again.failed &&
	       (length == 0 || !memcmp(again.data, text, length));
	buffer_done(&again);
	if (good)
		return true;
	masks_done(m);
	if (!memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	return error_set(err, ERR_CHECK, _("a file of boxes is damaged"));
}

/* ---- files ---- */

void masks_name(const char *item, long long seq, char name[MASKS_NAME])
{
	snprintf(name, MASKS_NAME, "%s.%lld.jsonl", item, seq);
}

bool masks_write(int dirfd, const char *name, const struct buffer *text,
		 uint8_t digest[HASH_SIZE], struct error *err)
{
	if (text->failed ||
	    !hash_bytes(text->length ? text->data : "", text->length, digest))
		return error_set(err, ERR_MEMORY, _("no memory"));
	return file_replace(dirfd, name, text->length ? text->data : "",
			    text->length, 0600, err);
}

bool masks_load(int dirfd, const char *name, const uint8_t digest[HASH_SIZE],
		struct masks *m, struct error *err)
{
	struct buffer text = { 0 };
	uint8_t found[HASH_SIZE];
	bool good = file_read(dirfd, name, FILE_MOST, &text, err);

	if (good && !hash_bytes(text.data, text.length, found))
		good = error_set(err, ERR_MEMORY, _("no memory"));
	else if (good && memcmp(found, digest, HASH_SIZE))
		good = error_set(err, ERR_CHECK, _("a file of boxes was "
						   "changed"));
	if (good && m)
		good = masks_parse(text.data, text.length, m, err);
	buffer_done(&text);
	return good;
}
