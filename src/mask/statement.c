/* statement.c - what a masked DICOM copy says about itself. */
#include "config.h"

#include "mask/statement.h"

#include <stdio.h>
#include <string.h>

#include "mask/tags.h"

enum {
	IMAGE_TYPE = 0x00080008, DERIVATION = 0x00082111,
	DERIVATION_CODES = 0x00089215, IDENTITY_REMOVED = 0x00120062,
	METHOD = 0x00120063, METHOD_CODES = 0x00120064,
	BURNED_IN = 0x00280301, FEATURES = 0x00280302,
	INTERVALS = 0x00280303, LOSSY = 0x00282110,
	CLASS = 0x00080016, CODE_VALUE = 0x00080100,
	BIRTH_DATE = 0x00100030, SHARED_GROUPS = 0x52009229, FRAME_GROUPS = 0x52009230,
};

static const struct {
	uint32_t tag;
	const char *path, *value, *meaning;
} codes[STATEMENT_CODES] = {
	[CODE_MASKED] = { DERIVATION_CODES, "00089215[", "113047",
			  "Pixel by pixel mask" },
	[CODE_PROFILE] = { METHOD_CODES, "00120064[", "113100",
			   "Basic Application Confidentiality Profile" },
	[CODE_CLEAN_PIXELS] = { METHOD_CODES, "00120064[", "113101",
				"Clean Pixel Data Option" },
	[CODE_CLEAN_FEATURES] = { METHOD_CODES, "00120064[", "113102",
				  "Clean Recognizable Visual Features "
				  "Option" },
	[CODE_FULL_DATES] = {
		METHOD_CODES, "00120064[", "113106",
		"Retain Longitudinal Temporal Information Full Dates "
		"Option" },
	[CODE_MODIFIED_DATES] = {
		METHOD_CODES, "00120064[", "113107",
		"Retain Longitudinal Temporal Information Modified Dates "
		"Option" },
	[CODE_PATIENT] = { METHOD_CODES, "00120064[", "113108",
			   "Retain Patient Characteristics Option" },
	[CODE_DEVICE] = { METHOD_CODES, "00120064[", "113109",
			  "Retain Device Identity Option" },
	[CODE_UIDS] = { METHOD_CODES, "00120064[", "113110",
			"Retain UIDs Option" },
	[CODE_INSTITUTION] = { METHOD_CODES, "00120064[", "113112",
			       "Retain Institution Identity Option" },
	[CODE_DESCRIPTORS] = { METHOD_CODES, "00120064[", "113105",
			       "Clean Descriptors Option" },
	[CODE_PRIVATE] = { METHOD_CODES, "00120064[", "113111",
			   "Retain Safe Private Option" },
};

/*
 * Storage classes of Enhanced images and their kin (PS3.4 B.5), behind
 * 1.2.840.10008.5.1.4.1.1.: an ImageType or a statement of theirs is a
 * condition for many other attributes.
 */
static const char *const enhanced[] = {
	"2.1", "2.2", "4.1", "4.3", "4.4", "6.2", "6.3", "12.1.1", "12.2.1",
	"13.1.1", "13.1.2", "13.1.3", "13.1.4", "13.1.5", "14.1", "14.2", "30",
	"66.4", "66.7", "77.1.5.4", "77.1.5.7", "77.1.5.8", "77.1.6", "128.1",
	"130", "200.8",
};

static bool is_enhanced(const char *class_)
{
	static const char root[] = "1.2.840.10008.5.1.4.1.1.";
	size_t length = sizeof(root) - 1;

	if (strncmp(class_, root, length) != 0)
		return false;
	for (size_t i = 0; i < sizeof(enhanced) / sizeof(enhanced[0]); i++)
		if (!strcmp(class_ + length, enhanced[i]))
			return true;
	return false;
}

/* Where only YES and NO are defined, as in both of them. */
static void copy_answer(char answer[4], const char *text)
{
	if (!strcmp(text, "YES") || !strcmp(text, "NO"))
		snprintf(answer, 4, "%s", text);
}

