/* news.c - what comes by itself waits for its turn on the message line. */
#include "config.h"

#include "ui/news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void news_done(struct news *n)
{
	free(n->line);
	*n = (struct news){ 0 };
}

static bool is_told_together(enum news_kind kind)
{
	return kind != NEWS_OTHER && kind != NEWS_ITEM;
}

/* The unread one that a new one is the same as, or becomes one with. */
static struct news_line *same(const struct news *n, enum news_kind kind,
			      const char *text)
{
	for (size_t i = 0; i < n->count; i++)
		if (is_told_together(kind) ? n->line[i].kind == kind :
					     !strcmp(n->line[i].text, text))
			return &n->line[i];
	return NULL;
}

int news_unread(const struct news *n, enum news_kind kind)
{
	const struct news_line *line = is_told_together(kind) ?
				       same(n, kind, "") : NULL;

	return line ? line->count : 0;
}

static void take_out(struct news *n, size_t i)
{
	memmove(&n->line[i], &n->line[i + 1],
		(n->count - i - 1) * sizeof(*n->line));
	n->count--;
	if (i == 0)
		n->on_line = false;
}

void news_add(struct news *n, enum news_kind kind, int count,
	      const char *text)
{
	struct news_line *line = same(n, kind, text);

	n->after_key = true;
	if (line && !strcmp(line->text, text)) {
		line->count = count;
		return;
	}
	if (line)                       /* another text: it stands anew */
		take_out(n, (size_t)(line - n->line));
	if (mem_grow(&n->line, &n->capacity, n->count, sizeof(*n->line)))
		n->count++;
	if (n->count == 0)
		return;
	line = &n->line[n->count - 1];
	line->kind = kind;
	line->count = count;
	snprintf(line->text, sizeof(line->text), "%s", text);
}

void news_drop(struct news *n, enum news_kind kind)
{
	for (size_t i = n->count; i > 0; i--)
		if (n->line[i - 1].kind == kind)
			take_out(n, i - 1);
}

/* Has what stands since then been there long enough to be read? */
static bool stood(const struct news *n, long long since, long long ms)
{
	return n->timeless || ms - since >= NEWS_STAND;
}

const char *news_turn(struct news *n, const char *answer, long long ms)
{
	if (strcmp(answer, n->answer) != 0) {
		snprintf(n->answer, sizeof(n->answer), "%s", answer);
		n->answer_ms = ms;
	}
	if (n->count == 0)
		return NULL;
	if (*answer && (n->timeless ? !n->after_key :
				      !stood(n, n->answer_ms, ms)))
		return NULL;
	return n->line[0].text;
}

void news_shown(struct news *n, bool shown, long long ms)
{
	if (shown && !n->on_line)
		n->since = ms;
	n->on_line = shown && n->count > 0;
}

void news_key(struct news *n, bool answered, long long ms)
{
	if (n->on_line && answered && stood(n, n->since, ms))
		take_out(n, 0);
	n->after_key = false;
	n->answer_ms = ms;
}
