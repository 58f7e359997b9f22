/* coco.c - boxes in the form of COCO, out and in. */
#include "config.h"

#include "exchange/coco.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "exchange/released.h"
#include "exchange/table.h"

/* ---- out ---- */

struct exporting {
	struct buffer images, annotations;
	struct json_writer image, annotation;
	long long image_id, annotation_id;
};

static void put_image(struct exporting *e, const struct released *r)
{
	const struct worklist_item *item = &r->output->item;
	struct json_writer *w = &e->image;

	json_put_open(w, NULL, '{');
	json_put_integer(w, "id", ++e->image_id);
	json_put_integer(w, "width", item->columns);
	json_put_integer(w, "height", item->rows);
	json_put_string(w, "file_name", r->name);
	json_put_integer(w, "frames", item->frames);
	json_put_close(w);
}

static void put_annotation(struct exporting *e, const struct box *b)
{
	const long long side[4] = {
		b->region.x0, b->region.y0, region_width(b->region),
		region_height(b->region) };
	struct json_writer *w = &e->annotation;
	char plane[16];

	json_put_open(w, NULL, '{');
	json_put_integer(w, "id", ++e->annotation_id);
	json_put_integer(w, "image_id", e->image_id);
	json_put_integer(w, "category_id", b->class_ + 1);
	json_put_open(w, "bbox", '[');
	for (int i = 0; i < 4; i++)
		json_put_integer(w, NULL, side[i]);
	json_put_close(w);
	json_put_integer(w, "area", side[2] * side[3]);
	json_put_integer(w, "iscrowd", 0);
	json_put_open(w, "frames", '[');
	json_put_integer(w, NULL, b->frame0);
	json_put_integer(w, NULL, b->frame1);
	json_put_close(w);
	json_put_string(w, "kind", box_kind_name[b->kind]);
	if (b->plane != PLANE_PICTURE)
		json_put_string(w, "plane", plane_word(b->plane, plane));
	json_put_close(w);
}

