/* second.c - the second reader that a policy asks for. */
#include "config.h"

#include "record/second.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "record/project_parts.h"

bool second_is(const struct log_entry *e)
{
	return e->event == LOG_QA_VERDICT && e->mode &&
	       !strcmp(e->mode, sample_mode_name[SAMPLE_SECOND]);
}

bool second_may_begin(const struct project *p, struct error *err)
{
	if (!p->policy.second)
		return error_set(err, ERR_USAGE, _("the policy of this project "
				 "asks for no second reader (second = none in "
				 "private/policy.ini)"));
	return p->qualified >= p->policy.second_least ||
	       error_set(err, ERR_USAGE, _("the policy of this project asks "
			 "for a %s at least as second reader: say what you "
			 "are with --qualification"),
			 qualification_name[p->policy.second_least]);
}

bool second_may_read(const struct project *p, const struct sample_item *item,
		     struct error *err)
{
	if (!second_may_begin(p, err))
		return false;
	return !p->policy.second_uid || item->uid != log_uid(p->log) ||
	       error_set(err, ERR_USAGE, _("the policy of this project asks "
			 "for a second reader with another user account"));
}

const char *second_apart(const struct project *p,
			 const struct sample_item *item)
{
	return item->uid != log_uid(p->log) ? "uid" : "code";
}

/* ---- in the worklist ---- */

enum { NOTE_NAME_TEXT = 64, NOTE_TEXT = 64 };

static void note_name(const struct worklist_item *item,
		      char name[NOTE_NAME_TEXT])
{
	snprintf(name, NOTE_NAME_TEXT, "second.%s", item->id);
}

/* "<seq of the verdict> <qualification> <apart>" of who agreed; "": nobody. */
bool second_note(struct worklist *w, const struct worklist_item *item,
		 const char *verdict, const char *qual, const char *apart,
		 struct error *err)
{
	char name[NOTE_NAME_TEXT], text[NOTE_TEXT] = "";

	note_name(item, name);
	if (apart && !strcmp(verdict, "clean"))
		snprintf(text, sizeof(text), "%lld %d %s", item->verdict_seq,
			 qualification_number(qual), apart);
	return worklist_set(w, name, text, err);
}

bool second_awaited(const struct project *p, const struct worklist_item *item)
{
	char name[NOTE_NAME_TEXT], apart[8] = "", *text;
	struct second_word word = { 0 };
	long long seq = 0;
	int qualified = 0;

	if (!p->policy.second)
		return false;
	note_name(item, name);
	text = worklist_value(p->worklist, name);
	/* what is no qualification is none: the note may be damaged */
	if (text &&
	    sscanf(text, "%lld %d %7s", &seq, &qualified, apart) == 3 &&
	    qualified >= QUALIFIED_ANY && qualified < QUALIFICATIONS)
		word = (struct second_word){
			.seq = seq, .agrees = seq == item->verdict_seq,
			.qualified = (enum qualification)qualified,
			.uid = !strcmp(apart, "uid"),
		};
	free(text);
	return !second_satisfies(&word, p->policy.second_least,
				 p->policy.second_uid);
}

/* The row has nothing new but that it knows of the record. */
bool second_log(struct project *p, const struct log_record *r,
		struct error *err)
{
	const enum qualification mine = p->qualified;
	struct worklist_item item = { 0 };
	long long seq = 0;
	bool good = worklist_find_id(p->worklist, r->item, &item, err) &&
		    project_log(p, LOG_QA_VERDICT, r, &seq, err) &&
		    worklist_begin(p->worklist, err);

	if (good && second_note(p->worklist, &item, r->verdict,
				mine ? qualification_name[mine] : NULL,
				r->apart, err))
		good = project_save(p, &item, seq, err) &&
		       worklist_commit(p->worklist, err);
	else if (good)
		good = (worklist_rollback(p->worklist), false);
	worklist_item_done(&item);
	return good;
}

/* ---- who did not agree ---- */

struct escalating {
	struct project *p;
	struct error *err;
	long long count;
};

static bool load(const struct project *p, const char *id, long long seq,
		 const uint8_t digest[HASH_SIZE], struct masks *m,
		 struct error *err)
{
	char name[MASKS_NAME];

	masks_name(id, seq, name);
	return masks_load(p->masksfd, name, digest, m, err);
}

/* Add what the second reader marked to the boxes of the first. */
static bool add_marks(struct masks *first, const struct masks *second)
{
	int id = 0;

	for (size_t i = 0; i < first->box_count; i++)
		if (first->box[i].id > id)
			id = first->box[i].id;
	for (size_t i = 0; i < second->box_count; i++) {
		struct decided_box box = second->box[i];

		if (!box_is_masked(box.decision))
			continue;
		if (!mem_grow(&first->box, &first->box_capacity,
			      first->box_count, sizeof(*first->box)))
			return false;
		box.id = ++id;
		box.decision = DECISION_ADDED;
		box.box.source = SOURCE_REVIEWER;
		first->box[first->box_count++] = box;
	}
	return true;
}

static bool escalate_item(struct escalating *e, const struct masks *boxes,
			  const char *id)
{
	const struct verdict v = {
		.verdict = ITEM_ESCALATED, .boxes = boxes->box,
		.box_count = boxes->box_count, .active_ms = -1,
		.view_ms = -1,
	};
	struct worklist_item item = { 0 };
	bool good = worklist_find_id(e->p->worklist, id, &item, e->err) &&
		    project_verdict(e->p, &item, &v, e->err);

	worklist_item_done(&item);
	e->count += good;
	return good;
}

static bool escalate(void *self, const struct fact *f)
{
	struct escalating *e = self;
	struct masks first = { 0 }, second = { 0 };
	char id[33];
	bool good;

	hash_hex(f->id, sizeof(f->id), id);
	good = load(e->p, id, f->verdict_seq, f->mask_sha256, &first,
		    e->err) &&
	       load(e->p, id, f->second.seq, f->second.mask_sha256, &second,
		    e->err) &&
	       (add_marks(&first, &second) ||
		error_set(e->err, ERR_MEMORY, _("no memory"))) &&
	       escalate_item(e, &first, id);
	masks_done(&first);
	masks_done(&second);
	return good;
}

bool second_escalate(struct project *p, long long *count, struct error *err)
{
	struct escalating e = { .p = p, .err = err };
	bool good = sample_disputed(p, escalate, &e, err);

	if (count)
		*count = e.count;
	return good;
}
