/*
 * worker.c - the supervisor's side: starts the zygote, queues jobs, checks
 * everything that workers say, and turns their deaths into refusals.  What
 * runs inside the zygote and its workers is in zygote.c.
 */
#include "config.h"

#include "process/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "process/message.h"
#include "record/policy.h"

enum {
	SILENCE_MS = 10000,             /* DESIGN 4 */
	LOADING_MS = 120000,            /* for models, from a slow disk */
	RESTARTS = 1,
	MESSAGE_HEAD_SIZE = 5 * 8,
	READ_SIZE = 64 * 1024,
};

/* RLIMIT_AS (DESIGN 4). */
#define MEMORY_NORMAL (768ULL << 20)
#define MEMORY_LARGE (3072ULL << 20)
/* What a file may ask for before it is class large: the zygote's own address
 * space and the libraries' needs fit into the rest. */
#define MEMORY_OF_FILE (512LL << 20)

enum job_state { STATE_WAITING, STATE_RUNNING };
enum job_stage {
	STAGE_STARTED,          /* nothing said yet */
	STAGE_OPENED,
	STAGE_RESULT,           /* boxes and ink are coming */
	STAGE_COMPLETE,         /* the last word was said */
};

struct job {
	struct job *next;
	uint32_t id;
	enum job_kind kind;
	enum job_state state;
	enum job_stage stage;
	bool large, relaunch, cancelled, slow, fault;
	int input, output, orders;      /* -1: none; output also the picture */
	int result, request;            /* our ends, while it runs */
	bool sealed;
	int64_t started_ms;
	int64_t heard_ms, killed_ms;    /* 0: not killed */
	uint32_t seq;
	struct buffer in;
	struct result announced;
	size_t ink_filled;
	int *asked;                     /* frames, the first one is under way */
	size_t asked_count, asked_capacity;
	struct worker_event event;      /* what it will end with */
	struct queued *last;            /* room for it */
};

struct queued {
	struct queued *next;
	struct worker_event event;
};

struct workers {
	struct detect_options options;
	int epoll, timer, wake;
	int socket;                     /* -1: no zygote */
	pid_t zygote;
	bool ready, given_up;
	int restarts;
	int64_t started_ms;
	struct error failure;           /* why it was given up */
	char by[WORKERS_BY];
	struct job *first;
	uint32_t last_id;
	struct queued *events, **end;
	int jobs, silence_ms;
};

/* ---- events ---- */

void worker_event_done(struct worker_event *event)
{
	proposals_done(&event->proposals);
	frame_free(event->frame);
	event->frame = NULL;
}

static void queue_in(struct workers *w, struct queued *q,
		     struct worker_event *event)
{
	q->event = *event;
	q->next = NULL;
	memset(event, 0, sizeof(*event));
	if (!w->events)
		eventfd_write(w->wake, 1);
	*w->end = q;
	w->end = &q->next;
}

/* Takes over what *event owns.  False when there is no memory. */
static bool queue(struct workers *w, const struct job *j,
		  struct worker_event *event)
{
	struct queued *q = j->cancelled ? NULL : malloc(sizeof(*q));

	if (q)
		queue_in(w, q, event);
	else
		worker_event_done(event);
	return q || j->cancelled;
}

/* Forget what is queued of a job. */
static void drop_events(struct workers *w, unsigned long job)
{
	struct queued **at = &w->events;
	eventfd_t count;

	while (*at) {
		struct queued *q = *at;

		if (q->event.job != job) {
			at = &q->next;
			continue;
		}
		*at = q->next;
		worker_event_done(&q->event);
		free(q);
		if (!w->events)
			eventfd_read(w->wake, &count);
	}
	w->end = at;
}

static bool unqueue(struct workers *w, struct worker_event *event)
{
	struct queued *q = w->events;
	eventfd_t count;

	if (!q)
		return false;
	*event = q->event;
	w->events = q->next;
	if (!w->events) {
		w->end = &w->events;
		eventfd_read(w->wake, &count);
	}
	free(q);
	return true;
}

static void refuse(struct job *j, enum reason reason, const char *uid,
		   long long number)
{
	worker_event_done(&j->event);
	j->event = (struct worker_event){
		.type = WORKER_REFUSED, .job = j->id, .reason = reason,
		.number = number,
	};
	error_refuse(&j->event.error, reason, uid, number);
	memcpy(j->event.uid, j->event.error.uid, sizeof(j->event.uid));
}

static const char *failure_text(enum error_code code)
{
	switch (code) {
	case ERR_USAGE:
		return N_("a box lies outside the picture or names a frame "
			  "that does not exist");
	case ERR_WRITE:
		return N_("the output could not be written: check free space");
	default:
		return N_("the program failed on this file: report it");
	}
}

static void fail(struct job *j, enum error_code code, const char *text)
{
	worker_event_done(&j->event);
	j->event = (struct worker_event){ .type = WORKER_FAILED,
					  .job = j->id };
	error_set(&j->event.error, code, "%s", _(text));
}

