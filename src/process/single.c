/*
 * single.c - masks or verifies one file without a screen.
 *
 * This process opens, names and prints; it parses nothing but the boxes.  What
 * reads a picture is forked, locked, and answers with numbers (DESIGN 4.1).
 */
#include "config.h"

#include "process/single.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"
#include "mask/tags.h"
#include "mask/verify.h"
#include "process/forked.h"
#include "process/message.h"
#include "process/sandbox.h"
#include "process/source.h"

enum {
	CPU_S = 36000,
	BOXES_MAX = 1 << 28,            /* bytes of a file of boxes */
	NUMBER_MAX = 1000000,           /* of X, Y, W, H */
};

/* RLIMIT_AS (DESIGN 4), by what the file's own numbers ask for. */
#define MEMORY_NORMAL (768ULL << 20)
#define MEMORY_LARGE (3072ULL << 20)
#define MEMORY_OF_FILE (512LL << 20)
#define SLACK (64ULL << 20)             /* bytes an output may be longer */

/* What a step answers: numbers, checked on the way in (wire.h). */
struct answer {
	bool ok;
	enum error_code code;           /* unless ok */
	enum reason reason;
	long long number;
	char uid[ERROR_UID];
	struct image_info info;         /* of STEP_INSPECT */
	uint8_t sha256[HASH_SIZE];
	uint8_t patient[HASH_SIZE];
	struct mask_report report;      /* of STEP_WRITE */
	struct verify_result result;    /* of STEP_VERIFY */
};

enum step { STEP_INSPECT, STEP_WRITE, STEP_VERIFY };

/* Travels first, then the member of its step. */
static const struct wire_field answer_fields[] = {
	WIRE_B(struct answer, ok),
	WIRE_N(struct answer, code, ERR_NONE, ERR_INTERNAL),
	WIRE_N(struct answer, reason, REASON_NONE, REASON_COUNT - 1),
	WIRE_N(struct answer, number, LLONG_MIN, LLONG_MAX),
	WIRE_M(struct answer, uid, WIRE_UID),
	WIRE_M(struct answer, sha256, WIRE_BYTES),
	WIRE_M(struct answer, patient, WIRE_BYTES),
};
static const struct wire_table answer_table = WIRE_TABLE(answer_fields);

static const struct {
	const struct wire_table *table;
	size_t offset;
} step_member[] = {
	[STEP_INSPECT] = { &info_table, offsetof(struct answer, info) },
	[STEP_WRITE] = { &report_table, offsetof(struct answer, report) },
	[STEP_VERIFY] = { &verify_table, offsetof(struct answer, result) },
};

enum { PACKED_MAX = 16384 };            /* bytes of an answer */

struct single {
	const struct single_options *options;
	const struct batch_talk *talk;
	struct sandbox_lock *lock;
	int in_fd, out_fd, folder_fd;
	const char *out_name;           /* in its folder */
	struct box_list boxes;
	struct mask_job job;
	bool job_known;
	uint8_t patient_key[HASH_SIZE];
	long long in_size;
	bool large;
	bool exact;                     /* the copy is another format */
	struct image_info info;
	uint8_t in_sha256[HASH_SIZE];
	long long ms[3];                /* by step */
};

/* ---- in the locked process ---- */

static bool tell_bytes(void *self, uint64_t done)
{
	(void)done;
	forked_tell(self, 0);
	return true;
}

/* Issuer and ID; an empty ID counts by its study (DESIGN 2). */
static bool hash_patient(const struct single *s, const struct image *image,
			 uint8_t patient[HASH_SIZE])
{
	char *id = image_attribute(image, "00100020");
	char *other = image_attribute(image, id ? "00100021" : "0020000d");
	struct buffer b = { 0 };
	bool ok;

	buffer_printf(&b, "%s\n%s", other ? other : "", id ? id : "");
	ok = !b.failed && hash_hmac(s->patient_key, b.data, b.length, patient);
	buffer_done(&b);
	free(id);
	free(other);
	return ok;
}

static bool inspect(const struct single *s, struct answer *a, int *pipe_fd,
		    struct error *err)
{
	struct image *image = image_open(s->in_fd, err);
	bool ok = image != NULL;

