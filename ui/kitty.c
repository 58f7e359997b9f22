/* kitty.c - scenes by the kitty graphics protocol. */
#include "config.h"

#include "ui/kitty.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "ui/raster.h"

/*
 * Placements go with a=d,d=A; image data that is placed nowhere only by its
 * number, and that is a plane at most, of which there are two numbers.
 */
const char kitty_scrub[] = "\033_Ga=d,d=A,q=2\033\\"
	"\033_Ga=d,d=I,i=7301,q=2\033\\\033_Ga=d,d=I,i=7302,q=2\033\\";
/* One black pixel, asked about only. */
const char kitty_query[] = "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\";

enum {
	FIRST_PLANE = 7301, PLANES = 2, /* numbers of images */
	FIRST_SMALL = 7400,
	CHUNK = 4096,                   /* characters of a piece: protocol */
	PLANE_BYTES = 8 << 20,          /* a larger plane is sent as it looks
					   on the screen, not whole */
};

enum sprite_kind { SPRITE_NONE, SPRITE_PLANE, SPRITE_OUTLINE, SPRITE_FILL,
		   SPRITE_COMPOSED,     /* as it looks on the screen */
		   SPRITE_STRETCHED };  /* pixels of the plane */

/* What makes the pixels of an image: equal keys, equal pixels. */
struct key {
	enum sprite_kind kind;
	long long serial;
	bool inverted;
	struct levels levels;
	int width, height;
	struct region at;               /* of the box within the image */
	struct region clip;             /* of the part within it */
	struct outline outline;
	enum outline_place place;
	int cell_height;
};

/* An image and where it lies. */
struct sprite {
	struct key key;
	struct region source;           /* pixels of the image */
	int column, row, x, y;          /* cell, and pixels from its corner */
	int columns, rows;              /* cells it is stretched to; 0: it is
					   as large as its pixels */
	int z;
	int number, place;              /* image and placement; 0 none yet */
};

struct sprites {
	struct sprite *sprite;          /* owned */
	size_t count, capacity;
};

struct kitty {
	struct sprites shown;
	int next_small, next_plane;
	struct key kept[PLANES];        /* planes that the terminal has */
};

struct kitty *kitty_new(void)
{
	struct kitty *k = mem_array(1, sizeof(*k));

	if (k)
		k->next_small = FIRST_SMALL;
	return k;
}

void kitty_free(struct kitty *k)
{
	if (!k)
		return;
	free(k->shown.sprite);
	free(k);
}

void kitty_forget(struct kitty *k)
{
	k->shown.count = 0;
	memset(k->kept, 0, sizeof(k->kept));
}

/* ---- what is wanted ---- */

static struct sprite *add(struct sprites *s)
{
	if (!mem_grow(&s->sprite, &s->capacity, s->count, sizeof(*s->sprite)))
		return NULL;
	/* compared as bytes */
	memset(&s->sprite[s->count], 0, sizeof(*s->sprite));
	return &s->sprite[s->count++];
}

/* The rows from the top in which all cells of the part are picture cells: a
 * question may lie over the rest. */
static int open_rows(const struct picture_part *part, const struct canvas *now)
{
	for (int y = 0; y < part->rows; y++) {
		for (int x = 0; x < part->columns; x++) {
			const struct cell *cell = canvas_at(now,
							    part->column + x,
							    part->row + y);

			if (!cell || !cell->picture)
				return y;
		}
	}
	return part->rows;
}

static void place_at(struct sprite *s, const struct picture_part *part,
		     const struct look *look, int x, int y)
{
	s->column = part->column + x / look->cell_width;
	s->row = part->row + y / look->cell_height;
	s->x = x % look->cell_width;
	s->y = y % look->cell_height;
}

static bool want_plane(struct sprites *wanted, const struct picture_part *part)
{
	struct sprite *s = add(wanted);

	if (!s)
		return false;
	s->key.kind = SPRITE_PLANE;
	s->key.serial = part->serial;
	s->key.inverted = part->inverted;
	s->key.width = part->plane->columns;
	s->key.height = part->plane->rows;
	s->source = part->source;
	s->column = part->column;
	s->row = part->row;
	s->columns = part->columns;
	s->rows = part->rows;
	return true;
}

/* All fills are pieces of one black image as large as the screen. */
static bool want_fill(struct sprites *wanted, const struct look *look,
		      const struct picture_part *part, struct region clip,
		      struct region fill, const struct canvas *now)
{
	struct region r = region_intersect(scene_map(part, look->cell_width,
						     look->cell_height, fill),
					   clip);
	struct sprite *s;

