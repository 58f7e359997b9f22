/*
 * verify_dicom.c - the header of a masked DICOM file against that of its
 * input, element by element and by the rules of the profile; and its ends.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/uid.h"
#include "image/deflate.h"
#include "image/format_dicom.h"
#include "mask/statement.h"
#include "mask/tags.h"
#include "mask/verify_parts.h"

/* An element of the input that has to be in the output, and how. */
struct expected {
	char *path;
	char vr[3];
	enum tag_action action;
	enum dicom_action want;
	char *old;                      /* text of the input, or NULL */
	char *text;                     /* of DICOM_SET, or NULL */
	bool is_sequence, seen;
	int items;
	size_t length;
	uint8_t digest[HASH_SIZE];      /* of bytes that are no text */
};

struct comparison {
	struct verifier *v;
	struct expected *element;       /* sorted by path */
	size_t count, capacity;
	bool no_memory;
	struct statement_facts facts;
	bool offset_known;              /* of dates, when there is no job */
	long offset;
};

/* What is not known of a job is not compared; the rules still hold. */
static const struct mask_job unknown_job = { .age_cap = 89 };

/* ---- the input: what has to become of it ---- */

static bool copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return !from || *to;
}

static enum dicom_action expect(void *self, const struct dicom_element *e,
				char value[DICOM_VALUE])
{
	struct comparison *c = self;
	const struct mask_job *job = c->v->job ? c->v->job : &unknown_job;
	enum tag_action action = tags_element(c->v->profile, e);
	enum dicom_action want = tags_apply(action, job, e->text, value);
	struct expected *x;

	statement_see(&c->facts, e);
	if (!c->v->job && action == TAG_PATIENT_ID)
		want = DICOM_SET;
	if (want == DICOM_REMOVE)
		return DICOM_REMOVE;
	if (!mem_grow(&c->element, &c->capacity, c->count,
		      sizeof(*c->element))) {
		c->no_memory = true;
		return DICOM_REMOVE;
	}
	x = &c->element[c->count++];
	*x = (struct expected){ .action = action, .want = want,
				.is_sequence = e->is_sequence,
				.items = e->items, .length = e->length };
	memcpy(x->vr, e->vr, sizeof(x->vr));
	if (!copy_text(&x->path, e->path) || !copy_text(&x->old, e->text) ||
	    !copy_text(&x->text, want == DICOM_SET ? value : NULL) ||
	    (e->bytes && !hash_bytes(e->bytes, e->length, x->digest)))
		c->no_memory = true;
	/* in memory only: what is set or emptied is not looked into */
	return want == DICOM_SET ? DICOM_KEEP : want;
}

