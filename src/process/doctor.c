/* doctor.c - what works on this machine and what to do about the rest. */
#include "config.h"

#include "process/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "find/face_models.h"
#include "process/sandbox.h"
#include "process/worker.h"

/* What is asked about. */
struct doctor {
	const char *languages, *face_models;
};

/* 8 x 8 black pixels. */
static const uint8_t tiny_png[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00,
	0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x08,
	0x00, 0x00, 0x00, 0x08, 0x08, 0x00, 0x00, 0x00, 0x00, 0xe1,
	0x64, 0xe1, 0x57, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41,
	0x54, 0x78, 0xda, 0x63, 0x60, 0xa0, 0x0e, 0x00, 0x00, 0x00,
	0x48, 0x00, 0x01, 0x10, 0x45, 0xef, 0xd2, 0x00, 0x00, 0x00,
	0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

__attribute__((format(printf, 3, 4)))
static void find(struct doctor_finding *f, enum doctor_state state,
		 const char *format, ...)
{
	va_list args;

	f->state = state;
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
}

/* The last word on one detection. */
static struct worker_event read_tiny(struct workers *w, int fd)
{
	struct pollfd p = { workers_fd(w), POLLIN, 0 };
	struct worker_event e = { .type = WORKER_FAILED };

	if (workers_detect(w, fd, NULL, NULL, &e.error) == 0)
		return e;
	do {
		while (!workers_next(w, &e))
			poll(&p, 1, -1);
		if (e.type == WORKER_OPENED || e.type == WORKER_PROGRESS)
			worker_event_done(&e);
	} while (e.type == WORKER_OPENED || e.type == WORKER_PROGRESS);
	return e;
}

/* Models load, a worker can be locked in, a picture can be read. */
static void find_reading(const struct doctor *d, struct doctor_finding *f)
{
	struct detect_options options = { .faces = FACES_AUTO };
	struct error err = { 0 };
	int fd = memfd_create("doctor", MFD_CLOEXEC);
	struct workers *w;
	struct worker_event e;

	snprintf(options.languages, sizeof(options.languages), "%s",
		 d->languages);
	snprintf(options.face_models, sizeof(options.face_models), "%s",
		 d->face_models);
	if (fd < 0 || write(fd, tiny_png, sizeof(tiny_png)) !=
		      (ssize_t)sizeof(tiny_png)) {
		find(f, DOCTOR_BROKEN, _("no files in memory: Linux 3.17 or "
					 "later is needed"));
		if (fd >= 0)
			close(fd);
		return;
	}
	w = workers_start(&options, &err);
	e = w ? read_tiny(w, fd) :
		(struct worker_event){ .type = WORKER_FAILED, .error = err };
	if (e.type == WORKER_DETECTED)
		find(f, DOCTOR_OK, "%s (%s)", workers_by(w),
		     d->languages);
	else
		find(f, DOCTOR_BROKEN, "%s", e.error.text);
	worker_event_done(&e);
	workers_stop(w);
	close(fd);
}

/* Hashes are shown short: version tells them whole. */
static void find_faces(const struct doctor *d, struct doctor_finding *f)
{
	struct error err = { 0 };
	char folder[FACE_FOLDER] = "";

	face_models_folder(d->face_models, folder);
	switch (face_models_read(folder, NULL, &err)) {
	case FACE_MODELS_SOUND:
		find(f, DOCTOR_OK, "%s %.8s, %s %.8s (%s)",
		     face_models[FACE_RFB].file, face_models[FACE_RFB].sha256,
		     face_models[FACE_BLAZE].file,
		     face_models[FACE_BLAZE].sha256, folder);
		break;
	case FACE_MODELS_MISSING:
		find(f, DOCTOR_LESS, _("faces are NOT checked: %s"), err.text);
		break;
	default:
		find(f, DOCTOR_BROKEN, "%s", err.text);
	}
}

static void find_locale(const struct doctor *d, struct doctor_finding *f)
{
	const char *codeset = nl_langinfo(CODESET);

	(void)d;
	if (!strcmp(codeset, "UTF-8"))
		find(f, DOCTOR_OK, "%s", codeset);
	else
		find(f, DOCTOR_LESS, _("%s: Japanese can't be shown; use a "
				       "UTF-8 locale"), codeset);
}

static void find_terminal(const struct doctor *d, struct doctor_finding *f)
{
	enum { COLUMNS = 80, ROWS = 24 };       /* the least that is enough */
	const char *term = getenv("TERM");
	struct winsize size = { 0 };

	(void)d;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		find(f, DOCTOR_LESS, _("this is no terminal: review needs "
				       "one"));
	else if (!term || !*term || !strcmp(term, "dumb"))
		find(f, DOCTOR_LESS, _("TERM names none: set it to your "
				       "terminal's name"));
	else if (size.ws_col < COLUMNS || size.ws_row < ROWS)
		find(f, DOCTOR_LESS, _("%s, %d x %d: make it at least "
				       "80 x 24"), term, size.ws_col,
		     size.ws_row);
	else
		find(f, DOCTOR_OK, "%s, %d x %d", term, size.ws_col,
		     size.ws_row);
}

/* What holds the processes in that read files. */
static void find_sandbox(const struct doctor *d, struct doctor_finding *f)
{
	/* [seccomp][Landlock] */
	static const char *const words[2][2] = {
		{ N_("this kernel has neither system call filters nor "
		     "Landlock, what reads files is held in by limits only: "
		     "use a newer kernel"),
		  N_("this kernel has no system call filters: what reads "
		     "files is held in by less") },
		{ N_("this kernel has no Landlock: what reads files is held "
		     "in by less"),
		  N_("what reads files can open and start nothing, and "
		     "connect to nothing") },
	};
	struct sandbox_layers layers = sandbox_layers();
	bool landlock = layers.landlock > 0;
	char name[SANDBOX_NAME];

	(void)d;
	sandbox_layers_name(layers, name);
	find(f, layers.seccomp && landlock ? DOCTOR_OK : DOCTOR_LESS,
	     "%s (%s)", _(words[layers.seccomp][landlock]), name);
}

/* A swap device of /proc/swaps whose pages no disk gets to read. */
static bool is_harmless(const char *device)
{
	char path[128], uuid[16] = "";
	FILE *in;

	if (!strncmp(device, "/dev/zram", 9))
		return true;
	if (strncmp(device, "/dev/dm-", 8) != 0)
		return false;
	snprintf(path, sizeof(path), "/sys/block/%.32s/dm/uuid", device + 5);
	in = fopen(path, "re");
	if (!in)
		return false;
	if (!fgets(uuid, sizeof(uuid), in))
		uuid[0] = '\0';
	fclose(in);
	return !strncmp(uuid, "CRYPT-", 6);
}

/* Pictures lie in memory, and memory may be written to swap. */
static void find_swap(const struct doctor *d, struct doctor_finding *f)
{
	FILE *in = fopen("/proc/swaps", "re");
	char line[512], device[256];
	bool safe = true;

	(void)d;
	if (in && !fgets(line, sizeof(line), in))       /* the headings */
		line[0] = '\0';
	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "%255s", device) == 1)
			safe = safe && is_harmless(device);
	if (in)
		fclose(in);
	if (safe)
		find(f, DOCTOR_OK, _("no memory is written to an unencrypted "
				     "disk"));
	else
		find(f, DOCTOR_LESS, _("swap is on: parts of pictures may be "
				       "written to the disk; encrypt it or "
				       "switch it off"));
}

