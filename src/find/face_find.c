/* face_find.c - joins networks, boxes and frames into one detector. */
#include "config.h"

#include "find/face_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "find/face_models.h"
#include "find/face_track.h"
#include "image/voi.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	MOST_PIXELS = 2000000,  /* larger pictures are shrunk once */
	STEP = 5,               /* every so many frames one is looked at */
	CELLS = 16,             /* of a side; what changed between frames */
	CHANGE = 16,            /* levels of a cell's mean */
};

/*
 * What load() made and run() uses: the detector table hands nothing from one
 * to the other, and a worker inherits it from the process it is forked from.
 */
static struct face_nets *nets;

/* What is wrong with the models is said before anything starts. */
static bool check_models(const struct detect_options *options,
			 struct error *err)
{
	bool named = options->face_models[0];
	char folder[FACE_FOLDER];
	enum face_models_state state;

	if (options->faces == FACES_OFF && !named)
		return true;
	if (!face_models_folder(options->face_models, folder))
		return error_set(err, ERR_USAGE,
				 _("--face-models: the name is too long"));
	state = face_models_read(folder, NULL, err);
	if (state == FACE_MODELS_MISSING && !named)
		*err = (struct error){ 0 };
	else if (state != FACE_MODELS_SOUND && named)
		error_prefix(err, "--face-models");
	return err->code == ERR_NONE;
}

bool face_options(const char *when, const char *folder,
		  struct detect_options *options, struct error *err)
{
	int i = 0;

	while (when && i < FACE_LOOKINGS && strcmp(when, face_looking_name[i]))
		i++;
	if (i == FACE_LOOKINGS)
		return error_set(err, ERR_USAGE,
				 _("--faces: auto, all or off is needed"));
	if (when)
		options->faces = (enum face_looking)i;
	if (folder && (strlen(folder) >= sizeof(options->face_models) ||
		       !*folder))
		return error_set(err, ERR_USAGE,
				 _("--face-models: name a folder"));
	if (folder)
		memcpy(options->face_models, folder, strlen(folder) + 1);
	return check_models(options, err);
}

bool face_load(const struct detect_options *options, struct error *err)
{
	struct face_files files = { { NULL }, { 0 } };
	char folder[FACE_FOLDER];
	enum face_models_state state;

	face_start();
	face_nets_free(nets);
	nets = NULL;
	if (options->faces == FACES_OFF)
		return true;
	if (!face_models_folder(options->face_models, folder))
		return error_set(err, ERR_INTERNAL,
				 _("--face-models: the name is too long"));
	state = face_models_read(folder, &files, err);
	if (state == FACE_MODELS_MISSING && !options->face_models[0]) {
		*err = (struct error){ 0 };
		return true;
	}
	if (state == FACE_MODELS_SOUND)
		nets = face_nets_new((const void *const *)files.data,
				     files.size, err);
	face_files_done(&files);
	return nets;
}

const char *face_version(void)
{
	/* counts up when what is proposed changes */
	return nets ? "6 6c0256cc 427cbbe0" : "none";
}

/* ---- the gate ---- */

/* Modalities of photographs and video (DICOM PS3.3 C.7.3.1.1.1). */
static const char *const photo_modality[] = {
	"XC", "ES", "GM", "OP", "OT", "SC", "SM", "DMS", "VL", "",
};
/* Secondary Capture and VL image storage, and the classes below (PS3.4 B.5).
 */
static const char *const photo_class[] = {
	"1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.77.1",
};

static bool is_below(const char *uid, const char *root)
{
	size_t length = strlen(root);

	return !strncmp(uid, root, length) &&
	       (uid[length] == '\0' || uid[length] == '.');
}

static bool is_photo_modality(const struct image_info *info)
{
	for (size_t i = 0; i < COUNT(photo_modality); i++)
		if (!strcmp(info->modality, photo_modality[i]))
			return true;
	return false;
}

bool face_wanted(const struct image_info *info,
		 const struct detect_options *options)
{
	if (info->format != IMAGE_DICOM || info->colour ||
	    options->faces == FACES_ALL || is_photo_modality(info))
		return true;
	for (size_t i = 0; i < COUNT(photo_class); i++)
		if (is_below(info->sop_class, photo_class[i]))
			return true;
	return false;
}

