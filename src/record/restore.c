/* restore.c - checks a sealed bundle with nothing but the bundle and what was
 * kept elsewhere. */
#include "config.h"

#include "record/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "record/boxes_check.h"
#include "record/bundle.h"
#include "record/checkpoints.h"
#include "record/files.h"
#include "record/ledger.h"
#include "record/project.h"
#include "record/trust.h"
#include "record/witness.h"

enum {
	FOLDERS_DEEP = 32,
	PATH_MOST = 4096,
	REPORT_MODE = 0640
};

struct restore {
	int fd, logfd, masksfd;
	struct bundle sums;
	struct ledger ledger;
	struct log_check log;
	long long bytes, missing, changed, extra, outputs;
	struct boxes_check boxes;
	bool memory;
	char path[PATH_MOST];           /* of the folder being walked */
	int depth;
	struct error *err;
	long long ms;
};

static bool no_memory(struct error *err)
{
	return error_set(err, ERR_MEMORY, _("no memory"));
}

/* ---- files ---- */

static bool read_sums(struct restore *r, struct error *err)
{
	struct buffer text = { 0 };
	bool good = file_read(r->fd, BUNDLE_SUMS, FILE_MOST, &text, err);

	if (good && !bundle_parse_sums(&r->sums, text.data, text.length))
		good = error_set(err, ERR_CHECK, _("SHA256SUMS is not as a "
				 "bundle has it"));
	buffer_done(&text);
	bundle_sort(&r->sums);
	return good;
}

static bool hash_files(struct restore *r, struct error *err)
{
	for (size_t i = 0; i < r->sums.count; i++) {
		struct bundle_file *f = &r->sums.file[i];
		uint8_t digest[HASH_SIZE];
		struct stat status;
		bool there;

		if (!file_hash(r->fd, f->path, &there, digest, err))
			return false;
		if (there && fstatat(r->fd, f->path, &status,
				     AT_SYMLINK_NOFOLLOW) == 0)
			r->bytes += status.st_size;
		r->missing += !there;
		r->changed += there && memcmp(digest, f->sha256, HASH_SIZE);
	}
	return true;
}

static bool walk(struct restore *r, int folder);