static bool put_item(void *self, const struct released *r, struct error *err)
{
	struct exporting *e = self;

	put_image(e, r);
	for (size_t i = 0; i < r->output->boxes.count; i++)
		put_annotation(e, &r->output->boxes.box[i]);
	return (!e->images.failed && !e->annotations.failed) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

static void put_categories(struct buffer *out)
{
	struct json_writer w = json_writer(out, false);

	json_put_open(&w, NULL, '[');
	for (int i = 0; i < CLASSES; i++) {
		bool face = i == CLASS_FACE || i == CLASS_EYES;

		json_put_open(&w, NULL, '{');
		json_put_integer(&w, "id", i + 1);
		json_put_string(&w, "name", box_class_name[i]);
		json_put_string(&w, "supercategory", face ? "face" : "text");
		json_put_close(&w);
	}
	json_put_close(&w);
}

bool coco_export(struct project *p, FILE *out, struct error *err)
{
	struct exporting e = { .image_id = 0 };
	struct buffer categories = { 0 };
	bool good;

	e.image = json_writer(&e.images, false);
	e.annotation = json_writer(&e.annotations, false);
	json_put_open(&e.image, NULL, '[');
	json_put_open(&e.annotation, NULL, '[');
	good = released_each(p, put_item, &e, err);
	json_put_close(&e.image);
	json_put_close(&e.annotation);
	put_categories(&categories);
	if (good && (e.images.failed || e.annotations.failed ||
		     categories.failed))
		good = error_set(err, ERR_MEMORY, _("no memory"));
	if (good)
		fprintf(out, "{\"info\":{\"description\":\"masked boxes\","
			"\"version\":\"%s\"},\"images\":%s,"
			"\"annotations\":%s,\"categories\":%s}\n",
			PACKAGE_VERSION, e.images.data, e.annotations.data,
			categories.data);
	buffer_done(&e.images);
	buffer_done(&e.annotations);
	buffer_done(&categories);
	return good;
}

/* ---- in ---- */

enum { SIDE_MOST = 65535, FRAMES_MOST = 65535 };        /* DESIGN 4 */

/* An annotation, or an image, by the image's id. */
struct ref {
	long long image_id;
	size_t index;
};

struct importing {
	const struct json *images, *annotations, *categories;
	struct ref *annotation;         /* sorted */
	struct ref *image;              /* sorted */
	struct error *err;
};

static int compare_refs(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	if (x->image_id != y->image_id)
		return x->image_id < y->image_id ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* The first of refs[count] whose image_id is not less. */
static size_t find_ref(const struct ref *refs, size_t count,
		       long long image_id)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (refs[middle].image_id < image_id)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* The refs of a list by a member, sorted; NULL with *err. */
static struct ref *make_refs(const struct json *list, const char *member,
			     struct error *err)
{
	size_t count = json_count(list);
	struct ref *refs = mem_array(count + 1, sizeof(*refs));

	if (!refs)
		error_set(err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; refs && i < count; i++) {
		refs[i].index = i;
		if (json_get_integer(json_at(list, i), member,
				     &refs[i].image_id))
			continue;
		error_set(err, ERR_USAGE, _("an image or annotation, number "
					    "%zu of them, has no %s"), i + 1,
			  member);
		free(refs);
		refs = NULL;
	}
	if (refs)
		qsort(refs, count, sizeof(*refs), compare_refs);
	return refs;
}

/* The number of a word; -1: none of them. */
static int word_of(const char *word, const char *const *words, int count)
{
	for (int i = 0; word && i < count; i++)
		if (!strcmp(word, words[i]))
			return i;
	return -1;
}

static enum box_class class_of(const struct importing *in, long long category)
{
	for (size_t i = 0; i < json_count(in->categories); i++) {
		const struct json *c = json_at(in->categories, i);
		long long id;
		int class_;

		if (!json_get_integer(c, "id", &id) || id != category)
			continue;
		class_ = word_of(json_get_string(c, "name"), box_class_name,
				 CLASSES);
		return class_ < 0 ? CLASS_OTHER : (enum box_class)class_;
	}
	return CLASS_OTHER;
}

static bool wrong(const struct importing *in, size_t i, const char *what)
{
	return error_set(in->err, ERR_USAGE, _("annotation %zu: %s"), i + 1,
			 what);
}

/* Whole pixels that hold the box, inside the picture. */
static bool read_region(const struct importing *in, size_t i,
			const struct json *image, struct region *r)
{
	const struct json *bbox = json_member(json_at(in->annotations, i),
					      "bbox");
	long long width = SIDE_MOST, height = SIDE_MOST;
	double side[4];

	for (size_t n = 0; n < 4; n++)
		if (json_count(bbox) != 4 ||
		    !json_as_number(json_at(bbox, n), &side[n]) ||
		    fabs(side[n]) > SIDE_MOST)
			return wrong(in, i, _("bbox is not four numbers of "
					      "pixels"));
	if (side[2] <= 0 || side[3] <= 0)
		return wrong(in, i, _("the box is empty"));
	json_get_integer(image, "width", &width);
	json_get_integer(image, "height", &height);
	if (width < 1 || width > SIDE_MOST || height < 1 ||
	    height > SIDE_MOST)
		return wrong(in, i, _("its image has no size"));
	*r = region_clip((struct region){
		(int)floor(side[0]), (int)floor(side[1]),
		(int)ceil(side[0] + side[2]), (int)ceil(side[1] + side[3]) },
		(int)width, (int)height);
	return !region_empty(*r) ||
	       wrong(in, i, _("the box lies outside the image"));
}

/* [first,last]; false when the member is there and is something else. */
static bool read_frames(const struct json *annotation, bool *has,
			long long frames[2])
{
	const struct json *list = json_member(annotation, "frames");

	*has = list != NULL;
	if (!*has)
		return true;
	return json_count(list) == 2 &&
	       json_as_integer(json_at(list, 0), &frames[0]) &&
	       json_as_integer(json_at(list, 1), &frames[1]) &&
	       frames[0] >= 0 && frames[0] <= frames[1] &&
	       frames[1] < FRAMES_MOST;
}

static bool put_box(const struct importing *in, size_t i,
		    const struct json *image, struct json_writer *w)
{
	const struct json *a = json_at(in->annotations, i);
	const char *plane = json_get_string(a, "plane");
	long long category = 0, frames[2];
	struct region r = { 0, 0, 0, 0 };
	enum box_class class_;
	bool has;
	int kind;

	if (!read_region(in, i, image, &r))
		return false;
	if (!read_frames(a, &has, frames))
		return wrong(in, i, _("frames is not [first,last] from 0"));
	json_get_integer(a, "category_id", &category);
	class_ = class_of(in, category);
	kind = word_of(json_get_string(a, "kind"), box_kind_name, KINDS);
	if (kind < 0)
		kind = class_ == CLASS_FACE || class_ == CLASS_EYES ?
		       KIND_FACE : KIND_IDENTIFIER;
	json_put_open(w, NULL, '{');
	if (has) {
		json_put_integer(w, "frame", frames[0]);
		json_put_open(w, "frames", '[');
		json_put_integer(w, NULL, frames[0]);
		json_put_integer(w, NULL, frames[1]);
		json_put_close(w);
	}
	json_put_integer(w, "x", r.x0);
	json_put_integer(w, "y", r.y0);
	json_put_integer(w, "w", region_width(r));
	json_put_integer(w, "h", region_height(r));
	json_put_string(w, "kind", box_kind_name[kind]);
	json_put_string(w, "class", box_class_name[class_]);
	json_put_integer(w, "score", 1000);
	json_put_string(w, "source", box_source_name[SOURCE_IMPORT]);
	if (plane)
		json_put_string(w, "plane", plane);
	json_put_string(w, "why", "import:coco");
	json_put_close(w);
	return true;
}

/* The line of one image. */
static bool put_line(const struct importing *in, const struct json *image,
		     FILE *out)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);
	size_t count = json_count(in->annotations), i;
	long long id = 0;
	bool good = true;

	json_get_integer(image, "id", &id);
	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "file", json_get_string(image, "file_name"));
	json_put_null(&w, "refused");
	json_put_open(&w, "boxes", '[');
	for (i = find_ref(in->annotation, count, id);
	     good && i < count && in->annotation[i].image_id == id; i++)
		good = put_box(in, in->annotation[i].index, image, &w);
	json_put_close(&w);
	json_put_open(&w, "candidates", '[');
	json_put_close(&w);
	json_put_open(&w, "benign", '[');
	json_put_close(&w);
	json_put_close(&w);
	if (good && line.failed)
		good = error_set(in->err, ERR_MEMORY, _("no memory"));
	if (good)
		fprintf(out, "%s\n", line.data);
	buffer_done(&line);
	return good;
}

