/*
 * main.c - options, the table of sub-commands, the table of detectors, exit
 * status.  With ui/ the only place that shows errors.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/locale.h"
#include "base/mem.h"
#include "base/options.h"
#include "exchange/exchange.h"
#include "find/detect.h"
#include "find/face_find.h"
#include "find/face_models.h"
#include "ocr/text.h"
#include "process/batch.h"
#include "process/deliver.h"
#include "process/doctor.h"
#include "process/evaluate.h"
#include "process/explain.h"
#include "process/qa.h"
#include "process/rebuilding.h"
#include "process/remembered.h"
#include "process/sandbox.h"
#include "process/single.h"
#include "process/source.h"
#include "process/worker.h"
#include "record/command.h"
#include "record/erase.h"
#include "record/key_command.h"
#include "record/seal.h"
#include "record/trace.h"
#include "record/witness.h"
#include "ui/app.h"
#include "ui/exercise.h"
#include "ui/reading.h"
#include "ui/replay.h"

const struct detector detectors[] = {
	{ "text", text_load, text_run, text_version },
	{ "face", face_load, face_run, face_version },
	{ .name = NULL },
};

static const char default_languages[] = "eng+jpn";

/* ---- what is said on stderr ---- */

/* What steers a terminal becomes '?': the controls of ASCII and, in UTF-8,
 * those from U+0080 to U+009F, of two bytes (ECMA-48 5.3: CSI is one). */
static void tame(unsigned char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] < ' ' || text[i] == 127)
			text[i] = '?';
		if (text[i] == 0xC2 && i + 1 < length &&
		    text[i + 1] >= 0x80 && text[i + 1] < 0xA0)
			text[i] = text[i + 1] = '?';
	}
}

/* suminuri: WHICH: text.  WHICH as typed, but a name can't steer a terminal. */
static void say(const char *which, const char *text)
{
	struct buffer line = { 0 };

	buffer_printf(&line, "suminuri: %s: %s\n", which, text);
	if (line.failed)
		return;
	tame((unsigned char *)line.data, line.length - 1);
	fputs(line.data, stderr);
	buffer_done(&line);
}

/* Returns the exit status of an error, said. */
static int fail(const char *which, const struct error *err)
{
	say(which, err->text);
	return error_exit_status(err->code);
}

/* The same; a refusal is said as one. */
static int fail_refused(const char *which, const struct error *err)
{
	char text[ERROR_TEXT];

	if (err->code != ERR_REFUSED)
		return fail(which, err);
	reason_text(err->reason, err->uid, err->number, true, text,
		    sizeof(text));
	say(which, text);
	return err->reason == REASON_EXISTS ? error_exit_status(ERR_WRITE) :
					      error_exit_status(err->code);
}

/* What a batch says, with a bar on a terminal between. */
struct talk {
	bool shown;                     /* a bar stands on the line */
	bool shared;                    /* with standard output */
	long long begun, last;          /* ms */
};

enum { BAR_MS = 100 };                  /* least between two of them */

static void clear_bar(struct talk *t)
{
	if (t->shown)
		fputs("\r\033[K", stderr);
	t->shown = false;
}

static void talk_say(void *self, const char *which, const char *text)
{
	clear_bar(self);
	say(which, text);
}

static void talk_progress(void *self, const struct progress *progress)
{
	struct talk *t = self;
	struct winsize size = { 0 };
	long long now = clock_ms();
	char line[PROGRESS_LINE];

	if (!progress) {
		if (t->shared)
			clear_bar(t);
		return;
	}
	if (t->last && now - t->last < BAR_MS)
		return;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col)
		size.ws_col = 80;
	/* a full last column would wrap */
	progress_line(progress, now - t->begun, size.ws_col - 1, line);
	fprintf(stderr, "\r%s\033[K", line);
	t->shown = true;
	t->last = now;
}

/* Nothing is told where nobody watches. */
static void talk_nothing(void *self, const struct progress *progress)
{
	(void)self, (void)progress;
}

/* How a command talks; borrows *state. */
static struct batch_talk talk_start(struct talk *state)
{
	bool live = isatty(STDERR_FILENO) == 1;

	*state = (struct talk){ .begun = clock_ms(),
				 .shared = isatty(STDOUT_FILENO) == 1 };
	return (struct batch_talk){ talk_say, live ? talk_progress :
						      talk_nothing,
				    state, live, state->shared };
}

/* Sentences for a person, a line each; releases them. */
static void say_lines(const char *which, struct buffer *lines)
{
	char *line = lines->failed ? NULL : lines->data, *end;

	for (; line && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		say(which, line);
	}
	buffer_done(lines);
}

/* ---- commands ---- */

struct command {
	const char *name;
	const char *arguments;
	const char *help;               /* one line, for the list */
	const char *more;               /* for its own --help; may be "" */
	const struct option_row *options;
	int least, most;                /* arguments; -1: any number */
	int (*run)(const struct command *self, const struct options *o);
};

static int usage_error(const struct command *c, const char *text)
{
	struct error err = { 0 };

	error_set(&err, ERR_USAGE, _("%s: see '%s %s --help'"), text,
		  "suminuri", c->name);
	return fail(c->name, &err);
}

/* The exit status of what is done, or failed at WHICH, then said. */
static int ended(const struct command *self, bool done, const char *which,
		 const struct error *err)
{
	if (done)
		return 0;
	/* the command was right, the folder that it names is not */
	if (err->project)
		return fail(which, err);
	return err->code == ERR_USAGE ? usage_error(self, err->text) :
					fail_refused(which, err);
}

