/*
 * zygote.c - the process that loads models, dictionary and converters once
 * and forks a worker for each job; and what a worker does.  The supervisor's
 * side is worker.c.
 */
#include "config.h"

#include "process/worker.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "find/layout.h"
#include "image/voi.h"
#include "process/message.h"
#include "process/sandbox.h"

enum {
	TELL_MS = 100,          /* between two words of progress */
	CPU_S = 3600,           /* last resort; silence is what ends a job */
	DETECT_NICE = 5,        /* the screen comes first */
	MESSAGE_HEAD_SIZE = 5 * 8,
	LARGEST_PACKED = 8192,  /* of all tables */
};

struct child {
	uint32_t job;
	pid_t pid;
	int pidfd;
};

struct zygote {
	pid_t pid;
	struct sandbox_lock *lock;
	struct detect_options options;
	struct child child[ZYGOTE_WORKERS];
	int children;
};

/* ---- the worker ---- */

struct worker {
	const struct detect_options *options;
	enum job_kind kind;
	uint32_t job, seq;
	int fd[JOB_FDS];
	struct orders orders;
	struct box_list boxes;
	int64_t told_ms;
	size_t room;                    /* bytes of the served picture */
};

static void send_bytes(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(WORKER_PIPE);
		bytes += n;
		length -= (size_t)n;
	}
}

static void send_body(struct worker *w, enum message_type type,
		      const uint8_t *body, size_t length)
{
	struct message_head head = { .magic = MESSAGE_MAGIC, .type = type,
				     .length = (uint32_t)length,
				     .job = w->job, .seq = w->seq++ };
	uint8_t bytes[MESSAGE_HEAD_SIZE];

	wire_pack(&head_table, &head, bytes);
	send_bytes(w->fd[JOB_FD_RESULT], bytes, sizeof(bytes));
	send_bytes(w->fd[JOB_FD_RESULT], body, length);
	w->told_ms = clock_ms();
}

static void send_message(struct worker *w, enum message_type type,
			 const void *object)
{
	uint8_t body[LARGEST_PACKED];
	size_t length = wire_length(message_table[type]);

	if (length > sizeof(body))
		_exit(WORKER_PIPE);
	wire_pack(message_table[type], object, body);
	send_body(w, type, body, length);
}

static void tell(void *self, int permille)
{
	struct worker *w = self;
	struct progress_message m = { permille < 0 ? 0 :
				      permille > 1000 ? 1000 : permille };

	if (clock_ms() - w->told_ms >= TELL_MS)
		send_message(w, MESSAGE_PROGRESS, &m);
}

static bool tell_hashing(void *self, uint64_t done)
{
	(void)done;
	tell(self, 0);
	return true;
}

/* ---- orders ---- */

