/* command.c - the log command: check, show, export. */
#include "config.h"

#include "record/command.h"

#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/json.h"
#include "record/export.h"
#include "record/project.h"
#include "record/trust.h"

enum { DESCRIPTION = 256 };

struct printing {
	FILE *out;
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

/* ---- check ---- */

/* What a check found, of a log or of a file that was exported. */
struct finding {
	long long records, proved, signed_;     /* proved: -1, not looked at */
	enum log_fault fault;
	long long line;
};

static bool print_finding(FILE *out, const struct finding *f,
			  struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "status", f->fault == LOG_OK ? "ok" : "failed");
	json_put_integer(&w, "records", f->records);
	if (f->proved >= 0)
		json_put_integer(&w, "proved", f->proved);
	json_put_integer(&w, "signed", f->signed_);
	if (f->fault != LOG_OK) {
		json_put_string(&w, "class", log_fault_name[f->fault]);
		json_put_integer(&w, "line", f->line);
	}
	json_put_close(&w);
	return json_print(&line, out) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

static bool print_check(FILE *out, const struct log_check *check,
			struct error *err)
{
	const struct finding f = {
		.records = check->records, .proved = -1,
		.signed_ = check->standing.signed_size,
		.fault = check->fault, .line = check->line,
	};

	return print_finding(out, &f, err);
}

/* ---- the command ---- */

static const char *const fault_text[LOG_FAULTS] = {
	[LOG_EDIT] = N_("a record was changed"),
	[LOG_GAP] = N_("records are missing"),
	[LOG_ORDER] = N_("records stand in another order, or twice"),
	[LOG_TRUNCATED] = N_("the end of the log is missing"),
	[LOG_FORM] = N_("a line is no record of this program"),
	[LOG_CONTENT] = N_("a file of boxes is not the one its verdict names"),
	[LOG_TORN] = N_("a record was not written to its end, as by a full "
			"disk or a power cut: it counts as no record and no "
			"decision, and all before it holds; the next review "
			"or apply closes it and notes that in the log"),
	[LOG_HEAD] = N_("the head file does not fit the records"),
	[LOG_ROLLBACK] = N_("the log was put back to an earlier state: later "
			    "records were signed or worked on"),
	[LOG_FORK] = N_("these are not the records that a checkpoint was "
			"signed for"),
	[LOG_BADSIG] = N_("a checkpoint is missing, or the key of the log did "
			  "not sign it"),
	[LOG_UNREAD] = N_("an output was released without the second reader "
			  "that was asked for"),
};

static bool report(const struct log_check *check, struct error *err)
{
	if (check->fault == LOG_OK)
		return true;
	return error_set(err, ERR_CHECK, _("line %lld of the log: %s"),
			 check->line, _(fault_text[check->fault]));
}

enum verb { CHECK, SHOW, EXPORT, VERBS };
static const char *const verbs[VERBS] = {
	[CHECK] = "check", [SHOW] = "show", [EXPORT] = "export",
};

static bool run_verb(struct project *p, enum verb verb, bool csv,
		     const struct trust *trust, FILE *out, struct error *err)
{
	struct printing r = { out };
	struct project_audit audit;
	bool good = verb == EXPORT ? export_log(p, csv, out, &audit, err) :
		    project_audit_log(p, &audit,
				      verb == SHOW ? show_entry : NULL, &r,
				      err);

	if (!good || !trust_compare(trust, p->logfd, &audit.log, err))
		return false;
	if (verb == CHECK && !print_check(out, &audit.log, err))
		return false;
	return report(&audit.log, err);
}

/* A file that `log export` made, without its project. */
static bool check_exported(const char *path, const struct trust *trust,
			   FILE *out, struct error *err)
{
	struct export_check found;
	struct finding f;

	if (!export_check(path, trust, &found, err))
		return false;
	f = (struct finding){ found.records, found.proved, found.size,
			      found.fault, found.line };
	if (!print_finding(out, &f, err))
		return false;
	return found.fault == LOG_OK ||
	       error_set(err, ERR_CHECK, _("line %lld of the exported log does "
					   "not hold"), found.line);
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool log_command(const struct log_options *o, FILE *out, struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .log_only = true };
	const bool csv = o->format && !strcmp(o->format, "csv");
	struct trust trust;
	struct project *p;
	int verb = 0;
	bool good;

	while (verb < VERBS && strcmp(verbs[verb], o->verb))
		verb++;
	if (verb == VERBS)
		return error_set(err, ERR_USAGE, _("check, show or export is "
						   "needed"));
	if (o->format && (verb != EXPORT ||
			  (!csv && strcmp(o->format, "json"))))
		return error_set(err, ERR_USAGE, _("--format: json, csv or "
						   "fhir, and only for "
						   "export"));
	if ((o->keys || o->witness) && verb != CHECK)
		return error_set(err, ERR_USAGE, _("--key and --witness are "
						   "for check"));
	if (!trust_read(&trust, o->keys, o->witness, err))
		return false;
	if (verb == CHECK && is_file(o->directory))
		return check_exported(o->directory, &trust, out, err);
	p = project_open(&options, err);
	if (!p)
		return false;
	good = run_verb(p, (enum verb)verb, csv, &trust, out, err);
	project_abandon(p);
	return good;
}
