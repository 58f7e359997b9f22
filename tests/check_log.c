/* check_log.c - the review log: what is written, what is found, what is
 * repaired. */
#include "config.h"

#include "record/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/chain.h"
#include "record/line.h"
#include "tests/support.h"

enum { MANY = 200 };                    /* records of the tamper tests */

static const struct log_who tester = {
	.reviewer = "r-7f3a", .role = "reviewer", .host = "test",
	.policy = "0123456789abcdef", .test_clock = true, .test_seed = 7,
	.sandbox = "limits+seccomp+landlock7",
};

/* ---- a directory for each test ---- */

struct place {
	char path[64];
	int fd;
};

static struct place place_new(void)
{
	struct place p = { .path = "/dev/shm/check_log.XXXXXX" };

	/* in memory where there is such a place: it syncs at once */
	if (!mkdtemp(p.path)) {
		snprintf(p.path, sizeof(p.path), "check_log.XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(p.path));
	}
	p.fd = open(p.path, O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(p.fd, 0);
	return p;
}

static void place_done(struct place *p)
{
	static const char *const names[] = { "00000001.jsonl",
					     "00000002.jsonl", "head",
					     "head.new" };

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		unlinkat(p->fd, names[i], 0);
	close(p->fd);
	ck_assert_int_eq(rmdir(p->path), 0);
}

static char *read_all(int dirfd, const char *name, size_t *length)
{
	int fd = openat(dirfd, name, O_RDONLY);
	struct stat status;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &status), 0);
	*length = (size_t)status.st_size;
	char *text = calloc(1, *length + 1);

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(read(fd, text, *length), (ssize_t)*length);
	close(fd);
	return text;
}

static void write_file(int dirfd, const char *name, const char *text,
		       size_t length)
{
	int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, length), (ssize_t)length);
	close(fd);
}

/* A record of item number n with a verdict. */
static bool try_append(struct log *log, int n, struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	uint8_t digest[32] = { (uint8_t)n, 1, 2, 3 };
	char item[33];

	snprintf(item, sizeof(item), "%032x", (unsigned)n);
	r.item = item;
	r.in_sha256 = r.mask_sha256 = digest;
	r.verdict = n % 3 ? "masked" : "clean";
	r.reason = n % 5 ? NULL : log_reason_name[1 + n % 9];
	r.active_ms = n;
	r.view_ms = 2 * n;
	r.boxes = n % 4;
	return log_append(log, LOG_ITEM_VERDICT, &r, NULL, err);
}

static void append(struct log *log, int n)
{
	struct error err = { 0 };

	ck_assert_msg(try_append(log, n, &err), "%s", err.text);
}

static struct log *log_start(int dirfd)
{
	struct error err = { 0 };
	struct log *log = log_open(dirfd, &tester, &err);

	ck_assert_msg(log != NULL, "%s", err.text);
	return log;
}

static void write_log(int dirfd, int records)
{
	struct log *log = log_start(dirfd);

	for (int i = 2; i < records; i++)
		append(log, i);
	ck_assert(log_close(log, NULL));
}

static bool count_verdict(void *self, const struct log_entry *entry)
{
	int *count = self;

	*count += entry->event == LOG_ITEM_VERDICT;
	return true;
}

static struct log_check check(int dirfd)
{
	struct log_check result;
	struct error err = { 0 };
	int verdicts = 0;

	ck_assert_msg(log_check(dirfd, &result, count_verdict, &verdicts,
				&err), "%s", err.text);
	return result;
}

/* ---- known leaves ---- */

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define LEAF1 "ee93ff46fa72d0e6344e1c4ab832566501ac3213930e1c096280f8e3a2b4d19a"
#define LEAF2 "a602e690488d3d58cf6dae1dc87344c256a60c8b470a18e91bcb468d3207933e"
#define LEAF3 "9a2ea900559fa09ee064660856ccff925b44f7f5cb675ed97fc0e452ff90ce05"

static const struct {
	const char *line, *leaf;
} vectors[] = {
	{ "{\"ev\":\"session.open\",\"prev\":\"" ZEROS "\",\"seq\":1,"
	  "\"t\":\"2026-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r-7f3a\"}",
	  LEAF1 },
	{ "{\"ev\":\"item.verdict\",\"prev\":\"" LEAF1 "\",\"seq\":2,"
	  "\"t\":\"2026-11-21T02:22:40.001Z\",\"v\":1,\"who\":\"r-7f3a\"}",
	  LEAF2 },
	{ "{\"ev\":\"session.close\",\"prev\":\"" LEAF2 "\",\"seq\":3,"
	  "\"t\":\"2026-11-21T02:22:41.000Z\",\"v\":1,\"who\":\"r-7f3a\"}",
	  LEAF3 },
};

