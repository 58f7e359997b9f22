/* preferences.c - what a reviewer set for the screen. */
#include "config.h"

#include "ui/preferences.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/settings.h"
#include "ui/choice.h"

enum { FILE_MOST = 4096, ROWS = 1 };

static const struct settings_row rows[ROWS] = {
	{ "idle", SETTINGS_NUMBER, NULL, 0, PREFERENCES_IDLE_MOST, "10" },
};

/* The text of the file, "" when there is none. */
static bool read_text(const char *path, char text[FILE_MOST + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool missing = fd < 0 && (errno == ENOENT || errno == ENOTDIR);
	size_t used = 0;
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0 && used < FILE_MOST) {
		n = read(fd, text + used, FILE_MOST - used);
		used += n > 0 ? (size_t)n : 0;
	}
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
	return missing || (n == 0 && used < FILE_MOST &&
			   strlen(text) == used);
}

bool preferences_load(struct preferences *p, struct error *err)
{
	struct settings_value value[ROWS];
	char path[4096], text[FILE_MOST + 1];
	size_t used;

	*p = (struct preferences){ .idle = PREFERENCES_IDLE };
	settings_start(rows, ROWS, value);
	if (!choice_folder(path, sizeof(path), false))
		return true;
	used = strlen(path);
	if (snprintf(path + used, sizeof(path) - used, "/settings") >=
	    (int)(sizeof(path) - used))
		return true;
	if (!read_text(path, text))
		return error_set(err, ERR_USAGE, "%s: %s", path,
				 _("the settings can't be read"));
	if (!settings_read(rows, ROWS, value, text, err)) {
		error_prefix(err, "%s", path);
		return false;
	}
	p->idle = (int)value[0].number;
	return true;
}

bool preferences_blank(int idle_minutes, long long now_ms,
		       long long last_key_ms)
{
	return idle_minutes > 0 &&
	       now_ms - last_key_ms >= idle_minutes * 60000LL;
}
