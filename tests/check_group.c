/* check_group.c - when what was decided on one picture may count for another:
 * every difference that could hide an identifier keeps a member out. */
#include "config.h"

#include "review/group.h"

#include <stdlib.h>
#include <string.h>

#include "review/loose.h"
#include "tests/support.h"

enum { COLUMNS = 200, ROWS = 120 };

static const struct region name = { 10, 10, 90, 24 };
static const struct region mark = { 150, 100, 170, 112 };
static const struct region faint = { 20, 60, 40, 70 };
static const struct region scale = { 100, 30, 140, 42 };

/* One picture with a name, a candidate, faint ink and a cleared scale. */
struct scene {
	struct image_info info;
	struct proposals proposals;
	struct frame frame;
	uint8_t pixel[ROWS][COLUMNS];
	uint8_t patient[32], device[32];
	struct loose_line line[2];
	struct loose_list loose;
};

static struct scene *leader, *member;
static struct decided_box decided[4];
static size_t decisions;

static void add_box(struct scene *s, struct region r, enum box_tier tier)
{
	struct box b = { .region = r, .tier = tier, .kind = KIND_IDENTIFIER,
			 .class_ = CLASS_NAME, .score = 900, .confidence = 90,
			 .letter_height = 12, .latin = true, .why = "ink" };

	ck_assert(box_list_add(&s->proposals.boxes, &b));
}

static void draw(struct scene *s, struct region r, int grey)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			s->pixel[y][x] = (uint8_t)(grey + 50 * ((x + y) % 3));
}

static struct scene *new_scene(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	ck_assert(s != NULL);
	s->info = (struct image_info){
		.format = IMAGE_DICOM, .columns = COLUMNS, .rows = ROWS,
		.frames = 1, .samples = 1, .type = SAMPLE_U8,
		.photometric = PHOTOMETRIC_MONOCHROME2, .bits_stored = 8,
		.mask_supported = true, .mcu_columns = 1, .mcu_rows = 1,
		.modality = "CT",
	};
	s->proposals = (struct proposals){ .text = CHECK_DONE,
					   .faces = CHECK_GATED,
					   .frames_read = 1 };
	add_box(s, name, TIER_BOX);
	add_box(s, mark, TIER_CANDIDATE);
	add_box(s, scale, TIER_BENIGN);
	add_box(s, faint, TIER_FAINT);
	draw(s, name, 100);
	draw(s, mark, 90);
	draw(s, scale, 80);
	draw(s, faint, 20);
	s->frame = (struct frame){ .rows = ROWS, .columns = COLUMNS,
				   .samples = 1, .type = SAMPLE_U8,
				   .sample = s->pixel };
	s->patient[0] = s->device[0] = 7;
	s->loose.line = s->line;
	return s;
}

static void free_scene(struct scene *s)
{
	proposals_done(&s->proposals);
	free(s);
}

static void start(void)
{
	leader = new_scene();
	member = new_scene();
	decisions = 2;
	decided[0] = (struct decided_box){
		.box = leader->proposals.boxes.box[0], .id = 1,
		.decision = DECISION_MASK };
	decided[1] = (struct decided_box){
		.box = leader->proposals.boxes.box[1], .id = 2,
		.decision = DECISION_NO_MASK };
	decided[1].box.tier = TIER_BOX;         /* as masks_parse() has it */
}

static void stop(void)
{
	free_scene(leader);
	free_scene(member);
}

static struct group_picture picture(const struct scene *s)
{
	return (struct group_picture){ &s->info, &s->proposals, &s->frame,
				       s->patient, s->device, &s->loose };
}

static enum group_state compare(struct region *where)
{
	struct group_picture a = picture(leader), b = picture(member);

	ck_assert(group_can_lead(&a, decided, decisions));
	return group_compare(&a, decided, decisions, &b, where);
}

/* ---- what a member may differ in ---- */

