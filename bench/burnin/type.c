/* type.c - fonts found by the name of their file, and lines set in them. */
#include "config.h"

#include "bench/burnin/type.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_BITMAP_H

#include "base/mem.h"

enum { FONTS_MAX = 96, LETTERS = 160, PATH = 1024, DEPTH = 5 };

/* Debian package, file, weight in a draw of printed lines; like a hand. */
static const struct font_row {
	const char *package, *file;
	int weight;
	bool by_hand;
} font_rows[] = {
	{ "fonts-dejavu-core", "DejaVuSans.ttf", 6, false },
	{ "fonts-dejavu-core", "DejaVuSans-Bold.ttf", 3, false },
	{ "fonts-dejavu-core", "DejaVuSansMono.ttf", 4, false },
	{ "fonts-dejavu-core", "DejaVuSerif.ttf", 2, false },
	{ "fonts-liberation", "LiberationSans-Regular.ttf", 6, false },
	{ "fonts-liberation", "LiberationSans-Bold.ttf", 3, false },
	{ "fonts-liberation", "LiberationSans-Italic.ttf", 1, false },
	{ "fonts-liberation", "LiberationSansNarrow-Regular.ttf", 2, false },
	{ "fonts-liberation", "LiberationMono-Regular.ttf", 3, false },
	{ "fonts-liberation", "LiberationSerif-Regular.ttf", 2, false },
	{ "fonts-freefont-ttf", "FreeSans.ttf", 2, false },
	{ "fonts-freefont-ttf", "FreeMono.ttf", 1, false },
	{ "fonts-freefont-ttf", "FreeSerif.ttf", 1, false },
	{ "fonts-hack", "Hack-Regular.ttf", 1, false },
	{ "fonts-inconsolata", "Inconsolata.otf", 1, false },
	{ "fonts-open-sans", "OpenSans-Regular.ttf", 2, false },
	{ "fonts-roboto-unhinted", "Roboto-Regular.ttf", 2, false },
	{ "fonts-roboto-unhinted", "RobotoCondensed-Regular.ttf", 1, false },
	{ "fonts-lato", "Lato-Regular.ttf", 1, false },
	{ "fonts-courier-prime", "Courier Prime.otf", 1, false },
	{ "fonts-noto-mono", "NotoMono-Regular.ttf", 1, false },
	{ "fonts-terminus-otb", "terminus-normal.otb", 4, false },
	{ "fonts-terminus-otb", "terminus-bold.otb", 2, false },
	{ "xfonts-base", "6x13.pcf.gz", 2, false },
	{ "xfonts-base", "7x14.pcf.gz", 1, false },
	{ "xfonts-base", "8x13.pcf.gz", 1, false },
	{ "xfonts-base", "9x15.pcf.gz", 2, false },
	{ "xfonts-base", "10x20.pcf.gz", 2, false },
	{ "xfonts-base", "12x13ja.pcf.gz", 5, false },
	{ "xfonts-base", "18x18ja.pcf.gz", 5, false },
	{ "fonts-unifont", "unifont_jp.otf", 4, false },
	{ "fonts-noto-cjk", "NotoSansCJK-Regular.ttc", 10, false },
	{ "fonts-noto-cjk", "NotoSansCJK-Bold.ttc", 5, false },
	{ "fonts-noto-cjk", "NotoSerifCJK-Regular.ttc", 4, false },
	{ "fonts-ipafont-gothic", "ipag.ttf", 8, false },
	{ "fonts-ipafont-gothic", "ipagp.ttf", 5, false },
	{ "fonts-ipafont-mincho", "ipam.ttf", 5, false },
	{ "fonts-vlgothic", "VL-Gothic-Regular.ttf", 6, false },
	{ "fonts-vlgothic", "VL-PGothic-Regular.ttf", 5, false },
	{ "fonts-takao-gothic", "TakaoGothic.ttf", 5, false },
	{ "fonts-takao-mincho", "TakaoPMincho.ttf", 3, false },
	{ "fonts-motoya-l-cedar", "MTLc3m.ttf", 3, false },
	{ "fonts-sawarabi-gothic", "sawarabi-gothic-medium.ttf", 3, false },
	{ "fonts-mplus", "Mplus1-Regular.otf", 3, false },
	{ "fonts-mplus", "Mplus1-Bold.otf", 2, false },
	{ "fonts-horai-umefont", "ume-tgo4.ttf", 3, false },
	{ "fonts-horai-umefont", "ume-tmo3.ttf", 2, false },
	{ "fonts-kiloji", "kiloji_p.ttf", 1, true },
	{ "fonts-dkg-handwriting", "dkg.ttf", 0, true },
	{ "fonts-femkeklaver", "femkeklaver.ttf", 0, true },
	{ "fonts-breip", "Breip.ttf", 0, true },
	{ "fonts-kristi", "Kristi.ttf", 0, true },
	{ "fonts-yusei-magic", "YuseiMagic-Regular.ttf", 0, true },
	{ "fonts-klee", "KleeOne-Regular.ttf", 0, true },
};
enum { FONT_ROWS = sizeof(font_rows) / sizeof(*font_rows) };

