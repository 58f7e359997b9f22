/*
 * preferences.h - what a reviewer set for the screen:
 * $XDG_CONFIG_HOME/suminuri/settings (else ~/.config), `name = value` lines.
 */
#ifndef SUMI_PREFERENCES_H
#define SUMI_PREFERENCES_H

#include "base/error.h"

enum { PREFERENCES_IDLE = 10, PREFERENCES_IDLE_MOST = 1440 };   /* minutes */

struct preferences {
	int idle;                       /* minutes without a key after which
					   the screen is blanked; 0: never */
};

/* The defaults, and what the file says, if there is one.  False with
 * ERR_USAGE that names the file. */
bool preferences_load(struct preferences *p, struct error *err);

/* Is the screen to be blanked: no key for so many minutes? */
bool preferences_blank(int idle_minutes, long long now_ms,
		       long long last_key_ms);
#endif
