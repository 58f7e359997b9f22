/* stored.c - proposals as bytes in the worklist, and back. */
#include "config.h"

#include "process/stored.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "process/message.h"
#include "process/wire.h"

/* Counts up with any change of the tables below. */
enum { STORED_FORMAT = 1, STORED_MAGIC = 0x53544f52 };

struct head {
	uint32_t magic, format;
	struct stored_origin origin;
	long long boxes;
	int ink_columns, ink_rows, frames_read;
	enum check_state text, faces;
};

enum { MOST_INK_SIDE = (FRAME_MAX_SIDE + INK_CELL - 1) / INK_CELL,
       MOST_FRAMES = 65535 };           /* DESIGN 4 */

static const struct wire_field origin_fields[] = {
	WIRE_M(struct stored_origin, sha256, WIRE_BYTES),
	WIRE_M(struct stored_origin, by, WIRE_WORD),
	WIRE_M(struct stored_origin, policy, WIRE_WORD),
	WIRE_N(struct stored_origin, columns, 1, FRAME_MAX_SIDE),
	WIRE_N(struct stored_origin, rows, 1, FRAME_MAX_SIDE),
	WIRE_N(struct stored_origin, frames, 1, MOST_FRAMES),
};
static const struct wire_table origin_table = WIRE_TABLE(origin_fields);

static const struct wire_field head_fields[] = {
	WIRE_N(struct head, magic, STORED_MAGIC, STORED_MAGIC),
	WIRE_N(struct head, format, STORED_FORMAT, STORED_FORMAT),
	WIRE_T(struct head, origin, &origin_table),
	WIRE_N(struct head, boxes, 0, MESSAGE_MAX_BOXES),
	WIRE_N(struct head, ink_columns, 0, MOST_INK_SIDE),
	WIRE_N(struct head, ink_rows, 0, MOST_INK_SIDE),
	WIRE_N(struct head, frames_read, 0, MOST_FRAMES),
	WIRE_N(struct head, text, 0, CHECK_STATES - 1),
	WIRE_N(struct head, faces, 0, CHECK_STATES - 1),
};
static const struct wire_table stored_head = WIRE_TABLE(head_fields);

static const struct wire_field region_fields[] = {
	WIRE_N(struct region, x0, 0, FRAME_MAX_SIDE),
	WIRE_N(struct region, y0, 0, FRAME_MAX_SIDE),
	WIRE_N(struct region, x1, 1, FRAME_MAX_SIDE),
	WIRE_N(struct region, y1, 1, FRAME_MAX_SIDE),
};
static const struct wire_table region_table = WIRE_TABLE(region_fields);

/* All but the text. */
static const struct wire_field box_fields[] = {
	WIRE_T(struct box, region, &region_table),
	WIRE_N(struct box, frame0, 0, MOST_FRAMES),
	WIRE_N(struct box, frame1, 0, MOST_FRAMES),
	WIRE_N(struct box, plane, 0, 0x60ff),
	WIRE_N(struct box, kind, 0, KINDS - 1),
	WIRE_N(struct box, class_, 0, CLASSES - 1),
	WIRE_N(struct box, source, 0, SOURCES - 1),
	WIRE_N(struct box, tier, 0, TIERS - 1),
	WIRE_N(struct box, score, 0, 1000),
	WIRE_N(struct box, confidence, -1, 100),
	WIRE_B(struct box, latin),
	WIRE_N(struct box, letter_height, 0, FRAME_MAX_SIDE),
	WIRE_B(struct box, differs),
	WIRE_M(struct box, why, WIRE_TEXT),
};
const struct wire_table stored_box = WIRE_TABLE(box_fields);

bool stored_pack(const struct stored_origin *origin,
		 const struct proposals *p, struct buffer *out)
{
	const struct head head = {
		.magic = STORED_MAGIC, .format = STORED_FORMAT,
		.origin = *origin, .boxes = (long long)p->boxes.count,
		.ink_columns = p->ink ? p->ink_columns : 0,
		.ink_rows = p->ink ? p->ink_rows : 0,
		.frames_read = p->frames_read,
		.text = p->text, .faces = p->faces,
	};
	bool ok = wire_append(out, &stored_head, &head);

	for (size_t i = 0; ok && i < p->boxes.count; i++)
		ok = wire_append(out, &stored_box, &p->boxes.box[i]);
	if (ok && p->ink)
		buffer_append(out, p->ink, (size_t)p->ink_columns *
					   (size_t)p->ink_rows);
	return ok && !out->failed;
}

static bool box_fits(const struct box *b, const struct stored_origin *o)
{
	return b->region.x0 < b->region.x1 && b->region.y0 < b->region.y1 &&
	       b->region.x1 <= o->columns && b->region.y1 <= o->rows &&
	       b->frame0 <= b->frame1 && b->frame1 < o->frames &&
	       (b->plane == PLANE_PICTURE || b->plane == PLANE_BITS ||
		(b->plane >= 0x6000 && b->plane <= 0x60fe &&
		 b->plane % 2 == 0));
}

static bool get_ink(struct wire_rest *r, const struct head *h, struct proposals *p)
{
	size_t cells = (size_t)h->ink_columns * (size_t)h->ink_rows;

	if (r->length != cells)
		return false;
	if (cells == 0)
		return true;
	if (h->ink_columns != (h->origin.columns + INK_CELL - 1) / INK_CELL ||
	    h->ink_rows != (h->origin.rows + INK_CELL - 1) / INK_CELL)
		return false;
	p->ink = mem_array(cells, 1);
	if (!p->ink)
		return false;
	memcpy(p->ink, r->at, cells);
	p->ink_columns = h->ink_columns;
	p->ink_rows = h->ink_rows;
	return true;
}

bool stored_unpack(const struct buffer *blob, struct stored_origin *origin,
		   struct proposals *p)
{
	struct wire_rest r = { (const uint8_t *)blob->data, blob->length };
	struct head h = { 0 };
	bool ok = blob->length > 0 && wire_take(&r, &stored_head, &h);

	*p = (struct proposals){ .text = h.text, .faces = h.faces,
				 .frames_read = h.frames_read };
	*origin = h.origin;
	for (long long i = 0; ok && i < h.boxes; i++) {
		struct box b = { 0 };

		ok = wire_take(&r, &stored_box, &b) && box_fits(&b, origin) &&
		     box_list_add(&p->boxes, &b);
	}
	ok = ok && get_ink(&r, &h, p);
	if (!ok)
		proposals_done(p);
	return ok;
}

bool stored_load(struct project *project, long long row,
		 struct stored_origin *origin, struct proposals *p)
{
	struct buffer blob = { 0 };
	struct error err = { 0 };
	bool ok = worklist_proposals(project->worklist, row, &blob, &err) &&
		  stored_unpack(&blob, origin, p);

	buffer_done(&blob);
	return ok;
}
