/* fhir.c - the log of released items as FHIR R4 resources. */
#include "config.h"

#include "exchange/fhir.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "exchange/released.h"
#include "record/ledger.h"
#include "record/line.h"
#include "record/second.h"

/* Terminology of R4: terminology.hl7.org/CodeSystem/... */
#define LIFECYCLE "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
#define AUDIT_ENTITY "http://terminology.hl7.org/CodeSystem/audit-entity-type"
#define DICOM_LIFECYCLE \
	"http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle"
#define PARTICIPANT \
	"http://terminology.hl7.org/CodeSystem/provenance-participant-type"

/*
 * Events that are told, the phase they must have, their action (R4
 * audit-event-action) and life cycle (dicom-audit-lifecycle: 4 verification,
 * 7 de-identification, 10 export).
 */
static const struct told {
	enum log_event event;
	const char *phase;              /* NULL: any */
	const char *action, *lifecycle;
} told[] = {
	{ LOG_ITEM_VERDICT, NULL, "E", "4" },
	{ LOG_ITEM_OUTPUT, "done", "C", "7" },
	{ LOG_QA_VERDICT, NULL, "E", "4" },     /* of a second reader */
	{ LOG_ITEM_RELEASE, "done", "R", "10" },
};

/* An item that is released, who gave its last verdict, and which second reader
 * agreed to it ("": none). */
struct leaving {
	uint8_t id[16];
	char who[33], second[33];
};

struct telling {
	struct project *p;
	FILE *out;
	struct ledger ledger;
	struct leaving *item;           /* sorted by id */
	size_t items;
	char site[RELEASED_NAME];
	bool memory;                    /* false: there is none */
};

static int compare_items(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(((struct leaving *)0)->id));
}

static struct leaving *find_item(const struct telling *t, const char *hex)
{
	struct leaving key;

	if (!t->items || !hash_from_hex(hex, key.id, sizeof(key.id)))
		return NULL;
	return bsearch(&key, t->item, t->items, sizeof(*t->item),
		       compare_items);
}

/* ---- parts of resources ---- */

static void put_text_identifier(struct json_writer *w, const char *system,
				const char *value)
{
	json_put_open(w, "identifier", '{');
	json_put_string(w, "system", system);
	json_put_string(w, "value", value);
	json_put_close(w);
}

static void put_who(struct json_writer *w, const char *member,
		    const char *system, const char *value)
{
	json_put_open(w, member, '{');
	put_text_identifier(w, system, value);
	json_put_close(w);
}

static void put_coding(struct json_writer *w, const char *member,
		       const char *system, const char *code)
{
	json_put_open(w, member, '{');
	json_put_string(w, "system", system);
	json_put_string(w, "code", code);
	json_put_close(w);
}

static void put_concept(struct json_writer *w, const char *member,
			const char *system, const char *code)
{
	json_put_open(w, member, '{');
	json_put_open(w, "coding", '[');
	put_coding(w, NULL, system, code);
	json_put_close(w);
	json_put_close(w);
}

static void put_detail(struct json_writer *w, const char *type,
		       const char *value)
{
	json_put_open(w, NULL, '{');
	json_put_string(w, "type", type);
	json_put_string(w, "valueString", value);
	json_put_close(w);
}

/* To the hour, as in log export. */
static void put_recorded(struct json_writer *w, const struct log_entry *e)
{
	char t[32];

	snprintf(t, sizeof(t), "%.13s:00:00Z", e->t);
	json_put_string(w, "recorded", t);
}

/* ---- AuditEvent ---- */

static void put_audit_agents(struct json_writer *w, const char *who,
			     const char *tool)
{
	json_put_open(w, "agent", '[');
	json_put_open(w, NULL, '{');
	put_who(w, "who", "urn:suminuri:reviewer", who);
	json_put_boolean(w, "requestor", true);
	json_put_close(w);
	json_put_open(w, NULL, '{');
	put_who(w, "who", "urn:suminuri:tool", tool);
	json_put_boolean(w, "requestor", false);
	json_put_close(w);
	json_put_close(w);
}

