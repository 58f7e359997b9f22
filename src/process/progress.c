/* progress.c - how far a long command is, as one line for a terminal. */
#include "config.h"

#include "process/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/locale.h"

enum { BAR_MOST = 30, BAR_LEAST = 8, PIECE = 96 };

void progress_add(struct progress *p, long long number, int permille,
		  const char *step)
{
	if (p->jobs < PROGRESS_JOBS)
		p->job[p->jobs++] = (struct progress_job){ number, permille,
							   step };
}

/* The line as it grows. */
struct line {
	char *text;
	size_t used;
	int columns;                    /* that are left */
};

/* Put a piece, two blanks before it, when all of it fits. */
static void put(struct line *l, const char *piece)
{
	const char *gap = l->used ? "  " : "";
	int width = locale_width(piece) + (int)strlen(gap);

	if (!*piece || width > l->columns ||
	    l->used + strlen(piece) + 3 > PROGRESS_LINE)
		return;
	l->used += (size_t)snprintf(l->text + l->used, PROGRESS_LINE - l->used,
				    "%s%s", gap, piece);
	l->columns -= width;
}

static void put_bar(struct line *l, const struct progress *p)
{
	char bar[BAR_MOST + 3];
	int width = l->columns / 4 > BAR_MOST ? BAR_MOST : l->columns / 4;
	long long done = p->done > p->total ? p->total : p->done;

	if (p->total <= 0 || width < BAR_LEAST)
		return;
	memset(bar, '-', sizeof(bar));
	memset(bar + 1, '#', (size_t)((double)done / (double)p->total *
				      width));
	bar[0] = '[';
	bar[width + 1] = ']';
	bar[width + 2] = '\0';
	put(l, bar);
}

static void put_counts(struct line *l, const struct progress *p)
{
	char piece[PIECE];

	if (p->total > 0)
		snprintf(piece, sizeof(piece), "%lld/%lld", p->done, p->total);
	else
		snprintf(piece, sizeof(piece), "%lld", p->done);
	put(l, piece);
}

void progress_left(long long seconds, char *text, size_t size)
{
	if (seconds < 60)
		snprintf(text, size, _("%lld s left"), seconds);
	else if (seconds < 2 * 3600)
		snprintf(text, size, _("%lld min left"), (seconds + 59) / 60);
	else
		snprintf(text, size, _("%lld h left"), (seconds + 3599) / 3600);
}

/* Pictures a minute and how long the rest takes at that rate. */
static void put_times(struct line *l, const struct progress *p, long long ms)
{
	char piece[PIECE];
	long long left;

	if (p->done <= 0 || ms <= 0)
		return;
	snprintf(piece, sizeof(piece), _("%.1f a minute"),
		 (double)p->done * 60000. / (double)ms);
	put(l, piece);
	if (p->total <= p->done)
		return;
	left = (long long)((double)(p->total - p->done) * (double)ms /
			   (double)p->done / 1000.) + 1;
	progress_left(left, piece, sizeof(piece));
	put(l, piece);
}

static void put_job(struct line *l, const struct progress_job *job)
{
	char piece[PIECE];
	int used = snprintf(piece, sizeof(piece), "#%lld", job->number);

	if (job->step)
		used += snprintf(piece + used, sizeof(piece) - (size_t)used,
				 " %.40s", job->step);
	if (job->permille >= 0)
		snprintf(piece + used, sizeof(piece) - (size_t)used,
			 " %d %%", job->permille / 10);
	put(l, piece);
}

void progress_line(const struct progress *p, long long ms, int columns,
		   char text[PROGRESS_LINE])
{
	struct line l = { .text = text, .columns = columns };

	text[0] = '\0';
	put_bar(&l, p);
	put_counts(&l, p);
	put_times(&l, p, ms);
	for (int i = 0; i < p->jobs; i++)
		put_job(&l, &p->job[i]);
}
