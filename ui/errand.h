/*
 * errand.h - other ends than a review to which the same screen and keys serve:
 * reading a sample, exercises.  The desk works on a project that is thrown
 * away; nothing is written or released.
 */
#ifndef SUMI_ERRAND_H
#define SUMI_ERRAND_H

#include <stdio.h>

#include "image/image.h"
#include "record/project.h"

struct answer;                          /* view_answer.h */

/* All are called with self; those that are NULL are left out. */
struct errand {
	void *self;
	const char *command;            /* in messages */
	const char *project;            /* whose rules detection follows */
	const char *question;           /* who is it? msgid */
	const char *title;              /* instead of REVIEW; msgid */
	const char *subject;            /* above the list; msgid */
	const char *hint;               /* the keys that matter; msgid, or NULL:
					   those of a review */
	const char *approve;            /* what Space does where it approves;
					   msgid, or NULL: it approves */
	const struct policy *policy;    /* of the screen, once open */
	bool known;                     /* it is known who it is: a failure to
					   open is no question */
	/* The project that the desk works on, its files listed; options names
	 * the reviewer, or nobody.  NULL with *err (ERR_USAGE: ask who). */
	struct project *(*open)(void *self,
				const struct project_options *options,
				struct error *err);
	/* What is said first, translated; "" nothing. */
	const char *(*greeting)(void *self);
	/* What was found, before it is shown: boxes may be changed. */
	bool (*found)(void *self, const struct worklist_item *item,
		      struct proposals *p);
	/* A verdict: note it for good.  False with *err: it does not count;
	 * ERR_USAGE: and the screen goes on. */
	bool (*verdict)(void *self, const struct worklist_item *item,
			const struct image_info *info,
			const struct verdict *verdict, struct error *err);
	/* What is shown after a verdict before the next item; or NULL. */
	const struct answer *(*answer)(void *self);
	/* The terminal is back: close the project and tell how it went.
	 * Returns the exit status. */
	int (*end)(void *self, struct project *project, FILE *out,
		   struct error *err);
};
#endif
