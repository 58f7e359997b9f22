/* release.c - staged, out, taken back: the order in which an output appears
 * (DESIGN 5.3). */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/project_parts.h"
#include "record/second.h"
#include "record/table.h"

enum { SAME_NAMES = 10000 };            /* -2, -3 ... up to this */

void staged_name(const struct worklist_item *item, char name[STAGED_NAME])
{
	snprintf(name, STAGED_NAME, "%s.%lld", item->id, item->verdict_seq);
}

static bool can_not(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't write in the project: %s: "
					   "free some space or check the "
					   "permissions"), strerror(errno));
}

bool project_wrote(struct project *p, bool good)
{
	p->stopped = p->stopped || !good;
	return good;
}

bool project_sync(struct project *p, int fd, struct error *err)
{
	return project_wrote(p, fsync(fd) == 0) || can_not(err);
}

bool staged_drop(struct project *p, const struct worklist_item *item,
		 struct error *err)
{
	char name[STAGED_NAME];

	staged_name(item, name);
	if (unlinkat(p->stagedfd, name, 0) == 0)
		return project_sync(p, p->stagedfd, err);
	return errno == ENOENT || can_not(err);
}

/* ---- staged ---- */

int project_stage_open(struct project *p, struct error *err)
{
	int fd = openat(p->stagedfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
			0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		error_set(err, ERR_WRITE, _("this file system has no nameless "
					    "files; put the project on "
					    "another disk"));
	else if (fd < 0)
		can_not(err);
	return fd;
}

/* "out/" name of an output before collisions: DESIGN 5.4. */
static char *wanted_name(const struct project *p,
			 const struct worklist_item *item,
			 const struct mask_report *report,
			 const char *extension)
{
	struct buffer name = { 0 };
	char study[17], series[17], instance[17];

	if (p->keep_names) {
		buffer_puts(&name, item->name);
	} else if (item->format == IMAGE_DICOM) {
		hash_hex(report->study, 8, study);
		hash_hex(report->series, 8, series);
		hash_hex(report->instance, 8, instance);
		buffer_printf(&name, "%s/%s/%s%s", study, series, instance,
			      extension);
	} else {
		buffer_printf(&name, "pictures/%s%s", item->id, extension);
	}
	if (!name.failed)
		return name.data;
	buffer_done(&name);
	return NULL;
}

static bool log_phase(struct project *p, const struct worklist_item *item,
		      enum log_event event, const char *phase,
		      long long *seq, struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.item = item->id;
	r.in_sha256 = item->in_sha256;
	r.out_sha256 = item->out_sha256;
	r.phase = phase;
	if (event == LOG_ITEM_RELEASE && !strcmp(phase, "intent") &&
	    p->policy.second) {
		r.second = qualification_name[p->policy.second_least];
		r.apart = p->policy.second_uid ? "uid" : "code";
	}
	return project_log(p, event, &r, seq, err);
}

/* Give the nameless file its name in staged.  One that a killed run left
 * under it was never verified for this intent: it goes. */
static bool link_staged(struct project *p, const struct worklist_item *item,
			int fd, struct error *err)
{
	char name[STAGED_NAME], self[40];

	staged_name(item, name);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!staged_drop(p, item, err))
		return false;
	if (linkat(AT_FDCWD, self, p->stagedfd, name, AT_SYMLINK_FOLLOW) != 0)
		return can_not(err);
	return project_sync(p, p->stagedfd, err);
}

bool stage_done(struct project *p, struct worklist_item *item,
		struct error *err)
{
	long long seq;

	if (!log_phase(p, item, LOG_ITEM_OUTPUT, "done", &seq, err))
		return false;
	item->output = OUTPUT_STAGED;
	item->pending = PENDING_NONE;
	return project_save(p, item, seq, err);
}

bool project_stage(struct project *p, struct worklist_item *item, int fd,
		   const struct mask_report *report, const char *extension,
		   struct error *err)
{
	if (!pending_resolve(p, item, err))
		return false;
	if (item->state != ITEM_MASKED && item->state != ITEM_CLEAN)
		return error_set(err, ERR_USAGE, _("this item is not "
						   "decided"));
	if (item->output == OUTPUT_RELEASED)
		return error_set(err, ERR_USAGE, _("this item was released: "
						   "take it back first"));
	if (memcmp(report->in_sha256, item->in_sha256, HASH_SIZE))
		return error_refuse(err, REASON_CHANGED, NULL, 0);
	if (fsync(fd) != 0)
		return can_not(err);
	char *name = wanted_name(p, item, report, extension);

