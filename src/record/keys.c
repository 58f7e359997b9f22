/* keys.c - the key that signs a project's log. */
#include "config.h"

#include "record/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/checkpoints.h"
#include "record/project_parts.h"

#define SECRET "log.key"
#define NEXT "log.key.new"
#define PUBLIC "log.pub"

enum { SECRET_MODE = 0600, PUBLIC_MOST = 1 << 20 };

static int open_keys(struct project *p, struct error *err)
{
	return folder_open(p->privatefd, "keys", false, FOLDER_MODE, err);
}

/*
 * A secret of that name and its public key; *there false: no file of 32 bytes.
 * False with *err when it can't be read: it may be there, and another key in
 * its place would be one that nobody handed over to.
 */
static bool read_secret(int keysfd, const char *name,
			uint8_t secret[SIGN_KEY], uint8_t public[SIGN_KEY],
			bool *there, struct error *err)
{
	struct buffer text = { 0 };
	struct error why = { 0 };
	bool got = file_read(keysfd, name, SIGN_KEY, &text, &why);

	*there = got && text.length == SIGN_KEY;
	if (*there)
		memcpy(secret, text.data, SIGN_KEY);
	if (text.data)
		hash_wipe(text.data, text.length);
	buffer_done(&text);
	if (!got && why.code != ERR_CHECK)
		return error_set(err, why.code, "%s", why.text);
	return !*there || sign_public(secret, public) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

static bool write_secret(int keysfd, const char *name,
			 const uint8_t secret[SIGN_KEY], struct error *err)
{
	return file_replace(keysfd, name, (const char *)secret, SIGN_KEY,
			    SECRET_MODE, err);
}

static bool can_not_erase(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't erase a key: %s"),
			 strerror(errno));
}

/* Overwrite what the file holds, durably.  (A disk that writes elsewhere may
 * keep the old bytes: the manual says so.) */