/* ---- jobs ---- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Our ends of the pipes: the worker is gone. */
static void close_pipes(struct workers *w, struct job *j)
{
	if (j->result >= 0)
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, j->result, NULL);
	close_fd(&j->result);
	close_fd(&j->request);
	buffer_done(&j->in);
	j->in = (struct buffer){ 0 };
}

static void job_free(struct workers *w, struct job *j)
{
	struct job **at = &w->first;

	while (*at && *at != j)
		at = &(*at)->next;
	if (*at)
		*at = j->next;
	close_pipes(w, j);
	close_fd(&j->input);
	close_fd(&j->output);
	close_fd(&j->orders);
	worker_event_done(&j->event);
	free(j->last);
	free(j->asked);
	free(j);
}

static struct job *job_find(struct workers *w, unsigned long id)
{
	for (struct job *j = w->first; j; j = j->next)
		if (j->id == id)
			return j;
	return NULL;
}

/* Hand the last event out and forget the job. */
static void job_end(struct workers *w, struct job *j)
{
	if (!j->cancelled) {
		queue_in(w, j->last, &j->event);
		j->last = NULL;
	}
	job_free(w, j);
}

static bool tell_zygote(struct workers *w, const struct zygote_message *m,
			const int *fd, int fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * JOB_FDS)];
	} control = { 0 };
	struct iovec part = { (void *)(uintptr_t)m, sizeof(*m) };
	struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fds > 0) {
		size_t size = sizeof(int) * (size_t)fds;
		struct cmsghdr *c;

		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(size);
		c = CMSG_FIRSTHDR(&header);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(c), fd, size);
	}
	return w->socket >= 0 && sendmsg(w->socket, &header,
					 MSG_NOSIGNAL | MSG_DONTWAIT) ==
					 (ssize_t)sizeof(*m);
}

static void kill_job(struct workers *w, struct job *j)
{
	struct zygote_message m = { .type = ZYGOTE_KILL, .job = j->id };

	if (j->state != STATE_RUNNING || j->killed_ms)
		return;
	j->killed_ms = clock_ms();
	/* a zygote that does not listen is found by the timer */
	tell_zygote(w, &m, NULL, 0);
}

/* ---- what a worker says ---- */

/* The file's own numbers decide on the class of memory. */
static bool needs_large(const struct image_info *info)
{
	long long pixels = (long long)info->columns * info->rows;
	long long bytes = pixels * info->samples *
			  (long long)frame_sample_size(info->type);

	return bytes * 3 + pixels * 8 > MEMORY_OF_FILE;
}

static bool take_progress(struct workers *w, struct job *j,
			  const uint8_t *body, size_t length)
{
	struct worker_event e = { .type = WORKER_PROGRESS, .job = j->id };
	struct progress_message m;

	(void)length;
	if (!wire_unpack(message_table[MESSAGE_PROGRESS], body, &m))
		return false;
	e.permille = m.permille;
	return queue(w, j, &e);
}

/* Pass the oldest question on. */
static void ask_first(struct job *j)
{
	struct frame_request r;

	if (j->asked_count == 0 || j->stage != STAGE_OPENED || j->request < 0)
		return;
	r.frame_index = j->asked[0];
	j->heard_ms = clock_ms();
	/* one at a time: it always fits into the pipe; a broken pipe shows as
	 * the worker's death */
	if (write(j->request, &r, sizeof(r)) < 0)
		return;
}

static bool take_opened(struct workers *w, struct job *j, const uint8_t *body,
			size_t length)
{
	struct worker_event e = { .type = WORKER_OPENED, .job = j->id };
	struct image_info *info = &j->event.info;

	(void)length;
	if (!wire_unpack(message_table[MESSAGE_OPENED], body, info) ||
	    (long long)info->columns * info->rows > FRAME_MAX_PIXELS)
		return false;
	j->stage = STAGE_OPENED;
	if (!j->large && needs_large(info)) {
		j->relaunch = true;
		kill_job(w, j);
		return true;
	}
	if (j->kind != JOB_DETECT && j->kind != JOB_SERVE)
		return true;            /* nobody waits for it */
	e.info = *info;
	ask_first(j);
	return queue(w, j, &e);
}

static int ink_cells(int pixels)
{
	return (pixels + INK_CELL - 1) / INK_CELL;
}

