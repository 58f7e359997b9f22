/* table.c - private/table.jsonl: lines appended, synced, read back. */
#include "config.h"

#include "record/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "record/files.h"

#define FILE_NAME "table.jsonl"

static bool can_not_write(struct error *err)
{
	return error_set(err, ERR_WRITE, _("can't write in the project: %s: "
					   "free some space or check the "
					   "permissions"), strerror(errno));
}

/* A line that a power cut left unfinished is closed first. */
static bool needs_end(int fd, bool *needs)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last = '\n';

	if (end < 0 || (end > 0 && pread(fd, &last, 1, end - 1) != 1))
		return false;
	*needs = last != '\n';
	return true;
}

static bool append(int dirfd, struct buffer *line, struct error *err)
{
	int fd = -1;
	bool needs = false, good = false;

	buffer_puts(line, "\n");
	if (line->failed) {
		error_set(err, ERR_MEMORY, _("no memory"));
		goto done;
	}
	fd = openat(dirfd, FILE_NAME, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	good = fd >= 0 && needs_end(fd, &needs) &&
	       (!needs || write_all(fd, "\n", 1)) &&
	       write_all(fd, line->data, line->length) &&
	       fdatasync(fd) == 0 && fsync(dirfd) == 0;
	if (!good)
		can_not_write(err);
done:
	if (fd >= 0)
		close(fd);
	buffer_done(line);
	return good;
}

bool table_note_item(int dirfd, const char *item, const uint8_t patient[32],
			int format, struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, true);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "format", format);
	json_put_string(&w, "item", item);
	json_put_hex(&w, "patient", patient, HASH_SIZE);
	json_put_close(&w);
	return append(dirfd, &line, err);
}

bool table_note_patient(int dirfd, const uint8_t patient[32],
			 const char *pseudonym, int days, struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, true);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "days", days);
	json_put_hex(&w, "patient", patient, HASH_SIZE);
	json_put_string(&w, "pseudonym", pseudonym);
	json_put_close(&w);
	return append(dirfd, &line, err);
}

bool table_note_output(int dirfd, const char *item, const char *out_name,
		       struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, true);

	json_put_open(&w, NULL, '{');
	json_put_string(&w, "item", item);
	json_put_string(&w, "output", out_name);
	json_put_close(&w);
	return append(dirfd, &line, err);
}

/* ---- reading ---- */

static bool get_hex(const struct json *object, const char *name,
		    uint8_t *bytes, size_t size)
{
	const char *text = json_get_string(object, name);

	return text && hash_from_hex(text, bytes, size);
}

static bool take_item(const struct json *object,
		      const struct table_visitor *v, bool *going)
{
	const char *item = json_get_string(object, "item");
	const char *output = json_get_string(object, "output");
	uint8_t patient[HASH_SIZE], id[16];
	long long format;

	if (!get_hex(object, "item", id, sizeof(id)))
		return false;
	if (output) {
		*going = v->output(v->self, item, output);
		return path_stays_below(output);
	}
	if (!get_hex(object, "patient", patient, sizeof(patient)) ||
	    !json_get_integer(object, "format", &format) || format < 0 ||
	    format > 15)
		return false;
	*going = v->item(v->self, item, patient, (int)format);
	return true;
}

static bool take_patient(const struct json *object,
			 const struct table_visitor *v, bool *going)
{
	uint8_t patient[HASH_SIZE], drawn[8];
	long long days;

	if (!get_hex(object, "patient", patient, sizeof(patient)) ||
	    !get_hex(object, "pseudonym", drawn, sizeof(drawn)) ||
	    !json_get_integer(object, "days", &days) || days < -100000 ||
	    days > 100000)
		return false;
	*going = v->drawn(v->self, patient,
			  json_get_string(object, "pseudonym"), (int)days);
	return true;
}

/* One line.  False: it has another form. */
static bool take(const struct json *object, const struct table_visitor *v,
		 bool *going)
{
	return json_member(object, "item") ? take_item(object, v, going) :
					     take_patient(object, v, going);
}

bool table_read(int dirfd, const struct table_visitor *v,
		   struct error *err)
{
	struct buffer text = { 0 };
	bool good = true, going = true;
	char *line, *end;

	if (faccessat(dirfd, FILE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	    errno_is_absent())
		return true;
	if (!file_read(dirfd, FILE_NAME, FILE_MOST, &text, err)) {
		buffer_done(&text);
		return false;
	}
	for (line = text.data; good && going && (end = strchr(line, '\n'));
	     line = end + 1) {
		struct json *object = json_read(line, (size_t)(end - line),
						NULL);

		/* a torn line that was closed later tells nothing */
		if (object)
			good = take(object, v, &going);
		json_free(object);
	}
	buffer_done(&text);
	return going && (good || error_set(err, ERR_CHECK,
			_("table.jsonl of the project is damaged: put it "
			  "back from the backup")));
}
