/* error.c - why a call failed.  Lives on the caller's stack; never allocated. */
#include "config.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

static const char *const refusal_names[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = "none",
	[REFUSAL_NOT_IMAGE] = "not-image",
	[REFUSAL_NO_PIXELS] = "no-pixels",
	[REFUSAL_UNSUPPORTED] = "unsupported",
	[REFUSAL_VIDEO] = "video",
	[REFUSAL_TRUNCATED] = "truncated",
	[REFUSAL_DAMAGED] = "damaged",
	[REFUSAL_INCONSISTENT] = "inconsistent",
	[REFUSAL_TOO_LARGE] = "too-large",
	[REFUSAL_TOO_SLOW] = "too-slow",
	[REFUSAL_NO_MEMORY] = "no-memory",
	[REFUSAL_CRASHED] = "crashed",
	[REFUSAL_UNREADABLE] = "unreadable",
	[REFUSAL_SPECIAL_FILE] = "special-file",
	[REFUSAL_CHANGED] = "changed",
	[REFUSAL_EXISTS] = "exists",
};

static const struct {
	enum refusal_code code;
	const char *text;
} reasons[REASON_COUNT] = {
#define X(reason, code, text) \
	[REASON_##reason] = { REFUSAL_##code, text },
	REASONS(X)
#undef X
};

/* Cut a text that snprintf cut, so that it ends with a whole character. */
static void end_with_character(char *text)
{
	size_t length = strlen(text), start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	start--;
	unsigned char lead = (unsigned char)text[start];
	size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;

	if (length - start < whole)
		text[start] = '\0';
}

const char *refusal_name(enum refusal_code code)
{
	if (code < 0 || code >= REFUSAL_COUNT)
		return refusal_names[REFUSAL_NONE];
	return refusal_names[code];
}

enum refusal_code reason_code(enum reason reason)
{
	if (reason <= REASON_NONE || reason >= REASON_COUNT)
		return REFUSAL_NONE;
	return reasons[reason].code;
}

/* What stands for a %-letter of a sentence; NULL when it is no such letter. */
static const char *reason_value(char letter, const char *uid, long long number,
				char *scratch, size_t size)
{
	switch (letter) {
	case 'u':
		return uid ? uid : "";
	case 'n':
		snprintf(scratch, size, "%lld", number);
		return scratch;
	case 'm':
		snprintf(scratch, size, "0x%04llX",
			 (unsigned long long)number);
		return scratch;
	default:
		return NULL;
	}
}

void reason_text(enum reason reason, const char *uid, long long number,
		 bool localized, char *text, size_t size)
{
	char scratch[32];
	size_t used = 0;

	if (size == 0)
		return;
	text[0] = '\0';
	if (reason <= REASON_NONE || reason >= REASON_COUNT)
		return;
	const char *p = reasons[reason].text;

	if (localized)
		p = _(p);
	while (*p && used < size - 1) {
		const char *value = NULL;

		if (*p == '%')
			value = reason_value(p[1], uid, number, scratch,
					     sizeof(scratch));
		if (!value) {
			text[used++] = *p++;
			continue;
		}
		for (p += 2; *value && used < size - 1; value++)
			text[used++] = *value;
	}
	text[used] = '\0';
	end_with_character(text);
}

bool error_set(struct error *err, enum error_code code, const char *format,
	       ...)
{
	va_list args;

	if (!err)
		return false;
	*err = (struct error){ .code = code };
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	end_with_character(err->text);
	return false;
}

bool error_refuse(struct error *err, enum reason reason, const char *uid,
		  long long number)
{
	size_t used = 0;

	if (!err)
		return false;
	*err = (struct error){ .code = ERR_REFUSED, .reason = reason,
			       .number = number };
	for (; uid && *uid && used < sizeof(err->uid) - 1; uid++)
		if (strchr("0123456789.", *uid))
			err->uid[used++] = *uid;
	reason_text(reason, err->uid, number, false, err->text,
		    sizeof(err->text));
	return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
	char old[ERROR_TEXT];
	va_list args;

	if (!err)
		return false;
	memcpy(old, err->text, sizeof(old));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	end_with_character(err->text);

	size_t used = strlen(err->text), room = sizeof(err->text) - used;
	int wanted = snprintf(err->text + used, room, ": %s", old);

	if (wanted >= 0 && (size_t)wanted >= room)
		end_with_character(err->text);
	return false;
}

int error_exit_status(enum error_code code)
{
	static const int status[] = {
		[ERR_NONE] = 0, [ERR_CHECK] = 1, [ERR_USAGE] = 2,
		[ERR_REFUSED] = 3, [ERR_WRITE] = 4, [ERR_RANGE] = 5,
		[ERR_MEMORY] = 5, [ERR_INTERNAL] = 5,
	};

	if (code < 0 || code > ERR_INTERNAL)
		return 5;
	return status[code];
}
