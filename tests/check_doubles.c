/* check_doubles.c - a shape and a line at one place. */
#include "config.h"

#include "ocr/doubles.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

enum what { CLEARED, MASKED, UNREAD };

/* A shape and a line, which goes? */
static const struct pair {
	const char *name, *shape;
	struct region place;            /* of the shape */
	struct region line;
	enum what what;
	int confidence;
	bool shape_goes, line_goes;
} pairs[] = {
	{ "a barcode that is a word", "shape:barcode", { 98, 40, 182, 76 },
	  { 100, 41, 180, 75 }, CLEARED, 92, true, false },
	{ "read worse", "shape:barcode", { 98, 40, 182, 76 },
	  { 100, 41, 180, 75 }, CLEARED, 79, false, false },
	{ "that is masked", "shape:barcode", { 98, 40, 182, 76 },
	  { 100, 41, 180, 75 }, MASKED, 92, false, false },
	{ "a barcode above a word", "shape:barcode", { 98, 10, 182, 76 },
	  { 100, 41, 180, 75 }, CLEARED, 92, false, false },
	{ "a seal that is two kanji", "shape:seal", { 98, 40, 162, 76 },
	  { 100, 41, 160, 75 }, CLEARED, 90, true, false },
	{ "a seal over a word and more", "shape:seal", { 80, 20, 160, 100 },
	  { 100, 41, 160, 75 }, CLEARED, 90, false, false },
	{ "a seal in a long masked line", "shape:seal", { 100, 41, 134, 75 },
	  { 100, 40, 300, 76 }, MASKED, 70, true, false },
	{ "an unread piece of a seal", "shape:seal", { 80, 20, 160, 100 },
	  { 100, 41, 140, 60 }, UNREAD, 20, false, true },
};

static struct box line_of(const struct pair *p)
{
	return (struct box){
		.region = p->line,
		.kind = p->what == CLEARED ? KIND_BENIGN :
			p->what == MASKED ? KIND_IDENTIFIER : KIND_UNREADABLE,
		.tier = p->what == CLEARED ? TIER_BENIGN : TIER_BOX,
		.confidence = p->confidence, .score = 800 };
}

START_TEST(one_goes)
{
	const struct pair *p = &pairs[_i];
	struct box_list list = { 0 };
	struct box line = line_of(p);
	struct box shape = { .region = p->place, .kind = KIND_UNREADABLE,
			     .tier = TIER_BOX, .score = 900, .confidence = -1,
			     .class_ = strstr(p->shape, "seal") ?
					       CLASS_NAME : CLASS_BARCODE };
	bool shape_left = false, line_left = false;

	snprintf(shape.why, sizeof(shape.why), "%s", p->shape);
	ck_assert(box_list_add(&list, &line) && box_list_add(&list, &shape));
	doubles_drop(&list);
	for (size_t i = 0; i < list.count; i++) {
		bool is_shape = list.box[i].why[0] == 's';

		shape_left = shape_left || is_shape;
		line_left = line_left || !is_shape;
	}
	ck_assert_msg(shape_left == !p->shape_goes, "%s: shape", p->name);
	ck_assert_msg(line_left == !p->line_goes, "%s: line", p->name);
	box_list_done(&list);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("doubles");
	TCase *tcase = tcase_create("doubles");

	tcase_add_loop_test(tcase, one_goes, 0, (int)ARRAY_LENGTH(pairs));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
