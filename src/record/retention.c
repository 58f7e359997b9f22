/* retention.c - how long what is kept of an item must be kept. */
#include "config.h"

#include "record/retention.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "record/line.h"

enum { DAY = 86400 };                   /* seconds */

const char *const retention_reason[] = {
	"consent", "order", "mistake", "other", NULL,
};

/* The last time of records about items, and of any record. */
struct looking {
	const char *item;               /* NULL: every one */
	char last[25], now[25];
};

static bool look(void *self, const struct log_entry *e)
{
	struct looking *l = self;

	memcpy(l->now, e->t, sizeof(l->now));
	if (LINE_HAS(e, LINE_ITEM) && e->event != LOG_ERASE &&
	    (!l->item || !strcmp(l->item, e->item)))
		memcpy(l->last, e->t, sizeof(l->last));
	return true;
}

/* The day of a time, so many days later; *seconds: when that day ends. */
static bool add_days(const char *t, int days, char date[RETENTION_DATE],
		     time_t *seconds)
{
	struct tm tm = { 0 };
	time_t start;

	if (sscanf(t, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon,
		   &tm.tm_mday) != 3)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	start = timegm(&tm) + (time_t)days * DAY;
	*seconds = start + DAY;
	return gmtime_r(&start, &tm) &&
	       strftime(date, RETENTION_DATE, "%Y-%m-%d", &tm) ==
	       RETENTION_DATE - 1;
}

static const char *find_reason(const char *word)
{
	int i = 0;

	while (word && retention_reason[i] && strcmp(retention_reason[i], word))
		i++;
	return word ? retention_reason[i] : NULL;
}

/* Nothing is kept of what no record is about. */
static bool reckon(const struct looking *l, struct retention *r)
{
	char today[RETENTION_DATE];
	time_t until, tomorrow;

	r->over = !r->days || !*l->last;
	if (r->over)
		return true;
	if (!add_days(l->last, r->days, r->until, &until) ||
	    !add_days(l->now, 0, today, &tomorrow))
		return false;
	r->over = tomorrow > until;
	return true;
}

bool retention_ends(struct project *p, const char *item, const char *reason,
		    struct retention *r, struct error *err)
{
	struct looking l = { .item = item };
	struct log_check found;

	*r = (struct retention){ .days = p->policy.retention_days };
	if (reason && !find_reason(reason))
		return error_set(err, ERR_USAGE, _("--before-retention: "
				 "consent, order, mistake or other"));
	if (!log_check(p->logfd, &found, look, &l, err))
		return false;
	if (!reckon(&l, r))
		return error_set(err, ERR_CHECK, _("the log is not sound: run "
						   "`suminuri log check`"));
	if (r->over)
		return true;
	r->early = find_reason(reason);
	return r->early ||
	       error_set(err, ERR_USAGE, _("nothing was erased: the policy "
			 "of this project keeps it until %s; "
			 "--before-retention=REASON erases it earlier"),
			 r->until);
}
