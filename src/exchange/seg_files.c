/* seg_files.c - DICOM Segmentations of all released DICOM files. */
#include "config.h"

#include "exchange/seg_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "exchange/released.h"
#include "exchange/seg.h"
#include "image/image.h"
#include "process/sandbox.h"

enum { SILENCE_MS = 10000, CPU_S = 3600 };      /* DESIGN 4 */

#define MEMORY (3072ULL << 20)          /* RLIMIT_AS, class large (DESIGN 4) */
#define FILE_MOST (1ULL << 32)          /* bytes of an object */

struct making {
	struct project *p;
	struct sandbox_lock *lock;
	int folder_fd;
	FILE *out;
};

/* What the locked process answers after its bytes of progress. */
struct answer {
	bool ok;
	enum error_code code;
	enum reason reason;
	long long number;
};

/* ---- in the locked process ---- */

static void tell(void *self, int permille)
{
	(void)permille;
	if (write(*(int *)self, "p", 1) != 1)
		_exit(1);               /* nobody listens */
}

static _Noreturn void child(struct making *m, const struct seg_job *job,
			    int in_fd, int out_fd, int pipe_fd, pid_t parent)
{
	const int keep[] = { in_fd, out_fd, pipe_fd };
	const struct sandbox limits = {
		.parent = parent, .keep = keep, .keep_count = 3,
		.address_space = MEMORY, .file_size = FILE_MOST,
		.cpu_s = CPU_S,
	};
	struct error err = { 0 };
	struct answer a;

	if (!sandbox_null_stdio() || !sandbox_enter(&limits, m->lock))
		_exit(1);
	memset(&a, 0, sizeof(a));
	a.ok = seg_write(in_fd, out_fd, job, tell, &pipe_fd, &err);
	a.code = err.code;
	a.reason = err.reason;
	a.number = err.number;
	if (write(pipe_fd, "a", 1) != 1 ||
	    write(pipe_fd, &a, sizeof(a)) != (ssize_t)sizeof(a))
		_exit(1);
	_exit(0);
}

/* ---- its supervisor ---- */

enum { HEARD_ANSWER, HEARD_NOTHING, HEARD_SILENCE };

static int listen_to(int fd, struct answer *a)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool answering = false;
	size_t got = 0;

	while (got < sizeof(*a)) {
		char byte;
		int ready = poll(&p, 1, SILENCE_MS);
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return HEARD_SILENCE;
		n = answering ? read(fd, (char *)a + got, sizeof(*a) - got) :
				read(fd, &byte, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HEARD_NOTHING;
		if (answering)
			got += (size_t)n;
		else if (byte == 'a' || byte == 'p')
			answering = byte == 'a';
		else
			return HEARD_NOTHING;
	}
	return HEARD_ANSWER;
}

static bool judge(int heard, int status, const struct answer *a,
		  struct error *err)
{
	if (heard == HEARD_SILENCE)
		return error_refuse(err, REASON_TOO_SLOW, NULL, 0);
	if (heard == HEARD_NOTHING && WIFSIGNALED(status))
		return error_refuse(err, REASON_CRASHED, NULL,
				    WTERMSIG(status));
	if (heard == HEARD_NOTHING || (unsigned)a->reason >= REASON_COUNT ||
	    (!a->ok && a->code == ERR_REFUSED && !a->reason))
		return error_refuse(err, REASON_PROTOCOL, NULL, 0);
	if (a->ok)
		return true;
	if (a->code == ERR_REFUSED)
		return error_refuse(err, a->reason, NULL, a->number);
	if (a->code == ERR_MEMORY)
		return error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	return error_set(err, ERR_WRITE, _("can't be written: make room and "
					   "repeat"));
}

