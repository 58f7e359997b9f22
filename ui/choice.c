/* choice.c - how pictures are drawn on this terminal, as somebody chose. */
#include "config.h"

#include "ui/choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { LINE = 256, LINES_MOST = 100 };

/* What stands before " = ": no line has anything else in it. */
static void clean(const char *terminal, char name[LINE / 2])
{
	size_t n = 0;

	for (; *terminal && n + 1 < LINE / 2; terminal++)
		if (*terminal > ' ' && *terminal < 127 && *terminal != '=')
			name[n++] = *terminal;
	name[n] = '\0';
}

bool choice_folder(char *path, size_t size, bool make)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n;

	/* relative ones are to be ignored (XDG Base Directory 0.8) */
	if (config && *config == '/')
		n = snprintf(path, size, "%s", config);
	else if (home && *home == '/')
		n = snprintf(path, size, "%s/.config", home);
	else
		return false;
	if (n < 0 || (size_t)n + sizeof("/suminuri") > size)
		return false;
	if (make)
		mkdir(path, 0700);
	snprintf(path + n, size - (size_t)n, "/suminuri");
	return !make || mkdir(path, 0700) == 0 || access(path, W_OK) == 0;
}

static bool file_name(char *path, size_t size, bool make)
{
	size_t n;

	if (!choice_folder(path, size, make))
		return false;
	n = strlen(path);
	return snprintf(path + n, size - n, "/terminals") <
	       (int)(size - n);
}

/* The mode of a line for this terminal; -1: it is another's, or no line. */
static int mode_of(const char *line, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(line, name, n) != 0 || strncmp(line + n, " = ", 3) != 0)
		return -1;
	for (int i = 0; i < PICTURE_MODES; i++) {
		const char *mode = picture_mode_info[i].name;
		size_t length = strlen(mode);

		if (!strncmp(line + n + 3, mode, length) &&
		    (line[n + 3 + length] == '\n' || !line[n + 3 + length]))
			return i;
	}
	return -1;
}

int choice_load(const char *terminal)
{
	char path[4096], line[LINE], name[LINE / 2];
	int mode = -1;
	FILE *in;

	clean(terminal, name);
	if (!*name || !file_name(path, sizeof(path), false))
		return -1;
	in = fopen(path, "re");
	if (!in)
		return -1;
	while (mode < 0 && fgets(line, sizeof(line), in))
		mode = mode_of(line, name);
	fclose(in);
	return mode;
}

/* The lines of other terminals, after this one's. */
static void add_others(const char *path, const char *name, struct buffer *out)
{
	char line[LINE];
	FILE *in = fopen(path, "re");
	size_t n = strlen(name);

	if (!in)
		return;
	for (int i = 0; i < LINES_MOST && fgets(line, sizeof(line), in); i++)
		if (strchr(line, '\n') && (strncmp(line, name, n) != 0 ||
					   strncmp(line + n, " = ", 3) != 0))
			buffer_puts(out, line);
	fclose(in);
}

/* Whole or not at all. */
static bool replace(const char *path, const struct buffer *text)
{
	char new[4096 + 8];
	bool ok;
	FILE *out;

	snprintf(new, sizeof(new), "%s.new", path);
	out = fopen(new, "we");
	if (!out)
		return false;
	ok = fwrite(text->data, 1, text->length, out) == text->length;
	ok = fclose(out) == 0 && ok && rename(new, path) == 0;
	if (!ok)
		unlink(new);
	return ok;
}

bool choice_save(const char *terminal, enum picture_mode mode,
		 struct error *err)
{
	char path[4096], name[LINE / 2];
	struct buffer text = { 0 };
	bool ok;

	clean(terminal, name);
	ok = *name && file_name(path, sizeof(path), true);
	if (ok) {
		buffer_printf(&text, "%s = %s\n", name,
			      picture_mode_info[mode].name);
		add_others(path, name, &text);
		ok = !text.failed && replace(path, &text);
	}
	buffer_done(&text);
	return ok || error_set(err, ERR_WRITE,
			       _("the choice could not be kept: it holds "
				 "until the end"));
}
