/* seg.c - the masks of a DICOM file as a DICOM Segmentation. */
#include "config.h"

#include "exchange/seg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/uid.h"
#include "image/format_dicom.h"
#include "mask/mask.h"

enum { FRAMES_MOST = 65535, PIECE = 1 << 16, TEXT = 128 };
#define OBJECT_MOST (1ULL << 30)        /* bytes of pixels (DESIGN 4) */
#define SEG_CLASS "1.2.840.10008.5.1.4.1.1.66.4"
#define EXPLICIT_LITTLE "1.2.840.10008.1.2.1"

/* A frame of the object: a class of boxes in a frame of the copy. */
struct seg_frame {
	int segment;                    /* from 0 */
	int frame;                      /* of the copy, from 0 */
};

struct seg {
	const struct seg_job *job;
	const struct image_info *info;
	struct dicom_edit *edit;
	char instance[UID_SIZE], series[UID_SIZE], dimension[UID_SIZE];
	int segment_of[CLASSES];        /* -1: no box of it */
	int segments;
	struct seg_frame *frame;
	size_t frames;
	int out_fd;
	unsigned char piece[PIECE];
	size_t used;
	unsigned bits, bit;             /* of the byte begun */
	bool failed;
};

/* ---- elements, explicit little endian (PS3.5 7.1.2) ---- */

static void put_u16(struct buffer *b, unsigned value)
{
	const char bytes[2] = { (char)(value & 0xff), (char)(value >> 8) };

	buffer_append(b, bytes, sizeof(bytes));
}

static void put_u32(struct buffer *b, unsigned long value)
{
	put_u16(b, (unsigned)(value & 0xffff));
	put_u16(b, (unsigned)(value >> 16 & 0xffff));
}

static bool is_long(const char *vr)
{
	return !strcmp(vr, "SQ") || !strcmp(vr, "OB");
}

static void put_head(struct buffer *b, uint32_t tag, const char *vr,
		     size_t length)
{
	put_u16(b, tag >> 16);
	put_u16(b, tag & 0xffff);
	buffer_append(b, vr, 2);
	if (is_long(vr)) {
		put_u16(b, 0);
		put_u32(b, (unsigned long)length);
	} else {
		put_u16(b, (unsigned)length);
	}
}

static void put_text(struct buffer *b, uint32_t tag, const char *vr,
		     const char *text)
{
	size_t length = strlen(text);

	put_head(b, tag, vr, length + length % 2);
	buffer_append(b, text, length);
	if (length % 2)
		buffer_append(b, !strcmp(vr, "UI") ? "\0" : " ", 1);
}

static void put_short(struct buffer *b, uint32_t tag, unsigned value)
{
	put_head(b, tag, "US", 2);
	put_u16(b, value);
}

static void put_long(struct buffer *b, uint32_t tag, unsigned long value)
{
	put_head(b, tag, "UL", 4);
	put_u32(b, value);
}

static void put_tag(struct buffer *b, uint32_t tag, uint32_t value)
{
	put_head(b, tag, "AT", 4);
	put_u16(b, value >> 16);
	put_u16(b, value & 0xffff);
}

/* Append an item with these elements, which are used up. */
static void put_item(struct buffer *items, struct buffer *elements)
{
	put_u16(items, 0xfffe);
	put_u16(items, 0xe000);
	put_u32(items, (unsigned long)elements->length);
	buffer_append(items, elements->data ? elements->data : "",
		      elements->length);
	items->failed |= elements->failed;
	buffer_done(elements);
	*elements = (struct buffer){ 0 };
}

/* A sequence of these items, which are used up. */
static void put_sequence(struct buffer *b, uint32_t tag, struct buffer *items)
{
	put_head(b, tag, "SQ", items->length);
	buffer_append(b, items->data ? items->data : "", items->length);
	b->failed |= items->failed;
	buffer_done(items);
	*items = (struct buffer){ 0 };
}

