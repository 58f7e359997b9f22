/* deliver.c - a whole project without a screen. */
#include "config.h"

#include "process/deliver.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"
#include "process/output.h"
#include "process/sandbox.h"
#include "process/source.h"
#include "process/worker.h"
#include "record/leave.h"
#include "record/project.h"

struct delivery {
	const char *directory;
	const struct batch_talk *talk;
	int out_fd;
	int status;
	struct project *project;
	struct workers *workers;
	bool stopped;                   /* nothing more can be done */
	long long total;                /* outputs to be made, or checked */
	/* apply */
	long long released, blocked, waiting, failed;
	long long faceless;             /* copies where none could be found */
	/* verify */
	bool outputs_only;
	long long ok, unchecked, held;
	long long escalated;            /* of the open items */
};

static void raise_status(struct delivery *d, enum error_code code)
{
	int status = error_exit_status(code);

	if (status > d->status)
		d->status = status;
}

static void say(struct delivery *d, const char *which, const char *text)
{
	d->talk->say(d->talk->self, which, text);
}

static void fail(struct delivery *d, const struct error *err)
{
	raise_status(d, err->code);
	say(d, d->directory, err->text);
	d->stopped = true;
}

/* An item is named by its number in the list. */
static void say_row(struct delivery *d, long long row, const char *text)
{
	struct buffer which = { 0 };

	buffer_printf(&which, "%s#%lld", d->directory, row);
	if (!which.failed)
		say(d, which.data, text);
	buffer_done(&which);
}

/* ---- lines ---- */

static struct json_writer line_begin(struct buffer *line)
{
	struct json_writer w = json_writer(line, false);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	return w;
}

/* The name of a file, as in the lines of propose. */
static void put_file(struct json_writer *w, const char *name)
{
	if (!json_put_lossy(w, "file", name))
		json_put_base64(w, "file_b64", name, strlen(name));
}

/* Write the line with an LF, and release it. */
static void put_line(struct delivery *d, struct buffer *line)
{
	struct error err = { 0 };
	size_t done = 0;

	buffer_puts(line, "\n");
	d->talk->progress(d->talk->self, NULL);
	if (line->failed) {
		error_set(&err, ERR_MEMORY, _("no memory"));
		fail(d, &err);
	}
	while (!line->failed && done < line->length) {
		ssize_t n = write(d->out_fd, line->data + done,
				  line->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			error_set(&err, ERR_WRITE, _("standard output "
				  "can't be written: check free space"));
			fail(d, &err);
			break;
		}
		done += (size_t)n;
	}
	buffer_done(line);
}

static void line_end(struct delivery *d, struct json_writer *w,
		     struct buffer *line)
{
	json_put_close(w);
	put_line(d, line);
}

/* ---- opening ---- */

static bool open_project(struct delivery *d, bool reading)
{
	char sandbox[SANDBOX_NAME];
	const struct project_options options = {
		.directory = d->directory, .reading = reading,
		.role = "batch", .sandbox = sandbox,
	};
	struct error err = { 0 };

	sandbox_layers_name(sandbox_layers(), sandbox);
	d->project = project_open(&options, &err);
	if (!d->project)
		fail(d, &err);
	else if (project_alarm(d->project))
		say(d, d->directory, project_alarm(d->project));
	return d->project != NULL;
}

/* detect: for the residual pass; NULL: they write and verify only */
static bool start_workers(struct delivery *d,
			  const struct detect_options *detect)
{
	struct detect_options options = { .faces = FACES_OFF };
	struct error err = { 0 };

	if (detect) {
		const struct policy *policy = &d->project->policy;

		options = *detect;
		workers_follow(policy, &options);
		if (!policy_words_name(policy, d->directory, options.words,
				       sizeof(options.words)))
			error_set(&err, ERR_USAGE, _("the name is too long"));
	}
	if (err.code == ERR_NONE)
		d->workers = workers_start(&options, &err);
	if (!d->workers)
		fail(d, &err);
	return d->workers != NULL;
}

static int finish(struct delivery *d)
{
	struct error err = { 0 };

	workers_stop(d->workers);
	if (d->project && !project_close(d->project, &err))
		fail(d, &err);
	return d->status;
}

/* ---- apply ---- */