static void put_entity(struct json_writer *w, const struct log_entry *e,
		       const char *item, const char *lifecycle)
{
	char seq[24], hex[HASH_HEX];

	json_put_open(w, "entity", '[');
	json_put_open(w, NULL, '{');
	put_who(w, "what", "urn:suminuri:item", item);
	put_coding(w, "type", AUDIT_ENTITY, "2");
	put_coding(w, "lifecycle", DICOM_LIFECYCLE, lifecycle);
	json_put_open(w, "detail", '[');
	snprintf(seq, sizeof(seq), "%lld", e->seq);
	put_detail(w, "log_seq", seq);
	put_detail(w, "policy", e->pol);
	if (e->verdict)
		put_detail(w, "verdict", e->verdict);
	if (e->role)
		put_detail(w, "role", e->role);
	if (e->qual)
		put_detail(w, "qualification", e->qual);
	if (e->has_out) {
		hash_hex(e->out_sha256, HASH_SIZE, hex);
		put_detail(w, "out_sha256", hex);
	}
	json_put_close(w);
	json_put_close(w);
	json_put_close(w);
}

static void put_audit(struct json_writer *w, const struct telling *t,
		      const struct told *told_, const struct log_entry *e,
		      const char *item, const char *who)
{
	json_put_open(w, NULL, '{');
	json_put_string(w, "resourceType", "AuditEvent");
	put_coding(w, "type", LIFECYCLE, "deidentify");
	json_put_open(w, "subtype", '[');
	put_coding(w, NULL, "urn:suminuri:event", log_event_name[e->event]);
	json_put_close(w);
	json_put_string(w, "action", told_->action);
	put_recorded(w, e);
	json_put_string(w, "outcome", "0");
	put_audit_agents(w, who, e->tool);
	json_put_open(w, "source", '{');
	put_who(w, "observer", "urn:suminuri:project", t->site);
	json_put_close(w);
	put_entity(w, e, item, told_->lifecycle);
	json_put_close(w);
}

/* ---- Provenance ---- */

/* role: NULL, or which of the readers he is. */
static void put_agent(struct json_writer *w, const char *type,
		      const char *role, const char *system, const char *value)
{
	json_put_open(w, NULL, '{');
	put_concept(w, "type", PARTICIPANT, type);
	if (role) {
		json_put_open(w, "role", '[');
		put_concept(w, NULL, "urn:suminuri:role", role);
		json_put_close(w);
	}
	put_who(w, "who", system, value);
	json_put_close(w);
}

/* second: "" when nobody read the copy. */
static void put_provenance(struct json_writer *w, const struct log_entry *e,
			   const char *item, const char *first,
			   const char *second)
{
	json_put_open(w, NULL, '{');
	json_put_string(w, "resourceType", "Provenance");
	json_put_open(w, "target", '[');
	json_put_open(w, NULL, '{');
	put_text_identifier(w, "urn:suminuri:item", item);
	json_put_close(w);
	json_put_close(w);
	put_recorded(w, e);
	put_concept(w, "activity", LIFECYCLE, "deidentify");
	json_put_open(w, "agent", '[');
	put_agent(w, "verifier", "reviewer", "urn:suminuri:reviewer", first);
	if (*second)
		put_agent(w, "verifier", "second-reader",
			  "urn:suminuri:reviewer", second);
	put_agent(w, "assembler", NULL, "urn:suminuri:tool", e->tool);
	json_put_close(w);
	json_put_open(w, "entity", '[');
	json_put_open(w, NULL, '{');
	json_put_string(w, "role", "source");
	put_who(w, "what", "urn:suminuri:source", item);
	json_put_close(w);
	json_put_close(w);
	json_put_close(w);
}

/* ---- through the log ---- */

static bool print_line(struct telling *t, struct buffer *line)
{
	if (line->failed)
		return false;
	fprintf(t->out, "%s\n", line->data);
	buffer_clear(line);
	return true;
}

