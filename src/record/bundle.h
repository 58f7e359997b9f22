/*
 * bundle.h - the files of a sealed bundle: a list with hashes, its two forms
 * (MANIFEST.jsonl and SHA256SUMS), and what may be read there.
 *
 * A bundle holds out/ (released outputs), log/, masks/, keys/log.pub,
 * policy.ini, README.txt, MANIFEST.jsonl and SHA256SUMS, which sha256sum -c
 * reads.
 */
#ifndef SUMI_BUNDLE_H
#define SUMI_BUNDLE_H

#include "base/hash.h"
#include "base/mem.h"

#define BUNDLE_SUMS "SHA256SUMS"
#define BUNDLE_MANIFEST "MANIFEST.jsonl"

struct bundle_file {
	char *path;                     /* below the bundle */
	uint8_t sha256[HASH_SIZE];
	long long bytes;
};

/* Zeros: an empty one.  Release with bundle_done(). */
struct bundle {
	struct bundle_file *file;
	size_t count, capacity;
};

/* Append a copy.  False: no memory. */
bool bundle_add(struct bundle *b, const char *path,
		const uint8_t sha256[HASH_SIZE], long long bytes);
/* By path in byte order. */
void bundle_sort(struct bundle *b);
/* The file of this path in a sorted list, or NULL. */
const struct bundle_file *bundle_find(const struct bundle *b,
				      const char *path);
void bundle_done(struct bundle *b);

/* A line a file: {"bytes","path","sha256"}; a path that is no UTF-8 stands in
 * path_b64 too. */
void bundle_print_manifest(const struct bundle *b, struct buffer *out);
/* As coreutils print and read it (a path with a backslash or a line end is
 * escaped). */
void bundle_print_sums(const struct bundle *b, struct buffer *out);
/* Back again, bytes 0.  False: another form, or a path that leads out. */
bool bundle_parse_sums(struct bundle *b, const char *text, size_t length);
#endif
