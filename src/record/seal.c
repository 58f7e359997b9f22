/* seal.c - makes a write-once bundle of a project. */
#include "config.h"

#include "record/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "record/bundle.h"
#include "record/chain.h"
#include "record/checkpoints.h"
#include "record/export.h"
#include "record/leave.h"
#include "record/project_parts.h"

enum {
	BUNDLES_A_DAY = 999,
	BUNDLE_NAME = 64,
	MAKING_MODE = 0700, FILE_MODE = 0440, SEALED_MODE = 0550,
	COPY_BYTES = 1 << 16
};
#define UNFINISHED ".unfinished"

/* Both languages: it is read when nothing else is at hand. */
static const char readme_text[] =
	"A sealed bundle of a suminuri project: released outputs (out), the\n"
	"review log (log), the decided boxes (masks), the rules (policy.ini),\n"
	"the public keys (keys/log.pub).  Nothing here may be changed.\n"
	"Check it:  sha256sum -c SHA256SUMS\n"
	"and:       suminuri restore --check THIS_FOLDER --key log.pub\n"
	"Only `out` may leave the hospital: the log leads back to originals.\n"
	"\n"
	"suminuri プロジェクトの封印済み一式です。リリースした出力 (out)、確認\n"
	"ログ (log)、決定した枠 (masks)、規則 (policy.ini)、公開鍵\n"
	"(keys/log.pub) が入っています。何も変更してはいけません。\n"
	"検査:  sha256sum -c SHA256SUMS\n"
	"       suminuri restore --check このフォルダー --key log.pub\n"
	"院外に出してよいのは out だけです。ログは元の画像にたどり着けます。\n";

/* Of a bundle that leaves. */
static const char egress_text[] =
	"Masked pictures (out) of a suminuri project, the part of its review\n"
	"log that is about them (log.jsonl), the public key (log.pub) and a\n"
	"signed statement to whom they go on what basis (statement).\n"
	"Check it:  sha256sum -c SHA256SUMS\n"
	"and:       suminuri log check --key log.pub log.jsonl\n"
	"Nothing in it leads back to a person; matching it with other data to\n"
	"find one is not allowed.\n"
	"\n"
	"suminuri プロジェクトのマスク済み画像 (out)、それについての確認ログ\n"
	"(log.jsonl)、公開鍵 (log.pub)、提供先と根拠を述べた署名付きの書面\n"
	"(statement) です。\n"
	"検査:  sha256sum -c SHA256SUMS\n"
	"       suminuri log check --key log.pub log.jsonl\n"
	"個人にたどり着くものは含まれません。個人を探すためにほかの情報と\n"
	"照合することは認められません。\n";

struct sealing {
	struct project *p;
	const struct seal_options *o;
	int folderfd, fd;               /* where it is made; the bundle */
	char name[BUNDLE_NAME];         /* of the bundle */
	long long number;               /* YYYYMMDDnnn */
	struct bundle files;
	long long outputs;
	struct error *err;
	bool good;
};

static bool can_not(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't write the bundle: %s"),
			 strerror(errno));
}

static bool no_memory(struct error *err)
{
	return error_set(err, ERR_MEMORY, _("no memory"));
}

/* ---- the folder ---- */

/* The first number of today that no bundle has, finished or not. */
static bool make_folder(struct sealing *s, struct error *err)
{
	time_t now = time(NULL);
	struct stat status;
	struct tm tm = { 0 };
	char day[16], making[BUNDLE_NAME + sizeof(UNFINISHED)];

	localtime_r(&now, &tm);
	strftime(day, sizeof(day), "%Y%m%d", &tm);
	for (int n = 1; n <= BUNDLES_A_DAY; n++) {
		snprintf(s->name, sizeof(s->name), "%s-%s-%03d",
			 s->o->recipient ? "egress" : "bundle", day, n);
		snprintf(making, sizeof(making), "%s" UNFINISHED, s->name);
		if (fstatat(s->folderfd, s->name, &status,
			    AT_SYMLINK_NOFOLLOW) == 0)
			continue;
		if (mkdirat(s->folderfd, making, MAKING_MODE) != 0) {
			if (errno == EEXIST)
				continue;
			return can_not(err);
		}
		s->number = strtoll(day, NULL, 10) * (BUNDLES_A_DAY + 1) + n;
		s->fd = folder_open(s->folderfd, making, false, MAKING_MODE,
				    err);
		return s->fd >= 0;
	}
	return error_set(err, ERR_WRITE, _("there are %d bundles of today "
					   "here already"), BUNDLES_A_DAY);
}