	if (!name)
		return error_set(err, ERR_MEMORY, _("no memory"));
	free(item->out_name);
	item->out_name = name;
	memcpy(item->out_sha256, report->out_sha256, HASH_SIZE);
	item->output = OUTPUT_NONE;
	item->pending = PENDING_STAGE;
	return project_save(p, item, 0, err) &&
	       (p->keep_names ||
		project_wrote(p, table_note_output(p->privatefd, item->id,
						   item->out_name, err))) &&
	       log_phase(p, item, LOG_ITEM_OUTPUT, "intent", NULL, err) &&
	       link_staged(p, item, fd, err) && stage_done(p, item, err);
}

/* ---- out ---- */

/* "a/b.dcm" and 2 to "a/b-2.dcm"; 1 leaves it. */
static char *numbered_name(const char *name, int number)
{
	struct buffer text = { 0 };
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;
	const char *dot = strrchr(base, '.');
	size_t stem = dot && dot != base ? (size_t)(dot - name) :
		      strlen(name);

	buffer_append(&text, name, stem);
	if (number > 1)
		buffer_printf(&text, "-%d", number);
	buffer_puts(&text, name + stem);
	if (!text.failed)
		return text.data;
	buffer_done(&text);
	return NULL;
}

/*
 * The first name of this stem that is free in out/.  Names are given when
 * items are released, which is done in listing order.  NULL with *err.
 */
static char *free_name(struct project *p, const char *wanted,
		       struct error *err)
{
	for (int number = 1; number < SAME_NAMES; number++) {
		char *name = numbered_name(wanted, number);
		struct stat status;

		if (!name) {
			error_set(err, ERR_MEMORY, _("no memory"));
			return NULL;
		}
		if (!path_stays_below(name)) {
			free(name);
			error_set(err, ERR_USAGE, _("a file name leads out of "
						    "the project"));
			return NULL;
		}
		if (fstatat(p->outfd, name, &status, AT_SYMLINK_NOFOLLOW) &&
		    (errno == ENOENT || errno == ENOTDIR))
			return name;
		free(name);
		if (p->keep_names)
			break;
	}
	error_refuse(err, REASON_EXISTS, NULL, 0);
	if (err)
		err->code = ERR_WRITE;          /* `exists` ends 4 */
	return NULL;
}

/* Rename without replacing and make both folders durable. */
static bool move_out(struct project *p, const struct worklist_item *item,
		     struct error *err)
{
	char staged[STAGED_NAME];
	const char *last;
	int folder, fd;
	bool good;

	staged_name(item, staged);
	folder = folder_of(p->outfd, item->out_name, true, OUT_MODE, &last,
			   err);
	if (folder < 0)
		return false;
	fd = openat(p->stagedfd, staged, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	good = (fd >= 0 && fchmod(fd, OUT_FILE_MODE) == 0) || can_not(err);
	good = good && project_sync(p, fd, err);
	if (good && renameat2(p->stagedfd, staged, folder, last,
			      RENAME_NOREPLACE) != 0)
		good = can_not(err);
	good = good && project_sync(p, folder, err) &&
	       project_sync(p, p->stagedfd, err);
	if (fd >= 0)
		close(fd);
	close(folder);
	return good;
}

bool release_done(struct project *p, struct worklist_item *item,
		  struct error *err)
{
	long long seq;

	if (!log_phase(p, item, LOG_ITEM_RELEASE, "done", &seq, err))
		return false;
	item->output = OUTPUT_RELEASED;
	item->pending = PENDING_NONE;
	return project_save(p, item, seq, err);
}

bool project_release(struct project *p, struct worklist_item *item,
		     struct error *err)
{
	if (!pending_resolve(p, item, err))
		return false;
	if (item->output == OUTPUT_RELEASED)
		return true;            /* it was on its way, and arrived */
	if (item->output != OUTPUT_STAGED || !item->out_name ||
	    (item->state != ITEM_MASKED && item->state != ITEM_CLEAN))
		return error_set(err, ERR_USAGE, _("this item has no output "
						   "to release"));
	if (second_awaited(p, item))
		return error_set(err, ERR_USAGE, _("this item waits for a "
				 "second reader: `suminuri qa review "
				 "--mode=second`"));
	char *name = free_name(p, item->out_name, err);