/* Every annotation is of an image that is there: none may be lost. */
static bool check_images(const struct importing *in)
{
	size_t images = json_count(in->images);

	for (size_t i = 1; i < images; i++)
		if (in->image[i].image_id == in->image[i - 1].image_id)
			return error_set(in->err, ERR_USAGE,
					 _("two images have one id"));
	for (size_t i = 0; i < json_count(in->annotations); i++) {
		const struct ref *a = &in->annotation[i];
		size_t at = find_ref(in->image, images, a->image_id);

		if (at == images || in->image[at].image_id != a->image_id)
			return wrong(in, a->index, _("its image is not "
						     "there"));
	}
	return true;
}

static bool import_all(const struct importing *in, const char *name,
		       FILE *out)
{
	size_t count = json_count(in->images), found = 0;

	if (!count)
		return error_set(in->err, ERR_USAGE, _("no list of images"));
	if (!check_images(in))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct json *image = json_at(in->images, i);
		const char *file = json_get_string(image, "file_name");

		if (!file)
			return error_set(in->err, ERR_USAGE,
					 _("an image has no file_name"));
		if (name && strcmp(name, file) != 0)
			continue;
		found++;
		if (!put_line(in, image, out))
			return false;
	}
	return found || error_set(in->err, ERR_USAGE,
				  _("no image has that name"));
}

bool coco_import(const char *text, size_t length, const char *name, FILE *out,
		 struct error *err)
{
	struct json *all = json_read(text, length, err);
	struct importing in = {
		.images = json_member(all, "images"),
		.annotations = json_member(all, "annotations"),
		.categories = json_member(all, "categories"), .err = err,
	};
	bool good = all != NULL;

	if (good)
		in.annotation = make_refs(in.annotations, "image_id", err);
	if (in.annotation)
		in.image = make_refs(in.images, "id", err);
	good = in.image && import_all(&in, name, out);
	free(in.annotation);
	free(in.image);
	json_free(all);
	return good;
}
