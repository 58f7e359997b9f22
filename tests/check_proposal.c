/* check_proposal.c - order of boxes, the JSON line out and in. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "find/proposal.h"
#include "tests/support.h"

static const uint8_t digest[32] = { 0xab, 0xcd };
#define HEX_TAIL "00000000000000000000000000000000000000000000000000000000" \
		 "0000"
#define HEX "abcd" HEX_TAIL
#define OTHER "abce" HEX_TAIL

static struct box make_box(int x, int y, int frame, enum box_tier tier)
{
	struct box b = {
		.region = { x, y, x + 10, y + 5 }, .frame0 = frame,
		.frame1 = frame + 1, .kind = KIND_IDENTIFIER,
		.class_ = CLASS_NAME, .source = SOURCE_OCR, .tier = tier,
		.score = 968, .why = "header:PatientName", .text = "YAMADA",
	};
	return b;
}

START_TEST(test_sort)
{
	struct box_list list = { 0 };
	const int order[][3] = { { 9, 9, 1 }, { 5, 2, 0 }, { 4, 2, 0 },
				 { 0, 7, 0 } };

	for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
		struct box b = make_box(order[i][0], order[i][1], order[i][2],
					TIER_BOX);

		ck_assert(box_list_add(&list, &b));
	}
	box_list_sort(&list);
	ck_assert_int_eq(list.box[0].region.x0, 4);
	ck_assert_int_eq(list.box[1].region.x0, 5);
	ck_assert_int_eq(list.box[2].region.x0, 0);
	ck_assert_int_eq(list.box[3].region.x0, 9);
	box_list_done(&list);
}
END_TEST

static struct proposal_line line_of(const char *file, struct proposals *p,
				    bool show_text, long long ms)
{
	struct proposal_line line = {
		.file = file, .sha256 = digest, .format = "dicom",
		.columns = 640, .rows = 480, .frames = 30, .proposals = p,
		.by = "0.1.0+1f2e3d4c", .show_text = show_text, .ms = ms,
	};
	return line;
}

START_TEST(test_print)
{
	struct proposals p = { .frames_read = 30, .faces = CHECK_GATED };
	struct buffer out = { 0 };
	struct box box = make_box(12, 8, 0, TIER_BOX);
	struct box benign = make_box(1, 1, 2, TIER_BENIGN);
	struct box faint = make_box(2, 2, 2, TIER_FAINT);
	struct proposal_line line = line_of("US_01.dcm", &p, false, -1);

	benign.plane = 0x6002;
	benign.kind = KIND_BENIGN;
	ck_assert(box_list_add(&p.boxes, &box));
	ck_assert(box_list_add(&p.boxes, &benign));
	ck_assert(box_list_add(&p.boxes, &faint));
	proposal_print(&out, &line);
	ck_assert(!out.failed);
	ck_assert_str_eq(out.data,
		"{\"v\":1,\"file\":\"US_01.dcm\",\"refused\":null,\"sha256\":"
		"\"" HEX "\",\"format\":\"dicom\",\"columns\":640,"
		"\"rows\":480,\"frames\":30,\"boxes\":[{\"frame\":0,"
		"\"frames\":[0,1],\"x\":12,\"y\":8,\"w\":10,\"h\":5,"
		"\"kind\":\"identifier\",\"class\":\"name\",\"score\":968,"
		"\"source\":\"ocr\",\"why\":\"header:PatientName\"}],"
		"\"candidates\":[],\"benign\":[{\"frame\":2,\"frames\":[2,3],"
		"\"plane\":\"overlay:6002\",\"x\":1,\"y\":1,\"w\":10,\"h\":5,"
		"\"kind\":\"benign\",\"class\":\"name\",\"score\":968,"
		"\"source\":\"ocr\",\"why\":\"header:PatientName\"}],"
		"\"checks\":{\"frames\":30,\"text\":\"done\","
		"\"faces\":\"gated\",\"by\":\"0.1.0+1f2e3d4c\"}}\n");
	buffer_clear(&out);
	line = line_of("US_01.dcm", &p, true, 7);
	proposal_print(&out, &line);
	ck_assert_ptr_nonnull(strstr(out.data, "\"text\":\"YAMADA\""));
	ck_assert_ptr_nonnull(strstr(out.data, "},\"ms\":7}\n"));
	buffer_done(&out);
	proposals_done(&p);
}
END_TEST

START_TEST(test_print_refused)
{
	struct buffer out = { 0 };

	proposal_print_refused(&out, "a\xff" "b", REASON_VIDEO, "1.2.3", 0);
	ck_assert_str_eq(out.data,
		"{\"v\":1,\"file\":\"a\xef\xbf\xbd" "b\",\"file_b64\":"
		"\"Yf9i\",\"refused\":{\"code\":\"video\",\"reason\":"
		"\"video stream (1.2.3), can't be masked without "
		"re-encoding\"}}\n");
	buffer_done(&out);
}
END_TEST

#define BOX(place) "{" place ",\"x\":1,\"y\":2,\"w\":3,\"h\":4}"
#define LINE(sha, box) "{\"v\":1,\"file\":\"a\"," sha "\"boxes\":[" box "]}\n"
#define SHA(hex) "\"sha256\":\"" hex "\","

/* Of a picture of 100 x 50 pixels and 10 frames. */
static const struct {
	const char *text;
	int boxes;                      /* -1: refused, -2: wrong */
	int frame0, frame1;
} parsed[] = {
	{ LINE(SHA(HEX), BOX("\"frame\":3")), 1, 3, 3 },
	{ LINE(SHA(HEX), BOX("\"frames\":[2,9]")), 1, 2, 9 },
	{ LINE(SHA(HEX), BOX("\"kind\":\"text\"")), 1, 0, 9 },
	{ LINE(SHA(HEX), ""), 0, 0, 0 },
	{ LINE("", BOX("\"frame\":1")), 1, 1, 1 },
	{ LINE(SHA(OTHER), "") LINE(SHA(HEX), BOX("\"frame\":4")), 1, 4, 4 },
	{ LINE("", BOX("\"frame\":1")) LINE("", ""), -1, 0, 0 },
	{ LINE(SHA(OTHER), BOX("\"frame\":1")), -1, 0, 0 },
	{ LINE(SHA("abc"), BOX("\"frame\":1")), -1, 0, 0 },
	{ "", -1, 0, 0 },
	{ "{\"v\":1,\"refused\":{}}\n", -2, 0, 0 },
	{ LINE(SHA(HEX), BOX("\"frame\":10")), -2, 0, 0 },
	{ LINE(SHA(HEX), BOX("\"frames\":[3,2]")), -2, 0, 0 },
	{ LINE(SHA(HEX), BOX("\"plane\":\"overlay:5000\"")), -2, 0, 0 },
	{ LINE(SHA(HEX), "{\"x\":100,\"y\":0,\"w\":5,\"h\":5}"), -2, 0, 0 },
	{ LINE(SHA(HEX), "{\"x\":1,\"y\":0,\"w\":0,\"h\":5}"), -2, 0, 0 },
	{ LINE(SHA(HEX), "{\"x\":1,\"y\":0,\"w\":5}"), -2, 0, 0 },
	{ "not json\n", -2, 0, 0 },
};

