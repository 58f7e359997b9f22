/*
 * order.h - the worklist as it is shown: which rows a filter lets through, in
 * which order, and which are tagged.  A place is where a row stands on the
 * screen, 1 ...; without a filter, in listing order, it is the row itself and
 * nothing is kept.
 */
#ifndef SUMI_ORDER_H
#define SUMI_ORDER_H

#include <stdint.h>

#include "record/worklist.h"
#include "review/review.h"
#include "ui/line.h"

/* Zero-initialise: all rows in listing order.  Release with order_done(). */
struct order {
	enum list_order by;
	char filter[LINE_TEXT];         /* "" all */
	uint32_t *row;                  /* [count], owned; unless plain */
	long long count;                /* of places */
	long long unread;               /* rows whose file was not read when
					   this was made; unless plain */
	uint8_t *tag;                   /* a bit a row, owned */
	long long tag_rows, tagged;     /* bits there; of them set */
};
void order_done(struct order *o);

/*
 * The rows of w that the filter lets through, sorted; total is how many rows
 * there are.  One pass over the worklist (bench/list).  False with *err and
 * nothing changed.
 */
bool order_make(struct order *o, struct worklist *w, long long total,
		const char *filter, enum list_order by, struct error *err);
/* All rows as they were listed? */
bool order_plain(const struct order *o);
/* total rows are there now: a plain order has them at once, others when they
 * are made anew. */
void order_grow(struct order *o, long long total);
/* The row at a place, the place of a row; 0: none. */
long long order_row(const struct order *o, long long place);
long long order_place(const struct order *o, long long row);

/* Has this row a tag? */
bool order_tagged(const struct order *o, long long row);
/* False: no memory. */
bool order_tag(struct order *o, long long row, bool on);
void order_untag_all(struct order *o);
/* The first tagged row >= from; 0. */
long long order_next_tagged(const struct order *o, long long from);
#endif