static bool walk_entry(void *self, const char *name)
{
	struct restore *r = self;
	const size_t kept = strlen(r->path);
	int length = snprintf(r->path + kept, sizeof(r->path) - kept, "%s%s",
			      kept ? "/" : "", name);
	struct stat status;
	bool good = true;

	if (length < 0 || (size_t)length >= sizeof(r->path) - kept ||
	    fstatat(r->fd, r->path, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
	    r->depth == FOLDERS_DEEP)
		good = error_set(r->err, ERR_CHECK, _("the bundle can't be "
						      "looked through"));
	else if (S_ISDIR(status.st_mode))
		good = walk(r, r->fd);
	else
		r->extra += strcmp(r->path, BUNDLE_SUMS) != 0 &&
			    !bundle_find(&r->sums, r->path);
	r->path[kept] = '\0';
	return good;
}

/* Every file below r->path. */
static bool walk(struct restore *r, int folder)
{
	int fd = folder_open(folder, *r->path ? r->path : ".", false, 0,
			     r->err);
	bool good;

	if (fd < 0)
		return false;
	r->depth++;
	good = folder_each(fd, walk_entry, r, r->err);
	r->depth--;
	close(fd);
	return good;
}

/* ---- log, boxes, outputs ---- */

static bool take_entry(void *self, const struct log_entry *e)
{
	struct restore *r = self;

	r->memory = ledger_take(&r->ledger, e) &&
		    boxes_take(&r->boxes, r->masksfd, e);
	return r->memory;
}

static int by_hash(const void *a, const void *b)
{
	return memcmp(*(const uint8_t *const *)a, *(const uint8_t *const *)b,
		      HASH_SIZE);
}

/*
 * Hashes that the log says are released, and hashes of files in out: each the
 * same number of times.
 */
static bool compare_outputs(struct restore *r)
{
	const uint8_t **logged = mem_array(r->ledger.used + 1,
					   sizeof(*logged));
	const uint8_t **there = mem_array(r->sums.count + 1, sizeof(*there));
	size_t wanted = 0, found = 0, i = 0, k = 0;
	bool good = logged && there;

	for (size_t n = 0; good && n < r->ledger.slots; n++)
		if (r->ledger.fact[n].used &&
		    r->ledger.fact[n].output == OUTPUT_RELEASED)
			logged[wanted++] = r->ledger.fact[n].out_sha256;
	for (size_t n = 0; good && n < r->sums.count; n++)
		if (!strncmp(r->sums.file[n].path, "out/", 4))
			there[found++] = r->sums.file[n].sha256;
	if (good) {
		qsort(logged, wanted, sizeof(*logged), by_hash);
		qsort(there, found, sizeof(*there), by_hash);
	}
	while (good && (i < wanted || k < found)) {
		int order = i == wanted ? 1 : k == found ? -1 :
			    by_hash(&logged[i], &there[k]);

		r->outputs += order == 0;
		r->missing += order < 0;
		r->extra += order > 0;
		i += order <= 0;
		k += order >= 0;
	}
	free(logged);
	free(there);
	return good;
}

static bool check_log(struct restore *r, const struct trust *trust,
		      struct error *err)
{
	r->memory = true;
	r->logfd = folder_open(r->fd, "log", false, 0, err);
	r->masksfd = r->logfd < 0 ? -1 :
		     folder_open(r->fd, "masks", false, 0, err);
	if (r->masksfd < 0 ||
	    !log_check(r->logfd, &r->log, take_entry, r, err))
		return false;
	if (!r->memory || !compare_outputs(r))
		return no_memory(err);
	if (boxes_fault(&r->boxes) && r->log.fault == LOG_OK) {
		r->log.fault = LOG_CONTENT;
		r->log.line = boxes_fault(&r->boxes);
	}
	if (r->ledger.unread && r->log.fault == LOG_OK) {
		r->log.fault = LOG_UNREAD;
		r->log.line = r->ledger.unread;
	}
	return trust_compare(trust, r->logfd, &r->log, err);
}

static bool is_sound(const struct restore *r)
{
	return r->log.fault == LOG_OK && !r->missing && !r->changed &&
	       !r->extra;
}

/* ---- what is said ---- */

static bool print_result(const struct restore *r, FILE *out,
			 struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "status", is_sound(r) ? "ok" : "failed");
	json_put_integer(&w, "files", (long long)r->sums.count + 1);
	json_put_integer(&w, "bytes", r->bytes);
	json_put_integer(&w, "missing", r->missing);
	json_put_integer(&w, "changed", r->changed);
	json_put_integer(&w, "extra", r->extra);
	json_put_integer(&w, "outputs", r->outputs);
	json_put_integer(&w, "records", r->log.records);
	json_put_integer(&w, "signed", r->log.standing.signed_size);
	if (r->log.fault != LOG_OK) {
		json_put_string(&w, "class", log_fault_name[r->log.fault]);
		json_put_integer(&w, "line", r->log.line);
	}
	json_put_integer(&w, "ms", r->ms);
	json_put_close(&w);
	return json_print(&line, out) || no_memory(err);
}

/*
 * The checkpoint of the log that was checked, with lines of what was found
 * (extension lines of C2SP tlog-checkpoint).
 */
static bool print_report(const struct restore *r, struct buffer *text)
{
	const struct log_standing *s = &r->log.standing;
	const struct bundle_file *manifest = bundle_find(&r->sums,
							 BUNDLE_MANIFEST);
	struct checkpoint c = { .size = s->tree.size };
	struct hasher *h = hasher_new();
	char hex[HASH_HEX] = "-";
	bool good = h && merkle_root(&s->tree, h, c.root);

	hasher_free(h);
	if (!good)
		return false;
	checkpoint_origin(s->first, c.origin);
	checkpoint_print(&c, text);
	if (manifest)
		hash_hex(manifest->sha256, HASH_SIZE, hex);
	buffer_printf(text, "restore-check %s\nmanifest %s\nfiles %zu bytes "
		      "%lld missing %lld changed %lld extra %lld\n"
		      "outputs %lld records %lld log %s\nms %lld\n",
		      is_sound(r) ? "ok" : "failed", hex, r->sums.count + 1,
		      r->bytes, r->missing, r->changed, r->extra, r->outputs,
		      r->log.records, log_fault_name[r->log.fault], r->ms);
	return !text->failed;
}

