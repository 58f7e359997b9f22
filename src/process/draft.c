/* draft.c - changed boxes without a verdict, as a file of the project. */
#include "config.h"

#include "process/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "process/message.h"
#include "process/stored.h"
#include "process/wire.h"
#include "record/files.h"

/* Counts up with any change of the tables below. */
enum { DRAFT_FORMAT = 1, DRAFT_MAGIC = 0x44524146,
       DRAFT_NAME = 64, FOLDER_MODE = 0700,
       MOST_ID = 1 << 30 };             /* as masks.c has it */

struct head {
	uint32_t magic, format;
	uint8_t sha256[HASH_SIZE];      /* of the file reviewed */
	long long verdict_seq;          /* the item's last verdict; 0: none */
	long long boxes, loaded;
};

static const struct wire_field head_fields[] = {
	WIRE_N(struct head, magic, DRAFT_MAGIC, DRAFT_MAGIC),
	WIRE_N(struct head, format, DRAFT_FORMAT, DRAFT_FORMAT),
	WIRE_M(struct head, sha256, WIRE_BYTES),
	WIRE_N(struct head, verdict_seq, 0, 1LL << 62),
	WIRE_N(struct head, boxes, 0, MESSAGE_MAX_BOXES),
	WIRE_N(struct head, loaded, 0, MESSAGE_MAX_BOXES),
};
static const struct wire_table draft_head = WIRE_TABLE(head_fields);

static const struct wire_field box_fields[] = {
	WIRE_T(struct decided_box, box, &stored_box),
	WIRE_N(struct decided_box, id, 0, MOST_ID),
	WIRE_N(struct decided_box, decision, 0, DECISIONS - 1),
	WIRE_N(struct decided_box, reason, 0, 9),       /* DESIGN 8.6 */
};
static const struct wire_table draft_box = WIRE_TABLE(box_fields);

void draft_done(struct draft *d)
{
	free(d->box);
	free(d->loaded);
	*d = (struct draft){ 0 };
}

/* ---- bytes ---- */

static bool put_boxes(struct buffer *out, const struct decided_box *box,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!wire_append(out, &draft_box, &box[i]))
			return false;
	return true;
}

bool draft_pack(const struct worklist_item *item, const struct draft *d,
		struct buffer *out)
{
	struct head head = { .magic = DRAFT_MAGIC, .format = DRAFT_FORMAT,
			     .verdict_seq = item->verdict_seq,
			     .boxes = (long long)d->box_count,
			     .loaded = (long long)d->loaded_count };
	uint8_t digest[HASH_SIZE];

	memcpy(head.sha256, item->in_sha256, sizeof(head.sha256));
	if (!wire_append(out, &draft_head, &head) ||
	    !put_boxes(out, d->box, d->box_count) ||
	    !put_boxes(out, d->loaded, d->loaded_count) ||
	    !hash_bytes(out->data, out->length, digest))
		return false;
	buffer_append(out, digest, sizeof(digest));
	return !out->failed;
}

/* The model clips them to the picture and its frames. */
static bool get_boxes(struct wire_rest *r, long long count,
		      struct decided_box **box, size_t *got)
{
	if (count == 0)
		return true;
	*box = calloc((size_t)count, sizeof(**box));
	for (*got = 0; *box && *got < (size_t)count; ++*got)
		if (!wire_take(r, &draft_box, &(*box)[*got]))
			return false;
	return *box;
}

/* The digest at the end is taken off r. */
static bool is_whole(struct wire_rest *r)
{
	uint8_t digest[HASH_SIZE];

	if (r->length < HASH_SIZE)
		return false;
	r->length -= HASH_SIZE;
	return hash_bytes(r->at, r->length, digest) &&
	       !memcmp(digest, r->at + r->length, HASH_SIZE);
}

static bool unpack(const struct buffer *bytes, struct head *head,
		   struct draft *d)
{
	struct wire_rest r = { (const uint8_t *)bytes->data, bytes->length };

	if (is_whole(&r) && wire_take(&r, &draft_head, head) &&
	    get_boxes(&r, head->boxes, &d->box, &d->box_count) &&
	    get_boxes(&r, head->loaded, &d->loaded, &d->loaded_count) &&
	    r.length == 0)
		return true;
	draft_done(d);
	return false;
}

/* ---- files ---- */

/* erase goes by what a name begins with: "<item>.". */
static void name_of(const struct worklist_item *item, char name[DRAFT_NAME])
{
	snprintf(name, DRAFT_NAME, "%s.draft", item->id);
}

static int open_folder(const struct project *p, bool make, struct error *err)
{
	return folder_open(p->privatefd, PROJECT_DRAFTS, make, FOLDER_MODE,
			   err);
}

static bool drop(const struct project *p, const struct worklist_item *item,
		 struct error *err)
{
	struct error why = { 0 };
	char name[DRAFT_NAME];
	int fd = open_folder(p, false, &why);
	bool good;

	if (fd < 0)
		return errno == ENOENT ||
		       error_set(err, why.code, "%s", why.text);
	name_of(item, name);
	good = (unlinkat(fd, name, 0) == 0 && fsync(fd) == 0) ||
	       errno == ENOENT ||
	       error_set(err, ERR_WRITE, "%s", strerror(errno));
	close(fd);
	return good;
}

bool draft_save(const struct project *p, const struct worklist_item *item,
		const struct buffer *bytes, struct error *err)
{
	char name[DRAFT_NAME];
	bool good;
	int fd;

	if (bytes->length == 0)
		return drop(p, item, err);
	fd = open_folder(p, true, err);
	if (fd < 0)
		return false;
	name_of(item, name);
	good = file_replace(fd, name, bytes->data, bytes->length, 0600, err);
	close(fd);
	return good;
}

bool draft_kept(const struct project *p, const struct worklist_item *item)
{
	char name[DRAFT_NAME];
	int fd = open_folder(p, false, NULL);
	bool kept;

	if (fd < 0)
		return false;
	name_of(item, name);
	kept = faccessat(fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	close(fd);
	return kept;
}

bool draft_load(const struct project *p, const struct worklist_item *item,
		struct draft *d, struct error *err)
{
	struct buffer bytes = { 0 };
	struct head head = { 0 };
	char name[DRAFT_NAME];
	bool good;
	int fd;

	*d = (struct draft){ 0 };
	if (!draft_kept(p, item))
		return true;
	fd = open_folder(p, false, err);
	if (fd < 0)
		return false;
	name_of(item, name);
	good = file_read(fd, name, FILE_MOST, &bytes, err);
	close(fd);
	if (good && !unpack(&bytes, &head, d))
		good = error_set(err, ERR_CHECK, _("boxes changed before are "
			"damaged: they are left out"));
	buffer_done(&bytes);
	if (good && item->has_sha256 && head.verdict_seq == item->verdict_seq &&
	    !memcmp(head.sha256, item->in_sha256, sizeof(head.sha256)))
		return true;
	draft_done(d);
	drop(p, item, NULL);
	return good;
}
