/*
 * news.h - what comes by itself, beside what answers a key: both share the
 * message line.  News queue there until they were read; no terminal.
 *
 * An answer is shown at once.  After NEWS_STAND ms it gives way to the news.
 * News were read when they stood on the line for NEWS_STAND ms and a key came
 * after them: keys in a row wipe nothing away.
 */
#ifndef SUMI_NEWS_H
#define SUMI_NEWS_H

#include <stdbool.h>
#include <stddef.h>

enum { NEWS_TEXT = 512,                 /* bytes */
       NEWS_ANSWER = 640,
       NEWS_STAND = 2000 };             /* ms; to read a line */

enum news_kind {
	NEWS_OTHER,
	NEWS_ITEM,                      /* of the item on the screen alone */
	/* told together: unread ones become one */
	NEWS_HELD, NEWS_FAILED, NEWS_WAITING, NEWS_RELEASED, NEWS_REFUSED,
};

struct news_line {
	enum news_kind kind;
	int count;                      /* that it tells of */
	char text[NEWS_TEXT];           /* translated */
};

struct news {
	struct news_line *line;         /* the oldest first */
	size_t count, capacity;
	bool timeless;                  /* no time passes between keys (tests):
					   what comes after a key takes the
					   place of its answer */
	bool on_line;                   /* the first one can be read, */
	long long since;                /* since then */
	bool after_key;                 /* one came after the last key */
	long long answer_ms;            /* when this stood on the line first */
	char answer[NEWS_ANSWER];
};

void news_done(struct news *n);

/* How many of a kind that are told together are unread. */
int news_unread(const struct news *n, enum news_kind kind);
/*
 * Add what came; the same text that is unread already is not added again.  Of
 * a kind that is told together it takes the place of the unread one, and count
 * is of both.  Without memory the last one is lost.
 */
void news_add(struct news *n, enum news_kind kind, int count,
	      const char *text);
/* Those of a kind are of no use any more. */
void news_drop(struct news *n, enum news_kind kind);

/* What the message line is to show now: NULL the answer (may be ""). */
const char *news_turn(struct news *n, const char *answer, long long ms);
/* Whether the first one was drawn. */
void news_shown(struct news *n, bool shown, long long ms);
/* A key was read; answered: after all that was drawn was on the screen. */
void news_key(struct news *n, bool answered, long long ms);
#endif
