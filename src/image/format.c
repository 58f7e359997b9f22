/* format.c - what the file formats share: reading bytes, limits. */
#include "config.h"

#include "image/format.h"

#include <errno.h>
#include <unistd.h>

#include "base/mem.h"

#define DECODED_MAX (1LL << 30)         /* bytes at once, DESIGN 4 */
enum { FRAMES_MAX = 65535 };            /* DESIGN 4 */

bool format_read(const struct image *image, long long offset, void *data,
		 size_t length, struct error *err)
{
	char *out = data;

	if (offset < 0 || offset > image->size ||
	    length > (unsigned long long)(image->size - offset))
		return error_refuse(err, REASON_TRUNCATED, NULL, 0);
	while (length > 0) {
		ssize_t n = pread(image->fd, out, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_refuse(err, REASON_UNREADABLE, NULL, 0);
		if (n == 0)
			return error_refuse(err, REASON_TRUNCATED, NULL, 0);
		out += n;
		offset += n;
		length -= (size_t)n;
	}
	return true;
}

bool format_check_size(long long columns, long long rows, long long frames,
		       int samples, size_t sample_bytes, struct error *err)
{
	long long side = columns > rows ? columns : rows;
	long long bytes;

	if (columns < 1 || rows < 1 || frames < 1)
		return error_refuse(err, REASON_ATTRIBUTES, NULL, 0);
	if (side > FRAME_MAX_SIDE)
		return error_refuse(err, REASON_SIDE_TOO_LONG, NULL, side);
	if (columns * rows > FRAME_MAX_PIXELS)
		return error_refuse(err, REASON_FRAME_TOO_LARGE, NULL,
				    columns * rows);
	if (frames > FRAMES_MAX)
		return error_refuse(err, REASON_TOO_MANY_FRAMES, NULL, frames);
	bytes = columns * rows * samples * (long long)sample_bytes;
	if (bytes > DECODED_MAX)
		return error_refuse(err, REASON_DECODED_TOO_LARGE, NULL,
				    bytes);
	return true;
}
