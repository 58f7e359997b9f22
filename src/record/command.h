/*
 * command.h - the log command: check, show, export.  main prints errors.
 */
#ifndef SUMI_RECORD_COMMAND_H
#define SUMI_RECORD_COMMAND_H

#include <stdio.h>

#include "base/error.h"

struct log_options {
	const char *verb;               /* check show export */
	const char *directory;          /* the project */
	const char *format;             /* of export: json csv; NULL: json */
	const char *keys, *witness;     /* check: files kept elsewhere, as
					   trust_read() takes them; or NULL */
};

/*
 * check   one JSON line: {"v":1,"status":"ok"|"failed","records","signed"}
 *         (records that the last sound checkpoint covers), with
 *         "class" (log_fault_name) and "line" when something was found; of
 *         a file that export made "proved" too (export.h)
 * show    a readable line a record
 * export  a line a record without what leads back: keyed item and reviewer,
 *         times to the hour, no input hashes, machine or masks; with proofs
 *
 * True when it could be done and nothing was found.  Else *err: ERR_CHECK (a
 * fault), ERR_USAGE (verb, format, no project) and those of project_open().
 */
bool log_command(const struct log_options *o, FILE *out, struct error *err);
#endif
