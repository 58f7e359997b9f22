/* list.c - a list of files, as lines or as CSV. */
#include "config.h"

#include "process/list.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/charset.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"

enum {
	MAX_RECORD = 1 << 20,           /* bytes of a line or record */
	MAX_COLUMNS = 1024,
};

struct list {
	FILE *file;
	long start;                     /* behind the BOM */
	bool csv;
	int path_column, reason_column; /* -1: there is none */
	iconv_t cp932;                  /* (iconv_t)-1: the list is UTF-8 */
	long long line;                 /* 1-based, of the record */
	long long next_line;
	struct buffer record;           /* fields, each with a NUL */
	size_t field[MAX_COLUMNS];      /* offsets into it */
	int fields;
	struct buffer path, text, reason;
};

static const char *const bom = "\xef\xbb\xbf";

static void field_begin(struct list *l)
{
	l->field[l->fields++] = l->record.length;
}

static bool put(struct list *l, int c)
{
	char byte = (char)c;

	buffer_append(&l->record, &byte, 1);
	return !l->record.failed;
}

static int fault(const struct list *l, const char *text, struct error *err)
{
	error_set(err, ERR_USAGE, _("line %lld of the list: %s"), l->line,
		  text);
	return -1;
}

/* What a byte of a CSV record does; 1: the record goes on, 0: it ends here,
 * -1: wrong (*err). */
static int csv_byte(struct list *l, int c, bool *quoted, struct error *err)
{
	size_t begin = l->field[l->fields - 1];
	int after;

	if (*quoted && c != '"') {
		if (c == EOF)
			return fault(l, _("a quote has no end"), err);
		l->next_line += c == '\n';
		put(l, c);
		return 1;
	}
	if (c == '"' && (*quoted || l->record.length == begin)) {
		if (!*quoted) {
			*quoted = true;
			return 1;
		}
		after = getc(l->file);
		if (after == '"') {
			put(l, '"');
			return 1;
		}
		ungetc(after, l->file);
		*quoted = false;
		return after == ',' || after == '\n' || after == '\r' ||
		       after == EOF ? 1 :
		       fault(l, _("text after the end of a quote"), err);
	}
	if (c == '\n' || c == EOF)
		return 0;
	if (c == ',') {
		put(l, '\0');
		if (l->fields == MAX_COLUMNS)
			return fault(l, _("too many columns"), err);
		field_begin(l);
		return 1;
	}
	put(l, c);
	return 1;
}

/* Without quotes: a CR at the end of the line belongs to it. */
static void cut_cr(struct list *l)
{
	struct buffer *r = &l->record;

	if (r->length > l->field[l->fields - 1] &&
	    r->data[r->length - 1] == '\r')
		r->data[--r->length] = '\0';
}

/* Read a record: 1; 0 at the end of the list; -1 wrong (*err). */
static int read_record(struct list *l, bool csv, struct error *err)
{
	bool quoted = false;
	int c, more = 1;

	buffer_clear(&l->record);
	l->fields = 0;
	field_begin(l);
	l->line = l->next_line++;
	c = getc(l->file);
	if (c == EOF)
		return 0;
	for (; more > 0; c = more > 0 ? getc(l->file) : c) {
		if (csv)
			more = csv_byte(l, c, &quoted, err);
		else if (c == '\n' || c == EOF)
			more = 0;
		else
			put(l, c);
		if (c == '\0')
			more = fault(l, _("a NUL byte"), err);
		if (l->record.length > MAX_RECORD)
			more = fault(l, _("longer than 1 MiB"), err);
	}
	if (more < 0)
		return -1;
	cut_cr(l);
	if (!put(l, '\0')) {
		error_set(err, ERR_MEMORY, _("no memory for the list"));
		return -1;
	}
	return 1;
}

static const char *field(const struct list *l, int column)
{
	return column >= 0 && column < l->fields ?
	       l->record.data + l->field[column] : "";
}

static bool rewind_list(struct list *l)
{
	l->next_line = 1;
	return fseek(l->file, l->start, SEEK_SET) == 0;
}

