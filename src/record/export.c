/* export.c - the export view of a log. */
#include "config.h"

#include "record/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/i18n.h"
#include "base/json.h"
#include "record/chain.h"
#include "record/checkpoints.h"
#include "record/ledger.h"
#include "record/line.h"

enum {
	KEYED_HEX = 17,
	EXPORT_MOST = 1 << 30           /* bytes of a file to check */
};

struct exporting {
	FILE *out;
	const struct project *p;
	bool csv;
	bool memory;
	struct ledger ledger;           /* of the whole log */
	const struct signed_checkpoint *last;   /* NULL: nothing is signed */
	struct merkle_tree tree;        /* of its records */
};

/* A name that only the holder of the project's key can lead back. */
static bool keyed(const struct project *p, const char *kind,
		  const char *name, char hex[KEYED_HEX])
{
	uint8_t key[HASH_SIZE], mac[HASH_SIZE];

	if (!hash_derive(p->export_key, kind, key) ||
	    !hash_hmac(key, name, strlen(name), mac))
		return false;
	hash_hex(mac, (KEYED_HEX - 1) / 2, hex);
	return true;
}

enum { EXPORT_APART, EXPORT_BASIS, EXPORT_BOXES, EXPORT_EV, EXPORT_ITEM,
       EXPORT_LEAF, EXPORT_MODE, EXPORT_OUT, EXPORT_PHASE, EXPORT_POL,
       EXPORT_QUAL, EXPORT_REASON, EXPORT_RECIPIENT, EXPORT_REFUSED,
       EXPORT_ROLE, EXPORT_SECOND, EXPORT_SEQ, EXPORT_T, EXPORT_TOOL,
       EXPORT_VERDICT, EXPORT_WHO, EXPORTS };

/* In byte order, for the canonical form. */
static const char *const export_name[EXPORTS] = {
	"apart", "basis", "boxes", "ev", "item", "leaf", "mode",
	"out_sha256", "phase", "pol", "qual", "reason", "recipient",
	"refused", "role", "second", "seq", "t", "tool", "verdict", "who",
};

/* The values of one record; "" where it has none. */
struct export {
	char boxes[24], item[KEYED_HEX], leaf[HASH_HEX], out[HASH_HEX],
	     seq[24], t[25], who[KEYED_HEX];
	const char *text[EXPORTS];
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static bool fill_export(const struct project *p, const struct log_entry *e,
			struct export *x)
{
	*x = (struct export){ .boxes = "" };
	if (LINE_HAS(e, LINE_BOXES))
		snprintf(x->boxes, sizeof(x->boxes), "%lld", e->boxes);
	if (LINE_HAS(e, LINE_ITEM) && !keyed(p, "item", e->item, x->item))
		return false;
	if (!keyed(p, "who", e->who, x->who))
		return false;
	hash_hex(e->leaf, HASH_SIZE, x->leaf);
	if (e->has_out)
		hash_hex(e->out_sha256, HASH_SIZE, x->out);
	snprintf(x->seq, sizeof(x->seq), "%lld", e->seq);
	/* to the hour: 2026-11-21T02:00:00Z */
	snprintf(x->t, sizeof(x->t), "%.13s:00:00Z", e->t);
	const char *const text[EXPORTS] = {
		or_empty(e->apart), e->basis, x->boxes,
		log_event_name[e->event],
		x->item, x->leaf, or_empty(e->mode), x->out,
		or_empty(e->phase), e->pol, or_empty(e->qual),
		or_empty(e->reason), or_empty(e->recipient),
		or_empty(e->refused), or_empty(e->role), or_empty(e->second),
		x->seq, x->t, e->tool, or_empty(e->verdict), x->who,
	};
	memcpy(x->text, text, sizeof(text));
	return true;
}

/* The proof that the checkpoint covers the record, when it does. */
static bool put_proof(const struct exporting *x, long long seq,
		      struct json_writer *w)
{
	struct merkle_proof proof;

