/* fuzz_boxes.c - a proposals file (DESIGN 5.1). */
#include "config.h"

#include <string.h>

#include "find/proposal.h"
#include "tests/fuzz/harness.h"

enum { COLUMNS = 640, ROWS = 480, FRAMES = 7 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void check_box(const struct box *b)
{
	harness_must(b->region.x0 >= 0 && b->region.x0 < b->region.x1 &&
		     b->region.x1 <= COLUMNS && b->region.y0 >= 0 &&
		     b->region.y0 < b->region.y1 && b->region.y1 <= ROWS,
		     "a box outside the picture");
	harness_must(b->frame0 >= 0 && b->frame0 <= b->frame1 &&
		     b->frame1 < FRAMES, "a box outside the frames");
	harness_must(b->kind < KINDS && b->class_ < CLASSES &&
		     b->source < SOURCES && b->tier < TIERS,
		     "a box of no kind");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t sha256[32] = { 1, 2, 3 };
	const char *text = (const char *)data;
	struct box_list list = { 0 };
	struct error err = { 0 };

	proposal_check(text, size, &err);
	harness_must(harness_is_clean(err.text, strnlen(err.text,
							sizeof(err.text))),
		     "a message of proposal_check steers the terminal");
	err = (struct error){ 0 };
	if (proposal_parse(text, size, sha256, COLUMNS, ROWS, FRAMES, &list,
			   &err))
		for (size_t i = 0; i < list.count; i++)
			check_box(&list.box[i]);
	else
		harness_must(err.code != ERR_NONE, "wrong without an error");
	box_list_done(&list);
	return 0;
}
