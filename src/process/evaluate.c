/* evaluate.c - runs the detectors over pictures with known answers and keeps
 * tallies of what they found. */
#include "config.h"

#include "process/evaluate.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "find/truth.h"
#include "process/answers.h"
#include "process/wire.h"
#include "process/worker.h"

enum { NAME = 64 };

/* What the boxes and files of one row of a table add up to. */
struct tally {
	const char *by;                 /* "kind", "class" ... */
	char of[NAME];
	long long boxes, cover80, cover98;
	long long candidate80, faint80; /* with candidates; and faint ink */
	long long cleared;              /* read, cleared and in no box */
	long long letters, edits;
	/* of whole files, in rows that are about files */
	long long files, refused, leaky, false_boxes, excess, pixels;
};

struct miss {
	char *which;                    /* owned */
	size_t box;                     /* 1-based, in the file of answers */
	enum truth_kind kind;
	char class_[16];
	int px, share, wide_share;      /* percent: boxes; all tiers */
	int width, height;
	bool cleared;
};

struct evaluation {
	const struct evaluate_options *options;
	struct answers answers;
	struct tally *tally;
	size_t tallies, tally_room;
	struct miss *miss;
	size_t misses, miss_room;
	long long files;
};

/* ---- tallies ---- */

/* The row; NULL without memory.  Words of the answers steer no terminal. */
static struct tally *find_tally(struct evaluation *e, const char *by,
				const char *of)
{
	struct tally new = { .by = by };

	snprintf(new.of, sizeof(new.of), "%s", of);
	wire_scrub(new.of, sizeof(new.of));
	for (size_t i = 0; i < e->tallies; i++)
		if (strcmp(e->tally[i].by, by) == 0 &&
		    strcmp(e->tally[i].of, new.of) == 0)
			return &e->tally[i];
	if (!mem_grow(&e->tally, &e->tally_room, e->tallies,
		      sizeof(*e->tally)))
		return NULL;
	e->tally[e->tallies] = new;
	return &e->tally[e->tallies++];
}

static bool is_cleared(const struct truth_mark *m)
{
	return m->benign >= .5 && m->boxes < .8;
}

static bool add_mark(struct evaluation *e, const char *by, const char *of,
		     const struct truth_mark *m)
{
	struct tally *t = find_tally(e, by, of);

	if (!t)
		return false;
	t->boxes++;
	t->cover80 += m->boxes >= .8;
	t->cover98 += m->boxes >= .98;
	t->candidate80 += m->candidates >= .8;
	t->faint80 += m->faint >= .8;
	t->cleared += is_cleared(m);
	t->letters += m->letters;
	t->edits += m->edits;
	return true;
}

static const char *size_name(const struct truth_box *b)
{
	static const struct { int most; const char *name; } sizes[] = {
		{ 9, "px  1 to 9" }, { 12, "px 10 to 12" },
		{ 16, "px 13 to 16" }, { 24, "px 17 to 24" },
		{ 40, "px 25 to 40" }, { INT_MAX, "px above 40" },
	};
	int width = region_width(b->region), height = region_height(b->region);
	int px = b->px ? b->px : height < width ? height : width, i = 0;

	while (px > sizes[i].most)
		i++;
	return sizes[i].name;
}

/* "dicom/burned" of dicom/burned/a.dcm. */
static void source_name(const char *below, char *name)
{
	const char *end = strchr(below, '/');

	if (end && strchr(end + 1, '/'))
		end = strchr(end + 1, '/');
	snprintf(name, NAME, "%.*s", end ? (int)(end - below) : 1,
		 end ? below : ".");
}

/* What is known about the file that a mark is of. */
struct file_of {
	const char *which;
	char source[NAME];
	const char *modality;
};

static bool add_identifier(struct evaluation *e, const struct truth_box *b,
			   const struct truth_mark *m,
			   const struct file_of *file)
{
	const char *script = truth_script(b->text);

	return add_mark(e, "class", b->class_, m) &&
	       (!*script || add_mark(e, "script", script, m)) &&
	       add_mark(e, "size", size_name(b), m) &&
	       add_mark(e, "direction", b->vertical ? "down" : b->rotation ?
			"turned" : "across", m) &&
	       (!b->low || add_mark(e, "contrast", "low", m)) &&
	       add_mark(e, "source", file->source, m) &&
	       add_mark(e, "modality", file->modality, m);
}

static bool add_miss(struct evaluation *e, const struct truth_box *b,
		     const struct truth_mark *m, const struct file_of *file)
{
	if (!mem_grow(&e->miss, &e->miss_room, e->misses, sizeof(*e->miss)))
		return false;

	struct miss *miss = &e->miss[e->misses];

	*miss = (struct miss){
		.which = strdup(file->which), .box = m->box + 1,
		.kind = b->kind, .px = b->px,
		.share = (int)(100 * m->boxes),
		.wide_share = (int)(100 * m->faint),
		.width = region_width(b->region),
		.height = region_height(b->region),
		.cleared = is_cleared(m) };
	snprintf(miss->class_, sizeof(miss->class_), "%s", b->class_);
	wire_scrub(miss->class_, sizeof(miss->class_));
	e->misses += miss->which != NULL;
	return miss->which != NULL;
}