static void see_code(struct statement_facts *facts,
		     const struct dicom_element *e)
{
	for (int i = 0; i < STATEMENT_CODES; i++)
		if (!strncmp(e->path, codes[i].path, strlen(codes[i].path)) &&
		    !strcmp(e->text, codes[i].value))
			facts->code[i] = true;
}

/* Is it a date that does not stay as it is?  Of ps315 that of birth is none:
 * it goes whatever becomes of the intervals. */
static bool is_changed_date(const struct statement_facts *facts,
			    const struct dicom_element *e)
{
	enum tag_action action = tags_action(facts->profile, e->tag, e->vr);
	bool date = !strcmp(e->vr, "DA") || !strcmp(e->vr, "DT");

	if (!*e->text)
		return false;
	if (tags_base(facts->profile) == TAGS_PS315 && date &&
	    e->tag != BIRTH_DATE)
		return action != TAG_NUMBER && action != TAG_KEEP;
	return action == TAG_DATE || action == TAG_BIRTH_DATE;
}

bool statement_faces(const struct box_list *boxes)
{
	bool any = false;

	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];

		if (b->kind != KIND_FACE || b->tier != TIER_BOX ||
		    b->plane != PLANE_PICTURE)
			continue;
		if (b->class_ != CLASS_FACE)
			return false;
		any = true;
	}
	return any;
}

void statement_see(struct statement_facts *facts,
		   const struct dicom_element *e)
{
	if (e->depth == 0 && (e->tag == SHARED_GROUPS ||
			      e->tag == FRAME_GROUPS))
		facts->enhanced = true;
	if (!e->text)
		return;
	if (is_changed_date(facts, e))
		facts->dates = true;
	if (e->depth == 1 && e->tag == CODE_VALUE)
		see_code(facts, e);
	if (e->depth)
		return;
	if (e->tag == IDENTITY_REMOVED)
		facts->removed = !strcmp(e->text, "YES");
	if (e->tag == INTERVALS)
		facts->has_intervals = *e->text;
	if (e->tag == CLASS && is_enhanced(e->text))
		facts->enhanced = true;
	if (e->tag == BURNED_IN)
		copy_answer(facts->burned_in, e->text);
	if (e->tag == FEATURES)
		copy_answer(facts->features, e->text);
	if (e->tag == IMAGE_TYPE)
		snprintf(facts->image_type, sizeof(facts->image_type), "%s",
			 strlen(e->text) + sizeof("DERIVED\\SECONDARY") <
			 sizeof(facts->image_type) ? e->text : "");
}

struct listing {
	struct statement *list;
	size_t count;
};

static struct statement *add(struct listing *l, uint32_t tag, const char *vr)
{
	struct statement *s = &l->list[l->count++];

	memset(s, 0, sizeof(*s));
	s->tag = tag;
	memcpy(s->vr, vr, 2);
	return s;
}

static void add_text(struct listing *l, uint32_t tag, const char *vr,
		     const char *text)
{
	struct statement *s = add(l, tag, vr);

	snprintf(s->text, sizeof(s->text), "%s", text);
}

static void add_code(struct listing *l, const struct statement_facts *facts,
		     enum statement_code code)
{
	struct statement *s;

	if (facts->code[code])
		return;
	s = add(l, codes[code].tag, "SQ");
	snprintf(s->text, sizeof(s->text), "%s", codes[code].value);
	s->meaning = codes[code].meaning;
}

/*
 * A classic image that was changed is DERIVED (PS3.3 C.7.6.1.1.2); on
 * Enhanced ones that would make attributes of every frame wrong.
 */
static void add_derived(struct listing *l, const struct statement_facts *facts)
{
	const char *rest = strchr(facts->image_type, '\\');
	struct statement *s;

	if (!facts->image_type[0])
		return;
	s = add(l, IMAGE_TYPE, "CS");
	snprintf(s->text, sizeof(s->text), "DERIVED%.*s", DICOM_VALUE - 8,
		 rest ? rest : "\\SECONDARY");
}

