/*
 * make_hostile.c - writes the hostile set and prints its table.
 *
 * usage: make_hostile FOLDER
 *
 * FOLDER must be empty.  A row: name in it, class, "found" or "named" (not
 * found in a folder: links and special files), what propose must say (COLUMNS
 * x ROWS x FRAMES or a refusal code), what mask must say (ok or a code); tabs
 * between them; in names what is no plain sign as \0ooo.  Everything is
 * generated; nothing is random.
 */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


static struct {
	const char *class_;
	int number;
} set;

void hostile_class(const char *name)
{
	set.class_ = name;
}

/* Signs, blanks and backslashes as \0ooo: printf(1) reads it by %b. */
static void print_name(const char *name)
{
	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		if (*c <= ' ' || *c >= 127 || *c == '\\')
			printf("\\0%03o", (unsigned)*c);
		else
			putchar(*c);
}

static void print_row(const char *file, const char *how, const char *code)
{
	bool picture = *code >= '0' && *code <= '9';
	const char *slash = strchr(code, '/');
	int length = slash ? (int)(slash - code) : (int)strlen(code);

	print_name(file);
	printf("\t%s\t%s\t%.*s\t%s\n", set.class_, how, length, code,
	       slash ? slash + 1 : picture ? "ok" : code);
}

void hostile_row(const char *name, const char *code)
{
	print_row(name, "named", code);
}

void hostile_put(const char *name, const void *data, size_t length,
		 const char *code)
{
	char file[300];
	int fd;

	snprintf(file, sizeof(file), "%03d-%s", ++set.number, name);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, data, length) != (ssize_t)length) {
		perror(file);
		exit(EXIT_FAILURE);
	}
	close(fd);
	print_row(file, "found", code);
}

void hostile_dicom(const char *name, struct dicom_maker *m, const char *code)
{
	hostile_put(name, m->out.data, m->out.length, code);
	buffer_done(&m->out);
	*m = (struct dicom_maker){ 0 };
}

void put_be32(uint8_t *to, unsigned long value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

void grey_module(struct dicom_maker *m, const char *syntax, int columns,
		 int rows, const char *frames)
{
	make_begin(m, syntax);
	make_us(m, 0x00280002, 1);
	make_text(m, 0x00280004, "CS", "MONOCHROME2");
	if (frames)
		make_text(m, 0x00280008, "IS", frames);
	make_us(m, 0x00280010, rows);
	make_us(m, 0x00280011, columns);
	make_us(m, 0x00280100, 8);
	make_us(m, 0x00280101, 8);
	make_us(m, 0x00280102, 7);
	make_us(m, 0x00280103, 0);
}

void sound_picture(struct dicom_maker *m)
{
	static const uint8_t pixels[64];

	grey_module(m, EXPLICIT, 8, 8, NULL);
	make_bytes(m, 0x7fe00010, "OB", pixels, sizeof(pixels));
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) != 0) {
		fprintf(stderr, "usage: make_hostile FOLDER\n");
		return 2;
	}
	umask(077);
	hostile_png();
	hostile_jpeg();
	hostile_data_sets();
	hostile_frames();
	hostile_strings();
	hostile_places();
	hostile_dicomdir();
	return ferror(stdout) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
