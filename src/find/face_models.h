/*
 * face_models.h - the files of the face networks: where they are, and that
 * they are those that were measured.  Any other content is refused: a network
 * that finds less is a leak that nobody sees.
 */
#ifndef SUMI_FACE_MODELS_H
#define SUMI_FACE_MODELS_H

#include "find/face.h"

struct face_model {
	const char *file;
	const char *sha256;             /* hex */
	const char *licence;            /* of the weights */
};
extern const struct face_model face_models[FACE_NETS];

enum { FACE_FOLDER = 4096 };            /* bytes of a folder's name */

enum face_models_state {
	FACE_MODELS_SOUND,
	FACE_MODELS_MISSING,    /* one of them is not there: *err says where;
				   ERR_USAGE */
	FACE_MODELS_WRONG,      /* *err says which; ERR_REFUSED */
};

/*
 * The folder: `given` alone unless it is "" ; else $SUMINURI_FACE_MODELS
 * alone when that is set; else ../models from the program when it is there
 * (a build folder in the source tree), else that of the installation.  False when the name is too long.
 */
bool face_models_folder(const char *given, char folder[FACE_FOLDER]);

/* The content of the files; free() each. */
struct face_files {
	void *data[FACE_NETS];
	size_t size[FACE_NETS];
};

/*
 * Read and compare.  files (may be NULL) is filled when they are sound.
 * *err is ERR_INTERNAL otherwise.
 */
enum face_models_state face_models_read(const char *folder,
					struct face_files *files,
					struct error *err);
void face_files_done(struct face_files *files);

#endif
