/* fuzz_messages.c - what a worker says, to the supervisor's own reader. */
#include "process/worker.c"

#include "base/charset.h"
#include "tests/fuzz/fuzz_messages.h"

enum { JOB_ID = 1, FRAMES_ASKED = 3, MOST_PIECES = 64, TABLE_MAX = 16384 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- what was let through ---- */

static void check_text(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);
	struct buffer clean = { 0 };

	must(end != NULL);
	charset_clean_append(&clean, text, (size_t)(end - text));
	must(clean.length == (size_t)(end - text) &&
	     (clean.length == 0 || !memcmp(clean.data, text, clean.length)));
	buffer_done(&clean);
}

static void check_info(const struct image_info *i)
{
	must(i->columns >= 1 && i->columns <= FRAME_MAX_SIDE &&
	     i->rows >= 1 && i->rows <= FRAME_MAX_SIDE &&
	     (long long)i->columns * i->rows <= FRAME_MAX_PIXELS &&
	     i->frames >= 1 && i->frames <= 65535 && i->samples >= 1 &&
	     i->samples <= 4 && i->format < IMAGE_FORMATS &&
	     i->type < SAMPLE_TYPES && i->photometric < PHOTOMETRICS);
	check_text(i->syntax, sizeof(i->syntax));
	check_text(i->modality, sizeof(i->modality));
}

static void check_proposals(const struct proposals *p,
			    const struct image_info *info)
{
	must(p->boxes.count <= MESSAGE_MAX_BOXES);
	must((p->ink == NULL) == (p->ink_columns == 0 || p->ink_rows == 0));
	for (size_t i = 0; i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		must(0 <= b->region.x0 && b->region.x0 < b->region.x1 &&
		     b->region.x1 <= info->columns && 0 <= b->region.y0 &&
		     b->region.y0 < b->region.y1 &&
		     b->region.y1 <= info->rows && 0 <= b->frame0 &&
		     b->frame0 <= b->frame1 && b->frame1 < info->frames &&
		     b->score >= 0 && b->score <= 1000);
		check_text(b->text, sizeof(b->text));
		check_text(b->why, sizeof(b->why));
	}
}

static void check_event(const struct worker_event *e)
{
	must(e->job == JOB_ID);
	switch (e->type) {
	case WORKER_PROGRESS:
		must(e->permille >= 0 && e->permille <= 1000);
		break;
	case WORKER_OPENED:
		check_info(&e->info);
		break;
	case WORKER_FRAME:
		must(e->frame && e->frame_index >= FRAME_LEAST);
		break;
	case WORKER_DETECTED:
		check_info(&e->info);
		check_proposals(&e->proposals, &e->info);
		break;
	case WORKER_WROTE:
		must(e->report.method < MASK_METHODS &&
		     e->report.fills <= MASK_FILLS);
		check_text(e->report.syntax_out, sizeof(e->report.syntax_out));
		break;
	case WORKER_VERIFIED:
		must(e->verify.status <= VERIFY_UNCHECKED &&
		     e->verify.class_ < VERIFY_CLASSES);
		break;
	case WORKER_REFUSED:
		must(e->reason > REASON_NONE && e->reason < REASON_COUNT);
		check_text(e->uid, sizeof(e->uid));
		break;
	case WORKER_FAILED:
		must(e->error.code > ERR_NONE && e->error.code <= ERR_INTERNAL);
		break;
	}
}

/* ---- tables alone ---- */

/* What was unpacked packs to bytes that unpack to the same again. */
static void try_table(const struct wire_table *table, const uint8_t *data,
		      size_t size)
{
	static const struct worker_event zero;
	struct { struct worker_event room; struct box box; } a, b;
	uint8_t once[TABLE_MAX], again[TABLE_MAX];
	size_t length = wire_length(table);

	must(length <= TABLE_MAX);
	if (size < length)
		return;
	a.room = b.room = zero;
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	if (!wire_unpack(table, data, &a))
		return;
	wire_pack(table, &a, once);
	must(wire_unpack(table, once, &b));
	wire_pack(table, &b, again);
	must(length == 0 || memcmp(once, again, length) == 0);
}

