/* key_command.c - the key command. */
#include "config.h"

#include "record/key_command.h"

#include <string.h>

#include "base/i18n.h"
#include "record/keys.h"

static bool change(const char *directory, const char *reviewer,
		   bool (*act)(struct project *p, struct error *err),
		   struct error *err)
{
	const struct project_options o = {
		.directory = directory, .reviewer = reviewer, .key_lost = true,
	};
	struct project *p = project_open(&o, err);

	if (!p)
		return false;
	if (act(p, err))
		return project_close(p, err);
	project_abandon(p);
	return false;
}

static bool show(const char *directory, FILE *out, struct error *err)
{
	const struct project_options o = { .directory = directory,
					   .log_only = true };
	struct project *p = project_open(&o, err);
	struct buffer text = { 0 };
	bool good = p && keys_read(p, &text, err);

	if (good)
		fputs(text.data, out);
	buffer_done(&text);
	project_abandon(p);
	return good;
}

bool key_command(const char *verb, const char *directory,
		 const char *reviewer, FILE *out, struct error *err)
{
	static const struct {
		const char *name;
		bool (*act)(struct project *p, struct error *err);
	} verbs[] = {
		{ "show", NULL }, { "new", keys_new },
		{ "retire", keys_retire },
	};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verbs[i].name, verb))
			return (!verbs[i].act ||
				change(directory, reviewer, verbs[i].act,
				       err)) &&
			       show(directory, out, err);
	return error_set(err, ERR_USAGE, _("show, new or retire is needed"));
}
