/* layout.c - boxes remembered for a device and picture size. */
#include "config.h"

#include "find/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"
#include "image/frame.h"

enum { COVERED_PERCENT = 80 };  /* of a box: by another, it is not proposed */

static const uint8_t no_device[LAYOUT_DEVICE];

bool layout_device(const struct image *image, uint8_t device[LAYOUT_DEVICE],
		   struct error *err)
{
	static const char *const path[] = { "00080070", "00081090",
					    "00181020", "00080016" };
	struct buffer text = { 0 };
	bool named = false, ok;

	for (int i = 0; i < 4; i++) {
		char *value = image_attribute(image, path[i]);

		named = named || (i < 2 && value && *value);
		buffer_puts(&text, value ? value : "");
		buffer_puts(&text, "\n");
		free(value);
	}
	memset(device, 0, LAYOUT_DEVICE);
	ok = !text.failed &&
	     (!named || hash_bytes(text.data, text.length, device));
	buffer_done(&text);
	return ok || error_set(err, ERR_MEMORY, _("no memory"));
}

static void layout_done(struct device_layout *d)
{
	box_list_done(&d->boxes);
	*d = (struct device_layout){ 0 };
}

void layouts_done(struct layouts *l)
{
	for (size_t i = 0; i < l->count; i++)
		layout_done(&l->layout[i]);
	free(l->layout);
	*l = (struct layouts){ 0 };
}

const struct device_layout *layouts_find(const struct layouts *l,
					 const uint8_t device[LAYOUT_DEVICE],
					 int columns, int rows)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct device_layout *d = &l->layout[i];

		if (d->columns == columns && d->rows == rows &&
		    !memcmp(d->device, device, LAYOUT_DEVICE))
			return d;
	}
	return NULL;
}

/* ---- remembering ---- */

static void forget(struct layouts *l, const struct device_layout *which)
{
	size_t at = (size_t)(which - l->layout);

	layout_done(&l->layout[at]);
	l->layout[at] = l->layout[--l->count];
}

/* The masks of the picture itself, without what was read in them. */
static bool take_boxes(struct device_layout *d, const struct box_list *boxes)
{
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];
		struct box kept = {
			.region = b->region, .kind = b->kind,
			.class_ = b->class_, .score = b->score,
			.source = SOURCE_LAYOUT, .tier = TIER_BOX,
			.confidence = -1, .letter_height = b->letter_height,
			.why = "layout:device",
		};

		if (b->tier == TIER_BOX && b->plane == PLANE_PICTURE &&
		    !box_list_add(&d->boxes, &kept))
			return false;
	}
	return true;
}

bool layouts_remember(struct layouts *l, const uint8_t device[LAYOUT_DEVICE],
		      int columns, int rows, const struct box_list *boxes,
		      struct error *err)
{
	struct device_layout d = { .columns = columns, .rows = rows };
	const struct device_layout *before;

	if (!memcmp(device, no_device, LAYOUT_DEVICE))
		return error_set(err, ERR_USAGE, _("this file names no device "
						   "that boxes could be "
						   "remembered for"));
	memcpy(d.device, device, LAYOUT_DEVICE);
	if (!take_boxes(&d, boxes) ||
	    !mem_grow(&l->layout, &l->capacity, l->count,
		      sizeof(*l->layout))) {
		layout_done(&d);
		return error_set(err, ERR_MEMORY, _("no memory"));
	}
	before = layouts_find(l, device, columns, rows);
	if (before)
		forget(l, before);
	if (d.boxes.count == 0)
		return true;
	if (l->count >= LAYOUT_MOST) {
		layout_done(&d);
		return error_set(err, ERR_USAGE, _("more than %d layouts"),
				 LAYOUT_MOST);
	}
	l->layout[l->count++] = d;
	return true;
}

/* ---- proposing ---- */

static bool is_covered(const struct box *b, const struct box_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct box *other = &list->box[i];
		long long both = region_area(region_intersect(b->region,
							      other->region));

		if (other->tier == TIER_BOX && other->plane == b->plane &&
		    other->frame0 == b->frame0 && other->frame1 == b->frame1 &&
		    both * 100 >= COVERED_PERCENT * region_area(b->region))
			return true;
	}
	return false;
}

bool layouts_propose(const struct layouts *l,
		     const uint8_t device[LAYOUT_DEVICE], int columns,
		     int rows, int frames, struct proposals *p)
{
	const struct device_layout *d = layouts_find(l, device, columns, rows);

	for (size_t i = 0; d && i < d->boxes.count; i++) {
		struct box b = d->boxes.box[i];

		b.frame0 = 0;
		b.frame1 = frames - 1;
		if (!is_covered(&b, &p->boxes) && !box_list_add(&p->boxes, &b))
			return false;
	}
	box_list_sort(&p->boxes);
	return true;
}

/* ---- as text ---- */

static bool parse_line(const char *text, size_t length, long long number,
		       struct layouts *l, struct error *err)
{
	struct json *line = json_read(text, length, err);
	const char *hex = json_get_string(line, "device");
	uint8_t device[LAYOUT_DEVICE];
	struct box_list boxes = { 0 };
	long long columns = 0, rows = 0;
	bool ok;

	if (!line)
		return error_prefix(err, _("line %lld"), number);
	if (!hex || !hash_from_hex(hex, device, LAYOUT_DEVICE) ||
	    !json_get_integer(line, "columns", &columns) || columns < 1 ||
	    columns > FRAME_MAX_SIDE ||
	    !json_get_integer(line, "rows", &rows) || rows < 1 ||
	    rows > FRAME_MAX_SIDE)
		ok = error_set(err, ERR_USAGE, _("line %lld is no layout"),
			       number);
	else
		ok = proposal_read_boxes(line, number, (int)columns, (int)rows,
					 1, &boxes, err) &&
		     layouts_remember(l, device, (int)columns, (int)rows,
				      &boxes, err);
	box_list_done(&boxes);
	json_free(line);
	return ok;
}

bool layouts_parse(const char *text, size_t length, struct layouts *l,
		   struct error *err)
{
	long long number = 1;

	for (const char *end = text + length; text < end; number++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;

		if (stop > text && !parse_line(text, (size_t)(stop - text),
					       number, l, err))
			return false;
		text = stop + 1;
	}
	return true;
}

void layouts_print(const struct layouts *l, struct buffer *out)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct device_layout *d = &l->layout[i];
		struct json_writer w = json_writer(out, false);

		json_put_open(&w, NULL, '{');
		json_put_integer(&w, "v", 1);
		json_put_hex(&w, "device", d->device, LAYOUT_DEVICE);
		json_put_integer(&w, "columns", d->columns);
		json_put_integer(&w, "rows", d->rows);
		json_put_open(&w, "boxes", '[');
		for (size_t k = 0; k < d->boxes.count; k++)
			proposal_print_box(&w, &d->boxes.box[k],
					   false);
		json_put_close(&w);
		json_put_close(&w);
		buffer_puts(out, "\n");
	}
}
