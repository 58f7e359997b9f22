/* qa.c - what a second person reads, and what that says of all outputs. */
#include "config.h"

#include "process/qa.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/locale.h"
#include "base/mem.h"
#include "base/statistics.h"
#include "process/agree.h"

enum { MILLION = 1000000, THOUSAND = 1000 };

bool qa_percent(const char *text, long long *ppm)
{
	long long value = 0, unit = 10000;      /* of a digit before the dot */
	bool dot = false, any = false;

	for (; *text; text++) {
		if (*text == '.' && !dot) {
			dot = true;
			continue;
		}
		if (*text < '0' || *text > '9' || value > 100 * MILLION)
			return false;
		any = true;
		if (dot)
			unit /= 10;
		if (unit == 0)
			return false;
		value = dot ? value + (*text - '0') * unit :
			      value * 10 + (*text - '0') * unit;
	}
	*ppm = value;
	return any && value >= 1 && value <= MILLION;
}

static int fail(const struct qa_options *o, const struct batch_talk *talk,
		const struct error *err)
{
	talk->say(talk->self, o->project, err->text);
	return error_exit_status(err->code);
}

/* ---- plan ---- */

static const char *const why_text[SAMPLE_WHYS] = {
	[SAMPLE_DRAWN] = N_("drawn at random"),
	[SAMPLE_REMOVED] = N_("mask taken off"),
	[SAMPLE_NO_BOXES] = N_("nothing proposed"),
	[SAMPLE_LOW_SCORE] = N_("unsure box"),
	[SAMPLE_FAST] = N_("decided fast"),
};

static double percent(long long ppm)
{
	return (double)ppm / 10000.;
}

static void print_plan(const struct sample *s, FILE *out)
{
	long long taken[SAMPLE_WHYS] = { 0 };

	for (size_t i = 0; i < s->count; i++)
		taken[s->item[i].why]++;
	fprintf(out, _("QA round %lld: a second person checks %lld of %lld "
		       "masked copies\n"), s->round, (long long)s->count,
		s->lot);
	for (int i = 0; i < SAMPLE_WHYS; i++)
		if (taken[i] > 0)
			fprintf(out, "%8lld  %s\n", taken[i], _(why_text[i]));
	fprintf(out, _("Goal: if none of them leaks, fewer than %g %% of all "
		       "copies leak (confidence %g %%).\n"),
		percent(s->rule.rate), (double)s->rule.confidence / 10.);
}

/* The round before is not read any further by itself. */
static void say_left(const struct sample *s, const char *project,
		     const struct batch_talk *talk)
{
	const struct sample_left *left = s->left + s->lefts - 1;
	char text[ERROR_TEXT];

	if (s->lefts == 0 || left->round != s->round - 1)
		return;
	snprintf(text, sizeof(text),
		 _("QA round %lld was not finished: %lld of %lld are not read; "
		   "'suminuri qa review --round=%lld' goes on with it, report "
		   "tells of it"), left->round, left->unread, left->items,
		 left->round);
	talk->say(talk->self, project, text);
}

int qa_plan(const struct qa_options *o, FILE *out,
	    const struct batch_talk *talk)
{
	const struct project_options options = {
		.directory = o->project, .reviewer = o->reviewer,
		.role = "qa", .plans = true, .has_seed = o->has_seed, .seed = o->seed,
	};
	struct error err = { 0 };
	struct project *p = project_open(&options, &err);
	struct sample s = { 0 };

	if (p && project_alarm(p))
		talk->say(talk->self, o->project, project_alarm(p));
	if (p && sample_plan(p, &o->rule, &s, &err)) {
		print_plan(&s, out);
		say_left(&s, o->project, talk);
	}
	sample_done(&s);
	if (p && err.code == ERR_NONE)
		project_close(p, &err);
	else
		project_abandon(p);
	return err.code == ERR_NONE ? 0 : fail(o, talk, &err);
}

/* ---- what the readings come to ---- */

/* Residual readings of a part of the sample. */
struct tally {
	char name[64];
	long long items, read, left, unsure;
};

