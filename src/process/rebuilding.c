/* rebuilding.c - the files for a worklist that is made anew. */
#include "config.h"

#include "process/rebuilding.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"
#include "process/source.h"
#include "record/files.h"
#include "record/rebuild.h"

struct rebuilding {
	const struct rebuild_options *options;
	const struct batch_talk *talk;
	struct rebuild *rebuild;
	long long files, total;
	int status;
};

static void say(struct rebuilding *r, const char *which,
		const struct error *err)
{
	int status = error_exit_status(err->code);

	if (status > r->status)
		r->status = status;
	r->talk->say(r->talk->self, which, err->text);
}

/* What can't be read is said; the others go on. */
static bool hash_item(struct rebuilding *r, const struct source_item *item,
		      uint8_t sha256[HASH_SIZE])
{
	struct error err = { 0 };
	int fd = item->refused == REASON_NONE ?
		 source_open(item->path, item->below, &err) : -1;
	bool good = fd >= 0 && hash_file(fd, sha256, NULL, NULL, &err);

	if (fd >= 0)
		close(fd);
	if (good)
		return true;
	if (err.code == ERR_NONE)
		error_refuse(&err, item->refused, NULL, 0);
	say(r, item->which, &err);
	return false;
}

static bool take(struct rebuilding *r, const struct source_item *item,
		 struct error *err)
{
	struct rebuild_file file = {
		.name = item->name, .below = item->below,
		.why_flagged = *item->flagged ? item->flagged : NULL,
	};
	char path[2 * PATH_MAX];

	if (!hash_item(r, item, file.sha256))
		return true;
	if (!source_absolute(item->path, &file.below, path, sizeof(path)))
		return error_set(err, ERR_USAGE, _("the path is too long"));
	file.path = path;
	r->talk->progress(r->talk->self, &(struct progress){
		.done = ++r->files, .total = r->total });
	return rebuild_file(r->rebuild, &file, err);
}

static bool take_all(struct rebuilding *r, struct source *source,
		     struct error *err)
{
	struct source_item item;

	for (;;) {
		switch (source_next(source, &item, err)) {
		case SOURCE_ITEM:
			if (!take(r, &item, err))
				return false;
			break;
		case SOURCE_PROJECT:
			r->talk->say(r->talk->self, item.which,
				     _("a project folder is skipped: review "
				       "it by its name"));
			break;
		case SOURCE_END:
			return err->code == ERR_NONE;
		}
	}
}

static bool put_summary(const struct rebuild_counts *counts, int out_fd,
			struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);
	bool good;

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_open(&w, "summary", '{');
	json_put_integer(&w, "found", counts->found);
	json_put_integer(&w, "added", counts->added);
	json_put_integer(&w, "lost", counts->lost);
	json_put_close(&w);
	json_put_close(&w);
	buffer_puts(&line, "\n");
	good = !line.failed && write_all(out_fd, line.data, line.length);
	buffer_done(&line);
	return good || error_set(err, ERR_WRITE, _("standard output can't be "
						   "written: check free "
						   "space"));
}

static bool run(struct rebuilding *r, struct source *source, int out_fd,
		struct error *err)
{
	struct rebuild_counts counts;
	struct rebuild *rebuild;

	r->rebuild = rebuild_begin(r->options->project, r->options->reviewer,
				   r->options->keep_names, err);
	if (!r->rebuild)
		return false;
	if (!take_all(r, source, err)) {
		rebuild_abandon(r->rebuild);
		return false;
	}
	rebuild = r->rebuild;
	r->rebuild = NULL;
	r->talk->progress(r->talk->self, NULL);
	if (!rebuild_end(rebuild, &counts, err) ||
	    !put_summary(&counts, out_fd, err))
		return false;
	return !counts.lost ||
	       error_set(err, ERR_CHECK, _("%lld items of the log have no "
			 "file among these: name the other folders too and "
			 "run it again"), counts.lost);
}

int rebuild_project(char *const *paths, int count,
		    const struct rebuild_options *options, int out_fd,
		    const struct batch_talk *talk)
{
	struct rebuilding r = { .options = options, .talk = talk };
	struct error err = { 0 };
	struct source *source = source_new(paths, count, &err);

	if (talk->live)
		r.total = batch_count(paths, count, NULL);
	if (!source || !run(&r, source, out_fd, &err))
		say(&r, options->project, &err);
	source_free(source);
	return r.status;
}
