/* log.c - the review log: appends, one durable record at a time. */
#include "config.h"

#include "record/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/chain.h"
#include "record/checkpoints.h"
#include "record/files.h"
#include "record/vouch.h"

enum { CLOCK_STEP_MS = 1000 };          /* more is a clock.step */
#define SEGMENT_BYTES (64LL << 20)      /* suminuri-log(5) */
#define TEST_EPOCH_MS 1767225600000LL   /* 2026-01-01T00:00:00Z */

struct log {
	int dirfd;                      /* own, locked */
	int fd;                         /* last segment, O_APPEND */
	int segment;
	long long size;                 /* bytes of it */
	long long seq;                  /* of the last record */
	uint8_t leaf[HASH_SIZE];
	char t[25];                     /* its time */
	long long found_seq;
	bool found_clean;
	struct hasher *hasher;
	struct log_entry common;        /* members that every record has */
	bool test_clock;
	uint8_t test_key[HASH_SIZE];
	long long real_minus_mono;      /* ms, when last looked at */
	struct buffer text;             /* lines to be written */
	bool bundle;
	bool prepared;                  /* the clock was looked at */
	bool dead;
	/* checkpoints */
	bool keeps_tree;                /* standing is kept up to date */
	bool signing;
	uint8_t secret[SIGN_KEY];
	struct log_standing standing;
	long long signed_ms;            /* mono_ms() of the last one */
};

/* ---- clocks ---- */

static long long ms_of(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long long mono_ms(const struct log *log)
{
	return log->test_clock ? log->seq * 1000 : ms_of(CLOCK_BOOTTIME);
}

static long long real_ms(const struct log *log)
{
	return log->test_clock ? TEST_EPOCH_MS + log->seq * 1000 :
	       ms_of(CLOCK_REALTIME);
}

static void format_time(long long ms, char text[25])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm = { 0 };
	size_t used;

	gmtime_r(&seconds, &tm);
	used = strftime(text, 25, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + used, 25 - used, ".%03dZ", (int)(ms % 1000));
}

/* Back again; 0 for "". */
static long long parse_time(const char *text)
{
	struct tm tm = { 0 };
	int ms = 0;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &tm.tm_year,
		   &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
		   &tm.tm_sec, &ms) != 7)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return (long long)timegm(&tm) * 1000 + ms;
}

/* ---- records ---- */

static bool die(struct log *log, const char *what, struct error *err)
{
	log->dead = true;
	return error_set(err, ERR_WRITE, _("can't %s the log: %s: free some "
			 "space or check the disk, then start again"), what,
			 strerror(errno));
}

/* Segments end when they are full; a new one is durable before its first
 * record. */
static bool open_segment(struct log *log, int segment, struct error *err)
{
	char name[CHAIN_NAME];
	int fd;

	chain_segment_name(segment, name);
	fd = openat(log->dirfd, name, O_WRONLY | O_APPEND | O_CREAT |
		    O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fsync(log->dirfd) != 0) {
		if (fd >= 0)
			close(fd);
		return die(log, "open", err);
	}
	if (log->fd >= 0)
		close(log->fd);
	log->fd = fd;
	if (segment != log->segment)
		log->size = 0;
	log->segment = segment;
	return true;
}

/* Make what is in log->text durable, then head. */
static bool flush(struct log *log, struct error *err)
{
	struct chain_head head = { .seq = log->seq, .room = 1, .good = true };
	long long length = (long long)log->text.length;

	if (log->text.failed) {
		log->dead = true;
		return error_set(err, ERR_MEMORY, _("no memory"));
	}
	if (log->size > 0 && log->size + length > SEGMENT_BYTES &&
	    !open_segment(log, log->segment + 1, err))
		return false;
	if (!write_all(log->fd, log->text.data, log->text.length))
		return die(log, "write", err);
	if (fdatasync(log->fd) != 0)
		return die(log, "sync", err);
	log->size += length;
	buffer_clear(&log->text);
	memcpy(head.leaf, log->leaf, HASH_SIZE);
	if (!chain_head_write(log->dirfd, &head, err)) {
		log->dead = true;
		return false;
	}
	return true;
}