enum { QUICK_MS = 1000 };               /* an evidence: less is no look */

/* How long the copies were looked at. */
struct times {
	long long *ms;                  /* of each reading, sorted later */
	size_t count, capacity;
	long long quick;                /* less than QUICK_MS an evidence */
};

struct report {
	const char *project;            /* as typed */
	struct project *p;
	struct sample s;
	struct tally all, drawn, why[SAMPLE_WHYS];
	struct tally *who;              /* by who decided */
	size_t whos, who_room;
	struct agree agree;
	struct times times;             /* of residual readings */
	long long blind;                /* items read so */
	long long not_compared;         /* of them: no boxes to be had */
};

static void report_done(struct report *r)
{
	sample_done(&r->s);
	free(r->who);
	free(r->times.ms);
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* The gravest residual reading of an item; NULL: none. */
static const struct sample_reading *gravest(const struct sample *s, size_t i)
{
	const struct sample_reading *found = NULL;

	for (size_t k = 0; k < s->readings; k++) {
		const struct sample_reading *r = &s->reading[k];

		if (r->item != i || r->mode != SAMPLE_RESIDUAL)
			continue;
		if (!found || is(r->verdict, "left") ||
		    (is(found->verdict, "clean") && !is(r->verdict, "clean")))
			found = r;
	}
	return found;
}

static void add_reading(struct tally *t, const struct sample_reading *r)
{
	t->items++;
	t->read += r != NULL;
	t->left += r && is(r->verdict, "left");
	t->unsure += r && is(r->verdict, "escalated");
}

static struct tally *tally_of(struct report *r, const char *who)
{
	for (size_t i = 0; i < r->whos; i++)
		if (is(r->who[i].name, who))
			return &r->who[i];
	if (!mem_grow(&r->who, &r->who_room, r->whos, sizeof(*r->who)))
		return NULL;
	r->who[r->whos] = (struct tally){ .items = 0 };
	snprintf(r->who[r->whos].name, sizeof(r->who->name), "%s", who);
	return &r->who[r->whos++];
}

static bool count_residual(struct report *r)
{
	for (size_t i = 0; i < r->s.count; i++) {
		const struct sample_item *it = &r->s.item[i];
		const struct sample_reading *reading = gravest(&r->s, i);
		struct tally *who = tally_of(r, reading ? reading->decided_by :
							  it->who);

		if (!who)
			return false;
		add_reading(&r->all, reading);
		add_reading(&r->why[it->why], reading);
		add_reading(who, reading);
	}
	r->drawn = r->why[SAMPLE_DRAWN];
	return true;
}

static bool load(const struct report *r, const char *id, long long seq,
		 const uint8_t digest[HASH_SIZE], struct masks *m)
{
	char name[MASKS_NAME];

	masks_name(id, seq, name);
	return masks_load(r->p->masksfd, name, digest, m, NULL);
}

/* ---- how long that took ---- */

/* How many evidences were shown; 1 where that can't be told. */
static long long shown(const struct report *r,
		       const struct sample_reading *reading)
{
	struct masks m = { 0 };
	long long count = 0;

	if (load(r, r->s.item[reading->item].id, reading->seq,
		 reading->mask_sha256, &m))
		for (size_t i = 0; i < m.seen_count; i++)
			count += m.seen[i].id > 0;
	masks_done(&m);
	return count > 0 ? count : 1;
}

static int by_time(const void *a, const void *b)
{
	const long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool count_times(struct report *r)
{
	struct times *t = &r->times;

	for (size_t i = 0; i < r->s.readings; i++) {
		const struct sample_reading *reading = &r->s.reading[i];

		if (reading->mode != SAMPLE_RESIDUAL)
			continue;
		if (!mem_grow(&t->ms, &t->capacity, t->count, sizeof(*t->ms)))
			return false;
		t->ms[t->count++] = reading->active_ms;
		t->quick += reading->active_ms < QUICK_MS * shown(r, reading);
	}
	if (t->count > 0)
		qsort(t->ms, t->count, sizeof(*t->ms), by_time);
	return true;
}

static long long median_ms(const struct times *t)
{
	return t->ms[t->count / 2];
}

/* ---- blind readings ---- */

/* Compare the marks of a blind reader with the masks that were decided. */
static bool compare(struct report *r, const struct sample_reading *reading)
{
	const struct sample_item *it = &r->s.item[reading->item];
	struct masks first = { 0 }, second = { 0 };
	struct worklist_item row = { 0 };
	bool missed = false, good = true;

	if (worklist_has_id(r->p->worklist, it->id) &&
	    worklist_find_id(r->p->worklist, it->id, &row, NULL) &&
	    load(r, it->id, reading->verdict_seq, reading->verdict_sha256,
		 &first) &&
	    load(r, it->id, reading->seq, reading->mask_sha256, &second))
		good = agree_add(&r->agree, row.columns, row.rows,
				 row.frames > 1 ? row.frames : 1, &first,
				 &second, &missed);
	else
		r->not_compared++;
	masks_done(&first);
	masks_done(&second);
	worklist_item_done(&row);
	return good;
}

static bool count_blind(struct report *r)
{
	bool good = true;

	for (size_t i = 0; good && i < r->s.readings; i++) {
		const struct sample_reading *reading = &r->s.reading[i];

		if (reading->mode != SAMPLE_BLIND)
			continue;
		r->blind++;
		good = is(reading->verdict, "escalated") ||
		       compare(r, reading);
	}
	return good;
}

/* Not clean counts as leaking: a reader who is not sure is no proof. */
static long long bad(const struct tally *t)
{
	return t->left + t->unsure;
}

static double tail_of(const struct sample *s)
{
	return 1 - (double)s->rule.confidence / THOUSAND;
}

/* How many of all outputs may leak, by those drawn at random and read; what
 * they were found to leak included. */
static long long bound_of_all(const struct report *r)
{
	return r->drawn.read == 0 ? r->s.lot :
	       statistics_bad_of((long)r->s.lot, (long)r->drawn.read,
				 (long)bad(&r->drawn), tail_of(&r->s));
}

/* The upper bound of a part's rate, as if drawn from a large number. */
static double bound_of(const struct report *r, const struct tally *t)
{
	return t->read == 0 ? 1 :
	       statistics_upper((long)bad(t), (long)t->read, tail_of(&r->s));
}

/* ---- as text ---- */

enum { CELL = 10, WORD = 64 };

/* A cell of a table, right-aligned in the columns of a terminal. */
static void print_cell(const char *text, FILE *out)
{
	int width = locale_width(text);

	fprintf(out, "%*s%s", width < CELL ? CELL - width : 1, "", text);
}

static void print_head(const char *const *words, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++)
		print_cell(_(words[i]), out);
	fputc('\n', out);
}

/* What was found, then of which part that is. */
static void print_row(const struct report *r, const struct tally *t,
		      const char *format, const char *name, FILE *out)
{
	const long long counts[] = { t->items, t->read, t->left, t->unsure };
	char text[WORD];

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		snprintf(text, sizeof(text), "%lld", counts[i]);
		print_cell(text, out);
	}
	snprintf(text, sizeof(text), "%.3f %%", 100 * bound_of(r, t));
	print_cell(t->read > 0 ? text : "-", out);
	fputs("  ", out);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	fprintf(out, format, name);
#pragma GCC diagnostic pop
	fputc('\n', out);
}