/* ---- files ---- */

static int create(struct sealing *s, const char *path, struct error *err)
{
	const char *last;
	int folder = folder_of(s->fd, path, true, MAKING_MODE, &last, err);
	int fd;

	if (folder < 0)
		return -1;
	fd = openat(folder, last, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		    O_NOFOLLOW, FILE_MODE);
	if (fd < 0)
		can_not(err);
	close(folder);
	return fd;
}

/* Copy what is left of from, hashing it. */
static bool pour(int from, int to, struct hasher *h, long long *bytes,
		 struct error *err)
{
	char piece[COPY_BYTES];
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || !write_all(to, piece, (size_t)got))
			return can_not(err);
		hasher_add(h, piece, (size_t)got);
		*bytes += got;
	}
	return true;
}

/* wanted: what it must be; NULL: whatever it is. */
static bool copy_file(struct sealing *s, int from, const char *path,
		      const uint8_t *wanted, struct error *err)
{
	struct hasher *h = hasher_new();
	uint8_t digest[HASH_SIZE];
	long long bytes = 0;
	int to = h ? create(s, path, err) : -1;
	bool good = to >= 0 && pour(from, to, h, &bytes, err);

	if (!h)
		no_memory(err);
	good = good && (hasher_end(h, digest) || no_memory(err));
	if (good && wanted && memcmp(digest, wanted, HASH_SIZE) != 0)
		good = error_set(err, ERR_CHECK, _("an output is not the one "
				 "that was logged: run `suminuri verify`"));
	if (to >= 0 && close(to) != 0 && good)
		good = can_not(err);
	hasher_free(h);
	return good && (bundle_add(&s->files, path, digest, bytes) ||
			no_memory(err));
}

static bool copy_named(struct sealing *s, int dirfd, const char *name,
		       const char *path, struct error *err)
{
	int from = file_open_below(dirfd, name);
	bool good;

	if (from < 0)
		return error_set(err, ERR_CHECK, _("a file of the project is "
						   "missing"));
	good = copy_file(s, from, path, NULL, err);
	close(from);
	return good;
}

/* A text of ours; listed unless it is the list itself. */
static bool write_text(struct sealing *s, const char *path, const char *text,
		       size_t length, bool listed, struct error *err)
{
	uint8_t digest[HASH_SIZE];
	int fd = create(s, path, err);
	bool good = fd >= 0 && (write_all(fd, text, length) || can_not(err));

	if (fd >= 0 && close(fd) != 0 && good)
		good = can_not(err);
	if (!good || !listed)
		return good;
	return (hash_bytes(text, length, digest) &&
		bundle_add(&s->files, path, digest, (long long)length)) ||
	       no_memory(err);
}

/* ---- what goes in ---- */

static bool copy_output(void *self, struct project_output *o)
{
	struct sealing *s = self;
	struct buffer path = { 0 };

	if (o->fault != OUTPUT_SOUND) {
		s->good = error_set(s->err, ERR_CHECK, _("the outputs are not "
				    "as they were written: run `suminuri "
				    "verify`"));
		return false;
	}
	if (o->item.output != OUTPUT_RELEASED)
		return true;
	buffer_printf(&path, "out/%s", o->item.out_name);
	s->good = (!path.failed || no_memory(s->err)) &&
		  (lseek(o->fd, 0, SEEK_SET) == 0 || can_not(s->err)) &&
		  copy_file(s, o->fd, path.data, o->item.out_sha256, s->err);
	s->outputs += s->good;
	buffer_done(&path);
	return s->good;
}

static bool copy_outputs(struct sealing *s, struct error *err)
{
	struct project_audit audit;

	s->err = err;
	s->good = true;
	if (!project_audit(s->p, &audit, copy_output, s, err) || !s->good)
		return false;
	return audit.log.fault == LOG_OK ||
	       error_set(err, ERR_CHECK, _("the log is not sound: run "
					   "`suminuri log check`"));
}

