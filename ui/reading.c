/* reading.c - qa review: the review screen over a sample, without what the
 * first reviewer saw. */
#include "config.h"

#include "ui/reading.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "process/output.h"
#include "process/source.h"
#include "record/sample.h"
#include "record/second.h"
#include "record/trial.h"
#include "ui/app.h"
#include "ui/errand.h"

struct reading {
	struct errand errand;
	const char *directory;          /* of the project, as typed */
	char place[PATH_MAX], trial[PATH_MAX];  /* absolute */
	enum sample_mode mode;
	long round;                     /* to be read; 0: the last */
	struct project *project;        /* that the sample is of */
	struct sample sample;
	struct policy policy;
	size_t *item;                   /* by row - 1: index in the sample */
	size_t rows, capacity;
	long long own;                  /* left out: decided by the reader */
	long long read, left, unsure;
	long long escalated;            /* second: not agreed to */
};

/* ---- what is read ---- */

/* Where the output of an item lies now. */
static bool output_path(const struct reading *r,
			const struct worklist_item *item, char path[PATH_MAX])
{
	int length;

	if (item->output == OUTPUT_RELEASED && item->out_name)
		length = snprintf(path, PATH_MAX, "%s/out/%s", r->place,
				  item->out_name);
	else
		length = snprintf(path, PATH_MAX,
				  "%s/private/staged/%s.%lld", r->place,
				  item->id, item->verdict_seq);
	return length > 0 && length < PATH_MAX;
}

/* List one item by its number: names may tell who it is. */
static bool list_item(struct reading *r, struct project *trial, size_t i,
		      struct error *err)
{
	struct worklist_item item = { 0 };
	char path[PATH_MAX], name[32];
	bool good = worklist_find_id(r->project->worklist, r->sample.item[i].id,
				     &item, err) &&
		    (mem_grow(&r->item, &r->capacity, r->rows,
			      sizeof(*r->item)) ||
		     error_set(err, ERR_MEMORY, _("no memory")));

	if (good) {
		long long below = SOURCE_NAMED;
		const char *from = path;
		long long row;

		if (r->mode == SAMPLE_BLIND) {
			from = item.path;
			below = item.below;
		} else if (!output_path(r, &item, path)) {
			good = error_set(err, ERR_USAGE,
					 _("the path is too long"));
		}
		snprintf(name, sizeof(name), _("item %lld"), item.row);
		good = good && project_list(trial, from, (long)below, name,
					    NULL, &row, NULL, err);
	}
	if (good)
		r->item[r->rows++] = i;
	worklist_item_done(&item);
	return good;
}

/* All that this reader may read and nobody has, in the order of the draw. */
static bool list_items(struct reading *r, struct project *trial,
		       struct error *err)
{
	const char *reader = log_reviewer(r->project->log);

	if (!project_list_begin(trial, err))
		return false;
	for (size_t i = 0; i < r->sample.count; i++) {
		const struct sample_item *item = &r->sample.item[i];

		if (!item->has_output || !sample_unread(&r->sample, i, r->mode))
			continue;
		if (!strcmp(item->who, reader))
			r->own++;
		else if (!list_item(r, trial, i, err))
			return false;
	}
	return project_list_end(trial, err);
}

/* ---- opening ---- */

static bool not_planned(struct error *err)
{
	return error_set(err, ERR_USAGE, _("no sample is drawn yet: "
					   "`suminuri qa plan`"));
}

/* What a killed session left is settled before more is read. */
static bool load_sample(struct reading *r, struct error *err)
{
	if (r->mode == SAMPLE_SECOND)
		return second_may_begin(r->project, err) &&
		       second_escalate(r->project, NULL, err) &&
		       sample_waiting(r->project, &r->sample, err);
	return sample_read(r->project, r->round, &r->sample, err) &&
	       (r->sample.round > 0 || not_planned(err));
}

