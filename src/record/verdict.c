/* verdict.c - what is decided on an item: opened, proposed, refused, verdict,
 * taken back. */
#include "config.h"

#include "record/project.h"

#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/table.h"
#include "record/project_parts.h"

static const enum item_state verdicts[] = { ITEM_MASKED, ITEM_CLEAN,
					    ITEM_WITHHELD, ITEM_ESCALATED };

static bool is_verdict(enum item_state state)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (verdicts[i] == state)
			return true;
	return false;
}

/* ---- tried again ---- */

/* Before release nothing has left: the log notes it, the staged file goes. */
static bool reopen_quietly(struct project *p, struct worklist_item *item,
			   const struct log_record *r, struct error *err)
{
	long long seq;

	if (!project_log(p, LOG_ITEM_REOPEN, r, &seq, err) ||
	    !staged_drop(p, item, err))
		return false;
	item->state = ITEM_OPEN;
	if (item->output == OUTPUT_STAGED)
		item->output = OUTPUT_NONE;
	return project_save(p, item, seq, err);
}

bool project_read_again(struct project *p, struct worklist_item *item,
			struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.item = item->id;
	item->reason = REASON_NONE;
	return reopen_quietly(p, item, &r, err);
}

bool project_try_again(struct project *p, struct worklist_item *item,
		       struct error *err)
{
	item->state = ITEM_OPEN;
	return project_save(p, item, 0, err);
}

/* Open in the worklist alone: the log knows its refusal. */
static bool is_tried_again(const struct worklist_item *item)
{
	return item->state == ITEM_OPEN && worklist_could_not_read(item);
}

/* Before anything else is logged of it. */
static bool settle(struct project *p, struct worklist_item *item,
		   struct error *err)
{
	return !is_tried_again(item) || project_read_again(p, item, err);
}

/* ---- opened, proposed, refused ---- */

bool project_opened(struct project *p, struct worklist_item *item,
		    struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	struct worklist_item before;
	long long seq = 0;
	bool known, other;

	if (!settle(p, item, err) ||
	    !worklist_get(p->worklist, item->row, &before, err))
		return false;
	known = before.has_sha256;
	other = known && item->has_sha256 &&
		memcmp(before.in_sha256, item->in_sha256, HASH_SIZE);
	worklist_item_done(&before);
	if (other)
		return error_refuse(err, REASON_CHANGED, NULL, 0);
	if (!known && item->has_sha256) {
		r.item = item->id;
		r.in_sha256 = item->in_sha256;
		if (!project_log(p, LOG_ITEM_OPEN, &r, &seq, err))
			return false;
	}
	if (item->state == ITEM_LISTED || item->state == ITEM_PROPOSED)
		item->state = ITEM_OPEN;
	return project_save(p, item, seq, err);
}

bool project_proposed(struct project *p, struct worklist_item *item,
		      int boxes, const void *blob, size_t length,
		      struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	long long seq;

	if (!settle(p, item, err) ||
	    !worklist_set_proposals(p->worklist, item->row, blob, length,
				    err))
		return false;
	r.item = item->id;
	r.boxes = boxes;
	if (item->has_sha256)
		r.in_sha256 = item->in_sha256;
	if (!project_log(p, LOG_ITEM_PROPOSE, &r, &seq, err))
		return false;
	item->boxes = boxes;
	if (item->state == ITEM_LISTED)
		item->state = ITEM_PROPOSED;
	return project_save(p, item, seq, err);
}

bool project_refused(struct project *p, struct worklist_item *item,
		     enum reason reason, const char *uid, long long number,
		     struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	struct error detail = { 0 };
	long long seq;

	if (is_tried_again(item) && reason == REASON_UNREADABLE) {
		item->state = ITEM_REFUSED;     /* as is logged */
		return project_save(p, item, 0, err);
	}
	if (!settle(p, item, err))
		return false;
	/* error_refuse() lets only digits and dots of a UID through */
	error_refuse(&detail, reason, uid, number);
	r.item = item->id;
	r.refused = refusal_name(reason_code(reason));
	if (item->has_sha256)
		r.in_sha256 = item->in_sha256;
	if (!project_log(p, LOG_ITEM_OPEN, &r, &seq, err))
		return false;
	item->state = ITEM_REFUSED;
	item->reason = (int)reason;
	memcpy(item->reason_uid, detail.uid, sizeof(item->reason_uid));
	item->reason_number = number;
	return project_save(p, item, seq, err);
}

