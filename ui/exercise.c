/* exercise.c - train: the review screen over pictures with known answers. */
#include "config.h"

#include "ui/exercise.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "process/answers.h"
#include "process/curve.h"
#include "process/source.h"
#include "record/trial.h"
#include "ui/app.h"
#include "ui/errand.h"
#include "ui/view_answer.h"
#include "ui/wording.h"

static const char trainee[] = "trainee";

/* A case: where its answers are; whether it was scored. */
struct exercise_case {
	char *answers, *name;           /* owned; name: as above the picture */
	bool scored;
};

struct exercise {
	struct errand errand;
	char *deck;                     /* as typed */
	struct answers answers;
	char folder[PATH_MAX], trial[PATH_MAX];
	struct exercise_case *item;     /* by row - 1 */
	size_t rows, capacity;
	struct hasher *hasher;          /* over all answers: names the deck */
	char name[CURVE_DECK];
	long long began;                /* s since 1970 */
	char greeting[160];             /* of a run that was stopped; "" */
	struct error unnoted;           /* of the last case */
	struct train_case result;       /* of the last case */
	bool fresh;                     /* it is still to be shown */
	struct answer answer;
	struct train_score score;
};

/* ---- the deck ---- */

/* What is known of a picture names the deck; texts and names do not. */
static bool add_answers(struct exercise *x, const char *path,
			struct error *err)
{
	struct truth truth = { 0 };
	bool good = answers_load(path, &truth, err);

	for (size_t i = 0; good && i < truth.count; i++) {
		const struct truth_box *b = &truth.box[i];
		const int32_t place[] = { b->region.x0, b->region.y0,
					  b->region.x1, b->region.y1,
					  b->frame, (int32_t)b->kind };

		hasher_add(x->hasher, place, sizeof(place));
	}
	truth_done(&truth);
	return good;
}

static bool list_case(struct exercise *x, struct project *trial,
		      const struct source_item *found, const char *answers,
		      struct error *err)
{
	char path[2 * PATH_MAX];
	long below = found->below;
	long long row;

	if (!source_absolute(found->path, &below, path, sizeof(path)))
		return error_set(err, ERR_USAGE, _("the path is too long"));
	if (!add_answers(x, answers, err))
		return error_prefix(err, "%s", found->which);
	if (!project_list(trial, path, below, source_below(found), NULL,
			  &row, NULL, err))
		return false;
	if (!mem_grow(&x->item, &x->capacity, x->rows, sizeof(*x->item)))
		return error_set(err, ERR_MEMORY, _("no memory"));
	x->item[x->rows] = (struct exercise_case){
		.answers = strdup(answers) };
	return x->item[x->rows++].answers ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

/* The pictures of the deck that have an answer. */
static bool list_cases(struct exercise *x, struct project *trial,
		       struct error *err)
{
	struct source *source = source_new(&x->deck, 1, err);
	enum source_step step = SOURCE_END;
	struct source_item found;
	char answers[PATH_MAX];
	bool good = source && project_list_begin(trial, err);

	while (good &&
	       (step = source_next(source, &found, err)) != SOURCE_END)
		if (step == SOURCE_ITEM && found.refused == REASON_NONE &&
		    answers_find(&x->answers, found.name, answers, NULL))
			good = list_case(x, trial, &found, answers, err);
	good = good && err->code == ERR_NONE && project_list_end(trial, err);
	source_free(source);
	return good;
}

static bool name_deck(struct exercise *x, struct error *err)
{
	uint8_t digest[HASH_SIZE];

	if (!hasher_end(x->hasher, digest))
		return error_set(err, ERR_MEMORY, _("no memory"));
	hash_hex(digest, (CURVE_DECK - 1) / 2, x->name);
	return true;
}

/* A run that was stopped is not gone on with: its cases were answered. */
static void greet(struct exercise *x)
{
	const struct curve_run *last = NULL;
	struct curve_run *all = NULL;
	struct error unread = { 0 };    /* the end says it */
	size_t count = 0;

	if (!curve_read(x->folder, &all, &count, &unread))
		count = 0;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(all[i].deck, x->name))
			last = &all[i];
	if (last && last->unfinished)
		snprintf(x->greeting, sizeof(x->greeting),
			 _("the last run of this deck stopped after %lld of "
			   "%zu cases; this one begins anew"), last->cases,
			 x->rows);
	free(all);
}

static const char *greeting(void *self)
{
	return ((const struct exercise *)self)->greeting;
}

static struct project *open_exercise(void *self,
				     const struct project_options *options,
				     struct error *err)
{
	struct exercise *x = self;
	struct project_options o = *options;
	struct project *trial;

	o.directory = x->trial;
	o.reviewer = trainee;
	o.role = "trainee";
	o.keep_names = false;
	trial = trial_open(&o, err);
	x->began = time(NULL);
	if (trial && list_cases(x, trial, err) && x->rows > 0 &&
	    name_deck(x, err)) {
		greet(x);
		return trial;
	}
	if (trial && err->code == ERR_NONE)
		error_set(err, ERR_USAGE, _("no picture of this deck has an "
					    "answer: see --truth"));
	trial_close(trial, x->trial);
	return NULL;
}

/* ---- while it runs ---- */

/* Above the answer stands what stands above the picture. */
static void name_answer(struct exercise *x, const struct worklist_item *item)
{
	struct exercise_case *at = &x->item[item->row - 1];

	if (!at->name && item->name)
		at->name = strdup(item->name);
	x->answer = (struct answer){ &x->result, item->row,
				     (long long)x->rows, at->name, &x->score };
}

