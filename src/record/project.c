/* project.c - a project directory: made, opened, locked, closed; listing. */
#include "config.h"

#include "record/project.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/vocabulary.h"
#include "record/chain.h"
#include "record/keys.h"
#include "record/project_parts.h"

#define MARKER "suminuri.project"

enum {
	KEY_FILE_MODE = 0600,
	POLICY_MOST = 65536,            /* bytes of a policy.ini */
	LIST_BUNDLE = 1000              /* item.listed records a sync */
};

static const char marker_text[] = "suminuri project 1\n";

/* Both languages, whatever the locale: it travels with the outputs. */
static const char readme_text[] =
	"This folder holds masked outputs that were released by suminuri,\n"
	"and nothing else. It is the only folder of the project that may\n"
	"leave. Do not put other files here: `suminuri verify` reports them.\n"
	"Never hand out the folder `private` beside it: it leads back to the\n"
	"patients.\n"
	"\n"
	"このフォルダーには suminuri がリリースしたマスク済みの出力だけが入って\n"
	"います。プロジェクトの中で外に出してよいのはこのフォルダーだけです。\n"
	"ほかのファイルを置かないでください（`suminuri verify` が報告します）。\n"
	"隣の `private` フォルダーは患者にたどり着けるため、決して渡さないで\n"
	"ください。\n";

/* ---- where it may be ---- */

/* File systems whose locks and syncs can't be relied on (linux/magic.h and
 * the kernel's fs/smb/client/cifs_fs_sb.h). */
static const long network[] = {
	0x6969,                         /* NFS */
	0x517B,                         /* SMB */
	0xFF534D42,                     /* CIFS */
	0xFE534D42,                     /* SMB2 */
	0x5346414F,                     /* AFS */
	0x00C36400,                     /* CEPH */
};

static bool check_place(int dirfd, struct error *err)
{
	struct stat status;
	struct statfs system;

	if (fstat(dirfd, &status) != 0 || fstatfs(dirfd, &system) != 0)
		return error_set(err, ERR_WRITE, _("can't look at the project "
						   "folder: %s"),
				 strerror(errno));
	if (status.st_mode & S_IWOTH)
		return error_set(err, ERR_USAGE, _("anybody may write to this "
						   "folder: take that right "
						   "away (chmod o-w) or name "
						   "another one"));
	for (size_t i = 0; i < sizeof(network) / sizeof(network[0]); i++)
		if ((unsigned long)system.f_type ==
		    (unsigned long)network[i])
			return error_set(err, ERR_USAGE,
					 _("this folder is on a network; a "
					   "project must be on a disk of this "
					   "machine"));
	return true;
}

