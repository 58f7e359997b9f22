/* review_known.c - the model: what was seen of the items left behind.  Who
 * comes back to one in the same session, or takes its verdict back, need not
 * look again at what is as it was. */
#include "config.h"

#include "review/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void known_done(struct known *k)
{
	free(k->shown);
	free(k->tour);
	free(k->seen);
	*k = (struct known){ 0 };
}

static bool add_shown(struct evidence **list, size_t *count,
		      const struct evidence *from, size_t from_count)
{
	struct evidence *all = mem_array(*count + from_count + 1,
					 sizeof(*all));

	if (!all)
		return false;
	if (*count > 0)
		memcpy(all, *list, *count * sizeof(*all));
	free(*list);
	*list = all;
	for (size_t i = 0; i < from_count; i++)
		if (from[i].shown)
			all[(*count)++] = from[i];
	return true;
}

/* What was said by eye is said again. */
static bool add_seen(struct known *k, const struct seen *seen, size_t count)
{
	k->seen = mem_array(count + 1, sizeof(*k->seen));
	for (size_t i = 0; k->seen && i < count; i++)
		if (strcmp(seen[i].mode, "by-eye") != 0)
			k->seen[k->seen_count++] = seen[i];
	return k->seen;
}

/* Of this item, of those before, and of both all that was seen. */
static bool collect(struct review *m, struct known *k)
{
	k->row = m->row;
	k->all_faint = m->all_faint;
	memcpy(k->sha256, m->known.sha256, sizeof(k->sha256));
	return add_shown(&k->shown, &k->shown_count, m->known.shown,
			 m->known.shown_count) &&
	       add_shown(&k->shown, &k->shown_count, m->plan.evidence,
			 m->plan.evidence_count) &&
	       add_shown(&k->tour, &k->tour_count, m->known.tour,
			 m->known.tour_count) &&
	       add_shown(&k->tour, &k->tour_count, m->tour.evidence,
			 m->tour.evidence_count) &&
	       add_seen(k, m->seen, m->seen_count);
}

static bool is_among(const struct evidence *list, size_t count,
		     const struct evidence *e)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].frame == e->frame &&
		    region_equal(list[i].region, e->region))
			return true;
	return false;
}

void model_note_tour(struct review *m)
{
	struct known *k = &m->known;

	for (size_t i = 0; i < m->tour.evidence_count; i++) {
		const struct evidence *e = &m->tour.evidence[i];

		/* without memory it is looked at again */
		if (e->shown && !is_among(k->tour, k->tour_count, e) &&
		    !add_shown(&k->tour, &k->tour_count, e, 1))
			return;
	}
}

static size_t place_of(const struct review *m, long long row)
{
	size_t at = 0;

	while (at < m->left_count && m->left[at].row != row)
		at++;
	return at;
}

static void forget(struct review *m, size_t at)
{
	known_done(&m->left[at]);
	m->left_count--;
	memmove(&m->left[at], &m->left[at + 1],
		(m->left_count - at) * sizeof(m->left[0]));
}

void model_keep_seen(struct review *m)
{
	struct known k = { 0 };
	size_t at = place_of(m, m->row);

	if (at < m->left_count)
		forget(m, at);
	else if (m->left_count == UNDO_DRAFTS)
		forget(m, 0);
	/* without memory it is looked at again */
	if (m->known.row && !m->broken && !m->changed && collect(m, &k))
		m->left[m->left_count++] = k;
	else
		known_done(&k);
}

void model_recall_seen(struct review *m)
{
	size_t at = place_of(m, m->row);
	const struct known *k = &m->left[at];

	known_done(&m->known);
	if (!m->item->has_sha256)
		return;
	m->known.row = m->row;
	memcpy(m->known.sha256, m->item->in_sha256, sizeof(m->known.sha256));
	if (at == m->left_count ||
	    memcmp(k->sha256, m->known.sha256, sizeof(k->sha256)) != 0)
		return;
	m->all_faint = k->all_faint;
	if (!add_shown(&m->known.shown, &m->known.shown_count, k->shown,
		       k->shown_count) ||
	    !add_shown(&m->known.tour, &m->known.tour_count, k->tour,
		       k->tour_count))
		known_done(&m->known);
	m->has_tour = m->known.tour_count > 0;
	for (size_t i = 0; i < k->seen_count; i++)
		if (!model_seen(m, &k->seen[i]))
			m->broken = true;
}

void model_boxes_changed(struct review *m, long long row)
{
	size_t at = place_of(m, row);

	if (m->item && m->row == row)
		m->known.shown_count = 0;
	if (at < m->left_count)
		m->left[at].shown_count = 0;
}

void model_forget_seen(struct review *m)
{
	while (m->left_count > 0)
		forget(m, m->left_count - 1);
}
