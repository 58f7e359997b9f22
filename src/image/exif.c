/* exif.c - the few facts of an EXIF block that reading needs. */
#include "config.h"

#include "image/exif.h"

#include <string.h>

/* TIFF 6.0 and EXIF 2.3 tags; entries of 12 bytes. */
enum { TAG_ORIENTATION = 0x0112, TAG_THUMBNAIL = 0x0201, TAG_STRIPS = 0x0111,
       ENTRY = 12 };

struct tiff {
	const uint8_t *data;
	size_t length;
	bool big;
};

/* n bytes (2 or 4) at offset as a number; 0 outside the block. */
static uint32_t number_at(const struct tiff *t, size_t offset, size_t n)
{
	uint32_t value = 0;

	if (offset > t->length || n > t->length - offset)
		return 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | t->data[offset + (t->big ? i : n - 1 - i)];
	return value;
}

/* Where the entry of a tag in the directory at offset is; 0 when missing. */
static size_t find_entry(const struct tiff *t, size_t directory, uint32_t tag)
{
	uint32_t count = number_at(t, directory, 2);

	for (uint32_t i = 0; i < count; i++) {
		size_t entry = directory + 2 + (size_t)i * ENTRY;

		if (entry + ENTRY > t->length)
			return 0;
		if (number_at(t, entry, 2) == tag)
			return entry;
	}
	return 0;
}

void exif_read(const uint8_t *tiff, size_t length, int *orientation,
	       bool *thumbnail)
{
	struct tiff t = { .data = tiff, .length = length };
	size_t first, second, entry;

	if (length < 8 || (memcmp(tiff, "II*", 3) && memcmp(tiff, "MM", 2)))
		return;
	t.big = tiff[0] == 'M';
	first = number_at(&t, 4, 4);
	if (first == 0)
		return;
	entry = find_entry(&t, first, TAG_ORIENTATION);
	if (entry) {
		uint32_t value = number_at(&t, entry + 8, 2);

		if (value >= 1 && value <= 8)
			*orientation = (int)value;
	}
	second = number_at(&t, first + 2 +
			   (size_t)number_at(&t, first, 2) * ENTRY, 4);
	if (second && (find_entry(&t, second, TAG_THUMBNAIL) ||
		       find_entry(&t, second, TAG_STRIPS)))
		*thumbnail = true;
}