	if (ok && !hash_patient(s, image, a->patient))
		ok = error_set(err, ERR_MEMORY, "no memory");
	if (ok)
		a->info = *image_info(image);
	ok = ok && image_was_read(image, err);
	image_close(image);
	/* boxes of a file are those of one content; verify hashes the rest */
	return ok && (!s->options->boxes ||
		      hash_file(s->in_fd, a->sha256, tell_bytes, pipe_fd, err));
}

static bool work(const struct single *s, enum step step, struct answer *a,
		 int *pipe_fd, struct error *err)
{
	switch (step) {
	case STEP_INSPECT:
		return inspect(s, a, pipe_fd, err);
	case STEP_WRITE:
		return mask_run(s->in_fd, s->out_fd, &s->job, &s->boxes,
				&a->report, forked_tell, pipe_fd, err);
	case STEP_VERIFY:
		break;
	}
	return verify_run(s->in_fd, s->out_fd, s->options->profile,
			  s->job_known ? &s->job : NULL, &s->boxes,
			  &a->result, forked_tell, pipe_fd, err);
}

/* What an output may take: more than its input, or all its samples. */
static uint64_t most_bytes(const struct single *s)
{
	const struct image_info *i = &s->info;
	uint64_t bytes = 4 * (uint64_t)s->in_size + SLACK;

	if (s->exact)
		bytes += 2 * (uint64_t)i->columns * (uint64_t)i->rows *
			 (uint64_t)i->samples * (uint64_t)i->frames *
			 frame_sample_size(i->type);
	return bytes;
}

struct step_job {
	const struct single *single;
	enum step step;
};

static void child(void *self, pid_t parent, int pipe_fd)
{
	const struct step_job *job = self;
	const struct single *s = job->single;
	const enum step step = job->step;
	const int keep[] = { s->in_fd, pipe_fd, s->out_fd };
	const struct sandbox limits = {
		.parent = parent, .keep = keep,
		.keep_count = s->out_fd >= 0 ? 3 : 2,
		.address_space = s->large ? MEMORY_LARGE : MEMORY_NORMAL,
		.file_size = step == STEP_WRITE ?
			     most_bytes(s) : 0,
		.cpu_s = CPU_S,
	};
	struct answer a;
	uint8_t bytes[PACKED_MAX];
	size_t head = wire_length(&answer_table);
	size_t length = head + wire_length(step_member[step].table);
	struct error err = { 0 };

	memset(&a, 0, sizeof(a));
	if (!sandbox_null_stdio() || !sandbox_enter(&limits, s->lock))
		_exit(1);
	a.ok = work(s, step, &a, &pipe_fd, &err);
	a.code = err.code;
	a.reason = err.reason;
	a.number = err.number;
	memcpy(a.uid, err.uid, sizeof(a.uid));
	if (length > sizeof(bytes))
		_exit(1);
	wire_pack(&answer_table, &a, bytes);
	wire_pack(step_member[step].table,
		  (const uint8_t *)&a + step_member[step].offset,
		  bytes + head);
	forked_begin(pipe_fd);
	forked_write(pipe_fd, bytes, length);
	_exit(0);
}

/* ---- its supervisor ---- */

/* Nothing of an answer is used before it passed here. */
static bool take_answer(const uint8_t *bytes, enum step step,
			struct answer *a)
{
	if (!wire_unpack(&answer_table, bytes, a))
		return false;
	if (!a->ok)
		return a->code > ERR_NONE &&
		       (a->code == ERR_REFUSED) == (a->reason > REASON_NONE);
	return wire_unpack(step_member[step].table,
			   bytes + wire_length(&answer_table),
			   (uint8_t *)a + step_member[step].offset);
}

/* The words for what a step could not do; none of them come from it. */
static bool fail_answer(const struct answer *a, struct error *err)
{
	switch (a->code) {
	case ERR_REFUSED:
		return error_refuse(err, a->reason, a->uid, a->number);
	case ERR_MEMORY:
		return error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	case ERR_WRITE:
		return error_set(err, ERR_WRITE,
			_("the copy can't be written: make room and repeat"));
	default:
		return error_set(err, ERR_INTERNAL,
				 _("the copy could not be made"));
	}
}