	if (region_empty(r))
		return true;
	s = add(wanted);
	if (!s)
		return false;
	s->key.kind = SPRITE_FILL;
	s->key.width = now->columns * look->cell_width;
	s->key.height = now->rows * look->cell_height;
	s->source = (struct region){ 0, 0, region_width(r), region_height(r) };
	place_at(s, part, look, r.x0, r.y0);
	s->z = 1;
	return true;
}

/* Those of a part lie on each other in their order, whichever was sent first:
 * at the same z the newer image lies above. */
static bool want_outline(struct sprites *wanted, const struct look *look,
			 const struct picture_part *part, struct region clip,
			 size_t index)
{
	const struct outline *outline = &part->outline[index];
	struct region r = scene_map(part, look->cell_width, look->cell_height,
				    outline->region);
	struct region all = raster_bounds(r, outline, part->place,
					  look->cell_height, clip);
	struct sprite *s;

	if (region_empty(all))
		return true;
	s = add(wanted);
	if (!s)
		return false;
	s->key.kind = SPRITE_OUTLINE;
	s->key.width = region_width(all);
	s->key.height = region_height(all);
	s->key.at = region_move(r, -all.x0, -all.y0);
	/* only how the clip cuts the image, not where it lies */
	s->key.clip = (struct region){ 0, 0, s->key.width, s->key.height };
	s->key.outline.kind = outline->kind;
	s->key.outline.number = outline->number;
	s->key.outline.inside = outline->inside;
	s->key.outline.sign = outline->sign;
	s->key.place = part->place;
	s->key.cell_height = look->cell_height;
	s->source = s->key.clip;
	place_at(s, part, look, all.x0, all.y0);
	s->z = 2 + (int)index;
	return true;
}

static const struct raster_depth full_depth = { 1, true };

/* The part as it looks on the screen, without what lies over it. */
static uint8_t *compose(const struct picture_part *part,
			const struct look *look, struct region piece)
{
	size_t width = (size_t)region_width(piece);
	uint8_t *pixel = mem_array3(width, (size_t)region_height(piece), 1, 1);

	if (pixel && !raster_part(part, look->cell_width, look->cell_height,
				  piece, &full_depth, pixel, width)) {
		free(pixel);
		return NULL;
	}
	return pixel;
}

static bool want_composed(struct sprites *wanted, const struct look *look,
			  const struct picture_part *part, int rows)
{
	struct region piece = { 0, 0, part->columns * look->cell_width,
				rows * look->cell_height };
	struct sprite *s = add(wanted);

	if (!s)
		return false;
	s->key.kind = SPRITE_COMPOSED;
	s->key.serial = part->serial;
	s->key.inverted = part->inverted;
	s->key.levels = part->levels;
	s->key.place = part->place;
	s->key.width = region_width(piece);
	s->key.height = region_height(piece);
	s->key.at = part->source;
	s->key.clip = (struct region){ part->columns, part->rows,
				       look->cell_width, look->cell_height };
	s->source = piece;
	place_at(s, part, look, 0, 0);
	return true;
}

/* The terminal enlarges it, as it does the plane: fewer bytes. */
static bool want_stretched(struct sprites *wanted,
			   const struct picture_part *part)
{
	struct sprite *s = add(wanted);

	if (!s)
		return false;
	s->key.kind = SPRITE_STRETCHED;
	s->key.serial = part->serial;
	s->key.inverted = part->inverted;
	s->key.levels = part->levels;
	s->key.place = part->place;
	s->key.width = region_width(part->source);
	s->key.height = region_height(part->source);
	s->key.at = part->source;
	s->key.clip = (struct region){ part->columns, part->rows, 0, 0 };
	s->source = (struct region){ 0, 0, s->key.width, s->key.height };
	s->column = part->column;
	s->row = part->row;
	s->columns = part->columns;
	s->rows = part->rows;
	return true;
}

static bool is_inside(const struct picture_part *part)
{
	struct region all = { 0, 0, part->plane->columns, part->plane->rows };

	return region_contains(all, part->source);
}

