/* sample.c - what a second person reads, and what was said of it. */
#include "config.h"

#include "record/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/statistics.h"
#include "record/ledger.h"
#include "record/line.h"
#include "record/project_parts.h"
#include "record/second.h"

enum {
	MILLION = 1000000,
	SCORE_LOW = 500,                /* of 1000: a coin thrown */
	FAST_PERCENT = 40,              /* of the median time */
	BUNDLE = 1000,                  /* records a sync */
};

const char *const sample_why_name[SAMPLE_WHYS] = {
	[SAMPLE_DRAWN] = "drawn",
	[SAMPLE_REMOVED] = "mask-removed",
	[SAMPLE_NO_BOXES] = "no-boxes",
	[SAMPLE_LOW_SCORE] = "low-score",
	[SAMPLE_FAST] = "fast",
};
const char *const sample_mode_name[SAMPLE_MODES] = {
	[SAMPLE_RESIDUAL] = "residual",
	[SAMPLE_BLIND] = "blind",
	[SAMPLE_SECOND] = "second",
};

void sample_done(struct sample *s)
{
	free(s->item);
	free(s->reading);
	free(s->left);
	findings_done(&s->findings);
	*s = (struct sample){ 0 };
}

/* ---- what is read ---- */

bool sample_unread(const struct sample *s, size_t item, enum sample_mode mode)
{
	for (size_t i = 0; i < s->readings; i++)
		if (s->reading[i].item == item && s->reading[i].mode == mode &&
		    s->reading[i].verdict_seq == s->item[item].verdict_seq)
			return false;
	return true;
}

static size_t unread(const struct sample *s, enum sample_mode mode)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += s->item[i].has_output && sample_unread(s, i, mode);
	return count;
}

size_t sample_awaits(const struct sample *s)
{
	return unread(s, SAMPLE_RESIDUAL);
}

size_t sample_rest(const struct sample *s)
{
	size_t residual = unread(s, SAMPLE_RESIDUAL);
	size_t blind = unread(s, SAMPLE_BLIND);

	return blind < residual ? blind : residual;
}

/* ---- the story of the log ---- */

/* Of an item, what the ledger does not keep. */
struct tale {
	long long active_ms;            /* of the verdict */
	long long proposed;             /* boxes; -1: not known */
};

struct story {
	struct project *p;
	struct ledger ledger;
	struct tale *tale;              /* fact->row is 1 + index; 0: none */
	size_t tales, tale_capacity;
	struct sample *last;            /* the last valid round, */
	long long wanted;               /* up to this one; 0: of all */
	struct sample next;             /* items of one that is not valid yet;
					   a new session drops what a kill
					   left */
	struct findings findings;
	bool memory;                    /* there was enough */
};

static void story_done(struct story *st)
{
	ledger_done(&st->ledger);
	free(st->tale);
	findings_done(&st->findings);
	sample_done(&st->next);
}

static struct fact *fact_of(struct story *st, const char *hex)
{
	uint8_t id[16];

	return hash_from_hex(hex, id, sizeof(id)) ?
	       ledger_find(&st->ledger, id) : NULL;
}

static struct tale *tale_of(struct story *st, struct fact *f)
{
	if (f->row)
		return &st->tale[f->row - 1];
	if (!mem_grow(&st->tale, &st->tale_capacity, st->tales,
		      sizeof(*st->tale)))
		return NULL;
	st->tale[st->tales] = (struct tale){ .proposed = -1 };
	f->row = (long long)++st->tales;
	return &st->tale[st->tales - 1];
}

/* ---- the draw ---- */

struct lot_item {
	uint8_t mac[HASH_SIZE];         /* the order of the draw */
	const struct fact *fact;
	const struct tale *tale;
};

struct lot {
	struct lot_item *item;
	size_t count;
	long long median_ms;            /* of the decisions */
	bool masks_missing;             /* a file of boxes is not there */
};

static int by_mac(const void *a, const void *b)
{
	const struct lot_item *x = a, *y = b;

	return memcmp(x->mac, y->mac, HASH_SIZE);
}

