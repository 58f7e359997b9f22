/* kind.c - kinds of terminals that the harness plays. */
#include "config.h"

#include "tests/pty/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As they answered when asked (versions of Debian 12). */
static const struct kind kinds[] = {
	{ .name = "xterm", .version = "XTerm(379)", .cell_width = 8,
	  .attributes = "?64;1;2;6;9;15;16;17;18;21;22;28c",
	  .cell_height = 17, .kernel_cell = true },
	{ .name = "vt340", .version = "XTerm(379)", .kernel_cell = true,
	  .attributes = "?63;1;2;4;6;9;15;16;22;28;29c", .cell_width = 8,
	  .cell_height = 17, .registers = 256, .width = 800, .height = 680 },
	{ .name = "kitty", .version = "kitty(0.26.5)", .attributes = "?62;c",
	  .synchronized = true, .tells_cell = true, .kernel_cell = true,
	  .cell_width = 9, .cell_height = 20, .kitty = true },
	{ .name = "kitty-full", .version = "kitty(0.26.5)",
	  .attributes = "?62;c", .synchronized = true, .tells_cell = true,
	  .cell_width = 9, .cell_height = 20, .kitty = true, .full = true },
	{ .name = "foot", .version = "foot(1.13.1)",
	  .attributes = "?62;4;22c", .synchronized = true,
	  .tells_cell = true, .kernel_cell = true, .cell_width = 8,
	  .cell_height = 15, .registers = 1024, .width = 1280,
	  .height = 960 },
	{ .name = "putty", .attributes = "?6c", .cell_width = 10,
	  .cell_height = 20 },
	{ .name = "mlterm", .attributes = "?63;1;2;3;4;7;29c",
	  .tells_cell = true, .kernel_cell = true, .cell_width = 9,
	  .cell_height = 18, .registers = 1024, .wide = true },
	{ .name = "tmux", .version = "tmux 3.3a", .attributes = "?1;2c",
	  .kernel_cell = true, .cell_width = 16, .cell_height = 32,
	  .tmux = "/tmp/tmux-0/default,1,0" },
};

const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

/* What a kitty says to an image: an error, or nothing as it was asked. */
static void answer_image(const struct kind *kind, const char *text,
			 struct buffer *answer)
{
	const char *number = strstr(text, "i=");

	if (!kind->kitty || !number)
		return;
	if (strstr(text, "a=q"))
		buffer_printf(answer, "\033_Gi=%ld;OK\033\\",
			      strtol(number + 2, NULL, 10));
	else if (kind->full && strstr(text, "a=t"))
		buffer_printf(answer, "\033_Gi=%ld;ENOSPC:full\033\\",
			      strtol(number + 2, NULL, 10));
}

bool kind_answer(const struct kind *kind, const char *sequence,
		 struct buffer *answer)
{
	const char *text = sequence + 1;

	if (text[0] == '_' || text[0] == 'P') {
		if (text[0] == '_')
			answer_image(kind, text, answer);
		return true;
	}
	if (!strcmp(text, "[c"))
		buffer_printf(answer, "\033[%s", kind->attributes);
	else if (!strcmp(text, "[>0q") && kind->version)
		buffer_printf(answer, "\033P>|%s\033\\", kind->version);
	else if (!strcmp(text, "[?2026$p") && kind->version)
		buffer_printf(answer, "\033[?2026;%d$y",
			      kind->synchronized ? 2 : 0);
	else if (!strcmp(text, "[16t") && kind->tells_cell)
		buffer_printf(answer, "\033[6;%d;%dt", kind->cell_height,
			      kind->cell_width);
	else if (!strcmp(text, "[?1;1;0S") && kind->registers)
		buffer_printf(answer, "\033[?1;0;%dS", kind->registers);
	else if (!strcmp(text, "[?2;1;0S") && kind->width)
		buffer_printf(answer, "\033[?2;0;%d;%dS", kind->width,
			      kind->height);
	return !strcmp(text, "[c") || !strcmp(text, "[>0q") ||
	       !strcmp(text, "[?2026$p") || !strcmp(text, "[16t") ||
	       !strncmp(text, "[?1;1;0", 7) || !strncmp(text, "[?2;1;0", 7);
}