static bool make_object(struct making *m, const struct seg_job *job, int in_fd,
			int out_fd, struct error *err)
{
	pid_t parent = getpid(), pid;
	struct answer a;
	int ends[2], status = 0, heard;

	memset(&a, 0, sizeof(a));
	if (pipe(ends))
		return error_set(err, ERR_INTERNAL, "pipe: %s",
				 strerror(errno));
	fflush(m->out);
	pid = fork();
	if (pid == 0)
		child(m, job, in_fd, out_fd, ends[1], parent);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return error_set(err, ERR_INTERNAL, "fork: %s",
				 strerror(errno));
	}
	heard = listen_to(ends[0], &a);
	close(ends[0]);
	if (heard != HEARD_ANSWER)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return judge(heard, status, &a, err);
}

/* Give it its name, for good. */
static bool name_file(const struct making *m, int fd, const char *name,
		      struct error *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fsync(fd))
		return error_set(err, ERR_WRITE, _("can't be written: %s"),
				 strerror(errno));
	if (linkat(AT_FDCWD, path, m->folder_fd, name, AT_SYMLINK_FOLLOW))
		return errno == EEXIST ?
		       error_refuse(err, REASON_EXISTS, NULL, 0) :
		       error_set(err, ERR_WRITE, _("can't be named: %s"),
				 strerror(errno));
	return true;
}

static bool has_mask(const struct box_list *boxes)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (boxes->box[i].tier == TIER_BOX &&
		    boxes->box[i].plane == PLANE_PICTURE)
			return true;
	return false;
}

static bool write_object(struct making *m, const struct released *r,
			 const char *name, struct error *err)
{
	struct seg_job job = { .boxes = &r->output->boxes };
	int fd = openat(m->folder_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
			0640);
	bool ok;

	if (fd < 0)
		return error_set(err, ERR_WRITE,
				 _("no file can be made there: %s"),
				 strerror(errno));
	if (!hash_derive(m->p->uid_key, "suminuri seg", job.uid_key)) {
		close(fd);
		return error_set(err, ERR_MEMORY, _("no memory"));
	}
	ok = make_object(m, &job, r->output->fd, fd, err) &&
	     name_file(m, fd, name, err);
	hash_wipe(&job, sizeof(job));
	close(fd);
	return ok;
}

static bool put_item(void *self, const struct released *r, struct error *err)
{
	struct making *m = self;
	char name[RELEASED_NAME + 4];
	bool has = r->output->item.format == IMAGE_DICOM &&
		   has_mask(&r->output->boxes);

	snprintf(name, sizeof(name), "%s.dcm", r->name);
	if (has && !write_object(m, r, name, err))
		return error_prefix(err, "%s", r->name);
	fprintf(m->out, "{\"v\":1,\"item\":\"%s\",\"file\":%s%s%s}\n",
		r->name, has ? "\"" : "", has ? name : "null",
		has ? "\"" : "");
	return true;
}

bool seg_files(struct project *p, const char *folder, FILE *out,
	       struct error *err)
{
	struct making m = { .p = p, .out = out, .folder_fd = -1 };
	bool ok = image_warm_up(err);

	if (ok && mkdir(folder, 0750) != 0 && errno != EEXIST)
		ok = error_set(err, ERR_WRITE, _("the folder can't be made: "
						 "%s"), strerror(errno));
	if (ok) {
		m.folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		m.lock = sandbox_lock_new();
		ok = m.lock || error_set(err, ERR_INTERNAL,
					 _("no process can be started: close "
					   "other programs"));
	}
	if (ok && m.folder_fd < 0)
		ok = error_set(err, ERR_WRITE,
			       _("the folder can't be opened: %s"),
			       strerror(errno));
	ok = ok && released_each(p, put_item, &m, err);
	if (ok && fsync(m.folder_fd))
		ok = error_set(err, ERR_WRITE, _("can't be kept: %s"),
			       strerror(errno));
	sandbox_lock_free(m.lock);
	if (m.folder_fd >= 0)
		close(m.folder_fd);
	return ok;
}
