/* source.c - the files that the PATHs of a command line stand for. */
#include "config.h"

#include "process/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/redaction.h"
#include "process/list.h"

enum {
	MAX_LEVELS = 256,               /* folders in folders */
	MAX_ENTRY = 2048,               /* bytes of a path in a DICOMDIR */
	DICOMDIR_HEAD = 1024,
	DICOMDIR_MS = 10000,            /* silence of its reader (DESIGN 4) */
};

static const char marker[] = "suminuri.project";

/* The names in one folder, sorted. */
struct level {
	char **name;
	size_t count, next, capacity;
	size_t length;                  /* of the folder's path */
};

struct source {
	char *const *paths;
	int count, next;
	const char *argument;           /* the one in hand */
	long long found;                /* its items so far */
	struct list *list;              /* it is a list */
	struct buffer base;             /* what stands before entries */
	size_t name_from;               /* where names begin in path */
	struct buffer path, which, flagged;
	bool named;
	struct level level[MAX_LEVELS];
	int levels;
	/* it is a DICOMDIR */
	pid_t reader;
	int pipe;                       /* -1: none */
	char entry[MAX_ENTRY];
	size_t entry_length;
};

/* ---- opening ---- */

bool source_absolute(const char *path, long *below, char *out, size_t size)
{
	char here[PATH_MAX];
	int length;

	if (*path == '/')
		length = snprintf(out, size, "%s", path);
	else if (getcwd(here, sizeof(here)))
		length = snprintf(out, size, "%s/%s", here, path);
	else
		return false;
	if (length <= 0 || (size_t)length >= size)
		return false;
	if (*below != SOURCE_NAMED)
		*below += length - (long)strlen(path);
	return true;
}

/* Relative, and no step upwards or empty name in it? */
static bool confined(const char *path)
{
	for (;;) {
		size_t length = strcspn(path, "/");

		if (length == 0 || (length == 1 && path[0] == '.') ||
		    (length == 2 && !memcmp(path, "..", 2)))
			return false;
		if (path[length] == '\0')
			return true;
		path += length + 1;
	}
}

/* As openat2() below, by one step after the other; path is confined. */
static int walk_beneath(int dirfd, const char *path)
{
	char name[NAME_MAX + 1];
	int at = fcntl(dirfd, F_DUPFD_CLOEXEC, 0), next;
	size_t length = strcspn(path, "/");

	while (at >= 0 && length < sizeof(name)) {
		bool last = path[length] == '\0';

		memcpy(name, path, length);
		name[length] = '\0';
		next = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC |
					(last ? 0 : O_DIRECTORY));
		close(at);
		at = next;
		if (last)
			return at;
		path += length + 1;
		length = strcspn(path, "/");
	}
	if (at >= 0)
		close(at);
	return -1;
}

/*
 * A descriptor that only names what stands at path below the folder, on a way
 * without links; -1.  The last name may be a link: it is not followed.
 */
static int name_beneath(int dirfd, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	int fd;

	if (!confined(path))
		return -1;
	fd = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
	/* Linux before 5.6; a container whose filter does not know it */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = walk_beneath(dirfd, path);
	return fd;
}