static bool make_salt(struct log *log, char salt[33], struct error *err)
{
	uint8_t bytes[HASH_SIZE];
	char label[32];
	bool good;

	if (log->test_clock) {
		snprintf(label, sizeof(label), "salt %lld", log->seq);
		good = hash_derive(log->test_key, label, bytes);
		if (!good)
			error_set(err, ERR_MEMORY, _("no memory"));
	} else {
		good = hash_random(bytes, 16, err);
	}
	if (good)
		hash_hex(bytes, 16, salt);
	return good;
}

static void set_word(struct log_entry *e, enum line_member member,
		     const char **to, const char *word)
{
	if (!word)
		return;
	*to = word;
	LINE_SET(e, member);
}

static void set_digest(struct log_entry *e, enum line_member member,
		       uint8_t to[HASH_SIZE], const uint8_t *digest)
{
	if (!digest)
		return;
	memcpy(to, digest, HASH_SIZE);
	LINE_SET(e, member);
}

static void set_count(struct log_entry *e, enum line_member member,
		      long long *to, long long value)
{
	if (value < 0)
		return;
	*to = value;
	LINE_SET(e, member);
}

static void set_members(struct log_entry *e, const struct log_record *r)
{
	if (r->item) {
		snprintf(e->item, sizeof(e->item), "%s", r->item);
		LINE_SET(e, LINE_ITEM);
	}
	if (r->sandbox) {
		snprintf(e->sandbox, sizeof(e->sandbox), "%s", r->sandbox);
		LINE_SET(e, LINE_SANDBOX);
	}
	if (r->basis) {
		snprintf(e->basis, sizeof(e->basis), "%s", r->basis);
		LINE_SET(e, LINE_BASIS);
	}
	set_digest(e, LINE_IN_SHA256, e->in_sha256, r->in_sha256);
	set_digest(e, LINE_OUT_SHA256, e->out_sha256, r->out_sha256);
	set_digest(e, LINE_MASK_SHA256, e->mask_sha256, r->mask_sha256);
	set_digest(e, LINE_TORN_SHA256, e->torn_sha256, r->torn_sha256);
	set_digest(e, LINE_KEY, e->key, r->key);
	set_word(e, LINE_VERDICT, &e->verdict, r->verdict);
	set_word(e, LINE_REASON, &e->reason, r->reason);
	set_word(e, LINE_PHASE, &e->phase, r->phase);
	set_word(e, LINE_REFUSED, &e->refused, r->refused);
	set_word(e, LINE_MODE, &e->mode, r->mode);
	set_word(e, LINE_WHY, &e->why, r->why);
	set_word(e, LINE_SECOND, &e->second, r->second);
	set_word(e, LINE_EARLY, &e->early, r->early);
	set_word(e, LINE_RECIPIENT, &e->recipient, r->recipient);
	set_word(e, LINE_RESULT, &e->result, r->result);
	set_count(e, LINE_MS, &e->ms, r->ms);
	set_word(e, LINE_APART, &e->apart, r->apart);
	set_count(e, LINE_ACTIVE_MS, &e->active_ms, r->active_ms);
	set_count(e, LINE_VIEW_MS, &e->view_ms, r->view_ms);
	set_count(e, LINE_BOXES, &e->boxes, r->boxes);
	set_count(e, LINE_OFFSET, &e->offset, r->offset);
	set_count(e, LINE_LENGTH, &e->length, r->length);
	set_count(e, LINE_BEHIND, &e->behind, r->behind);
	set_count(e, LINE_ROUND, &e->round, r->round);
	set_count(e, LINE_LOT, &e->lot, r->lot);
	set_count(e, LINE_DRAWN, &e->drawn, r->drawn);
	set_count(e, LINE_RATE, &e->rate, r->rate);
	set_count(e, LINE_CONFIDENCE, &e->confidence, r->confidence);
	set_count(e, LINE_RISK, &e->risk, r->risk);
	set_count(e, LINE_BUNDLE, &e->bundle, r->bundle);
	set_digest(e, LINE_BUNDLE_SHA256, e->bundle_sha256, r->bundle_sha256);
}

/* The tree takes in the record that log->leaf is of. */
static bool grow_tree(struct log *log)
{
	struct log_standing *s = &log->standing;

	if (s->tree.size == 0)
		memcpy(s->first, log->leaf, HASH_SIZE);
	return merkle_add(&s->tree, log->hasher, log->leaf);
}

/*
 * Finish *e and put its line behind log->text.  What is put is read back with
 * the reader's own scanner: nothing enters the log that log_check() would
 * not know.
 */