static bool read_all(int fd, void *data, size_t length, off_t at)
{
	uint8_t *to = data;

	while (length > 0) {
		ssize_t n = pread(fd, to, length, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		at += n;
		length -= (size_t)n;
	}
	return true;
}

static bool read_orders(struct worker *w, struct error *err)
{
	uint8_t bytes[LARGEST_PACKED];
	size_t length = wire_length(&orders_table);
	size_t box_length = wire_length(&box_table);
	int fd = w->fd[JOB_FD_ORDERS];

	if (length > sizeof(bytes) || box_length > sizeof(bytes) ||
	    !read_all(fd, bytes, length, 0) ||
	    !wire_unpack(&orders_table, bytes, &w->orders))
		return error_set(err, ERR_INTERNAL, "orders are damaged");
	for (long long i = 0; i < w->orders.boxes; i++) {
		struct box box = { 0 };

		if (!read_all(fd, bytes, box_length,
			      (off_t)length + i * (off_t)box_length) ||
		    !wire_unpack(&box_table, bytes, &box))
			return error_set(err, ERR_INTERNAL,
					 "orders are damaged");
		if (!box_list_add(&w->boxes, &box))
			return error_set(err, ERR_MEMORY, "no memory");
	}
	return true;
}

/* ---- detecting ---- */

/*
 * A patient is issuer and ID; an empty ID counts by its study (DESIGN 2).
 * A file without either is a patient of its own.
 */
static bool patient_of(const struct worker *w, const struct image *image,
		       struct result *r, struct error *err)
{
	char *issuer = image_attribute(image, "00100021");
	char *id = image_attribute(image, "00100020");
	char *study = id ? NULL : image_attribute(image, "0020000d");
	struct buffer who = { 0 };
	bool ok;

	buffer_puts(&who, issuer ? issuer : "");
	buffer_puts(&who, "\n");
	buffer_puts(&who, id ? id : "");
	if (!id) {
		buffer_puts(&who, "\n");
		if (study)
			buffer_puts(&who, study);
		else
			buffer_append(&who, r->sha256, HASH_SIZE);
	}
	ok = !who.failed && hash_hmac(w->orders.patient_key, who.data,
				      who.length, r->patient);
	if (!ok)
		error_set(err, ERR_MEMORY, "no memory");
	buffer_done(&who);
	free(study);
	free(id);
	free(issuer);
	return ok;
}

/* Zeros stay where the file names no series. */
static bool series_of(const struct worker *w, const struct image *image,
		      struct result *r, struct error *err)
{
	char *uid = image_attribute(image, "0020000e");
	struct buffer which = { 0 };
	bool ok = true;

	if (uid) {
		buffer_printf(&which, "series\n%s", uid);
		ok = !which.failed &&
		     hash_hmac(w->orders.patient_key, which.data,
			       which.length, r->series);
	}
	if (!ok)
		error_set(err, ERR_MEMORY, "no memory");
	buffer_done(&which);
	free(uid);
	return ok;
}

static void send_ink(struct worker *w, const struct proposals *p)
{
	size_t left = p->ink ? (size_t)p->ink_columns * (size_t)p->ink_rows : 0;
	const uint8_t *at = p->ink;

	while (left > 0) {
		size_t n = left < MESSAGE_BODY ? left : MESSAGE_BODY;

		send_body(w, MESSAGE_INK, at, n);
		at += n;
		left -= n;
	}
}

static bool send_result(struct worker *w, const struct image *image,
			struct proposals *p, const uint8_t sha256[HASH_SIZE],
			bool known, struct error *err)
{
	struct result r = {
		.boxes = (long long)p->boxes.count,
		.ink_columns = p->ink ? p->ink_columns : 0,
		.ink_rows = p->ink ? p->ink_rows : 0,
		.frames_read = p->frames_read,
		.text = p->text, .faces = p->faces, .known = known,
	};

	memcpy(r.sha256, sha256, HASH_SIZE);
	if (r.boxes > MESSAGE_MAX_BOXES)
		return error_set(err, ERR_MEMORY, "too many boxes");
	if ((w->orders.has_key && (!patient_of(w, image, &r, err) ||
				   !series_of(w, image, &r, err))) ||
	    !layout_device(image, r.device, err) ||
	    !image_was_read(image, err))
		return false;
	send_message(w, MESSAGE_RESULT, &r);
	for (size_t i = 0; i < p->boxes.count; i++) {
		struct box *b = &p->boxes.box[i];

		wire_scrub(b->text, sizeof(b->text));
		wire_scrub(b->why, sizeof(b->why));
		send_message(w, MESSAGE_BOX, b);
	}
	send_ink(w, p);
	send_body(w, MESSAGE_END, NULL, 0);
	return true;
}

/* The supervisor learns the file's numbers, and may ask for more memory. */
static struct image *open_input(struct worker *w, struct error *err)
{
	struct image *image = image_open(w->fd[JOB_FD_INPUT], err);

	if (image)
		send_message(w, MESSAGE_OPENED, image_info(image));
	return image;
}

static bool run_detect(struct worker *w, struct error *err)
{
	const struct detect_progress progress = { tell, w };
	struct proposals p = { 0 };
	uint8_t sha256[HASH_SIZE];
	struct image *image = open_input(w, err);
	bool ok = false, known = false;

	if (!image)
		return false;
	ok = hash_file(w->fd[JOB_FD_INPUT], sha256, tell_hashing, w, err);
	if (ok)
		known = w->orders.has_known &&
			hash_equal(sha256, w->orders.known, HASH_SIZE);
	ok = ok &&
	     (known || detect_run(detectors, image, w->options, &progress, &p,
				  err)) &&
	     send_result(w, image, &p, sha256, known, err);
	proposals_done(&p);
	image_close(image);
	return ok;
}

/* What was blanked, with the rim that it may tint. */
static void grow_boxes(struct worker *w, const struct image *original)
{
	struct image_info info = *image_info(original);

	if (w->orders.mask.exact)
		mask_make_exact(&info);
	for (size_t i = 0; i < w->boxes.count; i++) {
		struct box *b = &w->boxes.box[i];
		bool rim;

		b->region = mask_grown(&info, b->region, &rim);
		b->region = region_clip(region_grow(b->region, rim ? 1 : 0),
					info.columns, info.rows);
	}
}

static bool same_size(const struct image *a, const struct image *b)
{
	return image_info(a)->columns == image_info(b)->columns &&
	       image_info(a)->rows == image_info(b)->rows &&
	       image_info(a)->frames == image_info(b)->frames;
}

/*
 * Is the input the file that was reviewed?  Asked when nothing more is read of
 * it, so that what took its place meanwhile is found as well.
 */
static bool is_reviewed(struct worker *w, struct error *err)
{
	uint8_t sha256[HASH_SIZE];

	if (!w->orders.has_known)
		return true;
	if (!hash_file(w->fd[JOB_FD_INPUT], sha256, tell_hashing, w, err))
		return false;
	return hash_equal(sha256, w->orders.known, HASH_SIZE) ||
	       error_refuse(err, REASON_CHANGED, NULL, 0);
}

/* The residual pass: what can still be seen beside the masks? */
static bool run_check(struct worker *w, struct error *err)
{
	const struct detect_progress progress = { tell, w };
	struct detect_options options = *w->options;
	struct proposals p = { 0 };
	uint8_t sha256[HASH_SIZE];
	struct image *original = open_input(w, err);
	struct image *copy = original ? image_open(w->fd[JOB_FD_OUTPUT], err) :
					NULL;
	bool ok = copy;

	if (ok && !same_size(original, copy))
		ok = error_refuse(err, REASON_CHANGED, NULL, 0);
	if (ok) {
		grow_boxes(w, original);
		options.masked = &w->boxes;
		options.original = original;
		ok = hash_file(w->fd[JOB_FD_OUTPUT], sha256, tell_hashing, w,
			       err) &&
		     detect_run(detectors, copy, &options, &progress, &p,
				err) &&
		     is_reviewed(w, err) && image_was_read(original, err) &&
		     send_result(w, copy, &p, sha256, false, err);
	}
	proposals_done(&p);
	image_close(copy);
	image_close(original);
	return ok;
}

/* ---- serving ---- */

static struct frame *servable(struct image *image, int index,
			      struct error *err)
{
	struct frame *frame = image_frame(image, index, err);
	struct frame *served = NULL;
	bool scaled;

	if (frame)
		served = voi_servable(image, frame, &scaled, err);
	frame_free(frame);
	return served;
}

/* Keep the larger (or smaller) of each pair of samples in *into. */
#define COMBINE(type) do { \
	type *a = into->sample; \
	const type *b = from->sample; \
	for (size_t i = 0; i < count; i++) \
		if ((b[i] > a[i]) == largest) \
			a[i] = b[i]; \
} while (0)

