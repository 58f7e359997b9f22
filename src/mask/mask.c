/*
 * mask.c - which pixels are blanked, with what, and by which writer.  Knows no
 * format: mask_dicom.c, mask_png.c and wipe_jpeg.c do the writing.
 */
#include "config.h"

#include "mask/mask.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "mask/statement.h"
#include "mask/writer.h"

const char *const mask_dropped_name[MASK_DROPPED_BITS] = {
	"exif", "xmp", "comment", "thumbnail", "trailer", "icon",
	"unused-bits", "preamble", "private", "padding", "signatures",
	"text-chunks", "app", "hidden-colour", "curves", "chunks",
	"animation", "document", NULL, "graphics", "label", "meta",
};
const char *const mask_method_name[MASK_METHODS] = {
	[METHOD_STREAM] = "stream", [METHOD_COEFFICIENTS] = "coefficients",
	[METHOD_SPLICE] = "splice", [METHOD_FRAMES] = "frames",
	[METHOD_REENCODE] = "reencode",
};
const char *const mask_outside_name[MASK_OUTSIDES] = {
	[OUTSIDE_BYTES] = "bytes", [OUTSIDE_STORED] = "stored",
	[OUTSIDE_COEFFICIENTS] = "coefficients",
	[OUTSIDE_DECODED] = "decoded",
};

/* A box that blanks pixels: overlay planes and unused bits go as a whole. */
static bool blanks(const struct box *box)
{
	return box->tier == TIER_BOX && box->plane == PLANE_PICTURE;
}

struct region mask_grown(const struct image_info *info, struct region box,
			 bool *rim)
{
	struct region r = region_clip(box, info->columns, info->rows);

	if (info->mcu_columns > 1 || info->mcu_rows > 1)
		r = region_snap(r, info->mcu_columns, info->mcu_rows);
	else if (info->ybr_422)
		r = region_snap(r, 2, 1);
	if (rim)
		*rim = info->subsampled && !region_empty(r);
	return region_clip(r, info->columns, info->rows);
}

bool mask_make_exact(struct image_info *info)
{
	if (info->mcu_columns <= 1 && info->mcu_rows <= 1)
		return false;
	info->mcu_columns = info->mcu_rows = 1;
	info->subsampled = false;
	return true;
}

bool mask_check_boxes(const struct image_info *info,
		      const struct box_list *boxes, struct error *err)
{
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];

		if (b->tier != TIER_BOX)
			continue;
		if (region_empty(region_clip(b->region, info->columns,
					     info->rows)))
			return error_set(err, ERR_USAGE,
				_("box %zu lies outside the picture"), i + 1);
		if (b->frame0 < 0 || b->frame1 < b->frame0 ||
		    b->frame1 >= info->frames)
			return error_set(err, ERR_USAGE,
				_("box %zu: the file has %d frames"), i + 1,
				info->frames);
	}
	return true;
}

/* ---- areas ---- */

static int compare_areas(const void *a, const void *b)
{
	const struct mask_area *p = a, *q = b;

	return (p->frame0 > q->frame0) - (p->frame0 < q->frame0);
}

/* The grown boxes by first frame; *areas NULL when there are none. */
static bool make_areas(const struct image_info *info,
		       const struct box_list *boxes, struct mask_area **areas,
		       size_t *count, struct error *err)
{
	*areas = NULL;
	*count = 0;
	if (!boxes->count)
		return true;
	*areas = mem_array(boxes->count, sizeof(**areas));
	if (!*areas)
		return error_set(err, ERR_MEMORY, _("no memory for boxes"));
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];

		if (blanks(b))
			(*areas)[(*count)++] = (struct mask_area){
				.region = mask_grown(info, b->region, NULL),
				.frame0 = b->frame0, .frame1 = b->frame1,
			};
	}
	qsort(*areas, *count, sizeof(**areas), compare_areas);
	return true;
}

static int count_touched(const struct mask_area *area, size_t areas)
{
	int touched = 0, next = 0;      /* frames before next are counted */

	for (size_t i = 0; i < areas; i++) {
		int first = area[i].frame0 > next ? area[i].frame0 : next;

		if (area[i].frame1 >= first) {
			touched += area[i].frame1 - first + 1;
			next = area[i].frame1 + 1;
		}
	}
	return touched;
}

/* ---- the fill (DESIGN 6) ---- */

