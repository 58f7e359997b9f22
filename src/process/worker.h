/*
 * worker.h - the zygote, its forked workers, pictures and results back
 * (DESIGN 4.1).  The supervisor's side never parses a file and trusts no
 * length, count or box that a worker sends.
 *
 * A worker costs one item at most: crash, bomb or hang become a refusal.
 */
#ifndef SUMI_WORKER_H
#define SUMI_WORKER_H

#include "find/detect.h"
#include "image/frame.h"
#include "image/image.h"
#include "mask/mask.h"
#include "mask/verify.h"

struct workers;

enum worker_event_type {
	WORKER_PROGRESS,        /* permille */
	WORKER_OPENED,          /* info: a detecting or serving worker read the
				   header */
	WORKER_DETECTED,        /* info, proposals, known, sha256, patient,
				   ms: all done */
	WORKER_FRAME,           /* frame_index, frame */
	WORKER_WROTE,           /* report */
	WORKER_VERIFIED,        /* verify */
	WORKER_REFUSED,         /* reason, uid, number; the job is over */
	WORKER_FAILED,          /* error: writing failed, zygote lost ... */
};

/* Owned by the caller: release with worker_event_done(). */
struct worker_event {
	enum worker_event_type type;
	unsigned long job;
	int permille;
	struct image_info info;
	struct proposals proposals;
	bool known;                     /* the hash that was given: detection
					   was left out */
	long long ms;                   /* that the worker ran */
	uint8_t sha256[32];             /* of the input; checking: the copy */
	uint8_t patient[32];            /* HMAC(key, issuer LF id), all zero
					   when no key was given */
	uint8_t series[32];             /* HMAC(key, "series" LF its UID); zero
					   when it has none or no key */
	uint8_t device[32];             /* layout_device(), zero: none */
	int frame_index;
	struct frame *frame;            /* servable form (voi.h) */
	struct mask_report report;
	struct verify_result verify;
	enum reason reason;
	char uid[ERROR_UID];
	long long number;
	struct error error;
};
void worker_event_done(struct worker_event *event);

/*
 * Start the zygote: this binary executed again with WORKER_VERB, before
 * curses, log, keys or worklist are opened.  Returns at once; models load in
 * the background (none when options->languages is "": such workers write,
 * verify and serve only).  NULL with *err.  workers_stop() ends all.
 */
#define WORKER_VERB "--zygote"
struct workers *workers_start(const struct detect_options *options,
			      struct error *err);
void workers_stop(struct workers *w);           /* NULL does nothing */

/*
 * How many jobs run at once (serving ones not counted; at start the number of
 * cores), and after how many ms without progress a worker is killed (at start
 * 10 000, DESIGN 4).  0 leaves a limit as it is.
 */
void workers_limit(struct workers *w, int jobs, int silence_ms);

/* What the rules of a project say of detection, into *options. */
struct policy;
void workers_follow(const struct policy *policy,
		    struct detect_options *options);

/* One descriptor to poll() for reading: call workers_next() then until it
 * returns false. */
int workers_fd(const struct workers *w);

/* The next event; false when there is none now.  Never blocks. */
bool workers_next(struct workers *w, struct worker_event *event);

/* No job can run any more: the zygote died twice or could not load. */
bool workers_given_up(const struct workers *w);

/* What detects (detect_by()); "" until the models are loaded. */
enum { WORKERS_BY = 64 };
const char *workers_by(const struct workers *w);

/* How many jobs run or wait. */
int workers_busy(const struct workers *w);

/*
 * Start a job on descriptors (duplicated; the caller may close his).  Jobs
 * beyond the number of cores wait in order.  Return a job number, 0 with *err.
 *
 * patient_key  32 bytes derived for the project, or NULL
 * known        the SHA-256 of a file whose proposals are at hand, or NULL: if
 *              it is this one, they are not made again
 * job          copied; for verifying, an uid_key of zeros says that ids and
 *              keys are not known (verify.h)
 * boxes        copied, without their texts
 * fd, in_fd    open for reading; out_fd for writing, when verifying for
 *              reading only
 */
unsigned long workers_detect(struct workers *w, int fd,
			     const uint8_t *patient_key, const uint8_t *known,
			     struct error *err);
unsigned long workers_serve(struct workers *w, int fd, struct error *err);
unsigned long workers_write(struct workers *w, int in_fd, int out_fd,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err);
unsigned long workers_verify(struct workers *w, int in_fd, int out_fd,
			     const struct mask_job *job,
			     const struct box_list *boxes, struct error *err);
/*
 * The residual pass (DESIGN 5.5): detect in the masked copy out_fd of in_fd
 * with its masks taken out of the detectors' view (ocr/smooth.h), judged by
 * the attributes of in_fd.  WORKER_DETECTED follows: info is that of in_fd,
 * the hash that of out_fd.
 *
 * in_sha256  of the input: another file there, also one that took its place
 *            while it was read, is refused as changed.  NULL when in_fd is
 *            the copy itself
 */
unsigned long workers_check(struct workers *w, int in_fd, int out_fd,
			    const uint8_t *in_sha256,
			    const struct mask_job *job,
			    const struct box_list *boxes, struct error *err);

/*
 * Ask a serving job for a frame, 0-based: WORKER_FRAME follows.  Frame -1 is
 * the largest, -2 the smallest value of each sample over all frames (DESIGN
 * 8.7), in display values: an 8-bit frame.  frame_of_plane() asks for an
 * overlay plane or the unused bits: 255 where set, else 0.
 */
bool workers_ask_frame(struct workers *w, unsigned long job, int frame_index,
		       struct error *err);

/* End a job; no further event of it comes. */
void workers_cancel(struct workers *w, unsigned long job);

/* What main does when it was started with the internal verb. */
int worker_zygote_main(int argc, char **argv);
#endif