static void add_derivation(struct listing *l,
			   const struct statement_facts *facts)
{
	struct statement *s = add(l, DERIVATION, "ST");

	snprintf(s->text, sizeof(s->text), "%zu boxes blanked", facts->areas);
	if (!facts->enhanced)
		add_derived(l, facts);
}

/*
 * The identity is removed when each row of the profile was applied and a
 * person looked at the pixels (PS3.3 C.7.1.1); then method and state of the
 * intervals between dates have to be there.
 */
static void add_identity(struct listing *l,
			 const struct statement_facts *facts)
{
	bool removed = facts->reviewed || facts->removed;
	bool taken_out = tags_base(facts->profile) == TAGS_PS315 &&
			 !(facts->profile & TAGS_MODIFIED_DATES);

	if (removed) {
		add_text(l, IDENTITY_REMOVED, "CS", "YES");
		/* the options are in the codes: a LO has 64 characters */
		add_text(l, METHOD, "LO",
			 tags_base(facts->profile) == TAGS_MHLW ?
			 "suminuri " PACKAGE_VERSION ", profile mhlw" :
			 "suminuri " PACKAGE_VERSION ", profile ps315");
	}
	if (facts->dates)
		add_text(l, INTERVALS, "CS", taken_out ? "REMOVED" :
			 "MODIFIED");
	else if (removed && !facts->has_intervals)
		add_text(l, INTERVALS, "CS", "UNMODIFIED");
}

/*
 * After a verdict nothing identifying is burned in.  Without one nothing is
 * said; but Enhanced objects must have both attributes, so theirs stay.
 */
static void add_pixels(struct listing *l, const struct statement_facts *facts)
{
	if (facts->reviewed)
		add_text(l, BURNED_IN, "CS", "NO");
	else if (facts->enhanced && facts->burned_in[0])
		add_text(l, BURNED_IN, "CS", facts->burned_in);
	if (facts->reviewed && facts->faces)
		add_text(l, FEATURES, "CS", "NO");
	else if (facts->enhanced && facts->features[0])
		add_text(l, FEATURES, "CS", facts->features);
	if (facts->lossy)
		add_text(l, LOSSY, "CS", "01");
}

/*
 * The profile and what its options retain; said when the identity is said to
 * be removed.
 */
static void add_options(struct listing *l, const struct statement_facts *facts)
{
	static const struct {
		unsigned option;
		enum statement_code code;
	} options[] = {
		{ TAGS_FULL_DATES, CODE_FULL_DATES },
		{ TAGS_MODIFIED_DATES, CODE_MODIFIED_DATES },
		{ TAGS_PATIENT, CODE_PATIENT }, { TAGS_DEVICE, CODE_DEVICE },
		{ TAGS_UIDS, CODE_UIDS },
		{ TAGS_INSTITUTION, CODE_INSTITUTION },
		{ TAGS_DESCRIPTORS, CODE_DESCRIPTORS },
		{ TAGS_PRIVATE, CODE_PRIVATE },
	};

	if (!facts->reviewed && !facts->removed)
		return;
	add_code(l, facts, CODE_PROFILE);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (facts->profile & options[i].option)
			add_code(l, facts, options[i].code);
}

size_t statement_list(const struct statement_facts *facts,
		      struct statement list[STATEMENTS])
{
	struct listing l = { .list = list };
	enum tag_profile base = tags_base(facts->profile);

	if (facts->areas)
		add_derivation(&l, facts);
	if (base != TAGS_KEEP)
		add_identity(&l, facts);
	add_pixels(&l, facts);
	if (facts->areas && !facts->enhanced)
		add_code(&l, facts, CODE_MASKED);
	if (facts->reviewed)
		add_code(&l, facts, CODE_CLEAN_PIXELS);
	if (facts->reviewed && facts->faces)
		add_code(&l, facts, CODE_CLEAN_FEATURES);
	if (base == TAGS_MHLW && facts->dates)
		add_code(&l, facts, CODE_MODIFIED_DATES);
	if (base == TAGS_PS315)
		add_options(&l, facts);
	return l.count;
}
