/* format_j2k.c - JPEG 2000 code streams through OpenJPEG. */
#include "config.h"

#include "image/format_j2k.h"

#include <stdlib.h>
#include <string.h>

#include <openjpeg.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/frame.h"
#include "image/j2k_stream.h"

enum { BLOCK = 65536 };                 /* bytes OpenJPEG asks for at once */
enum { J2K_MAX_COMPONENTS = 4 };

static const uint8_t jp2_signature[12] = { 0, 0, 0, 12, 'j', 'P', ' ', ' ',
					   0x0d, 0x0a, 0x87, 0x0a };

/* A stream in memory. */
struct source {
	const uint8_t *data;
	size_t length, next;
};

struct decoder {
	struct source source;
	opj_stream_t *stream;
	opj_codec_t *codec;
	opj_image_t *image;
};

static OPJ_SIZE_T on_read(void *buffer, OPJ_SIZE_T bytes, void *self)
{
	struct source *s = self;
	size_t left = s->length - s->next;

	if (left == 0)
		return (OPJ_SIZE_T)-1;
	if (bytes > left)
		bytes = left;
	memcpy(buffer, s->data + s->next, bytes);
	s->next += bytes;
	return bytes;
}

static OPJ_OFF_T on_skip(OPJ_OFF_T bytes, void *self)
{
	struct source *s = self;
	size_t left = s->length - s->next;

	if (bytes < 0)
		return -1;
	if ((size_t)bytes > left)
		bytes = (OPJ_OFF_T)left;
	s->next += (size_t)bytes;
	return bytes;
}

static OPJ_BOOL on_seek(OPJ_OFF_T offset, void *self)
{
	struct source *s = self;

	if (offset < 0 || (size_t)offset > s->length)
		return OPJ_FALSE;
	s->next = (size_t)offset;
	return OPJ_TRUE;
}

static void on_message(const char *message, void *self)
{
	(void)message;
	(void)self;
}

static void decoder_done(struct decoder *d)
{
	if (d->image)
		opj_image_destroy(d->image);
	if (d->codec)
		opj_destroy_codec(d->codec);
	if (d->stream)
		opj_stream_destroy(d->stream);
}

static bool make_stream(struct decoder *d)
{
	d->stream = opj_stream_create(BLOCK, OPJ_TRUE);
	if (!d->stream)
		return false;
	opj_stream_set_read_function(d->stream, on_read);
	opj_stream_set_skip_function(d->stream, on_skip);
	opj_stream_set_seek_function(d->stream, on_seek);
	opj_stream_set_user_data(d->stream, &d->source, NULL);
	opj_stream_set_user_data_length(d->stream, d->source.length);
	return true;
}

/*
 * Palettes and channel definitions of a JP2 wrapper do not count in DICOM.
 * reduce: levels of the wavelet that are left out.
 */