/* A descriptor that only names the file; -1. */
static int name_file(const char *path, long below)
{
	char folder[2 * PATH_MAX];
	int dirfd, fd;

	if (below == SOURCE_NAMED)
		return open(path, O_PATH | O_CLOEXEC);
	if (below < 0 || (size_t)below > strnlen(path, sizeof(folder) - 1))
		return -1;
	memcpy(folder, path, (size_t)below);
	folder[below] = '\0';
	dirfd = open(below > 0 ? folder : ".",
		     O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return -1;
	path += below;
	fd = name_beneath(dirfd, path + strspn(path, "/"));
	close(dirfd);
	return fd;
}

int source_open(const char *path, long below, struct error *err)
{
	char self[40];
	struct stat st;
	/* look first: some devices act when they are opened */
	int named = name_file(path, below), fd = -1;
	bool special = named >= 0 && fstat(named, &st) == 0 &&
		       !S_ISREG(st.st_mode);

	if (named >= 0 && !special) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", named);
		fd = open(self, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	}
	if (named >= 0)
		close(named);
	if (fd < 0)
		error_refuse(err, special ? REASON_SPECIAL_FILE :
					    REASON_UNREADABLE, NULL, 0);
	return fd;
}

/* ---- items ---- */

static void cut(struct buffer *b, size_t length)
{
	b->length = length;
	if (b->data)
		b->data[length] = '\0';
}

static void set_path(struct source *s, const char *name)
{
	buffer_clear(&s->path);
	if (name[0] == '/') {           /* of a list: absolute */
		buffer_clear(&s->base);
	} else {
		buffer_append(&s->path, s->base.data, s->base.length);
	}
	buffer_puts(&s->path, name);
	s->name_from = s->base.length;
}

/* Fill *item from what s->path is now.  numbered: it gets a number. */
static enum source_step give(struct source *s, struct source_item *item,
			     enum source_step step, bool numbered,
			     enum reason refused, struct error *err)
{
	buffer_clear(&s->which);
	buffer_puts(&s->which, s->argument);
	if (numbered)
		buffer_printf(&s->which, "#%lld", ++s->found);
	if (!REDACTED)
		buffer_printf(&s->which, " %s %s", s->path.data,
			      s->flagged.length ? s->flagged.data : "");
	if (s->path.failed || s->which.failed || s->flagged.failed) {
		error_set(err, ERR_MEMORY, _("no memory for the file names"));
		return SOURCE_END;
	}
	*item = (struct source_item){
		.path = s->path.data, .name = s->path.data + s->name_from,
		.which = s->which.data,
		.flagged = s->flagged.length ? s->flagged.data : "",
		.named = s->named && s->levels == 0,
		.below = s->levels > 0 ? (long)s->level[0].length :
			 s->named ? SOURCE_NAMED : (long)s->base.length,
		.refused = refused,
	};
	return step;
}

/* ---- folders ---- */

static void level_done(struct level *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->name[i]);
	free(l->name);
	*l = (struct level){ 0 };
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool level_add(struct level *l, const char *name)
{
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return true;
	if (!mem_grow(&l->name, &l->capacity, l->count, sizeof(*l->name)))
		return false;
	l->name[l->count] = strdup(name);
	return l->name[l->count] && ++l->count;
}

enum folder { FOLDER_ENTERED, FOLDER_PROJECT, FOLDER_UNREADABLE,
	      FOLDER_NO_MEMORY };

static enum folder read_names(struct level *l, DIR *dir)
{
	enum folder result = FOLDER_ENTERED;
	struct dirent *e;

	errno = 0;
	while (result == FOLDER_ENTERED && (e = readdir(dir))) {
		if (!strcmp(e->d_name, marker))
			result = FOLDER_PROJECT;
		else if (!level_add(l, e->d_name))
			result = FOLDER_NO_MEMORY;
		errno = 0;
	}
	if (result == FOLDER_ENTERED && errno)
		result = FOLDER_UNREADABLE;
	return result;
}

/* Enter the folder s->path. */
static enum folder enter(struct source *s, bool follow)
{
	struct level *l = &s->level[s->levels];
	enum folder result = FOLDER_UNREADABLE;
	DIR *dir;
	int fd;

	if (s->path.failed)
		return FOLDER_NO_MEMORY;
	if (s->levels == MAX_LEVELS)
		return FOLDER_UNREADABLE;
	fd = open(s->path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
				(follow ? 0 : O_NOFOLLOW));
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir)
		result = read_names(l, dir);
	else if (fd >= 0)
		close(fd);
	if (dir)
		closedir(dir);
	if (result != FOLDER_ENTERED) {
		level_done(l);
		return result;
	}
	if (l->count > 0)
		qsort(l->name, l->count, sizeof(*l->name), by_bytes);
	l->length = s->path.length;
	s->levels++;
	return result;
}

/* Give a folder that could not be entered. */
static enum source_step give_folder(struct source *s, struct source_item *item,
				    enum folder how, bool numbered,
				    struct error *err)
{
	if (how == FOLDER_NO_MEMORY) {
		error_set(err, ERR_MEMORY, _("no memory for the file names"));
		return SOURCE_END;
	}
	if (how == FOLDER_PROJECT)
		return give(s, item, SOURCE_PROJECT, false, REASON_NONE, err);
	return give(s, item, SOURCE_ITEM, numbered, REASON_UNREADABLE, err);
}

/*
 * The steps below go one entry further.  True: *step is what to give; false:
 * there is nothing to give yet.
 */

/* The next entry of the innermost folder. */
static bool step_folder(struct source *s, struct source_item *item,
			enum source_step *step, struct error *err)
{
	struct level *l = &s->level[s->levels - 1];
	enum folder how;
	struct stat st;

