/* message.c - the tables of the structs that travel between processes. */
#include "config.h"

#include "process/message.h"

#include <limits.h>

const int job_fds[JOB_KINDS] = {
	[JOB_DETECT] = JOB_FD_OUTPUT,
	[JOB_SERVE] = JOB_FDS,
	[JOB_WRITE] = JOB_FD_REQUEST,
	[JOB_VERIFY] = JOB_FD_REQUEST,
	[JOB_CHECK] = JOB_FD_REQUEST,
};

/* ---- image_info ---- */

static const struct wire_field window_fields[] = {
	WIRE_R(struct image_window, centre),
	WIRE_R(struct image_window, width),
};
static const struct wire_table window_table = WIRE_TABLE(window_fields);

static const struct wire_field overlay_fields[] = {
	WIRE_N(struct image_overlay, group, 0, 0x60ff),
	WIRE_N(struct image_overlay, columns, 0, FRAME_MAX_SIDE),
	WIRE_N(struct image_overlay, rows, 0, FRAME_MAX_SIDE),
	WIRE_N(struct image_overlay, x, -FRAME_MAX_SIDE, FRAME_MAX_SIDE),
	WIRE_N(struct image_overlay, y, -FRAME_MAX_SIDE, FRAME_MAX_SIDE),
	WIRE_N(struct image_overlay, first_frame, INT_MIN, INT_MAX),
	WIRE_N(struct image_overlay, frames, 0, INT_MAX),
	WIRE_N(struct image_overlay, bit, -1, 63),
};
static const struct wire_table overlay_table = WIRE_TABLE(overlay_fields);

enum { MAX_FRAMES = 65535 };            /* DESIGN 4 */

static const struct wire_field info_fields[] = {
	WIRE_N(struct image_info, format, 0, IMAGE_FORMATS - 1),
	WIRE_N(struct image_info, columns, 1, FRAME_MAX_SIDE),
	WIRE_N(struct image_info, rows, 1, FRAME_MAX_SIDE),
	WIRE_N(struct image_info, frames, 1, MAX_FRAMES),
	WIRE_N(struct image_info, samples, 1, 4),
	WIRE_N(struct image_info, type, 0, SAMPLE_TYPES - 1),
	WIRE_N(struct image_info, photometric, 0, PHOTOMETRICS - 1),
	WIRE_N(struct image_info, bits_allocated, 0, 64),
	WIRE_N(struct image_info, bits_stored, 0, 64),
	WIRE_N(struct image_info, high_bit, 0, 63),
	WIRE_B(struct image_info, is_signed),
	WIRE_B(struct image_info, planar),
	WIRE_B(struct image_info, ybr_422),
	WIRE_B(struct image_info, encapsulated),
	WIRE_B(struct image_info, lossy),
	WIRE_B(struct image_info, subsampled),
	WIRE_B(struct image_info, colour),
	WIRE_B(struct image_info, mask_supported),
	WIRE_N(struct image_info, mcu_columns, 1, FRAME_MAX_SIDE),
	WIRE_N(struct image_info, mcu_rows, 1, FRAME_MAX_SIDE),
	WIRE_M(struct image_info, syntax, WIRE_UID),
	WIRE_M(struct image_info, sop_class, WIRE_UID),
	WIRE_M(struct image_info, modality, WIRE_WORD),
	WIRE_R(struct image_info, slope),
	WIRE_R(struct image_info, intercept),
	WIRE_N(struct image_info, windows, 0, IMAGE_WINDOWS),
	WIRE_S(struct image_info, window, &window_table),
	WIRE_N(struct image_info, voi_function, 0, 2),
	WIRE_B(struct image_info, has_voi_lut),
	WIRE_B(struct image_info, has_modality_lut),
	WIRE_B(struct image_info, inverse),
	WIRE_B(struct image_info, has_padding),
	WIRE_N(struct image_info, padding, LLONG_MIN, LLONG_MAX),
	WIRE_N(struct image_info, float_padding, LLONG_MIN, LLONG_MAX),
	WIRE_N(struct image_info, overlays, 0, IMAGE_OVERLAYS),
	WIRE_S(struct image_info, overlay, &overlay_table),
	WIRE_B(struct image_info, has_icon),
	WIRE_B(struct image_info, has_exif),
	WIRE_B(struct image_info, has_thumbnail),
	WIRE_B(struct image_info, has_trailer),
	WIRE_B(struct image_info, has_private),
	WIRE_N(struct image_info, exif_orientation, 1, 8),
	WIRE_B(struct image_info, burned_in_yes),
	WIRE_N(struct image_info, head, 0, HEAD_PARTS - 1),
	WIRE_B(struct image_info, interlaced),
	WIRE_B(struct image_info, has_alpha),
};
const struct wire_table info_table = WIRE_TABLE(info_fields);

