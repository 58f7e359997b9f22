/*
 * choice.h - how pictures are drawn on this terminal, as somebody chose who
 * looked at the test card: one line a terminal, `NAME = MODE`, in
 * $XDG_CONFIG_HOME/suminuri/terminals (else ~/.config).
 */
#ifndef SUMI_CHOICE_H
#define SUMI_CHOICE_H

#include "base/error.h"
#include "review/evidence.h"

/* The folder of settings, $XDG_CONFIG_HOME/suminuri (else ~/.config), into
 * path[size]; made when missing if `make`.  False: there is none. */
bool choice_folder(char *path, size_t size, bool make);

/* The enum picture_mode chosen for a terminal; -1: none. */
int choice_load(const char *terminal);

/* Keep it for next time.  False with *err ERR_WRITE; the choice holds for
 * this run all the same. */
bool choice_save(const char *terminal, enum picture_mode mode,
		 struct error *err);
#endif
