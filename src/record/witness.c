/* witness.c - requests to a witness, and the witness. */
#include "config.h"

#include "record/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/i18n.h"
#include "record/chain.h"
#include "record/checkpoints.h"
#include "record/files.h"
#include "record/project.h"
#include "record/trust.h"

enum {
	LOG_DIGITS = 16,                /* of an origin */
	FILE_NAME = LOG_DIGITS + sizeof(".seen"),
	KEYS_MOST = 65536
};

static bool no_memory(struct error *err)
{
	return error_set(err, ERR_MEMORY, _("no memory"));
}

/* ---- the log's side ---- */

static bool print_request(const struct project *p,
			  const struct signed_checkpoint *last, long since,
			  FILE *out, struct error *err)
{
	struct merkle_tree tree = { 0 };
	struct merkle_proof proof;
	struct buffer text = { 0 };
	bool good = chain_tree(p->logfd, last->c.size, &tree, err);

	if (good && !merkle_extend(&tree, (size_t)since, &proof))
		good = no_memory(err);
	if (good) {
		buffer_printf(&text, "old %ld\n", since);
		for (int i = 0; i < proof.count; i++) {
			base64_put(&text, proof.hash[i], HASH_SIZE);
			buffer_puts(&text, "\n");
		}
		buffer_puts(&text, "\n");
		buffer_append(&text, last->note.text, last->note.length);
		good = !text.failed || no_memory(err);
	}
	if (good)
		fputs(text.data, out);
	buffer_done(&text);
	merkle_tree_done(&tree);
	return good;
}

static bool print_line(const struct checkpoint *c, FILE *out,
		       struct error *err)
{
	struct buffer text = { 0 };
	bool good;

	checkpoint_print_line(c, &text);
	good = !text.failed;
	if (good)
		fprintf(out, "%s\n", text.data);
	buffer_done(&text);
	return good || no_memory(err);
}

/* The latest checkpoint of a log that is sound. */
static bool export(const struct witness_options *o, struct project *p,
		   FILE *out, struct error *err)
{
	struct checkpoints list = { 0 };
	const struct signed_checkpoint *last;
	struct project_audit audit;
	bool good = project_audit_log(p, &audit, NULL, NULL, err) &&
		    checkpoints_read(p->logfd, &list, err);

	if (good && audit.log.fault != LOG_OK)
		good = error_set(err, ERR_CHECK, _("the log is not sound: run "
						   "`suminuri log check`"));
	else if (good && list.count == 0)
		good = error_set(err, ERR_CHECK, _("nothing of this log is "
				 "signed yet: open the project once"));
	if (good) {
		last = &list.item[list.count - 1];
		if (o->since < 0 || o->since > last->c.size)
			good = error_set(err, ERR_USAGE, _("--since: the log "
					 "has %lld signed records"),
					 last->c.size);
		else
			good = o->line ? print_line(&last->c, out, err) :
			       print_request(p, last, o->since, out, err);
	}
	checkpoints_done(&list);
	return good;
}

static bool run_export(const struct witness_options *o, FILE *out,
		       struct error *err)
{
	const struct project_options options = { .directory = o->argument,
						 .log_only = true };
	struct project *p = project_open(&options, err);
	bool good = p && export(o, p, out, err);

	project_abandon(p);
	return good;
}

/* ---- the witness's side ---- */

struct request {
	long long old;
	struct merkle_proof proof;
	struct note note;
	struct checkpoint c;
	char log[LOG_DIGITS + 1];       /* digits of its origin */
};

static bool is_origin(const char *origin, char log[LOG_DIGITS + 1])
{
	static const char prefix[] = "suminuri/";
	uint8_t bytes[LOG_DIGITS / 2];
	const char *digits = origin + sizeof(prefix) - 1;

	if (strncmp(origin, prefix, sizeof(prefix) - 1) != 0 ||
	    strlen(digits) != LOG_DIGITS ||
	    !hash_from_hex(digits, bytes, sizeof(bytes)))
		return false;
	memcpy(log, digits, LOG_DIGITS + 1);
	return true;
}

/* "old N", the proof, an empty line, the note. */
static bool parse_request(const char *text, size_t length, struct request *r)
{
	char *end;
	size_t at, line;

	*r = (struct request){ 0 };
	if (length < 5 || strncmp(text, "old ", 4) != 0 || text[4] < '0' ||
	    text[4] > '9')
		return false;
	errno = 0;
	r->old = strtoll(text + 4, &end, 10);
	at = (size_t)(end - text);
	if (errno || at >= length || text[at] != '\n')
		return false;
	for (at++; at < length && text[at] != '\n'; at += line + 1) {
		line = strcspn(text + at, "\n");
		if (r->proof.count == 2 * MERKLE_LEVELS ||
		    base64_get(text + at, line,
			       r->proof.hash[r->proof.count++], HASH_SIZE) !=
			    HASH_SIZE)
			return false;
	}
	return at < length && note_parse(text + at + 1, length - at - 1,
					 &r->note) &&
	       r->note.length == length - at - 1 &&
	       checkpoint_parse(r->note.text, r->note.text_length, &r->c) &&
	       is_origin(r->c.origin, r->log);
}

