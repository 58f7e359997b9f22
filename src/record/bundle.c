/* bundle.c - the files of a sealed bundle. */
#include "config.h"

#include "record/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "record/files.h"

bool bundle_add(struct bundle *b, const char *path,
		const uint8_t sha256[HASH_SIZE], long long bytes)
{
	struct bundle_file f = { .path = strdup(path), .bytes = bytes };

	memcpy(f.sha256, sha256, HASH_SIZE);
	if (!f.path || !mem_grow(&b->file, &b->capacity, b->count,
				 sizeof(*b->file))) {
		free(f.path);
		return false;
	}
	b->file[b->count++] = f;
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct bundle_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void bundle_sort(struct bundle *b)
{
	if (b->count > 0)
		qsort(b->file, b->count, sizeof(*b->file), by_path);
}

static int compare_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct bundle_file *)file)->path);
}

const struct bundle_file *bundle_find(const struct bundle *b,
				      const char *path)
{
	return b->count == 0 ? NULL :
	       bsearch(path, b->file, b->count, sizeof(*b->file),
		       compare_path);
}

void bundle_done(struct bundle *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->file[i].path);
	free(b->file);
	*b = (struct bundle){ 0 };
}

void bundle_print_manifest(const struct bundle *b, struct buffer *out)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct bundle_file *f = &b->file[i];
		struct json_writer w = json_writer(out, true);

		json_put_open(&w, NULL, '{');
		json_put_integer(&w, "bytes", f->bytes);
		if (!json_put_lossy(&w, "path", f->path))
			json_put_base64(&w, "path_b64", f->path,
					strlen(f->path));
		json_put_hex(&w, "sha256", f->sha256, HASH_SIZE);
		json_put_close(&w);
		buffer_puts(out, "\n");
	}
}

/* What a path may not hold as it is, and what stands for it. */
static const struct {
	char byte, letter;
} escapes[] = {
	{ '\\', '\\' }, { '\n', 'n' }, { '\r', 'r' },
};
enum { ESCAPES = sizeof(escapes) / sizeof(escapes[0]) };

static void put_path(struct buffer *out, const char *path)
{
	for (; *path; path++) {
		int i = 0;

		while (i < ESCAPES && escapes[i].byte != *path)
			i++;
		if (i < ESCAPES)
			buffer_printf(out, "\\%c", escapes[i].letter);
		else
			buffer_append(out, path, 1);
	}
}

void bundle_print_sums(const struct bundle *b, struct buffer *out)
{
	char hex[HASH_HEX];

	for (size_t i = 0; i < b->count; i++) {
		const char *path = b->file[i].path;

		hash_hex(b->file[i].sha256, HASH_SIZE, hex);
		buffer_printf(out, "%s%s  ", strpbrk(path, "\\\n\r") ? "\\" :
			      "", hex);
		put_path(out, path);
		buffer_puts(out, "\n");
	}
}

/* The path of a line back into out; false: an unknown escape. */
static bool get_path(const char *text, size_t length, bool escaped,
		     struct buffer *out)
{
	for (size_t k = 0; k < length; k++) {
		int i = 0;

		if (!escaped || text[k] != '\\') {
			buffer_append(out, text + k, 1);
			continue;
		}
		k++;
		while (i < ESCAPES && k < length &&
		       escapes[i].letter != text[k])
			i++;
		if (i == ESCAPES || k == length)
			return false;
		buffer_append(out, &escapes[i].byte, 1);
	}
	return !out->failed && out->length > 0;
}

static bool parse_line(struct bundle *b, const char *line, size_t length)
{
	const bool escaped = length > 0 && line[0] == '\\';
	struct buffer path = { 0 };
	uint8_t sha256[HASH_SIZE];
	char hex[HASH_HEX];
	bool good;

	line += escaped;
	length -= escaped;
	if (length < HASH_HEX + 2 || memcmp(line + HASH_HEX - 1, "  ", 2))
		return false;
	memcpy(hex, line, HASH_HEX - 1);
	hex[HASH_HEX - 1] = '\0';
	good = hash_from_hex(hex, sha256, HASH_SIZE) &&
	       get_path(line + HASH_HEX + 1, length - HASH_HEX - 1, escaped,
			&path) &&
	       strlen(path.data) == path.length &&
	       path_stays_below(path.data) &&
	       bundle_add(b, path.data, sha256, 0);
	buffer_done(&path);
	return good;
}

bool bundle_parse_sums(struct bundle *b, const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		const char *lf = memchr(text + at, '\n', length - at);
		size_t line = lf ? (size_t)(lf - text) - at : 0;

		if (!lf || !parse_line(b, text + at, line))
			return false;
		at += line + 1;
	}
	return b->count > 0;
}