static bool take_result(struct workers *w, struct job *j, const uint8_t *body,
			size_t length)
{
	struct proposals *p = &j->event.proposals;
	const struct image_info *info = &j->event.info;
	struct result *r = &j->announced;

	(void)w, (void)length;
	if (!wire_unpack(message_table[MESSAGE_RESULT], body, r))
		return false;
	if ((r->ink_columns != 0 || r->ink_rows != 0) &&
	    (r->ink_columns != ink_cells(info->columns) ||
	     r->ink_rows != ink_cells(info->rows)))
		return false;
	p->ink_columns = r->ink_columns;
	p->ink_rows = r->ink_rows;
	p->frames_read = r->frames_read;
	p->text = r->text;
	p->faces = r->faces;
	j->event.known = r->known;
	if (r->ink_columns > 0) {
		p->ink = mem_array((size_t)r->ink_columns,
				   (size_t)r->ink_rows);
		if (!p->ink)
			return false;
	}
	memcpy(j->event.sha256, r->sha256, sizeof(r->sha256));
	memcpy(j->event.patient, r->patient, sizeof(r->patient));
	memcpy(j->event.series, r->series, sizeof(r->series));
	memcpy(j->event.device, r->device, sizeof(r->device));
	j->stage = STAGE_RESULT;
	return true;
}

static bool plane_ok(int plane)
{
	return plane == PLANE_PICTURE || plane == PLANE_BITS ||
	       (plane >= 0x6000 && plane <= 0x60fe && plane % 2 == 0);
}

static bool take_box(struct workers *w, struct job *j, const uint8_t *body,
		     size_t length)
{
	const struct image_info *info = &j->event.info;
	struct box_list *list = &j->event.proposals.boxes;
	struct box box = { 0 };

	(void)w, (void)length;
	return (long long)list->count < j->announced.boxes &&
	       wire_unpack(&box_table, body, &box) &&
	       0 <= box.region.x0 && box.region.x0 < box.region.x1 &&
	       0 <= box.region.y0 && box.region.y0 < box.region.y1 &&
	       box.region.x1 <= info->columns &&
	       box.region.y1 <= info->rows &&
	       0 <= box.frame0 && box.frame0 <= box.frame1 &&
	       box.frame1 < info->frames &&
	       plane_ok(box.plane) && box_list_add(list, &box);
}

static bool take_ink(struct workers *w, struct job *j, const uint8_t *body,
		     size_t length)
{
	struct proposals *p = &j->event.proposals;
	size_t total = (size_t)p->ink_columns * (size_t)p->ink_rows;

	(void)w;
	if (length == 0 || length > total - j->ink_filled)
		return false;
	memcpy(p->ink + j->ink_filled, body, length);
	j->ink_filled += length;
	return true;
}

/* At most BOX_MAX_PER_FRAME boxes of a tier in each frame? */
static bool frames_ok(const struct proposals *p, int frames)
{
	int *change = mem_array((size_t)frames + 1, sizeof(*change) * TIERS);
	bool ok = change != NULL;

	for (size_t i = 0; ok && i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		change[b->frame0 * TIERS + (int)b->tier]++;
		change[(b->frame1 + 1) * TIERS + (int)b->tier]--;
	}
	for (int i = 0; ok && i < frames * TIERS; i++) {
		if (i >= TIERS)
			change[i] += change[i - TIERS];
		ok = change[i] <= BOX_MAX_PER_FRAME;
	}
	free(change);
	return ok;
}

static bool take_end(struct workers *w, struct job *j, const uint8_t *body,
		     size_t length)
{
	struct proposals *p = &j->event.proposals;

	(void)w, (void)body, (void)length;
	if ((long long)p->boxes.count != j->announced.boxes ||
	    j->ink_filled != (size_t)p->ink_columns * (size_t)p->ink_rows ||
	    !frames_ok(p, j->event.info.frames))
		return false;
	j->event.type = WORKER_DETECTED;
	j->event.ms = clock_ms() - j->started_ms;
	j->stage = STAGE_COMPLETE;
	return true;
}

/* The picture is copied: no map of memory that a worker can change. */
static struct frame *copy_picture(struct job *j, const struct frame_answer *a)
{
	struct frame *f = frame_new(a->columns, a->rows, a->type, a->samples,
				    NULL);
	size_t left = f ? frame_bytes(f) : 0;
	uint8_t *to = f ? f->sample : NULL;
	struct stat st;
	off_t at = 0;

	/* planes are smaller than the picture, and lie in the same memory */
	if (!f || fstat(j->output, &st) != 0 || st.st_size < (off_t)left)
		goto fail;
	while (left > 0) {
		ssize_t n = pread(j->output, to, left, at);

		if (n <= 0)
			goto fail;
		to += n;
		at += n;
		left -= (size_t)n;
	}
	return f;
fail:
	frame_free(f);
	return NULL;
}