double face_least_score(const struct image_info *info)
{
	/* Ultrasound and Ultrasound Multi-frame Image Storage */
	static const char *const echoes[] = {
		"1.2.840.10008.5.1.4.1.1.6", "1.2.840.10008.5.1.4.1.1.3",
	};

	for (size_t i = 0; i < COUNT(echoes); i++)
		if (info->format == IMAGE_DICOM &&
		    is_below(info->sop_class, echoes[i]))
			return .8;
	return 0;
}

bool face_is_body(const struct image_info *info, const struct face *f)
{
	const double most = .8;         /* of the picture */
	const double surely = .95;      /* score */
	struct region r = region_clip(face_whole(f), info->columns,
				      info->rows);

	return info->format == IMAGE_DICOM && !is_photo_modality(info) &&
	       f->pass->sight == SIGHT_WIDE && f->score < surely &&
	       (double)region_area(r) >
		       most * (double)info->columns * (double)info->rows;
}

/* ---- one frame ---- */

struct job {
	struct image *image;
	const struct image_info *info;
	const struct detect_options *options;
	const struct detect_progress *progress;
	const struct face_pass *pass;
	int passes;
	int frame;
	struct face_tracks *tracks;
	int cell[CELLS * CELLS];        /* of the frame looked at last */
};

/* So that no slow pass looks like a hang. */
static void tell(const struct job *j, int passes_done)
{
	long long frames = j->info->frames;

	if (j->progress)
		j->progress->tell(j->progress->self,
				  (int)(1000 * (j->frame * (long long)j->passes
						+ passes_done) /
					(frames * j->passes)));
}

static bool run_pass(struct job *j, const struct face_pass *pass,
		     const struct face_picture *picture,
		     struct face_list *faces, struct error *err)
{
	int columns = face_picture_columns(picture);
	int rows = face_picture_rows(picture);
	struct face_view view = face_view_of(pass, columns, rows);
	struct face_hits hits = { 0 };
	bool ok = face_nets_run(nets, pass->net, picture, &view,
				pass->shown_from, &hits, err);

	if (ok && !faces_add(faces, &hits, pass, &view,
			     (double)j->info->columns / columns,
			     (double)j->info->rows / rows))
		ok = error_set(err, ERR_MEMORY, _("no memory for boxes"));
	face_hits_done(&hits);
	return ok;
}

static bool find_faces(struct job *j, const struct plane *plane,
		       struct face_list *faces, struct error *err)
{
	struct face_picture *picture =
		face_picture_new(plane->pixel, plane->columns, plane->rows,
				 plane->channels, MOST_PIXELS, err);
	bool ok = picture;

	for (int i = 0; ok && i < j->passes; i++) {
		ok = run_pass(j, &j->pass[i], picture, faces, err);
		tell(j, i + 1);
	}
	face_picture_free(picture);
	faces_merge(faces);
	return ok;
}

static void write_why(const struct face_pass *pass, char why[BOX_WHY])
{
	static const char *const net[] = { "rfb", "blaze" };
	static const char *const sight[] = { "whole", "tile", "wide",
					     "turned" };

	snprintf(why, BOX_WHY, "face:%s-%s", net[pass->net],
		 sight[pass->sight]);
}

static bool is_proposal(const struct job *j, const struct face *f)
{
	return f->sure && f->score >= face_least_score(j->info) &&
	       !face_is_body(j->info, f);
}

static struct box box_of(const struct job *j, const struct face *f)
{
	struct box b = {
		.kind = KIND_FACE, .class_ = CLASS_FACE,
		.source = SOURCE_FACE, .confidence = -1,
		.tier = is_proposal(j, f) ? TIER_BOX : TIER_CANDIDATE,
		.score = f->score >= 1 ? 1000 : (int)(1000 * f->score),
	};