	if (seq > (long long)x->tree.size)
		return true;
	if (!merkle_include(&x->tree, (size_t)seq - 1, &proof))
		return false;
	json_put_open(w, "proof", '[');
	for (int i = 0; i < proof.count; i++)
		json_put_base64(w, NULL, proof.hash[i], HASH_SIZE);
	json_put_close(w);
	return true;
}

static bool export_json(const struct exporting *r, const struct log_entry *e,
			const struct export *x)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, true);
	bool good = true;

	json_put_open(&w, NULL, '{');
	for (int i = 0; i < EXPORTS; i++) {
		if (i == EXPORT_QUAL)
			good = put_proof(r, e->seq, &w);
		if (i == EXPORT_VERDICT)
			json_put_integer(&w, "v", 1);
		if (!*x->text[i])
			continue;
		if (i == EXPORT_BOXES)
			json_put_integer(&w, export_name[i], e->boxes);
		else if (i == EXPORT_SEQ)
			json_put_integer(&w, export_name[i], e->seq);
		else
			json_put_string(&w, export_name[i], x->text[i]);
	}
	json_put_close(&w);
	if (good)
		return json_print(&line, r->out);
	buffer_done(&line);
	return false;
}

/* RFC 4180; no value holds a comma, a quote or a line end. */
static void export_csv(FILE *out, const char *const text[EXPORTS])
{
	for (int i = 0; i < EXPORTS; i++)
		fprintf(out, "%s%s", i ? "," : "", text[i]);
	fputs("\r\n", out);
}

/* A record that is about nothing that left. */
static bool is_inside(struct ledger *ledger, const struct log_entry *e)
{
	uint8_t id[16];
	const struct fact *f;

	if (!LINE_HAS(e, LINE_ITEM))
		return false;
	f = hash_from_hex(e->item, id, sizeof(id)) ? ledger_find(ledger, id) :
						     NULL;
	return !f || f->output != OUTPUT_RELEASED;
}

/* What is left of it: that there is a record. */
static void keep_leaf(struct export *x)
{
	for (int i = 0; i < EXPORTS; i++)
		if (i != EXPORT_LEAF && i != EXPORT_SEQ)
			x->text[i] = "";
}

static bool take_entry(void *self, const struct log_entry *entry)
{
	struct exporting *r = self;

	r->memory = ledger_take(&r->ledger, entry);
	return r->memory;
}

static bool export_entry(void *self, const struct log_entry *entry)
{
	struct exporting *r = self;
	const bool inside = is_inside(&r->ledger, entry);
	struct export x;

	r->memory = fill_export(r->p, entry, &x);
	if (r->memory && inside && r->csv)
		return true;
	if (inside)
		keep_leaf(&x);
	if (r->memory && r->csv)
		export_csv(r->out, x.text);
	else if (r->memory)
		r->memory = export_json(r, entry, &x);
	return r->memory;
}

/* The last line: what the proofs lead to. */
static bool export_checkpoint(const struct exporting *r)
{
	struct buffer line = { 0 }, note = { 0 };
	struct json_writer w = json_writer(&line, true);

	buffer_append(&note, r->last->note.text, r->last->note.length);
	if (note.failed)
		return false;
	json_put_open(&w, NULL, '{');
	json_put_string(&w, "checkpoint", note.data);
	json_put_integer(&w, "v", 1);
	json_put_close(&w);
	buffer_done(&note);
	return json_print(&line, r->out);
}

bool export_log(struct project *p, bool csv, FILE *out,
		struct project_audit *audit, struct error *err)
{
	struct exporting x = { .out = out, .p = p, .csv = csv,
			       .memory = true };
	struct checkpoints list = { 0 };
	bool good = p->erased ?
		    error_set(err, ERR_USAGE, _("this project was erased; its "
						"log can still be checked")) :
		    csv || checkpoints_read(p->logfd, &list, err);

	if (good && list.count > 0) {
		x.last = &list.item[list.count - 1];
		/* a log that has lost records is named by the audit below */
		good = chain_tree(p->logfd, x.last->c.size, &x.tree, err);
	}
	if (good && csv)
		export_csv(out, export_name);
	good = good && project_audit_log(p, audit, take_entry, &x, err) &&
	       (!x.memory ||
		project_audit_log(p, audit, export_entry, &x, err));
	if (good && x.memory && x.last)
		x.memory = export_checkpoint(&x);
	if (good && !x.memory)
		good = error_set(err, ERR_MEMORY, _("no memory"));
	merkle_tree_done(&x.tree);
	checkpoints_done(&list);
	ledger_done(&x.ledger);
	return good;
}

