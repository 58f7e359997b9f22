/* trial.c - a project that is thrown away. */
#include "config.h"

#include "record/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { DESCRIPTORS = 16 };              /* of the walk */

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *place)
{
	(void)status, (void)type, (void)place;
	return remove(path);
}

/* Links are removed, not followed; other file systems are not entered. */
static bool remove_tree(const char *directory)
{
	return nftw(directory, remove_one, DESCRIPTORS,
		    FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT;
}

/* Does another process have it open?  Its lock is on private/. */
static bool in_use(const char *directory)
{
	struct buffer path = { 0 };
	bool used = false;
	int fd = -1;

	buffer_printf(&path, "%s/private", directory);
	if (!path.failed)
		fd = open(path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
			  O_NOFOLLOW);
	if (fd >= 0) {
		used = flock(fd, LOCK_EX | LOCK_NB) != 0;
		close(fd);
	}
	buffer_done(&path);
	return used;
}

struct project *trial_open(const struct project_options *options,
			   struct error *err)
{
	struct project_options o = *options;

	o.create = true;
	if (in_use(o.directory))
		error_set(err, ERR_WRITE, _("another suminuri is at it: leave "
					    "it there first"));
	else if (!remove_tree(o.directory))
		error_set(err, ERR_WRITE, _("what an earlier run left can't "
					    "be removed: %s"),
			  strerror(errno));
	else
		return project_open(&o, err);
	return NULL;
}

void trial_close(struct project *p, const char *directory)
{
	project_abandon(p);
	if (p)
		remove_tree(directory);
}
