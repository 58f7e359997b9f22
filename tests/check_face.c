/*
 * check_face.c - the face detector: files, views, joined answers, bands of
 * eyes, frames; and with the models, real faces.
 */
#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "find/face_boxes.h"
#include "find/face_find.h"
#include "find/face_models.h"
#include "find/face_track.h"
#include "image/voi.h"
#include "tests/make_dicom.h"
#include "tests/scratch.h"
#include "tests/support.h"

/* ---- the files ---- */

static char dir[SCRATCH_PATH];

static void make_dir(void)
{
	scratch_new(dir);
}

static void drop_dir(void)
{
	scratch_done(dir);
}

/* What stands in place of each file: NULL nothing, "/" a folder. */
static const struct {
	const char *content[FACE_NETS];
	enum face_models_state state;
	const char *told;
} folders[] = {
	{ { NULL, NULL }, FACE_MODELS_MISSING, "rfb320.onnx" },
	{ { "x", NULL }, FACE_MODELS_WRONG, "rfb320.onnx" },
	{ { "", "" }, FACE_MODELS_WRONG, "rfb320.onnx" },
	{ { "/", NULL }, FACE_MODELS_WRONG, "rfb320.onnx" },
};

START_TEST(files_are_compared)
{
	struct face_files files = { { NULL }, { 0 } };
	struct error err = { 0 };
	char name[SCRATCH_PATH + 64];

	for (int i = 0; i < FACE_NETS; i++) {
		const char *content = folders[_i].content[i];

		snprintf(name, sizeof(name), "%s/%s", dir,
			 face_models[i].file);
		if (content && *content == '/')
			ck_assert_int_eq(mkdir(name, 0700), 0);
		else if (content)
			scratch_write(dir, face_models[i].file, content,
				      strlen(content));
	}
	ck_assert_int_eq(face_models_read(dir, &files, &err),
			 folders[_i].state);
	ck_assert_int_eq(err.code, folders[_i].state == FACE_MODELS_WRONG ?
					   ERR_REFUSED : ERR_USAGE);
	ck_assert(strstr(err.text, folders[_i].told));
	for (int i = 0; i < FACE_NETS; i++)
		ck_assert_ptr_null(files.data[i]);
}
END_TEST

static const struct {
	const char *given, *environment, *folder;       /* NULL: another */
} places[] = {
	{ "/given", "/named", "/given" },
	{ "", "/named", "/named" },
	{ "", NULL, NULL },
	{ "", "", NULL },
};

START_TEST(folder_is_found)
{
	char folder[FACE_FOLDER];
	char *long_name = calloc(1, FACE_FOLDER + 1);

	ck_assert_ptr_nonnull(long_name);
	if (places[_i].environment)
		setenv("SUMINURI_FACE_MODELS", places[_i].environment, 1);
	else
		unsetenv("SUMINURI_FACE_MODELS");
	ck_assert(face_models_folder(places[_i].given, folder));
	if (places[_i].folder)
		ck_assert_str_eq(folder, places[_i].folder);
	else
		ck_assert(strstr(folder, "/models"));
	memset(long_name, 'x', FACE_FOLDER);
	ck_assert(!face_models_folder(long_name, folder));
	free(long_name);
}
END_TEST

START_TEST(no_network_in_a_file)
{
	static uint8_t noise[5000];
	const void *data[FACE_NETS] = { noise, noise };
	size_t size[FACE_NETS] = { sizeof(noise), sizeof(noise) };
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * i * 31 >> 3);
	face_start();
	ck_assert_ptr_null(face_nets_new(data, size, &err));
	ck_assert_int_eq(err.code, ERR_INTERNAL);
	face_nets_free(NULL);
	face_picture_free(NULL);
}
END_TEST

