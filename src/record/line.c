/* line.c - one record of the log as text. */
#include "config.h"

#include "record/line.h"

#include <string.h>

#include "base/json.h"
#include "record/policy.h"
#include "record/retention.h"

const char *const log_event_name[LOG_EVENTS] = {
	[LOG_SESSION_OPEN] = "session.open",
	[LOG_SESSION_CLOSE] = "session.close",
	[LOG_ITEM_LISTED] = "item.listed",
	[LOG_ITEM_OPEN] = "item.open",
	[LOG_ITEM_PROPOSE] = "item.propose",
	[LOG_ITEM_VERDICT] = "item.verdict",
	[LOG_ITEM_REOPEN] = "item.reopen",
	[LOG_ITEM_OUTPUT] = "item.output",
	[LOG_ITEM_RELEASE] = "item.release",
	[LOG_ITEM_WITHDRAW] = "item.withdraw",
	[LOG_RECOVER] = "recover",
	[LOG_POLICY_CHANGE] = "policy.change",
	[LOG_CLOCK_STEP] = "clock.step",
	[LOG_KEY_NEW] = "key.new",
	[LOG_KEY_RETIRE] = "key.retire",
	[LOG_QA_SAMPLE] = "qa.sample",
	[LOG_QA_VERDICT] = "qa.verdict",
	[LOG_SEAL] = "seal",
	[LOG_ERASE] = "erase",
	[LOG_EGRESS] = "egress",
	[LOG_RESTORE_CHECK] = "restore.check",
};

const char *const log_reason_name[LOG_REASONS] = {
	NULL, "device", "anatomy", "artefact", "phantom", "not-a-face",
	"misplaced", "unreadable", "ask-physician", "other",
};

static const char *event_word(int i)
{
	return i < LOG_EVENTS ? log_event_name[i] : NULL;
}

static const char *reason_word(int i)
{
	return i + 1 < LOG_REASONS ? log_reason_name[i + 1] : NULL;
}

static const char *refused_word(int i)
{
	return i + 1 < REFUSAL_COUNT ?
	       refusal_name((enum refusal_code)(i + 1)) : NULL;
}

static const char *phase_word(int i)
{
	static const char *const words[] = { "intent", "done", NULL };

	return words[i];
}

static const char *role_word(int i)
{
	static const char *const words[] = { "reviewer", "qa", "trainee",
					     "batch", NULL };

	return words[i];
}

static const char *qual_word(int i)
{
	return qualification_name[i + 1];       /* "any" says nothing */
}

static const char *verdict_word(int i)
{
	static const char *const words[] = { "masked", "clean", "withheld",
					     "escalated", "left", NULL };

	return words[i];
}

/* How a second reader reads, and why an item is read (sample.h). */
static const char *mode_word(int i)
{
	static const char *const words[] = { "residual", "blind", "second",
					     NULL };

	return words[i];
}

/* What a release asks for, and how far apart a second reader was. */
static const char *second_word(int i)
{
	return qualification_name[i];
}

static const char *apart_word(int i)
{
	static const char *const words[] = { "code", "uid", NULL };

	return words[i];
}

/* Why something was erased before its time. */
static const char *early_word(int i)
{
	return retention_reason[i];
}

const char *const log_recipient_name[] = {
	"internal", "entrustee", "successor", "joint-use", "regulator", NULL,
};

/* To whom released outputs go. */
static const char *recipient_word(int i)
{
	return log_recipient_name[i];
}

static const char *result_word(int i)
{
	static const char *const words[] = { "ok", "failed", NULL };

	return words[i];
}

static const char *why_word(int i)
{
	static const char *const words[] = { "drawn", "mask-removed",
					     "no-boxes", "low-score", "fast",
					     NULL };

	return words[i];
}

enum kind {
	KIND_INTEGER,           /* long long */
	KIND_DIGEST,            /* uint8_t [32] */
	KIND_HEX,               /* char [size], all of it digits */
	KIND_CODE,              /* char [size], 1..size - 1 characters */
	KIND_TIME,              /* char [25], 2026-11-21T02:22:33.456Z */
	KIND_WORD,              /* const char *, one of word() */
	KIND_EVENT              /* enum log_event */
};

#define AT(member) offsetof(struct log_entry, member), \
		   sizeof(((struct log_entry *)0)->member)