static bool copy_mask(void *self, const char *name)
{
	struct sealing *s = self;
	struct buffer path = { 0 };
	const char *end = strrchr(name, '.');

	if (!end || strcmp(end, ".jsonl") != 0)
		return true;            /* one that is being written */
	buffer_printf(&path, "masks/%s", name);
	s->good = (!path.failed || no_memory(s->err)) &&
		  copy_named(s, s->p->masksfd, name, path.data, s->err);
	buffer_done(&path);
	return s->good;
}

static bool copy_log(struct sealing *s, struct error *err)
{
	static const char *const others[] = { "head", "checkpoint",
					      "checkpoints.txt" };
	char name[CHAIN_NAME], path[CHAIN_NAME + 8];

	for (int segment = 1;; segment++) {
		chain_segment_name(segment, name);
		if (faccessat(s->p->logfd, name, F_OK, 0) != 0)
			break;
		snprintf(path, sizeof(path), "log/%s", name);
		if (!copy_named(s, s->p->logfd, name, path, err))
			return false;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(path, sizeof(path), "log/%s", others[i]);
		if (!copy_named(s, s->p->logfd, others[i], path, err))
			return false;
	}
	return true;
}

static bool copy_rest(struct sealing *s, struct error *err)
{
	char words[sizeof(s->p->policy.words) + sizeof(".words")];

	s->good = true;
	if (!folder_each(s->p->masksfd, copy_mask, s, err))
		return false;
	snprintf(words, sizeof(words), "%s.words", s->p->policy.words);
	return s->good &&
	       (!s->p->policy.words[0] ||
		copy_named(s, s->p->privatefd, words, words, err)) &&
	       copy_named(s, s->p->privatefd, "policy.ini", "policy.ini",
			  err) &&
	       copy_named(s, s->p->privatefd, "keys/log.pub", "keys/log.pub",
			  err) &&
	       write_text(s, "README.txt", readme_text, strlen(readme_text),
			  true, err);
}

/* ---- what leaves ---- */

/* The export view, written into the bundle. */
static bool write_view(struct sealing *s, struct error *err)
{
	static const char name[] = "log.jsonl";
	struct project_audit audit = { 0 };
	uint8_t digest[HASH_SIZE];
	struct stat status = { 0 };
	int fd = create(s, name, err);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool there, good;

	if (fd < 0)
		return false;
	if (!out) {
		close(fd);
		return can_not(err);
	}
	good = export_log(s->p, false, out, &audit, err);
	if (good && audit.log.fault != LOG_OK)
		good = error_set(err, ERR_CHECK, _("the log is not sound: run "
						   "`suminuri log check`"));
	if (fclose(out) != 0 && good)
		good = can_not(err);
	return good && file_hash(s->fd, name, &there, digest, err) &&
	       (fstatat(s->fd, name, &status, 0) == 0 || can_not(err)) &&
	       (bundle_add(&s->files, name, digest, status.st_size) ||
		no_memory(err));
}

static bool write_egress(struct sealing *s, struct error *err)
{
	return write_view(s, err) &&
	       copy_named(s, s->p->privatefd, "keys/log.pub", "log.pub",
			  err) &&
	       write_text(s, "README.txt", egress_text, strlen(egress_text),
			  true, err);
}

/* To whom, on what basis, what: signed by the key of the log. */
static bool write_statement(struct sealing *s, const uint8_t digest[HASH_SIZE],
			    struct error *err)
{
	struct buffer text = { 0 };
	char hex[HASH_HEX], lines[256];
	bool good;

	hash_hex(digest, HASH_SIZE, hex);
	snprintf(lines, sizeof(lines), "egress %lld recipient %s basis %s\n"
		 "outputs %lld manifest %s\n", s->number, s->o->recipient,
		 s->o->basis, s->outputs, hex);
	good = log_statement(s->p->log, lines, &text, err) &&
	       write_text(s, "statement", text.data, text.length, true, err);
	buffer_done(&text);
	return good;
}

/* The manifest, then the sums of all, the manifest too; its hash. */
static bool write_lists(struct sealing *s, uint8_t digest[HASH_SIZE],
			struct error *err)
{
	struct buffer text = { 0 };
	bool good;