static bool load_key(int fd, uint8_t secret[SIGN_KEY], struct note_key *key,
		     struct error *err)
{
	struct buffer text = { 0 }, line = { 0 };
	uint8_t public[SIGN_KEY];
	bool good = file_read(fd, "witness.key", SIGN_KEY, &text, err) &&
		    file_read(fd, "witness.pub", KEYS_MOST, &line, err);

	if (good && (text.length != SIGN_KEY || line.length < 1 ||
		     !note_key_parse(line.data, line.length - 1, key)))
		good = error_set(err, ERR_CHECK, _("the key of the witness is "
						   "damaged"));
	if (good)
		memcpy(secret, text.data, SIGN_KEY);
	if (good && (!sign_public(secret, public) ||
		     memcmp(public, key->public, SIGN_KEY) != 0))
		good = error_set(err, ERR_CHECK, _("the key of the witness is "
						   "damaged"));
	if (text.data)
		hash_wipe(text.data, text.length);
	buffer_done(&text);
	buffer_done(&line);
	return good;
}

static bool make_key(int fd, const char *name, struct error *err)
{
	uint8_t secret[SIGN_KEY], public[SIGN_KEY];
	struct buffer line = { 0 };
	struct note_key key;
	bool good;

	if (!name || !note_name_valid(name))
		return error_set(err, ERR_USAGE, _("a new witness needs a "
				 "name: --name, without spaces"));
	if (!hash_random(secret, SIGN_KEY, err))
		return false;
	if (!sign_public(secret, public) ||
	    !note_key_set(&key, name, NOTE_COSIGNATURE, public))
		return no_memory(err);
	note_key_print(&key, &line);
	buffer_puts(&line, "\n");
	/* the public part last: with it the folder is complete */
	good = !line.failed &&
	       file_replace(fd, "witness.key", (const char *)secret, SIGN_KEY,
			    0600, err) &&
	       file_replace(fd, "witness.pub", line.data, line.length, 0644,
			    err);
	buffer_done(&line);
	hash_wipe(secret, sizeof(secret));
	return good;
}

int witness_open(const char *folder, const char *name,
		 uint8_t secret[SIGN_KEY], struct note_key *key,
		 struct error *err)
{
	int fd;

