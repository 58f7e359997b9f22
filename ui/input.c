/* input.c - bytes of the terminal to keys and answers. */
#include "config.h"

#include "ui/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FULL_WIDTH_FIRST = 0xff01, FULL_WIDTH_LAST = 0xff5e };

struct sequence { const char *text; int key; };

/* What follows CSI (ESC [) or SS3 (ESC O), modifiers taken out: ECMA-48,
 * xterm's ctlseqs, the Linux console and rxvt. */
static const struct sequence sequences[] = {
	{ "A", KEY_ARROW_UP }, { "B", KEY_ARROW_DOWN },
	{ "C", KEY_ARROW_RIGHT }, { "D", KEY_ARROW_LEFT },
	{ "H", KEY_TO_HOME }, { "F", KEY_TO_END },
	{ "1~", KEY_TO_HOME }, { "4~", KEY_TO_END },
	{ "7~", KEY_TO_HOME }, { "8~", KEY_TO_END },
	{ "5~", KEY_PAGE_UP }, { "6~", KEY_PAGE_DOWN },
	{ "3~", KEY_RUBOUT }, { "Z", KEY_BACKTAB }, { "M", KEY_ENTER_ },
};

static bool give_key(struct input_decoder *d, int key, struct input *input)
{
	input->type = d->pasting ? INPUT_PASTED : INPUT_KEY;
	input->key = key;
	return true;
}

static bool ground_byte(struct input_decoder *d, unsigned char byte,
			struct input *input)
{
	wchar_t wide;
	char c = (char)byte;

	if (byte == KEY_ESCAPE) {
		d->state = INPUT_ESCAPE;
		d->length = 0;
		memset(&d->character, 0, sizeof(d->character));
		return false;
	}
	size_t n = mbrtowc(&wide, &c, 1, &d->character);

	if (n == (size_t)-2)
		return false;
	if (n == (size_t)-1) {          /* no character of this locale */
		memset(&d->character, 0, sizeof(d->character));
		return give_key(d, KEY_OTHER, input);
	}
	int key = (int)wide;

	if (key >= FULL_WIDTH_FIRST && key <= FULL_WIDTH_LAST)
		key = key - FULL_WIDTH_FIRST + '!';
	if (key == '\n')
		key = KEY_ENTER_;
	if (key == '\b')
		key = KEY_RUBOUT;
	return give_key(d, key, input);
}

static int find_sequence(const char *text)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (!strcmp(text, sequences[i].text))
			return sequences[i].key;
	return KEY_OTHER;
}

/* Take the modifiers out of "1;5A" or "5;2~". */
static void drop_modifiers(char *text)
{
	char *semicolon = strchr(text, ';');
	size_t length = strlen(text);
	char final = text[length - 1];

	if (!semicolon)
		return;
	if (final != '~')
		semicolon = text;
	semicolon[0] = final;
	semicolon[1] = '\0';
}

/* Answers about graphics: ECMA-48 DA1, DECRQM, xterm's ctlseqs. */
static bool csi_answer(const char *text, char final, struct input *input)
{
	if (text[0] == '?' && final == 'c') {
		input->type = INPUT_ATTRIBUTES;
		snprintf(input->name, sizeof(input->name), "%.*s",
			 (int)strlen(text) - 2, text + 1);
	} else if (sscanf(text, "?%5d;%5d$y", &input->row, &input->column) ==
		   2 && final == 'y') {
		input->type = INPUT_MODE;
	} else if (final == 't' &&
		   sscanf(text, "6;%5d;%5dt", &input->row, &input->column) ==
		   2) {
		input->type = INPUT_CELL;
	} else if (final == 'S' &&
		   sscanf(text, "?2;0;%5d;%5dS", &input->column, &input->row)
		   == 2) {
		input->type = INPUT_LIMIT;
	} else if (final == 'S' &&
		   sscanf(text, "?1;0;%5dS", &input->column) == 1) {
		input->type = INPUT_REGISTERS;
	}
	return input->type != INPUT_NONE;
}

/* CSI < button ; column ; row M (or m: let go), xterm's ctlseqs. */
static bool mouse_report(const struct input_decoder *d, char final,
			 struct input *input)
{
	if ((final != 'M' && final != 'm') || d->pasting ||
	    sscanf(d->text, "<%4d;%5d;%5d", &input->key, &input->column,
		   &input->row) != 3 ||
	    input->key < 0 || input->column < 1 || input->row < 1)
		return false;
	input->type = INPUT_MOUSE;
	input->name[0] = final;
	return true;
}

