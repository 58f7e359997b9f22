/*
 * mask_header.h - the header of a masked DICOM file, whatever its pixels are:
 * carriers and attributes go or change by the profile, and the copy says what
 * was done to it.  Private to the writers in src/mask.
 */
#ifndef SUMI_MASK_HEADER_H
#define SUMI_MASK_HEADER_H

#include "mask/writer.h"

/* An attribute that the writer sets, as dicom_edit_set() takes it. */
struct mask_attribute {
	uint32_t tag;
	const char *vr;
	const char *text;               /* NULL: the attribute goes */
};

struct mask_header {
	const char *syntax;             /* of the output */
	/* what changes with the coding, like (0028,0004); written last */
	const struct mask_attribute *set;
	size_t sets;
	/* takes the data set; NULL: it goes to plan->out_fd */
	bool (*put)(void *self, const void *data, size_t length,
		    struct error *err);
	void *self;
};

/*
 * Write preamble and meta header to plan->out_fd and give put() the data set
 * up to the pixels.  A lossy picture that comes out in another syntax is
 * marked as once lossy (PS3.3 C.7.6.1.1.5).  Notes in plan->report what was
 * dropped, and the keyed names of the output.  False with *err.
 */
bool mask_header_write(struct mask_plan *plan,
		       const struct mask_header *header, struct error *err);

#endif