static bool want_part(struct sprites *wanted, const struct look *look,
		      const struct picture_part *part,
		      const struct canvas *now)
{
	int rows = open_rows(part, now);
	struct region clip = { 0, 0, part->columns * look->cell_width,
			       rows * look->cell_height };
	bool ok = true, whole = rows == part->rows && is_inside(part);

	if (!rows)
		return true;
	if (whole && (part->levels.high || part->cut))
		ok = want_stretched(wanted, part);
	else if (whole && kitty_sends_plane(part->plane))
		ok = want_plane(wanted, part);
	else
		ok = want_composed(wanted, look, part, rows);
	for (size_t i = 0; ok && i < part->fill_count; i++)
		ok = want_fill(wanted, look, part, clip, part->fill[i], now);
	for (size_t i = 0; ok && i < part->outline_count; i++)
		ok = want_outline(wanted, look, part, clip, i);
	return ok;
}

/* ---- pixels ---- */

/* Errors are answered, success is not (q=1).  text: a PNG in base64. */
static void send_text(int number, const struct buffer *text,
		      struct buffer *out)
{
	for (size_t at = 0; at < text->length; at += CHUNK) {
		size_t left = text->length - at;
		bool more = left > CHUNK;

		if (!at)
			buffer_printf(out, "\033_Ga=t,t=d,f=100,i=%d,q=1,m=%d;",
				      number, more);
		else
			buffer_puts(out, more ? "\033_Gq=1,m=1;" :
						"\033_Gq=1,m=0;");
		buffer_append(out, text->data + at, more ? CHUNK : left);
		buffer_puts(out, "\033\\");
	}
	out->failed = out->failed || text->failed;
}

static void send_png(int number, const struct buffer *png, struct buffer *out)
{
	struct buffer text = { 0 };

	base64_put(&text, png->data, png->length);
	send_text(number, &text, out);
	out->failed = out->failed || png->failed;
	buffer_done(&text);
}

bool kitty_sends_plane(const struct plane *plane)
{
	return (size_t)plane->columns * (size_t)plane->rows *
	       (size_t)plane->channels <= PLANE_BYTES;
}

struct screen_png kitty_png(const struct plane *p)
{
	return (struct screen_png){
		.pixel = p->pixel, .channels = p->channels,
		.stride = (size_t)p->columns * (size_t)p->channels,
		.width = p->columns, .height = p->rows,
	};
}

static void png_of_plane(const struct picture_part *part, struct buffer *out)
{
	struct screen_png png = kitty_png(part->plane);

	png.flip = part->inverted ? 255 : 0;
	screen_png_write(&png, out);
}

/* 0 shows what is below, 1 the ink, 2 black. */
static void png_of_drawing(const struct key *key, struct buffer *out)
{
	struct rgb ink = outline_colour[key->outline.kind];
	uint8_t palette[] = { 0, 0, 0, 0, (uint8_t)ink.r, (uint8_t)ink.g,
			      (uint8_t)ink.b, 255, 0, 0, 0, 255 };
	size_t width = (size_t)key->width;
	uint8_t *pixel = mem_array3(width, (size_t)key->height, 1, 1);
	struct screen_png png = { .pixel = pixel, .stride = width,
				  .width = key->width, .height = key->height,
				  .channels = 1, .palette = palette,
				  .colours = 3 };
	struct stencil stencil = { .pixel = pixel, .stride = width,
		.clip = { 0, 0, key->width, key->height }, .ink = 1,
		.ground = 2 };

	if (!pixel) {
		out->failed = true;
		return;
	}
	if (key->kind == SPRITE_FILL)
		raster_fill(&stencil, stencil.clip, 2);
	else
		raster_outline(&stencil, key->at, &key->outline, key->place,
			       key->cell_height);
	screen_png_write(&png, out);
	free(pixel);
}

/* All of a part's source, which lies inside the plane. */
static void png_of_stretched(const struct picture_part *part,
			     struct buffer *out)
{
	const struct plane *p = part->plane;
	struct region r = part->source;
	size_t row = (size_t)(region_width(r) * p->channels);
	uint8_t *pixel = mem_array3(row, (size_t)region_height(r), 1, 1);
	uint8_t curve[256], *at = pixel;
	struct screen_png png = {
		.pixel = pixel, .stride = row, .channels = p->channels,
		.width = region_width(r), .height = region_height(r),
	};

	if (!pixel) {
		out->failed = true;
		return;
	}
	picture_curve(part, curve);
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *from = p->pixel + ((size_t)y *
			(size_t)p->columns + (size_t)r.x0) *
			(size_t)p->channels;

		for (size_t i = 0; i < row; i++)
			*at++ = curve[from[i]];
	}
	screen_png_write(&png, out);
	free(pixel);
}