static void print_result(const struct report *r, FILE *out)
{
	long long bound = bound_of_all(r);

	fputc('\n', out);
	if (r->drawn.read == 0)
		fputs(_("Result: none yet. No copy of the random draw has "
			"been checked.\n"), out);
	else
		fprintf(out, _("Result: with %g %% confidence at most %lld of "
			       "%lld copies leak (%.3f %%), those found "
			       "included.\n"),
			(double)r->s.rule.confidence / 10., bound, r->s.lot,
			100. * (double)bound / (double)r->s.lot);
	if (r->drawn.read < r->drawn.items)
		fprintf(out, _("Not checked yet: %lld of the random draw. "
			       "Go on with 'suminuri qa review %s'.\n"),
			r->drawn.items - r->drawn.read, r->project);
}

/* The bound is worth what the reading was. */
static void print_times(const struct report *r, FILE *out)
{
	const struct times *t = &r->times;

	if (t->count == 0)
		return;
	fprintf(out, _("Reading time: median %.1f s a copy, the fastest "
		       "%.1f s.\n"), (double)median_ms(t) / THOUSAND,
		(double)t->ms[0] / THOUSAND);
	if (t->quick > 0)
		fprintf(out, _("Quick: %lld of %lld copies were read in less "
			       "than %d s for each evidence shown; the result "
			       "rests on those too.\n"), t->quick,
			(long long)t->count, QUICK_MS / THOUSAND);
}