static double sample_value(const struct frame *f, size_t i)
{
	switch (f->type) {
	case SAMPLE_U8: return ((const uint8_t *)f->sample)[i];
	case SAMPLE_U16: return ((const uint16_t *)f->sample)[i];
	case SAMPLE_S16: return ((const int16_t *)f->sample)[i];
	case SAMPLE_U32: return ((const uint32_t *)f->sample)[i];
	case SAMPLE_S32: return ((const int32_t *)f->sample)[i];
	case SAMPLE_F32: return ((const float *)f->sample)[i];
	case SAMPLE_F64: return ((const double *)f->sample)[i];
	case SAMPLE_TYPES: break;
	}
	return 0;
}

/* Least and largest stored value that the bits allow. */
static void stored_range(const struct image_info *info, long long *least,
			 long long *largest)
{
	int bits = info->bits_stored;

	*least = info->is_signed ? -(1LL << (bits - 1)) : 0;
	*largest = info->is_signed ? (1LL << (bits - 1)) - 1 :
				     (1LL << bits) - 1;
}

/*
 * The least (or largest) value of the first touched frame outside all masks,
 * so that nothing under a mask decides it.  False when the masks cover all.
 */
static bool outside_extremum(struct image *image, const struct mask_area *area,
			     size_t areas, bool largest, long long *value,
			     bool *found, struct error *err)
{
	int frame_index = areas ? area[0].frame0 : 0;
	struct frame *f = image_frame(image, frame_index, err);
	double best = largest ? -INFINITY : INFINITY;

	if (!f)
		return false;
	for (int y = 0; y < f->rows; y++) {
		for (int x = 0; x < f->columns; x++) {
			double v = sample_value(f, (size_t)y *
						(size_t)f->columns + (size_t)x);
			size_t i = 0;

			if (largest ? v <= best : v >= best)
				continue;
			while (i < areas &&
			       !(area[i].frame0 <= frame_index &&
				 area[i].frame1 >= frame_index &&
				 region_hit(area[i].region, x, y)))
				i++;
			if (i == areas)
				best = v;
		}
	}
	*found = !isinf(best);
	*value = *found ? (long long)best : 0;
	frame_free(f);
	return true;
}

/*
 * The edge of the first window as a stored value (PS3.3 C.11.2.1.2.1: all at
 * or below centre - 0.5 - (width - 1) / 2 is black).
 */
static bool window_edge(const struct image_info *info, bool upper,
			long long *value)
{
	double half, edge;

	if (!info->windows || info->has_modality_lut || info->slope == 0)
		return false;
	half = (info->window[0].width - 1) / 2;
	edge = info->window[0].centre - 0.5 + (upper ? half : -half);
	edge = (edge - info->intercept) / info->slope;
	/* outwards; a negative slope turns the stored values */
	edge = upper == (info->slope > 0) ? ceil(edge) : floor(edge);
	if (!(edge > -4e9 && edge < 4e9))
		return false;
	*value = (long long)edge;
	return true;
}

/* ---- the fill of a lossy JPEG ---- */

enum { LEVELS = JPEG_HIGH + 1 };

/* Only DCT coding has blocks. */
static bool has_blocks(const struct image_info *info)
{
	return info->mcu_columns > 1;
}

/* Signed values lie in the stream as two's complement. */
static long long level_value(const struct image_info *info,
			     enum jpeg_level level)
{
	long long half = 1LL << (info->bits_stored - 1);
	const long long code[LEVELS] = {
		[JPEG_LOW] = 0, [JPEG_MIDDLE] = half,
		[JPEG_HIGH] = 2 * half - 1,
	};

	return info->is_signed && code[level] >= half ?
	       code[level] - 2 * half : code[level];
}

enum jpeg_level mask_jpeg_level(const struct mask_plan *plan)
{
	const struct image_info *info = plan->info;
	enum jpeg_level level = JPEG_LOW;

	if (info->bits_stored < 1 || info->bits_stored > 32)
		return level;
	while (level < JPEG_HIGH &&
	       level_value(info, level) != plan->fill[0])
		level++;
	return level;
}

/* Of the three levels: the padding value, else black as displayed. */
static long long level_fill(const struct image_info *info, bool high)
{
	long long fill = level_value(info, JPEG_LOW);

	for (enum jpeg_level i = JPEG_LOW; i <= JPEG_HIGH; i++) {
		long long value = level_value(info, i);

		if (info->has_padding && info->padding == value)
			return value;
		if (high ? value > fill : value < fill)
			fill = value;
	}
	return fill;
}