static bool take_frame(struct workers *w, struct job *j, const uint8_t *body,
		       size_t length)
{
	struct worker_event e = { .type = WORKER_FRAME, .job = j->id };
	struct frame_answer a;

	(void)length;
	if (!wire_unpack(message_table[MESSAGE_FRAME], body, &a) ||
	    j->asked_count == 0 || a.frame_index != j->asked[0] ||
	    a.columns != j->event.info.columns ||
	    a.rows != j->event.info.rows)
		return false;
	if (!j->sealed &&
	    fcntl(j->output, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
		return false;
	j->sealed = true;
	e.frame_index = a.frame_index;
	e.frame = copy_picture(j, &a);
	if (!e.frame || !queue(w, j, &e))
		return false;
	memmove(j->asked, j->asked + 1, --j->asked_count * sizeof(*j->asked));
	ask_first(j);
	return true;
}

static bool take_wrote(struct workers *w, struct job *j, const uint8_t *body,
		       size_t length)
{
	(void)w, (void)length;
	j->event.type = WORKER_WROTE;
	j->stage = STAGE_COMPLETE;
	return wire_unpack(message_table[MESSAGE_WROTE], body,
			   &j->event.report);
}

static bool take_verified(struct workers *w, struct job *j,
			  const uint8_t *body, size_t length)
{
	(void)w, (void)length;
	j->event.type = WORKER_VERIFIED;
	j->stage = STAGE_COMPLETE;
	return wire_unpack(message_table[MESSAGE_VERIFIED], body,
			   &j->event.verify);
}

static bool take_refused(struct workers *w, struct job *j,
			 const uint8_t *body, size_t length)
{
	struct refusal r = { 0 };

	(void)w, (void)length;
	if (!wire_unpack(message_table[MESSAGE_REFUSED], body, &r))
		return false;
	refuse(j, r.reason, r.uid, r.number);
	j->stage = STAGE_COMPLETE;
	return true;
}

static bool take_failed(struct workers *w, struct job *j, const uint8_t *body,
			size_t length)
{
	struct failure f = { 0 };

	(void)w, (void)length;
	if (!wire_unpack(message_table[MESSAGE_FAILED], body, &f))
		return false;
	fail(j, f.code, failure_text(f.code));
	j->stage = STAGE_COMPLETE;
	return true;
}

#define ANY_KIND ((1u << JOB_KINDS) - 1)
#define BIT(n) (1u << (n))
#define DETECTING (BIT(JOB_DETECT) | BIT(JOB_CHECK))
#define OPENED_OR_BEFORE (BIT(STAGE_STARTED) | BIT(STAGE_OPENED))

/* Who may say what, and when. */
static const struct {
	unsigned kinds, stages;
	bool (*take)(struct workers *w, struct job *j, const uint8_t *body,
		     size_t length);
} rules[MESSAGE_TYPES] = {
	[MESSAGE_PROGRESS] = { ANY_KIND, OPENED_OR_BEFORE, take_progress },
	[MESSAGE_OPENED] = { ANY_KIND, BIT(STAGE_STARTED), take_opened },
	[MESSAGE_RESULT] = { DETECTING, BIT(STAGE_OPENED), take_result },
	[MESSAGE_BOX] = { DETECTING, BIT(STAGE_RESULT), take_box },
	[MESSAGE_INK] = { DETECTING, BIT(STAGE_RESULT), take_ink },
	[MESSAGE_END] = { DETECTING, BIT(STAGE_RESULT), take_end },
	[MESSAGE_FRAME] = { BIT(JOB_SERVE), BIT(STAGE_OPENED), take_frame },
	[MESSAGE_WROTE] = { BIT(JOB_WRITE), BIT(STAGE_OPENED), take_wrote },
	[MESSAGE_VERIFIED] = { BIT(JOB_VERIFY), BIT(STAGE_OPENED),
			       take_verified },
	[MESSAGE_REFUSED] = { ANY_KIND, OPENED_OR_BEFORE, take_refused },
	[MESSAGE_FAILED] = { ANY_KIND, OPENED_OR_BEFORE, take_failed },
};

/* One whole message, if there is one: its length; 0 none yet; -1 a fault. */
static long take_message(struct workers *w, struct job *j, const uint8_t *data,
			 size_t length)
{
	struct message_head h;
	size_t fixed;

	if (length < MESSAGE_HEAD_SIZE)
		return 0;
	if (!wire_unpack(&head_table, data, &h) || h.job != j->id ||
	    h.seq != j->seq || !(rules[h.type].kinds & BIT(j->kind)) ||
	    !(rules[h.type].stages & BIT(j->stage)))
		return -1;
	fixed = wire_length(message_table[h.type]);
	if (h.type != MESSAGE_INK && h.length != fixed)
		return -1;
	if (length < MESSAGE_HEAD_SIZE + h.length)
		return 0;
	j->seq++;
	if (!rules[h.type].take(w, j, data + MESSAGE_HEAD_SIZE, h.length))
		return -1;
	return (long)(MESSAGE_HEAD_SIZE + h.length);
}

static void take_messages(struct workers *w, struct job *j)
{
	size_t done = 0;
	long n;

	do {
		n = take_message(w, j, (uint8_t *)j->in.data + done,
				 j->in.length - done);
		if (n > 0)
			done += (size_t)n;
	} while (n > 0);
	if (n < 0) {
		j->fault = true;
		kill_job(w, j);
	}
	j->in.length -= done;
	if (done > 0)
		memmove(j->in.data, j->in.data + done, j->in.length);
}

/* Read what has come.  False at the end of the pipe, or when it is empty. */
static bool read_result(struct workers *w, struct job *j)
{
	uint8_t bytes[READ_SIZE];
	ssize_t n = read(j->result, bytes, sizeof(bytes));

	if (n < 0 && errno == EINTR)
		return true;
	if (n == 0)             /* the zygote will say how it ended */
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, j->result, NULL);
	if (n <= 0)
		return false;
	j->heard_ms = clock_ms();
	if (j->fault || j->relaunch)
		return true;
	buffer_append(&j->in, bytes, (size_t)n);
	if (j->in.failed) {
		j->fault = true;
		kill_job(w, j);
	} else {
		take_messages(w, j);
	}
	return true;
}

/* ---- starting ---- */

static struct job *job_new(struct workers *w, enum job_kind kind, int input,
			   int output, struct error *err)
{
	struct job *j;

	if (w->given_up) {
		*err = w->failure;
		return NULL;
	}
	j = malloc(sizeof(*j));
	if (!j) {
		error_set(err, ERR_MEMORY, _("no memory for a job"));
		return NULL;
	}
	*j = (struct job){ .kind = kind, .orders = -1, .result = -1,
			   .request = -1, .last = malloc(sizeof(*j->last)) };
	j->input = fcntl(input, F_DUPFD_CLOEXEC, 0);
	j->output = kind == JOB_SERVE ?
		memfd_create("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING) :
		output >= 0 ? fcntl(output, F_DUPFD_CLOEXEC, 0) : -1;
	if (j->last && j->input >= 0 &&
	    (j->output >= 0 || kind == JOB_DETECT))
		return j;
	error_set(err, ERR_INTERNAL, _("too many open files"));
	job_free(w, j);
	return NULL;
}

static bool put_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n <= 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

static bool put_boxes(int fd, const struct box_list *boxes)
{
	uint8_t bytes[1024];
	size_t length = wire_length(&box_table);

	if (length > sizeof(bytes))
		return false;
	for (size_t i = 0; i < boxes->count; i++) {
		struct box box = boxes->box[i];

		/* numbers only: what was read stays here */
		memset(box.text, 0, sizeof(box.text));
		memset(box.why, 0, sizeof(box.why));
		wire_pack(&box_table, &box, bytes);
		if (!put_all(fd, bytes, length))
			return false;
	}
	return true;
}

static bool make_orders(struct job *j, struct orders *o,
			const struct box_list *boxes, struct error *err)
{
	uint8_t bytes[1024];
	size_t length = wire_length(&orders_table);

	o->boxes = boxes ? (long long)boxes->count : 0;
	if (o->boxes > MESSAGE_MAX_BOXES)
		return error_set(err, ERR_RANGE, _("too many boxes"));
	j->orders = memfd_create("orders", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (j->orders < 0)
		return error_set(err, ERR_INTERNAL, _("a job can't be started: "
						      "%s"), strerror(errno));
	wire_pack(&orders_table, o, bytes);
	if (length > sizeof(bytes) ||
	    !put_all(j->orders, bytes, length) ||
	    (boxes && !put_boxes(j->orders, boxes)) ||
	    fcntl(j->orders, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK |
					  F_SEAL_GROW | F_SEAL_WRITE) != 0)
		return error_set(err, ERR_MEMORY, _("no memory for a job"));
	return true;
}

static void start_waiting(struct workers *w);

static unsigned long job_add(struct workers *w, struct job *j)
{
	struct job **at = &w->first;
	unsigned long id;

	j->id = ++w->last_id;
	j->event.job = j->id;
	while (*at)
		at = &(*at)->next;
	*at = j;
	id = j->id;
	start_waiting(w);
	return id;
}

static unsigned long add_with_orders(struct workers *w, enum job_kind kind,
				     int in_fd, int out_fd, struct orders *o,
				     const struct box_list *boxes,
				     struct error *err)
{
	struct job *j = job_new(w, kind, in_fd, out_fd, err);

	if (!j)
		return 0;
	if (!make_orders(j, o, boxes, err)) {
		job_free(w, j);
		return 0;
	}
	return job_add(w, j);
}

unsigned long workers_detect(struct workers *w, int fd,
			     const uint8_t *patient_key, const uint8_t *known,
			     struct error *err)
{
	struct orders o = { .has_key = patient_key != NULL,
			    .has_known = known != NULL };

	if (patient_key)
		memcpy(o.patient_key, patient_key, sizeof(o.patient_key));
	if (known)
		memcpy(o.known, known, sizeof(o.known));
	return add_with_orders(w, JOB_DETECT, fd, -1, &o, NULL, err);
}

unsigned long workers_serve(struct workers *w, int fd, struct error *err)
{
	struct orders o = { 0 };

	return add_with_orders(w, JOB_SERVE, fd, -1, &o, NULL, err);
}

unsigned long workers_write(struct workers *w, int in_fd, int out_fd,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err)
{
	struct orders o = { .mask = *job };

	return add_with_orders(w, JOB_WRITE, in_fd, out_fd, &o, boxes, err);
}

unsigned long workers_verify(struct workers *w, int in_fd, int out_fd,
			     const struct mask_job *job,
			     const struct box_list *boxes, struct error *err)
{
	struct orders o = { .mask = *job };

	return add_with_orders(w, JOB_VERIFY, in_fd, out_fd, &o, boxes, err);
}

unsigned long workers_check(struct workers *w, int in_fd, int out_fd,
			    const uint8_t *in_sha256,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err)
{
	struct orders o = { .mask = *job, .has_known = in_sha256 != NULL };

	if (in_sha256)
		memcpy(o.known, in_sha256, sizeof(o.known));
	return add_with_orders(w, JOB_CHECK, in_fd, out_fd, &o, boxes, err);
}

/* Bytes that a job may write to one descriptor. */
static uint64_t file_size_limit(const struct job *j)
{
	struct stat st;

	switch (j->kind) {
	case JOB_SERVE:                 /* decoded at once: DESIGN 4 */
		return 1ULL << 30;
	case JOB_WRITE:                 /* re-encoding without loss may grow */
		if (fstat(j->input, &st) != 0)
			return 0;
		return ((uint64_t)st.st_size << 4) + (64ULL << 20);
	default:
		return 0;
	}
}

/* Pipes to it; fd[] gets the worker's ends.  False leaves nothing open. */
static bool make_pipes(struct workers *w, struct job *j, int fd[JOB_FDS])
{
	struct epoll_event watch = { .events = EPOLLIN, .data.ptr = j };
	int result[2] = { -1, -1 }, request[2] = { -1, -1 };

	if (pipe2(result, O_CLOEXEC) != 0 ||
	    (j->kind == JOB_SERVE && pipe2(request, O_CLOEXEC) != 0) ||
	    fcntl(result[0], F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(w->epoll, EPOLL_CTL_ADD, result[0], &watch) != 0) {
		for (int i = 0; i < 2; i++) {
			close_fd(&result[i]);
			close_fd(&request[i]);
		}
		return false;
	}
	j->result = result[0];
	j->request = request[1];
	fd[JOB_FD_RESULT] = result[1];
	fd[JOB_FD_REQUEST] = request[0];
	return true;
}

static void job_start(struct workers *w, struct job *j)
{
	int fd[JOB_FDS] = { j->input, j->orders, -1, j->output, -1 };
	struct zygote_message m = {
		.type = ZYGOTE_JOB, .job = j->id, .kind = j->kind,
		.address_space = j->large ? MEMORY_LARGE : MEMORY_NORMAL,
		.file_size = file_size_limit(j),
	};

	if (!make_pipes(w, j, fd)) {
		fail(j, ERR_INTERNAL, N_("too many open files"));
		job_end(w, j);
		return;
	}
	j->state = STATE_RUNNING;
	j->stage = STAGE_STARTED;
	j->heard_ms = j->started_ms = clock_ms();
	j->seq = 0;
	/* when it can't be told, its socket ends or the timer finds it */
	tell_zygote(w, &m, fd, job_fds[j->kind]);
	close_fd(&fd[JOB_FD_RESULT]);
	close_fd(&fd[JOB_FD_REQUEST]);
}

/* Tick ten times in the shortest time that counts, while there is work. */
static void set_timer(struct workers *w)
{
	bool on = w->first != NULL || !w->ready;
	long tick_ns = on ? w->silence_ms / 10 * 1000000L : 0;
	struct itimerspec t = { { 0, 0 }, { 0, 0 } };

	t.it_value.tv_sec = t.it_interval.tv_sec = tick_ns / 1000000000;
	t.it_value.tv_nsec = t.it_interval.tv_nsec = tick_ns % 1000000000;
	timerfd_settime(w->timer, 0, &t, NULL);
}

/* Count what runs; workers that serve are idle most of the time. */
static void count_running(const struct workers *w, int *working, int *all,
			  bool *large)
{
	*working = *all = 0;
	*large = false;
	for (const struct job *j = w->first; j; j = j->next) {
		if (j->state != STATE_RUNNING)
			continue;
		++*all;
		*working += j->kind != JOB_SERVE;
		*large = *large || j->large;
	}
}

static void start_waiting(struct workers *w)
{
	struct job *next;
	int working, all;
	bool large;

	count_running(w, &working, &all, &large);
	for (struct job *j = w->first; w->ready && j; j = next) {
		next = j->next;
		if (j->state != STATE_WAITING || all >= ZYGOTE_WORKERS ||
		    (j->kind != JOB_SERVE && working >= w->jobs) ||
		    (j->large && large))
			continue;
		job_start(w, j);
		count_running(w, &working, &all, &large);
	}
	set_timer(w);
}

/* ---- the zygote ---- */

static bool start_zygote(struct workers *w, struct error *err)
{
	static const char exe[] = "/proc/self/exe";
	char name[] = "suminuri", verb[] = WORKER_VERB;
	char faces[] = { (char)('0' + w->options.faces),
			 w->options.face_eyes ? '1' : '0', '\0' };
	char *argv[] = { name, verb, w->options.languages, faces,
			 w->options.face_models, w->options.words, NULL };
	struct epoll_event watch = { .events = EPOLLIN, .data.ptr = w };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int pair[2], failed;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return error_set(err, ERR_INTERNAL, _("too many open files"));
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], ZYGOTE_SOCKET);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
					POSIX_SPAWN_SETSIGDEF);
	failed = posix_spawn(&w->zygote, exe, &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	if (failed || epoll_ctl(w->epoll, EPOLL_CTL_ADD, pair[0], &watch)) {
		close(pair[0]);
		return error_set(err, ERR_INTERNAL,
				 _("the reading process can't be started"));
	}
	w->socket = pair[0];
	w->ready = false;
	w->started_ms = clock_ms();
	set_timer(w);
	return true;
}

static void reap_zygote(struct workers *w)
{
	if (w->socket < 0)
		return;
	epoll_ctl(w->epoll, EPOLL_CTL_DEL, w->socket, NULL);
	close_fd(&w->socket);
	kill(w->zygote, SIGKILL);
	while (waitpid(w->zygote, NULL, 0) < 0 && errno == EINTR)
		;
	w->ready = false;
}

/* No more jobs: those there are end with the failure. */
static void give_up(struct workers *w)
{
	w->given_up = true;
	w->ready = true;                /* nothing to wait for */
	while (w->first) {
		struct job *j = w->first;

		fail(j, ERR_INTERNAL, "");
		j->event.error = w->failure;
		job_end(w, j);
	}
}

/* It died: its workers died with it.  Once, another one is started. */
static void lose_zygote(struct workers *w)
{
	struct job *next;

	reap_zygote(w);
	for (struct job *j = w->first; j; j = next) {
		next = j->next;
		if (j->state != STATE_RUNNING)
			continue;
		fail(j, ERR_INTERNAL,
		     N_("the reading process ended: try this file again"));
		job_end(w, j);
	}
	error_set(&w->failure, ERR_INTERNAL, "%s",
		  _("the reading process ended twice: start again"));
	if (w->restarts++ >= RESTARTS || !start_zygote(w, &w->failure))
		give_up(w);
}

/* ---- the end of a worker ---- */

static void judge_signal(struct job *j, int signal_number)
{
	if (signal_number == SIGXCPU)
		refuse(j, REASON_TOO_SLOW, NULL, 0);
	else
		refuse(j, REASON_CRASHED, NULL, signal_number);
}

static void judge(struct job *j, int code, int status)
{
	if (j->slow)
		refuse(j, REASON_TOO_SLOW, NULL, 0);
	else if (j->fault)
		refuse(j, REASON_PROTOCOL, NULL, 0);
	else if (code == CLD_KILLED || code == CLD_DUMPED)
		judge_signal(j, status);
	else if (status == WORKER_LIMITS)
		fail(j, ERR_INTERNAL, N_("a worker could not be locked in"));
	else if (status != WORKER_DONE || j->stage != STAGE_COMPLETE)
		refuse(j, REASON_PROTOCOL, NULL, 0);
}

/* Start again in class large. */
static void relaunch(struct workers *w, struct job *j)
{
	close_pipes(w, j);
	j->relaunch = false;
	j->large = true;
	j->state = STATE_WAITING;
	j->killed_ms = 0;
}

static void job_ended(struct workers *w, const struct zygote_message *m)
{
	struct job *j = job_find(w, m->job);

	if (!j || j->state != STATE_RUNNING)
		return;
	while (j->result >= 0 && read_result(w, j))
		;
	if (j->relaunch && !j->cancelled && !j->fault) {
		relaunch(w, j);
		return;
	}
	judge(j, m->code, m->status);
	job_end(w, j);
}

static void no_worker(struct workers *w, const struct zygote_message *m)
{
	struct job *j = job_find(w, m->job);

	if (!j)
		return;
	fail(j, ERR_INTERNAL,
	     N_("no process can be started: close other programs"));
	job_end(w, j);
}

static void hear_zygote(struct workers *w)
{
	struct zygote_message m;
	ssize_t n = recv(w->socket, &m, sizeof(m), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != (ssize_t)sizeof(m)) {
		lose_zygote(w);
		return;
	}
	switch (m.type) {
	case ZYGOTE_READY:
		w->ready = true;
		memcpy(w->by, m.by, sizeof(w->by));
		break;
	case ZYGOTE_UNFIT:
		w->failure = m.error;
		reap_zygote(w);
		give_up(w);
		break;
	case ZYGOTE_ENDED:
		job_ended(w, &m);
		break;
	case ZYGOTE_NO_WORKER:
		no_worker(w, &m);
		break;
	default:
		lose_zygote(w);
	}
}

/* ---- time ---- */

static bool awaited(const struct job *j)
{
	return j->state == STATE_RUNNING &&
	       (j->kind != JOB_SERVE || j->stage != STAGE_OPENED ||
		j->asked_count > 0);
}

static void check_time(struct workers *w)
{
	int64_t now = clock_ms();
	bool deaf = !w->ready && now - w->started_ms > LOADING_MS;
	uint64_t ticks;

	if (read(w->timer, &ticks, sizeof(ticks)) < 0)
		return;
	for (struct job *j = w->first; j; j = j->next) {
		/* killed, and no word of it: the zygote hangs */
		deaf = deaf || (j->killed_ms &&
				now - j->killed_ms > w->silence_ms);
		if (!awaited(j) || j->killed_ms)
			continue;
		/* after a stop (^Z) there may be words that wait to be read */
		if (j->result >= 0)
			read_result(w, j);
		if (clock_ms() - j->heard_ms > w->silence_ms) {
			j->slow = true;
			kill_job(w, j);
		}
	}
	if (deaf)
		lose_zygote(w);
}

/* ---- the interface ---- */

void workers_follow(const struct policy *policy,
		    struct detect_options *options)
{
	snprintf(options->languages, sizeof(options->languages), "%s",
		 policy->languages);
	options->face_eyes = policy->face_eyes;
	/* a head that could be rendered may show its face in any slice */
	if (policy->head_surface == HEAD_REQUIRE &&
	    options->faces == FACES_AUTO)
		options->faces = FACES_ALL;
}

static bool watch(struct workers *w, int fd, void *what)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = what };

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

struct workers *workers_start(const struct detect_options *options,
			      struct error *err)
{
	struct workers *w = calloc(1, sizeof(*w));
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (!w) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return NULL;
	}
	w->options = *options;
	w->end = &w->events;
	w->socket = -1;
	w->silence_ms = SILENCE_MS;
	w->jobs = cores > 1 ? (int)cores : 1;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	w->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->epoll < 0 || w->timer < 0 || w->wake < 0 ||
	    !watch(w, w->timer, &w->timer) || !watch(w, w->wake, &w->wake)) {
		error_set(err, ERR_INTERNAL, _("too many open files"));
		workers_stop(w);
		return NULL;
	}
	if (!start_zygote(w, err)) {
		workers_stop(w);
		return NULL;
	}
	return w;
}

