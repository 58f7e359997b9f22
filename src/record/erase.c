/* erase.c - the end of a project. */
#include "config.h"

#include "record/erase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/checkpoints.h"
#include "record/erase_item.h"
#include "record/keys.h"
#include "record/project_parts.h"
#include "record/retention.h"

enum { PIECE = 1 << 16, CERTIFICATE_MOST = 1 << 16 };

static bool can_not(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't erase in the project: %s"),
			 strerror(errno));
}

bool erase_file(int dirfd, const char *name, struct error *err)
{
	static const char zeros[PIECE];
	int fd = openat(dirfd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW |
			O_NONBLOCK);
	struct stat status;
	bool good;

	if (fd < 0 && errno == ENOENT)
		return true;
	good = fd >= 0 && fstat(fd, &status) == 0;
	for (off_t left = good ? status.st_size : 0; good && left > 0;) {
		size_t now = left < PIECE ? (size_t)left : PIECE;

		good = write_all(fd, zeros, now);
		left -= (off_t)now;
	}
	good = good && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return (good && unlinkat(dirfd, name, 0) == 0) || can_not(err);
}

struct erasing {
	int fd;
	const char *start;              /* of the names; NULL: all */
	long long count;
	struct error *err;
};

static bool erase_entry(void *self, const char *name)
{
	struct erasing *e = self;

	if (e->start && strncmp(name, e->start, strlen(e->start)) != 0)
		return true;
	e->count++;
	return erase_file(e->fd, name, e->err);
}

bool erase_folder(struct project *p, const char *name, const char *start,
		  long long *count, struct error *err)
{
	struct error why = { 0 };
	struct erasing e = { folder_open(p->privatefd, name, false, 0, &why),
			     start, 0, err };
	bool good;

	if (e.fd < 0)
		return errno == ENOENT ||
		       error_set(err, why.code, "%s", why.text);
	good = folder_each(e.fd, erase_entry, &e, err) &&
	       (fsync(e.fd) == 0 || can_not(err));
	*count += e.count;
	close(e.fd);
	return good;
}

void retention_line(const struct retention *kept, char line[RETENTION_LINE])
{
	if (kept->early)
		snprintf(line, RETENTION_LINE, "retention %d days until %s "
			 "not over: %s\n", kept->days, kept->until,
			 kept->early);
	else if (kept->days)
		snprintf(line, RETENTION_LINE, "retention %d days over\n",
			 kept->days);
	else
		snprintf(line, RETENTION_LINE, "retention none\n");
}

bool erase_log(struct project *p, const char *item, const char *phase,
	       const struct retention *kept, long long *seq,
	       struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.item = item;
	r.phase = phase;
	r.early = kept->early;
	return log_append(p->log, LOG_ERASE, &r, seq, err);
}

/* The part that leaves the project such that it opens: may be repeated. */
static bool erase_contents(struct project *p, const struct retention *kept,
			   struct buffer *certificate, struct error *err)
{
	static const char *const folders[] = { "masks", "staged", QUARANTINE,
					       PROJECT_DRAFTS };
	long long count = 0;
	char lines[256], retention[RETENTION_LINE];

	if (!erase_log(p, NULL, "intent", kept, NULL, err))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!erase_folder(p, folders[i], NULL, &count, err))
			return false;
	if (!erase_file(p->privatefd, "recall.csv", err) ||
	    !erase_file(p->privatefd, "table.jsonl", err) ||
	    !erase_log(p, NULL, "done", kept, NULL, err))
		return false;
	retention_line(kept, retention);
	snprintf(lines, sizeof(lines), "erase items %lld files %lld\n"
		 "erased boxes staged quarantine recall pseudonyms worklist "
		 "master-key signing-key\n%s",
		 worklist_count(p->worklist), count, retention);
	return log_statement(p->log, lines, certificate, err);
}

/* The rest, in a closed project that has its certificate. */
static bool erase_rest(int privatefd, struct error *err)
{
	static const char *const files[] = {
		"worklist.db", "worklist.db-wal", "worklist.db-shm",
		"worklist.db.old", "keys/log.key", "keys/log.key.new",
		"keys/master",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!erase_file(privatefd, files[i], err))
			return false;
	return fsync(privatefd) == 0 || can_not(err);
}

/* Contents, log, certificate; the project is closed in any case.  From the
 * certificate on a kill leaves what the next try finishes: without the key it
 * could not be signed again. */
static bool close_down(struct project *p, const struct retention *kept,
		       struct error *err)
{
	struct buffer certificate = { 0 };
	int privatefd = fcntl(p->privatefd, F_DUPFD_CLOEXEC, 0);
	bool good = (privatefd >= 0 || can_not(err)) &&
		    erase_contents(p, kept, &certificate, err) &&
		    file_replace(privatefd, PROJECT_ERASED, certificate.data,
				 certificate.length, 0600, err) &&
		    keys_retire(p, err);

	if (!project_close(p, good ? err : NULL))
		good = false;
	good = good && erase_rest(privatefd, err);
	buffer_done(&certificate);
	if (privatefd >= 0)
		close(privatefd);
	return good;
}

/* -1: not there, or not a project. */
static int open_private(const char *directory)
{
	int dirfd = project_is(directory) ?
		    open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int fd = dirfd < 0 ? -1 :
		 folder_open(dirfd, "private", false, 0, NULL);

	if (dirfd >= 0)
		close(dirfd);
	return fd;
}

/* Finish what a kill left, and print the certificate. */
static bool print_certificate(int privatefd, FILE *out, struct error *err)
{
	struct buffer text = { 0 };
	bool good = erase_rest(privatefd, err) &&
		    file_read(privatefd, PROJECT_ERASED, CERTIFICATE_MOST,
			      &text, err);

	if (good)
		fputs(text.data, out);
	buffer_done(&text);
	return good;
}

static bool is_named(const struct project *p, const char *name,
		     struct error *err)
{
	char origin[NOTE_NAME];

	if (!log_stands(p->log)->has_key)
		return error_set(err, ERR_USAGE, _("no key signs this log: "
				 "make one with `suminuri key new`"));
	checkpoint_origin(log_stands(p->log)->first, origin);
	if (name && !strcmp(name, origin))
		return true;
	return error_set(err, ERR_USAGE, _("nothing was erased: to erase this "
					   "project for good say --log=%s"),
			 origin);
}

/* One item, in a project that stays. */
static bool erase_one(const struct erase_options *o, FILE *out,
		      struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .reviewer = o->reviewer };
	struct project *p = project_open(&options, err);
	bool good = p && is_named(p, o->project, err) &&
		    erase_item(p, o->item, o->before_retention, out, err);

	if (p && !project_close(p, good ? err : NULL))
		good = false;
	return good;
}

bool erase_command(const struct erase_options *o, FILE *out,
		   struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .reviewer = o->reviewer };
	int privatefd;
	struct retention kept;
	bool good = true;

	if (o->item)
		return erase_one(o, out, err);
	privatefd = open_private(o->directory);
	if (privatefd < 0 || faccessat(privatefd, PROJECT_ERASED, F_OK,
				       AT_SYMLINK_NOFOLLOW) != 0) {
		struct project *p = project_open(&options, err);

		good = p != NULL;
		if (p && (!is_named(p, o->project, err) ||
			  !retention_ends(p, NULL, o->before_retention, &kept,
					  err))) {
			project_close(p, NULL);
			good = false;
		} else if (p) {
			good = close_down(p, &kept, err);
		}
	}
	good = good && print_certificate(privatefd, out, err);
	if (privatefd >= 0)
		close(privatefd);
	return good;
}