/* ---- verdicts ---- */

static bool check_verdict(const struct worklist_item *item,
			  const struct verdict *v, struct error *err)
{
	if (!is_verdict(v->verdict) || v->reason < 0 ||
	    v->reason >= LOG_REASONS)
		return error_set(err, ERR_INTERNAL, "no such verdict");
	if (!item->has_sha256)
		return error_set(err, ERR_USAGE, _("an item that was never "
						   "opened has no verdict"));
	if (item->state == ITEM_REFUSED)
		return error_set(err, ERR_USAGE, _("a refused item has no "
						   "verdict"));
	if (item->output == OUTPUT_RELEASED)
		return error_set(err, ERR_USAGE, _("this item was released: "
						   "take it back first"));
	return true;
}

/* To hold an item back, or pass it up, everybody may. */
bool project_may_decide(const struct project *p, enum item_state verdict,
			struct error *err)
{
	if ((verdict != ITEM_MASKED && verdict != ITEM_CLEAN) ||
	    p->qualified >= p->policy.least)
		return true;
	return error_set(err, ERR_USAGE, _("the policy of this project asks "
			 "for a %s at least to decide; escalate it with !"),
			 qualification_name[p->policy.least]);
}

/* The text of the masks file; what was checked by eye stands in it too. */
static void print_masks(const struct verdict *v, enum head_surface policy,
			struct buffer *text)
{
	static const struct seen by_eye = { .mode = "by-eye", .frame = -1 };
	static const struct seen head[] = {
		[HEAD_KEEP] = { .mode = "head-keep", .frame = -1 },
		[HEAD_FLAG] = { .mode = "head-flag", .frame = -1 },
		[HEAD_REQUIRE] = { .mode = "head-req", .frame = -1 },
	};
	bool told = !v->faces_by_eye;

	for (size_t i = 0; i < v->seen_count; i++)
		told = told || !strcmp(v->seen[i].mode, by_eye.mode);
	masks_print(v->boxes, v->box_count, v->seen, v->seen_count, text);
	if (!told)
		masks_print(NULL, 0, &by_eye, 1, text);
	if (v->head)
		masks_print(NULL, 0, &head[policy], 1, text);
	if (v->after)
		masks_print_after(v->after, text);
}

static int count_masks(const struct verdict *v)
{
	int masks = 0;

	for (size_t i = 0; i < v->box_count; i++)
		masks += box_is_masked(v->boxes[i].decision);
	return masks;
}

bool project_verdict(struct project *p, struct worklist_item *item,
		     const struct verdict *v, struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	struct buffer text = { 0 };
	uint8_t digest[HASH_SIZE];
	char name[MASKS_NAME];
	long long seq;
	bool good;

	if (!pending_resolve(p, item, err) || !check_verdict(item, v, err) ||
	    !project_may_decide(p, v->verdict, err) || !settle(p, item, err))
		return false;
	seq = log_next_seq(p->log, err);
	if (!seq)
		return false;
	print_masks(v, p->policy.head_surface, &text);
	masks_name(item->id, seq, name);
	good = masks_write(p->masksfd, name, &text, digest, err) &&
	       table_note_item(p->privatefd, item->id, item->patient,
			       item->format, err);
	buffer_done(&text);
	if (!project_wrote(p, good))
		return false;
	r.item = item->id;
	r.in_sha256 = item->in_sha256;
	r.mask_sha256 = digest;
	r.verdict = item_state_name[v->verdict];
	r.reason = log_reason_name[v->reason];
	r.active_ms = v->active_ms;
	r.view_ms = v->view_ms;
	r.boxes = (long long)v->box_count;
	if (!project_log(p, LOG_ITEM_VERDICT, &r, &seq, err) ||
	    !staged_drop(p, item, err))
		return false;
	item->state = v->verdict;
	item->verdict_seq = seq;
	item->boxes = count_masks(v);
	memcpy(item->mask_sha256, digest, HASH_SIZE);
	item->output = worklist_output_after(item);
	return project_save(p, item, seq, err);
}