/* The project that argument i names, or the one of this folder. */
static const char *project_at(const struct options *o, int i)
{
	return o->arguments > i ? o->argument[i] : "suminuri-project";
}

/* What several commands have. */
#define FACES_ROW \
	{ 'f', "faces", "WHEN", \
	  N_("look for faces: auto, all (grey slices too), off") }
#define MODELS_ROW \
	{ 'M', "face-models", "FOLDER", N_("where the face models are") }
#define LANG_ROW \
	{ 'l', "lang", "LANGUAGES", \
	  N_("languages of the text, as Tesseract names them (eng+jpn)") }
#define TAGS_ROW \
	{ 't', "tags", "PROFILE", \
	  N_("what to do with the header: mhlw, keep, ps315[+OPTION]...") }
#define JOBS_ROW \
	{ 'j', "jobs", "N", N_("read N files at once") }
#define WHO_ROW \
	{ 'r', "reviewer", "CODE", N_("who does it, when not the same as last") }
#define TRUST_ROWS \
	{ 'k', "key", "FILE", \
	  N_("check with public keys that were kept elsewhere") }, \
	{ 'w', "witness", "FILE", \
	  N_("check with what was kept elsewhere: a file with a checkpoint " \
	     "or its line") }
#define HELP_ROW { 'h', "help", NULL, N_("show this help") }
#define END_ROW { 0, NULL, NULL, NULL }

static const struct option_row no_options[] = { HELP_ROW, END_ROW };

static const struct option_row propose_options[] = {
	JOBS_ROW,
	FACES_ROW,
	MODELS_ROW,
	LANG_ROW,
	{ 'p', "project", "PROJECT",
	  N_("keep what was found in PROJECT for a later review") },
	{ 'r', "reviewer", "CODE",
	  N_("who reviews PROJECT, when it is not there yet") },
	{ 't', "show-text", NULL,
	  N_("print the text that was read; it may name a patient") },
	{ 'T', "timings", NULL, N_("print the milliseconds of each file") },
	{ 'w', "words", "FILE",
	  N_("words that identify, or that tell nothing, of your own") },
	HELP_ROW, END_ROW
};

static bool languages_ok(const char *languages, struct error *err)
{
	size_t length = strlen(languages);

	if (length > 0 &&
	    length < sizeof(((struct detect_options *)0)->languages) &&
	    strspn(languages, "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_+") == length)
		return true;
	return error_set(err, ERR_USAGE,
			 _("--lang: names like eng+jpn are needed"));
}

/* --lang, --faces, --face-models */
static bool read_detection(const struct options *o,
			   struct detect_options *detect, struct error *err)
{
	const char *languages = options_value(o, 'l');

	if (!languages)
		languages = default_languages;
	if (!languages_ok(languages, err))
		return false;
	snprintf(detect->languages, sizeof(detect->languages), "%s",
		 languages);
	return face_options(options_value(o, 'f'), options_value(o, 'M'),
			    detect, err);
}

/* --jobs, 1 to 32; as many as there are cores. */
static bool read_jobs(const struct command *self, const struct options *o,
		      int *jobs, struct error *err)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (!options_number(o, self->options, 'j', 1, 32, &n, err))
		return false;
	*jobs = n < 1 ? 1 : n > 32 ? 32 : (int)n;
	return true;
}

static int run_propose(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	struct batch_options batch = {
		.project = options_value(o, 'p'),
		.reviewer = options_value(o, 'r'),
		.show_text = options_value(o, 't') != NULL,
		.timings = options_value(o, 'T') != NULL,
		.words = options_value(o, 'w'),
	};
	struct error err = { 0 };
	int status;

	if (!read_jobs(self, o, &batch.jobs, &err) ||
	    !read_detection(o, &batch.detect, &err))
		return fail(self->name, &err);
	status = batch_propose(o->argument, o->arguments, &batch,
			       STDOUT_FILENO, &talk);
	clear_bar(&state);
	return status;
}

static const struct option_row mask_options[] = {
	{ 'b', "box", "X,Y,W,H[@F[-L]]",
	  N_("a box in pixels, in frame F (to L) or in all; may be repeated") },
	{ 'B', "boxes", "FILE", N_("the boxes of a line of propose") },
	{ 'c', "clean", NULL, N_("no box: only hidden carriers and tags") },
	{ 'e', "exact-box", NULL,
	  N_("no box of a lossy file grows: its copy is lossless (JPEG: PNG)") },
	TAGS_ROW,
	{ 'k', "key", "FILE",
	  N_("32 bytes that ids, dates and UIDs are made from") },
	{ 's', "strict-residue", NULL,
	  N_("JPEG: new Huffman tables, that masked blocks had no part in") },
	{ 'T', "timings", NULL, N_("print the milliseconds of each step") },
	HELP_ROW, END_ROW
};

static const struct option_row verify_options[] = {
	{ 'B', "boxes", "FILE", N_("the boxes that were masked") },
	TAGS_ROW,
	{ 'O', "outputs-only", NULL,
	  N_("of a project: an input that is gone does not count") },
	HELP_ROW, END_ROW
};

static bool find_profile(const struct options *o, enum tag_profile *profile,
			 struct error *err)
{
	const char *name = options_value(o, 't');
	const char *why = name ? tags_refused(name) : NULL;

	if (why)
		return error_set(err, ERR_USAGE, "--tags: %s", why);
	return !name || tags_parse(name, profile) ||
	       error_set(err, ERR_USAGE,
			 _("--tags: mhlw, keep or ps315 is needed, and ps315 "
			   "may have options: +uids +device +institution "
			   "+patient +descriptors +private, +full-dates or "
			   "+modified-dates"));
}