static bool run_step(struct single *s, enum step step, struct answer *a,
		     struct error *err)
{
	struct step_job job = { s, step };
	long long start = clock_ms();
	uint8_t bytes[PACKED_MAX];
	size_t length = wire_length(&answer_table) +
			wire_length(step_member[step].table);
	struct forked f;
	bool ended;

	memset(a, 0, sizeof(*a));
	if (!forked_start(&f, child, &job, err))
		return false;
	ended = forked_end(&f, forked_answer(&f, bytes, length), err);
	s->ms[step] = clock_ms() - start;
	if (!ended)
		return false;
	if (!take_answer(bytes, step, a))
		return error_refuse(err, REASON_PROTOCOL, NULL, 0);
	return a->ok || fail_answer(a, err);
}

/* ---- boxes ---- */

static bool take_number(const char **text, long *number, char end)
{
	char *after;

	errno = 0;
	*number = strtol(*text, &after, 10);
	if (after == *text || errno || *number > NUMBER_MAX ||
	    *number < -NUMBER_MAX || strchr(" \t\n\v\f\r+", **text) ||
	    (end && *after != end))
		return false;
	*text = after + (end ? 1 : 0);
	return true;
}

/* X,Y,W,H[@F[-L]] */
static bool parse_box(const char *text, int frames, struct box *box)
{
	long n[4], first = 1, last = frames;

	for (int i = 0; i < 4; i++)
		if (!take_number(&text, &n[i], i < 3 ? ',' : '\0'))
			return false;
	if (*text == '@') {
		text++;
		if (!take_number(&text, &first, '\0'))
			return false;
		last = first;
		if (*text == '-') {
			text++;
			if (!take_number(&text, &last, '\0'))
				return false;
		}
	}
	*box = (struct box){
		.region = region_from_box((int)n[0], (int)n[1], (int)n[2],
					  (int)n[3]),
		.frame0 = (int)first - 1, .frame1 = (int)last - 1,
		.tier = TIER_BOX, .source = SOURCE_REVIEWER,
		.class_ = CLASS_OTHER, .kind = KIND_IDENTIFIER,
	};
	return !*text && n[2] >= 1 && n[3] >= 1 && first >= 1 && last >= first;
}

/* mask_check_boxes() would say so too, but not which of those typed it is. */
static bool check_typed(const struct single *s, int i, const struct box *box,
			struct error *err)
{
	const struct image_info *info = &s->info;

	return !region_empty(region_clip(box->region, info->columns,
					 info->rows)) ||
	       error_set(err, ERR_USAGE, _("--box %d, %s, lies outside the "
			 "picture of %dx%d"), i + 1, s->options->box[i],
			 info->columns, info->rows);
}

static bool read_typed_boxes(struct single *s, struct error *err)
{
	for (int i = 0; i < s->options->box_count; i++) {
		struct box box;

		if (!parse_box(s->options->box[i], s->info.frames, &box))
			return error_set(err, ERR_USAGE,
				_("--box %d: X,Y,W,H[@F[-L]] is needed"),
				i + 1);
		if (!check_typed(s, i, &box, err))
			return false;
		if (!box_list_add(&s->boxes, &box))
			return error_set(err, ERR_MEMORY, _("no memory"));
	}
	return true;
}

/* The whole of a small file, ended by a NUL; free() it.  NULL with ERR_USAGE.
 */
static char *read_file(const char *path, size_t most, size_t *length,
		       struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct buffer b = { 0 };
	char part[65536];
	ssize_t n = -1;

	while (fd >= 0 && b.length <= most &&
	       (n = read(fd, part, sizeof(part))) > 0)
		buffer_append(&b, part, (size_t)n);
	if (fd >= 0)
		close(fd);
	if (n < 0 || b.failed || b.length > most) {
		error_set(err, ERR_USAGE, _("can't be read"));
		buffer_done(&b);
		return NULL;
	}
	*length = b.length;
	return b.data ? b.data : calloc(1, 1);
}