/* A sequence of one item. */
static void put_one(struct buffer *b, uint32_t tag, struct buffer *elements)
{
	struct buffer items = { 0 };

	put_item(&items, elements);
	put_sequence(b, tag, &items);
}

static void put_code(struct buffer *b, uint32_t tag, const char *value,
		     const char *scheme, const char *meaning)
{
	struct buffer e = { 0 };

	put_text(&e, 0x00080100, "SH", value);
	put_text(&e, 0x00080102, "SH", scheme);
	put_text(&e, 0x00080104, "LO", meaning);
	put_one(b, tag, &e);
}

/* ---- what is taken over from the copy ---- */

/* A value in ASCII, of so many characters at most; else empty. */
static void put_same(struct buffer *b, const struct seg *s, uint32_t tag,
		     const char *vr, size_t most)
{
	char path[9], *text;
	bool plain = true;

	snprintf(path, sizeof(path), "%08x", (unsigned)tag);
	text = dicom_edit_get(s->edit, path);
	for (const char *p = text; p && *p; p++)
		plain = plain && *p >= ' ' && *p <= '~' && *p != '\\';
	put_text(b, tag, vr,
		 text && plain && strlen(text) <= most ? text : "");
	free(text);
}

static bool has_uid(const struct seg *s, const char *path,
		    char uid[UID_SIZE])
{
	char *text = dicom_edit_get(s->edit, path);
	bool valid = text && uid_valid(text);

	if (valid)
		snprintf(uid, UID_SIZE, "%s", text);
	free(text);
	return valid;
}

/* ---- modules, in the order of their tags ---- */

/* The copy: SOP class and instance. */
static void put_source(struct buffer *b, const struct seg *s)
{
	char uid[UID_SIZE] = "";

	has_uid(s, "00080016", uid);
	put_text(b, 0x00081150, "UI", uid);
	has_uid(s, "00080018", uid);
	put_text(b, 0x00081155, "UI", uid);
}

/* Common Instance Reference (PS3.3 C.12.2). */
static void put_series_reference(struct buffer *b, const struct seg *s)
{
	struct buffer series = { 0 }, instance = { 0 };
	char uid[UID_SIZE] = "";

	put_source(&instance, s);
	put_one(&series, 0x0008114a, &instance);
	has_uid(s, "0020000e", uid);
	put_text(&series, 0x0020000e, "UI", uid);
	put_one(b, 0x00081115, &series);
}

static void put_identification(struct buffer *b, const struct seg *s)
{
	put_text(b, 0x00080008, "CS", "DERIVED\\PRIMARY");
	put_text(b, 0x00080016, "UI", SEG_CLASS);
	put_text(b, 0x00080018, "UI", s->instance);
	put_same(b, s, 0x00080020, "DA", 8);
	/* of the contents no time is known that says nothing */
	put_text(b, 0x00080023, "DA", "19000101");
	put_same(b, s, 0x00080030, "TM", 16);
	put_text(b, 0x00080033, "TM", "000000");
	put_text(b, 0x00080050, "SH", "");
	put_text(b, 0x00080060, "CS", "SEG");
	put_text(b, 0x00080070, "LO", "suminuri");
	put_text(b, 0x00080090, "PN", "");
	put_text(b, 0x00081090, "LO", "suminuri");
	put_series_reference(b, s);
	put_text(b, 0x00100010, "PN", "");
	put_same(b, s, 0x00100020, "LO", 64);
	put_same(b, s, 0x00100030, "DA", 8);
	put_same(b, s, 0x00100040, "CS", 16);
	put_text(b, 0x00181000, "LO", "0");
	put_text(b, 0x00181020, "LO", PACKAGE_VERSION);
}

/* Multi-frame Dimension (PS3.3 C.7.6.17): segment, then place in the stack. */
static void put_dimensions(struct buffer *b, const struct seg *s)
{
	static const uint32_t index[2][2] = {
		{ 0x0062000b, 0x0062000a }, { 0x00209057, 0x00209111 } };
	struct buffer e = { 0 }, items = { 0 };

	put_text(&e, 0x00209164, "UI", s->dimension);
	put_one(b, 0x00209221, &e);
	for (int i = 0; i < 2; i++) {
		put_text(&e, 0x00209164, "UI", s->dimension);
		put_tag(&e, 0x00209165, index[i][0]);
		put_tag(&e, 0x00209167, index[i][1]);
		put_item(&items, &e);
	}
	put_sequence(b, 0x00209222, &items);
}