static bool put_file(const char *path, const struct buffer *text,
		     struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      REPORT_MODE);
	bool good = fd >= 0 && write_all(fd, text->data, text->length) &&
		    fsync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		good = false;
	return good || error_set(err, ERR_WRITE, _("can't write the report: "
						   "%s"), strerror(errno));
}

static bool write_report(const struct restore *r,
			 const struct restore_options *o, struct error *err)
{
	uint8_t secret[SIGN_KEY];
	struct buffer note = { 0 };
	struct note_key key;
	int fd = witness_open(o->folder, o->name, secret, &key, err);
	size_t length;
	bool good;

	if (fd < 0)
		return false;
	close(fd);
	good = print_report(r, &note);
	length = note.length;
	buffer_puts(&note, "\n");
	good = (good && !note.failed &&
		note_sign(&note, &key, secret, note.data, length,
			  (long long)time(NULL))) || no_memory(err);
	hash_wipe(secret, sizeof(secret));
	good = good && put_file(o->report, &note, err);
	buffer_done(&note);
	return good;
}

/* ---- the record ---- */

/* The drill stands in the log of the project that the bundle is of. */
static bool log_drill(struct restore *r, struct project *p, struct error *err)
{
	const struct bundle_file *manifest = bundle_find(&r->sums,
							 BUNDLE_MANIFEST);
	struct log_record record = LOG_RECORD_EMPTY;

	if (memcmp(r->log.standing.first, log_stands(p->log)->first,
		   HASH_SIZE) != 0)
		return error_set(err, ERR_USAGE, _("this bundle is not of this "
						   "project"));
	record.result = is_sound(r) ? "ok" : "failed";
	record.bundle_sha256 = manifest ? manifest->sha256 : NULL;
	record.lot = r->outputs;
	record.ms = r->ms;
	return log_append(p->log, LOG_RESTORE_CHECK, &record, NULL, err);
}

static bool tell_project(struct restore *r, const struct restore_options *o,
			 struct error *err)
{
	const struct project_options options = { .directory = o->project,
						 .reviewer = o->reviewer };
	struct project *p = project_open(&options, err);
	bool good = p && log_drill(r, p, err);

	if (p && !project_close(p, good ? err : NULL))
		good = false;
	return good;
}

static bool check(struct restore *r, const struct restore_options *o,
		  const struct trust *trust, FILE *out, struct error *err)
{
	const long long start = clock_ms();
	bool good = read_sums(r, err) && hash_files(r, err) &&
		    walk(r, r->fd) && check_log(r, trust, err);

	r->ms = clock_ms() - start;
	good = good && print_result(r, out, err) &&
	       (!o->report || write_report(r, o, err)) &&
	       (!o->project || tell_project(r, o, err));
	if (good && !is_sound(r))
		good = error_set(err, ERR_CHECK, _("the bundle is not as it "
						   "was sealed"));
	return good;
}

bool restore_command(const struct restore_options *o, FILE *out,
		     struct error *err)
{
	struct restore r = { .logfd = -1, .masksfd = -1, .err = err };
	struct trust trust;
	bool good;

	if (!o->report != !o->folder)
		return error_set(err, ERR_USAGE, _("--report and "
				 "--witness-folder belong together"));
	if (!trust_read(&trust, o->keys, o->witness, err))
		return false;
	r.fd = open(o->bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r.fd < 0)
		return error_set(err, ERR_USAGE, _("%s can't be opened: %s"),
				 o->bundle, strerror(errno));
	good = check(&r, o, &trust, out, err);
	if (r.masksfd >= 0)
		close(r.masksfd);
	if (r.logfd >= 0)
		close(r.logfd);
	close(r.fd);
	boxes_done(&r.boxes);
	ledger_done(&r.ledger);
	bundle_done(&r.sums);
	return good;
}