void workers_stop(struct workers *w)
{
	struct worker_event event;

	if (!w)
		return;
	reap_zygote(w);                 /* workers die with it */
	while (w->first)
		job_free(w, w->first);
	while (unqueue(w, &event))
		worker_event_done(&event);
	close_fd(&w->epoll);
	close_fd(&w->timer);
	close_fd(&w->wake);
	free(w);
}

void workers_limit(struct workers *w, int jobs, int silence_ms)
{
	w->jobs = jobs > 0 ? jobs : w->jobs;
	w->silence_ms = silence_ms > 0 ? silence_ms : w->silence_ms;
	start_waiting(w);
}

const char *workers_by(const struct workers *w)
{
	return w->by;
}

bool workers_given_up(const struct workers *w)
{
	return w->given_up;
}

int workers_fd(const struct workers *w)
{
	return w->epoll;
}

bool workers_next(struct workers *w, struct worker_event *event)
{
	struct epoll_event e;

	/* one at a time: handling one may free what another speaks of */
	while (!w->events && epoll_wait(w->epoll, &e, 1, 0) == 1) {
		if (e.data.ptr == w)
			hear_zygote(w);
		else if (e.data.ptr == &w->timer)
			check_time(w);
		else if (e.data.ptr != &w->wake)
			read_result(w, e.data.ptr);
		start_waiting(w);
	}
	return unqueue(w, event);
}