static bool overwrite(int keysfd, const char *name, struct error *err)
{
	static const char zeros[SIGN_KEY];
	int fd = openat(keysfd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	bool good;

	if (fd < 0 && errno == ENOENT)
		return true;
	good = fd >= 0 && write_all(fd, zeros, sizeof(zeros)) &&
	       fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good || can_not_erase(err);
}

static bool erase(int keysfd, const char *name, struct error *err)
{
	return overwrite(keysfd, name, err) &&
	       (((unlinkat(keysfd, name, 0) == 0 || errno == ENOENT) &&
		 fsync(keysfd) == 0) || can_not_erase(err));
}

/* NEXT takes the place of SECRET, whose bytes go first. */
static bool install(int keysfd, struct error *err)
{
	return overwrite(keysfd, SECRET, err) &&
	       ((renameat(keysfd, NEXT, keysfd, SECRET) == 0 &&
		 fsync(keysfd) == 0) || can_not_erase(err));
}

/* A kill came between key.new and the old key's last signature: no record
 * followed, so that it can be given now. */
static bool hand_over(struct project *p, const struct log_standing *s,
		      const uint8_t old[SIGN_KEY], struct error *err)
{
	char origin[NOTE_NAME];
	struct hasher *h;
	bool good;

	if (s->signed_size >= s->key_seq || s->tree.size != s->key_seq)
		return true;
	h = hasher_new();
	checkpoint_origin(s->first, origin);
	good = h ? checkpoint_write(p->logfd, origin, old, &s->tree, h, err) :
	       error_set(err, ERR_MEMORY, _("no memory"));
	hasher_free(h);
	return good;
}

/* The log names a present key: which file holds its secret? */
static bool find_present(struct project *p, int keysfd,
			 const struct log_standing *s, bool lost_ok,
			 uint8_t secret[SIGN_KEY], bool *has,
			 struct error *err)
{
	uint8_t public[SIGN_KEY], next[SIGN_KEY], next_public[SIGN_KEY];
	bool there, has_next, good = true;

	*has = false;
	if (!read_secret(keysfd, SECRET, secret, public, &there, err))
		return false;
	*has = there && !memcmp(public, s->key, SIGN_KEY);
	if (*has)
		return true;
	if (!read_secret(keysfd, NEXT, next, next_public, &has_next, err))
		return false;
	if (has_next && !memcmp(next_public, s->key, SIGN_KEY)) {
		good = (!there || hand_over(p, s, secret, err)) &&
		       install(keysfd, err);
		memcpy(secret, next, SIGN_KEY);
		*has = good;
	} else if (!lost_ok) {
		good = error_set(err, ERR_CHECK, _("the key that signs the log "
				 "is missing: put private/keys/log.key back, "
				 "or make another one with `suminuri key "
				 "new`"));
	}
	hash_wipe(next, sizeof(next));
	return good;
}

/* No present key: the first one is made; one that was retired is gone. */
static bool make_first(int keysfd, const struct log_standing *s,
		       const uint8_t *seed, uint8_t secret[SIGN_KEY],
		       bool *has, struct error *err)
{
	uint8_t public[SIGN_KEY];
	bool there;

	*has = s->key_seq == 0;
	if (!*has)
		return erase(keysfd, SECRET, err);
	/* a kill may have left one that is in no log yet */
	if (!read_secret(keysfd, SECRET, secret, public, &there, err))
		return false;
	if (there)
		return true;
	if (seed)
		memcpy(secret, seed, SIGN_KEY);
	else if (!hash_random(secret, SIGN_KEY, err))
		return false;
	return write_secret(keysfd, SECRET, secret, err);
}

bool keys_secret(struct project *p, const struct log_standing *standing,
		 const uint8_t *seed, bool lost_ok, uint8_t secret[SIGN_KEY],
		 bool *has, struct error *err)
{
	int keysfd = open_keys(p, err);
	bool good;

	if (keysfd < 0)
		return false;
	good = standing->has_key ?
	       find_present(p, keysfd, standing, lost_ok, secret, has, err) :
	       make_first(keysfd, standing, seed, secret, has, err);
	close(keysfd);
	return good;
}

bool keys_publish(struct project *p, const struct log_standing *s,
		  struct error *err)
{
	struct buffer line = { 0 }, text = { 0 };
	char origin[NOTE_NAME];
	struct note_key key;
	int keysfd;
	bool good;

	if (!s->has_key)
		return true;
	checkpoint_origin(s->first, origin);
	if (!note_key_set(&key, origin, NOTE_ED25519, s->key))
		return error_set(err, ERR_MEMORY, _("no memory"));
	keysfd = open_keys(p, err);
	if (keysfd < 0)
		return false;
	note_key_print(&key, &line);
	buffer_puts(&line, "\n");
	good = faccessat(keysfd, PUBLIC, F_OK, AT_SYMLINK_NOFOLLOW) != 0 ||
	       file_read(keysfd, PUBLIC, PUBLIC_MOST, &text, err);
	if (good && !line.failed &&
	    (!text.data || !strstr(text.data, line.data))) {
		buffer_append(&text, line.data, line.length);
		good = text.failed ?
		       error_set(err, ERR_MEMORY, _("no memory")) :
		       file_replace(keysfd, PUBLIC, text.data, text.length,
				    0600, err);
	}
	buffer_done(&line);
	buffer_done(&text);
	close(keysfd);
	return good;
}

bool keys_read(struct project *p, struct buffer *text, struct error *err)
{
	int keysfd = open_keys(p, err);
	bool good = keysfd >= 0 &&
		    file_read(keysfd, PUBLIC, PUBLIC_MOST, text, err);

	if (keysfd >= 0)
		close(keysfd);
	return good;
}

bool keys_new(struct project *p, struct error *err)
{
	uint8_t secret[SIGN_KEY];
	int keysfd = open_keys(p, err);
	bool good = keysfd >= 0 && hash_random(secret, SIGN_KEY, err) &&
		    write_secret(keysfd, NEXT, secret, err) &&
		    log_change_key(p->log, secret, err) &&
		    install(keysfd, err) &&
		    keys_publish(p, log_stands(p->log), err);

	hash_wipe(secret, sizeof(secret));
	if (keysfd >= 0)
		close(keysfd);
	return good;
}

bool keys_retire(struct project *p, struct error *err)
{
	int keysfd = open_keys(p, err);
	bool good = keysfd >= 0 && log_change_key(p->log, NULL, err) &&
		    erase(keysfd, SECRET, err);

	if (keysfd >= 0)
		close(keysfd);
	return good;
}
