/* boxes_check.c - the files of boxes against the verdicts that name them. */
#include "config.h"

#include "record/boxes_check.h"

#include <stdlib.h>
#include <string.h>

#include "record/line.h"
#include "record/masks.h"

/* What was wrong with files that were erased is wrong no more. */
static void forget(struct boxes_check *b, const struct log_entry *e)
{
	const bool all = !LINE_HAS(e, LINE_ITEM);
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++)
		if (!all && strcmp(b->wrong[i].item, e->item) != 0)
			b->wrong[kept++] = b->wrong[i];
	b->count = kept;
}

bool boxes_take(struct boxes_check *b, int masksfd,
		const struct log_entry *e)
{
	char name[MASKS_NAME];

	if (e->event == LOG_ERASE)
		forget(b, e);
	if (e->event != LOG_ITEM_VERDICT)
		return true;
	masks_name(e->item, e->seq, name);
	if (e->has_mask &&
	    masks_load(masksfd, name, e->mask_sha256, NULL, NULL))
		return true;
	if (!mem_grow(&b->wrong, &b->capacity, b->count, sizeof(*b->wrong)))
		return false;
	b->wrong[b->count].seq = e->seq;
	memcpy(b->wrong[b->count++].item, e->item, sizeof(e->item));
	return true;
}

long long boxes_fault(const struct boxes_check *b)
{
	return b->count ? b->wrong[0].seq : 0;
}

void boxes_done(struct boxes_check *b)
{
	free(b->wrong);
	*b = (struct boxes_check){ 0 };
}