/* To UTF-8 into *to.  False when it can't be. */
static bool convert(struct list *l, const char *text, struct buffer *to)
{
	char piece[256];
	char *in = (char *)(uintptr_t)text;
	size_t left = strlen(text);

	buffer_clear(to);
	if (l->cp932 == (iconv_t)-1) {
		buffer_puts(to, text);
		return !to->failed;
	}
	iconv(l->cp932, NULL, NULL, NULL, NULL);
	while (left > 0) {
		char *out = piece;
		size_t room = sizeof(piece);
		size_t n = iconv(l->cp932, &in, &left, &out, &room);

		buffer_append(to, piece, sizeof(piece) - room);
		if (n == (size_t)-1 && errno != E2BIG)
			return false;
	}
	return !to->failed;
}

static bool whole_utf8(struct list *l)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	bool ok = true;

	while (ok && (n = getline(&line, &room, l->file)) > 0)
		ok = json_utf8(line, (size_t)n);
	free(line);
	return ok;
}

/* Character set and form. */
static bool look(struct list *l, struct error *err)
{
	char head[3] = { 0 };

	if (fread(head, 1, 3, l->file) == 3 && !memcmp(head, bom, 3))
		l->start = 3;
	if (!rewind_list(l))
		return error_set(err, ERR_USAGE, _("the list can't be read"));
	if (!whole_utf8(l)) {
		l->cp932 = iconv_open("UTF-8", "CP932");
		if (l->cp932 == (iconv_t)-1)
			return error_set(err, ERR_USAGE,
					 _("the list is not UTF-8"));
	}
	rewind_list(l);
	l->path_column = l->reason_column = -1;
	/* a first line that is no sound CSV is no header either */
	if (read_record(l, true, NULL) == 1)
		for (int i = l->fields - 1; i >= 0; i--) {
			if (!strcmp(field(l, i), "path"))
				l->path_column = i;
			if (!strcmp(field(l, i), "reason"))
				l->reason_column = i;
		}
	l->csv = l->path_column >= 0;
	if (l->csv)
		return true;
	l->path_column = 0;
	l->reason_column = -1;
	return rewind_list(l);
}

bool list_next(struct list *l, struct list_entry *entry, struct error *err)
{
	int got;

	do {
		got = read_record(l, l->csv, err);
	} while (got == 1 && *field(l, l->path_column) == '\0');
	if (got != 1)
		return false;
	if (!convert(l, field(l, l->path_column), &l->path) ||
	    !convert(l, field(l, l->reason_column), &l->text)) {
		fault(l, _("neither UTF-8 nor CP932"), err);
		return false;
	}
	buffer_clear(&l->reason);
	charset_clean_append(&l->reason, l->text.data, l->text.length);
	entry->path = l->path.data;
	entry->reason = l->reason.length ? l->reason.data : "";
	return true;
}

/* Every line once, so that nothing is begun with a list that is wrong. */
static bool check_all(struct list *l, struct error *err)
{
	struct list_entry entry;
	struct error wrong = { 0 };
	long after_header = ftell(l->file);
	long long line = l->next_line;

	while (list_next(l, &entry, &wrong))
		;
	if (wrong.code != ERR_NONE) {
		*err = wrong;
		return false;
	}
	clearerr(l->file);
	l->next_line = line;
	return fseek(l->file, after_header, SEEK_SET) == 0 ||
	       error_set(err, ERR_USAGE, _("the list can't be read"));
}

struct list *list_open(const char *path, struct error *err)
{
	struct list *l = calloc(1, sizeof(*l));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (!l || fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		if (l)
			error_set(err, ERR_USAGE, _("the list can't be read"));
		else
			error_set(err, ERR_MEMORY, _("no memory"));
		goto fail;
	}
	l->cp932 = (iconv_t)-1;
	l->file = fdopen(fd, "r");
	if (!l->file) {
		error_set(err, ERR_MEMORY, _("no memory"));
		goto fail;
	}
	fd = -1;
	if (look(l, err) && check_all(l, err))
		return l;
fail:
	if (fd >= 0)
		close(fd);
	list_close(l);
	return NULL;
}

void list_close(struct list *l)
{
	if (!l)
		return;
	if (l->file) {
		fclose(l->file);
		if (l->cp932 != (iconv_t)-1)
			iconv_close(l->cp932);
	}
	buffer_done(&l->record);
	buffer_done(&l->path);
	buffer_done(&l->text);
	buffer_done(&l->reason);
	free(l);
}