static const struct {
	const char *name;
	enum kind kind;
	size_t offset, size;
	const char *(*word)(int);
} members[LINE_MEMBERS] = {
	[LINE_ACTIVE_MS] = { "active_ms", KIND_INTEGER, AT(active_ms), NULL },
	[LINE_APART] = { "apart", KIND_WORD, AT(apart), apart_word },
	[LINE_BASIS] = { "basis", KIND_CODE, AT(basis), NULL },
	[LINE_BEHIND] = { "behind", KIND_INTEGER, AT(behind), NULL },
	[LINE_BOOT] = { "boot", KIND_HEX, AT(boot), NULL },
	[LINE_BOXES] = { "boxes", KIND_INTEGER, AT(boxes), NULL },
	[LINE_CONFIDENCE] = { "confidence", KIND_INTEGER, AT(confidence),
			      NULL },
	[LINE_DRAWN] = { "drawn", KIND_INTEGER, AT(drawn), NULL },
	[LINE_BUNDLE] = { "bundle", KIND_INTEGER, AT(bundle), NULL },
	[LINE_BUNDLE_SHA256] = { "bundle_sha256", KIND_DIGEST,
				 AT(bundle_sha256), NULL },
	[LINE_EARLY] = { "early", KIND_WORD, AT(early), early_word },
	[LINE_EV] = { "ev", KIND_EVENT, AT(event), event_word },
	[LINE_HOST] = { "host", KIND_CODE, AT(host), NULL },
	[LINE_IN_SHA256] = { "in_sha256", KIND_DIGEST, AT(in_sha256), NULL },
	[LINE_ITEM] = { "item", KIND_HEX, AT(item), NULL },
	[LINE_KEY] = { "key", KIND_DIGEST, AT(key), NULL },
	[LINE_LENGTH] = { "length", KIND_INTEGER, AT(length), NULL },
	[LINE_LOT] = { "lot", KIND_INTEGER, AT(lot), NULL },
	[LINE_MASK_SHA256] = { "mask_sha256", KIND_DIGEST, AT(mask_sha256),
			       NULL },
	[LINE_MODE] = { "mode", KIND_WORD, AT(mode), mode_word },
	[LINE_MONO_MS] = { "mono_ms", KIND_INTEGER, AT(mono_ms), NULL },
	[LINE_MS] = { "ms", KIND_INTEGER, AT(ms), NULL },
	[LINE_OFFSET] = { "offset", KIND_INTEGER, AT(offset), NULL },
	[LINE_OUT_SHA256] = { "out_sha256", KIND_DIGEST, AT(out_sha256),
			      NULL },
	[LINE_PHASE] = { "phase", KIND_WORD, AT(phase), phase_word },
	[LINE_POL] = { "pol", KIND_HEX, AT(pol), NULL },
	[LINE_PREV] = { "prev", KIND_DIGEST, AT(prev), NULL },
	[LINE_RATE] = { "rate", KIND_INTEGER, AT(rate), NULL },
	[LINE_QUAL] = { "qual", KIND_WORD, AT(qual), qual_word },
	[LINE_REASON] = { "reason", KIND_WORD, AT(reason), reason_word },
	[LINE_RECIPIENT] = { "recipient", KIND_WORD, AT(recipient),
			     recipient_word },
	[LINE_REFUSED] = { "refused", KIND_WORD, AT(refused), refused_word },
	[LINE_RESULT] = { "result", KIND_WORD, AT(result), result_word },
	[LINE_RISK] = { "risk", KIND_INTEGER, AT(risk), NULL },
	[LINE_ROLE] = { "role", KIND_WORD, AT(role), role_word },
	[LINE_ROUND] = { "round", KIND_INTEGER, AT(round), NULL },
	[LINE_SALT] = { "salt", KIND_HEX, AT(salt), NULL },
	[LINE_SANDBOX] = { "sandbox", KIND_CODE, AT(sandbox), NULL },
	[LINE_SECOND] = { "second", KIND_WORD, AT(second), second_word },
	[LINE_SEQ] = { "seq", KIND_INTEGER, AT(seq), NULL },
	[LINE_SESS] = { "sess", KIND_HEX, AT(sess), NULL },
	[LINE_STEP_MS] = { "step_ms", KIND_INTEGER, AT(step_ms), NULL },
	[LINE_T] = { "t", KIND_TIME, AT(t), NULL },
	[LINE_TOOL] = { "tool", KIND_CODE, AT(tool), NULL },
	[LINE_TORN_SHA256] = { "torn_sha256", KIND_DIGEST, AT(torn_sha256),
			       NULL },
	[LINE_UID] = { "uid", KIND_INTEGER, AT(uid), NULL },
	[LINE_V] = { "v", KIND_INTEGER, AT(v), NULL },
	[LINE_VERDICT] = { "verdict", KIND_WORD, AT(verdict), verdict_word },
	[LINE_VIEW_MS] = { "view_ms", KIND_INTEGER, AT(view_ms), NULL },
	[LINE_WHO] = { "who", KIND_CODE, AT(who), NULL },
	[LINE_WHY] = { "why", KIND_WORD, AT(why), why_word },
};

