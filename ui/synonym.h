/*
 * synonym.h - words that a command is looked for by and that stand neither in
 * its name nor in its help: those of the lines of hints, and what other
 * programs call it.
 */
#ifndef SUMI_SYNONYM_H
#define SUMI_SYNONYM_H

#include <stdbool.h>
#include <stddef.h>

#include "review/command.h"

/* Do `size` bytes of part occur in them (ui/search.h), in English or in the
 * language of the screen? */
bool synonym_has(enum command command, const char *part, size_t size);
#endif
