/* key_command.h - the key command: show, new, retire.  main prints errors. */
#ifndef SUMI_KEY_COMMAND_H
#define SUMI_KEY_COMMAND_H

#include <stdio.h>

#include "base/error.h"

/*
 * show    the verifier keys of the log so far, one a line, oldest first
 * new     another key signs from now on; then as show
 * retire  nothing signs from now on; then as show
 *
 * reviewer: NULL: the remembered one.  False with *err: ERR_USAGE (verb) and
 * those of project_open().
 */
bool key_command(const char *verb, const char *directory,
		 const char *reviewer, FILE *out, struct error *err);
#endif