/* What mask and verify share.  free() single->box. */
static bool read_single(const struct options *o, struct single_options *single,
			struct error *err)
{
	const char **box = mem_array(o->count + 1, sizeof(*box));

	*single = (struct single_options){
		.in = o->argument[0], .out = o->argument[1], .box = box,
		.boxes = options_value(o, 'B'),
		.clean = options_value(o, 'c') != NULL,
		.exact = options_value(o, 'e') != NULL,
		.strict_residue = options_value(o, 's') != NULL,
		.key = options_value(o, 'k'),
		.timings = options_value(o, 'T') != NULL,
	};
	if (!box)
		return error_set(err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; i < o->count; i++)
		if (o->given[i].letter == 'b')
			box[single->box_count++] = o->given[i].value;
	return find_profile(o, &single->profile, err);
}

static int run_mask(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	struct single_options single;
	struct error err = { 0 };
	int status;

	if (!read_single(o, &single, &err))
		status = fail(self->name, &err);
	else if ((single.box_count > 0) + (single.boxes != NULL) +
		 single.clean != 1)
		status = usage_error(self, _("--box, --boxes or --clean is "
					     "needed, and one kind of them"));
	else
		status = single_mask(&single, STDOUT_FILENO, &talk);
	free(single.box);
	return status;
}

/* IN OUT, with the boxes. */
static int verify_single(const struct command *self, const struct options *o,
			 const struct batch_talk *talk)
{
	struct single_options single;
	struct error err = { 0 };
	int status;

	if (!read_single(o, &single, &err))
		status = fail(self->name, &err);
	else if (!single.boxes)
		status = usage_error(self, _("--boxes is needed"));
	else
		status = single_verify(&single, STDOUT_FILENO, talk);
	free(single.box);
	return status;
}

static int run_review(const struct command *self, const struct options *o)
{
	(void)self;
	return app_review(o);
}

static int run_verify(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	bool outputs_only = options_value(o, 'O') != NULL;
	int status;

	if (o->arguments == 2 && outputs_only)
		return usage_error(self, _("--outputs-only is for projects"));
	if (o->arguments == 2)
		return verify_single(self, o, &talk);
	if (options_value(o, 'B') || options_value(o, 't'))
		return usage_error(self, _("a project has its own boxes and "
					   "profile"));
	status = deliver_verify(o->argument[0], outputs_only, STDOUT_FILENO,
				&talk);
	clear_bar(&state);
	return status;
}

static const struct option_row apply_options[] = {
	FACES_ROW,
	MODELS_ROW,
	HELP_ROW, END_ROW
};

static int run_apply(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	struct detect_options detect = { .faces = FACES_AUTO };
	struct error err = { 0 };
	int status;

	if (!face_options(options_value(o, 'f'), options_value(o, 'M'),
			  &detect, &err))
		return fail(self->name, &err);
	status = deliver_apply(o->argument[0], &detect, STDOUT_FILENO, &talk);
	clear_bar(&state);
	return status;
}

static const struct option_row doctor_options[] = {
	MODELS_ROW,
	LANG_ROW,
	HELP_ROW, END_ROW
};

static void tell_finding(void *self, const char *what,
			 const struct doctor_finding *f)
{
	static const char *const word[] = {
		[DOCTOR_OK] = N_("ok"),
		[DOCTOR_LESS] = N_("less"),
		[DOCTOR_BROKEN] = N_("broken"),
	};

	(void)self;
	printf("%s: %s: %s\n", _(word[f->state]), what, f->text);
}

static bool tell_keys(void)
{
	struct doctor_finding f = { .state = DOCTOR_OK };

	if (!app_keys(f.text, sizeof(f.text)))
		f.state = DOCTOR_BROKEN;
	tell_finding(NULL, _("keys"), &f);
	return f.state == DOCTOR_OK;
}

static int run_doctor(const struct command *self, const struct options *o)
{
	const char *languages = options_value(o, 'l');
	const char *models = options_value(o, 'M');
	struct error err = { 0 };

	if (!languages)
		languages = default_languages;
	if (!languages_ok(languages, &err))
		return fail(self->name, &err);
	bool works = doctor_run(languages, models ? models : "", tell_finding,
				NULL);

	return tell_keys() && works ? 0 : error_exit_status(ERR_CHECK);
}

static const struct option_row rebuild_rows[] = {
	{ 'k', "keep-names", NULL,
	  N_("the project was made with --keep-names") },
	{ 'r', "reviewer", "CODE", N_("who reviews PROJECT from now on") },
	HELP_ROW, END_ROW
};

static int run_rebuild(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	const struct rebuild_options options = {
		.project = o->argument[0],
		.reviewer = options_value(o, 'r'),
		.keep_names = options_value(o, 'k') != NULL,
	};
	int status = rebuild_project(o->argument + 1, (int)o->arguments - 1,
				     &options, STDOUT_FILENO, &talk);

	(void)self;
	clear_bar(&state);
	return status;
}

static const struct option_row log_options[] = {
	{ 'f', "format", "FORMAT",
	  N_("of export: json (default), csv or fhir") },
	TRUST_ROWS,
	{ 'r', "replay", "ITEM",
	  N_("show: what the reviewer of this item saw, drawn on a terminal") },
	HELP_ROW, END_ROW
};

/* Columns of the terminal that standard output is; 0: it is none. */
static int out_columns(void)
{
	struct winsize size = { 0 };

	if (isatty(STDOUT_FILENO) != 1)
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col)
		return 80;
	return size.ws_col;
}

