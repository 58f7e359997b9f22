/* qa.c - what a second person reads, and what that says of all outputs. */
#include "config.h"

#include "process/qa.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/i18n.h"
#include "base/json.h"
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

int qa_plan(const struct qa_options *o, FILE *out,
	    const struct batch_talk *talk)
{
	const struct project_options options = {
		.directory = o->project, .reviewer = o->reviewer,
		.role = "qa", .has_seed = o->has_seed, .seed = o->seed,
	};
	struct error err = { 0 };
	struct project *p = project_open(&options, &err);
	struct sample s = { 0 };

	if (p && project_alarm(p))
		talk->say(talk->self, o->project, project_alarm(p));
	if (p && sample_plan(p, &o->rule, &s, &err))
		print_plan(&s, out);
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

/* Something to be done about an item. */
struct duty {
	long long row;
	char id[33];
	enum sample_mode mode;
	bool left;                      /* else the reader was not sure, or
					   marked what is not masked */
	bool released;
};

struct report {
	struct project *p;
	struct sample s;
	struct tally all, drawn, why[SAMPLE_WHYS];
	struct tally *who;              /* by who decided */
	size_t whos, who_room;
	struct duty *duty;
	size_t duties, duty_room;
	struct agree agree;
	long long blind;                /* items read so */
	long long not_compared;         /* of them: no boxes to be had */
};

static void report_done(struct report *r)
{
	sample_done(&r->s);
	free(r->who);
	free(r->duty);
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

/* Note what is still there as it was read. */
static bool add_duty(struct report *r, const struct sample_reading *reading,
		     bool left)
{
	const struct sample_item *it = &r->s.item[reading->item];
	struct worklist_item row = { 0 };
	bool good;

	if (!it->has_output || it->verdict_seq != reading->verdict_seq ||
	    !worklist_has_id(r->p->worklist, it->id))
		return true;
	good = worklist_find_id(r->p->worklist, it->id, &row, NULL) &&
	       mem_grow(&r->duty, &r->duty_room, r->duties, sizeof(*r->duty));
	if (good) {
		struct duty *d = &r->duty[r->duties++];

		*d = (struct duty){ .row = row.row, .mode = reading->mode,
				    .left = left, .released = row.output ==
							OUTPUT_RELEASED };
		snprintf(d->id, sizeof(d->id), "%s", it->id);
	}
	worklist_item_done(&row);
	return good;
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
		if (reading && !is(reading->verdict, "clean") &&
		    !add_duty(r, reading, is(reading->verdict, "left")))
			return false;
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
		good = agree_add(&r->agree, row.columns, row.rows, &first,
				 &second, &missed) &&
		       (!missed || add_duty(r, reading, false));
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
		if (is(reading->verdict, "escalated"))
			good = add_duty(r, reading, false);
		else
			good = compare(r, reading);
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
	wchar_t wide[WORD];
	size_t length = mbstowcs(wide, text, WORD);
	int width = length < WORD ? wcswidth(wide, length) : -1;

	width = width < 0 ? (int)strlen(text) : width;
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
			       "Go on with 'suminuri qa review PROJECT'.\n"),
			r->drawn.items - r->drawn.read);
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
	print_result(r, out);
}

static void print_agreement(const char *name, const struct agreement *a,
			    FILE *out)
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
		print_cell(text, out);
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

	if (r->blind == 0)
		return;
	fputc('\n', out);
	fputs(_("Blind reading: where both readers masked, or one alone.  "
		"1.000 is full agreement.\n"), out);
	if (r->blind > r->not_compared) {
		print_head(head, sizeof(head) / sizeof(head[0]), out);
		print_agreement(_("pictures"), &a->pictures, out);
		print_agreement(_("tiles of 16 pixels"), &a->tiles, out);
		fprintf(out, _("Boxes: both %ld, first %ld, second %ld, "
			       "Dice %.3f\n"), a->boxes_both, a->boxes_first,
			a->boxes_second, agree_dice(a));
	}
	if (r->not_compared > 0)
		fprintf(out, _("%lld blind readings could not be compared\n"),
			r->not_compared);
}

static void print_duties(const struct report *r, FILE *out)
{
	for (size_t i = 0; i < r->duties; i++) {
		const struct duty *d = &r->duty[i];

		if (i == 0)
			fputc('\n', out);
		fprintf(out, d->left ?
			_("item %lld: something was left on its output") :
			d->mode == SAMPLE_BLIND ?
			_("item %lld: the second reader marked what is not "
			  "masked, or was not sure") :
			_("item %lld: the second reader was not sure"),
			d->row);
		fputs(d->released ? _("; it is released") :
				    _("; it is not released"), out);
		fputc('\n', out);
	}
	if (r->duties > 0)
		fputs(_("what to do: 'suminuri review PROJECT', open the item; "
			"u takes its output back\n(what has left can't be "
			"called back: ask for it); mask what is left, and "
			"look for\nthe same in items like it\n"), out);
}

static void print_text(const struct report *r, FILE *out)
{
	print_plan(&r->s, out);
	fputs(r->s.as_keyed ?
	      _("The draw is the one that the project's key gives: nobody "
		"chose.\n") :
	      _("The draw is NOT the one that the project's key gives: "
		"somebody chose.\n"), out);
	print_residual(r, out);
	print_blind(r, out);
	print_duties(r, out);
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

static void put_duties(struct json_writer *w, const struct report *r)
{
	json_put_open(w, "open", '[');
	for (size_t i = 0; i < r->duties; i++) {
		const struct duty *d = &r->duty[i];

		json_put_open(w, NULL, '{');
		json_put_string(w, "item", d->id);
		json_put_integer(w, "number", d->row);
		json_put_string(w, "mode", sample_mode_name[d->mode]);
		json_put_boolean(w, "left", d->left);
		json_put_boolean(w, "released", d->released);
		json_put_close(w);
	}
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
	put_tallies(&w, r);
	put_blind(&w, r);
	put_duties(&w, r);
	json_put_close(&w);
	buffer_puts(&text, "\n");
	good = !text.failed && fputs(text.data, out) >= 0;
	buffer_done(&text);
	return good;
}

/* ---- the command ---- */

static bool make_report(struct report *r, struct error *err)
{
	if (!sample_read(r->p, &r->s, err))
		return false;
	if (r->s.round == 0)
		return error_set(err, ERR_USAGE, _("no sample is drawn yet: "
						   "`suminuri qa plan`"));
	return (count_residual(r) && count_blind(r)) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

int qa_report(const struct qa_options *o, FILE *out,
	      const struct batch_talk *talk)
{
	const struct project_options options = { .directory = o->project,
						 .reading = true };
	struct error err = { 0 };
	struct report r = { .p = project_open(&options, &err) };
	int status = 0;

	if (!r.p || !make_report(&r, &err)) {
		status = fail(o, talk, &err);
	} else {
		if (!o->json)
			print_text(&r, out);
		else if (!print_json(&r, out))
			status = error_exit_status(ERR_MEMORY);
		if (status == 0 && (!r.s.as_keyed || r.duties > 0))
			status = error_exit_status(ERR_CHECK);
	}
	report_done(&r);
	project_abandon(r.p);
	return status;
}
