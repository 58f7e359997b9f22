/* table.c - the masked boxes of released items as CSV and JSON lines. */
#include "config.h"

#include "exchange/table.h"

#include "base/i18n.h"
#include "base/json.h"
#include "exchange/released.h"

/* ---- CSV: no value holds a comma, a quote or a line end ---- */

static void put_csv_box(FILE *out, const struct box *b)
{
	char plane[PLANE_WORD];

	fprintf(out, "%d,%d,%d,%d,%d,%d,%s,%s,%s,%s\r\n", b->frame0,
		b->frame1, b->region.x0, b->region.y0,
		region_width(b->region), region_height(b->region),
		box_kind_name[b->kind], box_class_name[b->class_],
		box_source_name[b->source], plane_word(b->plane, plane));
}

static bool put_csv(void *self, const struct released *r, struct error *err)
{
	const struct worklist_item *item = &r->output->item;
	const struct box_list *boxes = &r->output->boxes;
	FILE *out = self;

	(void)err;
	for (size_t i = 0; i < boxes->count || i == 0; i++) {
		fprintf(out, "%s,%d,%d,%d,", r->name, item->columns,
			item->rows, item->frames);
		if (boxes->count)
			put_csv_box(out, &boxes->box[i]);
		else
			fputs(",,,,,,,,,\r\n", out);
	}
	return true;
}

bool table_csv(struct project *p, FILE *out, struct error *err)
{
	fputs("item,columns,rows,frames,first,last,x,y,w,h,kind,class,source,"
	      "plane\r\n", out);
	return released_each(p, put_csv, out, err);
}

/* ---- JSON lines ---- */

static void put_json_box(struct json_writer *w, const struct box *b)
{
	json_put_open(w, NULL, '{');
	proposal_print_place(w, b);
	json_put_string(w, "kind", box_kind_name[b->kind]);
	json_put_string(w, "class", box_class_name[b->class_]);
	json_put_string(w, "source", box_source_name[b->source]);
	json_put_close(w);
}

static bool put_json(void *self, const struct released *r, struct error *err)
{
	const struct worklist_item *item = &r->output->item;
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);

	if ((unsigned)item->format >= IMAGE_FORMATS)
		return error_set(err, ERR_CHECK, _("the worklist is damaged"));
	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "item", r->name);
	json_put_string(&w, "format", image_format_name[item->format]);
	json_put_integer(&w, "columns", item->columns);
	json_put_integer(&w, "rows", item->rows);
	json_put_integer(&w, "frames", item->frames);
	json_put_string(&w, "verdict", item->state == ITEM_CLEAN ? "clean" :
			"masked");
	json_put_hex(&w, "out_sha256", item->out_sha256, HASH_SIZE);
	json_put_open(&w, "boxes", '[');
	for (size_t i = 0; i < r->output->boxes.count; i++)
		put_json_box(&w, &r->output->boxes.box[i]);
	json_put_close(&w);
	json_put_close(&w);
	return json_print(&line, self) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

bool table_json(struct project *p, FILE *out, struct error *err)
{
	return released_each(p, put_json, out, err);
}