static void png_of_composed(const struct picture_part *part,
			    const struct look *look, struct region piece,
			    struct buffer *out)
{
	const struct rgb *p = raster_palette();
	uint8_t palette[RASTER_COLOURS * 4];
	uint8_t *pixel = compose(part, look, piece);
	struct screen_png png = {
		.pixel = pixel, .stride = (size_t)region_width(piece),
		.width = region_width(piece), .height = region_height(piece),
		.channels = 1, .palette = palette, .colours = RASTER_COLOURS,
	};

	if (!pixel) {
		out->failed = true;
		return;
	}
	for (int i = 0; i < RASTER_COLOURS; i++) {
		palette[4 * i] = (uint8_t)p[i].r;
		palette[4 * i + 1] = (uint8_t)p[i].g;
		palette[4 * i + 2] = (uint8_t)p[i].b;
		palette[4 * i + 3] = 255;
	}
	screen_png_write(&png, out);
	free(pixel);
}

/* ---- what changed ---- */

/* Sprites begin as zeros, so what lies between the members is alike too. */
static bool same_key(const struct key *a, const struct key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool same_place(const struct sprite *a, const struct sprite *b)
{
	return region_equal(a->source, b->source) && a->column == b->column &&
	       a->row == b->row && a->x == b->x && a->y == b->y &&
	       a->columns == b->columns && a->rows == b->rows && a->z == b->z;
}

static void put_place(const struct sprite *s, struct buffer *out)
{
	buffer_printf(out, "\033[%d;%dH\033_Ga=p,i=%d,p=%d,x=%d,y=%d,w=%d,h=%d",
		      s->row + 1, s->column + 1, s->number, s->place,
		      s->source.x0, s->source.y0, region_width(s->source),
		      region_height(s->source));
	if (s->columns)
		buffer_printf(out, ",c=%d,r=%d", s->columns, s->rows);
	else
		buffer_printf(out, ",X=%d,Y=%d", s->x, s->y);
	buffer_printf(out, ",z=%d,C=1,q=1\033\\", s->z);
}

static void forget_image(int number, struct buffer *out)
{
	buffer_printf(out, "\033_Ga=d,d=I,i=%d,q=2\033\\", number);
}

/* The number of a plane that the terminal has; 0 when it has not. */
static int plane_number(const struct kitty *k, const struct key *key)
{
	for (int i = 0; i < PLANES; i++)
		if (same_key(&k->kept[i], key))
			return FIRST_PLANE + i;
	return 0;
}

/* A sprite of before that shows the same pixels and is not taken yet: at the
 * same place if there is one. */
static struct sprite *find_old(struct sprites *old, const struct sprite *s)
{
	struct sprite *found = NULL;

	for (size_t i = 0; i < old->count; i++) {
		struct sprite *o = &old->sprite[i];

		if (!o->number || !same_key(&o->key, &s->key))
			continue;
		if (same_place(o, s))
			return o;
		found = found ? found : o;
	}
	return found;
}

/* A free placement number of an image. */
static int free_place(const struct sprites *a, const struct sprites *b,
		      int number)
{
	int place = 1;

	for (size_t i = 0; i < a->count; i++)
		if (a->sprite[i].number == number &&
		    a->sprite[i].place >= place)
			place = a->sprite[i].place + 1;
	for (size_t i = 0; i < b->count; i++)
		if (b->sprite[i].number == number &&
		    b->sprite[i].place >= place)
			place = b->sprite[i].place + 1;
	return place;
}

size_t kitty_cost(const struct kitty *k, const struct scene *scene)
{
	for (size_t i = 0; i < scene->count; i++) {
		const struct picture_part *part = &scene->part[i];
		bool known = false;

		for (int n = 0; n < PLANES; n++)
			known = known || (k->kept[n].kind == SPRITE_PLANE &&
					  k->kept[n].serial == part->serial &&
					  k->kept[n].inverted ==
					  part->inverted);
		/* what is packed and written in base64 stays near this */
		if (!known && !part->cut)
			return (size_t)part->plane->columns *
			       (size_t)part->plane->rows *
			       (size_t)part->plane->channels / 2;
	}
	return 0;
}

struct change {
	struct kitty *k;
	const struct look *look;
	const struct scene *scene;
	struct sprites *wanted;
	struct buffer *data, *places;
};

static const struct picture_part *part_of(const struct scene *scene,
					  const struct sprite *s)
{
	for (size_t i = 0; i < scene->count; i++) {
		const struct picture_part *p = &scene->part[i];

		if (p->serial == s->key.serial &&
		    p->inverted == s->key.inverted &&
		    (s->key.kind == SPRITE_PLANE ||
		     (region_equal(p->source, s->key.at) &&
		      p->place == s->key.place &&
		      p->levels.low == s->key.levels.low &&
		      p->levels.high == s->key.levels.high &&
		      p->columns == s->key.clip.x0 &&
		      p->rows == s->key.clip.y0)))
			return p;
	}
	return NULL;
}

/* Send the pixels of a sprite under a new number. */
static void send_sprite(struct change *c, struct sprite *s)
{
	const struct picture_part *part = part_of(c->scene, s);
	struct buffer png = { 0 };

	if (s->key.kind == SPRITE_PLANE) {
		int slot = c->k->next_plane;

		c->k->next_plane = (slot + 1) % PLANES;
		c->k->kept[slot] = s->key;
		s->number = FIRST_PLANE + slot;
		if (part->png && !part->inverted) {
			send_text(s->number, part->png, c->data);
			return;
		}
		png_of_plane(part, &png);
	} else {
		s->number = c->k->next_small++;
		if (s->key.kind == SPRITE_COMPOSED)
			png_of_composed(part, c->look, s->source, &png);
		else if (s->key.kind == SPRITE_STRETCHED)
			png_of_stretched(part, &png);
		else
			png_of_drawing(&s->key, &png);
	}
	send_png(s->number, &png, c->data);
	buffer_done(&png);
}

/* The image number of another wanted sprite of the same pixels, or 0. */
static int shared_number(const struct sprites *s, size_t before,
			 const struct key *key)
{
	for (size_t i = 0; i < before; i++)
		if (same_key(&s->sprite[i].key, key))
			return s->sprite[i].number;
	return 0;
}

static void settle_sprite(struct change *c, size_t index)
{
	struct sprite *s = &c->wanted->sprite[index];
	struct sprite *old = find_old(&c->k->shown, s);

	if (old) {
		s->number = old->number;
		s->place = old->place;
		old->number = 0;                /* taken */
		if (!same_place(old, s))
			put_place(s, c->places);
		return;
	}
	s->number = shared_number(c->wanted, index, &s->key);
	if (!s->number && s->key.kind == SPRITE_PLANE)
		s->number = plane_number(c->k, &s->key);
	if (!s->number)
		send_sprite(c, s);
	s->place = free_place(c->wanted, &c->k->shown, s->number);
	put_place(s, c->places);
}

static bool is_used(const struct sprites *s, int number)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->sprite[i].number == number)
			return true;
	return false;
}