static void put_picture(struct buffer *b, const struct seg *s)
{
	char uid[UID_SIZE] = "", number[16];

	has_uid(s, "0020000d", uid);
	put_text(b, 0x0020000d, "UI", uid);
	put_text(b, 0x0020000e, "UI", s->series);
	put_text(b, 0x00200010, "SH", "");
	put_text(b, 0x00200011, "IS", "1");
	put_text(b, 0x00200013, "IS", "1");
	put_text(b, 0x00200020, "CS", "");      /* PatientOrientation, 2C */
	put_dimensions(b, s);
	put_short(b, 0x00280002, 1);
	put_text(b, 0x00280004, "CS", "MONOCHROME2");
	snprintf(number, sizeof(number), "%zu", s->frames);
	put_text(b, 0x00280008, "IS", number);
	put_short(b, 0x00280010, (unsigned)s->info->rows);
	put_short(b, 0x00280011, (unsigned)s->info->columns);
	put_short(b, 0x00280100, 1);
	put_short(b, 0x00280101, 1);
	put_short(b, 0x00280102, 0);
	put_short(b, 0x00280103, 0);
	put_text(b, 0x00282110, "CS", "00");
}

/* A segment a class.  No code of DICOM names burned-in text: those are ours. */
static void put_segments(struct buffer *b, const struct seg *s)
{
	struct buffer e = { 0 }, items = { 0 };

	put_text(b, 0x00620001, "CS", "BINARY");
	for (int n = 0; n < s->segments; n++) {
		int i = 0;

		while (s->segment_of[i] != n)
			i++;
		put_code(&e, 0x00620003, "260787004", "SCT",
			 "Physical object");
		put_short(&e, 0x00620004, (unsigned)n + 1);
		put_text(&e, 0x00620005, "LO", box_class_name[i]);
		put_text(&e, 0x00620008, "CS", "MANUAL");
		if (i == CLASS_FACE)
			put_code(&e, 0x0062000f, "89545001", "SCT", "Face");
		else
			put_code(&e, 0x0062000f, box_class_name[i],
				 "99SUMINURI", box_class_name[i]);
		put_item(&items, &e);
	}
	put_sequence(b, 0x00620002, &items);
	put_text(b, 0x00620013, "CS", "UNDEFINED");
	put_text(b, 0x00700080, "CS", "MASKS");
	put_text(b, 0x00700081, "LO", "");
	put_text(b, 0x00700084, "PN", "");
}

/* Derivation Image (PS3.3 C.7.6.16.2.6): the frame of the copy. */
static void put_derivation(struct buffer *b, const struct seg *s, int frame)
{
	struct buffer source = { 0 }, e = { 0 };
	char number[16];

	put_source(&source, s);
	if (s->info->frames > 1) {
		snprintf(number, sizeof(number), "%d", frame + 1);
		put_text(&source, 0x00081160, "IS", number);
	}
	put_code(&source, 0x0040a170, "121322", "DCM",
		 "Source image for image processing operation");
	put_one(&e, 0x00082112, &source);
	put_code(&e, 0x00089215, "113076", "DCM", "Segmentation");
	put_one(b, 0x00089124, &e);
}

static void put_frame(struct buffer *items, const struct seg *s,
		      const struct seg_frame *f)
{
	struct buffer all = { 0 }, e = { 0 };

	put_derivation(&all, s, f->frame);
	put_text(&e, 0x00209056, "SH", "1");
	put_long(&e, 0x00209057, (unsigned long)f->frame + 1);
	put_head(&e, 0x00209157, "UL", 8);
	put_u32(&e, (unsigned long)f->segment + 1);
	put_u32(&e, (unsigned long)f->frame + 1);
	put_one(&all, 0x00209111, &e);
	put_short(&e, 0x0062000b, (unsigned)f->segment + 1);
	put_one(&all, 0x0062000a, &e);
	put_item(items, &all);
}