static bool decoder_init(struct decoder *d, const uint8_t *data, size_t length,
			 int reduce, struct error *err)
{
	bool jp2 = length >= sizeof(jp2_signature) &&
		   memcmp(data, jp2_signature, sizeof(jp2_signature)) == 0;
	opj_dparameters_t parameters;

	*d = (struct decoder){ .source = { .data = data, .length = length } };
	opj_set_default_decoder_parameters(&parameters);
	parameters.flags |= OPJ_DPARAMETERS_IGNORE_PCLR_CMAP_CDEF_FLAG;
	parameters.cp_reduce = (OPJ_UINT32)reduce;
	d->codec = opj_create_decompress(jp2 ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
	if (!d->codec || !make_stream(d) ||
	    !opj_setup_decoder(d->codec, &parameters))
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	opj_set_info_handler(d->codec, on_message, NULL);
	opj_set_warning_handler(d->codec, on_message, NULL);
	opj_set_error_handler(d->codec, on_message, NULL);
	opj_decoder_set_strict_mode(d->codec, OPJ_TRUE);
	opj_codec_set_threads(d->codec, 0);
	if (!opj_read_header(d->stream, d->codec, &d->image) ||
	    d->image->numcomps < 1)
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	return true;
}

/* ---- the head, read without OpenJPEG ---- */

/* 15444-1 A.5.1, A.6.1, A.6.2: places in the bodies of SIZ, COD and COC */
enum { SIZ_COMPONENTS = 34, SIZ_FIXED = 36, SIZ_COMPONENT = 3,
       COD_TRANSFORM = 4, COD_LEVELS = 5, COC_LEVELS = 1 };
/* from the levels on, in both */
enum { AT_STYLE = 3, AT_WAVELET = 4 };
enum { MOST_LEVELS = 32 };
enum { WAVELET_5_3 = 1 };               /* table A.20 */
enum { STYLE_HT = 0x40 };               /* 15444-15 table A.4 */
#define CAP_HT 0x20000u                 /* 15444-15 A.2: Pcap, part 15 */

/* What the head says so far, and what is known to be one way everywhere. */
struct head_reader {
	struct j2k_head *head;
	unsigned components;
	int sizes, styles;              /* SIZ, COD */
	bool mixed;                     /* tiles differ in their MCT */
};

static bool read_siz(struct head_reader *r, const uint8_t *body, size_t size)
{
	struct j2k_head *head = r->head;
	unsigned components;

	if (r->sizes++ > 0 || size < SIZ_FIXED)
		return false;
	components = r->components = j2k_u16(body + SIZ_COMPONENTS);
	if (components < 1 || size != SIZ_FIXED + SIZ_COMPONENT * components)
		return false;
	head->columns = (long long)j2k_u32(body + 2) - j2k_u32(body + 10);
	head->rows = (long long)j2k_u32(body + 6) - j2k_u32(body + 14);
	head->components = components > 16 ? 16 : (int)components;
	head->precision = (body[SIZ_FIXED] & 0x7f) + 1;
	head->is_signed = body[SIZ_FIXED] & 0x80;
	head->uniform = true;
	for (const uint8_t *c = body + SIZ_FIXED; c < body + size;
	     c += SIZ_COMPONENT)
		if (c[0] != body[SIZ_FIXED] || c[1] != 1 || c[2] != 1)
			head->uniform = false;
	return true;
}

/* coding: from the number of levels on. */
static void note_coding(struct head_reader *r, const uint8_t *coding)
{
	if (coding[AT_WAVELET] != WAVELET_5_3)
		r->head->reversible = false;
	if (coding[AT_STYLE] & STYLE_HT)
		r->head->high_throughput = true;
	if (coding[0] < r->head->levels)
		r->head->levels = coding[0];
}

static bool read_cod(struct head_reader *r, const struct j2k_walk *w)
{
	bool transform;

	if (w->size <= COD_LEVELS + AT_WAVELET)
		return false;
	transform = w->body[COD_TRANSFORM] != 0;
	if (r->styles == 0)
		r->head->colour_transform = transform;
	else if (transform != r->head->colour_transform)
		r->mixed = true;
	r->styles++;
	note_coding(r, w->body + COD_LEVELS);
	return true;
}

/* The number of the component takes two bytes where there are many. */
static bool read_coc(struct head_reader *r, const struct j2k_walk *w)
{
	size_t number = r->components > 256 ? 2 : 1;

	if (w->size <= number + COC_LEVELS + AT_WAVELET)
		return false;
	note_coding(r, w->body + number + COC_LEVELS);
	return true;
}

static bool read_part(struct head_reader *r, const struct j2k_walk *w)
{
	switch (w->marker) {
	case J2K_SIZ:
		return read_siz(r, w->body, w->size);
	case J2K_COD:
		return r->sizes == 1 && read_cod(r, w);
	case J2K_COC:
		return r->sizes == 1 && read_coc(r, w);
	case J2K_CAP:
		if (w->size >= 4 && j2k_u32(w->body) & CAP_HT)
			r->head->high_throughput = true;
		return w->size >= 4;
	case J2K_SOT:
		/* the main header is over */
		return r->sizes == 1 && r->styles > 0;
	default:
		return true;
	}
}

bool j2k_head_read(const uint8_t *data, size_t length, struct j2k_head *head,
		   struct error *err)
{
	struct head_reader reader = { .head = head };
	struct j2k_walk walk = { 0 };
	size_t start, end;

	*head = (struct j2k_head){ .reversible = true,
				   .levels = MOST_LEVELS };
	if (!j2k_unwrap(data, length, &start, &end))
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	head->wrapped = start > 0;
	walk.data = data + start;
	walk.length = end - start;
	while (j2k_walk_next(&walk))
		if (!read_part(&reader, &walk))
			return error_refuse(err, REASON_DAMAGED, NULL, 0);
	if (walk.damaged || walk.tile_parts == 0)
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	if (reader.mixed)
		return error_refuse(err, REASON_ATTRIBUTES, NULL, 0);
	return true;
}

/* ---- decoding ---- */

static uint8_t *take_cells(const opj_image_t *image, int allocated,
			   struct error *err)
{
	size_t samples = image->numcomps, width = (size_t)allocated / 8;
	size_t pixels = (size_t)image->comps[0].w * image->comps[0].h;
	uint8_t *cells = mem_array3(pixels, samples, width, 1);

	if (!cells) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	for (size_t s = 0; s < samples; s++) {
		const OPJ_INT32 *value = image->comps[s].data;
		uint8_t *out = cells + s * width;

		for (size_t p = 0; p < pixels; p++, out += samples * width)
			for (size_t byte = 0; byte < width; byte++)
				out[byte] = (uint8_t)((uint32_t)value[p] >>
						      8 * byte);
	}
	return cells;
}

/* Every component has its samples, all of one size. */
static bool is_whole(const opj_image_t *image)
{
	for (OPJ_UINT32 i = 0; i < image->numcomps; i++)
		if (!image->comps[i].data || image->comps[i].w == 0 ||
		    image->comps[i].h == 0 ||
		    image->comps[i].w != image->comps[0].w ||
		    image->comps[i].h != image->comps[0].h)
			return false;
	return true;
}

uint8_t *j2k_decode(const uint8_t *data, size_t length, int allocated,
		    struct error *err)
{
	struct decoder d;
	uint8_t *cells = NULL;

	if (!decoder_init(&d, data, length, 0, err))
		goto done;
	if (opj_decode(d.codec, d.stream, d.image) && is_whole(d.image) &&
	    (int)d.image->comps[0].prec <= allocated)
		cells = take_cells(d.image, allocated, err);
	else
		error_refuse(err, REASON_DAMAGED, NULL, 0);
done:
	decoder_done(&d);
	return cells;
}

/* ---- bytes behind the last packet ---- */

/* More tile parts than that are not looked at one by one. */
enum { MOST_PARTS = 4096, SOT_PSOT = 6, ONES = 64 };

/* One tile alone, up to its last byte that is not 0. */
struct lone_tile {
	struct buffer out;
	size_t sot, end;                /* of the part with that byte; end 0:
					   there is none */
};

static void add_part(struct lone_tile *t, const struct j2k_walk *w)
{
	size_t used = w->size, sot = t->out.length;

	buffer_append(&t->out, w->data + w->sot, w->end - w->sot);
	while (used > 0 && w->body[used - 1] == 0)
		used--;
	if (used == 0)
		return;
	t->sot = sot;
	t->end = t->out.length - (w->size - used);
}

/* Put `tail` bytes 0xff in place of the last byte, and end the stream. */
static bool change_end(struct lone_tile *t, size_t tail)
{
	static const uint8_t eoc[] = { 0xff, 0xd9 };
	size_t length = t->end - 1 + tail - t->sot;

	t->out.length = t->end - 1;
	while (tail-- > 0)
		buffer_append(&t->out, eoc, 1);
	buffer_append(&t->out, eoc, sizeof(eoc));
	for (int i = 0; !t->out.failed && i < 4; i++)
		t->out.data[t->sot + SOT_PSOT + (size_t)i] =
			(char)(length >> (24 - 8 * i));
	return !t->out.failed;
}

/*
 * OpenJPEG, strict, refuses a tile that lacks data of a packet or has nonsense
 * in the header of one.  Leaving out all levels of the wavelet, it reads every
 * header but decodes no more than a corner.
 */
static bool tile_decodes(const struct buffer *stream, int levels,
			 unsigned tile)
{
	struct decoder d;
	bool ok = decoder_init(&d, (const uint8_t *)stream->data,
			       stream->length, levels, NULL) &&
		  opj_get_decoded_tile(d.codec, d.stream, d.image, tile);

	decoder_done(&d);
	return ok;
}

/*
 * Nobody needs the last byte when the tile decodes without it, so it is no
 * data, and when it decodes with ones in its place, of which a header would
 * read lengths of more than 32 bits.
 */
static bool end_is_slack(struct lone_tile *t, int levels, unsigned tile)
{
	if (t->end == 0)
		return t->out.failed;
	return !change_end(t, 0) ||
	       (tile_decodes(&t->out, levels, tile) &&
		(!change_end(t, ONES) ||
		 tile_decodes(&t->out, levels, tile)));
}

/* first: stands on the first SOT of the tile. */
static bool tile_has_slack(const struct j2k_walk *first, int levels)
{
	struct j2k_walk w = { .data = first->data, .length = first->length };
	struct lone_tile t = { 0 };
	unsigned tile = j2k_u16(first->body);
	bool ours = false, slack;

	while (j2k_walk_next(&w)) {
		if (w.marker == J2K_SOT) {
			if (w.tile_parts == 1)
				buffer_append(&t.out, w.data, w.start);
			ours = j2k_u16(w.body) == tile;
		}
		if (w.marker == J2K_SOD && ours)
			add_part(&t, &w);
	}
	slack = end_is_slack(&t, levels, tile);
	buffer_done(&t.out);
	return slack;
}

/* Does the walk stand on a tile part that begins its tile (A.4.2, TPsot)? */
static bool begins_tile(const struct j2k_walk *w)
{
	return w->marker == J2K_SOT && w->body[6] == 0;
}

bool j2k_has_slack(const uint8_t *data, size_t length)
{
	struct j2k_walk walk = { 0 };
	struct j2k_head head;
	size_t start, end;

	if (!j2k_unwrap(data, length, &start, &end) ||
	    !j2k_head_read(data, length, &head, NULL))
		return true;
	walk.data = data + start;
	walk.length = end - start;
	while (j2k_walk_next(&walk))
		if (walk.tile_parts > MOST_PARTS ||
		    (begins_tile(&walk) && tile_has_slack(&walk, head.levels)))
			return true;
	return false;
}

/* ---- encoding ---- */

static OPJ_SIZE_T on_write(void *bytes, OPJ_SIZE_T count, void *self)
{
	struct buffer *out = self;

	buffer_append(out, bytes, count);
	return out->failed ? (OPJ_SIZE_T)-1 : count;
}

struct encoder {
	struct buffer out;
	opj_stream_t *stream;
	opj_codec_t *codec;
	opj_image_t *image;
};

static void encoder_done(struct encoder *e)
{
	if (e->image)
		opj_image_destroy(e->image);
	if (e->codec)
		opj_destroy_codec(e->codec);
	if (e->stream)
		opj_stream_destroy(e->stream);
}

static opj_image_t *make_image(const struct j2k_form *form)
{
	opj_image_cmptparm_t parameters[J2K_MAX_COMPONENTS] = { 0 };
	opj_image_t *image;

	for (int i = 0; i < form->components; i++)
		parameters[i] = (opj_image_cmptparm_t){
			.dx = 1, .dy = 1, .w = (OPJ_UINT32)form->columns,
			.h = (OPJ_UINT32)form->rows,
			.prec = (OPJ_UINT32)form->precision,
			.sgnd = form->is_signed,
		};
	image = opj_image_create((OPJ_UINT32)form->components, parameters,
				 OPJ_CLRSPC_UNSPECIFIED);
	if (image) {
		image->x1 = (OPJ_UINT32)form->columns;
		image->y1 = (OPJ_UINT32)form->rows;
	}
	return image;
}

/*
 * One component's cells from its first on.  Returns whether all fit: bits above
 * the precision are all 0 or all as the top bit.
 */
static bool put_component(const struct j2k_form *form, const uint8_t *cells,
			  OPJ_INT32 *value)
{
	size_t pixels = (size_t)form->columns * (size_t)form->rows;
	size_t width = (size_t)form->allocated / 8;
	uint32_t sign = UINT32_C(1) << (form->precision - 1);
	uint32_t mask = sign - 1 + sign;
	uint32_t above = (uint32_t)((UINT64_C(1) << form->allocated) - 1) &
			 ~mask;
	uint32_t minus = form->is_signed ? sign : 0;
	bool fits = true;

	for (size_t p = 0; p < pixels; p++) {
		uint32_t cell = cells[0];

		for (size_t byte = 1; byte < width; byte++)
			cell |= (uint32_t)cells[byte] << 8 * byte;
		if (cell & above &&
		    ((cell & above) != above || !(cell & sign)))
			fits = false;
		value[p] = (OPJ_INT32)(((cell & mask) ^ minus) - minus);
		cells += width * (size_t)form->components;
	}
	return fits;
}

static void set_parameters(const struct j2k_form *form,
			   opj_cparameters_t *parameters)
{
	static char no_comment[] = "";
	int side = form->columns < form->rows ? form->columns : form->rows;

	opj_set_default_encoder_parameters(parameters);
	parameters->cp_comment = no_comment;
	parameters->tcp_numlayers = 1;
	parameters->cp_disto_alloc = 1;
	parameters->tcp_mct = form->colour_transform;
	/* no more than halvings of the shorter side leave something to halve */
	while (parameters->numresolution > 1 &&
	       side >> (parameters->numresolution - 1) == 0)
		parameters->numresolution--;
}

static bool encoder_init(struct encoder *e, const struct j2k_form *form,
			 struct error *err)
{
	opj_cparameters_t parameters;

	e->image = make_image(form);
	e->codec = opj_create_compress(OPJ_CODEC_J2K);
	e->stream = opj_stream_create(BLOCK, OPJ_FALSE);
	if (!e->image || !e->codec || !e->stream)
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	opj_set_info_handler(e->codec, on_message, NULL);
	opj_set_warning_handler(e->codec, on_message, NULL);
	opj_set_error_handler(e->codec, on_message, NULL);
	opj_stream_set_write_function(e->stream, on_write);
	opj_stream_set_user_data(e->stream, &e->out, NULL);
	set_parameters(form, &parameters);
	if (!opj_setup_encoder(e->codec, &parameters, e->image))
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	opj_codec_set_threads(e->codec, 0);
	return true;
}

/* OpenJPEG writes an empty comment where it is given none: cut it. */
static void cut_comment(struct buffer *out)
{
	struct j2k_walk walk = { .data = (const uint8_t *)out->data,
				 .length = out->length };

	while (j2k_walk_next(&walk) && walk.tile_parts == 0) {
		if (walk.marker != J2K_COM)
			continue;
		memmove(out->data + walk.start, out->data + walk.end,
			out->length - walk.end);
		out->length -= walk.end - walk.start;
		return;
	}
}

static bool is_encodable(const struct j2k_form *form)
{
	return form->columns >= 1 && form->columns <= FRAME_MAX_SIDE &&
	       form->rows >= 1 && form->rows <= FRAME_MAX_SIDE &&
	       form->components >= 1 &&
	       form->components <= J2K_MAX_COMPONENTS &&
	       (form->allocated == 8 || form->allocated == 16 ||
		form->allocated == 32) &&
	       form->precision >= 1 && form->precision <= form->allocated &&
	       form->precision <= J2K_MAX_PRECISION &&
	       (!form->colour_transform || form->components == 3);
}

static bool encode(struct encoder *e, const struct j2k_form *form,
		   const uint8_t *cells, struct error *err)
{
	size_t width = (size_t)form->allocated / 8;

	if (!is_encodable(form))
		return error_set(err, ERR_RANGE,
				 _("no JPEG 2000 for these pixels"));
	if (!encoder_init(e, form, err))
		return false;
	for (int i = 0; i < form->components; i++)
		if (!put_component(form, cells + (size_t)i * width,
				   e->image->comps[i].data))
			return error_set(err, ERR_RANGE,
					 _("no JPEG 2000 for these pixels"));
	if (!opj_start_compress(e->codec, e->image, e->stream) ||
	    !opj_encode(e->codec, e->stream) ||
	    !opj_end_compress(e->codec, e->stream) || e->out.failed)
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	cut_comment(&e->out);
	return true;
}

uint8_t *j2k_encode(const struct j2k_form *form, const uint8_t *cells,
		    size_t *length, struct error *err)
{
	struct encoder e = { 0 };
	bool ok = encode(&e, form, cells, err);

	encoder_done(&e);
	if (!ok) {
		buffer_done(&e.out);
		return NULL;
	}
	*length = e.out.length;
	return (uint8_t *)e.out.data;
}
