/* explain.c - what would become of each attribute of a file, and why. */
#include "config.h"

#include "process/explain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "image/format_dicom.h"
#include "mask/statement.h"
#include "mask/tags.h"
#include "process/forked.h"
#include "process/sandbox.h"
#include "process/source.h"

enum {
	CPU_S = 60,
	PATH_MOST = 2048,               /* bytes of the path of an attribute */
	VALUE_MOST = 1024,              /* bytes of a value that is told */
};

#define MEMORY (768ULL << 20)           /* RLIMIT_AS (DESIGN 4) */

/* What the locked process says of one attribute; then path and value. */
struct note {
	enum note_kind { NOTE_ATTRIBUTE, NOTE_GONE, NOTE_SAID, NOTE_END,
			 NOTE_KINDS } kind;
	uint32_t tag;
	char vr[3];
	enum dicom_action done;
	unsigned char safe;             /* 1: a private attribute that stays */
	enum reason reason;             /* of NOTE_END: REASON_NONE when all
					   is told */
	long long number;               /* of the reason */
	size_t path, value;             /* bytes that follow */
};

/* ---- in the locked process ---- */

struct telling {
	const struct explain_options *options;
	struct statement_facts facts;
	int fd;
};

static void put_note(const struct telling *t, struct note *note,
		     const char *path, const char *value)
{
	note->path = strlen(path);
	if (note->path > PATH_MOST)
		note->path = PATH_MOST;
	note->value = t->options->values && value ? strlen(value) : 0;
	if (note->value > VALUE_MOST)
		note->value = VALUE_MOST;
	forked_write(t->fd, note, sizeof(*note));
	forked_write(t->fd, path, note->path);
	if (note->value)
		forked_write(t->fd, value, note->value);
}

static enum dicom_action tell_one(void *self, const struct dicom_element *e,
				  char value[DICOM_VALUE])
{
	/* what becomes of a value does not depend on ids and keys */
	static const struct mask_job job = { .age_cap = 89,
					     .pseudonym = "0" };
	struct telling *t = self;
	enum tag_profile profile = t->options->profile;
	struct note note;

	memset(&note, 0, sizeof(note));
	note.tag = e->tag;
	memcpy(note.vr, e->vr, sizeof(note.vr));
	note.done = tags_apply(tags_element(profile, e), &job, e->text, value);
	note.safe = tags_is_safe(profile, e);
	statement_see(&t->facts, e);
	put_note(t, &note, e->path, e->text);
	/* a sequence that stays is gone into */
	return note.done == DICOM_SET ? DICOM_KEEP : note.done;
}

/* What a copy with a box would say after a verdict. */
static void tell_statement(struct telling *t)
{
	struct statement list[STATEMENTS];
	size_t count;

	t->facts.profile = t->options->profile;
	t->facts.areas = 1;
	t->facts.reviewed = true;
	count = statement_list(&t->facts, list);
	for (size_t i = 0; i < count; i++) {
		struct note note;
		char path[9];

		memset(&note, 0, sizeof(note));
		note.kind = NOTE_SAID;
		note.tag = list[i].tag;
		memcpy(note.vr, list[i].vr, sizeof(note.vr));
		note.done = DICOM_SET;
		snprintf(path, sizeof(path), "%08x", (unsigned)list[i].tag);
		put_note(t, &note, path, list[i].text);
	}
}

static bool tell_all(struct telling *t, int fd, struct error *err)
{
	struct image *image = image_open(fd, err);
	struct dicom_edit *edit;
	bool ok = false;

	if (!image)
		return false;
	edit = dicom_edit_open(fd, err);
	t->facts.profile = t->options->profile;
	ok = edit && dicom_edit_walk(edit, tell_one, t, err);
	for (size_t i = 0; ok && dicom_edit_gone(edit, i); i++) {
		struct note note;
		char path[9];

		memset(&note, 0, sizeof(note));
		note.kind = NOTE_GONE;
		note.tag = dicom_edit_gone(edit, i);
		memcpy(note.vr, "??", 3);
		note.done = DICOM_REMOVE;
		snprintf(path, sizeof(path), "%08x", (unsigned)note.tag);
		put_note(t, &note, path, NULL);
	}
	if (ok)
		tell_statement(t);
	dicom_edit_close(edit);
	image_close(image);
	return ok;
}

/* What is explained, for the locked process and its supervisor. */
struct explaining {
	const struct explain_options *options;
	struct sandbox_lock *lock;
	int in_fd;
	FILE *out;
};

static void child(void *self, pid_t parent, int pipe_fd)
{
	const struct explaining *x = self;
	const int keep[] = { x->in_fd, pipe_fd };
	const struct sandbox limits = {
		.parent = parent, .keep = keep, .keep_count = 2,
		.address_space = MEMORY, .cpu_s = CPU_S,
	};
	struct telling t = { .options = x->options, .fd = pipe_fd };
	struct error err = { 0 };
	struct note end;

	if (!sandbox_null_stdio() || !sandbox_enter(&limits, x->lock))
		_exit(1);
	memset(&end, 0, sizeof(end));
	if (!tell_all(&t, x->in_fd, &err)) {
		end.reason = err.code == ERR_REFUSED ? err.reason :
			     err.code == ERR_MEMORY ? REASON_NO_MEMORY :
			     REASON_PROTOCOL;
		end.number = err.number;
	}
	end.kind = NOTE_END;
	put_note(&t, &end, "", NULL);
	_exit(0);
}