	if (l->next == l->count) {
		level_done(l);
		s->levels--;
		return false;
	}
	cut(&s->path, l->length);
	if (s->path.data[l->length - 1] != '/')
		buffer_puts(&s->path, "/");
	buffer_puts(&s->path, l->name[l->next++]);
	if (s->path.failed) {
		*step = give_folder(s, item, FOLDER_NO_MEMORY, true, err);
		return true;
	}
	if (lstat(s->path.data, &st) != 0) {
		if (errno == ENOENT)
			return false;   /* gone meanwhile */
		*step = give_folder(s, item, FOLDER_UNREADABLE, true, err);
		return true;
	}
	if (S_ISDIR(st.st_mode)) {
		how = enter(s, false);
		if (how == FOLDER_ENTERED)
			return false;
		*step = give_folder(s, item, how, true, err);
		return true;
	}
	if (!S_ISREG(st.st_mode))
		return false;           /* links, devices: never opened */
	*step = give(s, item, SOURCE_ITEM, true, REASON_NONE, err);
	return true;
}

/* ---- DICOMDIR ---- */

/*
 * Does this file say at its fixed place that it is a DICOM file, and in its
 * first bytes that it is of the class Media Storage Directory (PS3.4 B.5)?
 * A look, not a parse: nothing in the file is followed.
 */
static bool is_dicomdir(int fd)
{
	static const char class_uid[] = "1.2.840.10008.1.3.10";
	char head[DICOMDIR_HEAD + 1] = { 0 };
	ssize_t n = pread(fd, head, DICOMDIR_HEAD, 0);
	const char *at;

	if (n < 132 || memcmp(head + 128, "DICM", 4) != 0)
		return false;
	at = memmem(head + 132, (size_t)n - 132, class_uid,
		    sizeof(class_uid) - 1);
	if (!at)
		return false;
	at += sizeof(class_uid) - 1;
	return *at != '.' && (*at < '0' || *at > '9');
}

static bool start_reader(struct source *s, int fd)
{
	static const char exe[] = "/proc/self/exe";
	char name[] = "suminuri", verb[] = SOURCE_VERB;
	char *argv[] = { name, verb, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], failed;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	failed = posix_spawn(&s->reader, exe, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	s->pipe = ends[0];
	if (failed)
		close(ends[0]);
	s->pipe = failed ? -1 : ends[0];
	return !failed;
}

static void stop_reader(struct source *s)
{
	if (s->pipe < 0)
		return;
	close(s->pipe);
	s->pipe = -1;
	kill(s->reader, SIGKILL);
	while (waitpid(s->reader, NULL, 0) < 0 && errno == EINTR)
		;
	s->entry_length = 0;
}

/* Next entry into path; NULL when the reader died or said nonsense. */
static const char *read_entry(struct source *s, char path[MAX_ENTRY])
{
	for (;;) {
		char *end = memchr(s->entry, '\0', s->entry_length);
		struct pollfd p = { s->pipe, POLLIN, 0 };
		size_t length;
		ssize_t n;

		if (end) {
			length = (size_t)(end - s->entry) + 1;
			memcpy(path, s->entry, length);
			s->entry_length -= length;
			memmove(s->entry, end + 1, s->entry_length);
			return path;
		}
		if (s->entry_length == MAX_ENTRY ||
		    (poll(&p, 1, DICOMDIR_MS) < 1 && errno != EINTR))
			return NULL;
		n = read(s->pipe, s->entry + s->entry_length,
			 MAX_ENTRY - s->entry_length);
		if (n == 0 || (n < 0 && errno != EINTR))
			return NULL;
		s->entry_length += n > 0 ? (size_t)n : 0;
	}
}

/* Is s->path a regular file, and no link on the way to it below the base? */
static bool reachable(const struct source *s)
{
	int fd = name_file(s->path.data, (long)s->base.length);
	struct stat st;
	bool is = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);

	if (fd >= 0)
		close(fd);
	return is;
}

/* Media are often mounted with their names in lower case. */
static void lower_case(char *path)
{
	for (; *path; path++)
		if (*path >= 'A' && *path <= 'Z')
			*path = (char)(*path - 'A' + 'a');
}

static bool step_dicomdir(struct source *s, struct source_item *item,
			  enum source_step *step, struct error *err)
{
	char entry[MAX_ENTRY];
	const char *path = read_entry(s, entry);
	enum reason refused = REASON_NONE;

	s->named = false;
	if (!path) {                    /* a broken one is refused itself */
		buffer_clear(&s->base);
		set_path(s, s->argument);
		stop_reader(s);
		s->named = true;
		*step = give(s, item, SOURCE_ITEM, false, REASON_DAMAGED, err);
		return true;
	}
	if (path[0] == '\0') {
		stop_reader(s);
		return false;
	}
	buffer_clear(&s->path);
	buffer_append(&s->path, s->base.data, s->base.length);
	buffer_puts(&s->path, path);
	s->name_from = 0;
	if (!s->path.failed && !reachable(s)) {
		if (confined(path))
			lower_case(s->path.data + s->base.length);
		if (!reachable(s))
			refused = REASON_UNREADABLE;
	}
	*step = give(s, item, SOURCE_ITEM, true, refused, err);
	return true;
}

