/*
 * check_verify_frames.c - what is wrong with a masked copy of an encapsulated
 * DICOM file is found and classed: any byte, and the mistakes of a writer.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "image/pack.h"
#include "make_dicom.h"
#include "pictures.h"
#include "streams.h"
#include "support.h"

enum { SIDE = 16, FRAMES = 2 };

enum form { FORM_JPEG, FORM_JPEG_LS, FORM_LOSSLESS, FORM_J2K, FORM_RLE,
	    FORM_DEFLATE, FORM_PLAIN, FORMS };

#define UID "1.2.840.10008.1.2."

static const struct {
	const char *syntax;
	const uint8_t *stream;          /* 8 by 8; NULL: made below */
	size_t length;
	int side, stored;
} forms[FORMS] = {
	[FORM_JPEG] = { UID "4.50", NULL, 0, SIDE, 8 },
	[FORM_JPEG_LS] = { UID "4.80", jpeg_ls_8, sizeof(jpeg_ls_8),
			   STREAM_SIDE, 8 },
	[FORM_LOSSLESS] = { UID "4.70", lossless_8, sizeof(lossless_8),
			    STREAM_SIDE, 8 },
	[FORM_J2K] = { UID "4.90", j2k_12, sizeof(j2k_12), STREAM_SIDE, 12 },
	[FORM_RLE] = { UID "5", NULL, 0, SIDE, 8 },
	[FORM_DEFLATE] = { UID "8.1", NULL, 0, SIDE, 8 },
	[FORM_PLAIN] = { UID "1.98", NULL, 0, SIDE, 8 },
};

/* ---- inputs ---- */

static uint8_t *noise_cells(int frame_index)
{
	uint8_t *cells = malloc(SIDE * SIDE);
	uint32_t state = 77u + (uint32_t)frame_index;

	for (int i = 0; i < SIDE * SIDE; i++)
		cells[i] = (uint8_t)(1 + random_below(&state, 255));
	return cells;
}

/* OpenJPEG names itself in a COM segment. */
static void cut_comment(uint8_t *stream, size_t *length)
{
	uint8_t *at = memmem(stream, *length, "\xff\x64", 2);
	size_t size;

	ck_assert_ptr_nonnull(at);
	size = 2 + ((size_t)at[2] << 8 | at[3]);
	*length -= size;
	memmove(at, at + size, (size_t)(stream + *length - at));
}

static uint8_t *make_stream(enum form form, int frame_index, size_t *length)
{
	static const struct cell_form cells_form = {
		.columns = SIDE, .rows = SIDE, .samples = 1, .allocated = 8,
		.stored = 8, .high_bit = 7,
	};
	static const struct jpeg_spec jpeg = { SIDE, SIDE, JPEG_GREY, 1, 1,
					       80, .optimize = false };
	const struct noise noise = { .seed = 5u + (uint32_t)frame_index };
	uint8_t *cells = noise_cells(frame_index), *stream = NULL;

	*length = SIDE * SIDE;
	if (form == FORM_PLAIN)
		return cells;
	if (form == FORM_RLE)
		stream = pack_rle(&cells_form, cells, length, NULL);
	else if (form == FORM_DEFLATE)
		stream = pack_deflate(cells, *length, length, NULL);
	else if (form == FORM_JPEG)
		stream = slurp(make_jpeg(&jpeg, &noise), length);
	if (forms[form].stream) {
		*length = forms[form].length;
		stream = malloc(*length);
		memcpy(stream, forms[form].stream, *length);
	}
	ck_assert_ptr_nonnull(stream);
	if (form == FORM_J2K)
		cut_comment(stream, length);
	free(cells);
	return stream;
}