bool project_reopen(struct project *p, struct worklist_item *item, int reason,
		    struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	long long seq;

	if (!pending_resolve(p, item, err))
		return false;
	if (!is_verdict(item->state) || reason < 0 || reason >= LOG_REASONS)
		return error_set(err, ERR_USAGE, _("there is no verdict to "
						   "take back"));
	r.item = item->id;
	r.reason = log_reason_name[reason];
	if (item->output != OUTPUT_RELEASED)
		return reopen_quietly(p, item, &r, err);
	if (reason == 0)
		return error_set(err, ERR_USAGE, _("this item was released: a "
						   "reason is needed to take "
						   "it back"));
	r.out_sha256 = item->out_sha256;
	r.phase = "intent";
	if (!project_log(p, LOG_ITEM_REOPEN, &r, &seq, err))
		return false;
	item->state = ITEM_OPEN;
	item->pending = PENDING_WITHDRAW;
	return project_save(p, item, seq, err) &&
	       withdraw_finish(p, item, err);
}

/* ---- what the writer needs ---- */

bool project_decided(struct project *p, const struct worklist_item *item,
		     struct masks *masks, struct error *err)
{
	char name[MASKS_NAME];

	*masks = (struct masks){ 0 };
	if (item->verdict_seq == 0)
		return true;
	masks_name(item->id, item->verdict_seq, name);
	return masks_load(p->masksfd, name, item->mask_sha256, masks, err);
}

bool project_mask_boxes(struct project *p, const struct worklist_item *item,
			struct box_list *boxes, struct error *err)
{
	struct masks masks;
	bool good = true;

	if (item->state != ITEM_MASKED && item->state != ITEM_CLEAN)
		return error_set(err, ERR_USAGE, _("this item is not "
						   "decided"));
	if (!project_decided(p, item, &masks, err))
		return false;
	for (size_t i = 0; good && i < masks.box_count; i++) {
		struct box box = masks.box[i].box;

		if (!box_is_masked(masks.box[i].decision))
			continue;
		if (masks.box[i].decision == DECISION_CHANGED)
			box.source = SOURCE_REVIEWER;
		good = box_list_add(boxes, &box);
	}
	masks_done(&masks);
	return good || error_set(err, ERR_MEMORY, _("no memory"));
}

/* What is drawn stands in table.jsonl before it stands in the worklist. */
static bool draw_patient(struct project *p, const struct worklist_item *item,
			 struct mask_job *job, struct error *err)
{
	bool drawn = false;

	if (!p->log)            /* only reading */
		return worklist_patient(p->worklist, item->patient,
					job->pseudonym, &job->date_offset,
					&drawn, err);
	if (!worklist_begin(p->worklist, err))
		return false;
	if (worklist_patient(p->worklist, item->patient, job->pseudonym,
			     &job->date_offset, &drawn, err) &&
	    (!drawn || project_wrote(p, table_note_patient(
			p->privatefd, item->patient, job->pseudonym,
			job->date_offset, err))))
		return worklist_commit(p->worklist, err);
	worklist_rollback(p->worklist);
	return false;
}

bool project_mask_job(struct project *p, const struct worklist_item *item,
		      struct mask_job *job, struct error *err)
{
	static const uint8_t unknown[HASH_SIZE];

	*job = (struct mask_job){
		.profile = p->policy.tags, .reviewed = true,
		.patient_id_empty = p->policy.patient_id_empty,
		.strict_residue = p->policy.strict_residue,
		.age_cap = p->policy.age_cap,
	};
	memcpy(job->uid_key, p->uid_key, sizeof(job->uid_key));
	if (item->format != IMAGE_DICOM)
		return true;
	if (!memcmp(item->patient, unknown, HASH_SIZE))
		return error_set(err, ERR_INTERNAL, "the patient of an item "
				 "is not known yet");
	return draw_patient(p, item, job, err);
}