static void find_disk(const struct doctor *d, struct doctor_finding *f)
{
	int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	(void)d;
	if (fd >= 0)
		find(f, DOCTOR_OK, _("a project can be kept in this folder"));
	else
		find(f, DOCTOR_LESS, _("no project can be kept in this folder "
				       "(%s): use another one"),
		     strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* MB that programs can get, with what the kernel only keeps as a cache. */
static long long available_memory(void)
{
	FILE *in = fopen("/proc/meminfo", "re");
	char line[128];
	long long kib = -1;

	while (in && kib < 0 && fgets(line, sizeof(line), in))
		if (sscanf(line, "MemAvailable: %18lld kB", &kib) != 1)
			kib = -1;
	if (in)
		fclose(in);
	return kib >= 0 ? kib >> 10 :
	       (long long)sysconf(_SC_AVPHYS_PAGES) *
	       sysconf(_SC_PAGESIZE) >> 20;
}

static void find_memory(const struct doctor *d, struct doctor_finding *f)
{
	enum { LARGE_MB = 3072, NORMAL_MB = 768 };      /* DESIGN 4 */
	long long mb = available_memory();

	(void)d;
	if (mb < NORMAL_MB)
		find(f, DOCTOR_LESS, _("%lld MB free: close other programs"),
		     mb);
	else if (mb < LARGE_MB)
		find(f, DOCTOR_LESS, _("%lld MB free: very large pictures "
				       "may be refused"), mb);
	else
		find(f, DOCTOR_OK, _("%lld MB free"), mb);
}

static const struct {
	const char *what;
	void (*look)(const struct doctor *d, struct doctor_finding *f);
} checks[] = {
	{ N_("reading pictures"), find_reading },
	{ N_("sandbox"), find_sandbox },
	{ N_("faces"), find_faces },
	{ N_("characters"), find_locale },
	{ N_("terminal"), find_terminal },
	{ N_("disk"), find_disk },
	{ N_("memory"), find_memory },
	{ N_("swap"), find_swap },
};

bool doctor_run(const char *languages, const char *face_models_in,
		void (*tell)(void *self, const char *what,
			     const struct doctor_finding *finding),
		void *self)
{
	const struct doctor d = { languages, face_models_in };
	bool ok = true;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct doctor_finding f = { .state = DOCTOR_OK };

		checks[i].look(&d, &f);
		ok = ok && f.state != DOCTOR_BROKEN;
		tell(self, _(checks[i].what), &f);
	}
	return ok;
}
