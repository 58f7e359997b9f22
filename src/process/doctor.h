/*
 * doctor.h - what works on this machine and what to do about the rest.  No
 * project, no pictures of anybody.
 */
#ifndef SUMI_DOCTOR_H
#define SUMI_DOCTOR_H

#include <stdbool.h>

enum { DOCTOR_TEXT = 512 };

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_LESS,            /* works, with less */
	DOCTOR_BROKEN,          /* does not: the exit status is 1 */
};

struct doctor_finding {
	enum doctor_state state;
	char text[DOCTOR_TEXT]; /* translated: what is, and what to do */
};

/*
 * Call tell() with each finding.  languages: "eng+jpn"; face_models_in: the
 * folder that --face-models names, or "".  False when something is broken.
 */
bool doctor_run(const char *languages, const char *face_models_in,
		void (*tell)(void *self, const char *what,
			     const struct doctor_finding *finding),
		void *self);

#endif
