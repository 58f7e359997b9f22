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
#include "base/mem.h"
#include "base/statistics.h"

#define CURVE_FILE "train.jsonl"

enum { BAR = 20, FILE_MAX = 16 << 20,
       PASS_CASES = 50, PASS_PERMILLE = 20 };   /* reliability.md 8.4 */

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

	return count > 0 && last->unfinished && !strcmp(last->t, more->t) &&
	       !strcmp(last->deck, more->deck);
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

/* ---- tables; the columns are words of the manual: not translated ---- */

static double share(long long part, long long whole)
{
	return whole > 0 ? (double)part / (double)whole : 1;
}

void curve_print(const struct curve_run *run, size_t count, const char *deck,
		 FILE *out)
{
	char bar[BAR + 1];

	fprintf(out, "%-16s %-8s %5s %5s %5s %6s %5s %8s %6s\n", "run", "deck",
		"cases", "boxes", "found", "missed", "small", "needless",
		"s/case");
	for (size_t i = 0; i < count; i++) {
		const struct curve_run *r = &run[i];
		double found = share(r->found, r->boxes);

		if (deck && strcmp(deck, r->deck) != 0)
			continue;
		memset(bar, '.', BAR);
		memset(bar, '#', (size_t)(found * BAR));
		bar[BAR] = '\0';
		fprintf(out, "%.10s %.5s %-8s %5lld %5lld %5.3f %6lld %5lld "
			"%8lld %6.1f  %s%s\n", r->t, r->t + 11, r->deck,
			r->cases, r->boxes, found, r->missed, r->small,
			r->needless, (double)r->ms / 1000., bar,
			r->unfinished ? "  unfinished" : "");
	}
}

void curve_print_score(const struct train_score *s, FILE *out)
{
	long long found = s->marks[TRAIN_RIGHT];
	bool pass = s->cases >= PASS_CASES && found == s->boxes &&
		    train_median_permille(s) <= PASS_PERMILLE;

	fprintf(out, "%-12s %6s %6s %6s %6s\n", "class", "boxes", "found",
		"small", "missed");
	for (size_t i = 0; i < s->classes; i++)
		fprintf(out, "%-12s %6lld %6lld %6lld %6lld\n",
			s->class_[i].name, s->class_[i].boxes,
			s->class_[i].marks[TRAIN_RIGHT],
			s->class_[i].marks[TRAIN_SMALL],
			s->class_[i].marks[TRAIN_MISSED]);
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
		fprintf(out, _("not passed: that takes 50 cases, all found, "
			       "and in half of them at\n"
			       "most 2 %% masked beyond the answers\n"));
}
