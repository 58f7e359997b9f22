/* face_models.c - finds, reads and compares the files of the networks. */
#include "config.h"

#include "find/face_models.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"

const struct face_model face_models[FACE_NETS] = {
	[FACE_RFB] = { "rfb320.onnx",
		"6c0256ccd3164f844736a401faf936ec"
		"2930764a87ae39442180887d0c5c8854", "MIT" },
	[FACE_BLAZE] = { "blazeface-back.onnx",
		"427cbbe0fc41448d09e1dc9cfabe2423"
		"d997cf2faaeab91fadd09a510b63b8e2", "Apache-2.0" },
};

enum { MODEL_MAX = 16 << 20 };          /* bytes; they have about a million */

static bool is_folder(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The program of a build tree finds models/ of the source tree. */
static bool folder_beside(char folder[FACE_FOLDER])
{
	char program[FACE_FOLDER];
	ssize_t length = readlink("/proc/self/exe", program,
				  sizeof(program) - 1);
	char *slash;
	int n;

	if (length < 0)
		return false;
	program[length] = '\0';
	slash = strrchr(program, '/');
	if (!slash)
		return false;
	*slash = '\0';
	n = snprintf(folder, FACE_FOLDER, "%s/../models", program);
	return n > 0 && n < FACE_FOLDER && is_folder(folder);
}

bool face_models_folder(const char *given, char folder[FACE_FOLDER])
{
	const char *named = *given ? given : getenv("SUMINURI_FACE_MODELS");
	int n;

	if (!named || !*named) {
		if (folder_beside(folder))
			return true;
		named = MODELSDIR;
	}
	n = snprintf(folder, FACE_FOLDER, "%s", named);
	return n >= 0 && n < FACE_FOLDER;
}

static bool read_whole(int fd, uint8_t *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = read(fd, to + done, size - done);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool is_sound(const struct face_model *model, const void *data,
		     size_t size)
{
	uint8_t digest[HASH_SIZE];
	char hex[HASH_HEX];

	if (!hash_bytes(data, size, digest))
		return false;
	hash_hex(digest, sizeof(digest), hex);
	return !strcmp(hex, model->sha256);
}

/* The caller frees *data. */
static enum face_models_state read_model(const char *folder,
					 const struct face_model *model,
					 void **data, size_t *size)
{
	char path[FACE_FOLDER + 64];
	struct stat st;
	int fd;
	bool whole;

	snprintf(path, sizeof(path), "%s/%s", folder, model->file);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return FACE_MODELS_MISSING;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 1 ||
	    st.st_size > MODEL_MAX) {
		close(fd);
		return FACE_MODELS_WRONG;
	}
	*size = (size_t)st.st_size;
	*data = malloc(*size);
	whole = *data && read_whole(fd, *data, *size);
	close(fd);
	return whole && is_sound(model, *data, *size) ? FACE_MODELS_SOUND :
							FACE_MODELS_WRONG;
}

void face_files_done(struct face_files *files)
{
	for (int i = 0; i < FACE_NETS; i++)
		free(files->data[i]);
	*files = (struct face_files){ { NULL }, { 0 } };
}

enum face_models_state face_models_read(const char *folder,
					struct face_files *files,
					struct error *err)
{
	struct face_files read = { { NULL }, { 0 } };
	enum face_models_state state = FACE_MODELS_SOUND;
	int i = 0;

	for (; i < FACE_NETS && state == FACE_MODELS_SOUND; i++)
		state = read_model(folder, &face_models[i], &read.data[i],
				   &read.size[i]);
	if (state == FACE_MODELS_MISSING)
		error_set(err, ERR_USAGE,
			  _("no %s in %s: ./quickstart faces fetches it"),
			  face_models[i - 1].file, folder);
	else if (state == FACE_MODELS_WRONG)
		error_set(err, ERR_REFUSED,
			  _("%s/%s is not the face model that was tested: "
			    "delete it and fetch it again (./quickstart "
			    "faces)"), folder, face_models[i - 1].file);
	if (state == FACE_MODELS_SOUND && files)
		*files = read;
	else
		face_files_done(&read);
	return state;
}
