/* jpeg_coder.c - what both ways to copy a scan have in common. */
#include "config.h"

#include "mask/jpeg_coder.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "mask/writer.h"

struct jpeg_coder *jpeg_coder_new(const struct jpeg_parts *parts,
				  const struct jpeg_fill *fill,
				  struct error *err)
{
	/* most of it is buffers that need no zeros */
	struct jpeg_coder *c = malloc(sizeof(*c));

	if (!c) {
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
		return NULL;
	}
	c->parts = parts;
	c->fill = fill;
	c->err = err;
	for (int class_ = 0; class_ < JPEG_CLASSES; class_++)
		for (int id = 0; id < JPEG_TABLE_IDS; id++)
			c->coding[class_][id].source = NULL;
	return c;
}

/* The table's place, its decoder made unless that is there already. */
static struct jpeg_coding *take_table(struct jpeg_coder *c, size_t index)
{
	const struct jpeg_huffman *table = &c->parts->table[index];
	struct jpeg_coding *coding = &c->coding[table->class_][table->id];

	if (coding->source != table) {
		jpeg_huffman_decoder(table, &coding->decoder);
		coding->source = table;
	}
	return coding;
}

void jpeg_coder_scan(struct jpeg_coder *c, const struct jpeg_scan *scan)
{
	const struct jpeg_frame *f = &c->parts->frame;

	c->scan = scan;
	c->blocks = 0;
	for (int i = 0; i < scan->components; i++) {
		int index = scan->component[i].index;
		int count = scan->components == 1 ? 1 :
			    f->component[index].h * f->component[index].v;
		struct jpeg_block block = {
			.component = i,
			.dc = take_table(c, scan->component[i].dc),
			.ac = take_table(c, scan->component[i].ac),
		};

		c->black[i] = jpeg_fill_dc(c->fill, index,
					   scan->component[i].quantiser);
		while (count--)
			c->block[c->blocks++] = block;
	}
}

void jpeg_coder_interval(struct jpeg_coder *c, size_t number)
{
	const struct jpeg_interval *interval =
		&c->parts->interval[c->scan->first_interval + number];

	memset(c->in_dc, 0, sizeof(c->in_dc));
	memset(c->out_dc, 0, sizeof(c->out_dc));
	jpeg_reader_start(&c->reader, c->parts->stream + interval->begin,
			  c->parts->stream + interval->end);
}

void jpeg_coder_range(const struct jpeg_coder *c, size_t number, size_t *begin,
		      size_t *end)
{
	const struct jpeg_scan *scan = c->scan;

	*begin = number * scan->restart;
	*end = scan->restart && scan->mcus - *begin > scan->restart ?
	       *begin + scan->restart : scan->mcus;
}

void jpeg_coder_head(struct jpeg_coder *c, int orientation)
{
	const struct buffer *segments = &c->parts->segments;
	unsigned char exif[10 + MASK_EXIF] = {
		0xff, 0xe1, 0, 8 + MASK_EXIF, 'E', 'x', 'i', 'f', 0, 0 };

	jpeg_writer_raw(&c->writer, "\xff\xd8", 2);
	if (segments->length)
		jpeg_writer_raw(&c->writer, segments->data, segments->length);
	mask_exif(exif + 10, orientation);
	if (orientation > 1)
		jpeg_writer_raw(&c->writer, exif, sizeof(exif));
}

void jpeg_coder_quantiser(struct jpeg_coder *c, const struct jpeg_piece *piece)
{
	size_t length = piece->end - piece->begin;
	const uint8_t head[4] = { 0xff, 0xdb, 0, (uint8_t)(length + 2) };

	jpeg_writer_raw(&c->writer, head, sizeof(head));
	jpeg_writer_raw(&c->writer, c->parts->stream + piece->begin, length);
}

void jpeg_coder_table(struct jpeg_coder *c, const struct jpeg_huffman *table)
{
	uint8_t out[4 + JPEG_TABLE_BYTES] = { 0xff, 0xc4 };
	size_t length = jpeg_huffman_write(table, out + 4);

	out[2] = (uint8_t)((2 + length) >> 8);
	out[3] = (uint8_t)(2 + length);
	jpeg_writer_raw(&c->writer, out, 4 + length);
}

void jpeg_coder_restart(struct jpeg_coder *c, size_t number)
{
	const uint8_t marker[2] = { 0xff, (uint8_t)(0xd0 + number % 8) };

	jpeg_writer_raw(&c->writer, marker, sizeof(marker));
}

bool jpeg_coder_damaged(const struct jpeg_coder *c)
{
	return error_refuse(c->err, REASON_DAMAGED, NULL, 0);
}

bool jpeg_coder_at_end(const struct jpeg_coder *c)
{
	const struct jpeg_reader *r = &c->reader;

	if (jpeg_reader_beyond(r))
		return error_refuse(c->err, REASON_TRUNCATED, NULL, 0);
	if (r->next < r->end || r->held * 8 - r->position >= 8)
		return jpeg_coder_damaged(c);
	return true;
}