static void combine(struct frame *into, const struct frame *from, bool largest)
{
	size_t count = frame_bytes(into) / frame_sample_size(into->type);

	if (into->type == SAMPLE_U8)
		COMBINE(uint8_t);
	else if (into->type == SAMPLE_U16)
		COMBINE(uint16_t);
	else
		COMBINE(int16_t);
}

/* Over all frames: what a fixed look at a cine shows at once. */
static struct frame *projection(struct worker *w, struct image *image,
				bool largest, struct error *err)
{
	int frames = image_info(image)->frames;
	struct frame *sum = servable(image, 0, err);

	for (int i = 1; sum && i < frames; i++) {
		struct frame *f = servable(image, i, err);

		if (!f || f->type != sum->type ||
		    frame_bytes(f) != frame_bytes(sum)) {
			if (f)
				error_set(err, ERR_INTERNAL, "frames differ");
			frame_free(sum);
			frame_free(f);
			return NULL;
		}
		combine(sum, f, largest);
		frame_free(f);
		tell(w, (int)(1000LL * i / frames));
	}
	return sum;
}

/* Its room never shrinks: a plane takes fewer bytes than the picture has. */
static bool write_picture(struct worker *w, const struct frame *f,
			  struct error *err)
{
	const uint8_t *at = f->sample;
	size_t left = frame_bytes(f);
	off_t offset = 0;

