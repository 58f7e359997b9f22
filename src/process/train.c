/* train.c - exercises with known answers, scores of a trainee. */
#include "config.h"

#include "process/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "find/cover.h"

enum { DILATE = 8,                      /* pixels; reliability.md 8.4 */
       MISSED_PERCENT = 20, SMALL_PERCENT = 80, THOUSAND = 1000 };

/* Why a class must go (the rules of DESIGN 2). */
static const struct { const char *class_, *rule; } rules[] = {
	{ "name", N_("a name must go, in any script") },
	{ "kana", N_("a name must go, in any script") },
	{ "patient_id", N_("a patient's number must go") },
	{ "accession", N_("a number of the study must go") },
	{ "insurance", N_("an insurance number must go") },
	{ "dob", N_("a date of birth must go") },
	{ "date", N_("a date must go: it leads to the visit") },
	{ "time", N_("a time must go: it leads to the visit") },
	{ "age_sex", N_("age and sex must go from the pixels") },
	{ "institution", N_("a hospital's name must go") },
	{ "physician", N_("a name of staff must go") },
	{ "address", N_("an address must go") },
	{ "phone", N_("a phone number must go") },
	{ "barcode", N_("a code can be read by machines: it must go") },
	{ "face", N_("a face must go whole: eyes alone do not hide who it "
		     "is") },
};
static const char other_rule[] = N_("text that is not known to be harmless "
				    "must go");
static const char benign_rule[] = N_("device, scale and technical text may "
				     "stay");
static const char needless_rule[] = N_("nothing that tells who it is lies "
				       "here");

static const char *rule_of(const char *class_)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!strcmp(rules[i].class_, class_))
			return rules[i].rule;
	return other_rule;
}

void train_case_done(struct train_case *c)
{
	free(c->finding);
	*c = (struct train_case){ 0 };
}

static bool add(struct train_case *c, const struct train_finding *f)
{
	if (!mem_grow(&c->finding, &c->capacity, c->count,
		      sizeof(*c->finding)))
		return false;
	c->finding[c->count++] = *f;
	c->marks[f->mark]++;
	return true;
}

/* ---- one case ---- */

struct compared {
	const struct truth *truth;
	const struct decided_box *box;
	size_t count;
	int columns, rows;
	struct region *region;          /* [count + truth->count], for use */
};

static bool on_frame(const struct decided_box *b, int frame)
{
	return b->box.plane == PLANE_PICTURE && b->box.frame0 <= frame &&
	       frame <= b->box.frame1;
}

/* The masks of a frame into cmp->region; how many. */
static size_t masks_of(const struct compared *cmp, int frame)
{
	size_t n = 0;

	for (size_t i = 0; i < cmp->count; i++)
		if (box_is_masked(cmp->box[i].decision) &&
		    on_frame(&cmp->box[i], frame))
			cmp->region[n++] = cmp->box[i].box.region;
	return n;
}

static bool must_go(const struct truth_box *t)
{
	return t->counts && t->kind != TRUTH_BENIGN;
}

/* The number of the box, masked or not, that covers most of an answer, and at
 * least that much; 0: none does. */
static int box_on(const struct compared *cmp, const struct truth_box *t,
		  bool masked, int percent)
{
	double most = 0;
	int number = 0;

	for (size_t i = 0; i < cmp->count; i++) {
		const struct decided_box *b = &cmp->box[i];
		double share = 0;

		if (on_frame(b, t->frame) &&
		    box_is_masked(b->decision) == masked)
			share = cover_share(t->region, &b->box.region, 1);
		if (share > most && 100 * share >= percent) {
			most = share;
			number = (int)i + 1;
		}
	}
	return number;
}

static bool mark_answer(const struct compared *cmp, const struct truth_box *t,
			struct train_case *c)
{
	size_t n = masks_of(cmp, t->frame);
	double share = cover_share(t->region, cmp->region, n);
	struct train_finding f = {
		.region = t->region, .frame0 = t->frame, .frame1 = t->frame,
		.percent = (int)(100 * share),
	};

	snprintf(f.class_, sizeof(f.class_), "%s",
		 t->kind == TRUTH_FACE ? "face" : t->class_);
	f.rule = rule_of(f.class_);
	f.mark = f.percent < MISSED_PERCENT ? TRAIN_MISSED :
		 f.percent < SMALL_PERCENT ? TRAIN_SMALL : TRAIN_RIGHT;
	f.number = f.mark == TRAIN_MISSED ?
		   box_on(cmp, t, false, MISSED_PERCENT) :
		   box_on(cmp, t, true, 0);
	return add(c, &f);
}

/* Does a mask lie on an answer (in one of its frames)? */
static bool lies_on(const struct decided_box *b, const struct truth_box *t)
{
	return on_frame(b, t->frame) &&
	       !region_empty(region_intersect(b->box.region, t->region));
}

/* Needless only where all of it is known. */
static bool mark_mask(const struct compared *cmp, const struct decided_box *b,
		      struct train_case *c)
{
	struct train_finding f = {
		.mark = TRAIN_NEEDLESS, .region = b->box.region,
		.frame0 = b->box.frame0, .frame1 = b->box.frame1,
		.class_ = "-", .rule = needless_rule,
		.number = (int)(b - cmp->box) + 1,
	};

