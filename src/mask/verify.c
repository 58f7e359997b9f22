/*
 * verify.c - compares a masked copy with its input: every sample of every
 * frame, then what only its format knows (verify_dicom.c, _png.c, _jpeg.c).
 */
#include "config.h"

#include "mask/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "mask/verify_parts.h"

/* The root of the transfer syntaxes (PS3.6 table A-1). */
#define UID "1.2.840.10008.1.2."

const char *const verify_status_name[] = {
	[VERIFY_OK] = "ok", [VERIFY_FAILED] = "failed",
	[VERIFY_UNCHECKED] = "unchecked",
};
const char *const verify_class_name[VERIFY_CLASSES] = {
	[VERIFY_NONE] = "", [VERIFY_INSIDE] = "inside",
	[VERIFY_OUTSIDE] = "outside", [VERIFY_CARRIER] = "carrier",
	[VERIFY_TRAILER] = "trailer", [VERIFY_OFFSETS] = "offsets",
	[VERIFY_ATTRIBUTE] = "attribute", [VERIFY_FORMAT] = "format",
	[VERIFY_MISSING] = "missing", [VERIFY_EXTRA] = "extra",
	[VERIFY_CHANGED] = "changed",
};

bool verify_found(struct verifier *v, enum verify_class class_, int frame,
		  int x, int y)
{
	v->result->status = VERIFY_FAILED;
	v->result->class_ = class_;
	v->result->frame = frame;
	v->result->x = x;
	v->result->y = y;
	return false;
}

/* The boxes that blank pixels; overlay planes and unused bits go whole. */
static bool make_areas(struct verifier *v, struct error *err)
{
	v->area = mem_array(v->boxes->count + 1, sizeof(*v->area));
	if (!v->area)
		return error_set(err, ERR_MEMORY, _("no memory for boxes"));
	for (size_t i = 0; i < v->boxes->count; i++) {
		const struct box *b = &v->boxes->box[i];

		if (b->tier == TIER_BOX && b->plane == PLANE_PICTURE)
			v->area[v->areas++] = (struct verify_area){
				verify_rule_region(v->in_info, v->exact,
						   b->region),
				b->frame0, b->frame1,
			};
	}
	return true;
}

static bool blanks(const struct verify_area *a, int frame_index)
{
	return a->frame0 <= frame_index && a->frame1 >= frame_index;
}

bool verify_covered(const struct verifier *v, int frame_index, int x, int y)
{
	for (size_t i = 0; i < v->areas; i++)
		if (blanks(&v->area[i], frame_index) &&
		    region_hit(v->area[i].region, x, y))
			return true;
	return false;
}

/* ---- the picture as it has to be ---- */

static void set_sample(struct frame *f, size_t index, long long value)
{
	uint32_t low = (uint32_t)value;         /* bits of a float */

	switch (f->type) {
	case SAMPLE_U8: ((uint8_t *)f->sample)[index] = (uint8_t)value; break;
	case SAMPLE_U16:
		((uint16_t *)f->sample)[index] = (uint16_t)value;
		break;
	case SAMPLE_S16:
		((int16_t *)f->sample)[index] = (int16_t)value;
		break;
	case SAMPLE_U32:
		((uint32_t *)f->sample)[index] = (uint32_t)value;
		break;
	case SAMPLE_S32:
		((int32_t *)f->sample)[index] = (int32_t)value;
		break;
	case SAMPLE_F32:
		memcpy((float *)f->sample + index, &low, sizeof(low));
		break;
	case SAMPLE_F64:
		memcpy((double *)f->sample + index, &value, sizeof(value));
		break;
	case SAMPLE_TYPES: break;
	}
}

static void expect_fill(struct frame *f, struct region r,
			const long long *fill)
{
	for (int y = r.y0; y < r.y1; y++) {
		size_t at = ((size_t)y * (size_t)f->columns + (size_t)r.x0) *
			    (size_t)f->samples;

		for (int x = r.x0; x < r.x1; x++)
			for (int s = 0; s < f->samples; s++)
				set_sample(f, at++, fill[s]);
	}
}

/* PNG: colour under alpha 0 has to be 0 (DESIGN 6). */
static void expect_clear_colour(struct frame *f)
{
	size_t pixels = (size_t)f->columns * (size_t)f->rows;
	size_t size = frame_sample_size(f->type);
	size_t colour = (size_t)(f->samples - 1) * size;
	static const unsigned char zero[8];
	unsigned char *p = f->sample;

	for (size_t i = 0; i < pixels; i++, p += colour + size)
		if (!memcmp(p + colour, zero, size))
			memset(p, 0, colour);
}

/* PNG: of the palette entries with alpha 0 only the first is used. */
static void expect_one_clear_entry(const struct image *in, struct frame *f)
{
	int first = 0, entries = 0, clear = -1;
	const uint8_t *palette = image_palette(in, &first, &entries);
	size_t pixels = (size_t)f->columns * (size_t)f->rows;
	uint8_t *p = f->sample;

	for (int i = 0; palette && clear < 0 && i < entries; i++)
		if (!palette[4 * i + 3])
			clear = i;
	for (size_t i = 0; clear >= 0 && i < pixels; i++)
		if (p[i] < entries && !palette[4 * (size_t)p[i] + 3])
			p[i] = (uint8_t)clear;
}

