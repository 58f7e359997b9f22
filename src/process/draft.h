/*
 * draft.h - boxes that a reviewer changed and did not decide on yet, kept for
 * a later session in private/drafts/<item>: a kill or a power cut costs no
 * work.  Recognised text is left out, nothing is logged, and the boxes decide
 * nothing: they are shown again.
 */
#ifndef SUMI_DRAFT_H
#define SUMI_DRAFT_H

#include "base/mem.h"
#include "record/project.h"

struct draft {
	struct decided_box *box;        /* as changed; owned */
	size_t box_count;
	struct decided_box *loaded;     /* as they came, before any change;
					   owned */
	size_t loaded_count;
};
void draft_done(struct draft *d);

/* The bytes of a draft of this item (its hash has to be known); false without
 * memory. */
bool draft_pack(const struct worklist_item *item, const struct draft *d,
		struct buffer *out);

/* Put them in place of what is kept of the item, durably; none: remove it. */
bool draft_save(const struct project *p, const struct worklist_item *item,
		const struct buffer *bytes, struct error *err);

bool draft_kept(const struct project *p, const struct worklist_item *item);

/*
 * Read it back; *d is empty when nothing is kept, or it is of another file or
 * of before the item's last verdict (that one is removed).  ERR_CHECK when it
 * is damaged: it is removed too.
 */
bool draft_load(const struct project *p, const struct worklist_item *item,
		struct draft *d, struct error *err);
#endif