static int run_replay(const struct command *self, const struct options *o,
		      const char *directory)
{
	const struct replay_options options = {
		.directory = directory, .item = options_value(o, 'r'),
		.columns = out_columns(),
	};
	struct error err = { 0 };

	if (strcmp(o->argument[0], "show"))
		return usage_error(self, _("--replay is for show"));
	return ended(self, replay(&options, stdout, &err), directory, &err);
}

/* What second readers say against it is told beside it. */
static int export_said(const struct command *self,
		       const struct export_options *export)
{
	struct buffer said = { 0 };
	struct error err = { 0 };
	bool done = exchange_export(export, stdout, &said, &err);

	fflush(stdout);
	say_lines(export->directory, &said);
	return ended(self, done, export->directory, &err);
}

static int run_log(const struct command *self, const struct options *o)
{
	const struct log_options log = {
		.verb = o->argument[0],
		.directory = project_at(o, 1),
		.format = options_value(o, 'f'),
		.keys = options_value(o, 'k'),
		.witness = options_value(o, 'w'),
	};
	const struct export_options fhir = { .kind = "fhir",
					     .directory = log.directory };
	struct error err = { 0 };

	if (options_value(o, 'r'))
		return run_replay(self, o, log.directory);
	/* what goes to other programs is not the record's business */
	if (!strcmp(log.verb, "export") && log.format &&
	    !strcmp(log.format, fhir.kind))
		return export_said(self, &fhir);
	return ended(self, log_command(&log, stdout, &err), log.directory,
		     &err);
}

static const struct option_row key_options[] = {
	WHO_ROW,
	HELP_ROW, END_ROW
};

static int run_key(const struct command *self, const struct options *o)
{
	const char *directory = project_at(o, 1);
	struct error err = { 0 };

	return ended(self, key_command(o->argument[0], directory,
				       options_value(o, 'r'), stdout, &err),
		     directory, &err);
}

static int run_layout(const struct command *self, const struct options *o)
{
	const bool import = !strcmp(o->argument[0], "import");
	const struct layout_options layout = {
		.verb = o->argument[0],
		.file = import && o->arguments > 1 ? o->argument[1] : NULL,
		.directory = project_at(o, import ? 2 : 1),
	};
	const char *which = NULL;
	struct error err = { 0 };

	if (!import && o->arguments > 2)
		return usage_error(self, _("too many arguments"));
	if (layout_command(&layout, stdout, &which, &err))
		return 0;
	return which ? fail(which, &err) : usage_error(self, err.text);
}

static const struct option_row witness_options[] = {
	{ 's', "since", "N", N_("export: what the witness has seen; or 0") },
	{ 'l', "line", NULL,
	  N_("export: only the checkpoint, as one short line that can be "
	     "written down by hand") },
	{ 'W', "witness-folder", "FOLDER",
	  N_("cosign: what the witness remembers; made when missing") },
	{ 'n', "name", "NAME", N_("cosign: the name of a new witness") },
	{ 'k', "key", "FILE",
	  N_("cosign: public keys of a log that is new to the witness") },
	HELP_ROW, END_ROW
};

static int run_witness(const struct command *self, const struct options *o)
{
	struct witness_options w = {
		.verb = o->argument[0],
		.argument = o->arguments < 2 &&
			    !strcmp(o->argument[0], "cosign") ? "-" :
			    project_at(o, 1),
		.line = options_value(o, 'l') != NULL,
		.folder = options_value(o, 'W'),
		.name = options_value(o, 'n'),
		.keys = options_value(o, 'k'),
	};
	struct error err = { 0 };

	if (!options_number(o, self->options, 's', 0, LONG_MAX, &w.since,
			    &err))
		return fail(self->name, &err);
	return ended(self, witness_command(&w, stdout, &err), w.argument,
		     &err);
}

static const struct option_row withdraw_options[] = {
	{ 'R', "reason", "WORD",
	  N_("why, one of these words (other)") },
	WHO_ROW,
	HELP_ROW, END_ROW
};

static int run_trace(const struct command *self, const struct options *o)
{
	const char *out = o->argument[0], *project = project_at(o, 1);
	struct buffer said = { 0 };
	struct error err = { 0 };
	bool done = trace_command(out, project, isatty(STDOUT_FILENO) == 1,
				  stdout, &said, &err);

	(void)self;
	fflush(stdout);
	say_lines(out, &said);
	return done ? 0 : fail(err.project ? project : out, &err);
}

static int run_withdraw(const struct command *self, const struct options *o)
{
	const struct withdraw_options withdraw = {
		.item = o->argument[0],
		.directory = project_at(o, 1),
		.reviewer = options_value(o, 'r'),
		.reason = options_value(o, 'R'),
	};
	struct error err = { 0 };

	if (o->arguments == 1 && project_is(withdraw.item))
		return usage_error(self, _("ITEM comes first, then its "
					   "project"));
	return withdraw_command(&withdraw, stdout, &err) ? 0 :
	       fail(err.project ? withdraw.directory : withdraw.item, &err);
}

static const struct option_row erase_options[] = {
	{ 'l', "log", "NAME", N_("the name of its log: it is erased") },
	{ 'i', "item", "ITEM", N_("only this item; the project stays") },
	{ 'b', "before-retention", "REASON",
	  N_("before policy lets it: consent, order, mistake or other") },
	WHO_ROW,
	HELP_ROW, END_ROW
};

static int run_erase(const struct command *self, const struct options *o)
{
	const struct erase_options erase = {
		.directory = o->argument[0],
		.reviewer = options_value(o, 'r'),
		.project = options_value(o, 'l'),
		.item = options_value(o, 'i'),
		.before_retention = options_value(o, 'b'),
	};
	struct error err = { 0 };

	(void)self;
	return erase_command(&erase, stdout, &err) ? 0 :
	       fail(erase.directory, &err);
}