	if (left > w->room) {
		if (ftruncate(w->fd[JOB_FD_OUTPUT], (off_t)left) != 0)
			return error_set(err, ERR_MEMORY,
					 "no memory for a picture");
		w->room = left;
	}
	while (left > 0) {
		ssize_t n = pwrite(w->fd[JOB_FD_OUTPUT], at, left, offset);

		if (n <= 0)
			return error_set(err, ERR_MEMORY,
					 "no memory for a picture");
		at += n;
		offset += n;
		left -= (size_t)n;
	}
	return true;
}

/* An overlay plane or the bits beside the stored ones, as a picture. */
static struct frame *plane_frame(struct image *image, int plane, int frame,
				 struct error *err)
{
	const struct image_info *info = image_info(image);
	struct frame *f = frame_new(info->columns, info->rows, SAMPLE_U8, 1,
				    err);
	bool ok = f, any;

	if (ok && plane == PLANE_BITS)
		ok = image_unused_bits(image, frame, f->sample, &any, err);
	for (int i = 0; ok && plane != PLANE_BITS && i < info->overlays; i++)
		if (info->overlay[i].group == plane)
			ok = image_overlay_plane(image, i, frame, f->sample,
						 NULL, err);
	if (ok)
		return f;
	frame_free(f);
	return NULL;
}

static struct frame *asked_frame(struct worker *w, struct image *image,
				 int index, struct error *err)
{
	int frame, plane = plane_of_frame(index, &frame);

	if (plane != PLANE_PICTURE)
		return plane_frame(image, plane, frame, err);
	return index < 0 ?
		projection(w, image, index == FRAME_LARGEST, err) :
		servable(image, index, err);
}

static bool serve_frame(struct worker *w, struct image *image, int index,
			struct error *err)
{
	struct frame *f = asked_frame(w, image, index, err);
	bool ok = f && write_picture(w, f, err);

	if (ok) {
		struct frame_answer answer = {
			.frame_index = index, .columns = f->columns,
			.rows = f->rows, .samples = f->samples,
			.type = f->type,
		};
		send_message(w, MESSAGE_FRAME, &answer);
	}
	frame_free(f);
	return ok;
}

static bool run_serve(struct worker *w, struct error *err)
{
	struct image *image = open_input(w, err);
	struct frame_request request;
	bool ok = image != NULL;

	while (ok && read(w->fd[JOB_FD_REQUEST], &request, sizeof(request)) ==
		     (ssize_t)sizeof(request))
		ok = serve_frame(w, image, request.frame_index, err);
	image_close(image);
	return ok;
}

/* ---- writing and verifying ---- */

static bool say_numbers(struct worker *w, struct error *err)
{
	struct image *image = open_input(w, err);

	image_close(image);
	return image != NULL;
}

static bool run_write(struct worker *w, struct error *err)
{
	struct mask_report report = { 0 };

	if (!say_numbers(w, err) ||
	    !mask_run(w->fd[JOB_FD_INPUT], w->fd[JOB_FD_OUTPUT],
		      &w->orders.mask, &w->boxes, &report, tell, w, err))
		return false;
	send_message(w, MESSAGE_WROTE, &report);
	return true;
}

static bool run_verify(struct worker *w, struct error *err)
{
	static const uint8_t unknown[32];
	const struct mask_job *job = &w->orders.mask;
	struct verify_result result = { 0 };

	if (!say_numbers(w, err) ||
	    !verify_run(w->fd[JOB_FD_INPUT], w->fd[JOB_FD_OUTPUT],
			job->profile,
			memcmp(job->uid_key, unknown, 32) ? job : NULL,
			&w->boxes, &result, tell, w, err))
		return false;
	send_message(w, MESSAGE_VERIFIED, &result);
	return true;
}

static bool (*const run_job[JOB_KINDS])(struct worker *w,
					struct error *err) = {
	[JOB_DETECT] = run_detect,
	[JOB_SERVE] = run_serve,
	[JOB_WRITE] = run_write,
	[JOB_VERIFY] = run_verify,
	[JOB_CHECK] = run_check,
};

