/* still_desk.c - a desk whose workers do nothing by themselves. */
#include "config.h"

#include "tests/still_desk.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

/* ---- workers ---- */

bool still_dead;
static unsigned long jobs;

static unsigned long begin(struct error *err)
{
	if (still_dead)
		error_set(err, ERR_INTERNAL, "there are no workers");
	return still_dead ? 0 : ++jobs;
}

const char *workers_by(const struct workers *w)
{
	(void)w;
	return "test";
}

unsigned long workers_detect(struct workers *w, int fd,
			     const uint8_t *patient_key, const uint8_t *known,
			     struct error *err)
{
	(void)w, (void)fd, (void)patient_key, (void)known;
	return begin(err);
}

unsigned long workers_serve(struct workers *w, int fd, struct error *err)
{
	(void)w, (void)fd;
	return begin(err);
}

unsigned long workers_write(struct workers *w, int in_fd, int out_fd,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err)
{
	(void)w, (void)in_fd, (void)out_fd, (void)job, (void)boxes;
	return begin(err);
}

unsigned long workers_verify(struct workers *w, int in_fd, int out_fd,
			     const struct mask_job *job,
			     const struct box_list *boxes, struct error *err)
{
	return workers_write(w, in_fd, out_fd, job, boxes, err);
}

unsigned long workers_check(struct workers *w, int in_fd, int out_fd,
			    const uint8_t *in_sha256,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err)
{
	(void)in_sha256;
	return workers_write(w, in_fd, out_fd, job, boxes, err);
}

bool workers_ask_frame(struct workers *w, unsigned long job, int frame_index,
		       struct error *err)
{
	(void)w, (void)job, (void)frame_index;
	return !still_dead ||
	       error_set(err, ERR_INTERNAL, "there are no workers");
}

void workers_cancel(struct workers *w, unsigned long job)
{
	(void)w, (void)job;
}

void worker_event_done(struct worker_event *event)
{
	proposals_done(&event->proposals);
	frame_free(event->frame);
	event->frame = NULL;
}

/* ---- the desk ---- */

static void list_file(struct still *s, int n, size_t bytes)
{
	static const char zeros[64];
	char path[2 * SCRATCH_PATH], name[16];
	struct error err = { 0 };

	snprintf(name, sizeof(name), "%d.dcm", n);
	scratch_write(s->folder, name, zeros, bytes);
	scratch_join(path, s->folder, name);
	ck_assert_msg(project_list(s->project, path, -1, name, NULL,
				   &(long long){ 0 }, NULL, &err), "%s",
		      err.text);
}

static void open_before(struct still *s, int n)
{
	struct error err = { 0 };
	struct worklist_item item;

	ck_assert(worklist_get(s->project->worklist, n, &item, &err));
	item.has_sha256 = true;
	memset(item.in_sha256, n, sizeof(item.in_sha256));
	ck_assert_msg(project_opened(s->project, &item, &err), "%s", err.text);
	worklist_item_done(&item);
}

void still_start(struct still *s, int items, int every, size_t bytes)
{
	struct event screen = { .type = EVENT_SCREEN };
	struct error err = { 0 };

	*s = (struct still){ .ms = 0 };
	still_dead = false;
	scratch_new(s->folder);
	s->project = scratch_project(s->folder);
	ck_assert(project_list_begin(s->project, &err));
	for (int n = 1; n <= items; n++)
		list_file(s, n, bytes);
	ck_assert(project_list_end(s->project, &err));
	for (int n = 1; n <= items; n += every)
		open_before(s, n);
	ck_assert(desk_init(&s->desk, s->project, NULL, NULL, &err));
	screen.screen = (struct screen){
		.columns = 80, .rows = 24, .mode = PICTURE_SEXTANT,
		.strip_columns = 80, .strip_rows = 20,
		.hole_columns = 80, .hole_rows = 20 };
	desk_event(&s->desk, &screen);
}

void still_stop(struct still *s)
{
	struct error err = { 0 };

	desk_done(&s->desk);
	ck_assert(project_close(s->project, &err));
	scratch_done(s->folder);
}

void still_key(struct still *s, enum command command, int count)
{
	desk_event(&s->desk, &(struct event){
		.type = EVENT_COMMAND, .ms = s->ms += 200, .answered = true,
		.command = command, .count = count });
}

void still_character(struct still *s, int character)
{
	desk_event(&s->desk, &(struct event){
		.type = EVENT_CHARACTER, .ms = s->ms += 200, .answered = true,
		.character = character });
}

enum item_state still_state(const struct still *s, long long row)
{
	return worklist_state(s->project->worklist, row);
}

struct image_info still_info(int side, int frames)
{
	return (struct image_info){
		.format = IMAGE_DICOM, .columns = side, .rows = side,
		.frames = frames, .samples = 1, .type = SAMPLE_U8,
		.bits_allocated = 8, .bits_stored = 8, .high_bit = 7,
		.mcu_columns = 1, .mcu_rows = 1, .slope = 1,
		.photometric = PHOTOMETRIC_MONOCHROME2 };
}