static const struct option_row seal_options[] = {
	{ 'o', "output", "FOLDER",
	  N_("where the bundle is made (.); made when missing") },
	{ 't', "recipient", "CLASS",
	  N_("what leaves: to internal, entrustee, successor, joint-use, "
	     "regulator") },
	{ 'b', "basis", "CODE", N_("what leaves: the legal basis") },
	WHO_ROW,
	HELP_ROW, END_ROW
};

static int run_seal(const struct command *self, const struct options *o)
{
	const char *folder = options_value(o, 'o');
	const struct seal_options seal = {
		.project = o->argument[0], .folder = folder ? folder : ".",
		.reviewer = options_value(o, 'r'),
		.recipient = options_value(o, 't'),
		.basis = options_value(o, 'b'),
		.in_words = isatty(STDOUT_FILENO) == 1,
	};
	struct buffer said = { 0 };
	struct error err = { 0 };
	bool done = seal_command(&seal, stdout, &said, &err);

	(void)self;
	fflush(stdout);
	say_lines(seal.project, &said);
	return done ? 0 : fail(seal.project, &err);
}

static const struct option_row restore_rows[] = {
	{ 'c', "check", NULL, N_("check the bundle; nothing is written to it") },
	TRUST_ROWS,
	{ 'p', "project", "PROJECT", N_("note the drill in its log too") },
	WHO_ROW,
	{ 'R', "report", "FILE", N_("write a signed report") },
	{ 'W', "witness-folder", "FOLDER",
	  N_("who signs the report: made when missing") },
	{ 'n', "name", "NAME", N_("the name of who signs, when new") },
	HELP_ROW, END_ROW
};

static int run_restore(const struct command *self, const struct options *o)
{
	const struct restore_options restore = {
		.bundle = o->argument[0],
		.keys = options_value(o, 'k'),
		.witness = options_value(o, 'w'),
		.project = options_value(o, 'p'),
		.reviewer = options_value(o, 'r'),
		.report = options_value(o, 'R'),
		.folder = options_value(o, 'W'),
		.name = options_value(o, 'n'),
	};
	struct error err = { 0 };

	if (!options_value(o, 'c'))
		return usage_error(self, _("--check is needed"));
	bool done = restore_command(&restore, stdout, &err);

	return ended(self, done, err.project ? restore.project :
					       restore.bundle, &err);
}

static const struct option_row eval_options[] = {
	{ 'u', "truth", "DIR|FILE",
	  N_("the known answers (a file NAME.json a picture NAME)") },
	{ 'J', "json", NULL, N_("print one JSON object instead of tables") },
	{ 'm', "misses", NULL, N_("list what was missed, without its text") },
	JOBS_ROW,
	LANG_ROW,
	FACES_ROW,
	MODELS_ROW,
	HELP_ROW, END_ROW
};

static int run_eval(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	struct evaluate_options eval = {
		.truth = options_value(o, 'u'),
		.json = options_value(o, 'J') != NULL,
		.misses = options_value(o, 'm') != NULL,
	};
	struct error err = { 0 };
	int status;

	if (!read_jobs(self, o, &eval.jobs, &err) ||
	    !read_detection(o, &eval.detect, &err))
		return fail(self->name, &err);
	if (!eval.truth)
		return usage_error(self, _("--truth is needed"));
	status = evaluate(o->argument, o->arguments, &eval, stdout, &talk);
	clear_bar(&state);
	return status;
}

static const struct option_row qa_options[] = {
	{ 'r', "reviewer", "CODE", N_("who plans or reads; remembered") },
	{ 'm', "mode", "MODE",
	  N_("review: residual (masked copies), blind (inputs), second (what "
	     "waits for one)") },
	{ 'q', "qualification", "WORD",
	  N_("any, staff, technologist, physician, radiologist; remembered") },
	{ 'R', "rate", "PERCENT",
	  N_("plan: leaking outputs that the sample shall rule out (1)") },
	{ 'C', "confidence", "PERCENT", N_("plan: how sure (95)") },
	{ 'n', "risk", "N",
	  N_("plan: so many more of each kind that is at risk (30)") },
	{ 'N', "round", "N", N_("review, report: round N (else the last)") },
	{ 'J', "json", NULL, N_("report: print one JSON object") },
	APP_LOOK_ROWS,
	HELP_ROW, END_ROW
};

static bool read_rule(const struct options *o, struct sample_rule *rule,
		      struct error *err)
{
	const char *rate = options_value(o, 'R');
	const char *sure = options_value(o, 'C');
	long long ppm = 0;
	long risk = 30;

	*rule = (struct sample_rule){ .rate = 10000, .confidence = 950 };
	if (rate && !qa_percent(rate, &rule->rate))
		return error_set(err, ERR_USAGE, _("--rate: a percentage like "
						   "1 or 0.1 is needed"));
	/* 90.5 to 99.9: what is beyond can't be told by samples */
	if (sure && (!qa_percent(sure, &ppm) || ppm < 500000 || ppm > 999000 ||
		     ppm % 1000))
		return error_set(err, ERR_USAGE, _("--confidence: a percentage "
						   "from 50 to 99.9 is "
						   "needed"));
	if (sure)
		rule->confidence = ppm / 1000;
	if (!options_number(o, qa_options, 'n', 0, 100000, &risk, err))
		return false;
	rule->risk = risk;
	return true;
}