/* The score so far, as long as nothing better is noted. */
static bool note(const struct exercise *x, bool unfinished, struct error *err)
{
	struct curve_run run;

	curve_run_of(&x->score, x->name, x->began, &run);
	run.unfinished = unfinished;
	return curve_note(x->folder, &run, err);
}

/* Taken back and decided again, a case does not count twice. */
static bool verdict(void *self, const struct worklist_item *item,
		    const struct image_info *info, const struct verdict *v,
		    struct error *err)
{
	struct exercise *x = self;
	struct exercise_case *at = &x->item[item->row - 1];
	struct truth truth = { 0 };
	bool good;

	x->fresh = false;
	if (v->verdict != ITEM_MASKED && v->verdict != ITEM_CLEAN)
		return true;            /* passed over */
	train_case_done(&x->result);
	good = answers_load(at->answers, &truth, err) &&
	       ((train_compare(&truth, v->boxes, v->box_count, info->columns,
			       info->rows, &x->result) &&
		 (at->scored ||
		  train_add(&x->score, &x->result, v->active_ms))) ||
		error_set(err, ERR_MEMORY, _("no memory")));
	truth_done(&truth);
	/* the end says what can't be noted */
	if (good && !at->scored) {
		x->unnoted = (struct error){ 0 };
		note(x, true, &x->unnoted);
	}
	at->scored = true;
	name_answer(x, item);
	x->fresh = good;
	return good;
}

static const struct answer *answer(void *self)
{
	struct exercise *x = self;

	if (!x->fresh)
		return NULL;
	x->fresh = false;
	return &x->answer;
}

/* ---- the end ---- */

static bool is_open(const struct project *trial)
{
	const unsigned undecided = 1u << ITEM_LISTED | 1u << ITEM_PROPOSED |
				   1u << ITEM_OPEN;

	return trial && worklist_next(trial->worklist, 1, false, undecided);
}

/* Of a run that is stopped all is noted already. */
static bool note_end(const struct exercise *x, bool stopped,
		     struct error *err)
{
	if (!stopped)
		return note(x, false, err);
	*err = x->unnoted;
	return err->code == ERR_NONE;
}

/* The score, and how it stands beside those of earlier runs. */
static bool tell(struct exercise *x, bool stopped, FILE *out,
		 struct error *err)
{
	struct curve_run *all = NULL;
	size_t count = 0;
	bool good;

	curve_print_score(&x->score, wording, out);
	if (x->rows < CURVE_PASS_CASES)
		fprintf(out, _("this deck has %zu cases: no run of it can "
			       "pass\n"), x->rows);
	if (stopped)
		fputs(_("stopped before its end: the next run begins anew\n"),
		      out);
	good = note_end(x, stopped, err) &&
	       curve_read(x->folder, &all, &count, err);
	if (good) {
		fputc('\n', out);
		curve_print(all, count, x->name, out);
	}
	free(all);
	return good;
}

static int end(void *self, struct project *trial, FILE *out,
	       struct error *err)
{
	struct exercise *x = self;
	bool stopped = is_open(trial);

	trial_close(trial, x->trial);
	if (trial && err->code == ERR_NONE && x->score.cases > 0)
		tell(x, stopped, out, err);
	else if (trial && err->code == ERR_NONE)
		fputs(_("no case was decided: nothing is scored\n"), out);
	for (size_t i = 0; i < x->rows; i++) {
		free(x->item[i].answers);
		free(x->item[i].name);
	}
	free(x->item);
	train_case_done(&x->result);
	train_score_done(&x->score);
	hasher_free(x->hasher);
	return error_exit_status(err->code);
}

/* ---- the command ---- */

static int fail(const struct error *err)
{
	fprintf(stderr, "suminuri: train: %s\n", err->text);
	return error_exit_status(err->code);
}

static int report(const char *folder)
{
	struct curve_run *all = NULL;
	struct error err = { 0 };
	size_t count;

	if (!curve_read(folder, &all, &count, &err))
		return fail(&err);
	if (count == 0)
		puts(_("no exercise was done yet"));
	else
		curve_print(all, count, NULL, stdout);
	free(all);
	return 0;
}

/* --truth, or truth/ in the deck, or the deck. */
static bool find_answers(struct exercise *x, const char *named)
{
	char inside[PATH_MAX];
	int length = snprintf(inside, sizeof(inside), "%s/truth", x->deck);

	if (named)
		return answers_open(&x->answers, named);
	return (length > 0 && length < PATH_MAX &&
		answers_open(&x->answers, inside)) ||
	       answers_open(&x->answers, x->deck);
}

int exercise_train(const struct options *o)
{
	struct exercise x = {
		.deck = o->argument[0],
		.errand = {
			.command = "train",
			.title = N_("TRAINING"),
			.subject = N_("TRAINING  cases with known answers; "
				      "nothing is written"),
			.known = true, .greeting = greeting,
			.open = open_exercise, .verdict = verdict,
			.answer = answer, .end = end,
		},
	};
	struct error err = { 0 };
	int length;

	if (!curve_folder(x.folder, &err))
		return fail(&err);
	if (!strcmp(x.deck, "report"))
		return report(x.folder);
	length = snprintf(x.trial, sizeof(x.trial), "%s/trial", x.folder);
	if (length >= PATH_MAX || !find_answers(&x, options_value(o, 'u')))
		return error_set(&err, ERR_USAGE, _("--truth: neither a "
				 "folder nor a file of answers")),
		       fail(&err);
	x.hasher = hasher_new();
	if (!x.hasher)
		return error_set(&err, ERR_MEMORY, _("no memory")),
		       fail(&err);
	x.errand.self = &x;
	x.errand.project = x.deck;
	return app_errand(o, &x.errand);
}