static void expect_png(const struct verifier *v, struct frame *f)
{
	if (v->in_info->format != IMAGE_PNG)
		return;
	if (v->in_info->photometric == PHOTOMETRIC_PALETTE)
		expect_one_clear_entry(v->in, f);
	else if (f->samples == 2 || f->samples == 4)
		expect_clear_colour(f);
}

/* ---- comparing ---- */

/* Where two frames of the same shape differ first. */
static bool compare_frames(struct verifier *v, int frame_index,
			   const struct frame *want, const struct frame *got)
{
	size_t pixel = frame_sample_size(want->type) * (size_t)want->samples;
	size_t row = pixel * (size_t)want->columns;
	const unsigned char *a = want->sample, *b = got->sample;

	for (int y = 0; y < want->rows; y++, a += row, b += row) {
		size_t x = 0;

		if (!memcmp(a, b, row))
			continue;
		while (!memcmp(a + x * pixel, b + x * pixel, pixel))
			x++;
		return verify_found(v, verify_covered(v, frame_index, (int)x,
						      y) ?
				    VERIFY_INSIDE : VERIFY_OUTSIDE,
				    frame_index, (int)x, y);
	}
	return true;
}

bool verify_samples(struct verifier *v, int frame_index, struct error *err)
{
	struct frame *want = image_frame(v->in, frame_index, err), *got;
	bool ok;

	if (!want)
		return false;
	got = image_frame(v->out, frame_index, NULL);
	if (!got) {
		frame_free(want);
		return verify_found(v, VERIFY_FORMAT, frame_index, -1, -1);
	}
	expect_png(v, want);
	for (size_t i = 0; i < v->areas; i++)
		if (blanks(&v->area[i], frame_index))
			expect_fill(want, v->area[i].region, v->fill);
	ok = compare_frames(v, frame_index, want, got);
	frame_free(want);
	frame_free(got);
	return ok;
}

bool verify_unused(struct verifier *v, int frame_index, struct error *err)
{
	const struct image_info *info = v->out_info;
	uint8_t *plane;
	bool any = false, ok;

	if (info->format != IMAGE_DICOM ||
	    info->bits_stored >= info->bits_allocated)
		return true;
	plane = mem_array((size_t)info->columns, (size_t)info->rows);
	ok = plane ? image_unused_bits(v->out, frame_index, plane, &any, err) :
		     error_set(err, ERR_MEMORY, _("no memory"));
	free(plane);
	if (ok && any)
		return verify_found(v, VERIFY_CARRIER, frame_index, -1, -1);
	return ok;
}

bool verify_all_samples(struct verifier *v, struct error *err)
{
	for (int i = 0; i < v->out_info->frames; i++) {
		if (!verify_samples(v, i, err) || !verify_unused(v, i, err))
			return false;
		if (v->progress)
			v->progress(v->self, (int)((i + 1) * 1000LL /
						   v->out_info->frames));
	}
	return true;
}

/* ---- what both files say about themselves ---- */

/*
 * Transfer syntaxes that a masked copy may have another one for: codings that
 * lose on encoding, and those that nothing here writes, become a lossless one
 * (masking.md 2).
 */
static const struct { const char *in, *out; } recoded[] = {
	{ UID "4.57", UID "4.70" }, { UID "4.81", UID "4.80" },
	{ UID "4.91", UID "4.90" }, { UID "4.201", UID "4.90" },
	{ UID "4.202", UID "4.90" }, { UID "4.203", UID "4.90" },
};

/*
 * May OUT be of another coding than IN?  Where a box has to be exact, lossy
 * JPEG is decoded into a file without loss; then v->exact is set (DESIGN 6).
 */
static bool is_recoding(struct verifier *v)
{
	const struct image_info *a = v->in_info, *b = v->out_info;
	bool blocks = a->mcu_columns > 1 || a->mcu_rows > 1;

	v->exact = blocks && (a->format == IMAGE_JPEG ?
			      b->format == IMAGE_PNG :
			      !strcmp(b->syntax, UID "1"));
	if (v->exact)
		return true;
	for (size_t i = 0; i < sizeof(recoded) / sizeof(recoded[0]); i++)
		if (!strcmp(a->syntax, recoded[i].in) &&
		    !strcmp(b->syntax, recoded[i].out))
			return true;
	return false;
}

