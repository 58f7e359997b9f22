/*
 * pictures.c - what the samples show.  Every person, number and place is made
 * up; a sample's header says the same as its pixels.
 */
#include "config.h"

#include "samples/sample.h"

#define GREY(v) { { v, v, v } }
#define RGB(r, g, b) { { r, g, b } }
#define ID "identifier"
#define BENIGN "benign_text"
#define LABEL "label"

static struct region whole(const struct canvas *c)
{
	return (struct region){ 0, 0, c->columns, c->rows };
}

static void fill(struct canvas *c, struct region r, int red, int green,
		 int blue)
{
	draw_rectangle(c, r, (struct colour)RGB(red, green, blue));
}

static void blob(struct canvas *c, int cx, int cy, int rx, int ry, int value)
{
	draw_ellipse(c, cx, cy, rx, ry, (struct colour)GREY(value));
}

static void body(struct canvas *c, int cx, int cy, int rx, int ry, int value)
{
	draw_ellipsoid(c, cx, cy, rx, ry, (struct colour)GREY(value));
}

/* The fan of an ultrasound probe whose tip is at (cx, top). */
static void draw_fan(struct canvas *c, int cx, int top, int depth, int value)
{
	for (int y = top; y < top + depth && y < c->rows; y++)
		for (int x = cx - depth; x < cx + depth; x++) {
			int dx = x - cx, dy = y - top + depth / 5;
			int far = dx * dx + dy * dy;

			if (x < 0 || x >= c->columns || 3 * dx * dx > dy * dy ||
			    far > depth * depth || far < depth * depth / 25)
				continue;
			fill(c, region_from_box(x, y, 1, 1), value, value,
			     value);
			draw_noise(c, region_from_box(x, y, 1, 1), value / 2);
		}
}

static void paint_us(struct canvas *c, int frame)
{
	(void)frame;
	draw_fan(c, 200, 70, 210, 60);
	blob(c, 180, 170, 40, 26, 12);
	blob(c, 240, 200, 30, 30, 110);
}

static void paint_cine(struct canvas *c, int frame)
{
	draw_fan(c, 128, 36, 150, 70);
	blob(c, 118 + 2 * frame, 110, 22 + 2 * frame, 16 + frame, 14);
}

static void paint_ct(struct canvas *c, int frame)
{
	(void)frame;
	fill(c, whole(c), -1000, -1000, -1000);
	blob(c, 160, 168, 130, 96, 40);
	blob(c, 105, 160, 40, 50, -820);
	blob(c, 215, 160, 40, 50, -820);
	blob(c, 160, 226, 15, 13, 600);
	draw_noise(c, whole(c), 12);
}

/* MONOCHROME1: 4095 is black on the screen. */
static void paint_cr(struct canvas *c, int frame)
{
	(void)frame;
	fill(c, whole(c), 4000, 4000, 4000);
	body(c, 160, 230, 158, 200, 1500);
	body(c, 100, 210, 50, 110, 3000);
	body(c, 220, 210, 50, 110, 3000);
	for (int i = 0; i < 8; i++)
		body(c, 160, 130 + 24 * i, 14, 10, 900);
	draw_noise(c, whole(c), 24);
}

static void paint_film(struct canvas *c, int frame)
{
	(void)frame;
	fill(c, whole(c), 14, 14, 14);
	body(c, 250, 210, 60, 170, 150);
	body(c, 250, 80, 46, 40, 190);
	body(c, 250, 330, 46, 40, 190);
	fill(c, region_from_box(16, 16, 190, 92), 235, 235, 235);
}

static void paint_form(struct canvas *c, int frame)
{
	(void)frame;
	fill(c, whole(c), 250, 250, 246);
	fill(c, region_from_box(0, 0, c->columns, 44), 20, 60, 120);
	fill(c, region_from_box(20, 170, c->columns - 40, 2), 90, 90, 90);
}

static void paint_slide(struct canvas *c, int frame)
{
	(void)frame;
	fill(c, whole(c), 232, 228, 234);
	fill(c, region_from_box(0, 0, 180, c->rows), 250, 244, 200);
	draw_ellipse(c, 300, 150, 90, 80, (struct colour)RGB(200, 120, 170));
	draw_ellipse(c, 330, 120, 40, 36, (struct colour)RGB(150, 70, 140));
	draw_noise(c, whole(c), 3);
}

