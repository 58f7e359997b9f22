/*
 * find_canaries.c - looks for planted words in every byte of files.
 *
 *   find_canaries WORDS PATH...     files, folders and their names
 *   find_canaries --blank DB        empty the columns of a worklist that may
 *                                   hold paths and reasons
 *
 * WORDS has a line "kind word" for each word, UTF-8.  It is looked for in all
 * encodings below; capitals and small letters are the same.  Prints a line
 * "kind: PATH: ENCODING" for each hit.  Ends 1 when there is one, 2 when
 * something can't be read.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/mem.h"

enum { MAX_PATTERNS = 1024, MAX_PATTERN = 128,
       LEAST = 6 };     /* bytes: shorter ones are found in noise, too */

static const char *const encodings[] = {
	"UTF-8", "SHIFT_JIS", "EUC-JP", "ISO-2022-JP", "UTF-16LE", "UTF-16BE",
};
enum { ENCODINGS = sizeof(encodings) / sizeof(encodings[0]) };

struct pattern {
	char kind[16];
	const char *encoding;
	unsigned char byte[MAX_PATTERN];
	size_t length;
};

struct search {
	struct pattern pattern[MAX_PATTERNS];
	size_t count;
	bool found, failed;
};

static void fail(struct search *s, const char *what)
{
	fprintf(stderr, "find_canaries: %s: %s\n", what, strerror(errno));
	s->failed = true;
}

static unsigned char small(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static void make_small(unsigned char *byte, size_t length)
{
	for (size_t i = 0; i < length; i++)
		byte[i] = small(byte[i]);
}

/* ---- words ---- */

/* Take ESC and the two bytes after it out: the sets of ISO 2022. */
static size_t drop_escapes(unsigned char *byte, size_t length)
{
	size_t kept = 0;

	for (size_t i = 0; i < length; i++) {
		if (byte[i] == 033)
			i += 2;
		else
			byte[kept++] = byte[i];
	}
	return kept;
}

/* Length in bytes; 0 when the encoding does not know a letter. */
static size_t encode(const char *encoding, const char *word,
		     unsigned char out[MAX_PATTERN])
{
	iconv_t cd = iconv_open(encoding, "UTF-8");
	char copy[MAX_PATTERN], *in = copy, *to = (char *)out;
	size_t left = strlen(word), room = MAX_PATTERN;
	bool good = false;

	if (cd == (iconv_t)-1)
		return 0;
	if (left < sizeof(copy)) {
		memcpy(copy, word, left);
		good = iconv(cd, &in, &left, &to, &room) != (size_t)-1 &&
		       iconv(cd, NULL, NULL, &to, &room) != (size_t)-1;
	}
	iconv_close(cd);
	return good ? drop_escapes(out, MAX_PATTERN - room) : 0;
}

static void add(struct search *s, const char *kind, const char *encoding,
		const unsigned char *byte, size_t length)
{
	struct pattern *p = &s->pattern[s->count];

	if (length < LEAST || s->count == MAX_PATTERNS) {
		fprintf(stderr, "find_canaries: a word of '%s' is too short "
			"in %s, or there are too many\n", kind, encoding);
		s->failed = true;
		return;
	}
	for (size_t i = 0; i < s->count; i++)
		if (s->pattern[i].length == length &&
		    !memcmp(s->pattern[i].byte, byte, length))
			return;
	snprintf(p->kind, sizeof(p->kind), "%s", kind);
	p->encoding = encoding;
	memcpy(p->byte, byte, length);
	p->length = length;
	make_small(p->byte, length);
	s->count++;
}

static void add_word(struct search *s, const char *kind, const char *word)
{
	unsigned char byte[MAX_PATTERN], *unit = byte;
	char json[MAX_PATTERN];
	size_t left = encode("UTF-16BE", word, byte), used = 0;

	/* as JSON may have it */
	for (; left >= 2 && used + 7 < sizeof(json); left -= 2, unit += 2)
		used += (size_t)snprintf(json + used, sizeof(json) - used,
					 "\\u%02x%02x", unit[0], unit[1]);
	add(s, kind, "JSON", (const unsigned char *)json, used);
	for (int i = 0; i < ENCODINGS; i++) {
		size_t length = encode(encodings[i], word, byte);

		if (length)
			add(s, kind, encodings[i], byte, length);
	}
}

static void read_words(struct search *s, const char *name)
{
	FILE *in = fopen(name, "re");
	char line[256], kind[16], word[128];

	if (!in) {
		fail(s, name);
		return;
	}
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "%15s %127[^\n]", kind, word) == 2)
			add_word(s, kind, word);
	fclose(in);
	if (s->count == 0) {
		fprintf(stderr, "find_canaries: no words\n");
		s->failed = true;
	}
}

/* ---- files ---- */

static void look(struct search *s, const char *path, unsigned char *byte,
		 size_t length)
{
	make_small(byte, length);
	for (size_t i = 0; i < s->count; i++) {
		const struct pattern *p = &s->pattern[i];

		if (!length || !memmem(byte, length, p->byte, p->length))
			continue;
		printf("%s: %s: %s\n", p->kind, path, p->encoding);
		s->found = true;
	}
}

static void look_in_file(struct search *s, const char *path)
{
	struct buffer all = { 0 };
	char block[65536];
	FILE *in = fopen(path, "re");
	size_t n;

	if (!in) {
		fail(s, path);
		return;
	}
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		buffer_append(&all, block, n);
	if (ferror(in) || all.failed)
		fail(s, path);
	else
		look(s, path, (unsigned char *)all.data, all.length);
	fclose(in);
	buffer_done(&all);
}

static void look_at(struct search *s, const char *path, const char *name)
{
	char below[4096];
	unsigned char copy[4096];
	struct stat st;
	struct dirent *e;
	DIR *folder;

	memcpy(copy, name, strnlen(name, sizeof(copy)));
	look(s, path, copy, strnlen(name, sizeof(copy)));
	if (lstat(path, &st) != 0) {
		fail(s, path);
		return;
	}
	if (S_ISREG(st.st_mode))
		look_in_file(s, path);
	if (!S_ISDIR(st.st_mode))
		return;
	folder = opendir(path);
	if (!folder) {
		fail(s, path);
		return;
	}
	while ((e = readdir(folder))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path, e->d_name) >=
		    (int)sizeof(below))
			s->failed = true;
		else
			look_at(s, below, e->d_name);
	}
	closedir(folder);
}

/* ---- the worklist ---- */

static int blank(const char *path)
{
	static const char sql[] =
		"UPDATE item SET path=row,name='',why=NULL;"
		"PRAGMA journal_mode=DELETE;VACUUM;";
	sqlite3 *db;
	int status = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);

	if (status == SQLITE_OK)
		status = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (status != SQLITE_OK)
		fprintf(stderr, "find_canaries: %s: %s\n", path,
			sqlite3_errmsg(db));
	sqlite3_close(db);
	return status == SQLITE_OK ? 0 : 2;
}

int main(int argc, char **argv)
{
	struct search *s;
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: find_canaries WORDS PATH...\n");
		return 2;
	}
	if (!strcmp(argv[1], "--blank"))
		return blank(argv[2]);
	s = calloc(1, sizeof(*s));
	if (!s)
		return 2;
	read_words(s, argv[1]);
	for (int i = 2; i < argc; i++)
		look_at(s, argv[i], "");
	status = s->failed ? 2 : s->found ? 1 : 0;
	free(s);
	return status;
}