static int make_input(enum form form)
{
	struct dicom_maker m = { 0 };
	uint8_t *stream[FRAMES];
	size_t length[FRAMES];
	uint32_t offset[FRAMES];
	int fd, allocated = forms[form].stored > 8 ? 16 : 8;

	for (int i = 0; i < FRAMES; i++) {
		stream[i] = make_stream(form, i, &length[i]);
		offset[i] = i ? offset[i - 1] + 8 + (uint32_t)
			    (length[i - 1] + length[i - 1] % 2) : 0;
	}
	make_begin(&m, forms[form].syntax);
	make_text(&m, 0x00080060, "CS", "OT");
	make_us(&m, 0x00280002, 1);
	make_text(&m, 0x00280004, "CS", "MONOCHROME2");
	make_text(&m, 0x00280008, "IS", "2");
	make_us(&m, 0x00280010, forms[form].side);
	make_us(&m, 0x00280011, forms[form].side);
	make_us(&m, 0x00280100, allocated);
	make_us(&m, 0x00280101, forms[form].stored);
	make_us(&m, 0x00280102, forms[form].stored - 1);
	make_us(&m, 0x00280103, 0);
	make_fragments_table(&m, offset, FRAMES);
	for (int i = 0; i < FRAMES; i++) {
		make_fragment(&m, stream[i], length[i]);
		free(stream[i]);
	}
	make_fragments_end(&m);
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* ---- a masked copy, to be changed ---- */

struct copy {
	int in;
	struct box box;
	struct box_list boxes;
	unsigned char *data;
	size_t length;
	size_t pixels;                  /* offset of their element */
	size_t item[FRAMES + 1];        /* heads of table and fragments */
	size_t end;                     /* delimiter */
};

static size_t get_length(const struct copy *c, size_t item)
{
	const unsigned char *p = c->data + item + 4;

	return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
}

static void put_length(struct copy *c, size_t item, size_t length)
{
	for (int i = 0; i < 3; i++)
		c->data[item + 4 + (size_t)i] =
			(unsigned char)(length >> 8 * i);
}

static void find_items(struct copy *c)
{
	unsigned char *at = memmem(c->data, c->length,
				   "\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff",
				   12);
	size_t next;

	ck_assert_ptr_nonnull(at);
	c->pixels = (size_t)(at - c->data);
	next = c->pixels + 12;
	for (int i = 0; i <= FRAMES; i++) {
		c->item[i] = next;
		next += 8 + get_length(c, next);
	}
	c->end = next;
	ck_assert_uint_eq(c->end + 8, c->length);
}

/* Frame 0 is masked, frame 1 stays as it is. */
static struct copy *make_copy(enum form form)
{
	struct copy *c = calloc(1, sizeof(*c));
	struct mask_report report;
	int out;

	c->in = make_input(form);
	c->boxes = one_box(&c->box, (struct region){ 1, 2, 6, 7 }, 1);
	out = mask_and_verify(c->in, &c->boxes, &report);
	c->data = slurp(out, &c->length);
	c->data = realloc(c->data, c->length + 4096);
	ck_assert_ptr_nonnull(c->data);
	find_items(c);
	close(out);
	return c;
}

static void free_copy(struct copy *c)
{
	close(c->in);
	free(c->data);
	free(c);
}

static struct verify_result check_copy(const struct copy *c)
{
	struct verify_result result;
	struct error err = { 0 };
	int out = memory_of(c->data, c->length);

	if (!verify_run(c->in, out, TAGS_MHLW, &test_job, &c->boxes, &result,
			NULL, NULL, &err))
		ck_abort_msg("%s", err.text);
	close(out);
	return result;
}

/*
 * Bytes from the pixels on, changed one at a time; SUMI_LONG: all of them.
 * quiet: how many of all may pass, as no decoder heeds them; the log's hash
 * finds those.  JPEG: codes that no block uses, and the spectral selection of a
 * sequential scan.  JPEG-LS: none but the last bits of its data.
 */
static const int quiet_most[FORMS] = {
	[FORM_JPEG] = 2 * 190, [FORM_JPEG_LS] = 2 * 4,
	[FORM_LOSSLESS] = 2 * 20, [FORM_J2K] = 2 * 20,
};

/* A prime, so that the bytes of a number take turns. */
static size_t byte_step(void)
{
	return getenv("SUMI_LONG") ? 1 : 13;
}

/* They don't lie evenly: twice as many of those that are tried. */
static int most_quiet(int of_all)
{
	int step = (int)byte_step();

	return step > 1 && of_all ? 1 + 2 * of_all / step : of_all;
}

START_TEST(test_every_byte)
{
	struct copy *c = make_copy((enum form)_i);
	int quiet = 0;

	for (size_t i = c->pixels; i < c->length; i += byte_step()) {
		struct verify_result r;

		c->data[i] ^= 0x11;
		r = check_copy(c);
		c->data[i] ^= 0x11;
		quiet += r.status == VERIFY_OK;
		ck_assert_int_eq(r.status == VERIFY_OK,
				 r.class_ == VERIFY_NONE);
	}
	ck_assert_msg(quiet <= most_quiet(quiet_most[_i]), "%d of %zu bytes", quiet,
		      c->length - c->pixels);
	free_copy(c);
}
END_TEST

/* ---- mistakes of a writer ---- */

static struct verify_result expect(const struct copy *c,
				   enum verify_class class_)
{
	struct verify_result r = check_copy(c);

	ck_assert_int_eq(r.status, VERIFY_FAILED);
	ck_assert_str_eq(verify_class_name[r.class_],
			 verify_class_name[class_]);
	return r;
}

/* A frame was left as it was. */
START_TEST(test_not_blanked)
{
	struct copy *c = make_copy((enum form)_i);
	struct verify_result r;

	c->box.frame1 = 1;
	r = expect(c, VERIFY_INSIDE);
	ck_assert_int_eq(r.frame, 1);
	free_copy(c);
}
END_TEST

/* More was blanked than there are boxes. */
START_TEST(test_too_much)
{
	struct copy *c = make_copy((enum form)_i);
	struct verify_result r;

	c->box.region = (struct region){ 3, 3, 5, 5 };
	if (_i == FORM_JPEG) {
		/* whole blocks: only another one is too much */
		c->box.region = (struct region){ 9, 9, 12, 12 };
		r = check_copy(c);
		ck_assert_int_eq(r.status, VERIFY_FAILED);
	} else {
		r = expect(c, VERIFY_OUTSIDE);
	}
	ck_assert_int_eq(r.frame, 0);
	free_copy(c);
}
END_TEST

/* Frames that changed places; of forms whose frames differ. */
static const enum form differing[] = { FORM_JPEG, FORM_RLE, FORM_DEFLATE,
				       FORM_PLAIN };

START_TEST(test_swapped)
{
	struct copy *c = make_copy(differing[_i]);
	size_t a = c->item[1], b = c->item[2], end = c->end;
	unsigned char *swapped = malloc(end - a);
	size_t first = end - b;
	struct verify_result r;

	memcpy(swapped, c->data + b, end - b);
	memcpy(swapped + first, c->data + a, b - a);
	memcpy(c->data + a, swapped, end - a);
	/* the table says where they are now */
	for (int i = 0; i < 3; i++)
		c->data[c->item[0] + 12 + (size_t)i] =
			(unsigned char)(first >> 8 * i);
	r = check_copy(c);
	ck_assert_int_eq(r.status, VERIFY_FAILED);
	ck_assert(r.class_ == VERIFY_INSIDE || r.class_ == VERIFY_OUTSIDE);
	free(swapped);
	free_copy(c);
}
END_TEST

START_TEST(test_stale_table)
{
	struct copy *c = make_copy((enum form)_i);

	c->data[c->item[0] + 12] ^= 2;
	expect(c, VERIFY_OFFSETS);
	free_copy(c);
}
END_TEST

START_TEST(test_trailer)
{
	struct copy *c = make_copy((enum form)_i);

	memcpy(c->data + c->length, "\xfc\xff\xfc\xffOB\0\0\2\0\0\0AB", 14);
	c->length += 14;
	expect(c, VERIFY_TRAILER);
	free_copy(c);
}
END_TEST

/* Bytes after the end of the last frame's stream, inside its fragment. */
START_TEST(test_tail)
{
	struct copy *c = make_copy((enum form)_i);
	size_t length = get_length(c, c->item[FRAMES]);

	memmove(c->data + c->end + 4, c->data + c->end, 8);
	memcpy(c->data + c->end, "NAME", 4);
	put_length(c, c->item[FRAMES], length + 4);
	c->length += 4;
	expect(c, VERIFY_TRAILER);
	free_copy(c);
}
END_TEST

/* Segments that a stream may not have, put in after its first marker. */
static const struct {
	enum form form;
	size_t at;                      /* of the stream */
	const char *bytes;
	size_t length;
} planted[] = {
	{ FORM_JPEG, 2, "\xff\xfe\0\6NAME", 8 },
	{ FORM_JPEG, 2, "\xff\xe1\0\6NAME", 8 },
	{ FORM_JPEG_LS, 2, "\xff\xfe\0\6NAME", 8 },
	{ FORM_JPEG_LS, 2, "\xff\xe8\0\6NAME", 8 },
	{ FORM_LOSSLESS, 2, "\xff\xfe\0\6NAME", 8 },
	{ FORM_LOSSLESS, 2, "\xff\xed\0\6NAME", 8 },
	/* after SIZ of one component: 43 bytes from SOC on */
	{ FORM_J2K, 45, "\xff\x64\0\6\0\1NA", 8 },
	{ FORM_J2K, 0, "\0\0\0\14jP  \r\n\x87\n", 12 },
};

START_TEST(test_planted)
{
	struct copy *c = make_copy(planted[_i].form);
	size_t length = get_length(c, c->item[FRAMES]);
	size_t at = c->item[FRAMES] + 8 + planted[_i].at;
	struct verify_result r;

	memmove(c->data + at + planted[_i].length, c->data + at,
		c->length - at);
	memcpy(c->data + at, planted[_i].bytes, planted[_i].length);
	put_length(c, c->item[FRAMES], length + planted[_i].length);
	c->length += planted[_i].length;
	r = expect(c, VERIFY_CARRIER);
	ck_assert_int_eq(r.frame, FRAMES - 1);
	free_copy(c);
}
END_TEST

/*
 * Segments and bytes of a JPEG 2000 stream that only its tile parts can prove
 * wrong.  The one tile part stands at the end of the main header: 68 bytes from
 * SOC on (OpenJPEG's comment is cut).
 */
enum { J2K_SOT_AT = 68, J2K_DATA_AT = J2K_SOT_AT + 14 };
static const struct {
	size_t at;
	const char *bytes;
	size_t length;
	enum verify_class class_;
} j2k_planted[] = {
	/* TLM of one tile part, told wrong; of two; of a form unknown */
	{ J2K_SOT_AT, "\xff\x55\0\6\0\0NA", 8, VERIFY_CARRIER },
	{ J2K_SOT_AT, "\xff\x55\0\x08\0\0\0\x56NA", 10, VERIFY_CARRIER },
	{ J2K_SOT_AT, "\xff\x55\0\6\0\1\0\x56", 8, VERIFY_CARRIER },
	/* right ones, but with bytes that tell nothing */
	{ J2K_SOT_AT, "\xff\x55\0\7\0\0\0\x56N", 9, VERIFY_CARRIER },
	/* PLM, PPM, CRG */
	{ J2K_SOT_AT, "\xff\x57\0\6NAME", 8, VERIFY_CARRIER },
	{ J2K_SOT_AT, "\xff\x60\0\6NAME", 8, VERIFY_CARRIER },
	{ J2K_SOT_AT, "\xff\x63\0\6NAME", 8, VERIFY_CARRIER },
	/* in the tile part: PLT with a wrong sum, or one left open; PPT */
	{ J2K_DATA_AT - 2, "\xff\x58\0\6\0NAM", 8, VERIFY_CARRIER },
	{ J2K_DATA_AT - 2, "\xff\x58\0\5\0\x48\x80", 7, VERIFY_CARRIER },
	{ J2K_DATA_AT - 2, "\xff\x61\0\6NAME", 8, VERIFY_CARRIER },
	/* behind the last packet: 72 bytes of data */
	{ J2K_DATA_AT + 72, "NAME", 4, VERIFY_TRAILER },
	/* nothing but right ones */
	{ J2K_SOT_AT, "\xff\x55\0\6\0\0\0\x56", 8, VERIFY_NONE },
	{ J2K_SOT_AT, "\xff\x55\0\7\0\x10\0\0\x56", 9, VERIFY_NONE },
	{ J2K_DATA_AT - 2, "\xff\x58\0\5\0\x40\x08", 7, VERIFY_NONE },
};

/* Put bytes into the stream of the last frame, which may end in a pad byte. */
static void put_into(struct copy *c, size_t at, const char *bytes,
		     size_t count)
{
	static const char end[] = "\0\xfe\xff\xdd\xe0\0\0\0\0";
	size_t item = c->item[FRAMES], length = get_length(c, item);
	bool padded = !c->data[item + 8 + length - 1];
	size_t where = item + 8 + at;

	length -= padded;
	memmove(c->data + where + count, c->data + where, c->length - where);
	memcpy(c->data + where, bytes, count);
	length += count;
	memcpy(c->data + item + 8 + length, &end[length % 2 == 0], 9);
	length += length % 2;
	put_length(c, item, length);
	c->length = item + 8 + length + 8;
}

START_TEST(test_j2k_planted)
{
	struct copy *c = make_copy(FORM_J2K);
	unsigned char *sot = c->data + c->item[FRAMES] + 8 + J2K_SOT_AT;
	struct verify_result r;

	ck_assert_mem_eq(sot, "\xff\x90\0\x0a\0\0\0\0\0\x56", 10);
	if (j2k_planted[_i].at > J2K_SOT_AT)    /* Psot */
		sot[9] = (unsigned char)(sot[9] + j2k_planted[_i].length);
	put_into(c, j2k_planted[_i].at, j2k_planted[_i].bytes,
		 j2k_planted[_i].length);
	r = check_copy(c);
	/* an untouched frame is as in the input, or its samples are */
	ck_assert_str_eq(verify_class_name[r.class_],
			 verify_class_name[j2k_planted[_i].class_]);
	free_copy(c);
}
END_TEST

/* Before EOI or EOC of the last frame, behind its last sample. */
static void put_slack(struct copy *c, enum form form, const char *bytes,
		      size_t count)
{
	size_t item = c->item[FRAMES], length = get_length(c, item);

	if (!c->data[item + 8 + length - 1])
		length--;
	if (form == FORM_J2K) {         /* Psot */
		unsigned char *sot = c->data + item + 8 + J2K_SOT_AT;

		sot[9] = (unsigned char)(sot[9] + count);
	}
	put_into(c, length - 2, bytes, count);
}

static const struct { enum form form; const char *bytes; size_t length; }
slacks[] = {
	{ FORM_J2K, "NAME", 4 }, { FORM_J2K, "N", 1 },
	{ FORM_JPEG_LS, "NAME", 4 }, { FORM_JPEG_LS, "N", 1 },
	{ FORM_LOSSLESS, "NAME", 4 }, { FORM_LOSSLESS, "N", 1 },
	{ FORM_JPEG, "NAME", 4 }, { FORM_JPEG, "N", 1 },
};

/* The input of c with the same slack, as a file. */
static int slack_input(const struct copy *c, int row)
{
	struct copy in = { .in = -1 };
	int fd;

	in.data = slurp(c->in, &in.length);
	in.data = realloc(in.data, in.length + 4096);
	ck_assert_ptr_nonnull(in.data);
	find_items(&in);
	put_slack(&in, slacks[row].form, slacks[row].bytes,
		  slacks[row].length);
	fd = memory_of(in.data, in.length);
	free(in.data);
	return fd;
}

/*
 * Slack is found, also where the input has the same.  The writer takes it out
 * of JPEG 2000 and refuses the others.
 */
START_TEST(test_slack)
{
	struct copy *c = make_copy(slacks[_i].form);
	bool j2k = slacks[_i].form == FORM_J2K;
	struct mask_report report;
	struct verify_result r;
	struct error err = { 0 };
	int out = memory_file();

	put_slack(c, slacks[_i].form, slacks[_i].bytes, slacks[_i].length);
	expect(c, j2k ? VERIFY_TRAILER : VERIFY_FORMAT);
	close(c->in);
	c->in = memory_of(c->data, c->length);
	ck_assert(mask_run(c->in, out, &test_job, &c->boxes, &report, NULL,
			   NULL, &err) == j2k);
	ck_assert_int_eq(err.code, j2k ? ERR_NONE : ERR_REFUSED);
	if (j2k) {
		ck_assert(report.dropped & DROPPED_TRAILER);
		ck_assert(verify_run(c->in, out, TAGS_MHLW, &test_job,
				     &c->boxes, &r, NULL, NULL, &err));
		ck_assert_str_eq(verify_class_name[r.class_], "");
	}
	close(out);
	free_copy(c);
}
END_TEST

START_TEST(test_same_slack)
{
	struct copy *c = make_copy(slacks[_i].form);
	int in = slack_input(c, _i);

	put_slack(c, slacks[_i].form, slacks[_i].bytes, slacks[_i].length);
	close(c->in);
	c->in = in;
	expect(c, slacks[_i].form == FORM_J2K ? VERIFY_TRAILER :
						VERIFY_FORMAT);
	free_copy(c);
}
END_TEST

/* A file that says another transfer syntax than its frames have. */
START_TEST(test_wrong_syntax)
{
	struct copy *c = make_copy(FORM_RLE);
	unsigned char *at = memmem(c->data, c->length, UID "5", 19);

	ck_assert_ptr_nonnull(at);
	at[18] = '1';
	ck_assert_int_eq(check_copy(c).status, VERIFY_FAILED);
	free_copy(c);
}
END_TEST

/* A frame that is cut in two: still the same, but no offset says so. */
START_TEST(test_split)
{
	struct copy *c = make_copy((enum form)_i);
	size_t last = c->item[FRAMES], length = get_length(c, last);
	size_t cut = length / 4 * 2, at = last + 8 + cut;
	struct verify_result r;

	memmove(c->data + at + 8, c->data + at, c->length - at);
	memcpy(c->data + at, "\xfe\xff\0\xe0\0\0\0\0", 8);
	put_length(c, last, cut);
	put_length(c, at, length - cut);
	c->length += 8;
	r = check_copy(c);
	/* PS3.5 A.4: only RLE has to have one fragment a frame */
	if (_i == FORM_RLE)
		ck_assert_int_eq(r.status, VERIFY_FAILED);
	free_copy(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_frames");
	TCase *tcase = tcase_create("verify_frames");

	image_warm_up(NULL);            /* silences DCMTK */
	tcase_set_timeout(tcase, byte_step() > 1 ? 120 : 900);
	tcase_add_loop_test(tcase, test_every_byte, 0, FORMS);
	tcase_add_loop_test(tcase, test_not_blanked, 0, FORMS);
	tcase_add_loop_test(tcase, test_too_much, 0, FORMS);
	add_rows_test(tcase, test_swapped, differing);
	tcase_add_loop_test(tcase, test_stale_table, 0, FORMS);
	tcase_add_loop_test(tcase, test_trailer, 0, FORMS);
	tcase_add_loop_test(tcase, test_tail, 0, FORMS);
	add_rows_test(tcase, test_planted, planted);
	add_rows_test(tcase, test_j2k_planted, j2k_planted);
	add_rows_test(tcase, test_slack, slacks);
	add_rows_test(tcase, test_same_slack, slacks);
	tcase_add_test(tcase, test_wrong_syntax);
	tcase_add_loop_test(tcase, test_split, 0, FORMS);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
