/* view_answer.h - an exercise and its answer. */
#ifndef SUMI_VIEW_ANSWER_H
#define SUMI_VIEW_ANSWER_H

#include "process/train.h"
#include "ui/view.h"

struct answer {
	const struct train_case *result;
	long long number, of;           /* of the case, cases of the deck */
	const char *name;               /* of the picture; NULL: none */
	const struct train_score *score;        /* of the session so far */
};

/* v->answer over the whole screen: the picture with what was missed, too
 * small or needless, and a line with the rule for each. */
void view_answer(const struct view_data *v, struct canvas *c);
#endif