bool project_is(const char *directory)
{
	int dirfd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is;

	if (dirfd < 0)
		return false;
	is = faccessat(dirfd, MARKER, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	close(dirfd);
	return is;
}

/* ---- the parts ---- */

static bool lock(int fd, bool reading, struct error *err)
{
	if (flock(fd, (reading ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0)
		return true;
	return error_set(err, ERR_WRITE, _("another suminuri has this project "
					   "open: leave it there first"));
}

/* *log_only: no lock is needed, or where that will do, none can be had. */
static bool lock_project(const struct project *p,
			 const struct project_options *o, bool *log_only,
			 struct error *err)
{
	if (*log_only || lock(p->privatefd, o->reading, o->beside ? NULL : err))
		return true;
	*log_only = o->beside;
	return *log_only;
}

/* Before anything is made. */
static bool check_reviewer(const char *code, struct error *err)
{
	return !code || log_code_valid(code) ||
	       error_set(err, ERR_USAGE, _("a reviewer code has 1 to 32 "
					   "letters, digits, dots, hyphens, "
					   "underscores"));
}

static bool need_reviewer(struct error *err)
{
	return error_set(err, ERR_USAGE, _("who reviews? Name a code with "
					   "--reviewer"));
}

static bool check_marker(struct project *p, struct error *err)
{
	struct buffer text = { 0 };
	bool good = file_read(p->dirfd, MARKER, 256, &text, err);

	if (good && strcmp(text.data, marker_text))
		good = error_set(err, ERR_CHECK, _("this project was made by "
						   "a newer program, or is "
						   "damaged"));
	buffer_done(&text);
	return good;
}

/* What a kill between the first two steps of file_replace() leaves. */
static bool is_unfinished(void *self, const char *name)
{
	(void)self;
	return strcmp(name, MARKER ".new") == 0;
}

/* May a project be made in this folder, which is there? */
static bool check_empty(int dirfd, struct error *err)
{
	return folder_each(dirfd, is_unfinished, NULL, NULL) ||
	       error_set(err, ERR_USAGE, _("this folder is no project and not "
					   "empty: name a new one"));
}

/* Open the folder of the project, make it when asked to.  Nothing is made
 * before it is known who reviews. */
static bool open_folder(struct project *p, const struct project_options *o,
			struct error *err)
{
	bool make = o->create && o->reviewer;
	bool made = make && mkdir(o->directory, 0750) == 0;
	int why = make && !made && errno != EEXIST ? errno : 0;

	p->dirfd = open(o->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dirfd < 0 && o->create && !o->reviewer && errno == ENOENT)
		return need_reviewer(err);
	/* why it could not be made tells more than that it is not there */
	if (p->dirfd < 0)
		return error_set(err, o->create ? ERR_WRITE : ERR_USAGE,
				 _("can't open the project folder: %s"),
				 strerror(why ? why : errno));
	if (made && fchmod(p->dirfd, 0750) != 0)
		return error_set(err, ERR_WRITE, "%s", strerror(errno));
	if (!check_place(p->dirfd, err))
		return false;
	/* two must not make it at once */
	if (o->create && !lock(p->dirfd, false, err))
		return false;
	if (faccessat(p->dirfd, MARKER, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return check_marker(p, err);
	if (!o->create)
		return error_set(err, ERR_USAGE, _("this folder is no "
						   "project"));
	if (!check_empty(p->dirfd, err))
		return false;
	if (!o->reviewer)
		return need_reviewer(err);
	return file_replace(p->dirfd, MARKER, marker_text,
			    strlen(marker_text), 0640, err);
}

/* All folders below; the marker stands first, so that a project that was
 * being made when it was killed is finished now. */
static bool open_parts(struct project *p, bool make, struct error *err)
{
	p->outfd = folder_open(p->dirfd, "out", make, OUT_MODE, err);
	p->privatefd = p->outfd < 0 ? -1 :
		       folder_open(p->dirfd, "private", make, FOLDER_MODE,
				   err);
	/* either may be mounted there, and lead to another disk */
	if (p->privatefd < 0 || !check_place(p->outfd, err) ||
	    !check_place(p->privatefd, err))
		return false;
	p->logfd = folder_open(p->privatefd, "log", make, FOLDER_MODE, err);
	if (p->logfd >= 0)
		p->masksfd = folder_open(p->privatefd, "masks", make,
					 FOLDER_MODE, err);
	if (p->masksfd >= 0)
		p->stagedfd = folder_open(p->privatefd, "staged", make,
					  FOLDER_MODE, err);
	return p->stagedfd >= 0;
}

/* ---- keys ---- */

static bool make_key(int keysfd, const struct project_options *o,
		     uint8_t master[HASH_SIZE], struct error *err)
{
	char label[40];

	snprintf(label, sizeof(label), "test seed %lu", o->seed);
	if (o->has_seed && !hash_bytes(label, strlen(label), master))
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (!o->has_seed && !hash_random(master, HASH_SIZE, err))
		return false;
	return file_replace(keysfd, "master", (const char *)master,
			    HASH_SIZE, KEY_FILE_MODE, err);
}

static bool read_key(int keysfd, uint8_t master[HASH_SIZE],
		     struct error *err)
{
	struct buffer text = { 0 };
	bool good = file_read(keysfd, "master", HASH_SIZE, &text, err);

	if (good && text.length != HASH_SIZE)
		good = error_set(err, ERR_CHECK, _("the key of the project is "
						   "damaged"));
	if (good)
		memcpy(master, text.data, HASH_SIZE);
	if (text.data)
		hash_wipe(text.data, text.length);
	buffer_done(&text);
	return good;
}

/* The master key, made when the log has not begun; then what hangs on it. */
static bool load_keys(struct project *p, bool reading,
		      const struct project_options *o,
		      uint8_t master[HASH_SIZE], struct error *err)
{
	bool begun = faccessat(p->logfd, "00000001.jsonl", F_OK,
			       AT_SYMLINK_NOFOLLOW) == 0;
	int keysfd = folder_open(p->privatefd, "keys", !reading,
				 FOLDER_MODE, err);
	bool good = keysfd >= 0;

	p->fresh = !begun;
	p->erased = faccessat(p->privatefd, PROJECT_ERASED, F_OK,
			      AT_SYMLINK_NOFOLLOW) == 0;
	if (good && p->erased && !o->log_only)
		good = error_set(err, ERR_USAGE, _("this project was erased; "
				 "its log can still be checked"));
	else if (good && p->erased)
		;               /* no keys are left */
	else if (good && !begun && !reading &&
	    faccessat(keysfd, "master", F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		good = make_key(keysfd, o, master, err);
	else if (good)
		good = read_key(keysfd, master, err);
	if (keysfd >= 0)
		close(keysfd);
	if (!good)
		return false;
	return (hash_derive(master, "patient", p->patient_key) &&
		hash_derive(master, "uid", p->uid_key) &&
		hash_derive(master, "export", p->export_key) &&
		hash_derive(master, "sample", p->sample_key)) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

/* A code for this machine that does not tell its name. */
static bool station_code(const uint8_t master[HASH_SIZE], char code[17],
			 struct error *err)
{
	struct utsname name;
	uint8_t key[HASH_SIZE], mac[HASH_SIZE];

	if (uname(&name) != 0)
		name.nodename[0] = '\0';
	if (!hash_derive(master, "station", key) ||
	    !hash_hmac(key, name.nodename, strlen(name.nodename), mac))
		return error_set(err, ERR_MEMORY, _("no memory"));
	hash_hex(mac, 4, code);
	return true;
}

/* ---- texts and settings ---- */

static bool write_texts(struct project *p, struct error *err)
{
	struct buffer text = { 0 };
	bool good = true;

	if (faccessat(p->outfd, OUT_README, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		good = file_replace(p->outfd, OUT_README, readme_text,
				    strlen(readme_text), OUT_FILE_MODE, err);
	if (good && faccessat(p->privatefd, "policy.ini", F_OK,
			      AT_SYMLINK_NOFOLLOW) != 0) {
		policy_print_defaults(&text);
		good = !text.failed &&
		       file_replace(p->privatefd, "policy.ini", text.data,
				    text.length, 0600, err);
	}
	buffer_done(&text);
	return good;
}

/* The words that policy.ini names. */
static bool load_words(struct project *p, struct error *err)
{
	char name[sizeof(p->policy.words) + sizeof(".words")];
	struct buffer text = { 0 };
	bool good;

	if (!p->policy.words[0])
		return true;
	snprintf(name, sizeof(name), "%s.words", p->policy.words);
	good = file_read(p->privatefd, name, VOCABULARY_FILE, &text, err) &&
	       policy_add_words(&p->policy, text.data ? text.data : "",
				text.length, err);
	buffer_done(&text);
	return good;
}

static bool load_policy(struct project *p, struct error *err)
{
	struct buffer text = { 0 };
	bool good = file_read(p->privatefd, "policy.ini", POLICY_MOST, &text,
			      err) &&
		    policy_read(text.data, &p->policy, err) &&
		    load_words(p, err);

	buffer_done(&text);
	return good;
}

/* The reviewer's code: given now, or as it was remembered.  NULL when there is
 * neither.  The caller frees it. */
static char *remember(struct project *p, const char *name, const char *given,
		      struct error *err)
{
	char *before = given ? worklist_value(p->worklist, name) : NULL;

	p->other_reviewer = before && strcmp(before, given) != 0;
	free(before);
	if (given && !worklist_set(p->worklist, name, given, err))
		return NULL;
	return worklist_value(p->worklist, name);
}

static bool open_worklist(struct project *p, const struct project_options *o,
			  const uint8_t master[HASH_SIZE], struct error *err)
{
	uint8_t seed[HASH_SIZE];
	char *keep;

	p->worklist = worklist_open(p->privatefd, o->reading, err);
	if (!p->worklist)
		return false;
	if (o->has_seed) {
		if (!hash_derive(master, "draws", seed))
			return error_set(err, ERR_MEMORY, _("no memory"));
		worklist_seed(p->worklist, seed);
	}
	if (o->keep_names && worklist_count(p->worklist) == 0 && !o->reading &&
	    !worklist_set(p->worklist, "keep_names", "1", err))
		return false;
	keep = worklist_value(p->worklist, "keep_names");
	p->keep_names = keep != NULL;
	free(keep);
	return true;
}

/* A project whose log has begun has its worklist: an empty one would hide all
 * that was decided.  (Its tables are made before the log begins.) */
static bool check_worklist(struct project *p, struct error *err)
{
	struct stat status;

	if (p->fresh || (fstatat(p->privatefd, "worklist.db", &status,
				 AT_SYMLINK_NOFOLLOW) == 0 &&
			 status.st_size > 0))
		return true;
	return error_set(err, ERR_CHECK, _("the worklist of the project is "
					   "missing: put private/worklist.db "
					 "back, or make it anew with "
					 "`suminuri rebuild`"));
}

bool project_log_lacks(const struct log_check *log, long long applied)
{
	return applied > log->last + 1;
}

/*
 * Nothing is decided or released on a log that is broken or was put back.
 * What a kill leaves is repaired by log_open(): a torn tail, and a log that
 * has not begun (it refuses one that was emptied: head knows records).
 */
static bool check_log(struct project *p, struct log_standing *standing,
		      struct error *err)
{
	struct log_check found;

	if (!log_check(p->logfd, &found, NULL, NULL, err))
		return false;
	*standing = found.standing;
	if (found.fault != LOG_OK && found.fault != LOG_TORN &&
	    !(found.fault == LOG_TRUNCATED && found.last == 0))
		return error_set(err, ERR_CHECK, _("the review log is not as "
				 "it was written (%s, line %lld): look at it "
				 "with `suminuri log check`, then put the "
				 "whole private/log back from the backup"),
				 log_fault_name[found.fault], found.line);
	if (p->worklist &&
	    project_log_lacks(&found, worklist_applied(p->worklist)))
		return error_set(err, ERR_CHECK, _("records of the log are "
						   "missing: put the whole "
						   "private/log back"));
	return true;
}

/* The log itself, with the secret that signs it. */
static bool start_log(struct project *p, const struct project_options *o,
		      const uint8_t master[HASH_SIZE], struct log_who *who,
		      struct error *err)
{
	uint8_t secret[SIGN_KEY], seed[HASH_SIZE];
	bool has = false, good;

	if (o->has_seed && !hash_derive(master, "log key", seed))
		return error_set(err, ERR_MEMORY, _("no memory"));
	good = keys_secret(p, who->standing, o->has_seed ? seed : NULL,
			   o->key_lost, secret, &has, err);
	who->secret = has ? secret : NULL;
	if (good)
		p->log = log_open(p->logfd, who, err);
	hash_wipe(secret, sizeof(secret));
	hash_wipe(seed, sizeof(seed));
	return p->log && keys_publish(p, log_stands(p->log), err);
}

/*
 * What the reviewer is trained as: said now, or remembered of the same code.
 * Written into every record.
 */
static bool note_qualification(struct project *p, const char *reviewer,
			       const char *given, struct log_who *who,
			       struct error *err)
{
	char name[64];
	char *word;
	int number;

	snprintf(name, sizeof(name), "qualification %s", reviewer);
	if (qualification_number(given) < 0)
		return error_set(err, ERR_USAGE, _("--qualification: any, "
				 "staff, technologist, physician or "
				 "radiologist"));
	if (given && !worklist_set(p->worklist, name, given, err))
		return false;
	word = worklist_value(p->worklist, name);
	number = qualification_number(word);
	free(word);
	if (number < 0)
		return error_set(err, ERR_CHECK, _("the worklist is damaged"));
	p->qualified = (enum qualification)number;
	who->qual = number ? qualification_name[number] : NULL;
	return true;
}

static bool open_log(struct project *p, const struct project_options *o,
		     const uint8_t master[HASH_SIZE],
		     const struct log_standing *standing, struct error *err)
{
	char station[17] = "test";
	char *reviewer;
	struct log_who who = {
		.role = o->role ? o->role : "reviewer", .host = station,
		.policy = p->policy.id, .sandbox = o->sandbox,
		.test_clock = o->has_seed,
		.test_seed = o->seed, .standing = standing,
	};
	bool good;

	/* the second reader must not become who reviews */
	reviewer = remember(p, strcmp(who.role, "qa") ? "reviewer" :
			    "reader", o->reviewer, err);
	if (!reviewer && o->plans)
		reviewer = worklist_value(p->worklist, "reviewer");
	if (!reviewer)
		return need_reviewer(err);
	who.reviewer = reviewer;
	good = (o->has_seed || station_code(master, station, err)) &&
	       note_qualification(p, reviewer, o->qualification, &who, err) &&
	       start_log(p, o, master, &who, err);
	free(reviewer);
	return good;
}

/* Another policy than last time is an event of its own. */
static bool note_policy(struct project *p, struct error *err)
{
	char *last = worklist_value(p->worklist, "policy");
	bool same = last && !strcmp(last, p->policy.id);
	bool good = true;

	if (last && !same)
		good = log_append(p->log, LOG_POLICY_CHANGE, NULL, NULL, err);
	if (good && !same)
		good = worklist_set(p->worklist, "policy", p->policy.id, err);
	free(last);
	return good;
}

/* Only for a moment: a review may be started meanwhile.  The log is checked
 * without worklist and policy too. */
static void look_at(struct project *p)
{
	struct worklist *w = worklist_open(p->privatefd, true, NULL);

	if (!load_policy(p, NULL))
		p->policy = (struct policy){ .second = false };
	if (w)
		p->applied = worklist_applied(w);
	worklist_close(w);
}

struct project *project_open(const struct project_options *o,
			     struct error *err)
{
	struct project *p = calloc(1, sizeof(*p));
	uint8_t master[HASH_SIZE] = { 0 };
	const bool reading = o->reading || o->log_only;
	bool log_only = o->log_only;
	struct log_standing standing;
	bool good;

	if (!p) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return NULL;
	}
	p->dirfd = p->outfd = p->privatefd = -1;
	p->logfd = p->masksfd = p->stagedfd = -1;
	good = check_reviewer(o->reviewer, err) && open_folder(p, o, err) &&
	       open_parts(p, !reading, err) &&
	       lock_project(p, o, &log_only, err) &&
	       load_keys(p, reading, o, master, err);
	if (good && o->rebuilding)
		good = load_policy(p, err) && check_log(p, &standing, err);
	else if (good && !log_only)
		good = (reading || write_texts(p, err)) &&
		       load_policy(p, err) &&
		       (reading || check_worklist(p, err)) &&
		       open_worklist(p, o, master, err) &&
		       (reading || (check_log(p, &standing, err) &&
				    open_log(p, o, master, &standing, err) &&
				    note_policy(p, err) &&
				    project_recover(p, err)));
	else if (good)
		look_at(p);
	hash_wipe(master, sizeof(master));
	if (good)
		return p;
	project_abandon(p);
	if (err)
		err->project = true;
	return NULL;
}

const char *project_alarm(const struct project *p)
{
	return p->put_aside == 0 ? NULL :
	       _("a file was not the copy that was verified: it is kept in "
		 "private/quarantine: find out who changed it, then remove "
		 "it");
}

void project_abandon(struct project *p)
{
	if (!p)
		return;
	const int fd[] = { p->stagedfd, p->masksfd, p->logfd, p->privatefd,
			   p->outfd, p->dirfd };

	log_abandon(p->log);
	worklist_close(p->worklist);
	for (size_t i = 0; i < sizeof(fd) / sizeof(fd[0]); i++)
		if (fd[i] >= 0)
			close(fd[i]);
	hash_wipe(p, sizeof(*p));
	free(p);
}

bool project_close(struct project *p, struct error *err)
{
	bool good = true;

	if (p->log && (p->stopped || p->due)) {
		log_abandon(p->log);
	} else if (p->log) {
		/* the rows know all up to session.close: the next start need
		   not read the log */
		long long last = log_next_seq(p->log, err);

		good = last > 0 &&
		       worklist_set_applied(p->worklist, last, err);
		if (good)
			good = log_close(p->log, err);
		else
			log_abandon(p->log);
	}
	p->log = NULL;
	project_abandon(p);
	return good;
}

/* ---- rows and listing ---- */

bool project_goes_on(const struct project *p, struct error *err)
{
	return (!p->stopped && !p->due) ||
	       error_set(err, ERR_WRITE, _("something could not be written "
			 "before: nothing more is; start again"));
}

bool project_log(struct project *p, enum log_event event,
		 const struct log_record *record, long long *seq,
		 struct error *err)
{
	if (!project_goes_on(p, err) ||
	    !log_append(p->log, event, record, seq, err))
		return false;
	if (seq)
		p->due = *seq;
	return true;
}

/* The worklist reflects the log up to seq, in the transaction under way. */
static bool commit_applied(struct project *p, long long seq,
			   struct error *err)
{
	if ((seq && !worklist_set_applied(p->worklist, seq, err)) ||
	    !worklist_commit(p->worklist, err)) {
		worklist_rollback(p->worklist);
		return false;
	}
	p->due = 0;
	return true;
}

bool project_save(struct project *p, const struct worklist_item *item,
		  long long seq, struct error *err)
{
	if ((seq != p->due && !project_goes_on(p, err)) ||
	    !worklist_begin(p->worklist, err))
		return false;
	if (worklist_put(p->worklist, item, err))
		return commit_applied(p, seq, err);
	worklist_rollback(p->worklist);
	return false;
}

bool project_list_begin(struct project *p, struct error *err)
{
	return worklist_begin(p->worklist, err);
}

bool project_list(struct project *p, const char *path, long below,
		  const char *name, const char *why_flagged, long long *row,
		  bool *added, struct error *err)
{
	bool fresh;

	if (p->keep_names && !path_stays_below(name)) {
		error_set(err, ERR_USAGE, _("--keep-names: the name of a file "
					    "leads out of the project"));
		worklist_rollback(p->worklist);
		return false;
	}
	if (worklist_add(p->worklist, path, name, why_flagged, NULL, row,
			 &fresh, err) &&
	    (!fresh || below < 0 ||
	     worklist_set_below(p->worklist, *row, below, err))) {
		if (added)
			*added = fresh;
		return true;
	}
	worklist_rollback(p->worklist);
	return false;
}

bool project_list_end(struct project *p, struct error *err)
{
	long long rows[2];

	if (p->keep_names && worklist_same_names(p->worklist, rows)) {
		worklist_rollback(p->worklist);
		return error_set(err, ERR_USAGE, _("--keep-names: items %lld "
						   "and %lld would get the "
						   "same name"),
				 rows[0], rows[1]);
	}
	return worklist_commit(p->worklist, err) &&
	       project_log_listed(p, err);
}

/* Log up to LIST_BUNDLE rows from *row on; *row is the last one then. */
static bool log_bundle(struct project *p, long long *row, struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	struct worklist_item item;
	long long next = *row, seq = 0;

	if (!project_goes_on(p, err) ||
	    !log_begin(p->log, LIST_BUNDLE, err))
		return false;
	for (int i = 0; i < LIST_BUNDLE && next > 0; i++) {
		if (!worklist_get(p->worklist, next, &item, err))
			return false;
		r.item = item.id;
		bool good = log_append(p->log, LOG_ITEM_LISTED, &r, &seq,
				       err);

		worklist_item_done(&item);
		if (!good)
			return false;
		*row = next;
		next = worklist_next_unlogged(p->worklist, next + 1);
	}
	if (!log_commit(p->log, err))
		return false;
	p->due = seq;
	if (!worklist_begin(p->worklist, err))
		return false;
	if (worklist_set_logged(p->worklist, *row, err))
		return commit_applied(p, seq, err);
	worklist_rollback(p->worklist);
	return false;
}

bool project_log_listed(struct project *p, struct error *err)
{
	long long row = 1;

	while ((row = worklist_next_unlogged(p->worklist, row)) > 0)
		if (!log_bundle(p, &row, err))
			return false;
	return true;
}