static void put_groups(struct buffer *b, const struct seg *s)
{
	struct buffer none = { 0 }, items = { 0 };

	put_one(b, 0x52009229, &none);
	for (size_t i = 0; i < s->frames; i++)
		put_frame(&items, s, &s->frame[i]);
	put_sequence(b, 0x52009230, &items);
}

/* ---- the file ---- */

static void put_meta(struct buffer *b, const struct seg *s)
{
	static const char zeros[128];
	struct buffer group = { 0 };

	put_head(&group, 0x00020001, "OB", 2);
	buffer_append(&group, "\0\1", 2);
	put_text(&group, 0x00020002, "UI", SEG_CLASS);
	put_text(&group, 0x00020003, "UI", s->instance);
	put_text(&group, 0x00020010, "UI", EXPLICIT_LITTLE);
	put_text(&group, 0x00020012, "UI", DICOM_IMPLEMENTATION_UID);
	put_text(&group, 0x00020013, "SH", DICOM_IMPLEMENTATION_VERSION);
	buffer_append(b, zeros, sizeof(zeros));
	buffer_puts(b, "DICM");
	put_long(b, 0x00020000, (unsigned long)group.length);
	buffer_append(b, group.data ? group.data : "", group.length);
	b->failed |= group.failed;
	buffer_done(&group);
}

static void flush(struct seg *s)
{
	size_t done = 0;

	while (!s->failed && done < s->used) {
		ssize_t n = write(s->out_fd, s->piece + done, s->used - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			s->failed = true;
		else
			done += (size_t)n;
	}
	s->used = 0;
}

static void put_byte(struct seg *s, unsigned byte)
{
	if (s->used == PIECE)
		flush(s);
	s->piece[s->used++] = (unsigned char)byte;
}

/* Bits of one row, least significant first (PS3.5 8.2), across frames. */
static void put_row(struct seg *s, const unsigned char *row, int columns)
{
	for (int x = 0; x < columns; x++) {
		s->bits |= (unsigned)(row[x] & 1) << s->bit;
		if (++s->bit < 8)
			continue;
		put_byte(s, s->bits);
		s->bits = s->bit = 0;
	}
}

static bool is_drawn(const struct box *b)
{
	return b->tier == TIER_BOX && b->plane == PLANE_PICTURE;
}

static void draw_row(const struct seg *s, const struct seg_frame *f, int y,
		     unsigned char *row)
{
	memset(row, 0, (size_t)s->info->columns);
	for (size_t i = 0; i < s->job->boxes->count; i++) {
		const struct box *b = &s->job->boxes->box[i];
		struct region r;

		if (!is_drawn(b) || s->segment_of[b->class_] != f->segment ||
		    b->frame0 > f->frame || b->frame1 < f->frame)
			continue;
		r = mask_grown(s->info, b->region, NULL);
		if (y >= r.y0 && y < r.y1)
			memset(row + r.x0, 1, (size_t)region_width(r));
	}
}

static bool put_pixels(struct seg *s, void (*tell)(void *self, int permille),
		       void *self, struct error *err)
{
	unsigned char *row = malloc((size_t)s->info->columns);

	if (!row)
		return error_set(err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; !s->failed && i < s->frames; i++) {
		for (int y = 0; y < s->info->rows; y++) {
			draw_row(s, &s->frame[i], y, row);
			put_row(s, row, s->info->columns);
			if (y % 1024 == 0)
				tell(self, (int)(1000 * i / s->frames));
		}
	}
	free(row);
	return true;
}

/* ---- what there is to draw ---- */

static void find_segments(struct seg *s)
{
	for (int i = 0; i < CLASSES; i++)
		s->segment_of[i] = -1;
	for (int i = 0; i < CLASSES; i++)
		for (size_t n = 0; n < s->job->boxes->count; n++) {
			const struct box *b = &s->job->boxes->box[n];

			if (is_drawn(b) && (int)b->class_ == i &&
			    s->segment_of[i] < 0)
				s->segment_of[i] = s->segments++;
		}
}

static bool has_box(const struct seg *s, int segment, int frame)
{
	for (size_t i = 0; i < s->job->boxes->count; i++) {
		const struct box *b = &s->job->boxes->box[i];

		if (is_drawn(b) && s->segment_of[b->class_] == segment &&
		    b->frame0 <= frame && b->frame1 >= frame)
			return true;
	}
	return false;
}

static bool find_frames(struct seg *s, struct error *err)
{
	size_t capacity = 0;

	for (int segment = 0; segment < s->segments; segment++)
		for (int frame = 0; frame < s->info->frames; frame++) {
			if (!has_box(s, segment, frame))
				continue;
			if (s->frames == FRAMES_MOST)
				return error_refuse(err,
						    REASON_TOO_MANY_FRAMES,
						    NULL, FRAMES_MOST);
			if (!mem_grow(&s->frame, &capacity, s->frames,
				      sizeof(*s->frame)))
				return error_set(err, ERR_MEMORY,
						 _("no memory"));
			s->frame[s->frames++] =
				(struct seg_frame){ segment, frame };
		}
	return true;
}

/* UIDs that are the same for the same copy: a second export is no other. */
static bool make_uids(struct seg *s, struct error *err)
{
	char copy[UID_SIZE] = "", text[TEXT];
	char *const uid[] = { s->instance, s->series, s->dimension };

	has_uid(s, "00080018", copy);
	for (int i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "seg %d %s", i, copy);
		if (!uid_map(s->job->uid_key, text, uid[i]))
			return error_set(err, ERR_MEMORY, _("no memory"));
	}
	return true;
}