static bool add_marks(struct evaluation *e, const struct truth *truth,
		      const struct truth_score *score,
		      const struct file_of *file, bool *leaky)
{
	for (size_t i = 0; i < score->count; i++) {
		const struct truth_mark *m = &score->mark[i];
		const struct truth_box *b = &truth->box[m->box];

		if (!add_mark(e, "kind", truth_kind_name[b->kind], m))
			return false;
		if (b->kind == TRUTH_IDENTIFIER &&
		    !add_identifier(e, b, m, file))
			return false;
		if (b->kind == TRUTH_BENIGN || m->boxes >= .8)
			continue;
		*leaky |= b->kind == TRUTH_IDENTIFIER;
		if (!add_miss(e, b, m, file))
			return false;
	}
	return true;
}

static bool add_file(struct evaluation *e, const char *by, const char *of,
		     const struct truth_score *score, bool refused, bool leaky)
{
	struct tally *t = find_tally(e, by, of);

	if (!t)
		return false;
	t->files++;
	t->refused += refused;
	t->leaky += leaky;
	t->false_boxes += score->false_text;
	t->excess += score->excess;
	t->pixels += score->pixels;
	return true;
}

/* ---- results of the batch ---- */

static bool wanted(void *self, const char *name)
{
	const struct evaluation *e = self;
	char path[PATH_MAX];

	return answers_find(&e->answers, name, path, NULL);
}

static bool found(void *self, const char *name, const char *which,
		  const struct worker_event *event, struct error *err)
{
	struct evaluation *e = self;
	struct truth truth;
	struct truth_score score;
	char path[PATH_MAX];
	const char *below;
	bool leaky = false, ok;

	if (!answers_find(&e->answers, name, path, &below))
		return false;
	if (!answers_load(path, &truth, err))
		return error_prefix(err, "--truth: %s", which);
	if (!truth_compare(&truth, event ? &event->proposals : NULL,
			   event ? event->info.columns : 0,
			   event ? event->info.rows : 0, &score, err)) {
		truth_done(&truth);
		return false;
	}

	struct file_of file = { which, "", event && *event->info.modality ?
				event->info.modality : "-" };
	struct tally *faces = find_tally(e, "kind", "face");

	source_name(below, file.source);
	e->files++;
	ok = faces && add_marks(e, &truth, &score, &file, &leaky) &&
	     add_file(e, "all", "files", &score, !event, leaky) &&
	     add_file(e, "source", file.source, &score, !event, leaky) &&
	     add_file(e, "modality", file.modality, &score, !event, leaky);
	faces = find_tally(e, "kind", "face");
	if (ok && faces)
		faces->false_boxes += score.false_faces;
	truth_score_done(&score);
	truth_done(&truth);
	return ok || error_set(err, ERR_MEMORY, _("no memory"));
}

/* ---- out ---- */

static int compare_tallies(const void *a, const void *b)
{
	static const char order[] = "all kind source modality class script "
				    "size direction contrast";
	const struct tally *l = a, *r = b;
	const char *at = strstr(order, l->by), *its = strstr(order, r->by);

	return at != its ? (at < its ? -1 : 1) : strcmp(l->of, r->of);
}

/* "tests#12" after "tests#7". */
static int compare_misses(const void *a, const void *b)
{
	const struct miss *l = a, *r = b;
	size_t length = strlen(l->which), its = strlen(r->which);
	int order = length != its ? (length < its ? -1 : 1) :
		    strcmp(l->which, r->which);

	return order ? order : (l->box > r->box) - (l->box < r->box);
}

/* A share in a column of 7; "-" of nothing. */
static void put_share(FILE *out, long long part, long long whole)
{
	if (whole > 0)
		fprintf(out, " %6.3f", (double)part / (double)whole);
	else
		fprintf(out, " %6s", "-");
}

static void print_boxes(FILE *out, const struct tally *t)
{
	fprintf(out, " %6lld", t->boxes);
	put_share(out, t->cover80, t->boxes);
	put_share(out, t->cover98, t->boxes);
	put_share(out, t->candidate80, t->boxes);
	put_share(out, t->faint80, t->boxes);
	put_share(out, t->edits, t->letters);
	fprintf(out, " %7lld", t->cleared);
}

static void print_files(FILE *out, const struct tally *t)
{
	long long read = t->files - t->refused;

	if (!t->files)
		return;
	fprintf(out, " %5lld %7lld %5lld", t->files, t->refused, t->leaky);
	fprintf(out, " %6.2f", read ? (double)t->false_boxes / (double)read :
				      0.);
	fprintf(out, " %7.3f", t->pixels ? 100. * (double)t->excess /
				       (double)t->pixels : 0.);
}

