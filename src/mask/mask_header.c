/* mask_header.c - the header of a masked DICOM file. */
#include "config.h"

#include "mask/mask_header.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/uid.h"
#include "image/format_dicom.h"
#include "mask/statement.h"
#include "mask/tags.h"

enum { PREAMBLE = 128 };

struct header {
	struct mask_plan *plan;
	const struct mask_header *want;
	struct dicom_edit *edit;
	struct statement_facts facts;
};

/* What a carrier holds; one that is there but empty holds nothing. */
static void see_carrier(struct mask_report *report,
			const struct dicom_element *e)
{
	if (!e->length && !e->items && !e->is_private)
		return;
	report->dropped |= tags_carrier(e->tag);
	/* 6000 to 601E are planes (PS3.3 C.9.2); others have no name */
	if (tags_is_overlay(e->tag) && DICOM_GROUP(e->tag) < 0x6040)
		report->overlays |= 1u << (DICOM_GROUP(e->tag) - 0x6000) / 2;
}

static enum dicom_action visit(void *self, const struct dicom_element *e,
			       char value[DICOM_VALUE])
{
	struct header *h = self;
	const struct mask_job *job = h->plan->job;

	if (!tags_is_safe(job->profile, e))
		see_carrier(h->plan->report, e);
	statement_see(&h->facts, e);
	return tags_apply(tags_element(job->profile, e), job, e->text, value);
}

/* A file without a usable instance UID gets one keyed by its content. */
static bool ensure_instance(struct header *h, struct error *err)
{
	const struct mask_plan *plan = h->plan;
	uint8_t digest[HASH_SIZE];
	char hex[HASH_HEX], uid[UID_SIZE];
	char *class_ = dicom_edit_get(h->edit, "00080016");
	char *instance = dicom_edit_get(h->edit, "00080018");
	bool has_class = class_, has_instance = instance;

	free(class_);
	free(instance);
	if (!has_class)
		return error_refuse(err, REASON_ATTRIBUTE_MISSING, NULL,
				    0x00080016);
	if (has_instance)
		return true;
	if (!hash_file(plan->in_fd, digest, NULL, NULL, err))
		return false;
	hash_hex(digest, sizeof(digest), hex);
	if (!uid_map(plan->job->uid_key, hex, uid))
		return error_set(err, ERR_MEMORY, _("no memory for a UID"));
	return dicom_edit_set(h->edit, 0x00080018, "UI", uid, err);
}

static bool set_statement(struct header *h, struct error *err)
{
	struct statement list[STATEMENTS];
	size_t count = statement_list(&h->facts, list);

	for (size_t i = 0; i < count; i++) {
		const struct statement *s = &list[i];

		if (s->meaning ?
		    !dicom_edit_add_code(h->edit, s->tag, s->text, "DCM",
					 s->meaning, err) :
		    !dicom_edit_set(h->edit, s->tag, s->vr, s->text, err))
			return false;
	}
	return true;
}

static bool set_attributes(struct header *h, struct error *err)
{
	for (size_t i = 0; i < h->want->sets; i++) {
		const struct mask_attribute *a = &h->want->set[i];

		if (!a->text)
			dicom_edit_remove(h->edit, a->tag);
		else if (!dicom_edit_set(h->edit, a->tag, a->vr, a->text, err))
			return false;
	}
	return true;
}

/* First 8 bytes of an HMAC over a new UID (DESIGN 5.4). */
static bool name_of(const struct header *h, const char *path, uint8_t name[8],
		    struct error *err)
{
	char *uid = dicom_edit_get(h->edit, path);
	uint8_t mac[HASH_SIZE];
	bool ok = hash_hmac(h->plan->job->uid_key, uid ? uid : "",
			    uid ? strlen(uid) : 0, mac);

	free(uid);
	memcpy(name, mac, 8);
	return ok || error_set(err, ERR_MEMORY, _("no memory for a name"));
}

static bool put_out(void *self, const void *data, size_t length,
		    struct error *err)
{
	const struct mask_plan *plan = self;

	return mask_write(plan->out_fd, data, length, err);
}

static bool write_out(struct header *h, struct error *err)
{
	const struct mask_header *want = h->want;

	return dicom_edit_write_meta(h->edit, want->syntax, put_out, h->plan,
				     err) &&
	       (want->put ?
		dicom_edit_write_data(h->edit, want->syntax, want->put,
				      want->self, err) :
		dicom_edit_write_data(h->edit, want->syntax, put_out, h->plan,
				      err));
}

/* What goes by construction: preamble, meta header, the end. */
static void see_ends(const struct header *h)
{
	struct mask_plan *plan = h->plan;
	static const unsigned char none[PREAMBLE];
	unsigned char head[PREAMBLE + 4];

	if (mask_read(plan->in_fd, head, sizeof(head), 0) == sizeof(head) &&
	    !memcmp(head + PREAMBLE, "DICM", 4) &&
	    memcmp(head, none, PREAMBLE) != 0)
		plan->report->dropped |= DROPPED_PREAMBLE;
	for (size_t i = 0; dicom_edit_gone(h->edit, i); i++) {
		uint32_t tag = dicom_edit_gone(h->edit, i);
		unsigned carrier = DICOM_GROUP(tag) == 2 ? DROPPED_META :
							   tags_carrier(tag);

		plan->report->dropped |= carrier ? carrier : DROPPED_TRAILER;
	}
}

bool mask_header_write(struct mask_plan *plan,
		       const struct mask_header *want, struct error *err)
{
	const struct image_info *info = plan->info;
	struct mask_report *report = plan->report;
	struct header h = {
		.plan = plan, .want = want,
		.facts = { .profile = plan->job->profile,
			   .areas = plan->areas, .faces = plan->faces,
			   .reviewed = plan->job->reviewed,
			   .lossy = info->lossy &&
				    strcmp(info->syntax, want->syntax) != 0 },
	};
	bool ok;

	h.edit = dicom_edit_open(plan->in_fd, err);
	if (!h.edit)
		return false;
	see_ends(&h);
	ok = dicom_edit_walk(h.edit, visit, &h, err) &&
	     ensure_instance(&h, err) && set_statement(&h, err) &&
	     set_attributes(&h, err) &&
	     name_of(&h, "0020000D", report->study, err) &&
	     name_of(&h, "0020000E", report->series, err) &&
	     name_of(&h, "00080018", report->instance, err) &&
	     write_out(&h, err);
	dicom_edit_close(h.edit);
	return ok;
}
