/* curve.c - how somebody's exercises went, run by run. */
#include "config.h"

#include "process/curve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/locale.h"
#include "base/mem.h"
#include "base/statistics.h"

#define CURVE_FILE "train.jsonl"

enum { BAR = 10, FILE_MAX = 16 << 20,
       PASS_PERMILLE = 20 };            /* reliability.md 8.4 */

/* ---- the folder ---- */

/* Make all folders of the path. */
static bool make_folders(char *path)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST) {
			*p = '/';
			return false;
		}
		*p = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool curve_folder(char folder[PATH_MAX], struct error *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int length;

	/* XDG base directories: a relative path is to be ignored */
	if (state && *state == '/')
		length = snprintf(folder, PATH_MAX, "%s/suminuri", state);
	else if (home && *home == '/')
		length = snprintf(folder, PATH_MAX, "%s/.local/state/suminuri",
				  home);
	else
		return error_set(err, ERR_USAGE, _("there is no home folder: "
						   "set XDG_STATE_HOME"));
	if (length >= PATH_MAX || !make_folders(folder))
		return error_set(err, ERR_WRITE, _("the folder for scores "
						   "can't be made: %s"),
				 strerror(errno));
	return true;
}

/* ---- one run ---- */

void curve_run_of(const struct train_score *s, const char *deck,
		  long long began, struct curve_run *run)
{
	time_t then = (time_t)began;
	struct tm tm = { 0 };

	*run = (struct curve_run){
		.cases = s->cases, .boxes = s->boxes,
		.found = s->marks[TRAIN_RIGHT],
		.missed = s->marks[TRAIN_MISSED],
		.small = s->marks[TRAIN_SMALL],
		.needless = s->marks[TRAIN_NEEDLESS],
		.ms = train_median_ms(s), .permille = train_median_permille(s),
	};
	snprintf(run->deck, sizeof(run->deck), "%s", deck);
	gmtime_r(&then, &tm);
	strftime(run->t, sizeof(run->t), "%Y-%m-%dT%H:%M:%SZ", &tm);
}

#define NUMBERS(X, of) \
	X("boxes", of->boxes) X("cases", of->cases) X("found", of->found) \
	X("missed", of->missed) X("ms", of->ms) \
	X("needless", of->needless) X("permille", of->permille) \
	X("small", of->small)

bool curve_note(const char *folder, const struct curve_run *run,
		struct error *err)
{
	struct buffer line = { 0 }, path = { 0 };
	struct json_writer w = json_writer(&line, false);
	int fd = -1;
	bool good;

	json_put_open(&w, NULL, '{');
#define PUT(name, value) json_put_integer(&w, name, value);
	NUMBERS(PUT, run)
#undef PUT
	json_put_string(&w, "deck", run->deck);
	json_put_string(&w, "t", run->t);
	if (run->unfinished)
		json_put_integer(&w, "unfinished", 1);
	json_put_integer(&w, "v", 1);
	json_put_close(&w);
	buffer_puts(&line, "\n");
	buffer_printf(&path, "%s/" CURVE_FILE, folder);
	if (!line.failed && !path.failed)
		fd = open(path.data, O_WRONLY | O_APPEND | O_CREAT |
			  O_CLOEXEC | O_NOFOLLOW, 0600);
	good = fd >= 0 &&
	       write(fd, line.data, line.length) == (ssize_t)line.length &&
	       fsync(fd) == 0;
	if (!good)
		error_set(err, ERR_WRITE, _("the score can't be noted: %s"),
			  strerror(errno));
	if (fd >= 0)
		close(fd);
	buffer_done(&line);
	buffer_done(&path);
	return good;
}

/* Time and deck steer no terminal: known characters only. */
static bool take_word(const struct json *line, const char *name, char *to,
		      size_t size)
{
	const char *word = json_get_string(line, name);

	if (!word || strlen(word) >= size ||
	    strspn(word, "0123456789abcdefTZ:-") != strlen(word))
		return false;
	snprintf(to, size, "%s", word);
	return true;
}

static bool take_run(const char *text, size_t length, struct curve_run *run)
{
	struct json *line = json_read(text, length, NULL);
	bool good = line != NULL;
	long long unfinished;

	*run = (struct curve_run){ .cases = 0 };
	good = good && take_word(line, "t", run->t, sizeof(run->t)) &&
	       take_word(line, "deck", run->deck, sizeof(run->deck));
#define GET(name, value) \
	good = good && json_get_integer(line, name, &value) && value >= 0;
	NUMBERS(GET, run)
#undef GET
	run->unfinished = good &&
			  json_get_integer(line, "unfinished", &unfinished);
	json_free(line);
	return good && run->cases > 0 && run->found <= run->boxes;
}

static bool read_file(const char *folder, struct buffer *text)
{
	struct buffer path = { 0 };
	char block[4096];
	size_t n;
	FILE *in = NULL;
	bool good;

	buffer_puts(text, "");
	buffer_printf(&path, "%s/" CURVE_FILE, folder);
	if (!path.failed)
		in = fopen(path.data, "re");
	good = in || errno == ENOENT;
	while (in && text->length < FILE_MAX &&
	       (n = fread(block, 1, sizeof(block), in)) > 0)
		buffer_append(text, block, n);
	if (in)
		good = !ferror(in) && fclose(in) == 0;
	buffer_done(&path);
	return good && !text->failed;
}

/* Is the last of the runs an earlier state of one more? */
static bool goes_on(const struct curve_run *run, size_t count)
{
	const struct curve_run *more = &run[count], *last = more - 1;

	/* another that began in the same second has as few cases at first */
	return count > 0 && last->unfinished && !strcmp(last->t, more->t) &&
	       !strcmp(last->deck, more->deck) &&
	       (!more->unfinished || more->cases > last->cases);
}

