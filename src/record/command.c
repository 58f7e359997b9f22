/* command.c - the log command: check, show, export. */
#include "config.h"

#include "record/command.h"

#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "record/line.h"
#include "record/project.h"

enum { KEYED_HEX = 17, DESCRIPTION = 256 };

struct printing {
	FILE *out;
	const struct project *p;
	bool csv;
	bool memory;
};

/* ---- show ---- */

static bool show_entry(void *self, const struct log_entry *entry)
{
	struct printing *r = self;
	char text[DESCRIPTION];

	log_describe(entry, text, sizeof(text));
	fprintf(r->out, "%s\n", text);
	return true;
}

/* ---- export ---- */

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

enum { EXPORT_BOXES, EXPORT_EV, EXPORT_ITEM, EXPORT_LEAF, EXPORT_OUT,
       EXPORT_PHASE, EXPORT_POL, EXPORT_REASON, EXPORT_REFUSED, EXPORT_ROLE,
       EXPORT_SEQ, EXPORT_T, EXPORT_TOOL, EXPORT_VERDICT, EXPORT_WHO,
       EXPORTS };

/* In byte order, for the canonical form. */
static const char *const export_name[EXPORTS] = {
	"boxes", "ev", "item", "leaf", "out_sha256", "phase", "pol", "reason",
	"refused", "role", "seq", "t", "tool", "verdict", "who",
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
		x->boxes, log_event_name[e->event], x->item, x->leaf, x->out,
		or_empty(e->phase), e->pol, or_empty(e->reason),
		or_empty(e->refused), or_empty(e->role), x->seq, x->t,
		e->tool, or_empty(e->verdict), x->who,
	};
	memcpy(x->text, text, sizeof(text));
	return true;
}

static bool export_json(struct printing *r, const struct log_entry *e,
			const struct export *x)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, true);

	json_put_open(&w, NULL, '{');
	for (int i = 0; i < EXPORTS; i++) {
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
	bool good = !line.failed;

	if (good)
		fprintf(r->out, "%s\n", line.data);
	buffer_done(&line);
	return good;
}

/* RFC 4180; no value holds a comma, a quote or a line end. */
static void export_csv(FILE *out, const char *const text[EXPORTS])
{
	for (int i = 0; i < EXPORTS; i++)
		fprintf(out, "%s%s", i ? "," : "", text[i]);
	fputs("\r\n", out);
}

static bool export_entry(void *self, const struct log_entry *entry)
{
	struct printing *r = self;
	struct export x;

	r->memory = fill_export(r->p, entry, &x);
	if (r->memory && r->csv)
		export_csv(r->out, x.text);
	else if (r->memory)
		r->memory = export_json(r, entry, &x);
	return r->memory;
}

/* ---- check ---- */

static bool print_check(FILE *out, const struct log_check *check)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);
	bool good;

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "status", check->fault == LOG_OK ? "ok" :
			"failed");
	json_put_integer(&w, "records", check->records);
	json_put_integer(&w, "signed", check->standing.signed_size);
	if (check->fault != LOG_OK) {
		json_put_string(&w, "class", log_fault_name[check->fault]);
		json_put_integer(&w, "line", check->line);
	}
	json_put_close(&w);
	good = !line.failed;
	if (good)
		fprintf(out, "%s\n", line.data);
	buffer_done(&line);
	return good;
}

/* ---- the command ---- */

static const char *const fault_text[LOG_FAULTS] = {
	[LOG_EDIT] = N_("a record was changed"),
	[LOG_GAP] = N_("records are missing"),
	[LOG_ORDER] = N_("records stand in another order, or twice"),
	[LOG_TRUNCATED] = N_("the end of the log is missing"),
	[LOG_FORM] = N_("a line is no record of this program"),
	[LOG_CONTENT] = N_("a file of boxes is not the one its verdict names"),
	[LOG_TORN] = N_("the last line is unfinished, as after a power cut; "
			"opening the project repairs it"),
	[LOG_HEAD] = N_("the head file does not fit the records"),
	[LOG_ROLLBACK] = N_("the log was put back to an earlier state: later "
			    "records were signed or worked on"),
	[LOG_FORK] = N_("these are not the records that a checkpoint was "
			"signed for"),
	[LOG_BADSIG] = N_("a checkpoint is missing, or the key of the log did "
			  "not sign it"),
};

static bool report(const struct log_check *check, struct error *err)
{
	if (check->fault == LOG_OK)
		return true;
	return error_set(err, ERR_CHECK, _("line %lld of the log: %s"),
			 check->line, _(fault_text[check->fault]));
}

static const struct {
	const char *name;
	bool (*visit)(void *self, const struct log_entry *entry);
} verbs[] = {
	{ "check", NULL }, { "show", show_entry }, { "export", export_entry },
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static bool run_verb(struct project *p, int verb, bool csv, FILE *out,
		     struct error *err)
{
	struct printing r = { out, p, csv, true };
	struct project_audit audit;

	if (csv)
		export_csv(out, export_name);
	if (!project_audit_log(p, &audit, verbs[verb].visit, &r, err))
		return false;
	if (!verbs[verb].visit)
		r.memory = print_check(out, &audit.log);
	if (!r.memory)
		return error_set(err, ERR_MEMORY, "no memory for a line");
	return report(&audit.log, err);
}

bool log_command(const struct log_options *o, FILE *out, struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .log_only = true };
	const bool csv = o->format && !strcmp(o->format, "csv");
	struct project *p;
	int verb = 0;
	bool good;

	while (verb < VERBS && strcmp(verbs[verb].name, o->verb))
		verb++;
	if (verb == VERBS)
		return error_set(err, ERR_USAGE, _("check, show or export is "
						   "needed"));
	if (o->format && (verbs[verb].visit != export_entry ||
			  (!csv && strcmp(o->format, "json"))))
		return error_set(err, ERR_USAGE, _("--format: json or csv, and "
						   "only for export"));
	p = project_open(&options, err);
	if (!p)
		return false;
	good = run_verb(p, verb, csv, out, err);
	project_abandon(p);
	return good;
}