	if (j->options->face_eyes && face_eyes(f, &b.region))
		b.class_ = CLASS_EYES;
	else
		b.region = face_whole(f);
	b.region = region_clip(b.region, j->info->columns, j->info->rows);
	write_why(f->pass, b.why);
	return b;
}

static bool look(struct job *j, const struct plane *plane, struct error *err)
{
	struct face_list faces = { 0 };
	struct box_list found = { 0 };
	bool ok = find_faces(j, plane, &faces, err);
	bool kept = true;

	for (size_t i = 0; ok && kept && i < faces.count; i++) {
		struct box b = box_of(j, &faces.face[i]);

		if (!region_empty(b.region))
			kept = box_list_add(&found, &b);
	}
	kept = kept && (!ok || face_tracks_look(j->tracks, j->frame, &found));
	box_list_done(&found);
	faces_done(&faces);
	return ok && (kept || error_set(err, ERR_MEMORY,
					_("no memory for boxes")));
}

/* ---- which frames ---- */

/* Mean of the green (or grey) of each cell. */
static void average(const struct plane *p, int cell[CELLS * CELLS])
{
	long long sum[CELLS * CELLS] = { 0 }, count[CELLS * CELLS] = { 0 };
	int green = p->channels > 1;
	const uint8_t *at = p->pixel;

	for (int y = 0; y < p->rows; y++) {
		int row = (int)((long long)y * CELLS / p->rows) * CELLS;

		for (int x = 0; x < p->columns; x++, at += p->channels) {
			int c = row + (int)((long long)x * CELLS / p->columns);

			sum[c] += at[green];
			count[c]++;
		}
	}
	for (int i = 0; i < CELLS * CELLS; i++)
		cell[i] = count[i] ? (int)(sum[i] / count[i]) : 0;
}

/* Is this frame to be looked at? */
static bool is_new(struct job *j, const struct plane *plane)
{
	int cell[CELLS * CELLS];
	bool changed = j->frame % STEP == 0 ||
		       j->frame == j->info->frames - 1;

	if (j->info->frames == 1)
		return true;
	average(plane, cell);
	for (int i = 0; i < CELLS * CELLS; i++)
		changed = changed || abs(cell[i] - j->cell[i]) > CHANGE;
	if (changed)
		memcpy(j->cell, cell, sizeof(cell));
	return changed;
}

static bool run_frame(struct job *j, struct error *err)
{
	struct frame *frame = image_frame(j->image, j->frame, err);
	struct plane *plane = frame ? voi_render(j->image, frame, VOI_FILE,
						 err) : NULL;
	bool ok = plane && (!is_new(j, plane) || look(j, plane, err));

	plane_free(plane);
	frame_free(frame);
	tell(j, j->passes);
	return ok;
}

static bool run_frames(struct job *j, struct box_list *boxes,
		       struct error *err)
{
	bool ok = true;

	j->tracks = face_tracks_new();
	for (; ok && j->tracks && j->frame < j->info->frames; j->frame++)
		ok = run_frame(j, err);
	if (ok && (!j->tracks ||
		   !face_tracks_end(j->tracks, j->info->frames, boxes)))
		ok = error_set(err, ERR_MEMORY, _("no memory for boxes"));
	face_tracks_free(j->tracks);
	return ok;
}

bool face_run(struct image *image, const struct detect_options *options,
	      const struct detect_progress *progress, struct proposals *p,
	      struct error *err)
{
	struct job j = { .image = image, .info = image_info(image),
			 .options = options, .progress = progress };
	/* a band of eyes needs the turned passes to know which way is up */
	bool quick = j.info->frames > 1 && !options->face_eyes;
	bool ok;

	if (!face_wanted(j.info, options)) {
		p->faces = CHECK_GATED;
		return true;
	}
	if (options->faces == FACES_OFF || !nets) {
		p->faces = options->faces == FACES_OFF ? CHECK_OFF :
							 CHECK_NO_MODEL;
		return true;
	}
	j.pass = face_passes(quick ? FACE_STANDARD : FACE_THOROUGH,
			     &j.passes);
	ok = run_frames(&j, &p->boxes, err);
	p->faces = ok ? CHECK_DONE : CHECK_FAILED;
	return ok;
}