struct font {
	const struct font_row *row;
	FT_Face face;
};

struct fonts {
	FT_Library library;
	struct font font[FONTS_MAX];
	int count;
};

/* ---- finding ---- */

static bool join(char *path, const char *folder, const char *name)
{
	int length = snprintf(path, PATH, "%s/%s", folder, name);

	return length > 0 && length < PATH;
}

static bool find_file(const char *folder, const char *name, int depth,
		      char *path)
{
	DIR *dir = opendir(folder);
	bool found = false;
	struct stat status;

	if (!dir)
		return false;
	if (join(path, folder, name) && stat(path, &status) == 0)
		found = true;
	for (struct dirent *e; !found && depth > 0 && (e = readdir(dir));) {
		char below[PATH];

		if (e->d_name[0] != '.' && join(below, folder, e->d_name) &&
		    stat(below, &status) == 0 && S_ISDIR(status.st_mode))
			found = find_file(below, name, depth - 1, path);
	}
	closedir(dir);
	return found;
}

/* The XDG base directory specification, 0.8. */
static bool find_font(const char *name, char *path)
{
	const char *roots = getenv("XDG_DATA_DIRS");

	if (!roots || !*roots)
		roots = "/usr/local/share:/usr/share";
	for (const char *at = roots; *at;) {
		size_t length = strcspn(at, ":");
		char root[PATH], folder[PATH];

		if (length > 0 && length < sizeof(root)) {
			memcpy(root, at, length);
			root[length] = '\0';
			if (join(folder, root, "fonts") &&
			    find_file(folder, name, DEPTH, path))
				return true;
		}
		at += length + (at[length] == ':');
	}
	return false;
}

struct fonts *fonts_open(void (*say)(const char *package, const char *file))
{
	struct fonts *f = calloc(1, sizeof(*f));

	if (!f || FT_Init_FreeType(&f->library)) {
		free(f);
		return NULL;
	}
	for (int i = 0; i < FONT_ROWS && f->count < FONTS_MAX; i++) {
		struct font *font = &f->font[f->count];
		char path[PATH];

		font->row = &font_rows[i];
		if (find_font(font->row->file, path) &&
		    !FT_New_Face(f->library, path, 0, &font->face))
			f->count++;
		else if (say)
			say(font->row->package, font->row->file);
	}
	if (f->count > 0)
		return f;
	fonts_free(f);
	return NULL;
}

void fonts_free(struct fonts *fonts)
{
	if (!fonts)
		return;
	for (int i = 0; i < fonts->count; i++)
		FT_Done_Face(fonts->font[i].face);
	FT_Done_FreeType(fonts->library);
	free(fonts);
}

int fonts_count(const struct fonts *fonts)
{
	return fonts->count;
}

const char *fonts_name(const struct fonts *fonts, int font)
{
	return fonts->font[font].row->file;
}

int fonts_weight(const struct fonts *fonts, int font)
{
	return fonts->font[font].row->weight;
}

bool fonts_by_hand(const struct fonts *fonts, int font)
{
	return fonts->font[font].row->by_hand;
}

