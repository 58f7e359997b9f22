/* batch.c - detects in many files without a screen. */
#include "config.h"

#include "process/batch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/vocabulary.h"
#include "find/detect.h"
#include "process/sandbox.h"
#include "process/source.h"
#include "process/stored.h"
#include "process/worker.h"
#include "record/project.h"

enum {
	/* Lines that may wait for one before them. */
	SLOTS = 64,
	/* Jobs beyond those at work, so that no core waits for us. */
	AHEAD = 2,
	/* Files counted ahead for the bar: a second's work. */
	COUNT_MOST = 200000,
	/* Between two looks at the clock, when somebody watches. */
	LIVE_MS = 500,
};

/* One file on its way to its line. */
struct slot {
	unsigned long job;              /* 0: none is under way */
	bool done, named;
	int permille;                   /* of its detection; -1: it waits */
	char *name, *which;
	struct buffer line;
	long long row;                  /* of the project's worklist */
};

struct batch {
	const struct batch_options *options;
	const struct batch_talk *talk;
	struct workers *workers;
	struct source *source;
	struct project *project;        /* NULL: none */
	struct slot slot[SLOTS];        /* a ring */
	long long first, next;          /* numbers of lines: to print, to fill */
	long long total;                /* files; 0: not counted */
	bool ended;                     /* the source */
	int status;
	int out_fd;
	struct error failure;           /* of the project: the batch ends */
};

static void raise_status(struct batch *b, enum error_code code)
{
	int status = error_exit_status(code);

	if (status > b->status)
		b->status = status;
}

static void say(struct batch *b, const char *which, const char *text)
{
	b->talk->say(b->talk->self, which, text);
}

/* The batch can't go on. */
static bool stop(struct batch *b, const struct error *err)
{
	raise_status(b, err->code);
	say(b, b->options->sink ? "eval" : "propose", err->text);
	return false;
}

/* ---- the project ---- */

static bool list_item(struct batch *b, const struct source_item *item,
		      long long *row, struct error *err)
{
	const char *flagged = *item->flagged ? item->flagged : NULL;
	char path[2 * PATH_MAX];
	long below = item->below;

	if (!source_absolute(item->path, &below, path, sizeof(path)))
		return error_set(err, ERR_USAGE, _("the path is too long"));
	return project_list_begin(b->project, err) &&
	       project_list(b->project, path, below, source_below(item),
			    flagged, row, NULL, err) &&
	       project_list_end(b->project, err);
}

static int count_boxes(const struct box_list *list)
{
	int boxes = 0;

	for (size_t i = 0; i < list->count; i++)
		boxes += list->box[i].tier == TIER_BOX;
	return boxes;
}

/* Has nobody opened or decided it yet? */
static bool untouched(const struct worklist_item *item)
{
	return item->state == ITEM_LISTED || item->state == ITEM_PROPOSED;
}

/* Keep what was found, without the text. */
static bool keep(struct batch *b, const struct slot *s,
		 const struct worker_event *e, struct error *err)
{
	struct worklist_item item = { 0 };
	struct stored_origin origin = { .columns = e->info.columns,
					.rows = e->info.rows,
					.frames = e->info.frames };
	struct buffer blob = { 0 };
	bool ok = worklist_get(b->project->worklist, s->row, &item, err);
	bool again;

	memcpy(origin.sha256, e->sha256, sizeof(origin.sha256));
	snprintf(origin.by, sizeof(origin.by), "%s", workers_by(b->workers));
	snprintf(origin.policy, sizeof(origin.policy), "%s",
		 b->project->policy.id);
	if (ok && !stored_pack(&origin, &e->proposals, &blob))
		ok = error_set(err, ERR_MEMORY, _("no memory"));

	again = ok && worklist_could_not_read(&item);
	if (again)
		ok = project_read_again(b->project, &item, err);
	if (ok && (untouched(&item) || again)) {
		memcpy(item.patient, e->patient, sizeof(item.patient));
		memcpy(item.series, e->series, sizeof(item.series));
		memcpy(item.device, e->device, sizeof(item.device));
		item.format = (int)e->info.format;
		item.columns = e->info.columns;
		item.rows = e->info.rows;
		item.frames = e->info.frames;
		snprintf(item.modality, sizeof(item.modality), "%s",
			 e->info.modality);
		ok = project_proposed(b->project, &item,
				      count_boxes(&e->proposals.boxes),
				      blob.data, blob.length, err);
	}
	buffer_done(&blob);
	worklist_item_done(&item);
	return ok;
}