static const uint64_t needed =
	LINE_BIT(LINE_V) | LINE_BIT(LINE_SEQ) | LINE_BIT(LINE_PREV) |
	LINE_BIT(LINE_EV) | LINE_BIT(LINE_T) | LINE_BIT(LINE_WHO);

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_code(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-' ||
	       c == '+';
}

/* ---- out ---- */

static void print_member(struct json_writer *w, const struct log_entry *entry,
			 int i)
{
	const char *base = (const char *)entry + members[i].offset;
	const char *word;
	long long integer;

	switch (members[i].kind) {
	case KIND_INTEGER:
		memcpy(&integer, base, sizeof(integer));
		json_put_integer(w, members[i].name, integer);
		break;
	case KIND_DIGEST:
		json_put_hex(w, members[i].name, (const uint8_t *)base,
			     HASH_SIZE);
		break;
	case KIND_HEX:
	case KIND_CODE:
	case KIND_TIME:
		json_put_string(w, members[i].name, base);
		break;
	case KIND_WORD:
		memcpy(&word, base, sizeof(word));
		json_put_string(w, members[i].name, word);
		break;
	case KIND_EVENT:
		json_put_string(w, members[i].name,
				log_event_name[entry->event]);
		break;
	}
}

void line_print(const struct log_entry *entry, struct buffer *out)
{
	struct json_writer w = json_writer(out, true);

	json_put_open(&w, NULL, '{');
	for (int i = 0; i < LINE_MEMBERS; i++)
		if (LINE_HAS(entry, i))
			print_member(&w, entry, i);
	json_put_close(&w);
}

/* ---- in ---- */

/* What is left of the line. */
struct scan {
	const char *at, *end;
};

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* -?(0|[1-9][0-9]{0,15}) within 2^53 - 1; no "-0". */
static bool take_integer(struct scan *s, long long *value)
{
	bool negative = take(s, '-');
	const char *first = s->at;
	long long n = 0;

	while (s->at < s->end && is_digit(*s->at) && s->at - first < 16)
		n = n * 10 + (*s->at++ - '0');
	if (s->at == first || (*first == '0' && s->at - first > 1) ||
	    (negative && n == 0) || n > JSON_INTEGER_MAX)
		return false;
	*value = negative ? -n : n;
	return true;
}

/* A string without escapes: *length characters at the result. */
static const char *take_string(struct scan *s, size_t *length)
{
	const char *first = s->at + 1, *quote;

	if (!take(s, '"'))
		return NULL;
	quote = memchr(s->at, '"', (size_t)(s->end - s->at));
	if (!quote)
		return NULL;
	*length = (size_t)(quote - first);
	s->at = quote + 1;
	return first;
}

static bool digest_from(const char *text, size_t length, uint8_t *digest)
{
	char hex[HASH_HEX];

	if (length != HASH_HEX - 1)
		return false;
	memcpy(hex, text, length);
	hex[length] = '\0';
	return hash_from_hex(hex, digest, HASH_SIZE);
}

static bool every(const char *text, size_t length, bool (*is)(char))
{
	for (size_t i = 0; i < length; i++)
		if (!is(text[i]))
			return false;
	return true;
}

static bool is_time(const char *text, size_t length)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ";

	if (length != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < length; i++)
		if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i])
			return false;
	return true;
}

/* Index of the word, -1 when there is none. */
static int word_index(const char *(*word)(int), const char *text,
		      size_t length)
{
	const char *w;

	for (int i = 0; (w = word(i)); i++)
		if (strlen(w) == length && !memcmp(w, text, length))
			return i;
	return -1;
}