static void nothing(struct scene *s) { (void)s; }
static void anatomy(struct scene *s)
{
	draw(s, (struct region){ 60, 50, 140, 90 }, 60);
}
static void score(struct scene *s) { s->proposals.boxes.box[0].score = 700; }
static void size(struct scene *s) { s->info.columns--; }
static void frames(struct scene *s) { s->info.frames = 2; }
static void device(struct scene *s) { s->device[31] = 1; }
static void patient(struct scene *s) { s->patient[31] = 1; }
static void modality(struct scene *s) { s->info.modality[0] = 'M'; }
static void head(struct scene *s) { s->info.head = HEAD_PART_SHOWN; }
static void inverse(struct scene *s) { s->info.inverse = true; }
static void photometric(struct scene *s)
{
	s->info.photometric = PHOTOMETRIC_MONOCHROME1;
}
static void bits(struct scene *s) { s->info.bits_stored--; }
static void sign(struct scene *s) { s->info.is_signed = true; }
static void syntax(struct scene *s) { s->info.syntax[0] = '1'; }
static void unmaskable(struct scene *s) { s->info.mask_supported = false; }
static void faces_failed(struct scene *s)
{
	s->proposals.faces = CHECK_FAILED;
}
static void plane(struct scene *s)
{
	s->proposals.boxes.box[0].plane = 0x6000;
}
static void unread(struct scene *s) { s->proposals.text = CHECK_FAILED; }
static void faces(struct scene *s) { s->proposals.faces = CHECK_OFF; }
static void no_frame(struct scene *s) { s->proposals.frames_read = 0; }
static void one_pixel(struct scene *s) { s->pixel[23][89] ^= 1; }
static void beside(struct scene *s)
{
	s->pixel[name.y1 + GROUP_MARGIN - 1][name.x0] ^= 1;
}
static void too_far(struct scene *s)
{
	s->pixel[name.y1 + GROUP_MARGIN][name.x0] ^= 1;
}
static void at_candidate(struct scene *s) { s->pixel[100][150] ^= 1; }
static void at_faint(struct scene *s) { s->pixel[65][30] ^= 1; }
static void moved(struct scene *s) { s->proposals.boxes.box[0].region.x1++; }
static void fewer(struct scene *s)
{
	s->proposals.boxes.box[1].tier = TIER_BENIGN;
}
static void other_class(struct scene *s)
{
	s->proposals.boxes.box[0].class_ = CLASS_DOB;
}
static void twice(struct scene *s) { add_box(s, name, TIER_BOX); }
static void inside(struct scene *s)
{
	add_box(s, (struct region){ 20, 12, 40, 20 }, TIER_CANDIDATE);
}
static void faint_under(struct scene *s)
{
	add_box(s, (struct region){ 20, 12, 40, 20 }, TIER_FAINT);
}
static void faint_in_candidate(struct scene *s)
{
	add_box(s, region_grow(mark, -2), TIER_FAINT);
}
static void more_box(struct scene *s)
{
	add_box(s, (struct region){ 120, 60, 180, 74 }, TIER_BOX);
}
static void more_candidate(struct scene *s)
{
	add_box(s, (struct region){ 120, 60, 180, 74 }, TIER_CANDIDATE);
}
static void more_faint(struct scene *s)
{
	add_box(s, (struct region){ 120, 60, 180, 74 }, TIER_FAINT);
}
static void more_cleared(struct scene *s)
{
	add_box(s, (struct region){ 120, 60, 180, 74 }, TIER_BENIGN);
}
static void more_loose(struct scene *s)
{
	s->line[s->loose.count++] = (struct loose_line){
		.region = { 120, 60, 180, 74 }, .letter_height = 10,
		.letters = 5 };
}
static void longer_name(struct scene *s)
{
	s->proposals.boxes.box[0].region.x1 += 30;
}
/* a slice position with another digit */
static void cleared_differs(struct scene *s)
{
	s->proposals.boxes.box[2].region.x0 -= 10;
	draw(s, scale, 60);
}