START_TEST(leaf_vectors)
{
	struct hasher *h = hasher_new();
	uint8_t leaf[HASH_SIZE];
	char hex[HASH_HEX];

	for (size_t i = 0; i < ARRAY_LENGTH(vectors); i++) {
		ck_assert(line_leaf(h, vectors[i].line,
				    strlen(vectors[i].line), leaf));
		hash_hex(leaf, HASH_SIZE, hex);
		ck_assert_str_eq(hex, vectors[i].leaf);
	}
	hasher_free(h);
}
END_TEST

/* ---- form ---- */

#define LINE(members) "{" members "}"
#define OPEN "\"ev\":\"session.open\",\"prev\":\"" ZEROS "\",\"seq\":1," \
	     "\"t\":\"2026-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r\""

#define HOST(name) \
	"{\"ev\":\"session.open\",\"host\":\"" name "\",\"prev\":\"" ZEROS \
	"\",\"seq\":1,\"t\":\"2026-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r\"}"

static const struct {
	const char *line;
	bool good;
} forms[] = {
	{ LINE(OPEN), true },
	{ LINE(OPEN) " ", false },
	{ " " LINE(OPEN), false },
	{ LINE(OPEN ","), false },
	{ LINE(OPEN ",\"x\":1"), false },
	{ LINE("\"boxes\":3," OPEN), true },
	{ LINE("\"boxes\":0," OPEN), true },
	{ LINE("\"boxes\":-3," OPEN), true },
	{ LINE("\"boxes\":-0," OPEN), false },
	{ LINE("\"boxes\":03," OPEN), false },
	{ LINE("\"boxes\":3.0," OPEN), false },
	{ LINE("\"boxes\":\"3\"," OPEN), false },
	{ LINE("\"boxes\":," OPEN), false },
	{ LINE("\"boxes\":9007199254740991," OPEN), true },
	{ LINE("\"boxes\":9007199254740992," OPEN), false },
	{ LINE("\"boxes\":99999999999999999," OPEN), false },
	{ LINE("\"boxes\":1,\"boxes\":1," OPEN), false },
	{ LINE("\"boxes\":1,\"active_ms\":1," OPEN), false },
	{ LINE("\"boxes\": 1," OPEN), false },
	{ LINE("\"boxes\":true," OPEN), false },
	{ LINE("\"host\":\"a\"," OPEN), false },
	{ HOST("station-1.a_b"), true },
	{ HOST("a b"), false },
	{ HOST(""), false },
	{ HOST("a\\u0062"), false },
	{ HOST("012345678901234567890123456789012"), false },
	{ "{\"ev\":\"item.open\",\"item\":\"0123456789abcdef0123456789abcde"
	  "f\",\"prev\":\"" ZEROS "\",\"seq\":1,\"t\":\"2026-11-21T02:22:33."
	  "456Z\",\"v\":1,\"who\":\"r\"}", true },
	{ "{\"ev\":\"item.open\",\"prev\":\"" ZEROS "\",\"seq\":1,\"t\":\"20"
	  "26-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r\"}", false },
	{ "{\"ev\":\"item.opem\",\"prev\":\"" ZEROS "\",\"seq\":1,\"t\":\"20"
	  "26-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r\"}", false },
	{ "{\"ev\":\"session.open\",\"prev\":\"" ZEROS "\",\"seq\":1,\"t\":"
	  "\"2026-11-21T02:22:33.456Z\",\"v\":2,\"who\":\"r\"}", false },
	{ "{\"ev\":\"session.open\",\"prev\":\"" ZEROS "\",\"seq\":0,\"t\":"
	  "\"2026-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r\"}", false },
	{ "{\"ev\":\"session.open\",\"prev\":\"" ZEROS "\",\"seq\":1,\"t\":"
	  "\"2026-11-21 02:22:33.456Z\",\"v\":1,\"who\":\"r\"}", false },
	{ "{}", false }, { "", false }, { "{", false },
};

START_TEST(form)
{
	struct log_entry entry;

	ck_assert(line_parse(forms[_i].line, strlen(forms[_i].line), &entry) ==
		  forms[_i].good);
}
END_TEST

/* Every prefix of a line, and every line with a byte too many, is refused. */
START_TEST(form_of_pieces)
{
	struct place p = place_new();
	struct log_entry entry;
	size_t length, line;

	write_log(p.fd, 3);
	char *text = read_all(p.fd, "00000001.jsonl", &length);

	line = (size_t)(strchr(text, '\n') - text);
	ck_assert(line_parse(text, line, &entry));
	for (size_t i = 0; i < line; i++)
		ck_assert(!line_parse(text, i, &entry));
	ck_assert(!line_parse(text, line + 1, &entry));
	free(text);
	place_done(&p);
}
END_TEST