static void print_refused(struct json_writer *w, const struct error *err)
{
	char text[ERROR_TEXT];

	reason_text(err->reason, err->uid, err->number, false, text,
		    sizeof(text));
	json_put_open(w, "refused", '{');
	json_put_string(w, "code", refusal_name(reason_code(err->reason)));
	json_put_string(w, "reason", text);
	json_put_close(w);
}

static void tell_failed(struct delivery *d, long long row,
			struct json_writer *w, const struct error *err)
{
	char text[ERROR_TEXT];

	d->failed++;
	raise_status(d, err->code);
	if (err->code != ERR_REFUSED) {
		json_put_string(w, "output", "failed");
		say_row(d, row, err->text);
		return;
	}
	print_refused(w, err);
	reason_text(err->reason, err->uid, err->number, true, text,
		    sizeof(text));
	say_row(d, row, text);
}

/* How the copy was looked at for faces. */
static void put_faces(struct delivery *d, struct json_writer *w,
		      const struct output_event *e)
{
	d->faceless += e->faces == CHECK_NO_MODEL;
	json_put_string(w, "faces", check_state_name[e->faces]);
}

static void tell_end(struct delivery *d, const struct output_event *e)
{
	struct worklist_item item = { 0 };
	struct error err = { 0 };
	struct buffer line = { 0 };
	struct json_writer w;

	if (!worklist_get(d->project->worklist, e->row, &item, &err)) {
		fail(d, &err);
		return;
	}
	w = line_begin(&line);
	json_put_string(&w, "item", item.id);
	if (e->end == OUTPUT_END_FAILED) {
		tell_failed(d, e->row, &w, &e->error);
	} else if (e->end == OUTPUT_END_BLOCKED) {
		d->blocked++;
		raise_status(d, ERR_CHECK);
		json_put_string(&w, "output", "blocked");
		json_put_integer(&w, "residual", e->residual);
		put_faces(d, &w, e);
		say_row(d, e->row, _("text or a face is left on the copy: "
				     "review this item again"));
	} else if (e->end == OUTPUT_END_WAITING) {
		d->waiting++;
		json_put_string(&w, "output", "waiting");
		put_faces(d, &w, e);
	} else {
		d->released++;
		json_put_string(&w, "output", "released");
		json_put_hex(&w, "out_sha256", item.out_sha256, HASH_SIZE);
		put_file(&w, item.out_name ? item.out_name : "");
		put_faces(d, &w, e);
	}
	line_end(d, &w, &line);
	worklist_item_done(&item);
}

enum { LIVE_MS = 500 };                 /* when somebody watches */

/* What each worker does, by the numbers of the list. */
static void tell_apply(struct delivery *d, const struct outputs *outputs)
{
	struct progress p = { .done = d->released + d->blocked + d->waiting +
				      d->failed,
			      .total = d->total };

	if (d->talk->live)
		outputs_progress(outputs, &p);
	d->talk->progress(d->talk->self, &p);
}

/* Wait for workers, hand their events on. */
static void work(struct delivery *d, struct outputs *outputs)
{
	struct pollfd p = { workers_fd(d->workers), POLLIN, 0 };
	struct worker_event e;
	struct output_event end;

	poll(&p, 1, d->talk->live ? LIVE_MS : -1);
	while (workers_next(d->workers, &e))
		if (!outputs_event(outputs, &e))
			worker_event_done(&e);
	while (!d->stopped && outputs_next(outputs, &end)) {
		tell_end(d, &end);
		tell_apply(d, outputs);
	}
	if (d->talk->live)
		tell_apply(d, outputs);
}

/* The next row that is decided and not released. */
static long long next_row(struct delivery *d, long long from)
{
	const unsigned decided = 1u << ITEM_MASKED | 1u << ITEM_CLEAN;
	struct worklist_item item = { 0 };
	struct error err = { 0 };
	long long row = from;

	while ((row = worklist_next(d->project->worklist, row, false,
				    decided)) != 0) {
		bool found = worklist_get(d->project->worklist, row, &item,
					  &err) &&
			     worklist_unreleased(&item);

		worklist_item_done(&item);
		if (err.code != ERR_NONE) {
			fail(d, &err);
			return 0;
		}
		if (found)
			return row;
		row++;
	}
	return 0;
}