static bool is_level(const struct image_info *info, long long value)
{
	return value == level_value(info, JPEG_LOW) ||
	       value == level_value(info, JPEG_MIDDLE) ||
	       value == level_value(info, JPEG_HIGH);
}

/* ---- the fill of the others ---- */

/* Grey: padding value, else black as displayed. */
static bool grey_fill(struct image *image, const struct image_info *info,
		      const struct mask_area *area, size_t areas,
		      long long *fill, struct error *err)
{
	/* PresentationLUTShape INVERSE goes with MONOCHROME1 (PS3.3
	   C.8.11.1.1.2): together they turn the picture once */
	bool high = info->photometric == PHOTOMETRIC_MONOCHROME1 ||
		    info->inverse;
	long long least, largest;
	bool found = false;

	if (has_blocks(info)) {
		*fill = level_fill(info, high);
		return true;
	}
	stored_range(info, &least, &largest);
	if (info->has_padding && info->padding >= least &&
	    info->padding <= largest) {
		*fill = info->padding;
		return true;
	}
	if (!info->is_signed) {
		*fill = high ? largest : least;
		return true;
	}
	if (!window_edge(info, high, fill)) {
		if (!outside_extremum(image, area, areas, high, fill, &found,
				      err))
			return false;
		if (!found)
			*fill = high ? largest : least;
	}
	*fill = *fill < least ? least : *fill > largest ? largest : *fill;
	return true;
}

/* The darkest of the most opaque entries; the first of equal ones. */
static long long palette_fill(const struct image *image,
			      const struct image_info *info)
{
	int first = 0, entries = 0, best = 0;
	long best_rank = -1, least = 0;
	const uint8_t *palette = image_palette(image, &first, &entries);
	long long lowest, highest;

	stored_range(info, &lowest, &highest);
	for (int i = 0; palette && i < entries; i++) {
		const uint8_t *p = palette + 4 * (size_t)i;
		/* Rec. 601 luma in thousandths (PS3.3 C.7.6.3.1.2) */
		long luma = 299L * p[0] + 587L * p[1] + 114L * p[2];
		long rank = p[3];

		if (first + i < lowest || first + i > highest ||
		    (has_blocks(info) && !is_level(info, first + i)))
			continue;
		if (rank > best_rank || (rank == best_rank && luma < least)) {
			best_rank = rank;
			least = luma;
			best = i;
		}
	}
	return first + best;
}

/* PNG: black may be the colour that is transparent; the fill is opaque. */
static void avoid_key(const struct image_info *info, long long *fill)
{
	for (int i = 0; i < info->samples; i++)
		if (!info->has_key || fill[i] != info->key[i])
			return;
	fill[info->samples - 1] ^= 1;
}

static bool choose_fill(struct image *image, const struct image_info *info,
			const struct mask_area *area, size_t areas,
			long long fill[MASK_FILLS], int *fills,
			struct error *err)
{
	bool integer = info->type != SAMPLE_F32 && info->type != SAMPLE_F64;
	long long full = info->bits_stored < 1 || info->bits_stored > 32 ? 0 :
			 (1LL << info->bits_stored) - 1;

	*fills = info->samples;
	memset(fill, 0, MASK_FILLS * sizeof(*fill));
	if (!integer) {
		for (int i = 0; i < info->samples && i < MASK_FILLS; i++)
			fill[i] = info->float_padding;
		return true;
	}
	if (info->bits_stored < 1 || info->bits_stored > 32 ||
	    info->samples < 1 || info->samples > MASK_FILLS)
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    info->bits_stored);
	switch (info->photometric) {
	case PHOTOMETRIC_MONOCHROME1:
	case PHOTOMETRIC_MONOCHROME2:
		return grey_fill(image, info, area, areas, fill, err);
	case PHOTOMETRIC_PALETTE:
		fill[0] = palette_fill(image, info);
		return true;
	case PHOTOMETRIC_YBR_FULL:
		/* neutral chroma (PS3.3 C.7.6.3.1.2) */
		fill[1] = fill[2] = (full + 1) / 2;
		return true;
	case PHOTOMETRIC_GREY_ALPHA:
		fill[1] = full;
		return true;
	case PHOTOMETRIC_RGB:
		if (info->samples == 4)
			fill[3] = full;
		return true;
	case PHOTOMETRIC_CMYK:
		for (int i = 0; i < info->samples; i++)
			fill[i] = full;
		return true;
	case PHOTOMETRICS:
		break;
	}
	return error_refuse(err, REASON_PIXEL_FORM, NULL, info->photometric);
}