static bool put_line(struct log *log, struct log_entry *e, struct error *err)
{
	size_t start = log->text.length;
	struct log_entry again;
	char t[25];

	format_time(real_ms(log), t);
	/* t never goes back; clock.step tells why it stands still */
	if (strcmp(t, log->t) > 0)
		memcpy(log->t, t, sizeof(t));
	memcpy(e->t, log->t, sizeof(e->t));
	e->mono_ms = mono_ms(log);
	e->seq = log->seq + 1;
	memcpy(e->prev, log->leaf, HASH_SIZE);
	if (!make_salt(log, e->salt, err))
		return false;
	line_print(e, &log->text);
	if (log->text.failed)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (!line_parse(log->text.data + start, log->text.length - start,
			&again)) {
		log->text.length = start;
		return error_set(err, ERR_INTERNAL, "a record of the log has "
				 "no valid form");
	}
	if (!line_leaf(log->hasher, log->text.data + start,
		       log->text.length - start, log->leaf))
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (log->keeps_tree && !grow_tree(log))
		return error_set(err, ERR_MEMORY, _("no memory"));
	buffer_puts(&log->text, "\n");
	log->seq++;
	return true;
}

static bool put_record(struct log *log, enum log_event event,
		       const struct log_record *record, struct error *err)
{
	struct log_entry e = log->common;

	e.event = event;
	if (record)
		set_members(&e, record);
	return put_line(log, &e, err);
}

static bool put_step(struct log *log, long long step, struct error *err)
{
	struct log_entry e = log->common;

	e.event = LOG_CLOCK_STEP;
	e.step_ms = step;
	LINE_SET(&e, LINE_STEP_MS);
	return put_line(log, &e, err);
}

/* Has the clock been set since we looked last?  Then say so first. */
static bool look_at_clock(struct log *log, struct error *err)
{
	long long now = real_ms(log) - mono_ms(log);
	long long step = now - log->real_minus_mono;

	if (step >= -CLOCK_STEP_MS && step <= CLOCK_STEP_MS)
		return true;
	log->real_minus_mono = now;
	return put_step(log, step, err) && (log->bundle || flush(log, err));
}

/* Is the clock earlier than what the log ends with?  (t stands still then) */
static bool look_at_past(struct log *log, struct error *err)
{
	long long step = real_ms(log) - parse_time(log->t);

	/* one record, one head: a kill leaves it no more than one behind */
	return step >= -CLOCK_STEP_MS ||
	       (put_step(log, step, err) && flush(log, err));
}

static bool is_alive(const struct log *log, struct error *err)
{
	return !log->dead ||
	       error_set(err, ERR_WRITE, _("the log could not be written; "
			 "nothing more is recorded: start again"));
}

/* ---- checkpoints ---- */

bool log_sign(struct log *log, struct error *err)
{
	struct log_standing *s = &log->standing;
	char origin[NOTE_NAME];

	if (!log->signing || s->signed_size == s->tree.size)
		return true;
	if (!is_alive(log, err))
		return false;
	checkpoint_origin(s->first, origin);
	if (!checkpoint_write(log->dirfd, origin, log->secret, &s->tree,
			      log->hasher, err)) {
		log->dead = true;
		return false;
	}
	s->signed_size = s->tree.size;
	log->signed_ms = mono_ms(log);
	return true;
}

static bool sign_when_due(struct log *log, struct error *err)
{
	const struct log_standing *s = &log->standing;

	if (s->tree.size - s->signed_size < VOUCH_RECORDS &&
	    mono_ms(log) - log->signed_ms < VOUCH_MS)
		return true;
	return log_sign(log, err);
}

bool log_statement(struct log *log, const char *lines, struct buffer *out,
		   struct error *err)
{
	const struct log_standing *s = &log->standing;
	struct checkpoint c = { .size = s->tree.size };
	struct note_key key;
	size_t begin = out->length, length;
	bool good;

	if (!log->signing)
		return error_set(err, ERR_USAGE, _("no key signs this log"));
	checkpoint_origin(s->first, c.origin);
	good = merkle_root(&s->tree, log->hasher, c.root) &&
	       note_key_set(&key, c.origin, NOTE_ED25519, s->key);
	if (good) {
		checkpoint_print(&c, out);
		buffer_puts(out, lines);
		length = out->length - begin;
		buffer_puts(out, "\n");
		good = !out->failed &&
		       note_sign(out, &key, log->secret, out->data + begin,
				 length, 0);
	}
	return good || error_set(err, ERR_MEMORY, _("no memory"));
}