/* The whole of a CSI sequence stands in d->text. */
static bool csi_done(struct input_decoder *d, struct input *input)
{
	char final = d->text[d->length - 1];

	if (!strcmp(d->text, "200~") || !strcmp(d->text, "201~")) {
		d->pasting = d->text[2] == '0';
		return false;
	}
	if (final == 'R' && sscanf(d->text, "%4d;%4d", &input->row,
				   &input->column) == 2) {
		input->type = INPUT_CURSOR;
		return true;
	}
	if (csi_answer(d->text, final, input) ||
	    mouse_report(d, final, input))
		return true;
	if (strchr("?<=>", d->text[0]))
		return false;           /* an answer nobody asked for */
	drop_modifiers(d->text);
	return give_key(d, find_sequence(d->text), input);
}

/* Keep a byte of a sequence; what is too long loses its rest. */
static void keep(struct input_decoder *d, unsigned char byte)
{
	if (d->length + 1 < sizeof(d->text))
		d->text[d->length++] = (char)byte;
	d->text[d->length] = '\0';
}

static bool csi_byte(struct input_decoder *d, unsigned char byte,
		     struct input *input)
{
	if (byte == KEY_ESCAPE) {
		d->state = INPUT_ESCAPE;
		d->length = 0;
		return false;
	}
	if (byte == '[' && !d->length) {        /* Linux console: F1 to F5 */
		keep(d, byte);
		return false;
	}
	keep(d, byte);
	if (byte >= 0x20 && byte < 0x40)
		return false;
	d->state = INPUT_GROUND;
	return csi_done(d, input);
}

static bool escape_byte(struct input_decoder *d, unsigned char byte,
			struct input *input)
{
	if (byte == '[' || byte == 'O') {
		d->state = byte == '[' ? INPUT_CSI : INPUT_SS3;
		return false;
	}
	if (strchr("P]_^X", byte) && byte) {
		d->state = INPUT_STRING;
		d->introducer = (char)byte;
		return false;
	}
	if (byte == KEY_ESCAPE)
		return give_key(d, KEY_ESCAPE, input);
	/* Alt and a letter: not bound, so nothing happens by mistake */
	d->state = INPUT_GROUND;
	return give_key(d, KEY_OTHER, input);
}

/* Kitty's answer: APC G i=number,... ; OK or an error ST */
static bool kitty_answer(const char *text, struct input *input)
{
	const char *message = strchr(text, ';'), *number = strstr(text, "i=");

	if (text[0] != 'G' || !message || !number || number > message)
		return false;
	input->type = INPUT_KITTY;
	input->row = (int)strtol(number + 2, NULL, 10);
	snprintf(input->name, sizeof(input->name), "%s", message + 1);
	return true;
}

/* XTVERSION: DCS > | text ST */
static bool string_done(struct input_decoder *d, struct input *input)
{
	d->state = INPUT_GROUND;
	if (d->introducer == '_')
		return kitty_answer(d->text, input);
	if (d->introducer != 'P' || strncmp(d->text, ">|", 2) != 0)
		return false;
	input->type = INPUT_NAME;
	snprintf(input->name, sizeof(input->name), "%s", d->text + 2);
	return true;
}

static bool string_byte(struct input_decoder *d, unsigned char byte,
			struct input *input)
{
	if (d->state == INPUT_STRING_ESCAPE) {
		d->state = INPUT_STRING;
		if (byte == '\\')
			return string_done(d, input);
	}
	if (byte == KEY_ESCAPE)
		d->state = INPUT_STRING_ESCAPE;
	else if (byte == '\a' && d->introducer == ']')
		return string_done(d, input);
	else
		keep(d, byte);
	return false;
}

bool input_byte(struct input_decoder *d, unsigned char byte,
		struct input *input)
{
	*input = (struct input){ .type = INPUT_NONE };
	switch (d->state) {
	case INPUT_ESCAPE:
		return escape_byte(d, byte, input);
	case INPUT_CSI:
		return csi_byte(d, byte, input);
	case INPUT_SS3:
		keep(d, byte);
		d->state = INPUT_GROUND;
		return give_key(d, find_sequence(d->text), input);
	case INPUT_STRING:
	case INPUT_STRING_ESCAPE:
		return string_byte(d, byte, input);
	case INPUT_GROUND:
		break;
	}
	return ground_byte(d, byte, input);
}

bool input_pending(const struct input_decoder *d)
{
	return d->state != INPUT_GROUND;
}

bool input_timeout(struct input_decoder *d, long long ms, struct input *input)
{
	bool escape = d->state == INPUT_ESCAPE;

	*input = (struct input){ .type = INPUT_NONE };
	if (ms < (escape ? INPUT_ESCAPE_MS : INPUT_STALE_MS))
		return false;
	d->state = INPUT_GROUND;
	return escape && give_key(d, KEY_ESCAPE, input);
}