static int by_time(const void *a, const void *b)
{
	const long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool find_median(struct lot *lot)
{
	long long *ms = mem_array(lot->count + 1, sizeof(*ms));

	for (size_t i = 0; ms && i < lot->count; i++)
		ms[i] = lot->item[i].tale->active_ms;
	if (ms && lot->count > 0) {
		qsort(ms, lot->count, sizeof(*ms), by_time);
		lot->median_ms = ms[lot->count / 2];
	}
	free(ms);
	return ms != NULL;
}

static bool is_in_lot(const struct fact *f)
{
	return fact_has_output(f) && f->row &&
	       (f->state == ITEM_MASKED || f->state == ITEM_CLEAN);
}

/* Every output that the log knows now, in the order that the key gives for
 * this round: nobody chooses the key, and the rounds count on. */
static bool make_lot(const struct story *st, long long round, struct lot *lot)
{
	const struct ledger *l = &st->ledger;
	uint8_t key[HASH_SIZE];
	char label[40], id[33];

	*lot = (struct lot){ .item = mem_array(l->used + 1,
					       sizeof(*lot->item)) };
	snprintf(label, sizeof(label), "round %lld", round);
	if (!lot->item || !hash_derive(st->p->sample_key, label, key))
		return false;
	for (size_t i = 0; i < l->slots; i++) {
		const struct fact *f = &l->fact[i];
		struct lot_item *item = &lot->item[lot->count];

		if (!f->used || !is_in_lot(f))
			continue;
		hash_hex(f->id, sizeof(f->id), id);
		*item = (struct lot_item){ .fact = f,
					   .tale = &st->tale[f->row - 1] };
		if (!hash_hmac(key, id, strlen(id), item->mac))
			return false;
		lot->count++;
	}
	qsort(lot->item, lot->count, sizeof(*lot->item), by_mac);
	return find_median(lot);
}

/* A mask that was taken off, or not put on, what matched the header or a
 * face; a reason was asked for also where a face was called something else. */
static bool is_removed(const struct decided_box *b)
{
	return b->decision == DECISION_NO_MASK &&
	       (b->reason > 0 || b->box.kind == KIND_FACE ||
		!strncmp(b->box.why, "header:", strlen("header:")));
}

static enum sample_why risk_of_boxes(const struct masks *m)
{
	enum sample_why why = SAMPLE_WHYS;

	for (size_t i = 0; i < m->box_count; i++) {
		if (is_removed(&m->box[i]))
			return SAMPLE_REMOVED;
		if (box_is_masked(m->box[i].decision) &&
		    m->box[i].box.source != SOURCE_REVIEWER &&
		    m->box[i].box.score < SCORE_LOW)
			why = SAMPLE_LOW_SCORE;
	}
	return why;
}

/* SAMPLE_WHYS: nothing speaks for it. */
static enum sample_why risk_of(const struct story *st, struct lot *lot,
			       const struct lot_item *item)
{
	enum sample_why why = SAMPLE_WHYS;
	struct masks masks = { 0 };
	char name[MASKS_NAME], id[33];

	hash_hex(item->fact->id, sizeof(item->fact->id), id);
	masks_name(id, item->fact->verdict_seq, name);
	if (masks_load(st->p->masksfd, name, item->fact->mask_sha256, &masks,
		       NULL))
		why = risk_of_boxes(&masks);
	else
		lot->masks_missing = true;
	masks_done(&masks);
	if (why == SAMPLE_REMOVED)
		return why;
	if (item->tale->proposed == 0)
		return SAMPLE_NO_BOXES;
	if (why == SAMPLE_WHYS &&
	    100 * item->tale->active_ms < FAST_PERCENT * lot->median_ms)
		why = SAMPLE_FAST;
	return why;
}

static bool add_item(struct sample *s, const char *id, enum sample_why why)
{
	if (!mem_grow(&s->item, &s->capacity, s->count, sizeof(*s->item)))
		return false;
	s->item[s->count] = (struct sample_item){ .why = why };
	snprintf(s->item[s->count++].id, sizeof(s->item->id), "%s", id);
	return true;
}

static long long size_of_draw(long long lot, const struct sample_rule *rule)
{
	double rate = (double)rule->rate / MILLION;
	long bad = (long)(rate * (double)lot);

	if ((double)bad < rate * (double)lot)
		bad++;
	return lot == 0 ? 0 :
	       statistics_sample_of((long)lot, bad < 1 ? 1 : bad,
				    1 - (double)rule->confidence / 1000);
}

/* Draw s->round by s->rule.  *sure: all that speaks for an item was known. */
static bool draw(const struct story *st, struct sample *s, bool *sure)
{
	long long taken[SAMPLE_WHYS] = { 0 };
	struct lot lot;
	bool good = make_lot(st, s->round, &lot);
	char id[33];

	s->lot = (long long)lot.count;
	s->drawn = size_of_draw(s->lot, &s->rule);
	for (size_t i = 0; good && i < lot.count; i++) {
		enum sample_why why = (long long)i < s->drawn ? SAMPLE_DRAWN :
				      risk_of(st, &lot, &lot.item[i]);

		if (why == SAMPLE_WHYS ||
		    (why > SAMPLE_REMOVED && taken[why] >= s->rule.risk))
			continue;
		taken[why]++;
		hash_hex(lot.item[i].fact->id, 16, id);
		good = add_item(s, id, why);
	}
	*sure = !lot.masks_missing;
	free(lot.item);
	return good;
}

/* Would key and log give the sample that stands there?  What files of boxes
 * that are gone spoke for can't be told. */
static bool is_as_keyed(const struct story *st, const struct sample *s,
			bool *same)
{
	struct sample again = { .round = s->round, .rule = s->rule };
	bool sure, good = draw(st, &again, &sure);
	size_t count = sure ? s->count : (size_t)again.drawn;

	*same = s->lot == again.lot && s->drawn == again.drawn &&
		s->count >= count && again.count >= count &&
		(!sure || s->count == again.count);
	for (size_t i = 0; good && *same && i < count; i++)
		*same = !strcmp(s->item[i].id, again.item[i].id) &&
			s->item[i].why == again.item[i].why;
	sample_done(&again);
	return good;
}

/* ---- reading the log ---- */

static int word_index(const char *const *words, int count, const char *word)
{
	for (int i = 0; word && i < count; i++)
		if (!strcmp(words[i], word))
			return i;
	return -1;
}

static void bring_up_item(const struct fact *f, struct sample_item *item)
{
	item->has_output = is_in_lot(f);
	item->verdict_seq = item->has_output ? f->verdict_seq : 0;
	item->uid = f->uid;
	snprintf(item->who, sizeof(item->who), "%s", f->who);
}

/* What became of the items since they were drawn. */
static void bring_up(struct story *st, struct sample *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct fact *f = fact_of(st, s->item[i].id);

		if (f && f->row)
			bring_up_item(f, &s->item[i]);
	}
}

