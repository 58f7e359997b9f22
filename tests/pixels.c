/* pixels.c - the graphics half of a terminal, for tests. */
#include "config.h"

#include "tests/pixels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

enum { SIDE = 8192, REGISTERS = 1024, ITEMS = 1024 };

struct image { long id; int width, height; uint8_t *rgba; };
struct placed {
	long id, place;
	int x, y, width, height, left, top, right, bottom, z;
};

struct pixels {
	int width, height, cell_width, cell_height;
	long *sixel;                    /* [height][width] */
	int *drawn_by;                  /* the same: number of the image */
	int row, column;                /* of the cursor, from 0 */
	enum { GROUND, ESCAPE, CSI, STRING, STRING_ESCAPE } state;
	char introducer;
	struct buffer text;             /* of the sequence so far */
	struct image image[ITEMS];
	struct placed placed[ITEMS];
	int images, placements;
	long transmitting;              /* 0: nothing */
	struct buffer base64;
	int sixels, widest, highest, last_width, last_height;
	const char *fault;
};

struct pixels *pixels_new(int columns, int rows, int cell_width,
			  int cell_height)
{
	struct pixels *p = calloc(1, sizeof(*p));

	p->cell_width = cell_width;
	p->cell_height = cell_height;
	p->width = columns * cell_width;
	p->height = rows * cell_height;
	p->sixel = calloc((size_t)p->width * (size_t)p->height,
			  sizeof(*p->sixel));
	p->drawn_by = calloc((size_t)p->width * (size_t)p->height,
			     sizeof(*p->drawn_by));
	for (int i = 0; i < p->width * p->height; i++)
		p->sixel[i] = PIXELS_NONE;
	return p;
}

void pixels_free(struct pixels *p)
{
	if (!p)
		return;
	for (int i = 0; i < p->images; i++)
		free(p->image[i].rgba);
	buffer_done(&p->text);
	buffer_done(&p->base64);
	free(p->sixel);
	free(p->drawn_by);
	free(p);
}

static void fail(struct pixels *p, const char *why)
{
	if (!p->fault)
		p->fault = why;
}

/* ---- sixel ---- */

struct sixel { int x, y, left, top, colour; long colours[REGISTERS]; };

static void put_dot(struct pixels *p, size_t at, long colour)
{
	p->sixel[at] = colour;
	p->drawn_by[at] = p->sixels;
}

static void put_sixel(struct pixels *p, struct sixel *s, int bits, int count)
{
	for (; count > 0; count--, s->x++) {
		for (int i = 0; i < 6; i++) {
			int x = s->left + s->x, y = s->top + s->y + i;
			size_t at = (size_t)y * (size_t)p->width + (size_t)x;

			if (!(bits >> i & 1))
				continue;
			if (s->x >= p->last_width ||
			    s->y + i >= p->last_height)
				fail(p, "a sixel outside its raster");
			else if (x >= p->width || y >= p->height)
				fail(p, "a sixel outside the screen");
			else
				put_dot(p, at, s->colours[s->colour]);
		}
	}
}

static const char *read_colour(struct pixels *p, struct sixel *s,
			       const char *at)
{
	int n, kind, r, g, b, used = 0;

	if (sscanf(at, "#%d;%d;%d;%d;%d%n", &n, &kind, &r, &g, &b, &used) ==
	    5 && n >= 0 && n < REGISTERS) {
		if (kind != 2 || r > 100 || g > 100 || b > 100)
			fail(p, "a sixel colour that is no RGB");
		s->colours[n] = (long)(r * 255 + 50) / 100 << 16 |
				(long)(g * 255 + 50) / 100 << 8 |
				(b * 255 + 50) / 100;
	} else if (sscanf(at, "#%d%n", &n, &used) != 1 || n < 0 ||
		   n >= REGISTERS || s->colours[n] == PIXELS_NONE) {
		fail(p, "a sixel colour that was not defined");
		return at + 1;
	}
	s->colour = n;
	return at + used;
}

static void read_sixels(struct pixels *p, const char *at)
{
	struct sixel s = { .left = p->column * p->cell_width,
			   .top = p->row * p->cell_height };
	int one, two, used = 0;

	for (int i = 0; i < REGISTERS; i++)
		s.colours[i] = PIXELS_NONE;
	if (sscanf(at, "\"%d;%d;%d;%d%n", &one, &two, &p->last_width,
		   &p->last_height, &used) != 4 || one != 1 || two != 1) {
		fail(p, "a sixel image without its size");
		return;
	}
	p->sixels++;
	if (p->last_width > p->widest)
		p->widest = p->last_width;
	if (p->last_height > p->highest)
		p->highest = p->last_height;
	for (at += used; *at; ) {
		int count = 1;

		if (*at == '!' && sscanf(at, "!%d%n", &count, &used) == 1)
			at += used;
		if (*at == '#') {
			at = read_colour(p, &s, at);
			continue;
		}
		if (*at >= '?' && *at <= '~')
			put_sixel(p, &s, *at - '?', count);
		else if (*at == '$')
			s.x = 0;
		else if (*at == '-')
			s.x = 0, s.y += 6;
		else
			fail(p, "no sixel");
		at++;
	}
}

