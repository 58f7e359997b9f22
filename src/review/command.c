/* command.c - the table of commands: name and help text. */
#include "config.h"

#include "review/command.h"

#include <stddef.h>

const struct command_info command_info[COMMAND_COUNT] = {
	[CMD_NONE] = { "", "" },
#define X(name, word, help) [CMD_##name] = { word, help },
	COMMANDS(X)
#undef X
};