int workers_busy(const struct workers *w)
{
	int count = 0;

	for (const struct job *j = w->first; j; j = j->next)
		count += !j->cancelled;
	return count;
}

bool workers_ask_frame(struct workers *w, unsigned long job, int frame_index,
		       struct error *err)
{
	struct job *j = job_find(w, job);
	int frame;

	if (!j || j->kind != JOB_SERVE || j->cancelled)
		return error_set(err, ERR_RANGE, _("no such file is open"));
	plane_of_frame(frame_index, &frame);
	if (frame < FRAME_SMALLEST || frame_index < FRAME_LEAST ||
	    (j->stage == STAGE_OPENED && frame >= j->event.info.frames))
		return error_set(err, ERR_RANGE, _("no such frame"));
	if (!mem_grow(&j->asked, &j->asked_capacity, j->asked_count,
		      sizeof(*j->asked)))
		return error_set(err, ERR_MEMORY, _("no memory"));
	j->asked[j->asked_count++] = frame_index;
	if (j->asked_count == 1)
		ask_first(j);
	return true;
}

void workers_cancel(struct workers *w, unsigned long job)
{
	struct job *j = job_find(w, job);

	if (!j) {               /* over, its end not yet fetched */
		drop_events(w, job);
		return;
	}
	j->cancelled = true;
	drop_events(w, job);
	if (j->state == STATE_RUNNING)
		kill_job(w, j);
	else
		job_free(w, j);
	start_waiting(w);
}