static void paint_plain(struct canvas *c, int frame)
{
	(void)frame;
	fill(c, whole(c), 10, 10, 10);
	body(c, 140, 220, 70, 80, 150);
	for (int i = 0; i < 4; i++)
		body(c, 85 + 38 * i, 105 - 12 * (i % 3), 16, 80, 140);
	body(c, 228, 190, 46, 16, 140);
	draw_noise(c, whole(c), 4);
}

static const struct header us_header = {
	.sop_class = "1.2.840.10008.5.1.4.1.1.6.1", .modality = "US",
	.charset = "ISO_IR 100", .patient_name = "SATO^HANAKO",
	.patient_id = "20731954", .birth_date = "19680314", .sex = "F",
	.age = "056Y", .study_date = "20240521", .study_time = "104207",
	.accession = "A7730152", .institution = "KITAYAMA CLINIC",
	.manufacturer = "SUMINURI SAMPLES", .photometric = "RGB",
	.bits_stored = 8,
};

/* 田川 太一 in ISO 2022 IR 87, PS3.3 C.12.1.1.2 */
static const struct header ct_header = {
	.sop_class = "1.2.840.10008.5.1.4.1.1.2", .modality = "CT",
	.charset = "\\ISO 2022 IR 87",
	.patient_name = "TAGAWA^TAICHI=\033$BED@n\033(B^\033$BB@0l\033(B",
	.patient_id = "0005-2719", .birth_date = "19660930", .sex = "M",
	.age = "058Y", .study_date = "20241107", .study_time = "151930",
	.accession = "CT241107-03", .institution = "KAWANAKA HOSPITAL",
	.manufacturer = "SUMINURI SAMPLES", .photometric = "MONOCHROME2",
	.bits_stored = 16, .is_signed = true,
	.window_center = "40", .window_width = "350",
};

static const struct header cr_header = {
	.sop_class = "1.2.840.10008.5.1.4.1.1.1", .modality = "CR",
	.charset = "ISO_IR 192",
	.patient_name = "KAWANAKA^ICHITA=川中^一太",
	.patient_id = "88416207", .birth_date = "19510823", .sex = "M",
	.age = "073Y", .study_date = "20240902", .study_time = "090511",
	.accession = "X0092217", .institution = "川中病院",
	.manufacturer = "SUMINURI SAMPLES", .photometric = "MONOCHROME1",
	.bits_stored = 12, .window_center = "2048", .window_width = "4096",
};

static const struct header cine_header = {
	.sop_class = "1.2.840.10008.5.1.4.1.1.3.1", .modality = "US",
	.charset = "ISO_IR 100", .patient_name = "MORI^KENJI",
	.patient_id = "55120846", .birth_date = "19800206", .sex = "M",
	.age = "044Y", .study_date = "20240619", .study_time = "133755",
	.accession = "U5120846", .institution = "MINATO CLINIC",
	.manufacturer = "SUMINURI SAMPLES", .photometric = "MONOCHROME2",
	.bits_stored = 8,
};