/* The round before the next one, when that comes. */
static bool leave_round(struct story *st)
{
	struct sample *last = st->last, *next = &st->next;
	size_t rest;

	bring_up(st, last);
	rest = sample_rest(last);
	next->left = last->left;
	next->lefts = last->lefts;
	next->left_capacity = last->left_capacity;
	last->left = NULL;
	if (rest == 0)
		return true;
	if (!mem_grow(&next->left, &next->left_capacity, next->lefts,
		      sizeof(*next->left)))
		return false;
	next->left[next->lefts++] = (struct sample_left){
		last->round, (long long)last->count, (long long)rest };
	return true;
}

static bool take_round(struct story *st, const struct log_entry *e)
{
	struct sample *next = &st->next;

	next->round = e->round;
	next->seq = e->seq;
	next->lot = e->lot;
	next->drawn = e->drawn;
	next->rule = (struct sample_rule){ e->rate, e->confidence, e->risk };
	snprintf(next->t, sizeof(next->t), "%s", e->t);
	if (!is_as_keyed(st, next, &next->as_keyed) || !leave_round(st))
		return false;
	/* rounds count on: one that was drawn twice was chosen from two */
	if (next->round != st->last->round + 1)
		next->as_keyed = false;
	sample_done(st->last);
	*st->last = *next;
	*next = (struct sample){ 0 };
	return true;
}

/* An item of a round, or the round itself. */
static bool take_sample(struct story *st, const struct log_entry *e)
{
	int why = word_index(sample_why_name, SAMPLE_WHYS, e->why);

	if (LINE_HAS(e, LINE_ITEM))
		return why < 0 ||
		       add_item(&st->next, e->item, (enum sample_why)why);
	if (st->wanted && e->round > st->wanted) {
		sample_done(&st->next);
		return true;
	}
	return take_round(st, e);
}

static bool note_reading(struct sample *s, const struct sample_reading *r)
{
	for (size_t i = 0; i < s->readings; i++) {
		struct sample_reading *old = &s->reading[i];

		if (old->item == r->item && old->mode == r->mode &&
		    !strcmp(old->who, r->who)) {
			*old = *r;
			return true;
		}
	}
	if (!mem_grow(&s->reading, &s->reading_capacity, s->readings,
		      sizeof(*s->reading)))
		return false;
	s->reading[s->readings++] = *r;
	return true;
}