	if (!name)
		return false;
	free(item->out_name);
	item->out_name = name;
	item->pending = PENDING_RELEASE;
	return project_save(p, item, 0, err) &&
	       log_phase(p, item, LOG_ITEM_RELEASE, "intent", NULL, err) &&
	       move_out(p, item, err) && release_done(p, item, err);
}

int project_output_open(struct project *p, const struct worklist_item *item,
			struct error *err)
{
	char staged[STAGED_NAME];
	int fd = -1;

	staged_name(item, staged);
	errno = ENOENT;
	if (item->output == OUTPUT_RELEASED && item->out_name)
		fd = file_open_below(p->outfd, item->out_name);
	else if (item->output == OUTPUT_STAGED)
		fd = file_open_below(p->stagedfd, staged);
	if (fd < 0 && errno_is_absent())
		error_set(err, ERR_CHECK, _("the output of this item is "
					    "missing"));
	else if (fd < 0)
		error_set(err, ERR_WRITE, _("can't read in the project: %s"),
			  strerror(errno));
	return fd;
}

/* ---- taken back ---- */

/* RFC 4180: quoted when needed, quotes doubled.  A path that begins as a
 * formula would be one in a spreadsheet: "./" before it changes nothing. */
static void put_csv_path(struct buffer *out, const char *text)
{
	const char *safe = *text && strchr("=+-@\t\r", *text) ? "./" : "";

	if (!strpbrk(text, ",\"\r\n")) {
		buffer_printf(out, "%s%s", safe, text);
		return;
	}
	buffer_printf(out, "\"%s", safe);
	for (; *text; text++) {
		if (*text == '"')
			buffer_puts(out, "\"");
		buffer_append(out, text, 1);
	}
	buffer_puts(out, "\"");
}

/* Put the released hash on the list of what should be called back, once. */
static bool add_recall(struct project *p, const struct worklist_item *item,
		       struct error *err)
{
	static const char header[] = "item,verdict_seq,out_sha256,file\r\n";
	struct buffer text = { 0 }, line = { 0 };
	char hex[HASH_HEX];
	bool good = true;

	if (faccessat(p->privatefd, "recall.csv", F_OK,
		      AT_SYMLINK_NOFOLLOW) == 0)
		good = file_read(p->privatefd, "recall.csv", FILE_MOST, &text,
				 err);
	else
		buffer_puts(&text, header);
	hash_hex(item->out_sha256, HASH_SIZE, hex);
	buffer_printf(&line, "%s,%lld,%s,", item->id, item->verdict_seq, hex);
	put_csv_path(&line, item->out_name ? item->out_name : "");
	buffer_puts(&line, "\r\n");
	if (good && (text.failed || line.failed))
		good = error_set(err, ERR_MEMORY, _("no memory"));
	if (good && !strstr(text.data, line.data)) {
		buffer_append(&text, line.data, line.length);
		good = !text.failed &&
		       file_replace(p->privatefd, "recall.csv", text.data,
				    text.length, 0600, err);
	}
	buffer_done(&line);
	buffer_done(&text);
	return good;
}

static bool remove_output(struct project *p, const struct worklist_item *item,
			  struct error *err)
{
	const char *last;
	int folder;
	bool good;

	/* gone already, or nobody could look? */
	if (!item->out_name ||
	    (faccessat(p->outfd, item->out_name, F_OK,
		       AT_SYMLINK_NOFOLLOW) != 0 && errno_is_absent()))
		return true;
	folder = folder_of(p->outfd, item->out_name, false, 0, &last, err);
	if (folder < 0)
		return false;
	good = unlinkat(folder, last, 0) == 0 || errno == ENOENT ||
	       can_not(err);
	good = good && project_sync(p, folder, err);
	close(folder);
	return good;
}

bool withdraw_finish(struct project *p, struct worklist_item *item,
		     struct error *err)
{
	long long seq;

	if (!project_wrote(p, add_recall(p, item, err)) || !remove_output(p, item, err) ||
	    !log_phase(p, item, LOG_ITEM_WITHDRAW, "done", &seq, err))
		return false;
	item->output = OUTPUT_WITHDRAWN;
	item->pending = PENDING_NONE;
	return project_save(p, item, seq, err);
}