	bundle_sort(&s->files);
	bundle_print_manifest(&s->files, &text);
	good = (!text.failed && hash_bytes(text.data, text.length, digest)) ||
	       no_memory(err);
	good = good && write_text(s, BUNDLE_MANIFEST, text.data, text.length,
				  true, err);
	buffer_clear(&text);
	good = good && (!s->o->recipient || write_statement(s, digest, err));
	if (good) {
		bundle_sort(&s->files);
		bundle_print_sums(&s->files, &text);
		good = (!text.failed || no_memory(err)) &&
		       write_text(s, BUNDLE_SUMS, text.data, text.length,
				  false, err);
	}
	buffer_done(&text);
	return good;
}

/* ---- closing it ---- */

/* No folder on the way to a file may be written to any more. */
static bool close_folders(struct sealing *s, struct error *err)
{
	for (size_t i = 0; i < s->files.count; i++) {
		char *path = s->files.file[i].path;

		for (char *slash = strchr(path, '/'); slash;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			bool good = fchmodat(s->fd, path, SEALED_MODE, 0) == 0;

			*slash = '/';
			if (!good)
				return can_not(err);
		}
	}
	return true;
}

/* All bytes are on the disk before the bundle has its name. */
static bool finish(struct sealing *s, struct error *err)
{
	char making[BUNDLE_NAME + sizeof(UNFINISHED)];

	snprintf(making, sizeof(making), "%s" UNFINISHED, s->name);
	return close_folders(s, err) &&
	       ((syncfs(s->fd) == 0 &&
		 renameat2(s->folderfd, making, s->folderfd, s->name,
			   RENAME_NOREPLACE) == 0 &&
		 fchmod(s->fd, SEALED_MODE) == 0 && fsync(s->fd) == 0 &&
		 fsync(s->folderfd) == 0) || can_not(err));
}

static bool log_seal(struct sealing *s, const char *phase,
		     const uint8_t *digest, struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.phase = phase;
	r.bundle = s->number;
	r.bundle_sha256 = digest;
	r.recipient = s->o->recipient;
	r.basis = s->o->basis;
	if (s->o->recipient)
		r.lot = s->outputs;
	return log_append(s->p->log, s->o->recipient ? LOG_EGRESS : LOG_SEAL,
			  &r, NULL, err);
}

/* The checkpoint that the bundle ends with, as a line to keep elsewhere. */
static bool put_line(const struct sealing *s, struct json_writer *w,
		     struct error *err)
{
	struct checkpoints list = { 0 };
	struct buffer line = { 0 };
	bool good = checkpoints_read(s->p->logfd, &list, err) &&
		    (list.count > 0 || error_set(err, ERR_INTERNAL,
						 "no checkpoint"));

	if (good)
		checkpoint_print_line(&list.item[list.count - 1].c, &line);
	if (good && (line.failed || !line.data))
		good = no_memory(err);
	if (good)
		json_put_string(w, "witness", line.data);
	buffer_done(&line);
	checkpoints_done(&list);
	return good;
}

static bool print_result(const struct sealing *s, const char *folder,
			 const uint8_t digest[HASH_SIZE], FILE *out,
			 struct error *err)
{
	struct buffer line = { 0 }, path = { 0 };
	struct json_writer w = json_writer(&line, false);
	bool good = true;

	buffer_printf(&path, "%s/%s", folder, s->name);
	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	if (!path.failed)
		json_put_lossy(&w, "bundle", path.data);
	json_put_integer(&w, "files", (long long)s->files.count + 1);
	json_put_integer(&w, "outputs", s->outputs);
	json_put_integer(&w, "records", log_stands(s->p->log)->signed_size);
	if (s->o->recipient) {
		json_put_string(&w, "recipient", s->o->recipient);
		json_put_string(&w, "basis", s->o->basis);
	}
	json_put_hex(&w, "manifest_sha256", digest, HASH_SIZE);
	if (!s->o->recipient)
		good = put_line(s, &w, err);
	json_put_close(&w);
	line.failed = line.failed || path.failed;
	buffer_done(&path);
	if (good)
		return json_print(&line, out) || no_memory(err);
	buffer_done(&line);
	return false;
}

static void say_result(const struct sealing *s, struct buffer *said)
{
	const struct seal_options *o = s->o;

	if (!o->in_words)
		return;
	buffer_printf(said, _("made %s/%s: %lld files, %lld of them outputs\n"),
		      o->folder, s->name, (long long)s->files.count + 1,
		      s->outputs);
	if (!o->recipient)
		buffer_printf(said, _("copy it to media that can't be changed, "
				      "and keep the word `witness` of the line "
				      "above elsewhere; to check it: suminuri "
				      "restore --check %s/%s\n"),
			      o->folder, s->name);
}