static int compare_paths(const void *a, const void *b)
{
	const struct expected *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static struct expected *find_expected(const struct comparison *c,
				      const char *path)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(path, c->element[middle].path);

		if (!order)
			return &c->element[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* ---- the output: does it hold? ---- */

/* The rule for dates without a job: one offset for all of the file. */
static bool same_shift(struct comparison *c, const char *old, const char *text)
{
	long before, after;
	size_t used = tags_parse_date(old, &before);

	if (!used || !tags_parse_date(text, &after) ||
	    strcmp(old + used, text + 8) != 0)
		return strchr(old, '\\') != NULL;
	if (!c->offset_known)
		c->offset = after - before;
	c->offset_known = true;
	return after - before == c->offset;
}

/* Values that only the holder of the key can work out. */
static bool right_form(struct comparison *c, const struct expected *x,
		       const char *text)
{
	switch (x->action) {
	case TAG_PATIENT_ID:
		return !x->old || !*x->old || strcmp(x->old, text) != 0;
	case TAG_DATE:
		return same_shift(c, x->old, text);
	case TAG_UID:
		return !strncmp(text, "2.25.", 5);
	case TAG_UID_UNLESS_STANDARD:
	case TAG_UID_KEPT:
		return !strncmp(text, "2.25.", 5) || !strcmp(text, x->text);
	default:
		return !strcmp(text, x->text);
	}
}

static bool matches(struct comparison *c, const struct expected *x,
		    const struct dicom_element *e)
{
	uint8_t digest[HASH_SIZE] = { 0 };

	if (memcmp(x->vr, e->vr, sizeof(x->vr)) != 0 ||
	    x->is_sequence != e->is_sequence)
		return false;
	switch (x->want) {
	case DICOM_EMPTY:
		return !e->length && !e->items;
	case DICOM_SET:
		if (!e->text)
			return false;
		return c->v->job ? !strcmp(e->text, x->text) :
				   right_form(c, x, e->text);
	default:
		break;
	}
	if (e->is_sequence)
		return e->items == x->items;
	if (e->text || x->old)
		return e->text && x->old && !strcmp(e->text, x->old);
	if (e->bytes && !hash_bytes(e->bytes, e->length, digest))
		c->no_memory = true;
	return e->length == x->length &&
	       !memcmp(digest, x->digest, sizeof(digest));
}

/* ---- what a copy says about itself: statement.h ---- */

static bool starts(const char *text, const char *start)
{
	return text && !strncmp(text, start, strlen(start));
}

/* Part of the own item of a code. */
static bool is_code(const struct statement *s, const struct dicom_element *e)
{
	char path[16];

	snprintf(path, sizeof(path), "%08x[", (unsigned)s->tag);
	return e->depth == 1 && e->text && starts(e->path, path) &&
	       ((e->tag == 0x00080100 && !strcmp(e->text, s->text)) ||
		(e->tag == 0x00080102 && !strcmp(e->text, "DCM")) ||
		(e->tag == 0x00080104 && !strcmp(e->text, s->meaning)));
}

static bool is_said_by(const struct comparison *c, const struct expected *x,
		       const struct dicom_element *e, bool reviewed)
{
	struct statement_facts facts = c->facts;
	struct statement list[STATEMENTS];
	size_t count;
	int codes = 0;

	facts.reviewed = reviewed;
	count = statement_list(&facts, list);
	for (size_t i = 0; i < count; i++) {
		const struct statement *s = &list[i];

		if (s->meaning && is_code(s, e))
			return true;
		if (e->depth || s->tag != e->tag || memcmp(s->vr, e->vr, 3))
			continue;
		if (!s->meaning)
			return e->text && !strcmp(e->text, s->text);
		codes++;
	}
	return codes && e->items == (x ? x->items : 0) + codes;
}

/* Without the job it is not known whether there was a verdict. */
static bool is_said(const struct comparison *c, const struct expected *x,
		    const struct dicom_element *e)
{
	if (c->v->job)
		return is_said_by(c, x, e, c->v->job->reviewed);
	return is_said_by(c, x, e, false) || is_said_by(c, x, e, true);
}

/* What another coding of the same pixels changes (PS3.3 C.7.6.3.1.2). */
static bool is_recoded(const struct comparison *c, const struct expected *x,
		       const struct dicom_element *e)
{
	static const char *const colour[][2] = {
		{ "YBR_ICT", "YBR_RCT" }, { "RGB", "YBR_RCT" },
		{ "YBR_RCT", "RGB" }, { "YBR_ICT", "RGB" },
		{ "YBR_FULL", "RGB" }, { "YBR_FULL_422", "RGB" },
		{ "YBR_PARTIAL_422", "RGB" }, { "YBR_PARTIAL_420", "RGB" },
		{ "YBR_FULL", "YBR_RCT" }, { "YBR_FULL_422", "YBR_RCT" },
	};

	if (e->depth || !e->text ||
	    !strcmp(c->v->in_info->syntax, c->v->out_info->syntax))
		return false;
	if (e->tag == 0x00280006)       /* PlanarConfiguration */
		return !strcmp(e->text, "0");
	for (size_t i = 0; i < sizeof(colour) / sizeof(colour[0]); i++)
		if (e->tag == 0x00280004 && x && x->old &&
		    !strcmp(x->old, colour[i][0]) &&
		    !strcmp(e->text, colour[i][1]))
			return true;
	return false;
}

/* A file without a usable instance UID gets one. */
static bool is_new_instance(const struct expected *x,
			    const struct dicom_element *e)
{
	return e->tag == 0x00080018 && !e->depth && starts(e->text, "2.25.") &&
	       (!x || x->want == DICOM_EMPTY || !x->old || !*x->old);
}

static enum dicom_action compare(void *self, const struct dicom_element *e,
				 char value[DICOM_VALUE])
{
	struct comparison *c = self;
	struct expected *x = find_expected(c, e->path);

	(void)value;
	if (c->v->result->status != VERIFY_OK)
		return DICOM_REMOVE;    /* the first finding counts */
	if (x)
		x->seen = true;
	if ((x && matches(c, x, e)) || is_said(c, x, e) ||
	    is_recoded(c, x, e) || is_new_instance(x, e))
		return DICOM_KEEP;
	verify_found(c->v, tags_carrier(e->tag) ? VERIFY_CARRIER :
						  VERIFY_ATTRIBUTE,
		     -1, -1, -1);
	return DICOM_REMOVE;
}

/* An item of the sequence of s with its code. */
static bool has_code(const struct dicom_edit *out, const struct statement *s)
{
	char path[48], *value;
	bool equal = false, more = true;

	for (int i = 0; more && !equal; i++) {
		snprintf(path, sizeof(path), "%08x[%d].00080100",
			 (unsigned)s->tag, i);
		value = dicom_edit_get(out, path);
		more = value;
		equal = value && !strcmp(value, s->text);
		free(value);
	}
	return equal;
}

/* Nothing that has to be said is missing. */
static bool says_all(const struct comparison *c, const struct dicom_edit *out,
		     bool reviewed)
{
	struct statement_facts facts = c->facts;
	struct statement list[STATEMENTS];
	size_t count;
	bool said = true;

	facts.reviewed = reviewed;
	count = statement_list(&facts, list);
	for (size_t i = 0; said && i < count; i++) {
		char path[9], *value = NULL;

		snprintf(path, sizeof(path), "%08x", (unsigned)list[i].tag);
		if (!list[i].meaning)
			value = dicom_edit_get(out, path);
		said = list[i].meaning ? has_code(out, &list[i]) :
		       value && !strcmp(value, list[i].text);
		free(value);
	}
	return said;
}

/* Without the job it is not known whether there was a verdict. */
static void check_statement(const struct comparison *c,
			    const struct dicom_edit *out)
{
	const struct mask_job *job = c->v->job;
	bool said = job ? says_all(c, out, job->reviewed) :
		    says_all(c, out, false) || says_all(c, out, true);

	if (!said && c->v->result->status == VERIFY_OK)
		verify_found(c->v, VERIFY_ATTRIBUTE, -1, -1, -1);
}

static size_t count_areas(const struct verifier *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->boxes->count; i++)
		count += v->boxes->box[i].tier == TIER_BOX &&
			 v->boxes->box[i].plane == PLANE_PICTURE;
	return count;
}

static bool compare_headers(struct comparison *c, struct dicom_edit *in,
			    struct dicom_edit *out, struct error *err)
{
	if (!dicom_edit_walk(in, expect, c, err))
		return false;
	if (c->no_memory)
		return error_set(err, ERR_MEMORY, _("no memory for a header"));
	qsort(c->element, c->count, sizeof(*c->element), compare_paths);
	if (!dicom_edit_walk(out, compare, c, err))
		return false;
	if (c->no_memory)
		return error_set(err, ERR_MEMORY, _("no memory for a header"));
	for (size_t i = 0; i < c->count; i++)
		if (!c->element[i].seen &&
		    c->v->result->status == VERIFY_OK)
			verify_found(c->v, VERIFY_ATTRIBUTE, -1, -1, -1);
	check_statement(c, out);
	return c->v->result->status == VERIFY_OK;
}

/* ---- the ends of the file ---- */

static void put_meta(struct buffer *b, unsigned element, const char *vr,
		     const char *value, char pad)
{
	size_t length = strlen(value), even = length + length % 2;
	char head[8] = { 2, 0, (char)(element & 0xff), (char)(element >> 8),
			 vr[0], vr[1], (char)(even & 0xff),
			 (char)(even >> 8) };

	buffer_append(b, head, sizeof(head));
	buffer_append(b, value, length);
	if (length % 2)
		buffer_append(b, &pad, 1);
}

/* Preamble, "DICM" and group 2, which hold nothing else (PS3.10 7.1). */
static bool check_start(struct verifier *v, const struct dicom_edit *out,
			size_t *end)
{
	static const char version[] = { 2, 0, 1, 0, 'O', 'B', 0, 0, 2, 0, 0,
					0, 0, 1 };
	struct buffer group = { 0 }, start = { 0 };
	char *class_ = dicom_edit_get(out, "00080016");
	char *instance = dicom_edit_get(out, "00080018");
	char zeros[128] = { 0 }, length[12] = "\2\0\0\0UL\4", got[1024];
	enum verify_class class_found = VERIFY_NONE;

	buffer_append(&group, version, sizeof(version));
	put_meta(&group, 2, "UI", class_ ? class_ : "", '\0');
	put_meta(&group, 3, "UI", instance ? instance : "", '\0');
	put_meta(&group, 0x10, "UI", v->out_info->syntax, '\0');
	put_meta(&group, 0x12, "UI", DICOM_IMPLEMENTATION_UID, '\0');
	put_meta(&group, 0x13, "SH", DICOM_IMPLEMENTATION_VERSION, ' ');
	length[8] = (char)(group.length & 0xff);
	length[9] = (char)(group.length >> 8);
	buffer_append(&start, zeros, sizeof(zeros));
	buffer_append(&start, "DICM", 4);
	buffer_append(&start, length, sizeof(length));
	buffer_append(&start, group.data, group.length);
	*end = start.length;
	if (group.failed || start.failed || start.length > sizeof(got) ||
	    pread(v->out_fd, got, start.length, 0) != (ssize_t)start.length)
		class_found = VERIFY_FORMAT;
	else if (memcmp(got, zeros, sizeof(zeros)) != 0)
		class_found = VERIFY_CARRIER;
	else if (memcmp(got, start.data, start.length) != 0)
		class_found = VERIFY_ATTRIBUTE;
	buffer_done(&group);
	buffer_done(&start);
	free(class_);
	free(instance);
	return class_found == VERIFY_NONE ||
	       verify_found(v, class_found, -1, -1, -1);
}

/* ---- the structure of the data set ---- */

/* The bytes from the meta header on: in the file, or inflated. */
struct data_set {
	int fd;
	long long base;                 /* offset in the file */
	long long length;               /* inflated */
	bool big_endian, implicit, deflated;
	struct inflater *inflater;      /* at `at` of length */
	long long at;
	unsigned char last;             /* byte of a deflated one */
};

/* Bytes of a data set as a writer of ours lays them down. */
struct bytes {
	const unsigned char *at;
	size_t left;
	bool big_endian, implicit;
};

enum { DEPTH_MAX = 64, PIECE = 1 << 16 };

static unsigned long get_number(const struct bytes *b, size_t offset, int size)
{
	unsigned long value = 0;

	for (int i = 0; i < size; i++)
		value = value << 8 |
			b->at[offset + (size_t)(b->big_endian ? i :
						size - 1 - i)];
	return value;
}

static uint32_t get_tag(const struct bytes *b)
{
	return (uint32_t)(get_number(b, 0, 2) << 16 | get_number(b, 2, 2));
}

static void skip(struct bytes *b, size_t length)
{
	b->at += length;
	b->left -= length;
}

/* VRs with two bytes of nothing and four of length (PS3.5 7.1.2). */
static bool is_long_vr(const unsigned char *vr)
{
	static const char names[] = "OBODOFOLOVOWSQSVUCUNURUTUV";

	for (size_t i = 0; i + 1 < sizeof(names); i += 2)
		if (!memcmp(vr, names + i, 2))
			return true;
	return false;
}

/* The head of an element: its length, and whether it is a sequence. */
static bool take_head(struct bytes *b, size_t *length, bool *sequence)
{
	bool item = get_tag(b) >> 16 == 0xfffe;
	size_t head = 8;

	if (b->left < 8)
		return false;
	*sequence = !b->implicit && !item && !memcmp(b->at + 4, "SQ", 2);
	if (b->implicit || item) {
		*length = get_number(b, 4, 4);
	} else if (is_long_vr(b->at + 4)) {
		head = 12;
		if (b->left < 12 || b->at[6] || b->at[7])
			return false;
		*length = get_number(b, 8, 4);
	} else {
		*length = get_number(b, 6, 2);
	}
	skip(b, head);
	/* an undefined length is more than what is left */
	if (*length % 2 || *length > b->left)
		return false;
	if (b->implicit && !item && *length >= 8)
		*sequence = get_tag(b) == 0xfffee000;
	return true;
}

/*
 * Elements in ascending order whose lengths fill the bytes; in_sequence: items
 * instead.  Every byte of a head is accounted for.
 */
static bool is_regular(struct bytes b, bool in_sequence, int depth)
{
	uint32_t last = 0;

	while (b.left) {
		struct bytes inner = b;
		bool sequence;
		size_t length;
		uint32_t tag;

		if (b.left < 8 || depth > DEPTH_MAX)
			return false;
		tag = get_tag(&b);
		if (in_sequence ? tag != 0xfffee000 : tag <= last)
			return false;
		last = tag;
		if (!take_head(&b, &length, &sequence))
			return false;
		inner.at = b.at;
		inner.left = length;
		if ((in_sequence || sequence) &&
		    !is_regular(inner, !in_sequence, depth + 1))
			return false;
		skip(&b, length);
	}
	return true;
}

/* Go to a place of an inflated data set: on, or once more from its start. */
static bool go_to(struct data_set *set, long long offset)
{
	unsigned char skipped[4096];
	size_t got = 1;

	if (!set->inflater || offset < set->at) {
		inflater_free(set->inflater);
		set->inflater = inflater_new(set->fd, set->base, NULL);
		set->at = 0;
	}
	while (set->inflater && got && set->at < offset) {
		long long left = offset - set->at;
		size_t n = left < (long long)sizeof(skipped) ?
			   (size_t)left : sizeof(skipped);

		if (!inflater_read(set->inflater, skipped, n, &got, NULL))
			return false;
		set->at += (long long)got;
	}
	return set->inflater && set->at == offset;
}

static bool set_read(struct data_set *set, long long offset, void *data,
		     size_t length)
{
	size_t got = 0;

	if (offset > set->length || (long long)length > set->length - offset)
		return false;
	if (!set->deflated)
		return verify_read_some(set->fd, set->base + offset, data,
					length) == (long long)length;
	if (!go_to(set, offset) ||
	    !inflater_read(set->inflater, data, length, &got, NULL))
		return false;
	set->at += (long long)got;
	return got == length;
}

/* How transfer syntaxes that are not explicit little endian lay it down. */
static const struct {
	const char *syntax;
	bool big_endian, implicit, deflated;
} orders[] = {
	{ "1.2.840.10008.1.2", false, true, false },
	{ "1.2.840.10008.1.2.2", true, false, false },
	{ "1.2.840.113619.5.2", false, true, false },
	{ "1.2.840.10008.1.2.1.99", false, false, true },
};

/* Where group 7FE0 begins at the top level; -1: nowhere. */
static long long find_pixels(struct data_set *set)
{
	long long at = 0;

	for (;;) {
		unsigned char head[12] = { 0 };
		struct bytes b = { .at = head, .left = sizeof(head),
				   .big_endian = set->big_endian,
				   .implicit = set->implicit };
		bool wide = !set->implicit;
		unsigned long length;

		if (!set_read(set, at, head, 8))
			return -1;
		if (get_tag(&b) >> 16 >= 0x7fe0)
			return get_tag(&b) >> 16 == 0x7fe0 ? at : -1;
		wide = wide && is_long_vr(head + 4);
		if (wide && !set_read(set, at, head, 12))
			return -1;
		length = set->implicit ? get_number(&b, 4, 4) :
			 wide ? get_number(&b, 8, 4) : get_number(&b, 6, 2);
		at += (wide ? 12 : 8) + (long long)length;
	}
}

/* All elements before the pixels. */
static bool check_structure(struct verifier *v, struct data_set *set,
			    long long end, struct error *err)
{
	size_t length = end > 0 ? (size_t)end : 0;
	unsigned char *data = malloc(length + 1);
	struct bytes b = { .at = data, .left = length,
			   .big_endian = set->big_endian,
			   .implicit = set->implicit };
	bool ok;

	if (!data)
		return error_set(err, ERR_MEMORY, _("no memory for a header"));
	ok = length && set_read(set, 0, data, length) &&
	     is_regular(b, false, 0);
	free(data);
	return ok || verify_found(v, VERIFY_FORMAT, -1, -1, -1);
}

/* ---- native pixels: their head, and nothing behind them ---- */

/* The value of (7FE0,0010), or of the float pixels that IN has. */
static bool is_pixel_head(const struct verifier *v, const struct data_set *set,
			  const unsigned char head[12], long long length)
{
	struct dicom_pixels in;
	struct bytes b = { .at = head, .left = 12,
			   .big_endian = set->big_endian,
			   .implicit = set->implicit };
	bool native = dicom_find_pixels(v->in, &in, NULL);
	bool same = native && in.head_length == 12;

	if (get_tag(&b) != (native ? in.tag : 0x7fe00010))
		return false;
	if (set->implicit)
		return (long long)get_number(&b, 4, 4) == length;
	return (same ? !memcmp(head + 4, in.head + 4, 2) :
		       head[0] == 0xe0 && head[4] == 'O' &&
		       (head[5] == 'B' || head[5] == 'W')) &&
	       !head[6] && !head[7] &&
	       (long long)get_number(&b, 8, 4) == length;
}

static bool check_native(struct verifier *v, struct data_set *set,
			 long long at)
{
	const struct image_info *info = v->out_info;
	long long cells = (long long)info->frames * info->rows *
			  info->columns * (info->ybr_422 ? 2 : info->samples);
	long long bytes = (cells * info->bits_allocated + 7) / 8;
	long long length = bytes + bytes % 2;   /* even (PS3.5 7.1) */
	struct dicom_pixels px;
	unsigned char head[12] = { 0 }, pad = 0;
	int wide = set->implicit ? 8 : 12;

	if (!set_read(set, at, head, (size_t)wide) ||
	    !is_pixel_head(v, set, head, length) ||
	    !dicom_find_pixels(v->out, &px, NULL) ||
	    (!set->deflated && px.offset != set->base + at + wide))
		return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
	at += wide + length;
	if (set->length < at)
		return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
	if (set->length > at)
		return verify_found(v, VERIFY_TRAILER, -1, -1, -1);
	pad = set->last;
	if (length > bytes && !px.swapped_bytes &&
	    ((!set->deflated && !set_read(set, at - 1, &pad, 1)) || pad))
		return verify_found(v, VERIFY_CARRIER, -1, -1, -1);
	return true;
}

/* ---- the whole ---- */

/* The cells are compared as they lie, or as each side decodes them. */
static bool check_pixels(struct verifier *v, struct data_set *set,
			 long long at, struct error *err)
{
	if (v->out_info->encapsulated)
		return verify_frames(v, set->base + at, err);
	if (!check_native(v, set, at))
		return false;
	return v->in_info->encapsulated ? verify_all_samples(v, err) :
					  verify_native(v, err);
}

/*
 * How long a deflated data set is, its last byte, and that nothing follows it
 * but the byte that makes it even (PS3.5 A.5).
 */
static bool measure_set(struct verifier *v, struct data_set *set,
			struct error *err)
{
	struct inflater *i = inflater_new(set->fd, set->base, err);
	unsigned char *piece = malloc(PIECE), pad = 0;
	long long file_end = set->base + set->length, end;
	size_t got = PIECE;
	bool ok = i && (piece || error_set(err, ERR_MEMORY, _("no memory")));

	set->length = 0;
	while (ok && got == PIECE) {
		ok = inflater_read(i, piece, PIECE, &got, err);
		set->length += ok ? (long long)got : 0;
		if (ok && got)
			set->last = piece[got - 1];
		verify_heartbeat(v, 0);
	}
	end = ok ? inflater_end(i) : 0;
	inflater_free(i);
	free(piece);
	if (!ok)
		return false;
	if ((end - set->base) % 2 &&
	    verify_read_some(set->fd, end, &pad, 1) == 1)
		end++;
	return (end == file_end && !pad) ||
	       verify_found(v, VERIFY_TRAILER, -1, -1, -1);
}

static bool check_bytes(struct verifier *v, const struct dicom_edit *out,
			struct error *err)
{
	struct data_set set = { .fd = v->out_fd };
	struct stat st;
	size_t start;
	long long end;
	bool ok;

	if (!check_start(v, out, &start))
		return false;
	if (fstat(v->out_fd, &st) || st.st_size < (off_t)start)
		return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
	set.base = (long long)start;
	set.length = st.st_size - set.base;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (strcmp(v->out_info->syntax, orders[i].syntax) != 0)
			continue;
		set.big_endian = orders[i].big_endian;
		set.implicit = orders[i].implicit;
		set.deflated = orders[i].deflated;
	}
	ok = !set.deflated || measure_set(v, &set, err);
	end = ok ? find_pixels(&set) : -1;
	ok = ok && check_structure(v, &set, end, err) &&
	     check_pixels(v, &set, end, err);
	inflater_free(set.inflater);
	return ok;
}

bool verify_dicom(struct verifier *v, struct error *err)
{
	struct comparison c = {
		.v = v,
		.facts = { .profile = v->profile, .areas = count_areas(v),
			   .faces = statement_faces(v->boxes),
			   .lossy = v->in_info->lossy &&
				    strcmp(v->in_info->syntax,
					   v->out_info->syntax) != 0 },
	};
	struct dicom_edit *in = dicom_edit_open(v->in_fd, err);
	struct dicom_edit *out = in ? dicom_edit_open(v->out_fd, NULL) : NULL;
	bool ok = false;

	if (in && !out)
		verify_found(v, VERIFY_FORMAT, -1, -1, -1);
	else if (in)
		ok = compare_headers(&c, in, out, err) &&
		     check_bytes(v, out, err);
	for (size_t i = 0; i < c.count; i++) {
		free(c.element[i].path);
		free(c.element[i].old);
		free(c.element[i].text);
	}
	free(c.element);
	dicom_edit_close(in);
	dicom_edit_close(out);
	return ok;
}
