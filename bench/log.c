/*
 * log.c - records a second that log_check() takes: chain, form, Merkle tree
 * and the signatures of all checkpoints; beside one SHA-256 pass over the
 * same bytes, which no check of the chain can do without.
 *
 * usage: log [RECORDS]
 *
 * CPU time, median of 5 runs in turn.  Prints bytes, records a second and the
 * ratio of both times.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record/log.h"

enum { RUNS = 5, BUNDLE = 1000 };

static const char *const names[] = {
	"00000001.jsonl", "00000002.jsonl", "00000003.jsonl",
	"00000004.jsonl", "00000005.jsonl", "00000006.jsonl",
	"00000007.jsonl", "00000008.jsonl", "00000009.jsonl",
	"head", "checkpoint", "checkpoints.txt",
};
enum { NAMES = sizeof(names) / sizeof(names[0]), SEGMENTS = 9 };

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

/* Verdicts as a review writes them, each 256 signed. */
static bool write_log(int dirfd, long records, struct error *err)
{
	static const uint8_t secret[32] = { 1 };
	const struct log_who who = {
		.reviewer = "r-7f3a", .role = "reviewer", .host = "test",
		.policy = "0123456789abcdef", .test_clock = true,
		.test_seed = 7, .secret = secret,
	};
	struct log *log = log_open(dirfd, &who, err);
	struct log_record r = LOG_RECORD_EMPTY;
	uint8_t digest[32] = { 7 };

	r.in_sha256 = r.mask_sha256 = digest;
	r.verdict = "masked";
	r.reason = "device";
	r.active_ms = 4000;
	r.view_ms = 5000;
	r.boxes = 3;
	for (long n = 0; log && n < records; n++) {
		char item[33];

		snprintf(item, sizeof(item), "%032lx", (unsigned long)n);
		r.item = item;
		if ((n % 256 == 0 && !log_begin(log, 256, err)) ||
		    !log_append(log, LOG_ITEM_VERDICT, &r, NULL, err) ||
		    (n % 256 == 255 && !log_commit(log, err)))
			return false;
	}
	return log && (records % 256 == 0 || log_commit(log, err)) &&
	       log_close(log, err);
}

static long long hash_segments(int dirfd)
{
	uint8_t digest[HASH_SIZE];
	long long bytes = 0;

	for (int i = 0; i < SEGMENTS; i++) {
		int fd = openat(dirfd, names[i], O_RDONLY);

		if (fd < 0)
			break;
		if (!hash_file(fd, digest, NULL, NULL, NULL))
			exit(1);
		bytes += lseek(fd, 0, SEEK_END);
		close(fd);
	}
	return bytes;
}

int main(int argc, char **argv)
{
	char path[] = "/dev/shm/bench-log.XXXXXX";
	long records = argc > 1 ? strtol(argv[1], NULL, 10) : 300000;
	double check[RUNS], pass[RUNS];
	struct log_check found = { 0 };
	struct error err = { 0 };
	long long bytes = 0;
	int dirfd;
	bool good;

	if (records < 1 || records > 1000000 || !mkdtemp(path))
		return 2;
	dirfd = open(path, O_RDONLY | O_DIRECTORY);
	good = write_log(dirfd, records, &err);
	for (int i = 0; good && i < RUNS; i++) {
		double start = cpu_seconds();

		good = log_check(dirfd, &found, NULL, NULL, &err) &&
		       found.fault == LOG_OK;
		check[i] = cpu_seconds() - start;
		start = cpu_seconds();
		bytes = hash_segments(dirfd);
		pass[i] = cpu_seconds() - start;
	}
	for (int i = 0; i < NAMES; i++)
		unlinkat(dirfd, names[i], 0);
	close(dirfd);
	rmdir(path);
	if (!good) {
		fprintf(stderr, "%s %s\n", err.text,
			log_fault_name[found.fault]);
		return 1;
	}
	qsort(check, RUNS, sizeof(*check), compare);
	qsort(pass, RUNS, sizeof(*pass), compare);
	printf("%lld records, %lld bytes, %.0f records/s, "
	       "%.2f x SHA-256 of the same bytes\n", found.records, bytes,
	       (double)found.records / check[RUNS / 2],
	       check[RUNS / 2] / pass[RUNS / 2]);
	return 0;
}
