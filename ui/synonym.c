/* synonym.c - the other words that a command is looked for by. */
#include "config.h"

#include "ui/synonym.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/search.h"
#include "ui/view.h"

enum { HINT = 128 };

/* TRANSLATORS: words for each that somebody may type who looks for it, blanks
 * between; not a translation word by word. */
static const struct { enum command command; const char *words; } synonyms[] = {
	{ CMD_APPROVE, N_("accept confirm continue yes ok") },
	{ CMD_CLEAN, N_("empty none negative without text") },
	{ CMD_REJECT, N_("unmask remove delete reject uncover clear") },
	{ CMD_UNMASK, N_("remove delete reject uncover clear many") },
	{ CMD_REJECT_ALL, N_("unmask remove delete uncover clear everything") },
	{ CMD_WITHHOLD, N_("exclude hold back refuse") },
	{ CMD_ESCALATE, N_("ask doubt unsure question") },
	{ CMD_TAKE, N_("accept cover") },
	{ CMD_HINT, N_("cover redact new box") },
	{ CMD_ADD, N_("new draw create mask cover redact") },
	{ CMD_ONLY, N_("crop outside") },
	{ CMD_EDIT, N_("change adjust correct") },
	{ CMD_SNAP, N_("align trim") },
	{ CMD_CLASS, N_("kind type category") },
	{ CMD_UNDO, N_("revert cancel back") },
	{ CMD_REDO, N_("repeat") },
	{ CMD_MASKS, N_("show hide preview") },
	{ CMD_ZOOM_IN, N_("larger enlarge magnify") },
	{ CMD_ZOOM_OUT, N_("smaller reduce") },
	{ CMD_FIT, N_("whole entire reset") },
	{ CMD_WINDOW_NARROW, N_("contrast") },
	{ CMD_WINDOW_WIDE, N_("contrast") },
	{ CMD_LEVEL_DOWN, N_("brightness brighter") },
	{ CMD_LEVEL_UP, N_("brightness darker") },
	{ CMD_PRESET, N_("contrast brightness") },
	{ CMD_INVERT, N_("negative") },
	{ CMD_DETAILS, N_("information properties") },
	{ CMD_DROP, N_("cancel abort escape") },
	{ CMD_KEEP, N_("accept confirm save") },
	{ CMD_FRAME_NEXT, N_("slice image") },
	{ CMD_FRAME_PREV, N_("slice image") },
	{ CMD_ITEM_NEXT, N_("skip file picture") },
	{ CMD_ITEM_PREV, N_("file picture") },
	{ CMD_TAG, N_("mark select several") },
	{ CMD_SORT, N_("sort arrange") },
	{ CMD_SEARCH, N_("search find") },
	{ CMD_RELEASE, N_("save export output") },
	{ CMD_REMEMBER, N_("template layout") },
	{ CMD_PROPAGATE, N_("copy propagate") },
	{ CMD_GROUP, N_("batch series together") },
	{ CMD_BLANK, N_("hide lock") },
	{ CMD_HELP, N_("keys commands find") },
	{ CMD_BACK, N_("close exit") },
	{ CMD_QUIT, N_("close exit end") },
};

/* Are they in what a line of hints says of a command: "{x} {word} text"? */
static bool hint_has(const char *hints, const char *word, const char *part,
		     size_t size)
{
	char key[HINT], text[HINT];

	snprintf(key, sizeof(key), "{%s}", word);
	const char *at = strstr(hints, key);

	if (!at)
		return false;
	const char *end = strstr(at, "  ");

	snprintf(text, sizeof(text), "%.*s", end ? (int)(end - at) :
		 (int)strlen(at), at);
	at = strrchr(text, '}');
	return at && search_part(at + 1, part, size);
}

static bool any_hint_has(enum command command, const char *part, size_t size)
{
	const char *word = command_info[command].word;

	for (enum review_mode mode = 0; mode < MODES; mode++) {
		const char *hints = view_hints(mode);

		if (hint_has(hints, word, part, size) ||
		    hint_has(_(hints), word, part, size))
			return true;
	}
	return false;
}

bool synonym_has(enum command command, const char *part, size_t size)
{
	if (command == CMD_NONE)
		return false;
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
		if (synonyms[i].command == command &&
		    (search_part(synonyms[i].words, part, size) ||
		     search_part(_(synonyms[i].words), part, size)))
			return true;
	return any_hint_has(command, part, size);
}
