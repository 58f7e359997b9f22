/*
 * line.h - one record of the log as text: its members, their canonical order,
 * the strict scanner.  Knows no files and no chain.
 */
#ifndef SUMI_LINE_H
#define SUMI_LINE_H

#include "base/hash.h"
#include "base/mem.h"
#include "record/log.h"

enum { LINE_MAX_BYTES = 64 * 1024 };    /* suminuri-log(5) */

/* In the byte order of their names, which is the order in a line. */
enum line_member {
	LINE_ACTIVE_MS, LINE_APART, LINE_BASIS, LINE_BEHIND, LINE_BOOT, LINE_BOXES, LINE_BUNDLE,
	LINE_BUNDLE_SHA256, LINE_CONFIDENCE, LINE_DRAWN, LINE_EARLY, LINE_EV, LINE_HOST,
	LINE_IN_SHA256, LINE_ITEM, LINE_KEY, LINE_LENGTH, LINE_LOT,
	LINE_MASK_SHA256, LINE_MODE,
	LINE_MONO_MS, LINE_MS, LINE_OFFSET, LINE_OUT_SHA256, LINE_PHASE, LINE_POL,
	LINE_PREV, LINE_QUAL, LINE_RATE, LINE_REASON, LINE_RECIPIENT, LINE_REFUSED,
	LINE_RESULT, LINE_RISK, LINE_ROLE, LINE_ROUND, LINE_SALT,
	LINE_SANDBOX, LINE_SECOND, LINE_SEQ, LINE_SESS, LINE_STEP_MS, LINE_T, LINE_TOOL,
	LINE_TORN_SHA256,
	LINE_UID, LINE_V, LINE_VERDICT, LINE_VIEW_MS, LINE_WHO, LINE_WHY,
	LINE_MEMBERS
};
#define LINE_HAS(entry, member) ((entry)->has >> (member) & 1U)
#define LINE_BIT(member) (UINT64_C(1) << (member))
#define LINE_SET(entry, member) ((entry)->has |= LINE_BIT(member))

/* Append the members that entry->has names; no LF.  See out->failed. */
void line_print(const struct log_entry *entry, struct buffer *out);

/*
 * Read exactly what line_print() writes: canonical form, known members, known
 * words, and what every record needs (v = 1, seq, prev, ev, t, who; item in
 * item.*).  False when it is anything else.  One pass, no allocation.
 */
bool line_parse(const char *text, size_t length, struct log_entry *entry);

/* RFC 6962 leaf hash: SHA-256 of a byte 0x00 and the line without LF. */
HASH_CHECKED bool line_leaf(struct hasher *h, const char *text, size_t length,
			    uint8_t leaf[HASH_SIZE]);
#endif