bool log_cut(struct log *log, struct error *err)
{
	return is_alive(log, err) &&
	       (log->size == 0 || open_segment(log, log->segment + 1, err));
}

static bool put_key(struct log *log, enum log_event event,
		    const uint8_t key[SIGN_KEY], struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.key = key;
	if (!put_record(log, event, &r, err) || !flush(log, err)) {
		log->dead = true;
		return false;
	}
	memcpy(log->standing.key, key, SIGN_KEY);
	log->standing.has_key = event == LOG_KEY_NEW;
	log->standing.key_seq = log->seq;
	return true;
}

bool log_change_key(struct log *log, const uint8_t *secret,
		    struct error *err)
{
	struct log_standing *s = &log->standing;
	uint8_t key[SIGN_KEY];

	if (!is_alive(log, err))
		return false;
	if (!secret && !s->has_key)
		return error_set(err, ERR_USAGE, _("no key signs this log"));
	memcpy(key, s->key, SIGN_KEY);
	if (secret && !sign_public(secret, key))
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (!put_key(log, secret ? LOG_KEY_NEW : LOG_KEY_RETIRE, key, err) ||
	    !log_sign(log, err))
		return false;
	log->signing = secret != NULL;
	if (!secret)
		return true;
	memcpy(log->secret, secret, SIGN_KEY);
	s->signed_size = 0;             /* not by this key */
	return log_sign(log, err);
}

/* The standing of the log up to the record at *end, which may lack its LF. */
static bool stand(struct log *log, const struct log_who *who,
		  const struct chain_end *end, struct error *err)
{
	struct log_standing *s = &log->standing;
	struct log_check found;

	if (!who->secret && !who->standing)
		return true;
	if (who->standing)
		*s = *who->standing;
	if (!who->standing || s->tree.size < end->place.seq - 1) {
		if (!log_check(log->dirfd, &found, NULL, NULL, err))
			return false;
		*s = found.standing;
	}
	if (s->tree.size == end->place.seq - 1 &&
	    !merkle_add(&s->tree, log->hasher, end->place.leaf))
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (end->place.seq == 1)
		memcpy(s->first, end->place.leaf, HASH_SIZE);
	log->keeps_tree = true;
	return s->tree.size == end->place.seq ||
	       error_set(err, ERR_CHECK, _("the end of the log is not as it "
			 "was left: run `suminuri log check`"));
}

/* The session is open: its key is the one of the log from now on. */
static bool begin_signing(struct log *log, const uint8_t secret[SIGN_KEY],
			  struct error *err)
{
	const struct log_standing *s = &log->standing;
	uint8_t key[SIGN_KEY];

	if (!checkpoints_mend(log->dirfd, err))
		return false;
	if (!sign_public(secret, key))
		return error_set(err, ERR_MEMORY, _("no memory"));
	memcpy(log->secret, secret, SIGN_KEY);
	if ((!s->has_key || memcmp(s->key, key, SIGN_KEY) != 0) &&
	    !put_key(log, LOG_KEY_NEW, key, err))
		return false;
	log->signing = true;
	return log_sign(log, err);
}

const struct log_standing *log_stands(const struct log *log)
{
	return &log->standing;
}

long long log_next_seq(struct log *log, struct error *err)
{
	if (!is_alive(log, err))
		return 0;
	if (!log->prepared && !look_at_clock(log, err)) {
		log->dead = true;
		return 0;
	}
	log->prepared = true;
	return log->seq + 1;
}

bool log_append(struct log *log, enum log_event event,
		const struct log_record *record, long long *seq,
		struct error *err)
{
	long long number = log_next_seq(log, err);

	if (!number)
		return false;
	log->prepared = false;
	if (!put_record(log, event, record, err)) {
		log->dead = true;
		return false;
	}
	if (!log->bundle && !(flush(log, err) && sign_when_due(log, err)))
		return false;
	if (seq)
		*seq = number;
	return true;
}

bool log_begin(struct log *log, long long count, struct error *err)
{
	/* one more: a clock.step may come in between */
	struct chain_head head = { .seq = log->seq, .room = count + 1,
				   .good = true };

	if (!is_alive(log, err))
		return false;
	memcpy(head.leaf, log->leaf, HASH_SIZE);
	if (!chain_head_write(log->dirfd, &head, err)) {
		log->dead = true;
		return false;
	}
	log->bundle = true;
	return true;
}