static void apply_all(struct delivery *d, struct outputs *outputs)
{
	enum { AHEAD = 8 };
	struct error err = { 0 };
	long long row = next_row(d, 1);

	for (long long r = row; d->talk->live && r; r = next_row(d, r + 1))
		d->total++;
	while (!d->stopped && (row || outputs_busy(outputs))) {
		while (row && outputs_busy(outputs) < AHEAD) {
			if (!outputs_want(outputs, row, true, &err)) {
				fail(d, &err);
				return;
			}
			row = next_row(d, row + 1);
		}
		work(d, outputs);
	}
}

/* A check that could not be made is never silent. */
static void say_faceless(struct delivery *d)
{
	struct buffer text = { 0 };

	if (d->faceless == 0)
		return;
	buffer_printf(&text, _("faces were NOT checked on %lld copies: no face "
			       "models (./quickstart faces)"), d->faceless);
	if (!text.failed)
		say(d, d->directory, text.data);
	buffer_done(&text);
}

/* What to do about outputs that nobody else has read. */
static void say_waiting(struct delivery *d)
{
	struct buffer text = { 0 };

	if (d->waiting == 0)
		return;
	buffer_printf(&text, _("%lld outputs wait for a second reader: "
			       "`suminuri qa review --mode=second`, then apply "
			       "again"), d->waiting);
	if (!text.failed)
		say(d, d->directory, text.data);
	buffer_done(&text);
}

/* A member that is left out where there are none. */
static void put_some(struct json_writer *w, const char *name, long long count)
{
	if (count > 0)
		json_put_integer(w, name, count);
}

static void say_escalated(const struct delivery *d, struct buffer *text)
{
	if (d->escalated > 0)
		buffer_printf(text, _(", escalated and not decided %lld"),
			      d->escalated);
}

static void put_apply_summary(struct delivery *d)
{
	long long by_state[ITEM_STATES] = { 0 }, by_output[OUTPUT_STATES];
	struct error err = { 0 };
	struct buffer line = { 0 };
	struct json_writer w;

	if (!worklist_counts(d->project->worklist, by_state, by_output,
			     &err)) {
		fail(d, &err);
		return;
	}
	d->escalated = by_state[ITEM_ESCALATED];
	w = line_begin(&line);
	json_put_open(&w, "summary", '{');
	json_put_integer(&w, "released", d->released);
	json_put_integer(&w, "blocked", d->blocked);
	if (d->project->policy.second)
		json_put_integer(&w, "waiting", d->waiting);
	json_put_integer(&w, "failed", d->failed);
	json_put_integer(&w, "open", by_state[ITEM_LISTED] +
				     by_state[ITEM_PROPOSED] +
				     by_state[ITEM_OPEN] +
				     d->escalated);
	json_put_integer(&w, "refused", by_state[ITEM_REFUSED]);
	json_put_integer(&w, "withheld", by_state[ITEM_WITHHELD]);
	put_some(&w, "escalated", d->escalated);
	json_put_close(&w);
	line_end(d, &w, &line);
}

/* The summary for a person who reads it on a terminal. */
static void say_applied(struct delivery *d)
{
	struct buffer text = { 0 };

	if (!d->talk->reader || d->stopped)
		return;
	buffer_printf(&text, _("released %lld, held back %lld, failed %lld"),
		      d->released, d->blocked, d->failed);
	if (d->waiting > 0)
		buffer_printf(&text, _(", waiting for a second reader %lld"),
			      d->waiting);
	say_escalated(d, &text);
	if (d->released > 0)
		buffer_printf(&text, _("; what may leave is in %s/out"),
			      d->directory);
	if (!text.failed)
		say(d, d->directory, text.data);
	buffer_done(&text);
}

int deliver_apply(const char *directory, const struct detect_options *detect,
		  int out_fd, const struct batch_talk *talk)
{
	struct delivery d = { .directory = directory, .out_fd = out_fd,
			      .talk = talk };
	struct error err = { 0 };
	struct outputs *outputs;

	if (!open_project(&d, false) ||
	    !start_workers(&d, detect))
		return finish(&d);
	outputs = outputs_new(d.project, d.workers);
	if (outputs) {
		apply_all(&d, outputs);
		say_faceless(&d);
		say_waiting(&d);
		put_apply_summary(&d);
		say_applied(&d);
	} else {
		error_set(&err, ERR_MEMORY, _("no memory"));
		fail(&d, &err);
	}
	outputs_free(outputs);
	return finish(&d);
}

