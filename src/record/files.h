/*
 * files.h - whole small files and safe ways below a folder, always relative
 * to an open descriptor and never through a symbolic link.
 */
#ifndef SUMI_FILES_H
#define SUMI_FILES_H

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"

enum { FILE_MOST = 256 << 20 };         /* bytes file_read() takes at most */

/* Write all of it to fd.  False with errno. */
bool write_all(int fd, const char *data, size_t length);

/*
 * Put a file of this content in place of name, whole or not at all, durable
 * when it returns true (file and folder are synced).  ERR_WRITE.
 */
bool file_replace(int dirfd, const char *name, const char *data,
		  size_t length, unsigned mode, struct error *err);

/* Append a whole file to *text (never NULL data then).  ERR_CHECK when it is
 * not there or longer than most; ERR_WRITE when it can't be read. */
bool file_read(int dirfd, const char *name, size_t most, struct buffer *text,
	       struct error *err);

/* Make a folder unless it is there, and open it.  -1 with ERR_WRITE. */
int folder_open(int dirfd, const char *name, bool make, unsigned mode,
		struct error *err);

/*
 * Open the folder that holds path (below dirfd), making folders of mode on
 * the way when make is set; *last is set to the last part of path.  A path
 * with "..", ".", empty parts or a leading slash is refused.  -1 with *err
 * and errno.
 */
int folder_of(int dirfd, const char *path, bool make, unsigned mode,
	      const char **last, struct error *err);

/* Is it a path that stays below: no "..", ".", empty part, leading slash? */
bool path_stays_below(const char *path);

/* Call visit() with the name of each entry but "." and "..", in no particular
 * order, until it returns false.  False when it did, or with *err. */
bool folder_each(int dirfd, bool (*visit)(void *self, const char *name),
		 void *self, struct error *err);

/* Does errno say that there is no such file, rather than that nobody could
 * look? */
bool errno_is_absent(void);

/* Open the regular file at path below dirfd for reading.  -1: errno as open()
 * sets it; ENOENT also for what is no regular file. */
int file_open_below(int dirfd, const char *path);

/* SHA-256 of the file at path below dirfd; *there tells whether it exists.
 * False with *err when nobody could look. */
bool file_hash(int dirfd, const char *path, bool *there,
	       uint8_t digest[HASH_SIZE], struct error *err);
#endif