bool log_commit(struct log *log, struct error *err)
{
	log->bundle = false;
	return is_alive(log, err) && flush(log, err) &&
	       sign_when_due(log, err);
}

/* ---- open and close ---- */

static bool check_codes(const struct log_who *who, struct error *err)
{
	if (!log_code_valid(who->reviewer))
		return error_set(err, ERR_USAGE, _("a reviewer code has 1 to "
						   "32 letters, digits, dots, "
						   "hyphens, underscores"));
	if (!log_code_valid(who->host) || strlen(who->policy) != 16)
		return error_set(err, ERR_INTERNAL, "invalid station or "
				 "policy code");
	return true;
}

/* "2b5f..." of /proc, hyphens dropped; zeros when there is none. */
static void read_boot_id(char boot[33])
{
	char text[40] = "";
	int fd = open("/proc/sys/kernel/random/boot_id",
		      O_RDONLY | O_CLOEXEC);
	size_t used = 0;

	memset(boot, '0', 32);
	boot[32] = '\0';
	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text) - 1) > 0)
		for (const char *p = text; *p && used < 32; p++)
			if (strchr("0123456789abcdef", *p))
				boot[used++] = *p;
	close(fd);
}

/* The members that stay the same for the whole session. */
static bool fill_common(struct log *log, const struct log_who *who,
			struct error *err)
{
	struct log_entry *e = &log->common;
	uint8_t session[HASH_SIZE] = { 0 };
	char label[32];

	e->v = 1;
	e->role = who->role;
	e->qual = who->qual;
	snprintf(e->who, sizeof(e->who), "%s", who->reviewer);
	snprintf(e->host, sizeof(e->host), "%s", who->host);
	snprintf(e->pol, sizeof(e->pol), "%s", who->policy);
	snprintf(e->tool, sizeof(e->tool), "suminuri-%s", PACKAGE_VERSION);
	if (who->test_clock) {
		snprintf(label, sizeof(label), "test seed %lu",
			 who->test_seed);
		if (!hash_bytes(label, strlen(label), log->test_key))
			return error_set(err, ERR_MEMORY, _("no memory"));
		snprintf(label, sizeof(label), "session %lld", log->seq);
		if (!hash_derive(log->test_key, label, session))
			return error_set(err, ERR_MEMORY, _("no memory"));
		memset(e->boot, '0', 32);
	} else {
		e->uid = (long long)getuid();
		read_boot_id(e->boot);
		if (!hash_random(session, 8, err))
			return false;
	}
	hash_hex(session, 8, e->sess);
	e->has = LINE_BIT(LINE_V) | LINE_BIT(LINE_SEQ) | LINE_BIT(LINE_PREV) |
		 LINE_BIT(LINE_SALT) | LINE_BIT(LINE_EV) | LINE_BIT(LINE_T) |
		 LINE_BIT(LINE_MONO_MS) | LINE_BIT(LINE_BOOT) |
		 LINE_BIT(LINE_WHO) | LINE_BIT(LINE_ROLE) |
		 LINE_BIT(LINE_UID) | LINE_BIT(LINE_SESS) |
		 LINE_BIT(LINE_HOST) | LINE_BIT(LINE_POL) |
		 LINE_BIT(LINE_TOOL);
	if (who->qual)
		LINE_SET(e, LINE_QUAL);
	return true;
}

/* SHA-256 of the torn bytes at the end of the segment. */
static bool hash_torn(int dirfd, const struct chain_end *end,
		      uint8_t digest[HASH_SIZE], long long *length)
{
	char name[CHAIN_NAME], piece[4096];
	struct hasher *h = hasher_new();
	long long at = end->place.offset, last = end->size;
	int fd;

	if (!end->unended)
		last--;                 /* the LF belongs to no line */
	chain_segment_name(end->place.segment, name);
	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	while (h && fd >= 0 && at < last) {
		size_t wanted = last - at < (long long)sizeof(piece) ?
				(size_t)(last - at) : sizeof(piece);
		ssize_t got = pread(fd, piece, wanted, (off_t)at);

		if (got <= 0)
			break;
		hasher_add(h, piece, (size_t)got);
		at += got;
	}
	*length = at - end->place.offset;
	bool good = h && fd >= 0 && hasher_end(h, digest) && at >= last;

	if (fd >= 0)
		close(fd);
	hasher_free(h);
	return good;
}