static bool keep_refusal(struct batch *b, const struct slot *s,
			 enum reason reason, const char *uid,
			 long long number, struct error *err)
{
	struct worklist_item item = { 0 };
	bool ok = worklist_get(b->project->worklist, s->row, &item, err);

	if (ok && untouched(&item))
		ok = project_refused(b->project, &item, reason, uid, number,
				     err);
	worklist_item_done(&item);
	return ok;
}

/* ---- lines ---- */

static void slot_done(struct slot *s)
{
	free(s->name);
	free(s->which);
	buffer_done(&s->line);
	*s = (struct slot){ 0 };
}

/* Hand a result over instead of printing it. */
static void hand_over(struct batch *b, struct slot *s,
		      const struct worker_event *e)
{
	const struct batch_sink *sink = b->options->sink;

	s->job = 0;
	s->done = true;
	sink->found(sink->self, s->name, s->which, e, &b->failure);
}

/* A found file that is no picture is listed, but nothing to complain of. */
static void refuse(struct batch *b, struct slot *s, enum reason reason,
		   const char *uid, long long number)
{
	char text[ERROR_TEXT];

	s->job = 0;
	s->done = true;
	if (b->options->sink)
		hand_over(b, s, NULL);
	else
		proposal_print_refused(&s->line, s->name, reason, uid, number);
	if (b->project &&
	    !keep_refusal(b, s, reason, uid, number, &b->failure))
		return;
	if (!s->named && reason_code(reason) == REFUSAL_NOT_IMAGE)
		return;
	raise_status(b, ERR_REFUSED);
	reason_text(reason, uid, number, true, text, sizeof(text));
	say(b, s->which, text);
}

