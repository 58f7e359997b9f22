/* still_workers.c - workers that do nothing by themselves. */
#include "config.h"

#include "tests/still_workers.h"

bool still_workers_dead;
static unsigned long jobs;

static unsigned long start(struct error *err)
{
	if (still_workers_dead)
		error_set(err, ERR_INTERNAL, "there are no workers");
	return still_workers_dead ? 0 : ++jobs;
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
	return start(err);
}

unsigned long workers_serve(struct workers *w, int fd, struct error *err)
{
	(void)w, (void)fd;
	return start(err);
}

unsigned long workers_write(struct workers *w, int in_fd, int out_fd,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err)
{
	(void)w, (void)in_fd, (void)out_fd, (void)job, (void)boxes;
	return start(err);
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
	return !still_workers_dead ||
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