/* Nobody is asked who he is when there is nothing to read. */
static bool is_planned(struct reading *r, struct error *err)
{
	const struct project_options o = { .directory = r->directory,
					   .reading = true };
	struct error why = { 0 };
	struct project *p = project_open(&o, &why);
	struct sample s = { 0 };
	bool planned = true;

	if (p && r->mode == SAMPLE_SECOND)
		planned = p->policy.second || second_may_begin(p, &why);
	else if (p)
		planned = sample_read(p, r->round, &s, &why) && s.round > 0;
	if (p && !planned && why.code == ERR_NONE)
		not_planned(&why);
	sample_done(&s);
	project_abandon(p);
	if (!planned)
		*err = why;
	return planned;
}

static bool open_project(struct reading *r,
			 const struct project_options *options,
			 struct error *err)
{
	struct project_options o = *options;

	o.directory = r->directory;
	o.create = false;
	o.keep_names = false;
	o.role = "qa";
	r->project = project_open(&o, err);
	if (!r->project) {
		if (!o.reviewer && err->code == ERR_USAGE)
			r->errand.known = !is_planned(r, err);
		return false;
	}
	r->errand.known = true;
	if (!realpath(r->directory, r->place) ||
	    snprintf(r->trial, sizeof(r->trial), "%s/private/reading",
		     r->place) >= (int)sizeof(r->trial))
		return error_set(err, ERR_USAGE, _("the path is too long"));
	/* blind: the tour shows all ink before Space or Z count */
	r->policy = r->project->policy;
	r->policy.require_scan_always = false;
	r->policy.blind = r->mode == SAMPLE_BLIND;
	return load_sample(r, err);
}

static struct project *open_reading(void *self,
				    const struct project_options *options,
				    struct error *err)
{
	struct reading *r = self;
	struct project_options o = *options;
	struct project *trial = NULL;

	if (!open_project(r, options, err))
		return NULL;
	o.directory = r->trial;
	o.reviewer = log_reviewer(r->project->log);
	o.role = "qa";
	o.keep_names = false;
	trial = trial_open(&o, err);
	if (trial && list_items(r, trial, err) && r->rows > 0)
		return trial;
	if (trial && err->code == ERR_NONE)
		error_set(err, ERR_USAGE, r->own > 0 ?
			  _("what is left to read was decided by the same "
			    "person: another one has to read it") :
			  r->mode == SAMPLE_SECOND ?
			  _("no output waits for a second reader") :
			  _("all of the sample was read"));
	trial_close(trial, r->trial);
	return NULL;
}

/* ---- while it runs ---- */

/* The second reader is shown no decision: on a copy what is found is only
 * pointed at, in the picture of the input nothing is.  Text in its overlays and
 * unused bits is shown as the first reader saw it: it goes whatever is decided,
 * and tells which names to look for. */
static bool found(void *self, const struct worklist_item *item,
		  struct proposals *p)
{
	const struct reading *r = self;
	size_t kept = 0;

	(void)item;
	for (size_t i = 0; i < p->boxes.count; i++) {
		struct box *b = &p->boxes.box[i];

		if (r->mode == SAMPLE_BLIND && b->plane == PLANE_PICTURE)
			continue;
		if (r->mode != SAMPLE_BLIND && b->tier == TIER_BOX)
			b->tier = TIER_CANDIDATE;
		p->boxes.box[kept++] = *b;
	}
	p->boxes.count = kept;
	return true;
}

/* What was marked on an output keeps it back, and waits for the next look at
 * the item. */
static bool keep_back(struct reading *r, size_t index,
		      const struct verdict *v, struct error *err)
{
	struct worklist_item item = { 0 };
	struct box_list left = { 0 };
	bool good = worklist_find_id(r->project->worklist,
				     r->sample.item[index].id, &item, err);

	for (size_t i = 0; good && i < v->box_count; i++)
		if (box_is_masked(v->boxes[i].decision))
			good = box_list_add(&left, &v->boxes[i].box) ||
			       error_set(err, ERR_MEMORY, _("no memory"));
	good = good && output_keep_back(r->project, &item, &left, err);
	box_list_done(&left);
	worklist_item_done(&item);
	return good;
}

static bool verdict(void *self, const struct worklist_item *item,
		    const struct image_info *info, const struct verdict *v,
		    struct error *err)
{
	struct reading *r = self;
	size_t index = r->item[item->row - 1];