/* ---- kitty ---- */

static long number_of(const char *keys, char key, long otherwise)
{
	for (const char *at = keys; at && *at && *at != ';'; ) {
		if (at[0] == key && at[1] == '=')
			return strtol(at + 2, NULL, 10);
		at = strpbrk(at, ",;");
		at = at && *at == ',' ? at + 1 : NULL;
	}
	return otherwise;
}

static char letter_of(const char *keys, char key)
{
	for (const char *at = keys; at && *at && *at != ';'; ) {
		if (at[0] == key && at[1] == '=')
			return at[2];
		at = strpbrk(at, ",;");
		at = at && *at == ',' ? at + 1 : NULL;
	}
	return 0;
}

static size_t decode_base64(const char *text, size_t length, uint8_t *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < length && text[i] != '='; i++) {
		const char *at = strchr(digits, text[i]);

		if (!at)
			return 0;
		bits = bits << 6 | (unsigned long)(at - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (uint8_t)(bits >> have);
		}
	}
	return n;
}

static unsigned long u32(const uint8_t *at)
{
	return (unsigned long)at[0] << 24 | (unsigned long)at[1] << 16 |
	       (unsigned long)at[2] << 8 | at[3];
}

struct png {
	unsigned long width, height;
	int depth, colour, entries;
	uint8_t palette[256][4];
	const uint8_t *packed;
	size_t packed_length;
};

/* Chunks, each with its right CRC; one IDAT. */
static bool read_chunks(const uint8_t *data, size_t length, struct png *png)
{
	size_t at = 8;

	if (length < 8 || memcmp(data, "\211PNG\r\n\032\n", 8) != 0)
		return false;
	while (at + 12 <= length) {
		size_t n = u32(data + at);
		const uint8_t *type = data + at + 4, *body = data + at + 8;

		if (n > length - at - 12 ||
		    crc32(crc32(0, NULL, 0), type, (uInt)n + 4) !=
		    u32(body + n))
			return false;
		if (!memcmp(type, "IHDR", 4) && n == 13) {
			png->width = u32(body);
			png->height = u32(body + 4);
			png->depth = body[8];
			png->colour = body[9];
		}
		for (size_t i = 0; !memcmp(type, "PLTE", 4) && i < n / 3; i++) {
			memcpy(png->palette[i], body + 3 * i, 3);
			png->palette[i][3] = 255;
			png->entries = (int)i + 1;
		}
		for (size_t i = 0; !memcmp(type, "tRNS", 4) && i < n; i++)
			png->palette[i][3] = body[i];
		if (!memcmp(type, "IDAT", 4)) {
			png->packed = body;
			png->packed_length = n;
		}
		if (!memcmp(type, "IEND", 4))
			return png->packed && at + 12 == length;
		at += 12 + n;
	}
	return false;
}

static bool put_pixel(const struct png *png, const uint8_t *row,
		      unsigned long x, uint8_t *rgba)
{
	unsigned each = 8u / (unsigned)png->depth;

	if (png->colour == 2) {
		memcpy(rgba, row + 3 * x, 3);
		rgba[3] = 255;
	} else if (png->colour == 0) {
		memset(rgba, row[x], 3);
		rgba[3] = 255;
	} else {
		int index = row[x / each] >>
			(8 - png->depth * (int)(x % each + 1)) &
			((1 << png->depth) - 1);

		if (index >= png->entries)
			return false;
		memcpy(rgba, png->palette[index], 4);
	}
	return true;
}