static bool write_all(struct seg *s, void (*tell)(void *self, int permille),
		      void *self, struct error *err)
{
	unsigned long long pixels = (unsigned long long)s->info->rows *
				    (unsigned long long)s->info->columns *
				    s->frames;
	unsigned long long bytes = (pixels + 7) / 8;
	struct buffer head = { 0 };

	bytes += bytes % 2;
	if (bytes > OBJECT_MOST)
		return error_refuse(err, REASON_DECODED_TOO_LARGE, NULL,
				    (long long)bytes);
	put_meta(&head, s);
	put_identification(&head, s);
	put_picture(&head, s);
	put_segments(&head, s);
	put_groups(&head, s);
	put_head(&head, 0x7fe00010, "OB", (size_t)bytes);
	if (head.failed) {
		buffer_done(&head);
		return error_set(err, ERR_MEMORY, _("no memory"));
	}
	for (size_t i = 0; i < head.length; i++)
		put_byte(s, (unsigned char)head.data[i]);
	buffer_done(&head);
	if (!put_pixels(s, tell, self, err))
		return false;
	if (s->bit)
		put_byte(s, s->bits);
	if ((pixels + 7) / 8 % 2)
		put_byte(s, 0);
	flush(s);
	return !s->failed || error_set(err, ERR_WRITE,
				       _("can't be written: make room and "
					 "repeat"));
}

bool seg_write(int in_fd, int out_fd, const struct seg_job *job,
	       void (*tell)(void *self, int permille), void *self,
	       struct error *err)
{
	struct seg *s = calloc(1, sizeof(*s));
	struct image *image = s ? image_open(in_fd, err) : NULL;
	bool ok = false;

	if (!s)
		return error_set(err, ERR_MEMORY, _("no memory"));
	s->job = job;
	s->out_fd = out_fd;
	if (image) {
		s->info = image_info(image);
		s->edit = dicom_edit_open(in_fd, err);
		find_segments(s);
		ok = s->edit && make_uids(s, err) && find_frames(s, err) &&
		     write_all(s, tell, self, err);
	}
	free(s->frame);
	dicom_edit_close(s->edit);
	image_close(image);
	free(s);
	return ok;
}