static void print_residual(const struct report *r, FILE *out)
{
	static const char *const head[] = {
		/* TRANSLATORS: heads of columns, 9 cells at most */
		N_("copies"), N_("checked"), N_("leaking"), N_("unsure"),
		N_("at most"),
	};

	fputc('\n', out);
	print_head(head, sizeof(head) / sizeof(head[0]), out);
	print_row(r, &r->all, "%s", _("all that are to be checked"), out);
	for (int i = 0; i < SAMPLE_WHYS; i++)
		if (r->why[i].items > 0)
			print_row(r, &r->why[i], "%s", _(why_text[i]), out);
	for (size_t i = 0; i < r->whos; i++)
		/* TRANSLATORS: a reviewer's code */
		print_row(r, &r->who[i], _("decided by %s"), r->who[i].name,
			  out);
	fputs(_("At most: the share of leaks among many copies made like "
		"these; the result is for those of this project.\n"), out);
	print_result(r, out);
	print_times(r, out);
}

/* enough: of pictures, for the coefficients. */
static void print_agreement(const char *name, const struct agreement *a,
			    bool enough, FILE *out)
{
	const long counts[] = { a->both, a->first, a->second, a->neither };
	const double shares[] = { statistics_kappa(a), statistics_ac1(a),
				  statistics_alpha(a) };
	char text[WORD];

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		snprintf(text, sizeof(text), "%ld", counts[i]);
		print_cell(text, out);
	}
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		snprintf(text, sizeof(text), "%.3f", shares[i]);
		print_cell(enough ? text : "-", out);
	}
	fprintf(out, "  %s\n", name);
}

static void print_blind(const struct report *r, FILE *out)
{
	static const char *const head[] = {
		/* TRANSLATORS: heads of columns: masked by both readers, only
		 * by the first, ... 9 cells at most */
		N_("both"), N_("first"), N_("second"), N_("neither"),
		"kappa", "AC1", "alpha",
	};
	const struct agree *a = &r->agree;
	const bool enough = agree_compared(a) >= AGREE_LEAST;

	if (r->blind == 0)
		return;
	fputc('\n', out);
	fputs(_("Blind reading: where both readers masked, or one alone.  "
		"1.000 is full agreement.\n"), out);
	if (r->blind > r->not_compared) {
		print_head(head, sizeof(head) / sizeof(head[0]), out);
		print_agreement(_("pictures"), &a->pictures, enough, out);
		print_agreement(_("tiles of 16 pixels, in each frame"), &a->tiles, enough,
				out);
		fprintf(out, _("Boxes, frame by frame: both %ld, first %ld, "
			       "second %ld, Dice %.3f\n"), a->boxes_both, a->boxes_first,
			a->boxes_second, agree_dice(a));
		if (!enough)
			fprintf(out, _("Agreement (-) is not told from fewer "
				       "than %d pictures: chance would decide "
				       "it; compared so far: %ld.\n"),
				(int)AGREE_LEAST, agree_compared(a));
	}
	if (r->not_compared > 0)
		fprintf(out, _("%lld blind readings could not be compared\n"),
			r->not_compared);
}