static void send_error(struct worker *w, const struct error *err)
{
	struct refusal r = { .reason = err->reason, .number = err->number };
	struct failure f = { err->code == ERR_NONE ? ERR_INTERNAL : err->code };

	memcpy(r.uid, err->uid, sizeof(r.uid));
	if (err->code == ERR_MEMORY)
		r = (struct refusal){ .reason = REASON_NO_MEMORY };
	if (r.reason != REASON_NONE)
		send_message(w, MESSAGE_REFUSED, &r);
	else
		send_message(w, MESSAGE_FAILED, &f);
}

/*
 * Frames take and give back the same few megabytes again and again.  Without
 * this each goes back to the system and comes again page by page, a thirtieth
 * of the time of a moving picture; a worker ends with its file anyway.
 */
static void keep_memory(void)
{
#ifdef M_TRIM_THRESHOLD
	enum { LARGE = 4 << 20, KEPT = 8 << 20 };       /* bytes */

	mallopt(M_MMAP_THRESHOLD, LARGE);
	mallopt(M_TRIM_THRESHOLD, KEPT);
#endif
}

/* In the forked process; never returns. */
static void worker_main(const struct zygote *z, const struct zygote_message *m,
			const int fd[JOB_FDS])
{
	struct worker w = { .options = &z->options, .kind = m->kind,
			    .job = m->job };
	struct sandbox limits = {
		.parent = z->pid, .keep = fd, .keep_count = job_fds[m->kind],
		.address_space = m->address_space,
		.file_size = m->file_size, .cpu_s = CPU_S,
	};
	struct error err = { 0 };

	memcpy(w.fd, fd, sizeof(w.fd));
	if (m->kind == JOB_DETECT || m->kind == JOB_CHECK) {
		setpriority(PRIO_PROCESS, 0, DETECT_NICE);
		keep_memory();
	}
	if (!sandbox_enter(&limits, z->lock))
		_exit(WORKER_LIMITS);
	if (!read_orders(&w, &err) || !run_job[m->kind](&w, &err))
		send_error(&w, &err);
	_exit(WORKER_DONE);
}

/* ---- the zygote ---- */

static void answer(const struct zygote_message *m)
{
	/* the supervisor is gone: nothing is left to do */
	if (send(ZYGOTE_SOCKET, m, sizeof(*m), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(*m))
		_exit(WORKER_PIPE);
}

static void start_worker(struct zygote *z, const struct zygote_message *m,
			 const int fd[JOB_FDS])
{
	struct child *c = &z->child[z->children];
	pid_t pid = z->children < ZYGOTE_WORKERS ? fork() : -1;

	if (pid == 0)
		worker_main(z, m, fd);
	if (pid < 0) {
		answer(&(struct zygote_message){ .type = ZYGOTE_NO_WORKER,
						 .job = m->job });
		return;
	}
	*c = (struct child){ .job = m->job, .pid = pid };
	c->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (c->pidfd < 0) {
		kill(pid, SIGKILL);
		_exit(WORKER_PIPE);
	}
	z->children++;
}

static void kill_worker(const struct zygote *z, uint32_t job)
{
	for (int i = 0; i < z->children; i++)
		if (z->child[i].job == job)
			kill(z->child[i].pid, SIGKILL);
}

/* How it died goes to the supervisor; pidfds, as SIGCHLD may get lost. */
static void reap(struct zygote *z, int index)
{
	struct child *c = &z->child[index];
	siginfo_t how = { 0 };

	if (waitid(P_PID, (id_t)c->pid, &how, WEXITED) != 0)
		_exit(WORKER_PIPE);
	close(c->pidfd);
	answer(&(struct zygote_message){ .type = ZYGOTE_ENDED, .job = c->job,
					 .code = how.si_code,
					 .status = how.si_status });
	*c = z->child[--z->children];
}

/* One message with its descriptors; false at the end. */
static bool receive(struct zygote_message *m, int fd[JOB_FDS], int *fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * JOB_FDS)];
	} control = { 0 };
	struct iovec part = { m, sizeof(*m) };
	struct msghdr header = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c;

	*fds = 0;
	if (recvmsg(ZYGOTE_SOCKET, &header, MSG_CMSG_CLOEXEC) !=
	    (ssize_t)sizeof(*m))
		return false;
	c = CMSG_FIRSTHDR(&header);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		*fds = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fd, CMSG_DATA(c), (size_t)*fds * sizeof(int));
	}
	return true;
}