static void try_tables(const uint8_t *data, size_t size)
{
	for (int i = 0; i < MESSAGE_TYPES; i++)
		try_table(message_table[i], data, size);
	try_table(&head_table, data, size);
	try_table(&orders_table, data, size);
}

/* ---- a job ---- */

/* Give its reader what came through the pipe, a piece at a time. */
static void feed(struct workers *w, struct job *j, const uint8_t *data,
		 size_t size, size_t pieces)
{
	size_t step = size / pieces + 1;

	for (size_t at = 0; at < size; at += step) {
		size_t n = size - at < step ? size - at : step;

		if (j->fault || j->relaunch)
			return;
		buffer_append(&j->in, data + at, n);
		if (j->in.failed)
			return;
		take_messages(w, j);
	}
}

/* Sound heads for the bodies in data. */
static void make_heads(struct buffer *stream, const uint8_t *data, size_t size)
{
	uint8_t bytes[MESSAGE_HEAD_SIZE];
	uint32_t seq = 0;

	while (size >= FUZZ_PART) {
		size_t length = (size_t)data[1] | (size_t)data[2] << 8;
		struct message_head h = { .magic = MESSAGE_MAGIC,
					  .type = data[0] % MESSAGE_TYPES,
					  .job = JOB_ID, .seq = seq++ };

		data += FUZZ_PART;
		size -= FUZZ_PART;
		length = length < size ? length : size;
		h.length = (uint32_t)length;
		wire_pack(&head_table, &h, bytes);
		buffer_append(stream, bytes, sizeof(bytes));
		buffer_append(stream, data, length);
		data += length;
		size -= length;
	}
}

/* The picture of a serving worker, as large as the one it may tell of. */
static int make_picture(bool too_short)
{
	int fd = memfd_create("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	must(fd >= 0 && ftruncate(fd, too_short ? 1 : 64) == 0);
	return fd;
}

static struct job *make_job(enum job_kind kind, bool too_short)
{
	struct job *j = calloc(1, sizeof(*j));

	must(j != NULL);
	*j = (struct job){ .id = JOB_ID, .kind = kind, .state = STATE_RUNNING,
			   .input = -1, .output = -1, .orders = -1,
			   .result = -1, .request = -1, .event.job = JOB_ID };
	if (kind != JOB_SERVE)
		return j;
	j->output = make_picture(too_short);
	j->asked = calloc(FRAMES_ASKED, sizeof(*j->asked));
	must(j->asked != NULL);
	j->asked_count = j->asked_capacity = FRAMES_ASKED;
	return j;
}

/* All that a job said is looked at and freed. */
static void finish(struct workers *w, struct job *j, struct fuzz_outcome *o)
{
	struct worker_event e;

	o->fault = j->fault;
	o->complete = !j->fault && j->stage == STAGE_COMPLETE;
	o->type = j->event.type;
	if (o->complete)
		check_event(&j->event);
	while (unqueue(w, &e)) {
		check_event(&e);
		worker_event_done(&e);
		o->events++;
	}
	job_free(w, j);
}

struct fuzz_outcome fuzz_messages(const uint8_t *data, size_t size)
{
	struct workers w = { .epoll = -1, .timer = -1, .wake = -1,
			     .socket = -1, .end = &w.events,
			     .silence_ms = SILENCE_MS };
	struct fuzz_outcome outcome = { .fault = false };
	struct buffer stream = { 0 };
	size_t pieces;

	if (size < FUZZ_HEAD)
		return outcome;
	if (data[0] >= JOB_KINDS) {
		try_tables(data + 1, size - 1);
		return outcome;
	}
	if (data[1] & FUZZ_BODIES)
		make_heads(&stream, data + FUZZ_HEAD, size - FUZZ_HEAD);
	else
		buffer_append(&stream, data + FUZZ_HEAD, size - FUZZ_HEAD);
	pieces = 1 + data[2] % MOST_PIECES;
	w.first = make_job((enum job_kind)data[0],
			   data[1] & FUZZ_SHORT_PICTURE);
	feed(&w, w.first, (const uint8_t *)stream.data, stream.length, pieces);
	finish(&w, w.first, &outcome);
	buffer_done(&stream);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_messages(data, size);
	return 0;
}
