/* erase_item.c - what leads back from one item goes. */
#include "config.h"

#include "record/erase_item.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/erase.h"
#include "record/project_parts.h"
#include "record/trace.h"

enum {
	PIECE = 1 << 14, WITHDRAWN_OTHER = 9, ID_DIGITS = 32,
	CERTIFICATE_NAME = 64,          /* item, number, ".txt" */
};

static bool can_not(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't erase in the project: %s"),
			 strerror(errno));
}

/* ---- a line of a list ---- */

/* Overwrite the bytes of a file that has no name any more. */
static bool overwrite(int fd)
{
	static const char zeros[PIECE];
	struct stat status;
	bool good = fstat(fd, &status) == 0;

	for (off_t left = good ? status.st_size : 0; good && left > 0;) {
		size_t now = left < PIECE ? (size_t)left : PIECE;

		good = write_all(fd, zeros, now);
		left -= (off_t)now;
	}
	return good && fsync(fd) == 0;
}

/* Put text in the place of a file of private; its old bytes go. */
static bool replace(struct project *p, const char *name,
		    const struct buffer *text, struct error *err)
{
	int old = openat(p->privatefd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	bool good = old >= 0 || can_not(err);

	good = good && (!text->failed ||
			error_set(err, ERR_MEMORY, _("no memory"))) &&
	       file_replace(p->privatefd, name, text->data ? text->data : "",
			    text->length, 0600, err) &&
	       (overwrite(old) || can_not(err));
	if (old >= 0)
		close(old);
	return good;
}

/* The end of a record of RFC 4180 that begins at text: quoted line ends do not
 * count. */
static const char *record_end(const char *text)
{
	bool quoted = false;

	for (; *text; text++) {
		quoted = quoted != (*text == '"');
		if (*text == '\n' && !quoted)
			return text + 1;
	}
	return text;
}

/* Where the last field of a record of recall.csv begins: its file name. */
static const char *last_field(const char *text)
{
	for (int commas = 0; *text && commas < 3; text++)
		commas += *text == ',';
	return text;
}

/* What is to be called back is known by its hash alone from now on. */
static void keep_recall(const char *text, const char *id, struct buffer *out)
{
	while (*text) {
		const char *end = record_end(text);

		if (strncmp(text, id, ID_DIGITS) != 0) {
			buffer_append(out, text, (size_t)(end - text));
		} else {
			buffer_append(out, text,
				      (size_t)(last_field(text) - text));
			buffer_puts(out, "\r\n");
		}
		text = end;
	}
}

struct gone {
	const char *id;
	char patient[HASH_HEX];         /* "": another item has the same */
};

/* Lines of table.jsonl that name neither the item nor its patient. */
static void keep_table(const char *text, const struct gone *g,
		       struct buffer *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = strndup(text, length);

		if (!line) {
			out->failed = true;
			return;
		}
		if (!strstr(line, g->id) &&
		    (!*g->patient || !strstr(line, g->patient)))
			buffer_printf(out, "%s\n", line);
		free(line);
		text += length + (text[length] == '\n');
	}
}

/* Rewrite a list of private without what keep leaves out. */
static bool filter(struct project *p, const char *name, const struct gone *g,
		   struct error *err)
{
	struct buffer text = { 0 }, kept = { 0 };
	bool good;

	if (faccessat(p->privatefd, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	    errno_is_absent())
		return true;
	good = file_read(p->privatefd, name, FILE_MOST, &text, err);
	if (good && !strcmp(name, "recall.csv"))
		keep_recall(text.data, g->id, &kept);
	else if (good)
		keep_table(text.data, g, &kept);
	good = good && replace(p, name, &kept, err);
	buffer_done(&text);
	buffer_done(&kept);
	return good;
}

/* ---- the item ---- */

/* Nothing of it is out, and nothing of it will be. */
static bool let_go(struct project *p, struct worklist_item *item,
		   struct error *err)
{
	if (item->state == ITEM_REFUSED)
		return true;
	return item->has_sha256 ?
	       trace_withdraw(p, item, WITHDRAWN_OTHER, err) :
	       project_refused(p, item, REASON_UNREADABLE, NULL, 0, err);
}

static bool erase_files(struct project *p, const struct worklist_item *item,
			long long *files, struct error *err)
{
	static const char *const folders[] = { "masks", "staged", QUARANTINE,
					       PROJECT_DRAFTS };
	/* what rebuild put aside knows the path too */
	static const char *const old[] = { "worklist.db.old",
					   "worklist.db.old-wal" };
	char start[ID_DIGITS + 2];

	snprintf(start, sizeof(start), "%s.", item->id);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!erase_folder(p, folders[i], start, files, err))
			return false;
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		if (!erase_file(p->privatefd, old[i], err))
			return false;
	return true;
}

static bool forget(struct project *p, const struct worklist_item *item,
		   struct error *err)
{
	static const uint8_t none[HASH_SIZE];
	struct gone g = { .id = item->id };
	bool alone = false;

	if (!worklist_forget(p->worklist, item, &alone, err))
		return false;
	if (alone && memcmp(item->patient, none, HASH_SIZE) != 0)
		hash_hex(item->patient, HASH_SIZE, g.patient);
	return filter(p, "table.jsonl", &g, err) &&
	       filter(p, "recall.csv", &g, err);
}

/* One more file: an item that is erased again has two. */
static bool keep_certificate(const struct project *p, const char *item,
			     long long seq, const struct buffer *text,
			     struct error *err)
{
	char name[CERTIFICATE_NAME];
	int fd = folder_open(p->privatefd, PROJECT_CERTIFICATES, true,
			     FOLDER_MODE, err);
	bool good;

	if (fd < 0)
		return false;
	snprintf(name, sizeof(name), "%s.%lld.txt", item, seq);
	good = file_replace(fd, name, text->data, text->length, 0600, err);
	close(fd);
	return good;
}

/* seq: of the record that says it is done. */
static bool certify(struct project *p, const struct worklist_item *item,
		    const struct retention *kept, long long files,
		    long long seq, FILE *out, struct error *err)
{
	char lines[256], retention[RETENTION_LINE];
	struct buffer text = { 0 };
	bool good;

	retention_line(kept, retention);
	snprintf(lines, sizeof(lines), "erase item %s files %lld\n"
		 "erased boxes staged quarantine path proposals\n%s", item->id,
		 files, retention);
	good = log_statement(p->log, lines, &text, err) &&
	       keep_certificate(p, item->id, seq, &text, err);
	if (good)
		fputs(text.data, out);
	buffer_done(&text);
	return good;
}

bool erase_item(struct project *p, const char *word, const char *reason,
		FILE *out, struct error *err)
{
	struct worklist_item item = { 0 };
	struct retention kept;
	long long row, files = 0, seq = 0;
	bool good = trace_row(p, word, &row, err) &&
		    worklist_get(p->worklist, row, &item, err) &&
		    retention_ends(p, item.id, reason, &kept, err) &&
		    let_go(p, &item, err) &&
		    erase_log(p, item.id, "intent", &kept, NULL, err) &&
		    erase_files(p, &item, &files, err) &&
		    forget(p, &item, err) &&
		    erase_log(p, item.id, "done", &kept, &seq, err) &&
		    certify(p, &item, &kept, files, seq, out, err);

	worklist_item_done(&item);
	return good;
}
