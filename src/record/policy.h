/*
 * policy.h - the rules of a project: private/policy.ini (DESIGN 5.4).
 */
#ifndef SUMI_POLICY_H
#define SUMI_POLICY_H

#include "base/mem.h"
#include "mask/mask.h"

enum head_surface { HEAD_KEEP, HEAD_FLAG, HEAD_REQUIRE };

struct policy {
	enum tag_profile tags;
	bool face_eyes;
	enum head_surface head_surface;
	bool patient_id_empty;
	bool strict_residue;            /* see struct mask_job */
	int age_cap;
	char languages[32];
	unsigned formats;               /* bit set of enum image_format */
	bool require_scan_always;
	char id[17];                    /* first 16 hex digits of SHA-256 over
					   all settings sorted, defaults too */
};

/* From the text of a policy.ini; "" gives the defaults.  False with ERR_USAGE
 * (unknown name, bad value, with the line) or ERR_MEMORY. */
bool policy_read(const char *text, struct policy *policy, struct error *err);

/*
 * Of the project in a directory, before it is opened: detection starts first.
 * A project that is not there, or whose policy.ini can't be read (opening it
 * will tell), has the defaults.  False as policy_read().
 */
bool policy_of_project(const char *directory, struct policy *policy,
		       struct error *err);

/* Append a policy.ini that states all defaults. */
void policy_print_defaults(struct buffer *out);
#endif