/* ---- its supervisor ---- */

/* Nothing of a note is used before it passed here. */
static bool is_note(const struct note *n)
{
	return (unsigned)n->kind < NOTE_KINDS && n->vr[2] == '\0' &&
	       (n->kind == NOTE_END ||
		strspn(n->vr, "ABCDEFGHIJKLMNOPQRSTUVWXYZ?") == 2) &&
	       (unsigned)n->done <= DICOM_SET && n->safe <= 1 &&
	       (unsigned)n->reason < REASON_COUNT && n->path <= PATH_MOST &&
	       n->value <= VALUE_MOST;
}

/* "00081140[0].00081155" as "(0008,1140)[1].(0008,1155)". */
static bool print_path(FILE *out, const char *path)
{
	for (;;) {
		char *end;
		long item;

		if (strspn(path, "0123456789abcdef") != 8)
			return false;
		fprintf(out, "(%.4s,%.4s)", path, path + 4);
		path += 8;
		if (!*path)
			return true;
		if (*path != '[')
			return false;
		item = strtol(path + 1, &end, 10);
		if (item < 0 || end[0] != ']' || end[1] != '.')
			return false;
		fprintf(out, "[%ld].", item + 1);
		path = end + 2;
	}
}

/* What is done, in the word of the rule unless the value changed it. */
static const char *word_of(const struct note *n, enum tag_action action)
{
	static const char *const done[] = {
		[DICOM_KEEP] = "keep", [DICOM_REMOVE] = "drop",
		[DICOM_EMPTY] = "empty", [DICOM_SET] = "set",
	};

	if (n->kind != NOTE_ATTRIBUTE || n->done != DICOM_SET)
		return done[n->done];
	return tag_action_name[action];
}

static const char *why_of(const struct note *n, const char *rule)
{
	return n->kind == NOTE_SAID ? "statement" :
	       n->kind == NOTE_GONE && DICOM_GROUP(n->tag) == 2 ? "meta" :
	       n->safe ? "ps315+private" :
	       rule;
}

static bool print_note(FILE *out, const struct explain_options *options,
		       const struct note *n, const char *path,
		       const char *value)
{
	char why[TAGS_WHY], name[80];
	struct buffer text = { 0 };
	struct json_writer w = json_writer(&text, false);
	enum tag_action action = tags_rule(options->profile, n->tag, n->vr,
					   why);

	if (!print_path(out, path))
		return false;
	dicom_tag_name(n->tag, name, sizeof(name));
	fprintf(out, "\t%s\t%s\t%s\t%s", n->vr, word_of(n, action),
		why_of(n, why), name);
	if (n->value) {
		json_put_lossy(&w, NULL, value);
		fprintf(out, "\t%s", text.failed ? "" : text.data);
	}
	fputc('\n', out);
	buffer_done(&text);
	return true;
}

/* All notes; *end is the last one. */
static enum heard listen_to(const struct forked *f, const struct explaining *x,
			    struct note *end)
{
	char path[PATH_MOST + 1], value[VALUE_MOST + 1];
	enum heard heard;

	for (;;) {
		heard = forked_read(f, end, sizeof(*end));
		if (heard != HEARD_ALL)
			return heard;
		if (!is_note(end))
			return HEARD_NONSENSE;
		heard = forked_read(f, path, end->path);
		if (heard == HEARD_ALL)
			heard = forked_read(f, value, end->value);
		if (heard != HEARD_ALL || end->kind == NOTE_END)
			return heard;
		path[end->path] = '\0';
		value[end->value] = '\0';
		if (!print_note(x->out, x->options, end, path, value))
			return HEARD_NONSENSE;
	}
}

static bool run(struct explaining *x, struct error *err)
{
	struct forked f;
	struct note end;

	return forked_start(&f, child, x, err) &&
	       forked_end(&f, listen_to(&f, x, &end), err) &&
	       (end.reason == REASON_NONE ||
		error_refuse(err, end.reason, NULL, end.number));
}

int explain_tags(const struct explain_options *options, FILE *out,
		 const struct batch_talk *talk)
{
	struct explaining x = { .options = options, .in_fd = -1, .out = out };
	struct error err = { 0 };
	char text[ERROR_TEXT];
	bool ok = image_warm_up(&err);

	if (ok)
		x.in_fd = source_open(options->file, SOURCE_NAMED, &err);
	if (x.in_fd >= 0) {
		x.lock = sandbox_lock_new();
		ok = x.lock ? run(&x, &err) :
		     error_set(&err, ERR_INTERNAL,
			       _("no process can be started: close other "
				 "programs"));
		sandbox_lock_free(x.lock);
		close(x.in_fd);
		if (ok)
			return 0;
	}
	if (err.code == ERR_REFUSED) {
		reason_text(err.reason, err.uid, err.number, true, text,
			    sizeof(text));
		talk->say(talk->self, options->file, text);
	} else {
		talk->say(talk->self, options->file, err.text);
	}
	return error_exit_status(err.code);
}