static int run_qa(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	struct qa_options qa = {
		.project = o->argument[1], .reviewer = options_value(o, 'r'),
		.json = options_value(o, 'J') != NULL,
		.has_seed = options_value(o, 'S') != NULL,
	};
	const char *verb = o->argument[0];
	struct error err = { 0 };
	long seed = 0;

	if (!read_rule(o, &qa.rule, &err) ||
	    !options_number(o, qa_options, 'N', 1, INT_MAX, &qa.round, &err) ||
	    !options_number(o, qa_options, 'S', 0, LONG_MAX, &seed, &err))
		return fail(self->name, &err);
	qa.seed = (unsigned long)seed;
	if (!strcmp(verb, "plan"))
		return qa_plan(&qa, stdout, &talk);
	if (!strcmp(verb, "report"))
		return qa_report(&qa, stdout, &talk);
	if (!strcmp(verb, "review"))
		return reading_qa(o, qa.round);
	return usage_error(self, _("plan, review or report is needed"));
}

static const struct option_row train_options[] = {
	{ 'u', "truth", "DIR|FILE",
	  N_("the known answers (else truth or gt in DECK, or beside them)") },
	APP_LOOK_ROWS,
	HELP_ROW, END_ROW
};

static int run_train(const struct command *self, const struct options *o)
{
	const char *deck = o->argument[0];
	struct error err = { 0 };

	(void)self;
	if (strcmp(deck, "report") != 0 && access(deck, F_OK) != 0) {
		error_set(&err, ERR_USAGE, "%s", strerror(errno));
		return fail(deck, &err);
	}
	return exercise_train(o);
}

static const struct option_row export_options[] = {
	{ 't', "to", "FOLDER", N_("of seg: where its files go") },
	HELP_ROW, END_ROW
};

static int run_export(const struct command *self, const struct options *o)
{
	const struct export_options export = {
		.kind = o->argument[0],
		.directory = project_at(o, 1),
		.folder = options_value(o, 't'),
	};

	return export_said(self, &export);
}

static const struct option_row import_options[] = {
	{ 'n', "name", "NAME", N_("only the image with this file_name") },
	HELP_ROW, END_ROW
};

static int run_import(const struct command *self, const struct options *o)
{
	const struct import_options import = {
		.kind = o->argument[0], .file = o->argument[1],
		.name = options_value(o, 'n'),
	};
	struct error err = { 0 };

	(void)self;
	return exchange_import(&import, stdout, &err) ? 0 :
	       fail(import.file, &err);
}

static const struct option_row tags_options[] = {
	TAGS_ROW,
	{ 'V', "values", NULL,
	  N_("print the values too; they may name a patient") },
	HELP_ROW, END_ROW
};

static int run_tags(const struct command *self, const struct options *o)
{
	struct talk state;
	const struct batch_talk talk = talk_start(&state);
	struct explain_options explain = {
		.file = o->argument[0],
		.values = options_value(o, 'V') != NULL,
	};
	struct error err = { 0 };

	return find_profile(o, &explain.profile, &err) ?
	       explain_tags(&explain, stdout, &talk) : fail(self->name, &err);
}

static int run_version(const struct command *self, const struct options *o)
{
	(void)self, (void)o;
	printf("%s\n%sopencv %s\n", PACKAGE_STRING, SUMI_LIBRARIES,
	       face_library());
	for (int i = 0; i < FACE_NETS; i++)
		printf("%s %s (%s)\n", face_models[i].file,
		       face_models[i].sha256, face_models[i].licence);
	return 0;
}