/* ---- boxes ---- */

static const struct wire_field region_fields[] = {
	WIRE_N(struct region, x0, INT_MIN, INT_MAX),
	WIRE_N(struct region, y0, INT_MIN, INT_MAX),
	WIRE_N(struct region, x1, INT_MIN, INT_MAX),
	WIRE_N(struct region, y1, INT_MIN, INT_MAX),
};
static const struct wire_table region_table = WIRE_TABLE(region_fields);

/* Where it lies is checked against the picture by whoever gets it. */
static const struct wire_field box_fields[] = {
	WIRE_T(struct box, region, &region_table),
	WIRE_N(struct box, frame0, INT_MIN, INT_MAX),
	WIRE_N(struct box, frame1, INT_MIN, INT_MAX),
	WIRE_N(struct box, plane, 0, 0x60ff),
	WIRE_N(struct box, kind, 0, KINDS - 1),
	WIRE_N(struct box, class_, 0, CLASSES - 1),
	WIRE_N(struct box, source, 0, SOURCES - 1),
	WIRE_N(struct box, tier, 0, TIERS - 1),
	WIRE_N(struct box, score, 0, 1000),
	WIRE_N(struct box, confidence, -1, 100),
	WIRE_B(struct box, latin),
	WIRE_N(struct box, letter_height, 0, FRAME_MAX_SIDE),
	WIRE_B(struct box, differs),
	WIRE_M(struct box, why, WIRE_TEXT),
	WIRE_M(struct box, text, WIRE_TEXT),
};
const struct wire_table box_table = WIRE_TABLE(box_fields);

/* ---- writing and verifying ---- */

enum { MAX_DAYS = 365 * 300 };          /* of a shift of dates, either way */

static const struct wire_field mask_job_fields[] = {
	WIRE_N(struct mask_job, profile, 0, TAGS_MOST),
	WIRE_B(struct mask_job, reviewed),
	WIRE_B(struct mask_job, patient_id_empty),
	WIRE_B(struct mask_job, strict_residue),
	WIRE_N(struct mask_job, age_cap, 0, 999),
	WIRE_N(struct mask_job, date_offset, -MAX_DAYS, MAX_DAYS),
	WIRE_M(struct mask_job, pseudonym, WIRE_WORD),
	WIRE_M(struct mask_job, uid_key, WIRE_BYTES),
};
static const struct wire_table mask_job_table = WIRE_TABLE(mask_job_fields);

static const struct wire_field orders_fields[] = {
	WIRE_B(struct orders, has_key),
	WIRE_M(struct orders, patient_key, WIRE_BYTES),
	WIRE_B(struct orders, has_known),
	WIRE_M(struct orders, known, WIRE_BYTES),
	WIRE_T(struct orders, mask, &mask_job_table),
	WIRE_N(struct orders, boxes, 0, MESSAGE_MAX_BOXES),
};
const struct wire_table orders_table = WIRE_TABLE(orders_fields);

static const struct wire_field report_fields[] = {
	WIRE_N(struct mask_report, method, 0, MASK_METHODS - 1),
	WIRE_N(struct mask_report, outside, 0, MASK_OUTSIDES - 1),
	WIRE_B(struct mask_report, huffman_tables),
	WIRE_N(struct mask_report, fills, 0, MASK_FILLS),
	WIRE_NS(struct mask_report, fill, LLONG_MIN, LLONG_MAX),
	WIRE_N(struct mask_report, frames_touched, 0, MAX_FRAMES),
	WIRE_N(struct mask_report, dropped, 0, UINT_MAX),
	WIRE_N(struct mask_report, overlays, 0, UINT32_MAX),
	WIRE_N(struct mask_report, bytes, 0, LLONG_MAX),
	WIRE_M(struct mask_report, in_sha256, WIRE_BYTES),
	WIRE_M(struct mask_report, out_sha256, WIRE_BYTES),
	WIRE_M(struct mask_report, syntax_in, WIRE_UID),
	WIRE_M(struct mask_report, syntax_out, WIRE_UID),
	WIRE_M(struct mask_report, study, WIRE_BYTES),
	WIRE_M(struct mask_report, series, WIRE_BYTES),
	WIRE_M(struct mask_report, instance, WIRE_BYTES),
};
const struct wire_table report_table = WIRE_TABLE(report_fields);

