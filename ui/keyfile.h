/*
 * keyfile.h - the reviewer's own keys: $XDG_CONFIG_HOME/suminuri/keys (else
 * ~/.config), a binding a line, `MODE KEY COMMAND`.  No terminal.
 */
#ifndef SUMI_KEYFILE_H
#define SUMI_KEYFILE_H

#include "base/error.h"
#include "ui/key.h"

enum { KEYFILE_MOST = 65536 };          /* bytes */

/*
 * The built-in keys with those of a text in front.  A line gives a key of a
 * mode another meaning; the command's other keys stay, but `approve`, `clean`
 * and `by-eye` of review, and `approve` and `group` of a sheet, are moved: each
 * always has exactly one key there.
 *
 * False with ERR_USAGE "NAME:LINE: ..." and *keys zeroed: an unknown mode, key
 * or command, a command that the mode does not have, a key bound twice, one
 * that has another meaning in a mode before `everywhere` is looked at, a
 * digit where digits are counts, or a command lost that a review needs.
 */
bool keyfile_parse(struct keymap *keys, const char *name, const char *text,
		   size_t length, struct error *err);
void keymap_done(struct keymap *keys);

/* Read the file, if there is one: *there.  path[size] gets its name. */
bool keyfile_load(struct keymap *keys, char *path, size_t size, bool *there,
		  struct error *err);
#endif
