/* remembered.c - the layouts of a project, and the layout command. */
#include "config.h"

#include "process/remembered.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "record/files.h"

static const char remembered[] = "layouts.jsonl";
static const char propagated[] = "propagated.jsonl";
enum { MOST = 16 << 20 };               /* bytes of such a file */

static bool load(const struct project *p, const char *name, struct layouts *l,
		 struct error *err)
{
	struct buffer text = { 0 };
	bool good = true;

	*l = (struct layouts){ 0 };
	if (faccessat(p->privatefd, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	    errno_is_absent())
		return true;
	good = file_read(p->privatefd, name, MOST, &text, err);
	if (good && !layouts_parse(text.data, text.length, l, err)) {
		if (err->code == ERR_USAGE)
			err->code = ERR_CHECK;
		good = error_prefix(err, "private/%s", name);
	}
	if (!good)
		layouts_done(l);
	buffer_done(&text);
	return good;
}

static bool save(const struct project *p, const char *name,
		 const struct layouts *l, struct error *err)
{
	struct buffer text = { 0 };
	bool good;

	layouts_print(l, &text);
	good = text.failed ? error_set(err, ERR_MEMORY, _("no memory")) :
	       file_replace(p->privatefd, name, text.data ? text.data : "",
			    text.length, 0600, err);
	buffer_done(&text);
	return good;
}

bool layouts_load(const struct project *p, struct layouts *l,
		  struct error *err)
{
	return load(p, remembered, l, err);
}

bool layouts_save(const struct project *p, const struct layouts *l,
		  struct error *err)
{
	return save(p, remembered, l, err);
}

bool propagated_load(const struct project *p, struct layouts *l,
		     struct error *err)
{
	return load(p, propagated, l, err);
}

bool propagated_save(const struct project *p, const struct layouts *l,
		     struct error *err)
{
	return save(p, propagated, l, err);
}

/* ---- the command ---- */

static void list(const struct layouts *l, FILE *out)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct device_layout *d = &l->layout[i];
		char hex[2 * LAYOUT_DEVICE + 1];

		hash_hex(d->device, LAYOUT_DEVICE, hex);
		fprintf(out, "%.16s %dx%d %zu", hex, d->columns, d->rows,
			d->boxes.count);
		for (size_t k = 0; k < d->boxes.count; k++)
			fprintf(out, "%s%s", k ? "," : " ",
				box_class_name[d->boxes.box[k].class_]);
		fputs("\n", out);
	}
}

static bool export(const struct layouts *l, FILE *out, struct error *err)
{
	struct buffer text = { 0 };
	bool good;

	layouts_print(l, &text);
	good = !text.failed;
	if (good && text.length > 0)
		fwrite(text.data, 1, text.length, out);
	buffer_done(&text);
	return good || error_set(err, ERR_MEMORY, _("no memory"));
}

/* A file that the user named. */
static bool read_named(const char *file, struct buffer *text,
		       struct error *err)
{
	char block[65536];
	FILE *in = fopen(file, "re");
	size_t n;
	bool good = in != NULL;

	while (in && text->length < MOST &&
	       (n = fread(block, 1, sizeof(block), in)) > 0)
		buffer_append(text, block, n);
	good = good && !ferror(in) && feof(in) && !text->failed;
	if (in)
		fclose(in);
	return good || error_set(err, ERR_USAGE,
				 _("the layouts can't be read"));
}

static bool import(const struct layout_options *o, const char **which,
		   struct error *err)
{
	const struct project_options options = { .directory = o->directory };
	struct buffer text = { 0 };
	struct layouts l = { 0 };
	struct project *p = NULL;
	bool good;

	if (!o->file)
		return error_set(err, ERR_USAGE, _("name the file to import"));
	*which = o->file;
	good = read_named(o->file, &text, err) &&
	       layouts_parse(text.data, text.length, &l, err);
	layouts_done(&l);
	if (good) {
		*which = o->directory;
		p = project_open(&options, err);
		good = p && layouts_load(p, &l, err) &&
		       layouts_parse(text.data, text.length, &l, err) &&
		       layouts_save(p, &l, err);
	}
	if (p && !project_close(p, good ? err : NULL))
		good = false;
	layouts_done(&l);
	buffer_done(&text);
	return good;
}

static bool look(const struct layout_options *o, FILE *out, struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .log_only = true };
	struct project *p = project_open(&options, err);
	struct layouts l = { 0 };
	bool good = p && layouts_load(p, &l, err);

	if (good && !strcmp(o->verb, "list"))
		list(&l, out);
	else if (good)
		good = export(&l, out, err);
	layouts_done(&l);
	if (p)
		project_abandon(p);
	return good;
}

bool layout_command(const struct layout_options *o, FILE *out,
		    const char **which, struct error *err)
{
	*which = NULL;
	if (!strcmp(o->verb, "import"))
		return import(o, which, err);
	if (!strcmp(o->verb, "list") || !strcmp(o->verb, "export")) {
		*which = o->directory;
		return look(o, out, err);
	}
	return error_set(err, ERR_USAGE, _("list, import or export is needed"));
}