/*
 * Let the head stay where it is, with room for what it does not know and one
 * more: a repair that is stopped as well is one that the next start knows.
 */
static bool make_room(struct log *log, const struct chain_end *end,
		      struct error *err)
{
	struct chain_head head;

	if (!chain_head_read(log->dirfd, &head, err))
		return false;
	head.room = end->behind + 1;
	return chain_head_write(log->dirfd, &head, err);
}

/* Close a torn tail and tell of it; tell also when head was behind. */
static bool repair(struct log *log, const struct chain_end *end,
		   struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	uint8_t digest[HASH_SIZE];

	if (!end->torn && !end->unended && !end->behind)
		return true;
	if (end->behind > 0 && !make_room(log, end, err))
		return false;
	if (end->unended)
		buffer_puts(&log->text, "\n");
	if (end->torn) {
		if (!hash_torn(log->dirfd, end, digest, &r.length))
			return error_set(err, ERR_WRITE,
					 _("can't read the end of the log"));
		r.torn_sha256 = digest;
		r.offset = end->place.offset;
	}
	r.behind = end->behind;
	return put_record(log, LOG_RECOVER, &r, err) && flush(log, err);
}

/* Take up the chain where the files say it ends, and write session.open. */
static bool take_up(struct log *log, const struct log_who *who,
		    struct error *err)
{
	struct log_record opening = LOG_RECORD_EMPTY;
	struct chain_end end;

	opening.sandbox = who->sandbox;
	if (!chain_find_end(log->dirfd, &end, err))
		return false;
	log->seq = log->found_seq = end.place.seq;
	log->found_clean = (end.closed || end.place.seq == 0) && !end.torn &&
			   !end.unended && !end.behind;
	memcpy(log->leaf, end.place.leaf, HASH_SIZE);
	memcpy(log->t, end.place.t, sizeof(log->t));
	log->segment = end.place.segment;
	log->size = end.size;
	log->test_clock = who->test_clock;
	log->real_minus_mono = real_ms(log) - mono_ms(log);
	return fill_common(log, who, err) &&
	       stand(log, who, &end, err) &&
	       open_segment(log, log->segment, err) &&
	       repair(log, &end, err) && look_at_past(log, err) &&
	       put_record(log, LOG_SESSION_OPEN, &opening, err) &&
	       flush(log, err) &&
	       (!who->secret || begin_signing(log, who->secret, err));
}

struct log *log_open(int dirfd, const struct log_who *who, struct error *err)
{
	struct log *log = NULL;

	if (!check_codes(who, err))
		return NULL;
	log = calloc(1, sizeof(*log));
	if (!log) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return NULL;
	}
	log->fd = -1;
	log->hasher = hasher_new();
	log->dirfd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (log->dirfd < 0 || !log->hasher) {
		error_set(err, ERR_WRITE, _("can't open the folder of the log: "
			  "%s"), strerror(errno));
		goto fail;
	}
	if (flock(log->dirfd, LOCK_EX | LOCK_NB) != 0) {
		error_set(err, ERR_WRITE, _("another suminuri has this project "
			  "open: leave it there first"));
		goto fail;
	}
	if (!take_up(log, who, err))
		goto fail;
	return log;
fail:
	log_abandon(log);
	return NULL;
}

long long log_found_seq(const struct log *log)
{
	return log->found_seq;
}

bool log_found_clean(const struct log *log)
{
	return log->found_clean;
}

const char *log_reviewer(const struct log *log)
{
	return log->common.who;
}

long long log_uid(const struct log *log)
{
	return log->common.uid;
}

bool log_close(struct log *log, struct error *err)
{
	bool good = log_append(log, LOG_SESSION_CLOSE, NULL, NULL, err) &&
		    log_sign(log, err);

	if (close(log->fd) != 0 && good)
		good = die(log, "close", err);
	log->fd = -1;
	log_abandon(log);
	return good;
}

void log_abandon(struct log *log)
{
	if (!log)
		return;
	if (log->fd >= 0)
		close(log->fd);
	if (log->dirfd >= 0)
		close(log->dirfd);
	hasher_free(log->hasher);
	buffer_done(&log->text);
	hash_wipe(log->test_key, sizeof(log->test_key));
	hash_wipe(log->secret, sizeof(log->secret));
	free(log);
}