static void print_line(struct batch *b, struct slot *s,
		       const struct worker_event *e)
{
	struct proposal_line line = {
		.file = s->name, .sha256 = e->sha256,
		.format = image_format_name[e->info.format],
		.columns = e->info.columns, .rows = e->info.rows,
		.frames = e->info.frames, .proposals = &e->proposals,
		.by = workers_by(b->workers), .ms = -1,
	};

	if (b->options->sink) {
		hand_over(b, s, e);
		return;
	}
	s->job = 0;
	s->done = true;
	if (b->project)
		keep(b, s, e, &b->failure);
	line.show_text = b->options->show_text;
	if (b->options->timings)
		line.ms = e->ms;
	proposal_print(&s->line, &line);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

/* How far all is, and what is under way. */
static void tell_progress(const struct batch *b)
{
	struct progress p = { .done = b->first, .total = b->total };

	for (long long n = b->first; b->talk->live && n < b->next; n++) {
		const struct slot *s = &b->slot[n % SLOTS];

		if (s->done)
			p.done++;
		else if (s->permille >= 0)
			progress_add(&p, n + 1, s->permille, NULL);
	}
	b->talk->progress(b->talk->self, &p);
}

/* Let out what has nothing before it that is still under way. */
static bool flush(struct batch *b)
{
	struct error err = b->failure;

	if (err.code != ERR_NONE)
		return stop(b, &err);
	while (b->first < b->next && b->slot[b->first % SLOTS].done) {
		struct slot *s = &b->slot[b->first % SLOTS];

		b->talk->progress(b->talk->self, NULL);
		if (s->line.failed)
			error_set(&err, ERR_MEMORY, _("no memory for a line"));
		else if (!write_all(b->out_fd, s->line.data, s->line.length))
			error_set(&err, ERR_WRITE, _("standard output "
				  "can't be written: check free space"));
		slot_done(s);
		if (err.code != ERR_NONE)
			return stop(b, &err);
		b->first++;
		tell_progress(b);
	}
	return true;
}

/* ---- files in ---- */

static bool begin_item(struct batch *b, const struct source_item *item,
		       struct error *err)
{
	struct slot *s = &b->slot[b->next % SLOTS];
	int fd;

	*s = (struct slot){ .named = item->named, .permille = -1,
			    .name = strdup(item->name),
			    .which = strdup(item->which) };
	b->next++;
	if (!s->name || !s->which)
		return error_set(err, ERR_MEMORY, _("no memory for a line"));
	if (b->project && !list_item(b, item, &s->row, err))
		return false;
	if (item->refused != REASON_NONE) {
		refuse(b, s, item->refused, NULL, 0);
		return true;
	}
	fd = source_open(item->path, item->below, err);
	if (fd < 0) {
		refuse(b, s, err->reason, NULL, 0);
		return true;
	}
	s->job = workers_detect(b->workers, fd,
				b->project ? b->project->patient_key : NULL,
				NULL, err);
	close(fd);
	return s->job != 0;
}

static bool is_wanted(const struct batch *b, const struct source_item *item)
{
	const struct batch_sink *sink = b->options->sink;

	return !sink || sink->wanted(sink->self, item->name);
}

/* Take files from the source while there is room.  False: stop. */
static bool fill(struct batch *b)
{
	int limit = b->options->jobs + AHEAD;
	struct source_item item;
	struct error err;

	while (!b->ended && b->next - b->first < SLOTS &&
	       workers_busy(b->workers) < limit) {
		switch (source_next(b->source, &item, &err)) {
		case SOURCE_ITEM:
			if (!is_wanted(b, &item))
				break;
			if (!begin_item(b, &item, &err))
				return stop(b, &err);
			break;
		case SOURCE_PROJECT:
			say(b, item.which,
			    _("a project folder is skipped: review it by its "
			      "name"));
			break;
		case SOURCE_END:
			b->ended = true;
			if (err.code != ERR_NONE)
				return stop(b, &err);
		}
	}
	return true;
}

/* ---- results ---- */

static struct slot *slot_of(struct batch *b, unsigned long job)
{
	for (long long n = b->first; n < b->next; n++)
		if (b->slot[n % SLOTS].job == job)
			return &b->slot[n % SLOTS];
	return NULL;
}

static void failed(struct batch *b, struct slot *s, const struct error *err)
{
	raise_status(b, err->code);
	say(b, s->which, err->text);
	s->job = 0;
	s->done = true;
	if (b->options->sink)
		hand_over(b, s, NULL);
	else
		proposal_print_refused(&s->line, s->name, REASON_PROTOCOL,
				       NULL, 0);
}

/* False: the workers can't work at all. */
static bool take(struct batch *b, const struct worker_event *e)
{
	struct slot *s = slot_of(b, e->job);

	if (workers_given_up(b->workers) && e->type == WORKER_FAILED)
		return stop(b, &e->error);
	if (!s)
		return true;
	if (e->type == WORKER_PROGRESS || e->type == WORKER_OPENED)
		s->permille = e->type == WORKER_PROGRESS ? e->permille : 0;
	else if (e->type == WORKER_DETECTED)
		print_line(b, s, e);
	else if (e->type == WORKER_REFUSED)
		refuse(b, s, e->reason, e->uid, e->number);
	else if (e->type == WORKER_FAILED)
		failed(b, s, &e->error);
	return true;
}

static bool take_events(struct batch *b)
{
	struct worker_event e;
	bool ok = true;

	while (ok && workers_next(b->workers, &e)) {
		ok = take(b, &e);
		worker_event_done(&e);
	}
	return ok;
}

static void run(struct batch *b)
{
	struct pollfd p = { workers_fd(b->workers), POLLIN, 0 };
	int wait = b->talk->live ? LIVE_MS : -1;

	while (fill(b) && flush(b)) {
		if (b->ended && b->first == b->next)
			return;
		if (b->next == b->first || b->slot[b->first % SLOTS].done)
			continue;
		if (poll(&p, 1, wait) > 0 && !take_events(b))
			return;
		if (b->talk->live)
			tell_progress(b);
	}
}

static bool open_project(struct batch *b, struct error *err)
{
	char sandbox[SANDBOX_NAME];
	const struct project_options options = {
		.directory = b->options->project, .create = true,
		.reviewer = b->options->reviewer, .role = "batch",
		.sandbox = sandbox,
	};

	if (!options.directory)
		return true;
	sandbox_layers_name(sandbox_layers(), sandbox);
	b->project = project_open(&options, err);
	if (b->project && project_alarm(b->project))
		say(b, options.directory, project_alarm(b->project));
	return b->project != NULL;
}

/* What its rules say of faces and words; --lang stays. */
static bool follow_policy(const struct batch *b, struct detect_options *detect,
			  struct error *err)
{
	struct policy policy;

	if (!policy_of_project(b->options->project, &policy, err))
		return false;
	workers_follow(&policy, detect);
	if (!policy_words_name(&policy, b->options->project, detect->words,
			       sizeof(detect->words)))
		return error_set(err, ERR_USAGE, _("the name is too long"));
	memcpy(detect->languages, b->options->detect.languages,
	       sizeof(detect->languages));
	return true;
}

/* What is wrong with the words is said before anything starts. */
static bool check_words(char name[DETECT_FOLDER], const char *path,
			struct error *err)
{
	struct vocabulary v = { 0 };
	int length = snprintf(name, DETECT_FOLDER, "%s", path);
	bool ok = length < DETECT_FOLDER ?
			  vocabulary_read(path, &v, NULL, err) :
			  error_set(err, ERR_USAGE, _("the name is too long"));

	vocabulary_done(&v);
	return ok || error_prefix(err, "--words");
}

/* Models load before the project's keys are read. */
static bool start(struct batch *b, char *const *paths, int count,
		  struct error *err)
{
	struct detect_options detect = b->options->detect;

	if (b->options->project && !follow_policy(b, &detect, err))
		return false;
	if (b->options->words &&
	    !check_words(detect.words, b->options->words, err))
		return false;
	b->source = source_new(paths, count, err);
	if (!b->source)
		return false;
	b->workers = workers_start(&detect, err);
	if (!b->workers)
		return false;
	workers_limit(b->workers, b->options->jobs, 0);
	return open_project(b, err);
}

long long batch_count(char *const *paths, int count,
		      const struct batch_sink *wanted)
{
	struct source *source = source_new(paths, count, NULL);
	enum source_step step = SOURCE_END;
	struct error err = { 0 };
	struct source_item item;
	long long files = 0;

	while (source && files < COUNT_MOST &&
	       (step = source_next(source, &item, &err)) != SOURCE_END)
		files += step == SOURCE_ITEM &&
			 (!wanted || wanted->wanted(wanted->self, item.name));
	source_free(source);
	return source && step == SOURCE_END && err.code == ERR_NONE ? files :
								     0;
}

int batch_propose(char *const *paths, int count,
		  const struct batch_options *options, int out_fd,
		  const struct batch_talk *talk)
{
	struct batch b = { .options = options, .talk = talk,
			   .out_fd = out_fd };
	struct error err = { 0 };

	if (talk->live)
		b.total = batch_count(paths, count, options->sink);
	if (start(&b, paths, count, &err))
		run(&b);
	else
		stop(&b, &err);
	workers_stop(b.workers);
	source_free(b.source);
	for (int i = 0; i < SLOTS; i++)
		slot_done(&b.slot[i]);
	if (b.project && !project_close(b.project, &err))
		stop(&b, &err);
	return b.status;
}