/* ---- what is written ---- */

START_TEST(members_of_a_verdict)
{
	static const char wanted[] =
		"{\"active_ms\":5,\"boot\":\"00000000000000000000000000000000"
		"\",\"boxes\":1,\"ev\":\"item.verdict\",\"host\":\"test\","
		"\"in_sha256\":\"05010203000000000000000000000000000000000000"
		"00000000000000000000\",\"item\":\"0000000000000000000000000000"
		"0005\",\"mask_sha256\":\"050102030000000000000000000000000000"
		"0000000000000000000000000000\",\"mono_ms\":1000,\"pol\":\"012"
		"3456789abcdef\",\"prev\":\"";
	static const char *const names[] = {
		"\"v\":1", "\"seq\":2", "\"salt\":\"",
		"\"t\":\"2026-01-01T00:00:01.000Z\"", "\"who\":\"r-7f3a\"",
		"\"role\":\"reviewer\"", "\"uid\":",
		"\"sess\":\"", "\"tool\":\"suminuri-",
		"\"verdict\":\"masked\"", "\"reason\":\"misplaced\"",
		"\"view_ms\":10",
	};
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	size_t length;

	append(log, 5);
	log_abandon(log);
	char *text = read_all(p.fd, "00000001.jsonl", &length);
	const char *line = strchr(text, '\n') + 1;

	ck_assert_int_eq(strncmp(line, wanted, strlen(wanted)), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		ck_assert_msg(strstr(line, names[i]) != NULL, "%s", names[i]);
	free(text);
	place_done(&p);
}
END_TEST

START_TEST(test_seed_repeats)
{
	struct place a = place_new(), b = place_new();
	size_t length_a, length_b;

	write_log(a.fd, 20);
	write_log(a.fd, 20);
	write_log(b.fd, 20);
	write_log(b.fd, 20);
	char *x = read_all(a.fd, "00000001.jsonl", &length_a);
	char *y = read_all(b.fd, "00000001.jsonl", &length_b);

	ck_assert_uint_eq(length_a, length_b);
	ck_assert_mem_eq(x, y, length_a);
	ck_assert_int_eq(check(a.fd).records, 40);
	free(x);
	free(y);
	place_done(&a);
	place_done(&b);
}
END_TEST

/* Only the record that opens a session says how workers are held in. */
START_TEST(test_sandbox)
{
	struct place p = place_new();
	struct error err = { 0 };
	struct log *log = log_open(p.fd, &tester, &err);
	size_t length;
	char *text, *first;

	ck_assert_msg(log, "%s", err.text);
	ck_assert(log_close(log, &err));
	text = read_all(p.fd, "00000001.jsonl", &length);
	first = strstr(text, "\"sandbox\":\"limits+seccomp+landlock7\"");
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(strstr(first + 9, "sandbox"));
	ck_assert(strchr(text, '\n') > first);
	free(text);
	place_done(&p);
}
END_TEST

/* Without --test-seed salts and sessions differ and time is the real one. */
START_TEST(real_clock)
{
	struct place p = place_new();
	struct log_who who = tester;
	struct log_check result;
	struct log *log;

	who.test_clock = false;
	for (int i = 0; i < 3; i++) {
		log = log_open(p.fd, &who, NULL);
		ck_assert_ptr_nonnull(log);
		ck_assert(log_found_clean(log));
		ck_assert_int_eq(log_found_seq(log), 3 * i);
		append(log, i);
		ck_assert(log_close(log, NULL));
	}
	result = check(p.fd);
	ck_assert_int_eq(result.fault, LOG_OK);
	ck_assert_int_eq(result.records, 9);
	place_done(&p);
}
END_TEST

/* A clock that was ahead: time stands still, and clock.step says why. */
START_TEST(clock_was_ahead)
{
	static const char line[] =
		"{\"ev\":\"session.open\",\"prev\":\"" ZEROS "\",\"seq\":1,"
		"\"t\":\"2999-11-21T02:22:33.456Z\",\"v\":1,\"who\":\"r\"}\n";
	struct chain_head head = { .seq = 1, .room = 1, .good = true };
	struct hasher *h = hasher_new();
	struct place p = place_new();
	struct log_who who = tester;
	size_t length;
	char *text;

	ck_assert(line_leaf(h, line, strlen(line) - 1, head.leaf));
	hasher_free(h);
	write_file(p.fd, "00000001.jsonl", line, strlen(line));
	ck_assert(chain_head_write(p.fd, &head, NULL));
	who.test_clock = false;
	/* stopped before head was written */
	ck_assert_int_eq(mkdirat(p.fd, "head.new", 0700), 0);
	ck_assert_ptr_null(log_open(p.fd, &who, NULL));
	ck_assert_int_eq(check(p.fd).fault, LOG_OK);
	ck_assert_int_eq(check(p.fd).records, 2);
	ck_assert_int_eq(unlinkat(p.fd, "head.new", AT_REMOVEDIR), 0);
	struct log *log = log_open(p.fd, &who, NULL);

	ck_assert_ptr_nonnull(log);
	ck_assert(log_close(log, NULL));
	ck_assert_int_eq(check(p.fd).fault, LOG_OK);
	/* the first, clock.step, recover, clock.step, session.open and .close */
	ck_assert_int_eq(check(p.fd).records, 6);
	text = read_all(p.fd, "00000001.jsonl", &length);
	ck_assert_ptr_nonnull(strstr(text, "\"ev\":\"clock.step\""));
	ck_assert_ptr_nonnull(strstr(text, "\"step_ms\":-3"));
	ck_assert_ptr_null(strstr(text, "\"t\":\"20"));
	free(text);
	place_done(&p);
}
END_TEST

static const struct {
	const char *reviewer, *role, *policy;
} bad_codes[] = {
	{ "", "reviewer", "0123456789abcdef" },
	{ "a b", "reviewer", "0123456789abcdef" },
	{ "\u5c71\u7530", "reviewer", "0123456789abcdef" },
	{ "a\n", "reviewer", "0123456789abcdef" },
	{ "123456789012345678901234567890123", "reviewer",
	  "0123456789abcdef" },
	{ "a", "boss", "0123456789abcdef" },
	{ "a", "reviewer", "0123" },
};

START_TEST(refuses_codes)
{
	struct place p = place_new();
	struct log_who who = tester;
	struct error err = { 0 };

	who.reviewer = bad_codes[_i].reviewer;
	who.role = bad_codes[_i].role;
	who.policy = bad_codes[_i].policy;
	ck_assert_ptr_null(log_open(p.fd, &who, &err));
	ck_assert_int_ne(err.code, ERR_NONE);
	place_done(&p);
}
END_TEST

START_TEST(second_writer)
{
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	struct error err = { 0 };
	struct log_check result;

	ck_assert_ptr_null(log_open(p.fd, &tester, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	result = check(p.fd);
	ck_assert(result.live);
	ck_assert_int_eq(result.fault, LOG_OK);
	log_abandon(log);
	place_done(&p);
}
END_TEST

START_TEST(bundle)
{
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	size_t before, after;

	free(read_all(p.fd, "00000001.jsonl", &before));
	ck_assert(log_begin(log, 50, NULL));
	for (int i = 0; i < 50; i++)
		append(log, i);
	free(read_all(p.fd, "00000001.jsonl", &after));
	ck_assert_uint_eq(before, after);
	ck_assert(log_commit(log, NULL));
	ck_assert(log_close(log, NULL));
	ck_assert_int_eq(check(p.fd).records, 52);
	ck_assert_int_eq(check(p.fd).fault, LOG_OK);
	place_done(&p);
}
END_TEST

/* A kill in the middle of a bundle: what came through stays. */
START_TEST(bundle_cut)
{
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	struct chain_head head;
	size_t length;

	ck_assert(log_begin(log, 50, NULL));
	ck_assert(chain_head_read(p.fd, &head, NULL));
	for (int i = 0; i < 50; i++)
		append(log, i);
	ck_assert(log_commit(log, NULL));
	log_abandon(log);
	ck_assert(chain_head_write(p.fd, &head, NULL));
	char *text = read_all(p.fd, "00000001.jsonl", &length);

	write_file(p.fd, "00000001.jsonl", text, length - 1000);
	free(text);
	ck_assert_int_eq(check(p.fd).fault, LOG_TORN);
	log = log_start(p.fd);
	ck_assert(!log_found_clean(log));
	ck_assert_int_eq(log_found_seq(log), 1 + 48);
	ck_assert(log_close(log, NULL));
	ck_assert_int_eq(check(p.fd).fault, LOG_OK);
	place_done(&p);
}
END_TEST

static bool from_seq(void *self, const struct log_entry *entry)
{
	long long *next = self;

	ck_assert_int_eq(entry->seq, *next);
	(*next)++;
	return true;
}

START_TEST(replay)
{
	struct place p = place_new();
	long long next = 17;

	write_log(p.fd, 30);
	ck_assert(log_replay(p.fd, 17, from_seq, &next, NULL));
	ck_assert_int_eq(next, 31);
	place_done(&p);
}
END_TEST

/* ---- what is found ---- */

/* Lines of a log in memory, to be put together differently. */
struct lines {
	char *text, *other;
	const char *line[MANY];
	size_t length[MANY];            /* LF included */
};

static void split(struct lines *l, char *text)
{
	l->text = text;
	for (int i = 0; i < MANY; i++) {
		l->line[i] = text;
		text = strchr(text, '\n') + 1;
		l->length[i] = (size_t)(text - l->line[i]);
	}
	ck_assert_int_eq(*text, '\0');
}

/* Write the lines in the order of index[count]; -1 stands for the spare. */
static void put_lines(int dirfd, const struct lines *l, const int *index,
		      size_t count, const char *spare)
{
	struct buffer out = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (index[i] < 0)
			buffer_puts(&out, spare);
		else
			buffer_append(&out, l->line[index[i]],
				      l->length[index[i]]);
	}
	ck_assert(!out.failed);
	write_file(dirfd, "00000001.jsonl", out.data, out.length);
	buffer_done(&out);
}

static void tamper_delete(int k, int *index, size_t *count)
{
	memmove(index + k, index + k + 1,
		sizeof(*index) * (*count - (size_t)k - 1));
	(*count)--;
}

static void tamper_double(int k, int *index, size_t *count)
{
	memmove(index + k + 1, index + k,
		sizeof(*index) * (*count - (size_t)k));
	(*count)++;
}

static void tamper_swap(int k, int *index, size_t *count)
{
	int other = k + 1 < (int)*count ? k + 1 : k - 1, keep = index[k];

	index[k] = index[other];
	index[other] = keep;
}

static void tamper_replace(int k, int *index, size_t *count)
{
	(void)count;
	index[k] = -1;
}

static void tamper_cut(int k, int *index, size_t *count)
{
	(void)index;
	*count = (size_t)k;
}

static const struct {
	const char *name;
	void (*act)(int k, int *index, size_t *count);
	enum log_fault fault, at_last;
	int line;               /* found at k + line, 1-based */
} tampers[] = {
	{ "delete", tamper_delete, LOG_GAP, LOG_TRUNCATED, 1 },
	{ "double", tamper_double, LOG_ORDER, LOG_ORDER, 2 },
	{ "swap", tamper_swap, LOG_ORDER, LOG_ORDER, 1 },
	{ "foreign", tamper_replace, LOG_EDIT, LOG_EDIT, 1 },
	{ "cut", tamper_cut, LOG_TRUNCATED, LOG_TRUNCATED, 0 },
};

/* Each of them at each of 200 records. */
START_TEST(tampered_lines)
{
	struct place p = place_new(), q = place_new();
	struct lines l;
	size_t length;
	char *other, *start, *end;

	write_log(p.fd, MANY);
	write_log(q.fd, 90);            /* other seed below: other salts */
	split(&l, read_all(p.fd, "00000001.jsonl", &length));
	other = read_all(q.fd, "00000001.jsonl", &length);
	/* a whole record of another log, of the middle */
	start = other;
	for (int i = 0; i < 50; i++)
		start = strchr(start, '\n') + 1;
	end = strchr(start, '\n') + 1;
	*end = '\0';
	/* it must not be the same as ours */
	char *salt = strstr(start, "\"salt\":\"") + 8;

	*salt = *salt == '0' ? '1' : '0';

	for (int k = 0; k < MANY; k++) {
		int index[MANY + 1];
		size_t count = MANY;
		struct log_check result;
		bool last = k == MANY - 1;

		for (int i = 0; i < MANY; i++)
			index[i] = i;
		tampers[_i].act(k, index, &count);
		put_lines(p.fd, &l, index, count, start);
		result = check(p.fd);
		ck_assert_msg(result.fault == (last ? tampers[_i].at_last :
					       tampers[_i].fault),
			      "%s at %d: %s", tampers[_i].name, k,
			      log_fault_name[result.fault]);
		if (!last)
			ck_assert_int_eq(result.line, k + tampers[_i].line);
		ck_assert_int_le(result.records, k + 1);
	}
	free(l.text);
	free(other);
	place_done(&p);
	place_done(&q);
}
END_TEST

/* One bit of each record: found there, and only what is before is counted. */
START_TEST(flipped_bits)
{
	struct place p = place_new();
	struct lines l;
	size_t length;
	unsigned seed = 20261121;

	write_log(p.fd, MANY);
	split(&l, read_all(p.fd, "00000001.jsonl", &length));
	for (int k = 0; k < MANY; k++) {
		size_t at = (size_t)rand_r(&seed) % (l.length[k] - 1);
		char bit = (char)(1 << rand_r(&seed) % 7);
		char *byte = l.text + (l.line[k] - l.text) + at;
		struct log_check result;

		if ((*byte ^ bit) == '\n')
			continue;
		*byte ^= bit;
		write_file(p.fd, "00000001.jsonl", l.text, length);
		result = check(p.fd);
		*byte ^= bit;
		ck_assert_msg(result.fault == LOG_EDIT, "%d: %s", k,
			      log_fault_name[result.fault]);
		ck_assert_int_eq(result.line, k + 1);
		ck_assert_int_le(result.records, k);
	}
	free(l.text);
	place_done(&p);
}
END_TEST

/* The chain recomputed by somebody who does not know head: an unknown member
 * that the chain vouches for is a matter of form. */
START_TEST(vouched_but_formless)
{
	struct place p = place_new();
	struct chain_head head = { .seq = 1, .room = 1, .good = true };
	struct hasher *h = hasher_new();
	static const char line[] = LINE(OPEN ",\"x\":1");
	struct log_check result;

	ck_assert(line_leaf(h, line, strlen(line), head.leaf));
	write_file(p.fd, "00000001.jsonl", line, strlen(line));
	ck_assert_int_eq(check(p.fd).fault, LOG_TORN);
	write_file(p.fd, "00000001.jsonl", LINE(OPEN ",\"x\":1") "\n",
		   strlen(line) + 1);
	ck_assert(chain_head_write(p.fd, &head, NULL));
	result = check(p.fd);
	ck_assert_int_eq(result.fault, LOG_FORM);
	ck_assert_int_eq(result.line, 1);
	hasher_free(h);
	place_done(&p);
}
END_TEST

static const struct {
	const char *head;
	enum log_fault fault;
} heads[] = {
	{ "", LOG_HEAD },
	{ "x", LOG_HEAD },
	{ "{\"leaf\":\"" ZEROS "\",\"room\":1,\"seq\":12}\n", LOG_EDIT },
	{ "{\"leaf\":\"" ZEROS "\",\"room\":1,\"seq\":13}\n", LOG_TRUNCATED },
	{ "{\"leaf\":\"" ZEROS "\",\"room\":1,\"seq\":11}\n", LOG_HEAD },
	{ "{\"leaf\":\"" ZEROS "\",\"room\":1,\"seq\":3}\n", LOG_HEAD },
	{ "{\"leaf\":\"" ZEROS "\",\"seq\":12}\n", LOG_HEAD },
	{ "{\"leaf\":\"" ZEROS "\",\"room\":1, \"seq\":12}\n", LOG_HEAD },
	{ "{\"leaf\":\"" ZEROS "\",\"room\":1,\"seq\":0}\n", LOG_HEAD },
	{ NULL, LOG_HEAD },
};

START_TEST(wrong_head)
{
	struct place p = place_new();
	struct error err = { 0 };

	write_log(p.fd, 12);
	if (heads[_i].head)
		write_file(p.fd, "head", heads[_i].head,
			   strlen(heads[_i].head));
	else
		unlinkat(p.fd, "head", 0);
	ck_assert_int_eq(check(p.fd).fault, heads[_i].fault);
	ck_assert_ptr_null(log_open(p.fd, &tester, &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	place_done(&p);
}
END_TEST

START_TEST(empty_is_truncated)
{
	struct place p = place_new();

	ck_assert_int_eq(check(p.fd).fault, LOG_TRUNCATED);
	write_log(p.fd, 3);
	unlinkat(p.fd, "00000001.jsonl", 0);
	ck_assert_int_eq(check(p.fd).fault, LOG_TRUNCATED);
	place_done(&p);
}
END_TEST

/* ---- what is repaired ---- */

enum { RECORDS = 8 };                   /* of the log that is cut */

/* Does one of the last records end here?  Every head is tried then, else one. */
static bool near_an_end(size_t cut, const size_t ends[RECORDS + 1])
{
	for (int n = RECORDS - 3; n <= RECORDS; n++)
		if (cut + 2 >= ends[n] && cut <= ends[n] + 2)
			return true;
	return false;
}

/* Does it open, as it should, and is it sound then? */
static bool opened_after_cut(int fd, size_t cut, int known,
			     const size_t ends[RECORDS + 1])
{
	bool lost = cut + 1 < ends[known];
	bool far = known + 1 < RECORDS && cut + 1 >= ends[known + 2];
	struct log_check result = check(fd);
	struct error err = { 0 };
	struct log *log = log_open(fd, &tester, &err);

	ck_assert_msg((log != NULL) == (!lost && !far), "cut %zu head %d: %s",
		      cut, known, err.text);
	if (lost)
		ck_assert_int_eq(result.fault, LOG_TRUNCATED);
	if (!log)
		return false;
	ck_assert(log_found_seq(log) >= known);
	ck_assert(log_close(log, NULL));
	result = check(fd);
	ck_assert_int_eq(result.fault, LOG_OK);
	ck_assert_int_ge(result.records, known + 2);
	return true;
}

/*
 * Cut the log at every byte of its last three records, with the head of each
 * moment.  Either opening repairs it and no record that head knew is lost,
 * or it is reported.
 */
START_TEST(cut_anywhere)
{
	struct chain_head heads_at[RECORDS + 1];
	size_t ends[RECORDS + 1], length = 0;
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	int repaired = 0, reported = 0;
	char *text;

	for (int n = 1; n <= RECORDS; n++) {
		ck_assert(chain_head_read(p.fd, &heads_at[n], NULL));
		ck_assert_int_eq(heads_at[n].seq, n);
		free(read_all(p.fd, "00000001.jsonl", &ends[n]));
		if (n < RECORDS)
			append(log, n);
	}
	log_abandon(log);
	text = read_all(p.fd, "00000001.jsonl", &length);

	for (size_t cut = ends[RECORDS - 3]; cut < length; cut++)
		for (int known = RECORDS - 3; known <= RECORDS; known++) {
			if (!near_an_end(cut, ends) &&
			    (int)(cut % 4) != known - RECORDS + 3)
				continue;
			write_file(p.fd, "00000001.jsonl", text, cut);
			ck_assert(chain_head_write(p.fd, &heads_at[known],
						   NULL));
			if (opened_after_cut(p.fd, cut, known, ends))
				repaired++;
			else
				reported++;
		}
	printf("log cut %d times: %d repaired, %d reported\n",
	       repaired + reported, repaired, reported);
	ck_assert_int_gt(repaired, 400);
	ck_assert_int_gt(reported, 400);
	free(text);
	place_done(&p);
}
END_TEST

/* Recovery itself may be stopped anywhere; the next one still goes through. */
START_TEST(cut_in_recovery)
{
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	struct chain_head head;
	size_t torn, length;
	char *text;

	append(log, 1);
	ck_assert(chain_head_read(p.fd, &head, NULL));
	append(log, 2);
	log_abandon(log);
	text = read_all(p.fd, "00000001.jsonl", &length);
	torn = length - 100;
	write_file(p.fd, "00000001.jsonl", text, torn);
	free(text);
	ck_assert(chain_head_write(p.fd, &head, NULL));
	log = log_start(p.fd);
	log_abandon(log);
	text = read_all(p.fd, "00000001.jsonl", &length);
	const char *recover = strchr(text + torn, '\n') + 1;
	size_t whole = (size_t)(strchr(recover, '\n') + 1 - text);

	for (size_t cut = torn; cut <= whole; cut++) {
		write_file(p.fd, "00000001.jsonl", text, cut);
		ck_assert(chain_head_write(p.fd, &head, NULL));
		log = log_start(p.fd);
		append(log, 3);
		ck_assert(log_close(log, NULL));
		ck_assert_msg(check(p.fd).fault == LOG_OK, "cut %zu", cut);
	}
	free(text);
	place_done(&p);
}
END_TEST

/* Torn bytes that a recover closed are still vouched for. */
START_TEST(torn_bytes_are_bound)
{
	struct place p = place_new();
	struct log *log = log_start(p.fd);
	struct chain_head head;
	size_t length, torn;

	ck_assert(chain_head_read(p.fd, &head, NULL));
	append(log, 1);
	log_abandon(log);
	char *text = read_all(p.fd, "00000001.jsonl", &length);

	torn = length - 20;
	write_file(p.fd, "00000001.jsonl", text, torn);
	free(text);
	ck_assert(chain_head_write(p.fd, &head, NULL));
	ck_assert(log_close(log_start(p.fd), NULL));
	ck_assert_int_eq(check(p.fd).fault, LOG_OK);
	text = read_all(p.fd, "00000001.jsonl", &length);
	text[torn - 5] ^= 1;
	write_file(p.fd, "00000001.jsonl", text, length);
	ck_assert_int_eq(check(p.fd).fault, LOG_EDIT);
	free(text);
	place_done(&p);
}
END_TEST

/* Records can still be written, their head can't, as on a disk whose last block
 * has room: start after start adds no more than the next one can know. */
START_TEST(head_stuck)
{
	struct place p = place_new();
	struct log_check result;
	struct error err;

	write_log(p.fd, 4);
	ck_assert_int_eq(mkdirat(p.fd, "head.new", 0700), 0);
	for (int i = 0; i < 5; i++) {
		err = (struct error){ 0 };
		ck_assert_ptr_null(log_open(p.fd, &tester, &err));
		ck_assert_int_eq(err.code, ERR_WRITE);
		result = check(p.fd);
		ck_assert_int_eq(result.fault, LOG_OK);
	}
	ck_assert_int_eq(unlinkat(p.fd, "head.new", AT_REMOVEDIR), 0);
	ck_assert(log_close(log_start(p.fd), NULL));
	result = check(p.fd);
	ck_assert_int_eq(result.fault, LOG_OK);
	ck_assert(!result.behind);
	place_done(&p);
}
END_TEST

/* No space: the append fails, the log is dead, the next start repairs. */
START_TEST(no_space)
{
	struct place p = place_new();
	int status, told[2], acknowledged = 0, got, verdicts = 0;
	struct log_check result;

	ck_assert_int_eq(pipe(told), 0);
	pid_t child = fork();

	if (child == 0) {
		struct rlimit small = { 5000 + (rlim_t)_i * 37,
					5000 + (rlim_t)_i * 37 };
		struct log *log = log_open(p.fd, &tester, NULL);
		struct log_record r = LOG_RECORD_EMPTY;

		signal(SIGXFSZ, SIG_IGN);
		if (!log || setrlimit(RLIMIT_FSIZE, &small) != 0)
			_exit(3);
		r.item = "00000000000000000000000000000001";
		r.verdict = "clean";
		while (log_append(log, LOG_ITEM_VERDICT, &r, NULL, NULL))
			if (write(told[1], "x", 1) != 1)
				_exit(2);
		/* dead from now on */
		_exit(log_append(log, LOG_ITEM_VERDICT, &r, NULL, NULL));
	}
	close(told[1]);
	do {
		char byte;

		got = (int)read(told[0], &byte, 1);
		acknowledged += got == 1;
	} while (got == 1);
	close(told[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert_int_gt(acknowledged, 3);
	ck_assert(log_close(log_start(p.fd), NULL));
	ck_assert(log_check(p.fd, &result, count_verdict, &verdicts, NULL));
	ck_assert_int_eq(result.fault, LOG_OK);
	ck_assert_int_ge(verdicts, acknowledged);
	place_done(&p);
}
END_TEST

/* SIGKILL at a seeded moment: every acknowledged verdict is there. */
START_TEST(killed)
{
	struct place p = place_new();
	unsigned seed = 4711U + (unsigned)_i;
	int told[2], acknowledged = 0, verdicts = 0, enough;
	struct log_check result;
	char byte;

	ck_assert_int_eq(pipe(told), 0);
	enough = 1 + rand_r(&seed) % 20;
	pid_t child = fork();

	if (child == 0) {
		/* no ck_assert here: a kill would cut its message short */
		struct log *log = log_open(p.fd, &tester, NULL);

		for (int n = 0; log && try_append(log, n, NULL); n++)
			if (write(told[1], "x", 1) != 1)
				_exit(2);
		_exit(3);
	}
	close(told[1]);
	while (acknowledged < enough && read(told[0], &byte, 1) == 1)
		acknowledged++;
	usleep((useconds_t)(rand_r(&seed) % 3000));
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	while (read(told[0], &byte, 1) == 1)
		acknowledged++;
	close(told[0]);
	ck_assert_int_ge(acknowledged, enough);
	ck_assert(log_close(log_start(p.fd), NULL));
	ck_assert(log_check(p.fd, &result, count_verdict, &verdicts, NULL));
	ck_assert_int_eq(result.fault, LOG_OK);
	ck_assert_int_ge(verdicts, acknowledged);
	ck_assert_int_le(verdicts, acknowledged + 1);
	place_done(&p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("log");
	TCase *c = tcase_create("log");

	tcase_add_test(c, leaf_vectors);
	add_rows_test(c, form, forms);
	tcase_add_test(c, form_of_pieces);
	tcase_add_test(c, members_of_a_verdict);
	tcase_add_test(c, test_sandbox);
	tcase_add_test(c, test_seed_repeats);
	tcase_add_test(c, real_clock);
	tcase_add_test(c, clock_was_ahead);
	tcase_add_test(c, head_stuck);
	add_rows_test(c, refuses_codes, bad_codes);
	tcase_add_test(c, second_writer);
	tcase_add_test(c, bundle);
	tcase_add_test(c, bundle_cut);
	tcase_add_test(c, replay);
	add_rows_test(c, tampered_lines, tampers);
	tcase_add_test(c, flipped_bits);
	tcase_add_test(c, vouched_but_formless);
	add_rows_test(c, wrong_head, heads);
	tcase_add_test(c, empty_is_truncated);
	tcase_add_test(c, cut_anywhere);
	tcase_add_test(c, cut_in_recovery);
	tcase_add_test(c, torn_bytes_are_bound);
	tcase_add_loop_test(c, no_space, 0, 20);
	tcase_add_loop_test(c, killed, 0, 50);
	suite_add_tcase(s, c);
	return support_run(s);
}