/* As ISO/IEC 15948, filter type 0 only. */
static uint8_t *read_png(const uint8_t *data, size_t length, int *width,
			 int *height)
{
	struct png png = { 0 };

	if (!read_chunks(data, length, &png) || png.width > SIDE ||
	    png.height > SIDE || !png.width || !png.height)
		return NULL;

	size_t bits = (size_t)png.depth * (png.colour == 2 ? 3 : 1);
	size_t row = (png.width * bits + 7) / 8 + 1;
	uLongf size = row * png.height;
	uint8_t *raw = malloc(size);
	uint8_t *rgba = malloc(png.width * png.height * 4);
	bool ok = uncompress(raw, &size, png.packed, png.packed_length) ==
		  Z_OK && size == row * png.height;

	for (size_t y = 0; ok && y < png.height; y++) {
		ok = raw[y * row] == 0;
		for (size_t x = 0; ok && x < png.width; x++)
			ok = put_pixel(&png, raw + y * row + 1, x,
				       rgba + 4 * (y * png.width + x));
	}
	free(raw);
	if (!ok) {
		free(rgba);
		return NULL;
	}
	*width = (int)png.width;
	*height = (int)png.height;
	return rgba;
}

static struct image *find_image(struct pixels *p, long id)
{
	for (int i = 0; i < p->images; i++)
		if (p->image[i].id == id)
			return &p->image[i];
	return NULL;
}

static void drop_placements(struct pixels *p, long id, long place)
{
	int n = 0;

	for (int i = 0; i < p->placements; i++)
		if ((id && p->placed[i].id != id) ||
		    (place && p->placed[i].place != place))
			p->placed[n++] = p->placed[i];
	p->placements = n;
}

static void drop_image(struct pixels *p, long id)
{
	struct image *image = find_image(p, id);

	drop_placements(p, id, 0);
	if (!image)
		return;
	free(image->rgba);
	*image = p->image[--p->images];
}

static void store(struct pixels *p)
{
	struct image image = { .id = p->transmitting };
	uint8_t *data = malloc(p->base64.length + 1);
	size_t n = decode_base64(p->base64.data, p->base64.length, data);

	p->transmitting = 0;
	image.rgba = read_png(data, n, &image.width, &image.height);
	free(data);
	if (!image.rgba || p->images == ITEMS) {
		fail(p, "an image that is no PNG");
		return;
	}
	drop_image(p, image.id);
	p->image[p->images++] = image;
}

static void transmit(struct pixels *p, const char *keys, const char *data)
{
	if (letter_of(keys, 'a') == 't') {
		if (letter_of(keys, 't') != 'd')
			fail(p, "an image through something else than the "
			     "stream");
		if (number_of(keys, 'f', 32) != 100)
			fail(p, "an image that is no PNG");
		p->transmitting = number_of(keys, 'i', 0);
		buffer_clear(&p->base64);
	}
	if (strlen(data) > 4096)
		fail(p, "a piece of more than 4096 characters");
	buffer_puts(&p->base64, data);
	if (!number_of(keys, 'm', 0))
		store(p);
}

static void place(struct pixels *p, const char *keys)
{
	struct placed new = { .id = number_of(keys, 'i', 0),
			      .place = number_of(keys, 'p', 0) };
	const struct image *image = find_image(p, new.id);
	int columns = (int)number_of(keys, 'c', 0);
	int rows = (int)number_of(keys, 'r', 0);

	if (!image || p->placements == ITEMS) {
		fail(p, "a placement of no image");
		return;
	}
	new.x = (int)number_of(keys, 'x', 0);
	new.y = (int)number_of(keys, 'y', 0);
	new.width = (int)number_of(keys, 'w', image->width);
	new.height = (int)number_of(keys, 'h', image->height);
	new.z = (int)number_of(keys, 'z', 0);
	new.left = p->column * p->cell_width + (int)number_of(keys, 'X', 0);
	new.top = p->row * p->cell_height + (int)number_of(keys, 'Y', 0);
	new.right = columns ? (p->column + columns) * p->cell_width :
			      new.left + new.width;
	new.bottom = rows ? (p->row + rows) * p->cell_height :
			    new.top + new.height;
	if (number_of(keys, 'C', 0) != 1)
		fail(p, "a placement that moves the cursor");
	if (new.x + new.width > image->width ||
	    new.y + new.height > image->height || new.x < 0 || new.y < 0)
		fail(p, "a placement of more than the image");
	if (new.right > p->width || new.bottom > p->height)
		fail(p, "a placement outside the screen");
	drop_placements(p, new.id, new.place);
	p->placed[p->placements++] = new;
}

static bool is_placed(const struct pixels *p, long id)
{
	for (int i = 0; i < p->placements; i++)
		if (p->placed[i].id == id)
			return true;
	return false;
}