static bool tell(struct telling *t, const struct told *told_,
		 const struct log_entry *e, const struct leaving *leaving)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);
	char item[RELEASED_NAME], who[RELEASED_NAME], first[RELEASED_NAME],
	     second[RELEASED_NAME] = "";
	bool good;

	good = released_keyed(t->p, "item", e->item, item) &&
	       released_keyed(t->p, "who", e->who, who) &&
	       released_keyed(t->p, "who", leaving->who, first) &&
	       (!leaving->second[0] ||
		released_keyed(t->p, "who", leaving->second, second));
	if (good) {
		put_audit(&w, t, told_, e, item, who);
		good = print_line(t, &line);
	}
	if (good && e->event == LOG_ITEM_RELEASE) {
		w = json_writer(&line, false);
		put_provenance(&w, e, item, first, second);
		good = print_line(t, &line);
	}
	buffer_done(&line);
	return good;
}

static bool tell_entry(void *self, const struct log_entry *e)
{
	struct telling *t = self;
	const struct leaving *leaving;

	if (!LINE_HAS(e, LINE_ITEM) ||
	    (e->event == LOG_QA_VERDICT && !second_is(e)))
		return true;
	leaving = find_item(t, e->item);
	for (size_t i = 0; leaving && i < sizeof(told) / sizeof(told[0]); i++)
		if (told[i].event == e->event &&
		    (!told[i].phase ||
		     (e->phase && !strcmp(e->phase, told[i].phase))))
			t->memory = t->memory && tell(t, &told[i], e, leaving);
	return t->memory;
}

/* First the ledger, then who gave the last verdicts and read the copies. */
static bool take_entry(void *self, const struct log_entry *e)
{
	struct telling *t = self;

	t->memory = ledger_take(&t->ledger, e);
	return t->memory;
}

static bool take_who(void *self, const struct log_entry *e)
{
	struct telling *t = self;
	struct leaving *leaving;

	if (e->event != LOG_ITEM_VERDICT && !second_is(e))
		return true;
	leaving = find_item(t, e->item);
	if (!leaving)
		return true;
	leaving->second[0] = '\0';
	if (e->event == LOG_ITEM_VERDICT)
		snprintf(leaving->who, sizeof(leaving->who), "%s", e->who);
	else if (!strcmp(e->verdict, item_state_name[ITEM_CLEAN]))
		snprintf(leaving->second, sizeof(leaving->second), "%s",
			 e->who);
	return true;
}

static bool read_log(struct telling *t,
		     bool (*visit)(void *self, const struct log_entry *e),
		     struct error *err)
{
	struct project_audit audit = { 0 };

	if (!project_audit_log(t->p, &audit, visit, t, err))
		return false;
	if (!t->memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	return audit.log.fault == LOG_OK ||
	       error_set(err, ERR_CHECK, _("the log is broken: see "
					   "'suminuri log check'"));
}

static bool list_items(struct telling *t, struct error *err)
{
	t->item = mem_array(t->ledger.used + 1, sizeof(*t->item));
	if (!t->item)
		return error_set(err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; i < t->ledger.slots; i++) {
		const struct fact *f = &t->ledger.fact[i];

		if (f->used && f->output == OUTPUT_RELEASED)
			memcpy(t->item[t->items++].id, f->id, sizeof(f->id));
	}
	if (t->items)
		qsort(t->item, t->items, sizeof(*t->item), compare_items);
	return true;
}

bool fhir_export(struct project *p, FILE *out, struct error *err)
{
	struct telling t = { .p = p, .out = out, .memory = true };
	bool good = released_keyed(p, "project", "", t.site) ||
		    error_set(err, ERR_MEMORY, _("no memory"));

	good = good && read_log(&t, take_entry, err) && list_items(&t, err) &&
	       read_log(&t, take_who, err) && read_log(&t, tell_entry, err);
	ledger_done(&t.ledger);
	free(t.item);
	return good;
}
