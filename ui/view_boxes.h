/*
 * view_boxes.h - boxes in words: labels of crops, the list, the details.
 * Each is told by its number and a mark: + masked, x not masked, c candidate,
 * ? faint ink, - read and cleared (which has no number).
 */
#ifndef SUMI_VIEW_BOXES_H
#define SUMI_VIEW_BOXES_H

#include "ui/view.h"

char view_box_mark(const struct decided_box *b);
/* The hint of a mask that letters may take off, NULL for none; its letters. */
const struct hint *view_unmask_hint(const struct review *m, int box,
				    char label[3]);
/* Is it drawn and counted as a box: proposed, added or a candidate? */
bool view_box_listed(const struct decided_box *b);
/* What is really blanked: more than the box in a lossy JPEG (DESIGN 6).
 * *rim (may be NULL): and a tinted rim of a pixel around it. */
struct region view_box_grown(const struct review *m,
			     const struct decided_box *b, bool *rim);

/* All of a box in a line: "1+ name  "SATO"  header:PatientName  99 %  ...";
 * of one that was moved only what was read: "1+ name  was: "SATO"  moved". */
void view_box_text(const struct review *m, const struct decided_box *b,
		   int number, char *text, size_t size);
/* What a crop is of, in words that fit `columns` where such are known: the
 * recognised text before the class.  stretch: how often the contrast of faint
 * ink is that of the picture, 0 when it is the same. */
void view_label(const struct view_data *v, const struct canvas *c,
		const struct evidence *e, double stretch, int columns,
		char *text, size_t size);
/* "cleared: "MI 0.9" "L""; "" when nothing was. */
void view_cleared(const struct review *m, char *text, size_t size);

/* Rows that a list of all boxes and what was cleared takes, with its head. */
int view_boxes_rows(const struct review *m);
/* The list, in as many columns as fit; with a head where it is high.  True:
 * all of it is there, with room for what was read. */
bool view_boxes(const struct view_data *v, struct canvas *c,
		const struct area *area);
/* All that is known of one box, a line each. */
void view_details(const struct view_data *v, struct canvas *c,
		  const struct area *area, const struct decided_box *b);
/* The same in one line, but for what was read. */
void view_details_line(const struct view_data *v, const struct decided_box *b,
		       char *text, size_t size);
enum { VIEW_DETAIL_ROWS = 5 };  /* least */
#endif
