/* files.c - whole small files and safe ways below a folder. */
#include "config.h"

#include "record/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum { NAME_MOST = 256, CHUNK = 65536 };

bool write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, data, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		data += put;
		length -= (size_t)put;
	}
	return true;
}

static bool can_not_write(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't write in the project: %s: "
					   "free some space or check the "
					   "permissions"), strerror(errno));
}

bool file_replace(int dirfd, const char *name, const char *data,
		  size_t length, unsigned mode, struct error *err)
{
	char fresh[NAME_MOST];
	int fd, why;
	bool good;

	snprintf(fresh, sizeof(fresh), "%s.new", name);
	fd = openat(dirfd, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
		    O_NOFOLLOW, mode);
	if (fd < 0)
		return can_not_write(err);
	good = write_all(fd, data, length) && fchmod(fd, (mode_t)mode) == 0 &&
	       fsync(fd) == 0;
	why = errno;
	if (close(fd) != 0 && good) {
		good = false;
		why = errno;
	}
	if (good && (renameat(dirfd, fresh, dirfd, name) != 0 ||
		     fsync(dirfd) != 0)) {
		good = false;
		why = errno;
	}
	if (good)
		return true;
	unlinkat(dirfd, fresh, 0);
	errno = why;
	return can_not_write(err);
}

static bool read_fd(int fd, size_t most, struct buffer *text,
		    struct error *err)
{
	char chunk[CHUNK];

	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, ERR_WRITE, _("can't read in the "
							   "project: %s"),
					 strerror(errno));
		buffer_append(text, chunk, (size_t)got);
		if (text->failed)
			return error_set(err, ERR_MEMORY, _("no memory"));
		if (got == 0)
			return true;
		if (text->length > most)
			return error_set(err, ERR_CHECK, _("a file of the "
							   "project is too "
							   "long"));
	}
}

bool file_read(int dirfd, const char *name, size_t most, struct buffer *text,
	       struct error *err)
{
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
			O_NONBLOCK);
	bool good;

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERR_CHECK, _("a file of the project is "
						   "missing"));
	if (fd < 0)
		return error_set(err, ERR_WRITE, _("can't read in the "
						   "project: %s"),
				 strerror(errno));
	buffer_append(text, "", 0);
	good = read_fd(fd, most, text, err);
	close(fd);
	return good;
}

int folder_open(int dirfd, const char *name, bool make, unsigned mode,
		struct error *err)
{
	bool made = make && mkdirat(dirfd, name, (mode_t)mode) == 0;
	int unmade = make && !made ? errno : ENOENT;
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			O_CLOEXEC);

	/* fchmod: the umask may have taken bits off; set-group-ID too */
	if (fd >= 0 && (!made || (fchmod(fd, (mode_t)mode) == 0 &&
				  fsync(dirfd) == 0)))
		return fd;
	/* that it is not there says less than why it can't be made */
	int why = fd < 0 && errno == ENOENT ? unmade : errno;

	error_set(err, ERR_WRITE, _("can't open a folder of the project: "
				    "%s"), strerror(why));
	if (fd >= 0)
		close(fd);
	errno = why;
	return -1;
}

bool path_stays_below(const char *path)
{
	for (;;) {
		size_t length = strcspn(path, "/");

		if (length == 0 || length >= NAME_MOST ||
		    (length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (!path[length])
			return true;
		path += length + 1;
	}
}

int folder_of(int dirfd, const char *path, bool make, unsigned mode,
	      const char **last, struct error *err)
{
	const char *slash;
	char part[NAME_MOST];
	int fd;

	if (!path_stays_below(path)) {
		error_set(err, ERR_USAGE, _("a file name leads out of the "
					    "project"));
		errno = EINVAL;
		return -1;
	}
	fd = folder_open(dirfd, ".", false, 0, err);
	while (fd >= 0 && (slash = strchr(path, '/'))) {
		int next, why;

		snprintf(part, sizeof(part), "%.*s", (int)(slash - path),
			 path);
		next = folder_open(fd, part, make, mode, err);
		why = errno;
		close(fd);
		errno = why;
		fd = next;
		path = slash + 1;
	}
	*last = path;
	return fd;
}

bool folder_each(int dirfd, bool (*visit)(void *self, const char *name),
		 void *self, struct error *err)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool going = true;

	errno = folder ? 0 : errno;
	while (folder && going && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			going = visit(self, entry->d_name);
		errno = 0;
	}
	if (going && errno)
		going = error_set(err, ERR_WRITE, _("can't list a folder of "
						    "the project: %s"),
				  strerror(errno));
	if (folder)
		closedir(folder);
	else if (fd >= 0)
		close(fd);
	return going;
}

bool errno_is_absent(void)
{
	return errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
}

int file_open_below(int dirfd, const char *path)
{
	struct stat status;
	const char *last;
	int folder = folder_of(dirfd, path, false, 0, &last, NULL), fd, why;

	if (folder < 0)
		return -1;
	fd = openat(folder, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
		    O_NONBLOCK);
	why = errno;
	close(folder);
	errno = why;
	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

bool file_hash(int dirfd, const char *path, bool *there,
	       uint8_t digest[HASH_SIZE], struct error *err)
{
	int fd = file_open_below(dirfd, path);
	bool good;

	*there = fd >= 0;
	if (fd < 0)
		return errno_is_absent() ||
		       error_set(err, ERR_WRITE, _("can't read in the "
						   "project: %s"),
				 strerror(errno));
	good = hash_file(fd, digest, NULL, NULL, err);
	close(fd);
	return good;
}
