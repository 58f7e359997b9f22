/*
 * message.h - what the supervisor, the zygote and its workers say to each
 * other: heads, types and the tables of the structs that travel (wire.h).
 *
 * Between supervisor and zygote (both never parse a file) plain structs go
 * over a SEQPACKET socket.  A worker gets its orders in a sealed memfd and
 * answers through a pipe: nothing it sends is trusted.
 */
#ifndef SUMI_MESSAGE_H
#define SUMI_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "process/wire.h"
#include "process/worker.h"

enum job_kind { JOB_DETECT, JOB_SERVE, JOB_WRITE, JOB_VERIFY, JOB_CHECK,
		JOB_KINDS };

/* ---- supervisor and zygote ---- */

/* The zygote finds its end of the socket here. */
enum { ZYGOTE_SOCKET = 3, ZYGOTE_WORKERS = 64 };

/* Exit status of a worker whose last message stands. */
enum { WORKER_DONE = 0, WORKER_LIMITS = 70, WORKER_PIPE = 71 };

/* Descriptors of a job, in this order. */
enum job_fd { JOB_FD_INPUT, JOB_FD_ORDERS, JOB_FD_RESULT, JOB_FD_OUTPUT,
	      JOB_FD_REQUEST, JOB_FDS };
/* How many of them a kind of job has: a served picture is its output. */
extern const int job_fds[JOB_KINDS];

enum zygote_message_type {
	ZYGOTE_JOB,             /* to it: start a worker */
	ZYGOTE_KILL,            /* to it: end the worker of a job */
	ZYGOTE_READY,           /* from it: models are loaded */
	ZYGOTE_UNFIT,           /* from it: it can't work; error is set */
	ZYGOTE_ENDED,           /* from it: how a worker died */
	ZYGOTE_NO_WORKER,       /* from it: fork failed */
};

struct zygote_message {
	enum zygote_message_type type;
	uint32_t job;
	enum job_kind kind;             /* JOB */
	uint64_t address_space, file_size;      /* JOB: limits in bytes */
	int code, status;               /* ENDED: si_code, si_status */
	struct error error;             /* UNFIT */
	char by[WORKERS_BY];            /* READY: detect_by() */
};

/* ---- orders of a worker ---- */

struct orders {
	bool has_key;                   /* DETECT: patient_key is given */
	uint8_t patient_key[32];
	bool has_known;                 /* DETECT: known is given: a file with
					   this hash needs no detection */
	uint8_t known[32];
	struct mask_job mask;
	long long boxes;                /* that many follow */
};
extern const struct wire_table orders_table, box_table;

/* ---- worker to supervisor ---- */

enum { MESSAGE_MAGIC = 0x524e4d53, MESSAGE_BODY = 64 * 1024 };

enum message_type {
	MESSAGE_PROGRESS,       /* permille */
	MESSAGE_OPENED,         /* image_info of the input: first of all */
	MESSAGE_RESULT,         /* result: boxes and ink follow */
	MESSAGE_BOX,
	MESSAGE_INK,            /* bytes of the ink map, in order */
	MESSAGE_END,            /* nothing: detection is complete */
	MESSAGE_FRAME,          /* frame_answer: it lies in the picture */
	MESSAGE_WROTE,          /* mask_report */
	MESSAGE_VERIFIED,       /* verify_result */
	MESSAGE_REFUSED,        /* refusal */
	MESSAGE_FAILED,         /* failure */
	MESSAGE_TYPES
};
/* How the body of a type is packed; no fields: by its length alone. */
extern const struct wire_table *const message_table[MESSAGE_TYPES];
/* Of OPENED, WROTE and VERIFIED. */
extern const struct wire_table info_table, report_table, verify_table;

struct message_head {
	uint32_t magic, type, length, job, seq;
};
extern const struct wire_table head_table;

struct progress_message { int permille; };
struct result {
	long long boxes;
	int ink_columns, ink_rows;
	int frames_read;
	enum check_state text, faces;
	bool known;                     /* the hash of the orders: no boxes */
	uint8_t sha256[32], patient[32], series[32], device[32];
};
/* frame_index -1 and -2: largest and smallest value over all frames */
enum { FRAME_LARGEST = -1, FRAME_SMALLEST = -2 };
struct frame_answer {
	int frame_index, columns, rows, samples;
	enum sample_type type;
};
struct refusal {
	enum reason reason;
	long long number;
	char uid[ERROR_UID];
};
struct failure { enum error_code code; };

/* Supervisor to a serving worker: plain, through a pipe. */
struct frame_request { int frame_index; };

/* More boxes of one file than this are refused as no-memory. */
#define MESSAGE_MAX_BOXES (1LL << 20)

#endif