static const struct command commands[] = {
	{ "review", N_("PATH..."), N_("review and mask on the terminal"),
	  N_("A PATH is a file, a folder, a DICOMDIR, @FILE, a list of them, "
	     "or a project\nto resume.  'suminuri PATH...' does the same."),
	  app_options, 0, -1, run_review },
	{ "propose", N_("PATH..."), N_("print what would be masked"),
	  N_("One JSON line a file on standard output; nothing is masked.  A "
	     "PATH is a\nfile, a folder, a DICOMDIR, or @FILE, a list of "
	     "them."),
	  propose_options, 1, -1, run_propose },
	{ "mask", N_("IN OUT"), N_("write a masked copy of one file"),
	  N_("OUT must not be there.  One JSON line says what was done; the "
	     "copy is checked\nbefore it gets its name."),
	  mask_options, 2, 2, run_mask },
	{ "apply", N_("PROJECT"), N_("make and release what is decided"),
	  N_("One JSON line an item and a summary.  A copy on which text or a "
	     "face is left is\nnot released."),
	  apply_options, 1, 1, run_apply },
	{ "verify", N_("PROJECT | IN OUT"), N_("check what was written"),
	  N_("Every sample, attribute and carrier is compared; one JSON line "
	     "a file and a\nsummary.  Of a project its log and all outputs "
	     "are checked, nothing is changed."),
	  verify_options, 1, 2, run_verify },
	{ "rebuild", N_("PROJECT PATH..."),
	  N_("make the worklist of a project anew"),
	  N_("From its log and the files that were reviewed, when "
	     "private/worklist.db is lost\nor damaged; what is there is kept "
	     "as worklist.db.old.  A summary says how many\nitems have their "
	     "file again, how many files are new, how many have none."),
	  rebuild_rows, 2, -1, run_rebuild },
	{ "layout", N_("list|export|import FILE [PROJECT]"),
	  N_("boxes remembered for a device"),
	  N_("What P in a review remembers for a device and picture size, "
	     "proposed in its next\npictures.  export prints it, import adds "
	     "what another project exported.\nWithout PROJECT it is "
	     "./suminuri-project."),
	  no_options, 1, 3, run_layout },
	{ "erase", N_("PROJECT"), N_("end a project: what leads back goes"),
	  N_("Boxes, outputs not released, pseudonyms, worklist and keys are "
	     "overwritten and\nremoved; released outputs and the log stay.  "
	     "Prints a signed certificate.  Without\nthe name of the log it only "
	     "says that name."),
	  erase_options, 1, 1, run_erase },
	{ "eval", N_("PATH..."), N_("score detection against known answers"),
	  N_("Of each picture of the PATHs that has an answer: what was found "
	     "and what was\nmissed, by kind, class, script, size, source and "
	     "modality."),
	  eval_options, 1, -1, run_eval },
	{ "export", N_("coco|csv|fhir|json|seg [PROJECT]"),
	  N_("give what is released to other programs"),
	  N_("The masked boxes as COCO, CSV or JSON lines, their review as "
	     "FHIR R4 resources, or\nthe masks as DICOM Segmentations.  "
	     "Nothing in it leads back to a patient, a person\nor an input.  "
	     "Without PROJECT it is ./suminuri-project."),
	  export_options, 1, 2, run_export },
	{ "import", N_("coco FILE"), N_("read boxes of another program"),
	  N_("Prints them as lines that 'mask -B' takes."),
	  import_options, 2, 2, run_import },
	{ "tags", N_("FILE"), N_("show what becomes of each attribute"),
	  N_("Of a DICOM file, a line an attribute: where it is, VR, what is "
	     "done, by which\nrule, its name.  Nothing is written."),
	  tags_options, 1, 1, run_tags },
	{ "doctor", "", N_("show what works here and what to do"), "",
	  doctor_options, 0, 0, run_doctor },
	{ "key", N_("show|new|retire [PROJECT]"),
	  N_("the key that signs the review log"),
	  N_("show prints the public keys so far: keep them elsewhere too, to "
	     "check the log\nwith.  new makes another key that signs from now "
	     "on, retire ends signing; the\nsecret before is erased."),
	  key_options, 1, 2, run_key },
	{ "log", N_("check|show|export [PROJECT]"),
	  N_("check or read the review log"),
	  N_("check recomputes the chain, its signed checkpoints and every "
	     "file of boxes; show\nprints a line a record; export leaves out "
	     "what leads back to patients and people\nand adds proofs; check takes "
	     "such a file too.  Without PROJECT it is\n./suminuri-project."),
	  log_options, 1, 2, run_log },
	{ "qa", N_("plan|review|report PROJECT"),
	  N_("have a second person read a sample"),
	  N_("plan draws outputs by the project's key, review shows them to "
	     "somebody who has\nnot decided them, report says what was found "
	     "and how much may be left at most."),
	  qa_options, 2, 2, run_qa },
	{ "train", N_("DECK | report"),
	  N_("exercises with known answers"),
	  N_("The pictures of the folder DECK that have an answer, on the "
	     "screen of review; after\neach its answer is shown, at the end "
	     "a score.  report shows the scores so far.\nNothing but the score "
	     "is written."),
	  train_options, 1, 1, run_train },
	{ "seal", N_("PROJECT"), N_("make a write-once bundle of a project"),
	  N_("Released outputs, log, boxes, rules, public keys, and SHA256SUMS "
	     "for 'sha256sum\n-c'.  To be copied to media that can't be "
	     "changed; nothing in it is secret, but\nits log leads back to "
	     "originals.  With --recipient and --basis\nwhat may leave "
	     "instead: it leads back to nobody."),
	  seal_options, 1, 1, run_seal },
	{ "restore", N_("--check BUNDLE"), N_("check a bundle without its project"),
	  N_("Every file, that there is no other, the log and its checkpoints, "
	     "the boxes and\nthe outputs that it names.  One JSON line; "
	     "--report writes a signed report of it."),
	  restore_rows, 1, 1, run_restore },
	{ "trace", N_("OUT [PROJECT]"),
	  N_("lead an output back to what was decided"),
	  N_("One JSON line an item whose output has the bytes of OUT: input, "
	     "verdict, who,\nwhen.  It leads back to originals: for use inside "
	     "the hospital."),
	  no_options, 1, 2, run_trace },
	{ "withdraw", N_("ITEM [PROJECT]"),
	  N_("take an output back and withhold its item"),
	  N_("ITEM is an id of the log, its first 8 digits or more, or an output "
	     "file.  The\noutput is removed, its hash goes to "
	     "private/recall.csv; the log keeps the fact.\nReasons: device "
	     "anatomy artefact phantom not-a-face misplaced unreadable\n"
	     "ask-physician other."),
	  withdraw_options, 1, 2, run_withdraw },
	{ "witness", N_("export|cosign [PROJECT|FILE]"),
	  N_("have somebody elsewhere vouch for the review log"),
	  N_("export prints the latest checkpoint and a proof that the log "
	     "only grew since N\nrecords; cosign, on another machine, checks "
	     "that against what it saw last and\nprints the checkpoint with "
	     "its own dated signature.  FILE may be - (as without).\nWhat it "
	     "prints is for 'log check -w'."),
	  witness_options, 1, 2, run_witness },
	{ "version", "", N_("show the version"), "", no_options, 0, 0,
	  run_version },
};

enum { COMMANDS_COUNT = sizeof(commands) / sizeof(commands[0]) };

/* ---- help ---- */

enum { ARGUMENTS_WIDTH = 24 };

/* Long arguments have a line of their own. */
static void print_command(FILE *to, const struct command *c)
{
	const char *arguments = _(c->arguments);

	int left = ARGUMENTS_WIDTH - locale_width(arguments);
	int column = 14 + ARGUMENTS_WIDTH;

	fprintf(to, "  %-10s %s", c->name, arguments);
	if (left >= 0)
		fprintf(to, "%*s", left + 1, "");
	else
		fprintf(to, "\n%*s", column, "");
	locale_wrap(to, column, _(c->help));
}