/* What is to be done, of this and of earlier rounds. */
static void print_findings(const struct report *r, FILE *out)
{
	const struct findings *f = &r->s.findings;
	struct buffer text = { 0 };

	if (f->count == 0)
		return;
	for (size_t i = 0; i < f->count; i++)
		finding_say(&f->item[i], &text);
	if (!text.failed)
		fprintf(out, "\n%s", text.data);
	buffer_done(&text);
	fprintf(out, _("what to do: 'suminuri review %s', open the item; "
		       "u takes its output back\n(what has left can't be "
		       "called back: ask for it); mask what is left, and "
		       "look for\nthe same in items like it\n"), r->project);
}

/* Rounds that were given up for this one. */
static void print_left(const struct sample *s, FILE *out)
{
	for (size_t i = 0; i < s->lefts; i++)
		fprintf(out, _("QA round %lld was not finished when the next "
			       "was drawn: %lld of %lld were not read.\n"),
			s->left[i].round, s->left[i].unread,
			s->left[i].items);
}

static void print_text(const struct report *r, FILE *out)
{
	print_plan(&r->s, out);
	print_left(&r->s, out);
	fputs(r->s.as_keyed ?
	      _("The draw is the one that the project's key gives: nobody "
		"chose.\n") :
	      _("The draw is NOT the one that the project's key gives: "
		"somebody chose.\n"), out);
	print_residual(r, out);
	print_blind(r, out);
	print_findings(r, out);
}

/* ---- as JSON; shares in a million or a thousand ---- */

static void put_tally(struct json_writer *w, const struct report *r,
		      const char *member, const struct tally *t,
		      const char *key, const char *name)
{
	json_put_open(w, member, '{');
	if (key)
		json_put_string(w, key, name);
	json_put_integer(w, "items", t->items);
	json_put_integer(w, "read", t->read);
	json_put_integer(w, "left", t->left);
	json_put_integer(w, "unsure", t->unsure);
	if (t->read > 0)
		json_put_integer(w, "bound_ppm",
				 (long long)(bound_of(r, t) * MILLION + .5));
	json_put_close(w);
}

static void put_share(struct json_writer *w, const char *name, double share)
{
	json_put_integer(w, name, (long long)(share * THOUSAND +
					      (share < 0 ? -.5 : .5)));
}

static void put_agreement(struct json_writer *w, const char *name,
			  const struct agreement *a)
{
	json_put_open(w, name, '{');
	json_put_integer(w, "both", a->both);
	json_put_integer(w, "first", a->first);
	json_put_integer(w, "second", a->second);
	json_put_integer(w, "neither", a->neither);
	put_share(w, "kappa", statistics_kappa(a));
	put_share(w, "ac1", statistics_ac1(a));
	put_share(w, "alpha", statistics_alpha(a));
	json_put_close(w);
}

static void put_blind(struct json_writer *w, const struct report *r)
{
	const struct agree *a = &r->agree;

	json_put_open(w, "blind", '{');
	json_put_integer(w, "read", r->blind);
	json_put_integer(w, "not_compared", r->not_compared);
	if (r->blind > r->not_compared) {
		json_put_boolean(w, "enough",
				 agree_compared(a) >= AGREE_LEAST);
		put_agreement(w, "pictures", &a->pictures);
		put_agreement(w, "tiles", &a->tiles);
		json_put_open(w, "boxes", '{');
		json_put_integer(w, "both", a->boxes_both);
		json_put_integer(w, "first", a->boxes_first);
		json_put_integer(w, "second", a->boxes_second);
		put_share(w, "dice", agree_dice(a));
		json_put_close(w);
		json_put_integer(w, "missed", a->missed);
	}
	json_put_close(w);
}

static void put_findings(struct json_writer *w, const struct findings *found)
{
	json_put_open(w, "open", '[');
	for (size_t i = 0; i < found->count; i++) {
		const struct finding *f = &found->item[i];

		json_put_open(w, NULL, '{');
		json_put_string(w, "item", f->id);
		json_put_integer(w, "number", f->row);
		json_put_string(w, "mode", f->mode);
		json_put_boolean(w, "left", finding_left(f));
		json_put_boolean(w, "released", f->released);
		if (f->frame >= 0)
			json_put_integer(w, "frame", f->frame);
		json_put_close(w);
	}
	json_put_close(w);
}