static bool parse_string(int i, const char *text, size_t length,
			 struct log_entry *entry)
{
	char *base = (char *)entry + members[i].offset;
	const char *word;
	int index;

	switch (members[i].kind) {
	case KIND_DIGEST:
		return digest_from(text, length, (uint8_t *)base);
	case KIND_HEX:
		if (length != members[i].size - 1 ||
		    !every(text, length, is_hex))
			return false;
		break;
	case KIND_CODE:
		if (length < 1 || length > members[i].size - 1 ||
		    !every(text, length, is_code))
			return false;
		break;
	case KIND_TIME:
		if (!is_time(text, length))
			return false;
		break;
	case KIND_WORD:
	case KIND_EVENT:
		index = word_index(members[i].word, text, length);
		if (index < 0)
			return false;
		if (members[i].kind == KIND_EVENT) {
			entry->event = (enum log_event)index;
			return true;
		}
		word = members[i].word(index);
		memcpy(base, &word, sizeof(word));
		return true;
	case KIND_INTEGER:
		return false;
	}
	memcpy(base, text, length);
	base[length] = '\0';
	return true;
}

static bool parse_value(struct scan *s, int i, struct log_entry *entry)
{
	const char *text;
	size_t length;
	long long integer;

	if (members[i].kind == KIND_INTEGER) {
		if (!take_integer(s, &integer))
			return false;
		memcpy((char *)entry + members[i].offset, &integer,
		       sizeof(integer));
		return true;
	}
	text = take_string(s, &length);
	return text && parse_string(i, text, length, entry);
}

/* The member of this name at or after *i: names come in order. */
static bool find_member(const char *name, size_t length, int *i)
{
	for (; *i < LINE_MEMBERS; (*i)++)
		if (strlen(members[*i].name) == length &&
		    !memcmp(members[*i].name, name, length))
			return true;
	return false;
}

/* Does it have what its event needs? */
static bool is_complete(const struct log_entry *entry)
{
	if ((entry->has & needed) != needed || entry->v != 1 ||
	    entry->seq < 1)
		return false;
	if (!strncmp(log_event_name[entry->event], "item.", 5) &&
	    !LINE_HAS(entry, LINE_ITEM))
		return false;
	if ((entry->event == LOG_KEY_NEW || entry->event == LOG_KEY_RETIRE) &&
	    !LINE_HAS(entry, LINE_KEY))
		return false;
	if (entry->event == LOG_EGRESS &&
	    (!LINE_HAS(entry, LINE_RECIPIENT) || !LINE_HAS(entry, LINE_BASIS)))
		return false;
	return (entry->event != LOG_ITEM_VERDICT &&
		entry->event != LOG_QA_VERDICT) ||
	       (LINE_HAS(entry, LINE_VERDICT) && LINE_HAS(entry, LINE_ITEM));
}

bool line_parse(const char *text, size_t length, struct log_entry *entry)
{
	struct scan s = { text, text + length };
	const char *name;
	size_t name_length;
	int i = 0;

	memset(entry, 0, sizeof(*entry));
	if (length > LINE_MAX_BYTES || !take(&s, '{'))
		return false;
	do {
		name = take_string(&s, &name_length);
		if (!name || !find_member(name, name_length, &i) ||
		    !take(&s, ':') || !parse_value(&s, i, entry))
			return false;
		LINE_SET(entry, i);
		i++;
	} while (take(&s, ','));
	if (!take(&s, '}') || s.at != s.end || !is_complete(entry))
		return false;
	entry->has_in = LINE_HAS(entry, LINE_IN_SHA256);
	entry->has_out = LINE_HAS(entry, LINE_OUT_SHA256);
	entry->has_mask = LINE_HAS(entry, LINE_MASK_SHA256);
	return true;
}

bool line_leaf(struct hasher *h, const char *text, size_t length,
	       uint8_t leaf[HASH_SIZE])
{
	hasher_add(h, "", 1);
	hasher_add(h, text, length);
	return hasher_end(h, leaf);
}

bool log_code_valid(const char *code)
{
	size_t length = strlen(code);

	return length >= 1 && length <= 32 && every(code, length, is_code) &&
	       !memchr(code, '+', length);
}