static void obey(struct zygote *z)
{
	struct zygote_message m;
	int fd[JOB_FDS] = { -1, -1, -1, -1, -1 };
	int fds;

	if (!receive(&m, fd, &fds))
		_exit(0);
	if (m.type == ZYGOTE_KILL)
		kill_worker(z, m.job);
	else if (m.type == ZYGOTE_JOB && (unsigned)m.kind < JOB_KINDS &&
		 fds == job_fds[m.kind])
		start_worker(z, &m, fd);
	for (int i = 0; i < fds; i++)
		close(fd[i]);
}

static void zygote_loop(struct zygote *z)
{
	struct pollfd watch[1 + ZYGOTE_WORKERS];

	for (;;) {
		int children = z->children;

		watch[0] = (struct pollfd){ ZYGOTE_SOCKET, POLLIN, 0 };
		for (int i = 0; i < children; i++)
			watch[1 + i] = (struct pollfd){ z->child[i].pidfd,
							POLLIN, 0 };
		if (poll(watch, (nfds_t)(1 + children), -1) < 0)
			continue;
		/* backwards: reap() moves the last into the gap */
		for (int i = children - 1; i >= 0; i--)
			if (watch[1 + i].revents)
				reap(z, i);
		if (watch[0].revents)
			obey(z);
	}
}

/* As start_zygote() in worker.c writes them. */
static bool read_face_options(struct detect_options *o, const char *digits,
			      const char *folder)
{
	size_t length = strlen(folder);

	if (length >= sizeof(o->face_models) || strlen(digits) != 2)
		return false;
	o->faces = (enum face_looking)((digits[0] - '0') % FACE_LOOKINGS);
	o->face_eyes = digits[1] == '1';
	memcpy(o->face_models, folder, length + 1);
	return true;
}

/* An option that is a name of a file, "" when it was not given. */
static bool read_name(char *name, size_t size, const char *given)
{
	size_t length = strlen(given);

	if (length >= size)
		return false;
	memcpy(name, given, length + 1);
	return true;
}

static bool zygote_prepare(struct zygote *z, char **argv, struct error *err)
{
	size_t length = strlen(argv[2]);

	if (!sandbox_null_stdio())
		return error_set(err, ERR_INTERNAL, "/dev/null is missing");
	if (length >= sizeof(z->options.languages))
		return error_set(err, ERR_INTERNAL, "too many languages");
	memcpy(z->options.languages, argv[2], length);
	if (!read_face_options(&z->options, argv[3], argv[4]))
		return error_set(err, ERR_INTERNAL, "--face-models: the name "
				 "is too long");
	if (!read_name(z->options.words, sizeof(z->options.words), argv[5]))
		return error_set(err, ERR_INTERNAL, "--words: the name is "
				 "too long");
	z->pid = getpid();
	if (!hash_warm_up(err) || !image_warm_up(err))
		return false;
	/* no language: this zygote writes and verifies only */
	if (length > 0 && !detect_load(detectors, &z->options, err))
		return false;
	if (sandbox_threads() != 1)
		return error_set(err, ERR_INTERNAL,
				 "a library has started a thread");
	z->lock = sandbox_lock_new();
	if (!z->lock || !sandbox_enter_zygote(z->lock))
		return error_set(err, ERR_INTERNAL,
				 "the reading process can't be locked in");
	return true;
}

int worker_zygote_main(int argc, char **argv)
{
	struct zygote_message ready = { .type = ZYGOTE_READY };
	struct zygote z = { 0 };
	int type;
	socklen_t size = sizeof(type);

	if (argc != 6 || getsockopt(ZYGOTE_SOCKET, SOL_SOCKET, SO_TYPE, &type,
				    &size) != 0 || type != SOCK_SEQPACKET)
		return error_exit_status(ERR_USAGE);
	setsid();               /* keys like ^C and ^Z are not for it */
	signal(SIGPIPE, SIG_IGN);
	sandbox_close_from(ZYGOTE_SOCKET + 1);
	if (!zygote_prepare(&z, argv, &ready.error))
		ready.type = ZYGOTE_UNFIT;
	else if (z.options.languages[0])
		detect_by(detectors, &z.options, ready.by, sizeof(ready.by));
	answer(&ready);
	if (ready.type == ZYGOTE_UNFIT)
		return error_exit_status(ready.error.code);
	zygote_loop(&z);
	return 0;
}
