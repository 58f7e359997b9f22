/*
 * tags_ps315.h - Table E.1-1 of DICOM PS3.15 (2024b): the Basic Application
 * Level Confidentiality Profile and its retain options.  Private to tags.c.
 */
#ifndef SUMI_TAGS_PS315_H
#define SUMI_TAGS_PS315_H

#include "mask/tags.h"

/*
 * The rule of an attribute by the table; where it has no row, by VR what the
 * profile asks for: dates and UIDs as those of the table, text VRs (and what
 * is no known VR) are not told here.  options: of enum tag_profile.  *why
 * tells the column that decided, as in "ps315 X/Z/D" or "ps315+device".
 * False when the table says nothing.
 *
 * A code with several letters leaves the choice to what the object needs.
 * What needs nothing from other attributes is taken: a dummy where D is
 * allowed, else zero length where Z is; sequences go where X is allowed, and
 * D means that the rules hold in their items.
 */
bool tags_ps315(unsigned options, uint32_t tag, const char *vr,
		enum tag_action *action, char why[TAGS_WHY]);

/*
 * Does the table name the attribute for what it tells of a person, place or
 * device: a row that is neither a date, a UID nor a patient characteristic?
 */
bool tags_ps315_identifies(uint32_t tag);

#endif
