/* sight_stream.c - code streams of DICOM frames, decoded by other programs. */
#include "config.h"

#include "tests/judge/sight.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH = 256 };

/* A folder that goes with the program; path gets the name of a file in it. */
static char folder[PATH];

static void remove_folder(void)
{
	static const char *const names[] = {
		"in.jls", "in.j2k", "in.dcm", "out.raw", "out.rawl",
		"out.dcm", "said",
	};
	char path[2 * PATH];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static void name_in_folder(char path[2 * PATH], const char *name)
{
	const char *base = getenv("TMPDIR");

	if (!*folder) {
		snprintf(folder, sizeof(folder), "%s/sight-XXXXXX",
			 base && *base ? base : "/tmp");
		if (!mkdtemp(folder))
			die("can't make a folder");
		atexit(remove_folder);
	}
	snprintf(path, 2 * PATH, "%s/%s", folder, name);
}

/* Runs in the folder; what it says goes to the file "said". */
static bool run(const char *const *argument)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		die("can't fork");
	if (child == 0) {
		int null = open("/dev/null", O_RDONLY), said;

		if (chdir(folder) != 0)
			_exit(126);
		said = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(null, 0);
		dup2(said, 1);
		dup2(said, 2);
		execvp(argument[0], (char *const *)(uintptr_t)argument);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static bool have(const char *program)
{
	const char *path = getenv("PATH");
	char name[2 * PATH];

	while (path && *path) {
		size_t n = strcspn(path, ":");

		snprintf(name, sizeof(name), "%.*s/%s", (int)n, path, program);
		if (access(name, X_OK) == 0)
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

/* ---- ffmpeg ---- */

static const struct {
	const char *name;               /* of ffmpeg's pixel format */
	int samples, bytes;
	const char *order;              /* sample of each; NULL: planes */
	const char *planes;             /* sample of each plane */
} layouts[] = {
	{ "gray", 1, 1, "0", NULL },
	{ "gray9le", 1, 2, "0", NULL },
	{ "gray10le", 1, 2, "0", NULL },
	{ "gray12le", 1, 2, "0", NULL },
	{ "gray14le", 1, 2, "0", NULL },
	{ "gray16le", 1, 2, "0", NULL },
	{ "rgb24", 3, 1, "012", NULL },
	{ "bgr24", 3, 1, "210", NULL },
	{ "rgb48le", 3, 2, "012", NULL },
	{ "yuv444p", 3, 1, NULL, "012" },
	{ "yuvj444p", 3, 1, NULL, "012" },
	{ "yuv444p16le", 3, 2, NULL, "012" },
	{ "gbrp", 3, 1, NULL, "120" },
	{ "gbrp16le", 3, 2, NULL, "120" },
};

/* The number of the layout that ffmpeg says it writes; -1: none of these. */
static int layout_said(void)
{
	char path[2 * PATH], format[32] = { 0 };
	const char *at;
	struct bytes said;
	int found = -1;

	name_in_folder(path, "said");
	said = bytes_of_file(path);
	at = strstr((char *)said.data, "Video: rawvideo");
	at = at ? strstr(at, "), ") : NULL;
	if (at)
		memcpy(format, at + 3, strcspn(at + 3, "(,") < 31 ?
					strcspn(at + 3, "(,") : 31);
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (!strcmp(layouts[i].name, format))
			found = (int)i;
	free(said.data);
	return found;
}

/* Bits of a sample of ffmpeg's format: 8, 16 or the number in its name. */
static int layout_bits(int layout)
{
	const char *digits = strpbrk(layouts[layout].name, "0123456789");

	if (layouts[layout].bytes == 1)
		return 8;
	if (!strncmp(layouts[layout].name, "gray", 4))
		return (int)strtol(digits, NULL, 10);
	return 16;
}

static uint32_t *from_layout(const struct sight *s, struct bytes raw,
			     int layout)
{
	size_t area = (size_t)s->columns * (size_t)s->rows;
	size_t samples = (size_t)layouts[layout].samples;
	size_t bytes = (size_t)layouts[layout].bytes;
	const char *order = layouts[layout].order;
	const char *planes = layouts[layout].planes;
	int shift = layout_bits(layout) - s->precision;
	uint32_t *v;

	if (samples != (size_t)s->samples || shift < 0 ||
	    raw.length < area * samples * bytes)
		return NULL;
	/* JPEG-LS and JPEG 2000 fill the bits of the format */
	v = need(area * samples, sizeof(*v));
	for (size_t i = 0; i < area * samples; i++) {
		size_t sample = (size_t)(order ? order[i % samples] - '0' :
						 planes[i / area] - '0');
		size_t pixel = order ? i / samples : i % area;
		uint32_t cell = raw.data[i * bytes];

		if (bytes == 2)
			cell |= (uint32_t)raw.data[i * 2 + 1] << 8;
		v[pixel * samples + sample] = cell >> shift;
	}
	return v;
}

static uint32_t *by_ffmpeg(const struct sight *s, const char *name)
{
	const char *argument[] = {
		"ffmpeg", "-hide_banner", "-nostdin", "-y", "-threads", "1",
		"-i", name, "-frames:v", "1", "-c:v", "rawvideo", "-f",
		"rawvideo", "out.raw", NULL,
	};
	char path[2 * PATH];
	struct bytes raw;
	uint32_t *v = NULL;
	int layout;

	if (!have("ffmpeg") || !run(argument))
		return NULL;
	layout = layout_said();
	if (layout < 0)
		return NULL;
	name_in_folder(path, "out.raw");
	raw = bytes_of_file(path);
	v = from_layout(s, raw, layout);
	free(raw.data);
	return v;
}

/* ---- OpenJPEG ---- */

static uint32_t *by_openjpeg(const struct sight *s)
{
	const char *argument[] = { "opj_decompress", "-quiet", "-i", "in.j2k",
				   "-o", "out.rawl", NULL };
	size_t area = (size_t)s->columns * (size_t)s->rows;
	size_t bytes = s->precision > 8 ? 2 : 1;
	char path[2 * PATH];
	struct bytes raw;
	uint32_t *v;

	if (!run(argument))
		return NULL;
	name_in_folder(path, "out.rawl");
	raw = bytes_of_file(path);
	if (raw.length != area * (size_t)s->samples * bytes) {
		free(raw.data);
		return NULL;
	}
	v = need(area * (size_t)s->samples, sizeof(*v));
	for (size_t i = 0; i < area * (size_t)s->samples; i++) {
		uint32_t cell = raw.data[i * bytes];

		if (bytes == 2)
			cell |= (uint32_t)raw.data[2 * i + 1] << 8;
		v[i % area * (size_t)s->samples + i / area] =
			cell & UINT32_MAX >> (32 - s->precision);
	}
	free(raw.data);
	return v;
}

/* ---- DCMTK and GDCM: the stream alone in a file of its own ---- */

struct writer {
	unsigned char *p;
};

static void put_number(struct writer *w, uint32_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		*w->p++ = (unsigned char)(n >> 8 * i);
}

static void put_element(struct writer *w, uint32_t tag, const char *vr,
			const char *value)
{
	size_t length = strlen(value);

	put_number(w, tag >> 16, 2);
	put_number(w, tag & 0xffff, 2);
	memcpy(w->p, vr, 2);
	w->p += 2;
	put_number(w, (uint32_t)(length + length % 2), 2);
	memcpy(w->p, value, length);
	w->p += length;
	if (length % 2)
		*w->p++ = strcmp(vr, "UI") == 0 ? 0 : ' ';
}

static void put_short(struct writer *w, uint32_t tag, int value)
{
	put_number(w, tag >> 16, 2);
	put_number(w, tag & 0xffff, 2);
	memcpy(w->p, "US", 2);
	w->p += 2;
	put_number(w, 2, 2);
	put_number(w, (uint32_t)value, 2);
}

static void wrap(const struct sight *s, struct bytes stream,
		 const char *syntax)
{
	unsigned char *file = need(stream.length + 4096, 1);
	struct writer w = { file + 128 };
	char path[2 * PATH];

	memcpy(w.p, "DICM", 4);
	w.p += 4;
	put_element(&w, 0x00020010, "UI", syntax);
	put_element(&w, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7");
	put_element(&w, 0x00080018, "UI", "2.25.1");
	put_short(&w, 0x00280002, s->samples);
	put_element(&w, 0x00280004, "CS",
		    s->samples == 3 ? "RGB" : "MONOCHROME2");
	if (s->samples == 3)
		put_short(&w, 0x00280006, 0);
	put_short(&w, 0x00280010, s->rows);
	put_short(&w, 0x00280011, s->columns);
	put_short(&w, 0x00280100, s->precision > 8 ? 16 : 8);
	put_short(&w, 0x00280101, s->precision);
	put_short(&w, 0x00280102, s->precision - 1);
	put_short(&w, 0x00280103, 0);
	put_number(&w, 0x00107fe0, 4);
	memcpy(w.p, "OB\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\0\0\0\0", 16);
	w.p += 16;
	put_number(&w, 0xe000fffe, 4);
	put_number(&w, (uint32_t)(stream.length + stream.length % 2), 4);
	memcpy(w.p, stream.data, stream.length);
	w.p += stream.length + stream.length % 2;
	memcpy(w.p, "\xfe\xff\xdd\xe0\0\0\0\0", 8);
	w.p += 8;
	name_in_folder(path, "in.dcm");
	bytes_to_file(path, file, (size_t)(w.p - file));
	free(file);
}

/* JPEG of 12 bits by DCMTK, JPEG-LS by GDCM. */
static uint32_t *by_wrapping(const struct sight *s, struct bytes stream,
			     bool ls)
{
	static const char *const jpeg[] = { "dcmdjpeg", "+cn", "+px",
					    "in.dcm", "out.dcm", NULL };
	static const char *const jls[] = { "gdcmconv", "--raw", "in.dcm",
					   "out.dcm", NULL };
	char path[2 * PATH];
	const char *by;
	struct sight *out;
	uint32_t *v;

	wrap(s, stream, ls ? "1.2.840.10008.1.2.4.80" :
	     s->process > 0xc1 ? "1.2.840.10008.1.2.4.55" :
				 "1.2.840.10008.1.2.4.51");
	if (!run(ls ? jls : jpeg))
		return NULL;
	name_in_folder(path, "out.dcm");
	out = sight_of(path);
	v = out->columns == s->columns && out->rows == s->rows &&
		    out->samples == s->samples && out->native ?
		    sight_frame(out, 0, &by, NULL) : NULL;
	sight_free(out);
	return v;
}

/* ---- which decoder ---- */

static void store_stream(struct bytes stream, const char *name)
{
	char path[2 * PATH];

	name_in_folder(path, name);
	bytes_to_file(path, stream.data, stream.length);
}

static uint32_t *lossy_jpeg(const struct sight *s, struct bytes stream,
			    const char **by)
{
	int columns, rows, samples;
	uint32_t *v;

	if (s->precision == 8) {
		*by = "libjpeg-turbo";
		v = decode_jpeg(stream, &columns, &rows, &samples);
		if (columns != s->columns || rows != s->rows ||
		    samples != s->samples)
			die("a JPEG frame of another size");
		return v;
	}
	*by = "dcmdjpeg";
	return by_wrapping(s, stream, false);
}

static uint32_t *j2k(const struct sight *s, struct bytes stream,
		     const char **by)
{
	uint32_t *v = NULL;

	store_stream(stream, "in.j2k");
	*by = "ffmpeg";
	if (s->reversible && !s->high_throughput)
		v = by_ffmpeg(s, "in.j2k");
	if (!v) {
		*by = "opj_decompress";
		v = by_openjpeg(s);
	} else if (s->stream_signed) {
		/* ffmpeg adds half the range to signed samples as well */
		for (size_t i = 0; i < (size_t)s->columns * (size_t)s->rows *
					       (size_t)s->samples; i++)
			v[i] ^= 1u << (s->precision - 1);
	}
	return v;
}

/* Samples of pixels side by side (T.87 C.2.3): ffmpeg 5.1 errs there. */
static bool interleaved_by_sample(struct bytes stream)
{
	for (size_t i = 2; i + 4 < stream.length;
	     i += 2 + (size_t)(stream.data[i + 2] << 8 | stream.data[i + 3]))
		if (stream.data[i + 1] == 0xda) {
			size_t parts = stream.data[i + 4];

			return i + 6 + 2 * parts < stream.length &&
			       stream.data[i + 6 + 2 * parts] == 2;
		}
	return false;
}

static uint32_t *jpeg_ls(const struct sight *s, struct bytes stream,
			 const char **by)
{
	uint32_t *v = NULL;

	store_stream(stream, "in.jls");
	*by = "ffmpeg";
	if (!interleaved_by_sample(stream))
		v = by_ffmpeg(s, "in.jls");
	if (!v) {
		*by = "gdcmconv";
		v = by_wrapping(s, stream, true);
	}
	return v;
}

uint32_t *decode_stream(const struct sight *s, struct bytes stream,
			const char **by)
{
	uint32_t *v;

	if (s->process == 0xc3) {
		*by = "own";
		v = decode_lossless(s, stream);
	} else if (s->codec == CODEC_JPEG) {
		v = lossy_jpeg(s, stream, by);
	} else if (s->codec == CODEC_J2K) {
		v = j2k(s, stream, by);
	} else {
		v = jpeg_ls(s, stream, by);
	}
	if (!v)
		die("no decoder reads a frame");
	return v;
}
