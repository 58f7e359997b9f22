/*
 * verify.h - reloads what was written and proves it from the two files and
 * the boxes: inside is the fill, outside is equal, nothing forbidden is left.
 * No detectors; shares nothing with the writer but the readers.
 */
#ifndef SUMI_VERIFY_H
#define SUMI_VERIFY_H

#include "mask/mask.h"

enum verify_status { VERIFY_OK, VERIFY_FAILED, VERIFY_UNCHECKED };
/* In the words of DESIGN 5.5. */
enum verify_class { VERIFY_NONE, VERIFY_INSIDE, VERIFY_OUTSIDE, VERIFY_CARRIER,
		    VERIFY_TRAILER, VERIFY_OFFSETS, VERIFY_ATTRIBUTE,
		    VERIFY_FORMAT, VERIFY_MISSING, VERIFY_EXTRA,
		    VERIFY_CHANGED, VERIFY_CLASSES };
extern const char *const verify_status_name[];
extern const char *const verify_class_name[VERIFY_CLASSES];

struct verify_result {
	enum verify_status status;
	enum verify_class class_;
	int frame, x, y;                /* first place found; -1 if none */
	uint8_t in_sha256[32], out_sha256[32];
};

/*
 * Check out_fd against in_fd and the boxes.  Works out the grown regions and
 * the fill itself.  True when it could run; *result says what it found.  job
 * may be NULL when ids and keys are not known (verify IN OUT): then only what
 * the profile forbids is checked, not the values that replace.
 */
bool verify_run(int in_fd, int out_fd, enum tag_profile profile,
		const struct mask_job *job, const struct box_list *boxes,
		struct verify_result *result,
		void (*progress)(void *self, int permille), void *self,
		struct error *err);
#endif
