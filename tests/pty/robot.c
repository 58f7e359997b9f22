/*
 * robot.c - a reviewer who obeys the status line: it looks at all evidence,
 * tours where it must, approves, and does so by keys alone.  It can be shot.
 *
 *   robot PROGRAM FOLDER SEED KILLS PROJECT PATH...
 *
 * Runs `review` in FOLDER until every item is decided.  KILLS times, drawn
 * from SEED, the program gets a SIGKILL in the middle of it; half of them
 * right after a decision was shown as made.  KILLS -1: one after each
 * decision, and none else.  After each the project is opened again: decisions
 * that were on the screen must still be there.  KILLS -2: the processes that
 * write are stopped before each decision and killed with the program after it,
 * and the last kill ends it: what was decided last is not written.  Ends 1
 * when a decision was lost or the kills could not all be placed.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/pty/pty.h"

enum { PATIENCE = 60000,        /* ms without a new picture: a hang */
       PAUSE = 160,             /* ms between Spaces: 150 is the rule */
       ARGUMENTS = 64, MAX_KEYS = 200000 };

struct robot {
	char *program, *project;
	char **path;
	int paths;
	struct pty_options options;
	struct pty *pty;
	unsigned long random;
	int kills, kills_left;
	bool each;                      /* kill after each decision only */
	bool unwritten;                 /* nothing may be written before it */
	long long total;                /* items; 0 until the list told */
	long long acknowledged;         /* most decisions seen on the screen */
	long long kill_at;              /* ms; 0: after the next decision */
	long long item;                 /* on the screen; 0: the list */
	bool toured;                    /* this item */
	long keys;
};

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A linear congruential generator: the same kills for the same seed. */
static unsigned long draw(struct robot *r, unsigned long below)
{
	r->random = r->random * 6364136223846793005UL + 1442695040888963407UL;
	return (r->random >> 33) % below;
}

/* The number after a word on the screen; -1 when it is not there. */
static long long number_after(const char *screen, const char *word)
{
	const char *at = strstr(screen, word);
	char *end;

	if (!at)
		return -1;
	errno = 0;
	long long n = strtoll(at + strlen(word), &end, 10);
	return end == at + strlen(word) || errno ? -1 : n;
}

/* "12 decided" in the first line of the list; -1 elsewhere. */
static long long decided_in_list(const char *screen, long long *total)
{
	const char *end = strchr(screen, '\n');
	const char *items = strstr(screen, " items  ");

	if (strncmp(screen, " WORKLIST", 9) != 0 || !end || !items ||
	    items > end)
		return -1;
	const char *start = items;
	while (start > screen && start[-1] != ' ')
		start--;
	*total = strtoll(start, NULL, 10);
	return strtoll(items + 8, NULL, 10);
}

static bool start(struct robot *r, bool again)
{
	static char verb[] = "review", fd[] = "--test-fd=3", out[] = "-o",
		    mode[] = "--graphics=sextant", who[] = "--reviewer=r1";
	char *argv[ARGUMENTS] = { r->program, verb, fd, mode, who };
	int n = 5;

	if (again) {
		argv[n++] = r->project;
	} else {
		argv[n++] = out;
		argv[n++] = r->project;
		for (int i = 0; i < r->paths && n < ARGUMENTS - 1; i++)
			argv[n++] = r->path[i];
	}
	r->pty = pty_start(&r->options, argv);
	r->item = 0;
	r->toured = false;
	r->kill_at = 0;
	if (r->kills_left > 0 && !r->each && r->kills_left % 2)
		r->kill_at = now_ms() + 300 + (long long)draw(r, 4000);
	return r->pty != NULL;
}

/* Send a signal to all that a process started, the eldest first. */
static void signal_family(pid_t of, int number)
{
	char path[64];
	FILE *children;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)of,
		 (int)of);
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &child) == 1) {
		kill(child, number);
		signal_family(child, number);
	}
	if (children)
		fclose(children);
}

/* Kill, open again, and see that every decision that was shown is there. */
static bool kill_and_look(struct robot *r)
{
	struct buffer screen = { 0 };
	long long total = 0, decided = -1, until = now_ms() + PATIENCE;

	if (r->unwritten)
		signal_family(pty_program(r->pty), SIGKILL);
	pty_signal(r->pty, SIGKILL);
	pty_exit(r->pty, PATIENCE);
	pty_free(r->pty);
	r->pty = NULL;
	r->kills_left--;
	if (r->unwritten && r->acknowledged == r->total)
		return true;
	if (!start(r, true))
		return false;
	while (decided < 0 && now_ms() < until) {
		pty_pump(r->pty, 50);
		buffer_clear(&screen);
		pty_text(r->pty, &screen);
		decided = decided_in_list(screen.data, &total);
	}
	r->total = total;
	if (decided < r->acknowledged)
		fprintf(stderr, "after a kill: %lld decided, %lld were shown\n%s",
			decided, r->acknowledged, screen.data);
	bool kept = decided >= r->acknowledged;
	if (kept)
		r->acknowledged = decided;
	buffer_done(&screen);
	return kept;
}