static bool find_item(const struct sample *s, const char *id, size_t *index)
{
	for (size_t i = 0; i < s->count; i++) {
		if (!strcmp(s->item[i].id, id)) {
			*index = i;
			return true;
		}
	}
	return false;
}

static bool take_reading(struct story *st, const struct log_entry *e)
{
	int mode = word_index(sample_mode_name, SAMPLE_MODES, e->mode);
	struct sample_reading r = { .seq = e->seq, .verdict = e->verdict,
				    .active_ms = e->active_ms };
	const struct fact *f = fact_of(st, e->item);

	if (mode < 0 || !e->verdict || e->round != st->last->round || !f ||
	    !f->row || !find_item(st->last, e->item, &r.item))
		return true;
	r.mode = (enum sample_mode)mode;
	snprintf(r.who, sizeof(r.who), "%s", e->who);
	memcpy(r.mask_sha256, e->mask_sha256, HASH_SIZE);
	snprintf(r.decided_by, sizeof(r.decided_by), "%s", f->who);
	r.verdict_seq = f->verdict_seq;
	memcpy(r.verdict_sha256, f->mask_sha256, HASH_SIZE);
	return note_reading(st->last, &r);
}

static bool take_decision(struct story *st, const struct log_entry *e)
{
	struct fact *f = fact_of(st, e->item);
	struct tale *t = f ? tale_of(st, f) : NULL;

	if (!t)
		return false;
	if (e->event == LOG_ITEM_PROPOSE) {
		t->proposed = e->boxes;
		return true;
	}
	t->active_ms = e->active_ms;
	return true;
}

static bool take_entry(void *self, const struct log_entry *e)
{
	struct story *st = self;

	st->memory = ledger_take(&st->ledger, e) &&
		     findings_take(&st->findings, e);
	if (!st->memory)
		return false;
	if (e->event == LOG_SESSION_OPEN)
		sample_done(&st->next);
	else if (e->event == LOG_ITEM_PROPOSE || e->event == LOG_ITEM_VERDICT)
		st->memory = take_decision(st, e);
	else if (e->event == LOG_QA_SAMPLE)
		st->memory = take_sample(st, e);
	else if (e->event == LOG_QA_VERDICT)
		st->memory = take_reading(st, e);
	return st->memory;
}