/* ---- verify ---- */

/* Boxes that hold a staged copy back (the last residual pass); tells so. */
static int held_back(struct delivery *d, const struct project_output *o)
{
	struct worklist_item item = { 0 };
	struct box_list left = { 0 };
	struct error err = { 0 };
	int count = 0;

	if (o->file || o->item.output != OUTPUT_STAGED ||
	    !d->project->worklist ||
	    !worklist_has_id(d->project->worklist, o->item.id))
		return 0;
	if (!worklist_find_id(d->project->worklist, o->item.id, &item, &err) ||
	    !output_found(d->project, &item, &left, &err))
		fail(d, &err);
	count = (int)left.count;
	if (count > 0)
		say_row(d, item.row, _("held back: text or a face is left on the "
				       "staged copy: review this item again"));
	d->held += count > 0;
	box_list_done(&left);
	worklist_item_done(&item);
	return count;
}

static void put_status(struct delivery *d, const struct project_output *o,
		       const struct verify_result *v)
{
	int residual = held_back(d, o);
	struct buffer line = { 0 };
	struct json_writer w = line_begin(&line);

	if (o->file)
		put_file(&w, o->file);
	else
		json_put_string(&w, "item", o->item.id);
	json_put_string(&w, "status", verify_status_name[v->status]);
	if (v->status == VERIFY_FAILED) {
		json_put_string(&w, "class", verify_class_name[v->class_]);
		if (v->frame >= 0)
			json_put_integer(&w, "frame", v->frame);
		if (v->x >= 0 && v->y >= 0) {
			json_put_integer(&w, "x", v->x);
			json_put_integer(&w, "y", v->y);
		}
	}
	if (residual > 0)
		json_put_integer(&w, "residual", residual);
	line_end(d, &w, &line);
	d->ok += v->status == VERIFY_OK;
	d->failed += v->status == VERIFY_FAILED;
	d->unchecked += v->status == VERIFY_UNCHECKED;
	if (v->status == VERIFY_FAILED ||
	    (v->status == VERIFY_UNCHECKED && !d->outputs_only))
		raise_status(d, ERR_CHECK);
}

/* permille of the output that is being compared; -1: none is. */
static void tell_verify(struct delivery *d, int permille)
{
	struct progress p = { .done = d->ok + d->failed + d->unchecked,
			      .total = d->total };

	if (permille >= 0)
		progress_add(&p, p.done + 1, permille, NULL);
	d->talk->progress(d->talk->self, &p);
}

/* Let a worker compare; what it refuses is not checked. */
static void compare(struct delivery *d, struct project_output *o, int in,
		    struct verify_result *v)
{
	struct pollfd p = { workers_fd(d->workers), POLLIN, 0 };
	struct error err = { 0 };
	struct worker_event e = { 0 };
	unsigned long job = workers_verify(d->workers, in, o->fd, &o->job,
					   &o->boxes, &err);

	if (job == 0) {
		fail(d, &err);
		return;
	}
	while (!workers_next(d->workers, &e) || e.type == WORKER_PROGRESS) {
		if (d->talk->live)
			tell_verify(d, e.permille);
		poll(&p, 1, -1);
	}
	if (e.type == WORKER_VERIFIED)
		*v = e.verify;
	else if (e.type == WORKER_FAILED)
		fail(d, &e.error);
	if (e.type == WORKER_VERIFIED &&
	    !hash_equal(v->in_sha256, o->item.in_sha256, HASH_SIZE))
		*v = (struct verify_result){ VERIFY_FAILED, VERIFY_CHANGED,
					     -1, -1, -1, { 0 }, { 0 } };
	worker_event_done(&e);
}