static bool seal(struct sealing *s, const struct seal_options *o, FILE *out,
		 struct error *err)
{
	uint8_t digest[HASH_SIZE];

	if (!log_stands(s->p->log)->has_key)
		return error_set(err, ERR_USAGE, _("no key signs this log: "
				 "make one with `suminuri key new`"));
	/* the record is in the bundle; what comes after it, in the next one */
	return make_folder(s, err) && copy_outputs(s, err) &&
	       log_seal(s, "intent", NULL, err) && log_sign(s->p->log, err) &&
	       (o->recipient ? write_egress(s, err) :
		copy_log(s, err) && copy_rest(s, err)) &&
	       write_lists(s, digest, err) && finish(s, err) &&
	       print_result(s, o->folder, digest, out, err) &&
	       (o->recipient || log_cut(s->p->log, err)) &&
	       log_seal(s, "done", digest, err);
}

/* What leaves does so to somebody, on some basis. */
static bool is_stated(const struct seal_options *o, struct error *err)
{
	int i = 0;

	if (!o->recipient && !o->basis)
		return true;
	while (o->recipient && log_recipient_name[i] &&
	       strcmp(log_recipient_name[i], o->recipient) != 0)
		i++;
	if (!o->recipient || !log_recipient_name[i])
		return error_set(err, ERR_USAGE, _("--recipient: internal, "
				 "entrustee, successor, joint-use or regulator "
				 "is needed"));
	return (o->basis && log_code_valid(o->basis)) ||
	       error_set(err, ERR_USAGE, _("--basis: the legal basis is "
			 "needed, as a code of 1 to 32 letters, digits, dots, "
			 "hyphens, underscores"));
}

static bool has_released(struct project *p, struct error *err)
{
	long long by_state[ITEM_STATES], by_output[OUTPUT_STATES];

	return worklist_counts(p->worklist, by_state, by_output, err) &&
	       (by_output[OUTPUT_RELEASED] > 0 ||
		error_set(err, ERR_USAGE, _("nothing is released: nothing may "
					    "leave")));
}

/* What a second reader found on is not handed out; a bundle that stays may
 * have it, but not without a word. */
static bool may_leave(struct sealing *s, struct buffer *said,
		      struct error *err)
{
	size_t found;

	if (!leave_look(s->p, said, &found, err))
		return false;
	if (found == 0)
		return true;
	if (s->o->recipient)
		return error_set(err, ERR_CHECK, _("a second reader found "
				 "something on released outputs (%lld), so "
				 "nothing leaves: decide these items anew "
				 "('suminuri review', u) or take them back "
				 "('suminuri withdraw')"), (long long)found);
	buffer_printf(said, _("%lld findings of a second reader are about "
			      "outputs in this bundle: 'suminuri qa report' "
			      "says what to do\n"), (long long)found);
	return true;
}

/* Where the bundle goes; *made where it was missing. */
static int open_place(const struct seal_options *o, bool *made,
		      struct error *err)
{
	int fd = open(o->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && project_is(o->project)) {
		*made = mkdir(o->folder, 0700) == 0;
		fd = open(o->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (fd < 0)
		error_set(err, ERR_USAGE, _("%s can't be opened: %s"),
			  o->folder, strerror(errno));
	return fd;
}

bool seal_command(const struct seal_options *o, FILE *out,
		  struct buffer *said, struct error *err)
{
	const struct project_options options = { .directory = o->project,
						 .reviewer = o->reviewer };
	struct sealing s = { .o = o, .fd = -1 };
	bool made = false, good;

	if (!is_stated(o, err))
		return false;
	s.folderfd = open_place(o, &made, err);
	if (s.folderfd < 0)
		return false;
	s.p = project_open(&options, err);
	good = s.p && (!o->recipient || has_released(s.p, err)) &&
	       may_leave(&s, said, err) && seal(&s, o, out, err);
	if (s.p && !project_close(s.p, good ? err : NULL))
		good = false;
	if (good)
		say_result(&s, said);
	if (s.fd >= 0)
		close(s.fd);
	close(s.folderfd);
	if (made && !good)
		rmdir(o->folder);       /* unless something is in it */
	bundle_done(&s.files);
	return good;
}