static bool read_boxes_file(struct single *s, struct error *err)
{
	size_t length;
	char *text = read_file(s->options->boxes, BOXES_MAX, &length, err);
	bool ok = text && proposal_parse(text, length, s->in_sha256,
					 s->info.columns, s->info.rows,
					 s->info.frames, &s->boxes, err);

	free(text);
	return ok;
}

/* False with *which naming what the error is about. */
static bool read_boxes(struct single *s, const char **which,
		       struct error *err)
{
	const struct single_options *o = s->options;

	*which = o->in;
	if (o->boxes) {
		if (!read_boxes_file(s, err)) {
			*which = err->code == ERR_REFUSED ? o->in : o->boxes;
			return false;
		}
	} else if (!read_typed_boxes(s, err)) {
		return false;
	}
	for (size_t i = 0; i < s->boxes.count; i++)
		s->boxes.box[i].tier = TIER_BOX;
	return mask_check_boxes(&s->info, &s->boxes, err);
}

/* ---- keys ---- */

/*
 * Ids, offset and UIDs come from one key: that of the file, or one drawn now
 * (DESIGN 5.2).
 */
static bool make_keys(struct single *s, struct error *err)
{
	const char *path = s->options->key;
	uint8_t master[HASH_SIZE];
	char *text = NULL;
	size_t length = 0;
	bool ok = true;

	if (path) {
		text = read_file(path, 4096, &length, err);
		ok = text && (length == HASH_SIZE ||
			      error_set(err, ERR_USAGE,
					_("32 bytes are needed")));
		if (ok)
			memcpy(master, text, HASH_SIZE);
		if (text)
			hash_wipe(text, length);
		free(text);
		if (!ok)
			error_prefix(err, "--key %s", path);
	} else {
		ok = hash_random(master, sizeof(master), err);
	}
	if (ok && (!hash_derive(master, "suminuri uid", s->job.uid_key) ||
		   !hash_derive(master, "suminuri patient", s->patient_key)))
		ok = error_set(err, ERR_MEMORY, _("no memory"));
	hash_wipe(master, sizeof(master));
	return ok;
}

/* The pseudonym and the offset in days of this patient: keyed, so that his
 * other files get the same with the same key. */
static void make_job(struct single *s, const uint8_t patient[HASH_SIZE])
{
	enum { MOST_DAYS = 3650 };
	uint32_t number;

	s->job.profile = s->options->profile;
	s->job.exact = s->exact;
	s->job.strict_residue = s->options->strict_residue;
	s->job.age_cap = 89;
	hash_hex(patient, 8, s->job.pseudonym);
	memcpy(&number, patient + 8, sizeof(number));
	s->job.date_offset = -1 - (int)(number % MOST_DAYS);
	s->job_known = true;
}

/* ---- what is printed ---- */