static bool verify_output(void *self, struct project_output *o)
{
	static const enum verify_class class_of[] = {
		[OUTPUT_SOUND] = VERIFY_NONE,
		[OUTPUT_MISSING] = VERIFY_MISSING,
		[OUTPUT_CHANGED] = VERIFY_CHANGED,
		[OUTPUT_EXTRA] = VERIFY_EXTRA,
		[OUTPUT_ASIDE] = VERIFY_CHANGED,
		[OUTPUT_UNKNOWN] = VERIFY_NONE,
	};
	struct delivery *d = self;
	struct verify_result v = { .status = VERIFY_UNCHECKED, .frame = -1,
				   .x = -1, .y = -1 };
	int in = -1;

	if (class_of[o->fault] != VERIFY_NONE) {
		v.status = VERIFY_FAILED;
		v.class_ = class_of[o->fault];
	} else if (o->fault == OUTPUT_SOUND) {
		in = source_open(o->item.path, (long)o->item.below, NULL);
		if (in >= 0)
			compare(d, o, in, &v);
	}
	if (in >= 0)
		close(in);
	if (!d->stopped)
		put_status(d, o, &v);
	tell_verify(d, -1);
	return !d->stopped;
}

static void put_log_fault(struct delivery *d, const struct log_check *log)
{
	struct buffer text = { 0 };

	if (log->fault == LOG_OK)
		return;
	raise_status(d, ERR_CHECK);
	if (log->fault == LOG_TORN)
		buffer_printf(&text, _("the last record of the review log was "
				       "not written to its end: it counts for "
				       "nothing, all before it holds; see "
				       "'suminuri log check'"));
	else
		buffer_printf(&text, _("the review log is not as it was "
				       "written (%s, line %lld): keep this "
				       "copy and ask"),
			      log_fault_name[log->fault], log->line);
	if (!text.failed)
		say(d, d->directory, text.data);
	buffer_done(&text);
}

static void put_verify_summary(struct delivery *d,
			       const struct project_audit *audit)
{
	struct buffer line = { 0 };
	struct json_writer w = line_begin(&line);

	d->escalated = audit->escalated;
	json_put_open(&w, "summary", '{');
	json_put_integer(&w, "ok", d->ok);
	json_put_integer(&w, "failed", d->failed);
	json_put_integer(&w, "unchecked", d->unchecked);
	json_put_integer(&w, "open", audit->open);
	json_put_integer(&w, "refused", audit->refused);
	json_put_integer(&w, "withheld", audit->withheld);
	put_some(&w, "escalated", audit->escalated);
	put_some(&w, "blocked", d->held);
	json_put_close(&w);
	line_end(d, &w, &line);
}

static void say_verified(struct delivery *d)
{
	struct buffer text = { 0 };

	if (!d->talk->reader || d->stopped)
		return;
	buffer_printf(&text, _("outputs checked: %lld as they must be, %lld "
			       "wrong, %lld not checked"), d->ok, d->failed,
		      d->unchecked);
	say_escalated(d, &text);
	if (!text.failed)
		say(d, d->directory, text.data);
	buffer_done(&text);
}

/* What second readers found on what is out: that the copies are as they were
 * written does not make them fit to leave. */
static void say_findings(struct delivery *d)
{
	struct buffer said = { 0 };
	struct error err = { 0 };
	size_t found;
	char *line, *end;

	if (!leave_look(d->project, &said, &found, &err))
		fail(d, &err);
	for (line = said.failed ? NULL : said.data;
	     line && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		say(d, d->directory, line);
	}
	buffer_done(&said);
}

/* For the bar; what the worklist does not know makes it a little short. */
static void count_outputs(struct delivery *d)
{
	long long by_state[ITEM_STATES], by_output[OUTPUT_STATES];

	if (d->talk->live && d->project->worklist &&
	    worklist_counts(d->project->worklist, by_state, by_output, NULL))
		d->total = by_output[OUTPUT_STAGED] +
			   by_output[OUTPUT_RELEASED];
}

int deliver_verify(const char *directory, bool outputs_only, int out_fd,
		   const struct batch_talk *talk)
{
	struct delivery d = { .directory = directory, .out_fd = out_fd,
			      .talk = talk, .outputs_only = outputs_only };
	struct project_audit audit = { 0 };
	struct error err = { 0 };

	if (!open_project(&d, true) || !start_workers(&d, NULL))
		return finish(&d);
	count_outputs(&d);
	if (!project_audit(d.project, &audit, verify_output, &d, &err))
		fail(&d, &err);
	put_log_fault(&d, &audit.log);
	if (!d.stopped && audit.log.fault == LOG_OK)
		say_findings(&d);
	if (!d.stopped)
		put_verify_summary(&d, &audit);
	say_verified(&d);
	return finish(&d);
}