START_TEST(load_says_what_is_wrong)
{
	struct detect_options options = { .faces = FACES_AUTO };
	struct error err = { 0 };

	setenv("SUMINURI_FACE_MODELS", dir, 1);
	ck_assert(face_load(&options, &err));   /* not there: no failure */
	ck_assert_int_eq(err.code, ERR_NONE);
	ck_assert_str_eq(face_version(), "none");
	snprintf(options.face_models, sizeof(options.face_models), "%s", dir);
	ck_assert(!face_load(&options, &err));  /* but where it was named */
	ck_assert_int_eq(err.code, ERR_USAGE);
	scratch_write(dir, face_models[0].file, "other", 5);
	options.face_models[0] = '\0';
	ck_assert(!face_load(&options, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert(strstr(err.text, "not the face model that was tested"));
	options.faces = FACES_OFF;
	ck_assert(face_load(&options, &err));
}
END_TEST

/* ---- the gate ---- */

#define VL_PHOTO "1.2.840.10008.5.1.4.1.1.77.1.4"
#define CT_IMAGE "1.2.840.10008.5.1.4.1.1.2"
#define SECONDARY "1.2.840.10008.5.1.4.1.1.7"

static const struct {
	enum image_format format;
	bool colour;
	const char *modality, *sop_class;
	bool wanted;
} gate[] = {
	{ IMAGE_PNG, false, "", "", true },
	{ IMAGE_JPEG, false, "", "", true },
	{ IMAGE_JPEG, true, "", "", true },
	{ IMAGE_DICOM, true, "CT", CT_IMAGE, true },
	{ IMAGE_DICOM, true, "US", "", true },
	{ IMAGE_DICOM, false, "CT", CT_IMAGE, false },
	{ IMAGE_DICOM, false, "MR", "", false },
	{ IMAGE_DICOM, false, "CR", "", false },
	{ IMAGE_DICOM, false, "US", "", false },
	{ IMAGE_DICOM, false, "PT", "", false },
	{ IMAGE_DICOM, false, "XA", "", false },
	{ IMAGE_DICOM, false, "XC", "", true },
	{ IMAGE_DICOM, false, "ES", "", true },
	{ IMAGE_DICOM, false, "GM", "", true },
	{ IMAGE_DICOM, false, "OP", "", true },
	{ IMAGE_DICOM, false, "OT", "", true },
	{ IMAGE_DICOM, false, "SC", "", true },
	{ IMAGE_DICOM, false, "", "", true },
	{ IMAGE_DICOM, false, "CT", SECONDARY, true },
	{ IMAGE_DICOM, false, "CT", SECONDARY ".2", true },
	{ IMAGE_DICOM, false, "CT", "1.2.840.10008.5.1.4.1.1.77", false },
	{ IMAGE_DICOM, false, "CT", VL_PHOTO, true },
};

START_TEST(gate_opens)
{
	struct image_info info = { .format = gate[_i].format,
				   .colour = gate[_i].colour };
	struct detect_options options = { .faces = FACES_AUTO };

	snprintf(info.modality, sizeof(info.modality), "%s",
		 gate[_i].modality);
	snprintf(info.sop_class, sizeof(info.sop_class), "%s",
		 gate[_i].sop_class);
	ck_assert(face_wanted(&info, &options) == gate[_i].wanted);
	options.faces = FACES_ALL;
	ck_assert(face_wanted(&info, &options));
}
END_TEST

static const struct {
	enum image_format format;
	const char *sop_class;
	bool strict;
} echoes[] = {
	{ IMAGE_DICOM, "1.2.840.10008.5.1.4.1.1.6", true },
	{ IMAGE_DICOM, "1.2.840.10008.5.1.4.1.1.6.1", true },
	{ IMAGE_DICOM, "1.2.840.10008.5.1.4.1.1.3.1", true },
	{ IMAGE_DICOM, "1.2.840.10008.5.1.4.1.1.66", false },
	{ IMAGE_DICOM, SECONDARY, false },
	{ IMAGE_DICOM, VL_PHOTO, false },
	{ IMAGE_DICOM, "", false },
	{ IMAGE_PNG, "", false },
};

START_TEST(echoes_need_more)
{
	struct image_info info = { .format = echoes[_i].format };

	snprintf(info.sop_class, sizeof(info.sop_class), "%s",
		 echoes[_i].sop_class);
	ck_assert((face_least_score(&info) > .7) == echoes[_i].strict);
}
END_TEST

/* A body that looks like a face, and faces, in a picture of 512 by 512. */
static const struct {
	enum image_format format;
	const char *modality;
	enum face_sight sight;
	double score, side;
	bool body;
} bodies[] = {
	{ IMAGE_DICOM, "CT", SIGHT_WIDE, .88, 440, true },
	{ IMAGE_DICOM, "MR", SIGHT_WIDE, .6, 440, true },
	{ IMAGE_DICOM, "CT", SIGHT_WIDE, .97, 440, false },
	{ IMAGE_DICOM, "CT", SIGHT_WIDE, .88, 220, false },
	{ IMAGE_DICOM, "CT", SIGHT_WHOLE, .88, 440, false },
	{ IMAGE_DICOM, "CT", SIGHT_TURNED, .88, 440, false },
	{ IMAGE_DICOM, "XC", SIGHT_WIDE, .88, 440, false },
	{ IMAGE_DICOM, "", SIGHT_WIDE, .88, 440, false },
	{ IMAGE_JPEG, "", SIGHT_WIDE, .88, 440, false },
};

START_TEST(bodies_are_no_proposals)
{
	struct image_info info = { .format = bodies[_i].format,
				   .columns = 512, .rows = 512 };
	const struct face_pass pass = { FACE_RFB, bodies[_i].sight, 0, .5,
					.35 };
	double near = 256 - bodies[_i].side / 2;
	struct face f = { .box = { near, near, 512 - near, 512 - near },
			  .pass = &pass, .score = bodies[_i].score,
			  .sure = true };

	f.hull = f.box;
	snprintf(info.modality, sizeof(info.modality), "%s",
		 bodies[_i].modality);
	ck_assert(face_is_body(&info, &f) == bodies[_i].body);
}
END_TEST

/* Without networks on a picture of samples/: what the check state says. */
static const struct {
	const char *name;
	enum face_looking faces;
	enum check_state state;
} states[] = {
	{ "plain.jpg", FACES_AUTO, CHECK_NO_MODEL },
	{ "plain.jpg", FACES_OFF, CHECK_OFF },
	{ "ct_header.dcm", FACES_AUTO, CHECK_GATED },
	{ "ct_header.dcm", FACES_OFF, CHECK_GATED },
	{ "ct_header.dcm", FACES_ALL, CHECK_NO_MODEL },
};

static struct image *open_picture(const char *folder, const char *name,
				  int *fd)
{
	struct error err = { 0 };
	char path[4096];
	struct image *image;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_msg(*fd >= 0, "%s", path);
	image = image_open(*fd, &err);
	ck_assert_msg(image, "%s: %s", path, err.text);
	return image;
}

START_TEST(state_without_models)
{
	struct detect_options options = { .faces = states[_i].faces };
	struct proposals p = { .faces = CHECK_FAILED };
	struct error err = { 0 };
	const char *top = getenv("top_srcdir");
	char folder[2048];
	struct image *image;
	int fd;

	snprintf(folder, sizeof(folder), "%s/samples/pictures",
		 top ? top : ".");
	setenv("SUMINURI_FACE_MODELS", dir, 1);
	ck_assert(face_load(&options, &err));
	image = open_picture(folder, states[_i].name, &fd);
	ck_assert(face_run(image, &options, NULL, &p, &err));
	ck_assert_int_eq(p.faces, states[_i].state);
	ck_assert_uint_eq(p.boxes.count, 0);
	image_close(image);
	close(fd);
}
END_TEST

/* ---- turning and views ---- */

/* Where the corner at the top left of a turned square was before. */
static const struct face_point corner[4] = {
	{ 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 0 },
};

static void same_point(struct face_point a, struct face_point b)
{
	ck_assert_double_eq_tol(a.x, b.x, 1e-9);
	ck_assert_double_eq_tol(a.y, b.y, 1e-9);
}

START_TEST(unturns)
{
	struct face_point p = { .2, .3 };
	struct face_point back = face_unturn(p, _i);

	same_point(face_unturn((struct face_point){ 0, 0 }, _i), corner[_i]);
	for (int i = 1; i < 4; i++)     /* four times are none */
		back = face_unturn(back, _i);
	same_point(back, p);
}
END_TEST

static const struct {
	struct face_pass pass;
	struct face_view view;
} views[] = {
	{ { FACE_RFB, SIGHT_WHOLE, 0, .5, .5 }, { 0, 0, 340, 170, 0, false } },
	{ { FACE_RFB, SIGHT_TILE, 0, .5, .5 }, { 0, 0, 200, 100, 0, false } },
	{ { FACE_RFB, SIGHT_TILE, 1, .5, .5 }, { 140, 0, 340, 100, 0, false } },
	{ { FACE_RFB, SIGHT_TILE, 2, .5, .5 }, { 0, 70, 200, 170, 0, false } },
	{ { FACE_RFB, SIGHT_TILE, 3, .5, .5 }, { 140, 70, 340, 170, 0, false } },
	{ { FACE_RFB, SIGHT_WIDE, 0, .5, .5 },
	  { -255, -127.5, 595, 297.5, 0, false } },
	{ { FACE_RFB, SIGHT_WHOLE, 1, .5, .5 }, { 0, 0, 340, 170, 0, true } },
	{ { FACE_RFB, SIGHT_WIDE, 1, .5, .5 },
	  { -85, -42.5, 425, 212.5, 0, false } },
	{ { FACE_RFB, SIGHT_TURNED, 3, .5, .5 }, { 0, 0, 340, 170, 3, false } },
};

START_TEST(views_of_passes)
{
	struct face_view v = face_view_of(&views[_i].pass, 340, 170);
	const struct face_view *w = &views[_i].view;

	ck_assert_double_eq_tol(v.x0, w->x0, 1e-6);
	ck_assert_double_eq_tol(v.y0, w->y0, 1e-6);
	ck_assert_double_eq_tol(v.x1, w->x1, 1e-6);
	ck_assert_double_eq_tol(v.y1, w->y1, 1e-6);
	ck_assert_int_eq(v.turns, w->turns);
	ck_assert(v.mirrored == w->mirrored);
}
END_TEST

START_TEST(profiles_look_at_all)
{
	int count[FACE_PROFILES], turned = 0;
	const struct face_pass *pass;

	face_passes(FACE_STANDARD, &count[FACE_STANDARD]);
	pass = face_passes(FACE_THOROUGH, &count[FACE_THOROUGH]);
	ck_assert_int_eq(count[FACE_STANDARD], 3);
	ck_assert_int_eq(count[FACE_THOROUGH], 15);
	for (int i = 0; i < count[FACE_THOROUGH]; i++) {
		ck_assert(pass[i].shown_from <= pass[i].box_from);
		if (pass[i].sight == SIGHT_TURNED)
			turned |= 1 << (pass[i].index + 3 * (int)pass[i].net);
	}
	ck_assert_int_eq(turned, 0x7e);         /* both networks, 1 to 3 */
}
END_TEST

/* ---- joined answers ---- */

static const struct face_pass rfb = { FACE_RFB, SIGHT_WHOLE, 0, .5, .3 };
static const struct face_pass blaze = { FACE_BLAZE, SIGHT_WHOLE, 0, .5, .3 };
static const struct face_pass tile = { FACE_RFB, SIGHT_TILE, 0, .5, .3 };
static const struct face_pass turned[4] = {
	{ FACE_RFB, SIGHT_WHOLE, 0, .5, .3 },
	{ FACE_RFB, SIGHT_TURNED, 1, .5, .3 },
	{ FACE_RFB, SIGHT_TURNED, 2, .5, .3 },
	{ FACE_RFB, SIGHT_TURNED, 3, .5, .3 },
};

/* A box of a picture of 1000 x 500, as an answer to the whole of it. */
static bool add(struct face_list *list, const struct face_pass *pass,
		double score, double x, double y, double w, double h)
{
	const struct face_view all = { 0, 0, 1000, 500, 0, false };
	struct face_hit hit = { .x0 = x / 1000, .y0 = y / 500,
				.x1 = (x + w) / 1000, .y1 = (y + h) / 500,
				.score = score };
	struct face_hits hits = { .hit = &hit, .count = 1 };

	return faces_add(list, &hits, pass, &all, 1, 1);
}

struct answer {
	const struct face_pass *pass;
	double score, x, y, w, h;
};

static const struct {
	struct answer answer[3];
	size_t faces;
	double score;                   /* of the first */
	bool sure;
} merges[] = {
	/* the same box of two networks */
	{ { { &rfb, .9, 100, 100, 100, 100 },
	    { &blaze, .8, 110, 100, 100, 100 } }, 1, .9, true },
	/* apart */
	{ { { &rfb, .9, 100, 100, 100, 100 },
	    { &rfb, .8, 300, 100, 100, 100 } }, 2, .9, true },
	/* shared: a third of both together stays two faces */
	{ { { &rfb, .9, 100, 100, 100, 100 },
	    { &rfb, .8, 150, 100, 100, 100 } }, 2, .9, true },
	/* a part of a face in a tile, though with the higher score */
	{ { { &rfb, .6, 100, 100, 200, 200 },
	    { &tile, .99, 120, 120, 120, 120 } }, 1, .6, true },
	/* a small face in a wrong box of 25 times its size */
	{ { { &rfb, .9, 100, 100, 300, 300 },
	    { &rfb, .6, 200, 200, 60, 60 } }, 2, .9, true },
	/* a large box of a tile is not lost to a small one */
	{ { { &rfb, .6, 120, 120, 40, 40 },
	    { &tile, .99, 100, 100, 200, 200 } }, 2, .6, true },
	/* a candidate never takes a proposal away */
	{ { { &rfb, .45, 100, 100, 100, 100 },
	    { &tile, .55, 105, 100, 100, 100 } }, 1, .55, true },
	/* faint only */
	{ { { &rfb, .45, 100, 100, 100, 100 } }, 1, .45, false },
	/* too faint even to be shown */
	{ { { &rfb, .25, 100, 100, 100, 100 } }, 0, 0, false },
	/* a chain: the third overlaps the second only */
	{ { { &rfb, .9, 100, 100, 100, 100 },
	    { &rfb, .8, 130, 100, 100, 100 },
	    { &rfb, .7, 170, 100, 100, 100 } }, 2, .9, true },
};

START_TEST(merges_answers)
{
	struct face_list list = { 0 };

	for (int i = 0; i < 3 && merges[_i].answer[i].pass; i++) {
		const struct answer *a = &merges[_i].answer[i];

		ck_assert(add(&list, a->pass, a->score, a->x, a->y, a->w,
			      a->h));
	}
	faces_merge(&list);
	ck_assert_uint_eq(list.count, merges[_i].faces);
	if (list.count) {
		ck_assert_double_eq_tol(list.face[0].score, merges[_i].score,
					1e-9);
		ck_assert(list.face[0].sure == merges[_i].sure);
	}
	faces_done(&list);
}
END_TEST

/*
 * A second face, seen in the view of two turns alone.  The first was seen with
 * these scores as the picture stands and upside down.
 */
static const struct {
	double standing, turned;        /* of the first face */
	double score, side;             /* of the second */
	bool sure;
} turned_pictures[] = {
	{ .6, .9, .55, 100, true },     /* the picture is upside down */
	{ .9, .6, .55, 100, false },    /* it stands */
	{ .88, .9, .55, 100, false },   /* nobody knows */
	{ .6, .9, .45, 100, false },    /* too faint */
	{ .6, .9, .55, 10, false },     /* too small to be masked */
};

START_TEST(a_turned_picture_is_trusted)
{
	static const struct face_pass over = { FACE_RFB, SIGHT_TURNED, 2, .7,
					       .3 };
	const struct face_view view = { 0, 0, 1000, 500, 2, false };
	struct face_hit hit[2] = {
		{ .x0 = .7, .y0 = .2, .x1 = .8, .y1 = .4,
		  .score = turned_pictures[_i].turned },
		{ .x0 = .2, .y0 = .2, .score = turned_pictures[_i].score },
	};
	struct face_hits hits = { .hit = hit, .count = 2 };
	struct face_list list = { 0 };

	hit[1].x1 = .2 + turned_pictures[_i].side / 1000;
	hit[1].y1 = .2 + turned_pictures[_i].side / 500;
	ck_assert(add(&list, &rfb, turned_pictures[_i].standing, 200, 300,
		      100, 100));
	ck_assert(faces_add(&list, &hits, &over, &view, 1, 1));
	faces_merge(&list);
	ck_assert_uint_eq(list.count, 2);
	ck_assert(list.face[0].sure);
	ck_assert(list.face[1].sure == turned_pictures[_i].sure);
	faces_done(&list);
}
END_TEST

/* A faint answer beside faces that two networks saw, 100 pixels wide. */
static const struct {
	double rfb, blaze;              /* scores of these faces */
	int faces;
	const struct face_pass *pass;   /* of the faint one */
	double score, side;
	bool sure;
} groups[] = {
	{ .9, .75, 2, &rfb, .4, 80, true },
	{ .9, .75, 2, &blaze, .4, 140, true },
	{ .9, .75, 2, &rfb, .4, 60, false },       /* of another size */
	{ .9, .75, 2, &rfb, .4, 160, false },
	{ .9, .6, 2, &rfb, .4, 80, false },        /* one network alone is sure */
	{ .9, .75, 2, &turned[2], .4, 80, false }, /* it stands on its head */
	{ .9, .75, 2, &tile, .4, 80, false },      /* a part saw it alone */
	{ .9, .75, 1, &rfb, .4, 80, false },    /* one is no group */
};

START_TEST(groups_are_trusted)
{
	struct face_list list = { 0 };

	for (int i = 0; i < groups[_i].faces; i++) {
		ck_assert(add(&list, &rfb, groups[_i].rfb, 100, 100 + 200 * i,
			      100, 100));
		ck_assert(add(&list, &blaze, groups[_i].blaze, 100,
			      100 + 200 * i, 100, 100));
	}
	if (groups[_i].pass->sight == SIGHT_TURNED) {
		const struct face_view over = { 0, 0, 1000, 500, 2, false };
		struct face_hit hit = { .x0 = .4, .y0 = .4,
					.x1 = .4 + groups[_i].side / 1000,
					.y1 = .4 + groups[_i].side / 500,
					.score = groups[_i].score };
		struct face_hits hits = { .hit = &hit, .count = 1 };

		ck_assert(faces_add(&list, &hits, groups[_i].pass, &over, 1,
				    1));
	} else {
		ck_assert(add(&list, groups[_i].pass, groups[_i].score, 600,
			      300, groups[_i].side, groups[_i].side));
	}
	faces_merge(&list);
	ck_assert_uint_eq(list.count, (size_t)groups[_i].faces + 1);
	ck_assert(list.face[0].sure);
	ck_assert(list.face[groups[_i].faces].sure == groups[_i].sure);
	faces_done(&list);
}
END_TEST

/* The same upright head in a picture turned back by each number of turns. */
START_TEST(answers_map_back)
{
	struct face_list list = { 0 };
	struct face_view view = { 0, 0, 100, 50, _i, false };
	struct face_hit hit = { .x0 = .1, .y0 = .2, .x1 = .3, .y1 = .6,
				.score = .9, .has_eyes = true,
				.eye = { { .15, .3 }, { .25, .3 } } };
	struct face_hits hits = { .hit = &hit, .count = 1 };
	/* pixels of a picture twice as large */
	static const struct face_box want[4] = {
		{ 20, 20, 60, 60 }, { 40, 70, 120, 90 }, { 140, 40, 180, 80 },
		{ 80, 10, 160, 30 },
	};
	static const struct face_point eye[4] = {
		{ 30, 30 }, { 60, 85 }, { 170, 70 }, { 140, 15 },
	};
	const struct face_box *b;

	ck_assert(faces_add(&list, &hits, &turned[_i], &view, 2, 2));
	ck_assert_uint_eq(list.count, 1);
	b = &list.face[0].box;
	ck_assert_double_eq_tol(b->x0, want[_i].x0, 1e-6);
	ck_assert_double_eq_tol(b->y0, want[_i].y0, 1e-6);
	ck_assert_double_eq_tol(b->x1, want[_i].x1, 1e-6);
	ck_assert_double_eq_tol(b->y1, want[_i].y1, 1e-6);
	same_point(list.face[0].eye[0], eye[_i]);
	faces_done(&list);
}
END_TEST

/* Too small to know anybody by it. */
static const struct {
	double w, h;
	size_t faces;
	bool sure;
} sizes[] = {
	{ 5, 30, 0, false }, { 30, 5, 0, false }, { 7, 9, 1, false },
	{ 11, 40, 1, false }, { 13, 13, 1, true }, { 40, 40, 1, true },
};

START_TEST(small_answers)
{
	struct face_list list = { 0 };
	int count;
	const struct face_pass *pass = face_passes(FACE_THOROUGH, &count);

	ck_assert(add(&list, pass, .95, 100, 100, sizes[_i].w, sizes[_i].h));
	ck_assert_uint_eq(list.count, sizes[_i].faces);
	if (list.count)
		ck_assert(list.face[0].sure == sizes[_i].sure);
	faces_done(&list);
}
END_TEST

/* ---- what is masked ---- */

static const struct {
	struct answer answer;
	struct region whole;
} wholes[] = {
	/* 20 % outward */
	{ { &rfb, .9, 100, 100, 100, 140 }, { 80, 72, 220, 268 } },
	/* wide for its height: a mask below; 140 wide, so 175 high */
	{ { &rfb, .9, 100, 100, 100, 100 }, { 80, 80, 220, 255 } },
	/* the same head on its side or on its top */
	{ { &turned[1], .9, 100, 100, 100, 100 }, { 80, 80, 255, 220 } },
	{ { &turned[2], .9, 100, 100, 100, 100 }, { 80, 45, 220, 220 } },
	{ { &turned[3], .9, 100, 100, 100, 100 }, { 45, 80, 220, 220 } },
};

static struct face_list one_face(const struct answer *a)
{
	struct face_list list = { 0 };
	struct face_view view = { 0, 0, 1000, 500, a->pass->index,
				  false };
	struct face_point p = { a->x / 1000, a->y / 500 };
	struct face_point q = { (a->x + a->w) / 1000, (a->y + a->h) / 500 };
	struct face_hit hit = { .score = a->score };
	struct face_hits hits = { .hit = &hit, .count = 1 };

	p = face_unturn(p, 4 - view.turns);
	q = face_unturn(q, 4 - view.turns);
	hit.x0 = fmin(p.x, q.x), hit.x1 = fmax(p.x, q.x);
	hit.y0 = fmin(p.y, q.y), hit.y1 = fmax(p.y, q.y);
	ck_assert(faces_add(&list, &hits, a->pass, &view, 1, 1));
	ck_assert_uint_eq(list.count, 1);
	return list;
}

/* Equal but for one pixel, which rounding may add. */
static void near_region(struct region got, struct region want)
{
	ck_assert_msg(abs(got.x0 - want.x0) <= 1 &&
		      abs(got.y0 - want.y0) <= 1 &&
		      abs(got.x1 - want.x1) <= 1 &&
		      abs(got.y1 - want.y1) <= 1, "%d,%d %d,%d not %d,%d %d,%d",
		      got.x0, got.y0, got.x1, got.y1, want.x0, want.y0,
		      want.x1, want.y1);
}

START_TEST(whole_faces)
{
	struct face_list list = one_face(&wholes[_i].answer);

	near_region(face_whole(&list.face[0]), wholes[_i].whole);
	faces_done(&list);
}
END_TEST

/* Several answers to one face: the hull, but no more than 1.7 times its box. */
static const struct {
	struct answer answer[3];
	struct region whole;
} hulls[] = {
	/* 125 x 150 together */
	{ { { &rfb, .9, 100, 100, 100, 140 },
	    { &turned[1], .8, 85, 95, 110, 150 },
	    { &blaze, .8, 100, 100, 110, 140 } }, { 60, 65, 235, 284 } },
	/* 160 x 160 together, drawn towards the box of 100 x 100: 130 x 130 */
	{ { { &rfb, .9, 100, 100, 100, 100 },
	    { &turned[2], .8, 70, 70, 130, 130 },
	    { &turned[3], .8, 100, 100, 130, 130 } }, { 59, 59, 241, 287 } },
};

START_TEST(held_hulls)
{
	struct face_list list = { 0 };

	for (int i = 0; i < 3; i++) {
		const struct answer *a = &hulls[_i].answer[i];

		ck_assert(add(&list, a->pass, a->score, a->x, a->y, a->w,
			      a->h));
	}
	faces_merge(&list);
	ck_assert_uint_eq(list.count, 1);
	near_region(face_whole(&list.face[0]), hulls[_i].whole);
	faces_done(&list);
}
END_TEST

static const struct {
	struct answer answer;
	bool known;
	struct region eyes;
} bands[] = {
	{ { &rfb, .9, 100, 100, 100, 100 }, true, { 88, 112, 212, 158 } },
	{ { &blaze, .9, 100, 100, 100, 100 }, true, { 92, 92, 208, 144 } },
	{ { &turned[1], .9, 100, 100, 100, 100 }, true,
	  { 112, 88, 158, 212 } },
	{ { &turned[2], .9, 100, 100, 100, 100 }, true,
	  { 88, 142, 212, 188 } },
	{ { &turned[3], .9, 100, 100, 100, 100 }, true,
	  { 142, 88, 188, 212 } },
	/* a tile or a far view that is not sure: the whole face */
	{ { &tile, .65, 100, 100, 100, 100 }, false, { 0, 0, 0, 0 } },
	{ { &tile, .75, 100, 100, 100, 100 }, true, { 88, 112, 212, 158 } },
};

START_TEST(bands_of_eyes)
{
	struct face_list list = one_face(&bands[_i].answer);
	struct region eyes;

	ck_assert(face_eyes(&list.face[0], &eyes) == bands[_i].known);
	if (bands[_i].known)
		near_region(eyes, bands[_i].eyes);
	faces_done(&list);
}
END_TEST

/* Points of the eyes of a box at 100,100 100x100, upright. */
static const struct {
	struct face_point eye[2];
	bool known;
	struct region eyes;
} tilts[] = {
	/* level: the fixed band holds theirs */
	{ { { 130, 130 }, { 170, 130 } }, true, { 92, 92, 208, 156 } },
	/* tilted by 20 degrees */
	{ { { 130, 120 }, { 170, 134.6 } }, true, { 88, 82, 212, 173 } },
	/* by 45: nobody knows where the band would lie */
	{ { { 130, 120 }, { 160, 150 } }, false, { 0, 0, 0, 0 } },
	/* from the side: the fixed band */
	{ { { 130, 120 }, { 140, 140 } }, true, { 92, 92, 208, 144 } },
};

START_TEST(tilted_heads)
{
	struct face_list list = { 0 };
	const struct face_view all = { 0, 0, 1000, 500, 0, false };
	struct face_hit hit = { .x0 = .1, .y0 = .2, .x1 = .2, .y1 = .4,
				.score = .9, .has_eyes = true };
	struct face_hits hits = { .hit = &hit, .count = 1 };
	struct region eyes;

	for (int i = 0; i < 2; i++)
		hit.eye[i] = (struct face_point){ tilts[_i].eye[i].x / 1000,
						  tilts[_i].eye[i].y / 500 };
	ck_assert(faces_add(&list, &hits, &blaze, &all, 1, 1));
	ck_assert(face_eyes(&list.face[0], &eyes) == tilts[_i].known);
	if (tilts[_i].known)
		near_region(eyes, tilts[_i].eyes);
	faces_done(&list);
}
END_TEST

/* Upright and upside down look alike: the whole face. */
START_TEST(no_band_when_up_is_unsure)
{
	struct face_list list = { 0 };
	const struct face_view all = { 0, 0, 100, 100, 0, false };
	const struct face_view over = { 0, 0, 100, 100, 2, false };
	struct face_hit hit = { .x0 = .4, .y0 = .4, .x1 = .6, .y1 = .6,
				.score = .93 };
	struct face_hits hits = { .hit = &hit, .count = 1 };
	struct region eyes;

	ck_assert(faces_add(&list, &hits, &turned[0], &all, 1, 1));
	hit.score = .95;
	ck_assert(faces_add(&list, &hits, &turned[2], &over, 1, 1));
	faces_merge(&list);
	ck_assert_uint_eq(list.count, 1);
	ck_assert(!face_eyes(&list.face[0], &eyes));
	faces_done(&list);
}
END_TEST

/* ---- frames ---- */

struct sight {
	int frame;                      /* -1: no more */
	int x;                          /* of a box of 40 x 50; -1: none */
	enum box_tier tier;
};

static const struct {
	struct sight sight[10];
	int boxes;                      /* in the end */
	int frame0, frame1;             /* of the first */
	int x0, x1;
	enum box_tier tier;
} tracks[] = {
	/* one still picture */
	{ { { 0, 100, TIER_BOX }, { -1, 0, TIER_BOX } }, 1, 0, 29, 100, 140,
	  TIER_BOX },
	/* stays: one box over all frames */
	{ { { 0, 100, TIER_BOX }, { 10, 102, TIER_BOX },
	    { 20, 98, TIER_BOX }, { 29, 101, TIER_BOX },
	    { -1, 0, TIER_BOX } }, 1, 0, 29, 98, 142, TIER_BOX },
	/* seen in one look: from the one before to the one after */
	{ { { 0, -1, TIER_BOX }, { 10, 100, TIER_BOX }, { 20, -1, TIER_BOX },
	    { 29, -1, TIER_BOX }, { -1, 0, TIER_BOX } }, 1, 0, 20, 100, 140,
	  TIER_BOX },
	{ { { 0, -1, TIER_BOX }, { 10, -1, TIER_BOX }, { 20, 100, TIER_BOX },
	    { 29, -1, TIER_BOX }, { -1, 0, TIER_BOX } }, 1, 10, 29, 100, 140,
	  TIER_BOX },
	/* lost for two looks: no gap */
	{ { { 0, 100, TIER_BOX }, { 5, -1, TIER_BOX }, { 10, -1, TIER_BOX },
	    { 15, 104, TIER_BOX }, { 20, 100, TIER_BOX },
	    { 29, 100, TIER_BOX }, { -1, 0, TIER_BOX } }, 1, 0, 29, 100, 144,
	  TIER_BOX },
	/* once a proposal, always one */
	{ { { 0, 100, TIER_CANDIDATE }, { 10, 100, TIER_BOX },
	    { 20, 100, TIER_CANDIDATE }, { 29, -1, TIER_BOX },
	    { -1, 0, TIER_BOX } }, 1, 0, 29, 100, 140, TIER_BOX },
	{ { { 0, 100, TIER_CANDIDATE }, { 29, 100, TIER_CANDIDATE },
	    { -1, 0, TIER_BOX } }, 1, 0, 29, 100, 140, TIER_CANDIDATE },
	/* walks: stretches that overlap in time */
	{ { { 0, 100, TIER_BOX }, { 10, 118, TIER_BOX },
	    { 20, 136, TIER_BOX }, { 29, 154, TIER_BOX },
	    { -1, 0, TIER_BOX } }, 2, 0, 20, 100, 158, TIER_BOX },
};

static struct box_list follow(const struct sight *s)
{
	struct face_tracks *t = face_tracks_new();
	struct box_list out = { 0 };

	ck_assert_ptr_nonnull(t);
	for (; s->frame >= 0; s++) {
		struct box b = {
			.region = region_from_box(s->x, 20, 40, 50),
			.tier = s->tier, .kind = KIND_FACE,
			.class_ = CLASS_FACE, .score = 900,
		};
		const struct box_list found = { .box = &b,
						.count = s->x >= 0 };

		ck_assert(face_tracks_look(t, s->frame, &found));
	}
	ck_assert(face_tracks_end(t, 30, &out));
	face_tracks_free(t);
	return out;
}

START_TEST(follows_faces)
{
	struct box_list out = follow(tracks[_i].sight);
	const struct box *b = out.box;

	ck_assert_int_eq((int)out.count, tracks[_i].boxes);
	ck_assert_int_eq(b->frame0, tracks[_i].frame0);
	ck_assert_int_eq(b->frame1, tracks[_i].frame1);
	ck_assert_int_eq(b->region.x0, tracks[_i].x0);
	ck_assert_int_eq(b->region.x1, tracks[_i].x1);
	for (size_t i = 0; i < out.count; i++)
		ck_assert_int_eq(out.box[i].tier, tracks[_i].tier);
	box_list_done(&out);
}
END_TEST

/* However it moves: in each frame looked at, its box is covered. */
START_TEST(covers_every_look)
{
	for (int step = 0; step < 60; step += 3) {
		struct sight path[10];
		struct box_list out;

		for (int i = 0; i < 9; i++)
			path[i] = (struct sight){ 3 * i, 10 + i * step,
						  TIER_BOX };
		path[9].frame = -1;
		out = follow(path);
		for (int i = 0; i < 9; i++) {
			struct region r = region_from_box(path[i].x, 20, 40,
							  50);
			bool covered = false;

			for (size_t k = 0; k < out.count; k++)
				covered = covered ||
					(out.box[k].frame0 <= path[i].frame &&
					 out.box[k].frame1 >= path[i].frame &&
					 region_contains(out.box[k].region,
							 r));
			ck_assert_msg(covered, "step %d, look %d", step, i);
		}
		box_list_done(&out);
	}
}
END_TEST

/* ---- real faces ---- */

/* Files of the test data, each with a box that must be covered. */
static const struct {
	const char *name;
	int x, y, w, h;
} real[] = {
	{ "photo/face/mask_143.jpg", 109, 185, 87, 130 },
	{ "photo/face/mask_485.jpg", 139, 270, 83, 107 },
	{ "photo/face/mask_39.jpg", 239, 97, 108, 122 },
	{ "photo/face/sc_65380541.jpg", 478, 165, 108, 182 },
	{ "synth/face/rot90.jpg", 332, 177, 112, 96 },
	{ "synth/face/rot180.jpg", 72, 115, 125, 184 },
	{ "synth/face/drape_rot.jpg", 332, 177, 112, 96 },
	{ "synth/face/blur.jpg", 59, 40, 125, 184 },
};

/* NULL, and said, when there are none. */
static const char *models_folder(void)
{
	const char *folder = getenv("SUMI_MODELS");
	struct error err = { 0 };

	if (folder && face_models_read(folder, NULL, &err) ==
		      FACE_MODELS_SOUND)
		return folder;
	printf("skip: no face models in SUMI_MODELS (./quickstart faces)\n");
	return NULL;
}

static const char *data_folder(void)
{
	const char *given = getenv("SUMI_DATA"), *top = getenv("top_srcdir");
	static char folder[2048];

	snprintf(folder, sizeof(folder), "%s%s", given ? given :
		 top ? top : ".", given ? "" : "/../shared/data");
	if (access(folder, R_OK) == 0)
		return folder;
	printf("skip: no test data in SUMI_DATA\n");
	return NULL;
}

static long long covered_area(const struct box_list *list, struct region r)
{
	long long most = 0;

	for (size_t i = 0; i < list->count; i++) {
		long long here = region_area(region_intersect(
			list->box[i].region, r));

		if (list->box[i].tier == TIER_BOX && here > most)
			most = here;
	}
	return most;
}

START_TEST(real_faces_are_covered)
{
	struct detect_options options = { .faces = FACES_AUTO };
	const char *models = models_folder(), *data = data_folder();
	struct region r = region_from_box(real[_i].x, real[_i].y, real[_i].w,
					  real[_i].h);
	struct proposals p = { 0 };
	struct error err = { 0 };
	struct image *image;
	int fd;

	if (!models || !data)
		return;
	snprintf(options.face_models, sizeof(options.face_models), "%s",
		 models);
	ck_assert_msg(face_load(&options, &err), "%s", err.text);
	ck_assert_str_ne(face_version(), "none");
	image = open_picture(data, real[_i].name, &fd);
	ck_assert(face_run(image, &options, NULL, &p, &err));
	ck_assert_int_eq(p.faces, CHECK_DONE);
	ck_assert_uint_gt(p.boxes.count, 0);
	ck_assert_int_eq(p.boxes.box[0].kind, KIND_FACE);
	ck_assert_int_eq(p.boxes.box[0].source, SOURCE_FACE);
	ck_assert(strncmp(p.boxes.box[0].why, "face:", 5) == 0);
	ck_assert(5 * covered_area(&p.boxes, r) >= 4 * region_area(r));
	proposals_done(&p);
	image_close(image);
	close(fd);
}
END_TEST

/* ---- a real face in frames ---- */

enum { WIDE = 480, HIGH = 360, FRAMES = 24, GONE = 9, BACK = 11 };

static struct plane *render(const char *folder, const char *name)
{
	struct error err = { 0 };
	int fd;
	struct image *image = open_picture(folder, name, &fd);
	struct frame *frame = image_frame(image, 0, &err);
	struct plane *plane = frame ? voi_render(image, frame, VOI_FILE,
						 &err) : NULL;

	ck_assert_ptr_nonnull(plane);
	frame_free(frame);
	image_close(image);
	close(fd);
	return plane;
}

/* A mirrored view gives the face where it stands in the picture. */
START_TEST(mirrored_views_map_back)
{
	const struct face_box known = { 229, 20, 295, 127 };
	const char *models = models_folder(), *data = data_folder();
	struct face_files files = { { NULL }, { 0 } };
	struct face_hits hits = { 0 };
	struct error err = { 0 };
	struct face_nets *nets;
	struct face_picture *picture;
	struct plane *p;
	double most = 0;

	if (!models || !data)
		return;
	ck_assert_int_eq(face_models_read(models, &files, &err),
			 FACE_MODELS_SOUND);
	nets = face_nets_new((const void *const *)files.data, files.size,
			     &err);
	ck_assert_ptr_nonnull(nets);
	p = render(data, "photo/face/mask_465.jpg");
	picture = face_picture_new(p->pixel, p->columns, p->rows, p->channels,
				   2000000, &err);
	ck_assert_ptr_nonnull(picture);
	ck_assert(face_nets_run(nets, (enum face_net)_i, picture,
				&(const struct face_view){
					0, 0, p->columns, p->rows, 0, true },
				.5, &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		const struct face_hit *h = &hits.hit[i];
		struct face_box b = { h->x0 * p->columns, h->y0 * p->rows,
				      h->x1 * p->columns, h->y1 * p->rows };

		most = fmax(most, face_overlap(&b, &known));
		ck_assert(!h->has_eyes || (h->eye[0].x > h->x0 &&
					   h->eye[0].x < h->x1));
	}
	ck_assert_double_gt(most, .4);
	face_hits_done(&hits);
	face_picture_free(picture);
	plane_free(p);
	face_nets_free(nets);
	face_files_done(&files);
}
END_TEST

/* The picture's upper left corner in a frame; -1: it is not there. */
static int place_of(int frame)
{
	return frame >= GONE && frame < BACK ? -1 : 4 * frame;
}

/* A picture that walks through the frames of a colour DICOM file. */
static int make_walk(const struct plane *p)
{
	struct dicom_maker m = { 0 };
	size_t size = (size_t)WIDE * HIGH * 3;
	uint8_t *pixel = mem_array(FRAMES, size);
	int fd;

	ck_assert_ptr_nonnull(pixel);
	memset(pixel, 90, FRAMES * size);
	for (int f = 0; f < FRAMES; f++)
		for (int y = 0; y < p->rows && y < HIGH && place_of(f) >= 0;
		     y++)
			memcpy(pixel + (size_t)f * size +
			       3 * ((size_t)y * WIDE + (size_t)place_of(f)),
			       p->pixel + (size_t)y * (size_t)p->columns * 3,
			       (size_t)p->columns * 3);
	make_begin(&m, "1.2.840.10008.1.2.1");
	make_text(&m, 0x00080060, "CS", "ES");
	make_us(&m, 0x00280002, 3);
	make_text(&m, 0x00280004, "CS", "RGB");
	make_us(&m, 0x00280006, 0);
	make_text(&m, 0x00280008, "IS", "24");
	make_us(&m, 0x00280010, HIGH);
	make_us(&m, 0x00280011, WIDE);
	make_us(&m, 0x00280100, 8);
	make_us(&m, 0x00280101, 8);
	make_us(&m, 0x00280102, 7);
	make_us(&m, 0x00280103, 0);
	make_bytes(&m, 0x7fe00010, "OB", pixel, FRAMES * size);
	free(pixel);
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* The face is covered in every frame, also where it was away for two. */
START_TEST(real_face_walks)
{
	struct detect_options options = { .faces = FACES_AUTO };
	const char *models = models_folder(), *data = data_folder();
	struct proposals p = { 0 };
	struct error err = { 0 };
	struct plane *plane;
	struct image *image;
	int fd;

	if (!models || !data)
		return;
	snprintf(options.face_models, sizeof(options.face_models), "%s",
		 models);
	ck_assert_msg(face_load(&options, &err), "%s", err.text);
	plane = render(data, "photo/face/mask_322.jpg");
	ck_assert(plane->channels == 3 &&
		  plane->columns + 4 * FRAMES <= WIDE);
	fd = make_walk(plane);
	image = image_open(fd, &err);
	ck_assert_msg(image, "%s", err.text);
	ck_assert(face_run(image, &options, NULL, &p, &err));
	ck_assert_int_eq(p.faces, CHECK_DONE);
	for (int f = 0; f < FRAMES; f++) {
		int x = place_of(f);
		/* where it stands; while it is away, where it stood */
		struct region r = region_from_box(
			59 + (x < 0 ? 4 * GONE : x), 76, 127, 165);
		long long most = 0;

		for (size_t i = 0; i < p.boxes.count; i++) {
			const struct box *b = &p.boxes.box[i];
			long long area = region_area(region_intersect(
				b->region, r));

			if (b->frame0 <= f && b->frame1 >= f &&
			    b->tier == TIER_BOX && area > most)
				most = area;
		}
		ck_assert_msg(5 * most >= 4 * region_area(r), "frame %d", f);
	}
	proposals_done(&p);
	image_close(image);
	close(fd);
	plane_free(plane);
}
END_TEST

/* A file of the right size that was changed by one bit, and a cut one. */
START_TEST(changed_models_are_refused)
{
	const char *models = models_folder();
	struct face_files files = { { NULL }, { 0 } };
	struct error err = { 0 };
	uint8_t *bytes;

	if (!models)
		return;
	ck_assert_int_eq(face_models_read(models, &files, &err),
			 FACE_MODELS_SOUND);
	for (int i = 0; i < FACE_NETS; i++)
		scratch_write(dir, face_models[i].file, files.data[i],
			      files.size[i]);
	ck_assert_int_eq(face_models_read(dir, NULL, &err),
			 FACE_MODELS_SOUND);
	bytes = files.data[FACE_BLAZE];
	bytes[files.size[FACE_BLAZE] / 2] ^= 1;
	scratch_write(dir, face_models[FACE_BLAZE].file, bytes,
		      files.size[FACE_BLAZE]);
	ck_assert_int_eq(face_models_read(dir, NULL, &err),
			 FACE_MODELS_WRONG);
	ck_assert(strstr(err.text, face_models[FACE_BLAZE].file));
	/* and what the hash would let through: no other network either */
	files.size[FACE_BLAZE] /= 2;
	ck_assert_ptr_null(face_nets_new((const void *const *)files.data,
					 files.size, &err));
	files.size[FACE_BLAZE] = files.size[FACE_RFB];
	memcpy(&files.data[FACE_BLAZE], &files.data[FACE_RFB], sizeof(void *));
	ck_assert_ptr_null(face_nets_new((const void *const *)files.data,
					 files.size, &err));
	files.data[FACE_BLAZE] = bytes;
	face_files_done(&files);
}
END_TEST

static void add_geometry(TCase *c)
{
	tcase_add_loop_test(c, unturns, 0, 4);
	add_rows_test(c, views_of_passes, views);
	tcase_add_test(c, profiles_look_at_all);
	add_rows_test(c, merges_answers, merges);
	tcase_add_loop_test(c, a_turned_picture_is_trusted, 0,
			    (int)(sizeof(turned_pictures) /
				  sizeof(turned_pictures[0])));
	tcase_add_loop_test(c, groups_are_trusted, 0,
			    (int)(sizeof(groups) / sizeof(groups[0])));
	tcase_add_loop_test(c, answers_map_back, 0, 4);
	add_rows_test(c, whole_faces, wholes);
	add_rows_test(c, bands_of_eyes, bands);
	add_rows_test(c, tilted_heads, tilts);
	add_rows_test(c, held_hulls, hulls);
	tcase_add_test(c, no_band_when_up_is_unsure);
	add_rows_test(c, follows_faces, tracks);
	tcase_add_test(c, covers_every_look);
}

int main(void)
{
	Suite *suite = suite_create("face");
	TCase *files = tcase_create("files");
	TCase *geometry = tcase_create("geometry");

	if (!hash_warm_up(NULL) || !image_warm_up(NULL))
		return EXIT_FAILURE;
	tcase_add_checked_fixture(files, make_dir, drop_dir);
	add_rows_test(files, files_are_compared, folders);
	add_rows_test(files, folder_is_found, places);
	tcase_add_test(files, no_network_in_a_file);
	tcase_add_test(files, load_says_what_is_wrong);
	add_rows_test(files, gate_opens, gate);
	add_rows_test(files, echoes_need_more, echoes);
	add_rows_test(files, bodies_are_no_proposals, bodies);
	add_rows_test(files, small_answers, sizes);
	add_rows_test(files, state_without_models, states);
	add_rows_test(files, real_faces_are_covered, real);
	tcase_add_test(files, changed_models_are_refused);
	tcase_add_loop_test(files, mirrored_views_map_back, 0, FACE_NETS);
	tcase_add_test(files, real_face_walks);
	suite_add_tcase(suite, files);
	add_geometry(geometry);
	suite_add_tcase(suite, geometry);
	return support_run(suite);
}
