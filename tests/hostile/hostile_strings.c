/* hostile_strings.c - values and names that talk to a terminal. */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t pixels[64];

/* To a terminal; and one that is right by ISO 2022. */
static const struct { const char *name, *set, *text; } payload[] = {
	{ "osc-title", NULL, "A^\033]0;HOSTILE\007" },
	{ "osc-clipboard", NULL, "\033]52;c;SE9TVElMRQ==\007" },
	{ "csi-clear", NULL, "\033[2J\033[H\033[31mHOSTILE" },
	{ "dcs", NULL, "\033P1$r0m\033\\HOSTILE" },
	{ "apc", NULL, "\033_Ga=d\033\\HOSTILE" },
	{ "c1-csi", "ISO_IR 100", "\2332J\2331;1HHOSTILE" },
	{ "c1-utf-8", "ISO_IR 192", "\302\2332J\302\235HOSTILE" },
	{ "bidi", "ISO_IR 192", "\342\200\256ELITSOH\342\201\246" },
	{ "zero-width", "ISO_IR 192", "H\342\200\213O\357\273\277S" },
	{ "not-utf-8", "ISO_IR 192", "\377\376\300\200HOSTILE" },
	{ "iso-2022", "\\ISO 2022 IR 87",
	  "YAMADA^TAROU=\033$B;3ED\033(B^\033$BB@O:\033(B" },
	{ "iso-2022-open", "\\ISO 2022 IR 87", "A=\033$B;3ED" },
	{ "iso-2022-unknown", "\\ISO 2022 IR 87", "A=\033$)Z;3\033(Q" },
};

static void values(void)
{
	char name[40];

	hostile_class("escape");
	for (size_t i = 0; i < sizeof(payload) / sizeof(payload[0]); i++) {
		struct dicom_maker m = { 0 };

		make_begin(&m, EXPLICIT);
		if (payload[i].set)
			make_text(&m, 0x00080005, "CS", payload[i].set);
		make_text(&m, 0x00080080, "LO", payload[i].text);
		make_text(&m, 0x00100010, "PN", payload[i].text);
		make_text(&m, 0x00100020, "LO", payload[i].text);
		make_pixel_module(&m, 8, 8, 1, "MONOCHROME2", 8, 8, 0);
		make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
		snprintf(name, sizeof(name), "%s.dcm", payload[i].name);
		hostile_dicom(name, &m, "8x8x1");
	}
}

/* A refusal that could quote the file. */
static void refusals(void)
{
	struct dicom_maker m = { 0 };

	make_begin(&m, "1.2.\033]0;HOSTILE\007");
	hostile_dicom("syntax.dcm", &m, "unsupported");
	make_begin(&m, EXPLICIT);
	make_pixel_module(&m, 8, 8, 1, "\033[31mHOSTILE", 8, 8, 0);
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	hostile_dicom("photometric.dcm", &m, "unsupported");
	grey_module(&m, EXPLICIT, 8, 8, "\033[2JHOSTI");
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	hostile_dicom("frames.dcm", &m, "inconsistent");
}

/* Names of files, as bytes; each is a sound picture or cut. */
static void names(void)
{
	static const char *const name[] = {
		"\033]0;HOSTILE\007.dcm", "\033[2JHOSTILE", "\2332JHOSTILE",
		"HOSTILE\342\200\256mcd.exe", "HOSTILE\nsecond line.dcm",
		"HOSTILE\rover.dcm", "-HOSTILE", "HOSTILE\177\177",
		"\377\376HOSTILE.dcm", "HOSTILE\203\\.dcm", " HOSTILE ",
		"HOSTILE%s%n%x.dcm", "HOSTILE\\..\\x", "@HOSTILE",
	};
	struct dicom_maker m = { 0 };

	hostile_class("name");
	sound_picture(&m);
	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if (i % 2)
			hostile_put(name[i], m.out.data, m.out.length,
				    "8x8x1");
		else
			hostile_put(name[i], m.out.data, m.out.length - 2,
				    "truncated");
	}
	buffer_done(&m.out);
}

void hostile_strings(void)
{
	values();
	refusals();
	names();
}
