/* check_key.c - bytes to keys and answers, keys to commands. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tests/support.h"
#include "ui/input.h"
#include "ui/key.h"

struct byte_row { const char *what, *bytes, *seen; };

/* K a key, P a pasted character, C row,column, A attributes, N name. */
static const struct byte_row byte_rows[] = {
	{ "letters", "ab", "K61 K62 " },
	{ "enter", "\r\n", "Kd Kd " },
	{ "full-width letter", "\xef\xbc\xba", "K5a " },
	{ "full-width space is no Space", "\xe3\x80\x80", "K3000 " },
	{ "kana", "\xe3\x81\x82", "K3042 " },
	{ "arrows", "\033[A\033OB", "K110000 K110001 " },
	{ "arrow with a modifier", "\033[1;5D", "K110003 " },
	{ "page keys", "\033[5~\033[6;2~", "K110004 K110005 " },
	{ "unknown function key", "\033[15~", "K110009 " },
	{ "console function key", "\033[[A", "K110009 " },
	{ "Alt and a letter", "\033x", "K110009 " },
	{ "answer", "\033[24;3R", "C24,3 " },
	{ "mouse", "\033[<0;5;7M\033[<0;5;7m", "M0M5,7 M0m5,7 " },
	{ "drag and wheel", "\033[<32;1;1M\033[<65;200;60M",
	  "M32M1,1 M65M200,60 " },
	{ "mouse between keys", "x\033[<0;5;7My", "K78 M0M5,7 K79 " },
	{ "mouse off the screen", "\033[<0;0;7M\033[<0;-1;7M", "" },
	{ "half a report of a mouse", "\033[<0;5M\033[<;5;7M", "" },
	{ "pasted report", "\033[200~\033[<0;5;7M\033[201~", "" },
	{ "keys around an answer", "x\033[24;3R ", "K78 C24,3 K20 " },
	{ "attributes", "\033[?64;1;2c", "A " },
	{ "second attributes", "\033[>41;379;0cq", "K71 " },
	{ "name", "\033P>|XTerm(379)\033\\q", "NXTerm(379) K71 " },
	{ "title", "\033]2;qqq\aq", "K71 " },
	{ "paste", "\033[200~ Z\033[201~Z", "P20 P5a K5a " },
	{ "two escapes", "\033\033[A", "K1b K110000 " },
	{ "no UTF-8", "\xff" "a", "K110009 K61 " },
};

static void note(struct buffer *out, const struct input *input)
{
	if (input->type == INPUT_KEY)
		buffer_printf(out, "K%x ", (unsigned)input->key);
	if (input->type == INPUT_PASTED)
		buffer_printf(out, "P%x ", (unsigned)input->key);
	if (input->type == INPUT_CURSOR)
		buffer_printf(out, "C%d,%d ", input->row, input->column);
	if (input->type == INPUT_MOUSE)
		buffer_printf(out, "M%d%s%d,%d ", input->key, input->name,
			      input->column, input->row);
	if (input->type == INPUT_ATTRIBUTES)
		buffer_puts(out, "A ");
	if (input->type == INPUT_NAME)
		buffer_printf(out, "N%s ", input->name);
}

START_TEST(bytes)
{
	const struct byte_row *row = &byte_rows[_i];
	struct input_decoder d = { 0 };
	struct buffer out = { 0 };
	struct input input;

	buffer_puts(&out, "");
	for (const char *s = row->bytes; *s; s++)
		if (input_byte(&d, (unsigned char)*s, &input))
			note(&out, &input);
	ck_assert_msg(!strcmp(out.data, row->seen), "%s: %s", row->what,
		      out.data);
	ck_assert(!input_pending(&d));
	buffer_done(&out);
}
END_TEST