/* ---- letters ---- */

/* The code points of clean UTF-8; how many. */
static int decode(const char *text, uint32_t *letter)
{
	const unsigned char *at = (const unsigned char *)text;
	int count = 0;

	while (*at && count < LETTERS) {
		int more = *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : *at >= 0xC0;
		uint32_t c = more ? *at & (0x3Fu >> more) : *at;

		for (at++; more > 0 && (*at & 0xC0) == 0x80; more--, at++)
			c = c << 6 | (*at & 0x3F);
		letter[count++] = c;
	}
	return count;
}

/* The strike nearest to px; -1: the outlines scale. */
static int strike_near(FT_Face face, int px, int *size)
{
	int best = -1;

	*size = px;
	if (FT_IS_SCALABLE(face))
		return -1;
	for (int i = 0; i < face->num_fixed_sizes; i++) {
		int height = face->available_sizes[i].height;

		if (best < 0 || abs(height - px) < abs(*size - px)) {
			best = i;
			*size = height;
		}
	}
	return best;
}

bool fonts_can(const struct fonts *fonts, int font, const char *text, int px,
	       int *size)
{
	FT_Face face = fonts->font[font].face;
	uint32_t letter[LETTERS];
	int count = decode(text, letter);

	strike_near(face, px, size);
	if (abs(*size - px) > px / 4)
		return false;
	for (int i = 0; i < count; i++)
		if (!FT_Get_Char_Index(face, letter[i]))
			return false;
	return count > 0;
}

/* ---- setting ---- */

/* Signs that lie down in a column of letters. */
static bool lies_down(uint32_t c)
{
	return c == 0x30FC || c == '-' || c == 0x2010 || c == '(' ||
	       c == ')' || c == 0xFF08 || c == 0xFF09 || c == 0x2212;
}

/* A pen on a mask: where the next letter comes. */
struct pen {
	struct stamp *stamp;
	FT_Face face;
	FT_Int32 load;
	int px;
	int x, y;                       /* left, and base line */
};

static void blend(struct stamp *stamp, int x, int y, int value)
{
	if (x < 0 || y < 0 || x >= stamp->columns || y >= stamp->rows)
		return;
	uint8_t *at = &stamp->alpha[y * stamp->columns + x];

	if (value > *at)
		*at = (uint8_t)value;
}

static int bitmap_level(const FT_Bitmap *b, int x, int y)
{
	const unsigned char *row = b->buffer + y * b->pitch;

	if (b->pixel_mode == FT_PIXEL_MODE_MONO)
		return row[x / 8] & (0x80 >> x % 8) ? 255 : 0;
	return row[x];
}

/* The loaded glyph with its left top at x, y; lying: turned clockwise. */
static void put_glyph(struct pen *pen, int x, int y, bool lying)
{
	const FT_Bitmap *b = &pen->face->glyph->bitmap;
	int rows = (int)b->rows;

	for (int j = 0; j < rows; j++)
		for (int i = 0; i < (int)b->width; i++) {
			int level = bitmap_level(b, i, j);

			if (level && lying)
				blend(pen->stamp, x + rows - 1 - j, y + i,
				      level);
			else if (level)
				blend(pen->stamp, x + i, y + j, level);
		}
}

static void set_across(struct pen *pen, uint32_t letter, int apart)
{
	FT_GlyphSlot slot = pen->face->glyph;

	if (FT_Load_Char(pen->face, letter, pen->load))
		return;
	put_glyph(pen, pen->x + slot->bitmap_left, pen->y - slot->bitmap_top,
		  false);
	pen->x += (int)((slot->advance.x + 32) >> 6) + apart;
}

/* Upright below the letter before, in the middle of the column. */
static void set_down(struct pen *pen, uint32_t letter)
{
	FT_GlyphSlot slot = pen->face->glyph;

	if (FT_Load_Char(pen->face, letter, pen->load))
		return;
	int width = (int)slot->bitmap.width, rows = (int)slot->bitmap.rows;
	bool lying = lies_down(letter);
	int across = lying ? rows : width;

	put_glyph(pen, pen->px + (pen->px - across) / 2,
		  lying ? pen->y + (pen->px - width) / 2 :
		  pen->y + pen->px * 88 / 100 - slot->bitmap_top, lying);
	pen->y += pen->px + pen->px / 12;
}