/* What the status line calls for; first match.  NULL keys: wait. */
static const struct rule {
	const char *status, *keys;
	bool tours;                     /* the key starts a tour */
} rules[] = {
	{ "SPC wait", NULL, false },
	{ "loading ...", NULL, false },
	{ "SPC next page", " ", false },
	{ "SPC page", " ", false },
	{ "SPC tour", " ", false },
	{ "SPC end of the tour", " ", false },
	{ "SPC approve", " ", false },
	{ "SPC blocked: press v", "v", true },
	{ "SPC blocked: faces not checked", "v", true },
	{ "SPC blocked: no box", "v", true },
	{ "SPC blocked: reading failed", "v", true },
	{ "SPC next", "n", false },
	{ "SPC open", " ", false },
};

static const char *choose(struct robot *r, const char *screen)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!strstr(screen, rules[i].status))
			continue;
		if (rules[i].tours && r->toured)
			return strstr(rules[i].status, "no box") ? "Z" : "F";
		return rules[i].keys;
	}
	return NULL;
}

/* Take note of where we are.  True when all is decided. */
static bool look(struct robot *r, const char *screen)
{
	long long item = number_after(screen, " REVIEW ");
	long long open = number_after(screen, "  open ");
	long long total, decided = decided_in_list(screen, &total);

	if (item < 0)
		item = number_after(screen, " TOUR ");
	if (strncmp(screen, " REVIEW", 7) == 0 || strstr(screen, " TOUR "))
		decided = open < 0 ? -1 : r->total - open;
	else if (decided >= 0)
		r->total = total;
	if (item > 0 && item != r->item) {
		r->item = item;
		r->toured = false;
	}
	if (strstr(screen, "tour done"))
		r->toured = true;
	if (decided > r->acknowledged && r->total > 0) {
		r->acknowledged = decided;
		if (r->kills_left > 0 && r->kill_at == 0)
			r->kill_at = now_ms();
	}
	/* the last kills come after the last decision */
	if (r->acknowledged == r->total && r->total > 0 && !r->each &&
	    r->kills_left > 0 && r->kill_at == 0)
		r->kill_at = now_ms() + (long long)draw(r, 300);
	return strstr(screen, "all items are decided") != NULL ||
	       (decided >= 0 && r->total > 0 && decided == r->total);
}

/* Review to the end.  False: hangs, or lost a decision. */
static bool review(struct robot *r)
{
	struct buffer screen = { 0 };
	long long waited = now_ms(), pressed = 0;
	bool done = false, lost = false;

	while (!done && !lost && now_ms() - waited < PATIENCE &&
	       r->keys < MAX_KEYS && !pty_ended(r->pty)) {
		pty_pump(r->pty, 20);
		buffer_clear(&screen);
		pty_text(r->pty, &screen);
		done = look(r, screen.data);
		done = done && (r->each || r->kills_left == 0) &&
		       !(r->each && r->kill_at);
		if (r->kills_left > 0 && r->kill_at && now_ms() >= r->kill_at) {
			lost = !kill_and_look(r);
			if (!r->pty) {
				done = true;
				break;
			}
			done = false;
			waited = now_ms();
			continue;
		}
		const char *keys = choose(r, screen.data);
		if (done || !keys || now_ms() - pressed < PAUSE)
			continue;
		if (r->unwritten && strstr(screen.data, "SPC approve"))
			signal_family(pty_program(r->pty), SIGSTOP);
		long frames = pty_frames(r->pty);
		pty_send(r->pty, keys, strlen(keys));
		pressed = now_ms();
		r->keys++;
		if (pty_wait_frame(r->pty, frames + 1, 1000))
			waited = pressed;
	}
	if (!done && pty_ended(r->pty))
		fprintf(stderr, "it ended with %d, %lld were shown as "
			"decided\n", pty_exit(r->pty, PATIENCE),
			r->acknowledged);
	else if (!done)
		fprintf(stderr, "stuck or lost:\n%s", screen.data);
	buffer_done(&screen);
	return done;
}

int main(int argc, char **argv)
{
	struct robot r = { 0 };

	setlocale(LC_ALL, "");
	if (argc < 7) {
		fprintf(stderr, "usage: robot PROGRAM FOLDER SEED KILLS "
			"PROJECT PATH...\n");
		return 2;
	}
	r.program = argv[1];
	r.options = (struct pty_options){ .columns = 200, .rows = 60,
					  .term = "xterm-256color",
					  .folder = argv[2] };
	r.random = strtoul(argv[3], NULL, 10);
	r.kills = (int)strtol(argv[4], NULL, 10);
	r.each = r.kills < 0;
	r.unwritten = r.kills == -2;
	r.kills = r.kills_left = r.each ? INT_MAX : r.kills;
	r.project = argv[5];
	r.path = argv + 6;
	r.paths = argc - 6;
	if (!start(&r, false) || !review(&r))
		return 1;
	if (!r.pty) {
		printf("%lld items decided by %ld keys, %d kills\n", r.total,
		       r.keys, r.kills - r.kills_left);
		return 0;
	}
	pty_send(r.pty, "Q", 1);
	int status = pty_exit(r.pty, PATIENCE);
	const char *wrong = pty_not_restored(r.pty);
	pty_free(r.pty);
	printf("%lld items decided by %ld keys, %d kills\n", r.total, r.keys,
	       r.kills - r.kills_left);
	if (status != 0 || wrong)
		fprintf(stderr, "end: status %d, terminal: %s\n", status,
			wrong ? wrong : "restored");
	return status == 0 && !wrong ? 0 : 1;
}