static const struct {
	const char *what;
	void (*change)(struct scene *s);
	enum group_state state;
} changes[] = {
	{ "nothing", nothing, GROUP_ALIKE },
	{ "anatomy", anatomy, GROUP_ALIKE },
	{ "score", score, GROUP_ALIKE },
	{ "size", size, GROUP_KIND },
	{ "frames", frames, GROUP_KIND },
	{ "device", device, GROUP_KIND },
	{ "patient", patient, GROUP_KIND },
	{ "modality", modality, GROUP_KIND },
	{ "head", head, GROUP_KIND },
	{ "a plane", plane, GROUP_KIND },
	{ "black for white", inverse, GROUP_KIND },
	{ "what 0 looks like", photometric, GROUP_KIND },
	{ "stored bits", bits, GROUP_KIND },
	{ "signed values", sign, GROUP_KIND },
	{ "transfer syntax", syntax, GROUP_KIND },
	{ "it can't be masked", unmaskable, GROUP_KIND },
	{ "unread", unread, GROUP_UNREAD },
	{ "faces", faces, GROUP_UNREAD },
	{ "no frame read", no_frame, GROUP_UNREAD },
	{ "one pixel under a mask", one_pixel, GROUP_PIXELS },
	{ "one pixel beside a mask", beside, GROUP_PIXELS },
	{ "a pixel further out", too_far, GROUP_ALIKE },
	{ "a pixel of a candidate", at_candidate, GROUP_PIXELS },
	{ "a pixel of faint ink", at_faint, GROUP_PIXELS },
	{ "a box moved by one", moved, GROUP_BOXES },
	{ "a candidate that was cleared", fewer, GROUP_BOXES },
	{ "another class", other_class, GROUP_BOXES },
	{ "the same box twice", twice, GROUP_BOXES },
	{ "a candidate in a mask", inside, GROUP_BOXES },
	{ "faint ink in a mask", faint_under, GROUP_ALIKE },
	{ "faint ink in what is left", faint_in_candidate, GROUP_BOXES },
	{ "one more box", more_box, GROUP_INK },
	{ "one more candidate", more_candidate, GROUP_INK },
	{ "more faint ink", more_faint, GROUP_INK },
	{ "more cleared text", more_cleared, GROUP_INK },
	{ "more loose ink", more_loose, GROUP_INK },
	{ "a longer name", longer_name, GROUP_INK },
	{ "other cleared text", cleared_differs, GROUP_ALIKE },
};

START_TEST(member_differs)
{
	struct region where;
	enum group_state state;

	changes[_i].change(member);
	state = compare(&where);
	ck_assert_msg(state == changes[_i].state, "%s: %s, not %s",
		      changes[_i].what, group_state_text[state],
		      group_state_text[changes[_i].state]);
	if (state == GROUP_INK || state == GROUP_PIXELS)
		ck_assert(!region_empty(where));
}
END_TEST

/* What the leader has and a member has not keeps it out too. */
static const struct {
	const char *what;
	void (*change)(struct scene *s);
	enum group_state state;
} leaders[] = {
	{ "a box less", more_box, GROUP_BOXES },
	{ "a candidate less", more_candidate, GROUP_BOXES },
	{ "faint ink less", more_faint, GROUP_ALIKE },
	{ "loose ink less", more_loose, GROUP_ALIKE },
};

START_TEST(leader_differs)
{
	struct box_list *list = &leader->proposals.boxes;

	leaders[_i].change(leader);
	if (list->box[list->count - 1].tier != TIER_FAINT)
		decided[decisions++] = (struct decided_box){
			.box = list->box[list->count - 1], .id = 3,
			.decision = DECISION_MASK };
	ck_assert_msg(compare(NULL) == leaders[_i].state, "%s",
		      leaders[_i].what);
}
END_TEST

/* ---- who may lead ---- */

static const struct {
	const char *what;
	void (*change)(struct scene *s);
	bool leads;
} heads[] = {
	{ "whole", nothing, true },
	{ "many frames", frames, false },
	{ "a plane", plane, false },
	{ "unread", unread, false },
	{ "a frame unread", no_frame, false },
	{ "it can't be masked", unmaskable, false },
	{ "faces not looked for, as that failed", faces_failed, false },
	{ "a box that nobody decided on", more_box, false },
	{ "a candidate that nobody decided on", more_candidate, false },
	{ "faint ink", more_faint, true },
};

START_TEST(leads)
{
	struct group_picture p = picture(leader);

	heads[_i].change(leader);
	ck_assert_msg(group_can_lead(&p, decided, decisions) ==
		      heads[_i].leads, "%s", heads[_i].what);
}
END_TEST

/* Colour and pictures without a device are looked at for faces. */
START_TEST(faces_by_eye)
{
	struct group_picture p = picture(leader);

	leader->info.colour = true;
	ck_assert(!group_can_lead(&p, decided, decisions));
	leader->proposals.faces = CHECK_DONE;
	ck_assert(group_can_lead(&p, decided, decisions));
}
END_TEST