/* The columns are words of this table's manual: not translated. */
static void print_table(const struct evaluation *e, FILE *out)
{
	const char *by = "";

	for (size_t i = 0; i < e->tallies; i++) {
		const struct tally *t = &e->tally[i];
		bool files = t->files > 0;

		if (strcmp(by, t->by) != 0)
			fprintf(out, "%s%-20s %6s %6s %6s %6s %6s %6s %7s%s\n",
				*by ? "\n" : "", t->by, "boxes", "cov80",
				"cov98", "+cand", "+faint", "CER", "cleared",
				files ? " files refused leaky false/f excess%"
				: "");
		by = t->by;
		fprintf(out, "%-20s", t->of);
		print_boxes(out, t);
		print_files(out, t);
		fputc('\n', out);
	}
}

static void print_misses(const struct evaluation *e, FILE *out)
{
	fprintf(out, "\n%-32s %4s %-11s %-12s %4s %6s %6s %9s\n", "missed",
		"box", "kind", "class", "px", "cov%", "all%", "size");
	for (size_t i = 0; i < e->misses; i++) {
		const struct miss *m = &e->miss[i];

		fprintf(out, "%-32s %4zu %-11s %-12s %4d %6d %6d %4dx%d%s\n",
			m->which, m->box, truth_kind_name[m->kind], m->class_,
			m->px, m->share, m->wide_share, m->width, m->height,
			m->cleared ? " cleared" : "");
	}
}

static void put_tally(struct json_writer *w, const struct tally *t)
{
	const struct { const char *name; long long value; } members[] = {
		{ "boxes", t->boxes }, { "cov80", t->cover80 },
		{ "cov98", t->cover98 }, { "candidates80", t->candidate80 },
		{ "faint80", t->faint80 }, { "cleared", t->cleared },
		{ "letters", t->letters }, { "edits", t->edits },
		{ "files", t->files }, { "refused", t->refused },
		{ "leaky", t->leaky }, { "false", t->false_boxes },
		{ "excess", t->excess }, { "pixels", t->pixels },
	};

	json_put_open(w, NULL, '{');
	json_put_string(w, "by", t->by);
	json_put_lossy(w, "of", t->of);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		json_put_integer(w, members[i].name, members[i].value);
	json_put_close(w);
}

static void put_miss(struct json_writer *w, const struct miss *m)
{
	json_put_open(w, NULL, '{');
	json_put_lossy(w, "which", m->which);
	json_put_integer(w, "box", (long long)m->box);
	json_put_string(w, "kind", truth_kind_name[m->kind]);
	json_put_lossy(w, "class", m->class_);
	json_put_integer(w, "px", m->px);
	json_put_integer(w, "percent", m->share);
	json_put_integer(w, "percent_all", m->wide_share);
	json_put_boolean(w, "cleared", m->cleared);
	json_put_close(w);
}

static bool print_json(const struct evaluation *e, FILE *out)
{
	struct buffer text = { 0 };
	struct json_writer w = json_writer(&text, false);
	bool ok;

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_open(&w, "rows", '[');
	for (size_t i = 0; i < e->tallies; i++)
		put_tally(&w, &e->tally[i]);
	json_put_close(&w);
	if (e->options->misses) {
		json_put_open(&w, "misses", '[');
		for (size_t i = 0; i < e->misses; i++)
			put_miss(&w, &e->miss[i]);
		json_put_close(&w);
	}
	json_put_close(&w);
	buffer_puts(&text, "\n");
	ok = !text.failed && fputs(text.data, out) >= 0;
	buffer_done(&text);
	return ok;
}

static bool print(struct evaluation *e, FILE *out)
{
	if (e->tallies)
		qsort(e->tally, e->tallies, sizeof(*e->tally),
		      compare_tallies);
	if (e->misses)
		qsort(e->miss, e->misses, sizeof(*e->miss), compare_misses);
	if (e->options->json)
		return print_json(e, out);
	print_table(e, out);
	if (e->options->misses)
		print_misses(e, out);
	return !ferror(out);
}

static void done(struct evaluation *e)
{
	for (size_t i = 0; i < e->misses; i++)
		free(e->miss[i].which);
	free(e->miss);
	free(e->tally);
}

static int complain(const struct batch_talk *talk, enum error_code code,
		    const char *text)
{
	talk->say(talk->self, "--truth", text);
	return error_exit_status(code);
}

int evaluate(char *const *paths, int count,
	     const struct evaluate_options *options, FILE *out,
	     const struct batch_talk *talk)
{
	struct evaluation e = { .options = options };
	const struct batch_sink sink = { wanted, found, &e };
	struct batch_options batch = { .jobs = options->jobs,
				       .detect = options->detect,
				       .sink = &sink };
	int status;

	if (!answers_open(&e.answers, options->truth))
		return complain(talk, ERR_USAGE, _("neither a folder nor a "
						   "file of answers"));
	status = batch_propose(paths, count, &batch, -1, talk);
	if (e.files == 0 && status < error_exit_status(ERR_USAGE))
		status = complain(talk, ERR_USAGE, _("there is no answer for "
						     "any of these pictures"));
	else if (e.files > 0 && !print(&e, out))
		status = error_exit_status(ERR_INTERNAL);
	done(&e);
	return status;
}