const struct sample samples[] = {
	{ "us_banner.dcm", 400, 300, 1, 3, paint_us, {
	    { 0, 8, 6, 18, RGB(240, 240, 240), ID, "name", NULL,
	      "SATO HANAKO" },
	    { 0, 190, 6, 18, RGB(240, 240, 240), ID, "patient_id", NULL,
	      "ID 20731954" },
	    { 0, 8, 28, 17, RGB(240, 240, 240), ID, "dob", NULL,
	      "1968/03/14" },
	    { 0, 150, 28, 17, RGB(240, 220, 80), ID, "date", NULL,
	      "2024/05/21" },
	    { 0, 274, 28, 17, RGB(240, 220, 80), ID, "time", NULL, "10:42" },
	    { 0, 8, 49, 17, RGB(120, 220, 240), ID, "institution", NULL,
	      "KITAYAMA CLINIC" },
	    { 0, 300, 250, 16, RGB(200, 200, 200), BENIGN, "other", NULL,
	      "MI 0.9" },
	    { 0, 300, 272, 16, RGB(200, 200, 200), BENIGN, "other", NULL,
	      "TIs 0.4" } },
	  &us_header, encode_dicom },
	{ "ct_header.dcm", 320, 320, 1, 1, paint_ct, {
	    { 0, 6, 4, 17, GREY(3071), ID, "name", NULL, "TAGAWA TAICHI" },
	    { 0, 6, 25, 17, GREY(3071), ID, "patient_id", NULL, "0005-2719" },
	    { 0, 6, 46, 20, GREY(3071), ID, "name", NULL, "田川 太一" },
	    { 0, 200, 4, 17, GREY(3071), ID, "date", NULL, "2024.11.07" },
	    { 0, 240, 25, 17, GREY(3071), ID, "age_sex", NULL, "058Y M" },
	    { 0, 6, 276, 16, GREY(3071), BENIGN, "other", NULL, "120 kVp" },
	    { 0, 6, 298, 16, GREY(3071), BENIGN, "other", NULL, "250 mAs" },
	    { 0, 212, 298, 16, GREY(3071), BENIGN, "other", NULL,
	      "W350 L40" },
	    { 0, 6, 150, 20, GREY(3071), BENIGN, "other", NULL, "R" } },
	  &ct_header, encode_dicom },
	{ "cr_mono1.dcm", 320, 400, 1, 1, paint_cr, {
	    { 0, 10, 8, 24, GREY(0), ID, "name", NULL, "川中 一太" },
	    { 0, 200, 10, 20, GREY(0), ID, "patient_id", NULL, "88416207" },
	    { 0, 10, 40, 22, GREY(0), ID, "dob", NULL, "1951年8月23日" },
	    { 0, 10, 370, 22, GREY(0), ID, "institution", NULL, "川中病院" },
	    { 0, 284, 60, 24, GREY(0), BENIGN, "other", NULL, "R" } },
	  &cr_header, encode_dicom },
	{ "us_cine.dcm", 256, 192, 6, 1, paint_cine, {
	    { 3, 6, 6, 17, GREY(235), ID, "name", NULL, "MORI KENJI" },
	    { 3, 140, 6, 17, GREY(235), ID, "patient_id", NULL,
	      "55120846" } },
	  &cine_header, encode_dicom },
	{ "film_label.png", 480, 400, 1, 1, paint_film, {
	    { 0, 24, 20, 20, GREY(20), ID, "name", NULL, "OKADA MARI" },
	    { 0, 24, 48, 18, GREY(20), ID, "patient_id", NULL,
	      "No. 3308-415" },
	    { 0, 24, 76, 18, GREY(20), ID, "date", NULL, "12.04.2023" },
	    { 0, 430, 24, 24, GREY(240), BENIGN, "other", NULL, "L" } },
	  NULL, encode_png },
	{ "form_ja.png", 480, 320, 1, 3, paint_form, {
	    { 0, 20, 10, 24, RGB(255, 255, 255), ID, "institution", NULL,
	      "川中病院" },
	    { 0, 24, 66, 22, RGB(10, 10, 10), BENIGN, "other", LABEL,
	      "氏名" },
	    { 0, 120, 64, 24, RGB(10, 10, 10), ID, "name", NULL,
	      "田川 太一" },
	    { 0, 24, 114, 22, RGB(10, 10, 10), BENIGN, "other", LABEL,
	      "生年月日" },
	    { 0, 140, 114, 22, RGB(10, 10, 10), ID, "dob", NULL,
	      "1966年9月30日" },
	    { 0, 24, 200, 20, RGB(10, 10, 10), BENIGN, "other", LABEL, "ID" },
	    { 0, 120, 200, 20, RGB(10, 10, 10), ID, "patient_id", NULL,
	      "0005-2719" } },
	  NULL, encode_png },
	{ "slide_label.jpg", 440, 300, 1, 3, paint_slide, {
	    { 0, 12, 20, 22, RGB(20, 20, 30), ID, "accession", NULL,
	      "S24-01873" },
	    { 0, 12, 60, 20, RGB(20, 20, 30), ID, "name", NULL,
	      "OKADA MARI" },
	    { 0, 12, 100, 20, RGB(20, 20, 30), ID, "dob", NULL,
	      "1974-11-02" },
	    { 0, 12, 260, 20, RGB(20, 20, 30), BENIGN, "other", NULL,
	      "HE x20" } },
	  NULL, encode_jpeg },
	{ "plain.jpg", 280, 320, 1, 1, paint_plain, { { 0 } },
	  NULL, encode_jpeg },
	{ 0 }
};