/* A mask that was drawn by hand: its pixels count as well. */
START_TEST(added)
{
	struct region r = { 100, 60, 140, 74 };

	decided[decisions++] = (struct decided_box){
		.box = { .region = r, .source = SOURCE_REVIEWER }, .id = 3,
		.decision = DECISION_ADDED };
	ck_assert_int_eq(compare(NULL), GROUP_ALIKE);
	member->pixel[70][120] = 255;
	ck_assert_int_eq(compare(NULL), GROUP_PIXELS);
}
END_TEST

/* A mask that was moved, its proposal no longer stands among the boxes. */
START_TEST(changed)
{
	decided[0].box.region = region_grow(name, 2);
	decided[0].decision = DECISION_CHANGED;
	ck_assert_int_eq(compare(NULL), GROUP_ALIKE);
	decided[0].decision = DECISION_ADDED;

	struct group_picture p = picture(leader);

	ck_assert(!group_can_lead(&p, decided, decisions));
}
END_TEST

START_TEST(decides)
{
	struct decided_list list;

	member->proposals.boxes.box[0].score = 555;
	decided[1].reason = 3;
	ck_assert(group_decide(decided, decisions, &member->proposals, &list));
	ck_assert_uint_eq(list.count, 2);
	ck_assert_int_eq(list.box[0].decision, DECISION_MASK);
	ck_assert_int_eq(list.box[0].box.score, 555);
	ck_assert(region_equal(list.box[0].box.region, name));
	ck_assert_int_eq(list.box[1].decision, DECISION_NO_MASK);
	ck_assert_int_eq(list.box[1].reason, 3);
	decided_list_done(&list);
}
END_TEST

START_TEST(places)
{
	struct group_picture p = picture(leader);
	struct group_place place[8];
	size_t count = group_places(&p, decided, decisions, place, 8);

	ck_assert_uint_eq(count, 3);
	ck_assert(region_equal(place[0].region, name));
	ck_assert(place[0].masked && place[0].latin);
	ck_assert_int_eq(place[0].letter_height, 12);
	ck_assert(region_equal(place[2].region, faint));
	ck_assert(!place[1].masked && !place[2].masked);
	ck_assert_uint_eq(group_places(&p, decided, decisions, place, 1), 1);
}
END_TEST

/* Loose ink of the leader is a place: there the member's may lie, if its
 * pixels are the same. */
START_TEST(loose_in_both)
{
	struct region r = { 120, 60, 180, 74 };

	more_loose(leader);
	more_loose(member);
	ck_assert_int_eq(compare(NULL), GROUP_ALIKE);
	member->pixel[r.y0][r.x0] ^= 1;
	ck_assert_int_eq(compare(NULL), GROUP_PIXELS);
}
END_TEST

/* Five letters that the detector did not find, and the same under a mask. */
START_TEST(loose_is_found)
{
	struct plane plane = { COLUMNS, ROWS, 1, &member->pixel[0][0] };
	struct decided_box box = { .box = { .region = { 90, 55, 190, 85 } } };
	struct loose_list loose = { 0 };

	memset(member->pixel, 0, sizeof(member->pixel));
	for (int i = 0; i < 5; i++)
		for (int y = 60; y < 74; y++)
			memset(&member->pixel[y][100 + 14 * i], 255, 3);
	ck_assert(group_find_loose(&plane, &member->proposals, NULL, 0,
				   &loose));
	ck_assert_uint_eq(loose.count, 1);
	ck_assert(group_find_loose(&plane, &member->proposals, &box, 1,
				   &loose));
	ck_assert_uint_eq(loose.count, 0);
	loose_list_done(&loose);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("group");
	TCase *t = tcase_create("group");

	tcase_add_checked_fixture(t, start, stop);
	tcase_add_loop_test(t, member_differs, 0,
			    sizeof(changes) / sizeof(changes[0]));
	tcase_add_loop_test(t, leader_differs, 0,
			    sizeof(leaders) / sizeof(leaders[0]));
	tcase_add_loop_test(t, leads, 0, sizeof(heads) / sizeof(heads[0]));
	tcase_add_test(t, faces_by_eye);
	tcase_add_test(t, added);
	tcase_add_test(t, changed);
	tcase_add_test(t, decides);
	tcase_add_test(t, places);
	tcase_add_test(t, loose_in_both);
	tcase_add_test(t, loose_is_found);
	suite_add_tcase(s, t);
	return support_run(s);
}
