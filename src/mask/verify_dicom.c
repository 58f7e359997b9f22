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
	enum tag_action action = tags_action(c->v->profile, e->tag, e->vr);
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

/* A lossy picture that came out decoded: colours pixel by pixel. */
static bool is_decoded_form(const struct verifier *v,
			    const struct dicom_element *e)
{
	if (!v->exact || v->in_info->samples != 3 || e->depth || !e->text)
		return false;
	return (e->tag == 0x00280004 && !strcmp(e->text, "RGB")) ||
	       (e->tag == 0x00280006 && !strcmp(e->text, "0"));
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
	    is_decoded_form(c->v, e))
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

/*
 * How long a deflated data set is, and that nothing follows it but the byte
 * that makes it even (PS3.5 A.5).
 */
static bool inflated_length(struct verifier *v, const struct dicom_pixels *px,
			    long long *length, struct error *err)
{
	struct inflater *i = inflater_new(v->out_fd, px->deflated, err);
	unsigned char *piece = malloc(PIECE), pad = 0;
	size_t got = PIECE;
	bool ok = i && (piece || error_set(err, ERR_MEMORY, _("no memory")));
	long long end = 0;
	struct stat st;

	*length = 0;
	while (ok && got == PIECE) {
		ok = inflater_read(i, piece, PIECE, &got, err);
		*length += (long long)got;
		verify_heartbeat(v, 0);
	}
	if (ok)
		end = inflater_end(i);
	inflater_free(i);
	free(piece);
	if (!ok)
		return false;
	if (end % 2 != px->deflated % 2 && pread(v->out_fd, &pad, 1,
						 (off_t)end) == 1)
		end++;
	return (!fstat(v->out_fd, &st) && st.st_size == end && !pad) ||
	       verify_found(v, VERIFY_TRAILER, -1, -1, -1);
}

/* Nothing after the pixels; *length bytes before them. */
static bool check_length(struct verifier *v, size_t start,
			 const struct dicom_pixels *px, size_t *length,
			 struct error *err)
{
	long long size = px->offset + px->length - (long long)start, before;
	struct stat st;

	if (px->deflated && !inflated_length(v, px, &size, err))
		return false;
	before = size - px->length - px->head_length;
	*length = before > 0 ? (size_t)before : 0;
	return px->deflated || (!fstat(v->out_fd, &st) &&
				st.st_size == px->offset + px->length) ||
	       verify_found(v, VERIFY_TRAILER, -1, -1, -1);
}

/* The first bytes of the data set as they stand when it is inflated. */
static bool read_data(struct verifier *v, size_t start,
		      const struct dicom_pixels *px, unsigned char *data,
		      size_t length, struct error *err)
{
	struct inflater *i;
	size_t got = 0;
	bool ok;

	if (!px->deflated)
		return verify_read(v->out_fd, (long long)start, data, length,
				   err);
	i = inflater_new(v->out_fd, px->deflated, err);
	ok = i && inflater_read(i, data, length, &got, err);
	inflater_free(i);
	return ok && (got == length ||
		      error_refuse(err, REASON_TRUNCATED, NULL, 0));
}

/* From the end of the meta header to the pixels, and their own head. */
static bool check_structure(struct verifier *v, size_t start,
			    const struct dicom_pixels *px, struct error *err)
{
	size_t length, head = (size_t)px->head_length;
	unsigned char *data;
	/* the order of the data set: that of the pixels may be another */
	struct bytes b = { .big_endian = px->head[0] == 0x7f,
			   .implicit = px->head_length == 8 };
	bool ok;

	if (!check_length(v, start, px, &length, err))
		return false;
	data = malloc(length + head);
	if (!data)
		return error_set(err, ERR_MEMORY, _("no memory for a header"));
	b.at = data;
	b.left = length;
	if (!read_data(v, start, px, data, length + head, err)) {
		free(data);
		return false;
	}
	ok = length && (!px->deflated || px->deflated == (long long)start) &&
	     !memcmp(data + length, px->head, head) && is_regular(b, false, 0);
	free(data);
	return ok || verify_found(v, VERIFY_FORMAT, -1, -1, -1);
}

/* Nothing in what pads the pixels. */
static bool check_end(struct verifier *v, const struct dicom_pixels *px,
		      struct error *err)
{
	const struct image_info *info = v->out_info;
	long long cells = (long long)info->frames * info->rows *
			  info->columns * (info->ybr_422 ? 2 : info->samples);
	long long bits = cells * info->bits_allocated, first = bits / 8;

	if (px->length < first || px->length > first + 2 || px->length % 2)
		return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
	for (long long i = first; i < px->length; i++) {
		unsigned char c;
		unsigned long long at = (unsigned long long)
					(px->swapped_bytes ? i ^ 1 : i);

		if (!dicom_read_pixels(v->out, at, &c, 1, err))
			return false;
		if (c >> (i == first ? bits % 8 : 0))
			return verify_found(v, VERIFY_CARRIER, -1, -1, -1);
	}
	return true;
}

static bool check_bytes(struct verifier *v, const struct dicom_edit *out,
			struct error *err)
{
	struct dicom_pixels px;
	size_t start;

	return check_start(v, out, &start) &&
	       dicom_find_pixels(v->out, &px, err) &&
	       check_structure(v, start, &px, err) &&
	       check_end(v, &px, err);
}

bool verify_dicom(struct verifier *v, struct error *err)
{
	struct comparison c = {
		.v = v,
		.facts = { .profile = v->profile, .areas = count_areas(v),
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
		     check_bytes(v, out, err) &&
		     (v->exact ? verify_samples(v, err) :
				 verify_native(v, err));
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