START_TEST(escape_alone)
{
	struct input_decoder d = { 0 };
	struct input input;

	ck_assert(!input_byte(&d, 27, &input));
	ck_assert(!input_timeout(&d, INPUT_ESCAPE_MS - 1, &input));
	ck_assert(input_timeout(&d, INPUT_ESCAPE_MS, &input));
	ck_assert_int_eq(input.key, KEY_ESCAPE);
	/* Alt-P opens a string that never ends */
	input_byte(&d, 27, &input);
	input_byte(&d, 'P', &input);
	ck_assert(input_pending(&d));
	ck_assert(!input_timeout(&d, INPUT_ESCAPE_MS, &input));
	ck_assert(input_pending(&d));
	ck_assert(!input_timeout(&d, INPUT_STALE_MS, &input));
	ck_assert(!input_pending(&d));
}
END_TEST

/* No sequence of bytes breaks it, and what is long does not overflow. */
START_TEST(any_bytes)
{
	struct input_decoder d = { 0 };
	struct input input;
	unsigned seed = 12345;

	for (int i = 0; i < 200000; i++) {
		seed = seed * 1103515245u + 12345u;
		unsigned char byte = (unsigned char)(seed >> 16);

		if (seed >> 28 == 0)
			byte = 27;
		input_byte(&d, byte, &input);
		ck_assert_uint_lt(d.length, sizeof(d.text));
	}
}
END_TEST

struct key_row {
	const char *what;
	enum review_mode mode;
	int key;
	enum event_type type;
	enum command command;
	int value;
};

static const struct key_row key_rows[] = {
	{ "approve", MODE_REVIEW, ' ', EVENT_COMMAND, CMD_APPROVE, 0 },
	{ "select", MODE_REVIEW, '7', EVENT_COMMAND, CMD_SELECT, 7 },
	{ "tour has the keys of review", MODE_TOUR, 'Z', EVENT_COMMAND,
	  CMD_CLEAN, 0 },
	{ "undo anywhere", MODE_LIST, 'u', EVENT_COMMAND, CMD_UNDO, 0 },
	{ "class letter", MODE_CLASS, 'u', EVENT_CHARACTER, CMD_NONE, 'u' },
	{ "class letter n", MODE_CLASS, 'n', EVENT_CHARACTER, CMD_NONE, 'n' },
	{ "letter of a line", MODE_HINT, 'a', EVENT_CHARACTER, CMD_NONE,
	  'a' },
	{ "reason digit", MODE_REASON, '3', EVENT_CHARACTER, CMD_NONE, '3' },
	{ "Space keeps an edit, by the rules of Space", MODE_EDIT, ' ',
	  EVENT_COMMAND, CMD_APPROVE, 0 },
	{ "narrow", MODE_ADD, '5', EVENT_COMMAND, CMD_SELECT, 5 },
	{ "list", MODE_LIST, KEY_ENTER_, EVENT_COMMAND, CMD_OPEN, 0 },
};

START_TEST(keys)
{
	const struct key_row *row = &key_rows[_i];
	struct key_prefix prefix = { 0 };
	struct event event = { 0 };

	ck_assert_msg(key_event(&prefix, row->mode, row->key, &event), "%s",
		      row->what);
	ck_assert_int_eq(event.type, row->type);
	ck_assert_int_eq(event.command, row->command);
	ck_assert_int_eq(row->type == EVENT_CHARACTER ? event.character :
			 event.count, row->value);
}
END_TEST

/* Scrolling of the help is the screen's own. */
START_TEST(each_binding_does_something)
{
	size_t count;
	const struct binding *b = key_bindings(&count);

	for (size_t i = 0; i < count; i++) {
		bool heard = b[i].mode == MODE_HELP;

		for (int mode = MODE_LIST; mode < MODES; mode++)
			heard = heard ||
				((b[i].mode == MODE_ANY ||
				  b[i].mode == (enum review_mode)mode) &&
				 review_hears((enum review_mode)mode,
					      b[i].command));
		ck_assert_msg(heard, "mode %d, key %d: %s", (int)b[i].mode,
			      b[i].key, command_info[b[i].command].word);
	}
}
END_TEST

