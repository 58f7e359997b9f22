/* harness.c - what the harnesses share. */
#include "config.h"

#include "tests/fuzz/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/json.h"
#include "image/image.h"
#include "mask/verify.h"

enum { MOST_PIXELS = 1 << 20 };         /* a larger picture only takes time */
enum { SIGNATURE = 8, CHUNK_HEAD = 8, CHUNK_SUM = 4 };  /* of PNG */

int harness_file(const void *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size) ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		perror("harness_file");
		exit(EXIT_FAILURE);
	}
	return fd;
}

void harness_must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/* The code point at text; valid UTF-8, so the head tells the length. */
static uint32_t code_point(const unsigned char *text, size_t *length)
{
	static const unsigned char head[] = { 0x7f, 0x1f, 0x0f, 0x07 };
	size_t more = text[0] < 0x80 ? 0 : text[0] < 0xe0 ? 1 :
		      text[0] < 0xf0 ? 2 : 3;
	uint32_t c = text[0] & head[more];

	for (size_t i = 1; i <= more; i++)
		c = c << 6 | (text[i] & 0x3f);
	*length = more + 1;
	return c;
}

bool harness_is_clean(const char *text, size_t length)
{
	size_t step;

	if (!json_utf8(text, length))
		return false;
	for (size_t i = 0; i < length; i += step) {
		uint32_t c = code_point((const unsigned char *)text + i,
					&step);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		    (c >= 0x200b && c <= 0x200f) ||
		    (c >= 0x2028 && c <= 0x202e) ||
		    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
		    c == 0x061c || (c >= 0xe0000 && c <= 0xe0fff))
			return false;
	}
	return true;
}

static bool visit(void *self, const char *path, const char *vr,
		  const char *value)
{
	int *left = self;

	harness_must(path && strlen(vr) == 2, "a text without path or VR");
	harness_must(harness_is_clean(value, strlen(value)),
		     "a text of the file steers the terminal");
	return --*left > 0;
}

static void try_attributes(const struct image *image)
{
	static const char *const path[] = {
		"00100010", "00100020", "00080005", "00400275[0].00400007",
		"00280008", "7fe00010", "00082112[1].00081155", "00091001",
	};
	int left = 1000;

	for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		char *value = image_attribute(image, path[i]);

		harness_must(!value || harness_is_clean(value, strlen(value)),
			     "an attribute steers the terminal");
		free(value);
	}
	image_each_text(image, visit, &left);
}

static void check_info(const struct image_info *info)
{
	harness_must(info->columns >= 1 && info->columns <= 65535 &&
		     info->rows >= 1 && info->rows <= 65535 &&
		     info->frames >= 1 && info->frames <= 65535 &&
		     info->samples >= 1 && info->samples <= 4 &&
		     info->overlays >= 0 && info->overlays <= IMAGE_OVERLAYS &&
		     info->windows >= 0 && info->windows <= IMAGE_WINDOWS &&
		     info->exif_orientation >= 1 &&
		     info->exif_orientation <= 8 &&
		     info->format < IMAGE_FORMATS &&
		     info->photometric < PHOTOMETRICS,
		     "what an opened file says lies outside its range");
}

static void try_planes(struct image *image, const struct image_info *info)
{
	size_t size = (size_t)info->columns * (size_t)info->rows;
	uint8_t *plane = malloc(size);
	bool flag;

	if (!plane)
		return;
	for (int i = 0; i < info->overlays; i++)
		image_overlay_plane(image, i, 0, plane, &flag, NULL);
	image_unused_bits(image, 0, plane, &flag, NULL);
	free(plane);
}

void harness_picture(const uint8_t *data, size_t size)
{
	int fd = harness_file(data, size);
	struct error err = { 0 };
	struct image *image = image_open(fd, &err);

	if (!image) {
		harness_must(err.code == ERR_REFUSED || err.code == ERR_MEMORY,
			     "not opened, and neither refused nor no memory");
	} else {
		const struct image_info *info = image_info(image);

		check_info(info);
		try_attributes(image);
		if ((long long)info->columns * info->rows <= MOST_PIXELS) {
			frame_free(image_frame(image, 0, &err));
			frame_free(image_frame(image, info->frames - 1, &err));
			try_planes(image, info);
		}
	}
	image_close(image);
	close(fd);
}

/* ---- PNG ---- */

static size_t be32(const uint8_t *b)
{
	return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 |
	       b[3];
}

/* Each CRC is that of type and data (PNG 5.3). */
void harness_png_sums(uint8_t *file, size_t size)
{
	size_t at = SIGNATURE;

	if (size < SIGNATURE || memcmp(file, "\x89PNG", 4) != 0)
		return;
	while (at < size && size - at >= CHUNK_HEAD + CHUNK_SUM) {
		size_t length = be32(file + at);
		uLong sum;

		if (length > size - at - CHUNK_HEAD - CHUNK_SUM)
			return;
		sum = crc32(0, file + at + 4, (uInt)length + 4);
		at += CHUNK_HEAD + length;
		for (int i = 0; i < CHUNK_SUM; i++)
			file[at++] = (uint8_t)(sum >> (24 - 8 * i));
	}
}

/* ---- masked copies ---- */

static const struct mask_job job = { .profile = TAGS_MHLW, .age_cap = 89,
				     .pseudonym = "P" };

static bool is_small(int in, struct image_info *info)
{
	struct image *image = image_open(in, NULL);
	bool small = false;

	if (image) {
		*info = *image_info(image);
		small = (long long)info->columns * info->rows * info->frames <=
			MOST_PIXELS;
	}
	image_close(image);
	return small;
}

/* They begin inside the picture and may reach beyond it. */
static void make_boxes(const struct image_info *info, const uint8_t *where,
		       struct box box[2])
{
	for (int i = 0; i < 2; i++, where += 4)
		box[i] = (struct box){
			.region = region_from_box(
				where[0] % info->columns,
				where[1] % info->rows,
				1 + where[2] % 64, 1 + where[3] % 64),
			.frame1 = info->frames - 1, .tier = TIER_BOX,
		};
}

static void copy_boxes(int in, int out, const struct box_list *boxes)
{
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };

	if (!mask_run(in, out, &job, boxes, &report, NULL, NULL, &err)) {
		harness_must(err.code == ERR_REFUSED ||
			     err.code == ERR_MEMORY || err.code == ERR_USAGE,
			     "no copy, and not because of the file");
		return;
	}
	if (!verify_run(in, out, job.profile, &job, boxes, &result, NULL, NULL,
			&err)) {
		/* its reader of JPEG is stricter */
		harness_must(err.code == ERR_REFUSED || err.code == ERR_MEMORY,
			     "not verified, and not because of the file");
		return;
	}
	if (result.status != VERIFY_OK)
		fprintf(stderr, "%s, frame %d, %d %d\n",
			verify_class_name[result.class_], result.frame,
			result.x, result.y);
	harness_must(result.status == VERIFY_OK, "a copy is not sound");
}

void harness_copy(const uint8_t *data, size_t size, const uint8_t *where)
{
	int in = harness_file(data, size), out = harness_file(NULL, 0);
	struct image_info info;
	struct box box[2];
	const struct box_list boxes = { box, where[7] & 1 ? 2 : 1, 2 };

	if (is_small(in, &info)) {
		make_boxes(&info, where, box);
		copy_boxes(in, out, &boxes);
	}
	close(in);
	close(out);
}