bool curve_read(const char *folder, struct curve_run **run, size_t *count,
		struct error *err)
{
	struct buffer text = { 0 };
	size_t capacity = 0;
	bool good = read_file(folder, &text) ||
		    error_set(err, ERR_WRITE, _("earlier scores can't be "
						"read"));
	const char *at = text.data;

	*run = NULL;
	*count = 0;
	while (good && *at) {
		const char *end = strchr(at, '\n');
		size_t length = end ? (size_t)(end - at) : strlen(at);

		good = mem_grow(run, &capacity, *count, sizeof(**run)) ||
		       error_set(err, ERR_MEMORY, _("no memory"));
		if (good && take_run(at, length, &(*run)[*count])) {
			if (goes_on(*run, *count))
				(*run)[*count - 1] = (*run)[*count];
			else
				(*count)++;
		}
		at += length + (end != NULL);
	}
	buffer_done(&text);
	return good;
}

/* ---- tables, of 80 columns at most ---- */

enum { RUN_CELL = 16, DECK_CELL = 8, CASES_CELL = 5, COUNT_CELL = 5,
       WIDE_CELL = 8, SECONDS_CELL = 6, CLASS_CELL = 12 };

/* The same columns in both tables. */
static const struct { enum train_mark mark; const char *title; int width; }
	columns[] = {
		{ TRAIN_RIGHT, N_("found"), COUNT_CELL },
		{ TRAIN_SMALL, N_("small"), COUNT_CELL },
		{ TRAIN_MISSED, N_("missed"), WIDE_CELL },
		{ TRAIN_NEEDLESS, N_("needless"), WIDE_CELL },
	};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* A text in so many columns of the terminal, on the right with a blank
 * before it or on the left. */
static void put_cell(FILE *out, const char *text, int width, bool right)
{
	int blanks = width - locale_width(text);

	blanks = blanks > 0 ? blanks : 0;
	fprintf(out, "%*s%s%*s", right ? blanks + 1 : 0, "", text,
		right ? 0 : blanks, "");
}

static void put_number(FILE *out, long long number, int width)
{
	fprintf(out, " %*lld", width, number);
}

/* Of the first `count` of the columns. */
static void put_titles(FILE *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_cell(out, _(columns[i].title), columns[i].width, true);
}

static double share(long long part, long long whole)
{
	return whole > 0 ? (double)part / (double)whole : 1;
}

static void put_run(FILE *out, const struct curve_run *r)
{
	const long long counts[COLUMNS] = { r->found, r->small, r->missed,
					    r->needless };
	char bar[BAR + 1];

	memset(bar, '.', BAR);
	memset(bar, '#', (size_t)(share(r->found, r->boxes) * BAR));
	bar[BAR] = '\0';
	fprintf(out, "%.10s %.5s %-*s %*lld", r->t, r->t + 11, DECK_CELL,
		r->deck, CASES_CELL, r->cases);
	for (size_t i = 0; i < COLUMNS; i++)
		put_number(out, counts[i], columns[i].width);
	fprintf(out, " %*.1f %s\n", SECONDS_CELL, (double)r->ms / 1000.,
		r->unfinished ? _("unfinished") : bar);
}

void curve_print(const struct curve_run *run, size_t count, const char *deck,
		 FILE *out)
{
	put_cell(out, _("run"), RUN_CELL, false);
	fputc(' ', out);
	/* TRANSLATORS: the pictures of an exercise, told by 8 letters */
	put_cell(out, _("deck"), DECK_CELL, false);
	put_cell(out, _("cases"), CASES_CELL, true);
	put_titles(out, COLUMNS);
	put_cell(out, _("s/case"), SECONDS_CELL, true);
	fputc('\n', out);
	for (size_t i = 0; i < count; i++)
		if (!deck || !strcmp(deck, run[i].deck))
			put_run(out, &run[i]);
}

static void put_classes(FILE *out, const struct train_score *s,
			const char *(*say)(const char *code))
{
	put_cell(out, _("class"), CLASS_CELL, false);
	/* TRANSLATORS: the number of boxes in the answers */
	put_cell(out, _("in all"), COUNT_CELL + 1, true);
	put_titles(out, COLUMNS - 1);
	fputc('\n', out);
	for (size_t i = 0; i < s->classes; i++) {
		const struct train_class *c = &s->class_[i];

		put_cell(out, say(c->name), CLASS_CELL, false);
		put_number(out, c->boxes, COUNT_CELL + 1);
		for (size_t k = 0; k + 1 < COLUMNS; k++)
			put_number(out, c->marks[columns[k].mark],
				   columns[k].width);
		fputc('\n', out);
	}
}

void curve_print_score(const struct train_score *s,
		       const char *(*say)(const char *code), FILE *out)
{
	long long found = s->marks[TRAIN_RIGHT];
	bool pass = s->cases >= CURVE_PASS_CASES && found == s->boxes &&
		    train_median_permille(s) <= PASS_PERMILLE;

	put_classes(out, s, say);
	fprintf(out, _("%lld cases, %lld without a fault; %lld of %lld found, "
		       "%lld needless\n"), s->cases, s->right_cases, found,
		s->boxes, s->marks[TRAIN_NEEDLESS]);
	if (s->boxes > 0)
		fprintf(out, _("at 95 %% at least %.1f %% would be found\n"),
			100 * statistics_lower((long)found, (long)s->boxes,
					       .05));
	if (pass)
		fputs(_("passed\n"), out);
	else
		fprintf(out, _("not passed: that takes 50 cases in one run "
			       "(runs do not add up), all found,\n"
			       "and in half of them at most 2 %% masked beyond "
			       "the answers\n"));
}
