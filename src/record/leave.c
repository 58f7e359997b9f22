/* leave.c - what second readers say against released outputs. */
#include "config.h"

#include "record/leave.h"

#include "base/i18n.h"
#include "record/sample.h"

enum { SAID_MOST = 20 };                /* lines: qa report has them all */

static void say_found(const struct findings *f, size_t found,
		      struct buffer *said)
{
	size_t lines = 0;

	for (size_t i = 0; i < f->count && lines < SAID_MOST; i++) {
		if (!f->item[i].released)
			continue;
		finding_say(&f->item[i], said);
		lines++;
	}
	if (found > lines)
		buffer_printf(said, _("and %lld more, which 'suminuri qa "
				      "report' names\n"),
			      (long long)(found - lines));
}

static void say_unread(const struct sample *s, struct buffer *said)
{
	size_t unread = sample_awaits(s);

	if (unread > 0)
		buffer_printf(said, _("QA round %lld is not finished: %lld of "
				      "%lld copies are not read yet: 'suminuri "
				      "qa review'\n"), s->round,
			      (long long)unread, (long long)s->count);
}

bool leave_look(struct project *p, struct buffer *said, size_t *found,
		struct error *err)
{
	struct sample s;

	*found = 0;
	if (!sample_read(p, 0, &s, err))
		return false;
	*found = findings_count(&s.findings, true);
	say_found(&s.findings, *found, said);
	say_unread(&s, said);
	sample_done(&s);
	return true;
}
