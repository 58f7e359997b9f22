/* hostile_places.c - what is no regular file, links, and pictures of nothing
 * but marks. */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

static void make_socket(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&address,
			     sizeof(address)) == 0, name);
	close(fd);
}

static void special_files(void)
{
	hostile_class("special");
	must(mkfifo("fifo.dcm", 0600) == 0, "fifo.dcm");
	hostile_row("fifo.dcm", "special-file");
	must(mkfifo("fifo.png", 0600) == 0, "fifo.png");
	hostile_row("fifo.png", "special-file");
	make_socket("socket.dcm");
	hostile_row("socket.dcm", "special-file");
	hostile_row("/dev/null", "special-file");
	hostile_row("/dev/zero", "special-file");
	hostile_row("/dev/tty", "special-file");
	hostile_row("/proc/self/mem", "not-image");
	hostile_row("/proc/self/environ", "not-image");
	must(symlink("fifo.dcm", "link-to-fifo.dcm") == 0, "symlink");
	hostile_row("link-to-fifo.dcm", "special-file");
	if (mknod("device.dcm", S_IFCHR | 0600, makedev(1, 5)) == 0)
		hostile_row("device.dcm", "special-file");
}

static void links(void)
{
	static const struct { const char *name, *to, *code; } row[] = {
		{ "self", "self", "unreadable" },
		{ "loop-a", "loop-b", "unreadable" },
		{ "loop-b", "loop-a", "unreadable" },
		{ "dangling.dcm", "nothing/here", "unreadable" },
		{ "passwd.dcm", "/etc/passwd", "not-image" },
		{ "through-a-file", "linked/deeper", "unreadable" },
		{ "sound.dcm", "linked", "8x8x1" },
		{ "twice.dcm", "sound.dcm", "8x8x1" },
		{ "absent/../sound.dcm", NULL, "unreadable" },
	};
	struct dicom_maker m = { 0 };
	FILE *file = fopen("linked", "wb");

	hostile_class("link");
	sound_picture(&m);
	must(file && fwrite(m.out.data, 1, m.out.length, file) ==
	     m.out.length && fclose(file) == 0, "linked");
	buffer_done(&m.out);
	hostile_row("linked", "8x8x1");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		must(!row[i].to || symlink(row[i].to, row[i].name) == 0,
		     row[i].name);
		hostile_row(row[i].name, row[i].code);
	}
}

/* A picture full of marks that look like letters, 4 x 5 pixels each. */
static void marks(const char *name, int columns, int rows, int step,
		  const char *code)
{
	size_t size = (size_t)columns * (size_t)rows;
	uint8_t *grey = calloc(1, size);
	struct dicom_maker m = { 0 };

	must(grey != NULL, name);
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < columns; x++) {
			int u = x % step, v = y % step;
			bool ink = u < 4 && v < 5 &&
				   ((x / step * 7 + y / step * 3 + u * v) % 3);

			grey[(size_t)y * (size_t)columns + (size_t)x] =
				ink ? 255 : 0;
		}
	grey_module(&m, EXPLICIT, columns, rows, NULL);
	make_bytes(&m, 0x7fe00010, "OB", grey, size);
	hostile_dicom(name, &m, code);
	free(grey);
}

void hostile_places(void)
{
	hostile_class("boxes");
	marks("marks-256.dcm", 256, 256, 8, "256x256x1");
	marks("marks-512-7.dcm", 512, 512, 7, "512x512x1");
	marks("marks-512-9.dcm", 512, 512, 9, "512x512x1");
	marks("marks-600-12.dcm", 600, 600, 12, "600x600x1");
	marks("marks-wide.dcm", 2048, 64, 16, "2048x64x1");
	marks("marks-tall.dcm", 64, 2048, 16, "64x2048x1");
	marks("marks-1024-16.dcm", 1024, 1024, 16, "1024x1024x1");
	marks("marks-2400-16.dcm", 2400, 2400, 16, "2400x2400x1");
	marks("marks-1200-24.dcm", 1200, 1200, 24, "1200x1200x1");
	special_files();
	links();
}
