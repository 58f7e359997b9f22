/* seg_files.c - DICOM Segmentations of all released DICOM files. */
#include "config.h"

#include "exchange/seg_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "exchange/released.h"
#include "exchange/seg.h"
#include "image/image.h"
#include "process/forked.h"
#include "process/sandbox.h"
#include "process/wire.h"

enum { CPU_S = 3600 };

#define MEMORY (3072ULL << 20)          /* RLIMIT_AS, class large (DESIGN 4) */
#define FILE_MOST (1ULL << 32)          /* bytes of an object */

struct making {
	struct project *p;
	struct sandbox_lock *lock;
	int folder_fd;
	FILE *out;
};

/* What the locked process answers: numbers, checked on the way in (wire.h). */
struct answer {
	bool ok;
	enum error_code code;           /* unless ok */
	enum reason reason;
	long long number;
};
static const struct wire_field answer_fields[] = {
	WIRE_B(struct answer, ok),
	WIRE_N(struct answer, code, ERR_NONE, ERR_INTERNAL),
	WIRE_N(struct answer, reason, REASON_NONE, REASON_COUNT - 1),
	WIRE_N(struct answer, number, LLONG_MIN, LLONG_MAX),
};
static const struct wire_table answer_table = WIRE_TABLE(answer_fields);

enum { PACKED_MAX = 64 };               /* bytes of an answer */

/* One object. */
struct object {
	const struct making *m;
	const struct seg_job *job;
	int in_fd, out_fd;
};

/* ---- in the locked process ---- */

static void child(void *self, pid_t parent, int pipe_fd)
{
	const struct object *o = self;
	const int keep[] = { o->in_fd, o->out_fd, pipe_fd };
	const struct sandbox limits = {
		.parent = parent, .keep = keep, .keep_count = 3,
		.address_space = MEMORY, .file_size = FILE_MOST,
		.cpu_s = CPU_S,
	};
	uint8_t bytes[PACKED_MAX];
	struct error err = { 0 };
	struct answer a = { 0 };

	if (!sandbox_null_stdio() || !sandbox_enter(&limits, o->m->lock) ||
	    wire_length(&answer_table) > sizeof(bytes))
		_exit(1);
	a.ok = seg_write(o->in_fd, o->out_fd, o->job, forked_tell, &pipe_fd,
			 &err);
	a.code = err.code;
	a.reason = err.reason;
	a.number = err.number;
	wire_pack(&answer_table, &a, bytes);
	forked_begin(pipe_fd);
	forked_write(pipe_fd, bytes, wire_length(&answer_table));
	_exit(0);
}

/* ---- its supervisor ---- */

/* Nothing of an answer is used before it passed here. */
static bool judge(const uint8_t *bytes, struct error *err)
{
	struct answer a;

	if (!wire_unpack(&answer_table, bytes, &a) ||
	    (!a.ok && a.code == ERR_REFUSED && !a.reason))
		return error_refuse(err, REASON_PROTOCOL, NULL, 0);
	if (a.ok)
		return true;
	if (a.code == ERR_REFUSED)
		return error_refuse(err, a.reason, NULL, a.number);
	if (a.code == ERR_MEMORY)
		return error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	return error_set(err, ERR_WRITE, _("can't be written: make room and "
					   "repeat"));
}

static bool make_object(struct object *o, struct error *err)
{
	uint8_t bytes[PACKED_MAX];
	struct forked f;

	fflush(o->m->out);
	return forked_start(&f, child, o, err) &&
	       forked_end(&f, forked_answer(&f, bytes,
					    wire_length(&answer_table)),
			  err) &&
	       judge(bytes, err);
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

static bool write_object(const struct making *m, const struct released *r,
			 const char *name, struct error *err)
{
	struct seg_job job = { .boxes = &r->output->boxes };
	struct object object = { .m = m, .job = &job,
				 .in_fd = r->output->fd };
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
	object.out_fd = fd;
	ok = make_object(&object, err) &&
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