static void put_times(struct json_writer *w, const struct times *t)
{
	if (t->count == 0)
		return;
	json_put_open(w, "times", '{');
	json_put_integer(w, "median_ms", median_ms(t));
	json_put_integer(w, "fastest_ms", t->ms[0]);
	json_put_integer(w, "quick", t->quick);
	json_put_integer(w, "quick_ms", QUICK_MS);
	json_put_close(w);
}

static void put_tallies(struct json_writer *w, const struct report *r)
{
	put_tally(w, r, "residual", &r->all, NULL, NULL);
	json_put_open(w, "why", '[');
	for (int i = 0; i < SAMPLE_WHYS; i++)
		if (r->why[i].items > 0)
			put_tally(w, r, NULL, &r->why[i], "why",
				  sample_why_name[i]);
	json_put_close(w);
	json_put_open(w, "reviewers", '[');
	for (size_t i = 0; i < r->whos; i++)
		put_tally(w, r, NULL, &r->who[i], "who", r->who[i].name);
	json_put_close(w);
}

static void put_left(struct json_writer *w, const struct sample *s)
{
	if (s->lefts == 0)
		return;
	json_put_open(w, "unfinished", '[');
	for (size_t i = 0; i < s->lefts; i++) {
		json_put_open(w, NULL, '{');
		json_put_integer(w, "round", s->left[i].round);
		json_put_integer(w, "items", s->left[i].items);
		json_put_integer(w, "unread", s->left[i].unread);
		json_put_close(w);
	}
	json_put_close(w);
}

static bool print_json(const struct report *r, FILE *out)
{
	struct buffer text = { 0 };
	struct json_writer w = json_writer(&text, false);
	bool good;

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_integer(&w, "round", r->s.round);
	json_put_string(&w, "t", r->s.t);
	json_put_boolean(&w, "as_keyed", r->s.as_keyed);
	json_put_integer(&w, "lot", r->s.lot);
	json_put_integer(&w, "drawn", r->s.drawn);
	json_put_integer(&w, "items", (long long)r->s.count);
	json_put_integer(&w, "rate_ppm", r->s.rule.rate);
	json_put_integer(&w, "confidence", r->s.rule.confidence);
	if (r->drawn.read > 0)
		json_put_integer(&w, "at_most", bound_of_all(r));
	put_left(&w, &r->s);
	put_tallies(&w, r);
	put_times(&w, &r->times);
	put_blind(&w, r);
	put_findings(&w, &r->s.findings);
	json_put_close(&w);
	buffer_puts(&text, "\n");
	good = !text.failed && fputs(text.data, out) >= 0;
	buffer_done(&text);
	return good;
}

/* ---- the command ---- */

static bool make_report(struct report *r, long round, struct error *err)
{
	if (!sample_read(r->p, round, &r->s, err))
		return false;
	if (r->s.round == 0)
		return error_set(err, ERR_USAGE, _("no sample is drawn yet: "
						   "`suminuri qa plan`"));
	return (count_residual(r) && count_times(r) && count_blind(r)) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

int qa_report(const struct qa_options *o, FILE *out,
	      const struct batch_talk *talk)
{
	const struct project_options options = { .directory = o->project,
						 .reading = true };
	struct error err = { 0 };
	struct report r = { .project = o->project,
			    .p = project_open(&options, &err) };
	int status = 0;

	if (!r.p || !make_report(&r, o->round, &err)) {
		status = fail(o, talk, &err);
	} else {
		if (!o->json)
			print_text(&r, out);
		else if (!print_json(&r, out))
			status = error_exit_status(ERR_MEMORY);
		if (status == 0 && (!r.s.as_keyed || r.s.findings.count > 0))
			status = error_exit_status(ERR_CHECK);
	}
	report_done(&r);
	project_abandon(r.p);
	return status;
}