static void delete(struct pixels *p, const char *keys)
{
	long id = number_of(keys, 'i', 0), number = number_of(keys, 'p', 0);
	struct placed was[ITEMS];
	int count = p->placements;

	switch (letter_of(keys, 'd')) {
	case 'i':
		drop_placements(p, id, number);
		break;
	case 'I':
		drop_image(p, id);
		break;
	case 'A':
		/* all placements; data that is placed nowhere else then */
		memcpy(was, p->placed, sizeof(was));
		p->placements = 0;
		for (int i = 0; i < count; i++)
			if (!is_placed(p, was[i].id))
				drop_image(p, was[i].id);
		break;
	default:
		fail(p, "a deletion of nothing");
	}
}

static void read_kitty(struct pixels *p, const char *keys)
{
	const char *data = strchr(keys, ';');

	data = data ? data + 1 : "";
	switch (letter_of(keys, 'a')) {
	case 'q':
		break;
	case 'p':
		place(p, keys);
		break;
	case 'd':
		delete(p, keys);
		break;
	default:
		transmit(p, keys, data);
	}
}

/* ---- the stream ---- */

static void end_string(struct pixels *p)
{
	const char *text = p->text.length ? p->text.data : "";
	const char *body = strchr(text, 'q');

	if (p->introducer == '_' && text[0] == 'G')
		read_kitty(p, text + 1);
	/* parameters are digits and semicolons only: else no sixels */
	if (p->introducer == 'P' && body &&
	    strspn(text, "0123456789;") == (size_t)(body - text))
		read_sixels(p, body + 1);
}

static void end_csi(struct pixels *p, char final)
{
	int row = 1, column = 1;

	sscanf(p->text.length ? p->text.data : "", "%d;%d", &row, &column);
	if (final == 'H') {
		p->row = row - 1;
		p->column = column - 1;
	}
	if (final == 'J' && row == 2)
		for (int i = 0; i < p->width * p->height; i++)
			p->sixel[i] = PIXELS_NONE;
}

static void feed(struct pixels *p, char c)
{
	switch (p->state) {
	case GROUND:
		p->state = c == '\033' ? ESCAPE : GROUND;
		break;
	case ESCAPE:
		buffer_clear(&p->text);
		p->introducer = c;
		p->state = c == '[' ? CSI : strchr("P_]^X", c) ? STRING :
			   GROUND;
		break;
	case CSI:
		if (c >= '@') {
			end_csi(p, c);
			p->state = GROUND;
		} else {
			buffer_append(&p->text, &c, 1);
		}
		break;
	case STRING:
		if (c == '\033')
			p->state = STRING_ESCAPE;
		else
			buffer_append(&p->text, &c, 1);
		break;
	case STRING_ESCAPE:
		if (c == '\\')
			end_string(p);
		p->state = GROUND;
		break;
	}
}

void pixels_feed(struct pixels *p, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		feed(p, bytes[i]);
}

/* ---- what is seen ---- */

/* RGBA of a placement at a pixel of the screen; NULL beside it. */
static const uint8_t *placed_at(const struct pixels *p,
				const struct placed *at, int x, int y)
{
	const struct image *image = NULL;

	if (x < at->left || x >= at->right || y < at->top || y >= at->bottom)
		return NULL;
	for (int i = 0; i < p->images; i++)
		if (p->image[i].id == at->id)
			image = &p->image[i];
	x = at->x + (int)(((2LL * (x - at->left) + 1) * at->width) /
			  (2LL * (at->right - at->left)));
	y = at->y + (int)(((2LL * (y - at->top) + 1) * at->height) /
			  (2LL * (at->bottom - at->top)));
	return image ? image->rgba + 4 * ((size_t)y * (size_t)image->width +
					  (size_t)x) : NULL;
}

long pixels_at(const struct pixels *p, int x, int y)
{
	long value = p->sixel[y * p->width + x];
	int z = -1;

	for (int i = 0; i < p->placements; i++) {
		const uint8_t *rgba = placed_at(p, &p->placed[i], x, y);

		if (!rgba || rgba[3] < 128 || p->placed[i].z < z)
			continue;
		z = p->placed[i].z;
		value = (long)rgba[0] << 16 | (long)rgba[1] << 8 | rgba[2];
	}
	return value;
}

const char *pixels_fault(const struct pixels *p)
{
	return p->fault;
}

int pixels_images(const struct pixels *p)
{
	return p->images;
}

int pixels_placements(const struct pixels *p)
{
	return p->placements;
}

int pixels_sixels(const struct pixels *p)
{
	return p->sixels;
}

int pixels_sixel_at(const struct pixels *p, int x, int y)
{
	return p->drawn_by[y * p->width + x];
}

void pixels_largest(const struct pixels *p, int *width, int *height)
{
	*width = p->widest;
	*height = p->highest;
}

void pixels_last(const struct pixels *p, int *width, int *height)
{
	*width = p->last_width;
	*height = p->last_height;
}