START_TEST(test_parse)
{
	const char *text = parsed[_i].text;
	struct box_list list = { 0 };
	struct error err = { 0 };
	bool ok = proposal_parse(text, strlen(text), digest, 100, 50, 10,
				 &list, &err);

	ck_assert_int_eq(ok, parsed[_i].boxes >= 0);
	if (parsed[_i].boxes == -1)
		ck_assert_int_eq(err.reason, REASON_BOXES_OF_OTHER);
	if (parsed[_i].boxes == -2)
		ck_assert_int_eq(err.code, ERR_USAGE);
	if (ok)
		ck_assert_uint_eq(list.count, (size_t)parsed[_i].boxes);
	if (ok && list.count > 0) {
		ck_assert_int_eq(list.box[0].frame0, parsed[_i].frame0);
		ck_assert_int_eq(list.box[0].frame1, parsed[_i].frame1);
		ck_assert_int_eq(list.box[0].region.x1, 4);
		ck_assert_int_eq(list.box[0].region.y1, 6);
		ck_assert_int_eq(list.box[0].source, SOURCE_IMPORT);
	}
	box_list_done(&list);
}
END_TEST

START_TEST(test_round_trip)
{
	struct proposals p = { .frames_read = 30 };
	struct box_list back = { 0 };
	struct buffer out = { 0 };
	struct error err = { 0 };
	struct box box = make_box(12, 8, 3, TIER_BOX);
	struct box shown = make_box(40, 8, 3, TIER_CANDIDATE);
	struct proposal_line line = line_of("x", &p, true, -1);

	box.plane = PLANE_BITS;
	ck_assert(box_list_add(&p.boxes, &box));
	ck_assert(box_list_add(&p.boxes, &shown));
	proposal_print(&out, &line);
	ck_assert(proposal_parse(out.data, out.length, digest, 640, 480, 30,
				 &back, &err));
	ck_assert_uint_eq(back.count, 1);
	ck_assert(region_equal(back.box[0].region, box.region));
	ck_assert_int_eq(back.box[0].frame0, 3);
	ck_assert_int_eq(back.box[0].frame1, 4);
	ck_assert_int_eq(back.box[0].plane, PLANE_BITS);
	ck_assert_int_eq(back.box[0].class_, CLASS_NAME);
	ck_assert_str_eq(back.box[0].why, box.why);
	ck_assert_str_eq(back.box[0].text, "");
	box_list_done(&back);
	buffer_done(&out);
	proposals_done(&p);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("proposal");
	TCase *tcase = tcase_create("proposal");

	tcase_add_test(tcase, test_sort);
	tcase_add_test(tcase, test_print);
	tcase_add_test(tcase, test_print_refused);
	add_rows_test(tcase, test_parse, parsed);
	tcase_add_test(tcase, test_round_trip);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
