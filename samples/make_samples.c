/*
 * make_samples.c - draws the pictures of samples/ and writes what is in them.
 *
 * usage: make_samples FOLDER      makes FOLDER/pictures and FOLDER/truth
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "samples/sample.h"

enum { MAX_FRAMES = 8 };

static bool save(const char *folder, const char *below, const char *name,
		 const char *suffix, const struct buffer *data)
{
	char path[4096];
	int length = snprintf(path, sizeof(path), "%s/%s/%s%s", folder, below,
			      name, suffix);
	FILE *file;

	if (length < 0 || (size_t)length >= sizeof(path) || data->failed)
		return false;
	file = fopen(path, "wb");
	if (!file)
		return false;
	bool whole = fwrite(data->data, 1, data->length, file) == data->length;

	return fclose(file) == 0 && whole;
}

/* One line of the truth; the fields are those of the test data. */
static void put_line(struct buffer *out, const struct line *line,
		     struct region box, bool first)
{
	buffer_printf(out, "%s\n  {\"frame\": %d, \"x\": %d, \"y\": %d, "
		      "\"w\": %d, \"h\": %d,\n   \"kind\": \"%s\", "
		      "\"class\": \"%s\", \"text\": \"%s\", \"px\": %d",
		      first ? "" : ",", line->frame, box.x0, box.y0,
		      region_width(box), region_height(box), line->kind,
		      line->class, line->text, line->size);
	if (line->role)
		buffer_printf(out, ", \"role\": \"%s\"", line->role);
	buffer_puts(out, "}");
}

/* Draw the frames and gather the truth. */
static bool draw(const struct sample *s, struct canvas *frames,
		 struct buffer *truth)
{
	buffer_printf(truth, "{\n \"file\": \"%s\",\n \"frames\": %d,\n"
		      " \"boxes\": [", s->name, s->frames);
	for (int f = 0; f < s->frames; f++) {
		if (!canvas_init(&frames[f], s->columns, s->rows, s->samples))
			return false;
		s->paint(&frames[f], f);
	}
	for (const struct line *l = s->lines; l->text; l++) {
		struct region box = draw_text(&frames[l->frame], l->x, l->y,
					      l->size, l->ink, l->text);

		if (region_empty(box))
			return false;
		put_line(truth, l, box, l == s->lines);
	}
	buffer_puts(truth, "],\n \"benign_complete\": true\n}\n");
	return !truth->failed;
}

static bool make(const struct sample *s, const char *folder)
{
	struct canvas frames[MAX_FRAMES] = { 0 };
	struct buffer picture = { 0 }, truth = { 0 };
	bool made = s->frames <= MAX_FRAMES && draw(s, frames, &truth) &&
		    s->encode(s, frames, &picture) &&
		    save(folder, "pictures", s->name, "", &picture) &&
		    save(folder, "truth", s->name, ".json", &truth);

	for (int f = 0; f < MAX_FRAMES; f++)
		canvas_done(&frames[f]);
	buffer_done(&picture);
	buffer_done(&truth);
	return made;
}

static bool make_folder(const char *folder, const char *below)
{
	char path[4096];
	int length = snprintf(path, sizeof(path), "%s/%s", folder, below);

	return length > 0 && (size_t)length < sizeof(path) &&
	       (mkdir(path, 0777) == 0 || errno == EEXIST);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: make_samples FOLDER\n");
		return 2;
	}
	if (!make_folder(argv[1], "pictures") ||
	    !make_folder(argv[1], "truth")) {
		fprintf(stderr, "make_samples: %s: can't make a folder\n",
			argv[1]);
		return 4;
	}
	for (const struct sample *s = samples; s->name; s++)
		if (!make(s, argv[1])) {
			fprintf(stderr, "make_samples: %s: can't be made\n",
				s->name);
			return 4;
		}
	return 0;
}
