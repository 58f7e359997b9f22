/* format_j2k.c - JPEG 2000 code streams through OpenJPEG. */
#include "config.h"

#include "image/format_j2k.h"

#include <stdlib.h>
#include <string.h>

#include <openjpeg.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { BLOCK = 65536 };                 /* bytes OpenJPEG asks for at once */
enum { HT_STYLE = 0x40 };               /* of a code block: 15444-15 A.4 */

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

/* Palettes and channel definitions of a JP2 wrapper do not count in DICOM. */
static bool decoder_init(struct decoder *d, const uint8_t *data, size_t length,
			 struct error *err)
{
	bool jp2 = length >= sizeof(jp2_signature) &&
		   memcmp(data, jp2_signature, sizeof(jp2_signature)) == 0;
	opj_dparameters_t parameters;

	*d = (struct decoder){ .source = { .data = data, .length = length } };
	opj_set_default_decoder_parameters(&parameters);
	parameters.flags |= OPJ_DPARAMETERS_IGNORE_PCLR_CMAP_CDEF_FLAG;
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

/* Do all components have one size, depth and sign? */
static bool is_uniform(const opj_image_t *image)
{
	const opj_image_comp_t *first = &image->comps[0];

	for (OPJ_UINT32 i = 0; i < image->numcomps; i++) {
		const opj_image_comp_t *c = &image->comps[i];

		if (c->dx != 1 || c->dy != 1 || c->prec != first->prec ||
		    c->sgnd != first->sgnd)
			return false;
	}
	return true;
}

static void describe(const struct decoder *d, struct j2k_head *head)
{
	const opj_image_t *image = d->image;
	opj_codestream_info_v2_t *info = opj_get_cstr_info(d->codec);

	*head = (struct j2k_head){
		.columns = (long long)image->x1 - image->x0,
		.rows = (long long)image->y1 - image->y0,
		.components = image->numcomps > 16 ? 16 : (int)image->numcomps,
		.precision = (int)image->comps[0].prec,
		.is_signed = image->comps[0].sgnd,
		.uniform = is_uniform(image),
	};
	if (!info)
		return;
	head->colour_transform = info->m_default_tile_info.mct != 0;
	head->reversible = info->m_default_tile_info.tccp_info &&
			   info->m_default_tile_info.tccp_info->qmfbid == 1;
	head->high_throughput = info->m_default_tile_info.tccp_info &&
		(info->m_default_tile_info.tccp_info->cblksty & HT_STYLE);
	opj_destroy_cstr_info(&info);
}

bool j2k_head_read(const uint8_t *data, size_t length, struct j2k_head *head,
		   struct error *err)
{
	struct decoder d;
	bool ok = decoder_init(&d, data, length, err);

	if (ok)
		describe(&d, head);
	decoder_done(&d);
	return ok;
}

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

	if (!decoder_init(&d, data, length, err))
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
