/*
 * canary_pictures.c - what tests/make_canaries draws: pictures that hold the
 * names that tests/canary.sh looks for, in pixels, header, private attributes
 * and comments.  A word that stands here and not there is not looked for.
 */
#include "config.h"

#include "samples/sample.h"

#include <string.h>

#include <zlib.h>

#define WHITE { { 240, 240, 240 } }
#define ID "identifier"

static void paint_dark(struct canvas *c, int frame)
{
	(void)frame;
	draw_ellipsoid(c, c->columns / 2, c->rows * 6 / 10, c->columns / 4,
		       c->rows / 4, (struct colour){ { 120, 120, 120 } });
}

/* A private attribute behind the pixels: (7FE1,0010), explicit VR. */
static bool encode_private(const struct sample *s, const struct canvas *frame,
			   struct buffer *out)
{
	static const char element[] = "\xe1\x7f\x10\0LO\x0a\0QUILZXON  ";

	if (!encode_dicom(s, frame, out))
		return false;
	buffer_append(out, element, sizeof(element) - 1);
	return !out->failed;
}

static void put_u32_big(struct buffer *b, unsigned long value)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		unsigned char byte = (value >> shift) & 0xFF;

		buffer_append(b, &byte, 1);
	}
}

/* A tEXt chunk behind IHDR. */
static bool encode_png_text(const struct sample *s, const struct canvas *frame,
			    struct buffer *out)
{
	static const char text[] = "tEXtAuthor\0GRUMPFLIX WOTTEX";
	enum { BEFORE = 8 + 25, LENGTH = sizeof(text) - 1 };
	struct buffer png = { 0 };

	if (encode_png(s, frame, &png) && png.length > BEFORE) {
		buffer_append(out, png.data, BEFORE);
		put_u32_big(out, LENGTH - 4);
		buffer_append(out, text, LENGTH);
		put_u32_big(out, crc32(0, (const Bytef *)text, LENGTH));
		buffer_append(out, png.data + BEFORE, png.length - BEFORE);
	}
	out->failed |= png.failed || !png.length;
	buffer_done(&png);
	return !out->failed;
}

/* A comment behind SOI. */
static bool encode_jpeg_comment(const struct sample *s,
				const struct canvas *frame, struct buffer *out)
{
	static const char comment[] = "\xff\xfe\0\x12GRUMPFLIX WOTTEX";
	struct buffer jpeg = { 0 };

	if (encode_jpeg(s, frame, &jpeg) && jpeg.length > 2) {
		buffer_append(out, jpeg.data, 2);
		buffer_append(out, comment, sizeof(comment) - 1);
		buffer_append(out, jpeg.data + 2, jpeg.length - 2);
	}
	out->failed |= jpeg.failed || !jpeg.length;
	buffer_done(&jpeg);
	return !out->failed;
}

/* 氏川院 田太男 and ヌリゾペ グバヂモ in ISO 2022 IR 87, PS3.3 C.12.1.1.2 */
static const struct header iso2022 = {
	.sop_class = "1.2.840.10008.5.1.4.1.1.6.1", .modality = "US",
	.charset = "\\ISO 2022 IR 87",
	.patient_name = "QUILZXON^VARNBEK"
			"=\033$B;a@n1!\033(B^\033$BEDB@CK\033(B"
			"=\033$B%L%j%>%Z\033(B^\033$B%0%P%B%b\033(B",
	.patient_id = "QZ7083914265", .birth_date = "19370831", .sex = "F",
	.age = "087Y", .study_date = "20240521", .study_time = "104207",
	.accession = "ZQ77310946X", .institution = "QUILZXON CLINIC",
	.manufacturer = "SUMINURI SAMPLES", .photometric = "RGB",
	.bits_stored = 8,
};

static const struct header utf8 = {
	.sop_class = "1.2.840.10008.5.1.4.1.1.6.1", .modality = "US",
	.charset = "ISO_IR 192",
	.patient_name = "QUILZXON^VARNBEK=氏川院^田太男=ヌリゾペ^グバヂモ",
	.patient_id = "QZ7083914265", .birth_date = "19370831", .sex = "F",
	.age = "087Y", .study_date = "20240522", .study_time = "104207",
	.accession = "ZQ77310946X", .institution = "氏川院",
	.manufacturer = "SUMINURI SAMPLES", .photometric = "MONOCHROME2",
	.bits_stored = 8,
};

const struct sample samples[] = {
	{ "iso2022.dcm", 400, 240, 1, 3, paint_dark, {
	    { 0, 8, 6, 20, WHITE, ID, "name", NULL, "QUILZXON VARNBEK" },
	    { 0, 8, 32, 20, WHITE, ID, "patient_id", NULL, "QZ7083914265" },
	    { 0, 200, 32, 20, WHITE, ID, "dob", NULL, "1937/08/31" } },
	  &iso2022, encode_private },
	{ "utf8.dcm", 320, 240, 1, 1, paint_dark, {
	    { 0, 8, 6, 24, WHITE, ID, "name", NULL, "氏川院 田太男" },
	    { 0, 8, 40, 20, WHITE, ID, "accession", NULL, "ZQ77310946X" } },
	  &utf8, encode_private },
	{ "text.png", 320, 200, 1, 3, paint_dark, {
	    { 0, 12, 12, 24, WHITE, ID, "name", NULL, "GRUMPFLIX WOTTEX" } },
	  NULL, encode_png_text },
	{ "comment.jpg", 320, 200, 1, 1, paint_dark, {
	    { 0, 12, 12, 24, WHITE, ID, "name", NULL, "GRUMPFLIX WOTTEX" } },
	  NULL, encode_jpeg_comment },
	{ 0 }
};