static const struct wire_field verify_fields[] = {
	WIRE_N(struct verify_result, status, 0, VERIFY_UNCHECKED),
	WIRE_N(struct verify_result, class_, 0, VERIFY_CLASSES - 1),
	WIRE_N(struct verify_result, frame, -1, MAX_FRAMES - 1),
	WIRE_N(struct verify_result, x, -1, FRAME_MAX_SIDE - 1),
	WIRE_N(struct verify_result, y, -1, FRAME_MAX_SIDE - 1),
	WIRE_M(struct verify_result, in_sha256, WIRE_BYTES),
	WIRE_M(struct verify_result, out_sha256, WIRE_BYTES),
};
const struct wire_table verify_table = WIRE_TABLE(verify_fields);

/* ---- the rest ---- */

static const struct wire_field progress_fields[] = {
	WIRE_N(struct progress_message, permille, 0, 1000),
};
static const struct wire_table progress_table = WIRE_TABLE(progress_fields);

enum { MAX_INK_SIDE = (FRAME_MAX_SIDE + INK_CELL - 1) / INK_CELL };

static const struct wire_field result_fields[] = {
	WIRE_N(struct result, boxes, 0, MESSAGE_MAX_BOXES),
	WIRE_N(struct result, ink_columns, 0, MAX_INK_SIDE),
	WIRE_N(struct result, ink_rows, 0, MAX_INK_SIDE),
	WIRE_N(struct result, frames_read, 0, MAX_FRAMES),
	WIRE_N(struct result, text, 0, CHECK_STATES - 1),
	WIRE_N(struct result, faces, 0, CHECK_STATES - 1),
	WIRE_B(struct result, known),
	WIRE_M(struct result, sha256, WIRE_BYTES),
	WIRE_M(struct result, patient, WIRE_BYTES),
	WIRE_M(struct result, series, WIRE_BYTES),
	WIRE_M(struct result, device, WIRE_BYTES),
};
static const struct wire_table result_table = WIRE_TABLE(result_fields);

static const struct wire_field frame_fields[] = {
	WIRE_N(struct frame_answer, frame_index, FRAME_LEAST,
	       MAX_FRAMES - 1),
	WIRE_N(struct frame_answer, columns, 1, FRAME_MAX_SIDE),
	WIRE_N(struct frame_answer, rows, 1, FRAME_MAX_SIDE),
	WIRE_N(struct frame_answer, samples, 1, 4),
	WIRE_N(struct frame_answer, type, SAMPLE_U8, SAMPLE_S16),
};
static const struct wire_table frame_table = WIRE_TABLE(frame_fields);

static const struct wire_field refusal_fields[] = {
	WIRE_N(struct refusal, reason, REASON_NONE + 1, REASON_COUNT - 1),
	WIRE_N(struct refusal, number, LLONG_MIN, LLONG_MAX),
	WIRE_M(struct refusal, uid, WIRE_UID),
};
static const struct wire_table refusal_table = WIRE_TABLE(refusal_fields);

static const struct wire_field failure_fields[] = {
	WIRE_N(struct failure, code, ERR_NONE + 1, ERR_INTERNAL),
};
static const struct wire_table failure_table = WIRE_TABLE(failure_fields);

static const struct wire_table nothing_table = { NULL, 0 };

const struct wire_table *const message_table[MESSAGE_TYPES] = {
	[MESSAGE_PROGRESS] = &progress_table,
	[MESSAGE_OPENED] = &info_table,
	[MESSAGE_RESULT] = &result_table,
	[MESSAGE_BOX] = &box_table,
	[MESSAGE_INK] = &nothing_table,
	[MESSAGE_END] = &nothing_table,
	[MESSAGE_FRAME] = &frame_table,
	[MESSAGE_WROTE] = &report_table,
	[MESSAGE_VERIFIED] = &verify_table,
	[MESSAGE_REFUSED] = &refusal_table,
	[MESSAGE_FAILED] = &failure_table,
};

static const struct wire_field head_fields[] = {
	WIRE_N(struct message_head, magic, MESSAGE_MAGIC, MESSAGE_MAGIC),
	WIRE_N(struct message_head, type, 0, MESSAGE_TYPES - 1),
	WIRE_N(struct message_head, length, 0, MESSAGE_BODY),
	WIRE_N(struct message_head, job, 0, UINT32_MAX),
	WIRE_N(struct message_head, seq, 0, UINT32_MAX),
};
const struct wire_table head_table = WIRE_TABLE(head_fields);