/* Keys that must do nothing. */
static const struct key_row dead_rows[] = {
	{ "Space where a class is asked", MODE_CLASS, ' ', 0, 0, 0 },
	{ "Space where a reason is asked", MODE_REASON, ' ', 0, 0, 0 },
	{ "release while editing", MODE_EDIT, 'W', 0, 0, 0 },
	{ "release in the help", MODE_HELP, 'W', 0, 0, 0 },
	{ "full-width space", MODE_REVIEW, 0x3000, 0, 0, 0 },
	{ "other function key", MODE_REVIEW, KEY_OTHER, 0, 0, 0 },
};

START_TEST(dead_keys)
{
	const struct key_row *row = &dead_rows[_i];
	struct key_prefix prefix = { 0 };
	struct event event = { 0 };

	ck_assert_msg(!key_event(&prefix, row->mode, row->key, &event), "%s",
		      row->what);
}
END_TEST

START_TEST(counts)
{
	struct key_prefix prefix = { 0 };
	struct event event = { 0 };

	ck_assert(!key_event(&prefix, MODE_EDIT, '1', &event));
	ck_assert(!key_event(&prefix, MODE_EDIT, '2', &event));
	ck_assert(key_event(&prefix, MODE_EDIT, 'l', &event));
	ck_assert_int_eq(event.count, 12);
	ck_assert(key_event(&prefix, MODE_EDIT, 'l', &event));
	ck_assert_int_eq(event.count, 0);
	for (int i = 0; i < 40; i++)
		key_event(&prefix, MODE_EDIT, '9', &event);
	ck_assert_int_eq(prefix.count, 9999999);
}
END_TEST

/* Each mode binds a key once; each command has one plain ASCII key. */
START_TEST(table)
{
	bool plain[COMMAND_COUNT] = { false };
	size_t count;
	const struct binding *b = key_bindings(&count);

	for (size_t i = 0; i < count; i++) {
		if (b[i].key < 128)
			plain[b[i].command] = true;
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(b[i].mode != b[k].mode ||
				      b[i].key != b[k].key,
				      "mode %d, key %x twice", b[i].mode,
				      (unsigned)b[i].key);
	}
	for (int i = CMD_NONE + 1; i < COMMAND_COUNT; i++)
		ck_assert_msg(plain[i], "command %d has no key", i);
}
END_TEST

/* Messages stay for a while: the mode may have no key of what they name. */
START_TEST(messages_name_keys_of_other_modes)
{
	struct binding row = { MODE_REVIEW, 'e', CMD_TOUR, 0 };
	const struct keymap own = { &row, 1 };
	char text[80];

	key_message(NULL, MODE_LIST, "{tour}, then {clean}; {undo}", text,
		    sizeof(text));
	ck_assert_str_eq(text, "v, then Z; u");
	key_message(&own, MODE_LIST, "{tour}", text, sizeof(text));
	ck_assert_str_eq(text, "e");
	key_message(NULL, MODE_REVIEW, "a {b} {", text, sizeof(text));
	ck_assert_str_eq(text, "a {b} {");
	key_message(NULL, MODE_REVIEW, "{undo}{undo}", text, 2);
	ck_assert_str_eq(text, "u");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("key");
	TCase *tcase = tcase_create("key");

	setlocale(LC_ALL, "C.UTF-8");
	add_rows_test(tcase, bytes, byte_rows);
	tcase_add_test(tcase, escape_alone);
	tcase_add_test(tcase, any_bytes);
	add_rows_test(tcase, keys, key_rows);
	add_rows_test(tcase, dead_keys, dead_rows);
	tcase_add_test(tcase, each_binding_does_something);
	tcase_add_test(tcase, counts);
	tcase_add_test(tcase, table);
	tcase_add_test(tcase, messages_name_keys_of_other_modes);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
