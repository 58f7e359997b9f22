/*
 * fuzz_text.c - foreign strings on their way to a terminal: the first byte
 * picks the character sets, the rest is the value; and keys on their way from
 * it.
 */
#include "config.h"

#include <string.h>

#include "base/charset.h"
#include "tests/fuzz/harness.h"
#include "ui/input.h"

static const char *const specific[] = {
	NULL, "ISO_IR 100", "ISO_IR 13", "ISO_IR 192", "GB18030",
	"\\ISO 2022 IR 87", "ISO 2022 IR 13\\ISO 2022 IR 87",
	"\\ISO 2022 IR 87\\ISO 2022 IR 159", "\\ISO 2022 IR 149",
	"\\ISO 2022 IR 58", "ISO_IR 144", "ISO_IR 166", "no such set",
	"ISO 2022 IR 100\\ISO 2022 IR 101\\ISO 2022 IR 126",
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct error err = { 0 };

	(void)argc;
	(void)argv;
	harness_must(charset_warm_up(&err), "charset_warm_up");
	return 0;
}

static void try_keys(const uint8_t *data, size_t size)
{
	struct input_decoder decoder = { 0 };
	struct input input;

	for (size_t i = 0; i < size; i++)
		if (input_byte(&decoder, data[i], &input) &&
		    input.type == INPUT_NAME)
			harness_must(memchr(input.name, '\0',
					    sizeof(input.name)) != NULL,
				     "a name without an end");
	input_timeout(&decoder, INPUT_STALE_MS, &input);
	harness_must(!input_pending(&decoder), "it waits for ever");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer out = { 0 };

	if (size == 0)
		return 0;
	charset_decode(specific[data[0] % (sizeof(specific) /
					   sizeof(specific[0]))],
		       (const char *)data + 1, size - 1, &out);
	harness_must(out.failed || !out.length ||
		     harness_is_clean(out.data, out.length),
		     "a decoded value steers the terminal");
	buffer_clear(&out);
	charset_clean_append(&out, (const char *)data + 1, size - 1);
	harness_must(out.failed || !out.length ||
		     harness_is_clean(out.data, out.length),
		     "a cleaned text steers the terminal");
	buffer_done(&out);
	try_keys(data + 1, size - 1);
	return 0;
}
