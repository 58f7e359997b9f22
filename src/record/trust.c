/* trust.c - a log compared with what was kept elsewhere. */
#include "config.h"

#include "record/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/chain.h"
#include "record/vouch.h"

bool trust_read_file(const char *path, size_t most, struct buffer *text,
		     struct error *err)
{
	const bool in = !strcmp(path, "-");
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC |
					  O_NONBLOCK);
	char piece[4096];
	ssize_t got = -1;

	while (fd >= 0 && text->length <= most) {
		got = read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		buffer_append(text, piece, (size_t)got);
	}
	int why = errno;

	if (fd >= 0 && !in)
		close(fd);
	if (got < 0)
		return error_set(err, ERR_USAGE, _("%s can't be read: %s"),
				 path, strerror(why));
	if (text->length > most)
		return error_set(err, ERR_USAGE, _("%s is too long"), path);
	buffer_append(text, "", 0);
	return !text->failed || error_set(err, ERR_MEMORY, _("no memory"));
}

int trust_read_keys(const char *path, struct note_key *key, struct error *err)
{
	struct buffer text = { 0 };
	bool good = trust_read_file(path, TRUST_FILE, &text, err);
	size_t at = 0;
	int count = 0;

	while (good && at < text.length) {
		size_t length = strcspn(text.data + at, "\r\n");

		if (length > 0 && (count == TRUST_KEYS ||
				   !note_key_parse(text.data + at, length,
						   &key[count++])))
			good = error_set(err, ERR_USAGE, _("%s holds no "
					 "public keys as `suminuri key show` "
					 "prints them"), path);
		at += length + 1;
	}
	if (good && count == 0)
		error_set(err, ERR_USAGE, _("%s holds no public keys as "
			  "`suminuri key show` prints them"), path);
	buffer_done(&text);
	return good ? count : 0;
}

/* A checkpoint may have lines of its signer's after the three (C2SP
 * tlog-checkpoint): the report of `restore --check` has. */
static size_t three_lines(const struct note *note)
{
	size_t at = 0;

	for (int i = 0; i < 3 && at < note->text_length; i++)
		at += strcspn(note->text + at, "\n") + 1;
	return at;
}

/* What somebody saw: a note or a line. */
static bool read_witness(struct trust *t, const char *path, struct error *err)
{
	struct buffer text = { 0 };
	struct note note;
	bool holds = t->keys == 0, good;

	good = trust_read_file(path, TRUST_FILE, &text, err);
	if (!good) {
		buffer_done(&text);
		return false;
	}
	t->witnessed = true;
	if (text.data && checkpoint_parse_line(text.data, text.length,
					       &t->seen)) {
		buffer_done(&text);
		return true;
	}
	good = text.data && note_parse(text.data, text.length, &note) &&
	       checkpoint_parse(note.text, three_lines(&note), &t->seen);
	for (int i = 0; good && i < t->keys; i++)
		holds = holds ||
			note_judge(&note, &t->key[i], NULL) == NOTE_HOLDS;
	buffer_done(&text);
	if (!good)
		return error_set(err, ERR_USAGE, _("%s is no checkpoint: a "
				 "signed one, or a line ORIGIN SIZE ROOT, is "
				 "needed"), path);
	return holds || error_set(err, ERR_CHECK, _("none of the given keys "
				  "signed the checkpoint in %s"), path);
}

bool trust_read(struct trust *trust, const char *keys, const char *witness,
		struct error *err)
{
	*trust = (struct trust){ 0 };
	if (keys) {
		trust->keys = trust_read_keys(keys, trust->key, err);
		if (!trust->keys)
			return false;
	}
	return !witness || read_witness(trust, witness, err);
}

/* ---- comparing ---- */

struct comparing {
	const struct trust *trust;
	struct vouch v;
	bool reached;                   /* the size that was seen */
	bool same;                      /* and its root */
};

static void compare_size(struct comparing *c)
{
	const struct log_standing *s = &c->v.standing;
	uint8_t root[HASH_SIZE];

	if (!c->trust->witnessed || s->tree.size != c->trust->seen.size)
		return;
	c->reached = true;
	if (!merkle_root(&s->tree, c->v.hasher, root))
		c->v.no_memory = true;
	c->same = !strcmp(c->v.origin, c->trust->seen.origin) &&
		  !memcmp(root, c->trust->seen.root, HASH_SIZE);
}

static bool read_all(struct comparing *c, int dirfd, struct error *err)
{
	struct chain *chain = chain_open(dirfd, NULL, err);
	struct log_entry entry;
	enum chain_step step = CHAIN_ERROR;

	if (chain && vouch_begin(&c->v, dirfd, 0, err))
		while ((step = chain_next(chain, &entry, err)) ==
		       CHAIN_RECORD) {
			vouch_take(&c->v, &entry);
			compare_size(c);
		}
	chain_close(chain);
	if (step != CHAIN_ERROR && c->v.no_memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	return step != CHAIN_ERROR;
}

/* Is one of the keys one of a log?  Those of witnesses sign no log. */
static bool has_log_key(const struct trust *t)
{
	for (int k = 0; k < t->keys; k++)
		if (t->key[k].type == NOTE_ED25519)
			return true;
	return false;
}

/*
 * A key.new that a kill, or a full disk, left as the last record: the key
 * before it signs that it hands over when the log is opened next.  Until then
 * it is a record that nothing signed yet, as others at the end are.
 */
static bool is_unfinished(const struct comparing *c,
			  const struct vouch_key *key)
{
	return !key->handed && !key->signed_any &&
	       key->from == c->v.standing.tree.size;
}

/* Did one of the keys, or one that it handed over to, sign anything? */
static bool is_trusted(const struct comparing *c)
{
	const struct trust *t = c->trust;
	bool trusted = false, signed_any = false;

	for (size_t i = 0; i < c->v.keys; i++) {
		const struct vouch_key *key = &c->v.key[i];

		if (is_unfinished(c, key))
			break;
		trusted = trusted && key->handed;
		for (int k = 0; k < t->keys; k++)
			trusted = trusted ||
				  (t->key[k].type == NOTE_ED25519 &&
				   !strcmp(t->key[k].name, c->v.origin) &&
				   !memcmp(t->key[k].public, key->public,
					   SIGN_KEY));
		signed_any = (trusted && key->signed_any) ||
			     (signed_any && trusted);
	}
	return signed_any;
}

bool trust_compare(const struct trust *trust, int dirfd,
		   struct log_check *result, struct error *err)
{
	struct comparing c = { .trust = trust };
	bool good = result->fault != LOG_OK ||
		    (!trust->keys && !trust->witnessed) ||
		    read_all(&c, dirfd, err);

	if (!good || result->fault != LOG_OK) {
		vouch_done(&c.v);
		return good;
	}
	if (has_log_key(trust) && !is_trusted(&c))
		result->fault = LOG_BADSIG;
	else if (trust->witnessed && !c.reached)
		result->fault = strcmp(c.v.origin, trust->seen.origin) != 0 ?
				LOG_FORK : LOG_ROLLBACK;
	else if (trust->witnessed && !c.same)
		result->fault = LOG_FORK;
	if (result->fault != LOG_OK)
		result->line = c.reached ? trust->seen.size :
			       c.v.standing.tree.size;
	vouch_done(&c.v);
	return true;
}
