/*
 * verify_frames.c - the encapsulated pixels of a masked DICOM file: every item
 * and offset by a walk of our own over its bytes, and each frame against that
 * of the input.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/format_jpeg.h"
#include "mask/verify_parts.h"

enum { ITEM_HEAD = 8, ELEMENT_HEAD = 12 };

/* (7FE0,0001) and (7FE0,0002), PS3.3 C.7.6.3.1.8; (7FE0,0003). */
enum table { TABLE_OFFSETS, TABLE_LENGTHS, TABLE_TOTAL, TABLES };

struct item {
	long long offset;               /* of its value in the file */
	size_t length;
};

struct walk {
	struct verifier *v;
	long long at, size;             /* next byte; of the file */
	unsigned char *table[TABLES];   /* [table_length], little endian */
	size_t table_length[TABLES];
	unsigned char *basic;           /* Basic Offset Table */
	size_t basic_length;
	struct item *item;              /* the fragments */
	size_t items, capacity;
	size_t *first;                  /* [frames + 1]: fragments of frames */
};

static bool bad(const struct walk *w, enum verify_class class_)
{
	return verify_found(w->v, class_, -1, -1, -1);
}

static uint64_t get_number(const unsigned char *p, size_t bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

/* ---- the walk: every byte from group 7FE0 to the end of the file ---- */

static bool take(struct walk *w, void *data, size_t length)
{
	if ((long long)length > w->size - w->at ||
	    verify_read_some(w->v->out_fd, w->at, data, length) !=
		    (long long)length)
		return bad(w, VERIFY_FORMAT);
	w->at += (long long)length;
	return true;
}

/* A table of numbers; no longer than the frames want. */
static bool take_table(struct walk *w, unsigned char **table, size_t *length,
		       uint64_t bytes, size_t width)
{
	if (*table || bytes > width * (size_t)w->v->out_info->frames ||
	    bytes % width)
		return bad(w, VERIFY_OFFSETS);
	*length = (size_t)bytes;
	*table = mem_array(*length + 1, 1);
	return *table ? take(w, *table, *length) : bad(w, VERIFY_FORMAT);
}

/* The elements of group 7FE0 up to the head of the pixels. */
static bool take_elements(struct walk *w)
{
	static const unsigned char pixels[ELEMENT_HEAD] = {
		0xe0, 0x7f, 0x10, 0, 'O', 'B', 0, 0, 0xff, 0xff, 0xff, 0xff,
	};
	static const char vr[TABLES][3] = { "OV", "OV", "UV" };
	unsigned char head[ELEMENT_HEAD];
	int last = -1;

	for (;;) {
		int i;

		if (!take(w, head, sizeof(head)))
			return false;
		if (!memcmp(head, pixels, sizeof(head)))
			return true;
		i = head[2] - 1;
		if (memcmp(head, pixels, 2) != 0 || head[3] || i <= last ||
		    i >= TABLES || memcmp(head + 4, vr[i], 2) != 0 ||
		    head[6] || head[7])
			return bad(w, VERIFY_FORMAT);
		last = i;
		if (!take_table(w, &w->table[i], &w->table_length[i],
				get_number(head + 8, 4), 8))
			return false;
	}
}

/* The head of an item; its length to *length, or *end at the delimiter. */
static bool take_head(struct walk *w, size_t *length, bool *end)
{
	static const unsigned char item[4] = { 0xfe, 0xff, 0x00, 0xe0 };
	static const unsigned char delimiter[ITEM_HEAD] = { 0xfe, 0xff, 0xdd,
							    0xe0 };
	unsigned char head[ITEM_HEAD];

	if (!take(w, head, sizeof(head)))
		return false;
	*end = !memcmp(head, delimiter, sizeof(head));
	*length = (size_t)get_number(head + 4, 4);
	if (!*end && (memcmp(head, item, sizeof(item)) != 0 || *length % 2 ||
		      (long long)*length > w->size - w->at))
		return bad(w, VERIFY_FORMAT);
	return true;
}

/* PS3.5 A.4: an item with the table, the fragments, the delimiter. */
static bool take_items(struct walk *w, struct error *err)
{
	size_t length;
	bool end;

	if (!take_head(w, &length, &end))
		return false;
	if (end)
		return bad(w, VERIFY_FORMAT);
	if (!take_table(w, &w->basic, &w->basic_length, length, 4))
		return false;
	for (;;) {
		if (!take_head(w, &length, &end))
			return false;
		if (end)
			break;
		if (!mem_grow(&w->item, &w->capacity, w->items,
			      sizeof(*w->item)))
			return error_set(err, ERR_MEMORY, _("no memory"));
		w->item[w->items++] = (struct item){ w->at, length };
		w->at += (long long)length;
	}
	return w->at == w->size || bad(w, VERIFY_TRAILER);
}

/* ---- which fragments are whose ---- */

static uint64_t offset_of(const struct walk *w, size_t item)
{
	return (uint64_t)(w->item[item].offset - w->item[0].offset);
}

/* The table names the first fragment of each frame (PS3.5 A.4). */
static bool group_by(const struct walk *w, const unsigned char *table,
		     size_t length, size_t width)
{
	size_t frames = (size_t)w->v->out_info->frames, f = 0;

	if (length != frames * width)
		return false;
	for (size_t i = 0; i < w->items && f < frames; i++)
		if (get_number(table + f * width, width) == offset_of(w, i))
			w->first[f++] = i;
	return f == frames && !w->first[0];
}

/* Does a code stream begin there: SOI or SOC? */
static bool starts_stream(const struct walk *w, size_t item)
{
	unsigned char head[3] = { 0 };

	return verify_read_some(w->v->out_fd, w->item[item].offset, head,
				sizeof(head)) == sizeof(head) &&
	       head[0] == 0xff && (head[1] == 0xd8 || head[1] == 0x4f) &&
	       head[2] == 0xff;
}

static bool group_by_starts(const struct walk *w)
{
	size_t frames = (size_t)w->v->out_info->frames, f = 0;

	if (w->items == frames) {
		for (; f < frames; f++)
			w->first[f] = f;
		return true;
	}
	if (frames == 1 && w->items) {
		w->first[0] = 0;
		return true;
	}
	for (size_t i = 0; i < w->items; i++) {
		if (!starts_stream(w, i))
			continue;
		if (f == frames)
			return false;
		w->first[f++] = i;
	}
	return f == frames && !w->first[0];
}

/* One fragment a frame, of the length that is told, its pad counted or not. */
static bool lengths_hold(const struct walk *w)
{
	const unsigned char *table = w->table[TABLE_LENGTHS];
	size_t frames = (size_t)w->v->out_info->frames;

	if (w->items != frames ||
	    w->table_length[TABLE_LENGTHS] != frames * 8)
		return false;
	for (size_t i = 0; i < frames; i++) {
		uint64_t told = get_number(table + 8 * i, 8);

		if (told != w->item[i].length &&
		    (told % 2 == 0 || told + 1 != w->item[i].length))
			return false;
	}
	return true;
}

static bool total_holds(const struct walk *w)
{
	uint64_t total = 0;

	for (size_t i = 0; i < w->items; i++)
		total += w->item[i].length;
	return w->table_length[TABLE_TOTAL] == 8 &&
	       get_number(w->table[TABLE_TOTAL], 8) == total;
}

/* An Extended Offset Table has both parts, and none where IN had none. */
static bool extended_holds(const struct walk *w)
{
	struct dicom_fragments in;

	return dicom_fragments(w->v->in, &in) && in.extended &&
	       w->table[TABLE_OFFSETS] && w->table[TABLE_LENGTHS] &&
	       !w->basic_length && lengths_hold(w) &&
	       group_by(w, w->table[TABLE_OFFSETS],
			w->table_length[TABLE_OFFSETS], 8);
}

/* The reader of the copy sees the frames where the walk does. */
static bool reader_agrees(const struct walk *w)
{
	for (int f = 0; f < w->v->out_info->frames; f++) {
		size_t first, count;

		dicom_frame_fragments(w->v->out, f, &first, &count);
		if (first != w->first[f] ||
		    count != w->first[f + 1] - w->first[f])
			return false;
	}
	return true;
}

static bool group(struct walk *w, struct error *err)
{
	size_t frames = (size_t)w->v->out_info->frames;

	w->first = mem_array(frames + 1, sizeof(*w->first));
	if (!w->first)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (!w->items)
		return bad(w, VERIFY_FORMAT);
	w->first[frames] = w->items;
	if (w->basic_length && !group_by(w, w->basic, w->basic_length, 4))
		return bad(w, VERIFY_OFFSETS);
	if ((w->table[TABLE_OFFSETS] || w->table[TABLE_LENGTHS]) &&
	    !extended_holds(w))
		return bad(w, VERIFY_OFFSETS);
	if (w->table[TABLE_TOTAL] && !total_holds(w))
		return bad(w, VERIFY_OFFSETS);
	if (!w->basic_length && !w->table[TABLE_OFFSETS] &&
	    !group_by_starts(w))
		return bad(w, VERIFY_FORMAT);
	return reader_agrees(w) || bad(w, VERIFY_FORMAT);
}

/* ---- frames ---- */

/* The code stream of a frame of the copy; free() it. */
static unsigned char *read_stream(const struct walk *w, int frame_index,
				  size_t *length, struct error *err)
{
	size_t end = w->first[frame_index + 1], at = 0;
	unsigned char *stream;

	*length = 0;
	for (size_t i = w->first[frame_index]; i < end; i++)
		*length += w->item[i].length;
	stream = malloc(*length + 1);
	if (!stream) {
		error_refuse(err, REASON_NO_MEMORY, NULL, 0);
		return NULL;
	}
	for (size_t i = w->first[frame_index]; i < end; i++) {
		if (!verify_read(w->v->out_fd, w->item[i].offset, stream + at,
				 w->item[i].length, err)) {
			free(stream);
			return NULL;
		}
		at += w->item[i].length;
	}
	return stream;
}

/* The same bytes in the same fragments. */
static bool same_fragments(const struct walk *w, const struct verify_stream *t)
{
	size_t own = w->first[t->frame_index], first, count;

	dicom_frame_fragments(w->v->in, t->frame_index, &first, &count);
	if (count != w->first[t->frame_index + 1] - own ||
	    t->in_length != t->out_length)
		return false;
	for (size_t i = 0; i < count; i++)
		if (dicom_fragment_length(w->v->in, first + i) !=
		    w->item[own + i].length)
			return false;
	return !memcmp(t->in, t->out, t->in_length);
}

static bool is_touched(const struct verifier *v, int frame_index)
{
	for (size_t i = 0; i < v->areas; i++)
		if (v->area[i].frame0 <= frame_index &&
		    v->area[i].frame1 >= frame_index)
			return true;
	return false;
}

/* DCT coding: its coefficients can be compared. */
static bool has_blocks(const unsigned char *stream, size_t length,
		       enum dicom_coding coding)
{
	struct jpeg_head head;

	return coding == DICOM_JPEG &&
	       jpeg_head_read(stream, length, &head, NULL) &&
	       head.sof != JPEG_SOF3;
}

/*
 * A frame that was written anew: its coefficients are right, or its samples
 * are and its coding loses none of them.
 */
static bool check_new(struct verifier *v, const struct verify_stream *t,
		      enum dicom_coding in, enum dicom_coding out,
		      struct error *err)
{
	struct dicom_stream about;

	if (has_blocks(t->in, t->in_length, in) &&
	    has_blocks(t->out, t->out_length, out))
		return verify_blocks(v, t, err);
	if (!dicom_stream_read(v->out, t->out, t->out_length, &about, NULL) ||
	    !about.reversible)
		return verify_found(v, VERIFY_FORMAT, t->frame_index, -1, -1);
	return verify_samples(v, t->frame_index, err);
}

/*
 * The JPEG family ends at a marker, not at its last sample: only reading a
 * stream strictly shows bytes between the two.  DCMTK's decoders refuse them.
 */
static bool check_same(struct verifier *v, const struct verify_stream *t,
		       enum dicom_coding coding)
{
	struct frame *f;

	if (has_blocks(t->out, t->out_length, coding))
		return verify_scans(v, t);
	if (coding != DICOM_JPEG && coding != DICOM_JPEG_LS)
		return true;
	f = image_frame(v->out, t->frame_index, NULL);
	frame_free(f);
	return f || verify_found(v, VERIFY_FORMAT, t->frame_index, -1, -1);
}

static bool check_streams(const struct walk *w, struct verify_stream *t,
			  enum dicom_coding in, enum dicom_coding out,
			  struct error *err)
{
	struct verifier *v = w->v;
	bool same = in == out && same_fragments(w, t);
	struct dicom_stream about;
	struct verify_stream bare = *t;

	/* what the other coding had means nothing here */
	if (in != out)
		bare.in_length = 0;
	if (!verify_carriers(v, &bare, out, err))
		return false;
	t->rgb = dicom_stream_read(v->out, t->out, t->out_length, &about,
				   NULL) && about.rgb;
	if (!same || is_touched(v, t->frame_index) ?
	    !check_new(v, t, in, out, err) : !check_same(v, t, out))
		return false;
	return verify_unused(v, t->frame_index, err);
}

static bool check_frame(const struct walk *w, int frame_index,
			enum dicom_coding in, enum dicom_coding out,
			struct error *err)
{
	struct verify_stream t = { .frame_index = frame_index,
				   .fragment = true };
	unsigned char *a, *b;
	bool ok = false;

	a = dicom_frame_stream(w->v->in, frame_index, &t.in_length, err);
	if (!a)
		return false;
	b = read_stream(w, frame_index, &t.out_length, err);
	t.in = a;
	t.out = b;
	ok = b && check_streams(w, &t, in, out, err);
	free(a);
	free(b);
	return ok;
}

static bool check_frames(const struct walk *w, struct error *err)
{
	struct dicom_fragments in, out;
	int frames = w->v->out_info->frames;

	if (!dicom_fragments(w->v->in, &in) || !dicom_fragments(w->v->out,
								&out))
		return bad(w, VERIFY_FORMAT);
	for (int i = 0; i < frames; i++) {
		if (!check_frame(w, i, in.coding, out.coding, err))
			return false;
		if (w->v->progress)
			w->v->progress(w->v->self,
				       (int)((i + 1) * 1000LL / frames));
	}
	return true;
}

bool verify_frames(struct verifier *v, long long offset, struct error *err)
{
	struct walk w = { .v = v, .at = offset };
	struct stat st;
	bool ok = false;

	if (fstat(v->out_fd, &st))
		return error_refuse(err, REASON_UNREADABLE, NULL, 0);
	w.size = st.st_size;
	ok = take_elements(&w) && take_items(&w, err) && group(&w, err) &&
	     check_frames(&w, err);
	for (int i = 0; i < TABLES; i++)
		free(w.table[i]);
	free(w.basic);
	free(w.item);
	free(w.first);
	return ok;
}