static bool print(int fd, struct buffer *b, struct error *err)
{
	size_t done = 0;

	buffer_puts(b, "\n");
	if (b->failed)
		return error_set(err, ERR_MEMORY, _("no memory"));
	while (done < b->length) {
		ssize_t n = write(fd, b->data + done, b->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(err, ERR_WRITE, "%s",
					 strerror(errno));
		done += (size_t)n;
	}
	return true;
}

static void put_region(struct json_writer *w, struct region r)
{
	json_put_open(w, "grown", '[');
	json_put_integer(w, NULL, r.x0);
	json_put_integer(w, NULL, r.y0);
	json_put_integer(w, NULL, region_width(r));
	json_put_integer(w, NULL, region_height(r));
	json_put_close(w);
}

static void put_box(struct json_writer *w, const struct single *s,
		    const struct box *b)
{
	bool rim;
	struct region grown = mask_grown(&s->info, b->region, &rim);

	json_put_open(w, NULL, '{');
	proposal_print_place(w, b);
	put_region(w, grown);
	json_put_integer(w, "rim", rim);
	json_put_close(w);
}

static void put_dropped(struct json_writer *w, const struct mask_report *r)
{
	json_put_open(w, "dropped", '[');
	for (int i = 0; i < MASK_DROPPED_BITS; i++)
		if (r->dropped >> i & 1 && mask_dropped_name[i])
			json_put_string(w, NULL, mask_dropped_name[i]);
	if (r->dropped & DROPPED_OVERLAY && !r->overlays)
		json_put_string(w, NULL, "overlay");
	for (int i = 0; i < 32; i++) {
		char name[PLANE_WORD];

		if (r->overlays >> i & 1)
			json_put_string(w, NULL, plane_word(0x6000 + 2 * i,
							    name));
	}
	json_put_close(w);
}

/* A stored value; of float pixels, unless it is 0, its bits in hex. */
static void put_fill(struct json_writer *w, const struct single *s,
		     long long fill)
{
	bool wide = s->info.type == SAMPLE_F64;
	char bits[24];

	if (!fill || !(wide || s->info.type == SAMPLE_F32)) {
		json_put_integer(w, NULL, fill);
		return;
	}
	snprintf(bits, sizeof(bits), "0x%0*llx", wide ? 16 : 8,
		 (unsigned long long)fill);
	json_put_string(w, NULL, bits);
}

/* The line of DESIGN 5.2. */
static void put_report(struct buffer *b, const struct single *s,
		       const struct mask_report *r)
{
	static const char *const ms_name[] = { "read", "write", "verify" };
	struct json_writer w = json_writer(b, false);
	bool dicom = s->info.format == IMAGE_DICOM;
	char tags[TAGS_NAME];
	const char *format = image_format_name[s->info.format];

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_hex(&w, "in_sha256", r->in_sha256, HASH_SIZE);
	json_put_hex(&w, "out_sha256", r->out_sha256, HASH_SIZE);
	json_put_string(&w, "syntax_in", dicom ? r->syntax_in : format);
	json_put_string(&w, "syntax_out", dicom ? r->syntax_out :
			s->exact ? image_format_name[IMAGE_PNG] : format);
	json_put_string(&w, "method", mask_method_name[r->method]);
	json_put_string(&w, "outside", mask_outside_name[r->outside]);
	json_put_string(&w, "residue",
			r->huffman_tables ? "huffman-tables" : "none");
	json_put_open(&w, "fill", '[');
	for (int i = 0; i < r->fills; i++)
		put_fill(&w, s, r->fill[i]);
	json_put_close(&w);
	json_put_open(&w, "boxes", '[');
	for (size_t i = 0; i < s->boxes.count; i++)
		put_box(&w, s, &s->boxes.box[i]);
	json_put_close(&w);
	json_put_integer(&w, "frames_touched", r->frames_touched);
	put_dropped(&w, r);
	tags_print(s->options->profile, tags);
	json_put_string(&w, "tags", tags);
	json_put_open(&w, "warnings", '[');
	if (s->info.type == SAMPLE_F32 || s->info.type == SAMPLE_F64 ||
	    !strcmp(s->info.modality, "RTDOSE"))
		json_put_string(&w, NULL, "quantitative");
	json_put_close(&w);
	if (s->options->timings) {
		json_put_open(&w, "ms", '{');
		for (int i = STEP_INSPECT; i <= STEP_VERIFY; i++)
			json_put_integer(&w, ms_name[i], s->ms[i]);
		json_put_close(&w);
	}
	json_put_close(&w);
}

static void put_refused(struct buffer *b, const struct error *err)
{
	struct json_writer w = json_writer(b, false);
	char text[ERROR_TEXT];

	reason_text(err->reason, err->uid, err->number, false, text,
		    sizeof(text));
	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_open(&w, "refused", '{');
	json_put_string(&w, "code", refusal_name(reason_code(err->reason)));
	json_put_string(&w, "reason", text);
	json_put_close(&w);
	json_put_close(&w);
}

/* Say what went wrong; returns the exit status. */
static int finish(struct single *s, int out_fd, const char *which,
		  struct error *err)
{
	struct buffer b = { 0 };
	struct error ignored = { 0 };
	char text[ERROR_TEXT];
	int status = error_exit_status(err->code);

	if (err->code == ERR_REFUSED) {
		put_refused(&b, err);
		print(out_fd, &b, &ignored);
		buffer_done(&b);
		reason_text(err->reason, err->uid, err->number, true, text,
			    sizeof(text));
		s->talk->say(s->talk->self, which, text);
		if (err->reason == REASON_EXISTS)
			status = error_exit_status(ERR_WRITE);
		return status;
	}
	s->talk->say(s->talk->self, which, err->text);
	return status;
}

/* ---- mask ---- */

/* Split OUT into its folder, opened, and its name in there. */
static bool open_folder(struct single *s, struct error *err)
{
	const char *slash = strrchr(s->options->out, '/');
	char *folder = slash ? strndup(s->options->out,
				       (size_t)(slash - s->options->out) + 1) :
			       strdup(".");

	s->out_name = slash ? slash + 1 : s->options->out;
	if (!folder)
		return error_set(err, ERR_MEMORY, _("no memory"));
	s->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (s->folder_fd < 0)
		return error_set(err, ERR_WRITE,
				 _("the folder can't be opened: %s"),
				 strerror(errno));
	if (!*s->out_name)
		return error_set(err, ERR_WRITE, _("this is a folder: name "
						   "the file to be made"));
	return true;
}

/* OUT must not be there; IN itself is a slip of another kind. */
static bool check_out(struct single *s, struct error *err)
{
	struct stat in, out;

	if (fstat(s->in_fd, &in))
		return error_refuse(err, REASON_UNREADABLE, NULL, 0);
	s->in_size = in.st_size;
	if (fstatat(s->folder_fd, s->out_name, &out, 0) == 0 &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		return error_set(err, ERR_USAGE,
				 _("the output would be the input"));
	if (fstatat(s->folder_fd, s->out_name, &out,
		    AT_SYMLINK_NOFOLLOW) == 0)
		return error_refuse(err, REASON_EXISTS, NULL, 0);
	return true;
}

/* A file without a name: nothing is left of it unless it gets one. */
static bool open_staged(struct single *s, struct error *err)
{
	s->out_fd = openat(s->folder_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
			   0666);
	return s->out_fd >= 0 ||
	       error_set(err, ERR_WRITE, _("no file can be made there: %s"),
			 strerror(errno));
}

/* Give it its name, for good. */
static bool link_staged(struct single *s, struct error *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", s->out_fd);
	if (fsync(s->out_fd))
		return error_set(err, ERR_WRITE, _("can't be written: %s"),
				 strerror(errno));
	if (linkat(AT_FDCWD, path, s->folder_fd, s->out_name,
		   AT_SYMLINK_FOLLOW))
		return errno == EEXIST ?
		       error_refuse(err, REASON_EXISTS, NULL, 0) :
		       error_set(err, ERR_WRITE, _("can't be named: %s"),
				 strerror(errno));
	if (fsync(s->folder_fd))
		return error_set(err, ERR_WRITE, _("can't be kept: %s"),
				 strerror(errno));
	return true;
}

/* The file's own numbers decide on the class of memory. */
static bool needs_large(const struct image_info *info)
{
	long long pixels = (long long)info->columns * info->rows;
	long long bytes = pixels * info->samples *
			  (long long)frame_sample_size(info->type);

	return bytes * 3 + pixels * 8 > MEMORY_OF_FILE;
}

/* Look at IN; then the boxes can be read. */
static bool look_at_input(struct single *s, const char **which,
			  struct error *err)
{
	struct answer a;

	*which = s->options->in;
	if (!run_step(s, STEP_INSPECT, &a, err))
		return false;
	s->info = a.info;
	s->exact = s->options->exact && mask_make_exact(&s->info);
	memcpy(s->in_sha256, a.sha256, sizeof(s->in_sha256));
	s->large = needs_large(&a.info);
	make_job(s, a.patient);
	return read_boxes(s, which, err);
}

/* Write and verify; *report is what to print. */
static bool make_copy(struct single *s, struct mask_report *report,
		      struct error *err)
{
	struct answer a;

	if (!run_step(s, STEP_WRITE, &a, err))
		return false;
	*report = a.report;
	if (!run_step(s, STEP_VERIFY, &a, err))
		return false;
	if (s->options->boxes &&
	    memcmp(a.result.in_sha256, s->in_sha256, HASH_SIZE) != 0)
		return error_refuse(err, REASON_CHANGED, NULL, 0);
	if (a.result.status != VERIFY_OK)
		return error_set(err, ERR_INTERNAL,
				 _("the copy did not pass its check (%s)"),
				 verify_class_name[a.result.class_]);
	memcpy(report->in_sha256, a.result.in_sha256, HASH_SIZE);
	memcpy(report->out_sha256, a.result.out_sha256, HASH_SIZE);
	return true;
}

/* Boxes that reach over the edge are cut there: nothing is lost, but it may be
 * a slip. */
static void say_cut(const struct single *s)
{
	const struct image_info *info = &s->info;

	for (int i = 0; i < s->options->box_count; i++) {
		const struct region r = s->boxes.box[i].region;
		const struct region in = region_clip(r, info->columns,
						     info->rows);
		char text[ERROR_TEXT];

		if (region_equal(r, in))
			continue;
		snprintf(text, sizeof(text), _("--box %d reaches over the edge "
			 "of the picture of %dx%d: masked is %d,%d,%d,%d"),
			 i + 1, info->columns, info->rows, in.x0, in.y0,
			 region_width(in), region_height(in));
		s->talk->say(s->talk->self, s->options->in, text);
	}
}

/* What the copy is, its name does not change. */
static void say_misnamed(const struct single *s)
{
	static const struct { const char *ending; enum image_format format; }
	known[] = {
		{ ".png", IMAGE_PNG }, { ".jpg", IMAGE_JPEG },
		{ ".jpeg", IMAGE_JPEG }, { ".dcm", IMAGE_DICOM },
	};
	const enum image_format is = s->exact ? IMAGE_PNG : s->info.format;
	const char *dot = strrchr(s->out_name, '.');
	char text[ERROR_TEXT];

	for (size_t i = 0; dot && i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(dot, known[i].ending) ||
		    known[i].format == is)
			continue;
		snprintf(text, sizeof(text), _("the copy is a %s file, "
			 "whatever its name says"), image_format_name[is]);
		s->talk->say(s->talk->self, s->options->out, text);
	}
}

static bool check_any_box(const struct single *s, struct error *err)
{
	return s->boxes.count || s->options->clean ||
	       error_set(err, ERR_USAGE,
			 _("no box to mask: --clean masks none"));
}

static bool mask_file(struct single *s, int out_fd, const char **which,
		      struct error *err)
{
	struct mask_report report;
	struct buffer line = { 0 };
	bool ok;

	*which = s->options->in;
	s->in_fd = source_open(s->options->in, SOURCE_NAMED, err);
	if (s->in_fd < 0)
		return false;
	*which = s->options->out;
	if (!open_folder(s, err) || !check_out(s, err) || !make_keys(s, err) ||
	    !open_staged(s, err))
		return false;
	if (!look_at_input(s, which, err) || !check_any_box(s, err) ||
	    !make_copy(s, &report, err)) {
		if (err->code == ERR_WRITE)
			*which = s->options->out;
		return false;
	}
	*which = s->options->out;
	if (!link_staged(s, err))
		return false;
	say_cut(s);
	say_misnamed(s);
	put_report(&line, s, &report);
	*which = _("standard output");
	ok = print(out_fd, &line, err);
	buffer_done(&line);
	return ok;
}

static void single_done(struct single *s)
{
	const int fds[] = { s->in_fd, s->out_fd, s->folder_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	sandbox_lock_free(s->lock);
	box_list_done(&s->boxes);
	hash_wipe(&s->job, sizeof(s->job));
	hash_wipe(s->patient_key, sizeof(s->patient_key));
}

static bool start(struct single *s, struct error *err)
{
	if (!hash_warm_up(err) || !image_warm_up(err))
		return false;
	s->lock = sandbox_lock_new();
	return s->lock || error_set(err, ERR_INTERNAL,
				    _("no process can be started: close other "
				      "programs"));
}

int single_mask(const struct single_options *options, int out_fd,
		const struct batch_talk *talk)
{
	struct single s = { .options = options, .talk = talk, .in_fd = -1,
			    .out_fd = -1, .folder_fd = -1 };
	const char *which = options->in;
	struct error err = { 0 };
	int status = 0;

	if (!start(&s, &err) || !mask_file(&s, out_fd, &which, &err))
		status = finish(&s, out_fd, which, &err);
	single_done(&s);
	return status;
}

/* ---- verify ---- */

static void put_result(struct buffer *b, const struct single *s,
		       const struct verify_result *r)
{
	struct json_writer w = json_writer(b, false);
	const char *out = s->options->out;

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	if (!json_put_lossy(&w, "file", out))
		json_put_base64(&w, "file_b64", out, strlen(out));
	json_put_string(&w, "status", verify_status_name[r->status]);
	if (r->status == VERIFY_FAILED)
		json_put_string(&w, "class", verify_class_name[r->class_]);
	if (r->frame >= 0)
		json_put_integer(&w, "frame", r->frame);
	if (r->x >= 0 && r->y >= 0) {
		json_put_integer(&w, "x", r->x);
		json_put_integer(&w, "y", r->y);
	}
	json_put_close(&w);
	buffer_puts(b, "\n");
	w = json_writer(b, false);
	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_open(&w, "summary", '{');
	json_put_integer(&w, "ok", r->status == VERIFY_OK);
	json_put_integer(&w, "failed", r->status == VERIFY_FAILED);
	json_put_integer(&w, "unchecked", r->status == VERIFY_UNCHECKED);
	json_put_integer(&w, "open", 0);
	json_put_integer(&w, "refused", 0);
	json_put_integer(&w, "withheld", 0);
	json_put_close(&w);
	json_put_close(&w);
}

/* The same for a person who reads it on a terminal. */
static void say_result(const struct single *s, const struct verify_result *r)
{
	char text[ERROR_TEXT];

	if (!s->talk->reader)
		return;
	snprintf(text, sizeof(text), r->status == VERIFY_OK ?
		 _("masked inside the boxes, unchanged outside: as it must be") :
		 _("not as it must be (%s)"), r->status == VERIFY_FAILED ?
		 verify_class_name[r->class_] : verify_status_name[r->status]);
	s->talk->say(s->talk->self, s->options->out, text);
}

/* An output that can't be read back is a failed one, whatever the reason. */
static bool verify_file(struct single *s, struct verify_result *result,
			const char **which, struct error *err)
{
	struct answer a;

	*which = s->options->in;
	s->in_fd = source_open(s->options->in, SOURCE_NAMED, err);
	if (s->in_fd < 0)
		return false;
	*which = s->options->out;
	s->out_fd = source_open(s->options->out, SOURCE_NAMED, err);
	if (s->out_fd < 0)
		return false;
	if (!look_at_input(s, which, err))
		return false;
	s->job_known = false;           /* the key of the writer is gone */
	if (!run_step(s, STEP_VERIFY, &a, err)) {
		if (err->reason != REASON_CRASHED &&
		    err->reason != REASON_TOO_SLOW)
			return false;
		a.result = (struct verify_result){
			.status = VERIFY_FAILED, .class_ = VERIFY_FORMAT,
			.frame = -1, .x = -1, .y = -1,
		};
	}
	*result = a.result;
	return true;
}

int single_verify(const struct single_options *options, int out_fd,
		  const struct batch_talk *talk)
{
	struct single s = { .options = options, .talk = talk, .in_fd = -1,
			    .out_fd = -1, .folder_fd = -1 };
	const char *which = options->in;
	struct verify_result result = { 0 };
	struct buffer line = { 0 };
	struct error err = { 0 };
	int status = 0;

	if (!start(&s, &err) || !verify_file(&s, &result, &which, &err)) {
		status = finish(&s, out_fd, which, &err);
	} else {
		put_result(&line, &s, &result);
		which = _("standard output");
		if (!print(out_fd, &line, &err))
			status = finish(&s, out_fd, which, &err);
		else if (result.status != VERIFY_OK)
			status = error_exit_status(ERR_CHECK);
		if (status < error_exit_status(ERR_USAGE))
			say_result(&s, &result);
		buffer_done(&line);
	}
	single_done(&s);
	return status;
}