static struct region inked(const struct stamp *s, int least)
{
	struct region ink = { s->columns, s->rows, 0, 0 };

	for (int y = 0; y < s->rows; y++)
		for (int x = 0; x < s->columns; x++)
			if (s->alpha[y * s->columns + x] >= least)
				ink = (struct region){
					x < ink.x0 ? x : ink.x0,
					y < ink.y0 ? y : ink.y0,
					x + 1 > ink.x1 ? x + 1 : ink.x1,
					y + 1 > ink.y1 ? y + 1 : ink.y1 };
	return ink;
}

/* Take a part of s, grown `scale` times and turned. */
static bool stamp_take(struct stamp *s, struct region part, int scale, int turn)
{
	int w = region_width(part) * scale, h = region_height(part) * scale;
	struct stamp out = { .columns = turn ? h : w,
			     .rows = turn ? w : h };

	out.alpha = mem_array((size_t)w, (size_t)h);
	if (!out.alpha)
		return false;
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int to_x = turn == 90 ? h - 1 - y : turn ? y : x;
			int to_y = turn == 90 ? x : turn ? w - 1 - x : y;

			out.alpha[to_y * out.columns + to_x] =
				s->alpha[(part.y0 + y / scale) * s->columns +
					 part.x0 + x / scale];
		}
	stamp_done(s);
	*s = out;
	return true;
}

static FT_Int32 load_flags(enum smoothing smoothing)
{
	if (smoothing == SMOOTH_NONE || smoothing == SMOOTH_DOUBLED)
		return FT_LOAD_RENDER | FT_LOAD_TARGET_MONO |
		       FT_LOAD_MONOCHROME;
	return FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT |
	       (smoothing == SMOOTH_UNHINTED ? FT_LOAD_NO_HINTING : 0);
}

static bool set_size(FT_Face face, int px, int *size)
{
	int strike = strike_near(face, px, size);

	return !(strike < 0 ? FT_Set_Pixel_Sizes(face, 0, (FT_UInt)px) :
			      FT_Select_Size(face, strike));
}

bool fonts_stamp(const struct fonts *fonts, int font, const char *text,
		 const struct face_style *style, struct stamp *stamp)
{
	bool doubled = style->smoothing == SMOOTH_DOUBLED;
	struct pen pen = { stamp, fonts->font[font].face,
			   load_flags(style->smoothing), 0, 0, 0 };
	uint32_t letter[LETTERS];
	int count = decode(text, letter);
	int apart = style->apart / (doubled ? 2 : 1);

	*stamp = (struct stamp){ 0 };
	if (!count || !set_size(pen.face, style->px / (doubled ? 2 : 1),
				&pen.px))
		return false;
	stamp->columns = pen.px * (style->down ? 3 : 2 * count + 2) +
			 count * apart;
	stamp->rows = pen.px * (style->down ? 2 * count + 2 : 3);
	stamp->alpha = mem_array((size_t)stamp->columns, (size_t)stamp->rows);
	if (!stamp->alpha)
		return false;
	pen.x = pen.px;
	pen.y = style->down ? pen.px : 2 * pen.px;
	for (int i = 0; i < count; i++)
		if (style->down)
			set_down(&pen, letter[i]);
		else
			set_across(&pen, letter[i], apart);

	struct region all = inked(stamp, 1);

	if (region_empty(all) ||
	    !stamp_take(stamp, all, doubled ? 2 : 1, style->turn)) {
		stamp_done(stamp);
		return false;
	}
	if (!style->down && !style->turn)
		stamp->rise = (pen.y - all.y0) * (doubled ? 2 : 1);
	stamp->ink = inked(stamp, 64);
	if (region_empty(stamp->ink))
		stamp->ink = inked(stamp, 1);
	return true;
}

void stamp_done(struct stamp *stamp)
{
	free(stamp->alpha);
	*stamp = (struct stamp){ 0 };
}