/* Delete what is no longer shown: placements, or the whole image. */
static void drop_old(struct change *c)
{
	struct sprites *old = &c->k->shown;

	for (size_t i = 0; i < old->count; i++) {
		struct sprite *o = &old->sprite[i];

		if (!o->number)
			continue;
		if (is_used(c->wanted, o->number)) {
			buffer_printf(c->places,
				      "\033_Ga=d,d=i,i=%d,p=%d,q=2\033\\",
				      o->number, o->place);
		} else if (o->key.kind != SPRITE_PLANE) {
			forget_image(o->number, c->places);
			for (size_t j = i + 1; j < old->count; j++)
				if (old->sprite[j].number == o->number)
					old->sprite[j].number = 0;
		}
	}
}

/* A plane that no part shows goes with its data. */
static void drop_planes(struct change *c)
{
	for (int i = 0; i < PLANES; i++) {
		struct key *key = &c->k->kept[i];

		if (key->kind == SPRITE_NONE ||
		    is_used(c->wanted, FIRST_PLANE + i))
			continue;
		forget_image(FIRST_PLANE + i, c->places);
		memset(key, 0, sizeof(*key));
	}
}

bool kitty_emit(struct kitty *k, const struct look *look,
		const struct scene *scene, const struct canvas *now,
		struct buffer *data, struct buffer *places)
{
	struct sprites wanted = { 0 };
	struct change c = { .k = k, .look = look, .scene = scene,
			    .wanted = &wanted, .data = data,
			    .places = places };
	bool ok = !scene->failed;

	for (size_t i = 0; ok && i < scene->count; i++)
		ok = want_part(&wanted, look, &scene->part[i], now);
	for (size_t i = 0; ok && i < wanted.count; i++)
		settle_sprite(&c, i);
	if (ok) {
		drop_old(&c);
		drop_planes(&c);
	}
	ok = ok && !data->failed && !places->failed;
	if (!ok) {
		free(wanted.sprite);
		kitty_forget(k);
		return false;
	}
	free(k->shown.sprite);
	k->shown = wanted;
	return true;
}
