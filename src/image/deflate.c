/* deflate.c - one long raw deflate stream, made or read piece by piece. */
#include "config.h"

#include "image/deflate.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/i18n.h"

enum { HELD = 1 << 16 };

/* ---- making ---- */

struct deflater {
	z_stream z;
	bool (*put)(void *self, const void *data, size_t length,
		    struct error *err);
	void *self;
	bool odd;                       /* so many bytes were put */
	unsigned char held[HELD];
};

struct deflater *deflater_new(bool (*put)(void *self, const void *data,
					  size_t length, struct error *err),
			      void *self, struct error *err)
{
	struct deflater *d = calloc(1, sizeof(*d));

	if (d && deflateInit2(&d->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			      -MAX_WBITS, MAX_MEM_LEVEL,
			      Z_DEFAULT_STRATEGY) == Z_OK) {
		d->put = put;
		d->self = self;
		return d;
	}
	error_set(err, ERR_MEMORY, _("no memory for pixels"));
	free(d);
	return NULL;
}

void deflater_free(struct deflater *d)
{
	if (d)
		deflateEnd(&d->z);
	free(d);
}

/* Put what there is after a step, until there is room left. */
static bool run(struct deflater *d, int flush, struct error *err)
{
	do {
		size_t made;

		d->z.next_out = d->held;
		d->z.avail_out = HELD;
		/* never fails: the state is sound and there is room */
		deflate(&d->z, flush);
		made = HELD - d->z.avail_out;
		d->odd = d->odd != (made % 2 != 0);
		if (made && !d->put(d->self, d->held, made, err))
			return false;
	} while (!d->z.avail_out);
	return true;
}

bool deflater_add(struct deflater *d, const void *data, size_t length,
		  struct error *err)
{
	const unsigned char *p = data;

	while (length) {
		size_t n = length < INT_MAX ? length : INT_MAX;

		d->z.next_in = (z_const Bytef *)p;
		d->z.avail_in = (uInt)n;
		if (!run(d, Z_NO_FLUSH, err))
			return false;
		p += n;
		length -= n;
	}
	return true;
}

bool deflater_end(struct deflater *d, struct error *err)
{
	d->z.avail_in = 0;
	return run(d, Z_FINISH, err) &&
	       (!d->odd || d->put(d->self, "", 1, err));
}

/* ---- reading ---- */

struct inflater {
	z_stream z;
	int fd;
	long long next;                 /* offset of what comes after held */
	bool ended;
	unsigned char held[HELD];
};

struct inflater *inflater_new(int fd, long long offset, struct error *err)
{
	struct inflater *i = calloc(1, sizeof(*i));

	if (i && inflateInit2(&i->z, -MAX_WBITS) == Z_OK) {
		i->fd = fd;
		i->next = offset;
		return i;
	}
	error_set(err, ERR_MEMORY, _("no memory for pixels"));
	free(i);
	return NULL;
}

void inflater_free(struct inflater *i)
{
	if (i)
		inflateEnd(&i->z);
	free(i);
}

static bool refill(struct inflater *i, struct error *err)
{
	ssize_t n;

	do
		n = pread(i->fd, i->held, HELD, (off_t)i->next);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return error_refuse(err, n ? REASON_UNREADABLE :
					     REASON_TRUNCATED, NULL, 0);
	i->z.next_in = i->held;
	i->z.avail_in = (uInt)n;
	i->next += n;
	return true;
}

bool inflater_read(struct inflater *i, void *out, size_t length, size_t *got,
		   struct error *err)
{
	unsigned char *p = out;

	*got = 0;
	while (*got < length && !i->ended) {
		size_t room = length - *got < INT_MAX ? length - *got : INT_MAX;
		int status;

		i->z.next_out = p + *got;
		i->z.avail_out = (uInt)room;
		status = inflate(&i->z, Z_NO_FLUSH);
		*got += room - i->z.avail_out;
		i->ended = status == Z_STREAM_END;
		/* nothing to go on with: there may still be output in it */
		if (status == Z_BUF_ERROR) {
			if (!refill(i, err))
				return false;
		} else if (status != Z_OK && !i->ended) {
			return error_refuse(err, REASON_DAMAGED, NULL, 0);
		}
	}
	return true;
}

long long inflater_end(const struct inflater *i)
{
	return i->next - (long long)i->z.avail_in;
}