/* ---- arguments ---- */

/* The folder of a file, with its slash; "" for the current one. */
static void set_base(struct source *s, const char *file)
{
	const char *slash = strrchr(file, '/');

	buffer_clear(&s->base);
	if (slash)
		buffer_append(&s->base, file, (size_t)(slash - file) + 1);
}

/* What stands at s->path: typed or in a list. */
static bool begin(struct source *s, struct source_item *item,
		  enum source_step *step, struct error *err)
{
	bool numbered = s->list != NULL;
	enum folder how = FOLDER_NO_MEMORY;
	struct stat st;
	int fd;

	s->named = true;
	if (s->path.failed ||
	    (stat(s->path.data, &st) == 0 && S_ISDIR(st.st_mode))) {
		if (!s->path.failed)
			how = enter(s, true);
		if (how != FOLDER_ENTERED)
			*step = give_folder(s, item, how, numbered, err);
		return how != FOLDER_ENTERED;
	}
	fd = numbered ? -1 : source_open(s->path.data, SOURCE_NAMED, NULL);
	if (fd >= 0 && is_dicomdir(fd) && start_reader(s, fd)) {
		close(fd);
		set_base(s, s->argument);
		return false;
	}
	if (fd >= 0)
		close(fd);
	*step = give(s, item, SOURCE_ITEM, numbered, REASON_NONE, err);
	return true;
}

static bool step_list(struct source *s, struct source_item *item,
		      enum source_step *step, struct error *err)
{
	struct list_entry entry;

	if (!list_next(s->list, &entry, err)) {
		list_close(s->list);
		s->list = NULL;
		*step = SOURCE_END;
		return err->code != ERR_NONE;
	}
	set_base(s, s->argument + 1);
	set_path(s, entry.path);
	buffer_clear(&s->flagged);
	buffer_puts(&s->flagged, entry.reason);
	return begin(s, item, step, err);
}

static bool step_argument(struct source *s, struct source_item *item,
			  enum source_step *step, struct error *err)
{
	*step = SOURCE_END;
	if (s->next == s->count)
		return true;
	s->argument = s->paths[s->next++];
	s->found = 0;
	buffer_clear(&s->base);
	buffer_clear(&s->flagged);
	if (s->argument[0] == '@') {
		s->list = list_open(s->argument + 1, err);
		return s->list == NULL;
	}
	set_path(s, s->argument);
	return begin(s, item, step, err);
}

enum source_step source_next(struct source *s, struct source_item *item,
			     struct error *err)
{
	enum source_step step;
	bool given;

	*err = (struct error){ 0 };
	do {
		given = s->levels > 0 ? step_folder(s, item, &step, err) :
			s->pipe >= 0 ? step_dicomdir(s, item, &step, err) :
			s->list ? step_list(s, item, &step, err) :
				  step_argument(s, item, &step, err);
	} while (!given);
	return step;
}

/* Lists are read once before anything is done. */
static bool check_lists(const struct source *s, struct error *err)
{
	for (int i = 0; i < s->count; i++) {
		struct list *list;

		if (s->paths[i][0] != '@')
			continue;
		list = list_open(s->paths[i] + 1, err);
		if (!list)
			return error_prefix(err, "%s", s->paths[i]);
		list_close(list);
	}
	return true;
}

struct source *source_new(char *const *paths, int count, struct error *err)
{
	struct source *s = calloc(1, sizeof(*s));

	if (!s) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return NULL;
	}
	s->paths = paths;
	s->count = count;
	s->pipe = -1;
	if (check_lists(s, err))
		return s;
	source_free(s);
	return NULL;
}

void source_free(struct source *s)
{
	if (!s)
		return;
	while (s->levels > 0)
		level_done(&s->level[--s->levels]);
	stop_reader(s);
	list_close(s->list);
	buffer_done(&s->base);
	buffer_done(&s->path);
	buffer_done(&s->which);
	buffer_done(&s->flagged);
	free(s);
}

const char *source_below(const struct source_item *found)
{
	const char *slash = strrchr(found->name, '/');
	const char *number = strrchr(found->which, '#');
	size_t length = number ? (size_t)(number - found->which) : 0;

	if (!found->named && length &&
	    !strncmp(found->name, found->which, length)) {
		while (found->name[length] == '/')
			length++;
		return found->name + length;
	}
	return slash && slash[1] ? slash + 1 : found->name;
}