static bool read_story(struct story *st, struct error *err)
{
	struct project_audit audit;

	st->memory = true;
	if (!project_audit_log(st->p, &audit, take_entry, st, err))
		return false;
	if (!st->memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (audit.log.fault != LOG_OK)
		return error_set(err, ERR_CHECK, _("the review log is not as "
				 "it was written (%s, line %lld): look at it "
				 "with `suminuri log check`"),
				 log_fault_name[audit.log.fault],
				 audit.log.line);
	if (!findings_settle(&st->findings, st->p, &st->ledger))
		return error_set(err, ERR_MEMORY, _("no memory"));
	bring_up(st, st->last);
	st->last->findings = st->findings;
	st->findings = (struct findings){ 0 };
	return true;
}

bool sample_read(struct project *p, long long round, struct sample *s,
		 struct error *err)
{
	struct story st = { .p = p, .last = s, .wanted = round };
	bool good;

	*s = (struct sample){ 0 };
	good = read_story(&st, err);
	if (good && round && s->round != round)
		good = error_set(err, ERR_USAGE, _("there is no QA round %lld: "
						   "the last is %lld"), round,
				 s->round);
	story_done(&st);
	if (!good)
		sample_done(s);
	return good;
}

/* ---- what waits for a second reader ---- */

/* Every output that is not released yet, in listing order; fact[used] is to be
 * freed.  NULL: no memory. */
static const struct fact **unreleased(const struct story *st, size_t *count)
{
	const struct ledger *l = &st->ledger;
	const struct fact **list = mem_array(l->used + 1,
					     sizeof(struct fact *));

	*count = 0;
	for (size_t i = 0; list && i < l->slots; i++)
		if (l->fact[i].used && is_in_lot(&l->fact[i]) &&
		    l->fact[i].output == OUTPUT_STAGED)
			list[(*count)++] = &l->fact[i];
	if (list)
		qsort(list, *count, sizeof(struct fact *), ledger_by_listing);
	return list;
}

static bool wait_all(const struct story *st, struct sample *s)
{
	const struct policy *policy = &st->p->policy;
	size_t count;
	const struct fact **list = unreleased(st, &count);
	bool good = list != NULL;
	char id[33];

	for (size_t i = 0; good && i < count; i++) {
		if (second_satisfies(&list[i]->second, policy->second_least,
				     policy->second_uid))
			continue;
		hash_hex(list[i]->id, sizeof(list[i]->id), id);
		good = add_item(s, id, SAMPLE_DRAWN);
		if (good)
			bring_up_item(list[i], &s->item[s->count - 1]);
	}
	free(list);
	return good;
}

bool sample_waiting(struct project *p, struct sample *s, struct error *err)
{
	struct sample last = { 0 };
	struct story st = { .p = p, .last = &last };
	bool good;

	*s = (struct sample){ 0 };
	good = read_story(&st, err) &&
	       (!p->policy.second || wait_all(&st, s) ||
		error_set(err, ERR_MEMORY, _("no memory")));
	story_done(&st);
	sample_done(&last);
	if (!good)
		sample_done(s);
	return good;
}

bool sample_disputed(struct project *p,
		     bool (*visit)(void *self, const struct fact *fact),
		     void *self, struct error *err)
{
	struct sample last = { 0 };
	struct story st = { .p = p, .last = &last };
	const struct fact **list = NULL;
	size_t count = 0;
	bool good = read_story(&st, err);

	if (good) {
		list = unreleased(&st, &count);
		good = list || error_set(err, ERR_MEMORY, _("no memory"));
	}
	for (size_t i = 0; good && i < count; i++)
		if (list[i]->second.seq && !list[i]->second.agrees)
			good = visit(self, list[i]);
	free(list);
	story_done(&st);
	sample_done(&last);
	return good;
}

/* ---- planning ---- */

static bool note_item(struct project *p, const struct sample *s, size_t i,
		      struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.item = s->item[i].id;
	r.round = s->round;
	r.why = sample_why_name[s->item[i].why];
	return log_append(p->log, LOG_QA_SAMPLE, &r, NULL, err);
}

static bool note_items(struct project *p, const struct sample *s,
		       struct error *err)
{
	for (size_t i = 0; i < s->count; i += BUNDLE) {
		if (!project_goes_on(p, err) ||
		    !log_begin(p->log, BUNDLE, err))
			return false;
		for (size_t k = i; k < i + BUNDLE && k < s->count; k++)
			if (!note_item(p, s, k, err))
				return false;
		if (!log_commit(p->log, err))
			return false;
	}
	return true;
}

static bool note_round(struct project *p, const struct sample *s,
		       struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.round = s->round;
	r.lot = s->lot;
	r.drawn = s->drawn;
	r.rate = s->rule.rate;
	r.confidence = s->rule.confidence;
	r.risk = s->rule.risk;
	return project_log(p, LOG_QA_SAMPLE, &r, NULL, err);
}

/* Is all as it was when the round was drawn? */
static bool is_same_lot(const struct story *st, const struct sample *last)
{
	const struct ledger *l = &st->ledger;
	long long count = 0;

	for (size_t i = 0; i < l->slots; i++) {
		const struct fact *f = &l->fact[i];

		if (!f->used || !is_in_lot(f))
			continue;
		if (f->verdict_seq > last->seq)
			return false;
		count++;
	}
	return count == last->lot;
}

/* Nobody can choose: the number of the round is part of the draw. */
static bool may_draw(const struct story *st, const struct sample_rule *rule,
		     struct error *err)
{
	const struct sample *last = st->last;
	const struct sample_rule *old = &last->rule;
	size_t rest = sample_rest(last);

	if (last->round == 0 || rest == 0 || old->rate != rule->rate ||
	    old->confidence != rule->confidence || old->risk != rule->risk ||
	    !is_same_lot(st, last))
		return true;
	return error_set(err, ERR_USAGE, _("QA round %lld is not finished (%lld "
			 "of %lld are not read yet), and nothing was decided "
			 "since: another draw would only choose; 'suminuri qa "
			 "review' goes on"), last->round, (long long)rest,
			 (long long)last->count);
}

bool sample_plan(struct project *p, const struct sample_rule *rule,
		 struct sample *s, struct error *err)
{
	struct sample before = { 0 };
	struct story st = { .p = p, .last = &before };
	bool sure, good = read_story(&st, err) && may_draw(&st, rule, err);

	st.next.round = before.round + 1;
	st.next.rule = *rule;
	st.next.as_keyed = true;
	if (good && (!draw(&st, &st.next, &sure) || !leave_round(&st)))
		good = error_set(err, ERR_MEMORY, _("no memory"));
	if (good && st.next.lot == 0)
		good = error_set(err, ERR_USAGE, _("there is no output to "
				 "draw from: review and `suminuri apply` "
				 "first"));
	*s = st.next;
	st.next = (struct sample){ 0 };
	bring_up(&st, s);
	story_done(&st);
	sample_done(&before);
	good = good && note_items(p, s, err) && note_round(p, s, err);
	if (!good)
		sample_done(s);
	return good;
}

/* ---- second readers ---- */

static const char *word_of(enum sample_mode mode, enum item_state verdict)
{
	if (verdict == ITEM_CLEAN)
		return "clean";
	if (verdict != ITEM_MASKED)
		return "escalated";
	return mode == SAMPLE_BLIND ? "masked" : "left";
}

/* The masks file of a reading, named by the record that will follow. */
static bool write_marks(struct project *p, const char *id,
			const struct verdict *v, long long seq,
			uint8_t digest[HASH_SIZE], struct error *err)
{
	struct buffer text = { 0 };
	char name[MASKS_NAME];
	bool good;

	masks_print(v->boxes, v->box_count, v->seen, v->seen_count, &text);
	masks_name(id, seq, name);
	good = masks_write(p->masksfd, name, &text, digest, err);
	buffer_done(&text);
	return project_wrote(p, good);
}

bool sample_verdict(struct project *p, struct sample *s, size_t item,
		    enum sample_mode mode, const struct verdict *v,
		    struct error *err)
{
	const char *reader = log_reviewer(p->log);
	struct sample_item *it = &s->item[item];
	struct sample_reading note = { .item = item, .mode = mode };
	struct log_record r = LOG_RECORD_EMPTY;
	long long seq;

	if (!strcmp(reader, it->who))
		return error_set(err, ERR_USAGE, _("whoever decided an item "
				 "can't be its second reader"));
	if (mode == SAMPLE_SECOND && !second_may_read(p, it, err))
		return false;
	seq = log_next_seq(p->log, err);
	if (!seq || !write_marks(p, it->id, v, seq, note.mask_sha256, err))
		return false;
	r.item = it->id;
	r.round = mode == SAMPLE_SECOND ? -1 : s->round;
	r.apart = mode == SAMPLE_SECOND ? second_apart(p, it) : NULL;
	r.mode = sample_mode_name[mode];
	r.verdict = word_of(mode, v->verdict);
	r.mask_sha256 = note.mask_sha256;
	r.boxes = (long long)v->box_count;
	r.active_ms = v->active_ms;
	r.view_ms = v->view_ms;
	if (mode == SAMPLE_SECOND ? !second_log(p, &r, err) :
	    !project_log(p, LOG_QA_VERDICT, &r, NULL, err))
		return false;
	note.seq = seq;
	note.active_ms = v->active_ms;
	note.verdict = r.verdict;
	note.verdict_seq = it->verdict_seq;
	snprintf(note.who, sizeof(note.who), "%s", reader);
	snprintf(note.decided_by, sizeof(note.decided_by), "%s", it->who);
	return note_reading(s, &note) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

/* ---- outputs on which something was left ---- */

enum { KEPT_NAME = 64, SEQ_TEXT = 24 };

/* Which verdict of an item it was about. */
static void kept_texts(const struct worklist_item *item, char name[KEPT_NAME],
		       char seq[SEQ_TEXT])
{
	snprintf(name, KEPT_NAME, "kept.%s", item->id);
	snprintf(seq, SEQ_TEXT, "%lld", item->verdict_seq);
}

bool sample_keep_back(struct worklist *w, const struct worklist_item *item,
		      struct error *err)
{
	char name[KEPT_NAME], seq[SEQ_TEXT];

	kept_texts(item, name, seq);
	return worklist_set(w, name, seq, err);
}

bool sample_kept_back(struct worklist *w, const struct worklist_item *item)
{
	char name[KEPT_NAME], seq[SEQ_TEXT], *kept;
	bool is;

	kept_texts(item, name, seq);
	kept = worklist_value(w, name);
	is = kept && !strcmp(kept, seq);
	free(kept);
	return is;
}