/* ---- check ---- */

static void find(struct export_check *result, enum log_fault fault)
{
	if (result->fault != LOG_OK)
		return;
	result->fault = fault;
	result->line = result->records + 1;
}

static bool read_proof(const struct json *list, struct merkle_proof *proof)
{
	const size_t count = json_count(list);

	proof->count = 0;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_as_string(json_at(list, i));

		if (!text || i == 2 * MERKLE_LEVELS ||
		    base64_get(text, strlen(text), proof->hash[i],
			       HASH_SIZE) != HASH_SIZE)
			return false;
		proof->count++;
	}
	return true;
}

/* One record; those behind the checkpoint have no proof. */
static void check_record(const struct json *record, const struct checkpoint *a,
			 struct hasher *h, struct export_check *result)
{
	const struct json *list = json_member(record, "proof");
	const char *leaf_hex = json_get_string(record, "leaf");
	uint8_t leaf[HASH_SIZE];
	struct merkle_proof proof;
	long long seq;

	if (!leaf_hex || !hash_from_hex(leaf_hex, leaf, HASH_SIZE) ||
	    !json_get_integer(record, "seq", &seq) ||
	    seq != result->records + 1) {
		find(result, LOG_FORM);
	} else if (!list) {
		if (seq <= a->size)
			find(result, LOG_CONTENT);
	} else if (read_proof(list, &proof) &&
		   merkle_included(h, seq - 1, a->size, leaf, &proof,
				   a->root)) {
		result->proved++;
	} else {
		find(result, LOG_CONTENT);
	}
	result->records++;
}

/* The last line: a checkpoint that one of the keys signed. */
static bool read_anchor(const char *text, size_t length,
			const struct trust *trust, struct checkpoint *a,
			struct export_check *result)
{
	struct json *last = json_read(text, length, NULL);
	const char *body = json_get_string(last, "checkpoint");
	bool holds = trust->keys == 0;
	struct note note;
	bool good = body && note_parse(body, strlen(body), &note) &&
		    checkpoint_parse(note.text, note.text_length, a);

	for (int i = 0; good && i < trust->keys; i++)
		holds = holds || (note_judge(&note, &trust->key[i], NULL) ==
				  NOTE_HOLDS &&
				  !strcmp(trust->key[i].name, a->origin));
	if (!good || !holds)
		find(result, good ? LOG_BADSIG : LOG_FORM);
	result->size = good ? a->size : 0;
	json_free(last);
	return good;
}

static void check_lines(const char *text, size_t length,
			const struct trust *trust, struct hasher *h,
			struct export_check *result)
{
	struct checkpoint a = { .size = 0 };
	size_t last = length, at = 0;

	while (last > 1 && text[last - 2] != '\n')
		last--;
	last = last > 1 ? last - 1 : 0;
	if (length == 0 || text[length - 1] != '\n' ||
	    !read_anchor(text + last, length - last, trust, &a, result)) {
		find(result, LOG_FORM);
		return;
	}
	while (at < last) {
		size_t line = strcspn(text + at, "\n");
		struct json *record = json_read(text + at, line, NULL);

		check_record(record, &a, h, result);
		json_free(record);
		at += line + 1;
	}
	if (result->records < a.size)
		find(result, LOG_GAP);
}

bool export_check(const char *path, const struct trust *trust,
		  struct export_check *result, struct error *err)
{
	struct buffer text = { 0 };
	struct hasher *h = hasher_new();
	bool good = h != NULL;

	*result = (struct export_check){ .fault = LOG_OK };
	if (!good)
		error_set(err, ERR_MEMORY, _("no memory"));
	good = good && trust_read_file(path, EXPORT_MOST, &text, err);
	if (good)
		check_lines(text.data, text.length, trust, h, result);
	buffer_done(&text);
	hasher_free(h);
	return good;
}