bool mask_fill(struct image *image, const struct image_info *info,
	       const struct box_list *boxes, long long fill[MASK_FILLS],
	       int *fills, struct error *err)
{
	struct mask_area *area;
	size_t areas;
	bool ok = make_areas(info, boxes, &area, &areas, err) &&
		  choose_fill(image, info, area, areas, fill, fills, err);

	if (ok)
		avoid_key(info, fill);
	free(area);
	return ok;
}

/* ---- input and output ---- */

void mask_exif(unsigned char exif[MASK_EXIF], int orientation)
{
	static const unsigned char bare[MASK_EXIF] = {
		'M', 'M', 0, 42, 0, 0, 0, 8,    /* IFD 0 at byte 8 */
		0, 1,                           /* one entry */
		0x01, 0x12, 0, 3, 0, 0, 0, 1,   /* Orientation, 1 SHORT */
		0, 0, 0, 0,
		0, 0, 0, 0,                     /* no IFD 1 */
	};

	memcpy(exif, bare, MASK_EXIF);
	exif[19] = (unsigned char)orientation;
}

void mask_progress(const struct mask_plan *plan, long long done,
		   long long total)
{
	if (plan->progress && total > 0)
		plan->progress(plan->self, (int)(done * 1000 / total));
}

bool mask_write(int fd, const void *data, size_t length, struct error *err)
{
	const char *p = data;

	while (length) {
		ssize_t n = write(fd, p, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(err, ERR_WRITE,
				_("can't write: %s"),
				strerror(n < 0 ? errno : ENOSPC));
		p += n;
		length -= (size_t)n;
	}
	return true;
}

long long mask_read(int fd, void *data, size_t length, long long offset)
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

/* ---- the run ---- */

static bool refuse_unsupported(struct mask_plan *plan, struct error *err)
{
	const struct image_info *info = plan->info;

	switch (info->format) {
	case IMAGE_PNG:
		return error_refuse(err, REASON_PNG_FORM, NULL, 0);
	case IMAGE_JPEG:
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    info->bits_stored);
	default:
		return mask_frames_refuse(plan, err);
	}
}

static bool write_copy(struct mask_plan *plan, struct error *err)
{
	static bool (*const writers[IMAGE_FORMATS])(struct mask_plan *plan,
						    struct error *err) = {
		[IMAGE_DICOM] = mask_dicom,
		[IMAGE_PNG] = mask_png,
		[IMAGE_JPEG] = mask_jpeg,
	};
	struct mask_report *report = plan->report;
	off_t end;

	if (!plan->info->mask_supported && !plan->exact)
		return refuse_unsupported(plan, err);
	if (plan->exact ? !mask_exact(plan, err) :
			  !writers[plan->info->format](plan, err))
		return false;
	end = lseek(plan->out_fd, 0, SEEK_END);
	if (end < 0)
		return error_set(err, ERR_WRITE, _("can't write: %s"),
				 strerror(errno));
	report->bytes = (uint64_t)end;
	return true;
}

bool mask_run(int in_fd, int out_fd, const struct mask_job *job,
	      const struct box_list *boxes, struct mask_report *report,
	      void (*progress)(void *self, int permille), void *self,
	      struct error *err)
{
	struct mask_plan plan = {
		.job = job, .in_fd = in_fd, .out_fd = out_fd,
		.report = report, .progress = progress, .self = self,
		.faces = statement_faces(boxes),
	};
	struct image_info info;
	bool ok = false;

	*report = (struct mask_report){ 0 };
	plan.image = image_open(in_fd, err);
	if (!plan.image)
		return false;
	info = *image_info(plan.image);
	plan.exact = job->exact && mask_make_exact(&info);
	plan.info = &info;
	ok = mask_check_boxes(plan.info, boxes, err) &&
	     make_areas(plan.info, boxes, &plan.area, &plan.areas, err) &&
	     mask_fill(plan.image, plan.info, boxes, plan.fill, &plan.fills,
		       err);
	if (ok) {
		report->fills = plan.fills;
		memcpy(report->fill, plan.fill, sizeof(plan.fill));
		report->frames_touched = count_touched(plan.area, plan.areas);
		ok = write_copy(&plan, err) &&
		     image_was_read(plan.image, err);
	}
	free(plan.area);
	image_close(plan.image);
	return ok;
}