static bool check_info(struct verifier *v)
{
	const struct image_info *a = v->in_info, *b = v->out_info;
	bool same = a->columns == b->columns && a->rows == b->rows &&
		a->frames == b->frames && a->samples == b->samples &&
		a->type == b->type && a->photometric == b->photometric &&
		a->bits_allocated == b->bits_allocated &&
		a->bits_stored == b->bits_stored &&
		a->high_bit == b->high_bit && a->is_signed == b->is_signed &&
		a->exif_orientation == b->exif_orientation;

	if (a->format == b->format && !strcmp(a->syntax, b->syntax))
		same = same && a->planar == b->planar &&
		       a->ybr_422 == b->ybr_422 && a->lossy == b->lossy &&
		       a->encapsulated == b->encapsulated &&
		       a->interlaced == b->interlaced &&
		       a->has_alpha == b->has_alpha;
	else
		same = is_recoding(v) && same;
	if (!same)
		return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
	/* with that option the header's comparison knows which may stay */
	if (b->overlays || b->has_icon || b->has_thumbnail ||
	    (b->has_private && !(v->profile & TAGS_PRIVATE)))
		return verify_found(v, VERIFY_CARRIER, -1, -1, -1);
	if (b->has_trailer)
		return verify_found(v, VERIFY_TRAILER, -1, -1, -1);
	return true;
}

/* ---- files ---- */

long long verify_read_some(int fd, long long offset, void *data, size_t length)
{
	size_t got = 0;

	while (got < length) {
		ssize_t n = pread(fd, (char *)data + got, length - got,
				  (off_t)(offset + (long long)got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		got += (size_t)n;
	}
	return (long long)got;
}

bool verify_read(int fd, long long offset, void *data, size_t length,
		 struct error *err)
{
	long long got = verify_read_some(fd, offset, data, length);

	return got == (long long)length ||
	       error_refuse(err, got < 0 ? REASON_UNREADABLE :
					   REASON_TRUNCATED, NULL, 0);
}

unsigned char *verify_read_file(int fd, size_t *length, struct error *err)
{
	struct stat st;
	unsigned char *data;

	if (fstat(fd, &st) || st.st_size < 1) {
		error_refuse(err, REASON_UNREADABLE, NULL, 0);
		return NULL;
	}
	*length = (size_t)st.st_size;
	data = malloc(*length);
	if (!data)
		error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	else if (verify_read(fd, 0, data, *length, err))
		return data;
	free(data);
	return NULL;
}

bool verify_exif(const unsigned char *exif, size_t length, int orientation)
{
	/* TIFF, one entry: Orientation (CIPA DC-008 4.6.4) */
	static const unsigned char start[19] = {
		'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3,
		0, 0, 0, 1, 0,
	};
	static const unsigned char end[6];

	return length == 26 && !memcmp(exif, start, sizeof(start)) &&
	       exif[19] == orientation && orientation > 1 &&
	       !memcmp(exif + 20, end, sizeof(end));
}

bool verify_heartbeat(void *verifier, uint64_t done)
{
	struct verifier *v = verifier;

	(void)done;
	if (v->progress)
		v->progress(v->self, 0);
	return true;
}

/* ---- the run ---- */

static bool check_all(struct verifier *v, struct error *err)
{
	static bool (*const by_format[IMAGE_FORMATS])(struct verifier *v,
						      struct error *err) = {
		[IMAGE_DICOM] = verify_dicom,
		[IMAGE_PNG] = verify_png,
		[IMAGE_JPEG] = verify_jpeg,
	};

	return verify_rule_boxes(v->in_info, v->boxes, err) && check_info(v) &&
	       make_areas(v, err) &&
	       verify_rule_fill(v->in, v->exact, v->area, v->areas, v->fill,
				err) &&
	       by_format[v->out_info->format](v, err);
}

static bool hash_both(struct verifier *v, struct error *err)
{
	struct verify_result *r = v->result;

	return v->hashed ||
	       (hash_file(v->in_fd, r->in_sha256, verify_heartbeat, v, err) &&
		hash_file(v->out_fd, r->out_sha256, verify_heartbeat, v, err));
}

bool verify_run(int in_fd, int out_fd, enum tag_profile profile,
		const struct mask_job *job, const struct box_list *boxes,
		struct verify_result *result,
		void (*progress)(void *self, int permille), void *self,
		struct error *err)
{
	struct verifier v = {
		.in_fd = in_fd, .out_fd = out_fd, .profile = profile,
		.job = job, .boxes = boxes, .result = result,
		.progress = progress, .self = self,
	};
	bool ok = false;

	*result = (struct verify_result){ .status = VERIFY_OK, .frame = -1,
					  .x = -1, .y = -1 };
	v.in = image_open(in_fd, err);
	if (!v.in)
		return false;
	v.in_info = image_info(v.in);
	v.out = image_open(out_fd, NULL);
	if (v.out) {
		v.out_info = image_info(v.out);
		ok = check_all(&v, err);
	} else {
		verify_found(&v, VERIFY_FORMAT, -1, -1, -1);
	}
	ok = (ok || result->status == VERIFY_FAILED) && hash_both(&v, err) &&
	     image_was_read(v.in, err) &&
	     (!v.out || image_was_read(v.out, err));
	image_close(v.in);
	image_close(v.out);
	free(v.area);
	return ok;
}