static void print_help(FILE *to)
{
	fprintf(to, _("Usage: %s COMMAND\n\n"), "suminuri");
	for (int i = 0; i < COMMANDS_COUNT; i++)
		print_command(to, &commands[i]);
	fputc('\n', to);
	locale_wrap(to, 0, _("To begin: 'suminuri review -o PROJECT PATH...'; W "
			     "there releases what is decided, then 'suminuri "
			     "verify PROJECT'.  'suminuri doctor' says what "
			     "works here."));
	fprintf(to, _("'%s COMMAND --help' explains a command.\n"),
		"suminuri");
}

static void print_options(const struct option_row *row)
{
	for (; row->name; row++) {
		char name[64];

		snprintf(name, sizeof(name), "-%c, --%s%s%s", row->letter,
			 row->name, row->argument ? "=" : "",
			 row->argument ? row->argument : "");
		printf("  %-26s ", name);
		locale_wrap(stdout, 29 + (strlen(name) > 26 ?
					  (int)strlen(name) - 26 : 0),
			    _(row->help));
	}
}

static void print_command_help(const struct command *c)
{
	char usage[256];

	/* gettext("") would give the header of the catalogue */
	snprintf(usage, sizeof(usage), _("Usage: %s %s [OPTION]... %s"),
		 "suminuri", c->name, *c->arguments ? _(c->arguments) : "");
	locale_wrap(stdout, 0, usage);
	putchar('\n');
	if (*c->more) {
		locale_wrap(stdout, 0, _(c->more));
		putchar('\n');
	}
	print_options(c->options);
}

/* ---- start ---- */

static int run_command(const struct command *c, int argc, char **argv)
{
	struct options o;
	struct error err = { 0 };
	int status = 0;

	if (!options_read(c->options, argc, argv, &o, &err))
		status = err.code == ERR_USAGE ? usage_error(c, err.text) :
						 fail(c->name, &err);
	else if (options_value(&o, 'h'))
		print_command_help(c);
	else if (o.arguments < c->least)
		status = usage_error(c, _("an argument is missing"));
	else if (c->most >= 0 && o.arguments > c->most)
		status = usage_error(c, _("too many arguments"));
	else
		status = c->run(c, &o);
	options_done(&o);
	if (fflush(stdout) != 0 && status < error_exit_status(ERR_WRITE)) {
		error_set(&err, ERR_WRITE, "%s", strerror(errno));
		status = fail(c->name, &err);
	}
	return status;
}

/* Without a command: options and paths of a review. */
static int review_paths(int argc, char **argv)
{
	struct error err = { 0 };
	struct stat status;

	if (argv[1][0] == '@' || argv[1][0] == '-' || lstat(argv[1], &status) == 0 ||
	    (errno != ENOENT && errno != ENOTDIR))
		return run_command(&commands[0], argc, argv);
	error_set(&err, ERR_USAGE, _("neither a command nor a file: see "
				     "'%s --help'"), "suminuri");
	return fail(argv[1], &err);
}

/*
 * Descriptors 0 to 2 that are closed would be taken by the next open().  What
 * is written to these fails, as it should.
 */
static bool fill_stdio(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/*
 * With too few descriptors good files could not be opened, and would seem to
 * be at fault.  A worker at work takes about four, a project twenty; 32 of
 * them at once are let (--jobs).
 */
enum { FILES_LEAST = 64, FILES_WANTED = 1024 };

static bool enough_files(struct error *err)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    files.rlim_cur == RLIM_INFINITY || files.rlim_cur >= FILES_WANTED)
		return true;
	files.rlim_cur = files.rlim_max < FILES_WANTED ? files.rlim_max :
							 FILES_WANTED;
	setrlimit(RLIMIT_NOFILE, &files);
	return files.rlim_cur >= FILES_LEAST ||
	       error_set(err, ERR_INTERNAL, _("only %llu files may be open at "
			 "once, %d are needed: raise the limit (ulimit -n)"),
			 (unsigned long long)files.rlim_cur, (int)FILES_LEAST);
}

/* Typed by hand it is no command. */
static int run_zygote(int argc, char **argv)
{
	int status = worker_zygote_main(argc, argv);

	if (status == error_exit_status(ERR_USAGE))
		print_help(stderr);
	return status;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	locale_start();
	umask(077);
	sandbox_no_core();
	sandbox_no_network();
	if (!fill_stdio()) {
		fprintf(stderr, "suminuri: %s\n",
			_("/dev/null can't be opened"));
		return error_exit_status(ERR_INTERNAL);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);       /* a write fails with EFBIG instead */
	if (argc > 1 && !strcmp(argv[1], WORKER_VERB))
		return run_zygote(argc, argv);
	if (argc > 1 && !strcmp(argv[1], SOURCE_VERB))
		return source_dicomdir_main();
	if (argc > 1 && (!strcmp(argv[1], "--help") ||
			 !strcmp(argv[1], "-h"))) {
		print_help(stdout);
		return fflush(stdout) ? error_exit_status(ERR_WRITE) : 0;
	}
	if (argc > 1 && !strcmp(argv[1], "--version"))
		argv[1] += 2;
	if (!enough_files(&err))
		return fail(argc > 1 ? argv[1] : "--help", &err);
	for (int i = 0; argc > 1 && i < COMMANDS_COUNT; i++)
		if (!strcmp(argv[1], commands[i].name))
			return run_command(&commands[i], argc - 1, argv + 1);
	if (argc > 1)
		return review_paths(argc, argv);
	print_help(stderr);
	return error_exit_status(ERR_USAGE);
}