	for (size_t i = 0; i < cmp->truth->count; i++) {
		const struct truth_box *t = &cmp->truth->box[i];

		if (!lies_on(b, t))
			continue;
		if (t->kind != TRUTH_BENIGN || !t->counts)
			return true;
		snprintf(f.class_, sizeof(f.class_), "benign_text");
		f.rule = benign_rule;
	}
	return (cmp->truth->partial && b->box.kind == KIND_FACE) ||
	       add(c, &f);
}

/* What the masks of the first frame of each mask cover beyond the answers. */
static int over_mask(const struct compared *cmp)
{
	long long pixels = (long long)cmp->columns * cmp->rows, masked, on = 0;
	int frame = cmp->truth->count ? cmp->truth->box[0].frame : 0;
	struct region all = { 0, 0, cmp->columns, cmp->rows };
	size_t n = masks_of(cmp, frame), answers = 0;
	struct region *answer = cmp->region + cmp->count;

	for (size_t i = 0; i < cmp->truth->count; i++)
		if (cmp->truth->box[i].frame == frame &&
		    cmp->truth->box[i].kind != TRUTH_BENIGN)
			answer[answers++] = region_grow(
				cmp->truth->box[i].region, DILATE);
	masked = cover_area(all, cmp->region, n);
	/* |M and G| = |M| + |G| - |M or G|; both lie one after the other */
	memmove(cmp->region + n, answer, answers * sizeof(*answer));
	on = masked + cover_area(all, cmp->region + n, answers) -
	     cover_area(all, cmp->region, n + answers);
	return pixels > 0 ? (int)((masked - on) * THOUSAND / pixels) : 0;
}

/* Of what no box was about. */
static void number_rest(struct train_case *c, size_t boxes)
{
	int number = (int)boxes;

	for (size_t i = 0; i < c->count; i++)
		if (c->finding[i].number == 0)
			c->finding[i].number = ++number;
}

bool train_compare(const struct truth *truth, const struct decided_box *box,
		   size_t count, int columns, int rows, struct train_case *c)
{
	struct compared cmp = {
		.truth = truth, .box = box, .count = count,
		.columns = columns, .rows = rows,
		.region = mem_array(count + truth->count + 1,
				    sizeof(*cmp.region)),
	};
	bool good = cmp.region != NULL;

	for (size_t i = 0; good && i < truth->count; i++)
		if (must_go(&truth->box[i]))
			good = mark_answer(&cmp, &truth->box[i], c);
	for (size_t i = 0; good && i < count; i++)
		if (box_is_masked(box[i].decision) &&
		    box[i].box.plane == PLANE_PICTURE)
			good = mark_mask(&cmp, &box[i], c);
	if (good) {
		number_rest(c, count);
		c->permille = over_mask(&cmp);
	}
	free(cmp.region);
	return good;
}

/* ---- sums ---- */

void train_score_done(struct train_score *s)
{
	free(s->class_);
	free(s->ms);
	free(s->permille);
	*s = (struct train_score){ 0 };
}

static struct train_class *class_of(struct train_score *s, const char *name)
{
	for (size_t i = 0; i < s->classes; i++)
		if (!strcmp(s->class_[i].name, name))
			return &s->class_[i];
	if (!mem_grow(&s->class_, &s->class_room, s->classes,
		      sizeof(*s->class_)))
		return NULL;
	s->class_[s->classes] = (struct train_class){ .boxes = 0 };
	snprintf(s->class_[s->classes].name, sizeof(s->class_->name), "%s",
		 name);
	return &s->class_[s->classes++];
}

static bool add_finding(struct train_score *s, const struct train_finding *f)
{
	struct train_class *k;

	s->marks[f->mark]++;
	if (f->mark == TRAIN_NEEDLESS)
		return true;
	k = class_of(s, f->class_);
	if (!k)
		return false;
	k->boxes++;
	k->marks[f->mark]++;
	s->boxes++;
	return true;
}

bool train_add(struct train_score *s, const struct train_case *c,
	       long long active_ms)
{
	size_t n = (size_t)s->cases;

	if (!mem_grow(&s->ms, &s->ms_room, n, sizeof(*s->ms)) ||
	    !mem_grow(&s->permille, &s->permille_room, n,
		      sizeof(*s->permille)))
		return false;
	for (size_t i = 0; i < c->count; i++)
		if (!add_finding(s, &c->finding[i]))
			return false;
	s->ms[n] = active_ms;
	s->permille[n] = c->permille;
	s->cases++;
	s->right_cases += c->marks[TRAIN_MISSED] + c->marks[TRAIN_SMALL] +
			  c->marks[TRAIN_NEEDLESS] == 0;
	return true;
}

static int by_ms(const void *a, const void *b)
{
	const long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int by_share(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

long long train_median_ms(const struct train_score *s)
{
	size_t n = (size_t)s->cases;

	if (n == 0)
		return 0;
	qsort(s->ms, n, sizeof(*s->ms), by_ms);
	return s->ms[n / 2];
}

int train_median_permille(const struct train_score *s)
{
	size_t n = (size_t)s->cases;

	if (n == 0)
		return 0;
	qsort(s->permille, n, sizeof(*s->permille), by_share);
	return s->permille[n / 2];
}