	(void)info;
	if (!sample_verdict(r->project, &r->sample, index, r->mode, v, err))
		return false;
	r->read++;
	if (v->verdict == ITEM_MASKED && r->mode != SAMPLE_BLIND)
		r->left++;
	if (v->verdict == ITEM_MASKED && r->mode == SAMPLE_RESIDUAL)
		return keep_back(r, index, v, err);
	r->unsure += v->verdict == ITEM_WITHHELD ||
		     v->verdict == ITEM_ESCALATED;
	return true;
}

/* ---- the end ---- */

static long long still_open(const struct reading *r)
{
	long long open = 0;

	for (size_t i = 0; i < r->sample.count; i++)
		open += r->sample.item[i].has_output &&
			sample_unread(&r->sample, i, r->mode);
	return open;
}

static void tell(const struct reading *r, FILE *out)
{
	fprintf(out, _("%lld read, %lld to be read\n"), r->read,
		still_open(r));
	if (r->own > 0)
		fprintf(out, _("%lld left out: decided by the same person\n"),
			r->own);
	if (r->escalated > 0)
		fprintf(out, _("%lld not agreed to: escalated, with what was "
			       "marked; `suminuri review` decides them "
			       "again\n"), r->escalated);
	else if (r->left > 0)
		fprintf(out, _("something was LEFT on %lld outputs: 'suminuri "
			       "qa report' says what to do\n"), r->left);
	if (r->unsure > 0)
		fprintf(out, _("not sure about %lld\n"), r->unsure);
}

static int end(void *self, struct project *trial, FILE *out,
	       struct error *err)
{
	struct reading *r = self;
	struct error closing = { 0 };

	trial_close(trial, r->trial);
	/* not before: u may take a word back */
	if (trial && err->code == ERR_NONE && r->mode == SAMPLE_SECOND)
		second_escalate(r->project, &r->escalated, err);
	if (trial && err->code == ERR_NONE)
		tell(r, out);
	sample_done(&r->sample);
	free(r->item);
	if (r->project && !project_close(r->project, &closing) &&
	    err->code == ERR_NONE)
		*err = closing;
	return error_exit_status(err->code);
}

static bool find_mode(const char *word, enum sample_mode *mode)
{
	for (int i = 0; word && i < SAMPLE_MODES; i++) {
		if (!strcmp(word, sample_mode_name[i])) {
			*mode = (enum sample_mode)i;
			return true;
		}
	}
	return !word;
}

int reading_qa(const struct options *o, long round)
{
	static const char *const title[SAMPLE_MODES] = {
		[SAMPLE_RESIDUAL] = N_("QA RESIDUAL"),
		[SAMPLE_BLIND] = N_("QA BLIND"),
		[SAMPLE_SECOND] = N_("SECOND READER"),
	};
	struct reading r = {
		.directory = o->argument[1], .round = round,
		.errand = {
			.command = "qa",
			.question = N_("Who reads?  A code of letters and "
				       "digits, kept in the log:"),
			.open = open_reading, .found = found,
			.verdict = verdict, .end = end,
		},
	};

	r.errand.self = &r;
	r.errand.project = r.directory;
	r.errand.policy = &r.policy;
	if (!find_mode(options_value(o, 'm'), &r.mode)) {
		fprintf(stderr, "suminuri: qa: %s\n",
			_("--mode: residual, blind or second is needed"));
		return error_exit_status(ERR_USAGE);
	}
	r.errand.title = title[r.mode];
	r.errand.subject = r.mode == SAMPLE_BLIND ?
			   N_("QA  mark what must go; {clean}: nothing") :
			   N_("QA  masked copies: {clean} clean; {add}, "
			      "{approve}: something left");
	r.errand.hint = r.mode == SAMPLE_BLIND ?
			N_("{help} help  {hint} {add} mark what must go, then "
			   "{approve}  {clean} nothing  {tour} tour  "
			   "{masks} masks  {undo} undo") :
			N_("{help} help  {clean} clean  {hint} {add} mark what "
			   "is left, then {approve}  {tour} tour  "
			   "{masks} masks  {undo} undo");
	r.errand.approve = r.mode == SAMPLE_BLIND ? NULL :
			   N_("SPC say that something is left");
	return app_errand(o, &r.errand);
}
