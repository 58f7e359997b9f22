/*
 * table.h - private/table.jsonl: what of the worklist can't be read off the
 * log and the files again.  Which patient an item belongs to, the pseudonym
 * and date offset once drawn for a patient, the name of an output.
 * Append-only; a patient is a keyed hash, never an ID.
 */
#ifndef SUMI_TABLE_H
#define SUMI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* item: its id; patient: all zero when it has none; format: enum of image.h */
bool table_note_item(int dirfd, const char *item, const uint8_t patient[32],
			int format, struct error *err);
bool table_note_patient(int dirfd, const uint8_t patient[32],
			 const char *pseudonym, int days, struct error *err);
/* out_name: below out/, and led back to nobody (not with --keep-names) */
bool table_note_output(int dirfd, const char *item, const char *out_name,
		       struct error *err);

/* What table_read() tells; the later of two lines on one thing holds. */
struct table_visitor {
	bool (*item)(void *self, const char *item, const uint8_t patient[32],
		     int format);
	bool (*drawn)(void *self, const uint8_t patient[32],
		      const char *pseudonym, int days);
	bool (*output)(void *self, const char *item, const char *out_name);
	void *self;
};

/*
 * Read the file in dirfd from its start; an unfinished last line is left out.
 * No file is an empty one.  False with ERR_CHECK (a line of another form) or
 * ERR_WRITE, or when a visitor returned false (*err is its own then).
 */
bool table_read(int dirfd, const struct table_visitor *visitor,
		   struct error *err);

#endif