	if ((mkdir(folder, 0700) != 0 && errno != EEXIST) ||
	    (fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
		error_set(err, ERR_WRITE, _("can't open the folder of the "
			  "witness: %s"), strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		error_set(err, ERR_WRITE, _("this witness is at work already"));
	else if ((faccessat(fd, "witness.pub", F_OK, 0) == 0 ||
		  make_key(fd, name, err)) && load_key(fd, secret, key, err))
		return fd;
	close(fd);
	return -1;
}

/* Keys that the witness takes for those of this log: remembered, or given. */
static bool know_log(int fd, const struct request *r, const char *keys,
		     struct error *err)
{
	struct note_key key[TRUST_KEYS];
	struct buffer text = { 0 };
	char name[FILE_NAME];
	int count = keys ? trust_read_keys(keys, key, err) : 0;
	bool good = !keys || count > 0, any = false;

	snprintf(name, sizeof(name), "%s.pub", r->log);
	for (int i = 0; i < count; i++) {
		if (strcmp(key[i].name, r->c.origin) != 0 ||
		    key[i].type != NOTE_ED25519)
			continue;
		note_key_print(&key[i], &text);
		buffer_puts(&text, "\n");
		any = true;
	}
	if (good && keys && !any)
		good = error_set(err, ERR_USAGE, _("%s holds no key of this "
						   "log"), keys);
	if (good && any)
		good = text.failed ? no_memory(err) :
		       file_replace(fd, name, text.data, text.length, 0644,
				    err);
	buffer_done(&text);
	return good;
}

static bool check_signature(int fd, const struct request *r,
			    struct error *err)
{
	struct buffer text = { 0 };
	char name[FILE_NAME];
	bool holds = false;

	snprintf(name, sizeof(name), "%s.pub", r->log);
	if (faccessat(fd, name, F_OK, 0) != 0)
		return error_set(err, ERR_USAGE, _("this log is new here: give "
				 "its public key with --key"));
	if (!file_read(fd, name, KEYS_MOST, &text, err)) {
		buffer_done(&text);
		return false;
	}
	for (size_t at = 0; at < text.length;) {
		size_t length = strcspn(text.data + at, "\n");
		struct note_key key;

		holds = holds || (note_key_parse(text.data + at, length,
						 &key) &&
				  note_judge(&r->note, &key, NULL) ==
					  NOTE_HOLDS);
		at += length + 1;
	}
	buffer_done(&text);
	return holds || error_set(err, ERR_CHECK, _("badsig: no key known here "
				  "signed this; after `key new` give the new "
				  "one with --key"));
}

/* Has the log only grown since it was here last?  Remember it. */
static bool take_step(int fd, const struct request *r, struct error *err)
{
	struct checkpoint seen = { .size = 0 };
	struct buffer text = { 0 };
	struct hasher *h = hasher_new();
	char name[FILE_NAME];
	bool good = h || no_memory(err);

	snprintf(name, sizeof(name), "%s.seen", r->log);
	if (good && faccessat(fd, name, F_OK, 0) == 0)
		good = file_read(fd, name, NOTE_MOST, &text, err) &&
		       (checkpoint_parse_line(text.data, text.length, &seen) ||
			error_set(err, ERR_CHECK, _("what the witness "
				  "remembers is damaged")));
	if (good && r->c.size < seen.size)
		good = error_set(err, ERR_CHECK, _("rollback: this log had "
				 "%lld records here, now it has %lld"),
				 seen.size, r->c.size);
	else if (good && r->old != seen.size)
		good = error_set(err, ERR_USAGE, _("this witness has seen "
				 "%lld records: export with --since=%lld"),
				 seen.size, seen.size);
	else if (good && !merkle_extended(h, seen.size, seen.root, r->c.size,
					  r->c.root, &r->proof))
		good = error_set(err, ERR_CHECK, _("fork: these are not the "
				 "%lld records that were here, and more"),
				 seen.size);
	buffer_clear(&text);
	checkpoint_print_line(&r->c, &text);
	buffer_puts(&text, "\n");
	/* before the answer: a witness never goes back */
	good = good && (text.failed ? no_memory(err) :
			file_replace(fd, name, text.data, text.length, 0600,
				     err));
	buffer_done(&text);
	hasher_free(h);
	return good;
}

static bool answer(int fd, const struct witness_options *o,
		   const struct request *r, const uint8_t secret[SIGN_KEY],
		   const struct note_key *key, FILE *out, struct error *err)
{
	struct buffer note = { 0 };
	bool good = know_log(fd, r, o->keys, err) &&
		    check_signature(fd, r, err) && take_step(fd, r, err);

	if (!good)
		return false;
	buffer_append(&note, r->note.text, r->note.length);
	good = note_sign(&note, key, secret, r->note.text,
			 r->note.text_length, (long long)time(NULL));
	if (good)
		fputs(note.data, out);
	buffer_done(&note);
	return good || no_memory(err);
}

static bool run_cosign(const struct witness_options *o, FILE *out,
		       struct error *err)
{
	struct buffer text = { 0 };
	uint8_t secret[SIGN_KEY];
	struct note_key key;
	struct request r;
	bool good;
	int fd;

	if (!o->folder)
		return error_set(err, ERR_USAGE, _("--witness-folder is "
						   "needed"));
	if (!trust_read_file(o->argument, TRUST_FILE, &text, err)) {
		buffer_done(&text);
		return false;
	}
	good = (text.data && parse_request(text.data, text.length, &r)) ||
	       error_set(err, ERR_USAGE, _("this is no request as `suminuri "
					   "witness export` prints it"));
	fd = good ? witness_open(o->folder, o->name, secret, &key, err) : -1;
	good = fd >= 0 && answer(fd, o, &r, secret, &key, out, err);
	if (fd >= 0)
		close(fd);
	hash_wipe(secret, sizeof(secret));
	buffer_done(&text);
	return good;
}

bool witness_command(const struct witness_options *o, FILE *out,
		     struct error *err)
{
	const bool cosign = !strcmp(o->verb, "cosign");

	if (!cosign && strcmp(o->verb, "export") != 0)
		return error_set(err, ERR_USAGE, _("export or cosign is "
						   "needed"));
	if (cosign ? o->since || o->line : o->folder || o->name || o->keys)
		return error_set(err, ERR_USAGE, _("--since and --line are for "
				 "export, the others for cosign"));
	return cosign ? run_cosign(o, out, err) : run_export(o, out, err);
}
